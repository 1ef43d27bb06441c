"""Where an interview is kept: SQLite through async SQLAlchemy, one process per file.

- `tables.py`: the tables of interviews; `group_tables.py`: those of people and study groups.
- `model_tables.py`: those of work done with a language model; `voice_tables.py`: of speech.
- `board_tables.py`: those of live boards and of the links that open them.
- `columns.py`: their base and their portable column types.
- `database.py`: opens a database file: lock, PRAGMAs, migration; the transactions.
- `revisions.py`: brings a file to the newest schema.
- `errors.py`: the error tree, and SQLite's errors translated into it.
- `migrations/`: the steps from an empty file to today's tables.
- `interviews.py`: `SqlStore`, the tables behind `interviewer.ports.Store`.
- `rows.py`: rows to domain values and back.
- `turns.py`: the transcript, put together from inbox and outbox.
- `spoken.py`: how the interviewer's utterances were played.
- `hearings.py`: what candidates put right of spoken answers before these are graded.
- `boards.py`: the revisions of the whiteboard.
- `scenes.py`: what was drawn live, stroke by stroke, and the scene as it was at any of them;
  `stroke_batches.py`: what of it one transaction stores.
- `web_links.py`: links into the browser page, and the keys that sign them.
- `assessments.py`: what a language model said of concepts after a turn.
- `spending.py`: `SqlLedger`, the budgets behind `interviewer.budget.SpendingLedger`.
- `calls.py`: the calls of language models, and what an interview cost.
- `turn_flags.py`: turns of the interviewer that a candidate objects to.
- `installation.py`: the secret of an installation.
- `scorecards.py`: finished interviews and their cards; deleting an interview.
- `reviews.py`: what was measured of each concept, for the practice schedule.
- `retention.py`: export, and the deletion of what is too old.
- `origins.py`: which messages of an edge became events.
- `places.py`: where interviews take place on an edge, and what was posted there.
- `groups.py`, `invitations.py`: study groups, and the ways into them.
- `shares.py`, `sheets.py`: cards shared with a group, and how people rate them.
- `self_ratings.py`: how candidates rate themselves, and when they first saw their card.
- `corrections.py`: corrected answers with the card that they led to.
- `notes.py`: disputes of verdicts and the answers to them.
- `people.py`: a person's own retention time, and the export and deletion of all that is theirs.
- `checkpoints.py`: LangGraph's saver, in a file of its own that may be lost at any time.

May import `interviewer` and everything below it.
"""
