"""Listens in a call to those who agreed and are there, and to nobody else, from frame to frame."""

from __future__ import annotations

from collections.abc import Callable

from bot.discord.calls.bystanders import Bystanders, Detector
from bot.discord.calls.consent import Consent, agree, came, decline, left, moved
from bot.discord.voice_client import HearingClient
from voice.speech import Samples


class Attention:
    """Whom the bot listens to. The candidate's frames go to `hear`, those of others nowhere.

    Until `opened` nobody is listened to, whoever has agreed. Every change takes effect at once.
    """

    def __init__(
        self,
        client: HearingClient,
        candidate: int,
        new_detector: Callable[[], Detector],
        others_speak: Callable[[bool], None],
    ) -> None:
        self._client = client
        self._hear: Callable[[Samples], None] | None = None
        self._listened: set[int] = set()
        self._bystanders = Bystanders(new_detector, others_speak)
        self.consent = Consent(candidate, present=self._present())

    def open(self, hear: Callable[[Samples], None]) -> None:
        """Begin to listen."""
        self._hear = hear
        self._apply(self.consent)

    def close(self) -> None:
        """Listen to nobody, for good: consent has died with the call."""
        self._hear = None
        self._apply(Consent(self.consent.candidate))

    def hears(self, person: int) -> bool:
        """Whether that person is listened to now."""
        return person in self._listened

    @property
    def candidate_is_there(self) -> bool:
        """Whether the candidate is in the channel."""
        return self.consent.candidate in self.consent.present

    def agree(self, person: int) -> None:
        """That person may be heard."""
        self._apply(agree(self.consent, person))

    def decline(self, person: int) -> None:
        """That person may not be heard, or no longer."""
        self._apply(decline(self.consent, person))

    def came(self, person: int) -> None:
        """Somebody is in the channel now."""
        self._apply(came(self.consent, person))

    def left(self, person: int) -> None:
        """Somebody is not there any more."""
        self._apply(left(self.consent, person))

    def moved(self) -> None:
        """The bot is in another channel."""
        self._apply(moved(self.consent, self._present()))

    def look_again(self) -> None:
        """People may have come and gone without news of it."""
        present = self._present()
        for person in self.consent.present - present:
            self.left(person)
        for person in present - self.consent.present:
            self.came(person)

    def _present(self) -> frozenset[int]:
        """Who is in the channel, without the bot; others of its kind may be among them."""
        return frozenset(self._client.channel.voice_states) - {self._client.user.id}

    def _apply(self, consent: Consent) -> None:
        self.consent = consent
        wanted = self._wanted()
        for person in self._listened - wanted:
            self._client.stop_listening(person)
            self._bystanders.drop(person)
        for person in wanted - self._listened:
            self._client.listen_to(person, self._sink(person))
        self._listened = wanted

    def _wanted(self) -> set[int]:
        if self._hear is None:
            return set()
        candidate = {self.consent.candidate} if self.consent.hears_candidate else set[int]()
        return candidate.union(self.consent.bystanders)

    def _sink(self, person: int) -> Callable[[Samples], None]:
        if person == self.consent.candidate and self._hear is not None:
            return self._hear
        return self._bystanders.sink(person)
