"""Whole conversations in the time of their audio, with stand-ins for the models."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.people import (
    BotIsSilent,
    Call,
    Clip,
    Deed,
    Does,
    HearsBot,
    Pauses,
    Person,
    Says,
    ToneLanguage,
    ToneRecogniser,
    ToneSynthesiser,
)
from voice.speech import VoiceError
from voice.turns import Activity, TurnSettings

DONE = "we shard it by user id i am done"
QUESTION = "How would you keep the replicas of that store consistent after a write?"


@pytest.fixture
def tones() -> ToneLanguage:
    return ToneLanguage()


@pytest.fixture
def recogniser(tones: ToneLanguage) -> ToneRecogniser:
    return ToneRecogniser(tones)


@pytest.fixture
def call(recogniser: ToneRecogniser) -> Call:
    return Call(recogniser, answers=[QUESTION, QUESTION, QUESTION])


def said(call: Call) -> list[str]:
    return [turn.text for turn in call.notes.said_turns]


async def test_what_is_said_is_told_once(call: Call, tones: ToneLanguage) -> None:
    """A turn has all its words with their times, once."""
    person = Person(Pauses(0.5), Says(tones.clip(DONE)))
    await call.run(person, 1.0)

    (turn,) = call.notes.said_turns
    (truth,) = person.uttered
    assert turn.text == DONE
    assert turn.began_s == pytest.approx(truth.start_s, abs=0.05)
    assert turn.ended_s == pytest.approx(truth.end_s, abs=0.05)
    assert turn.words[0].start_s == pytest.approx(truth.start_s, abs=0.05)
    assert turn.words[-1].end_s == pytest.approx(truth.end_s, abs=0.05)


@pytest.mark.parametrize(
    "said_last", ["i am done", "does that make sense", "how many users are there"]
)
async def test_a_clear_end_is_answered_at_once(
    call: Call, tones: ToneLanguage, said_last: str
) -> None:
    """From the last sample to our first one it takes less than 0.5 s where models take no time."""
    person = Person(Says(tones.clip(said_last)))
    await call.run(person, 2.0)

    waited_s = call.bot_starts_s()[0] - person.uttered[0].end_s
    assert 0.25 < waited_s < 0.5
    assert call.conversation.manners == []
    await call.run(Person(), 8.0)
    (manner,) = call.conversation.manners
    assert manner.waited_s == pytest.approx(waited_s, abs=0.06)
    assert (manner.cut_in, manner.stopped) == (False, False)


@pytest.mark.parametrize("pause_s", [2.0, 3.5])
@pytest.mark.parametrize("held", ["the cache um", "we use a cache and", "first we use a cache"])
async def test_nobody_is_cut_off_while_thinking(
    call: Call, tones: ToneLanguage, held: str, pause_s: float
) -> None:
    """Unfinished sentences are waited for, and the turn is one."""
    person = Person(Says(tones.clip(held)), Pauses(pause_s), Says(tones.clip(DONE)))
    await call.run(person, 1.0)

    assert said(call) == [f"{held} {DONE}"]
    assert call.bot_starts_s()[0] > person.uttered[-1].end_s


@pytest.mark.parametrize("pause_s", [5.0, 8.0])
async def test_a_request_for_time_is_granted(
    call: Call, tones: ToneLanguage, pause_s: float
) -> None:
    """After "let me think" the pause may be long, and it is shown as thinking."""
    clips = tones.clip("let me think"), tones.clip(DONE)
    await call.run(Person(Says(clips[0]), Pauses(pause_s), Says(clips[1])), 1.0)

    assert said(call) == [f"let me think {DONE}"]
    assert Activity.THINKING in call.notes.activities


async def test_a_long_silence_is_broken_once(call: Call, tones: ToneLanguage) -> None:
    """After "let me think" and half a minute they are asked, once."""
    await call.run(Person(Says(tones.clip("let me think"))), 70.0)

    assert call.notes.count("check_in") == 1
    assert said(call) == []


async def test_we_stop_within_a_quarter_of_a_second(call: Call, tones: ToneLanguage) -> None:
    """From the first sound of an interruption to our last one."""
    person = Person(
        Says(tones.clip("i am done")), HearsBot(1.5), Says(tones.clip("wait i would not do it"))
    )
    await call.run(person, 3.0)

    stopped_s = call.bot_ends_s()[0] - person.uttered[1].start_s
    assert stopped_s <= 0.26
    assert said(call) == ["i am done", "wait i would not do it"]
    assert call.notes.count("barged_in") == 1
    assert call.conversation.manners[0].stopped
    assert not call.conversation.manners[0].cut_in


async def test_what_was_played_is_known_to_the_word(call: Call, tones: ToneLanguage) -> None:
    """After an interruption the words that were heard are told, and they end at a word."""
    person = Person(Says(tones.clip("i am done")), HearsBot(2.0), Says(tones.clip("wait a moment")))
    await call.run(person, 0.5)

    (played,) = call.answered
    spoken_s = call.bot_ends_s()[0] - call.bot_starts_s()[0]
    assert 0 < played < len(QUESTION)
    assert QUESTION[played] == " "
    assert played * ToneSynthesiser.seconds_a_character <= spoken_s + 0.01
    assert played > spoken_s / ToneSynthesiser.seconds_a_character - 14


@pytest.mark.parametrize("remark", ["okay", "mm hm"])
async def test_a_remark_lets_us_go_on(call: Call, tones: ToneLanguage, remark: str) -> None:
    """After "okay" we go on, and all of it is heard."""
    person = Person(Says(tones.clip("i am done")), HearsBot(1.5), Says(tones.clip(remark)))
    await call.run(person, 12.0)

    assert said(call) == ["i am done"]
    assert call.answered == [len(QUESTION)]
    assert call.notes.count("barged_in") == 0


async def test_a_cough_lets_us_go_on(call: Call, tones: ToneLanguage) -> None:
    """A cough silences us for less than a second, and the clause is said again as a whole."""
    person = Person(Says(tones.clip("i am done")), HearsBot(1.5), Says(tones.noise(0.4)))
    await call.run(person, 12.0)

    _, back = call.bot_starts_s()
    gap_s = back - call.bot_ends_s()[0]
    assert 0.2 < gap_s < 0.8
    played_s = call.bot_ends_s()[-1] - back
    assert played_s == pytest.approx(len(QUESTION) * ToneSynthesiser.seconds_a_character, abs=0.1)
    assert said(call) == ["i am done"]


async def test_a_click_only_softens_us(call: Call, tones: ToneLanguage) -> None:
    """A sound of a tenth of a second does not interrupt."""
    person = Person(Says(tones.clip("i am done")), HearsBot(1.5), Says(tones.noise(0.1)))
    await call.run(person, 10.0)

    assert len(call.bot_starts_s()) == 1
    assert call.answered == [len(QUESTION)]


async def test_noise_that_goes_on_does_not_silence_us(call: Call, tones: ToneLanguage) -> None:
    """After two seconds of noise without words we go on."""
    person = Person(Says(tones.clip("i am done")), HearsBot(1.5), Says(tones.noise(9.0)))
    await call.run(person, 6.0)

    assert call.bot_starts_s()[1] - call.bot_ends_s()[0] == pytest.approx(2.0, abs=0.1)
    assert call.answered == [len(QUESTION)]


async def test_who_goes_on_before_our_first_word_is_heard_out(
    call: Call, tones: ToneLanguage, recogniser: ToneRecogniser
) -> None:
    """We had not begun: we do not, the listener is told, and both pieces come out."""
    released = asyncio.Event()
    call.notes.on_said = lambda said: released.set()
    first, rest = tones.clip(DONE), tones.clip("no wait there is one more thing i am done")
    person = Person(Says(first), Pauses(0.5), Says(rest))
    saying: list[asyncio.Task[None]] = []
    while not person.has_finished:
        await call.frame(person.frame(False))
        if released.is_set() and not saying and person.now_s > first.samples.size / 16_000 + 0.7:
            saying.append(call.speak("late", QUESTION))

    assert call.notes.count("barged_in") == 1
    assert not any(call.bot_frames)
    await call.run(Person(), 1.0)
    assert said(call) == [DONE, rest.text]
    assert call.answered == [0]


async def test_cutting_in_is_counted(call: Call, tones: ToneLanguage) -> None:
    """Who goes on within a second of our beginning had not finished."""
    person = Person(
        Says(tones.clip("a bloom filter")),
        HearsBot(0.1),
        Says(tones.clip("in front of the database")),
    )
    await call.run(person, 9.0)

    assert [manner.cut_in for manner in call.conversation.manners] == [True, False]


async def test_others_are_not_spoken_over(call: Call, tones: ToneLanguage) -> None:
    """While somebody else in the call speaks, the answer waits."""
    person = Person(
        Does(lambda: call.conversation.others(True)),
        Says(tones.clip("i am done")),
        Pauses(3.0),
        Does(lambda: call.conversation.others(False)),
    )
    await call.run(person, 3.0)

    assert call.bot_starts_s()[0] == pytest.approx(0.9 + 3.0 + 0.4, abs=0.1)


async def test_hush_is_silence(call: Call, tones: ToneLanguage) -> None:
    """After a hush nothing of that utterance is played, not even what comes for it later."""
    person = Person(Says(tones.clip("i am done")), HearsBot(1.0))
    await call.run(person, 0.1)
    call.conversation.hush()
    at = len(call.bot_frames)
    late = await call.conversation.say("answer 1", f"{QUESTION} And what else would you do?", 70)
    await call.run(Person(), 3.0)

    assert not any(call.bot_frames[at + 1 :])
    assert call.answered == [late]
    assert late < len(QUESTION)
    assert call.notes.count("barged_in") == 0


async def test_after_a_hush_the_next_utterance_is_heard(call: Call) -> None:
    """Silence was asked for once, not for ever."""
    call.speak("one", QUESTION)
    await call.run(Person(), 1.0)
    call.conversation.hush()
    call.speak("two", "Good.")
    await call.run(Person(), 2.0)

    assert call.answered[-1] == len("Good.")


async def test_text_that_comes_in_pieces_is_said_once(recogniser: ToneRecogniser) -> None:
    """Unfinished sentences are kept back until they grow or the utterance ends."""
    synthesiser = ToneSynthesiser()
    call = Call(recogniser, synthesiser=synthesiser)
    text = ""
    played: list[int] = []
    call.conversation.played = lambda key, characters: played.append(characters)
    for piece in ("Good. How", " would you", " find it? And", " who"):
        shown, text = len(text), text + piece
        saying = asyncio.create_task(call.conversation.say("q", text, shown))
        await call.run(Person(), 0.2)
        assert await saying == len(text)
    await call.run(Person(), 2.0)
    assert "".join(synthesiser.made) == "Good.How would you find it?"

    finishing = asyncio.create_task(call.conversation.finish("q"))
    await call.run(Person(), 2.0)
    assert await finishing == len(text)
    assert "".join(synthesiser.made) == "Good.How would you find it?And who"
    assert played == [6, 29, len(text)]


async def test_an_utterance_that_nobody_finishes_ends_by_itself(call: Call) -> None:
    """Without more text for a while the rest is said and the floor is free."""
    saying = asyncio.create_task(call.conversation.say("q", "And who", 0))
    await call.run(Person(), 6.0)

    assert await saying == len("And who")
    assert any(call.bot_frames)
    assert call.notes.activities[-1] is Activity.LISTENING


async def test_speech_resumes_where_it_was_broken_off(recogniser: ToneRecogniser) -> None:
    """After a crash only the rest is said."""
    synthesiser = ToneSynthesiser()
    call = Call(recogniser, synthesiser=synthesiser)
    call.speak("q", "Good.")
    saying = asyncio.create_task(call.conversation.say("q2", "Good. And who?", 6))
    await call.run(Person(), 4.0)

    assert await saying == len("Good. And who?")
    assert synthesiser.made == ["Good.", "And who?"]


async def test_captions_and_activities(call: Call, tones: ToneLanguage) -> None:
    """The words so far are shown while they come, and who is doing what."""
    await call.run(Person(Says(tones.clip(DONE))), 9.0)

    assert call.notes.captions[-1] == DONE
    assert all(DONE.startswith(caption) for caption in call.notes.captions)
    assert len(call.notes.captions) > 3
    assert call.notes.activities == [
        Activity.HEARING,
        Activity.ANSWERING,
        Activity.SPEAKING,
        Activity.LISTENING,
    ]


async def test_buttons(call: Call, tones: ToneLanguage) -> None:
    """Asking for time and being done work without words."""
    person = Person(
        Does(call.conversation.think),
        Pauses(6.0),
        Says(tones.clip("we could use a")),
        Pauses(0.5),
        Does(call.conversation.done),
    )
    await call.run(person, 0.1)

    assert said(call) == ["we could use a"]
    assert call.notes.activities[0] is Activity.THINKING


@pytest.mark.parametrize("frames", [0, 6, 15, 60])
async def test_who_hangs_up_hands_in_what_was_said(
    call: Call, tones: ToneLanguage, frames: int
) -> None:
    """However soon after the last word the line goes dead, the turn is told and answered."""
    call.answers.clear()
    person = Person(Says(tones.clip("we could use a cache and")))
    while not person.has_finished:
        await call.frame(person.frame(False))
    for _ in range(frames):
        await call.frame(person.frame(False))

    await call.conversation.hand_in()

    assert said(call) == ["we could use a cache and"]
    assert call.notes.activities[-1] is Activity.ANSWERING
    await call.conversation.hand_in()
    assert len(said(call)) == 1


async def test_handing_in_waits_for_no_recogniser_for_ever(
    tones: ToneLanguage, recogniser: ToneRecogniser
) -> None:
    """Where recognition hangs, what was guessed is handed in."""
    recogniser.hangs = True
    call = Call(recogniser, settings=TurnSettings(last_words_s=0.0))
    person = Person(Says(tones.clip(DONE)))
    while not person.has_finished:
        call.conversation.hear(person.frame(False))
        await asyncio.sleep(0)
    await call.conversation.hand_in()

    assert DONE.startswith(said(call)[0])
    await call.close()


async def test_terms_and_question_are_passed_on(
    call: Call, tones: ToneLanguage, recogniser: ToneRecogniser
) -> None:
    """The recogniser gets the glossary, and the question decides how long is waited."""
    call.conversation.expect(question="Is that enough?", patience=1.0, terms=["kubectl"])
    await call.run(Person(Says(tones.clip("yes it is"))), 0.5)

    assert said(call) == ["yes it is"]
    assert recogniser.terms == [("kubectl",)]


async def test_a_failing_recognition_is_told_and_survived(
    call: Call, tones: ToneLanguage, recogniser: ToneRecogniser
) -> None:
    """The guess stands for what could not be recognised, and the call goes on."""
    recogniser.error = RuntimeError("out of memory: secret words")
    await call.run(Person(Says(tones.clip(DONE))), 6.0)

    assert said(call) != []
    assert DONE.startswith(said(call)[0])
    assert call.notes.failures == ["What you said could not be recognised: RuntimeError"]
    recogniser.error = None
    await call.run(Person(Says(tones.clip("i am done"))), 3.0)
    assert said(call)[-1] == "i am done"


async def test_a_recognition_that_hangs_is_given_up(
    tones: ToneLanguage, recogniser: ToneRecogniser
) -> None:
    """After the limit the guess is told."""
    recogniser.hangs = True
    call = Call(recogniser, settings=TurnSettings(recognition_limit_s=2.0, last_words_s=0.0))
    for person in (Person(Says(tones.clip(DONE))), Person(Pauses(5.0))):
        while not person.has_finished:
            call.conversation.hear(person.frame(False))
            await asyncio.sleep(0)

    assert DONE.startswith(said(call)[0])
    assert call.notes.failures == ["Recognition took longer than 2 s and was given up."]
    await call.close()


async def test_a_failing_voice_is_told_and_holds_nothing_up(
    tones: ToneLanguage, recogniser: ToneRecogniser
) -> None:
    """What cannot be spoken ends at once, and the floor is free."""
    synthesiser = ToneSynthesiser()
    synthesiser.error = VoiceError("The voice is broken. Choose another.")
    call = Call(recogniser, synthesiser=synthesiser, answers=[QUESTION])
    await call.run(Person(Says(tones.clip("i am done"))), 2.0)

    assert call.answered == [0]
    assert call.notes.failures == [
        "The answer could not be spoken: The voice is broken. Choose another."
    ]
    assert call.notes.activities[-1] is Activity.LISTENING


async def test_closing_tells_the_words_so_far(call: Call, tones: ToneLanguage) -> None:
    """The call may end in mid-sentence: what was said is not lost, and nothing waits for ever."""
    person = Person(Says(tones.clip("we could use a cache and")))
    await call.run(person, 0.1)
    call.speak("q", QUESTION)
    await asyncio.sleep(0)
    await call.close()

    assert said(call) == ["we could use a cache and"]
    assert set(call.answered) == {0}
    assert await call.conversation.say("q2", QUESTION, 0) == 0
    await call.close()


async def test_long_answers_are_recognised_in_pieces(
    call: Call, tones: ToneLanguage, recogniser: ToneRecogniser
) -> None:
    """Three minutes of talk never make a stretch that the recogniser cannot hear at once."""
    words = " ".join(f"word{n % 120}" for n in range(200))
    await call.run(Person(Says(tones.clip(f"{words} and i am done"))), 2.0)

    assert max(recogniser.lengths_s) < 29
    assert " ".join(said(call)) == f"{words} and i am done"


CLIPS = ("i am done", "the cache um", "we use a cache", "okay", "let me think", "wait", "")
DEEDS = st.one_of(
    st.sampled_from(CLIPS).map(lambda text: ("says", text)),
    st.floats(0.1, 3.0).map(lambda s: ("pauses", s)),
    st.floats(0.1, 2.0).map(lambda s: ("hears", s)),
)


@settings(max_examples=15)
@given(st.lists(DEEDS, min_size=1, max_size=7))
def test_we_never_begin_over_the_candidate(script: list[tuple[str, float | str]]) -> None:
    """Whatever they do, our voice comes up only while theirs is silent, and the call settles."""
    tones = ToneLanguage()
    call = Call(ToneRecogniser(tones), answers=[QUESTION] * 9)
    clips = {
        text: tones.clip(text) if text else Clip("", tones.noise(0.5).samples) for text in CLIPS
    }
    deeds: list[Deed] = [
        Says(clips[str(value)]) if kind == "says" else Pauses(float(value))
        for kind, value in script
    ]
    person = Person(*deeds)

    async def go() -> None:
        await call.run(person, 12.0)
        await call.close()

    asyncio.run(go())

    for start_s in call.bot_starts_s():
        over = [u for u in person.uttered if u.start_s + 0.04 < start_s < u.end_s]
        # Noise alone does not keep us silent for more than two seconds.
        assert [u for u in over if u.text] == []
    assert call.notes.activities[-1:] in ([], [Activity.LISTENING], [Activity.THINKING])
    heard = " ".join(said(call)).split()
    spoken = " ".join(u.text for u in person.uttered).split()
    assert [word for word in spoken if word != "okay"] == [w for w in heard if w != "okay"]


async def test_an_exchange_of_several_turns(call: Call, tones: ToneLanguage) -> None:
    """A person who waits for the end of each question answers three of them."""
    clip = tones.clip(DONE)
    person = Person(
        Says(clip), BotIsSilent(0.4), Says(clip), BotIsSilent(0.4), Says(clip), BotIsSilent(0.4)
    )
    await call.run(person, 2.0)

    assert said(call) == [DONE] * 3
    assert call.answered == [len(QUESTION)] * 3
    assert all(m.waited_s is not None and m.waited_s < 0.5 for m in call.conversation.manners)


def test_importing_the_conversation_loads_no_model() -> None:
    """Text works at once, whatever is installed for voice."""
    report = "import sys, voice.pipeline; print(*sys.modules)"
    root = Path(__file__).parents[2]
    seen = subprocess.run(
        [sys.executable, "-c", report], cwd=root, capture_output=True, text=True, check=True
    )

    heavy = {"faster_whisper", "ctranslate2", "onnxruntime", "piper", "soxr", "av"}
    assert heavy & set(seen.stdout.split()) == set()
