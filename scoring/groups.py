"""Study groups: who is in one, what each role may do, and how somebody is invited.

Every function is a rule: it takes the group as it stands and gives the group as it is afterwards,
or an error that says why not. People are opaque ids; whether the id is theirs is settled before.
An invitation is looked up by its code, which has to be unguessable, and never read from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from whiteboard.board import strip_unseen

LONGEST_NAME = 80
LONGEST_INVITATION = timedelta(days=30)
MOST_USES = 50


class GroupError(Exception):
    """Base of everything that a group or a review in it refuses; the message is for the person."""


class NotAMemberError(GroupError):
    """The person is not in the group: they see nothing and may do nothing there."""


class NotAllowedError(GroupError):
    """The person's role in the group does not allow it."""


class AlreadyAMemberError(GroupError):
    """The person is in the group already."""


class LastOwnerError(GroupError):
    """The group would be left without an owner."""


class BadGroupNameError(GroupError):
    """The name is empty or too long."""


class InvitationError(GroupError):
    """Base of why an invitation cannot be made or used."""


class BadTermsError(InvitationError):
    """The invitation lasts or reaches farther than one may."""


class InvitationExpiredError(InvitationError):
    """Its time is over."""


class InvitationRevokedError(InvitationError):
    """It was taken back, or whoever made it may no longer invite."""


class InvitationUsedUpError(InvitationError):
    """It was used as often as it may be, or by this very person before."""


class NotInvitedError(InvitationError):
    """It is for somebody else, or for another group."""


class Role(StrEnum):
    """What a member is in the group."""

    OWNER = "owner"
    REVIEWER = "reviewer"
    MEMBER = "member"


class Action(StrEnum):
    """What a member may want to do. Leaving and unsharing one's own card need no permission."""

    SHARE = "share"
    RATE = "rate"
    INVITE = "invite"
    OVERRIDE = "override"
    CHANGE_ROLE = "change_role"
    REMOVE = "remove"
    TAKE_DOWN = "take_down"
    MOVE = "move"
    CLOSE = "close"


ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Action),
        Role.REVIEWER: frozenset({Action.SHARE, Action.RATE, Action.INVITE, Action.OVERRIDE}),
        Role.MEMBER: frozenset({Action.SHARE, Action.RATE}),
    }
)
"""What each role may do. `OVERRIDE` is of a disputed verdict, `TAKE_DOWN` of anybody's share."""

ACTION_WORDS: Mapping[Action, str] = MappingProxyType(
    {
        Action.SHARE: "share a scorecard",
        Action.RATE: "rate a scorecard",
        Action.INVITE: "invite people",
        Action.OVERRIDE: "override a disputed verdict",
        Action.CHANGE_ROLE: "change roles",
        Action.REMOVE: "remove members",
        Action.TAKE_DOWN: "take down what others share",
        Action.MOVE: "choose its channel",
        Action.CLOSE: "close the group",
    }
)


@dataclass(frozen=True)
class Member:
    """One person in a group."""

    person: str
    role: Role
    since: datetime


@dataclass(frozen=True)
class Group:
    """A study group; every person is in it once, and one owner at least."""

    id: str
    name: str
    members: tuple[Member, ...]

    def role_of(self, person: str) -> Role | None:
        """The person's role; None for a stranger."""
        return next((one.role for one in self.members if one.person == person), None)


@dataclass(frozen=True)
class Terms:
    """What an invitation offers: for one named `person`, or an open code for `uses` people.

    Only an owner may offer more than plain membership, and nobody offers ownership.
    """

    lasts: timedelta = timedelta(days=7)
    person: str | None = None
    uses: int = 1
    role: Role = Role.MEMBER


@dataclass(frozen=True)
class Invitation:
    """An invitation as it was made, and by whom it was used."""

    code: str
    group: str
    by: str
    terms: Terms
    expires_at: datetime
    used_by: tuple[str, ...] = ()
    revoked: bool = False


class Accepted(NamedTuple):
    """The group with its new member, and the invitation with one more use."""

    group: Group
    invitation: Invitation


def require(role: Role | None, action: Action) -> None:
    """Nothing where the role allows it; NotAMemberError for strangers, else NotAllowedError."""
    if role is None:
        raise NotAMemberError("You are not a member of this group.")
    if action not in ALLOWED[role]:
        able = " or ".join(f"the {one.value}" for one in Role if action in ALLOWED[one])
        raise NotAllowedError(f"Only {able} of the group may {ACTION_WORDS[action]}.")


def found_group(group_id: str, name: str, owner: str, now: datetime) -> Group:
    """A new group with its owner as the only member; BadGroupNameError for a name that is none."""
    tidy = " ".join(strip_unseen(name).split())
    if not 0 < len(tidy) <= LONGEST_NAME:
        raise BadGroupNameError(f"A group's name has 1 to {LONGEST_NAME} characters.")
    return Group(group_id, tidy, (Member(owner, Role.OWNER, now),))


def invite(group: Group, by: str, terms: Terms, *, code: str, now: datetime) -> Invitation:
    """An invitation to the group under an unguessable `code`.

    NotAMemberError or NotAllowedError where the role of `by` does not reach that far,
    AlreadyAMemberError for a named person who is in, BadTermsError for terms beyond the limits.
    """
    role = group.role_of(by)
    require(role, Action.INVITE)
    if terms.role is not Role.MEMBER:
        require(role, Action.CHANGE_ROLE)
    if terms.person is not None and group.role_of(terms.person) is not None:
        raise AlreadyAMemberError("That person is in the group already.")
    _check_terms(terms)
    return Invitation(code, group.id, by, terms, expires_at=now + terms.lasts)


def _check_terms(terms: Terms) -> None:
    if terms.role is Role.OWNER:
        raise BadTermsError("Ownership is handed on to a member, not by invitation.")
    if not timedelta() < terms.lasts <= LONGEST_INVITATION:
        raise BadTermsError(f"An invitation lasts {LONGEST_INVITATION.days} days at most.")
    if not 1 <= terms.uses <= (1 if terms.person is not None else MOST_USES):
        raise BadTermsError(
            f"An open code is for 1 to {MOST_USES} people, a named invitation for one."
        )


def revoke(group: Group, invitation: Invitation, by: str) -> Invitation:
    """The invitation taken back, by whoever made it or by an owner."""
    role = group.role_of(by)
    require(role, Action.INVITE)
    if by != invitation.by:
        require(role, Action.REMOVE)
    return replace(invitation, revoked=True)


def accept(group: Group, invitation: Invitation, person: str, now: datetime) -> Accepted:
    """The person joins; an InvitationError or AlreadyAMemberError says why not.

    An invitation ends with the right of whoever made it to make it.
    """
    terms = invitation.terms
    if invitation.group != group.id or terms.person not in (None, person):
        raise NotInvitedError("This invitation is not for you.")
    if group.role_of(person) is not None:
        raise AlreadyAMemberError("You are in this group already.")
    if invitation.revoked or not _may_still_offer(group, invitation):
        raise InvitationRevokedError("This invitation was taken back. Ask for a new one.")
    if now >= invitation.expires_at:
        raise InvitationExpiredError("This invitation has expired. Ask for a new one.")
    if person in invitation.used_by or len(invitation.used_by) >= terms.uses:
        raise InvitationUsedUpError("This invitation is used up. Ask for a new one.")
    joined = replace(group, members=(*group.members, Member(person, terms.role, now)))
    return Accepted(joined, replace(invitation, used_by=(*invitation.used_by, person)))


def _may_still_offer(group: Group, invitation: Invitation) -> bool:
    role = group.role_of(invitation.by)
    needed = {Action.INVITE}
    if invitation.terms.role is not Role.MEMBER:
        needed.add(Action.CHANGE_ROLE)
    return role is not None and needed <= ALLOWED[role]


def leave(group: Group, person: str) -> Group:
    """The group without the person; LastOwnerError where nobody else owns it."""
    return _without(group, person)


def remove(group: Group, by: str, person: str) -> Group:
    """The group without a member whom an owner removes."""
    require(group.role_of(by), Action.REMOVE)
    return _without(group, person)


def change_role(group: Group, by: str, person: str, role: Role) -> Group:
    """The group with the member in another role; a group can have several owners."""
    require(group.role_of(by), Action.CHANGE_ROLE)
    _known(group, person)
    changed = tuple(
        replace(one, role=role) if one.person == person else one for one in group.members
    )
    return _owned(replace(group, members=changed))


def _without(group: Group, person: str) -> Group:
    _known(group, person)
    rest = tuple(one for one in group.members if one.person != person)
    return _owned(replace(group, members=rest))


def _known(group: Group, person: str) -> None:
    if group.role_of(person) is None:
        raise NotAMemberError("That person is not a member of this group.")


def _owned(group: Group) -> Group:
    if not any(one.role is Role.OWNER for one in group.members):
        raise LastOwnerError(
            "The group needs an owner: make another member owner first, or close the group."
        )
    return group
