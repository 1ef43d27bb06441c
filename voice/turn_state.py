"""What turn-taking knows, is told and asks for: the values of `turns.py`; pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import TypeAlias

from voice.cues import Cue
from voice.speech import HeardWord, Said, Transcription
from voice.turn_settings import TurnSettings


class Activity(StrEnum):
    """What is going on, as people are shown it."""

    LISTENING = "listening"
    HEARING = "hearing"
    """The candidate has the floor, pauses included."""
    THINKING = "thinking"
    """They asked for time."""
    ANSWERING = "answering"
    """Their turn is over and the answer is being prepared."""
    SPEAKING = "speaking"


@dataclass(frozen=True)
class Listened:
    """Another window was heard: it ends at `now_s` and holds speech with this probability."""

    now_s: float
    probability: float


@dataclass(frozen=True)
class Guessed:
    """The agreed words so far of the part that `Guess` named.

    `words` are those of the guess itself, agreed or not.
    """

    part: int
    text: str
    words: int


@dataclass(frozen=True)
class Understood:
    """The words of what `Recognise` named; None where it failed.

    `closing` is how likely an end-of-turn model takes the turn for finished, None without one.
    """

    ask: int
    heard: Transcription | None
    closing: float | None = None


@dataclass(frozen=True)
class Expected:
    """The next turn answers `question`; waits are multiplied by `patience`."""

    question: str
    patience: float


@dataclass(frozen=True)
class Spoke:
    """From now on this text of ours is heard."""

    text: str


@dataclass(frozen=True)
class Others:
    """Somebody else in the call speaks, or has stopped."""

    speaking: bool


class Signal(Enum):
    """What happens without further detail."""

    THINK = "the candidate asks for time, by a button"
    DONE = "the candidate is done, by a button"
    FELL_SILENT = "all that we had to say was played, or there is nothing to say"
    HUSHED = "we were told to be silent"
    LEFT = "nothing more will be heard: the words so far are recognised"
    GAVE_UP = "and nothing more is waited for: they come out as they are"


Input: TypeAlias = Listened | Guessed | Understood | Expected | Spoke | Others | Signal


@dataclass(frozen=True)
class Recognise:
    """Recognise what was heard between these seconds of the call, for good."""

    ask: int
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Guess:
    """Guess at what was heard since `from_s`; the part goes on."""

    part: int
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Release:
    """The turn is over."""

    said: Said


@dataclass(frozen=True)
class Yield:
    """The candidate takes the floor: whatever we say or were about to say ends.

    `cut_in`: they only went on, so it was us who interrupted.
    """

    cut_in: bool


class Order(Enum):
    """What is to be done without further detail."""

    DUCK = "play softly"
    UNDUCK = "play as loud as before"
    HOLD = "stop playing, for now"
    RESUME = "play on from the start of the clause"
    CHECK_IN = "ask whether they are still there"
    SPEECH = "the candidate is speaking; every half second"
    TOO_SLOW = "a recognition was given up"


Act: TypeAlias = Recognise | Guess | Release | Yield | Order


@dataclass(frozen=True)
class Voice:
    """Whether the candidate speaks, from the detector's probabilities with some inertia."""

    on: bool = False
    onset_s: float = 0.0
    """Where the latest stretch of speech began."""
    last_s: float = 0.0
    """The end of the last window with speech."""
    rising_s: float = 0.0
    """Speech that is yet too short to count."""
    voiced_s: float = 0.0
    """Speech in the latest stretch, small gaps left out."""

    @property
    def is_silent(self) -> bool:
        """Whether there is no speech and not the beginning of any."""
        return not self.on and not self.rising_s

    def cut(self) -> Voice:
        """Without what is being said: more of it will be a new stretch."""
        return replace(self, on=False, rising_s=0.0)

    def hear(self, since_s: float, heard: Listened, settings: TurnSettings) -> Voice:
        """After a window that began at `since_s`."""
        now_s, length_s = heard.now_s, heard.now_s - since_s
        if self.on and heard.probability >= settings.voice_off:
            return replace(self, last_s=now_s, voiced_s=self.voiced_s + length_s)
        if self.on:
            return replace(self, on=now_s - self.last_s < settings.pause_s)
        if heard.probability < settings.voice_on:
            return replace(self, rising_s=0.0)
        rising_s = self.rising_s + length_s
        if rising_s < settings.onset_s:
            return replace(self, rising_s=rising_s)
        return Voice(on=True, onset_s=now_s - rising_s, last_s=now_s, voiced_s=rising_s)


WORDLESS_GUESSES = 4
"""Empty guesses in a row, two seconds in all, after which sound is taken for noise."""

FRUITLESS_GUESSES = 6
"""The same after words: as many guesses without a further one."""


@dataclass(frozen=True)
class Part:
    """A stretch of a turn that is recognised in one go."""

    number: int
    start_s: float
    end_s: float
    audio_s: float
    """Where the audio begins that its words' times count from."""
    contested: bool = False
    """It began while we were speaking or about to: it may be no turn at all."""
    guess: str = ""
    guessed_s: float = 0.0
    """When the latest guess was asked for."""
    most_words: int = 0
    """Of any guess so far."""
    fruitless: int = 0
    """Guesses in a row that had no more words than those before."""
    ask: int | None = None
    """The recognition under way or done; None while the part may still grow."""
    asked_s: float = 0.0
    heard: Transcription | None = None

    @property
    def is_wordless(self) -> bool:
        """Whether the sound that goes on is no speech: a fan, a keyboard, a street."""
        return self.fruitless >= WORDLESS_GUESSES and not self.most_words and not self.text

    @property
    def ends_in_noise(self) -> bool:
        """Whether what goes on after the words is no speech."""
        return self.fruitless >= FRUITLESS_GUESSES and self.most_words > 0

    def guessed(self, guessed: Guessed) -> Part:
        """After another guess."""
        fruitless = 0 if guessed.words > self.most_words else self.fruitless + 1
        most = max(self.most_words, guessed.words)
        return replace(self, guess=guessed.text, most_words=most, fruitless=fruitless)

    @property
    def text(self) -> str:
        """Its words, as well as they are known."""
        return (self.heard.text if self.heard is not None else self.guess).strip()

    @property
    def words(self) -> tuple[HeardWord, ...]:
        """Its words with times of the call."""
        heard = self.heard.words if self.heard is not None else ()
        by = self.audio_s
        return tuple(
            replace(word, start_s=word.start_s + by, end_s=word.end_s + by) for word in heard
        )


@dataclass(frozen=True)
class Ours:
    """What we are saying."""

    began_s: float
    ducked: bool = False
    held_s: float | None = None
    """Since when we have stopped, to see whether the candidate means to speak."""
    wary: bool = False
    """Sound alone stops us no more: it was a false alarm before. Words still do."""


@dataclass(frozen=True)
class Rhythm:
    """How this candidate pauses inside a turn."""

    mean_pause_s: float
    caution_s: float = 0.0
    """The shortest wait where no words hand over the floor, since we have cut in."""

    def after(self, pause_s: float, settings: TurnSettings) -> Rhythm:
        """After another pause inside a turn."""
        newest = min(pause_s, settings.ceiling_s)
        mean_s = self.mean_pause_s + settings.pause_weight * (newest - self.mean_pause_s)
        return replace(self, mean_pause_s=mean_s)

    def after_cut_in(self, pause_s: float, settings: TurnSettings) -> Rhythm:
        """After a pause in which we began to speak."""
        wanted_s = min(pause_s + settings.cut_in_margin_s, settings.longest_caution_s)
        more_s = settings.cut_in_weight * max(0.0, wanted_s - self.caution_s)
        return replace(self.after(pause_s, settings), caution_s=self.caution_s + more_s)

    def eased(self, settings: TurnSettings) -> Rhythm:
        """After another turn."""
        return replace(self, caution_s=self.caution_s * settings.caution_kept)

    def scale(self, settings: TurnSettings) -> float:
        """By how much waits are longer than usual."""
        return max(settings.least_scale, self.mean_pause_s / settings.usual_pause_s)


@dataclass(frozen=True)
class State:
    """Everything that the next decision depends on."""

    settings: TurnSettings = field(default_factory=TurnSettings)
    now_s: float = 0.0
    voice: Voice = field(default_factory=Voice)
    parts: tuple[Part, ...] = ()
    """The open turn."""
    count: int = 0
    """Numbers given to parts and recognitions so far."""
    cue: Cue = Cue.NEUTRAL
    thinking: bool = False
    thinking_s: float = 0.0
    checked_in: bool = False
    done: bool = False
    """The turn is to end as soon as its words are there."""
    ours: Ours | None = None
    spoke_s: float = 0.0
    """When we last began to speak."""
    spoken: str = ""
    """What we say or said last, as far as it was heard: an echo is made of it."""
    echoes: bool = False
    """Our own voice comes back through the candidate's microphone."""
    answering_s: float | None = None
    """When the latest turn was released, as long as the answer to it has not begun."""
    unanswered: str = ""
    """Words of turns that were released without being answered: the thought they continue."""
    released: Said | None = None
    question: str = ""
    patience: float = 1.0
    others: bool = False
    others_s: float = 0.0
    """When somebody else was last known to speak."""
    rhythm: Rhythm | None = None

    @property
    def with_words(self) -> tuple[Part, ...]:
        """The parts of the open turn that have words, or may yet have."""
        return tuple(part for part in self.parts if not part.is_wordless)

    @property
    def pace(self) -> Rhythm:
        """The candidate's rhythm, or the usual one."""
        return self.rhythm or Rhythm(self.settings.usual_pause_s)

    @property
    def pause_s(self) -> float:
        """Silence of the candidate so far."""
        return 0.0 if self.voice.on else self.now_s - self.voice.last_s
