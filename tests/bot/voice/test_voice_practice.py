"""A whole round by voice, with words that come from audio only, by the clock of the audio."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from console_samples import screen_of
from sound_card import Sound, converse

from bot.console.aloud import Aloud
from bot.console.cards import OWNER
from bot.console.choices import Wishes, drill_settings
from bot.console.voice_practice import practise_aloud
from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import open_app
from interviewer.ports import StoredInterview
from scenarios.load import Library
from scoring.conversation import Manner
from scoring.scorecard import Scorecard, card_verdicts
from scoring.transcript import Source, Speaker, Turn
from scoring.verdicts import Verdict
from storage.interviews import SqlStore
from storage.scorecards import list_scorecards, load_scorecard
from tests.fixtures.voice.clips import Samples, clip, silence, together
from voice.audio import read_wav, write_wav
from voice.samples import sample_recogniser_folder, sample_voice
from voice.speech import HEARING_RATE, SPEAKING_RATE, VoiceError

FIRST = "a token is a piece of a word that the model reads"
SECOND = "output tokens cost more than input tokens"


class Held(NamedTuple):
    """A round that was held, and what came of it."""

    interview: StoredInterview
    turns: tuple[Turn, ...]
    manners: tuple[Manner, ...]
    card: Scorecard
    shown: str
    spoken: Samples

    @property
    def answers(self) -> list[Turn]:
        """What the candidate said."""
        return [turn for turn in self.turns if turn.speaker is Speaker.CANDIDATE]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty home, and the models that ship."""
    return Settings(
        home=tmp_path / "round",
        speech_model=str(sample_recogniser_folder()),
        voice=str(sample_voice()),
    )


async def hold(settings: Settings, library: Library, *parts: Samples | float) -> Held:
    """A drill of one question with a recording of these clips and pauses."""
    settings.home.mkdir(parents=True, exist_ok=True)
    heard, spoken = settings.home.parent / "in.wav", settings.home.parent / "out.wav"
    spoken.unlink(missing_ok=True)
    write_wav(heard, together(*parts), HEARING_RATE)
    screen = screen_of()
    chosen = drill_settings(library, Wishes("what-is-a-token"), screen.console, ask=False)
    async with open_app(settings, library) as app:
        await practise_aloud(app, chosen, screen.console, Aloud(heard, spoken))
        entry = (await list_scorecards(app.database, OWNER))[0]
        store = SqlStore(app.database)
        return Held(
            await store.interview(entry.interview_id),
            await store.transcript(entry.interview_id),
            await store.manners(entry.interview_id),
            await load_scorecard(app.database, entry.interview_id),
            screen.text(),
            read_wav(spoken, SPEAKING_RATE),
        )


async def test_a_round_from_a_recording_ends_with_a_card(
    settings: Settings, library: Library
) -> None:
    """Its answers are what was said in it, with words and times, and they are graded."""
    held = await hold(settings, library, 15.0, clip(FIRST), 15.0, clip(SECOND), 1.0)

    assert [turn.text for turn in held.answers] == [FIRST, SECOND]
    for turn in held.answers:
        assert turn.source is Source.SPOKEN
        assert [word.text for word in turn.words] == turn.text.split()
        starts = [word.start_s for word in turn.words]
        assert starts == sorted(starts)
    assert Verdict.HIT in {one.verdict for _, one in card_verdicts(held.card)}
    assert all(text in held.shown for text in (FIRST, SECOND, "meets the level"))


async def test_the_clock_of_the_interview_is_that_of_the_audio(
    settings: Settings, library: Library
) -> None:
    """Minutes pass in seconds, and what was played is as long as what was heard."""
    held = await hold(settings, library, 15.0, clip(FIRST), 20.0, clip(SECOND), 30.0)

    assert held.interview.finished_at is not None
    lasted = held.interview.finished_at - held.interview.started_at
    assert timedelta(seconds=40) < lasted < timedelta(seconds=60)
    assert len(held.spoken) / SPEAKING_RATE == pytest.approx(lasted.total_seconds(), abs=0.1)
    waited = [one.waited_s for one in held.manners if one.waited_s is not None]
    assert waited
    assert all(0.2 < seconds < 6 for seconds in waited)


async def test_the_same_recording_gives_the_same_round(
    settings: Settings, library: Library, tmp_path: Path
) -> None:
    """However fast the machine is, and whatever else it does."""
    parts = (15.0, clip(FIRST), 15.0, clip(SECOND), 1.0)
    first = await hold(settings, library, *parts)

    async def disturb() -> None:
        for _ in range(10_000):
            await asyncio.sleep(0.002)

    disturbing = asyncio.create_task(disturb())
    second = await hold(
        settings.model_copy(update={"home": tmp_path / "again" / "round"}), library, *parts
    )
    disturbing.cancel()

    assert [(turn.text, turn.words) for turn in first.turns] == [
        (turn.text, turn.words) for turn in second.turns
    ]
    assert [turn.active_s for turn in first.answers] == [turn.active_s for turn in second.answers]
    # The last bit of a sample may depend on where in memory the resampler finds it.
    assert len(first.spoken) == len(second.spoken)
    assert np.abs(first.spoken.astype(int) - second.spoken).max() <= 2


async def test_who_speaks_over_the_interviewer_is_heard_out(
    settings: Settings, library: Library
) -> None:
    """The interviewer falls silent, and no more of it counts as said than was played."""
    held = await hold(settings, library, 1.5, clip(FIRST), 1.0)

    opening = held.turns[0]
    assert held.answers[0].text == FIRST
    assert opening.speaker is Speaker.INTERVIEWER
    assert "why it matters" not in opening.text
    assert "You went on" in held.shown
    over = held.spoken[2 * SPEAKING_RATE : 4 * SPEAKING_RATE]
    assert not over.any()
    assert held.spoken[:SPEAKING_RATE].any()


async def test_silence_is_no_answer(settings: Settings, library: Library) -> None:
    """Nothing gets into the transcript that nobody said; the round ends all the same."""
    held = await hold(settings, library, 5.0)
    assert held.answers == []
    assert held.interview.finished_at is not None


async def test_a_round_at_the_microphone(
    settings: Settings, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions come out of the loudspeaker, answers in by the microphone, a card at the end."""
    sound = Sound()
    monkeypatch.setitem(sys.modules, "sounddevice", sound)
    screen = screen_of()
    chosen = drill_settings(library, Wishes("what-is-a-token"), screen.console, ask=False)
    talking = asyncio.create_task(converse(sound, [clip(FIRST), clip(SECOND)]))

    async with open_app(settings, library) as app:
        await practise_aloud(app, chosen, screen.console, Aloud())
        entry = (await list_scorecards(app.database, OWNER))[0]
        turns = await SqlStore(app.database).transcript(entry.interview_id)
    talking.cancel()

    said = [turn.text for turn in turns if turn.speaker is Speaker.CANDIDATE]
    assert said == [FIRST, SECOND]
    assert "Use headphones" in screen.text()
    assert not any(stream.running for stream in sound.streams)


async def test_a_microphone_that_breaks_off_ends_the_sitting_with_advice(
    settings: Settings, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interview is kept, and the message says how to go on with it."""
    sound = Sound()
    monkeypatch.setitem(sys.modules, "sounddevice", sound)
    screen = screen_of()
    chosen = drill_settings(library, Wishes("what-is-a-token"), screen.console, ask=False)

    talking = asyncio.create_task(
        converse(sound, [], breaks_off=lambda: "Define a token" in screen.text())
    )
    async with open_app(settings, library) as app:
        with pytest.raises(VoiceError, match="plug it in") as raised:
            await practise_aloud(app, chosen, screen.console, Aloud())
    await talking

    assert "hotseat resume" in " ".join(raised.value.__notes__)


async def test_an_output_that_is_there_is_kept(settings: Settings, library: Library) -> None:
    """It is told before anything is held."""
    spoken = settings.home.parent / "out.wav"
    write_wav(settings.home.parent / "in.wav", silence(1), HEARING_RATE)
    spoken.write_bytes(b"mine")
    screen = screen_of()
    chosen = drill_settings(library, Wishes("what-is-a-token"), screen.console, ask=False)
    async with open_app(settings, library) as app:
        with pytest.raises(UsageError, match="exists already"):
            await practise_aloud(
                app, chosen, screen.console, Aloud(settings.home.parent / "in.wav", spoken)
            )
        assert await list_scorecards(app.database, OWNER) == ()
    assert spoken.read_bytes() == b"mine"


async def test_a_file_that_is_no_recording_is_named(settings: Settings, library: Library) -> None:
    """With the command that makes one."""
    heard = settings.home.parent / "in.wav"
    heard.write_text("no sound")
    screen = screen_of()
    chosen = drill_settings(library, Wishes("what-is-a-token"), screen.console, ask=False)
    async with open_app(settings, library) as app:
        with pytest.raises(VoiceError, match="ffmpeg"):
            await practise_aloud(app, chosen, screen.console, Aloud(heard))
