"""The figures of turn-taking, each with its reason; seconds unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TurnSettings:
    """How long is waited for what.

    "Measured" figures are those of pipecat 1.14 and LiveKit agents 1.x, the systems most used, or
    of livekit/eot-bench, which compares when detectors cut people off in real calls.
    """

    voice_on: float = 0.5
    """Probability of the detector from which a window is speech: Silero's own threshold."""
    voice_off: float = 0.35
    """Below this a window is no speech any more; the gap keeps weak consonants in (LiveKit)."""
    onset_s: float = 0.06
    """Speech this long begins to count: two windows, so that one click does not."""
    pause_s: float = 0.1
    """Silence after which speech has paused; stop consonants are shorter."""
    lead_in_s: float = 0.3
    """Audio before the first speech that is given to the recogniser: soft beginnings."""
    lead_out_s: float = 0.1
    """Audio after the last speech that is given to the recogniser."""

    final_after_s: float = 0.2
    """Silence after which the words are recognised, while it is still open whether the turn is
    over; it costs one recognition a pause and hides its time inside the wait."""
    guess_every_s: float = 0.5
    """Speech between two quick guesses, for captions and for telling words from noise."""
    first_guess_s: float = 0.35
    """Speech before the first guess at what may be an interruption: two short words."""
    recognition_limit_s: float = 15.0
    """A recognition that takes longer is given up; the last guess stands for it."""

    last_words_s: float = 5.0
    """By the clock: how long the words of an open turn are waited for once the call is over."""

    release_s: float = 0.3
    """Wait after words that hand over the floor. People take 0.2 s (Stivers et al. 2009)."""
    complete_s: float = 0.45
    """Wait after a whole sentence that is long enough for the question; LiveKit's shortest is 0.5.
    With the detector's lag and the first clause's synthesis our voice comes after 0.6 s."""
    perhaps_s: float = 0.9
    """Wait where a whole sentence may be the first of several, and never less: pauses between two
    sentences of one answer are shorter."""
    neutral_s: float = 1.3
    """Wait where nothing tells: plain silence of 1.0 to 1.6 s cuts off 10 to 5 % (eot-bench)."""
    hold_s: float = 4.0
    """Wait after an unfinished sentence: longer than the 3 s at which pipecat ends any turn."""
    occupied_s: float = 8.0
    """Wait after "I'll write that down" or "what's the word": long enough to do it, and short
    enough where the words meant something else."""
    think_s: float = 25.0
    """Silence after "let me think" before the one check-in."""
    ceiling_s: float = 3.0
    """The longest that adaptation makes a wait that is not `hold_s` (LiveKit's dynamic mode)."""
    hold_ceiling_s: float = 8.0
    """The longest that a patient stage makes `hold_s`."""

    usual_pause_s: float = 0.8
    """A pause between two sentences that needs no adaptation: waits are scaled by how much longer
    this candidate's are."""
    pause_weight: float = 0.25
    """Share of the newest pause in their mean."""
    cut_in_weight: float = 0.6
    """Share of a pause in which we cut in, in the wait from then on: once is a mistake, twice is
    rude."""
    cut_in_margin_s: float = 0.2
    """What that wait is longer than the pause."""
    longest_caution_s: float = 2.0
    """The longest wait that cutting in leads to."""
    caution_kept: float = 0.9
    """Share of that wait that is left after another turn without cutting in."""
    least_scale: float = 0.8
    """Waits are never shorter than this share of the settings, however fast somebody talks."""

    keep_s: float = 0.6
    """Pause after which the words before it are kept; after a shorter one they are recognised
    again together with what follows, which the recogniser does better."""
    part_s: float = 12.0
    """Speech after which every pause keeps the words, so that recognition stays quick."""
    cut_part_s: float = 20.0
    """Speech without a pause that is cut at the next dip: Whisper hears 30 s at most."""
    longest_part_s: float = 27.0
    """Speech without a pause that is cut at once."""

    confirm_s: float = 0.19
    """Speech over ours after which we stop: six windows, so that our last frame is out about
    0.25 s after their first sound (LiveKit: 0.5 s)."""
    interrupting_words: int = 2
    """As many words in a guess interrupt at once; fewer wait for the end of what is said."""
    unintelligible_s: float = 2.0
    """Stopped for sound without words we go on after this (LiveKit's false interruption)."""
    same_thought_s: float = 4.0
    """Going on within this time continues the turn before; later words are a new thought."""
    cut_in_s: float = 1.0
    """Going on this soon after we began means that we had cut in."""

    others_s: float = 0.4
    """Silence of the others in the call before we begin."""
    polite_s: float = 1.0
    """Silence of somebody who thinks before we say something that cannot wait."""
    answer_limit_s: float = 30.0
    """Without an answer after this we are listening again."""
