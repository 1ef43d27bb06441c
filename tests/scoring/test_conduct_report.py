"""The interviewer's own report, from the record of the round."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from conduct_samples import library
from rich.console import Console

from scenarios.model import Level
from scoring.conduct import Fault
from scoring.conduct_report import (
    TITLE,
    ConductReport,
    TurnFault,
    conduct_lines,
    conduct_report,
)
from scoring.record import Ending, Given, GivenKind, InterviewRecord, RoundRecord
from scoring.render.html import render_html
from scoring.render.markdown import render_markdown
from scoring.render.terminal import render_terminal
from scoring.scorecard import Scorecard, grade, scorecard_from_json, scorecard_to_json
from scoring.transcript import Speaker, Turn

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLAN = library().round_for("support-agent-limited-actions")
REFUND = dict(PLAN.concepts())["loop/refund-flow-deterministic"]
ANSWER = (
    "The message goes to the model, which can look up an order or refund. Refunds stop at 50 "
    "dollars because the prompt says so."
)


def bot(text: str, move: str = "probe", aims_at: str | None = None, degraded: str = "") -> Turn:
    return Turn(
        id="",
        index=0,
        speaker=Speaker.INTERVIEWER,
        text=text,
        round_index=0,
        stage="loop",
        at=AT,
        move=move,
        aims_at=aims_at,
        degraded=degraded or None,
    )


def you(text: str) -> Turn:
    return Turn("", 0, Speaker.CANDIDATE, text, 0, "loop", AT)


def record(*turns: Turn, given: tuple[Given, ...] = ()) -> InterviewRecord:
    """The turns with ids as interviews have them: an answer and the reply to it share a number."""
    numbered: list[Turn] = []
    for index, turn in enumerate(turns):
        letter = "c" if turn.speaker is Speaker.CANDIDATE else "i"
        seq = sum(1 for one in numbered if one.speaker is Speaker.CANDIDATE)
        seq += turn.speaker is Speaker.CANDIDATE
        changed = {**turn.__dict__, "id": f"{letter}{seq:04d}", "index": index}
        numbered.append(Turn(**changed))
    held = RoundRecord(PLAN, ("loop",), spent_s={}, budget_s={}, given=given)
    return InterviewRecord(
        "i1", Level.MID, "neutral", AT, AT, Ending.COMPLETED, (held,), tuple(numbered), "test", "p"
    )


def report(*turns: Turn, given: tuple[Given, ...] = ()) -> ConductReport:
    found = conduct_report(record(OPENING, you(ANSWER), *turns, given=given))
    assert found is not None
    return found


OPENING = bot(PLAN.stage("loop").opening, "open")


def test_a_clean_round_says_so_with_its_figures() -> None:
    """Questions, the share of the words, and that nothing was found."""
    found = report(bot(REFUND.probes[0], aims_at="loop/refund-flow-deterministic"))
    words = len(OPENING.text.split()) + len(REFUND.probes[0].split())
    assert found.questions == 2
    assert found.words == words
    assert found.talk_share == round(words / (words + len(ANSWER.split())), 3)
    assert found.faults == ()
    assert conduct_lines(found) == (
        f"The interviewer: 2 questions, {found.talk_share:.0%} of the words, no hint.",
        "By these checks, nothing was repeated, presupposed, invented or given away.",
        "These checks are rules: they overlook what is said in other words.",
    )


def test_faults_name_their_turns() -> None:
    """Turns are numbered as on the card; the same fault is told once with all its turns."""
    found = report(
        bot("Great idea. What does your circuit breaker do then?"),
        you("Nothing, there is none."),
        bot("Excellent. Who looks at the amount?"),
    )
    assert found.turns(Fault.PRAISE) == (3, 5)
    assert found.turns(Fault.PRESUPPOSES) == (3,)
    lines = conduct_lines(found)
    assert "Turns 3 and 5 praised." in lines
    assert "Turn 3 presupposed something that you had not said." in lines


def test_what_is_said_later_excuses_nothing() -> None:
    """An utterance is held against what stood before it."""
    later = "We keep a circuit breaker, and it opens after three errors."
    before = report(bot("What does your circuit breaker do?"), you(later))
    after = report(bot("Who looks at the amount?"), you(later), bot("When does it open?"))
    assert before.turns(Fault.PRESUPPOSES) == (3,)
    assert after.turns(Fault.PRESUPPOSES) == ()


def test_a_question_asked_twice_is_a_repeat_unless_it_was_wanted() -> None:
    """Saying it again because the candidate asked for it is none."""
    line = REFUND.probes[0]
    again = report(bot(line), you("The prompt says no."), bot(line))
    assert again.turns(Fault.REPEATS) == (5,)
    wanted = report(bot(line), you("Can you repeat that?"), bot(f"Again: {line}", "repeat"))
    assert wanted.turns(Fault.REPEATS) == ()


def test_facts_that_were_given_are_no_inventions() -> None:
    """By a move, and in later questions; before that they are inventions."""
    fact = PLAN.facts[0]
    told = bot(fact.answer, "answer")
    asked = bot("What changes when all 30,000 conversations come at noon?")
    given = (Given(GivenKind.FACT, fact.topic, fact.answer, "i0001", fact.id),)
    after = report(told, you("Good to know."), asked, given=given)
    assert after.turns(Fault.INVENTS) == ()
    assert report(asked).turns(Fault.INVENTS) == (3,)


def test_hints_count_and_one_that_nobody_wanted_is_named() -> None:
    """A hint after a plain answer was not asked for; after a request or a button it was."""
    hint = bot(f"A hint: {REFUND.hint}", "hint")
    assert report(hint).hints_unasked == (3,)
    wanted = report(bot("Who looks at it?"), you("Can I have a hint?"), hint)
    assert (wanted.hints, wanted.hints_unasked) == (1, ())
    pressed = report(bot("Who looks at it?"), hint)
    assert (pressed.hints, pressed.hints_unasked) == (1, ())
    assert "Turn 3 gave a hint that you had not asked for." in conduct_lines(report(hint))


def test_a_note_about_a_failed_model_is_not_held_against_the_length() -> None:
    """The program's own notice stands before the question."""
    note = "A note: the language model was overloaded, so my built-in questions take over for now. "
    text = f"{note}{REFUND.probes[0]} "
    found = report(bot(text * 1, degraded="overloaded"))
    assert found.faults == ()


def test_a_round_without_a_follow_up_has_no_report() -> None:
    """A written answer has no interviewer to speak of."""
    assert conduct_report(record(OPENING, you(ANSWER))) is None
    assert conduct_report(record(OPENING)) is None
    assert conduct_report(record()) is None


def test_the_report_survives_json() -> None:
    """Both ways, unchanged."""
    found = report(bot("Great. Who looks at the amount?"))
    assert ConductReport.model_validate_json(found.model_dump_json()) == found
    assert found.faults == (TurnFault(turn_id="i0001", number=3, fault=Fault.PRAISE),)


def terminal(card: Scorecard) -> str:
    out = io.StringIO()
    render_terminal(card, Console(file=out, width=200, color_system=None))
    return out.getvalue()


@pytest.mark.parametrize("form", [terminal, render_markdown, render_html])
def test_every_form_of_the_card_shows_the_report(form: Callable[[Scorecard], str]) -> None:
    """Under its own heading; a card without one has no such heading."""
    card = grade(record(OPENING, you(ANSWER), bot("Great. Who looks at the amount?")))
    text = form(card)
    assert text.count(TITLE) == 1
    assert "Turn 3 praised." in text
    assert TITLE not in form(card.model_copy(update={"conduct": None}))


def test_cards_from_before_still_load() -> None:
    """The field may be absent; where it is there it survives."""
    card = grade(record(OPENING, you(ANSWER), bot("Great. Who looks at the amount?")))
    assert scorecard_from_json(scorecard_to_json(card)) == card
    older = Scorecard.model_validate(card.model_dump(exclude={"conduct"}))
    assert older.conduct is None
