"""`/packs`: what is offered, what stays hidden, and the start of an item."""

from conftest import Hall

from bot.discord.shelves import shelves_of
from bot.discord.views.packs import PER_PAGE, packs_view
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Scenario, StoryPrompt
from tests.discord_stub.person import Person

LIBRARY = load_library(builtin_packs_folder())


def everything() -> str:
    """All pages of all shelves, as text."""
    shelves = shelves_of(LIBRARY)
    pages = [
        packs_view(shelves, shelf.key, page)
        for shelf in shelves
        for page in range(1, -(-len(shelf.items) // PER_PAGE) + 1)
    ]
    return "\n".join(
        getattr(item, "content", "") for view in pages for item in view.walk_children()
    )


async def test_a_scenario_is_found_and_started(hall: Hall, alice: Person) -> None:
    """The scenarios are shown first, and "Start this" begins that very one."""
    dm = alice.dm()
    shown = await (await alice.runs(dm, "/packs")).finished()
    assert "Senior" in shown.text or "Mid" in shown.text

    button = next(
        control
        for control in _buttons(shown.components)
        if control["custom_id"] == "hs:packs_start:llm-serving-10k-rpm"
    )
    await (await alice.presses(shown, button["custom_id"])).finished()

    title = LIBRARY.scenario("llm-serving-10k-rpm").title
    await alice.sees(dm, f"**{title[:20]}")
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    assert room is not None


async def test_shelves_are_changed_in_place(hall: Hall, alice: Person) -> None:
    """The menu draws another shelf into the same message, on a server for the person alone."""
    guild = hall.stub.add_guild("Study", members=[alice])
    channel = guild.text_channel("general")
    shown = await (await alice.runs(channel, "/packs", shelf="loop")).finished()
    assert shown.only_for is alice.user
    assert LIBRARY.plans[0].title in shown.text

    await alice.picks(shown, "Show …", ["Drill: RAG"])

    assert "Drill: RAG" in shown.text
    assert LIBRARY.plans[0].title not in shown.text


async def test_a_forged_item_starts_nothing(hall: Hall, alice: Person) -> None:
    """An id that no pack has is named as such."""
    shown = await (await alice.runs(alice.dm(), "/packs")).finished()
    button = _buttons(shown.components)[0]
    button["custom_id"] = "hs:packs_start:no-such-item"

    await alice.presses(shown, "hs:packs_start:no-such-item")

    await alice.sees(alice.dm(), "no-such-item")
    assert len(hall.bot.house) == 0


def test_every_item_is_on_a_shelf() -> None:
    """Nothing of the packs is left out, and nothing stands twice."""
    entries = [entry.id for shelf in shelves_of(LIBRARY) for entry in shelf.items]

    assert sorted(entries) == sorted(item.id for item in LIBRARY)


def test_nothing_hidden_is_shown() -> None:
    """No fact, concept, probe, hint, curveball or board expectation stands on any page."""
    shown = everything().replace("\\", "")
    hidden: list[str] = []
    for item in LIBRARY:
        if isinstance(item, Scenario):
            hidden += [fact.answer for fact in item.facts]
            hidden += [item.curveball.text] if item.curveball else []
            hidden += [part.title for part in item.board.components if len(part.title) > 30]
        stages = getattr(item, "stages", {}).values()
        for held in [*stages, item]:
            for concept in getattr(held, "concepts", ()):
                hidden += [concept.statement, concept.hint, *concept.probes]
        if isinstance(item, StoryPrompt):
            assert item.ask in shown

    assert len(hidden) > 300
    assert [text for text in hidden if text in shown] == []


def test_a_long_shelf_has_pages() -> None:
    """The last page holds the rest; a page beyond it is the last."""
    shelf = shelves_of(LIBRARY)[0]
    many = type(shelf)("many", "Many", tuple(shelf.items) * 5)

    pages = [_texts(packs_view([many], "many", number)) for number in (1, 3, 99)]

    assert "page 1 of 3" in pages[0]
    assert pages[1] == pages[2]
    assert pages[0] != pages[1]


def _texts(view) -> str:
    return "\n".join(getattr(item, "content", "") for item in view.walk_children())


def _buttons(components) -> list[dict]:
    found = []
    for one in components:
        if one["type"] == 2:
            found.append(one)
        found += _buttons(one.get("components", ()))
        found += _buttons([one["accessory"]] if "accessory" in one else ())
    return found
