"""Discord on this machine: REST v10 and gateway v10 for text, spoken with by an unmodified bot.

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
"""

from tests.discord_stub.calls import Call, NotAnsweredError
from tests.discord_stub.person import Person
from tests.discord_stub.server import DiscordStub

__all__ = ["Call", "DiscordStub", "NotAnsweredError", "Person"]
