"""The board: components, arrows and zones as a graph, as text, as a scene of the canvas, a picture.

- `board.py`: the `Board` and its parts; the same drawing always gives the same board. `kinds.py`:
  what a label says about the kind of a component. `difference.py`: what changed between two boards.
  `edits.py`: an edit of one board, done to another. `changed.py`: the elements that show a change.
- `sketch.py`: arrow text and the Mermaid flowchart subset to a `Board` and back; its parts are
  `sketch_scanner.py` and `sketch_draft.py`.
- `elements.py`: what is kept of a canvas element from outside, and which of two versions counts.
  `untrusted.py`: values from outside.
- `excalidraw.py`: a scene of the canvas to a `Board`. In the order in which a scene goes through:
  `scene_parts.py` (elements as parts), `scene_heads.py` (heads drawn by hand), `scene_loops.py`
  and `scene_groups.py` (which are one thing), `scene_zones.py`, `scene_labels.py`,
  `scene_ends.py` (what arrows meet), `scene_claims.py` (whose loose words are),
  `scene_arrows.py`, `scene_naming.py`, `scene_board.py`; `outlines.py`: what is near a place.
- `palette.py`: what each kind of component looks like.
- `layout.py`: a board in columns, with nested zones; `routing.py`: its arrows around the boxes.
  Their parts: `places.py`, `cells.py`, `layering.py`, `ordering.py`, `spacing.py`, `sizing.py`,
  `boxes.py`, `lettering.py`, `geometry.py`.
- `scene.py`: a board as elements of the canvas, and a scene brought up to date with a board. Its
  parts: `drawing.py`, `element_forms.py`, `scene_changes.py`, `scene_adoption.py`,
  `scene_looks.py`, `scene_room.py`, `scene_versions.py`, `free_routes.py`.
- `picture.py`: scenes and boards as SVG and PNG. Its parts: `marks.py`, `grounds.py`, `ways.py`,
  `colours.py`, `svg.py`; the font is in `fonts/`. `__main__.py` draws one in its own process.

Imports nothing of ours.
"""
