"""The scorecard as Markdown. What candidates and packs wrote is escaped: it stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scoring.arithmetic import SumReport
from scoring.conduct_report import TITLE as CONDUCT_TITLE
from scoring.conduct_report import conduct_lines
from scoring.conversation import Fairness
from scoring.disputes import CardNotes
from scoring.drawn import BoardSummary
from scoring.render.beside import (
    CORRECTED_TITLE,
    Labels,
    all_notices,
    corrected_lines,
    labels_of,
    legend,
)
from scoring.render.judged import JUDGE_TITLE, judging_lines
from scoring.render.wording import (
    ENDING_WORDS,
    FAIRNESS,
    FAIRNESS_BASIS,
    GIVEN_WORDS,
    HOW_WORDS,
    KIND_WORDS,
    NO_SUM,
    NOT_SCORED,
    SCALES,
    SUM_SYMBOLS,
    SUM_WORDS,
    VERDICT_SYMBOLS,
    VERDICT_WORDS,
    Figure,
    card_title,
    delivery_basis,
    delivery_figures,
    dollars,
    fairness_figures,
    is_timed,
    level_words,
    minutes,
    rating_number,
    rating_words,
    when,
)
from scoring.scorecard import RoundCard, Scorecard, StageCard
from scoring.speech import Delivery
from scoring.verdicts import ConceptVerdict, Evidence, Verdict
from whiteboard.board import strip_unseen

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&@!$])")
_AUTOLINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
_LIST_MARK = re.compile(r"^(\d*)([-+=.)])")


def render_markdown(card: Scorecard, notes: CardNotes | None = None) -> str:
    """The whole card but the transcript, with the notes beside it; the same gives the same text."""
    return "\n".join(_lines(card, notes)) + "\n"


def escape(text: str) -> str:
    """`text` on one line and without any meaning as Markdown: no link, tag, mention or list."""
    line = " ".join(strip_unseen(text).split())
    line = _SPECIAL.sub(r"\\\1", line)
    line = _AUTOLINK.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", line)
    return _LIST_MARK.sub(r"\1\\\2", line)


def _lines(card: Scorecard, notes: CardNotes | None) -> Iterator[str]:
    yield f"# Scorecard: {escape(card_title(card))}"
    yield ""
    yield f"> {card.disclaimer}"
    yield f"> {SCALES}"
    yield f"> {card.limits}"
    yield from (f"> {escape(line)}" for line in legend(card))
    yield ""
    yield " · ".join(_facts(card))
    yield ""
    yield from _bullets("Notices", map(escape, all_notices(card, notes)), level=2)
    yield from _bullets(CORRECTED_TITLE, map(escape, corrected_lines(card)), level=2)
    for held, labels in zip(card.rounds, labels_of(card, notes), strict=True):
        yield from _round(held, labels)
    yield from _delivery(card.delivery)
    yield from _fairness(card.fairness)
    yield from _practice(card)
    yield from _bullets(JUDGE_TITLE, map(escape, judging_lines(card)), level=2)
    yield from _bullets(CONDUCT_TITLE, map(escape, conduct_lines(card.conduct)), level=2)


def _facts(card: Scorecard) -> Iterator[str]:
    yield when(card.started_at)
    yield f"level asked: {card.level.value}"
    yield f"style: {escape(card.style)}"
    yield ENDING_WORDS[card.ending]
    yield f"engine: {escape(card.engine)}"
    if card.judging is not None:
        yield f"judge: {escape(card.judging.model)}"
    yield f"cost: {escape(dollars(card.cost_usd))}"
    yield f"revision {card.revision}"


def _round(held: RoundCard, labels: Labels) -> Iterator[str]:
    yield f"## {KIND_WORDS[held.kind]}: {escape(held.title)}"
    yield ""
    yield "| Stage | Rating | Level shown | Time spent of budget |"
    yield "|---|---|---|---|"
    for stage in held.stages:
        rating = f"{rating_number(stage)} {rating_words(stage)}".strip()
        time = _time(stage)
        yield f"| {escape(stage.title)} | {rating} | {level_words(stage)} | {time} |"
    yield ""
    for stage in held.stages:
        yield from _stage(stage, labels)
    if held.curveball is not None:
        yield "### Curveball"
        yield ""
        yield escape(held.curveball.text)
        yield ""
        yield from _concepts(held.curveball.verdicts, labels)
    yield from _given(held)
    yield from _sums(held.arithmetic, labels)
    yield from _board(held.board)


def _time(stage: StageCard) -> str:
    """Time spent of the budget; a dash where no clock ran."""
    if stage.reached and not is_timed(stage):
        return "–"
    return f"{minutes(stage.spent_s)} of {minutes(stage.budget_s)}"


def _stage(stage: StageCard, labels: Labels) -> Iterator[str]:
    yield f"### {escape(stage.title)}"
    yield ""
    number = rating_number(stage)
    head = f"**{number}, {rating_words(stage)}.**" if number else f"**{rating_words(stage)}.**"
    yield f"{head} {stage.rating_reason}"
    if stage.anchor:
        yield f"What a {stage.rating} stands for in this stage: {escape(stage.anchor)}"
    yield ""
    yield from _concepts(stage.verdicts, labels)
    flags = (
        f"{'standing' if flag.standing else 'taken back'}: {escape(flag.statement)}"
        f" — {_quote(flag.evidence, labels)}"
        for flag in stage.red_flags
    )
    yield from _bullets("Red flags", flags)


def _concepts(verdicts: Iterable[ConceptVerdict], labels: Labels) -> Iterator[str]:
    for verdict in verdicts:
        how = f", {HOW_WORDS[verdict.how]}" if verdict.how else ""
        word = f"{VERDICT_SYMBOLS[verdict.verdict]} {VERDICT_WORDS[verdict.verdict]}{how}"
        proves = " (proves nothing)" if verdict.verdict is Verdict.NOT_DETECTED else ""
        note = f" *{escape(verdict.note)}*" if verdict.note else ""
        yield f"- **{word}**{proves}: {escape(verdict.statement)}{note}"
        for line in labels.beside.get(verdict.key, ()):
            yield f"  - *{escape(line)}*"
        for evidence in verdict.evidence:
            yield f"  - {_quote(evidence, labels)}"
    yield ""


def _quote(evidence: Evidence, labels: Labels) -> str:
    where = (
        "on the board" if evidence.element is not None else f"turn {labels.turns[evidence.turn_id]}"
    )
    return f"“{escape(labels.quote(evidence))}” ({where})"


def _given(held: RoundCard) -> Iterator[str]:
    items = (
        f"{GIVEN_WORDS[given.kind]}, {escape(given.topic)}: {escape(given.text)}"
        for given in held.given
    )
    yield from _bullets("Facts and assumptions", items)


def _sums(report: SumReport | None, labels: Labels) -> Iterator[str]:
    if report is None:
        return
    items = [
        f"**{SUM_SYMBOLS[check.outcome]} {SUM_WORDS[check.outcome]}**: "
        f"{_quote(check.claim, labels)} {escape(check.explanation)}"
        + (f" {escape(check.factor)}" if check.factor else "")
        for check in report.checks
    ]
    yield from _bullets("Cost arithmetic", items or [NO_SUM])


def _board(board: BoardSummary | None) -> Iterator[str]:
    if board is None:
        return
    parts = (
        ("shown", board.shown),
        ("arrows that were looked for", (f"{board.arrows} drawn",) if board.arrows else ()),
        ("not found on the board", board.not_found),
        ("speaks against it", board.objections),
    )
    items = (f"{name}: {', '.join(map(escape, found))}" for name, found in parts if found)
    yield from _bullets("Whiteboard", items)


def _delivery(said: Delivery | None) -> Iterator[str]:
    if said is None:
        return
    yield from _bullets(NOT_SCORED, map(_figure, delivery_figures(said)), level=2)
    yield escape(delivery_basis(said))
    yield ""


def _fairness(held: Fairness | None) -> Iterator[str]:
    if held is None:
        return
    yield from _bullets(FAIRNESS, map(_figure, fairness_figures(held)), level=2)
    yield escape(FAIRNESS_BASIS)
    yield ""


def _figure(one: Figure) -> str:
    context = f". *{escape(one.context)}*" if one.context else ""
    return f"{escape(one.title)}: {escape(one.value)}{context}"


def _practice(card: Scorecard) -> Iterator[str]:
    items = (
        f"**{escape(item.statement)}** ({escape(item.stage_title)}, {item.reason}). "
        f"Answer aloud: {escape(item.question)}"
        for item in card.practise_next
    )
    yield from _bullets("Practise next", items, level=2)


def _bullets(title: str, items: Iterable[str], level: int = 3) -> Iterator[str]:
    """A titled list; nothing at all where there are no items."""
    listed = [f"- {item}" for item in items]
    if listed:
        yield f"{'#' * level} {title}"
        yield ""
        yield from listed
        yield ""
