"""A small pack without faults, as plain values to be bent, and finders for the linter."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from scenarios.lint import Keyed
from scenarios.model import Concept, Cue, DesignStage, StoryStage
from scoring.evidence import EvidenceFinder, match_cues
from scoring.text import content_stems
from scoring.verdicts import Verdict

Values = dict[str, Any]

MANIFEST: Values = {
    "id": "sample",
    "title": "Sample",
    "version": "1.0.0",
    "language": "en",
    "licence": "CC0-1.0",
    "description": "A pack for tests.",
}


def concept(name: str) -> Values:
    """A concept that is shown by the word `name`."""
    return {
        "id": name,
        "statement": f"The design has {name}.",
        "weight": 2,
        "level": "mid",
        "cues": [{"all": [name]}],
        "phrasings": [
            f"We put {name} before the first step.",
            f"Nothing runs without {name}, whatever happens.",
            f"Every request meets {name} on its way.",
        ],
        "near_misses": [f"Safety first, near {name[0]}.", f"Something around {name[0]} helps."],
        "probes": [f"What stands at {name[0]}?", f"How would {name[0]} fail?"],
        "hint": f"Think about {name}.",
        "source": "made up",
    }


def stages(names: type[DesignStage] | type[StoryStage]) -> Values:
    """One stage with one concept for each name, sharing the time evenly."""
    return {
        name.value: {
            "opening": f"Let us turn to {name.value}.",
            "share": round(1 / len(names), 4),
            "concepts": [concept(f"{'abcdef'[index]}concept")],
        }
        for index, name in enumerate(names)
    }


def scenario() -> Values:
    """A scenario with every part that a reference can point to."""
    content = stages(DesignStage)
    content["loop"]["red_flags"] = [
        {
            "id": "flag",
            "statement": "Promises too much.",
            "cues": [{"all": ["always works"]}],
            "examples": ["It always works."],
            "near_misses": ["It works most of the time.", "It always has a way to fail."],
            "probe": "When does it not?",
        }
    ]
    content["scope"]["concepts"][0]["contradictions"] = [
        {
            "cue": {"all": ["no limit"]},
            "example": "There is no limit.",
            "probe": "Where does it stop?",
        }
    ]
    return {
        "id": "sample-scenario",
        "title": "Sample scenario",
        "brief": "Design a thing.",
        "level": "mid",
        "minutes": 45,
        "source": "made up",
        "facts": [
            {
                "id": "traffic",
                "topic": "traffic",
                "answer": "A hundred a day.",
                "cues": [{"all": ["how many"]}],
                "example_questions": ["how many come in?", "So how many is it?"],
            }
        ],
        "stages": content,
        "curveball": {
            "stage": "models",
            "text": "The budget is halved.",
            "concepts": [concept("zconcept")],
        },
        "board": {
            "components": [
                {"id": "api", "title": "API", "names": ["api"], "probe": "What comes in first?"},
                {"id": "store", "title": "Store", "names": ["store"], "probe": "What is kept?"},
            ],
            "edges": [{"source": "api", "target": "store", "probe": "Who writes to it?"}],
            "forbidden": [
                {
                    "source": "store",
                    "target": "api",
                    "unless_through": ["store"],
                    "reason": "It must not call back.",
                    "probe": "Who starts that call?",
                }
            ],
            "zones": [
                {
                    "id": "inside",
                    "title": "Inside",
                    "names": ["inside"],
                    "contains": ["store"],
                    "concept": "aconcept",
                    "probe": "Where is the border?",
                }
            ],
        },
        "cost": {
            "unit": "request",
            "units_per_month": 1000,
            "prices": {"large": {"input": 3, "cached": 0.3, "output": 15}},
            "lines": [
                {
                    "name": "answer",
                    "calls": 1,
                    "share": 1,
                    "input": 2000,
                    "cached": 1000,
                    "output": 100,
                    "model": "large",
                }
            ],
            "unit_usd": 0.0048,
            "month_usd": 4.8,
        },
    }


def question(name: str = "sample-question") -> Values:
    """A drill question with one concept."""
    return {
        "id": name,
        "topic": "agents",
        "level": "mid",
        "ask": "What stops it?",
        "minutes": 2,
        "concepts": [concept("budget")],
        "source": "made up",
    }


def story() -> Values:
    """A story prompt with one concept a stage."""
    return {
        "id": "sample-story",
        "title": "Sample story",
        "level": "mid",
        "ask": "Tell me about a time.",
        "minutes": 10,
        "stages": stages(StoryStage),
        "source": "made up",
    }


def plan() -> Values:
    """A plan of all three kinds of round."""
    return {
        "id": "sample-plan",
        "title": "Sample plan",
        "role": "engineer",
        "level": "mid",
        "rounds": [
            {"kind": "design", "items": ["sample-scenario"]},
            {"kind": "behavioural", "items": ["sample-story"]},
            {"kind": "drill", "items": ["sample-question"]},
        ],
        "note": "A plan for tests.",
    }


def cases() -> Values:
    """One case of the scenario's scope stage."""
    case = {
        "id": "weak",
        "stage": "scope",
        "quality": "weak",
        "text": "Private words.",
        "shows": ["aconcept"],
    }
    return {"item": "sample-scenario", "cases": [case]}


def write_pack(folder: Path, **changed: Values) -> Path:
    """The sample pack in `folder`; keywords (`scenario`, `plan`, ...) replace a file's values."""
    write(folder / "pack.yaml", changed.get("manifest", MANIFEST))
    write(folder / "design/one.yaml", changed.get("scenario", scenario()))
    write(folder / "drill/one.yaml", changed.get("question", question()))
    write(folder / "behavioural/one.yaml", changed.get("story", story()))
    write(folder / "plans/one.yaml", changed.get("plan", plan()))
    write(folder / "cases/sample-scenario.yaml", changed.get("cases", cases()))
    return folder


def write(path: Path, values: object) -> Path:
    """`values` as a YAML file; parts that are shared are written out, as packs have no aliases."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = json.loads(json.dumps(values))
    path.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), "utf-8")
    return path


class WordFinder:
    """Finds a cue where each of its slots stands in the text letter by letter."""

    def hits(self, concepts: Keyed, text: str, heard: Sequence[str] = ()) -> frozenset[str]:
        """The keys whose concept has a matching cue."""
        return frozenset(key for key, one in concepts if self.matches(one.cues, text))

    def matches(self, cues: Sequence[Cue], text: str) -> bool:
        """Whether all slots of a cue stand in the text."""
        return any(all(slot in text for slot in cue.all) for cue in cues)

    def stems(self, text: str) -> Sequence[str]:
        """The words themselves."""
        return text.lower().strip(".?").split()


class OfflineFinder:
    """The evidence finder of the product."""

    def __init__(self) -> None:
        self._concepts: Sequence[tuple[str, Concept]] = ()
        self._finder = EvidenceFinder(())

    def hits(self, concepts: Keyed, text: str, heard: Sequence[str] = ()) -> frozenset[str]:
        """The keys of plain hits."""
        if concepts is not self._concepts:
            self._concepts, self._finder = concepts, EvidenceFinder(concepts)
        found = self._finder.find(text, heard)
        return frozenset(one.key for one in found if one.verdict is Verdict.HIT)

    def matches(self, cues: Sequence[Cue], text: str) -> bool:
        """Whether any cue matches."""
        return match_cues(cues, text) is not None

    def stems(self, text: str) -> Sequence[str]:
        """Snowball stems."""
        return content_stems(text)
