"""The models that ship as entries: pinned, licensed, and enough for what is asked of them."""

import pytest
from pydantic import ValidationError

from voice.devices import Device
from voice.models import Kind, SpeechModel, catalogue, known, recommended


@pytest.mark.parametrize("model", catalogue().models, ids=lambda model: model.name)
def test_each_model_has_what_the_libraries_ask_for(model: SpeechModel) -> None:
    """A page, a licence, and every file without which a library would go to the network."""
    names = [file.name for file in model.files]

    assert model.card.startswith("https://huggingface.co/")
    assert model.licence.strip()
    if model.kind is Kind.VOICE:
        assert names == [f"{model.name}.onnx", f"{model.name}.onnx.json"]
    else:
        assert {"model.bin", "config.json", "tokenizer.json"} < set(names)
        assert {"vocabulary.txt", "vocabulary.json"} & set(names)


def test_names_are_taken_once() -> None:
    """A name is a folder, too."""
    names = [model.name.casefold() for model in catalogue().models]

    assert len(set(names)) == len(names)


def test_recognisers_stand_from_small_to_big() -> None:
    """`auto` falls back to the next one before."""
    sizes = [model.size for model in catalogue().models if model.kind is Kind.RECOGNISER]

    assert sizes == sorted(sizes)


@pytest.mark.parametrize("wanted", ["tiny.en", "base.en", "small.en", "large-v3-turbo"])
def test_every_choice_of_a_device_can_be_fetched(wanted: str) -> None:
    """What `choose_device` names is in the catalogue, and comes with a voice free to use."""
    recogniser, voice = recommended(Device("cpu", "int8", 1, wanted, ""))

    assert recogniser.name == wanted
    assert voice.licence.startswith("public domain")


@pytest.mark.parametrize("field", ["revision", "sha256"])
def test_a_moving_target_is_no_entry(field: str) -> None:
    """Neither a branch nor an abbreviated hash gets into the catalogue."""
    model = known("tiny.en").model_dump()
    (model if field == "revision" else model["files"][0])[field] = "main"

    with pytest.raises(ValidationError, match=field):
        SpeechModel.model_validate(model)
