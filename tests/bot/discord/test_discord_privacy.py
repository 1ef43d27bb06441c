"""`/privacy`: one's data shown, taken along, deleted and limited in time; the daily deletion."""

import io
import json
import zipfile
from datetime import datetime, timedelta

from conftest import Hall
from sqlalchemy import func, select, update

from bot.discord.personal.archive import pack_export
from bot.discord.personal.retention import remove_expired
from storage.people import export_person
from storage.scorecards import interview_dates
from storage.tables import INBOX, INTERVIEWS
from tests.discord_stub.channels import Channel
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person

WORDS = "We keep twelve million orders and the pinkish elephant cache."


async def begin(hall: Hall, person: Person) -> Channel:
    """An interview in direct messages with one answer in it."""
    dm = person.dm()
    await (await person.runs(dm, "/interview start")).finished()
    await person.says(dm, WORDS)
    await hall.settled()
    return dm


async def end(hall: Hall, person: Person, dm: Channel) -> None:
    """Its card."""
    await person.presses(dm, "End")
    await person.presses(dm, "End it")
    await person.sees(dm, "not calibrated")
    await hall.settled()


async def ids_of(hall: Hall, person: Person) -> list[str]:
    """The person's interviews that are stored."""
    found = await interview_dates(hall.bot.app.database, f"discord:{person.id}")
    return [one.interview_id for one in found]


async def age(hall: Hall, days: int) -> None:
    """Let every interview have taken place so much earlier."""

    def shift(connection) -> None:
        for row in connection.execute(select(INTERVIEWS)).all():
            earlier = {
                name: getattr(row, name) and getattr(row, name) - timedelta(days=days)
                for name in ("started_at", "finished_at")
            }
            statement = update(INTERVIEWS).where(INTERVIEWS.c.id == row.id).values(earlier)
            connection.execute(statement)
        for row in connection.execute(select(INBOX)).all():
            event = json.loads(row.event)
            event["at"] = (datetime.fromisoformat(event["at"]) - timedelta(days=days)).isoformat()
            same = (INBOX.c.interview_id == row.interview_id) & (INBOX.c.seq == row.seq)
            connection.execute(update(INBOX).where(same).values(event=json.dumps(event)))

    await hall.bot.app.database.run(shift)


def unpacked(person: Person, message: Message) -> dict[str, str]:
    """The files in the ZIP that was sent."""
    data = person.downloads(message, message.attachments[0].name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def test_show_counts_what_is_stored(hall: Hall, alice: Person) -> None:
    """On a server it is for the person alone; the numbers are theirs."""
    await end(hall, alice, await begin(hall, alice))
    guild = hall.stub.add_guild("Study", members=[alice])

    call = await alice.runs(guild.text_channel("general"), "/privacy show")
    shown = await call.finished()

    assert shown.only_for is alice.user
    assert "1 finished interview." in shown.text
    assert "90 days" in shown.text


async def test_whoever_did_nothing_has_nothing(hall: Hall, alice: Person) -> None:
    """Asking stores nothing about a person."""
    call = await alice.runs(alice.dm(), "/privacy show")

    assert "Stored about you now:** nothing" in (await call.finished()).text
    count = await hall.bot.app.database.run(
        lambda c: c.execute(select(func.count()).select_from(INTERVIEWS)).scalar_one()
    )
    assert count == 0


async def test_the_export_holds_everything(hall: Hall, alice: Person) -> None:
    """Answers, cards and settings are in the files, and nobody else's words."""
    bob = hall.stub.add_user("bob", installed=True)
    await end(hall, bob, await begin(hall, bob))
    dm = await begin(hall, alice)
    await end(hall, alice, dm)

    call = await alice.runs(dm, "/privacy export")
    sent = await call.finished()
    files = unpacked(alice, sent)

    assert sent.only_for is alice.user
    (mine,) = await ids_of(hall, alice)
    stored = json.loads(files[f"interviews/{mine}.json"])
    assert WORDS in files[f"interviews/{mine}.json"]
    assert stored["scorecards"]
    assert json.loads(files["you.json"])["person"] == f"discord:{alice.id}"
    (other,) = await ids_of(hall, bob)
    assert not any(other in name or other in text for name, text in files.items())


async def test_delete_asks_and_then_leaves_nothing(hall: Hall, alice: Person) -> None:
    """A finished interview and one that is going on are gone, from the files too."""
    dm = await begin(hall, alice)
    await end(hall, alice, dm)
    await begin(hall, alice)

    call = await alice.runs(dm, "/privacy delete")
    asked = await call.finished()
    assert "Stored now: 1 finished interview, 1 unfinished interview" in asked.text
    assert len(await ids_of(hall, alice)) == 2
    await (await alice.presses(asked, "Delete everything")).finished()
    await alice.sees(dm, "nothing is stored about you")

    assert await ids_of(hall, alice) == []
    assert hall.bot.house.room_of(f"discord:{alice.id}") is None
    export = await export_person(hall.bot.app.database, f"discord:{alice.id}")
    assert not any(rows for name, rows in export.items() if name != "person")
    await alice.sees(dm, "This interview was deleted")
    await hall.stop()
    left = b"".join(path.read_bytes() for path in hall.home.rglob("*") if path.is_file())
    assert b"pinkish elephant" not in left


async def test_after_deletion_a_message_is_a_stranger_s(hall: Hall, alice: Person) -> None:
    """No room listens any more, and a new interview can begin at once."""
    dm = await begin(hall, alice)
    asked = await (await alice.runs(dm, "/privacy delete")).finished()
    await (await alice.presses(asked, "Delete everything")).finished()
    await alice.sees(dm, "nothing is stored about you")

    await alice.says(dm, "hello?")
    await alice.sees(dm, "no interview going on")
    await begin(hall, alice)

    assert len(await ids_of(hall, alice)) == 1


async def test_nobody_deletes_by_another_s_button(hall: Hall, alice: Person) -> None:
    """A forged press with somebody else's id deletes neither's data."""
    await begin(hall, alice)
    mallory = hall.stub.add_user("mallory", installed=True)
    await begin(hall, mallory)
    shown = await (await mallory.runs(mallory.dm(), "/privacy show")).finished()
    for row in shown.components:
        for button in row.get("components", ()):
            if "custom_id" in button:
                button["custom_id"] = button["custom_id"].replace(str(mallory.id), str(alice.id))
                button["custom_id"] = button["custom_id"].replace("_ask", "_delete")

    await mallory.presses(shown, "Delete everything")
    await mallory.sees(mallory.dm(), "That is not yours")
    await mallory.presses(shown, "Export")

    assert len(await ids_of(hall, alice)) == len(await ids_of(hall, mallory)) == 1


async def test_retention_is_shown_shortened_and_bounded(hall: Hall, alice: Person) -> None:
    """One may shorten the time and go back to everybody's, and never lengthen it."""
    dm = alice.dm()
    shown = await (await alice.runs(dm, "/privacy retention")).finished()
    assert "90 days" in shown.text
    assert "as for everybody here" in shown.text
    shorter = await (await alice.runs(dm, "/privacy retention", days=7)).finished()
    assert "7 days" in shorter.text
    assert "as you set it" in shorter.text
    longer = await (await alice.runs(dm, "/privacy retention", days=400)).finished()
    assert "choose 90 or fewer" in longer.text
    back = await (await alice.runs(dm, "/privacy retention", days=90)).finished()
    assert "as for everybody here" in back.text


async def test_what_expired_is_deleted_at_the_start(hall: Hall, alice: Person) -> None:
    """An old finished interview goes by itself, a younger one stays."""
    dm = await begin(hall, alice)
    await end(hall, alice, dm)
    await age(hall, 91)
    await end(hall, alice, await begin(hall, alice))
    young = (await ids_of(hall, alice))[0]

    await hall.restart()
    await remove_expired(hall.bot)

    assert await ids_of(hall, alice) == [young]


async def test_a_live_interview_does_not_end_without_a_word(hall: Hall, alice: Person) -> None:
    """An unfinished interview that expired is dropped, and its candidate is told why."""
    dm = await begin(hall, alice)
    await (await alice.runs(dm, "/privacy retention", days=7)).finished()
    await age(hall, 8)

    await hall.restart()
    await alice.sees(dm, "never finished.*was deleted")
    await hall.settled()

    assert hall.bot.house.room_of(f"discord:{alice.id}") is None
    assert await ids_of(hall, alice) == []


def test_a_large_export_comes_in_parts() -> None:
    """Each part is a ZIP within the limit, and together they hold every interview."""
    noise = {f"id{n}": {"inbox": [f"{n * 7919 + k}" for k in range(3000)]} for n in range(6)}

    parts = pack_export({"person": "discord:1", "interviews": noise}, 30_000)

    names = [name for part in parts for name in zipfile.ZipFile(io.BytesIO(part)).namelist()]
    assert len(parts) > 1
    assert all(len(part) <= 30_000 for part in parts)
    assert sorted(names) == sorted(
        ["READ ME.txt", "you.json", *(f"interviews/{name}.json" for name in noise)]
    )
