"""The vocabularies of `data/company_words.yml`, and how a heading or label is compared with them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

import data

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(data.path("company_words.yml").read_text("utf-8"))
    return loaded


@lru_cache(maxsize=32)
def words(name: str) -> frozenset[str]:
    """Return one word list; "_" in the file stands for a space. Raises KeyError for an unknown list."""
    return frozenset(word.replace("_", " ").strip() for word in str(_file()[name]).split())


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return common given names, lower case: they tell a person from a firm of the same shape."""
    loaded = yaml.safe_load(data.path("event_given_names.yml").read_text("utf-8"))
    return frozenset(str(loaded["names"]).lower().split())


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Return every country word with its ISO code."""
    return {str(word): code for code, names in _file()["countries"].items() for word in names}


@lru_cache(maxsize=16)
def _split(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    every = words(name)
    return (
        frozenset(word for word in every if not word.endswith("*")),
        tuple(word[:-1] for word in every if word.endswith("*")),
    )


def fold(text: str) -> str:
    """Return a heading or label lower case, single spaces, without signs at its ends."""
    return _EDGES.sub("", " ".join(text[:200].split()).lower())


def begins_with(text: str, name: str) -> bool:
    """Tell whether a heading or label begins with an entry of a list (an entry ends where a word ends)."""
    folded = fold(text)
    if not folded:
        return False
    exact, prefixes = _split(name)
    tokens = re.split(r"[\s:,/|&]+", folded)
    for length in range(1, min(5, len(tokens)) + 1):
        if " ".join(tokens[:length]).rstrip(".") in exact or " ".join(tokens[:length]) in exact:
            return True
    return any(folded.startswith(prefix) for prefix in prefixes)
