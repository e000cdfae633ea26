"""Words by which names are told apart (`data/name_rules.yml`), given names, and what tokens stand beside a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import yaml
from spacy.tokens import Doc

import data

LEGAL = re.compile(r"(?:g?GmbH|mbH|AG|SE|KGaA|KG|OHG|eG|UG|GbR|plc|PLC|Ltd|Inc|LLC|Corp|S\.A)\.?$")
_QUOTES = frozenset(["„", "“", '"', "«", "»", "'", "#", "‚"])


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one list of `data/name_rules.yml`: whole ones and endings, also with the "s" of a genitive."""

    whole: frozenset[str]
    endings: tuple[str, ...]

    def __contains__(self, word: str) -> bool:
        lower = word.lower()
        if lower in self.whole:
            return True
        return bool(self.endings) and (lower.endswith(self.endings) or lower.removesuffix("s").endswith(self.endings))


@lru_cache(maxsize=1 << 16)
def list_of(word: str, names: tuple[str, ...]) -> str:
    """The first of the named lists that holds the word, or nothing; remembered, as the same words come again and again."""
    return next((name for name in names if word in vocabulary()[name]), "")


@cache
def vocabulary() -> dict[str, Words]:
    """The lists of `data/name_rules.yml` by name."""
    lists = yaml.safe_load(data.path("name_rules.yml").read_text("utf-8"))
    return {
        name: Words(
            frozenset(w for w in words.split() if not w.startswith("-")),
            tuple(w[1:] for w in words.split() if w.startswith("-")),
        )
        for name, words in lists.items()
    }


@cache
def _given_names() -> frozenset[str]:
    names = yaml.safe_load(data.path("event_given_names.yml").read_text("utf-8"))["names"]
    return frozenset(names.lower().split())


def is_given(word: str) -> bool:
    """Whether the word, or its first half in "Hans-Peter", is a given name."""
    return word.lower().partition("-")[0] in _given_names()


def before(doc: Doc, index: int) -> int:
    """The index of the word before `index`, over quotation marks and "#"; -1 when there is none."""
    index -= 1
    while index >= 0 and doc[index].text in _QUOTES:
        index -= 1
    return index


def hyphen_at(doc: Doc, index: int) -> bool:
    """Whether the token is a hyphen that joins its neighbours to one word."""
    inside = 0 < index < len(doc) - 1 and doc[index].text == "-"
    return inside and not doc[index - 1].whitespace_ and not doc[index].whitespace_
