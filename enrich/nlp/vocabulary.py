"""The vocabularies of the linker, read once from their data files."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from enrich.records import Trigger
from enrich.vocabulary_files import VocabularyError, load, words

LANGUAGES: Final = ("de", "en")


class Lexicon:
    """Classes of words, looked up token by token.

    An entry is a word, a stem ("gründ*", "*preis"), words side by side ("nicht_mehr") or words in this order
    anywhere in one sentence ("tritt+zurück"). Lookups are cached, so a text costs one dictionary access a token.
    """

    def __init__(self, classes: Mapping[str, str | None]) -> None:
        self.names = tuple(classes)
        self._exact: dict[str, set[int]] = {}
        self._prefixes: dict[str, set[int]] = {}
        self._suffixes: dict[str, set[int]] = {}
        self._infixes: list[tuple[str, int]] = []
        self._sequences: list[tuple[int, bool, tuple[int, ...]]] = []
        self._parts: dict[str, int] = {}
        for number, block in enumerate(classes.values()):
            for entry in (block or "").split():
                self._add(entry, number)
        self.codes = functools.lru_cache(maxsize=65_536)(self._codes)
        # Which sequences begin with a part, so that a sentence is walked once.
        self._starting: dict[int, list[tuple[int, bool, tuple[int, ...]]]] = {}
        for sequence in self._sequences:
            self._starting.setdefault(sequence[2][0], []).append(sequence)

    def _add(self, entry: str, number: int) -> None:
        for sign, adjacent in (("+", False), ("_", True)):
            if sign in entry.strip("*") and len(entry) > 1:
                parts = tuple(self._part(p) for p in re.split(r"[+_]", entry))
                self._sequences.append((number, adjacent, parts))
                return
        self._file(entry, number)

    def _part(self, word: str) -> int:
        if word not in self._parts:
            self._parts[word] = -1 - len(self._parts)
            self._file(word, self._parts[word])
        return self._parts[word]

    def _file(self, entry: str, code: int) -> None:
        if entry.startswith("*") and entry.endswith("*"):
            self._infixes.append((entry.strip("*"), code))
        elif entry.endswith("*"):
            self._prefixes.setdefault(entry[:-1], set()).add(code)
        elif entry.startswith("*"):
            self._suffixes.setdefault(entry[1:], set()).add(code)
        else:
            self._exact.setdefault(entry, set()).add(code)

    def _codes(self, lower: str) -> tuple[int, ...]:
        found = set(self._exact.get(lower, ()))
        for size in range(2, len(lower) + 1):
            found.update(self._prefixes.get(lower[:size], ()))
            found.update(self._suffixes.get(lower[-size:], ()))
        found.update(code for part, code in self._infixes if part in lower)
        return tuple(sorted(found))

    def classes(self, lower: str) -> tuple[int, ...]:
        """Return the numbers of the classes that a single lower-case word belongs to."""
        return tuple(code for code in self.codes(lower) if code >= 0)

    def scan(self, lowers: Sequence[str]) -> list[tuple[int, int]]:
        """Return (position, class number) of all hits in one sentence, sequences at their first word."""
        coded = [self.codes(lower) for lower in lowers]
        hits: list[tuple[int, int]] = []
        where: dict[int, list[int]] = {}
        for position, codes in enumerate(coded):
            for code in codes:
                if code >= 0:
                    hits.append((position, code))
                else:
                    where.setdefault(code, []).append(position)
        for code, positions in where.items():
            for number, adjacent, parts in self._starting.get(code, ()):
                if any(part not in where for part in parts[1:]):
                    continue
                if adjacent:
                    for position in positions:
                        following = range(position + 1, position + len(parts))
                        if all(k in where[p] for k, p in zip(following, parts[1:], strict=True)):
                            hits.append((position, number))
                            break
                elif self._in_order(positions[0], parts[1:], where):
                    hits.append((positions[0], number))
        return hits

    @staticmethod
    def _in_order(position: int, parts: tuple[int, ...], where: Mapping[int, list[int]]) -> bool:
        for part in parts:
            later = next((p for p in where[part] if p > position), None)
            if later is None:
                return False
            position = later
        return True


@dataclass(frozen=True, slots=True)
class Reason:
    """One trigger: how long it is a good reason to call (half-life in days), and its wording per language."""

    name: Trigger
    half_life_days: float
    wording: dict[str, str]


@functools.cache
def reasons() -> tuple[Reason, ...]:
    """Return all triggers in the order of the file, strongest first."""
    known: dict[str, Trigger] = {name: name for name in get_args(Trigger)}
    found = []
    for name, entry in load("triggers.yml").items():
        trigger = known.get(name)
        if trigger is None:
            raise VocabularyError(f"triggers.yml: {name} is no trigger")
        found.append(Reason(trigger, float(entry["half_life_days"]), {"de": entry["de"], "en": entry["en"]}))
    return tuple(found)


@functools.cache
def reason_words(language: str) -> Lexicon:
    """Return the words that tell triggers; class numbers follow the order of `reasons()`."""
    key = language if language in LANGUAGES else "de"
    return Lexicon({name: entry["words"][key] for name, entry in load("triggers.yml").items()})


@functools.cache
def context_words(language: str) -> Lexicon:
    """Return the classes of words between and around names."""
    classes: dict[str, str] = load("context_words.yml")[language if language in LANGUAGES else "de"]
    return Lexicon(classes)


@functools.cache
def given_names() -> frozenset[str]:
    """Return given names in lower case."""
    return words(str(load("event_given_names.yml")["names"]).lower())


@functools.cache
def credits() -> frozenset[str]:
    """Return words that stand before the names of authors and photographers."""
    return words(load("roles.yml")["credits"])


def numbered(names: Iterable[str]) -> dict[str, int]:
    """Return each name with its place."""
    return {name: i for i, name in enumerate(names)}
