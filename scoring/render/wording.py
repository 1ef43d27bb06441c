"""The words of a scorecard, shared by every form. Symbols always stand beside a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scenarios.model import RoundKind
from scoring.arithmetic import SumOutcome
from scoring.conversation import Fairness
from scoring.record import Ending, GivenKind
from scoring.scorecard import RoundCard, Scorecard, StageCard
from scoring.speech import LONG_PAUSE_S, USUAL, Delivery, Usual
from scoring.verdicts import ConceptVerdict, Evidence, HowObtained, Verdict

VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.HIT: "hit",
    Verdict.PARTIAL: "partial",
    Verdict.UNSURE: "unsure",
    Verdict.NOT_DETECTED: "not detected",
    Verdict.MISSED: "missed",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.NOT_REACHED: "not reached",
}
VERDICT_SYMBOLS: Mapping[Verdict, str] = {
    Verdict.HIT: "✓",
    Verdict.PARTIAL: "◐",
    Verdict.UNSURE: "?",
    Verdict.NOT_DETECTED: "–",
    Verdict.MISSED: "✗",
    Verdict.CONTRADICTED: "≠",
    Verdict.NOT_REACHED: "○",
}
HOW_WORDS: Mapping[HowObtained, str] = {
    HowObtained.UNPROMPTED: "unprompted",
    HowObtained.PROBED: "after a follow-up",
    HowObtained.HINTED: "after a hint",
}
RATING_WORDS: Mapping[int, str] = {
    1: "nothing usable, or unsafe",
    2: "partly, or only with help",
    3: "meets the level",
    4: "leads",
}
KIND_WORDS: Mapping[RoundKind, str] = {
    RoundKind.DESIGN: "System design",
    RoundKind.BEHAVIOURAL: "Behavioural",
    RoundKind.DRILL: "Drill",
}
ENDING_WORDS: Mapping[Ending, str] = {
    Ending.COMPLETED: "completed",
    Ending.ENDED_EARLY: "ended early",
    Ending.TIME_UP: "time was up",
}
GIVEN_WORDS: Mapping[GivenKind, str] = {
    GivenKind.FACT: "fact given",
    GivenKind.ASSUMPTION: "assumption agreed",
}
SUM_WORDS: Mapping[SumOutcome, str] = {
    SumOutcome.CHECKED_OK: "checks out",
    SumOutcome.MISMATCH: "does not fit",
    SumOutcome.NOT_CHECKABLE: "not checkable",
}
SUM_SYMBOLS: Mapping[SumOutcome, str] = {
    SumOutcome.CHECKED_OK: "✓",
    SumOutcome.MISMATCH: "≠",
    SumOutcome.NOT_CHECKABLE: "?",
}

NO_SUM = "No sum found: no cost calculation with a stated result was recognised."
NO_LEVEL = "not yet shown"
NOT_SCORED = "Delivery is not part of the score"
FAIRNESS = "Was the bot fair to you?"
FAIRNESS_BASIS = (
    "These figures are about the bot, not about you. Where it often cut in, allow for that in what "
    "the card says of your answers."
)
WHOLE_ROUND_TITLE = "All stages together"
SCALES = (
    "Rating: how much of what the level asks was shown, and with how much help. A range counts "
    "unsure findings too. Level shown: the highest level whose own concepts, and those of every "
    "level below, are hit to 70 % of their weight."
)
NOTHING_DETECTED = "not detected (proves nothing)"
BEST_RATING = max(RATING_WORDS)


def rating_number(stage: StageCard) -> str:
    """`3`, `2–3` where the unsure verdicts would change it, or an empty string."""
    if stage.rating is None:
        return ""
    if stage.rating_high is None or stage.rating_high == stage.rating:
        return str(stage.rating)
    return f"{stage.rating}–{stage.rating_high}"


def rating_words(stage: StageCard) -> str:
    """What the rating means, in words."""
    if stage.rating is None:
        return "not rated" if stage.reached else "not reached"
    return RATING_WORDS[stage.rating]


def level_words(stage: StageCard) -> str:
    """The level that was shown, as a range where the unsure verdicts would change it."""
    if stage.rating is None:
        return "–"
    low, high = stage.level_low, stage.level_high
    if low is None:
        return NO_LEVEL if high is None else f"{NO_LEVEL}, perhaps {high.value}"
    return low.value if high is None or low is high else f"{low.value} to {high.value}"


def minutes(seconds: float) -> str:
    """`4:05` for 245 seconds."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


@dataclass(frozen=True)
class Figure:
    """A line about the delivery; `context` is what is usual, empty where nothing is known."""

    title: str
    value: str
    context: str = ""


def delivery_figures(said: Delivery) -> Iterator[Figure]:
    """What was measured, in words, without any judgement."""
    pace, fillers = USUAL["words_per_minute"], USUAL["fillers_per_minute"]
    yield Figure("Pace", f"{said.words_per_minute:.0f} words a minute", _usual(pace))
    if said.articulation_per_minute is not None:
        value = f"{said.articulation_per_minute:.0f} words a minute"
        yield Figure("Pace between pauses", value)
    per_100 = said.fillers_per_100_words
    beside = "" if per_100 is None else f", {per_100:g} in 100 words"
    yield Figure("Fillers", f"{said.fillers_per_minute:g} a minute{beside}", _usual(fillers))
    if said.hedges_per_100_words is not None:
        yield Figure("Hedges", f"{said.hedges_per_100_words:g} in 100 words")
    if said.median_pause_s is not None:
        yield Figure("Pauses within answers", f"{said.median_pause_s:g} s in the middle")
    value = f"{said.long_pauses_per_minute:g} a minute, {said.long_pause_share:.0%} of the time"
    convention = f"{LONG_PAUSE_S:g} s is our convention, no norm"
    yield Figure(f"Pauses over {LONG_PAUSE_S:g} s", value, convention)
    if said.talk_share is not None:
        yield Figure("Your share of the words", f"{said.talk_share:.0%}")
    if said.answer_latency_s is not None:
        yield Figure("Before an answer begins", f"{said.answer_latency_s:g} s in the middle")


def _usual(usual: Usual) -> str:
    return f"{usual.words} ({usual.source})"


def delivery_basis(said: Delivery) -> str:
    """What the figures stand on, and how far they can be trusted."""
    return (
        f"From {minutes(said.speaking_s)} min of speech. Transcription drops many fillers, so "
        "their number is a lower bound."
    )


def fairness_figures(held: Fairness) -> Iterator[Figure]:
    """How the bot let the candidate speak, in words."""
    if held.median_wait_s is not None and held.longest_wait_s is not None:
        answers = "1 answer" if held.waits == 1 else f"{held.waits} answers"
        yield Figure(
            "The bot waited",
            f"{held.median_wait_s:g} s as a rule (median), "
            f"{held.longest_wait_s:g} s at the longest",
            f"from your last word to its first, {answers}",
        )
    over = "you went on within a second of its first word: it had begun too early"
    yield Figure("It spoke over you", _times(held.spoke_over, held.utterances), over)
    later = "later than that, and counted apart"
    yield Figure("You interrupted it", _times(held.interrupted, held.utterances), later)


def _times(count: int, of: int) -> str:
    often = {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
    return f"{often} in the {of} times it spoke" if of > 1 else often


def is_timed(stage: StageCard) -> bool:
    """Whether there was a clock; a written answer has none."""
    return stage.reached and stage.budget_s > 0


def when(moment: datetime) -> str:
    """`21 November 2026, 09:30 UTC`."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def dollars(usd: float) -> str:
    """`$0.00` and above; below a cent with four places."""
    return f"${usd:.4f}" if 0 < usd < 0.01 else f"${usd:,.2f}"


def tally(verdicts: tuple[ConceptVerdict, ...]) -> list[tuple[Verdict, int]]:
    """How often each verdict occurs, in the order of the scale; a count, not a score."""
    counts = [(kind, sum(1 for one in verdicts if one.verdict is kind)) for kind in Verdict]
    return [(kind, count) for kind, count in counts if count]


def card_title(card: Scorecard) -> str:
    """The rounds' titles in a row."""
    return " · ".join(held.title for held in card.rounds) or "Interview"


def turn_numbers(card: Scorecard) -> dict[str, int]:
    """What each turn is called on the card, counted from 1."""
    return {turn.id: turn.index + 1 for turn in card.transcript}


def all_evidence(card: Scorecard) -> Iterator[Evidence]:
    """Every quote of the card that is a slice of a turn."""
    for held in card.rounds:
        yield from (one for one in _round_evidence(held) if one.element is None)


def _round_evidence(held: RoundCard) -> Iterator[Evidence]:
    for stage in held.stages:
        for verdict in stage.verdicts:
            yield from verdict.evidence
        yield from (flag.evidence for flag in stage.red_flags)
    for verdict in held.curveball.verdicts if held.curveball else ():
        yield from verdict.evidence
    yield from (check.claim for check in (held.arithmetic.checks if held.arithmetic else ()))
