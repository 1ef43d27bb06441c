"""Calls: the bot in a voice channel with a candidate, joined to an interview that has a thread.

`switchboard.py` keeps the calls of all servers, `joining.py` says whether a channel can be joined,
`opening.py` begins an interview in a call and brings the voice back to one. A `call.py` is one
call: who may be heard (`consent.py`, pure), what voice states mean for it (`presence.py`, pure),
who else speaks (`bystanders.py`). In the thread `lines.py` writes what the interviewer says,
`heard.py` what was understood of the candidate (`captions.py`, pure), and `review.py` lets them put
it right before it is graded. A call never holds an interview up: whatever ends it, the interview
goes on in writing. `installed.py` says whether the voice extra is there; everything else here is
loaded only where it is.
"""
