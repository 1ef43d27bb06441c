"""The whole program in hostile surroundings: pipes, signals, disks, encodings, other processes.

Each test starts the program as a person would. What can be shown without a process of its own is in
`test_practice.py` and `test_cli.py`.
"""

import os
import pty
import resource
import select
import signal
import sqlite3
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOTSEAT = [sys.executable, "-m", "bot"]
DRILL = ("drill", "what-is-a-token,agent-vs-chain")
ANSWER = b"A token is a piece of a word.\n\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name has blanks and other scripts."""
    return tmp_path / "home ünïcode 面接"


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """The environment of the program."""
    return {**os.environ, "HOTSEAT_HOME": str(home), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def hotseat(environment: dict[str, str], tmp_path: Path):
    """Runs the program with the given words and input, to its end."""

    def run(
        *words: str, given: bytes = b"", before: Callable[[], None] | None = None, **more: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*HOTSEAT, *words],
            input=given,
            capture_output=True,
            cwd=tmp_path,
            env=environment | more,
            preexec_fn=before,
            check=False,
        )

    return run


@pytest.fixture
def begun(environment: dict[str, str], tmp_path: Path):
    """A drill whose first question was asked, waiting for an answer."""
    process = subprocess.Popen(
        [*HOTSEAT, *DRILL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    )
    assert process.stdout is not None
    while b" left" not in process.stdout.readline():
        assert process.poll() is None
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


def said(home: Path) -> list[str]:
    """Every answer that is stored."""
    with closing(sqlite3.connect(home / "hotseat.sqlite")) as connection:
        rows = connection.execute(
            "SELECT json_extract(event, '$.text') FROM inbox WHERE kind = 'said' ORDER BY rowid"
        )
        return [text for (text,) in rows]


def interview_ids(home: Path) -> list[str]:
    """The id of every interview."""
    with closing(sqlite3.connect(home / "hotseat.sqlite")) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM interviews")]


def printable(output: bytes) -> bool:
    """Whether no control character but the line feed is in it, C1 controls included."""
    text = output.decode("utf-8")
    return not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in text)


def test_bytes_that_are_no_text(hotseat, home: Path) -> None:
    """Invalid UTF-8, a BOM, NUL, C0 and C1 controls: stored readable, shown harmless, and said."""
    done = hotseat(
        *DRILL,
        given=b"\xef\xbb\xbf/facts\n"
        b"\xff\xfe \x00tokens\x1b[2J \x1b]0;title\x07 \xc2\x9b31m \xe2\x80\xaeabc [red]x[/red]\n\n"
        b"/\x1b[31mnope\n\n"
        b"\n\n\x07\n\n" + b"word " * 10_000 + b"\n\n"
        b"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb\n",
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert printable(done.stdout)
    assert b"No facts given" in done.stdout
    assert "What was not UTF-8 stands as \ufffd in the answer.".encode() in done.stdout
    assert b"Nothing was sent: write an answer." in done.stdout
    assert b"send it in parts" in b" ".join(done.stdout.split())
    answers = said(home)
    assert answers[0] == "\ufffd\ufffd tokens[2J ]0;title 31m abc [red]x[/red]"
    assert answers[-1] == "שלום 👩\u200d💻"
    assert max(map(len, answers)) < 100
    again = hotseat("resume")
    assert printable(again.stdout)


def test_output_without_the_characters(hotseat) -> None:
    """An ASCII output shows plain stand-ins, for the talk, the card and errors."""
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "NO_COLOR": "1"}
    done = hotseat(
        *DRILL, given="Ein Stück – “token” 🤖\n\n/board\nü -> b\n\n/end\n".encode(), **plain
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"> Fundamentals" in done.stdout
    assert b"scorecards export" in done.stdout
    assert b"u -> b" in done.stdout or b"u --> b" in done.stdout
    unknown = hotseat("resume", "über", **plain)
    assert unknown.returncode == 1
    assert unknown.stderr.isascii()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_in_mid_round_keeps_the_interview(
    begun, home: Path, number: signal.Signals, status: int
) -> None:
    """The program ends at once, though nobody closed its input, and says how to go on."""
    begun.stdin.write(ANSWER)
    begun.stdin.flush()
    while begun.stdout.readline().strip() != b"Interviewer":
        assert begun.poll() is None
    begun.send_signal(number)
    assert begun.wait(30) == status
    (interview,) = interview_ids(home)
    message = begun.stderr.read().decode()

    assert message.startswith("hotseat: stopped\n")
    assert f"Interview {interview} is kept: `hotseat resume {interview}` goes on." in message
    assert said(home) == ["A token is a piece of a word."]


def test_second_process_is_refused_and_the_first_goes_on(begun, hotseat, home: Path) -> None:
    """The message names the file, the process and both ways out; nothing is lost by it."""
    second = hotseat("scorecards", "list")
    output, errors = begun.communicate(ANSWER + b"/end\n")

    assert second.returncode == 1
    message = second.stderr.decode()
    assert (
        f"{home / 'hotseat.sqlite'} is in use by another Hotseat (process {begun.pid})" in message
    )
    assert "stop that one, or choose another file with --database" in message
    assert b"scorecards export" in output
    assert errors == b""


def test_reader_that_goes_away_ends_it_quietly(begun, home: Path) -> None:
    """`| head -1` in mid-round: one message, no traceback, the answer is kept."""
    begun.stdout.close()
    begun.stdin.write(ANSWER * 3)
    begun.stdin.close()
    message = begun.stderr.read().decode()

    assert begun.wait(30) == 1
    assert message.startswith("hotseat: the reader of the output went away\nInterview ")
    assert "goes on." in message
    assert said(home)[0] == "A token is a piece of a word."


def test_output_that_is_full_is_named(environment, tmp_path: Path) -> None:
    """`> /dev/full` says what failed."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*HOTSEAT, "scorecards", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment,
            check=False,
        )

    assert done.returncode != 0
    assert done.stderr.startswith(b"hotseat: the output could not be written: No space left")
    assert b"Traceback" not in done.stderr


def test_closed_input_and_output(environment, home: Path, tmp_path: Path) -> None:
    """With both ends closed the interview is begun and kept."""
    command = f"exec {sys.executable} -m bot {' '.join(DRILL)} <&- >&-"
    done = subprocess.run(
        ["sh", "-c", command], stderr=subprocess.PIPE, cwd=tmp_path, env=environment, check=False
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert len(interview_ids(home)) == 1


def limit_files(size: int) -> Callable[[], None]:
    """No file of the child may grow beyond `size` bytes, as on a full disk."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_disk_that_takes_nothing(hotseat, home: Path) -> None:
    """Nothing can be created: the file, the reason, and no traceback."""
    done = hotseat(*DRILL, given=ANSWER, before=limit_files(0))

    assert done.returncode == 1
    assert done.stderr.startswith(f"hotseat: the disk of {home}".encode())
    assert b"make room and go on" in done.stderr


def test_disk_that_fills_up_in_mid_round(hotseat, home: Path) -> None:
    """What was answered before is kept and the round goes on once there is room."""
    answers = b"".join(b"%d: " % n + b"tokens are counted. " * 700 + b"\n\n" for n in range(40))
    done = hotseat("practice", given=answers, before=limit_files(450_000))
    message = done.stderr.decode()
    (interview,) = interview_ids(home)

    assert done.returncode == 1
    assert "then go on: what was stored is intact" in message or "make room and go on" in message
    assert f"Interview {interview} is kept: `hotseat resume {interview}` goes on." in message
    assert "Traceback" not in message
    stored = said(home)
    assert [text.partition(":")[0] for text in stored] == [str(n) for n in range(len(stored))]
    assert stored
    assert b"scorecards export" in hotseat("resume", given=b"/end\n").stdout
    assert said(home) == stored


def test_narrow_terminal(environment, tmp_path: Path) -> None:
    """A person at 40 columns is asked line by line, may press Enter on nothing, sees the card."""
    person, program = pty.openpty()
    termios.tcsetwinsize(program, (20, 40))
    process = subprocess.Popen(
        [*HOTSEAT, "drill", "what-is-a-token", "--level", "mid"],
        stdin=program,
        stdout=program,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment | {"TERM": "xterm"},
        start_new_session=True,
    )
    os.close(program)
    seen = read_until(person, b"(neutral)")
    os.write(person, b"\r")
    seen += read_until(person, b"(1)")
    os.write(person, b"\r")
    seen += read_until(person, b"Fundamentals (1/1)")
    os.write(person, b"\r")
    seen += read_until(person, b"Nothing was sent")
    os.write(person, b"/end\r")
    seen += read_until(person, b"Kept as")
    os.close(person)
    _, errors = process.communicate()

    assert b"Interview" in seen
    assert b"Traceback" not in errors


def read_until(terminal: int, wanted: bytes) -> bytes:
    """What the terminal shows up to the wanted words; where the cursor is asked for, it is told."""
    seen = b""
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, seen
        part = os.read(terminal, 4096)
        if b"\x1b[6n" in part:
            os.write(terminal, b"\x1b[1;1R")
        seen += part
    return seen
