"""The sections of a scorecard, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.discord.text import safe_line
from bot.discord.views.card_words import (
    Reading,
    board_block,
    bullets,
    delivery_block,
    drawn_block,
    fairness_block,
    flag_block,
    given_block,
    practice_block,
    rating_summary,
    stage_head,
    stage_line,
    sums_block,
    turn_blocks,
    verdict_blocks,
)
from bot.discord.views.pages import Section
from scenarios.model import RoundKind
from scoring.conduct_report import TITLE as CONDUCT_TITLE
from scoring.conduct_report import conduct_lines
from scoring.render.beside import legend
from scoring.render.judged import JUDGE_TITLE, judging_lines
from scoring.render.wording import (
    FAIRNESS,
    KIND_WORDS,
    NOT_SCORED,
    SCALES,
    VERDICT_WORDS,
    WHOLE_ROUND_TITLE,
    dollars,
    tally,
)
from scoring.scorecard import CurveballCard, RoundCard, Scorecard, StageCard
from scoring.transcript import Speaker, Turn

FIRST_TO_PRACTISE = 3
OVERVIEW_OF_JUDGE = 3
"""Lines on the judge that stand on the first page; the rest is on the last."""


def card_sections(reading: Reading) -> Iterator[Section]:
    """Overview, stages, what was given, drawn and reckoned, delivery, practice, transcript.

    Delivery has how the bot let the candidate speak beside it. Then how the interviewer did, and
    how far to trust all this. What was not measured has no section.
    """
    card = reading.card
    yield _overview(card)
    for index, held in enumerate(card.rounds):
        yield from _round_sections(held, index, reading)
    if card.delivery is not None:
        yield Section("Delivery", (f"**{NOT_SCORED}.**", delivery_block(card.delivery)), NOT_SCORED)
    if card.fairness is not None:
        yield Section(FAIRNESS, (fairness_block(card.fairness),), "Figures about the bot")
    if len(card.practise_next) > FIRST_TO_PRACTISE:
        yield Section("All to practise next", (practice_block(card.practise_next),))
    yield from _transcripts(reading)
    if card.conduct is not None:
        lines = "\n".join(f"- {safe_line(line)}" for line in conduct_lines(card.conduct))
        yield Section(CONDUCT_TITLE, (lines,), "Questions, words, and what it did wrong")
    yield _trust(card)


def stage_title(held: RoundCard, stage: StageCard) -> str:
    """What a stage is called within its round; questions of a drill are numbered."""
    if held.kind is not RoundKind.DRILL or len(held.stages) == 1:
        return stage.title
    return f"Question {held.stages.index(stage) + 1}: {stage.title}"


def question_of(stage: StageCard, round_index: int, card: Scorecard) -> Turn | None:
    """The turn with which the interviewer opened the stage."""
    return next(
        (
            turn
            for turn in card.transcript
            if (turn.round_index, turn.stage) == (round_index, stage.name)
            and turn.speaker is Speaker.INTERVIEWER
        ),
        None,
    )


def _overview(card: Scorecard) -> Section:
    return Section(
        "Overview",
        tuple(
            block
            for block in (
                *_ratings(card),
                practice_block(card.practise_next[:FIRST_TO_PRACTISE]),
                bullets(JUDGE_TITLE, map(safe_line, judging_lines(card)[:OVERVIEW_OF_JUDGE])),
                bullets("Notices", map(safe_line, card.notices)),
                *_legends(card),
            )
            if block
        ),
        "Ratings, what to practise next, notices",
    )


def _ratings(card: Scorecard) -> Iterator[str]:
    for held in card.rounds:
        if len(card.rounds) > 1:
            yield f"### {KIND_WORDS[held.kind]}: {safe_line(held.title)}"
        yield from map(stage_line, held.stages)


def _round_sections(held: RoundCard, index: int, reading: Reading) -> Iterator[Section]:
    prefix = f"{held.title}: " if len(reading.card.rounds) > 1 else ""
    for stage in held.stages:
        title = f"{prefix}{stage_title(held, stage)}"
        blocks = tuple(_stage_blocks(held, stage, index, reading))
        yield Section(title, blocks, rating_summary(stage))
    if held.curveball is not None:
        yield _curveball(f"{prefix}Curveball", held.curveball, index, reading)
    found = (given_block(held), board_block(held.board), sums_block(held.arithmetic, reading))
    drawn = reading.boards.get(index)
    blocks = tuple(filter(None, (*found, drawn and drawn_block(drawn))))
    if blocks:
        yield Section(f"{prefix}Facts, board and arithmetic", blocks, picture=drawn)


def _stage_blocks(held: RoundCard, stage: StageCard, index: int, reading: Reading) -> Iterator[str]:
    asked = question_of(stage, index, reading.card)
    if held.kind is RoundKind.DRILL and asked is not None:
        yield f"> {safe_line(asked.text)}"
    yield stage_head(stage)
    yield from verdict_blocks(stage.verdicts, index, reading)
    if flags := flag_block(stage, reading):
        yield flags


def _curveball(title: str, curveball: CurveballCard, index: int, reading: Reading) -> Section:
    verdicts = verdict_blocks(curveball.verdicts, index, reading)
    counts = ", ".join(
        f"{count} {VERDICT_WORDS[kind]}" for kind, count in tally(curveball.verdicts)
    )
    return Section(title, (f"> {safe_line(curveball.text)}", *verdicts), counts)


def _transcripts(reading: Reading) -> Iterator[Section]:
    card = reading.card
    for index, turns in groupby(card.transcript, key=lambda turn: turn.round_index):
        several = len(card.rounds) > 1 and index < len(card.rounds)
        name = f"Transcript: {card.rounds[index].title}" if several else "Transcript"
        passages = (*_legends(card), *_passages(tuple(turns), index, reading))
        yield Section(name, passages, "Every word of both")


def _legends(card: Scorecard) -> Iterator[str]:
    """What the marks on doubtful words mean, where there are any."""
    return (f"-# {safe_line(line)}" for line in legend(card))


def _passages(turns: tuple[Turn, ...], index: int, reading: Reading) -> Iterator[str]:
    card = reading.card
    titles = {
        stage.name: stage_title(held, stage)
        for held in card.rounds[index : index + 1]
        for stage in held.stages
    }
    for name, said in groupby(turns, key=lambda turn: turn.stage):
        title = safe_line(titles.get(name, name or WHOLE_ROUND_TITLE))
        blocks = [block for turn in said for block in turn_blocks(turn, reading)]
        yield f"### {title}\n{blocks[0]}"
        yield from blocks[1:]


def _trust(card: Scorecard) -> Section:
    facts = (
        f"Engine: {safe_line(card.engine)}",
        f"Style: {safe_line(card.style)}",
        f"Cost: {safe_line(dollars(card.cost_usd))}",
        f"Content: {safe_line(card.pack_hash) or 'unknown'}",
        f"Revision {card.revision}",
    )
    return Section(
        "How far to trust this",
        (
            *map(safe_line, (card.disclaimer, SCALES, card.limits)),
            bullets("Made by", (*facts, *map(safe_line, judging_lines(card)))),
        ),
        "What the ratings mean and what they do not",
    )
