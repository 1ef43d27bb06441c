"""A whole round over the wire: what a page is told, what it may ask for, and what survives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from talk_world import Follower, Hall, design, drill, home_with, open_hall
from web_world import PATIENCE_S, START

from bot.web.errors import PACK_GONE
from bot.web.links import Role
from bot.web.room import AWAY, AWAY_S, EMPTY
from bot.web.sockets import Close
from bot.web.talk import AGAIN_S
from bot.web.talk_socket import NOT_YOURS
from bot.web.talk_wire import LONGEST_TEXT
from interviewer.session import MAX_CHARS
from interviewer.state import EventKind
from scenarios.load import Library
from storage.scorecards import load_scorecard

ANSWER = (
    "A token is a piece of a word; the tokenizer cuts text into them, and both the context window "
    "and the price are counted in tokens."
)
VOLUME = "How many conversations are there per day, and at peak?"


@pytest.fixture
async def hall(tmp_path: Path, empty_database: Path, library: Library) -> AsyncIterator[Hall]:
    """A served page without an interview."""
    async with open_hall(home_with(empty_database, tmp_path / "home"), library) as opened:
        yield opened


async def asked(page: Follower) -> None:
    """Wait for the first question."""
    await page.until(
        lambda: (
            any(turn["done"] for turn in page.turns.values())
            and page.state["answering"] is False
            and page.state["stages"][0]["reached"]
        )
    )


async def test_a_whole_round_from_the_first_question_to_the_card(
    hall: Hall, library: Library
) -> None:
    """Brief, stages and time stand beside the talk; facts are listed; the end leads to the card."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as page:
        await asked(page)
        hall.clock.advance(30)
        answer = await page.answered(VOLUME)
        await page.until(lambda: bool(page.state["facts"]))
        state = page.state
        await page.do("end")
        await page.until(lambda: page.card != "")

    assert answer
    assert state["brief"].startswith(
        library.scenario(design(library).rounds[0].items[0]).brief[:40]
    )
    assert (state["phase"], state["where"], state["may_answer"]) == ("listening", "page", True)
    assert (state["round"], state["rounds"], state["stage_index"]) == (1, 1, 0)
    assert [stage["reached"] for stage in state["stages"]] == [True] + [False] * 5
    assert state["stages"][0]["spent_s"] == 30
    assert page.said_by("candidate") == [VOLUME]
    assert page.card == f"/i/{interview}/scorecard"
    assert (await load_scorecard(hall.app.database, interview)).interview_id == interview


async def test_who_comes_back_finds_everything(hall: Hall, library: Library) -> None:
    """A page that was closed and opened again shows each turn once, in its order."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        await page.answered(ANSWER)
        before = dict(page.turns)
    async with hall.follow(interview) as again:
        await again.until(lambda: len(again.turns) == len(before))

    assert list(again.turns.values()) == list(before.values())
    assert list(before) == ["i0000", "c0001", "i0001"]


async def test_two_pages_hear_the_same(hall: Hall, library: Library) -> None:
    """What is said in one is shown in the other."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as desk, hall.follow(interview) as phone:
        await asked(desk)
        await desk.answered(ANSWER)
        await phone.until(lambda: len(phone.turns) == 3 and not phone.state["answering"])

    assert phone.said_by("candidate") == [ANSWER]
    assert phone.turns["i0001"]["text"] == desk.turns["i0001"]["text"]


async def test_what_is_sent_twice_counts_once(hall: Hall, library: Library) -> None:
    """After a lost line a page sends again what was not acknowledged."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        origin = await page.say(ANSWER)
        await page.until(lambda: origin in page.taken)
    async with hall.follow(interview) as again:
        await again.say(ANSWER, origin)
        await again.until(lambda: origin in again.taken)
        hint = await again.do("hint")
        await again.do("hint", hint)
        await again.until(lambda: again.taken.count(hint) >= 1)

    kinds = await hall.kinds(interview)
    assert kinds.count(EventKind.SAID) == 1
    assert kinds.count(EventKind.HINT) == 1


async def test_what_is_sent_again_after_a_restart_counts_once(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    """The origins are stored; what was new beside them is taken as an answer of its own."""
    home = home_with(empty_database, tmp_path / "home")
    async with open_hall(home, library) as hall:
        interview = await hall.house.begin(drill(library))
        async with hall.follow(interview) as page:
            await asked(page)
            origin = await page.say(ANSWER)
            await page.until(lambda: origin in page.taken)
    async with open_hall(home, library) as hall, hall.follow(interview) as page:
        await page.say(ANSWER, origin)
        new = await page.say("And a chain has fixed steps, an agent chooses its own ones.")
        await page.until(lambda: {origin, new} <= set(page.taken))
        said = [
            one.event.text
            for one in await hall.app.services.store.events(interview)
            if one.event.kind is EventKind.SAID
        ]

    assert said == [ANSWER, "And a chain has fixed steps, an agent chooses its own ones."]


async def test_every_button_reaches_the_interview(hall: Hall, library: Library) -> None:
    """Hint, thinking, pause, going on and the next stage are events, in their order."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as page:
        await asked(page)
        for kind, phase in (
            ("hint", "listening"),
            ("think", "thinking"),
            ("pause", "paused"),
            ("resume", "thinking"),
            ("next", "listening"),
        ):
            origin = await page.do(kind)
            await page.until(
                lambda origin=origin, phase=phase: (
                    origin in page.taken
                    and page.state["phase"] == phase
                    and not page.state["answering"]
                )
            )
        await page.until(lambda: page.state["stage_index"] == 1)

    assert await hall.kinds(interview) == [
        EventKind.BEGAN,
        EventKind.HINT,
        EventKind.THINK,
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.NEXT,
    ]


async def test_an_answer_ends_a_pause(hall: Hall, library: Library) -> None:
    """Who goes on talking goes on."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        await page.do("pause")
        await page.until(lambda: page.state["phase"] == "paused")
        await page.answered(ANSWER)

    assert await hall.kinds(interview) == [
        EventKind.BEGAN,
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.SAID,
    ]


async def test_what_cannot_be_taken_is_refused_with_a_sentence(
    hall: Hall, library: Library
) -> None:
    """An empty answer, one that is too long, and one that comes after the end."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        empty = await page.say(" \n ")
        long = await page.say("x" * (MAX_CHARS + 1))
        await page.until(lambda: {empty, long} <= set(page.refused))
        await page.do("end")
        await page.until(lambda: page.card != "")
        late = await page.say(ANSWER)
        await page.until(lambda: late in page.refused)

    assert page.refused[empty] == EMPTY
    assert "20,000 is the most" in page.refused[long]
    assert "over" in page.refused[late]


async def test_an_answer_that_nobody_looks_at_is_refused_like_one_that_is_too_long(
    hall: Hall, library: Library
) -> None:
    """With the session's sentence and its limit, which the page knows beforehand; it goes on."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        huge = await page.say("x" * (LONGEST_TEXT + 1))
        await page.until(lambda: huge in page.refused)
        await page.answered(ANSWER)

    assert page.refused[huge].startswith("The message has 100,001 characters; 20,000 is the most")
    assert page.state["longest_answer"] == MAX_CHARS


async def test_half_a_character_costs_no_answer(hall: Hall, library: Library) -> None:
    """An emoji that an editor cut in two is one sign that cannot be read; whole ones stay."""
    interview = await hall.house.begin(drill(library))
    origin = "0123456789"
    frame = json.dumps({"type": "say", "origin": origin, "text": f"{ANSWER} \ud83d 🙂"})
    async with hall.follow(interview) as page:
        await asked(page)
        await page.socket.send(frame)
        await page.until(lambda: origin in page.taken)
        await page.until(lambda: bool(page.said_by("candidate")))

    assert page.said_by("candidate") == [f"{ANSWER} \ufffd 🙂"]


async def test_a_talk_that_cannot_be_followed_says_why(hall: Hall, library: Library) -> None:
    """The page may try again later: nothing that it sent was wrong."""
    settings = drill(library)
    spec = settings.rounds[0].model_copy(update={"items": ("gone-with-its-pack",)})
    lost = settings.model_copy(update={"rounds": (spec,)})
    await hall.app.services.store.create_interview("lostpack", lost, START)
    async with hall._socket("lostpack", "talk", Role.CANDIDATE) as socket:
        page = Follower(socket)
        await page.until(lambda: "" in page.refused)

        assert page.refused[""] == PACK_GONE
        assert await page.closed() == Close.NOT_NOW


async def test_guests_see_where_it_stands_and_nothing_of_what_is_said(
    hall: Hall, library: Library
) -> None:
    """A link to the board is not one to the talk: no turns, no facts, and no answers."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as page, hall.follow(interview, Role.EDITOR) as guest:
        await asked(page)
        await page.answered(VOLUME)
        origin = await guest.say("I answer for them.")
        await guest.until(lambda: origin in guest.refused)

    assert guest.refused[origin] == NOT_YOURS
    assert {told["type"] for told in guest.seen} == {"state", "refused"}
    assert guest.state["brief"]
    assert (guest.state["facts"], guest.state["may_answer"]) == ([], False)
    assert (await hall.kinds(interview)).count(EventKind.SAID) == 1


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        '{"type":"say"}',
        '{"type":"say","origin":"12345678","text":7}',
        '{"type":"do","origin":"12345678","kind":"began"}',
        '{"type":"do","origin":"a b","kind":"hint"}',
        '{"type":"grade","origin":"12345678"}',
    ],
)
async def test_what_no_page_sends_closes_the_connection(
    hall: Hall, library: Library, frame: str
) -> None:
    """Nothing is guessed at."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        await page.socket.send(frame)
        assert await page.closed() == Close.NOT_UNDERSTOOD

    assert await hall.kinds(interview) == [EventKind.BEGAN]


async def test_a_foreign_link_opens_no_talk(hall: Hall, library: Library) -> None:
    """A cookie for one interview opens no other, and a card is not a talk."""
    mine = await hall.house.begin(drill(library))
    other = await hall.house.begin(drill(library))
    for cookie in (
        await hall.cookie(Role.CANDIDATE, other),
        await hall.cookie(Role.READER, mine),
        await hall.cookie(Role.OWNER, None, "somebody-else"),
        "hotseat_candidate=forged",
    ):
        async with hall._socket(mine, "talk", Role.CANDIDATE, cookie) as socket:
            assert await Follower(socket).closed() == Close.NO_LINK


async def test_a_revoked_link_ends_the_talk(hall: Hall, library: Library) -> None:
    """The connection is closed while it is open."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview, Role.EDITOR) as guest:
        await hall.links.revoke_of(interview)
        assert await guest.closed() == Close.LINK_ENDED


async def test_the_clock_stands_still_while_nobody_is_here(hall: Hall, library: Library) -> None:
    """A closed tab pauses the round after a while, and its owner is told when they come back."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as page:
        await asked(page)
    while EventKind.PAUSED not in await hall.kinds(interview):
        await hall.clock.pass_time(1)
    await hall.clock.pass_time(3600)
    async with hall.follow(interview) as again:
        await again.until(lambda: again.state["phase"] == "paused")
        left = again.state["round_left_s"]
        note = again.state["note"]
        await again.do("resume")
        await again.until(lambda: again.state["phase"] == "listening")

    total = library.scenario(design(library).rounds[0].items[0]).minutes * 60
    assert total - 2 * AWAY_S <= left <= total
    assert note == AWAY
    assert again.state["note"] == ""


async def test_a_page_is_told_the_time_again_and_again(hall: Hall, library: Library) -> None:
    """At least every fifteen seconds, so that its own count cannot run away."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as page:
        await asked(page)
        await page.until(lambda: not page.state["answering"])
        before = page.state["round_left_s"]
        told = asyncio.create_task(page.until(lambda: page.state["round_left_s"] < before))
        while not told.done():
            await hall.clock.pass_time(AGAIN_S)
            await asyncio.wait([told], timeout=1)
        await told
    assert EventKind.SILENCE not in await hall.kinds(interview)


async def test_who_types_is_not_spoken_to(hall: Hall, library: Library) -> None:
    """Silence is counted from the last key, and is spoken into once it lasts."""
    interview = await hall.house.begin(design(library))
    patience_s = hall.app.settings.patience_s
    async with hall.follow(interview) as page:
        await asked(page)
        await hall.clock.pass_time(0.6 * patience_s)
        await page.send(type="typing")
        empty = await page.say("")
        await page.until(lambda: empty in page.refused)
        await hall.clock.pass_time(0.6 * patience_s)
        assert EventKind.SILENCE not in await hall.kinds(interview)
        await hall.clock.pass_time(0.4 * patience_s)
        async with asyncio.timeout(PATIENCE_S):
            while EventKind.SILENCE not in await hall.kinds(interview):
                await hall.clock.pass_time(1)
        await page.until(lambda: "i0001" in page.turns)
