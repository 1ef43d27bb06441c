"""What an interviewer must not have said, found by other rules than those that kept it from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder
from scoring.text import content_stems
from scoring.utterance import sentences_of
from scoring.verdicts import Verdict

RUN = 6
"""Content words in a row that are told from the rubric; of a shorter text all of it."""

CUE_WORDS = 2
"""Words of a cue that nobody has used before."""

_PRAISE = re.compile(
    r"\b(?:excellent|great|perfect|impressive|brilliant|amazing|awesome|well done|spot on"
    r"|exactly right|correct|good (?:answer|point|job)|passed|senior engineer|congratulations)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?:|www\.|\]\(|\bevil\b", re.IGNORECASE)
_MENTION = re.compile(r"@\w|<[@#]")

Stems = tuple[str, ...]


class Secrets:
    """What of a round is for the graders only."""

    def __init__(self, plan: RoundPlan, finder: EvidenceFinder) -> None:
        self._finder = finder
        self._aloud = tuple(_aloud(plan))
        self._told = frozenset(stem for text in self._aloud for stem in content_stems(text))
        self._own = frozenset(one for text in self._aloud for one in sentences_of(text))
        allowed = _runs(self._aloud, RUN)
        self._runs = frozenset(_rubric_runs(plan)) - allowed

    def faults(self, said: str, heard: Sequence[str]) -> Iterator[str]:
        """What is wrong with an utterance, apart from sentences that are the pack's own.

        `rubric`, `praise`, `link`, `mention`, or `question` for more than one of them. `heard` is
        what the candidate has said and drawn; who repeats it gives nothing away.
        """
        if self._asks_twice(said):
            yield "question"
        room = self._told.union(*map(content_stems, heard))
        known = _runs(heard, RUN)
        for sentence in sentences_of(said):
            if sentence in self._own:
                continue
            news = _without_quotes(sentence)
            if _tells(sentence, self._runs - known) or self._satisfies(sentence, room):
                yield "rubric"
            for name, pattern in (("praise", _PRAISE), ("link", _LINK), ("mention", _MENTION)):
                if pattern.search(news):
                    yield name

    def _asks_twice(self, said: str) -> bool:
        asked = [one for one in sentences_of(said) if "?" in _without_quotes(one)]
        return len(asked) > 1 and not self._own.issuperset(asked)

    def _satisfies(self, sentence: str, room: frozenset[str]) -> bool:
        """Whether it would count as a hit, by words that are new."""
        return any(
            found.verdict is Verdict.HIT
            and len(set(content_stems(found.quote)) - room) >= CUE_WORDS
            for found in self._finder.find(sentence)
        )


def _aloud(plan: RoundPlan) -> Iterator[str]:
    """Everything that the program may say in the round."""
    yield from (plan.title, plan.brief)
    yield from (text for stage in plan.stages for text in (stage.title, stage.opening))
    yield from (fact.answer for fact in plan.facts)
    yield from (flag.probe for stage in plan.stages for flag in stage.red_flags)
    for _, concept in plan.concepts():
        yield from concept.probes
        yield from (one.probe for one in concept.contradictions)
    if plan.curveball is not None:
        yield from (plan.curveball.text, *plan.curveball.replaces.values())
    board = plan.board
    yield from (one.probe for one in (*board.components, *board.edges))
    yield from (one.probe for one in (*board.forbidden, *board.zones))
    yield files("interviewer.engines").joinpath("lines.yaml").read_text("utf-8")


def _rubric_runs(plan: RoundPlan) -> Iterator[Stems]:
    for _, concept in plan.concepts():
        for text in (concept.statement, concept.hint, *concept.phrasings):
            stems = tuple(content_stems(text))
            yield from _runs_of(stems, min(RUN, max(len(stems), RUN - 2)))


def _runs(texts: Iterable[str], size: int) -> frozenset[Stems]:
    return frozenset(
        run
        for text in texts
        for count in range(size - 2, size + 1)
        for run in _runs_of(tuple(content_stems(text)), count)
    )


def _runs_of(stems: Stems, size: int) -> Iterator[Stems]:
    for at in range(len(stems) - size + 1):
        yield stems[at : at + size]


def _tells(sentence: str, runs: frozenset[Stems]) -> bool:
    return not _runs((sentence,), RUN).isdisjoint(runs)


def _without_quotes(sentence: str) -> str:
    """What the sentence says itself: the candidate's own words may be quoted."""
    return re.sub(r"[\"“”][^\"“”]*[\"“”]", '""', sentence)
