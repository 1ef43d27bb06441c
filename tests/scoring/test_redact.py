"""Names that are left out of a shared card: everywhere, and with every quote still a true slice."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_samples import LATER, SCOPE
from scorecard_samples import DRAWING, bot, interview, you

from scoring.names import BadNameError, NameFinder
from scoring.record import Given, GivenKind
from scoring.redact import ANONYMOUS, HIDDEN, Found, Redaction, found_words, redact
from scoring.render.wording import all_evidence
from scoring.scorecard import Scorecard, grade, scorecard_from_json, scorecard_to_json
from scoring.sheets import Mark, Quote, Sheet
from scoring.suggested_names import suggest_names
from scoring.transcript import Word
from scoring.verdicts import Evidence
from whiteboard.board import Component, ComponentKind

TRAFFIC = "At Acme I take it that there are 30,000 conversations a day for Acme Payments."
LATENCY = "Acme's people want two seconds until the reply starts."
FALLBACK = "When the Acmes are down the service falls back to a second provider."


def card(*said: str, agreed: str = "Acme pays.") -> Scorecard:
    lines = [you(text) for text in said or (TRAFFIC, LATENCY)]
    record = interview(
        bot("Tell me about Acme."),
        *lines,
        you(FALLBACK, "operations"),
        boards=(("scope", replace(DRAWING, components=(*DRAWING.components, LABELLED))),),
    )
    given_ = (
        Given(GivenKind.ASSUMPTION, "Acme", agreed, "c0001"),
        Given(GivenKind.FACT, "volume", "Fact of Acme.", "i0000", "volume"),
    )
    rounds = (replace(record.rounds[0], given=given_),)
    return grade(replace(record, rounds=rounds))


LABELLED = Component("acme-gw", "Acme gateway", ComponentKind.GATEWAY)


def texts(redaction: Redaction) -> list[str]:
    return [turn.text for turn in redaction.card.transcript]


def assert_quotes_hold(redacted: Scorecard) -> None:
    turns = {turn.id: turn.text for turn in redacted.transcript}
    for one in all_evidence(redacted):
        assert turns[one.turn_id][one.start : one.end] == one.quote


def test_a_name_is_gone_from_everything_that_was_said() -> None:
    """Both speakers' words, quotes, assumptions; possessives and the plural as well."""
    found = redact(card(), ["Acme"])

    assert texts(found) == [
        "Tell me about [redacted 1].",
        "At [redacted 1] I take it that there are 30,000 conversations a day for "
        "[redacted 1] Payments.",
        "[redacted 1]'s people want two seconds until the reply starts.",
        "When the [redacted 1] are down the service falls back to a second provider.",
    ]
    assert found.card.rounds[0].given[0].topic == "[redacted 1]"
    assert found.card.rounds[0].given[0].text == "[redacted 1] pays."
    assert_quotes_hold(found.card)
    assert any("[redacted 1]" in one.quote for one in all_evidence(found.card))


def test_what_the_pack_says_stays() -> None:
    """Briefs, statements and facts are public and not the candidate's."""
    found = redact(card(), ["Acme", "shop", "volume"])

    assert found.card.rounds[0].brief == "Design an agent for a shop."
    assert found.card.rounds[0].given[1].text == "Fact of Acme."
    assert found.card.rounds[0].stages[0].verdicts[0].statement.startswith("Explains")


def test_labels_of_the_board_are_redacted() -> None:
    """The label is the quote, its id may be made of it, and both lose the name."""
    held = card()
    label = Evidence("", 0, 12, "Acme gateway", "board", "acme-gw")
    first = held.rounds[0]
    verdict = replace(first.stages[0].verdicts[0], evidence=(label,))
    stage = first.stages[0].model_copy(update={"verdicts": (verdict,)})
    rounds = (first.model_copy(update={"stages": (stage, *first.stages[1:])}),)

    found = redact(held.model_copy(update={"rounds": rounds}), ["Acme"])

    drawn = found.card.rounds[0].stages[0].verdicts[0].evidence[0]
    assert (drawn.quote, drawn.element) == ("[redacted 1] gateway", "[redacted 1]-gw")
    assert (drawn.start, drawn.end) == (0, len(drawn.quote))


def test_the_owner_is_told_how_often_each_name_was_found() -> None:
    """Places in what was said, agreed and drawn, each once, however often it is quoted."""
    found = redact(card(), ["Acme", "Globex"])

    assert found.found == (Found("Acme", 8), Found("Globex", 0))
    assert found_words(found.found) == "Acme: 8 places; Globex: none found"
    assert found_words([Found("Acme", 1)]) == "Acme: 1 place"


def test_the_longest_name_goes_first() -> None:
    """A client whose name begins with another's is one name, not half of one."""
    found = redact(card(), ["Acme", "Acme Payments"])

    assert texts(found)[1].endswith("a day for [redacted 2].")


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Acme", "ACME and acme.", "[redacted 1] and [redacted 1]."),
        ("acme", "Acme’s own", "[redacted 1]’s own"),
        ("Acme", "acmeology, Pacme, Acme2", "acmeology, Pacme, Acme2"),
        ("Acme", "acme_client at acme.com", "[redacted 1]_client at [redacted 1].com"),
        ("Acme", "Acme™ and Acme² too", "[redacted 1]™ and [redacted 1]² too"),
        ("Lynx", "the Lynxes and a lynx", "the [redacted 1] and a [redacted 1]"),
        ("Data Dog", "DataDog, data-dog, Data\nDog", "[redacted 1], [redacted 1], [redacted 1]"),
        ("Groß", "GROSS, groß, Großstadt", "[redacted 1], [redacted 1], Großstadt"),
        ("Gross", "Die Groß AG", "Die [redacted 1] AG"),
        ("İstanbul Gaz", "istanbul gaz İSTANBUL GAZ!", "[redacted 1] [redacted 1]!"),
        ("Café Uno", "Cafe\u0301 Uno or cafe uno", "[redacted 1] or [redacted 1]"),
        ("Acme", "Ac\u00adme and A\u200bcme", "[redacted 1] and [redacted 1]"),
        ("Acme", "Ａｃｍｅ", "[redacted 1]"),
        ("AT&T", "at&t, AT & T, look at t", "[redacted 1], [redacted 1], look at t"),
        ("J.P. Morgan", "JP Morgan or J. P. Morgan", "[redacted 1] or [redacted 1]"),
        ("腾讯", "我在腾讯工作", "我在[redacted 1]工作"),
        ("Acme", "Acmeで", "[redacted 1]で"),
        ("Yahoo!", "Yahoo it is", "[redacted 1] it is"),
    ],
)
def test_names_are_found_however_they_are_written(name: str, text: str, left: str) -> None:
    """Case, accents, invisible characters, forms and gaps play no part; parts of words are left."""
    assert NameFinder.of([name]).replace(text) == left


@pytest.mark.parametrize("name", ["", "  ", "42", "™", "redacted", "x" * 101])
def test_what_is_no_name_is_refused(name: str) -> None:
    """With its place in the list and without repeating it."""
    with pytest.raises(BadNameError, match="name 2 "):
        redact(card(), ["Acme", name])


def test_names_have_a_limit_and_count_once() -> None:
    """The same name in another writing is one; fifty-one are too many."""
    assert NameFinder.of(["Acme", "ACME", "acme "]).names == ("Acme",)
    with pytest.raises(BadNameError, match="50"):
        NameFinder.of([f"name{number}" for number in range(51)])


def test_without_names_the_card_is_the_same() -> None:
    """Nothing given, nothing changed."""
    assert redact(card(), []).card == card()


def test_words_with_times_lose_the_name_and_keep_the_time() -> None:
    """A name of two words becomes one word from the start of the first to the end of the last."""
    held = card()
    words = tuple(
        Word(text, float(at), at + 0.5, uncertain=text == "Pay,")
        for at, text in enumerate(["At", "Acme", "Pay,", "I"])
    )
    turns = (*held.transcript[:1], replace(held.transcript[1], words=words), *held.transcript[2:])

    found = redact(held.model_copy(update={"transcript": turns}), ["Acme Pay"])

    assert found.card.transcript[1].words == (
        Word("At", 0.0, 0.5),
        Word("[redacted 1],", 1.0, 2.5, uncertain=True),
        Word("I", 3.0, 3.5),
    )


@pytest.mark.parametrize(
    ("original", "left"),
    [
        (TRAFFIC.replace("take", "tkae"), "At [redacted 1] I tkae it"),
        (TRAFFIC.replace("At Acme", "At Amce"), HIDDEN),
        (f"{TRAFFIC} Acme", HIDDEN),
    ],
)
def test_what_was_typed_first_gives_no_name_away(original: str, left: str) -> None:
    """A correction stays visible; where the name itself was mistyped, the first text is hidden."""
    held = card()
    turns = (
        *held.transcript[:1],
        replace(held.transcript[1], original=original),
        *held.transcript[2:],
    )

    found = redact(held.model_copy(update={"transcript": turns}), ["Acme"])

    assert (found.card.transcript[1].original or "").startswith(left)
    assert "Amce" not in scorecard_to_json(found.card)


def test_a_misheard_name_is_not_left_among_the_words() -> None:
    """Where the first text is hidden because of a name, the words that were heard go with it."""
    held = card()
    words = (Word("Amce", 0.0, 0.5, uncertain=True),)
    original = TRAFFIC.replace("At Acme", "At Amce")
    misheard = replace(held.transcript[1], original=original, words=words)
    turns = (*held.transcript[:1], misheard, *held.transcript[2:])

    found = redact(held.model_copy(update={"transcript": turns}), ["Acme"])

    assert found.card.transcript[1].words == ()
    assert "Amce" not in scorecard_to_json(found.card)


def test_an_anonymous_card_says_neither_which_interview_nor_when_exactly() -> None:
    """The id is gone and the clock starts at midnight; how long things took stays."""
    held = card()

    hidden = redact(held, ["Acme"], anonymous=True).card

    assert hidden.interview_id == ANONYMOUS
    assert (hidden.started_at.hour, hidden.started_at.minute) == (0, 0)
    assert hidden.finished_at - hidden.started_at == held.finished_at - held.started_at
    assert hidden.transcript[1].at - hidden.started_at == timedelta(seconds=30)
    assert held.interview_id not in scorecard_to_json(hidden)


def test_a_sheet_about_the_card_moves_with_it() -> None:
    """The candidate's own sheet, given before sharing, still quotes exact words."""
    held = card()
    start = TRAFFIC.index("30,000")
    kept = Mark(*SCOPE, 3, "Like at Acme.", Quote("c0001", start, start + 6), LATER)
    cut = replace(kept, quote=Quote("c0001", 5, TRAFFIC.index("take")))

    found = redact(held, ["Acme"])
    first, second = found.sheet(Sheet("cand", (kept, cut))).marks

    text = found.card.transcript[1].text
    assert first.quote is not None
    assert second.quote is not None
    assert text[first.quote.start : first.quote.end] == "30,000"
    assert text[second.quote.start : second.quote.end] == "[redacted 1] I "
    assert first.comment == "Like at [redacted 1]."


NAMES = ("Zorblatt", "Quux & Sons", "Globex", "Straße Neun", "Éclair Co", "Globex Nord")
PIECES = st.sampled_from(
    [
        *NAMES,
        *(name.upper() for name in NAMES),
        *(name.casefold() for name in NAMES),
        *(f"{name}'s" for name in NAMES),
        "there are 30,000 conversations a day, with a peak of 12 per second.",
        "I want two seconds until the reply starts.",
        "falls back to a second provider",
        "İİ",
        "ßß",
        "e\u0301",
        "\n",
    ]
)


def strings(stored: object) -> Iterator[str]:
    """Every text in a JSON document."""
    if isinstance(stored, str):
        yield stored
    elif isinstance(stored, dict):
        for value in stored.values():
            yield from strings(value)
    elif isinstance(stored, list):
        for value in stored:
            yield from strings(value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(PIECES, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=3),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=4),
)
def test_no_name_is_left_and_every_quote_holds(said: list[str], names: list[str]) -> None:
    """Whatever was said around them: no given name is in the stored card, and slices are true."""
    redacted = redact(card(*said, agreed=said[0]), names).card

    stored = list(strings(json.loads(scorecard_to_json(redacted))))
    for name in names:
        for written in (name, name.upper(), name.casefold()):
            left = re.compile(rf"(?<!\w){re.escape(written)}(?!\w)", re.IGNORECASE)
            assert not any(left.search(text) for text in stored)
    assert_quotes_hold(redacted)
    assert scorecard_from_json(scorecard_to_json(redacted)) == redacted


def test_suggestions_are_unknown_capitalised_words_in_mid_sentence() -> None:
    """Companies are suggested; terms, pack words, first words and days are not."""
    said = (
        "Yesterday I joined Globex Nord from IBM. Kafka and Postgres ran on AWS at Globex Nord on "
        "Monday. Our API served Initech's teams, and the Shop of Initech. We used Queue and queue."
    )

    assert suggest_names(card(said)) == ("Globex Nord", "Initech", "IBM", "Acmes")


def test_suggestions_change_nothing() -> None:
    """They are for the candidate to choose from; without a choice the card keeps its names."""
    held = card("I worked at Globex for a year.")

    assert "Globex" in suggest_names(held)
    assert "Globex" in redact(held, []).card.transcript[1].text


def test_nothing_said_suggests_nothing() -> None:
    """No capitals, no names."""
    assert suggest_names(grade(interview(you("i would ask about the traffic")))) == ()
