"""Agreement per stage and the bot's bias against a group: what counts, and when it says nothing."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from review_samples import ANA, BEN, CANDIDATE, LATER, mark, rated, review

from scoring.agreement import Agreement
from scoring.group_figures import (
    StageAgreement,
    agreement_words,
    bias_words,
    bot_bias,
    group_agreement,
)
from scoring.review import put_mark
from scoring.sheets import BlindReview

BLANK = review()


def shares(*ratings: tuple[int | None, int | None], own: int | None = None) -> list[BlindReview]:
    """One share for each pair: what Ana and Ben gave both stages."""
    found: list[BlindReview] = []
    for ana, ben in ratings:
        held = rated(rated(BLANK, ANA, ana, ana), BEN, ben, ben)
        found.append(held if own is None else rated(held, CANDIDATE, own, own))
    return found


def graded(held: BlindReview, rating: int) -> BlindReview:
    first = held.card.rounds[0]
    stages = tuple(one.model_copy(update={"rating": rating}) for one in first.stages)
    rounds = (first.model_copy(update={"stages": stages}),)
    return replace(held, card=held.card.model_copy(update={"rounds": rounds}))


def of_scope(reviews: list[BlindReview]) -> StageAgreement:
    return next(one for one in group_agreement(reviews) if one.stage == "scope")


def test_a_group_that_agrees_has_alpha_one() -> None:
    """Twenty shares, rated alike: one in common for each, alpha 1, in words."""
    reviews = shares(*[(1 + index % 4, 1 + index % 4) for index in range(20)])

    figure = of_scope(reviews).peers

    assert (figure.units, figure.value) == (20, pytest.approx(1.0))
    assert agreement_words(figure).startswith("alpha 1.00 over 20 ratings")


def test_raters_who_contradict_each_other_are_below_chance() -> None:
    """What one calls 1 the other calls 4."""
    figure = of_scope(shares(*[(1, 4), (4, 1)] * 10)).peers

    assert figure.value is not None
    assert figure.value < 0


def test_stages_are_kept_apart() -> None:
    """Each stage has its own units; nothing is added up over stages."""
    reviews = shares((1, 2), (3, 3))

    assert [(one.stage, one.peers.units) for one in group_agreement(reviews)] == [
        ("scope", 2),
        ("operations", 2),
    ]


def test_below_twenty_common_ratings_it_says_too_few() -> None:
    """Nineteen are too few, whatever they agree on."""
    figure = of_scope(shares(*[(1, 1), (4, 4)] * 9, (2, 2))).peers

    assert figure.units == 19
    assert agreement_words(figure) == "too few (19 of 20 ratings in common)"


def test_not_reached_and_single_ratings_are_nothing_in_common() -> None:
    """A stage that one rater called not reached, or that only one rated, is no common rating."""
    reviews = [*shares((3, None), (None, None)), rated(BLANK, ANA, 2, 2)]

    assert of_scope(reviews).peers.units == 0


def test_drafts_count_nowhere() -> None:
    """A sheet that was not submitted makes nothing common."""
    held = rated(BLANK, ANA, 2, 2)
    for stage in held.stages:
        held = put_mark(held, BEN, mark(stage.key, 2))

    assert of_scope([held]).peers.units == 0
    assert bot_bias([held]).units == 2


def test_candidates_count_in_a_figure_of_their_own() -> None:
    """With one peer and the candidate there is nothing in common among peers."""
    held = rated(rated(BLANK, ANA, 2, 2), CANDIDATE, 2, 3)

    figure = of_scope([held])

    assert (figure.peers.units, figure.with_own.units) == (0, 1)


def test_a_self_rating_after_the_card_counts_nowhere() -> None:
    """Whoever had seen the bot's ratings is no blind rater."""
    opened = replace(BLANK, card_opened_at=LATER - timedelta(hours=1))
    held = rated(rated(opened, ANA, 2, 2), CANDIDATE, 2, 3)

    assert of_scope([held]).with_own.units == 0


def test_a_peer_who_had_seen_the_ratings_counts_nowhere() -> None:
    """Neither among the peers nor beside the bot."""
    opened = replace(BLANK, seen_by=frozenset({ANA.person}))
    held = rated(rated(opened, ANA, 2, 2), BEN, 2, 3)

    assert of_scope([held]).peers.units == 0
    assert bot_bias([held]) == bot_bias([rated(BLANK, BEN, 2, 3)])


def test_the_bias_is_the_bots_against_the_mean_of_the_peers() -> None:
    """A bot at 3 beside peers at 2 and 3 is half a step lenient, over every stage."""
    reviews = [graded(held, 3) for held in shares(*[(2, 3)] * 10)]

    bias = bot_bias(reviews)

    assert (bias.units, bias.value) == (20, pytest.approx(0.5))
    assert bias_words(bias) == "lenient by 0.5 over 20 ratings (95 % interval +0.5 to +0.5)"


def test_candidates_play_no_part_in_the_bias() -> None:
    """Self ratings move nothing."""
    without = [graded(held, 3) for held in shares(*[(2, 3)] * 10)]
    with_own = [graded(held, 3) for held in shares(*[(2, 3)] * 10, own=1)]

    assert bot_bias(with_own) == bot_bias(without)


def test_a_rater_called_like_the_bot_is_still_a_person() -> None:
    """No id of a person takes the bot's place in the table."""
    held = graded(rated(BLANK, ANA._replace(person="bot"), 1, 1), 3)

    assert bot_bias([held]).value == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("bias", "words"),
    [
        (Agreement(None, None, None, 0), "not calibrated (0 of 20 ratings in common)"),
        (Agreement(0.9, 0.1, 1.2, 19), "not calibrated (19 of 20 ratings in common)"),
        (
            Agreement(0.4, 0.1, 0.7, 24),
            "lenient by 0.4 over 24 ratings (95 % interval +0.1 to +0.7)",
        ),
        (
            Agreement(-0.62, -0.9, -0.04, 31),
            "strict by 0.6 over 31 ratings (95 % interval -0.9 to +0.0)",
        ),
        (
            Agreement(-0.13, -0.3, 0.2, 40),
            "within 0.1 of the group over 40 ratings (95 % interval -0.3 to +0.2)",
        ),
        (Agreement(0.0, None, None, 20), "within 0.1 of the group over 20 ratings"),
    ],
)
def test_the_bias_in_words(bias: Agreement, words: str) -> None:
    """Direction and size from twenty on, "not calibrated" below."""
    assert bias_words(bias) == words


@pytest.mark.parametrize(
    ("agreement", "words"),
    [
        (
            Agreement(0.62, 0.41, 0.78, 31),
            "alpha 0.62 over 31 ratings (95 % interval 0.41 to 0.78)",
        ),
        (Agreement(0.62, None, None, 31), "alpha 0.62 over 31 ratings"),
        (Agreement(None, None, None, 25), "not defined: all 25 ratings are the same"),
        (Agreement(None, None, None, 3), "too few (3 of 20 ratings in common)"),
    ],
)
def test_the_agreement_in_words(agreement: Agreement, words: str) -> None:
    """The value with its interval, or why there is none."""
    assert agreement_words(agreement) == words


def test_no_figure_is_of_a_person() -> None:
    """No leaderboard can be made of what comes out: it holds stages and no people."""
    figures = group_agreement(shares((1, 2), (3, 3), own=2))

    assert {field.name for field in fields(StageAgreement)} == {
        "stage",
        "title",
        "peers",
        "with_own",
    }
    assert not any(person in str(figures) for person in ("'ana'", "'ben'", "'cand'"))


def test_a_group_without_reviews_has_no_figures() -> None:
    """Nothing shared, nothing said."""
    assert group_agreement([]) == ()
    assert bias_words(bot_bias([])) == "not calibrated (0 of 20 ratings in common)"
