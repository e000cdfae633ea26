"""Measures reading together with the spiders' choice of pages: `python -m pipeline.evaluation --help`."""
