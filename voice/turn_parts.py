"""How a turn grows out of stretches of speech, and when each is recognised; pure.

A pause shorter than `keep_s` belongs to its part, whose recognition is thrown away and asked for
again with what follows. After a longer pause, or when the part is long, the words are kept and a
new part begins. So no word is lost and none comes twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from voice.cues import Cue, has_content, read_cue
from voice.speech import Said
from voice.turn_state import (
    WORDLESS_GUESSES,
    Act,
    Guess,
    Order,
    Part,
    Recognise,
    State,
    Transcription,
    Understood,
)

Step = tuple[State, tuple[Act, ...]]

SURELY_OVER, LIKELY_OVER, UNLIKELY_OVER, SURELY_OPEN = 0.95, 0.8, 0.3, 0.1
"""Probabilities of the end-of-turn model at which it outweighs what the words say."""


def begin_speech(state: State) -> State:
    """The candidate's voice has come on: the last part goes on, or another begins."""
    contested = state.ours is not None or state.answering_s is not None
    last = state.parts[-1] if state.parts else None
    state = _note_pause(state, last)
    if last is None or last.contested != contested or not _grows_on(last, state):
        return _add_part(state, state.voice.onset_s, contested=contested)
    return replace_last(state, replace(last, ask=None, heard=None, end_s=state.now_s))


def grow(state: State) -> Step:
    """While the voice is on: the part gets longer, is guessed at, and is cut before it is full."""
    if not (state.voice.on and state.parts):
        return state, ()
    last = replace(state.parts[-1], end_s=state.voice.last_s)
    if last.ask is not None and last.end_s > last.asked_s:
        last = replace(last, ask=None, heard=None)
    state, acts = _cut(replace_last(state, last))
    last, settings = state.parts[-1], state.settings
    first = last.contested and not last.guessed_s
    every_s = settings.first_guess_s if first else settings.guess_every_s
    if state.now_s - max(last.guessed_s, last.start_s) < every_s:
        return state, acts
    guess = Guess(last.number, last.audio_s, state.now_s)
    speech = () if last.contested else (Order.SPEECH,)
    return replace_last(state, replace(last, guessed_s=state.now_s)), (*acts, guess, *speech)


def recognise_at_pause(state: State) -> Step:
    """The words of the last part are wanted once the pause is long enough."""
    if state.voice.on or not state.parts or state.parts[-1].ask is not None:
        return state, ()
    if state.now_s - state.parts[-1].end_s < state.settings.final_after_s:
        return state, ()
    return ask(state)


def ask(state: State) -> Step:
    """Have the last part recognised."""
    last = state.parts[-1]
    last = replace(last, ask=state.count, asked_s=state.now_s)
    to_s = max(last.audio_s, min(state.now_s, last.end_s + state.settings.lead_out_s))
    state = replace(replace_last(state, last), count=state.count + 1)
    return state, (Recognise(last.ask or 0, last.audio_s, to_s),)


def overdue(state: State) -> Understood | None:
    """The failure that a recognition which takes too long counts as."""
    limit_s = state.settings.recognition_limit_s
    for part in state.parts:
        pending = part.ask is not None and part.heard is None
        if pending and state.now_s - part.asked_s >= limit_s:
            return Understood(part.ask or 0, None)
    return None


def take_in(state: State, understood: Understood) -> tuple[State, Part | None]:
    """Put the words into their part; None where they were thrown away or there are none.

    A failed recognition leaves the latest guess in their place.
    """
    found = [part for part in state.parts if part.ask == understood.ask and part.heard is None]
    if not found:
        return state, None
    heard = understood.heard or Transcription(found[0].guess)
    part = replace(found[0], heard=heard)
    if not part.text:
        return drop(state, part), None
    return replace_part(state, part), part


def read_turn(state: State, newest: Part | None, closing: float | None) -> State:
    """What the words so far tell about the end of the turn, after `newest` was understood."""
    kept = [part for part in state.parts if not part.contested]
    if not kept:
        return replace(state, cue=Cue.NEUTRAL)
    texts = [state.unanswered, *(part.text for part in kept)]
    cue = weigh(read_cue("\n".join(filter(None, texts)), state.question), closing)
    if cue is Cue.THINKING:
        since_s = state.thinking_s if state.thinking else kept[-1].end_s
        return replace(state, cue=cue, thinking=True, thinking_s=since_s)
    answers = newest is not None and has_content(newest.text) and cue is not Cue.OCCUPIED
    goes_on = answers and newest is not None and newest.end_s > state.thinking_s
    return replace(state, cue=cue, thinking=state.thinking and not goes_on)


def weigh(cue: Cue, closing: float | None) -> Cue:
    """The cue of the words, corrected by a model that has heard the voice.

    What was said outright is beyond it: a handing-over and a request for time stand.
    """
    if closing is None:
        return cue
    if cue in (Cue.COMPLETE, Cue.PERHAPS) and closing < UNLIKELY_OVER:
        return Cue.NEUTRAL
    if cue in (Cue.NEUTRAL, Cue.PERHAPS) and closing >= LIKELY_OVER:
        return Cue.COMPLETE
    if cue is Cue.NEUTRAL and closing < SURELY_OPEN:
        return Cue.HOLD
    if cue is Cue.HOLD and closing >= SURELY_OVER:
        return Cue.NEUTRAL
    return cue


def said(state: State, which: Callable[[Part], bool] = lambda part: bool(part.text)) -> Said | None:
    """The open turn as it will be told; None where it has no words."""
    parts = [part for part in state.parts if part.text and which(part)]
    if not parts:
        return None
    return Said(
        text=" ".join(part.text for part in parts),
        words=tuple(word for part in parts for word in part.words),
        began_s=parts[0].start_s,
        ended_s=parts[-1].end_s,
        released_s=state.now_s,
    )


def drop(state: State, part: Part) -> State:
    """Without this part; a turn without parts is none, and nothing waits for its end."""
    parts = tuple(other for other in state.parts if other.number != part.number)
    return forget_done(replace(state, parts=parts))


def forget_done(state: State) -> State:
    """Who is done with a turn that turns out to have no words is not done with the next."""
    return replace(state, done=state.done and bool(state.with_words))


def replace_part(state: State, part: Part) -> State:
    """With the part of this number as it is now."""
    same = (part if old.number == part.number else old for old in state.parts)
    return replace(state, parts=tuple(same))


def replace_last(state: State, part: Part) -> State:
    """With another last part."""
    return replace(state, parts=(*state.parts[:-1], part))


def _note_pause(state: State, last: Part | None) -> State:
    """Pauses for which the words gave a reason say nothing about those that have none."""
    has_reason = state.thinking or state.cue in (Cue.HOLD, Cue.OCCUPIED)
    if last is None or last.contested or has_reason:
        return state
    pause_s = state.voice.onset_s - last.end_s
    if pause_s < state.settings.final_after_s:
        return state
    return replace(state, rhythm=state.pace.after(pause_s, state.settings))


def _grows_on(last: Part, state: State) -> bool:
    if last.ask is None:
        return True
    is_short = last.end_s - last.start_s < state.settings.part_s
    return is_short and state.voice.onset_s - last.end_s < state.settings.keep_s


def _add_part(state: State, start_s: float, *, contested: bool) -> State:
    told_s = state.released.ended_s if state.released is not None else 0.0
    before_s = max((part.end_s for part in state.parts), default=told_s)
    audio_s = max(start_s - state.settings.lead_in_s, min(before_s, start_s), 0.0)
    part = Part(state.count, start_s, state.voice.last_s, audio_s, contested=contested)
    return replace(state, parts=(*state.parts, part), count=state.count + 1, cue=Cue.NEUTRAL)


def _cut(state: State) -> Step:
    last, settings = state.parts[-1], state.settings
    length_s = last.end_s - last.start_s
    is_dip = state.voice.last_s < state.now_s
    too_long = length_s >= (settings.cut_part_s if is_dip else settings.longest_part_s)
    if not too_long and not last.ends_in_noise:
        return state, ()
    state, acts = ask(state)
    state = _add_part(state, last.end_s, contested=last.contested)
    noise = WORDLESS_GUESSES if last.ends_in_noise or last.is_wordless else 0
    return replace_last(state, replace(state.parts[-1], fruitless=noise)), acts
