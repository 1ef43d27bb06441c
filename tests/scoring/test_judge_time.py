"""A judge that takes too long, and one that reads several rounds: what it answered counts."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

import pytest
from judge_samples import (
    ACCOUNT,
    MISSED,
    NONCE,
    SETTINGS,
    Script,
    Scripted,
    judged,
    said,
    saying,
)
from scorecard_samples import ASK, REPLY, bot, interview, you

from interviewer.grading import JudgeGrader
from scoring.judge import RAN_OUT, judge
from scoring.language_model import Ask, StreamItem
from scoring.record import InterviewRecord
from scoring.render.judged import judged_lines
from scoring.scorecard import Scorecard, grade
from scoring.verdicts import ConceptVerdict

LATENCY = said("hit", "I want two seconds until the reply starts.")
HONEST = {"scope/traffic": said("hit", "30,000 conversations a day"), "scope/latency": LATENCY}
RECORD = interview(bot("Where do you start?"), you(ASK), you(REPLY))
WITHIN_S = 300.0
LATE = RAN_OUT.format(model="judge-model", minutes=5)


def rounds(count: int) -> InterviewRecord:
    """The same round that many times, with other words at the end of each."""
    transcript = [
        replace(turn, id=f"{turn.id}-{at}", round_index=at, text=f"{turn.text} That is round {at}.")
        for at in range(count)
        for turn in RECORD.transcript
    ]
    numbered = tuple(replace(turn, index=index) for index, turn in enumerate(transcript))
    return replace(RECORD, rounds=RECORD.rounds * count, transcript=numbered)


def round_of(ask: Ask) -> int:
    """Which round a call is about."""
    return next(at for at in range(9) if f"That is round {at}." in ask.user[0].text)


@pytest.fixture
async def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds pass for every timer of the loop, at once."""
    loop = asyncio.get_running_loop()
    real, passed = loop.time, 0.0

    def go_on(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(loop, "time", lambda: real() + passed)
    return go_on


class Stuck(Scripted):
    """Answers some calls; in the others all the time of the judge passes."""

    def __init__(
        self, script: Script, answers: Callable[[Ask], bool], pass_time: Callable[[float], None]
    ) -> None:
        super().__init__(script)
        self._answers = answers
        self._pass_time = pass_time
        self.closed = 0

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        if self._answers(ask):
            async for item in super().stream(ask):
                yield item
            return
        self.asks.append(ask)
        try:
            # Whatever else is under way has time to come to its end.
            for _ in range(200):
                await asyncio.sleep(0)
            self._pass_time(WITHIN_S)
            await asyncio.Event().wait()
        finally:
            self.closed += 1


def verdicts(card: Scorecard, index: int) -> list[tuple[ConceptVerdict, ...]]:
    return [stage.verdicts for stage in card.rounds[index].stages]


async def test_what_was_answered_in_time_stands(pass_time: Callable[[float], None]) -> None:
    """Two samples of three came: they are the verdict, and the card says how few they are."""
    given = {**HONEST, "scope/latency": MISSED}
    model = Stuck(saying(given), lambda ask: ask.sample < 2, pass_time)
    grader = JudgeGrader(model, SETTINGS, b"secret", within_s=WITHIN_S)

    card = await grader.grade(RECORD, ACCOUNT)

    latency = next(one for one in verdicts(card, 0)[0] if one.key == "scope/latency")
    assert latency.verdict.value == "missed"
    assert card.notices == (
        LATE,
        "4 concepts rest on fewer samples of the judge than were asked for (timed out).",
    )
    assert card.judging is not None
    assert (card.judging.calls, card.judging.failed_calls) == (3, 1)
    assert model.closed == 1


async def test_a_round_that_was_not_reached_keeps_the_offline_verdicts(
    pass_time: Callable[[float], None],
) -> None:
    """The other one is judged; each verdict that is not says so."""
    record = rounds(2)
    model = Stuck(saying(HONEST), lambda ask: round_of(ask) == 0, pass_time)

    card = await judge(record, model, replace(SETTINGS, within_s=WITHIN_S), NONCE, ACCOUNT)

    assert verdicts(card, 1) == verdicts(grade(record), 1)
    assert card.judging is not None
    assert {(one.round_index, one.is_judged) for one in card.judging.concepts} == {
        (0, True),
        (1, False),
    }
    assert all("not judged" in lines[0] for lines in judged_lines(card, 1).values())
    assert len(judged_lines(card, 1)) == 4
    assert card.notices == (
        LATE,
        "The judge could not judge 4 of 8 concepts (timed out); "
        "those stand as the offline finder saw them.",
    )


async def test_a_question_that_was_put_again_too_late_loses_nothing(
    pass_time: Callable[[float], None],
) -> None:
    """What the first answer proved stands; what it did not is an abstention."""
    given = {**HONEST, "scope/latency": said("hit", "words that nobody ever said here")}
    model = Stuck(saying(given), lambda ask: len(ask.user) == 2, pass_time)

    card = await judge(
        RECORD, model, replace(SETTINGS, samples=1, within_s=WITHIN_S), NONCE, ACCOUNT
    )

    traffic, latency = verdicts(card, 0)[0][:2]
    assert (traffic.verdict.value, latency.verdict.value) == ("hit", "unsure")
    assert card.notices == (LATE,)


async def test_no_call_is_begun_when_the_time_is_over() -> None:
    """Nobody pays for an answer that nobody reads."""
    card, model = await judged(RECORD, saying(HONEST), replace(SETTINGS, within_s=0.0))

    assert model.asks == []
    assert verdicts(card, 0) == verdicts(grade(RECORD), 0)
    assert card.notices[0] == RAN_OUT.format(model="judge-model", minutes=0)


async def test_a_time_limit_of_somebody_else_is_raised() -> None:
    """It is no sign that the judge took too long."""

    def script(ask: Ask) -> str:
        raise TimeoutError("the disk")

    with pytest.raises(TimeoutError, match="the disk"):
        await judged(RECORD, script, replace(SETTINGS, within_s=WITHIN_S))


async def test_rounds_are_judged_side_by_side_each_after_its_first_call() -> None:
    """All first calls before any is done; the others of a round when its own is through."""
    done: list[int] = []

    def script(ask: Ask) -> str:
        done.append(round_of(ask))
        return saying(HONEST)(ask)

    model = Witness(script, done)
    card = await judge(rounds(3), model, SETTINGS, NONCE, ACCOUNT)

    assert model.done_before[:3] == [0, 0, 0]
    assert [round_of(ask) for ask in model.asks[:3]] == [0, 1, 2]
    assert all(own > 0 for own in model.own_done_before[3:])
    assert model.most_under_way == SETTINGS.parallel
    assert card.judging is not None
    assert len(card.judging.concepts) == 3 * 4


class Witness(Scripted):
    """Notes for each call how many of its round are through when it begins."""

    def __init__(self, script: Script, done: list[int]) -> None:
        super().__init__(script)
        self._through = done
        self.own_done_before: list[int] = []

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        self.own_done_before.append(self._through.count(round_of(ask)))
        async for item in super().stream(ask):
            yield item
