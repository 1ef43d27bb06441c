"""Where an interview is kept: SQLite through async SQLAlchemy, one process per file.

- `tables.py`: the tables and their portable column types.
- `database.py`: opens a database file: lock, PRAGMAs, migration; the transactions.
- `revisions.py`: brings a file to the newest schema.
- `errors.py`: the error tree, and SQLite's errors translated into it.
- `migrations/`: the steps from an empty file to today's tables.
- `interviews.py`: `SqlStore`, the tables behind `interviewer.ports.Store`.
- `rows.py`: rows to domain values and back.
- `turns.py`: the transcript, put together from inbox and outbox.
- `boards.py`: the revisions of the whiteboard.
- `scorecards.py`: finished interviews and their cards; deleting an interview.
- `reviews.py`: what was measured of each concept, for the practice schedule.
- `retention.py`: export, and the deletion of what is too old.
- `checkpoints.py`: LangGraph's saver, in a file of its own that may be lost at any time.

May import `interviewer` and everything below it.
"""
