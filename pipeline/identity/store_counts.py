"""How common words are in the store, for scores that do not depend on what came in tonight."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.identity.frequencies import Frequencies, frequencies
from pipeline.identity.profiles import Profiles


def counts_with(
    con: duckdb.DuckDBPyConnection, found: Profiles, fresh: Profiles, kinds: str = "kind IS NOT NULL"
) -> Frequencies:
    """Count the words of `fresh` and add what the store knows of the words of `found` (a constant SQL condition)."""
    con.register("identity_words", pa.table({"word": pa.array(found.words.strings, pa.string())}))
    try:
        rows = con.execute(
            f"""SELECT kind, word, sum(n)::DOUBLE FROM identity_frequencies SEMI JOIN identity_words USING (word)
            WHERE {kinds} GROUP BY kind, word"""  # noqa: S608 - constants
        ).fetchnumpy()
        total = con.execute("SELECT coalesce(max(profile) + 1, 0) FROM identity_profiles").fetchall()[0][0]
    finally:
        con.unregister("identity_words")
    known: dict[str, dict[str, float]] = {}
    for kind, word, count in zip(*rows.values(), strict=True):
        known.setdefault(kind, {})[word] = float(count)
    return frequencies(fresh, known, float(total))


def store_counts(con: duckdb.DuckDBPyConnection, found: Profiles) -> Frequencies:
    """Return how common the words of `found` are in the store (and in the shipped names)."""
    nobody = np.zeros(0, np.int64)
    nothing = Profiles(
        found.words, found.given[nobody], found.surname[nobody], found.core[nobody], found.acronym[nobody],
        found.tokens[nobody], found.place[nobody], found.roles[nobody], found.of_mention[nobody], found.counts[nobody],
    )  # fmt: skip
    return counts_with(con, found, nothing)
