"""Half-lives and wording of the news reasons (data/triggers.yml)."""

from __future__ import annotations

from enrich.nlp.vocabulary import reasons


def half_lives() -> dict[str, float]:
    """Return trigger -> days after which a reason has lost half of its worth."""
    return {reason.name: reason.half_life_days for reason in reasons()}


def wording(trigger: str, language: str) -> str:
    """Return the words for a trigger in the language of the list (German unless English)."""
    for reason in reasons():
        if reason.name == trigger:
            return reason.wording["en" if language == "en" else "de"]
    return trigger
