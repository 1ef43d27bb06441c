"""Scorecards for their owner: read, listed, compared, exported, corrected, disputed, deleted.

`own.py` looks interviews up among a person's own, `cards.py` draws a card and remembers that it was
seen; each other module is what one group of commands does.
"""
