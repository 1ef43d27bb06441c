"""Cards and series of one person, with ratings and dates only."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from scenarios.model import Level, RoundKind
from scoring.progress import Progress, RatingPoint, Series
from scoring.record import Ending
from scoring.scorecard import RoundCard, Scorecard, StageCard

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Rating = int | tuple[int, int] | None
DESIGN_STAGES = ("scope", "loop", "models", "evals", "trust_boundary", "operations")


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def stage_card(name: str, rating: Rating, title: str | None = None) -> StageCard:
    low, high = rating if isinstance(rating, tuple) else (rating, rating)
    return StageCard(
        name=name,
        title=title or name.replace("_", " ").capitalize(),
        reached=rating is not None,
        rating=low,
        rating_high=high,
        rating_reason="",
        level_low=None,
        level_high=None,
        verdicts=(),
        spent_s=60,
        budget_s=60,
    )


def round_card(stages: Sequence[StageCard], kind: RoundKind = RoundKind.DESIGN) -> RoundCard:
    return RoundCard(kind=kind, item="one", title="One", brief="", stages=tuple(stages))


def card(
    interview_id: str,
    *rounds: RoundCard,
    on: float = 0,
    level: Level = Level.SENIOR,
    revision: int = 1,
) -> Scorecard:
    return Scorecard(
        revision=revision,
        interview_id=interview_id,
        started_at=day(on),
        finished_at=day(on),
        level=level,
        style="neutral",
        engine="offline",
        pack_hash="",
        ending=Ending.COMPLETED,
        rounds=rounds,
        notices=(),
        practise_next=(),
        cost_usd=0,
        transcript=(),
    )


def design(interview_id: str, ratings: Mapping[str, Rating], on: float = 0) -> Scorecard:
    return card(
        interview_id, round_card([stage_card(name, one) for name, one in ratings.items()]), on=on
    )


def series(*ratings: Rating, name: str = "evals", title: str = "Evals", every: float = 7) -> Series:
    points = tuple(
        RatingPoint(
            f"iv-{index}", day(index * every), *(one if isinstance(one, tuple) else (one, one))
        )
        for index, one in enumerate(ratings)
        if one is not None
    )
    return Series(RoundKind.DESIGN, name, title, Level.SENIOR, points, ratings.count(None))


def history(*ratings: Rating, panels: int = 6) -> Progress:
    names = [f"stage {index}" for index in range(panels)]
    return Progress(
        tuple(series(*ratings, name=name, title=name.capitalize()) for name in names), len(ratings)
    )
