"""What people see: pure functions from values to messages, without any input or output.

`pages.py` divides long text into pages and draws one with its controls; `card_words.py` is a
scorecard in Discord's Markdown, `card_sections.py` its sections, `scorecard.py` the messages.
`board.py` shows a board, `board_links.py` the ways to its page.
"""
