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
    """ab ablation accuracy acl adapter aggregator alert alerting allowlist anonymise anonymiser
    approval arbiter attestation auc audit auditor authentication authorisation authorise
    autoscaler autoscaling backoff backup balancer baseline batch batching benchmark bm25
    breaker broker budget buffer bulkhead cache cached caching canary cap cascade cdc changelog
    checkpoint checksum chunk chunker chunking ci citation classifier classify cluster
    confidence confirmation connector consensus container credential cron cropping cutoff
    dashboard dataset decoder dedup deduplicate delimiter denylist distil distill distillation
    docker drift embedder embedding encoder encryption ensemble escalate escalation eval evals
    evaluator event experiment f1 failover faithfulness fallback feedback filter finetune
    fingerprint flag freshness gate gateway gold golden gpu grader graph grounding groundedness
    guardrail handoff handover hash hashing heartbeat heuristic histogram holdout hybrid
    hysteresis idempotency idempotent incremental ingestion jailbreak judge keyword kserve
    lambda leaderboard lease ledger limiter linter logs log logging lora metadata microservice
    migration minibatch moderation moderator monitor monitoring mrr ndcg normalise oauth
    observability ocr ontology orchestrator outbox overlap p95 p99 pager paraphrase parser
    partition percentile permission pii pilot planner playbook pod policy postmortem poll
    polling precision prefix privilege probe prototype provenance proxy pruning quantisation
    quantise quarantine queue quota rag ranker rate react recall redact redaction regex
    regression regularisation replica replay rerank reranker reranking rescore retention
    retriever retry retries rollback rollout rotation router routing rubric runbook sandbox
    sanitise scheduler schema scope scorer scrape scraper secret segmentation semantic session
    shadow shard sharding similarity sla slo snapshot sso stack staging stopword stream
    streaming stub sampling sanitiser supervisor suite summarise summariser survey telemetry
    template temperature tenant threshold throttle throttling timeout tls tokeniser tombstone
    tombstones topk trace traces tracing train training transaction trimming truncate ttl upsert
    validator validate variance vault vector vectors verifier version versioning vllm warehouse
    watchdog watermark webhook whitelist worker workflow zeroshot"""
)
PRODUCTS = word_set(
    """airflow anthropic aws azure bedrock bigquery braintrust celery chatgpt chroma chromadb claude
    clickhouse cloudflare cohere confluence copilot crewai databricks datadog deepeval deepseek
    docker dynamodb elasticsearch faiss fastapi firebase flink gcp gemini github gitlab gpt
    grafana guardrailsai haystack helm huggingface istio jaeger jenkins jira kafka kibana
    kinesis kubernetes langchain langfuse langgraph langsmith launchdarkly litellm llama
    llamaindex memcached milvus mistral mlflow mongodb mysql newrelic nginx okta ollama openai
    opensearch opentelemetry oracle pagerduty pgvector pinecone postgres postgresql presidio
    prometheus promptfoo pubsub pulsar pytorch qdrant qwen rabbitmq ragas ray redis s3 sagemaker
    salesforce sentry servicenow sharepoint slack snowflake solr spark splunk sqlite sqs stripe
    supabase temporal tensorflow tensorrt terraform textract tgi triton twilio typesense vertex
    vespa wandb weaviate zendesk"""
)
"""Products by name, in lower case."""


@lru_cache(maxsize=1)
def trade_stems() -> frozenset[str]:
    """Stems of the terms, as `scoring.text` reads them."""
    return frozenset(token.stem for term in _TERMS for token in tokenise(term)) | {
        stem(name) for name in PRODUCTS
    }
