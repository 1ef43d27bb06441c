"""Checking and listing packs at the terminal."""

import shutil
from pathlib import Path

import pytest
from console_samples import Screen, screen_of

from bot.console.packs import check_packs, list_packs
from bot.doors import UsageError
from bot.settings import Settings
from scenarios.load import Library, builtin_packs_folder

CORE = builtin_packs_folder() / "core"
QUESTION = "drill/what-is-a-token.yaml"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home without packs."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A sound pack of one question, in a folder of packs."""
    folder = tmp_path / "packs" / "mine"
    (folder / "drill").mkdir(parents=True)
    manifest = (CORE / "pack.yaml").read_text("utf-8").replace("id: core", "id: mine")
    (folder / "pack.yaml").write_text(manifest, "utf-8")
    text = (CORE / QUESTION).read_text("utf-8")
    renamed = text.replace("id: what-is-a-token", "id: my-token")
    (folder / "drill/my-token.yaml").write_text(renamed, "utf-8")
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Put `new` where `old` stood first."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("path", [None, CORE, CORE.parent, CORE / QUESTION, CORE / "pack.yaml"])
def test_the_shipped_content_is_sound(
    settings: Settings, path: Path | None, screen: Screen
) -> None:
    """All, a pack, a folder of packs, an item and a manifest pass, and the sum is said."""
    assert check_packs(settings, path, screen.console)
    assert screen.text().endswith("no problem\n")


def test_what_was_checked_is_counted(settings: Settings, pack: Path, screen: Screen) -> None:
    """Files and concepts of the pack itself, not of those beside it."""
    assert check_packs(settings, pack, screen.console)
    assert screen.text().startswith("2 files, ")
    assert " concepts, no problem" in screen.text()


@pytest.mark.parametrize("place", ["drill/my-token.yaml", "", ".."])
def test_a_fault_is_said_with_its_line(
    settings: Settings, pack: Path, screen: Screen, place: str
) -> None:
    """A file, a pack and a folder of packs report the same line."""
    change(pack / "drill/my-token.yaml", "weight: 3", "weight: 9")

    assert not check_packs(settings, (pack / place).resolve(), screen.console)
    assert "my-token.yaml:" in screen.text()
    assert "concepts[0" in screen.text()
    assert screen.text().endswith("1 problem\n")


@pytest.mark.parametrize("place", ["drill/my-token.yaml", ""])
def test_the_linter_runs_with_the_real_finder(
    settings: Settings, pack: Path, screen: Screen, place: str
) -> None:
    """A near miss that the evidence finder takes for its concept is a problem."""
    file = pack / "drill/my-token.yaml"
    change(file, "near_misses:\n", "near_misses:\n      - A token is a piece of a word.\n")

    assert not check_packs(settings, pack / place, screen.console)
    assert "is found as its concept" in screen.text()


def test_an_id_that_is_taken_is_a_problem(settings: Settings, pack: Path, screen: Screen) -> None:
    """A pack is checked beside the built-in ones, as it will be used."""
    shutil.copyfile(CORE / QUESTION, pack / QUESTION)

    assert not check_packs(settings, pack, screen.console)
    assert "`what-is-a-token` is taken by" in screen.text()


def test_a_plan_may_use_built_in_items(settings: Settings, pack: Path, screen: Screen) -> None:
    """The items that a plan names are looked for beside its own pack too."""
    (pack / "plans").mkdir()
    plan = (CORE / "plans/llm-app-mid.yaml").read_text("utf-8")
    (pack / "plans/p.yaml").write_text(plan.replace("id: llm-app-mid", "id: my-plan"), "utf-8")

    assert check_packs(settings, pack, screen.console)


def test_a_plan_of_unknown_items_is_a_problem(
    settings: Settings, pack: Path, screen: Screen
) -> None:
    """An item that no pack has is named, with its line."""
    (pack / "plans").mkdir()
    plan = (CORE / "plans/llm-app-mid.yaml").read_text("utf-8")
    plan = plan.replace("id: llm-app-mid", "id: my-plan").replace("what-is-a-token", "no-such")
    (pack / "plans/p.yaml").write_text(plan, "utf-8")

    assert not check_packs(settings, pack / "plans/p.yaml", screen.console)
    assert "no-such" in screen.text()


CASE = """\
item: {item}
cases:
  - id: one
    stage: null
    quality: weak
    text: It is a word.
    shows: [{shows}]
"""


@pytest.mark.parametrize(
    ("item", "shows", "sound"),
    [("my-token", "", True), ("my-token", "no-such-concept", False), ("nothing", "", False)],
)
def test_a_file_of_cases_is_checked(
    settings: Settings, pack: Path, screen: Screen, item: str, shows: str, sound: bool
) -> None:
    """Cases name an item and concepts that there are."""
    (pack / "cases").mkdir()
    file = pack / f"cases/{item}.yaml"
    file.write_text(CASE.format(item=item, shows=shows), "utf-8")

    assert check_packs(settings, file, screen.console) is sound


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [", "file.yaml"), ("- list\n", "not a mapping"), ("id: x\n", "missing key"), ("", "")],
)
def test_a_file_in_no_pack_is_checked_too(
    settings: Settings, tmp_path: Path, screen: Screen, text: str, said: str
) -> None:
    """Whatever is wrong with it is a problem, never a traceback."""
    file = tmp_path / "file.yaml"
    file.write_text(text, "utf-8")

    assert not check_packs(settings, file, screen.console)
    assert said in screen.text()


def test_the_kind_of_a_lone_file_is_read_from_its_keys(
    settings: Settings, tmp_path: Path, screen: Screen
) -> None:
    """A question outside of any pack is checked as a question."""
    file = tmp_path / "draft.yaml"
    text = (CORE / QUESTION).read_text("utf-8").replace("id: what-is-a-token", "id: draft")
    file.write_text(text, "utf-8")

    assert check_packs(settings, file, screen.console)


def test_own_packs_are_checked_with_the_built_in_ones(
    tmp_path: Path, pack: Path, screen: Screen
) -> None:
    """Without a path the user's folder counts."""
    (pack / "pack.yaml").unlink()

    assert not check_packs(Settings(home=tmp_path, packs=pack.parent), None, screen.console)
    assert "not a pack" in screen.text()


@pytest.mark.parametrize(("place", "said"), [("none", "there is no"), ("empty", "holds no pack")])
def test_nothing_to_check_is_an_error(
    settings: Settings, tmp_path: Path, screen: Screen, place: str, said: str
) -> None:
    """A path without content is not called sound."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(UsageError, match=said):
        check_packs(settings, tmp_path / place, screen.console)


@pytest.mark.parametrize("width", [40, 100, 200])
def test_the_list_names_every_item(settings: Settings, library: Library, width: int) -> None:
    """Each id is there to be copied, in any width."""
    screen = screen_of(width)

    list_packs(settings, screen.console)

    assert max(map(len, screen.text().splitlines())) <= width
    if width >= 100:
        assert all(item.id in screen.text() for item in library)
        assert "fundamentals:" in screen.text()
