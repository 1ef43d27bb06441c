"""libopus is found, and speech is decoded straight to what recognition takes."""

import discord
import numpy as np
import pytest
from udp_samples import encoded, humming, pitch, tone

from bot.discord.voice import opus
from bot.discord.voice.opus import SpeechDecoder, load_libopus
from voice.speech import HEARING_FRAME, VoiceError


@pytest.fixture
def no_system_libopus(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without libopus."""
    monkeypatch.setattr(discord.opus, "_lib", None)
    monkeypatch.setattr(discord.opus, "_load_default", lambda: False)


@pytest.mark.usefixtures("no_system_libopus")
def test_the_library_of_pyav_will_do() -> None:
    """Where the system has no libopus, the one that comes with the voice extra is loaded."""
    load_libopus()

    assert discord.opus.is_loaded()
    assert len(next(encoded(tone(0.02)))) > 3


@pytest.mark.usefixtures("no_system_libopus")
def test_without_libopus_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the thing and the next step."""
    monkeypatch.setattr(opus, "BUNDLED", ("nowhere/libopus*",))

    with pytest.raises(VoiceError, match="install it with the system's package manager"):
        load_libopus()


def test_speech_is_decoded_to_sixteen_kilohertz() -> None:
    """440 Hz stay 440 Hz, 320 samples a frame."""
    load_libopus()
    decoder = SpeechDecoder()
    heard = [decoder.hear(frame) for frame in encoded(tone(1.0))]

    assert {len(samples) for samples in heard if samples is not None} == {HEARING_FRAME}

    assert pitch(np.concatenate([s for s in heard if s is not None])) == pytest.approx(440, abs=2)


def test_what_is_no_opus_is_nothing() -> None:
    """Neither an empty frame nor a broken one raises."""
    load_libopus()
    decoder = SpeechDecoder()

    assert decoder.hear(b"") is None
    assert decoder.hear(b"\xff\xff\xff") is None
    assert len(decoder.conceal(b"\xff\xff\xff")) == HEARING_FRAME
    assert len(decoder.conceal(None)) == HEARING_FRAME


def test_a_lost_frame_is_taken_from_the_copy_in_the_next() -> None:
    """Where a sender adds a copy (in-band FEC), more of a lost frame is heard than a guess."""
    load_libopus()
    frames = list(
        encoded(humming(2.0), application="voip", expected_packet_loss=0.3, signal_type="voice")
    )
    whole, guessed, copied = SpeechDecoder(), SpeechDecoder(), SpeechDecoder()
    guess_error = copy_error = 0.0
    for number, frame in enumerate(frames):
        truth = whole.hear(frame)
        assert truth is not None
        if number % 5 == 4 and number + 1 < len(frames):
            guess = guessed.conceal(None)
            copy = copied.conceal(frames[number + 1])
            guess_error += float(np.square(guess.astype(float) - truth).sum())
            copy_error += float(np.square(copy.astype(float) - truth).sum())
        else:
            guessed.hear(frame)
            copied.hear(frame)

    assert copy_error < 0.6 * guess_error
