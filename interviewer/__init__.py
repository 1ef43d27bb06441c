"""The interview: what the interviewer does next, and why.

- `state.py`: events, moves, beliefs and the state of an interview (plain frozen models).
- `policy.py`: the decision, a pure function of state and event.
- `focus.py`: which concept is worth the next probe.
- `graph.py`: one turn as a LangGraph loop: listen, assess, decide, speak, score.
- `session.py`: one interview at a time: locks, clock, inbox first, timers, recovery.
- `view.py`: what an edge shows beside the talk.
- `clock.py`: the injected clock and the budgets in active seconds.
- `budget.py`: budgets for the calls of language models, and the model that spends from them.
- `metering.py`: what a call took. `prices.py`, `prices.yaml`: what it costs.
- `ports.py`: what the interview needs from outside: `Store`, `Engine`, `Mouth`.
- `beliefs.py`: what an event adds to the state, and what a move leaves behind.
- `board_talk.py`: what the board makes worth asking.
- `desk.py`: the work on one turn, step by step.
- `record.py`: an interview as the grader receives it.
- `engines/`: the embedded interviewer, with its sentences in `lines.yaml`.

May import `scoring`, `scenarios` and `whiteboard`.
"""
