"""Voice: audio to words, words to audio, and whose turn it is; imports nothing first-party.

`speech.py` has the values and ports that the rest speaks in, `audio.py` frames, resampling and
loudness. Hearing: `vad.py` (speech or not), `transcribe.py` (faster-whisper), `partials.py`,
`guards.py`, `batching.py`, `devices.py`. Turns: `turns.py` and `cues.py` (pure rules),
`end_of_turn.py` (an optional model). Speaking: `speak.py` (Piper), `clauses.py`, `lexicon.py`,
`playback.py`. `pipeline.py` joins them into a conversation; `models.py` lists and fetches models.
"""
