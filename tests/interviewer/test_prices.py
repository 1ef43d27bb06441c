"""Costs come from a dated list, and what is not on it is not bought."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.prices import Price, PriceFileError, UnknownPriceError, load_prices
from scoring.language_model import Usage

TODAY = date(2026, 11, 21)
MILLION = 1_000_000
HAIKU, SONNET = "claude-haiku-5-5", "claude-sonnet-5-5"

OWN = """
models:
  my-model:
    - from: 2026-01-01
      input: 1
      output: 2.5
      cache_write_5m: 1
      cache_write_1h: 1
      cache_read: 0
      source: our contract
      read: 2026-01-02
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A price file of the owner's."""
    path = tmp_path / "prices.yaml"
    path.write_text(OWN, "utf-8")
    return path


@pytest.mark.parametrize(
    ("model", "rates"),
    [
        (HAIKU, (0.10, 0.50, 0.125, 0.20, 0.01)),
        (SONNET, (2, 10, 2.5, 4, 0.10)),
        ("claude-opus-5-5", (4, 20, 5, 8, 0.20)),
        ("claude-opus-5", (5, 25, 6.25, 10, 0.50)),
        ("claude-fable-5-1", (10, 50, 12.5, 20, 0.25)),
    ],
)
def test_shipped_prices(model: str, rates: tuple[float, ...]) -> None:
    """USD per million: input, output, cache written for five minutes and an hour, cache read."""
    price = load_prices().price(model, TODAY)

    each = (price.input, price.output, price.cache_write_5m, price.cache_write_1h, price.cache_read)
    assert each == rates
    assert price.source
    assert price.valid_from <= price.read <= TODAY


@pytest.mark.parametrize(
    ("day", "cache_read"),
    [(date(2026, 10, 6), 0.20), (date(2026, 10, 7), 0.10), (TODAY, 0.10)],
)
def test_the_day_decides(day: date, cache_read: float) -> None:
    """A change of price counts from its day on, and not for what was called before."""
    assert load_prices().price(SONNET, day).cache_read == cache_read


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        (Usage(), 0),
        (Usage(input=MILLION), 2),
        (Usage(output=MILLION), 10),
        (Usage(cache_write_5m=MILLION), 2.5),
        (Usage(cache_write_1h=MILLION), 4),
        (Usage(cache_read=MILLION), 0.1),
        (Usage(1_000, 10_000, 2_000, 500, 300), 0.002 + 0.001 + 0.005 + 0.002 + 0.003),
    ],
)
def test_every_kind_of_token_has_its_price(usage: Usage, usd: float) -> None:
    """The cost is the sum over the kinds."""
    assert load_prices().price(SONNET, TODAY).cost_usd(usage) == pytest.approx(usd)


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        (Usage(input=100_000, output=1_000), 0.0105),
        (Usage(input=100_001, output=1_000), 0.0525005),
        (Usage(input=1, cache_read=100_000, output=1_000), 0.0075005),
        (Usage(input=1, cache_read=60_000, cache_write_5m=40_000), 0.003 + 0.025 + 0.0000005),
    ],
)
def test_a_long_prompt_changes_the_price_of_every_token(usage: Usage, usd: float) -> None:
    """Cached tokens count for the length; at the very limit the prompt is not long yet."""
    assert load_prices().price(HAIKU, TODAY).cost_usd(usage) == pytest.approx(usd)


@settings(max_examples=100, deadline=None)
@given(
    model=st.sampled_from(sorted(load_prices().models)),
    parts=st.tuples(*[st.integers(0, 60_000)] * 4),
    output=st.integers(0, 10_000),
    spare=st.integers(0, 60_000),
)
def test_the_bound_is_never_exceeded(
    model: str, parts: tuple[int, int, int, int], output: int, spare: int
) -> None:
    """However the prompt is split between input and cache, and if it is shorter than thought."""
    price = load_prices().price(model, TODAY)
    usage = Usage(*parts, output=output)

    assert price.cost_usd(usage) <= price.bound_usd(usage.prompt + spare, output) + 1e-12


@pytest.mark.parametrize(("model", "day"), [("claude-x", TODAY), (HAIKU, date(2026, 10, 6))])
def test_an_unknown_price_is_a_refusal(model: str, day: date) -> None:
    """Model, day, and what to add where: also for a day before the first known price."""
    with pytest.raises(UnknownPriceError) as refused:
        load_prices().price(model, day)

    said = str(refused.value)
    assert f"{model!r} on {day}" in said
    assert "HOTSEAT_PRICES" in said
    assert "interviewer/prices.yaml" in said


def test_names_are_exact() -> None:
    """A model is not taken for another that begins like it."""
    with pytest.raises(UnknownPriceError):
        load_prices().price(f"{HAIKU}-20261007", TODAY)


def test_an_own_file_adds_models(own: Path) -> None:
    """The shipped ones stay; what is still missing is to be added there."""
    prices = load_prices(own)

    assert prices.price("my-model", TODAY).output == 2.5
    assert prices.price(HAIKU, TODAY).input == 0.10
    with pytest.raises(UnknownPriceError, match=str(own)):
        prices.price("other", TODAY)


def test_an_own_price_replaces_all_shipped_ones_of_the_model(own: Path) -> None:
    """Whatever their dates: a contract has nothing to do with the list."""
    own.write_text(OWN.replace("my-model", HAIKU), "utf-8")

    price = load_prices(own).price(HAIKU, TODAY)

    assert (price.input, price.long_prompt) == (1, None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("input: 1", "input: -1"), ":5: models.my-model[0].input: Input should be greater"),
        (("input: 1", "input: cheap"), ":5: models.my-model[0].input: Input should be a valid nu"),
        (("input: 1", "input: true"), ":5: models.my-model[0].input: Input should be a valid nu"),
        (("      input: 1\n", ""), ":4: models.my-model[0].input: Field required"),
        (("read: 2026-01-02", "read: lately"), ":11: models.my-model[0].read: Input should be a"),
        (("source", "sauce"), "models.my-model[0].sauce: Extra inputs are not permitted"),
        (("models:", "model:"), "models: Field required"),
        (("    - from", "    - &x from"), "anchors (`&name`) are not allowed"),
        (("models:", "models: ["), "not YAML"),
    ],
)
def test_faults_of_an_own_file_are_named(own: Path, change: tuple[str, str], said: str) -> None:
    """File, line and key."""
    own.write_text(OWN.replace(*change, 1), "utf-8")

    with pytest.raises(PriceFileError) as refused:
        load_prices(own)

    assert str(refused.value).startswith(str(own))
    assert said in str(refused.value)


def test_a_missing_own_file_is_named(tmp_path: Path) -> None:
    """It is not passed over, since then nothing would be spent and nobody knew why."""
    with pytest.raises(PriceFileError, match=r"none\.yaml: "):
        load_prices(tmp_path / "none.yaml")


def test_a_day_has_one_price(own: Path) -> None:
    """Two entries of the same day are a fault, and so is a model without any."""
    entry = OWN.split("my-model:\n")[1]
    own.write_text(OWN + entry, "utf-8")
    with pytest.raises(PriceFileError, match="my-model has two prices from the same day"):
        load_prices(own)
    own.write_text("models:\n  my-model: []\n", "utf-8")
    with pytest.raises(PriceFileError, match="my-model has no price"):
        load_prices(own)


def test_prices_do_not_change() -> None:
    """Whoever holds one cannot make it cheaper."""
    price: Price = load_prices().price(HAIKU, TODAY)
    with pytest.raises(ValueError, match="frozen"):
        price.input = 0
