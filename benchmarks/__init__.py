"""Measurements; each module prints its tables of docs/benchmarks.md.

`python -m benchmarks` runs all of them, `python -m benchmarks turn finder` some, and each runs by
itself as `python -m benchmarks.turn`.

- `blind_cases.py`: the finder against a reader's labels.
- `examples.py`: three whole rounds against a reader's verdicts and ratings.
- `attacks.py`: what a bluffer, a parrot and an injector obtain from the finder.
- `human_grades.py`: the finder against what people have judged and graded; needs the folder of
  `HOTSEAT_BENCH_DATA`. Its parts: `graded_rows.py` reads the rows, `graded_concepts.py`,
  `graded_answers.py` and `graded_attacks.py` measure, `estimates.py` gives the intervals.
- `adaptivity.py`: how far two candidates are asked different things.
- `finder.py`: the evidence finder by length of the answer.
- `turn.py`: what one turn costs, beside the bare turn loop.
- `waiting.py`: a thousand waiting interviews, and 50 turns a second over them.
- `startup.py`: `hotseat --help`, and the way to the first question.
- `crash.py`: kills at every point of a turn and at random moments.
- `model_turn.py`: what a turn with a language model costs beside the exchange with its server;
  `model_sentences.py`: when its sentences are shown; `model_candidate.py`: who answers.
- `model_cost.py`: what a 45-minute round costs at list prices, by model.
- `injections.py`: what attacks obtain through a hostile language model. Its parts:
  `injections.yaml` and `injected.py`, the attacks and the rounds that they are tried in;
  `honest_drift.py`: what honest answers lose. What got through is found by `evals/told.py`,
  `evals/raised.py` and `evals/offers.py`.
- `judge_claims.py`: which quotes a judge may claim; `lying_judge.py`: what one that lies obtains.
- `scene_reading.py`: a scene of the canvas to a graph.
- `board_reading.py`: how well boards that were drawn in the page are read. `draw_boards.py` draws
  them: `served_page.py` serves the page, `drawn_page.py` opens it in Chromium, and mouse and
  keyboard are `drawing_hand.py` and `drawing_places.py`.
- `page_start.py`: how soon the page can be drawn on, and what it loads; needs Chromium.
- `voice_talk.py`: calls with scripted people, beside pipecat; `voice_frontier.py`: cut-ins at equal
  waits; `voice_glossary.py`: what terms cost; `gpu_speech.py`: Whisper by batch. Their parts are in
  `voice/`, and pipecat's side in `pipecat/`.
- `stand_in.py`: the product on a language model that is none.
- `figures.py`, `rehearsal.py`, `answers.py`: what they share.
"""
