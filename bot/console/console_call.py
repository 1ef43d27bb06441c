"""One call in the terminal: a line between a person, or a recording, and an interview."""

from __future__ import annotations

import numpy as np

from bot.calls.line import Ears, Line, Spoken
from bot.calls.models import SpeechModels
from bot.console.screen import Screen
from bot.console.spoken_answers import SpokenAnswers
from bot.console.spoken_page import SpokenPage
from bot.console.spoken_review import SpokenReview
from bot.wiring import App
from interviewer.session import Session
from interviewer.state import EventKind
from voice.pipeline import Activity
from voice.speech import Samples


class ConsoleCall:
    """The call of one sitting; silent and deaf until an interview has joined it."""

    def __init__(self, app: App, models: SpeechModels, answers: SpokenAnswers) -> None:
        self._app = app
        self._models = models
        self._answers = answers
        self.line: Line | None = None

    @property
    def is_speaking(self) -> bool:
        """Whether the interviewer is speaking."""
        return self.line is not None and self.line.now is Activity.SPEAKING

    async def join(self, session: Session, screen: Screen) -> None:
        """The interview is spoken from now on; to be called before its first word."""
        page = SpokenPage(screen, SpokenReview(self._app, self._answers, screen).hold)

        def said(spoken: Spoken) -> None:
            page.hear(spoken)
            self._answers.hear(spoken)

        def caption(text: str, final: bool) -> None:
            self._answers.caption = "" if final else text

        def changed(activity: Activity) -> None:
            if activity is Activity.SPEAKING:
                page.sound()

        ears = Ears(
            said=said,
            caption=caption,
            changed=changed,
            failed=screen.problem,
            check_in=lambda: self._answers.happen(EventKind.SILENCE),
        )
        patience = self._app.settings.voice_patience
        line = Line(self._models, self._app.services, ears, page, patience)
        await line.attach(session)
        session.speak_through(line.mouth)
        self.line = self._answers.line = line

    def hear(self, frame: Samples) -> None:
        """20 ms from the microphone or the recording."""
        if self.line is not None:
            self.line.hear(frame)

    def read(self, count: int) -> Samples:
        """What is to be played next; may be called from another thread."""
        return np.zeros(count, np.int16) if self.line is None else self.line.read(count)

    async def close(self) -> None:
        """Nothing more is heard, said or typed."""
        await self._answers.close()
        if self.line is not None:
            await self.line.close()
