"""The prompt cache of the Messages API's stand-in, call by call."""

from typing import Any

import pytest
from messages_stub_samples import INTERVIEW, client_of, closed, request, text

from scoring.language_model import Usage
from tests.messages_stub import Fault, MessagesStub, plain, scripted
from tests.messages_stub.accounting import PromptCache, count, count_input

MINIMUM = 100


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Nothing has passed yet."""
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> PromptCache:
    """An empty cache."""
    return PromptCache(clock, MINIMUM)


def words(tokens: int, letter: str = "a") -> str:
    """A text of so many tokens."""
    return letter * 4 * tokens


def body(*blocks: Any, rules: int = 200, **more: Any) -> dict[str, Any]:
    """A request with so many tokens of rules, kept for five minutes."""
    given = {"system": [text(words(rules, "r"), cached=True)], **more}
    return request(blocks, None, **given)


def test_a_token_is_four_bytes() -> None:
    """Begun ones count."""
    assert [count(one) for one in ("", "a", "abcd", "abcde", "üüü")] == [0, 1, 1, 2, 2]


def test_the_first_call_writes_and_the_second_reads(cache: PromptCache) -> None:
    """What stands behind the last breakpoint is plain input each time."""
    asked = body(text(words(300), cached=True), text(words(7)))

    assert cache.charge(asked) == Usage(input=7, cache_write_5m=500)
    assert cache.charge(asked) == Usage(input=7, cache_read=500)


def test_a_growing_prompt_reads_what_was_there(cache: PromptCache) -> None:
    """The next turn writes only what is new up to its breakpoint."""
    cache.charge(body(text(words(300), cached=True), text("one")))
    grown = body(text(words(300), cached=True), text(words(50, "b"), cached=True), text("two"))

    assert cache.charge(grown) == Usage(input=1, cache_read=500, cache_write_5m=50)


def test_an_earlier_breakpoint_is_found_behind_a_moved_one(cache: PromptCache) -> None:
    """Nineteen blocks further on it is still looked for, twenty further on it is not."""
    short = [text(words(300), cached=True)]
    near = [text(words(300)), *(text(words(1, "b")) for _ in range(18)), text("c", cached=True)]
    far = [text(words(300)), *(text(words(1, "d")) for _ in range(19)), text("e", cached=True)]
    cache.charge(body(*short, system=[]))

    assert cache.charge(body(*near, system=[])).cache_read == 300
    assert cache.charge(body(*far, system=[])).cache_read == 0


@pytest.mark.parametrize(
    "other",
    [
        body(text(words(300), cached=True), model="claude-sonnet-5-5"),
        body(text(words(300), cached=True), tools=[{"name": "a", "input_schema": INTERVIEW}]),
        body(text(words(300), cached=True), output_config={"format": {"schema": INTERVIEW}}),
        body(text(words(300), cached=True), rules=201),
    ],
)
def test_what_stands_before_makes_another_prefix(cache: PromptCache, other: Any) -> None:
    """Model, tools, schema and rules."""
    cache.charge(body(text(words(300), cached=True)))

    assert cache.charge(other).cache_read == 0


def test_a_changed_byte_ends_the_shared_prefix(cache: PromptCache) -> None:
    """Rules are read, the rest is written anew."""
    cache.charge(body(text(words(300), cached=True)))

    changed = cache.charge(body(text(words(299) + "aaab", cached=True)))
    assert changed == Usage(cache_read=200, cache_write_5m=300)


def test_another_schema_reads_nothing(cache: PromptCache) -> None:
    """The format of the answer is part of every prefix."""
    one, two = (
        request([text(words(300), cached=True)], closed({name: {"type": "string"}}))
        for name in ("first", "other")
    )
    cache.charge(one)

    assert cache.charge(two).cache_read == 0
    assert cache.charge(one).cache_read == count_input(one)


def test_short_prefixes_are_not_kept(cache: PromptCache) -> None:
    """Silently, as the real ones."""
    short = body(rules=MINIMUM - 1) | {"messages": [{"role": "user", "content": "a"}]}
    long = body(rules=MINIMUM) | {"messages": [{"role": "user", "content": "a"}]}

    assert [cache.charge(short).cache_read for _ in range(2)] == [0, 0]
    assert [cache.charge(long).cache_read for _ in range(2)] == [0, MINIMUM]


@pytest.mark.parametrize(("lifetime", "seconds"), [("5m", 300), ("1h", 3600)])
def test_a_prefix_lives_its_time_and_reading_renews_it(
    cache: PromptCache, clock: Clock, lifetime: str, seconds: int
) -> None:
    """From the last reading on."""
    asked = body(text("a"), system=[text(words(200), cached=True, ttl=lifetime)])
    cache.charge(asked)
    for _ in range(3):
        clock.now += seconds - 1
        assert cache.charge(asked).cache_read == 200
    clock.now += seconds

    assert cache.charge(asked).cache_read == 0


def test_lifetimes_are_charged_apart(cache: PromptCache) -> None:
    """Each breakpoint pays for what stands between it and the one before."""
    system = [text(words(200), cached=True, ttl="1h")]
    asked = body(text(words(300), cached=True), text("a"), system=system)

    assert cache.charge(asked) == Usage(input=1, cache_write_1h=200, cache_write_5m=300)


def test_the_hour_outlives_the_minutes(cache: PromptCache, clock: Clock) -> None:
    """After ten minutes the rules are read and the rest is written again."""
    system = [text(words(200), cached=True, ttl="1h")]
    asked = body(text(words(300), cached=True), system=system)
    cache.charge(asked)
    clock.now = 600

    assert cache.charge(asked) == Usage(cache_read=200, cache_write_5m=300)


def test_one_breakpoint_for_everything(cache: PromptCache) -> None:
    """At the top level it stands behind the last block."""
    asked = body(text(words(300)), cache_control={"type": "ephemeral"})

    assert cache.charge(asked).cache_write_5m == 500
    assert cache.charge(asked).cache_read == 500


async def test_the_client_is_told_what_was_cached(clock: Clock) -> None:
    """In both forms of a message, and the sum is what was counted."""
    asked = body(text(words(300), cached=True), text("a"))
    async with MessagesStub(scripted(), clock=clock, cache_minimum=MINIMUM) as stub:
        client = client_of(stub)
        first = await client.messages.create(**asked)
        async with client.messages.stream(**asked) as stream:
            second = await stream.get_final_message()

    assert first.usage.cache_creation_input_tokens == 500
    assert first.usage.cache_creation is not None
    assert first.usage.cache_creation.ephemeral_5m_input_tokens == 500
    assert (second.usage.cache_read_input_tokens, second.usage.input_tokens) == (500, 1)
    assert stub.calls[1].cache_read_share == 500 / 501
    assert stub.calls[1].usage.prompt == count_input(asked)


async def test_a_refused_call_caches_nothing(clock: Clock) -> None:
    """Whoever tries again after a 529 pays for writing."""
    asked = body(text(words(2000), cached=True))
    async with MessagesStub(plain, [Fault.OVERLOADED_529], clock=clock) as stub:
        message = await client_of(stub, max_retries=1).messages.create(**asked)

    assert message.usage.cache_read_input_tokens == 0
    assert message.usage.cache_creation_input_tokens == 2200
