"""Figures of quality, time and memory, beside the peers: `python -m pipeline.identity.benchmark --help`."""
