"""Parts of a scorecard in Discord's Markdown, in the words that every form of the card uses.

What candidates, packs and reviewers wrote goes through `safe_line`. A symbol stands beside a word
always, and nothing is said by colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.discord.text import bar, moment, safe, safe_cut, safe_line, split_message
from bot.discord.views.pages import Picture
from scoring.arithmetic import SumReport
from scoring.conversation import Fairness
from scoring.corrections import corrected_words
from scoring.disputes import NO_NOTES, CardNotes, Dispute, ReviewerRole
from scoring.drawn import BoardSummary
from scoring.practice import PracticeItem
from scoring.render.beside import change_words, how_it_came, marked_quote
from scoring.render.judged import judged_lines
from scoring.render.wording import (
    BEST_RATING,
    FAIRNESS_BASIS,
    GIVEN_WORDS,
    HOW_WORDS,
    NO_SUM,
    SUM_SYMBOLS,
    SUM_WORDS,
    VERDICT_SYMBOLS,
    VERDICT_WORDS,
    Figure,
    delivery_basis,
    delivery_figures,
    fairness_figures,
    is_timed,
    level_words,
    minutes,
    rating_number,
    rating_words,
    turn_numbers,
)
from scoring.scorecard import RoundCard, Scorecard, StageCard
from scoring.speech import Delivery
from scoring.transcript import Speaker, Turn
from scoring.uncertain import marked
from scoring.verdicts import ConceptVerdict, Evidence, HowObtained, Verdict

LONGEST_QUOTE = 500
"""Characters of a quote beside a verdict; the whole answer is in the transcript."""

TURN_PIECE = 1200
"""Characters of an answer under one heading in the transcript."""

_ROLES: Mapping[ReviewerRole, str] = {
    ReviewerRole.OWNER: "The group's owner",
    ReviewerRole.REVIEWER: "A reviewer",
}


NO_BOARDS: Mapping[int, Picture] = {}


class Reading(NamedTuple):
    """A card as somebody reads it: `candidate` is what the candidate is called.

    `numbers` is what each turn is called, `corrected` which turns were corrected, `said` are the
    turns by their ids, `judged` is what a judge's samples add to the verdicts of each round.
    `boards` are the last boards of rounds, by their indexes, where they can be shown.
    """

    card: Scorecard
    notes: CardNotes
    candidate: str
    numbers: Mapping[str, int]
    corrected: frozenset[str]
    said: Mapping[str, Turn]
    judged: tuple[Mapping[str, tuple[str, ...]], ...]
    boards: Mapping[int, Picture]


def read_card(
    card: Scorecard,
    notes: CardNotes = NO_NOTES,
    candidate: str = "You",
    boards: Mapping[int, Picture] = NO_BOARDS,
) -> Reading:
    """The card with what is noted beside it."""
    corrected = frozenset(turn.id for turn in card.transcript if turn.original is not None)
    judged = tuple(judged_lines(card, index) for index in range(len(card.rounds)))
    said = {turn.id: turn for turn in card.transcript}
    return Reading(card, notes, candidate, turn_numbers(card), corrected, said, judged, boards)


def stage_line(stage: StageCard) -> str:
    """Rating, level and time of a stage on one line, and how much was found below it."""
    line = f"**{safe_line(stage.title)}** {rating_text(stage)}"
    if rating_number(stage):
        line += f" · level shown: {level_words(stage)}"
    if is_timed(stage):
        line += f" · {minutes(stage.spent_s)} of {minutes(stage.budget_s)} min"
    return "\n".join((line, *_found(stage)))


def rating_text(stage: StageCard) -> str:
    """`▰▰▰▱ 3, meets the level`."""
    number = rating_number(stage)
    if not number:
        return rating_words(stage)
    filled = bar((stage.rating or 0) / BEST_RATING, BEST_RATING)
    return f"{filled} {number}, {rating_words(stage)}"


def rating_summary(stage: StageCard) -> str:
    """`3, meets the level`, for menus and lists."""
    number = rating_number(stage)
    return f"{number}, {rating_words(stage)}" if number else rating_words(stage)


def stage_head(stage: StageCard) -> str:
    """What stands above the verdicts of a stage: the rating, why, and how much was found.

    The anchor that the pack has for the rating is not shown: it describes a usual answer of that
    rating, and beside somebody's own words it would read as a claim about them.
    """
    lines = [
        f"**{rating_text(stage)}.** {safe_line(stage.rating_reason)}".rstrip(),
        *_found(stage),
    ]
    if rating_number(stage):
        lines.append(f"-# Level shown: {level_words(stage)}")
    if is_timed(stage):
        lines.append(f"-# Time: {minutes(stage.spent_s)} of {minutes(stage.budget_s)} min")
    return "\n".join(lines)


def verdict_blocks(
    verdicts: Iterable[ConceptVerdict], round_index: int, reading: Reading
) -> Iterator[str]:
    """Each verdict with its quotes, and what people noted beside it."""
    for verdict in verdicts:
        yield "\n".join(_verdict_lines(verdict, round_index, reading))


def flag_block(stage: StageCard, reading: Reading) -> str:
    """The red flags of a stage; empty where there are none."""
    return bullets(
        "Red flags",
        (
            f"{'standing' if flag.standing else 'taken back'}: {safe_line(flag.statement)}"
            f" — {cited(flag.evidence, reading)}"
            for flag in stage.red_flags
        ),
    )


def given_block(held: RoundCard) -> str:
    """Facts given and assumptions agreed."""
    return bullets(
        "Facts and assumptions",
        (
            f"{GIVEN_WORDS[given.kind]}, {safe_line(given.topic)}: {safe_line(given.text)}"
            for given in held.given
        ),
    )


def sums_block(report: SumReport | None, reading: Reading) -> str:
    """The sums that were checked; empty where none had to be."""
    if report is None:
        return ""
    checks = [
        f"**{SUM_SYMBOLS[check.outcome]} {SUM_WORDS[check.outcome]}**: "
        f"{cited(check.claim, reading)} {safe_line(check.explanation)}"
        + (f" {safe_line(check.factor)}" if check.factor else "")
        for check in report.checks
    ]
    return bullets("Cost arithmetic", checks or [NO_SUM])


def board_block(board: BoardSummary | None) -> str:
    """What the board showed of what was looked for."""
    if board is None:
        return ""
    parts = (
        ("shown", board.shown),
        ("arrows that were looked for", (f"{board.arrows} drawn",) if board.arrows else ()),
        ("not found on the board", board.not_found),
        ("speaks against it", board.objections),
    )
    found = (f"{name}: {', '.join(map(safe_line, items))}" for name, items in parts if items)
    return bullets("Whiteboard", found)


def drawn_block(drawn: Picture) -> str:
    """What stands above the picture of the board, or in its place."""
    if drawn.file:
        return "**The board as it stood at the end**, below."
    return f"**The board as it stood at the end.** {safe_line(drawn.words)}"


def delivery_block(said: Delivery) -> str:
    """What was measured of how it was said."""
    return _figures(delivery_figures(said), delivery_basis(said))


def fairness_block(held: Fairness) -> str:
    """How the bot let the candidate speak."""
    return _figures(fairness_figures(held), FAIRNESS_BASIS)


def _figures(figures: Iterable[Figure], basis: str) -> str:
    lines = [
        f"- {safe_line(one.title)}: {safe_line(one.value)}"
        + (f"\n-# {safe_line(one.context)}" if one.context else "")
        for one in figures
    ]
    return "\n".join((*lines, "", f"-# {safe_line(basis)}"))


def practice_block(items: Iterable[PracticeItem]) -> str:
    """What to practise next, each with a question to answer aloud."""
    return bullets(
        "Practise next",
        (
            f"**{safe_line(item.statement)}** "
            f"({safe_line(item.stage_title)}, {safe_line(item.reason)}). "
            f"Answer aloud: {safe_line(item.question)}"
            for item in items
        ),
    )


def turn_blocks(turn: Turn, reading: Reading) -> Iterator[str]:
    """One utterance, in several pieces where it is long; a correction says what it changed."""
    own = turn.speaker is Speaker.CANDIDATE
    name = safe_line(reading.candidate) if own else "Interviewer"
    head = f"**{reading.numbers[turn.id]} · {name}**"
    for index, piece in enumerate(split_message(safe(marked(turn)), TURN_PIECE) or ("–",)):
        more = " (continued)" if index else (" (corrected)" if turn.id in reading.corrected else "")
        yield f"{head}{more}\n> " + piece.replace("\n", "\n> ")
    changes = [f"-# {safe_line(change_words(change))}" for change in corrected_words(turn)]
    if changes:
        head = f"-# Corrected in {reading.numbers[turn.id]}, as {how_it_came(turn)} first:"
        yield "\n".join((head, *changes))


def bullets(title: str, items: Iterable[str]) -> str:
    """A titled list; empty where there are no items."""
    listed = [f"- {item}" for item in items]
    return "\n".join((f"### {title}", *listed)) if listed else ""


def cited(evidence: Evidence, reading: Reading) -> str:
    """The quote on one line with its place: the turn, or the board."""
    quoted = safe_cut(marked_quote(evidence, reading.said), LONGEST_QUOTE)
    return f"“{quoted}” ({_place(evidence, reading)})"


def _place(evidence: Evidence, reading: Reading) -> str:
    if evidence.element is not None:
        return "on the board"
    mark = ", corrected" if evidence.turn_id in reading.corrected else ""
    return f"turn {reading.numbers[evidence.turn_id]}{mark}"


def _found(stage: StageCard) -> Iterator[str]:
    """How many of the stage's concepts are hits, and what it took to get them."""
    if not rating_number(stage):
        return
    hits = [one for one in stage.verdicts if one.verdict is Verdict.HIT]
    probed = sum(one.how is HowObtained.PROBED for one in hits)
    hinted = sum(one.how is HowObtained.HINTED for one in hits)
    words = f"-# {len(hits)} of {len(stage.verdicts)} found"
    words += f", {probed} of them after a follow-up" if probed else ""
    words += f", {hinted} after a hint" if hinted else ""
    yield words


def _verdict_lines(verdict: ConceptVerdict, round_index: int, reading: Reading) -> Iterator[str]:
    how = f", {HOW_WORDS[verdict.how]}" if verdict.how else ""
    proves = " (proves nothing)" if verdict.verdict is Verdict.NOT_DETECTED else ""
    yield f"**{verdict_word(verdict.verdict)}{how}**{proves}: {safe_line(verdict.statement)}"
    for evidence in verdict.evidence:
        yield f"> {cited(evidence, reading)}"
    if verdict.note:
        yield f"-# {safe_line(verdict.note)}"
    for line in reading.judged[round_index].get(verdict.key, ()):
        yield f"-# {safe_line(line)}"
    dispute = reading.notes.dispute_of(reading.card.revision, round_index, verdict.key)
    if dispute is not None:
        yield from _dispute_lines(dispute, reading.notes)


def verdict_word(verdict: Verdict) -> str:
    """`✓ hit`."""
    return f"{VERDICT_SYMBOLS[verdict]} {VERDICT_WORDS[verdict]}"


def _dispute_lines(dispute: Dispute, notes: CardNotes) -> Iterator[str]:
    yield f"-# Disputed {moment(dispute.at, 'R')}: “{safe_line(dispute.reason)}”"
    for one in notes.overrides_of(dispute):
        said = f"{verdict_word(one.verdict)}. “{safe_line(one.reason)}”"
        yield f"-# {_ROLES[one.by_role]} says: {said} The verdict above stays as it was."
