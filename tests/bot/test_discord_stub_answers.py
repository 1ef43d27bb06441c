"""Interactions: one answer in three seconds, of a kind that fits, for fifteen minutes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from discord_stub_samples import V2, Place, SampleBot, opened, running, text, v2

from tests.discord_stub import DiscordStub, NotAnsweredError
from tests.discord_stub.interactions import COMMAND, COMPONENT, MODAL_SUBMIT, open_interaction
from tests.discord_stub.limits import LIMITS


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A server and requests by hand."""
    async with opened() as place:
        yield place


class Answering:
    """A command of alice's, to be answered by hand."""

    def __init__(self, place: Place, kind: int = COMMAND, **more: Any) -> None:
        data = {"id": "1", "name": "x", "type": 1, "custom_id": "x"}
        self.place = place
        owners = {"0": str(place.guild.id)}
        self.it = open_interaction(kind, place.alice.user, place.general, data, owners, **more)

    async def callback(self, kind: int, data: Any = None) -> Any:
        path = f"/interactions/{self.it.id}/{self.it.token}/callback"
        return await self.place.api.ask("POST", path, {"type": kind, "data": data or {}})

    async def edit(self, body: Any) -> Any:
        return await self.webhook("PATCH", "/messages/@original", body)

    async def webhook(self, method: str, path: str = "", body: Any = None) -> Any:
        base = f"/webhooks/{self.place.stub.application_id}/{self.it.token}"
        return await self.place.api.ask(method, base + path, body)


async def test_a_second_answer_is_refused(place: Place) -> None:
    """The first callback counts; the second is 40060."""
    command = Answering(place)

    assert (await command.callback(4, {"content": "one"})).status == 204
    assert (await command.callback(4, {"content": "two"})).body["code"] == 40060
    assert place.stub.take_violations()


async def test_a_late_answer_is_refused(place: Place) -> None:
    """After three seconds the interaction is unknown, and the violation says why."""
    command = Answering(place)
    command.it.sent_at -= 3.1

    refused = await command.callback(4, {"content": "late"})

    assert (refused.status, refused.body["code"]) == (404, 10062)
    assert "acknowledged after 3 s" in place.stub.take_violations()[0]


async def test_a_token_ends_after_fifteen_minutes(place: Place) -> None:
    """Edits and followups work for 15 minutes and no longer."""
    command = Answering(place)
    await command.callback(4, {"content": "one"})
    place.stub.advance(14 * 60)
    assert (await command.edit({"content": "two"})).status == 200

    place.stub.advance(2 * 60)
    assert (await command.edit({"content": "three"})).status == 401
    assert (await command.webhook("POST", "", {"content": "four"})).status == 401
    assert len(place.stub.take_violations()) == 2


@pytest.mark.parametrize(
    ("kind", "answer"),
    [(COMMAND, 7), (COMMAND, 6), (COMMAND, 8), (MODAL_SUBMIT, 9), (COMPONENT, 8)],
)
async def test_an_answer_fits_its_interaction(place: Place, kind: int, answer: int) -> None:
    """No update without a message, no choices for a command, no modal after a modal."""
    refused = await Answering(place, kind).callback(answer, {"content": "x"})

    assert (refused.status, refused.body["code"]) == (400, 50035)
    assert place.stub.take_violations()


async def test_a_deferral_takes_no_flag_but_ephemeral(place: Place) -> None:
    """Components v2 come with the edit; the ephemeral flag stays through it."""
    assert (await Answering(place).callback(5, {"flags": V2})).status == 400
    assert place.stub.take_violations()

    command = Answering(place)
    await command.callback(5, {"flags": 64})
    edited = await command.edit(v2(text("card")))
    assert edited.body["flags"] == V2 | 64
    assert edited.body["components"] == [{"type": 10, "content": "card", "id": 1}]


async def test_a_message_of_components_stays_one(place: Place) -> None:
    """Content cannot be edited into it; text has to leave a message that becomes one."""
    command = Answering(place)
    await command.callback(4, v2(text("card")))
    assert (await command.edit({"content": "x"})).status == 400

    other = Answering(place)
    await other.callback(4, {"content": "words"})
    card = v2(text("card"))
    assert (await other.edit(card)).status == 400
    emptied = await other.edit(card | {"content": None})
    assert emptied.status == 200
    assert len(place.stub.take_violations()) == 2


async def test_an_ephemeral_answer_is_nowhere_else(place: Place) -> None:
    """It is not in the history, not to be fetched, and not on other screens."""
    bob = place.stub.add_user("bob")
    place.guild.add_member(bob)
    command = Answering(place)
    await command.callback(4, {"content": "secret", "flags": 64})
    message = command.it.original
    assert message is not None

    assert "secret" in place.alice.screen(place.general)
    assert "secret" not in bob.screen(place.general)
    assert (await place.api.ask("GET", place.messages)).body == []
    assert (await place.api.ask("GET", f"{place.messages}/{message.id}")).status == 404
    with pytest.raises(AssertionError, match="does not see that message"):
        await bob.presses(message, "x")


def field(label: str = "L", **more: Any) -> dict[str, Any]:
    inner = {"type": 4, "custom_id": "i", "style": 1} | more
    return {"type": 18, "label": label, "component": inner}


MODALS: list[tuple[str, Any]] = [
    ("modal.title", lambda n: {"title": "x" * n}),
    ("custom_id", lambda n: {"custom_id": "x" * n}),
    ("modal.components", lambda n: {"components": [field(custom_id=str(k)) for k in range(n)]}),
    ("label.label", lambda n: {"components": [field("x" * n)]}),
    ("label.description", lambda n: {"components": [field() | {"description": "x" * n}]}),
    ("input.length", lambda n: {"components": [field(max_length=n)]}),
    ("input.placeholder", lambda n: {"components": [field(placeholder="x" * n)]}),
]


@pytest.mark.parametrize(("name", "part"), MODALS, ids=[row[0] for row in MODALS])
async def test_a_form_has_limits(place: Place, name: str, part: Any) -> None:
    """The most passes, one more is 400."""
    base = {"title": "T", "custom_id": "m", "components": [field()]}
    most = LIMITS[name].most

    assert (await Answering(place).callback(9, base | part(most))).status == 204
    assert (await Answering(place).callback(9, base | part(most + 1))).status == 400
    assert place.stub.take_violations()


async def test_completion_offers_25_at_most(place: Place) -> None:
    """A 26th choice is 400."""
    choices = [{"name": f"n{k}", "value": "v"} for k in range(26)]

    assert (await Answering(place, 4).callback(8, {"choices": choices})).status == 400
    assert (await Answering(place, 4).callback(8, {"choices": choices[1:]})).status == 204
    assert place.stub.take_violations()


async def test_the_library_is_too_late_too() -> None:
    """A real client that answers late gets NotFound, and the person "did not respond"."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        bot = SampleBot()
        async with running(stub, bot):
            await alice.runs(alice.dm(), "/interview start", round="drill")
            stub.world.first_answer_s = 0.1
            with pytest.raises(NotAnsweredError, match="press:late"):
                await alice.presses(alice.dm(), "Late")

        assert "acknowledged after 3 s" in stub.take_violations()[0]
