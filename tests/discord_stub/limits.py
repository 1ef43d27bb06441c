"""Discord's limits as one table, each row with the page that states it.

Pages are below https://discord.com/developers/docs/ unless they are whole addresses.
"""

from typing import NamedTuple


class Limit(NamedTuple):
    """The most, and where it matters the least, of something."""

    name: str
    most: int
    page: str
    least: int = 0


_COMPONENTS = "components/reference"
_COMMANDS = "interactions/application-commands"
_ANSWERS = "interactions/receiving-and-responding"
_EMBED = "resources/message#embed-object-embed-limits"
_SELECT = f"{_COMPONENTS}#string-select-string-select-structure"
_OPTION = f"{_COMPONENTS}#string-select-select-option-structure"

LIMITS: dict[str, Limit] = {
    limit.name: limit
    for limit in (
        Limit("message.content", 2000, "resources/message#create-message"),
        Limit("message.embeds", 10, "resources/message#create-message"),
        Limit("message.nonce", 25, "resources/message#create-message"),
        Limit("message.files", 10, "https://support.discord.com/hc/articles/25444343291031"),
        Limit("message.history", 100, "resources/message#get-channel-messages", 1),
        Limit("message.nonce_s", 300, "resources/message#create-message"),
        Limit("request.bytes", 25 << 20, "resources/message#create-message-limitations"),
        Limit("attachment.bytes", 10 << 20, "reference#uploading-files"),
        Limit("attachment.description", 1024, "resources/message#attachment-object"),
        Limit("allowed_mentions.users", 100, "resources/message#allowed-mentions-object"),
        Limit("allowed_mentions.roles", 100, "resources/message#allowed-mentions-object"),
        Limit("embed.title", 256, _EMBED),
        Limit("embed.description", 4096, _EMBED),
        Limit("embed.fields", 25, _EMBED),
        Limit("embed.field.name", 256, _EMBED, 1),
        Limit("embed.field.value", 1024, _EMBED, 1),
        Limit("embed.footer.text", 2048, _EMBED),
        Limit("embed.author.name", 256, _EMBED),
        Limit("embeds.characters", 6000, _EMBED),
        Limit("components.rows", 5, f"{_COMPONENTS}#legacy-message-component-behavior"),
        Limit("components.v2.total", 40, _COMPONENTS),
        Limit("components.v2.characters", 4000, f"{_COMPONENTS}#text-display"),
        Limit("custom_id", 100, f"{_COMPONENTS}#custom-id", 1),
        Limit("row.buttons", 5, f"{_COMPONENTS}#action-row", 1),
        Limit("button.label", 80, f"{_COMPONENTS}#button-button-structure"),
        Limit("button.url", 512, f"{_COMPONENTS}#button-button-structure"),
        Limit("select.options", 25, _SELECT, 1),
        Limit("select.placeholder", 150, _SELECT),
        Limit("select.values", 25, _SELECT),
        Limit("option.label", 100, _OPTION, 1),
        Limit("option.value", 100, _OPTION, 1),
        Limit("option.description", 100, _OPTION),
        Limit("section.components", 3, f"{_COMPONENTS}#section-section-structure", 1),
        Limit("gallery.items", 10, f"{_COMPONENTS}#media-gallery", 1),
        Limit("media.description", 1024, f"{_COMPONENTS}#thumbnail-thumbnail-structure"),
        Limit("modal.title", 45, f"{_ANSWERS}#interaction-response-object-modal", 1),
        Limit("modal.components", 5, f"{_ANSWERS}#interaction-response-object-modal", 1),
        Limit("label.label", 45, f"{_COMPONENTS}#label-label-structure", 1),
        Limit("label.description", 100, f"{_COMPONENTS}#label-label-structure"),
        Limit("input.length", 4000, f"{_COMPONENTS}#text-input-text-input-structure"),
        Limit("input.placeholder", 100, f"{_COMPONENTS}#text-input-text-input-structure"),
        Limit("radio.options", 10, f"{_COMPONENTS}#radio-group-radio-group-structure", 2),
        Limit("checkbox.options", 10, f"{_COMPONENTS}#checkbox-group-structure", 1),
        Limit("upload.files", 10, f"{_COMPONENTS}#file-upload-file-upload-structure"),
        Limit("thread.name", 100, "resources/channel#start-thread-without-message", 1),
        Limit("channel.name", 100, "resources/channel#modify-channel", 1),
        Limit("channel.topic", 1024, "resources/channel#modify-channel"),
        Limit("channel.slowmode", 21_600, "resources/channel#modify-channel"),
        Limit("commands.global", 100, f"{_COMMANDS}#registering-a-command"),
        Limit("command.name", 32, f"{_COMMANDS}#application-command-object", 1),
        Limit("command.description", 100, f"{_COMMANDS}#application-command-object", 1),
        Limit("command.options", 25, f"{_COMMANDS}#application-command-object"),
        Limit("command.choices", 25, f"{_COMMANDS}#application-command-object"),
        Limit("command.characters", 8000, f"{_COMMANDS}#application-command-object"),
        Limit("choice.name", 100, f"{_COMMANDS}#application-command-object", 1),
        Limit("choice.value", 100, f"{_COMMANDS}#application-command-object"),
        Limit("autocomplete.choices", 25, f"{_ANSWERS}#interaction-response-object-autocomplete"),
        Limit("interaction.first_answer_s", 3, f"{_ANSWERS}#interaction-callback"),
        Limit("interaction.token_s", 900, f"{_ANSWERS}#followup-messages"),
        Limit("requests.global", 50, "topics/rate-limits#global-rate-limit"),
        Limit("reactions", 20, "https://support.discord.com/hc/articles/12102061808663"),
    )
}

ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
"""resources/channel#start-thread-without-message"""

NEEDS: dict[str, tuple[str, ...]] = {
    "read channel": ("VIEW_CHANNEL",),
    "read history": ("VIEW_CHANNEL", "READ_MESSAGE_HISTORY"),
    "send message": ("VIEW_CHANNEL", "SEND_MESSAGES"),
    "send embeds": ("EMBED_LINKS",),
    "send files": ("ATTACH_FILES",),
    "reply": ("READ_MESSAGE_HISTORY",),
    "delete other's message": ("MANAGE_MESSAGES",),
    "react": ("VIEW_CHANNEL", "READ_MESSAGE_HISTORY", "ADD_REACTIONS"),
    "pin": ("VIEW_CHANNEL", "PIN_MESSAGES"),
    "start public thread": ("VIEW_CHANNEL", "CREATE_PUBLIC_THREADS"),
    "start private thread": ("VIEW_CHANNEL", "CREATE_PRIVATE_THREADS"),
    "add thread member": ("VIEW_CHANNEL", "SEND_MESSAGES"),
    "change thread": ("MANAGE_THREADS",),
    "change channel": ("MANAGE_CHANNELS",),
    "move member": ("MOVE_MEMBERS",),
    "mute member": ("MUTE_MEMBERS",),
    "deaf member": ("DEAFEN_MEMBERS",),
    "let speak on stage": ("MUTE_MEMBERS",),
    "ask to speak on stage": ("REQUEST_TO_SPEAK",),
}
"""Permissions of the bot by what it does; `resources/channel`, `resources/message`,
`resources/guild` and `resources/voice` say which.

In a thread SEND_MESSAGES stands for SEND_MESSAGES_IN_THREADS.
"""
