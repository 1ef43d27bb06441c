"""Plays scenes with the real bot on the local Discord and prints what the people in them saw.

`hotseat discord-preview` runs it. The bot is a process of its own; its database is a temporary one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.console.demo import load_candidate
from tests.discord_stub import DiscordStub
from tests.discord_stub.calls import Call
from tests.discord_stub.channels import Channel
from tests.discord_stub.person import Person

STARTED_S = 30.0
LONGEST_S = 20.0
MOST_ANSWERS = 8

ASK_FIRST = "What is the agent allowed to do with an order without a person?"


class Album:
    """The screens of a scene, printed and, where a folder is given, written as web pages."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._taken = 0

    def take(self, title: str, person: Person, place: Channel | Call) -> None:
        """Keep what the person sees there now."""
        self._taken += 1
        channel = place.interaction.channel if isinstance(place, Call) else place
        sys.stdout.write(f"\n===== {title}\n{person.screen(channel)}\n")
        if self._folder is not None:
            name = f"{self._taken:02}-{title.lower().replace(' ', '-')}.html"
            (self._folder / name).write_text(person.page(place), "utf-8")


Scene = Callable[[DiscordStub, Album], Awaitable[None]]


async def play_interview(stub: DiscordStub, album: Album) -> None:
    """A design round in direct messages: the first stages, a hint, the board, and the card."""
    alex = stub.add_user("alex", installed=True)
    dm = alex.dm()
    await (await alex.runs(dm, "/interview start", scenario=SCENARIO)).finished(LONGEST_S)
    await alex.sees(dm, "Listening", within=LONGEST_S)
    album.take("A question and the status card", alex, dm)
    await _say(alex, dm, ASK_FIRST)
    recorded = load_candidate()
    for steps in recorded.stages.values():
        for step in steps:
            if step.draw:
                form = await alex.presses(dm, "Board")
                await alex.fills(form, {"text": step.draw.removeprefix("new;")})
            if step.say:
                await _say(alex, dm, step.say)
        await alex.presses(dm, "Next stage")
    album.take("Follow-ups", alex, dm)
    if "That is the end" not in alex.screen(dm):
        await alex.presses(dm, "End")
        await alex.presses(dm, "End it")
    card = await alex.sees(dm, "Scorecard:", within=LONGEST_S)
    album.take("The card", alex, dm)
    await alex.presses(card, "Next")
    album.take("A stage of the card", alex, dm)


async def play_drill(stub: DiscordStub, album: Album) -> None:
    """A drill question on a server, answered through the form."""
    alex = stub.add_user("alex", installed=True)
    server = stub.add_guild("Evening study group", members=[alex])
    channel = server.text_channel("practice")
    album.take(
        "A drill graded at once",
        alex,
        await _take_drill(alex, channel, "evaluate-nondeterministic"),
    )
    progress = await alex.runs(channel, "/progress")
    await progress.finished(LONGEST_S)
    album.take("Progress", alex, progress)


async def play_group(stub: DiscordStub, album: Album) -> None:
    """A study group: a shared card, rated blind by two members, then opened in columns."""
    alex, kim, sam = (stub.add_user(name, installed=True) for name in ("alex", "kim", "sam"))
    owner = stub.add_user("operator")
    server = stub.add_guild("Evening study group", members=[alex, kim, sam], owner=owner)
    channel = server.text_channel("reviews")
    await (await alex.runs(channel, "/group create", name="Evenings")).finished(LONGEST_S)
    invited = await alex.runs(channel, "/group invite", uses=2)
    code = _code_in((await invited.finished(LONGEST_S)).text)
    for friend in (kim, sam):
        await (await friend.runs(channel, "/group join", code=code)).finished(LONGEST_S)
    await _take_drill(alex, channel, "stale-documents")
    shared = await alex.runs(channel, "/scorecard share", redact="Initech")
    offer = await shared.finished(LONGEST_S)
    album.take("A look before sharing", alex, shared)
    await alex.presses(offer, "Share")
    await kim.sees(channel, "Open the ratings", within=LONGEST_S)
    album.take("A shared card to be rated blind", kim, channel)
    await _rate(kim, channel, "3")
    await _rate(sam, channel, "1")
    await _rate(alex, channel, "4")
    opened = await alex.presses(channel, "Open the ratings")
    await opened.finished(LONGEST_S)
    album.take("Ratings in columns", alex, opened)


def _code_in(text: str) -> str:
    """The code of an open invitation, alone on its line."""
    (found,) = re.findall(r"^\W*([\w-]{12,})$", text, re.MULTILINE)
    return found


async def _rate(person: Person, channel: Channel, rating: str) -> None:
    sheet = await person.presses(channel, "Rate")
    form = await person.picks(sheet, "Rate a stage …", ["0"])
    rated = await person.fills(form, {"Rating": rating, "Comment": "The update of the index?"})
    await person.presses(rated, "Hand in")


async def _take_drill(person: Person, channel: Channel, question: str) -> Call:
    call = await person.runs(channel, "/drill", question=question)
    await call.finished(LONGEST_S)
    for _ in range(MOST_ANSWERS):
        if "Try again" in call.message.text:
            return call
        form = await person.presses(call.message, "Answer")
        sent = await person.fills(form, {"Your answer": DRILL_ANSWERS[question]})
        await sent.finished(LONGEST_S)
    raise AssertionError(call.message.text)


SCENARIO = "support-agent-limited-actions"
DRILL_ANSWERS = {
    "stale-documents": (
        "At Initech we keep the date and the owner with every document, index a document again "
        "whenever it changes, and drop the old parts, so that an outdated text is not retrieved."
    ),
    "evaluate-nondeterministic": (
        "I would keep a fixed set of real cases with the answers that experts agreed on, run it "
        "on every change of prompt or model, and compare the failure rate with the version "
        "before. A judge model grades the open answers, and we check the judge against people."
    ),
}

SCENES: dict[str, Scene] = {
    "interview": play_interview,
    "drill": play_drill,
    "group": play_group,
}


async def _say(person: Person, place: Channel, text: str) -> None:
    """Write, and wait for the reply."""
    message = await person.says(place, text)
    await person.sees(place, r"\w", after=message, within=LONGEST_S)


@asynccontextmanager
async def bot_on(stub: DiscordStub, home: Path) -> AsyncIterator[None]:
    """The bot as its operator runs it, with this local Discord in Discord's place."""
    environment = os.environ | {
        "HOTSEAT_HOME": str(home),
        "HOTSEAT_DISCORD_TOKEN": stub.token,
        "HOTSEAT_DISCORD_API": stub.api_url,
        "HOTSEAT_DISCORD_GATEWAY": stub.gateway_url,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "bot", env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await stub.synced(STARTED_S)
        await stub.connected(STARTED_S)
        yield
    finally:
        process.terminate()
        await process.wait()


async def play(names: list[str], folder: Path | None) -> None:
    """Play the scenes one after another, each on a Discord of its own."""
    album = Album(folder)
    for name in names:
        async with DiscordStub() as stub:
            with TemporaryDirectory() as home:
                async with bot_on(stub, Path(home)):
                    await SCENES[name](stub, album)


def main() -> None:
    """Read the arguments and play."""
    parser = argparse.ArgumentParser(prog="discord-preview", description=__doc__)
    parser.add_argument("scenes", nargs="*", default=list(SCENES), metavar="scene")
    parser.add_argument("--html", type=Path, help="folder for a web page of each screen")
    given = parser.parse_args()
    unknown = [name for name in given.scenes if name not in SCENES]
    if unknown:
        parser.error(f"no scene {', '.join(unknown)}; there is {', '.join(SCENES)}")
    if given.html is not None:
        given.html.mkdir(parents=True, exist_ok=True)
    asyncio.run(play(given.scenes, given.html))


if __name__ == "__main__":
    main()
