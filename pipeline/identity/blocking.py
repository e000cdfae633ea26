"""Which profiles are worth comparing: keys of name, company and place, joined in DuckDB."""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt

from pipeline.identity.arrays import Hashes, Ints
from pipeline.identity.folding import mix
from pipeline.identity.profiles import Profiles, WordFacts

# A key shared by more profiles than this says too little to compare all of them with each other. Keys that are
# there for typos alone (lowest bit set) are wider and get the lower limit.
MAX_BLOCK = 120
MAX_WIDE_BLOCK = 20
LIMIT = f"CASE WHEN key & 1 = 1 THEN {MAX_WIDE_BLOCK} ELSE {MAX_BLOCK} END"


def rare_tokens(profiles: Profiles, token_counts: npt.NDArray[np.int64]) -> Ints:
    """Return the two rarest company tokens of each profile, shape (n, 2); -1 where there are fewer."""
    counts = token_counts[profiles.tokens].astype(np.int64)
    counts = np.where(profiles.tokens < 0, np.iinfo(np.int64).max, counts)
    order = np.argsort(counts, axis=1, kind="stable")[:, :2]
    return np.take_along_axis(profiles.tokens, order, axis=1)


def keys(profiles: Profiles, facts: WordFacts, rare: Ints, broad: bool = False) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Return (key, profile row) pairs; the 32-bit keys are the same on every machine and in every run."""
    found_keys: list[npt.NDArray[np.uint32]] = []
    found_rows: list[Ints] = []
    letter = profiles.words.first_letters().astype(np.uint64)
    given, given2 = profiles.given[:, 0], profiles.given[:, 1]
    full_given = (given >= 0) & (facts.initial[given] < 0)
    initial = letter[given]
    place = facts.hashes[profiles.place]
    has_place = profiles.place >= 0
    tokens = [(facts.hashes[rare[:, at]], rare[:, at] >= 0) for at in range(2)]
    acronym = facts.hashes[profiles.acronym]

    def emit(salt: int, valid: npt.NDArray[np.bool_], *parts: Hashes, wide: bool = False) -> None:
        rows = np.flatnonzero(valid)
        value = np.full(len(rows), salt, np.uint64)
        for part in parts:
            value = mix(value ^ part[rows])
        short = (value >> np.uint64(32)).astype(np.uint32)
        found_keys.append(short | np.uint32(1) if wide else short & np.uint32(0xFFFFFFFE))
        found_rows.append(rows.astype(np.int32))

    for at in range(2):
        surname = profiles.surname[:, at]
        has = surname >= 0
        sound = facts.sound[surname]
        for slot, (token, known) in enumerate(tokens):
            emit(1, has & known, sound, token, wide=slot > 0)
        emit(1, has & (profiles.acronym >= 0) & (profiles.acronym != rare[:, 0]), sound, acronym)
        emit(2, has & has_place & (given >= 0), sound, initial, place)
        for name, usable in ((given, full_given), (given2, (given2 >= 0) & (facts.initial[given2] < 0))):
            both = facts.sound[name]
            emit(3, has & usable, np.minimum(sound, both), np.maximum(sound, both))
        emit(6, has & full_given & (at == 0), facts.prefix3[given], facts.prefix4[surname], wide=True)
        emit(7, has & (given >= 0) & (at == 0), facts.letters[surname], initial, wide=True)
    emit(4, full_given & tokens[0][1], facts.hashes[given], tokens[0][0])
    emit(5, full_given & has_place, facts.hashes[given], place, letter[profiles.surname[:, 0]])
    emit(8, tokens[0][1] & has_place & (given >= 0), tokens[0][0], place, initial)
    emit(
        9,
        full_given & (profiles.surname[:, 0] >= 0),
        facts.letters[given],
        letter[profiles.surname[:, 0]],
        wide=True,
    )
    if broad:  # lists with addresses: people who share a rare address or town and half a name
        emit(16, has_place, place)
        emit(17, profiles.surname[:, 0] >= 0, facts.sound[profiles.surname[:, 0]])
        emit(10, tokens[0][1] & tokens[1][1], tokens[0][0], tokens[1][0], wide=True)
        emit(11, tokens[0][1] & has_place, tokens[0][0], place, wide=True)
        for at in range(profiles.tokens.shape[1]):
            word = profiles.tokens[:, at]
            emit(12, (word >= 0) & (given >= 0), facts.hashes[word], initial, wide=True)
            emit(
                13,
                (word >= 0) & (profiles.surname[:, 0] >= 0),
                facts.hashes[word],
                letter[profiles.surname[:, 0]],
                wide=True,
            )
        for name in (*profiles.given.T, *profiles.surname.T):  # whichever half of the name it stood in
            for at in range(profiles.tokens.shape[1]):
                word = profiles.tokens[:, at]
                emit(18, (name >= 0) & (word >= 0), facts.sound[name], facts.hashes[word], wide=True)
        emit(14, has_place & (profiles.surname[:, 0] >= 0), place, facts.sound[profiles.surname[:, 0]], wide=True)
        emit(15, has_place & (given >= 0), place, facts.sound[given], wide=True)
    return np.concatenate(found_keys), np.concatenate(found_rows)


def candidate_pairs(
    con: duckdb.DuckDBPyConnection, key: npt.NDArray[np.uint32], row: Ints, wide_block: int = MAX_WIDE_BLOCK
) -> tuple[Ints, Ints]:
    """Return all distinct pairs of rows (first < second) that share a key that is not too common."""
    con.register("identity_keys", {"key": key, "row": row})
    try:
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE identity_blocks AS
            SELECT key, row FROM identity_keys SEMI JOIN (
                SELECT key FROM identity_keys GROUP BY key HAVING count(*) BETWEEN 2 AND CASE WHEN key & 1 = 1 THEN {int(wide_block)} ELSE {MAX_BLOCK} END) USING (key)"""  # noqa: S608
        )
        pairs = con.execute(
            """SELECT DISTINCT a.row AS a, b.row AS b FROM identity_blocks a JOIN identity_blocks b USING (key)
            WHERE a.row < b.row"""
        ).fetchnumpy()
        con.execute("DROP TABLE identity_blocks")
    finally:
        con.unregister("identity_keys")
    first, second = pairs["a"], pairs["b"]
    return np.asarray(first, np.int32), np.asarray(second, np.int32)
