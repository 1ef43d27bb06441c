"""Voice: audio to words, words to audio, and whose turn it is; imports nothing first-party.

`speech.py` has the values and ports that the rest speaks in, `audio.py` samples, rates and
loudness, `models.py` (with `download.py`, `models.yaml`) the models that can be fetched,
`samples.py` those that ship; `devices.py` and `machine.py` choose where they run.

Hearing: `vad.py` tells speech from noise; `transcribe.py` is the recogniser, with `ears.py` (the
work), `batching.py`, `features.py`, `pieces.py`, `guards.py`, `model_folder.py`; `partials.py`
keeps captions from shrinking.

Turns, pure: `turns.py` decides by step, with `turn_state.py`, `turn_settings.py`, `turn_parts.py`,
`barge_in.py`; `cues.py` and `cue_words.py` read words for whether somebody has finished.
`end_of_turn.py` runs a model that listens for the same, where its file is there.

Speaking: `speak.py` is the voice; `clauses.py` cuts, `lexicon.py`, `figures.py` and `markup.py` say
how things are read; `playback.py` is the queue to the ear.

`pipeline.py` joins them into a conversation, with `hearing_turn.py`, `speaking_turn.py`, `tape.py`.
"""
