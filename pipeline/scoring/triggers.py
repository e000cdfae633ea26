"""Half-lives and wording of the news reasons (data/triggers.yml).

Read here without enrich.nlp, which loads spaCy: a rep who logs a call must not wait for it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from enrich.vocabulary_files import load


@cache
def _entries() -> dict[str, dict[str, Any]]:
    return load("triggers.yml")


def half_lives() -> dict[str, float]:
    """Return trigger -> days after which a reason has lost half of its worth."""
    return {name: float(entry["half_life_days"]) for name, entry in _entries().items()}


def wording(trigger: str, language: str) -> str:
    """Return the words for a trigger in the language of the list (German unless English)."""
    entry = _entries().get(trigger)
    return str(entry["en" if language == "en" else "de"]) if entry else trigger
