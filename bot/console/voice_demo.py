"""A candidate whose answers are audio takes a whole round, with the models that ship with Hotseat.

It is played on the loudspeaker where there is one, or written to a file, or shown only. What the
terminal shows of the answers is what the recogniser made of them. The voice of the interviewer is
one tone for each sound; a real one is fetched with `hotseat models download`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console

from bot.calls.models import open_speech
from bot.console.call_time import CallTime
from bot.console.company import in_company_of
from bot.console.console_call import ConsoleCall
from bot.console.demo import BEGINS
from bot.console.microphone import open_loudspeaker
from bot.console.practice import hold
from bot.console.recorded_call import (
    SILENCE,
    Candidate,
    Mix,
    Play,
    RecordedCall,
    discard,
    recording_to,
)
from bot.console.screen import Screen
from bot.console.spoken_answers import SpokenAnswers
from bot.settings import Settings
from bot.wiring import App, open_app, open_sessions
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings, RoundSpec
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Level, RoundKind
from scoring.render.terminal import render_terminal
from storage.scorecards import load_scorecard
from voice.samples import (
    SampleAnswer,
    read_sample_answers,
    sample_recogniser_folder,
    sample_voice,
)
from voice.speech import FRAME_S, HEARING_FRAME, Samples, VoiceError

SCENARIO = "support-agent-limited-actions"
DEMO = "demo"

THINKS_S = 0.8
"""Seconds between the interviewer's last word and the candidate's first."""

GIVES_UP_S = 10.0
"""Seconds of silence after which the candidate goes on although nothing was asked."""

ABOUT = (
    "A spoken round with the tiny models that ship: the interviewer's voice makes a tone for each "
    "sound, and the recogniser knows a few hundred sentences and mishears the rest. Real models: "
    "hotseat models download."
)

LISTENS_S = 2.0
"""Seconds that the interviewer has spoken when the candidate says something over it."""


async def run_voice_demo(settings: Settings, console: Console, spoken: Path | None = None) -> None:
    """Play the round and show its card; nothing of it is stored.

    With `spoken` both sides are written to that WAV file, faster than real time. Raises
    `VoiceError` and `UsageError`.
    """
    screen = Screen(console)
    screen.note(ABOUT)
    library = load_library(builtin_packs_folder())
    clock = CallTime(BEGINS)
    with TemporaryDirectory(prefix="hotseat-demo-") as folder:
        inside = _settings(settings, Path(folder))
        async with (
            open_app(inside, library, clock) as app,
            open_speech(inside) as models,
            _sound(spoken, screen) as play,
        ):
            answers = SpokenAnswers()
            call = ConsoleCall(app, models, answers)
            candidate = SpeakingCandidate(read_sample_answers(), answers)
            run = RecordedCall(call, answers, clock, play).run(candidate)
            try:
                async with in_company_of(run):
                    await _interview(app, call, candidate, answers, screen)
            finally:
                await call.close()
            console.print()
            render_terminal(await load_scorecard(app.database, DEMO), console)
    if spoken is not None:
        screen.note(f"\nBoth sides are in {spoken}.")
    screen.note("\nNothing of this was stored. Your own round: hotseat practice --voice")


@asynccontextmanager
async def _sound(spoken: Path | None, screen: Screen) -> AsyncIterator[Play]:
    """Where both sides are heard: in a file, from the loudspeaker, or nowhere."""
    async with AsyncExitStack() as stack:
        if spoken is not None:
            yield stack.enter_context(recording_to(spoken, both=True))
            return
        try:
            speak = await stack.enter_async_context(open_loudspeaker())
        except VoiceError as err:
            screen.note(f"{err}. It is shown only; --voice-out writes it to a file.")
            yield discard
            return
        mix = Mix()

        async def play(heard: Samples, played: Samples) -> None:
            await speak(mix.add(heard, played))

        yield play


async def _interview(
    app: App,
    call: ConsoleCall,
    candidate: SpeakingCandidate,
    answers: SpokenAnswers,
    screen: Screen,
) -> None:
    async def join(session: Session, screen: Screen) -> None:
        await call.join(session, screen)
        candidate.session, candidate.call = session, call

    async with open_sessions(app) as open_session:
        session = open_session(DEMO, screen)
        await hold(app, _round(app.services.library), session, answers, screen, join)


class SpeakingCandidate(Candidate):
    """Says the answers of each stage in order, and moves on where there are no more.

    To be told the session and the call before the first frame that counts.
    """

    def __init__(self, said: Sequence[SampleAnswer], answers: SpokenAnswers) -> None:
        self.session: Session | None = None
        self.call: ConsoleCall | None = None
        self._left = deque(said)
        self._answers = answers
        self._saying: Samples = np.zeros(0, np.int16)
        self._quiet_s = self._listened_s = 0.0
        self._was_asked = False

    async def next_frame(self, *, has_floor: bool) -> Samples:
        """20 ms of what is being said, else silence."""
        self._notice(has_floor=has_floor)
        if not len(self._saying) and self.session is not None:
            await self._choose(self.session)
        frame, self._saying = self._saying[:HEARING_FRAME], self._saying[HEARING_FRAME:]
        return np.pad(frame, (0, HEARING_FRAME - len(frame))) if len(frame) else SILENCE

    def _notice(self, *, has_floor: bool) -> None:
        self._quiet_s = self._quiet_s + FRAME_S if has_floor else 0.0
        if self.call is not None and self.call.is_speaking:
            self._listened_s += FRAME_S
            self._was_asked = True
        else:
            self._listened_s = 0.0

    async def _choose(self, session: Session) -> None:
        """Begin to say something, if the moment has come."""
        if self._left and self._left[0].over:
            if self._listened_s >= LISTENS_S:
                self._saying = self._left.popleft().samples
        elif self._quiet_s >= (THINKS_S if self._was_asked else GIVES_UP_S):
            self._quiet_s, self._was_asked = 0.0, False
            await self._answer(session)

    async def _answer(self, session: Session) -> None:
        view = await session.view()
        names = [stage.name for stage in view.stages]
        while self._left and names.index(self._left[0].stage) < view.stage_index:
            self._left.popleft()
        if self._left and self._left[0].stage == names[view.stage_index]:
            self._saying = self._left.popleft().samples
        else:
            self._answers.happen(EventKind.NEXT)


def _settings(settings: Settings, home: Path) -> Settings:
    """The shipped models on the CPU, the interviewer that needs none, and a place of their own."""
    return settings.model_copy(
        update={
            "home": home,
            "database": None,
            "engine": "offline",
            "speech_model": str(sample_recogniser_folder()),
            "speech_device": "cpu",
            "voice": str(sample_voice()),
            "speech_compute_type": None,
            "voice_speaker": None,
            "voice_pace": 1.0,
            "voice_patience": 1.0,
            "pronunciations": None,
            "end_of_turn_model": None,
        }
    )


def _round(library: Library) -> InterviewSettings:
    scenario = library.scenario(SCENARIO)
    spec = RoundSpec(kind=RoundKind.DESIGN, items=(scenario.id,), minutes=scenario.minutes)
    return InterviewSettings(
        rounds=(spec,),
        level=Level.MID,
        edge="demo",
        pack_hash=library.pack_of(scenario.id).hash,
    )
