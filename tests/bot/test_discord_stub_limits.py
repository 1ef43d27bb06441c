"""What Discord refuses, the stand-in refuses in the same words, and remembers."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord_stub_samples import V2, Place, asking, opened, running, text, v2

from tests.discord_stub import DiscordStub
from tests.discord_stub.limits import LIMITS, NEEDS


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A server and requests by hand."""
    async with opened() as place:
        yield place


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | fields


def select(**fields: Any) -> dict[str, Any]:
    options = [{"label": "a", "value": "a"}]
    return {"type": 3, "custom_id": "s", "options": options} | fields


def options(count: int) -> list[dict[str, str]]:
    return [{"label": f"o{n}", "value": f"o{n}"} for n in range(count)]


def rows(child: dict[str, Any]) -> dict[str, Any]:
    return {"components": [row(child)]}


def embed(**fields: Any) -> dict[str, Any]:
    return {"embeds": [{"title": "t"} | fields]}


def buttons(count: int) -> list[dict[str, Any]]:
    return [button(custom_id=str(n)) for n in range(count)]


# Name of the limit, a message with n of it, and where the error stands.
MESSAGES: list[tuple[str, Any, str]] = [
    ("message.content", lambda n: {"content": "x" * n}, "content"),
    ("message.nonce", lambda n: {"content": "x", "nonce": "1" * n}, "nonce"),
    ("message.embeds", lambda n: {"embeds": [{"title": "t"}] * n}, "embeds"),
    ("embed.title", lambda n: embed(title="x" * n), "embeds.0.title"),
    ("embed.description", lambda n: embed(description="x" * n), "embeds.0.description"),
    ("embed.fields", lambda n: embed(fields=[{"name": "n", "value": "v"}] * n), "embeds.0.fields"),
    (
        "embed.field.name",
        lambda n: embed(fields=[{"name": "x" * n, "value": "v"}]),
        "embeds.0.fields.0.name",
    ),
    (
        "embed.field.value",
        lambda n: embed(fields=[{"name": "n", "value": "x" * n}]),
        "embeds.0.fields.0.value",
    ),
    ("embed.footer.text", lambda n: embed(footer={"text": "x" * n}), "embeds.0.footer.text"),
    ("embed.author.name", lambda n: embed(author={"name": "x" * n}), "embeds.0.author.name"),
    (
        "embeds.characters",
        lambda n: {
            "embeds": [{"description": "x" * (n // 2)}, {"description": "x" * (n - n // 2)}]
        },
        "embeds",
    ),
    ("components.rows", lambda n: {"components": [row(b) for b in buttons(n)]}, "components"),
    ("row.buttons", lambda n: {"components": [row(*buttons(n))]}, "components.0.components"),
    ("custom_id", lambda n: rows(button(custom_id="x" * n)), "components.0.components.0.custom_id"),
    ("button.label", lambda n: rows(button(label="x" * n)), "components.0.components.0.label"),
    (
        "button.url",
        lambda n: rows({"type": 2, "style": 5, "label": "a", "url": "https://a/".ljust(n, "x")}),
        "components.0.components.0.url",
    ),
    (
        "select.options",
        lambda n: rows(select(options=options(n))),
        "components.0.components.0.options",
    ),
    (
        "select.placeholder",
        lambda n: rows(select(placeholder="x" * n)),
        "components.0.components.0.placeholder",
    ),
    (
        "option.label",
        lambda n: rows(select(options=[{"label": "x" * n, "value": "a"}])),
        "components.0.components.0.options.0.label",
    ),
    (
        "option.value",
        lambda n: rows(select(options=[{"label": "a", "value": "x" * n}])),
        "components.0.components.0.options.0.value",
    ),
    (
        "option.description",
        lambda n: rows(select(options=[{"label": "a", "value": "a", "description": "x" * n}])),
        "components.0.components.0.options.0.description",
    ),
    ("components.v2.total", lambda n: v2(*[text("x")] * n), "components"),
    ("components.v2.characters", lambda n: v2(text("x" * n)), "components"),
    (
        "section.components",
        lambda n: v2({"type": 9, "components": [text("x")] * n, "accessory": button()}),
        "components.0.components",
    ),
    (
        "gallery.items",
        lambda n: v2({"type": 12, "items": [{"media": {"url": "https://a/b.png"}}] * n}),
        "components.0.items",
    ),
]


def found_at(errors: dict[str, Any], path: str) -> list[dict[str, str]]:
    for part in path.split("."):
        errors = errors.get(part, {})
    return errors.get("_errors", [])


@pytest.mark.parametrize(("name", "message", "path"), MESSAGES, ids=[row[0] for row in MESSAGES])
async def test_a_message_has_limits(place: Place, name: str, message: Any, path: str) -> None:
    """The most of everything passes; one more is 400 with the place of the error."""
    most = LIMITS[name].most

    fits = await place.api.ask("POST", place.messages, message(most))
    refused = await place.api.ask("POST", place.messages, message(most + 1))

    assert fits.status == 200, fits.body
    assert (refused.status, refused.body["code"]) == (400, 50035)
    assert found_at(refused.body["errors"], path)
    assert len(place.stub.take_violations()) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 50006),
        ({"content": "x", "flags": V2, "components": [text("y")]}, 50035),
        ({"embeds": [{"title": "x"}], **v2(text("y"))}, 50035),
        ({"components": [text("v2 part without the flag")]}, 50035),
        ({"components": [row(button(), button(label="same id"))]}, 50035),
        ({"components": [row(select(), button())]}, 50035),
        ({"components": [row()]}, 50035),
        ({"components": [row(button(label="", custom_id="x"))]}, 50035),
        ({"components": [row(button(custom_id=""))]}, 50035),
        ({"components": [row(select(max_values=2))]}, 50035),
        ({"components": [row(select(options=[{"label": "a", "value": "a"}] * 2))]}, 50035),
        ({"components": [row({"type": 4, "custom_id": "i", "style": 1})]}, 50035),
        (v2({"type": 17, "components": [{"type": 17, "components": [text("x")]}]}), 50035),
        (v2({"type": 9, "components": [text("x")]}), 50035),
        (v2({"type": 13, "file": {"url": "attachment://absent.txt"}}), 50035),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035),
    ],
)
async def test_a_message_has_a_shape(place: Place, body: dict[str, Any], code: int) -> None:
    """Empty, mixed, nested wrongly, named twice: 400."""
    refused = await place.api.ask("POST", place.messages, body)

    assert (refused.status, refused.body["code"]) == (400, code)
    assert place.stub.take_violations()


async def test_a_file_has_a_size(place: Place) -> None:
    """Ten MiB pass, one byte more is 413; eleven files are too many."""
    most = LIMITS["attachment.bytes"].most

    async def send(*files: bytes) -> int:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", "{}")
        for number, data in enumerate(files):
            form.add_field(f"files[{number}]", data, filename=f"{number}.bin")
        return (await place.api.ask("POST", place.messages, data=form)).status

    assert await send(bytes(most)) == 200
    assert await send(bytes(most + 1)) == 413
    assert await send(*[b"x"] * 10) == 200
    assert await send(*[b"x"] * 11) == 400
    assert len(place.stub.take_violations()) == 2


PERMISSIONS: list[tuple[str, str, str, Any]] = [
    ("send message", "POST", "/channels/{channel}/messages", {"content": "x"}),
    ("send embeds", "POST", "/channels/{channel}/messages", {"embeds": [{"title": "x"}]}),
    ("read history", "GET", "/channels/{channel}/messages", None),
    ("delete other's message", "DELETE", "/channels/{channel}/messages/{hers}", None),
    ("react", "PUT", "/channels/{channel}/messages/{hers}/reactions/x/@me", None),
    ("pin", "PUT", "/channels/{channel}/messages/pins/{hers}", None),
    ("start private thread", "POST", "/channels/{channel}/threads", {"name": "t", "type": 12}),
    ("start public thread", "POST", "/channels/{channel}/messages/{hers}/threads", {"name": "t"}),
    ("change channel", "PATCH", "/channels/{channel}", {"name": "x"}),
    ("send message", "POST", "/channels/{channel}/typing", None),
]


@pytest.mark.parametrize(("doing", "method", "path", "body"), PERMISSIONS)
async def test_a_route_needs_its_permissions(
    place: Place, doing: str, method: str, path: str, body: Any
) -> None:
    """With all permissions it works; without any single one it is 403 and a violation."""
    hers = await place.alice.says(place.general, "hello")
    target = path.format(channel=place.general.id, hers=hers.id)
    for name in NEEDS[doing]:
        place.guild.allow_bot(*NEEDS[doing])
        place.general.allow_bot(*NEEDS[doing])
        place.general.deny_bot(name)
        refused = await place.api.ask(method, target, body)

        code = 50001 if name == "VIEW_CHANNEL" else 50013
        assert (refused.status, refused.body["code"]) == (403, code)
    assert len(place.stub.take_violations()) == len(NEEDS[doing])

    place.general.allow_bot(*NEEDS[doing])
    assert (await place.api.ask(method, target, body)).status < 300


async def test_a_thread_needs_the_thread_permission(place: Place) -> None:
    """In threads SEND_MESSAGES_IN_THREADS counts, and SEND_MESSAGES does not."""
    made = await place.api.ask(
        "POST", f"/channels/{place.general.id}/threads", {"name": "t", "type": 12}
    )
    inside = f"/channels/{made.body['id']}/messages"

    place.general.deny_bot("send_messages")
    assert (await place.api.ask("POST", inside, {"content": "x"})).status == 200

    place.general.deny_bot("send_messages_in_threads")
    assert (await place.api.ask("POST", inside, {"content": "x"})).status == 403
    assert place.stub.take_violations()


async def test_the_token_is_checked(place: Place) -> None:
    """Another token is 401."""
    assert (await place.api.ask("GET", "/users/@me", token="other")).status == 401  # noqa: S106


async def test_an_unknown_route_is_a_violation(place: Place) -> None:
    """What the stand-in does not know, it says."""
    assert (await place.api.ask("GET", "/voice/regions")).status == 404
    assert place.stub.take_violations() == ["GET /voice/regions: unknown route (0)"]


async def test_violations_fail_the_test_that_did_not_expect_them() -> None:
    """Leaving the block with a violation is an AssertionError that names it."""
    with pytest.raises(AssertionError, match="Must be 2000 or fewer"):  # noqa: PT012
        async with DiscordStub() as stub, asking(stub) as api:
            general = stub.add_guild("g").text_channel("general")
            await api.ask("POST", f"/channels/{general.id}/messages", {"content": "x" * 2001})


def command(**fields: Any) -> dict[str, Any]:
    return {"name": "start", "description": "d"} | fields


def option(**fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": "o", "description": "d"} | fields


COMMANDS: list[tuple[str, Any]] = [
    ("command.name", lambda n: command(name="x" * n)),
    ("command.description", lambda n: command(description="x" * n)),
    ("command.options", lambda n: command(options=[option(name=f"o{k}") for k in range(n)])),
    (
        "command.choices",
        lambda n: command(
            options=[option(choices=[{"name": f"c{k}", "value": "v"} for k in range(n)])]
        ),
    ),
    ("choice.name", lambda n: command(options=[option(choices=[{"name": "x" * n, "value": "v"}])])),
]


@pytest.mark.parametrize(("name", "made"), COMMANDS, ids=[row[0] for row in COMMANDS])
async def test_a_command_has_limits(place: Place, name: str, made: Any) -> None:
    """The most passes, one more is 400."""
    path = f"/applications/{place.stub.application_id}/commands"
    most = LIMITS[name].most

    assert (await place.api.ask("PUT", path, [made(most)])).status == 200
    assert (await place.api.ask("PUT", path, [made(most + 1)])).status == 400
    assert place.stub.take_violations()


@pytest.mark.parametrize(
    "body",
    [
        [command(), command()],
        [command(name="Start")],
        [command(options=[option(), option(name="p", required=True)])],
        [command(options=[option(), option()])],
        [command(options=[option(autocomplete=True, choices=[{"name": "a", "value": "a"}])])],
    ],
)
async def test_a_command_list_has_a_shape(place: Place, body: list[Any]) -> None:
    """Names are lower case and unique; what is required comes first."""
    path = f"/applications/{place.stub.application_id}/commands"

    assert (await place.api.ask("PUT", path, body)).status == 400
    assert place.stub.take_violations()


async def test_closed_direct_messages_are_no_violation() -> None:
    """A person may refuse direct messages: 50007, and nothing is recorded."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        alice.refuses_dms()
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            with pytest.raises(discord.Forbidden) as refused:
                await user.send("hello")

            assert refused.value.code == 50007


async def test_nobody_is_pinged_unless_allowed(place: Place) -> None:
    """`allowed_mentions` decides who is pinged, also in the text of components."""
    words = f"{place.alice.mention} @everyone"

    async def pinged(**body: Any) -> tuple[int, bool]:
        sent = (await place.api.ask("POST", place.messages, body)).body
        return len(sent["mentions"]), sent["mention_everyone"]

    assert await pinged(content=words) == (1, False)
    place.guild.allow_bot("mention_everyone")
    assert await pinged(content=words) == (1, True)
    assert await pinged(content=words, allowed_mentions={"parse": []}) == (0, False)
    assert await pinged(content=words, allowed_mentions={"parse": ["everyone"]}) == (0, True)
    only_her = {"parse": [], "users": [str(place.alice.id)]}
    assert await pinged(content=words, allowed_mentions=only_her) == (1, False)
    assert await pinged(**v2(text(words)), allowed_mentions={"parse": []}) == (0, False)
    assert await pinged(**v2(text(words))) == (1, True)
