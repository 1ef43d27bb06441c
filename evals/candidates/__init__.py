"""Simulated candidates: small programs that answer an interviewer, the same way for one seed.

They are no people and no language models. Whoever knows something says it in the pack's own
phrasings, so what they obtain says that the parts work together, not how good the judgement is.

- `seat.py`: what a candidate sees and answers, and the list of all of them.
- `knowing.py`: strong, middling, weak, rambling and terse.
- `disruptive.py`: silent, gibberish, echo, hostile and injecting.
- `manner.py`: how a known point is worded; `lines.yaml` holds their sentences.
"""
