"""What a card says of its judge: who, how often, and how far samples and offline finder agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scoring.judging import JudgedConcept, Judging
from scoring.render.wording import VERDICT_WORDS
from scoring.scorecard import Scorecard

JUDGE_TITLE = "Judge"


def judging_lines(card: Scorecard) -> tuple[str, ...]:
    """Who judged the card and how; nothing where the offline finder alone did."""
    return () if card.judging is None else tuple(_lines(card.judging))


def judged_lines(card: Scorecard, index: int) -> Mapping[str, tuple[str, ...]]:
    """What stands beside the verdicts of a round by concept: samples that were split, and
    the offline verdict where it differs or is all there is.
    """
    judging = card.judging
    if judging is None:
        return {}
    of_round = (one for one in judging.concepts if one.round_index == index)
    found = ((one.key, tuple(_beside(one, judging))) for one in of_round)
    return {key: lines for key, lines in found if lines}


def spread(one: JudgedConcept, samples: int) -> str:
    """`2 of 3 hit, 1 missed`; `samples` is how often it should have been asked."""
    parts = [(VERDICT_WORDS[verdict], count) for verdict, count in one.counts.items()]
    parts += [("abstained", one.abstained), ("not answered", one.failed)]
    asked = max(samples, sum(count for _, count in parts))
    given = [(word, count) for word, count in parts if count]
    if not given:
        return f"0 of {asked} answered"
    first, *rest = sorted(given, key=lambda part: -part[1])
    return ", ".join(
        (f"{first[1]} of {asked} {first[0]}", *(f"{count} {word}" for word, count in rest))
    )


def _beside(one: JudgedConcept, judging: Judging) -> Iterator[str]:
    if not one.is_judged:
        yield "not judged: this is the offline finder's verdict"
        return
    if one.is_abstention:
        why = "claimed it, and no quote held" if one.refused else "abstained"
        yield f"the judge {why}, which counts for nothing: {spread(one, judging.samples)}"
    elif one.is_split:
        yield f"samples: {spread(one, judging.samples)}"
    if one.disagrees or one.is_abstention:
        yield f"offline finder: {VERDICT_WORDS[one.offline]}"


def _lines(judging: Judging) -> Iterator[str]:
    if len(judging.unjudged) == len(judging.concepts):
        yield (
            f"No verdict here is a judge's: {judging.model} answered none of {judging.calls} calls."
        )
        return
    yield f"Judged by {judging.model} (asked through {judging.server})."
    more = (
        f", {judging.samples_when_split} times where the answers differed"
        if judging.samples_when_split > judging.samples
        else ""
    )
    yield f"Each concept was asked about {_times(judging.samples)}{more}."
    split = sum(1 for one in judging.concepts if one.is_split)
    yield (
        f"{len(judging.concepts)} concepts: samples split on {split}, the offline finder differs "
        f"on {len(judging.disagreements)} and stands beside {len(judging.abstentions)} without a "
        f"verdict, not judged {len(judging.unjudged)}."
    )
    refused = sum(one.refused for one in judging.concepts)
    yield f"Quotes that were refused because they prove nothing: {refused}."
    used = judging.usage
    yield (
        f"{judging.calls} calls, {judging.failed_calls} of them failed; {used.prompt:,} tokens "
        f"read, {used.cache_read:,} of them from the cache, {used.output:,} written."
    )
    yield f"Prompts: {judging.prompt}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
