"""Whose turn it is, decided from what is heard."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.talk import WINDOW_S, Talk, orders
from voice.cues import Cue
from voice.speech import Transcription
from voice.turn_parts import weigh
from voice.turn_state import (
    Expected,
    Guess,
    Guessed,
    Input,
    Listened,
    Order,
    Others,
    Recognise,
    Release,
    Rhythm,
    Signal,
    Spoke,
    State,
    Understood,
    Yield,
)
from voice.turns import Activity, TurnSettings, activity, may_speak, step, wait_s

WHOLE = "we can shard the database by user id"
QUESTION = Expected("What is a cache?", 1.0)


def waited(talk: Talk) -> float:
    """From the last of the speech to the end of the turn."""
    (release,) = talk.when(Release)
    return release - talk.said[0].ended_s


@pytest.mark.parametrize(
    ("text", "least_s", "most_s"),
    [
        ("i am done", 0.28, 0.4),
        ("does that make sense", 0.28, 0.4),
        ("how many users do we expect", 0.28, 0.4),
        (WHOLE, 0.43, 0.5),
        ("a bloom filter", 1.28, 1.34),
        ("the cache um", 3.98, 4.05),
        ("we use a cache and then", 3.98, 4.05),
        ("there are three things", 3.98, 4.05),
    ],
)
def test_the_wait_follows_what_was_said(text: str, least_s: float, most_s: float) -> None:
    """A clear end is answered at once, an open one is waited for."""
    talk = Talk().tell(QUESTION).say(text).silent(6.0)

    assert least_s <= waited(talk) <= most_s
    assert [said.text for said in talk.said] == [text]


def test_a_yes_to_a_yes_or_no_question_is_answered_at_once() -> None:
    """A short answer is whole where the question asks for one; a bare yes may open a longer."""
    whole = Talk().tell(Expected("Is that fast enough?", 1.0)).say("yes it is").silent(6.0)
    asked = Talk().tell(Expected("Is that fast enough?", 1.0)).say("yes").silent(6.0)
    unasked = Talk().tell(Expected("Why is that fast?", 1.0)).say("yes").silent(6.0)

    assert waited(whole) < 0.45
    assert 0.85 < waited(asked) < 1.0
    assert waited(unasked) > 1.2


@pytest.mark.parametrize("patience", [0.8, 1.0, 1.2])
@pytest.mark.parametrize(
    ("question", "script"),
    [
        ("How many requests do you expect?", ("we have about", 0.3, "five hundred", 0.6, "a day")),
        (
            "Which boxes take part, and what does each one pass on?",
            ("the gateway gets it first", 0.7, "then the profile service", 0.7, "and the index"),
        ),
        ("Can you put the two side by side, and why?", ("sure", 0.5, "i would show both")),
        ("Which box gets it next?", ("i think the", 0.5, "router", 0.6, "because it knows")),
        ("Who is right?", ("well my colleague", 0.8, "if the three inputs are typical")),
        ("How would you design it?", ("i have no idea", 0.5, "how many users there are")),
        ("How would you design it?", ("the worker takes the next one", 0.5, "and marks it")),
        ("Would you cache it?", ("no", 0.7, "because it changes")),
        ("How would you design it?", ("first like the volume", 0.5, "and second", 1.6, "the lag")),
    ],
)
def test_who_pauses_in_an_answer_is_not_cut_off(
    question: str, script: tuple[str | float, ...], patience: float
) -> None:
    """Pauses as people make them leave an answer one turn, however brisk the stage."""
    talk = Talk().tell(Expected(question, patience))
    for one in script:
        talk = talk.say(one) if isinstance(one, str) else talk.silent(one)
    talk.silent(9.0)

    assert len(talk.said) == 1


def test_who_writes_something_down_is_waited_for_and_not_for_ever() -> None:
    """ "I'll write that down" holds the turn for eight seconds; time asked for stays granted."""
    talk = Talk().tell(QUESTION).say("i'll write that down").silent(12.0)
    asked = Talk().say("let me think").silent(1.0).say("i'll write that down").silent(20.0)

    assert waited(talk) == pytest.approx(8.0, abs=2 * WINDOW_S)
    assert asked.said == []


@pytest.mark.parametrize("pause_s", [2.0, 5.0, 8.0, 20.0])
def test_who_asked_for_time_is_not_cut_off(pause_s: float) -> None:
    """After "let me think" any pause is the candidate's, and the turn is told as one."""
    talk = Talk().tell(QUESTION).say("let me think").silent(pause_s)

    assert talk.said == []
    assert activity(talk.state) is Activity.THINKING

    talk.say(WHOLE).silent(1.0)

    assert [said.text for said in talk.said] == [f"let me think {WHOLE}"]


def test_a_sound_of_thinking_does_not_end_the_thinking() -> None:
    """An "um" after "let me think" is no answer."""
    talk = Talk().say("let me think").silent(3.0).say("um").silent(10.0)

    assert talk.said == []


def test_one_check_in_and_no_more() -> None:
    """A long silence after "let me think" is broken once, and the turn stays open."""
    talk = Talk().say("let me think").silent(90.0)

    assert len(talk.when(Order.CHECK_IN)) == 1
    assert 24.9 < talk.when(Order.CHECK_IN)[0] - 0.9 < 25.2
    assert talk.said == []


def test_the_button_asks_for_time_too() -> None:
    """ "Let me think" without words holds the turn open until something is said."""
    talk = Talk().tell(Signal.THINK).silent(10.0)
    assert activity(talk.state) is Activity.THINKING

    talk.say("um").silent(8.0).say(WHOLE).silent(1.0)

    assert [said.text for said in talk.said] == [f"um {WHOLE}"]


def test_words_said_before_the_button_do_not_end_the_thinking() -> None:
    """A recognition that was under way when time was asked for changes nothing."""
    talk = Talk(lag_s=0.5).say(WHOLE).silent(0.3).tell(Signal.THINK).silent(10.0)

    assert talk.said == []


def test_the_button_for_done_ends_the_turn() -> None:
    """ "I'm done" ends even a turn that sounds unfinished, as soon as its words are there."""
    talk = Talk().say("we could use a").silent(1.0).tell(Signal.DONE).silent(0.1)

    assert [said.text for said in talk.said] == ["we could use a"]


def test_done_while_speaking_waits_for_the_last_word() -> None:
    """The button in mid-sentence cuts nothing off."""
    talk = Talk().say("we could use").tell(Signal.DONE).say("a cache um").silent(0.6)

    assert [said.text for said in talk.said] == ["we could use a cache um"]


@pytest.mark.parametrize("pause_s", [0.0, 0.12, 0.3, 1.0])
def test_done_needs_no_further_sound(pause_s: float) -> None:
    """The button ends the turn even if the line goes dead in the same instant."""
    talk = Talk(lag_s=None).say("we could use a").silent(pause_s).tell(Signal.DONE)
    asked = [act for _, act in talk.acts if isinstance(act, Recognise)][-1]
    talk.tell(Understood(asked.ask, Transcription("we could use a")))

    assert [said.text for said in talk.said] == ["we could use a"]


def test_done_with_everything_understood_ends_the_turn_at_once() -> None:
    """Nothing is recognised again, and nothing more has to be heard."""
    talk = Talk().say("we could use a").silent(1.0).tell(Signal.DONE)

    assert [said.text for said in talk.said] == ["we could use a"]
    assert len(talk.when(Recognise)) == 1


def test_what_follows_a_turn_is_not_heard_twice() -> None:
    """Words right after the button for done are recognised without those before it."""
    talk = Talk(lag_s=0.0).say("we could use a").tell(Signal.DONE).say("cache").silent(6.0)

    assert [said.text for said in talk.said] == ["we could use a", "cache"]


@pytest.mark.parametrize("noise_s", [0.6, 4.0])
def test_done_in_noise_is_not_kept_for_the_next_turn(noise_s: float) -> None:
    """A fan, even one that was not known for one yet, has no turn that could be done."""
    talk = Talk().say("* " * round(noise_s / 0.3)).tell(Signal.DONE).say("* " * 14)
    talk.tell(QUESTION).silent(0.3).say("we could use a").silent(2.0)

    assert talk.said == []


def test_time_can_be_asked_for_while_we_speak() -> None:
    """The button during a question holds for the answer to it, and not for the next one."""
    talk = Talk().tell(Spoke("how would you do it")).silent(1.0).tell(Signal.THINK).silent(1.0)
    talk.tell(Signal.FELL_SILENT, QUESTION).silent(5.0)
    assert activity(talk.state) is Activity.THINKING

    talk.bot_says("good and why", 2.0).tell(QUESTION)
    assert activity(talk.state) is Activity.LISTENING


def test_done_without_words_changes_nothing() -> None:
    """There is no empty turn."""
    talk = Talk().tell(Signal.THINK, Signal.DONE).silent(40.0)

    assert talk.said == []
    assert activity(talk.state) is Activity.LISTENING


def test_words_are_recognised_inside_the_wait() -> None:
    """Recognition begins 0.2 s into the pause and is thrown away when speech goes on."""
    talk = Talk().say("the cache").silent(0.3).say("is cold and then").silent(5.0)
    first, second = [act for _, act in talk.acts if isinstance(act, Recognise)]

    assert talk.when(Recognise)[0] == pytest.approx(0.6 + 0.2, abs=2 * WINDOW_S)
    assert (first.from_s, second.from_s) == (0.0, 0.0)
    assert [said.text for said in talk.said] == ["the cache is cold and then"]


def test_after_a_long_pause_the_words_are_kept() -> None:
    """What was said before a pause of a second is not recognised again."""
    talk = Talk().say("the cache um").silent(2.0).say(WHOLE).silent(1.0)
    asked = [act for _, act in talk.acts if isinstance(act, Recognise)]

    assert len(asked) == 2
    assert asked[1].from_s > 2.0
    assert [said.text for said in talk.said] == [f"the cache um {WHOLE}"]


def test_speech_without_a_pause_is_recognised_in_pieces() -> None:
    """Nobody's answer outgrows what the recogniser can hear at once."""
    script = " ".join(f"w{n}" for n in range(250))
    talk = Talk().say(script).silent(3.0)
    asked = [act for _, act in talk.acts if isinstance(act, Recognise)]

    assert len(asked) >= 3
    assert all(act.to_s - act.from_s < 28 for act in asked)
    assert " ".join(said.text for said in talk.said) == script


def test_a_patient_stage_waits_longer() -> None:
    """The stage's multiplier lengthens the waits, but not that after a handing-over."""
    quick, slow = (
        [
            waited(Talk().tell(Expected("", p)).say(text).silent(9.0))
            for text in (WHOLE, "i am done")
        ]
        for p in (1.0, 2.0)
    )

    assert slow[0] > quick[0] + 0.4
    assert slow[1] == pytest.approx(quick[1], abs=2 * WINDOW_S)


def test_waits_follow_this_candidates_pauses() -> None:
    """Whoever pauses for long between sentences is waited for longer, within limits."""
    figures = TurnSettings()
    state = State(cue=Cue.NEUTRAL)
    slow = replace(state, rhythm=Rhythm(1.2))
    endless = replace(state, rhythm=Rhythm(3.0))

    assert wait_s(slow) == pytest.approx(1.5 * figures.neutral_s)
    assert wait_s(endless) == figures.ceiling_s
    assert wait_s(replace(endless, cue=Cue.HOLD)) == figures.hold_s


def test_pauses_inside_a_turn_are_learnt() -> None:
    """The mean moves towards the pauses that were made, and "um" pauses do not count."""
    plain = Talk().say("a bloom filter").silent(1.1).say("a bloom filter").silent(2.0)
    filled = Talk().say("the cache um").silent(3.0).say("a bloom filter").silent(2.0)

    assert plain.state.pace.mean_pause_s > 0.85
    assert filled.state.rhythm is None


def test_a_cough_is_no_turn() -> None:
    """Sound without words is told to nobody and leaves no trace."""
    talk = Talk().say("*").silent(8.0)

    assert talk.said == []
    assert activity(talk.state) is Activity.LISTENING


def test_a_cough_does_not_shorten_the_wait() -> None:
    """What was unfinished before a cough is unfinished after it."""
    talk = Talk().say("the cache um").silent(1.5).say("*").silent(2.0)

    assert talk.said == []


def test_noise_that_goes_on_holds_no_turn_open() -> None:
    """Sound in which no words come up is taken for silence after a while."""
    talk = Talk().tell(QUESTION).say("i am done").silent(0.25).say("* " * 20)

    assert [said.text for said in talk.said] == ["i am done"]
    assert may_speak(talk.state)


def test_noise_is_known_for_as_long_as_it_lasts() -> None:
    """A fan that has run for a minute stops nothing, though its recording is cut up meanwhile."""
    talk = Talk().say("* " * 10)
    free = [may_speak(talk.say("*").state) for _ in range(200)]

    assert all(free)
    assert orders(talk.tell(Spoke("how would you do it")).say("* " * 100)) == []


def test_words_in_noise_are_heard() -> None:
    """Speech that comes up in noise is a turn, though the detector saw no beginning."""
    talk = Talk().say("* " * 20).say(WHOLE).silent(1.0)

    assert [said.text for said in talk.said] == [WHOLE]


def test_a_click_is_nothing() -> None:
    """One window of sound is not even recognised."""
    talk = Talk().run(WINDOW_S, 0.9).silent(2.0)

    assert talk.acts == []


def test_speech_is_reported_twice_a_second() -> None:
    """Whoever waits for words knows that they are coming."""
    talk = Talk().say("w " * 20)

    assert 10 <= len(talk.when(Order.SPEECH)) <= 13


def test_interruption_by_words() -> None:
    """Speech over ours: softer within 0.1 s, silent within 0.25 s, and the floor is theirs."""
    talk = Talk().bot_says("how would you do it", 6.0, "wait i would not shard it").silent(3.0)

    assert orders(talk) == [Order.DUCK, Order.HOLD, Yield]
    assert talk.when(Order.DUCK)[0] <= 0.1
    assert talk.when(Order.HOLD)[0] <= 0.25
    assert [said.text for said in talk.said] == ["wait i would not shard it"]


@pytest.mark.parametrize("word", ["wait", "stop", "no", "sorry"])
def test_one_word_can_interrupt(word: str) -> None:
    """A single word that wants the floor gets it."""
    talk = Talk().bot_says("how would you do it", 6.0, word)

    assert orders(talk) == [Order.DUCK, Order.HOLD, Yield]


@pytest.mark.parametrize("remark", ["okay", "mm hm", "*", "sorry go on"])
def test_we_go_on_after_a_remark_or_a_cough(remark: str) -> None:
    """A backchannel or a cough stops us for a moment only, and nobody is told of it."""
    talk = Talk().bot_says("how would you do it", 8.0, remark).silent(6.0)

    assert orders(talk) == [Order.DUCK, Order.HOLD, Order.RESUME]
    assert talk.when(Order.RESUME)[0] < len(remark.split()) * 0.3 + 0.2 + 0.1 + 3 * WINDOW_S
    assert talk.said == []


def test_a_short_sound_only_softens_us() -> None:
    """Sound that is over before it is confirmed does not stop us."""
    talk = Talk().tell(Spoke("how would you do it")).run(0.1, 0.9).silent(1.0)

    assert orders(talk) == [Order.DUCK, Order.UNDUCK]


def test_two_seconds_of_noise_and_we_go_on() -> None:
    """Whoever makes noise without words does not silence us, and not a second time either."""
    talk = Talk().bot_says("how would you do it", 9.0, "* " * 20)

    assert orders(talk) == [Order.DUCK, Order.HOLD, Order.RESUME]
    held, back = talk.when(Order.HOLD)[0], talk.when(Order.RESUME)[0]
    assert back - held == pytest.approx(2.0, abs=2 * WINDOW_S)


def test_our_own_echo_is_no_interruption() -> None:
    """Our words out of the candidate's loudspeaker stop us once, and never again."""
    talk = Talk().bot_says("how would you invalidate it", 6.0, "how would you invalidate it")
    talk.silent(2.0)
    talk.bot_says("what about the write path then", 6.0, "what about the write path then")

    assert orders(talk) == [Order.DUCK, Order.HOLD, Order.RESUME]
    assert talk.said == []


def test_words_interrupt_through_an_echo() -> None:
    """Where our echo is known, words of the candidate's own still stop us."""
    talk = Talk(state=State(echoes=True)).bot_says("how would you do it", 6.0, "no i disagree")

    assert orders(talk) == [Yield]


def test_who_goes_on_before_the_answer_is_heard() -> None:
    """Words before the first of an answer stop it; with the turn before they are one thought."""
    talk = Talk().say(WHOLE).silent(0.7).say("and then we replicate it").silent(2.0)

    assert [said.text for said in talk.said] == [WHOLE, "and then we replicate it"]
    assert orders(talk) == [Yield]
    assert talk.state.pace.mean_pause_s == pytest.approx(0.8, abs=0.06)


def test_a_turn_without_an_answer_leaves_us_listening() -> None:
    """Where there is nothing to say we listen again, and what was begun meanwhile is a turn."""
    silent = Talk().say("i am done").silent(0.5).tell(Signal.FELL_SILENT)
    assert activity(silent.state) is Activity.LISTENING

    going_on = Talk().say("i am done").silent(0.5).say("okay").tell(Signal.FELL_SILENT)
    assert activity(going_on.state) is Activity.HEARING
    going_on.silent(6.0)
    assert [said.text for said in going_on.said] == ["i am done", "okay"]
    assert orders(going_on) == []


@pytest.mark.parametrize(
    ("talk", "now"),
    [
        (Talk(), Activity.LISTENING),
        (Talk().say("we could use a"), Activity.HEARING),
        (Talk().say("we could use a").silent(1.0), Activity.HEARING),
        (Talk().say("let me think").silent(2.0), Activity.THINKING),
        (Talk().bot_says("how would you do it", 1.0, "we"), Activity.HEARING),
    ],
)
def test_falling_silent_twice_changes_nothing(talk: Talk, now: Activity) -> None:
    """The end of something that was never begun is no event."""
    before = talk.state
    talk.tell(Signal.FELL_SILENT)

    assert talk.state == before
    assert activity(talk.state) is now


def test_a_cough_before_the_answer_delays_it_only() -> None:
    """Sound without words lets the answer come, but not over it."""
    talk = Talk().say("i am done").silent(0.5)
    assert may_speak(talk.state)

    talk.say("*")
    assert not may_speak(talk.state)

    talk.silent(0.5)
    assert may_speak(talk.state)
    assert orders(talk) == []


def test_cutting_in_is_noticed_and_learnt_from() -> None:
    """Who goes on within a second of our beginning was cut off: we wait longer from then on."""
    talk = Talk().say(WHOLE).silent(1.6).tell(Spoke("why"))
    talk.silent(0.3).say("there is another thing").silent(1.0)

    (cut_in,) = [act.cut_in for _, act in talk.acts if isinstance(act, Yield)]
    assert cut_in
    assert talk.state.pace.caution_s > 1.0
    assert len(talk.said) == 1


def test_caution_wears_off() -> None:
    """After more turns without cutting in, waits come down again."""
    talk = Talk(State(rhythm=Rhythm(0.8, caution_s=2.0)))
    for _ in range(8):
        talk.say("i am done").silent(1.0)

    assert talk.state.pace.caution_s == pytest.approx(2.0 * 0.9**8)


def test_a_story_is_not_taken_over_between_two_sentences() -> None:
    """After an open question a whole sentence is waited for longer than after a plain one."""
    question = Expected("Tell me about a system that you built.", 1.0)
    story = "we built a search over all the documents of the company and it was slow at first " * 2
    talk = Talk().tell(question).say(story + "then we moved it").silent(0.8)

    assert talk.said == []
    assert len(talk.silent(0.2).said) == 1


def test_a_new_thought_teaches_nothing() -> None:
    """Words long after a turn that was left without an answer were no pause in it."""
    talk = Talk().say(WHOLE).silent(8.0).say("and another thing").silent(1.0)

    assert talk.state.rhythm is None


def test_a_late_interruption_is_no_cut_in() -> None:
    """Interrupting a long question is the candidate's choice."""
    talk = Talk().say(WHOLE).silent(1.0).tell(Spoke("a long question")).silent(3.0)
    talk.say("wait i have one more").silent(1.0)

    assert [act.cut_in for _, act in talk.acts if isinstance(act, Yield)] == [False]


def test_an_early_yes_counts() -> None:
    """A yes over the end of a yes-or-no question is the answer to it."""
    talk = Talk().tell(Expected("Is that fast enough?", 1.0), Spoke("is that fast enough"))
    talk.silent(1.0).run(0.064, 0.9).tell(Signal.FELL_SILENT)
    talk.say("yes").silent(1.0)

    assert [said.text for said in talk.said] == ["yes"]


def test_nobody_is_spoken_over() -> None:
    """We begin while nobody speaks: not the candidate, in mid-turn or not, and not the others."""
    speaking = Talk().say("we use")
    pausing = Talk().say("we use the um").silent(2.0)
    stirring = Talk().silent(1.0).run(WINDOW_S, 0.9)
    others = Talk().silent(1.0).tell(Others(True)).silent(1.0)
    after = Talk().silent(1.0).tell(Others(True)).silent(1.0).tell(Others(False)).silent(0.2)

    assert not any(may_speak(t.state) for t in (speaking, pausing, stirring, others, after))
    assert may_speak(after.silent(0.3).state)


def test_one_who_thinks_can_be_told_something() -> None:
    """What cannot wait (the time, a check-in) is said into a thinking pause, which goes on."""
    talk = Talk().say("let me think").silent(3.0)
    assert may_speak(talk.state)

    talk.bot_says("two minutes are left", 2.0).silent(3.0)

    assert activity(talk.state) is Activity.THINKING
    assert talk.said == []


@pytest.mark.parametrize("lag_s", [0.1, None])
def test_a_recognition_that_fails_holds_nothing_up(lag_s: float | None) -> None:
    """Whether it fails or never answers, the best guess is told and we listen again."""
    talk = Talk(lag_s=lag_s, fails=True).say("we use a cache and").silent(0.1)
    talk.tell(Guessed(talk.state.parts[0].number, "we use a cache", 4)).silent(25.0)

    assert [said.text[:14] for said in talk.said] == ["we use a cache"]


def test_leaving_tells_the_words_so_far() -> None:
    """The end of the call in mid-sentence loses nothing."""
    talk = Talk().say("the cache um").silent(1.0).say("and then").tell(Signal.LEFT)
    (asked,) = [act for _, act in talk.acts[-1:] if isinstance(act, Recognise)]
    talk.tell(Understood(asked.ask, Transcription("and then")), Signal.GAVE_UP)

    assert [said.text for said in talk.said] == ["the cache um and then"]


def test_leaving_with_a_guess_only() -> None:
    """Where even the last recognition is not waited for, the guess is told."""
    talk = Talk(lag_s=None).say("the cache is")
    talk.tell(Guessed(talk.state.parts[0].number, "the cache", 2), Signal.LEFT, Signal.GAVE_UP)

    assert [said.text for said in talk.said] == ["the cache"]


@pytest.mark.parametrize(
    ("cue", "closing", "expected"),
    [
        (Cue.COMPLETE, 0.1, Cue.NEUTRAL),
        (Cue.NEUTRAL, 0.9, Cue.COMPLETE),
        (Cue.PERHAPS, 0.9, Cue.COMPLETE),
        (Cue.PERHAPS, 0.1, Cue.NEUTRAL),
        (Cue.NEUTRAL, 0.05, Cue.HOLD),
        (Cue.HOLD, 0.99, Cue.NEUTRAL),
        (Cue.HOLD, 0.9, Cue.HOLD),
        (Cue.RELEASE, 0.0, Cue.RELEASE),
        (Cue.THINKING, 1.0, Cue.THINKING),
        (Cue.COMPLETE, None, Cue.COMPLETE),
    ],
)
def test_the_voice_corrects_the_words(cue: Cue, closing: float | None, expected: Cue) -> None:
    """An end-of-turn model moves what the words leave open by one step."""
    assert weigh(cue, closing) is expected


def test_words_carry_the_times_of_the_call() -> None:
    """Words of a later part are where they were said, not where its audio began."""
    talk = Talk().say("the cache um").silent(2.0).say("and then").silent(5.0)

    assert [word.start_s for word in talk.said[0].words] == pytest.approx(
        [word.start_s for word in talk.words]
    )


WORDS = ("cache", "um", "and", "we", "shard", "yes", "done", "think", "okay", "*")
STRETCHES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join),
        st.floats(0.02, 6.0),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30)
@given(STRETCHES, st.floats(0.0, 0.9))
def test_no_word_is_lost_or_told_twice(stretches: list[tuple[str, float]], lag_s: float) -> None:
    """Without our speaking, turns are the words as spoken, in order, but for lone remarks."""
    talk = Talk(lag_s=lag_s)
    for at, (text, pause_s) in enumerate(stretches):
        numbered = " ".join(f"{w}{at}x{n}" if w != "*" else w for n, w in enumerate(text.split()))
        talk.say(numbered).silent(pause_s)
    talk.tell(Signal.DONE).silent(40.0)

    spoken = [word.text for word in talk.words if word.text]
    assert " ".join(said.text for said in talk.said).split() == spoken
    assert [word.text for said in talk.said for word in said.words] == spoken
    assert activity(talk.state) in (Activity.LISTENING, Activity.THINKING)


@settings(max_examples=30)
@given(STRETCHES, st.floats(0.0, 0.9))
def test_no_turn_ends_while_speech_goes_on(
    stretches: list[tuple[str, float]], lag_s: float
) -> None:
    """Every turn ends at least 0.2 s after its last word and before the next."""
    talk = Talk(lag_s=lag_s)
    for text, pause_s in stretches:
        talk.say(text.replace("*", "w")).silent(pause_s)
    talk.silent(5.0)

    for said in talk.said:
        speaking = [w for w in talk.words if w.start_s - 0.01 < said.released_s < w.end_s + 0.15]
        # A word begins before the detector can know it.
        assert [w for w in speaking if w.start_s < said.released_s - 0.1] == []


NUMBERS = st.integers(0, 12)
TEXTS = st.sampled_from(["", "um", "okay", "i am done", "let me think", "we use a cache"])
INPUTS = st.one_of(
    st.tuples(st.floats(0.001, 3.0), st.floats(0.0, 1.0)),
    st.builds(Guessed, NUMBERS, TEXTS, NUMBERS),
    st.builds(Understood, NUMBERS, st.none() | TEXTS.map(Transcription), st.none()),
    st.builds(Expected, TEXTS, st.floats(0.0, 3.0)),
    st.builds(Spoke, TEXTS),
    st.builds(Others, st.booleans()),
    st.sampled_from(list(Signal)),
)


@settings(max_examples=60)
@given(st.lists(INPUTS, max_size=60))
def test_whatever_happens_silence_leads_back(inputs: list[Input | tuple[float, float]]) -> None:
    """Nothing raises, and in lasting silence we listen, or wait for somebody who thinks."""
    talk = Talk()
    for happened in inputs:
        if isinstance(happened, tuple):
            length_s, probability = happened
            talk.tell(Listened(talk.now_s + length_s, probability))
        else:
            talk.tell(happened)
    talk.tell(Signal.FELL_SILENT).silent(60.0)

    assert activity(talk.state) in (Activity.LISTENING, Activity.THINKING)
    assert talk.state.parts == () or talk.state.thinking


def test_time_never_runs_backwards() -> None:
    """A window that ends where another did changes nothing."""
    state, _ = step(State(), Listened(1.0, 0.0))

    assert step(state, Listened(1.0, 0.9)) == (state, ())
    assert step(state, Listened(0.5, 0.9)) == (state, ())


def test_guesses_are_asked_for_while_speech_goes_on() -> None:
    """Captions grow twice a second."""
    talk = Talk().say("w " * 10)

    assert 5 <= len(talk.when(Guess)) <= 7
