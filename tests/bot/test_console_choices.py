"""What a person is asked before a round, and what the answers lead to."""

import io
import sys
from collections.abc import Callable

import pytest
from console_samples import Screen, screen_of

from bot.console.choices import (
    Wishes,
    design_settings,
    drill_settings,
    loop_settings,
    story_settings,
)
from bot.doors import UsageError
from interviewer.state import InterviewSettings, Style
from scenarios.load import Library
from scenarios.model import Level

Choose = Callable[..., InterviewSettings]
ROUNDS: dict[str, Choose] = {
    "practice": design_settings,
    "behavioural": story_settings,
    "drill": drill_settings,
    "loop": loop_settings,
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, library: Library):
    """Has a person type these lines and gives back what was chosen and shown."""

    def ask(
        choose: Choose, wishes: Wishes, *lines: str, width: int = 100
    ) -> tuple[InterviewSettings, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        screen: Screen = screen_of(width)
        return choose(library, wishes, screen.console, ask=True), screen.text()

    return ask


@pytest.mark.parametrize("name", ROUNDS)
def test_enter_takes_what_a_pipe_takes(asked, library: Library, name: str) -> None:
    """Nothing but Enter is the same round as where nobody is asked."""
    chosen, shown = asked(ROUNDS[name], Wishes(), *[""] * 6)

    assert chosen == ROUNDS[name](library, Wishes(), screen_of().console, ask=False)
    assert (chosen.style, chosen.extra_time) == (Style.NEUTRAL, 1)
    assert "(neutral)" in shown
    assert "[1/1.25/1.5/2] (1)" in shown


FIRST = {"practice": "support-agent-limited-actions", "loop": "llm-app-mid"}


@pytest.mark.parametrize("name", FIRST)
def test_a_newcomer_gets_the_item_meant_for_newcomers(library: Library, name: str) -> None:
    """Where nothing was named and nobody is asked, not the file whose name comes first decides."""
    first = ROUNDS[name](library, Wishes(), screen_of().console, ask=False)
    named = ROUNDS[name](library, Wishes(FIRST[name]), screen_of().console, ask=False)

    assert first == named


def test_every_scenario_can_be_chosen_by_its_number(asked, library: Library) -> None:
    """The number is that of the list on the screen: the newcomers' first, the others in order."""
    others = [item.id for item in library.scenarios if item.id != FIRST["practice"]]
    for number, item in enumerate([FIRST["practice"], *others], 1):
        chosen, shown = asked(design_settings, Wishes(), str(number), *[""] * 4)

        assert chosen.rounds[0].items == (item,)
        (line,) = [line for line in shown.splitlines() if library.scenario(item).title in line]
        assert line.split()[0] == str(number)


@pytest.mark.parametrize("name", ROUNDS)
def test_tone_and_extra_time_can_be_chosen(asked, library: Library, name: str) -> None:
    """The last two questions; what is not on offer is asked again."""
    items = {
        "practice": library.scenarios,
        "behavioural": library.prompts,
        "drill": library.questions,
        "loop": library.plans,
    }
    wishes = Wishes(items[name][0].id, Level.MID, 20)
    chosen, _ = asked(ROUNDS[name], wishes, "rude", "sceptical", "3", "1.5")

    assert (chosen.style, chosen.extra_time) == (Style.SCEPTICAL, 1.5)


@pytest.mark.parametrize("name", ["practice", "drill"])
def test_options_are_not_asked_again(asked, library: Library, name: str) -> None:
    """Who said everything on the command line types nothing."""
    item = {"practice": library.scenarios, "drill": library.questions}[name][0].id
    _, shown = asked(ROUNDS[name], Wishes(item, Level.MID, 20, Style.SUPPORTIVE, 2.0))

    assert shown == ""


def numbers_of(library: Library, topic: str) -> list[str]:
    """The ids of a topic's questions."""
    return [question.id for question in library.questions if question.topic.value == topic]


@pytest.mark.parametrize("typed", ["1,3", " 3 , 1 ,3", "all", "RAG", "1,rag", "what-is-a-token"])
def test_several_questions_or_a_topic_can_be_drilled(asked, library: Library, typed: str) -> None:
    """Numbers, a topic, an id or all, each question once and in the order given."""
    ids = [question.id for question in library.questions]
    wanted = {
        "1,3": [ids[0], ids[2]],
        " 3 , 1 ,3": [ids[2], ids[0]],
        "all": ids,
        "RAG": numbers_of(library, "rag"),
        "1,rag": [ids[0], *numbers_of(library, "rag")],
        "what-is-a-token": ["what-is-a-token"],
    }[typed]
    chosen, _ = asked(drill_settings, Wishes(), typed, "", "")

    (spec,) = chosen.rounds
    assert list(spec.items) == wanted
    assert spec.minutes == sum(library.question(item).minutes for item in wanted)


@pytest.mark.parametrize("typed", ["0", "99", "1,99", "-1", "²", "nonsense", "1,", ","])
def test_a_number_out_of_range_is_asked_again(asked, library: Library, typed: str) -> None:
    """What there is not is never dropped in silence, and nobody is thrown out for it."""
    chosen, shown = asked(drill_settings, Wishes(), typed, "2", "", "")

    assert chosen.rounds[0].items == (library.questions[1].id,)
    assert f"numbers from 1 to {len(library.questions)}" in shown


def test_questions_are_listed_with_topic_and_level(asked, library: Library) -> None:
    """Each in its line, with the number to type."""
    _, shown = asked(drill_settings, Wishes(), "", "", "")

    for number, question in enumerate(library.questions, 1):
        (line,) = [line for line in shown.splitlines() if question.id in line]
        assert line.split()[0] == str(number)
        assert question.topic.value in line
        assert question.level.value in line


def test_no_question_at_all_is_said() -> None:
    """Without packs nobody is asked to choose."""
    with pytest.raises(UsageError, match="no pack holds a question"):
        drill_settings(Library(()), Wishes(), screen_of().console, ask=True)
