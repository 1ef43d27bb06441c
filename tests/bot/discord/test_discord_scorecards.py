"""`/scorecard` for its owner: look, list, compare, export, and nothing for anybody else."""

import json
import re

import pytest
from card_owner import AGENTS, ANSWER, START, TOKENS, drilled, owner
from conftest import Hall
from sqlalchemy import update
from study_circle import forge

from bot.discord.scorecards.own import own_interviews
from scoring.scorecard import scorecard_from_json
from storage.self_ratings import load_own_review
from storage.tables import INTERVIEWS
from tests.discord_stub.limits import LIMITS
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person
from whiteboard.sketch import parse_sketch

COMMANDS = ("latest", "show", "list", "correct", "dispute", "export")
NOT_YOURS = "not an interview of yours"


@pytest.fixture
async def mallory(hall: Hall) -> Person:
    """Somebody else."""
    return hall.stub.add_user("mallory", installed=True)


async def run(person: Person, line: str, /, **options: object) -> Message:
    """The finished answer to `/scorecard <line>` in direct messages."""
    call = await person.runs(person.dm(), f"/scorecard {line}", **options)
    return await call.finished()


async def opened(hall: Hall, interview_id: str) -> bool:
    """Whether the card counts as seen."""
    review = await load_own_review(hall.bot.app.database, interview_id)
    return review.card_opened_at is not None


async def test_nothing_yet(hall: Hall, alice: Person) -> None:
    """Whoever has no interview is told how to take one, whatever they ask for."""
    for command in COMMANDS:
        more = {"form": "html"} if command == "export" else {}

        said = (await run(alice, command, **more)).text

        assert "/drill" in said
        assert "/interview start" in said


async def test_the_latest_card_and_its_pages(hall: Hall, alice: Person) -> None:
    """It opens on the overview; buttons and the menu turn it in place, also after a restart."""
    await drilled(hall, alice, "older234")
    await drilled(hall, alice, "newer234", questions=(TOKENS, AGENTS), days=1)
    card = await run(alice, "latest")
    assert "## Overview" in card.text
    assert "agents" in card.text
    assert "not calibrated" in card.text
    assert await opened(hall, "newer234")

    await hall.restart()
    turned = await alice.presses(card, "Next")
    assert "## Question 1: Fundamentals" in (await turned.finished()).text
    picked = await alice.picks(card, "Show …", ["Transcript"])
    assert ANSWER in (await picked.finished()).text
    assert len(alice.messages(alice.dm())) == 1


async def test_a_drill_has_a_short_card_and_a_whole_one(hall: Hall, alice: Person) -> None:
    """One question is shown on one page, and the whole card is a press away."""
    await drilled(hall, alice, "drilled2")

    short = await run(alice, "show", interview="drilled2")
    assert "## Drill: Fundamentals" in short.text
    whole = await alice.presses(short, "Whole card")

    assert "## Overview" in (await whole.finished()).text
    assert "[Correct words] [Dispute a verdict] [Export]" in whole.text


async def test_a_revision_that_there_is_not(hall: Hall, alice: Person) -> None:
    """The answer says how many there are."""
    await drilled(hall, alice, "drilled2")

    said = (await run(alice, "show", interview="drilled2", revision=2)).text

    assert "one revision" in said


async def test_the_list_has_interviews_in_every_state(hall: Hall, alice: Person) -> None:
    """Graded with ratings, closed without, unfinished and damaged ones with what to do."""
    await drilled(hall, alice, "damaged2", answers=())
    await drilled(hall, alice, "graded23", days=1)
    await drilled(hall, alice, "closed23", days=2, rate_first=True)
    await drilled(hall, alice, "open2345", days=3, answers=(), over=False)
    broken = update(INTERVIEWS).where(INTERVIEWS.c.id == "damaged2").values(settings="{}")
    await hall.bot.app.database.run(lambda connection: connection.execute(broken))

    shown = (await run(alice, "list")).text

    assert "Your interviews (4)" in shown
    assert shown.count("-# Fundamentals 2") == 1
    assert shown.count("card is closed") == 1
    assert "`/interview resume`" in shown
    assert "`/scorecard delete` removes it" in shown
    assert not await opened(hall, "graded23")


async def test_a_long_list_has_pages(hall: Hall, alice: Person) -> None:
    """Six on a page, the latest first; a card opens from the menu below."""
    for number in range(2, 9):
        await drilled(hall, alice, f"drill{number}aa", answers=(), days=number)
    first = await run(alice, "list")
    assert first.text.count("level asked") == 6
    turned = await alice.presses(first, "Next")
    last = await turned.finished()
    assert last.text.count("level asked") == 1

    opened_card = await alice.picks(last, "Open a card …", ["drill2aa"])

    assert "Fundamentals" in (await opened_card.finished()).text


async def test_completion_offers_own_interviews_only(
    hall: Hall, alice: Person, mallory: Person
) -> None:
    """By title and date, with cards where a card is needed, and nothing of others."""
    await drilled(hall, alice, "tokens23")
    await drilled(hall, alice, "agents23", questions=(AGENTS,), days=40)
    await drilled(hall, alice, "open2345", answers=(), days=41, over=False)

    async def offered(person: Person, command: str, typed: str = "") -> list[str]:
        found = await person.completes(
            person.dm(), f"/scorecard {command}", option="interview", typed=typed
        )
        return [choice["value"] for choice in found]

    assert await offered(alice, "show") == ["agents23", "tokens23"]
    assert await offered(alice, "delete") == ["open2345", "agents23", "tokens23"]
    assert await offered(alice, "show", f"{START:%B} fundam") == ["tokens23"]
    assert await offered(mallory, "delete") == []


async def test_two_cards_side_by_side(hall: Hall, alice: Person) -> None:
    """The older one is "then", whichever was named first; noise is named."""
    await drilled(hall, alice, "older234", answers=())
    await drilled(hall, alice, "newer234", days=9)

    shown = (await run(alice, "compare", first="newer234", second="older234")).text

    assert shown.index(f"Then: Questions on fundamentals, {START.day} ") < shown.index("Now:")
    assert "### Newly shown" in shown
    assert "differ by chance" in shown


async def test_one_card_is_not_compared_with_itself(hall: Hall, alice: Person) -> None:
    """The latest stands in for a second that was left out, and may be the first."""
    await drilled(hall, alice, "drilled2")

    assert "choose another one" in (await run(alice, "compare", first="drilled2")).text


async def test_exports_are_private_files(hall: Hall, alice: Person) -> None:
    """On a server too, each form is a file for its owner alone."""
    await drilled(hall, alice, "drilled2")
    channel = hall.stub.add_guild("Study", members=[alice]).text_channel("general")

    async def exported(form: str, ending: str) -> str:
        call = await alice.runs(channel, "/scorecard export", form=form)
        message = await call.finished()
        assert call.ephemeral
        return alice.downloads(message, f"hotseat-drilled2{ending}").decode("utf-8")

    answered = "A tokn is a piece of a word"
    assert answered in await exported("markdown", ".md")
    assert answered in await exported("html", ".html")
    assert scorecard_from_json(await exported("json", ".json")).interview_id == "drilled2"
    data = json.loads(await exported("data", ".data.json"))
    assert data["interviews"][0]["owner"] == owner(alice)


async def test_the_exported_page_holds_the_boards(hall: Hall, alice: Person) -> None:
    """As the card in the browser does."""
    await drilled(hall, alice, "drilled2")
    store, at = hall.bot.app.services.store, hall.bot.app.services.clock.now()
    board = parse_sketch("customer -> gateway")
    await store.save_board("drilled2", board, "", round_index=0, stage="question-1", at=at)

    written = alice.downloads(await run(alice, "export", form="html"), "hotseat-drilled2.html")

    assert b'class="frame' in written
    assert b"gateway" in written


async def test_an_unfinished_interview_has_data_and_no_card(hall: Hall, alice: Person) -> None:
    """What is stored can be taken along at any time; of a card the answer says how to get one."""
    await drilled(hall, alice, "open2345", answers=(), over=False)

    data = await run(alice, "export", form="data", interview="open2345")
    card = await run(alice, "export", form="html", interview="open2345")

    assert alice.downloads(data, "hotseat-open2345.data.json")
    assert "not over" in card.text


async def test_a_file_that_discord_does_not_take(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer names both sizes and a smaller form, and nothing is sent."""
    limit = LIMITS["attachment.bytes"]._replace(most=3_000)
    monkeypatch.setitem(LIMITS, "attachment.bytes", limit)
    await drilled(hall, alice, "drilled2")

    message = await run(alice, "export", form="html")

    assert re.search(r"has \d+\.\d MiB, and Discord takes", message.text)
    assert "Markdown is the smallest" in message.text
    assert not message.attachments


async def test_export_from_the_card(hall: Hall, alice: Person) -> None:
    """A button asks for the form, another one sends the file."""
    await drilled(hall, alice, "drilled2", questions=(TOKENS, AGENTS))
    card = await run(alice, "latest")
    asked = await alice.presses(card, "Export")
    sent = await alice.presses(await asked.finished(), "Web page (HTML)")

    assert alice.downloads(await sent.finished(), "hotseat-drilled2.html")


async def test_a_card_stays_closed_until_it_was_rated_or_opened(hall: Hall, alice: Person) -> None:
    """Whoever wanted to rate first is shown no rating by any other way, until they choose to."""
    await drilled(hall, alice, "closed23", questions=(TOKENS, AGENTS), rate_first=True)
    for command in ("correct", "dispute"):
        assert "rate that interview yourself first" in (await run(alice, command)).text
    for form in ("markdown", "html", "json"):
        assert "yourself first" in (await run(alice, "export", form=form)).text
    compared = await run(alice, "compare", first="closed23", second="closed23")
    assert "yourself first" in compared.text
    assert not await opened(hall, "closed23")

    question = await run(alice, "latest")
    assert "[Rate myself first] [Show the card]" in question.text
    forged = await forge(alice, question, "hs:card:closed23:1.2")
    assert "yourself first" in (await forged.finished()).text
    shown = await alice.presses(question, "Show the card")

    assert "## Overview" in (await shown.finished()).text
    assert await opened(hall, "closed23")


async def test_where_the_bot_is_no_member(hall: Hall, alice: Person) -> None:
    """Cards are answered through the interaction, to their owner alone."""
    await drilled(hall, alice, "drilled2", questions=(TOKENS, AGENTS))
    guild = hall.stub.add_guild("Elsewhere", members=[alice]).without_bot()
    channel = guild.text_channel("general")
    call = await alice.runs(channel, "/scorecard latest")
    card = await call.finished()

    turned = await alice.presses(card, "Next")

    assert call.ephemeral
    assert "Question 1" in (await turned.finished()).text


async def test_a_stranger_cannot_name_another_s_interview(
    hall: Hall, alice: Person, mallory: Person
) -> None:
    """The id of somebody else's interview is answered as one that does not exist."""
    await drilled(hall, alice, "drilled2")
    await drilled(hall, mallory, "mallorys")
    channel = hall.stub.add_guild("Study", members=[alice, mallory]).text_channel("general")
    options = {"export": {"form": "json"}, "compare": {"second": "mallorys"}}

    async def asked(line: str, interview: str) -> str:
        name = "first" if line == "compare" else "interview"
        more = {name: interview, **options.get(line, {})}
        call = await mallory.runs(channel, f"/scorecard {line}", **more)
        return (await call.finished()).text

    for line in ("show", "correct", "dispute", "delete", "export", "compare"):
        said = await asked(line, "drilled2")
        assert NOT_YOURS in said
        assert said == await asked(line, "nobodys2")


async def test_a_stranger_cannot_press_by_a_forged_id(
    hall: Hall, alice: Person, mallory: Person
) -> None:
    """What a button says is looked up: nothing is shown, changed or deleted for anybody else."""
    await drilled(hall, alice, "drilled2")
    await drilled(hall, mallory, "mallorys")
    own = await run(mallory, "list")

    for custom_id in (
        "hs:card:drilled2:1.1",
        "hs:show_card:drilled2",
        "hs:compared:drilled2_mallorys:1.1",
        "hs:correct:drilled2",
        "hs:turns:drilled2:1",
        "hs:dispute:drilled2",
        "hs:verdicts:drilled2:1",
        "hs:export:drilled2",
        "hs:export:drilled2:data",
        "hs:delete_sure:drilled2",
        "hs:delete_sure:drilled2:messages",
    ):
        forged = await forge(mallory, own, custom_id)
        assert NOT_YOURS in forged.messages[-1].text or NOT_YOURS in (await forged.finished()).text

    assert len(await own_interviews(hall.bot.app, owner(alice))) == 1
    assert not await opened(hall, "drilled2")


async def test_a_stranger_cannot_pick_by_a_forged_id(
    hall: Hall, alice: Person, mallory: Person
) -> None:
    """Nor by a menu, whatever stands in its id or its values."""
    await drilled(hall, alice, "drilled2")
    await drilled(hall, mallory, "mallorys")
    own = await run(mallory, "list")

    for custom_id, value in (
        ("pickhs:card:drilled2:1.1", "1.2"),
        ("pickhs:card_listed:", "drilled2"),
        ("pickhs:correct:drilled2", "1.1.1"),
        ("pickhs:dispute:drilled2", "1.1"),
        ("pickhs:compared:mallorys_drilled2:1.1", "1.1"),
    ):
        forged = await forge(mallory, own, custom_id, (value,))
        assert forged.modal is None
        assert NOT_YOURS in (await forged.finished()).text


async def test_a_page_that_there_is_not(hall: Hall, alice: Person) -> None:
    """The nearest page or a sentence, never a fault."""
    await drilled(hall, alice, "drilled2")
    own = await run(alice, "list")

    for argument in ("", "1", "9.9", "0.1", "1.0", "x.y", "1.-1", "1.1.1", "²"):
        forged = await forge(alice, own, f"hs:card:drilled2:{argument}".rstrip(":"))
        assert "went wrong" not in (await forged.finished()).text


async def test_another_s_card_in_a_thread_does_not_turn(
    hall: Hall, alice: Person, mallory: Person
) -> None:
    """Who sees a card in its owner's thread can press its buttons, and gets nothing for it."""
    guild = hall.stub.add_guild("Study", members=[alice, mallory])
    await (await alice.runs(guild.text_channel("general"), "/interview start")).finished()
    thread = await alice.sees_thread()
    thread.add_thread_member(mallory.id)
    await alice.presses(thread, "End")
    await alice.presses(thread, "End it")
    card = await alice.sees(thread, "not calibrated")
    before = card.text

    for button in ("Next", "Correct words", "Dispute a verdict", "Export"):
        call = await mallory.presses(card, button)
        assert NOT_YOURS in (await call.finished()).text
        assert call.ephemeral

    assert card.text == before
