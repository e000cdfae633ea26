"""Mentions as integer codes: every distinct spelling is parsed once, every string is stored once.

A profile is one distinct (name, company, place); mentions that agree in all of it share the profile. Mentions
without a company keep a profile each, because a bare name is no proof.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.identity.arrays import Column, Hashes, Ints
from pipeline.identity.company_names import MAX_TOKENS
from pipeline.identity.encoding import Words, company_codes, distinct, people_codes
from pipeline.identity.folding import cologne_codes, fold, mix, stable_hash
from pipeline.identity.person_names import PARSER_CACHES
from pipeline.identity.places import place_core
from pipeline.identity.vocabulary import names

STRING_COLUMNS = (
    "given1",
    "given2",
    "surname1",
    "surname2",
    "core",
    "tokens",
    "acronym",
    "place",
    "role1",
    "role2",
)


@dataclass
class Profiles:
    """Columns of codes into `words`, one row a profile; `of_mention` gives each mention's profile row.

    `given`, `surname`, `roles` are (n, 2); `tokens` is (n_core_rows, MAX_TOKENS), addressed by `core_row[n]`.
    """

    words: Words
    given: Ints
    surname: Ints
    core: Ints
    acronym: Ints
    tokens: Ints
    place: Ints
    roles: Ints
    of_mention: Ints
    counts: Ints

    def __len__(self) -> int:
        return len(self.core)

    def strings_of(self, rows: npt.NDArray[Any]) -> dict[str, list[str]]:
        """Return STRING_COLUMNS of the given rows as text ("" for missing), to be stored or shown."""
        table = np.array([*self.words.strings, ""], dtype=object)
        columns: dict[str, list[str]] = {}
        for name, codes in (
            ("given1", self.given[rows, 0]), ("given2", self.given[rows, 1]), ("surname1", self.surname[rows, 0]),
            ("surname2", self.surname[rows, 1]), ("core", self.core[rows]), ("acronym", self.acronym[rows]),
            ("place", self.place[rows]), ("role1", self.roles[rows, 0]), ("role2", self.roles[rows, 1]),
        ):  # fmt: skip
            columns[name] = table[codes].tolist()
        columns["tokens"] = [" ".join(w for w in row if w) for row in table[self.tokens[rows]].tolist()]
        return columns


def build(person: Column, company: Column, place: Column, role: Column) -> Profiles:
    """Parse and encode raw columns of equal length (None or "" where unknown)."""
    collecting = gc.isenabled()
    gc.disable()  # millions of small tuples and no cycles: the collector would walk them again and again
    try:
        return _build(person, company, place, role)
    finally:
        for cached in (fold, place_core, *PARSER_CACHES):
            cached.cache_clear()  # every spelling has been read once; keeping them would cost hundreds of MB
        if collecting:
            gc.enable()


def _build(person: Column, company: Column, place: Column, role: Column) -> Profiles:
    words = Words()
    people, person_at = distinct(person)
    name_codes = people_codes(people, words)[person_at]
    del people, person_at
    firms, company_at = distinct(company)
    firm_codes = company_codes(firms, words)[company_at]
    del firms, company_at
    towns, place_at = distinct(place)
    place_codes = np.array([words.code(place_core(t)) for t in towns.to_pylist()], np.int32)[place_at]
    roles, role_at = distinct(role)
    role_codes = np.array([words.code(fold(r)) for r in roles.to_pylist()], np.int32)[role_at]
    return _collapse(words, name_codes, firm_codes, place_codes, role_codes)


def _collapse(words: Words, name: Ints, firm: Ints, town: Ints, role: Ints) -> Profiles:
    """Merge rows that agree in name, company and place; rows without a company stay alone."""
    total = len(town)
    key = np.zeros(total, np.uint64)
    for column in (name[:, 0], name[:, 1], name[:, 2], name[:, 3], firm[:, 0], town):
        key = mix(key ^ column.astype(np.int64).view(np.uint64))
    bare = (firm[:, 0] < 0) | (name[:, 2] < 0)
    key[bare] = mix(key[bare] ^ np.arange(total, dtype=np.uint64)[bare])
    _, first, inverse, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    # number profiles by first appearance, so that results do not depend on hash values
    rank = np.empty(len(first), np.int32)
    order = np.argsort(first, kind="stable")
    rank[order] = np.arange(len(first), dtype=np.int32)
    rows = first[order]
    of_mention = rank[inverse.reshape(-1)]
    roles = np.full((len(rows), 2), -1, np.int32)
    told = np.flatnonzero(role >= 0)[::-1]
    roles[of_mention[told], 0] = role[told]
    other = told[role[told] != roles[of_mention[told], 0]]
    roles[of_mention[other], 1] = role[other]
    return Profiles(
        words, name[rows][:, :2].copy(), name[rows][:, 2:].copy(), firm[rows, 0].copy(), firm[rows, 1].copy(),
        firm[rows][:, 2:].copy(), town[rows].copy(), roles, of_mention.astype(np.int32), counts[order].astype(np.int32),
    )  # fmt: skip


def append_stored(base: Profiles, columns: dict[str, Any]) -> Profiles:
    """Return `base` with stored profiles (STRING_COLUMNS as text) added behind its rows, in the same code space."""
    words = base.words
    count = len(columns["given1"])

    def codes(name: str) -> Ints:
        values, at = distinct(columns[name])
        return np.array([words.code(v) for v in values.to_pylist()], np.int32)[at] if count else np.zeros(0, np.int32)

    joined_tokens, at = distinct(columns["tokens"])
    token_codes = np.full((len(joined_tokens) + 1, MAX_TOKENS), -1, np.int32)
    for row, joined in enumerate(joined_tokens.to_pylist()):
        for slot, token in enumerate(joined.split()[:MAX_TOKENS]):
            token_codes[row, slot] = words.code(token)
    return Profiles(
        words,
        np.concatenate([base.given, np.column_stack([codes("given1"), codes("given2")])]),
        np.concatenate([base.surname, np.column_stack([codes("surname1"), codes("surname2")])]),
        np.concatenate([base.core, codes("core")]),
        np.concatenate([base.acronym, codes("acronym")]),
        np.concatenate([base.tokens, token_codes[at]]),
        np.concatenate([base.place, codes("place")]),
        np.concatenate([base.roles, np.column_stack([codes("role1"), codes("role2")])]),
        base.of_mention,
        np.concatenate([base.counts, np.ones(count, np.int32)]),
    )


@dataclass
class WordFacts:
    """Facts of each word (row = code; the last row stands for missing): hash, phonetics, initial, nicknames."""

    strings: list[str]
    sound: Hashes
    initial: Ints
    nicknames: dict[int, frozenset[int]]
    letters: Hashes
    prefix3: Hashes
    prefix4: Hashes

    @cached_property
    def hashes(self) -> Hashes:
        """Hash of each word; only keys need it."""
        return np.append(stable_hash(self.strings), np.uint64(0))


def word_facts(profiles: Profiles) -> WordFacts:
    """Compute the facts that keys and comparison need; phonetics only for words used in names."""
    strings = profiles.words.strings
    size = len(strings)
    used = np.unique(np.concatenate([profiles.given.ravel(), profiles.surname.ravel()]))
    used = used[used >= 0]
    in_names = [strings[c] for c in used.tolist()]

    def spread(values: Hashes) -> Hashes:
        out = np.zeros(size + 1, np.uint64)
        out[used] = values
        return out

    initial = np.full(size + 1, -1, np.int32)
    initial[used] = np.array([ord(w[0]) if len(w) == 1 else -1 for w in in_names], np.int32)
    groups = names().nicknames
    return WordFacts(
        list(strings),
        spread(stable_hash([code or w for code, w in zip(cologne_codes(in_names), in_names, strict=True)])),
        initial,
        {c: groups[w] for c, w in zip(used.tolist(), in_names, strict=True) if w in groups},
        spread(stable_hash(["".join(sorted(w)) for w in in_names])),
        spread(stable_hash([w[:3] for w in in_names])),
        spread(stable_hash([w[:4] for w in in_names])),
    )
