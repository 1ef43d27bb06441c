"""Whose turn it is: one pure step from each thing that happens to what is to be done.

The candidate is never cut off while they speak, and waits follow what their words tell (`cues.py`),
the patience of the stage and this candidate's own pauses. `turn_parts.py` holds how a turn grows
and is recognised, `barge_in.py` what happens when both speak, `turn_settings.py` the figures.
Time is that of the audio heard; nothing sleeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from voice.barge_in import (
    end_speaking,
    judge_guess,
    judge_words,
    make_room,
    means_to_speak,
    resume_after_noise,
    speak,
)
from voice.cues import Cue
from voice.turn_parts import (
    Step,
    ask,
    begin_speech,
    forget_done,
    grow,
    overdue,
    read_turn,
    recognise_at_pause,
    said,
    take_in,
)
from voice.turn_settings import TurnSettings
from voice.turn_state import (
    Activity,
    Expected,
    Guessed,
    Input,
    Listened,
    Order,
    Others,
    Release,
    Signal,
    Spoke,
    State,
    Understood,
)

__all__ = ["Activity", "State", "TurnSettings", "activity", "may_speak", "step", "wait_s"]


STEP_S = 0.032
"""Time goes by in windows of the detector: waits end at the nearest one."""


def step(state: State, happened: Input) -> Step:
    """The state after something happened, and what is to be done now, in this order."""
    match happened:
        case Listened():
            return _listen(state, happened)
        case Guessed():
            return judge_guess(state, happened)
        case Understood():
            return _understand(state, happened)
        case Expected(question, patience):
            return _expect(state, question, patience), ()
        case Spoke():
            return speak(state, happened), ()
        case Others(speaking):
            return replace(state, others=speaking, others_s=state.now_s), ()
        case Signal():
            return _obey(state, happened)


def activity(state: State) -> Activity:
    """What is going on."""
    if state.ours is not None:
        return Activity.SPEAKING
    if state.thinking and not state.voice.on:
        return Activity.THINKING
    if any(not part.contested for part in state.with_words):
        return Activity.HEARING
    if state.thinking:
        return Activity.THINKING
    return Activity.LISTENING if state.answering_s is None else Activity.ANSWERING


def may_speak(state: State) -> bool:
    """Whether we may begin now: nobody speaks and no turn is open but that of one who thinks."""
    since_others_s = state.now_s - state.others_s
    if state.others or (state.others_s and since_others_s < state.settings.others_s):
        return False
    parts = state.with_words
    if not _nobody_speaks(state) or any(part.heard is None for part in parts):
        return False
    return not parts or (state.thinking and state.pause_s >= state.settings.polite_s)


def wait_s(state: State) -> float:
    """Silence after which the open turn is over."""
    settings = state.settings
    if state.done:
        return 0.0
    if state.thinking:
        return float("inf")
    outright = {Cue.RELEASE: settings.release_s, Cue.OCCUPIED: settings.occupied_s}
    if state.cue in outright:
        return outright[state.cue]
    scale = state.pace.scale(settings) * state.patience
    if state.cue is Cue.HOLD:
        return min(max(settings.hold_s * state.patience, settings.hold_s), settings.hold_ceiling_s)
    by_cue = {Cue.COMPLETE: settings.complete_s, Cue.PERHAPS: settings.perhaps_s}
    usual_s = min(by_cue.get(state.cue, settings.neutral_s) * scale, settings.ceiling_s)
    least_s = settings.perhaps_s if state.cue is Cue.PERHAPS else settings.release_s
    return max(least_s, state.pace.caution_s, usual_s)


def _listen(state: State, heard: Listened) -> Step:
    since_s, was_on = state.now_s, state.voice.on
    if heard.now_s <= since_s:
        return state, ()
    voice = state.voice.hear(since_s, heard, state.settings)
    state = replace(state, now_s=heard.now_s, voice=voice)
    if voice.on and not was_on:
        state = begin_speech(state)
    return _in_turn(state, *_RULES)


def _in_turn(state: State, *rules: Callable[[State], Step]) -> Step:
    """Apply rules one after another; what they ask for adds up."""
    asked: Step = (state, ())
    for rule in rules:
        state, acts = rule(asked[0])
        asked = (state, (*asked[1], *acts))
    return asked


def _understand(state: State, understood: Understood) -> Step:
    known = {part.number for part in state.parts}
    state, part = take_in(state, understood)
    if part is None and len(known) == len(state.parts):
        return state, ()
    if part is None:
        state, acts = resume_after_noise(state)
    else:
        state, acts = judge_words(state, part) if part.contested else (state, ())
    state, released = _hand_in(read_turn(state, part, understood.closing))
    return state, (*acts, *released)


def _give_up_slow(state: State) -> Step:
    late = overdue(state)
    if late is None:
        return state, ()
    state, acts = _understand(state, late)
    return state, (Order.TOO_SLOW, *acts)


def _expect(state: State, question: str, patience: float) -> State:
    """A wish to think that is older than the question, and is not being acted on, is over."""
    is_new = state.thinking_s >= state.spoke_s
    thinking = state.thinking and (bool(state.parts) or is_new)
    expected = replace(state, question=question, patience=max(patience, 0.0), thinking=thinking)
    return forget_done(expected)


def _obey(state: State, signal: Signal) -> Step:
    match signal:
        case Signal.THINK:
            return replace(state, thinking=True, thinking_s=state.now_s, checked_in=False), ()
        case Signal.DONE:
            return _finish(state)
        case Signal.FELL_SILENT | Signal.HUSHED:
            return end_speaking(state, signal), ()
        case Signal.LEFT:
            return _leave(state)
        case Signal.GAVE_UP:
            return _give_up(state)


def _nobody_speaks(state: State) -> bool:
    """Whether the candidate is silent, or what is heard of them has no words."""
    if state.voice.on:
        return bool(state.parts) and state.parts[-1].is_wordless
    return state.voice.is_silent


def _finish(state: State) -> Step:
    """The turn ends once its words are known, even if nothing more is ever heard."""
    state = forget_done(replace(state, thinking=False, done=True))
    if state.done and state.parts[-1].ask is None:
        return ask(state)
    return _hand_in(state)


def _hand_in(state: State) -> Step:
    """End a turn that was declared done as soon as all of it is understood."""
    if not state.done or not _is_understood(state):
        return state, ()
    if not state.parts[-1].is_wordless:
        state = replace(state, voice=state.voice.cut())
    return _tell(state)


def _is_understood(state: State) -> bool:
    parts = state.with_words
    known = all(part.heard is not None and not part.contested for part in parts)
    return bool(parts) and known and state.ours is None


def _release(state: State) -> Step:
    if not _is_understood(state) or not _nobody_speaks(state):
        return state, ()
    last_s = state.with_words[-1].end_s if state.voice.on else state.voice.last_s
    silent_s = state.now_s - last_s + STEP_S / 2
    return _tell(state) if silent_s >= wait_s(state) else (state, ())


def _tell(state: State) -> Step:
    """End the turn; noise that goes on stays a part, in case words come up in it."""
    turn = said(state, lambda part: not part.contested or means_to_speak(state, part.text))
    noise = tuple(replace(p, contested=True) for p in state.parts if p.is_wordless)
    closed = replace(
        state, parts=noise, cue=Cue.NEUTRAL, thinking=False, checked_in=False, done=False
    )
    if turn is None:
        return closed, ()
    unanswered = "\n".join(filter(None, (state.unanswered, turn.text)))
    rhythm = state.rhythm and state.rhythm.eased(state.settings)
    closed = replace(closed, unanswered=unanswered, released=turn, spoken="", rhythm=rhythm)
    return replace(closed, answering_s=state.now_s), (Release(turn),)


def _check_in(state: State) -> Step:
    if not state.thinking or state.checked_in or not may_speak(state) or state.ours is not None:
        return state, ()
    silent_s = state.now_s - max(state.thinking_s, state.voice.last_s)
    if silent_s < state.settings.think_s:
        return state, ()
    return replace(state, checked_in=True), (Order.CHECK_IN,)


def _stop_answering(state: State) -> Step:
    since_s, limit_s = state.answering_s, state.settings.answer_limit_s
    if since_s is not None and state.now_s - since_s >= limit_s:
        return replace(state, answering_s=None), ()
    return state, ()


def _leave(state: State) -> Step:
    state = replace(state, voice=state.voice.cut())
    return ask(state) if state.parts and state.parts[-1].ask is None else (state, ())


def _give_up(state: State) -> Step:
    state, acts = _tell(replace(state, voice=state.voice.cut()))
    return replace(state, answering_s=None, parts=()), acts


_RULES: tuple[Callable[[State], Step], ...] = (
    grow,
    make_room,
    recognise_at_pause,
    _give_up_slow,
    _release,
    _check_in,
    _stop_answering,
)
"""What every moment is looked at for, in this order."""
