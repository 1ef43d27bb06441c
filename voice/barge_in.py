"""Speech over ours: soft at once, silent when it lasts, given up when it has words; pure.

The same judgement is made of speech that comes before the first word of an answer: sound alone
makes us wait, words make us listen on.
"""

from __future__ import annotations

from dataclasses import replace

from voice.cues import asks_yes_or_no, has_content, is_backchannel, is_echo, words
from voice.turn_parts import Step, drop, forget_done, replace_part
from voice.turn_state import Guessed, Order, Ours, Part, Signal, Spoke, State, Yield


def speak(state: State, spoke: Spoke) -> State:
    """Our words are heard from now on: the answer has begun."""
    if state.ours is not None:
        return replace(state, spoken=f"{state.spoken} {spoke.text}")
    # Whoever began in the instant before us had not heard that we would.
    parts = tuple(replace(p, contested=True) if p.heard is None else p for p in state.parts)
    ours = Ours(state.now_s, wary=state.echoes)
    began = replace(state, ours=ours, spoken=spoke.text, spoke_s=state.now_s)
    return replace(began, answering_s=None, parts=parts)


def end_speaking(state: State, signal: Signal) -> State:
    """All was played, there is no answer, or we were told to be silent."""
    if state.ours is None:
        # Nothing of ours was heard that speech could be an echo of, or a remark on.
        open_now = signal is Signal.FELL_SILENT and state.answering_s is not None
        parts = tuple(replace(p, contested=p.contested and not open_now) for p in state.parts)
        return replace(state, answering_s=None, parts=parts)
    unanswered = "" if signal is Signal.FELL_SILENT else state.unanswered
    return replace(state, ours=None, answering_s=None, unanswered=unanswered)


def make_room(state: State) -> Step:
    """What the candidate's voice, with or without words, does to ours while it plays."""
    ours, voice, settings = state.ours, state.voice, state.settings
    if ours is None:
        return state, ()
    if ours.held_s is not None:
        late = state.now_s - ours.held_s >= settings.unintelligible_s
        return _decide_held(state, ours) if late else (state, ())
    if not voice.on:
        return _set(state, ducked=False) if ours.ducked else (state, ())
    if ours.wary or (state.parts and state.parts[-1].is_wordless):
        return state, ()
    if voice.voiced_s >= settings.confirm_s:
        return replace(state, ours=replace(ours, held_s=state.now_s)), (Order.HOLD,)
    return _set(state, ducked=True) if not ours.ducked else (state, ())


def judge_guess(state: State, guessed: Guessed) -> Step:
    """Enough words interrupt before the sentence is over."""
    part = next((part for part in state.parts if part.number == guessed.part), None)
    if part is None or part.heard is not None:
        return state, ()
    state = forget_done(replace_part(state, part.guessed(guessed)))
    enough = len(words(guessed.text)) >= state.settings.interrupting_words
    if part.contested and enough and means_to_speak(state, guessed.text):
        return take_floor(state, part)
    return state, ()


def judge_words(state: State, part: Part) -> Step:
    """What a contested part turned out to be."""
    if is_echo(part.text, state.spoken, least=1 if state.echoes else 3):
        return _resume(replace(drop(state, part), echoes=True))
    over = state.ours is None and state.answering_s is None
    if is_backchannel(part.text) and not (over and asks_yes_or_no(state.question)):
        return _resume(drop(state, part))
    return take_floor(state, part)


def means_to_speak(state: State, text: str) -> bool:
    """Whether these words, heard while we speak, are the beginning of a turn."""
    return has_content(text) and not is_backchannel(text) and not is_echo(text, state.spoken, 1)


def resume_after_noise(state: State) -> Step:
    """A contested part without words is gone: we go on."""
    return _resume(state)


def take_floor(state: State, part: Part) -> Step:
    """The part, and what followed it, is the candidate's turn."""
    parts = tuple(replace(p, contested=False) for p in state.parts)
    before, state = state, replace(state, parts=parts, ours=None, answering_s=None)
    if before.ours is None and before.answering_s is None:
        return state, ()
    went_on = _went_on(before, part)
    cut_in = went_on and before.ours is not None
    state = replace(state, unanswered=state.unanswered if went_on else "")
    return _learn(state, part, cut_in=cut_in) if went_on else state, (Yield(cut_in),)


def _learn(state: State, part: Part, *, cut_in: bool) -> State:
    """The silence that we took for an end was a pause."""
    if state.released is None:
        return state
    pause_s = part.start_s - state.released.ended_s
    if pause_s > state.settings.same_thought_s:
        return state
    learn = state.pace.after_cut_in if cut_in else state.pace.after
    return replace(state, rhythm=learn(pause_s, state.settings))


def _went_on(state: State, part: Part) -> bool:
    """Whether the candidate continues the turn that we took for over."""
    if state.ours is None:
        return True
    return bool(state.unanswered) and part.start_s - state.ours.began_s < state.settings.cut_in_s


def _decide_held(state: State, ours: Ours) -> Step:
    """We have been silent for long enough: whoever has said words by now has the floor."""
    for part in state.parts:
        if part.contested and means_to_speak(state, part.text):
            return take_floor(state, part)
    back = replace(ours, held_s=None, ducked=False, wary=True)
    return replace(state, ours=back), (Order.RESUME,)


def _resume(state: State) -> Step:
    """Play on, unless another stretch of speech is still to be judged."""
    ours = state.ours
    if ours is None or ours.held_s is None or any(part.contested for part in state.parts):
        return state, ()
    back = replace(ours, held_s=None, ducked=False, wary=ours.wary or state.echoes)
    return replace(state, ours=back), (Order.RESUME,)


def _set(state: State, *, ducked: bool) -> Step:
    assert state.ours is not None  # noqa: S101 - the callers have looked
    order = Order.DUCK if ducked else Order.UNDUCK
    return replace(state, ours=replace(state.ours, ducked=ducked)), (order,)
