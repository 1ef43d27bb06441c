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
UNHEARD = "(You went on; this was not said.)"

_LAST_WORDS = 40


class SpokenPage(Written):
    """The terminal as the interviewer's mouth writes in it; `hold_review` comes before grading."""

    def __init__(self, screen: Screen, hold_review: Callable[[str], Awaitable[None]]) -> None:
        self._screen = screen
        self._hold_review = hold_review
        self._coming: dict[str, str] = {}
        self._shown: dict[str, int] = {}
        self._over: set[str] = set()

    def hear(self, spoken: Spoken) -> None:
        """Show what was understood of an answer, with its doubts."""
        self._show(CANDIDATE, doubted(spoken.text, spoken.words), "bold green")

    def sound(self) -> None:
        """The interviewer is heard: show the beginning of what is being said."""
        for key, text in self._coming.items():
            self._begin(key, text)
        self._coming.clear()

    async def begun(self, key: str, text: str) -> None:
        """An utterance begins with these words, once it can be heard."""
        if key not in self._shown and key not in self._over:
            self._coming.setdefault(key, text)

    async def ended(self, key: str, text: str, shown: int) -> None:
        """So much of it was said; of what was never heard nothing is shown."""
        self._coming.pop(key, None)
        if key in self._over:
            return
        if not text[:shown].strip():
            if key in self._shown:
                self._over.add(key)
                self._screen.note(UNHEARD)
            return
        self._over.add(key)
        self._begin(key, text[:shown])
        rest = text[self._shown[key] : shown].strip()
        if rest:
            self._screen.show_words(rest)
        if text[shown:].strip():
            self._screen.note(WENT_ON.format(heard=end_of(text[:shown])))

    async def review(self, interview_id: str) -> None:
        """What was misheard can be put right now."""
        await self._hold_review(interview_id)

    def _begin(self, key: str, text: str) -> None:
        if key not in self._shown:
            self._shown[key] = len(text)
            self._show(INTERVIEWER, text, "bold cyan")

    def _show(self, name: str, text: str, style: str) -> None:
        self._screen.console.print()
        self._screen.show_turn(name, text, style)


def end_of(heard: str) -> str:
    """The last words of what was heard."""
    start = max(0, len(heard.rstrip()) - _LAST_WORDS)
    return f"… {heard[start:].partition(' ')[2]}".rstrip() if start else heard.strip()


def doubted(text: str, words: Sequence[Word]) -> str:
    """The text with a sign behind every word of which it is not sure that it was said."""
    marks = zip(word_spans(text), uncertain_words(text, words), strict=True)
    stops = [stop for (_, stop), uncertain in marks if uncertain]
    return MARK.join(text[start:end] for start, end in pairwise([0, *stops, len(text)]))
