"""The browser edge: the live board, the talk beside it, and scorecards.

- `context.py`: what all routes share.
- `app.py`, `serving.py`: the routes together, and the server in the bot's loop.
- `links.py`, `entry.py`: signed links that expire and can be revoked, and the cookie for them.
- `sharing.py`: links that a candidate hands out and takes back.
- `security.py`, `limits.py`: headers, origins, sizes and rates.
- `live_board.py`, `board_wire.py`, `board_socket.py`: one board drawn by several people.
- `drawn.py`: when what was drawn is shown to the interviewer.
- `house.py`, `mouth.py`, `talk_wire.py`, `talk_socket.py`: interviews that are held in the page.
- `home.py`, `templates/`: the start page.
- `cards.py`: scorecards with their boards.
- `client/`: the source of the page; `static/`: what is built of it.
"""
