"""Who may be heard in a call: nobody unasked, and for no longer than they want."""

import pytest

from bot.discord.calls.consent import (
    MOST_BYSTANDERS,
    Consent,
    agree,
    came,
    decline,
    left,
    moved,
)

ALICE, BOB, CAROL = 1, 2, 3
TOGETHER = Consent(ALICE, present=frozenset({ALICE, BOB, CAROL}))


def test_nobody_is_heard_before_they_agree() -> None:
    """Being there is no consent, not even the candidate's."""
    assert not TOGETHER.hears_candidate
    assert TOGETHER.bystanders == ()
    assert TOGETHER.undecided == {BOB, CAROL}


def test_only_the_candidate_is_heard_for_words() -> None:
    """A bystander who agrees is listened for, and the candidate is still not heard."""
    asked = agree(TOGETHER, BOB)

    assert not asked.hears_candidate
    assert asked.bystanders == (BOB,)
    assert agree(asked, ALICE).hears_candidate
    assert agree(asked, ALICE).bystanders == (BOB,)


def test_a_no_takes_a_yes_back() -> None:
    """And the other way round; whoever answered is not asked again."""
    asked = decline(agree(TOGETHER, BOB), BOB)

    assert asked.bystanders == ()
    assert asked.undecided == {CAROL}
    assert agree(asked, BOB).bystanders == (BOB,)


def test_a_bystander_who_returns_is_asked_again() -> None:
    """Their answer went when they left."""
    back = came(left(agree(TOGETHER, BOB), BOB), BOB)

    assert back.bystanders == ()
    assert BOB in back.undecided


def test_the_candidate_who_returns_need_not_agree_again() -> None:
    """The call waited for them; their yes is for the whole of it."""
    away = left(agree(TOGETHER, ALICE), ALICE)

    assert away.hears_candidate
    assert came(away, ALICE).hears_candidate
    assert not decline(away, ALICE).hears_candidate


def test_a_move_asks_everybody_else_anew() -> None:
    """The candidate is followed; who came along has not agreed to anything there."""
    there = moved(agree(agree(TOGETHER, ALICE), BOB), frozenset({ALICE, BOB}))

    assert there.hears_candidate
    assert there.bystanders == ()
    assert there.undecided == {BOB}


@pytest.mark.parametrize("answer", [agree, decline])
def test_an_answer_from_elsewhere_counts_for_nothing(answer) -> None:
    """A press by somebody who is not in the channel changes nothing."""
    assert answer(TOGETHER, 99) == TOGETHER


def test_no_more_bystanders_than_can_be_listened_for() -> None:
    """The limit holds however many agree."""
    crowd = Consent(0, present=frozenset(range(100)))
    for person in range(1, 100):
        crowd = agree(crowd, person)

    assert len(crowd.bystanders) == MOST_BYSTANDERS
