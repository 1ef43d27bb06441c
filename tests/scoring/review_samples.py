"""A small card with two stages, and people who rate it."""

from dataclasses import replace
from datetime import timedelta

from scorecard_samples import ASK, FALLBACK, PLAN, REPLY, START, bot, interview, you

from scoring.groups import Role
from scoring.review import Viewer, put_mark, submit
from scoring.scorecard import Scorecard, grade
from scoring.sheets import BlindReview, Mark, Quote, StageKey, stages_of

CANDIDATE = Viewer("cand", Role.MEMBER)
ANA = Viewer("ana", Role.MEMBER)
BEN = Viewer("ben", Role.REVIEWER)
STRANGER = Viewer("eve", None)
SCOPE = StageKey(0, "scope")
OPERATIONS = StageKey(0, "operations")
LATER = START + timedelta(hours=1)


def card(*, reached: tuple[str, ...] = ("scope", "operations")) -> Scorecard:
    return grade(
        interview(
            bot("Where do you start?", move="open"),
            you(ASK),
            bot("What about latency?", move="probe", aims_at="scope/latency"),
            you(REPLY),
            you(FALLBACK, "operations"),
            reached=reached,
        )
    )


def review(of: Scorecard | None = None, **more: object) -> BlindReview:
    held = card() if of is None else of
    blank = BlindReview("r1", "cand", held, stages_of(held, {PLAN.item: PLAN}))
    return replace(blank, **more)


def mark(key: StageKey, rating: int | None, comment: str = "", quote: Quote | None = None) -> Mark:
    return Mark(key.round_index, key.stage, rating, comment, quote, LATER)


def rated(
    held: BlindReview, viewer: Viewer, scope: int | None, operations: int | None
) -> BlindReview:
    """The review with the viewer's sheet, submitted."""
    held = put_mark(held, viewer, mark(SCOPE, scope, f"{viewer.person} on scope"))
    held = put_mark(held, viewer, mark(OPERATIONS, operations))
    return submit(held, viewer, LATER)
