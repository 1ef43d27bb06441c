"""Practice by voice: at a microphone, or from a recording faster than real time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from bot.calls.models import open_speech
from bot.console.aloud import Aloud
from bot.console.answers import is_interactive, open_answers
from bot.console.call_time import CallTime
from bot.console.company import in_company_of
from bot.console.console_call import ConsoleCall
from bot.console.microphone import HEADPHONES, open_sound
from bot.console.practice import practise
from bot.console.recorded_call import RecordedCall, RecordedCandidate, recording_to
from bot.console.screen import Screen
from bot.console.spoken_answers import DONE, SpokenAnswers
from bot.doors import UsageError
from bot.wiring import App
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings
from voice.audio import read_wav

if TYPE_CHECKING:
    from bot.console.browser import PageBeside

HOW = f"Speak; {DONE} says that your answer is over, /think that you want time. You may also type."


async def practise_aloud(
    app: App,
    settings: InterviewSettings,
    console: Console,
    aloud: Aloud,
    page: PageBeside | None = None,
) -> None:
    """Hold a new interview by voice and show its card; at a microphone `page` may stand beside it.

    Raises `VoiceError` where a model, PortAudio or a device is missing or a file is no recording,
    and `UsageError` where one would be lost.
    """
    if aloud.file is None:
        await _at_the_microphone(app, settings, console, page)
    else:
        await _from_a_recording(app, settings, console, aloud.file, aloud.out)


async def _at_the_microphone(
    app: App, settings: InterviewSettings, console: Console, page: PageBeside | None
) -> None:
    """What is typed is taken as well."""
    async with open_speech(app.settings) as models:
        answers = SpokenAnswers(open_answers() if is_interactive() else None)
        call = ConsoleCall(app, models, answers)

        async def join(session: Session, screen: Screen) -> None:
            screen.note(HEADPHONES)
            screen.note(HOW)
            await call.join(session, screen)
            if page is not None and call.line is not None:
                await page.follow(session, screen, call.line.mouth)

        try:
            async with open_sound(call.hear, call.read) as broken, in_company_of(broken):
                await practise(app, settings, answers, console, join, page)
        finally:
            await call.close()


async def _from_a_recording(
    app: App, settings: InterviewSettings, console: Console, heard: Path, spoken: Path | None
) -> None:
    """Faster than real time; the interview takes as long as its audio, by its own clock."""
    samples = read_wav(heard)
    if not len(samples):
        raise UsageError(f"{heard} holds no sound: give a recording of your answers")
    clock = CallTime(app.services.clock.now())
    app = replace(app, services=replace(app.services, clock=clock))
    with recording_to(spoken) as play:
        async with open_speech(app.settings) as models:
            answers = SpokenAnswers()
            call = ConsoleCall(app, models, answers)
            candidate = RecordedCandidate(samples, lambda: answers.happen(EventKind.END))
            try:
                run = RecordedCall(call, answers, clock, play).run(candidate)
                async with in_company_of(run):
                    await practise(app, settings, answers, console, call.join)
            finally:
                await call.close()
