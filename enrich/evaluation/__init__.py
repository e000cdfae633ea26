"""Measuring what the project reads against annotated corpora: `python -m enrich.evaluation`."""
