"""The optional model that hears whether somebody has finished."""

from pathlib import Path

import numpy as np
import pytest

from tests.voice.people import Call, Person, Says, ToneLanguage, ToneRecogniser
from voice.end_of_turn import SmartTurn, features, find_model, mel_filters
from voice.hearing_turn import EndOfTurn
from voice.speech import HEARING_RATE, Samples, VoiceError

SAMPLE_VOICE = Path(__file__).parents[2] / "voice" / "sample" / "piper_tone" / "tone.onnx"


def field(number: int, value: bytes | str | int) -> bytes:
    """A protobuf field; numbers stay below 128 here."""
    if isinstance(value, int):
        return bytes([*varint(number << 3), *varint(value)])
    data = value.encode() if isinstance(value, str) else value
    return bytes([*varint(number << 3 | 2), *varint(len(data))]) + data


def varint(value: int) -> list[int]:
    return [value] if value < 128 else [value & 127 | 128, *varint(value >> 7)]


def tensor(name: str, *shape: int) -> bytes:
    dims = b"".join(field(1, field(1, size)) for size in shape)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, dims)))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model with Smart Turn's input and output, which gives the mean of what it sees."""
    axes = field(1, "axes") + field(8, 1) + field(8, 2) + field(20, 7)
    node = field(1, "input_features") + field(2, "logits") + field(4, "ReduceMean") + field(5, axes)
    inputs, outputs = tensor("input_features", 1, 80, 800), tensor("logits", 1, 1, 1)
    graph = field(1, node) + field(2, "mean") + field(11, inputs) + field(12, outputs)
    path = tmp_path / "smart-turn-v9-cpu.onnx"
    path.write_bytes(field(1, 8) + field(7, graph) + field(8, field(2, 13)))
    return path


def test_without_a_file_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no pipecat is installed the words alone decide."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    assert find_model() is None
    assert SmartTurn.find() is None


def test_it_is_found_in_an_installed_pipecat(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest model of an installed pipecat is taken, without importing it."""
    package = tmp_path / "site" / "pipecat"
    data = package / "audio" / "turn" / "smart_turn" / "data"
    data.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (data / "smart-turn-v3.1-cpu.onnx").write_bytes(b"old")
    model.rename(data / "smart-turn-v3.2-cpu.onnx")
    monkeypatch.syspath_prepend(tmp_path / "site")

    assert find_model() == data / "smart-turn-v3.2-cpu.onnx"
    assert SmartTurn.find() is not None


def test_a_wrong_path_is_said_so(tmp_path: Path) -> None:
    """A path that was given and leads nowhere is no silent fall-back."""
    with pytest.raises(VoiceError, match=r"nothing\.onnx: no end-of-turn model is there"):
        find_model(tmp_path / "nothing.onnx")


def test_other_files_are_refused(tmp_path: Path) -> None:
    """A file that is no model, and a model of something else, are named."""
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model at all")

    with pytest.raises(VoiceError, match="is no ONNX model"):
        SmartTurn(broken)
    with pytest.raises(VoiceError, match="is no Smart Turn v3 model"):
        SmartTurn(SAMPLE_VOICE)


async def test_it_judges_the_last_eight_seconds(model: Path) -> None:
    """Whatever the length of the audio, the model sees 8 s of it, the last ones."""
    smart_turn = SmartTurn(model)
    speech = (np.sin(np.arange(10 * HEARING_RATE) / 20) * 9000).astype(np.int16)
    other = np.concatenate((speech[::-1][: 2 * HEARING_RATE], speech[2 * HEARING_RATE :]))

    assert await smart_turn.probability(speech) == await smart_turn.probability(other)
    assert await smart_turn.probability(speech[:0]) != await smart_turn.probability(speech)
    smart_turn.close()


def test_the_mel_scale_is_whispers() -> None:
    """Our filters are those that Whisper models were trained on."""
    from faster_whisper.feature_extractor import FeatureExtractor

    assert np.allclose(mel_filters(), FeatureExtractor(feature_size=80).mel_filters, atol=1e-6)


def test_short_audio_stands_at_the_end() -> None:
    """Half a second of speech is the last half second that the model sees."""
    speech = (np.sin(np.arange(HEARING_RATE // 2) / 20) * 9000).astype(np.int16)
    seen = features(speech)

    assert seen.shape == (80, 800)
    assert seen[:, :740].std(axis=1).max() < 0.01 < seen[:, 760:].std(axis=1).max()


class Always(EndOfTurn):
    """A model of one opinion."""

    def __init__(self, opinion: float | Exception) -> None:
        self.opinion = opinion

    async def probability(self, audio: Samples) -> float:
        if isinstance(self.opinion, Exception):
            raise self.opinion
        return self.opinion


@pytest.mark.parametrize(
    ("opinion", "wait_s"), [(0.9, 0.45), (0.05, 4.0), (RuntimeError("broken"), 1.3)]
)
async def test_its_opinion_moves_what_words_leave_open(
    opinion: float | Exception, wait_s: float
) -> None:
    """A neutral end is waited for shorter or longer; a model that fails changes nothing."""
    tones = ToneLanguage()
    call = Call(ToneRecogniser(tones), end_of_turn=Always(opinion))
    await call.run(Person(Says(tones.clip("a bloom filter"))), 6.0)

    (turn,) = call.notes.said_turns
    assert turn.released_s - turn.ended_s == pytest.approx(wait_s, abs=0.08)
