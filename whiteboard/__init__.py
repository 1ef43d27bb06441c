"""The board: components, arrows and zones as a graph.

- `board.py`: the `Board` and its parts; the same drawing always gives the same board.
- `sketch.py`: arrow text and the Mermaid flowchart subset to a `Board` and back.

Imports nothing of ours.
"""
