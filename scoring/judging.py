"""Who judged a card, how, and how far the samples and the offline finder agree with it.

`Judging` is the part of the card that says so; `Judged` is what a judge hands to
`scoring.scorecard.grade`: its verified rulings, and that part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.language_model import Usage
from scoring.observations import Ruling
from scoring.verdicts import Verdict

JUDGE_LIMITS = (
    "Verdicts were given by a judge, a language model: it read the transcript several times, and "
    "what most of its readings support stands. A program checked that every quote is in your own "
    "answers; whether the quote shows the concept is the judge's opinion. In published work a "
    "model of this kind agreed with one human rater on about 80 % of such decisions (RiceChem: "
    "80.5 %), so expect about one in five to be seen otherwise. What the judge abstained from "
    "counts for nothing."
)

_NOT_THERE = frozenset({Verdict.MISSED, Verdict.NOT_DETECTED})


@dataclass(frozen=True)
class JudgedConcept:
    """What became of one concept.

    `counts` are the samples by verdict, `abstained` the samples that gave none that could be
    verified, `failed` those that were never answered; together they are all samples. `refused`
    counts the quotes that the program turned down. `verdict` is that of the samples, before the
    board is looked at, None for an abstention; where too few samples were answered for a ruling,
    `is_judged` is false and it is `offline`, which is what the offline finder made of the words.
    """

    round_index: int
    key: str
    verdict: Verdict | None
    offline: Verdict
    counts: Mapping[Verdict, int]
    abstained: int = 0
    failed: int = 0
    refused: int = 0
    is_judged: bool = True

    @property
    def is_abstention(self) -> bool:
        """Whether the judge was asked and made no claim that counts."""
        return self.verdict is None

    @property
    def is_split(self) -> bool:
        """Whether the samples did not all say the same."""
        return len(self.counts) + (self.abstained > 0) + (self.failed > 0) > 1

    @property
    def disagrees(self) -> bool:
        """Whether judge and offline finder differ; neither finding it is no difference."""
        if not self.is_judged or self.verdict is None or self.verdict is self.offline:
            return False
        return not _NOT_THERE.issuperset({self.verdict, self.offline})


@dataclass(frozen=True)
class Judging:
    """How a card was judged.

    `model` is what the server said has answered, `server` the label of whoever was asked, `prompt`
    names the prompts with their versions and hashes. `samples` is how often each concept was asked
    for, `samples_when_split` how often where those differed. `calls` counts all calls, retries and
    failed ones included, `unknown_ids` the verdicts on concepts that nobody asked about.
    """

    model: str
    server: str
    prompt: str
    samples: int
    samples_when_split: int
    calls: int
    failed_calls: int
    unknown_ids: int
    usage: Usage
    concepts: tuple[JudgedConcept, ...]

    @property
    def disagreements(self) -> tuple[JudgedConcept, ...]:
        """The concepts on which judge and offline finder differ."""
        return tuple(one for one in self.concepts if one.disagrees)

    @property
    def abstentions(self) -> tuple[JudgedConcept, ...]:
        """The concepts of which the judge claims nothing that counts."""
        return tuple(one for one in self.concepts if one.is_abstention)

    @property
    def unjudged(self) -> tuple[JudgedConcept, ...]:
        """The concepts for which too few calls were answered; the offline verdicts stand."""
        return tuple(one for one in self.concepts if not one.is_judged)


@dataclass(frozen=True)
class Judged:
    """Rulings by round and concept key, with what the card says about them.

    Concepts without a ruling keep the offline verdict.
    """

    rulings: Mapping[tuple[int, str], Ruling]
    judging: Judging
    notices: tuple[str, ...] = ()

    def of_round(self, index: int) -> Mapping[str, Ruling]:
        """The rulings of one round by concept key."""
        return {key: one for (at, key), one in self.rulings.items() if at == index}
