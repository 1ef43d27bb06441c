"""A system under test in a process of its own, and calls to it in real time."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from benchmarks.voice.person import Person, Scene
from benchmarks.voice.wire import Kind, Message, pack, read
from voice.speech import FRAME_S, SPEAKING_RATE

ROOT = Path(__file__).resolve().parents[2]
AUDIBLE = 200
"""Loudness (RMS) from which it is not silence."""
CELL_S = 0.005
START_LIMIT_S = 120.0
AFTER_S = 1.0


@dataclass(frozen=True)
class System:
    """What is compared: a name, the program, and what it is told on its start."""

    name: str
    command: tuple[str, ...]
    config: dict[str, Any] = field(hash=False)


@dataclass
class Heard:
    """What came out of one call, in seconds of the call.

    `loud` is where it was no silence, `late_s` how long after the end of the piece before each
    piece came, `turns` when the engine was asked and what for.
    """

    loud: list[tuple[float, float]] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    turns: list[tuple[float, str]] = field(default_factory=list)
    ends_s: float = 0.0

    def add(self, came_s: float, samples: np.ndarray[Any, Any]) -> None:
        """A piece that begins to be heard as it comes, or when the one before is over."""
        self.late_s.append(came_s - self.ends_s)
        at_s = max(came_s, self.ends_s)
        self.ends_s = at_s + len(samples) / SPEAKING_RATE
        cell = round(CELL_S * SPEAKING_RATE)
        cells = samples[: len(samples) // cell * cell].reshape(-1, cell).astype(np.float64)
        loud = np.sqrt((cells**2).mean(axis=1)) > AUDIBLE
        self.loud += [
            (at_s + n * CELL_S, at_s + (n + 1) * CELL_S)
            for n, is_loud in enumerate(loud)
            if is_loud
        ]

    def is_heard(self, now_s: float) -> bool:
        """Whether something was loud within the last few frames."""
        return bool(self.loud) and self.loud[-1][1] > now_s - 3 * FRAME_S


@dataclass
class Recorded:
    """A call that is over: its scenes with their times, and what was heard."""

    scenes: Sequence[Scene]
    heard: Heard


@dataclass
class Block:
    """Calls at once to one system; `report` is what it says it cost."""

    system: System
    calls: list[Recorded]
    seconds: float
    report: dict[str, Any]
    versions: dict[str, str]


class Side:
    """The process of a system; what it plays is timed by a thread that does nothing else."""

    def __init__(self, system: System, calls: int) -> None:
        self._name = system.name
        self._faults = TemporaryFile()  # noqa: SIM115 - lives as long as the process
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
        self._process = subprocess.Popen(
            system.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._faults,
            cwd=ROOT,
            env=environment,
        )
        self.heard = [Heard() for _ in range(calls)]
        self.report: dict[str, Any] = {}
        self.versions: dict[str, str] = {}
        self._began = time.monotonic()
        self._ready, self._over = threading.Event(), threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        self.send(Kind.CONFIGURE, 0, {**system.config, "calls": calls})
        if not self._ready.wait(START_LIMIT_S) or self._over.is_set():
            self._process.kill()
            raise RuntimeError(f"{system.name} did not start. {self._last_words()}")

    def check(self) -> None:
        """Raises where the process has ended by itself."""
        if self._process.poll() is not None:
            raise RuntimeError(f"{self._name} ended in mid-call. {self._last_words()}")

    def begin(self) -> float:
        """The calls begin now; the moment on the monotonic clock."""
        self._began = time.monotonic()
        return self._began

    def send(self, kind: Kind, call: int = 0, body: bytes | str | dict[str, Any] = b"") -> None:
        """Tell the system something."""
        assert self._process.stdin is not None
        self._process.stdin.write(pack(kind, call, body))
        self._process.stdin.flush()

    def close(self) -> None:
        """Ask what it cost, and end it."""
        self.send(Kind.QUIT)
        self._over.wait(10.0)
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _last_words(self) -> str:
        self._faults.seek(0)
        return self._faults.read().decode(errors="replace")[-1000:]

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while (message := read(self._process.stdout)) is not None:
            self._take(message, time.monotonic() - self._began)
        self._over.set()
        self._ready.set()

    def _take(self, message: Message, at_s: float) -> None:
        match message.kind:
            case Kind.PLAY:
                self.heard[message.call].add(at_s, np.frombuffer(message.body, np.int16))
            case Kind.TURN:
                self.heard[message.call].turns.append((at_s, message.text))
            case Kind.READY:
                self.versions = message.json
                self._ready.set()
            case Kind.REPORT:
                self.report = message.json
                self._over.set()
            case _:
                raise ValueError(f"a system does not send {message.kind.name}")


def hold(system: System, scripts: Sequence[Sequence[Scene]]) -> Block:
    """Hold calls with scripted people in real time, one for each script, until all are over."""
    side = Side(system, len(scripts))
    people = [_person(side, call, scenes) for call, scenes in enumerate(scripts)]
    for call, scenes in enumerate(scripts):
        side.send(Kind.LISTEN, call, scenes[0].question)
    began = side.begin()
    tick, left = 0, round(AFTER_S / FRAME_S)
    while left > 0:
        left -= all(person.has_finished for person in people)
        tick += 1
        side.check()
        time.sleep(max(0.0, began + tick * FRAME_S - time.monotonic()))
        for call, person in enumerate(people):
            frame = person.frame(side.heard[call].is_heard(time.monotonic() - began))
            side.send(Kind.HEAR, call, frame.tobytes())
    side.close()
    recorded = [
        Recorded(person.scenes, heard) for person, heard in zip(people, side.heard, strict=True)
    ]
    return Block(system, recorded, tick * FRAME_S, side.report, side.versions)


def _person(side: Side, call: int, scenes: Sequence[Scene]) -> Person:
    return Person(scenes, lambda scene: side.send(Kind.ANSWER, call, json.dumps(scene.answers)))
