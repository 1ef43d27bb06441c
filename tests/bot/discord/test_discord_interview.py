"""Interviews on Discord as their candidates see them: where they run, and how they are steered."""

import re

import pytest
from conftest import Hall
from sqlalchemy import select

from interviewer.session import MAX_CHARS
from storage.tables import INBOX
from tests.discord_stub import DiscordStub
from tests.discord_stub.channels import Channel
from tests.discord_stub.person import Person

QUESTION = "Before you design anything"


async def begin(person: Person, place: Channel, line: str = "/interview start", **options: object):
    """Start, and wait until the first question stands there."""
    call = await person.runs(place, line, **options)
    await call.finished()
    return call


async def said(hall: Hall) -> list[str]:
    """What candidates said, as stored, in order."""
    statement = select(INBOX.c.event).where(INBOX.c.kind == "said").order_by(INBOX.c.seq)
    rows = await hall.bot.app.database.run(lambda c: c.execute(statement).scalars().all())
    return [re.findall(r'"text":"(.*?)","source"', row)[0] for row in rows]


async def test_a_round_in_direct_messages(hall: Hall, alice: Person) -> None:
    """Question, free text, hint, next stage, end and card, without leaving the conversation."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    asked = await alice.says(dm, "How many conversations a day do we expect?")
    await alice.sees(dm, "30,000 conversations", after=asked)
    pressed = await alice.presses(dm, "Hint")
    assert "Listening" in pressed.message.text
    await alice.sees(dm, "A hint", after=asked)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "Let's move on")
    await alice.presses(dm, "End")
    await alice.presses(dm, "End it")
    card = await alice.sees(dm, "Scorecard: Support agent")

    assert "not calibrated" in card.text
    assert await said(hall) == ["How many conversations a day do we expect?"]


async def test_a_turn_takes_two_requests(hall: Hall, alice: Person) -> None:
    """One for the reply and one for the status card."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    for words in (
        "What may the agent do with an order without a person?",
        "Which languages do customers write in?",
        "I assume that refunds go through a person above fifty euros.",
    ):
        before = len(hall.stub.requests)
        message = await alice.says(dm, words)
        await alice.sees(dm, ".", after=message)
        await hall.settled()
        made = [f"{done.method} {done.path}" for done in hall.stub.requests[before:]]
        assert len(made) <= 2, made


async def test_the_buttons_leave_a_card_that_moved(hall: Hall, alice: Person) -> None:
    """Every stage brings the card down; the earlier message keeps its words and no button."""
    dm = alice.dm()
    await begin(alice, dm)
    first = await alice.sees(dm, QUESTION)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Loop")

    assert QUESTION in first.text
    assert "[Hint]" not in first.text
    assert "further down" in first.text


async def test_pause_think_and_answer(hall: Hall, alice: Person) -> None:
    """The card says what is going on; an answer ends a pause and is not lost."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.presses(dm, "Let me think")
    await alice.sees(dm, "Thinking")
    await alice.presses(dm, "Pause")
    paused = await alice.sees(dm, "Paused")
    assert "left in this stage" in paused.text
    asked = await alice.says(dm, "How many conversations a day do we expect?")
    await alice.sees(dm, "30,000", after=asked)
    await alice.sees(dm, "Listening")


async def test_messages_while_it_works_are_one_answer(hall: Hall, alice: Person) -> None:
    """Three lines in a row are not answered three times, and none is lost."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    lines = ["The agent may look up an order", "it may change an address", "it may not pay money"]
    for line in lines:
        await alice.says(dm, line)
    await hall.settled()

    stored = "\\n".join(await said(hall))
    assert all(line in stored for line in lines)
    assert len(await said(hall)) <= 2


async def test_a_private_thread_on_a_server(hall: Hall, alice: Person) -> None:
    """The thread is private, the candidate is in it, and the answer says where it is."""
    guild = hall.stub.add_guild("Study", members=[alice])
    channel = guild.text_channel("general")
    call = await begin(alice, channel, round="Behavioural", level="Mid")
    thread = await alice.sees_thread("Mock interview")

    assert call.ephemeral
    assert f"<#{thread.id}>" in call.message.text
    assert thread.kind == 12
    await alice.sees(thread, "Listening")


async def test_without_the_intent_the_bot_says_how_to_answer(hall: Hall, alice: Person) -> None:
    """Replies, mentions and the form are read; of a plain message it is told why not, once."""
    guild = hall.stub.add_guild("Study", members=[alice])
    await begin(alice, guild.text_channel("general"))
    thread = await alice.sees_thread()
    question = await alice.sees(thread, QUESTION)
    await alice.says(thread, "Nobody reads this.")
    await alice.sees(thread, "cannot read plain messages")
    await alice.says(thread, "Nor this.")
    replied = await alice.says(thread, "How many conversations a day?", reply_to=question)
    await alice.sees(thread, "30,000", after=replied)
    mentioned = await alice.says(thread, f"<@{hall.bot.user.id}> Which languages?")
    await alice.sees(thread, "three languages", after=mentioned)
    form = await alice.presses(thread, "Answer")
    await alice.fills(form, {"Your answer": "What may it do with an order?"})
    await hall.settled()

    assert alice.screen(thread).count("cannot read plain messages") == 1
    assert await said(hall) == [
        "How many conversations a day?",
        "Which languages?",
        "What may it do with an order?",
    ]


async def test_with_the_intent_plain_messages_are_answers(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application's switch and the setting go together."""
    async with DiscordStub(privileged=["message_content"]) as stub:
        hall = Hall(stub, tmp_path / "bot")
        await hall.start(discord_message_content=True)
        alice = stub.add_user("alice")
        guild = stub.add_guild("Study", members=[alice])
        await begin(alice, guild.text_channel("general"))
        thread = await alice.sees_thread()
        await alice.sees(thread, QUESTION)
        asked = await alice.says(thread, "How many conversations a day?")
        await alice.sees(thread, "30,000", after=asked)
        assert "[Answer]" not in alice.screen(thread)
        await hall.stop()


async def test_where_the_bot_is_no_member(hall: Hall, alice: Person) -> None:
    """The interview runs in one message that only the candidate sees, and says so."""
    guild = hall.stub.add_guild("Elsewhere", members=[alice]).without_bot()
    channel = guild.text_channel("general")
    call = await begin(alice, channel)

    assert call.ephemeral
    assert "I am no member of this place" in call.message.text
    form = await alice.presses(call.message, "Answer")
    answered = await alice.fills(form, {"Your answer": "How many conversations a day?"})
    await answered.finished()
    assert "30,000" in call.message.text
    await alice.presses(call.message, "End")
    await alice.presses(channel, "End it")
    await alice.runs(channel, "/interview status")


async def test_one_interview_at_a_time(hall: Hall, alice: Person) -> None:
    """A second start asks whether to resume or end the first."""
    dm = alice.dm()
    await begin(alice, dm)
    second = await alice.runs(dm, "/interview start")
    await second.finished()
    assert "Resume that one, or end it" in second.message.text
    await alice.presses(second.message, "End it")
    await alice.sees(dm, "Scorecard:")
    await begin(alice, dm, round="Behavioural")
    await alice.sees(dm, "Listening")


async def test_missing_permissions_are_named(hall: Hall, alice: Person) -> None:
    """Whoever runs the server learns what to grant."""
    guild = hall.stub.add_guild("Study", members=[alice])
    guild.deny_bot("CREATE_PRIVATE_THREADS")
    call = await alice.runs(guild.text_channel("general"), "/interview start")
    shown = await call.finished()

    assert "Create Private Threads" in shown.text


async def test_a_stranger_cannot_press_the_buttons(hall: Hall, alice: Person) -> None:
    """A moderator who sees the thread steers nothing and answers nothing."""
    mallory = hall.stub.add_user("mallory")
    guild = hall.stub.add_guild("Study", members=[alice, mallory])
    await begin(alice, guild.text_channel("general"))
    thread = await alice.sees_thread()
    question = await alice.sees(thread, QUESTION)
    thread.add_thread_member(mallory.id)
    for button in ("Hint", "Let me think", "Pause", "Next stage", "Board", "End", "Answer"):
        call = await mallory.presses(thread, button)
        assert "not your interview" in (await call.finished()).text
        assert call.ephemeral
    await mallory.says(thread, "I answer for her.", reply_to=question)
    await alice.says(thread, "How many conversations a day?", reply_to=question)
    await alice.sees(thread, "30,000")

    assert await said(hall) == ["How many conversations a day?"]


async def test_what_candidates_write_mentions_nobody(hall: Hall, alice: Person) -> None:
    """Quoted back, Markdown and mentions are letters."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    nasty = "I assume @everyone and <@&1> **agree** [here](https://evil.example) on `English` only."
    await alice.says(dm, nasty)
    await hall.settled()

    for message in alice.messages(dm):
        if message.author is not alice.user:
            assert not message.mentions
            assert "(https://evil" not in message.text


async def test_the_board_is_shown_as_drawn(hall: Hall, alice: Person) -> None:
    """The form holds what is on the board; a mistake leaves it as it is and is told."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    await alice.fills(await alice.presses(dm, "Board"), {"text": "client -> gateway -> orders"})
    again = await alice.presses(dm, "Board")
    assert "gateway" in again.modal.text
    wrong = await alice.fills(again, {"text": "client -> "})
    refused = await wrong.finished()
    assert "line 1, column 11" in refused.text
    assert "The board is unchanged." in refused.text
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    assert "gateway" in await room.session.board()


async def test_a_loop_goes_through_its_rounds(hall: Hall, alice: Person) -> None:
    """The card names the round; the next stage button leads through all of them to one card."""
    dm = alice.dm()
    await begin(alice, dm, "/loop", plan="llm-app-mid")
    await alice.sees(dm, "round 1 of")
    for _ in range(40):
        if "The card follows" in alice.screen(dm):
            break
        await alice.presses(dm, "Next stage")
        await hall.settled()
    await alice.sees(dm, "Scorecard:")
    assert alice.screen(dm).count("Scorecard:") == 1


async def test_scenarios_are_completed(hall: Hall, alice: Person) -> None:
    """By words of title or id, for the round that was chosen, at most 25."""
    found = await alice.completes(
        alice.dm(), "/interview start", option="scenario", typed="docs", round="design"
    )
    assert [one["value"] for one in found] == ["internal-docs-rag"]
    roles = await alice.completes(alice.dm(), "/interview start", option="role", typed="llm")
    assert "LLM application engineer" in [one["value"] for one in roles]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"scenario": "no-such-thing"}, "no-such-thing"),
        ({"round": "loop", "minutes": 20}, "own times"),
        ({"round": "Drill", "role": "LLM application engineer"}, "belongs to a loop"),
    ],
)
async def test_what_does_not_go_together_is_said(
    hall: Hall, alice: Person, options: dict[str, object], says: str
) -> None:
    """A clear sentence, and nothing was started."""
    call = await alice.runs(alice.dm(), "/interview start", **options)

    assert says in (await call.finished()).text
    assert hall.bot.house.room_of(f"discord:{alice.id}") is None


async def test_nothing_to_steer(hall: Hall, alice: Person) -> None:
    """Every command without an interview says how to begin one."""
    for name in ("pause", "resume", "hint", "next", "end", "status"):
        call = await alice.runs(alice.dm(), f"/interview {name}")
        assert "/interview start" in (await call.finished()).text


async def test_status_brings_the_card_down(hall: Hall, alice: Person) -> None:
    """It lists what was told and agreed, and the buttons are at the bottom again."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    asked = await alice.says(dm, "How many conversations a day?")
    await alice.sees(dm, "30,000", after=asked)
    status = await alice.runs(dm, "/interview status")
    await status.finished()
    await hall.settled()

    assert "Given so far" in status.text
    assert alice.screen(dm).count("[Hint]") == 1
    pressed = await alice.presses(dm, "Hint")
    assert pressed.interaction.source.id > asked.id


async def test_whoever_writes_without_an_interview_is_greeted_once(
    hall: Hall, alice: Person
) -> None:
    """Nobody talks to a wall, and nobody is flooded."""
    dm = alice.dm()
    await alice.says(dm, "hello?")
    await alice.sees(dm, "/interview start")
    await alice.says(dm, "hello??")
    await alice.runs(dm, "/interview status")

    assert alice.screen(dm).count("There is no interview going on here") == 1


async def test_pictures_are_not_taken_for_answers(hall: Hall, alice: Person) -> None:
    """It is said that only text is read."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    await alice.says(dm, "", files={"design.png": b"\x89PNG"})
    await alice.sees(dm, "only read text")
    assert await said(hall) == []


async def test_too_many_commands_are_slowed_down(hall: Hall, alice: Person) -> None:
    """The message names the limit and the time to wait; others are not held up."""
    bob = hall.stub.add_user("bob", installed=True)
    for _ in range(60):
        await alice.runs(alice.dm(), "/interview status")
    call = await alice.runs(alice.dm(), "/interview status")

    assert re.search(r"60 times in a minute .* wait \d+ seconds", call.text)
    assert "lot at once" not in (await bob.runs(bob.dm(), "/interview status")).text


async def test_commands_are_announced_only_when_they_changed(hall: Hall) -> None:
    """A restart sends no command; Discord limits how often they may change."""

    def syncs() -> int:
        return sum(done.method == "PUT" and "/commands" in done.path for done in hall.stub.requests)

    assert syncs() == 1
    await hall.restart()
    assert syncs() == 1


def test_the_longest_message_fits_into_a_turn() -> None:
    """Discord's 4,000 characters are less than what the session takes."""
    assert MAX_CHARS > 4_000
