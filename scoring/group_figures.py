"""What a group's reviews say together: how far people agree, and how the bot rates beside them.

A *common rating* is a stage of a shared card that at least two people rated with a number; "not
reached" is no number. For the bot's bias it is a stage that the bot and at least one peer rated.
Under `FEWEST_UNITS` common ratings there is no figure to go by. Sheets that were not submitted, and
those of people who had seen the bot's ratings of the interview, count nowhere. There is no figure
of a person, and none that adds up stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scoring.agreement import FEWEST_UNITS, Agreement, Scale, krippendorff_alpha, mean_bias
from scoring.review import bot_stage
from scoring.sheets import BlindReview, Sheet, StageKey

NEAR = 0.1
"""A rounded bias up to which the bot rates as the group does."""

_BOT = "bot"


@dataclass(frozen=True)
class StageAgreement:
    """How far people agree on one kind of stage: ordinal alpha with its 95 % interval.

    `peers` are those who read along; `with_own` has the candidates' blind sheets as well. The two
    are apart because people may rate themselves otherwise than others do.
    """

    stage: str
    title: str
    peers: Agreement
    with_own: Agreement


def group_agreement(reviews: Sequence[BlindReview]) -> tuple[StageAgreement, ...]:
    """The agreement per name of stage over all shares, in the order in which stages come up.

    The questions of drills are stages of their own names. Each share counts on its own, so the same
    interview has to be given once.
    """
    titles = {
        stage.stage: stage.title for review in reviews for stage in review.stages if stage.reached
    }
    return tuple(
        StageAgreement(
            stage,
            title,
            peers=_alpha(reviews, stage, own=False),
            with_own=_alpha(reviews, stage, own=True),
        )
        for stage, title in titles.items()
    )


def bot_bias(reviews: Sequence[BlindReview]) -> Agreement:
    """How much higher the bot rates than the mean of the peers, in steps of the scale.

    Over all stages that both rated. Of the bot's range the lower end counts, which stands on hits
    alone. The interval takes stages as independent; those of one interview hang together, so it is
    somewhat too narrow.
    """
    units = [
        (_unit(index, stage.key), review, stage.key)
        for index, review in enumerate(reviews)
        for stage in review.stages
    ]
    graded = ((unit, bot_stage(review.card, key).rating) for unit, review, key in units)
    table = _by_rater(_ratings(reviews, own=False))
    table[_BOT] = {unit: float(rating) for unit, rating in graded if rating is not None}
    return mean_bias(table, _BOT)


def bias_words(bias: Agreement) -> str:
    """`lenient by 0.4 over 24 ratings (95 % interval +0.1 to +0.7)`, or `not calibrated`."""
    if bias.value is None or bias.too_few:
        return f"not calibrated ({bias.units} of {FEWEST_UNITS} ratings in common)"
    size = round(abs(bias.value), 1)
    over = f"over {bias.units} ratings{_interval(bias)}"
    if size <= NEAR:
        return f"within {NEAR} of the group {over}"
    return f"{'lenient' if bias.value > 0 else 'strict'} by {size:.1f} {over}"


def agreement_words(agreement: Agreement) -> str:
    """`alpha 0.62 over 31 ratings (95 % interval 0.41 to 0.78)`, or `too few`."""
    if agreement.too_few:
        return f"too few ({agreement.units} of {FEWEST_UNITS} ratings in common)"
    if agreement.value is None:
        return f"not defined: all {agreement.units} ratings are the same"
    over = f"over {agreement.units} ratings"
    if agreement.low is None or agreement.high is None:
        return f"alpha {agreement.value:.2f} {over}"
    interval = f"(95 % interval {agreement.low:.2f} to {agreement.high:.2f})"
    return f"alpha {agreement.value:.2f} {over} {interval}"


def _interval(bias: Agreement) -> str:
    if bias.low is None or bias.high is None:
        return ""
    low, high = (round(end, 1) + 0.0 for end in (bias.low, bias.high))  # no "-0.0"
    return f" (95 % interval {low:+.1f} to {high:+.1f})"


@dataclass(frozen=True)
class _Rating:
    rater: str
    unit: str
    stage: str
    value: float


def _alpha(reviews: Sequence[BlindReview], stage: str, *, own: bool) -> Agreement:
    of_stage = (one for one in _ratings(reviews, own=own) if one.stage == stage)
    return krippendorff_alpha(_by_rater(of_stage), Scale.ORDINAL)


def _ratings(reviews: Sequence[BlindReview], *, own: bool) -> Iterator[_Rating]:
    for index, review in enumerate(reviews):
        for sheet in _counted(review, own=own):
            for mark in sheet.marks:
                if mark.rating is not None:
                    yield _Rating(
                        rater=f"person {sheet.rater}",
                        unit=_unit(index, mark.key),
                        stage=mark.stage,
                        value=float(mark.rating),
                    )


def _counted(review: BlindReview, *, own: bool) -> Iterator[Sheet]:
    sheets = review.peers if review.own is None or not own else (*review.peers, review.own)
    return (one for one in sheets if not one.after_card)


def _unit(share: int, key: StageKey) -> str:
    return f"{share}/{key.round_index}/{key.stage}"


def _by_rater(ratings: Iterable[_Rating]) -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for one in ratings:
        table.setdefault(one.rater, {})[one.unit] = one.value
    return table
