"""Scorecards as messages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from card_samples import HELD, HOSTILE, SPOKEN, drill_card, extreme, loop_card, noted
from discord import ui
from markdown_of_discord import pings, shown

from benchmarks.examples import examples
from bot.discord.controls import Control, control_button
from bot.discord.text import safe_line
from bot.discord.views.card_sections import card_sections
from bot.discord.views.card_words import read_card
from bot.discord.views.corrections import correction_form, own_pieces
from bot.discord.views.pages import (
    Door,
    Frame,
    Page,
    Place,
    Section,
    fill_pages,
    lay_out,
    page_view,
)
from bot.discord.views.scorecard import (
    card_frame,
    card_pages,
    drill_view,
    is_single_drill,
    scorecard_view,
    shared_view,
    summary_lines,
)
from scenarios.load import builtin_packs_folder, load_library
from scoring.conduct_report import TITLE as CONDUCT_TITLE
from scoring.conduct_report import conduct_lines
from scoring.disputes import NO_NOTES, CardNotes, Dispute, Override, ReviewerRole
from scoring.render.wording import FAIRNESS, SCALES
from scoring.scorecard import DISCLAIMER, LIMITS, Scorecard, card_verdicts
from scoring.transcript import Source, Speaker, Word
from scoring.uncertain import LEGEND
from scoring.verdicts import Verdict

OURS = {"heading", "subtext", "list", "quote", "strong", "time"}
"""The Markdown that the card itself uses."""

INJECTED = re.compile(
    r"^(?:> |- |-# )*(?:# Heading|> quote|- list|1\. one|-# small)|\*\*bold\*\*", re.MULTILINE
)


@cache
def cards() -> dict[str, Scorecard]:
    """Whole rounds of the docs, a loop of three rounds, a drill, and the worst of both."""
    found = {one.name: one.card for one in examples(load_library(builtin_packs_folder()))}
    loop, drill = loop_card(), drill_card()
    return {
        **found,
        "loop": loop,
        "drill": drill,
        "worst loop": extreme(loop),
        "worst drill": extreme(drill),
        "nothing": loop.model_copy(update={"rounds": (), "transcript": (), "practise_next": ()}),
    }


FRAME = Frame("", "foot")
NAMES = ("junior", "mid", "senior", "loop", "drill", "worst loop", "worst drill", "nothing")


@cache
def pages(name: str, candidate: str = "You") -> tuple[Page, ...]:
    """All pages of a card, read by its owner or by others."""
    card = cards()[name]
    return card_pages(read_card(card, notes_of(card), candidate))


def notes_of(card: Scorecard) -> CardNotes:
    return noted(card) if card.rounds else NO_NOTES


def views(name: str) -> Iterator[ui.LayoutView]:
    """Every page, as others read it where that differs, and the short form of a drill."""
    card = cards()[name]
    frame = card_frame(card)
    extra = [control_button(one, Control("extra", card.interview_id, one)) for one in "abcde"]
    for page in range(1, len(pages(name)) + 1):
        yield page_view(pages(name), page, frame, Door("card", card.interview_id, 1), extra)
    for number, page in enumerate(pages(name, HOSTILE), 1):
        if page.title.startswith("Transcript"):
            yield page_view(pages(name, HOSTILE), number, frame, Door("shared", "share123", 1))
    if is_single_drill(card):
        yield drill_view(card, notes_of(card))


def texts(view: ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]


def whole_text(card: Scorecard, notes: CardNotes = NO_NOTES) -> str:
    """All pages of one's own card, as they are displayed."""
    frame = card_frame(card)
    found = (f"{page.title}\n{page.text}" for page in card_pages(read_card(card, notes)))
    return shown("\n".join((frame.head, *found, frame.foot))).text


def components(view: ui.LayoutView) -> Iterator[dict]:
    stack = list(view.to_components())
    while stack:
        part = stack.pop()
        yield part
        stack.extend(part.get("components", []))


@pytest.mark.parametrize("name", NAMES)
def test_every_page_keeps_to_the_limits_of_discord(name: str) -> None:
    """Components, characters, ids, options: what Discord would refuse never leaves."""
    for view in views(name):
        parts = list(components(view))
        assert len(parts) == view.total_children_count <= 40
        assert view.content_length() <= 4000
        assert all(text.strip() for text in texts(view))
        ids = [part["custom_id"] for part in parts if "custom_id" in part]
        assert len(set(ids)) == len(ids)
        assert all(len(one) <= 100 for one in ids)
        for options in (part["options"] for part in parts if "options" in part):
            assert 1 <= len(options) <= 25
            assert len({option["value"] for option in options}) == len(options)
            assert all(0 < len(option["label"]) <= 100 for option in options)
            assert all(len(option.get("description") or "") <= 100 for option in options)
            assert sum(option["default"] for option in options) == 1


@pytest.mark.parametrize("name", NAMES)
def test_no_words_of_others_become_markup_or_a_ping(name: str) -> None:
    """What candidates, packs and reviewers wrote is text on every page, wherever it was cut."""
    for view in views(name):
        for text in texts(view):
            assert shown(text).rules <= OURS
            assert not pings(text)
            assert not INJECTED.search(text)


@pytest.mark.parametrize("name", ["senior", "loop", "drill"])
def test_the_pages_hold_the_whole_card(name: str) -> None:
    """Each verdict with its quotes, each turn, and all that says how far to trust it."""
    card = cards()[name]
    text = " ".join(whole_text(card).split())
    for _, verdict in card_verdicts(card):
        assert " ".join(verdict.statement.split()) in text
        assert all(" ".join(one.quote.split())[:400] in text for one in verdict.evidence)
    for turn in card.transcript:
        assert all(word in text for word in turn.text.split())
    assert all(honest in text for honest in (DISCLAIMER, SCALES, LIMITS))
    undetected = [one for _, one in card_verdicts(card) if one.verdict is Verdict.NOT_DETECTED]
    assert text.count("not detected (proves nothing): ") == len(undetected)


def test_a_long_answer_is_whole_in_the_transcript() -> None:
    """20,000 characters come in pieces that join to the answer."""
    card = cards()["worst drill"]
    section = next(one for one in card_sections(read_card(card)) if one.title == "Transcript")
    own = next(turn for turn in card.transcript if turn.speaker is Speaker.CANDIDATE)
    pieces = [block.split("\n", 1)[1] for block in section.blocks if block.startswith("**2 ·")]
    said = shown("".join(piece.replace("> ", "", 1).replace("\n> ", "\n") for piece in pieces)).text
    assert len(pieces) > 10
    assert re.sub(r"[\s\u200b]", "", said) == re.sub(r"[\s\u200b\u202e]", "", own.text)


@pytest.mark.parametrize("name", NAMES)
def test_next_leads_through_every_page_and_no_further(name: str) -> None:
    """Pressing Next from the first page shows each once; the ends are closed."""
    door = Door("card", "abc", 3)
    page, seen = 1, [1]
    while (button := buttons(page_view(pages(name), page, FRAME, door)).get("Next")) is not None:
        if button["disabled"]:
            break
        assert place_of(button["custom_id"]).revision == 3
        page = place_of(button["custom_id"]).page
        seen.append(page)
    assert seen == list(range(1, len(pages(name)) + 1))
    first = buttons(page_view(pages(name), 1, FRAME, door))
    assert "Previous" not in first or first["Previous"]["disabled"]


def buttons(view: ui.LayoutView) -> dict[str, dict]:
    return {part["label"]: part for part in components(view) if part.get("type") == 2}


def place_of(custom_id: str) -> Place:
    control = Control.parse(custom_id)
    assert control is not None
    place = Place.parse(control.argument)
    assert place is not None
    return place


@pytest.mark.parametrize(("page", "found"), [(-3, 1), (0, 1), (2, 2), (10**6, None)])
def test_a_page_that_is_not_there_is_the_nearest(page: int, found: int | None) -> None:
    """A stale or made-up number opens the first or the last page."""
    card = cards()["senior"]
    number = found or len(card_pages(read_card(card)))
    assert scorecard_view(card, page).to_components() == (
        scorecard_view(card, number).to_components()
    )


@pytest.mark.parametrize(
    ("argument", "place"),
    [
        ("2.14", Place(2, 14)),
        ("", None),
        ("2", None),
        ("2.", None),
        ("a.b", None),
        ("1.2.3", None),
        ("-1.2", None),
        ("²." + "1", None),
        ("9" * 5000 + ".1", Place(999_999_999, 1)),
    ],
)
def test_a_place_from_outside_is_read_or_refused(argument: str, place: Place | None) -> None:
    """Arguments of controls are whatever somebody sent."""
    assert Place.parse(argument) == place


def test_the_menu_names_every_section_and_opens_its_first_page() -> None:
    """Picked values are places; the current section is the one that is marked."""
    card = cards()["senior"]
    found = card_pages(read_card(card))
    chosen: dict[str, Place | None] = {}
    for number, page in enumerate(found, 1):
        (menu,) = [one for one in components(scorecard_view(card, number)) if "options" in one]
        chosen = {one["label"]: Place.parse(one["value"]) for one in menu["options"]}
        assert {found[place.page - 1].title for place in chosen.values() if place} == set(chosen)
        assert [one["label"] for one in menu["options"] if one["default"]] == [page.title]
    assert "Overview" in chosen
    assert "How far to trust this" in chosen


def test_of_many_sections_the_menu_shows_the_first_and_the_near_ones() -> None:
    """A loop has more sections than a menu has places; none is out of reach."""
    parts = lay_out(Section(f"Part {index}", ("text",)) for index in range(1, 41))
    reached = set()
    for number in range(1, 41):
        view = page_view(parts, number, FRAME, Door("card", "id", 1))
        (menu,) = [one for one in components(view) if "options" in one]
        labels = [one["label"] for one in menu["options"]]
        assert len(labels) == 25
        assert labels[0] == "Part 1"
        assert f"Part {number}" in labels
        reached |= set(labels)
    assert len(reached) == 40


def test_own_and_shared_cards_differ_in_what_can_be_pressed() -> None:
    """A shared card opens by its share alone, with none of the owner's controls or ids."""
    card = cards()["senior"]
    extra = [control_button("Delete", Control("card_delete", card.interview_id))]
    own = scorecard_view(card, 2, buttons=extra)
    shared = shared_view(card, "share123", 2, candidate="Candidate 4")
    assert {"Previous", "Next", "Delete"} == set(buttons(own))
    assert {"Previous", "Next"} == set(buttons(shared))
    ids = [part["custom_id"] for part in components(shared) if "custom_id" in part]
    assert all(":shared:share123:1." in one for one in ids)
    transcript = next(
        number
        for number, page in enumerate(card_pages(read_card(card)), 1)
        if page.title == "Transcript"
    )
    assert "· You**" in "".join(texts(scorecard_view(card, transcript)))
    said = "".join(texts(shared_view(card, "share123", transcript, candidate="Candidate 4")))
    assert "· Candidate 4**" in said
    assert "You**" not in said


def test_the_overview_says_what_was_rated_and_what_to_practise() -> None:
    """Per stage the rating in words, its level and how much was found; what to practise; notices.

    No anchor: beside somebody's own words it would read as a claim about them.
    """
    card = cards()["loop"].model_copy(update={"notices": ("A notice.",)})
    overview = next(iter(card_sections(read_card(card))))
    text = shown("\n\n".join(overview.blocks)).text
    assert text.count("Answer aloud:") == 3
    assert "- A notice." in text
    for held in card.rounds:
        assert f": {held.title}" in text
        for stage in held.stages:
            assert f"**{stage.title}**" in "\n".join(overview.blocks)
    assert "▰▱▱▱ 1–2, nothing usable, or unsafe · level shown: not yet shown" in text
    rated = [stage for held in card.rounds for stage in held.stages if stage.rating]
    assert len(re.findall(r"\d+ of \d+ found", text)) == len(rated)
    assert not any(stage.anchor in text for stage in rated if stage.anchor)


def test_delivery_has_a_page_only_where_it_was_measured() -> None:
    """Nothing unmeasured is commented on, and what was is said not to count."""
    card = cards()["drill"]
    titles = [one.title for one in card_sections(read_card(card))]
    assert "Delivery" not in titles
    spoken = whole_text(card.model_copy(update={"delivery": SPOKEN}))
    assert "Delivery is not part of the score" in spoken
    assert "141 words a minute" in spoken


def test_fairness_has_a_page_where_something_was_played() -> None:
    """Beside delivery, and without it where too little was spoken."""
    card = cards()["drill"]
    assert FAIRNESS not in whole_text(card)
    spoken = whole_text(card.model_copy(update={"fairness": HELD}))
    assert "- The bot waited: 0.7 s as a rule (median), 2.4 s at the longest" in spoken
    assert "- It spoke over you: twice in the 14 times it spoke" in spoken
    assert "about the bot, not about you" in spoken


def test_doubtful_words_are_marked_in_quotes_and_transcript() -> None:
    """With the legend on the overview and above the transcript; no doubt, no legend."""
    card = drill_card("A token is a piece of a word.")
    question, answer = card.transcript
    words = tuple(Word(word, 0.0, 0.0, uncertain=word == "token") for word in answer.text.split())
    spoken = replace(answer, source=Source.SPOKEN, words=words)
    text = whole_text(card.model_copy(update={"transcript": (question, spoken)}))
    assert text.count("token(?) is a piece") >= 2
    assert text.count(safe_line(LEGEND)) == 2
    assert "(?)" not in whole_text(card)


def test_what_was_misheard_is_called_so() -> None:
    """Under the answer, with what was dropped or became something else."""
    card = drill_card("A token is a piece of a word.")
    question, answer = card.transcript
    misheard = replace(answer, source=Source.SPOKEN, original="Um a taken is a piece of a word.")
    text = whole_text(card.model_copy(update={"transcript": (question, misheard)}))
    assert "as heard first:" in text
    assert "“taken” became “token”" in text
    assert "“Um” taken out" in text


@pytest.mark.parametrize(
    ("source", "word"), [(Source.TYPED, "mistyped"), (Source.SPOKEN, "misheard")]
)
def test_what_was_typed_or_spoken_can_be_corrected(source: Source, word: str) -> None:
    """The form says which words may change; a script that was played is nobody's answer."""
    card = drill_card()
    question, answer = card.transcript
    own = card.model_copy(update={"transcript": (question, replace(answer, source=source))})
    (piece,) = own_pieces(own)
    form = correction_form(piece, Control("correct", card.interview_id))
    assert f"Change {word} words only" in str(form.to_dict())
    played = replace(answer, source=Source.RECORDED)
    assert list(own_pieces(card.model_copy(update={"transcript": (question, played)}))) == []


def test_the_interviewers_own_report_has_a_section() -> None:
    """Its figures and faults; a card without a report has no such section."""
    card = cards()["senior"]
    (section,) = [one for one in card_sections(read_card(card)) if one.title == CONDUCT_TITLE]
    assert all(safe_line(line) in section.blocks[0] for line in conduct_lines(card.conduct))
    before = card.model_copy(update={"conduct": None})
    assert CONDUCT_TITLE not in [one.title for one in card_sections(read_card(before))]


def test_corrected_turns_are_marked_with_what_was_typed_first() -> None:
    """In the transcript, and beside each quote from them."""
    card = drill_card("A token is a peice of a word.")
    turn = card.transcript[1]
    fixed = replace(turn, text=turn.text.replace("peice", "piece"), original=turn.text)
    again = drill_card(fixed.text).model_copy(update={"revision": 2})
    corrected = again.model_copy(update={"transcript": (card.transcript[0], fixed)})
    text = whole_text(corrected)
    assert "(corrected)" in text
    assert "“peice” became “piece”" in text
    assert "(turn 2, corrected)" in text
    assert "corrected" not in whole_text(again)


def test_disputes_and_overrides_stand_beside_the_verdict() -> None:
    """The verdict stays; a dispute of another revision is not shown."""
    card = cards()["drill"]
    verdict = card.rounds[0].stages[0].verdicts[1]
    dispute = Dispute("d1", 1, 0, verdict.key, "I said *that*.", card.started_at)
    override = Override("d1", Verdict.PARTIAL, "Half of it.", ReviewerRole.OWNER, card.started_at)
    notes = CardNotes((dispute,), (override,))
    section = list(card_sections(read_card(card, notes)))[1]
    (block,) = [one for one in section.blocks if "Disputed" in one]
    assert block.startswith("**– not detected**")
    assert safe_line(verdict.statement) in block
    assert "-# Disputed <t:1795195800:R>: “I said \\*that\\*.”" in block
    assert "The group's owner says: ◐ partial. “Half of it.”" in block
    other = card.model_copy(update={"revision": 2})
    assert "Disputed" not in whole_text(other, notes)


def test_a_drill_is_one_page_with_ways_to_go_on() -> None:
    """Question, rating, verdicts, and three buttons that hold the interview's id."""
    card = cards()["drill"]
    view = drill_view(card)
    text = shown("\n".join(texts(view))).text
    assert card.transcript[0].text in text
    assert all(verdict.statement in text for _, verdict in card_verdicts(card))
    assert DISCLAIMER in text
    assert "There is more" not in text
    assert {name: one["custom_id"] for name, one in buttons(view).items()} == {
        "Try again": "hs:drill_again:abcdefgh",
        "Next question": "hs:drill_next:abcdefgh",
        "Whole card": "hs:card:abcdefgh:1.1",
    }
    assert "There is more" in "".join(texts(drill_view(cards()["worst drill"])))
    assert not is_single_drill(cards()["loop"])
    assert not is_single_drill(cards()["nothing"])


@pytest.mark.parametrize("name", NAMES)
def test_two_lines_in_a_list(name: str) -> None:
    """Short, safe, and with every rating that there is room for."""
    lines = summary_lines(cards()[name])
    for line in lines:
        assert len(line) <= 400
        assert "\n" not in line
        assert shown(line).rules <= OURS
        assert not pings(line)
    assert "level asked" in lines[0]


def test_summaries_read_like_the_card() -> None:
    """Title, round, level, end and date; then stage by stage."""
    first, second = summary_lines(cards()["drill"])
    assert first == (
        "**Questions on fundamentals** · Drill · level asked: senior · completed · "
        "<t:1795195800:f> · revision 1"
    )
    assert second == "-# Fundamentals 2"


@pytest.mark.parametrize(
    ("blocks", "pages"),
    [
        ((), ()),
        (("one", "two"), ("one\n\ntwo",)),
        (("one two", "three four"), ("one two", "three four")),
        (("aaaa\nbbbb\ncccc\ndddd",), ("aaaa\nbbbb", "cccc\ndddd")),
        (("first word of a long line",), ("first word", "of a long", "line")),
    ],
)
def test_blocks_stay_whole_where_there_is_room(
    blocks: tuple[str, ...], pages: tuple[str, ...]
) -> None:
    """Pages break between blocks, else between lines, else between words."""
    assert fill_pages(blocks, 12) == pages


def test_everything_on_a_card_is_the_same_twice() -> None:
    """No clock and no chance: the same card gives the same message, by page or whole."""
    card = cards()["worst drill"]
    again = scorecard_view(card, 4, notes_of(card))
    door = Door("card", card.interview_id, card.revision)
    assert (
        again.to_components()
        == page_view(pages("worst drill"), 4, card_frame(card), door).to_components()
    )
