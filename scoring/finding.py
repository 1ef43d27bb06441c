"""What the evidence finder reports, and the notes that say why a verdict is not plain."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.matches import FoundBy
from scoring.verdicts import Verdict

CONTRADICTED_NOTE = "may be contradicted"
HEDGED_NOTE = "hedged"
ASKED_NOTE = "asked, not stated"
STATED_NOTE = "stated, not asked"
LISTED_NOTE = "only named in a list"
ELSEWHERE_NOTE = "said in passing, in another stage"


@dataclass(frozen=True)
class Finding:
    """Evidence for one concept: `text[start:end] == quote`.

    `verdict` is `HIT`, `UNSURE` or `CONTRADICTED`; `score` from 0 to 1 is the coverage, 1 for a
    cue; `aptness` from 0 to 1 is how much of the concept's own wording stands around it, and how
    little else, by which quotes are chosen; `note` says why the verdict is not plain;
    `contradiction` is an index into the concept's contradictions.
    """

    key: str
    verdict: Verdict
    start: int
    end: int
    quote: str
    score: float
    found_by: FoundBy
    note: str = ""
    contradiction: int | None = None
    aptness: float = 0.0
