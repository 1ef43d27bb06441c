"""Anthropic's Messages API on this machine, spoken with over a socket; there is no model behind it.

Tests, evals and benchmarks use it in place of api.anthropic.com:

    async with MessagesStub(honest(library)) as stub:
        ...                      # a client with base_url=stub.url and api_key=stub.key
        stub.fail(Fault.OVERLOADED_529, Fault.CUT)
        ...
        assert stub.calls[-1].cache_read_share > 0.85

A request that breaks the API's rules is answered as the API answers it and recorded; leaving the
block with violations that no test took is an AssertionError. To try it by hand:

    python -m tests.messages_stub --port 8788

- `server.py`: `MessagesStub`, the door to everything below
- `seen.py`: what a request says; `calls.py`: what became of it
- `plain.py`, `honest.py`, `hostile.py`: characters, who answer; `injections.py`: whom they obey
- `answers.py`, `stream.py`: from a character's answer to the bytes of a message; `wire.py`: JSON
- `faults.py`: what goes wrong on order; `errors.py`: refusals
- `checks.py`: the API's rules; `dialects.py`: other servers with the same API
- `accounting.py`: tokens and the prompt cache
"""

from tests.messages_stub.answers import Character
from tests.messages_stub.calls import Call
from tests.messages_stub.faults import Fault
from tests.messages_stub.honest import honest
from tests.messages_stub.hostile import Behaviour, hostile
from tests.messages_stub.plain import alternating, plain, scripted
from tests.messages_stub.seen import Seen
from tests.messages_stub.server import MessagesStub

__all__ = [
    "Behaviour",
    "Call",
    "Character",
    "Fault",
    "MessagesStub",
    "Seen",
    "alternating",
    "honest",
    "hostile",
    "plain",
    "scripted",
]
