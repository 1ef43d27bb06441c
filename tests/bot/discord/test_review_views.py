"""Shared cards and their ratings as messages: within Discord's limits at their longest."""

from dataclasses import replace

import pytest
from card_samples import START, extreme, filled, loop_card
from discord import ui

from bot.discord.views.group import figures_view, members_view
from bot.discord.views.rating import OWN, SHARED, Desk, mark_form, sheet_view, stage_titles
from bot.discord.views.review import columns_view, material_view, posted_view
from scoring.columns import columns
from scoring.group_figures import bot_bias, group_agreement
from scoring.groups import Group, Member, Role
from scoring.review import Viewer, material, said_in
from scoring.sheets import BlindReview, Mark, Quote, Sheet, stages_of
from storage.groups import StoredGroup

MOST_TEXT, MOST_COMPONENTS = 4000, 40
CANDIDATE = "discord:1000000000000000001"
SHARE = "abcdefghijklmnop"
RATERS = tuple(f"discord:10000000000000001{number:02d}" for number in range(30))


@pytest.fixture(scope="module")
def review() -> BlindReview:
    """Three rounds, all hostile and at their longest, rated by thirty people and the candidate."""
    card = extreme(loop_card())
    stages = tuple(
        replace(stage, title=filled(120), anchors=tuple(filled(300) for _ in range(4)))
        for stage in stages_of(card, {})
    )
    bare = BlindReview(SHARE, CANDIDATE, card, stages)
    sheets = tuple(_sheet(bare, rater, number) for number, rater in enumerate((CANDIDATE, *RATERS)))
    return replace(bare, sheets=sheets)


def _sheet(review: BlindReview, rater: str, number: int) -> Sheet:
    marks = (
        Mark(
            stage.round_index,
            stage.stage,
            1 + number % 4,
            filled(1000),
            _quote(review, stage),
            START,
        )
        for stage in review.stages
        if stage.reached
    )
    return Sheet(rater, tuple(marks), START)


def _quote(review, stage) -> Quote | None:
    said = next(said_in(review.card, stage.key), None)
    return None if said is None else Quote(said.id, 0, len(said.text))


@pytest.fixture(scope="module")
def stored() -> StoredGroup:
    """A group of a hundred with the longest hostile name."""
    members = tuple(
        Member(f"discord:{10**18 + number}", Role.OWNER if number == 0 else Role.MEMBER, START)
        for number in range(100)
    )
    return StoredGroup(Group(SHARE, filled(80), members), "1" * 19, "2" * 19, START)


def fits(view: ui.LayoutView) -> bool:
    """Whether Discord takes the message."""
    ids = [item.custom_id for item in view.walk_children() if hasattr(item, "custom_id")]
    return (
        view.content_length() <= MOST_TEXT
        and view.total_children_count <= MOST_COMPONENTS
        and len(ids) == len(set(ids))
        and all(len(one) <= 100 for one in ids)
    )


def test_a_posted_card_fits_a_message(review: BlindReview, stored: StoredGroup) -> None:
    """With the longest briefs and names."""
    assert fits(posted_view(review, stored))


@pytest.mark.parametrize("rater", [RATERS[0], "discord:5"])
def test_a_sheet_fits_a_message(review: BlindReview, rater: str) -> None:
    """Of somebody who has rated all, and of somebody who has not begun."""
    for doors in (SHARED, OWN):
        assert fits(sheet_view(review, rater, Desk(doors, SHARE)))


@pytest.mark.parametrize("page", [1, 2, 3, 20, 10**6])
def test_pages_of_the_material_and_of_the_columns_fit_a_message(
    review: BlindReview, page: int
) -> None:
    """Of a number that there is not the nearest page is shown."""
    viewer = Viewer(RATERS[0], Role.MEMBER)
    shown = material(review, viewer)
    names = {one: f"<@{one.removeprefix('discord:')}>" for one in (CANDIDATE, *RATERS)}
    laid = columns(review, viewer, names)
    assert fits(material_view(shown, review, Desk(SHARED, SHARE), page))
    assert fits(columns_view(review, laid, page, answers_disputes=True))


def test_the_form_of_a_stage_fits(review: BlindReview) -> None:
    """Five parts at most, and no text longer than Discord takes."""
    for index, stage in enumerate(review.stages):
        if stage.reached:
            form = mark_form(review, RATERS[0], index, Desk(SHARED, SHARE)).to_dict()
            assert len(form["components"]) <= 5
            assert len(form["title"]) <= 45
            text = form["components"][0]["content"]
            assert len(text) <= MOST_TEXT


def test_a_group_of_a_hundred_fits_and_so_do_its_figures(
    review: BlindReview, stored: StoredGroup
) -> None:
    """Members are on pages; stages that do not fit are mentioned."""
    assert fits(members_view(stored))
    assert fits(members_view(stored, 2))
    reviews = [review]
    assert fits(figures_view(stored, group_agreement(reviews), bot_bias(reviews)))


def test_stages_of_the_same_name_are_numbered() -> None:
    """Two questions of one topic in a drill can be told apart."""
    stages = stages_of(loop_card(), {})
    titles = list(stage_titles(stages).values())
    assert len(set(titles)) == len(titles)
