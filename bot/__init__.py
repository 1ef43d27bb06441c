"""The application: settings, wiring, the command line, and the edges.

- `settings.py`: what can be configured; reads the environment.
- `wiring.py`: the one place that names concrete adapters.
- `cli.py`: the `hotseat` command; `doors.py`: what is said about errors.
- `rounds.py`: from what was wished for to what is held.
- `hearings.py`: what was misheard, put right before grading.
- `regrading.py`, `rejudging.py`: a round graded again with corrected answers, or judged again.
- `practice_list.py`: what to practise again. `flagging.py`: what candidates object to.
- `disclosure.py`, `reading.py`: what candidates are told where a language model is used.
- `alerts.py`: what the owner is told of budgets. `tracing.py`: where spans go.
- `console/`: the terminal edge. `discord/`: the one on Discord.

May import everything below. An edge holds no rule of the interview.
"""
