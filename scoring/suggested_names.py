"""Names of employers and clients that a candidate may want to leave out before sharing a card.

A cautious list to choose from, never applied by itself: capitalised words in the middle of a
sentence that are no known term of the trade and none of the pack's words. It overlooks names that
only begin sentences, and names in speech that was written down in lower case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from scoring.record import GivenKind
from scoring.scorecard import RoundCard, Scorecard
from scoring.text import word_set
from scoring.transcript import Speaker

MOST_SUGGESTED = 12

KNOWN_TERMS = word_set(
    """airflow anthropic aws azure bedrock bert bigquery celery chatgpt chroma claude confluence
    copilot cuda databricks datadog deepseek discord docker dynamodb elasticsearch excel faiss
    fastapi flask gdpr gemini git github gitlab go google gpt grafana grpc haiku hipaa huggingface
    java javascript jira json kafka kibana kinesis kubernetes lambda langchain langfuse langgraph
    langsmith linux llama llamaindex lucene markdown milvus mistral mlflow mongodb mysql neo4j nginx
    node numpy nvidia okta ollama openai opensearch opus oracle outlook pandas pinecone postgres
    postgresql prometheus pydantic pytest python pytorch qdrant qwen rabbitmq ray react redis
    redshift rest rust sagemaker salesforce sentry sharepoint slack snowflake sonnet spark sql
    sqlite stripe teams tensorflow terraform transformer transformers triton twilio typescript
    vllm weaviate whisper word xgboost yaml zendesk
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december christmas easter
    american asian british chinese dutch english european french german indian italian japanese
    portuguese russian spanish america asia britain china europe france germany india japan
    i i'd i'll i'm i've ok okay"""
)
"""Products and projects that everybody in the trade knows, days, months, places and languages."""

_WORD = re.compile(r"[^\W_](?:[\w&'’-]*[\w])?")
_POSSESSIVE = re.compile(r"['’]s$")
_OPENS = re.compile(r"(?:^|[.!?:;…\n\"“(\[*•>|–—-])\s*$")
_BEFORE_ACRONYM = re.compile(
    r"\b(?:at|for|from|joined|called|named|client|customer|company|employer)\s+$", re.IGNORECASE
)
_PHRASE_GAP = re.compile(r"[ \t]+")
_LOOK_BACK = 20


def suggest_names(card: Scorecard) -> tuple[str, ...]:
    """At most `MOST_SUGGESTED` words or phrases, the most frequent first."""
    ordinary = KNOWN_TERMS | _words_of_the_pack(card) | _lower_case_words(card)
    counts = Counter(phrase for text in _answers(card) for phrase in _phrases(text, ordinary))
    return tuple(phrase for phrase, _ in counts.most_common(MOST_SUGGESTED))


def _answers(card: Scorecard) -> Iterator[str]:
    return (turn.text for turn in card.transcript if turn.speaker is Speaker.CANDIDATE)


def _phrases(text: str, ordinary: frozenset[str]) -> Iterator[str]:
    """Names in the text; capitalised words in a row are one, up to a possessive."""
    runs: list[list[str]] = []
    end = None
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match[0])
        goes_on = end is not None and bool(_PHRASE_GAP.fullmatch(text, end, match.start()))
        if not _is_name(text, match.start(), word, ordinary, goes_on=goes_on):
            continue
        if goes_on:
            runs[-1].append(word)
        else:
            runs.append([word])
        end = match.end() if word == match[0] else None
    return (" ".join(run) for run in runs)


def _is_name(text: str, start: int, word: str, ordinary: frozenset[str], *, goes_on: bool) -> bool:
    if not word[0].isupper() or word.casefold() in ordinary:
        return False
    before = text[max(0, start - _LOOK_BACK) : start]
    if _OPENS.search(before) is not None:
        return False
    if any(char.islower() for char in word):
        return len(word) > 1
    return goes_on or _BEFORE_ACRONYM.search(before) is not None


def _words_of_the_pack(card: Scorecard) -> frozenset[str]:
    said = " ".join(text for held in card.rounds for text in _pack_texts(held))
    practice = " ".join(item.question for item in card.practise_next)
    return frozenset(word.casefold() for word in _WORD.findall(f"{said} {practice}"))


def _pack_texts(held: RoundCard) -> Iterator[str]:
    yield from (held.title, held.brief)
    for stage in held.stages:
        yield stage.title
        yield from (verdict.statement for verdict in stage.verdicts)
        yield from (flag.statement for flag in stage.red_flags)
    if held.curveball is not None:
        yield held.curveball.text
        yield from (verdict.statement for verdict in held.curveball.verdicts)
    yield from (one.text for one in held.given if one.kind is GivenKind.FACT)


def _lower_case_words(card: Scorecard) -> frozenset[str]:
    """Words that the candidate also wrote small: ordinary words, capitalised for weight."""
    words = (word for text in _answers(card) for word in _WORD.findall(text))
    return frozenset(word for word in words if word.islower())
