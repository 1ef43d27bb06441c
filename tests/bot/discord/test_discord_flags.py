"""Flagging what the interviewer said: on the message, while it goes on, and afterwards."""

from dataclasses import replace

import pytest
from card_owner import AGENTS, TOKENS, drilled
from conftest import Hall
from study_circle import forge
from test_discord_interview import QUESTION, begin

from bot.discord.cogs.flags import MENU
from bot.discord.views.flags import turns_view
from bot.flagging import LONGEST_NOTE, flaggable
from storage.people import export_person
from storage.scorecards import interview_dates
from storage.turn_flags import TurnFlag, flags_of
from tests.discord_stub import Call
from tests.discord_stub.person import Person

NOTE = "It gave *the answer* away, @everyone."
TURN = "Choose a turn …"


async def latest(hall: Hall, person: Person) -> str:
    """The id of the person's latest interview."""
    (found, *_) = await interview_dates(hall.bot.app.database, f"discord:{person.id}")
    return found.interview_id


async def flags(hall: Hall, interview: str) -> tuple[TurnFlag, ...]:
    """What is kept."""
    return await flags_of(hall.bot.app.database, interview)


async def send(person: Person, form: Call, note: str = NOTE) -> str:
    """Send the form in; what the bot said to it, which nobody else sees."""
    answer = await (await person.fills(form, {"note": note})).finished()
    assert answer.only_for is person.user
    return answer.text


async def test_a_question_is_flagged_where_it_stands(hall: Hall, alice: Person) -> None:
    """By the menu on the message, which asks for the reason; the answer is hers alone."""
    dm = alice.dm()
    await begin(alice, dm)
    question = await alice.sees(dm, QUESTION)

    form = await alice.chooses(question, MENU)
    assert QUESTION[:20] in str(form.modal and form.modal["components"])
    said = await send(alice, form)

    (kept,) = await flags(hall, await latest(hall, alice))
    assert (kept.turn_id, kept.note) == ("i0000", NOTE)
    assert said.startswith("Flagged, for you alone to see:\n> A web shop wants")
    assert "A flag changes no verdict" in said


async def test_the_last_question_is_flagged_by_command(hall: Hall, alice: Person) -> None:
    """In a private thread, with a reason or without; the later flag of a turn counts."""
    guild = hall.stub.add_guild("Study", members=[alice])
    channel = guild.text_channel("practice")
    call = await begin(alice, channel)
    thread = await alice.sees_thread()
    await alice.sees(thread, QUESTION)

    for options in ({"note": NOTE}, {}):
        call = await alice.runs(thread, "/interview flag", **options)
        answer = await call.finished()
        assert answer.only_for is alice.user
        assert "> A web shop wants" in answer.text

    (kept,) = await flags(hall, await latest(hall, alice))
    assert (kept.turn_id, kept.note) == ("i0000", "")


async def test_an_interview_in_one_message_is_flagged_by_command(hall: Hall, alice: Person) -> None:
    """Where the bot is no member, its message has no question of its own to point at."""
    elsewhere = hall.stub.add_guild("Elsewhere", members=[alice]).without_bot().text_channel("talk")
    await begin(alice, elsewhere)

    call = await alice.runs(elsewhere, "/interview flag", note=NOTE)

    assert "Flagged" in (await call.finished()).text
    (kept,) = await flags(hall, await latest(hall, alice))
    assert kept.note == NOTE


async def test_after_the_round_any_turn_can_be_chosen(hall: Hall, alice: Person) -> None:
    """The menu numbers them as the card does; what is flagged says so; the data have it."""
    await drilled(hall, alice, "drilled2", questions=(TOKENS, AGENTS))
    call = await alice.runs(alice.dm(), "/scorecard flag")
    menu = await call.finished()
    assert "3 · You said" in menu.text

    said = await send(alice, await alice.picks(menu, TURN, ["i0001"]))

    assert "> You said" in said
    (kept,) = await flags(hall, "drilled2")
    assert (kept.turn_id, kept.note) == ("i0001", NOTE)
    again = await (await alice.runs(alice.dm(), "/scorecard flag")).finished()
    assert "'description': 'flagged'" in str(again.components)
    data = await export_person(hall.bot.app.database, f"discord:{alice.id}")
    assert data["interviews"]["drilled2"]["turn_flags"][0]["note"] == NOTE


async def test_many_turns_come_in_pages(hall: Hall, alice: Person) -> None:
    """Discord takes 25 choices; a page that there is not is the nearest one."""
    await drilled(hall, alice, "drilled2")
    menu = await (await alice.runs(alice.dm(), "/scorecard flag")).finished()
    turned = await forge(alice, menu, "hs:flags:drilled2:2")
    assert "Which of my turns do you object to?" in (await turned.finished()).text

    (turn, *_) = await flaggable(hall.bot.app, "drilled2")
    turns = [replace(turn, id=f"i{index:04d}", index=index) for index in range(30)]
    last = turns_view("drilled2", turns, {"i0029"}, 2).to_components()
    assert "Page 2 of 2" in last[0]["content"]
    options = last[1]["components"][0]["options"]
    assert [one["value"] for one in options] == [turn.id for turn in turns[25:]]
    assert [one.get("description") for one in options] == [None] * 4 + ["flagged"]


async def test_a_form_that_was_opened_before_a_restart_counts(hall: Hall, alice: Person) -> None:
    """Nothing of it is remembered by the process."""
    await drilled(hall, alice, "drilled2")
    menu = await (await alice.runs(alice.dm(), "/scorecard flag")).finished()
    form = await alice.picks(menu, TURN, ["i0000"])

    await hall.restart()

    assert "Flagged" in await send(alice, form, "")
    assert [one.turn_id for one in await flags(hall, "drilled2")] == ["i0000"]


async def test_what_is_no_question_is_said_to_be_none(hall: Hall, alice: Person) -> None:
    """Her own words, a card, and messages from before."""
    dm = alice.dm()
    own = await alice.says(dm, "Hello?")
    await alice.sees(dm, "no interview going on")

    refused = await alice.chooses(own, MENU)

    assert refused.modal is None
    assert "nothing that I asked in an interview of yours" in (await refused.finished()).text


async def test_without_an_interview_nothing_can_be_flagged(hall: Hall, alice: Person) -> None:
    """Each command says how to begin one."""
    for command in ("/interview flag", "/scorecard flag"):
        call = await alice.runs(alice.dm(), command)
        assert "`/interview start` begins" in (await call.finished()).text


async def test_a_stranger_flags_nothing_of_hers(hall: Hall, alice: Person) -> None:
    """Neither by command, nor by a menu or page with her id; it reads as if there were none."""
    await drilled(hall, alice, "drilled2")
    await drilled(hall, bob := hall.stub.add_user("bob", installed=True), "drilled3")
    own = await (await bob.runs(bob.dm(), "/scorecard flag")).finished()

    calls = [
        await bob.runs(bob.dm(), "/scorecard flag", interview="drilled2"),
        await forge(bob, own, "pickhs:flag:drilled2", ("i0001",)),
        await forge(bob, own, "hs:flags:drilled2:1"),
    ]

    for call in calls:
        assert call.modal is None
        assert "not an interview of yours" in (await call.finished()).text
    assert await flags(hall, "drilled2") == ()


async def test_a_stranger_s_form_is_refused(hall: Hall, alice: Person) -> None:
    """A form whose id names her interview changes nothing of it."""
    await drilled(hall, alice, "drilled2")
    bob = hall.stub.add_user("bob", installed=True)
    await drilled(hall, bob, "drilled3")
    own = await (await bob.runs(bob.dm(), "/scorecard flag")).finished()
    form = await bob.picks(own, TURN, ["i0001"])
    assert form.interaction.modal is not None
    form.interaction.modal["custom_id"] = "hs:flag:drilled2:i0001"

    assert "not an interview of yours" in await send(bob, form)
    assert await flags(hall, "drilled2") == ()


@pytest.mark.parametrize("turn", ["i0099", "c0001", "x"])
async def test_a_turn_that_there_is_not_is_refused(hall: Hall, alice: Person, turn: str) -> None:
    """Whatever a custom id claims, also of an answer of one's own."""
    await drilled(hall, alice, "drilled2")
    menu = await (await alice.runs(alice.dm(), "/scorecard flag")).finished()

    refused = await forge(alice, menu, "pickhs:flag:drilled2", (turn,))

    assert "I said nothing of that kind" in (await refused.finished()).text


async def test_a_stranger_cannot_flag_in_her_thread(hall: Hall, alice: Person) -> None:
    """Whoever sees the message is not thereby its candidate."""
    admin = hall.stub.add_user("admin")
    guild = hall.stub.add_guild("Study", members=[alice], owner=admin)
    await begin(alice, guild.text_channel("practice"))
    question = await alice.sees(await alice.sees_thread(), QUESTION)

    refused = await admin.chooses(question, MENU)

    assert "nothing that I asked in an interview of yours" in (await refused.finished()).text
    assert await flags(hall, await latest(hall, alice)) == ()


async def test_a_note_is_as_long_as_a_form_takes(hall: Hall, alice: Person) -> None:
    """Discord enforces it in the form and in the command, at the same length."""
    await drilled(hall, alice, "drilled2")
    menu = await (await alice.runs(alice.dm(), "/scorecard flag")).finished()
    form = await alice.picks(menu, TURN, ["i0000"])

    await send(alice, form, "x" * LONGEST_NOTE)

    assert len((await flags(hall, "drilled2"))[0].note) == LONGEST_NOTE
