"""What is asked: the content of interviews, as data.

- `model.py`: the shapes a pack may hold (strict, frozen; the format's manual).
- `rounds.py`: a scenario, a story prompt or a list of questions as one `RoundPlan`.
- `load.py`: reads packs from the built-in folder and the user's own; collects every error.
- `lint.py`: what a shape cannot say: references, phrasings that must hit, questions that leak.
- `schema.json`: generated from `model.py`, so that an editor completes the YAML.
- `packs/<pack>/`: `pack.yaml`, `design/`, `drill/`, `behavioural/`, `plans/`, `cases/`.

May import `whiteboard` (component kinds) and nothing else of ours.
"""
