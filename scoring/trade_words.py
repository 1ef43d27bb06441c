"""Words of the trade that an interviewer brings in only after the candidate has.

"Your cache" to somebody who never spoke of one presupposes it, and naming the word may give the
answer away. Everyday words of the trade (model, prompt, user, request, answer, page) are not here:
a question cannot do without them. Names of products are listed because at the head of a sentence
their capital letter says nothing.
"""

from __future__ import annotations

from functools import lru_cache

from scoring.text import stem, tokenise, word_set

_TERMS = word_set(
    """ab ablation accuracy acl aggregator alert alerting allowlist anonymise anonymiser approval
    arbiter attestation auc audit auditor authentication autoscaler autoscaling backoff backup
    balancer baseline batch batching benchmark bm25 breaker broker budget buffer bulkhead cache
    cached caching canary cap cascade cdc changelog checkpoint checksum chunk chunker chunking
    ci citation classifier classify cluster confidence confirmation connector consensus
    credential cron cropping cutoff dashboard dataset decoder dedup deduplicate delimiter
    denylist distil distill distillation docker drift embedder embedding encoder encryption
    ensemble escalate escalation eval evals evaluator f1 failover fallback feedback filter
    finetune fingerprint freshness gate gateway golden gpu grader graph groundedness guardrail
    handoff handover hash hashing heartbeat heuristic histogram holdout hybrid hysteresis
    idempotency idempotent incremental ingestion jailbreak judge keyword kserve lambda
    leaderboard ledger linter logs log logging lora metadata microservice migration minibatch
    moderation moderator monitor monitoring mrr ndcg oauth ocr ontology orchestrator outbox
    overlap p95 p99 pager paraphrase parser partition percentile permission pii pilot planner
    playbook pod policy postmortem poll polling precision prefix privilege prototype proxy
    pruning quantisation quantise quarantine queue quota rag ranker recall redact redaction
    regex replica replay rerank reranker reranking rescore retention retriever retry retries
    rollback rollout router routing rubric runbook sandbox sanitise scheduler schema scorer
    scrape scraper secret segmentation semantic session shadow shard sharding sla slo snapshot
    sso stopword stream streaming sampling sanitiser supervisor summarise summariser survey
    telemetry template temperature tenant threshold throttle throttling timeout tls tombstone
    tombstones topk trace traces tracing train training trimming truncate ttl upsert variance
    vector vectors verifier version versioning vllm warehouse watchdog watermark webhook
    whitelist worker workflow zeroshot"""
)
PRODUCTS = word_set(
    """airflow anthropic aws azure bedrock bigquery braintrust chatgpt chromadb claude clickhouse
    cloudflare confluence copilot crewai databricks datadog deepeval deepseek docker dynamodb
    elasticsearch faiss fastapi firebase flink gcp gemini github gitlab gpt grafana guardrailsai
    haystack huggingface istio jaeger jenkins jira kafka kibana kinesis kubernetes langchain
    langfuse langgraph langsmith launchdarkly litellm llama llamaindex memcached milvus mistral
    mlflow mongodb mysql newrelic nginx okta ollama openai opensearch opentelemetry pagerduty
    pgvector pinecone postgres postgresql presidio prometheus promptfoo pubsub pulsar pytorch
    qdrant qwen rabbitmq ragas redis s3 sagemaker salesforce servicenow sharepoint snowflake
    solr splunk sqlite sqs supabase tensorflow tensorrt terraform textract tgi triton twilio
    typesense vespa wandb weaviate zendesk"""
)
"""Products by name, in lower case."""


@lru_cache(maxsize=1)
def trade_stems() -> frozenset[str]:
    """Stems of the terms, as `scoring.text` reads them."""
    return frozenset(token.stem for term in _TERMS for token in tokenise(term)) | {
        stem(name) for name in PRODUCTS
    }
