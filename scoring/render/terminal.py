"""The scorecard on a terminal. Colour repeats what symbol and word already say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from scoring.arithmetic import SumOutcome, SumReport
from scoring.comparison import Comparison
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
from scoring.render.comparison import comparison_sections
from scoring.render.judged import JUDGE_TITLE, judging_lines
from scoring.render.wording import (
    BEST_RATING,
    ENDING_WORDS,
    FAIRNESS,
    FAIRNESS_BASIS,
    GIVEN_WORDS,
    HOW_WORDS,
    KIND_WORDS,
    NO_SUM,
    NOT_SCORED,
    NOTHING_DETECTED,
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

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_COLOURS: Mapping[Verdict, str] = {
    Verdict.HIT: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.UNSURE: "yellow",
    Verdict.NOT_DETECTED: "bright_black",
    Verdict.MISSED: "red",
    Verdict.CONTRADICTED: "red",
    Verdict.NOT_REACHED: "bright_black",
}
_SUM_COLOURS: Mapping[SumOutcome, str] = {
    SumOutcome.CHECKED_OK: "green",
    SumOutcome.MISMATCH: "red",
    SumOutcome.NOT_CHECKABLE: "yellow",
}
_WORD_WIDTH = max(map(len, VERDICT_WORDS.values())) + 2


def render_terminal(card: Scorecard, console: Console, notes: CardNotes | None = None) -> None:
    """Print the card with the notes beside it.

    Text of others cannot colour, move or ring anything.
    """
    for part in _parts(card, notes):
        console.print(part)


def render_comparison(compared: Comparison, console: Console) -> None:
    """Print two cards side by side; text of others is as harmless as on a card."""
    for section in comparison_sections(compared):
        for part in _list(section.title, section.lines):
            console.print(part)


def _parts(card: Scorecard, notes: CardNotes | None) -> Iterator[RenderableType]:
    yield from _header(card)
    for held, labels in zip(card.rounds, labels_of(card, notes), strict=True):
        yield from _round(held, labels)
    yield from _delivery(card.delivery)
    yield from _fairness(card.fairness)
    yield from _practice(card)
    yield from _list(CORRECTED_TITLE, corrected_lines(card))
    yield from _list("Notices", all_notices(card, notes))
    yield from _list(JUDGE_TITLE, judging_lines(card))
    yield from _list(CONDUCT_TITLE, conduct_lines(card.conduct))
    yield ""
    yield _text(card.disclaimer, "italic")
    yield _text(SCALES, "italic")
    yield _text(card.limits, "italic")
    yield from (_text(line, "italic") for line in legend(card))


def _header(card: Scorecard) -> Iterator[RenderableType]:
    from rich.panel import Panel

    facts = (
        f"{when(card.started_at)} · {ENDING_WORDS[card.ending]}",
        f"level asked: {card.level.value} · style: {card.style} · engine: {card.engine}"
        f"{f' · judge: {card.judging.model}' if card.judging else ''}"
        f" · cost: {dollars(card.cost_usd)} · revision {card.revision}",
    )
    yield Panel(_text("\n".join(facts)), title=_text(card_title(card), "bold"), title_align="left")


def _round(held: RoundCard, labels: Labels) -> Iterator[RenderableType]:
    from rich.rule import Rule

    yield ""
    yield Rule(_text(f"{KIND_WORDS[held.kind]}: {held.title}", "bold"), align="left")
    for stage in held.stages:
        yield ""
        yield _stage_line(stage)
        if stage.reached:
            yield _text(f"  {stage.rating_reason}", "bright_black")
        if stage.reached or any(verdict.evidence for verdict in stage.verdicts):
            yield _concepts(stage.verdicts, labels)
        yield from _flags(stage, labels)
    if held.curveball is not None:
        yield from ("", _text("Curveball", "bold"), _text(f"  {held.curveball.text}"))
        yield _concepts(held.curveball.verdicts, labels)
    yield from _list(
        "Facts and assumptions",
        (f"{GIVEN_WORDS[given.kind]}, {given.topic}: {given.text}" for given in held.given),
    )
    yield from _sums(held.arithmetic, labels)
    yield from _board(held.board)


def _stage_line(stage: StageCard) -> RenderableType:
    line = _text(stage.title, "bold")
    number = rating_number(stage)
    filled = stage.rating or 0
    if number:
        line.append(f"  {'▰' * filled}{'▱' * (BEST_RATING - filled)} {number} ")
    else:
        line.append("  ")
    line.append(rating_words(stage))
    if number:
        line.append(f" · level {level_words(stage)}")
    if is_timed(stage):
        line.append(f" · {minutes(stage.spent_s)} of {minutes(stage.budget_s)} min")
    return line


def _concepts(verdicts: Iterable[ConceptVerdict], labels: Labels) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    table.add_column(width=2)
    table.add_column(width=_WORD_WIDTH, no_wrap=True)
    table.add_column(ratio=1)
    for verdict in verdicts:
        colour = _COLOURS[verdict.verdict]
        word = f"{VERDICT_SYMBOLS[verdict.verdict]} {VERDICT_WORDS[verdict.verdict]}"
        table.add_row("", _text(word, colour), _concept(verdict, labels))
    return table


def _concept(verdict: ConceptVerdict, labels: Labels) -> RenderableType:
    text = _text(verdict.statement)
    if verdict.how is not None:
        text.append(f" [{HOW_WORDS[verdict.how]}]", "cyan")
    if verdict.verdict is Verdict.NOT_DETECTED:
        text.append(f" [{NOTHING_DETECTED}]", "bright_black")
    if verdict.note:
        text.append(f" [{_clean(verdict.note)}]", "yellow")
    for line in labels.beside.get(verdict.key, ()):
        text.append(f"\n{line}", "magenta")
    for evidence in verdict.evidence:
        text.append(f"\n{_quote(evidence, labels)}", "bright_black")
    return text


def _flags(stage: StageCard, labels: Labels) -> Iterator[RenderableType]:
    for flag in stage.red_flags:
        state = "red flag" if flag.standing else "red flag, taken back"
        quote = _quote(flag.evidence, labels)
        yield _text(f"   ! {state}: {flag.statement} {quote}", "red" if flag.standing else "")


def _sums(report: SumReport | None, labels: Labels) -> Iterator[RenderableType]:
    if report is None:
        return
    yield from ("", _text("Cost arithmetic", "bold"))
    if not report.checks:
        yield _text(f"  {NO_SUM}", "bright_black")
    for check in report.checks:
        line = _text(
            f"  {SUM_SYMBOLS[check.outcome]} {SUM_WORDS[check.outcome]}: ",
            _SUM_COLOURS[check.outcome],
        )
        factor = f" {check.factor}" if check.factor else ""
        line.append(_clean(f"{_quote(check.claim, labels)} {check.explanation}{factor}"), "default")
        yield line


def _board(board: BoardSummary | None) -> Iterator[RenderableType]:
    if board is None:
        return
    parts = (
        ("shown", board.shown),
        ("arrows that were looked for", (f"{board.arrows} drawn",) if board.arrows else ()),
        ("not found on the board", board.not_found),
        ("speaks against it", board.objections),
    )
    yield from _list(
        "Whiteboard", (f"{name}: {', '.join(found)}" for name, found in parts if found)
    )


def _delivery(said: Delivery | None) -> Iterator[RenderableType]:
    if said is None:
        return
    yield from _list(NOT_SCORED, map(_figure, delivery_figures(said)))
    yield _text(f"  {delivery_basis(said)}", "bright_black")


def _fairness(held: Fairness | None) -> Iterator[RenderableType]:
    if held is None:
        return
    yield from _list(FAIRNESS, map(_figure, fairness_figures(held)))
    yield _text(f"  {FAIRNESS_BASIS}", "bright_black")


def _figure(one: Figure) -> str:
    return f"{one.title}: {one.value}" + (f"\n    {one.context}" if one.context else "")


def _practice(card: Scorecard) -> Iterator[RenderableType]:
    yield from _list(
        "Practise next",
        (
            f"{item.statement} ({item.stage_title}, {item.reason})\n"
            f"    Answer aloud: {item.question}"
            for item in card.practise_next
        ),
    )


def _list(title: str, items: Iterable[str]) -> Iterator[RenderableType]:
    listed = [_text(f"  • {item}") for item in items]
    if listed:
        yield from ("", _text(title, "bold"), *listed)


def _quote(evidence: Evidence, labels: Labels) -> str:
    where = "board" if evidence.element is not None else f"turn {labels.turns[evidence.turn_id]}"
    return f"“{' '.join(_clean(labels.quote(evidence)).split())}” ({where})"


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(_clean(text), style=style)


def _clean(text: str) -> str:
    """Without control and invisible characters, which could steer the terminal."""
    return strip_unseen(text)
