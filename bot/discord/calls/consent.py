"""Who may be heard in a call, and what for. Consent is for one call and dies with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST_BYSTANDERS = 8
"""People beside the candidate whose speaking is listened for at once; each costs a detector."""


@dataclass(frozen=True)
class Consent:
    """What the people in the channel have said so far.

    Of the `candidate` the words are heard, of everybody else who agreed only that they speak.
    Whoever has not agreed is not heard at all. Ids are Discord's.
    """

    candidate: int
    present: frozenset[int] = frozenset()
    agreed: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()

    @property
    def hears_candidate(self) -> bool:
        """Whether the candidate's words may be heard in this channel.

        Also while they are out of it: then nothing of theirs comes, and when they return it does.
        """
        return self.candidate in self.agreed

    @property
    def bystanders(self) -> tuple[int, ...]:
        """Of whom it may be heard that they speak, no more than can be listened for."""
        return tuple(sorted(self.present & self.agreed - {self.candidate}))[:MOST_BYSTANDERS]

    @property
    def undecided(self) -> frozenset[int]:
        """Who is there beside the candidate and has not answered."""
        return self.present - self.agreed - self.declined - {self.candidate}

    @property
    def others(self) -> frozenset[int]:
        """Who is there beside the candidate."""
        return self.present - {self.candidate}


def came(consent: Consent, person: int) -> Consent:
    """Somebody is in the channel now."""
    return replace(consent, present=consent.present | {person})


def left(consent: Consent, person: int) -> Consent:
    """Somebody is no longer there; but for the candidate's, their answer goes with them."""
    gone = replace(consent, present=consent.present - {person})
    return gone if person == consent.candidate else _forget(gone, person)


def moved(consent: Consent, present: frozenset[int]) -> Consent:
    """The call is in another channel, with these people in it: everybody else is asked anew."""
    kept = consent.agreed & {consent.candidate}
    return Consent(consent.candidate, present=present, agreed=kept)


def agree(consent: Consent, person: int) -> Consent:
    """Somebody may be heard; changes nothing for those who are not there."""
    if person not in consent.present | {consent.candidate}:
        return consent
    return replace(_forget(consent, person), agreed=consent.agreed | {person})


def decline(consent: Consent, person: int) -> Consent:
    """Somebody may not be heard, or no longer."""
    if person not in consent.present:
        return _forget(consent, person)
    return replace(_forget(consent, person), declined=consent.declined | {person})


def _forget(consent: Consent, person: int) -> Consent:
    return replace(consent, agreed=consent.agreed - {person}, declined=consent.declined - {person})
