"""docs/models.md against the program: settings, prices, servers, and the tests that it names."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.settings import Settings
from interviewer.engines.providers import known_providers
from interviewer.prices import load_prices

ROOT = Path(__file__).resolve().parent.parent
MODELS = (ROOT / "docs/models.md").read_text("utf-8")
LINKING = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/models.md",
    "docs/privacy.md",
    "docs/scoring.md",
)
ELSEWHERE = {
    "home",
    "database",
    "packs",
    "retention_days",
    "patience_s",
    "models",
    "voice",
    "pronunciations",
    "end_of_turn_model",
}
"""Settings that no model has anything to do with, beside those of Discord, speech and the page."""

OF_OTHERS = ("discord_", "speech_", "voice_", "web_")


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = MODELS.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def variable(name: str) -> str:
    """The environment variable of a setting: its own name, or one that others use as well."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"HOTSEAT_{name.upper()}"


def test_every_setting_of_models_is_in_the_table_with_its_default() -> None:
    """And nothing that is none."""
    fields = {
        name: field
        for name, field in Settings.model_fields.items()
        if name not in ELSEWHERE and not name.startswith(OF_OTHERS)
    }
    written = {name.strip("`"): default.strip("`") for name, default, _ in table("Settings")}

    assert set(written) == {variable(name) for name in fields}
    for name, field in fields.items():
        default = "" if field.default is None else field.default
        shown = f"{default:g}" if isinstance(default, float) else default
        assert written[variable(name)] == shown, name


def test_the_example_shows_every_setting_of_models() -> None:
    """With its default, so that a copied line changes nothing."""
    text = (ROOT / ".env.example").read_text("utf-8")
    shown = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))

    for name, default, _ in table("Settings"):
        assert shown[name.strip("`")] == default.strip("`"), name


def test_no_other_setting_is_named() -> None:
    """What the text tells people to set can be set."""
    named = set(re.findall(r"\bHOTSEAT_([A-Z_]+)\b", MODELS))

    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_prices_are_the_shipped_ones() -> None:
    """Those of the latest date, of every model."""
    prices = load_prices()
    written = {row[0].strip("`"): tuple(map(float, row[1:])) for row in table("Cost")}

    assert set(written) == set(prices.models)
    for model, rates in written.items():
        one = prices.price(model, date.max)
        kinds = (one.input, one.output, one.cache_write_5m, one.cache_write_1h, one.cache_read)
        assert rates == kinds, model


def test_the_servers_are_the_profiles() -> None:
    """With the addresses where they are looked for."""
    written = {row[0].strip("`"): row[1].strip("`") for row in table("Other servers")}

    assert written == {name: one.base_url for name, one in known_providers().items()}


def test_the_tests_that_are_named_exist() -> None:
    """Each is a function somewhere under `tests/`."""
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", MODELS))

    assert named
    assert {name for name in named if f"def {name}(" not in sources} == set()


@pytest.mark.parametrize("document", LINKING)
def test_links_lead_somewhere(document: str) -> None:
    """To a file that exists, and to a heading that it has."""
    path = ROOT / document
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if "://" in link:
            continue
        file, _, heading = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not heading or heading in headings(target), link


def headings(path: Path) -> set[str]:
    """What links may name: headings as they are turned into anchors."""
    found = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}
