"""The interview: what the interviewer does next, and why.

- `state.py`: events, moves, beliefs and the state of an interview (plain frozen models).
- `policy.py`: the decision, a pure function of state and event.
- `focus.py`: which concept is worth the next probe.
- `graph.py`: one turn as a LangGraph loop: listen, assess, decide, speak, score.
- `session.py`: one interview at a time: locks, clock, inbox first, timers, recovery.
- `clock.py`: the injected clock and the budgets in active seconds.
- `ports.py`: what the interview needs from outside: `Store`, `Engine`, `Mouth`.
- `engines/offline.py`: the embedded interviewer, with `intents.py` and `wording.py`.
- `prompts/`: the sentences and prompts, as data.

May import `scoring`, `scenarios` and `whiteboard`.
"""
