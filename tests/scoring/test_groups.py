"""Who may do what in a study group, and who gets in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scoring.groups import (
    ACTION_WORDS,
    ALLOWED,
    Action,
    AlreadyAMemberError,
    BadGroupNameError,
    BadTermsError,
    Group,
    Invitation,
    InvitationExpiredError,
    InvitationRevokedError,
    InvitationUsedUpError,
    LastOwnerError,
    Member,
    NotAllowedError,
    NotAMemberError,
    NotInvitedError,
    Role,
    Terms,
    accept,
    change_role,
    found_group,
    invite,
    leave,
    remove,
    require,
    revoke,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GROUP = Group(
    "g1",
    "Thursday loop",
    (
        Member("ada", Role.OWNER, NOW),
        Member("rei", Role.REVIEWER, NOW),
        Member("max", Role.MEMBER, NOW),
    ),
)


def code(terms: Terms | None = None, by: str = "ada") -> Invitation:
    return invite(GROUP, by, terms or Terms(uses=2), code="c0de", now=NOW)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_the_table_decides_and_says_who_may(role: Role, action: Action) -> None:
    """What the table allows passes; what it does not is refused with the roles that may."""
    if action in ALLOWED[role]:
        require(role, action)
        return
    with pytest.raises(NotAllowedError, match=f"the owner.* may {ACTION_WORDS[action]}"):
        require(role, action)


@pytest.mark.parametrize("action", Action)
def test_a_stranger_may_do_nothing(action: Action) -> None:
    """Who is not in the group may do none of it."""
    with pytest.raises(NotAMemberError):
        require(None, action)


def test_members_rate_and_share_and_only_some_override() -> None:
    """Everybody shares and rates; an override is for owners and reviewers; removal for owners."""
    assert all({Action.SHARE, Action.RATE} <= ALLOWED[role] for role in Role)
    assert {role for role in Role if Action.OVERRIDE in ALLOWED[role]} == {
        Role.OWNER,
        Role.REVIEWER,
    }
    for action in (Action.REMOVE, Action.MOVE, Action.CLOSE):
        assert {role for role in Role if action in ALLOWED[role]} == {Role.OWNER}


def test_whoever_founds_a_group_owns_it() -> None:
    """A new group has its founder as owner, and its name on one line."""
    group = found_group("g2", "  Thursday\n\u202eloop ", "ada", NOW)

    assert (group.name, group.role_of("ada")) == ("Thursday loop", Role.OWNER)


@pytest.mark.parametrize("name", ["", " \n", "\u200b", "x" * 81])
def test_a_group_needs_a_name(name: str) -> None:
    """No name, an invisible one and one without end are refused."""
    with pytest.raises(BadGroupNameError):
        found_group("g2", name, "ada", NOW)


def test_an_invited_person_joins_in_the_role_on_offer() -> None:
    """Accepting makes a member and counts one use."""
    invitation = code(Terms(person="kim", role=Role.REVIEWER))

    joined = accept(GROUP, invitation, "kim", NOW + DAY)

    assert joined.group.role_of("kim") is Role.REVIEWER
    assert joined.invitation.used_by == ("kim",)
    assert GROUP.role_of("kim") is None


def test_an_invitation_for_somebody_else_opens_nothing() -> None:
    """A named invitation is no use to a stranger, nor is one of another group."""
    with pytest.raises(NotInvitedError):
        accept(GROUP, code(Terms(person="kim")), "eve", NOW)
    with pytest.raises(NotInvitedError):
        accept(replace(GROUP, id="g9"), code(), "kim", NOW)


def test_an_open_code_ends_after_its_uses() -> None:
    """The third person does not get in on a code for two, and nobody uses it twice."""
    first = accept(GROUP, code(), "kim", NOW)
    second = accept(first.group, first.invitation, "lee", NOW)

    with pytest.raises(InvitationUsedUpError):
        accept(second.group, second.invitation, "eve", NOW)
    with pytest.raises(InvitationUsedUpError):
        accept(GROUP, first.invitation, "kim", NOW)


def test_a_code_expires_and_can_be_taken_back() -> None:
    """At its end it is over; revoked it is void at once."""
    with pytest.raises(InvitationExpiredError):
        accept(GROUP, code(Terms(lasts=DAY)), "kim", NOW + DAY)
    with pytest.raises(InvitationRevokedError):
        accept(GROUP, revoke(GROUP, code(), "ada"), "kim", NOW)


def test_a_code_ends_with_the_right_of_whoever_made_it() -> None:
    """The code of a reviewer who was removed, or made a member, lets nobody in."""
    made = code(by="rei")

    for group in (
        remove(GROUP, "ada", "rei"),
        change_role(GROUP, "ada", "rei", Role.MEMBER),
    ):
        with pytest.raises(InvitationRevokedError):
            accept(group, made, "kim", NOW)


def test_who_is_in_does_not_join_again() -> None:
    """Members keep their role: an invitation changes it neither up nor down."""
    with pytest.raises(AlreadyAMemberError):
        accept(GROUP, code(), "max", NOW)
    with pytest.raises(AlreadyAMemberError):
        code(Terms(person="max"))


@pytest.mark.parametrize(
    ("by", "terms", "error"),
    [
        ("max", Terms(), NotAllowedError),
        ("eve", Terms(), NotAMemberError),
        ("rei", Terms(role=Role.REVIEWER), NotAllowedError),
        ("ada", Terms(role=Role.OWNER), BadTermsError),
        ("ada", Terms(lasts=timedelta()), BadTermsError),
        ("ada", Terms(lasts=31 * DAY), BadTermsError),
        ("ada", Terms(uses=0), BadTermsError),
        ("ada", Terms(uses=51), BadTermsError),
        ("ada", Terms(person="kim", uses=2), BadTermsError),
    ],
)
def test_nobody_invites_farther_than_they_may(
    by: str, terms: Terms, error: type[Exception]
) -> None:
    """Strangers and members invite nobody, reviewers no reviewers, nobody an owner or for ever."""
    with pytest.raises(error):
        invite(GROUP, by, terms, code="c0de", now=NOW)


def test_invitations_are_taken_back_by_their_maker_or_an_owner() -> None:
    """A reviewer takes back their own code and not that of the owner."""
    assert revoke(GROUP, code(by="rei"), "rei").revoked
    assert revoke(GROUP, code(by="rei"), "ada").revoked
    with pytest.raises(NotAllowedError):
        revoke(GROUP, code(by="ada"), "rei")


def test_a_group_is_never_without_an_owner() -> None:
    """The last owner neither leaves, nor is removed, nor steps down before another is one."""
    for undo in (
        lambda: leave(GROUP, "ada"),
        lambda: remove(GROUP, "ada", "ada"),
        lambda: change_role(GROUP, "ada", "ada", Role.MEMBER),
    ):
        with pytest.raises(LastOwnerError):
            undo()

    handed_on = change_role(GROUP, "ada", "max", Role.OWNER)
    assert leave(handed_on, "ada").role_of("ada") is None


def test_only_owners_remove_and_anybody_leaves() -> None:
    """A reviewer removes nobody; a member leaves unasked; strangers cannot be removed."""
    with pytest.raises(NotAllowedError):
        remove(GROUP, "rei", "max")
    assert leave(GROUP, "max").role_of("max") is None
    with pytest.raises(NotAMemberError):
        remove(GROUP, "ada", "eve")
