"""The command line: exit codes, options, and messages that say what to do."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from console_samples import FINISHED, OPEN

from bot import cli
from bot.console import options
from bot.doors import Advice, StoppedError, explain
from bot.rounds import EXTRA_TIMES
from interviewer.state import InterviewSettings, Style
from scenarios.model import Level


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def hotseat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Runs the command with the given words, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["hotseat", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        return Done(code if isinstance(code, int) else int(bool(code)), *capsys.readouterr())

    return run


def home() -> Path:
    """The home of this test."""
    return Path(os.environ["HOTSEAT_HOME"])


def test_options_offer_what_the_lower_floors_know() -> None:
    """The words of the options are those of the enums, in their order."""
    assert get_args(options.LevelName) == tuple(level.value for level in Level)
    assert get_args(options.StyleName) == tuple(style.value for style in Style)
    assert get_args(options.ExtraTime) == EXTRA_TIMES


@pytest.mark.parametrize("factor", get_args(options.ExtraTime))
def test_every_extra_time_is_one_that_an_interview_takes(factor: str) -> None:
    """What can be typed can be stored."""
    spec = {"kind": "drill", "items": ("one",), "minutes": 1}
    settings = {"rounds": (spec,), "level": "mid", "extra_time": float(factor)}

    assert InterviewSettings.model_validate(settings).extra_time == float(factor)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("practice", "--minutes", "abc"), ("--minutes", "valid number")),
        (("practice", "--minutes", "0"), ("--minutes", "greater than or equal to 1")),
        (("practice", "--minutes", "nan"), ("--minutes",)),
        (("practice", "--minutes", "inf"), ("--minutes", "180")),
        (("practice", "--style", "rude"), ("--style", "'rude'", "sceptical")),
        (("practice", "--level", "god"), ("--level", "'god'", "junior", "staff")),
        (("practice", "--extra-time", "3"), ("--extra-time", "'3'", "1.25")),
        (("practice", "--colour"), ("No such option", "--colour")),
        (("practise",), ("No such command", "practise")),
        (("scorecards", "show", "--as", "pdf"), ("--as", "'pdf'", "markdown")),
        (("scorecards", "show", "--revision", "one"), ("--revision", "valid integer")),
        (("scorecards", "delete"), ("Missing argument",)),
    ],
)
def test_wrong_option_is_named(hotseat, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    """Status 2, the option, what was given and what it takes; nothing is created."""
    done = hotseat(*words)

    assert (done.status, done.out) == (2, "")
    assert [part for part in parts if part not in done.err] == []
    assert "--help" in done.err
    assert not home().exists()


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("practice", "suport-agent-limited-actions"), ("`support-agent-limited-actions`",)),
        (("practice", "what-is-a-token"), ("is a question, not a scenario",)),
        (("practice", ""), ("no scenario ``: there is",)),
        (("practice", "\x1b[31mred"), ("no scenario `[31mred`",)),
        (("drill", "what-is-a-tokn"), ("`what-is-a-token`",)),
        (("drill", ","), ("no question ``: there is",)),
        (("drill", "what-is-a-token,,"), ("no question ``: there is",)),
        (("behavioural", "bh-failure-lerned"), ("`bh-failure-learned`",)),
        (("loop", "llm-app-md"), ("`llm-app-mid`",)),
        (("resume",), ("no unfinished interview", "`hotseat practice` starts one")),
        (("resume", "abc"), ("no interview 'abc'", "none yet")),
        (("resume", ""), ("no interview ''",)),
        (("scorecards", "show"), ("no interview is graded yet", "hotseat practice")),
        (("scorecards", "delete", "abc", "--yes"), ("no interview 'abc'",)),
        (("trace",), ("there is no interview yet", "hotseat practice")),
    ],
)
def test_unknown_id_is_answered_with_near_ones(
    hotseat, words: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    """Status 1, one message that names the id and what there is instead."""
    done = hotseat(*words)

    assert done.status == 1
    assert done.err.startswith("hotseat: ")
    assert [part for part in parts if part not in done.err] == []
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err


@pytest.mark.parametrize("command", [("resume",), ("trace",), ("scorecards", "show")])
def test_mistyped_interview_is_answered_with_those_there_are(
    hotseat, settings, command: tuple[str, ...]
) -> None:
    """The ids that come near are offered."""
    done = hotseat(*command, "begun235", "--database", str(settings.database_path))

    assert done.status == 1
    assert "no interview 'begun235': there is begun234" in done.err


def test_card_of_an_open_interview_says_how_to_finish_it(hotseat, settings) -> None:
    """No card yet, and the command that goes on."""
    done = hotseat("scorecards", "show", OPEN, "--database", str(settings.database_path))

    assert (done.status, done.out) == (1, "")
    assert f"hotseat resume {OPEN}" in done.err


def test_unknown_revision_is_named(hotseat, settings) -> None:
    """There is no seventh revision."""
    words = ("scorecards", "show", FINISHED, "--revision", "7")
    done = hotseat(*words, "--database", str(settings.database_path))

    assert done.status == 1
    assert f"{FINISHED!r} has no scorecard revision 7" in done.err


@pytest.mark.parametrize(
    ("value", "reason"), [("abc", "valid integer"), ("0", "greater than"), ("9" * 20, "less than")]
)
def test_wrong_setting_is_named(hotseat, monkeypatch, value: str, reason: str) -> None:
    """The variable, what is wrong with it and where to correct it."""
    monkeypatch.setenv("HOTSEAT_RETENTION_DAYS", value)
    done = hotseat("scorecards", "list")

    assert done.status == 1
    assert f"HOTSEAT_RETENTION_DAYS: Input should be {reason}"[:38] in done.err
    assert "correct the environment or .env" in done.err


def test_env_file_that_is_no_text_is_named(hotseat, tmp_path: Path) -> None:
    """A .env in another encoding is refused with its path."""
    (tmp_path / ".env").write_bytes("HOTSEAT_HOME=é".encode("utf-16"))
    done = hotseat("scorecards", "list")

    assert done.status == 1
    assert f"{tmp_path / '.env'} cannot be read" in done.err
    assert "save it as UTF-8" in done.err


def test_empty_variable_is_as_good_as_none(hotseat, monkeypatch, tmp_path: Path) -> None:
    """HOTSEAT_HOME= does not put the database into the working folder."""
    monkeypatch.setenv("HOTSEAT_HOME", "")
    done = hotseat("scorecards", "list")

    assert done.status == 0
    assert list(tmp_path.glob("hotseat.sqlite*")) == []


def test_tilde_in_a_setting_is_the_home_folder(hotseat, monkeypatch, tmp_path: Path) -> None:
    """Also in .env, where no shell expands it."""
    monkeypatch.delenv("HOTSEAT_HOME")
    (tmp_path / ".env").write_text("HOTSEAT_HOME=~/interviews\n")
    hotseat("scorecards", "list")

    assert (Path(os.environ["HOME"]) / "interviews" / "hotseat.sqlite").exists()


def test_user_without_a_home_is_told_what_to_set(hotseat, monkeypatch) -> None:
    """No HOME and no entry in the user database: nothing is created just anywhere."""

    def nobody(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME")
    monkeypatch.delenv("HOTSEAT_HOME")
    monkeypatch.setattr("pwd.getpwuid", nobody)
    done = hotseat("scorecards", "list")

    assert done.status == 1
    assert "set HOTSEAT_HOME to the folder to use" in done.err


@pytest.mark.parametrize("place", ["file/below", "/proc/self/hotseat"])
def test_home_that_cannot_be_made_is_named(hotseat, monkeypatch, tmp_path, place: str) -> None:
    """The path, the reason and the way out."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOTSEAT_HOME", str(tmp_path / place))
    done = hotseat("scorecards", "list")

    assert done.status == 1
    assert str(tmp_path / place) in done.err
    assert "make it and its folder writable" in done.err


def test_home_may_have_any_name(hotseat, monkeypatch, tmp_path: Path) -> None:
    """Spaces, quotes, braces and other scripts are no trouble."""
    place = tmp_path / "Ünïcode 'home' {x} 面接 %20?#"
    monkeypatch.setenv("HOTSEAT_HOME", str(place))

    assert hotseat("scorecards", "list").status == 0
    assert (place / "hotseat.sqlite").exists()


def test_database_of_a_newer_version_is_left_alone(hotseat) -> None:
    """Both schema numbers and the two ways out."""
    hotseat("scorecards", "list")
    with closing(sqlite3.connect(home() / "hotseat.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    done = hotseat("scorecards", "list")

    assert done.status == 1
    assert "newer Hotseat (schema 9999" in done.err
    assert "upgrade Hotseat, or choose another file with --database" in done.err


def test_file_that_is_no_database_is_left_alone(hotseat) -> None:
    """Its path, what it is not, and the way out."""
    home().mkdir(parents=True)
    (home() / "hotseat.sqlite").write_text("Dear diary " * 500)
    done = hotseat("scorecards", "list")

    assert done.status == 1
    assert "hotseat.sqlite is not a Hotseat database; choose another file" in done.err
    assert (home() / "hotseat.sqlite").read_text().startswith("Dear diary")


BROKEN = {
    "syntax": ("title: [unclosed\n", ":2: ", "not YAML"),
    "unknown key": ("id: mine\nname: Mine\ncolour: red\n", ":3: ", "colour"),
    "twice": ("id: mine\nid: other\n", ":2: ", "the same key twice"),
    "alias": ("id: &a mine\nname: *a\n", ":1: ", "anchors"),
    "tag": ("id: !!python/object:os.system mine\n", ":1: ", "tags"),
    "list": ("- a\n- b\n", ":1: ", "not a mapping"),
    "control": ("id: mine\x07\n", ":1: ", "control character U+0007"),
    "empty": ("", "pack.yaml", "not a mapping"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_pack_is_placed_and_can_be_gone_without(hotseat, kind: str) -> None:
    """File and line, the reason, how to check again and how to go on without it."""
    text, line, reason = BROKEN[kind]
    pack = home() / "packs" / "mine"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(text)
    done = hotseat("practice")

    assert done.status == 1
    assert f"{pack}/pack.yaml{line if line.startswith(':') else ''}" in done.err
    assert reason in done.err
    assert "`hotseat packs check` checks it again" in done.err
    assert f"move the pack's folder out of {home() / 'packs'}" in done.err
    pack.rename(home() / "mine")
    assert "no scenario `x`" in hotseat("practice", "x").err


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("pack.yml", b"id: mine\n", "pack.yaml is missing"),
        ("pack.yaml", "id: é\n".encode("latin-1"), "not UTF-8"),
        ("design/mine.yaml", b"id: mine\n", "pack.yaml is missing"),
    ],
)
def test_pack_with_a_wrong_file_is_named(hotseat, name: str, raw: bytes, reason: str) -> None:
    """A missing manifest and a wrong encoding are named by path."""
    file = home() / "packs" / "mine" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(raw)
    done = hotseat("practice")

    assert done.status == 1
    assert str(home() / "packs" / "mine") in done.err
    assert reason in done.err


def test_folder_of_packs_that_is_none_is_named(hotseat, monkeypatch, tmp_path: Path) -> None:
    """A mistyped HOTSEAT_PACKS is not taken for "no packs"."""
    monkeypatch.setenv("HOTSEAT_PACKS", str(tmp_path / "pakcs"))
    done = hotseat("practice")

    assert done.status == 1
    assert f"{tmp_path / 'pakcs'} is not a folder of packs" in done.err
    assert "unset HOTSEAT_PACKS" in done.err


def test_errors_keep_their_advice_and_faults_their_traceback() -> None:
    """A known error says its advice only; an unknown one is not explained away."""
    stopped = StoppedError.by(KeyboardInterrupt(), "stopped", 130)
    stopped.add_note("During a task of a library")
    stopped.add_note(Advice("Interview x is kept"))

    assert explain(stopped) == "hotseat: stopped\nInterview x is kept"
    assert explain(OSError(13, "Permission denied", "/x")) == (
        "hotseat: /x: Permission denied; correct this and try again"
    )
    assert explain(ZeroDivisionError()) is None
    assert explain(OSError(5_000, "no name")) is None
