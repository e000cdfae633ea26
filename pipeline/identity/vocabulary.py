"""Shipped name vocabularies (`data/identity`), folded once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

import data
from pipeline.identity.folding import fold


@dataclass(frozen=True)
class NameVocabulary:
    """Person-name words, all folded (`fold`); `nicknames` maps a name to the groups it belongs to."""

    titles: frozenset[str]
    salutations: dict[str, str]
    particles: frozenset[str]
    nobility: frozenset[str]
    nicknames: dict[str, frozenset[int]]
    given_rank: dict[str, int]
    surname_rank: dict[str, int]
    gender: dict[str, str]


# The C parser reads the same safe YAML many times faster; a PyYAML built without it has the Python one.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> dict[str, Any]:
    """Return a file of `data/identity` as it stands."""
    loaded = yaml.load(data.path("identity", name).read_text("utf-8"), _LOADER)  # noqa: S506 - both loaders are safe ones
    assert isinstance(loaded, dict)
    return loaded


@cache
def names() -> NameVocabulary:
    """Return the person-name vocabulary of `data/identity/names.yml`."""
    raw = load("names.yml")
    groups: dict[str, set[int]] = {}
    for number, group in enumerate(raw["nicknames"]):
        for name in group:
            groups.setdefault(fold(str(name)), set()).add(number)
    gender: dict[str, str] = {}
    for key, letter in (("male", "m"), ("female", "f"), ("neutral", "")):
        for name in raw[key]:
            gender[fold(name)] = letter
    ranked: list[str] = []
    for male, female in zip(raw["male"] + [""] * 200, raw["female"] + [""] * 200, strict=False):
        ranked += [fold(n) for n in (male, female) if n]
    surnames = list(dict.fromkeys(fold(str(n)) for n in raw["surnames"]))
    return NameVocabulary(
        titles=frozenset(fold(str(t)).replace(".", "").replace(" ", "") for t in raw["titles"]),
        salutations={fold(k): str(v) for k, v in raw["salutations"].items()},
        particles=frozenset(fold(str(p)) for p in raw["particles"]),
        nobility=frozenset(fold(str(p)) for p in raw["nobility"]),
        nicknames={name: frozenset(found) for name, found in groups.items()},
        given_rank={name: rank for rank, name in reversed(list(enumerate(ranked, 1)))},
        surname_rank={name: rank for rank, name in enumerate(surnames, 1)},
        gender=gender,
    )
