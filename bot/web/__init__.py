"""The browser edge: the live board, the talk beside it, and scorecards.

- `context.py`: what all routes share.
- `app.py`, `serving.py`: the routes together, and the server in the bot's loop.
- `links.py`, `entry.py`: signed links that expire and can be revoked, and the cookie for them.
- `sharing.py`: links that a candidate hands out and takes back.
- `security.py`, `limits.py`: headers, origins, sizes and rates.
- `problems.py`, `errors.py`: what a browser is told where something is wrong.
- `sockets.py`: one websocket from its admission to its end.
- `live_boards.py`, `live_board.py`, `merging.py`: boards that several people draw on.
- `board_wire.py`, `outbox.py`, `board_socket.py`: how their pages are told of each other.
- `static_files.py`: the built page.
- `drawn.py`: when what was drawn is shown to the interviewer.
- `house.py`, `room.py`, `happenings.py`, `reporting.py`: interviews that are held in the page.
- `beside.py`: one that is held in the terminal, with the page beside it.
- `talk.py`, `mouth.py`, `talk_wire.py`, `talk_socket.py`: how pages follow an interview.
- `home.py`, `wishes.py`, `pages.py`, `templates/`: the start page.
- `cards.py`, `kept_replays.py`: scorecards with their boards.
- `client/`: the source of the page; `static/`: what is built of it.
"""
