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


def _load(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load(data.path("identity", name).read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@cache
def names() -> NameVocabulary:
    """Return the person-name vocabulary of `data/identity/names.yml`."""
    raw = _load("names.yml")
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


@dataclass(frozen=True)
class CompanyVocabulary:
    """Company words: `generic` say little, `alias` maps a folded core to the folded core of the whole group."""

    generic: frozenset[str]
    alias: dict[str, str]


@cache
def companies() -> CompanyVocabulary:
    """Return the company vocabulary of `data/identity/companies.yml`."""
    from pipeline.identity.company_names import plain_core  # noqa: PLC0415 - the parser needs this module

    raw = _load("companies.yml")
    alias: dict[str, str] = {}
    for group in [*raw["aliases"], *raw["renames"]]:
        first = plain_core(str(group[0]))
        for name in group:
            alias[plain_core(str(name))] = first
    return CompanyVocabulary(frozenset(fold(str(g)) for g in raw["generic"]), alias)
