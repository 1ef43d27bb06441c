"""Measurements; each prints one table of docs/benchmarks.md."""
