"""The scorecard for people, the same content in every form, and ratings over time.

- `wording.py`: the words, symbols and numbers that all forms share.
- `terminal.py`: `render_terminal`, on a rich console.
- `markdown.py`: `render_markdown`, with candidate text escaped.
- `html.py`: `render_html`, one self-contained file from `scorecard.html.j2` and `scorecard.css`;
  `passages.py` is its transcript.
- `replay.py`: the boards of a round as pictures with what changed, for `replay.html.j2` and
  `replay.js`; `timeline.py`: when things happened, and which boards are shown.
- `beside.py`: disputes, overrides and corrected answers, next to the card's own words.
- `comparison.py`: two cards side by side, as sections of lines and as Markdown.
- `progress.py`: `render_progress_text`, ratings over time in words.
- `chart.py`: `render_progress_png`, the same as a picture.

JSON both ways is in `scoring/scorecard.py`. To change how a card looks, change the form; to change
what it says, change `wording.py`.
"""
