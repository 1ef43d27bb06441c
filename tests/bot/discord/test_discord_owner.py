"""The owner of the application is told, or else the log."""

from pathlib import Path

import discord
import pytest
from conftest import Hall

from bot.discord.owner import owner_id_of, tell_owner
from tests.discord_stub import DiscordStub

SENTENCE = "The budget of this installation for today (UTC) is used by 80 %."


@pytest.fixture
async def hall(stub: DiscordStub, tmp_path: Path):
    """A bot whose application belongs to somebody: the first person that there was."""
    stub.add_user("olive", installed=True)
    stub.add_user("alice", installed=True)
    hall = Hall(stub, tmp_path / "bot")
    await hall.start()
    try:
        yield hall
    finally:
        await hall.stop()


def person(hall: Hall, name: str):
    """Somebody who is there already."""
    (found,) = [one for one in hall.stub.world.users.values() if one.name == name]
    return found


async def test_the_owner_gets_a_message(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    """In their direct messages, and nobody else does."""
    await tell_owner(hall.bot, SENTENCE)

    told = hall.stub.world.dm_with(person(hall, "olive"))
    assert [message.content for message in told.messages.values()] == [SENTENCE]
    assert not hall.stub.world.dm_with(person(hall, "alice")).messages
    assert SENTENCE not in caplog.text


async def test_an_owner_who_takes_no_messages_is_told_by_the_log(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot goes on."""
    person(hall, "olive").accepts_dms = False

    await tell_owner(hall.bot, SENTENCE)

    assert "could not be told (Forbidden)" in caplog.text
    assert SENTENCE in caplog.text


async def test_a_team_s_owner_is_meant(hall: Hall) -> None:
    """Not the user that stands for the team, and not another member."""
    user = {"username": "u", "discriminator": "0", "avatar": None}
    users = [{"id": number, **user} for number in ("7", "8")]
    members = [{"user": user, "membership_state": 2, "role": "admin"} for user in users]
    team = {"id": "5", "name": "Team", "icon": None, "owner_user_id": "8", "members": members}
    data = {"id": "1", "name": "Hotseat", "description": "", "icon": None, "verify_key": ""}
    data |= {"bot_public": True, "bot_require_code_grant": False, "owner": users[0]}

    theirs = discord.AppInfo(hall.bot._connection, data | {"team": team})

    assert owner_id_of(theirs) == 8
    assert owner_id_of(discord.AppInfo(hall.bot._connection, data)) == 7


async def test_without_an_owner_the_log_is_told(
    stub: DiscordStub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No message goes to a bot."""
    hall = Hall(stub, tmp_path / "bot")
    await hall.start()
    try:
        await tell_owner(hall.bot, SENTENCE)
    finally:
        await hall.stop()

    assert f"no owner to tell: {SENTENCE}" in caplog.text
