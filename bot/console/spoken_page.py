"""What a spoken interview shows in the terminal: the words of both sides as they are said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise

from bot.calls.line import Spoken
from bot.calls.mouth import Written
from bot.console.screen import CANDIDATE, INTERVIEWER, Screen
from scoring.slips import word_spans
from scoring.transcript import Word
from scoring.uncertain import MARK, uncertain_words

WENT_ON = "(You went on; of this only “{heard}” was said.)"
NOT_SAID = "(You went on; this was not said.)"

_LAST_WORDS = 40


class SpokenPage(Written):
    """The terminal as the interviewer's mouth writes in it; `hold_review` comes before grading."""

    def __init__(self, screen: Screen, hold_review: Callable[[str], Awaitable[None]]) -> None:
        self._screen = screen
        self._hold_review = hold_review
        self._shown: dict[str, int] = {}
        self._over: set[str] = set()

    def hear(self, spoken: Spoken) -> None:
        """Show what was understood of an answer, with its doubts."""
        self._show(CANDIDATE, doubted(spoken.text, spoken.words), "bold green")

    async def begun(self, key: str, text: str) -> None:
        """An utterance begins with these words."""
        if key not in self._shown:
            self._shown[key] = len(text)
            if text.strip():
                self._show(INTERVIEWER, text, "bold cyan")

    async def ended(self, key: str, text: str, shown: int) -> None:
        """So much of it was said; what came after its beginning follows below."""
        if key in self._over:
            return
        self._over.add(key)
        await self.begun(key, text[:shown])
        rest = text[self._shown[key] : shown].strip()
        if rest:
            self._screen.show_words(rest)
        if text[shown:].strip():
            self._screen.note(unsaid(text[:shown]))

    async def review(self, interview_id: str) -> None:
        """What was misheard can be put right now."""
        await self._hold_review(interview_id)

    def _show(self, name: str, text: str, style: str) -> None:
        self._screen.console.print()
        self._screen.show_turn(name, text, style)


def unsaid(heard: str) -> str:
    """What became of an utterance of which no more than this was heard."""
    start = max(0, len(heard) - _LAST_WORDS)
    last = heard if not start else f"… {heard[start:].partition(' ')[2]}"
    return WENT_ON.format(heard=last.strip()) if last.strip() else NOT_SAID


def doubted(text: str, words: Sequence[Word]) -> str:
    """The text with a sign behind every word of which it is not sure that it was said."""
    marks = zip(word_spans(text), uncertain_words(text, words), strict=True)
    stops = [stop for (_, stop), uncertain in marks if uncertain]
    return MARK.join(text[start:end] for start, end in pairwise([0, *stops, len(text)]))
