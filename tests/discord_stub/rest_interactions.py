"""Routes that answer interactions.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

from typing import Any

from tests.discord_stub import errors
from tests.discord_stub.checks import check_choices, require_content
from tests.discord_stub.components import check_modal, length_of, number
from tests.discord_stub.errors import ApiError, Problems
from tests.discord_stub.interactions import (
    ALLOWED_ANSWERS,
    CHOICES,
    COMMAND,
    DEFER,
    DEFER_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
)
from tests.discord_stub.messages import (
    CONTEXT_MENU,
    EPHEMERAL,
    LOADING,
    REPLY,
    SLASH_COMMAND,
    Message,
)
from tests.discord_stub.rest import Ask, Handler
from tests.discord_stub.rest_messages import build_message, edit_message, publish, remove


def post_callback(ask: Ask) -> dict[str, Any] | None:
    """Create Interaction Response: the first answer, within three seconds."""
    interaction = _unanswered(ask)
    kind, data = ask.body["type"], ask.body.get("data") or {}
    _check_kind(interaction, kind)
    _ANSWER[kind](interaction, data, ask)
    interaction.answer = kind
    interaction.world.changes.notify(interaction.id)
    return _callback_response(interaction) if _true(ask.query.get("with_response")) else None


def _true(text: str | None) -> bool:
    return (text or "").lower() in ("1", "true")


def _unanswered(ask: Ask) -> Interaction:
    interaction = ask.world.interactions.get(ask.id("interaction"))
    if interaction is None or interaction.token != ask.ids["token"]:
        raise ApiError(errors.UNKNOWN_INTERACTION, violation="no such interaction")
    name = f"interaction {interaction.command_name or interaction.data.get('custom_id')!r}"
    if interaction.answer is not None:
        raise ApiError(errors.ALREADY_ACKNOWLEDGED, violation=f"{name} answered twice")
    if interaction.late:
        raise ApiError(errors.UNKNOWN_INTERACTION, violation=f"{name} acknowledged after 3 s")
    return interaction


def _check_kind(interaction: Interaction, kind: int) -> None:
    allowed = ALLOWED_ANSWERS[interaction.kind]
    if kind in (UPDATE, DEFER_UPDATE) and interaction.source is None:
        allowed = (MESSAGE, DEFER)
    if kind not in allowed:
        problems = Problems()
        text = f"Value must be one of {allowed} for interactions of type {interaction.kind}."
        problems.add(("type",), "INTERACTION_CALLBACK_TYPE_INVALID", text)
        problems.raise_if_any()


def _answer_message(interaction: Interaction, data: dict[str, Any], ask: Ask) -> None:
    interaction.ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
    interaction.original = _say(interaction, data, ask)


def _answer_defer(interaction: Interaction, data: dict[str, Any], ask: Ask) -> None:
    flags = data.get("flags") or 0
    if flags & ~EPHEMERAL:
        problems = Problems()
        text = "A deferred answer may only be EPHEMERAL; other flags come with the edit."
        problems.add(("data", "flags"), "INTERACTION_CALLBACK_INVALID_FLAGS", text)
        problems.raise_if_any()
    interaction.ephemeral = bool(flags & EPHEMERAL)
    world = interaction.world
    message = Message(world.next_id(), interaction.channel, world.bot, flags=LOADING)
    interaction.original = _publish_answer(interaction, message, ephemeral=interaction.ephemeral)


def _answer_defer_update(interaction: Interaction, data: dict[str, Any], ask: Ask) -> None:
    interaction.original = interaction.source
    interaction.ephemeral = bool(interaction.source and interaction.source.ephemeral)


def _answer_update(interaction: Interaction, data: dict[str, Any], ask: Ask) -> None:
    _answer_defer_update(interaction, data, ask)
    if interaction.source is None or interaction.source.deleted:
        raise ApiError(errors.UNKNOWN_MESSAGE)
    edit_message(interaction.source, data, ask.files)


def _answer_choices(interaction: Interaction, data: dict[str, Any], ask: Ask) -> None:
    problems, choices = Problems(), data.get("choices") or []
    length_of(problems, ("data", "choices"), choices, "autocomplete.choices")
    check_choices(problems, ("data", "choices"), choices)
    problems.raise_if_any()
    interaction.choices = choices


def _answer_modal(interaction: Interaction, data: dict[str, Any], ask: Ask) -> None:
    problems = Problems()
    check_modal(problems, data)
    problems.raise_if_any()
    number(data["components"])
    interaction.modal = data


_ANSWER = {
    MESSAGE: _answer_message,
    DEFER: _answer_defer,
    DEFER_UPDATE: _answer_defer_update,
    UPDATE: _answer_update,
    CHOICES: _answer_choices,
    MODAL: _answer_modal,
}


def _say(interaction: Interaction, data: dict[str, Any], ask: Ask) -> Message:
    message = build_message(interaction.channel, data, ask.files)
    ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
    return _publish_answer(interaction, message, ephemeral=ephemeral)


def _publish_answer(interaction: Interaction, message: Message, *, ephemeral: bool) -> Message:
    message.interaction = interaction
    if ephemeral:
        message.flags |= EPHEMERAL
        message.only_for = interaction.user
    if interaction.messages:
        message.kind, message.reply_to = REPLY, interaction.original
    elif interaction.kind == COMMAND:
        message.kind = CONTEXT_MENU if interaction.data.get("target_id") else SLASH_COMMAND
    elif interaction.source is not None:
        message.kind, message.reply_to = REPLY, interaction.source
    interaction.messages.append(message)
    publish(message)
    return message


def _callback_response(interaction: Interaction) -> dict[str, Any]:
    about: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
    resource: dict[str, Any] = {"type": interaction.answer}
    message = interaction.original
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = message.ephemeral
        if interaction.answer in (MESSAGE, UPDATE):
            resource["message"] = message.payload()
    return {"interaction": about, "resource": resource}


def _by_token(ask: Ask) -> Interaction:
    interaction = ask.world.tokens.get(ask.ids["token"])
    if interaction is None or ask.id("application") != ask.world.application_id:
        raise ApiError(errors.UNKNOWN_WEBHOOK, violation="no such interaction token")
    if interaction.expired:
        raise ApiError(errors.INVALID_TOKEN, violation="interaction token used after 15 minutes")
    if interaction.answer is None:
        raise ApiError(errors.UNKNOWN_WEBHOOK, violation="followup before the first answer")
    return interaction


def _find(ask: Ask, interaction: Interaction) -> Message:
    if ask.ids["message"] == "@original":
        found = interaction.original
    else:
        known = [*interaction.messages, interaction.source, interaction.original]
        found = next((m for m in known if m is not None and m.id == ask.id("message")), None)
    if found is None or found.deleted:
        raise ApiError(errors.UNKNOWN_MESSAGE)
    return found


def post_followup(ask: Ask) -> dict[str, Any]:
    """Create Followup Message; the first one after a deferral takes its place."""
    interaction = _by_token(ask)
    original = interaction.original
    if original is not None and original.loading and not original.deleted:
        require_content(ask.body or {}, files=len(ask.files))
        edit_message(original, ask.body or {}, ask.files)
        message = original
    else:
        message = _say(interaction, ask.body or {}, ask)
    interaction.world.changes.notify(interaction.id)
    return message.payload()


def get_answer(ask: Ask) -> dict[str, Any]:
    """Get Original Interaction Response and Get Followup Message."""
    return _find(ask, _by_token(ask)).payload()


def patch_answer(ask: Ask) -> dict[str, Any]:
    """Edit Original Interaction Response and Edit Followup Message."""
    interaction = _by_token(ask)
    message = _find(ask, interaction)
    edit_message(message, ask.body or {}, ask.files)
    interaction.world.changes.notify(interaction.id)
    return message.payload()


def delete_answer(ask: Ask) -> None:
    """Delete Original Interaction Response and Delete Followup Message."""
    interaction = _by_token(ask)
    remove(_find(ask, interaction))
    interaction.world.changes.notify(interaction.id)


_WEBHOOK = "/webhooks/{application}/{token}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/interactions/{interaction}/{token}/callback", post_callback),
    ("POST", _WEBHOOK, post_followup),
    ("GET", f"{_WEBHOOK}/messages/{{message}}", get_answer),
    ("PATCH", f"{_WEBHOOK}/messages/{{message}}", patch_answer),
    ("DELETE", f"{_WEBHOOK}/messages/{{message}}", delete_answer),
]
