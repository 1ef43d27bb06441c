"""What was shown: evidence in the transcript, verdicts, ratings, the scorecard.

- `transcript.py`: `Turn` and `Word`, the record of what was said.
- `text.py`, `gates.py`, `injections.py`, `matches.py`, `crossing.py`, `enumeration.py`,
  `evidence.py`: the offline evidence finder.
- `language_model.py`: the port to a language model; `prompts.py`, `prompts/`: versioned prompts.
- `judge.py`: a language model as judge; `judge_calls.py`, `judge_wire.py`: what it is asked and
  answers; `claims.py`, `votes.py`: which of its claims stand, and what its samples say together;
  `judging.py`: what the card says of it.
- `prepared.py`: what is made once for a round.
- `conduct.py`: what is wrong with something the interviewer says; `utterance.py`, `manners.py`,
  `lectures.py`, `presuppositions.py`, `inventions.py`, `leaks.py`, `repetition.py`, `heard.py`,
  `trade_words.py`: how it is noticed; `conduct_report.py`: the interviewer's own report.
- `verdicts.py`: `Verdict`, `Evidence`, `ConceptVerdict`, and how each was obtained.
- `rating.py`: stage ratings and level ranges.
- `agreement.py`: how far raters agree: alpha, kappa, bias.
- `groups.py`: roles and invitations of study groups; `sheets.py`, `review.py`, `columns.py`: blind
  review of a shared card; `group_figures.py`: what a group's reviews say together.
- `names.py`, `redact.py`, `suggested_names.py`: a card without the names that its owner gives.
- `practice.py`: what to practise next; `practice_schedule.py`: and when again.
- `progress.py`: ratings over time, and how far they waver.
- `board_check.py`: the board against what the scenario expects.
- `arithmetic.py`: checks a spoken cost sum.
- `scorecard.py`: grades a whole transcript into a `Scorecard`; `written.py`: one written answer.
- `corrections.py`: mistyped and misheard words put right, and graded again; `slips.py`,
  `everyday.py`: which changes are slips of the keyboard; `mishearing.py`, `said_aloud.py`: which
  put right what was misheard; `alignment.py`: both versions beside each other.
- `uncertain.py`: words of a spoken turn that may have been others.
- `disputes.py`: what people say about a verdict, beside the card.
- `comparison.py`: two cards of one person side by side.
- `speech.py`, `fillers.py`: how it was said, which is never part of a score; `conversation.py`:
  how the bot let the candidate speak.
- `render/`: the scorecard as terminal text, Markdown, JSON and one HTML file; progress as text
  and as a picture.

May import `scenarios` and `whiteboard`.
"""
