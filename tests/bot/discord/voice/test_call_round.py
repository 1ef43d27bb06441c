"""A whole round by voice, from joining to the card, with words that come from audio alone."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from call_hall import HEARD_S, CallHall, call_hall
from sqlalchemy import select
from tones import expected_tune, likeness, tune

from bot.calls.models import open_speech
from interviewer.state import Event, EventKind, Utterance
from scoring.transcript import Source
from storage.tables import INTERVIEWS
from tests.discord_stub.channels import Channel

ANSWERS = (
    "I would use a load balancer in front",
    "replication is asynchronous",
    "we need a message queue",
    "consumers read from the queue",
)
MOST_ANSWERS = 12
SAME_TUNE = 0.9
CARD = "not calibrated"


@contextmanager
def written_files() -> Iterator[list[str]]:
    """The files that Python opens for writing meanwhile; the database opens its own."""
    found: list[str] = []
    watching = [True]

    def look(event: str, details: tuple[Any, ...]) -> None:
        if event == "open" and watching and isinstance(details[1], str):
            path, mode, _ = details
            if set(mode) & set("wax+"):
                found.append(str(path))

    sys.addaudithook(look)
    try:
        yield found
    finally:
        watching.clear()


async def answer_until_over(here: CallHall, thread: Channel) -> list[str]:
    """Alice answers until the interviewer has said their last word; returns what she said."""
    said: list[str] = []
    while (await all_utterances(here))[-1].move.ending is None:
        assert len(said) < MOST_ANSWERS, here.alice.screen(thread)
        said.append(ANSWERS[len(said) % len(ANSWERS)])
        await here.says(said[-1])
        await until_taken(here, thread, len(said))
        await here.alice.hears_speech(within=HEARD_S)
        await here.alice.hears_silence(for_s=1.0, within=HEARD_S)
        await here.hall.settled()
    return said


async def until_taken(here: CallHall, thread: Channel, answers: int) -> None:
    """Wait until so many answers are stored, which nobody outside is told of."""
    deadline = time.monotonic() + HEARD_S
    while len(await said_events(here)) < answers:
        assert time.monotonic() < deadline, f"not heard:\n{here.alice.screen(thread)}"
        await asyncio.sleep(0.1)


async def said_events(here: CallHall) -> list[Event]:
    """The answers as they are stored."""
    return [one for one in await here.events() if one.kind is EventKind.SAID]


async def test_a_whole_round_by_voice(tmp_path: Path) -> None:
    """Every word of the candidate was heard, every word of the interviewer sung; no sound kept."""
    async with call_hall(tmp_path) as here:
        with written_files() as files:
            thread = await here.begins()
            await here.alice.hears_speech(within=HEARD_S, since=0)
            spoken = await answer_until_over(here, thread)
            await here.alice.sees(thread, CARD, within=HEARD_S)
        heard = here.alice.ear.audio().samples
        events, utterances = await said_events(here), await all_utterances(here)
        settings, screen = here.hall.bot.app.settings, here.alice.screen(thread)
        kept = files_in(tmp_path)

    assert {one.source for one in events} == {Source.SPOKEN}
    assert [one.text for one in events] == spoken
    assert all(one.words for one in events)
    assert all(one.shown == len(one.text) for one in utterances)
    assert all(first_words(one) in screen.replace("\\", "") for one in utterances)
    async with open_speech(settings) as models:
        sung = await expected_tune(models.synthesiser, [one.text for one in utterances])
    assert likeness(tune(heard), sung) > SAME_TUNE
    assert files == []
    assert [name for name in kept if not name.startswith("hotseat.sqlite")] == []


def first_words(utterance: Utterance) -> str:
    """As much as stands in one line on every screen."""
    return " ".join(utterance.text.split()[:6])


def files_in(folder: Path) -> list[str]:
    """The names of all files there."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def all_utterances(here: CallHall) -> list[Utterance]:
    """What the interviewer said, in order."""
    app = here.hall.bot.app
    ids = await app.database.run(lambda c: c.execute(select(INTERVIEWS.c.id)).scalars().all())
    said = [one for found in ids for one in await app.services.store.utterances(found)]
    return [one for one in said if one.text]
