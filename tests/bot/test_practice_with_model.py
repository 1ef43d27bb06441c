"""A sitting with a language model for questions and verdicts, and without: the same program."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from console_samples import screen_of
from pydantic import SecretStr

from bot.console.answers import PipedAnswers
from bot.console.choices import Wishes, design_settings
from bot.console.practice import practise
from bot.doors import UsageError
from bot.rejudging import rejudge
from bot.settings import Settings, load_settings
from bot.wiring import App, open_app
from scenarios.load import Library, builtin_packs_folder, load_library
from scoring.scorecard import Scorecard
from scoring.verdicts import Verdict
from storage.scorecards import list_scorecards, load_scorecard
from tests.messages_stub import Fault, MessagesStub, honest

SCENARIO = "support-agent-limited-actions"
SCOPE = "How many conversations are there a day, and what may one of them cost?"
LOOP = "A loop of at most eight steps, and after that a human takes over with the transcript."
ANSWERS = (SCOPE, "/next", LOOP, "I have three narrow tools for it.", "/end")


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped packs."""
    return load_library(builtin_packs_folder())


def settings(home: Path, stub: MessagesStub, **more: Any) -> Settings:
    """Settings that find the stub, as the environment would give them."""
    return Settings(
        home=home,
        anthropic_api_key=SecretStr(stub.key),
        anthropic_base_url=stub.url,
        **{"first_text_s": 60.0, "turn_deadline_s": 60.0, **more},
    )


@asynccontextmanager
async def sitting(chosen: Settings, library: Library) -> AsyncIterator[tuple[App, str, Scorecard]]:
    """A round with `ANSWERS`: the open app, what was shown, and the card."""
    async with open_app(chosen, library) as app:
        screen = screen_of()
        wished = design_settings(library, Wishes(SCENARIO), screen.console, ask=False)
        await practise(
            app, wished, PipedAnswers(io.StringIO("\n\n".join(ANSWERS) + "\n\n")), screen.console
        )
        (summary,) = await list_scorecards(app.database, "local")
        yield (
            app,
            " ".join(screen.text().split()),
            await load_scorecard(app.database, summary.interview_id),
        )


async def test_a_key_lets_the_model_ask_and_judge(tmp_path: Path, library: Library) -> None:
    """The card says who asked and who judged, and what it cost."""
    async with (
        MessagesStub(honest(library)) as stub,
        sitting(settings(tmp_path, stub), library) as (_, shown, card),
    ):
        purposes = {call.seen.purpose for call in stub.calls}

    assert purposes == {"interview", "judge"}
    assert card.engine == "claude-haiku-5-5"
    assert card.judging is not None
    assert card.judging.model == "claude-sonnet-5-5"
    assert card.cost_usd > 0
    assert (
        "What you say and draw in this interview is sent to 127.0.0.1: claude-haiku-5-5 words "
        "follow-ups to your answers, and claude-sonnet-5-5 judges them afterwards." in shown
    )
    assert "Judged by claude-sonnet-5-5" in shown
    assert card.notices == ()


async def test_without_a_key_nothing_is_sent_anywhere(tmp_path: Path, library: Library) -> None:
    """The same commands, the embedded interviewer, and a card that costs nothing."""
    async with (
        MessagesStub(honest(library)) as stub,
        sitting(Settings(home=tmp_path, anthropic_base_url=stub.url), library) as (_, shown, card),
    ):
        assert stub.calls == []

    assert "is sent to" not in shown

    assert card.engine == "offline"
    assert card.judging is None
    assert card.cost_usd == 0


async def test_the_judge_can_be_left_out(tmp_path: Path, library: Library) -> None:
    """`none` as the judge's model leaves the verdicts to the rules."""
    async with (
        MessagesStub(honest(library)) as stub,
        sitting(settings(tmp_path, stub, judge_model="none"), library) as (_, _, card),
    ):
        purposes = {call.seen.purpose for call in stub.calls}

    assert purposes == {"interview"}
    assert card.judging is None


async def test_a_dead_server_degrades_the_round_and_never_ends_it(
    tmp_path: Path, library: Library
) -> None:
    """Every question and verdict comes from the rules, and the card says so."""
    async with MessagesStub(honest(library)) as stub:
        stub.fail(*[Fault.AUTH_401] * 60)
        async with sitting(settings(tmp_path, stub), library) as (_, shown, card):
            pass

    assert "A note: the language model denied access" in shown
    assert any("claude-haiku-5-5 denied access" in notice for notice in card.notices)
    assert any("could not judge" in notice for notice in card.notices)
    assert Verdict.HIT in {v.verdict for stage in card.rounds[0].stages for v in stage.verdicts}


async def test_an_empty_budget_is_a_refusal_to_spend(tmp_path: Path, library: Library) -> None:
    """Not a request leaves the machine, the candidate is told, and the round goes on."""
    async with (
        MessagesStub(honest(library)) as stub,
        sitting(settings(tmp_path, stub, budget_day_usd=0.0), library) as (_, shown, card),
    ):
        assert stub.calls == []

    assert "has no budget left" in shown
    assert card.cost_usd == 0


async def test_a_model_without_a_price_is_never_called(tmp_path: Path, library: Library) -> None:
    """What it costs is not known, so nothing is spent."""
    async with (
        MessagesStub(honest(library)) as stub,
        sitting(
            settings(tmp_path, stub, interview_model="claude-next", judge_model="claude-next"),
            library,
        ) as (_, shown, _),
    ):
        assert stub.calls == []

    assert "has no known price" in shown


async def test_an_old_round_is_judged_again_and_both_cards_are_kept(
    tmp_path: Path, library: Library
) -> None:
    """With another model: a further revision, which says that it is one."""
    async with (
        MessagesStub(honest(library)) as stub,
        sitting(settings(tmp_path, stub), library) as (app, _, first),
    ):
        second = await rejudge(app, first.interview_id, "claude-opus-5-5")
        kept = await load_scorecard(app.database, first.interview_id, 1)
        latest = await load_scorecard(app.database, first.interview_id)

    assert (first.revision, second.revision) == (1, 2)
    assert kept == first
    assert latest == second
    assert second.judging is not None
    assert second.judging.model == "claude-opus-5-5"
    assert second.cost_usd > first.cost_usd


async def test_a_judge_that_answers_nothing_makes_no_further_card(
    tmp_path: Path, library: Library
) -> None:
    """What would be the offline card again is not stored as a judgement."""
    async with (
        MessagesStub(honest(library)) as stub,
        sitting(settings(tmp_path, stub), library) as (app, _, first),
    ):
        stub.fail(*[Fault.AUTH_401] * 20)
        with pytest.raises(UsageError, match="answered no call"):
            await rejudge(app, first.interview_id)
        assert await load_scorecard(app.database, first.interview_id) == first


def test_the_usual_names_of_the_environment_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has set up Anthropic's SDK need set nothing more; our own names win."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "one")
    assert load_settings().uses_model
    monkeypatch.setenv("HOTSEAT_ANTHROPIC_API_KEY", "two")
    key = load_settings().api_key
    assert key is not None
    assert key.get_secret_value() == "two"
    monkeypatch.setenv("HOTSEAT_ENGINE", "offline")
    assert not load_settings().uses_model
