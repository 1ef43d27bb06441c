"""Engines: they understand what was said, choose among the moves that are offered, and word them.

- `offline.py`: the embedded interviewer; no model, no network, milliseconds.
- `intents.py`: what a candidate's message is meant to do.
- `wording.py`: sentences for a move from the packs and `lines.yaml`.
- `model_engine.py`: the engine with a language model, which stands on the embedded one.
- `turn_prompt.py`: what the model is asked; `streamed_reply.py`, `partial_reply.py`: its answer as
  it comes; `noted.py`: what it notes about a turn; `owning_up.py`: what is said where it fails.
- `claude.py`: a server with the Messages API as a language model, and the only file that knows the
  SDK; `messages_api.py`: requests and answers as plain data.
- `providers.py`, `providers.yaml`: which servers there are, and what each understands.
"""
