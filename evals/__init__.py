"""Evals: what the interviewer and its judgement do, on cases whose outcome is known beforehand.

`python -m evals` runs every suite without a network, prints a table and fails where a metric fell
(docs/evals.md). `python -m evals live` asks the API that the settings name, under a ceiling.

- `candidates/`: simulated candidates, played by programs.
- `golden/`, `attacks/`, `flagged/`: cases as YAML; `cases.py` reads the flagged ones.
- `suites/`: what is measured, one file a suite.
- `worlds.py`: an interview without an edge, on the offline engine or one with a language model.
- `play.py`: a round from its first question to its card.
- `told.py`, `raised.py`, `offers.py`, `leaks.py`: what must not have got through, found by rules
  other than those that keep it out.
- `metrics.py`, `baseline.py`, `gate.py`: figures, what they were when accepted, and the verdict;
  `worktree.py`: the commit that they are of.
- `live.py`, `report.py`: the run on a real API and its page; `reach.py`: how far it got there.

It is no part of the installed program and may import everything that is.
"""
