"""The terminal edge.

- `runtime.py`: what the commands have in common: settings, library, a run that ends cleanly.
- `practice.py`: one interview from the first question to the card.
- `answers.py`: where answers come from: a person at the keyboard, or a pipe.
- `screen.py`: what is shown: the interviewer's words, the stage bar, facts, boards.
- `choices.py`: asks what to practise.
- `demo.py`: a recorded candidate takes a whole round.
- `cards.py`: stored scorecards: list, show, delete.
- `scorecard_commands.py`: two cards side by side.
- `objections.py`: mistyped and misheard answers corrected, verdicts disputed.
- `progress.py`: what to practise again, and when.
- `exports.py`: cards and data as files; `files.py`: how such files are written.
- `grading.py`: written answers without an interview; `batch.py`: many of them as JSON lines.
- `trace.py`: every interviewer turn with its reason.
- `doctor.py`: whether this machine has what Hotseat needs; `discord_checks.py`: the Discord part;
  `model_checks.py`: that of language models; `model_answers.py`: asks them for a word;
  `checks.py`: a line of the report.

Holds no rule of the interview.
"""
