"""A spoken interview, the same for every edge: joins a conversation by voice to a session.

`models.py` loads what hears and speaks, once for all calls, and has the words that come first
(`openers.py`) spoken ahead. `line.py` is one candidate's line: frames of audio go in and out, turns
come out as events, and the interviewer speaks through its mouth (`mouth.py`). `waits.py` says how
patient to be in which stage, `terms.py` which words the recogniser should expect.

An edge feeds `Line.hear`, plays `Line.read`, hands what was said to the session, and writes what
is said beside it in a place of its own (`mouth.Written`).
"""
