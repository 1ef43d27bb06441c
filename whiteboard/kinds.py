"""What a label says about the kind of component.

`SYNONYMS` is the whole of the knowledge. A phrase matches where its words stand next to each other
in the label, whatever the case, hyphens or a plural *s*. Of several phrases the one that ends last
wins, since English puts the noun that counts at the end ("LLM gateway" is a gateway, "Redis cache"
a cache); of phrases with the same end the longest wins ("review queue" is a human review). What
follows a preposition is read only where the words before it say nothing ("queue for reviews").
"""

from __future__ import annotations

import re
from types import MappingProxyType

from whiteboard.board import ComponentKind

SYNONYMS: MappingProxyType[ComponentKind, tuple[str, ...]] = MappingProxyType(
    {
        ComponentKind.USER: (
            *("user", "customer", "patient", "employee", "caller", "shopper", "student"),
            *("developer", "end user", "tenant"),
        ),
        ComponentKind.CLIENT: (
            *("client", "app", "web app", "mobile app", "browser", "frontend", "front end", "ui"),
            *("widget", "chat widget", "slack", "discord", "sdk", "cli", "ide", "portal"),
        ),
        ComponentKind.GATEWAY: (
            *("gateway", "api gateway", "load balancer", "lb", "proxy", "reverse proxy", "ingress"),
            *("router", "bff", "waf", "edge", "nginx", "envoy", "litellm"),
        ),
        ComponentKind.SERVICE: (
            *("service", "api", "server", "backend", "back end", "worker", "microservice"),
            *("orchestrator", "agent", "planner", "scheduler", "lambda", "ingester", "chunker"),
            *("ingestion", "pipeline", "controller", "runner", "executor", "state machine"),
        ),
        ComponentKind.QUEUE: (
            *("queue", "kafka", "sqs", "rabbitmq", "pubsub", "pub sub", "event bus", "bus"),
            *("message bus", "broker", "message broker", "stream", "event stream", "dlq"),
            *("kinesis", "nats", "dead letter queue"),
        ),
        ComponentKind.CACHE: (
            *("cache", "redis", "memcached", "valkey", "semantic cache", "prompt cache", "cdn"),
            *("kv cache", "response cache"),
        ),
        ComponentKind.DATABASE: (
            *("database", "db", "postgres", "postgresql", "mysql", "sqlite", "sql", "dynamodb"),
            *("mongodb", "mongo", "cassandra", "spanner", "store", "storage", "datastore", "s3"),
            *("bucket", "object store", "blob store", "data lake", "warehouse", "data warehouse"),
            *("bigquery", "snowflake", "ledger", "system of record", "knowledge base"),
        ),
        ComponentKind.VECTOR_STORE: (
            *("vector store", "vector db", "vector database", "vector index", "vectorstore"),
            *("vectordb", "vector search", "pgvector", "pinecone", "qdrant", "weaviate", "milvus"),
            *("chroma", "chromadb", "chroma db", "faiss", "hnsw", "ann index", "embedding index"),
            *("embedding store", "embeddings store", "embeddings index", "embeddings db"),
        ),
        ComponentKind.LLM: (
            *("llm", "large model", "big model", "main model", "frontier model", "chat model"),
            *("foundation model", "language model", "large language model", "generator", "gpt"),
            *("gpt3", "gpt4", "gpt5", "4o", "claude", "sonnet", "opus", "gemini", "llama"),
            *("mistral", "mixtral", "qwen", "deepseek", "openai", "anthropic", "bedrock", "vllm"),
            *("strong model", "expensive model"),
        ),
        ComponentKind.SMALL_MODEL: (
            *("small model", "small llm", "small language model", "slm", "cheap model", "mini"),
            *("fast model", "nano", "haiku", "flash", "gemma", "phi", "distilbert", "classifier"),
            *("intent classifier", "router model", "cheap llm", "fine tuned model", "7b", "8b"),
        ),
        ComponentKind.RETRIEVER: (
            *("retriever", "retrieval", "search", "search index", "search service", "bm25"),
            *("hybrid search", "keyword search", "keyword index", "full text index", "rag"),
            *("elasticsearch", "elastic", "opensearch", "lucene", "retrieval service"),
        ),
        ComponentKind.RERANKER: (
            *("reranker", "re ranker", "rerank", "ranker", "cross encoder", "reranking model"),
            *("reranker model", "cohere rerank"),
        ),
        ComponentKind.TOOL: (
            *("tool", "plugin", "connector", "function call", "mcp", "mcp server", "sandbox"),
            *("code interpreter", "calculator", "web search", "tool server", "tool api", "crm"),
            *("erp", "jira", "zendesk", "salesforce", "stripe", "tool call", "code sandbox"),
        ),
        ComponentKind.POLICY_ENGINE: (
            *("policy engine", "policy", "policy check", "policy service", "policy layer", "opa"),
            *("authz", "authorisation", "authorization", "permission", "permission check"),
            *("permission service", "access control", "rbac", "acl", "cedar", "rules engine"),
            *("rule engine", "entitlement", "entitlement service", "authz service", "acl filter"),
            *("policy gate", "policy agent"),
        ),
        ComponentKind.GUARDRAIL: (
            *("guardrail", "guard", "guardrail service", "moderation", "moderation api"),
            *("content filter", "input filter", "output filter", "safety filter", "pii filter"),
            *("redactor", "redaction", "pii scrubber", "scrubber", "validator", "dlp"),
            *("output validator", "injection filter", "safety classifier", "injection classifier"),
            *("injection detector", "redaction service", "schema check", "guardrail model"),
        ),
        ComponentKind.EVAL_HARNESS: (
            *("eval", "evaluation", "evaluator", "eval harness", "eval suite", "eval set"),
            *("golden set", "golden dataset", "test set", "judge", "llm judge", "llm as judge"),
            *("regression suite", "benchmark", "eval runner", "eval pipeline", "eval service"),
            *("a b test", "judge model", "offline eval", "online eval"),
        ),
        ComponentKind.HUMAN_REVIEW: (
            *("human review", "human reviewer", "reviewer", "review queue", "human", "hitl"),
            *("human in the loop", "approval", "approval queue", "approver", "human agent"),
            *("human approval", "escalation", "escalation queue", "clinician", "moderator"),
            *("annotator", "labeller", "labeler", "review ui", "approval ui", "support desk"),
            *("review team", "analyst", "human queue", "manual review"),
        ),
        ComponentKind.TRACE_STORE: (
            *("trace store", "trace", "tracing", "trace db", "trace database", "log", "log store"),
            *("logging", "observability", "telemetry", "audit log", "audit store", "audit db"),
            *("langfuse", "langsmith", "opentelemetry", "otel", "datadog", "prometheus"),
            *("grafana", "metric", "monitoring", "audit trail", "logging service", "monitor"),
        ),
    }
)

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREPOSITION = re.compile(r"\b(?:for|of|with|via|in|on|from|by|to)\b", re.IGNORECASE)

_KIND_OF = {
    tuple(f"{phrase}{ending}".split()): kind
    for ending in ("es", "s", "")  # what is a phrase as it stands is no plural of another
    for kind, phrases in SYNONYMS.items()
    for phrase in phrases
}
_LONGEST = max(map(len, _KIND_OF))


def infer_kind(label: str) -> ComponentKind:
    """The kind that a label names, `OTHER` where it names none that `SYNONYMS` knows."""
    for reading in dict.fromkeys((label, _CAMEL.sub(" ", label))):
        main = _PREPOSITION.split(reading, maxsplit=1)[0]
        for part in dict.fromkeys((main, reading)):
            kind = _last_named(part)
            if kind is not ComponentKind.OTHER:
                return kind
    return ComponentKind.OTHER


def _last_named(text: str) -> ComponentKind:
    words = tuple(_WORD.findall(text.lower()))
    for end in range(len(words), 0, -1):
        for start in range(max(0, end - _LONGEST), end):
            kind = _KIND_OF.get(words[start:end])
            if kind is not None:
                return kind
    return ComponentKind.OTHER
