"""A request as a model reads it: what it is for, what was said, which moves are offered.

The wire form is that of the interviewer's and the judge's prompts. What a candidate wrote is taken
out before anything else is looked for, so that lines in it pass for nothing but words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

_TURN = re.compile(
    r'<candidate (?=[^>]*\bn="(?P<nonce>[^"]+)")(?P<candidate>[^>]*)>\n?'
    r'(?P<words>.*?)\n?</candidate n="(?P=nonce)">'
    r"|<interviewer(?P<interviewer>[^>]*)>\n?(?P<question>.*?)\n?</interviewer>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_MOVE = re.compile(
    r"^move (?P<id>\S+) *\| *(?P<kind>[^|\n]+?) *\| *(?P<concept>[^|\n]+?) *\| *(?P<text>.*?) *$",
    re.MULTILINE,
)
_CONCEPT = re.compile(
    r"^concept (?P<key>[^\s/:]+/[^\s:(]+) *(?:\(weight (?P<weight>\d)\))? *:? *(?P<rest>.*)$"
)
BY_THE_PROGRAM = "(said by the program"
EXCERPT = 60
NO_TURNS = frozenset({"", "board"})
"""What stands in a candidate's tags and was not said: assumptions, the labels of the board."""


class Offered(NamedTuple):
    """A move that may be chosen; `question` is None where the program says the words itself."""

    id: str
    kind: str
    concept: str | None
    question: str | None


class Rubric(NamedTuple):
    """A concept to look for; `lines` are those below its own: phrasings, near misses."""

    key: str
    weight: int | None
    statement: str
    lines: tuple[str, ...] = ()


class Said(NamedTuple):
    """A turn; `stage` is empty where the prompt does not name it."""

    turn: str
    by_candidate: bool
    text: str
    stage: str = ""


@dataclass(frozen=True)
class Seen:
    """A parsed request.

    Attributes:
        body: the request itself.
        schema: the JSON schema of the answer, wherever the request has it; empty for none.
        system_text: everything in the system part.
        blocks: the texts of the user's blocks, in order.
    """

    body: Mapping[str, Any]
    schema: Mapping[str, Any]
    system_text: str
    blocks: tuple[str, ...]

    @classmethod
    def of(cls, body: Mapping[str, Any], *, by_format: bool = True, by_tool: bool = True) -> Seen:
        """What a server reads that understands `output_config`, or forced tools, or neither."""
        system = tuple(_texts(body.get("system") or ()))
        messages = [one for one in body["messages"] if one["role"] == "user"]
        blocks = tuple(text for one in messages for text in _texts(one["content"]))
        schema = _format(body) if by_format else None
        if schema is None and by_tool and (tool := forced_tool(body)):
            schema = tool["input_schema"]
        if schema is None:
            ours = (_TURN.sub("", text) for text in (*blocks[::-1], *system[::-1]))
            schema = next(filter(None, map(_schema_in, ours)), {})
        return cls(body, schema, "\n\n".join(system), blocks)

    @property
    def purpose(self) -> str:
        """`interview`, `judge`, or empty for anything else, by the properties of the schema."""
        asked = self.schema.get("properties", {}).keys()
        if {"move", "say", "assessments"} <= asked:
            return "interview"
        return "judge" if "verdicts" in asked else ""

    @property
    def user_text(self) -> str:
        """Everything in the user's blocks."""
        return "\n\n".join(self.blocks)

    def moves(self) -> tuple[Offered, ...]:
        """The offered moves, in order.

        Raises:
            AssertionError: no block outside the turns has any.
        """
        for block in reversed(self._rest):
            if found := [_offered(match) for match in _MOVE.finditer(block)]:
                return tuple(found)
        raise AssertionError(
            "no move is offered: no line `move <id> | <kind> | <concept or -> | <question>` "
            f"outside the turns of {self._outline()}"
        )

    def concepts(self) -> tuple[Rubric, ...]:
        """The concepts of the round, or of a judge's call.

        Raises:
            AssertionError: no block outside the turns has any.
        """
        if not self._rubrics:
            raise AssertionError(
                "no concept is named: no line `concept <stage>/<id>: <statement>` "
                f"outside the turns of {self._outline()}"
            )
        return self._rubrics

    def turns(self) -> tuple[Said, ...]:
        """Everything that was said, in order, of both speakers."""
        return self._turns

    def candidate_texts(self) -> tuple[str, ...]:
        """What the candidate said, turn by turn.

        Raises:
            AssertionError: there is no candidate's turn.
        """
        found = tuple(said.text for said in self._turns if said.by_candidate)
        if not found:
            raise AssertionError(
                'no candidate\'s turn: no `<candidate n="..." turn="...">` that is closed by '
                f'`</candidate n="...">` in {self._outline()}'
            )
        return found

    def asides(self) -> tuple[str, ...]:
        """The user's part without what was said: round, ledger, board, concepts, moves."""
        return tuple(_TURN.sub(_keep_asides, block) for block in self.blocks)

    @cached_property
    def _turns(self) -> tuple[Said, ...]:
        found = (_said(match) for block in self.blocks for match in _TURN.finditer(block))
        return tuple(said for said in found if said.turn not in NO_TURNS)

    @cached_property
    def _rest(self) -> tuple[str, ...]:
        """The blocks without the turns."""
        return tuple(_TURN.sub("", block) for block in self.blocks)

    @cached_property
    def _rubrics(self) -> tuple[Rubric, ...]:
        found = (rubric for block in self._rest for rubric in _rubrics(block))
        return tuple({rubric.key: rubric for rubric in found}.values())

    def _outline(self) -> str:
        starts = ", ".join(repr(block[:EXCERPT]) for block in self._rest)
        return f"{len(self.blocks)} user blocks, which begin with {starts}"


def forced_tool(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The tool that has to be used, if any has to."""
    choice = body.get("tool_choice") or {}
    tools = body.get("tools") or ()
    if choice.get("type") == "any":
        return next(iter(tools), None)
    if choice.get("type") == "tool":
        return next((tool for tool in tools if tool["name"] == choice.get("name")), None)
    return None


def _format(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    wanted = (body.get("output_config") or {}).get("format")
    return wanted["schema"] if wanted else None


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
        return
    for block in content:
        if block.get("type") == "text":
            yield block["text"]


def _schema_in(text: str) -> Mapping[str, Any] | None:
    """The last JSON object with `properties` in a text."""
    found = None
    at = text.find("{")
    while at >= 0:
        try:
            value, end = json.JSONDecoder().raw_decode(text, at)
        except ValueError:
            at = text.find("{", at + 1)
            continue
        found = value if "properties" in value else found
        at = text.find("{", end)
    return found


def _said(match: re.Match[str]) -> Said:
    by_candidate = match["nonce"] is not None
    attributes = dict(_ATTRIBUTE.findall(match["candidate" if by_candidate else "interviewer"]))
    text = match["words" if by_candidate else "question"]
    return Said(attributes.get("turn", ""), by_candidate, text, attributes.get("stage", ""))


def _keep_asides(match: re.Match[str]) -> str:
    said = _said(match)
    return said.text if said.turn in NO_TURNS else ""


def _offered(match: re.Match[str]) -> Offered:
    concept = None if match["concept"] == "-" else match["concept"]
    question = None if match["text"].startswith(BY_THE_PROGRAM) else match["text"]
    return Offered(match["id"], match["kind"], concept, question)


def _rubrics(block: str) -> Iterator[Rubric]:
    """Each concept line of a block with the lines below it, up to an empty one."""
    rubric: Rubric | None = None
    for line in block.splitlines():
        match = _CONCEPT.match(line)
        if match or not line.strip():
            if rubric:
                yield rubric
            rubric = _rubric(match) if match else None
        elif rubric:
            rubric = rubric._replace(lines=(*rubric.lines, line.strip()))
            if not rubric.statement:
                rubric = rubric._replace(statement=line.strip().removeprefix("statement:").strip())
    if rubric:
        yield rubric


def _rubric(match: re.Match[str]) -> Rubric:
    weight = int(match["weight"]) if match["weight"] else None
    return Rubric(match["key"], weight, match["rest"].strip())
