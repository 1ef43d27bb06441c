"""Discord on this machine: REST v10, gateway v10 and voice v8, spoken with by an unmodified bot.

Tests, benchmarks and pictures use it in place of discord.com:

    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        guild = stub.add_guild("Study group", members=[alice])
        general = guild.text_channel("general")
        ...                      # start the bot with stub.api_url, stub.gateway_url, stub.token
        call = await alice.runs(general, "/interview start", round="design")
        await alice.sees(general, "Tell me about")

What the bot does wrong (a limit, a permission, an unknown route) is answered as Discord answers
it and recorded; leaving the block with violations that no test took is an AssertionError.

- `server.py`: `DiscordStub`, the door to everything below
- `person.py`, `calls.py`, `command_line.py`, `forms.py`: people; what their client lets them do
- `screen.py`, `page.py`, `markdown.py`: what they see, as text and as a web page
- `state.py`, `channels.py`, `messages.py`, `interactions.py`: what exists
- `permissions.py`, `limits.py`, `checks.py`, `components.py`: what is allowed
- `rest.py` and `rest_*.py`: the HTTP routes; `gateway.py`: the websocket
- `faults.py`: errors, rate limits, lost answers, cut connections, on order or at random

With `DiscordStub(voice=VoiceOptions())` people also talk with the bot; that needs the extra
`voice`, and nothing else here does:

    practice = guild.voice_channel("Practice")
    await alice.joins(practice)
    ...                      # the bot, which trusts stub.voice.ca, joins too
    await alice.speaks(samples_at_16_khz)
    await alice.hears_speech(within=5)

- `voice_channels.py`, `rest_voice.py`: who is in which channel, who may be heard
- `voice.py`: `stub.voice`, the servers, and what goes wrong on order
- `voice_server.py`, `voice_gateway.py`, `voice_media.py`: TLS websocket and UDP with encryption
- `voice_calls.py`, `voice_dave.py`, `voice_mls.py`: a call and its end-to-end encryption
- `voice_person.py`, `voice_mouth.py`, `voice_ear.py`, `voice_opus.py`: people's side
"""

from tests.discord_stub.calls import Call, NotAnsweredError
from tests.discord_stub.person import Person
from tests.discord_stub.server import DiscordStub
from tests.discord_stub.voice_options import VoiceOptions

__all__ = ["Call", "DiscordStub", "NotAnsweredError", "Person", "VoiceOptions"]
