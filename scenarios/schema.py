"""The JSON schema of the pack files, for editors.

`python -m scenarios.schema` writes `schema.json` beside this file. A YAML file that starts with

    # yaml-language-server: $schema=../../../schema.json#/$defs/Scenario

is then completed and checked while it is typed.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic.json_schema import models_json_schema

from scenarios.model import CaseFile, PackManifest, Plan, Question, Scenario, StoryPrompt

PATH = Path(__file__).with_name("schema.json")
_FILES = (PackManifest, Scenario, Question, StoryPrompt, Plan, CaseFile)


def render_schema() -> str:
    """The schema as the text of `schema.json`; a file is valid as any one of the file models."""
    references, definitions = models_json_schema([(model, "validation") for model in _FILES])
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of a Hotseat pack",
        "anyOf": [references[model, "validation"] for model in _FILES],
        **definitions,
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(render_schema(), encoding="utf-8")
