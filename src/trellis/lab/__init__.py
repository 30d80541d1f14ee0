"""Synthetic people and sessions, authored corpora, training, evaluation and benchmarks: what proves the product."""
