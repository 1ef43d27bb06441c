"""Errors of speech at the outer door."""

import subprocess
import sys

from bot.doors import Advice, explain
from voice.speech import VoiceError


def test_an_error_of_speech_is_said_with_its_advice() -> None:
    """No traceback for a microphone that is not plugged in."""
    err = VoiceError("The microphone is gone: plug it in again")
    err.add_note(Advice("hotseat resume abc"))
    assert explain(err) == ("hotseat: The microphone is gone: plug it in again\nhotseat resume abc")


def test_the_door_needs_no_speech() -> None:
    """Where voice was never loaded, an error of ours stays one, and nothing of it is loaded."""
    code = (
        "import sys\nfrom bot.doors import explain\n"
        "assert explain(KeyError()) is None\nassert 'voice' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
