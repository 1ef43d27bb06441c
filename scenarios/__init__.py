"""What is asked: the content of interviews, as data.

- `model.py`: the shapes a pack may hold (strict, frozen; the format's manual).
- `rounds.py`: a scenario, a story prompt or a list of questions as one `RoundPlan`.
- `load.py`: reads packs from the built-in folder and the user's own; collects every error.
- `documents.py`, `validation.py`: one YAML file as plain values, and those as a model.
- `lint.py`: what a shape cannot say: phrasings that must hit, questions that leak; it calls on
  `references.py` (ids, stages, references, sums) and `wording.py` (probes, doubles), and
  `outline.py` knows where every sentence stands.
- `schema.json`: generated from `model.py` by `schema.py`, so that an editor completes the YAML.
- `packs/<pack>/`: `pack.yaml`, `design/`, `drill/`, `behavioural/`, `plans/`, `cases/`.

May import `whiteboard` (component kinds) and nothing else of ours.
"""
