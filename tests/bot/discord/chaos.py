"""Plays rounds on Discord while everything goes wrong, and looks at what the candidates got.

    python -m tests.bot.discord.chaos [--rounds 300] [--seed 0]

Ten candidates at a time take whole rounds of a real bot process on the local Discord. Meanwhile
the gateway drops, orders reconnects and forgets sessions, events come twice or in another order,
requests are slow, refused, limited or carried out without an answer, and the bot gets SIGKILL at
any moment, sometimes twice in a row, sometimes for longer than Discord remembers a nonce.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import fields
from pathlib import Path
from random import Random

from tests.bot.discord.chaos_bot import Births, Dark, RunningBot, Weather, open_births
from tests.bot.discord.chaos_checks import Ledger, Outcome, judge_log, judge_round, judge_rules
from tests.bot.discord.chaos_player import Kind, Player
from tests.discord_stub import DiscordStub

TOGETHER = 10
"""Rounds that run in one bot at the same time."""

SHARE = 0.06
"""The part of requests that something happens to."""

NONCE_S = 600
"""Longer than Discord remembers nonces."""

LAST_S, QUIET_S = 240.0, 1.0


class Storm:
    """Disturbs gateway and bot at moments of chance, until it is told to end."""

    def __init__(self, dice: Random, stub: DiscordStub, bot: RunningBot, dark: Dark) -> None:
        self._dice = dice
        self._stub = stub
        self._bot = bot
        self._dark = dark
        self._kill_now = asyncio.Event()
        self.weather = Weather(dice, SHARE, dark, self._kill_now.set)
        self.disturbances = 0
        self._gateway: tuple[Callable[[], None], ...] = (
            stub.drop_gateway,
            lambda: stub.drop_gateway(resumable=False),
            stub.order_reconnect,
            stub.invalidate_session,
            lambda: stub.invalidate_session(resumable=True),
            *[lambda: stub.duplicate_events(dice.randrange(1, 5))] * 4,
            *[lambda: stub.reorder_events(dice.randrange(2, 4))] * 4,
        )

    async def rages(self) -> None:
        """Until cancelled, which is put off while the bot is dead."""
        self._stub.faults.unleash(self.weather)
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._kill_now.wait(), self._dice.uniform(0.3, 2.0))
            await self._dark.ends()
            if self._kill_now.is_set() or self._dice.random() < 0.06:
                await self._kills()
                self._kill_now.clear()
            else:
                self.disturbances += 1
                self._dark.falls(2.0)
                self._dice.choice(self._gateway)()

    async def _kills(self) -> None:
        for _ in range(self._dice.choice((1, 1, 1, 2))):
            await self._bot.kill()
            await asyncio.sleep(self._dice.choice((0.0, 0.3, 1.5)))
            if self._dice.random() < 0.4:
                self._stub.advance(NONCE_S)
            await self._bot.start()
            await asyncio.sleep(self._dice.uniform(0.0, 0.6))


async def play_batch(births: Births, folder: Path, seed: int, rounds: int = TOGETHER) -> Outcome:
    """What became of so many rounds in one storm."""
    dice = Random(seed)  # noqa: S311 - repeatable, not secret
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(DiscordStub(privileged=["message_content"]))
        dark = Dark(stub)
        bot = RunningBot(births, stub, folder / f"bot-{seed}", dark)
        await bot.start()
        await stub.synced(within=20)
        players = invite(stub, dice, rounds)
        watching = asyncio.create_task(dark.watch())
        storm = Storm(dice, stub, bot, dark)
        try:
            await weather_out(storm, stub, players)
            await _quiet(stub)
            stopped = await bot.stop()
        finally:
            watching.cancel()
        struck = storm.weather.struck
        broken = judge_rules(stub, dark, struck)
        ledger = Ledger(bot.home / "hotseat.sqlite")
    outcome = Outcome(
        kills=bot.kills,
        faults_of_requests=sum(storm.weather.kinds.values()),
        faults_of_gateway=storm.disturbances,
        faults=bot.gave_up + int(stopped != 0),
    )
    for player in players:
        outcome += judge_round(player, ledger, dark, struck)
    return outcome + judge_log(bot.log, players) + broken


def invite(stub: DiscordStub, dice: Random, count: int) -> list[Player]:
    """Candidates, each of another kind."""
    guild = stub.add_guild("Study group")
    guild.text_channel("general")
    players: list[Player] = []
    for number in range(count):
        person = stub.add_user(f"Zq{stub.application_id % 10**6} Candidate {number}")
        person.installs()
        guild.add_member(person)
        kind = list(Kind)[number % len(Kind)]
        own = Random(dice.random())  # noqa: S311 - repeatable, not secret
        players.append(Player(stub, person, guild, own, kind))
    return players


async def weather_out(storm: Storm, stub: DiscordStub, players: list[Player]) -> None:
    """Let the players play in the storm; it calms down when the last ones take too long."""
    raging = asyncio.create_task(storm.rages())
    try:
        async with asyncio.timeout(LAST_S), asyncio.TaskGroup() as group:
            for player in players:
                group.create_task(player.plays())
    finally:
        stub.faults.unleash(None)
        raging.cancel()
        with suppress(asyncio.CancelledError):
            await raging


async def _quiet(stub: DiscordStub) -> None:
    """Wait until the bot has nothing more to do."""
    answered = -1
    while answered != len(stub.requests):
        answered = len(stub.requests)
        await asyncio.sleep(QUIET_S)


def table(outcome: Outcome) -> str:
    """The outcome as Markdown."""
    names = [one.name.replace("_", " ") for one in fields(outcome) if one.name != "findings"]
    rows = [f"| {name} | {getattr(outcome, name.replace(' ', '_')):,} |" for name in names]
    return "\n".join(["| | |", "|---|---|", *rows])


def main() -> int:
    """Print what became of the rounds; 1 if anything was lost or came twice."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0, help="the first batch's")
    asked = parser.parse_args()
    # A request that dies with the bot is no error of the stand-in.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    total = Outcome()
    with tempfile.TemporaryDirectory() as name, open_births() as births:
        for seed in range(asked.seed, asked.seed + asked.rounds // TOGETHER):
            outcome = asyncio.run(play_batch(births, Path(name), seed))
            total += outcome
            print(f"seed {seed}:", *(outcome.findings or ["clean"]), sep="\n    ", flush=True)
    print(f"\n{table(total)}")
    return 0 if total.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
