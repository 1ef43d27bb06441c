"""Engines: they understand what was said and word what the policy decided.

- `offline.py`: the embedded interviewer; no model, no network, milliseconds.
- `intents.py`: what a candidate's message is meant to do.
- `wording.py`: sentences for a move from the packs and `lines.yaml`.
"""
