"""Live interviews: where they take place, what happens in them, and how they show themselves.

`choices.py` says what a person wants, `openings.py` starts it. `house.py` keeps a `room.py` for
each live interview: what happens (`happenings.py`) waits in its queue and is done in order, after a
restart by turns (`turns.py`). `front.py` shows it, `mouth.py` posts what is said, once;
`hearing.py` knows which messages are answers; `steering.py` is what buttons and commands ask for.
`board_pictures.py` draws boards and posts them when a stage ends. Beside the whiteboard's page,
`drawings.py` hands over what is drawn there, `page_talks.py` lets it follow the talk, and
`page_side.py` is what rooms have to do with it.
"""
