"""Mentions as integer codes: every distinct spelling is parsed once, every string is stored once.

A profile is one distinct (name, company, place); mentions that agree in all of it share the profile. Mentions
without a company keep a profile each, because a bare name is no proof.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.identity.company_names import MAX_TOKENS, read_company
from pipeline.identity.folding import cologne, fold, mix, stable_hash
from pipeline.identity.person_names import PARSER_CACHES, name_parts
from pipeline.identity.places import place_core
from pipeline.identity.vocabulary import names

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]

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


Column: TypeAlias = Sequence[str | None] | pa.Array | pa.ChunkedArray


class Words:
    """A table of distinct strings; code -1 stands for a missing one."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.codes: dict[str, int] = {"": -1}

    def code(self, word: str) -> int:
        found = self.codes.get(word)
        if found is None:
            found = self.codes[word] = len(self.strings)
            self.strings.append(word)
        return found


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


def _encoded(column: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> tuple[list[str], Longs]:
    """Return the distinct values of a text column ("" for NULL) and each row's index into them."""
    array = column if isinstance(column, (pa.Array, pa.ChunkedArray)) else pa.array(column, pa.string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], pa.string())
    encoded = pc.dictionary_encode(pc.fill_null(array, ""))
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


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
    people, person_at = _encoded(person)
    flat: list[int] = []
    code = words.code
    for raw in people:
        given, surname = name_parts(raw)
        flat.append(code(given[0]) if given else -1)
        flat.append(code(given[1]) if len(given) > 1 else -1)
        flat.append(code(surname[0]) if surname else -1)
        flat.append(code(surname[1]) if len(surname) > 1 else -1)
    name_codes = np.array(flat, np.int32).reshape(-1, 4)
    firms, company_at = _encoded(company)
    firm_codes = np.full((len(firms) + 1, 2 + MAX_TOKENS), -1, np.int32)
    for row, raw in enumerate(firms):
        firm = read_company(raw)
        firm_codes[row, 0] = code(firm.core)
        firm_codes[row, 1] = code(firm.acronym)
        for at, token in enumerate(firm.tokens):
            firm_codes[row, 2 + at] = code(token)
    towns, place_at = _encoded(place)
    place_codes = np.array([code(place_core(t)) for t in towns], np.int32)
    roles, role_at = _encoded(role)
    role_codes = np.array([code(fold(r)) for r in roles], np.int32)
    return _collapse(words, name_codes[person_at], firm_codes[company_at], place_codes[place_at], role_codes[role_at])


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
        distinct, at = _encoded(columns[name])
        return np.array([words.code(d) for d in distinct], np.int32)[at] if count else np.zeros(0, np.int32)

    distinct, at = _encoded(columns["tokens"])
    token_codes = np.full((len(distinct) + 1, MAX_TOKENS), -1, np.int32)
    for row, joined in enumerate(distinct):
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

    hashes: Hashes
    sound: Hashes
    initial: Ints
    nicknames: dict[int, frozenset[int]]
    letters: Hashes
    prefix3: Hashes
    prefix4: Hashes


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

    hashes = np.zeros(size + 1, np.uint64)
    hashes[:size] = stable_hash(strings)
    initial = np.full(size + 1, -1, np.int32)
    initial[used] = np.array([ord(w[0]) if len(w) == 1 else -1 for w in in_names], np.int32)
    groups = names().nicknames
    return WordFacts(
        hashes,
        spread(stable_hash([cologne(w) or w for w in in_names])),
        initial,
        {c: groups[w] for c, w in zip(used.tolist(), in_names, strict=True) if w in groups},
        spread(stable_hash(["".join(sorted(w)) for w in in_names])),
        spread(stable_hash([w[:3] for w in in_names])),
        spread(stable_hash([w[:4] for w in in_names])),
    )


def first_letters(profiles: Profiles) -> Ints:
    """Return the code point of each word's first letter (row = code; last row 0 for missing)."""
    return np.array([*(ord(w[0]) for w in profiles.words.strings), 0], np.int32)
