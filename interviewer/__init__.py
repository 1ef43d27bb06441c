"""The interview: what the interviewer does next, and why.

- `state.py`: events, moves, beliefs and the state of an interview (plain frozen models).
- `policy.py`: the decision, a pure function of state and event.
- `focus.py`: which concept is worth the next probe.
- `offers.py`: the moves that an engine may choose from.
- `graph.py`: one turn as a LangGraph loop: listen, assess, decide, speak, score.
- `session.py`: one interview at a time: locks, clock, inbox first, timers, recovery.
- `view.py`: what an edge shows beside the talk.
- `clock.py`: the injected clock and the budgets in active seconds.
- `budget.py`: budgets for the calls of language models, and the model that spends from them.
- `metering.py`: what a call took. `prices.py`, `prices.yaml`: what it costs.
- `recordings.py`: answers of language models on file, recorded and replayed.
- `ports.py`: what the interview needs from outside: `Store`, `Engine`, `Grader`, `Mouth`.
- `beliefs.py`: what an event adds to the state, and what a move leaves behind.
- `board_talk.py`: what the board makes worth asking.
- `desk.py`: the work on one turn, step by step; `floor.py`: who may speak in it.
- `checker.py`: what an engine writes, checked sentence by sentence before it is shown.
- `record.py`: an interview as the grader receives it; `grading.py`: from its end to the card.
- `engines/`: the embedded interviewer, with its sentences in `lines.yaml`, and the one with a
  language model; `prompts/`: what that one is told.

May import `scoring`, `scenarios` and `whiteboard`.
"""
