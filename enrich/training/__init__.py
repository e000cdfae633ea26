"""Data preparation, training and evaluation of the German pipeline `de_opener_news`.

Run it as `python -m enrich.training prepare|train|evaluate|package`. Nothing here is needed to read pages:
the shipped weights load with `spacy.load` alone.
"""
