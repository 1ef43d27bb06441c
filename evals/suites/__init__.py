"""What is measured, one file a suite; each gives metrics for the engine of a world.

- `golden.py`: transcripts whose verdicts, ratings and levels are known.
- `attacks.py`: refusals and injections beside the same answers without them.
- `simulated.py`: simulated candidates over several rounds.
- `conduct.py`: what the interviewer said in those rounds, checked by code.
- `hostile.py`: what a model gets through that does everything that it must not.
- `degraded.py`: rounds in which the model's server fails at random.
- `flagged.py`: turns that a candidate has complained about.
"""
