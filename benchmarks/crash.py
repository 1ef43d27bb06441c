"""Kills an interview again and again and compares it with one that nobody disturbed.

    python -m benchmarks.crash              every kill point, with and without checkpoints
    python -m benchmarks.crash --runs 200   as well, 200 rounds killed at random moments

A scripted round of 41 events is played by `tests/interviewer/crash_child.py` on the real tables,
the real graph and the real engine. The child gets SIGKILL; the next one recovers and goes on. Each
child starts a day and 1,000 seconds later than the last, and the interviewer speaks for 4 seconds
an utterance: none of that may be charged to the candidate.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CHILD = "tests.interviewer.crash_child"
CHECKPOINTS = "hotseat.sqlite.checkpoints"

SPOKEN = (0, 9, 20, 40)
"""Events that are answered aloud: the start, a follow-up, the next round, the end."""

ANSWERED = (0, 9, 11, 13, 14, 20, 40)
"""With a drawing, a pause and its end, which are answered by saying nothing."""

POINTS: dict[str, tuple[int, ...]] = {
    "create": (0,),
    "inbox": ANSWERED,
    "board": (11, 28),
    "assess": ANSWERED,
    "decide": ANSWERED,
    "speak": ANSWERED,
    "outbox open": ANSWERED,
    "say": SPOKEN,
    "outbox close": SPOKEN,
    "checkpoint": ANSWERED,
    "checkpoint writes": ANSWERED,
    "score": (40,),
    "finish": (40,),
}
"""Where the child dies, before and after each, and while which events are dealt with."""

MOST_KILLS = 40
"""After so many a random round is left alone, so that it ends."""


def moments(point: str) -> tuple[str, ...]:
    """The exact places of a point; an utterance can also be cut in the middle."""
    middle = ("midway",) if point == "say" else ()
    return tuple(f"{point}/{when}" for when in ("before", *middle, "after"))


class Script(NamedTuple):
    """What an undisturbed round amounts to: events, and seconds charged."""

    events: int
    charged_s: float


class Victims:
    """The fork server that gives birth to the children; `script` is what they play."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.script = Script(**json.loads(self._read()))

    def live(self, folder: Path, **orders: Any) -> bool:
        """Let one child live; returns whether it was killed. RuntimeError if it failed."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"folder": str(folder), **orders}) + "\n")
        self._process.stdin.flush()
        status = int(self._read())
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return True
        if status != 0:
            raise RuntimeError(f"the child failed with wait status {status}; see its traceback")
        return False

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the fork server died; see its traceback")
        return line


@contextmanager
def raise_victims(folder: Path) -> Iterator[Victims]:
    """The fork server, with its own files in `folder`."""
    command = [sys.executable, "-m", CHILD, str(folder)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, **pipes) as process:
        yield Victims(process)
        assert process.stdin is not None
        process.stdin.close()


@dataclass(frozen=True)
class Story:
    """An interview as its files tell it, read without any of our code.

    `said` holds the texts in order, `answers` how many utterances each event has, `screen` what
    was shown, by key in order of appearance, `torn` the keys of which a character was shown twice
    or not at all.
    """

    said: tuple[str, ...]
    answers: tuple[int, ...]
    screen: tuple[tuple[str, str], ...]
    torn: tuple[str, ...]
    charged_s: float
    card: Any


def read_story(folder: Path) -> Story:
    """The story in `folder`."""
    with closing(sqlite3.connect(folder / "hotseat.sqlite")) as tables:
        inbox = tables.execute("SELECT seq, event FROM inbox ORDER BY seq").fetchall()
        outbox = tables.execute("SELECT seq, key, text, shown FROM outbox ORDER BY seq").fetchall()
        cards = tables.execute("SELECT card FROM scorecards").fetchall()
    events = {seq: json.loads(event) for seq, event in inbox}
    lines = [(seq, 0, event["text"]) for seq, event in events.items()]
    lines += [(seq, 1, text[:shown]) for seq, _, text, shown in outbox]
    screen, overlapping = _read_journal(folder / "journal.jsonl")
    incomplete = {key for _, key, text, _ in outbox if screen.get(key, "") != text}
    return Story(
        said=tuple(text for *_, text in sorted(lines)),
        answers=tuple(sum(1 for row in outbox if row[0] == seq) for seq in events),
        screen=tuple(screen.items()),
        torn=tuple(sorted(incomplete | overlapping)),
        charged_s=sum(event["active_s"] for event in events.values()),
        card=[_timeless(json.loads(card)) for (card,) in cards],
    )


def _read_journal(path: Path) -> tuple[dict[str, str], set[str]]:
    screen: dict[str, str] = {}
    overlapping: set[str] = set()
    for line in path.read_text("utf-8").splitlines():
        piece = json.loads(line)
        if piece["start"] != len(screen.get(piece["key"], "")):
            overlapping.add(piece["key"])
        screen[piece["key"]] = screen.get(piece["key"], "") + piece["text"]
    return screen, overlapping


def _timeless(value: Any) -> Any:
    """The card without times of day, which differ between any two interviews."""
    if isinstance(value, dict):
        times = {"at", "started_at", "finished_at"}
        return {name: _timeless(part) for name, part in value.items() if name not in times}
    return [_timeless(part) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Outcome:
    """What the kills did; all but `kills` should be zero."""

    kills: int
    lost: int
    doubled: int
    torn: int
    overcharged_s: float
    words_differ: int
    cards_differ: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing can be told from an undisturbed interview."""
        return not any(
            (self.lost, self.doubled, self.torn, self.words_differ, self.cards_differ)
        ) and (abs(self.overcharged_s) < 1e-6)


def compare(folder: Path, kills: int, script: Script, undisturbed: Story) -> Outcome:
    """What is different in `folder`."""
    story = read_story(folder)
    return Outcome(
        kills=kills,
        lost=max(0, script.events - len(story.answers)) + story.answers.count(0),
        doubled=max(0, len(story.answers) - script.events) + sum(n > 1 for n in story.answers),
        torn=len(story.torn),
        overcharged_s=story.charged_s - script.charged_s,
        words_differ=int((story.said, story.screen) != (undisturbed.said, undisturbed.screen)),
        cards_differ=int(story.card != undisturbed.card),
    )


def forget_checkpoints(folder: Path) -> None:
    """Delete LangGraph's file, as a user or a disk might."""
    for path in folder.glob(f"{CHECKPOINTS}*"):
        path.unlink()


def play_undisturbed(victims: Victims, folder: Path) -> Story:
    """The story of a round that nobody kills."""
    folder.mkdir()
    assert not victims.live(folder)
    return read_story(folder)


def play_deaths(
    victims: Victims, folder: Path, deaths: Mapping[str, Sequence[int]], *, times: int, keep: bool
) -> int:
    """Play until the end, dying at each point and event; returns the kills."""
    folder.mkdir()
    kills = 0
    while victims.live(folder, deaths=dict(deaths), times=times):
        kills += 1
        if not keep:
            forget_checkpoints(folder)
    return kills


def play_random(victims: Victims, folder: Path, seed: int) -> int:
    """Play until the end, killed at moments drawn from `seed`; returns the kills.

    A child dies up to 60 ms after the screen has grown by up to 900 bytes (a fifth of the whole),
    so also while it opens its files and while it recovers. One restart in four has lost its
    checkpoints.
    """
    folder.mkdir()
    dice = random.Random(seed)
    journal = folder / "journal.jsonl"
    for kills in range(MOST_KILLS):
        shown = journal.stat().st_size if journal.exists() else 0
        due = shown + dice.choice((0, 1)) * dice.randrange(900)
        if not victims.live(folder, journal_size=due, delay_s=dice.uniform(0, 0.06)):
            return kills
        if dice.random() < 0.25:
            forget_checkpoints(folder)
    assert not victims.live(folder)
    return MOST_KILLS


HEAD = (
    "kills | events lost | answered twice | utterances torn or repeated | "
    "seconds overcharged | words differ | cards differ"
)


def _row(outcomes: Sequence[Outcome]) -> str:
    def total(get: Callable[[Outcome], float]) -> float:
        return sum(map(get, outcomes))

    counts = [
        total(lambda o: o.kills),
        total(lambda o: o.lost),
        total(lambda o: o.doubled),
        total(lambda o: o.torn),
        total(lambda o: abs(o.overcharged_s)),
        total(lambda o: o.words_differ),
        total(lambda o: o.cards_differ),
    ]
    return " | ".join(f"{count:g}" for count in counts)


def _print_head(*names: str) -> None:
    head = " | ".join((*names, HEAD))
    print(f"\n| {head} |\n|{'---|' * (head.count('|') + 1)}")


def print_points(victims: Victims, folder: Path, undisturbed: Story) -> bool:
    """Two deaths in a row at each place and event; returns whether all was clean."""
    _print_head("killed", "checkpoints")
    clean = True
    for point, seqs in POINTS.items():
        for place in moments(point):
            for keep in (True, False):
                room = folder / f"{place.replace('/', '-')}-{keep}"
                kills = play_deaths(victims, room, {place: seqs}, times=2, keep=keep)
                outcome = compare(room, kills, victims.script, undisturbed)
                clean &= outcome.is_clean
                print(
                    f"| {place} | {'kept' if keep else 'deleted'} | {_row([outcome])} |", flush=True
                )
    return clean


def print_random(victims: Victims, folder: Path, undisturbed: Story, seeds: range) -> bool:
    """Random moments; returns whether all was clean."""
    outcomes: list[Outcome] = []
    for seed in seeds:
        kills = play_random(victims, folder / f"random-{seed}", seed)
        outcomes.append(compare(folder / f"random-{seed}", kills, victims.script, undisturbed))
        if not outcomes[-1].is_clean:
            print(f"seed {seed}: {outcomes[-1]}", file=sys.stderr)
    _print_head("rounds", "lives a round")
    lives = sum(outcome.kills + 1 for outcome in outcomes) / len(outcomes)
    print(f"| {len(outcomes)} | {lives:.1f} | {_row(outcomes)} |")
    return all(outcome.is_clean for outcome in outcomes)


def main() -> int:
    """Print the tables; 1 if anything was lost, repeated or overcharged."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=0, help="rounds killed at random moments")
    parser.add_argument("--seed", type=int, default=0, help="the first of their seeds")
    parser.add_argument("--no-points", action="store_true", help="random moments only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, raise_victims(Path(name)) as victims:
        folder = Path(name)
        undisturbed = play_undisturbed(victims, folder / "undisturbed")
        clean = asked.no_points or print_points(victims, folder, undisturbed)
        if asked.runs:
            seeds = range(asked.seed, asked.seed + asked.runs)
            clean &= print_random(victims, folder, undisturbed, seeds)
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
