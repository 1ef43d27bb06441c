"""Before a spoken interview is graded: what was misheard of it can be put right in the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.console.screen import Screen
from bot.console.spoken_answers import SpokenAnswers
from bot.doors import UsageError
from bot.hearings import correct_heard, uncertain_turns
from bot.wiring import App
from scoring.corrections import CorrectionRefusedError
from scoring.transcript import Turn
from scoring.uncertain import LEGEND, marked

STATUS = " Enter alone grades the answers as they stand "

_CHANGE = re.compile(r"\s*(?P<number>\d+)[\s.:]+(?P<text>\S.*)", re.DOTALL)


class SpokenReview:
    """The list of doubtful answers, for as long as the candidate has something to put right."""

    def __init__(self, app: App, answers: SpokenAnswers, screen: Screen) -> None:
        self._app = app
        self._answers = answers
        self._screen = screen

    async def hold(self, interview_id: str) -> None:
        """Take corrections until there is nothing doubtful left, or the candidate goes on."""
        while self._answers.can_type and (
            doubtful := await uncertain_turns(self._app, interview_id)
        ):
            self._show(doubtful)
            line = await self._answers.next_line(STATUS)
            if line is None or not line.strip():
                return
            await self._change(interview_id, doubtful, line)

    def _show(self, doubtful: Sequence[Turn]) -> None:
        self._screen.note(f"Before I grade: I was not sure of every word. {LEGEND}.")
        for number, turn in enumerate(doubtful, 1):
            self._screen.show_turn(str(number), marked(turn), "bold")
        self._screen.note(
            "Put an answer right by its number and the whole of it, as in `1 we watch the p99`. "
            "Both versions are kept. Enter alone goes on."
        )

    async def _change(self, interview_id: str, doubtful: Sequence[Turn], line: str) -> None:
        """Store one correction, or say why it is none."""
        found = _CHANGE.fullmatch(line)
        number = int(found["number"]) if found else 0
        if found is None or not 1 <= number <= len(doubtful):
            self._screen.problem(f"Begin with a number from 1 to {len(doubtful)}.")
            return
        turn = doubtful[number - 1]
        try:
            await correct_heard(self._app, interview_id, turn.id, found["text"])
        except (CorrectionRefusedError, UsageError) as err:
            self._screen.problem(f"{str(err).rstrip('.')}. Nothing was changed.")
