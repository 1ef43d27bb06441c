"""Stage ratings and level ranges, from verdicts alone.

Both are read twice: once counting hits only, once counting hits and unsure verdicts. The first is
what was shown for certain, the second what may have been shown; the card gives the range.

Rating of a stage, first rule that applies (`expected` are the concepts at or below the level that
was asked for, or all of them where none is that low; shares are shares of their weight):

| rating | rule |
|---|---|
| none | the stage was not opened, or it holds neither an answer nor evidence |
| 1 | unsafe: a weight-3 concept stands contradicted |
| 1 | unsafe: a red flag stands and no weight-3 concept was hit beside it |
| none | a judge abstained from more than 50 % of the expected weight |
| 1 | no hit of weight 2 or 3 in the whole stage |
| 2 | any other red flag stands |
| 2 | less than 60 % of the expected weight was hit, counting one hinted hit at most (the nudge) |
| 2 | less than 30 % of it was hit unprompted: most of the answer had to be asked for |
| 4 | volunteered, quantified, and either an unprompted hit above the level or *weighed* |
| 3 | everything else |

*Volunteered* means that nothing is contradicted, nothing took a hint, no red flag was raised (taken
back or not), and 80 % of the expected weight was hit unprompted. *Quantified* means that a turn of
the stage with evidence of it holds a figure with its unit; *weighed*, that the evidence, its
sentence or the one before or after it compares, rejects, trades or revises, or that such a turn
turns an alternative down by name.

An unsure verdict without evidence, which is a judge's abstention, counts in neither reading, and
neither does a partial one.

A further hit that took no hint never lowers a rating. Length, style and sums of points play no
part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from scenarios.model import LEVELS, Level, level_rank
from scoring.verdicts import ConceptVerdict, HowObtained, Verdict

MEETS_SHARE = 0.6
MEETS_UNPROMPTED_SHARE = 0.3
LEADS_SHARE = 0.8
LEVEL_SHARE = 0.7
UNDECIDED_SHARE = 0.5

HITS_ONLY: frozenset[Verdict] = frozenset({Verdict.HIT})
HITS_AND_UNSURE: frozenset[Verdict] = frozenset({Verdict.HIT, Verdict.UNSURE})


def is_abstention(verdict: ConceptVerdict) -> bool:
    """Whether a judge claimed nothing that could be verified: unsure, without any evidence."""
    return verdict.verdict is Verdict.UNSURE and not verdict.evidence


@dataclass(frozen=True)
class StageFacts:
    """What the rating of one stage depends on.

    `answered` is true where the candidate said something in the stage; `quantified` where a turn
    with evidence of the stage holds a figure that quantifies, `weighed` where the words at a piece
    of evidence compare or revise (`weighs`) or its turn turns something down (`decides`);
    `standing_flags` counts the red flags that were not taken back.
    """

    verdicts: tuple[ConceptVerdict, ...]
    asked: Level
    answered: bool = True
    quantified: bool = False
    weighed: bool = False
    standing_flags: int = 0
    raised_flags: int = 0


@dataclass(frozen=True)
class StageRating:
    """The rating as a range (`low` from hits only) with the rule that decided `low`."""

    low: int | None
    high: int | None
    reason: str


NOT_OPENED = StageRating(None, None, "The interview did not get to this stage.")


@dataclass(frozen=True)
class LevelRange:
    """The level shown for certain and the level that may have been shown; None: not yet shown."""

    low: Level | None
    high: Level | None


def rate_stage(facts: StageFacts) -> StageRating:
    """The rating of an opened stage by the table above, as a range."""
    if not facts.answered and not _evidenced(facts.verdicts):
        return StageRating(None, None, "Opened, but nothing was said in it.")
    if _is_undecided(facts) and _unsafe(facts, _hits(facts, HITS_ONLY)) is None:
        return StageRating(None, None, "The judge abstained from most of it, so it is not rated.")
    low, reason = _rating(facts, HITS_ONLY)
    high, _ = _rating(facts, HITS_AND_UNSURE)
    return StageRating(low, high, reason)


def _is_undecided(facts: StageFacts) -> bool:
    """Whether more than half of the expected weight has no verdict: a low mark would be made up."""
    expected = _expected(facts)
    abstained = _weight(one for one in expected if is_abstention(one))
    return abstained > UNDECIDED_SHARE * _weight(expected)


def level_range(verdicts: Sequence[ConceptVerdict]) -> LevelRange:
    """The level of a stage, read from hits only and from hits with unsure verdicts."""
    return LevelRange(level_shown(verdicts, HITS_ONLY), level_shown(verdicts, HITS_AND_UNSURE))


def level_shown(verdicts: Sequence[ConceptVerdict], counted: Collection[Verdict]) -> Level | None:
    """The highest level whose concepts, and those of every level below, are 70 % hit by weight.

    Levels without concepts pass through but are never the answer themselves.
    """
    shown: Level | None = None
    for level in LEVELS:
        of_level = [verdict for verdict in verdicts if verdict.level == level.value]
        if not of_level:
            continue
        if _weight(v for v in of_level if _counts(v, counted)) < LEVEL_SHARE * _weight(of_level):
            break
        shown = level
    return shown


def _rating(facts: StageFacts, counted: Collection[Verdict]) -> tuple[int, str]:
    hits = _hits(facts, counted)
    floor = _unsafe(facts, hits) or _unusable(hits)
    if floor is not None:
        return 1, floor
    expected = _expected(facts)
    shortfall = _shortfall(facts, _among(hits, expected), _weight(expected))
    if shortfall is not None:
        return 2, shortfall
    if _leads(facts, hits, expected):
        return 4, "Volunteered, quantified, and alternatives weighed or more shown than was asked."
    return 3, "Meets what the level asks, with a nudge at most."


def _unsafe(facts: StageFacts, hits: Sequence[ConceptVerdict]) -> str | None:
    if any(v.verdict is Verdict.CONTRADICTED and v.weight == 3 for v in facts.verdicts):
        return "Something the stage cannot do without was contradicted."
    if facts.standing_flags and not any(verdict.weight == 3 for verdict in hits):
        return "A red flag stands, and nothing that would offset it was detected."
    return None


def _unusable(hits: Sequence[ConceptVerdict]) -> str | None:
    if any(verdict.weight >= 2 for verdict in hits):
        return None
    return "Nothing that carries the stage (weight 2 or 3) was detected."


def _shortfall(
    facts: StageFacts, hits: Sequence[ConceptVerdict], expected_weight: int
) -> str | None:
    if facts.standing_flags:
        return "A red flag stands."
    hinted = [verdict.weight for verdict in hits if verdict.how is HowObtained.HINTED]
    credit = _weight(hits) - sum(hinted) + max(hinted, default=0)
    if credit < MEETS_SHARE * expected_weight:
        return "Part of what the level asks was detected, less than 60 % of its weight."
    if _weight(_unprompted(hits)) < MEETS_UNPROMPTED_SHARE * expected_weight:
        return "Most of it came only after it was asked for."
    return None


def _leads(
    facts: StageFacts, hits: Sequence[ConceptVerdict], expected: Sequence[ConceptVerdict]
) -> bool:
    if (
        facts.raised_flags
        or not facts.quantified
        or any(_spoils_the_lead(one) for one in facts.verdicts)
    ):
        return False
    volunteered = _unprompted(hits)
    above = any(_rank(verdict) > level_rank(facts.asked) for verdict in volunteered)
    share = _weight(_among(volunteered, expected))
    return (above or facts.weighed) and share >= LEADS_SHARE * _weight(expected)


def _spoils_the_lead(verdict: ConceptVerdict) -> bool:
    return verdict.verdict is Verdict.CONTRADICTED or verdict.how is HowObtained.HINTED


_NO_FIGURE = r"(?!(?:about |around |roughly )?(?:[$\d]|(?:one|two|three|four|five|six|ten)\b))"
_COMPARATIVE = r"(?:worse|(?:more|less) \w+|(?!other|rather|whether|either|number|never)\w+er) than"
_WEIGHING = re.compile(
    r"\b(?:decided against|(?:i|we|also|having) considered|trade[- ]?offs?|pros and cons"
    r"|on the other hand|(?:the (?:price|cost) of (?:it|this|that))|downside|upside"
    r"|(?:compared|as opposed) (?:to|with)|over (?:[\w-]+ ){1,6}(?:because|since)"
    rf"|(?:instead of|rather than|{_COMPARATIVE}) {_NO_FIGURE}"
    r"|i(?:'|’)?d rather|i would rather|i take (?:it|that) back|scratch that|on second thought"
    r"|chang(?:e|ed|ing) my (?:design|mind|answer)|i hadn['’]?t thought of)\b",
    re.IGNORECASE,
)
_DECIDING = re.compile(
    r"(?:^|[.;!?]\s+|\b(?:i|we)(?:['’]ve| have)?\s+)rejected\b(?:[:,]? [\w-]+){2}"
    r"|\b(?:i['’]d|i would) rather (?:[\w-]+ ){1,8}than\b",
    re.IGNORECASE | re.MULTILINE,
)


def weighs(text: str) -> bool:
    """Whether the words compare with an alternative or revise what was said before.

    Naming two things ("chat vs form") or another figure is neither. Such words need the evidence
    beside them to say what is compared; see `decides` for those that do not.
    """
    return _WEIGHING.search(text) is not None or decides(text)


def decides(text: str) -> bool:
    """Whether a sentence names an alternative and turns it down, complete in itself."""
    return _DECIDING.search(text) is not None


def _hits(facts: StageFacts, counted: Collection[Verdict]) -> list[ConceptVerdict]:
    return [verdict for verdict in facts.verdicts if _counts(verdict, counted)]


def _counts(verdict: ConceptVerdict, counted: Collection[Verdict]) -> bool:
    return verdict.verdict in counted and not is_abstention(verdict)


def _expected(facts: StageFacts) -> list[ConceptVerdict]:
    asked = level_rank(facts.asked)
    at_level = [verdict for verdict in facts.verdicts if _rank(verdict) <= asked]
    return at_level or list(facts.verdicts)


def _among(
    hits: Sequence[ConceptVerdict], expected: Sequence[ConceptVerdict]
) -> list[ConceptVerdict]:
    keys = {verdict.key for verdict in expected}
    return [verdict for verdict in hits if verdict.key in keys]


def _unprompted(hits: Iterable[ConceptVerdict]) -> list[ConceptVerdict]:
    return [verdict for verdict in hits if verdict.how is HowObtained.UNPROMPTED]


def _weight(verdicts: Iterable[ConceptVerdict]) -> int:
    return sum(verdict.weight for verdict in verdicts)


def _rank(verdict: ConceptVerdict) -> int:
    return level_rank(Level(verdict.level))


def _evidenced(verdicts: Iterable[ConceptVerdict]) -> bool:
    return any(verdict.evidence for verdict in verdicts)
