"""How fast the whole is: `python -m pipeline.benchmark` prints one table of ratios."""
