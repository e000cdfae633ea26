"""Decides for every new mention and contact who it is: somebody known, or a new person.

One transaction a call. The work grows with what is new: known profiles are looked up by blocking key, and only
those that share one are read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.identity import blocking, clustering, profiles
from pipeline.identity.arrays import Floats, Ints
from pipeline.identity.comparison import Comparer
from pipeline.identity.levels import FIELDS, Levels
from pipeline.identity.profiles import STRING_COLUMNS, Profiles
from pipeline.identity.reach import tie_by_reach
from pipeline.identity.records import NewRecords, drop_erased, find_new, person_id, read_new
from pipeline.identity.scoring import REVIEW_BAND, THRESHOLD, shipped
from pipeline.identity.store_counts import counts_with
from pipeline.identity.writing import Decisions, write

DATABASE_MEMORY = "900MB"


@dataclass(frozen=True)
class ResolveReport:
    """What one call of `resolve` did."""

    new_people: int
    known_people: int
    attached_mentions: int
    queued: int
    seconds: float


def resolve(con: duckdb.DuckDBPyConnection, *, now: datetime, batch: int | None = None) -> ResolveReport:
    """Resolve all mentions and contacts that have no person yet (those of one replayed batch), in one transaction.

    `now` is aware. Raises ValueError for a naive `now`; on any error the store is as before.
    """
    if now.tzinfo is None:
        raise ValueError("now must be timezone-aware")
    started = time.monotonic()
    with _bounded_memory(con):
        con.execute("BEGIN")
        try:
            report = _resolve(con, now, batch, started)
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
    return report


@contextmanager
def _bounded_memory(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep the database within DATABASE_MEMORY, so that a night beside ten million people fits a small machine."""
    before = con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
    con.execute(f"SET memory_limit = '{DATABASE_MEMORY}'")
    try:
        yield
    finally:
        con.execute(f"SET memory_limit = '{before}'")


@dataclass
class _Known:
    """Stored profiles that share a key with new ones: their person, first record, and pairs new row–index."""

    number: npt.NDArray[np.int64]
    person: npt.NDArray[np.uint64]
    record: list[str]
    columns: dict[str, list[str]]
    new_row: Ints
    at: Ints


def _lookup(con: duckdb.DuckDBPyConnection, key: npt.NDArray[np.uint32], row: Ints) -> _Known:
    con.register("identity_new_keys", {"key": key, "row": row})
    try:
        con.execute(
            """CREATE OR REPLACE TEMP TABLE identity_hits AS SELECT i.key, i.profile FROM identity_index i
            SEMI JOIN (SELECT key FROM identity_new_keys ANTI JOIN identity_common_keys USING (key)) USING (key)"""
        )
        con.execute(
            f"INSERT INTO identity_common_keys SELECT key FROM identity_hits GROUP BY key HAVING count(*) > {blocking.LIMIT}"  # noqa: S608
        )
        con.execute(
            """CREATE OR REPLACE TEMP TABLE identity_candidates AS
            SELECT DISTINCT k.row AS new_row, h.profile FROM identity_hits h ANTI JOIN identity_common_keys USING (key)
            JOIN identity_new_keys k USING (key)"""
        )
        names = ", ".join(f"p.{name}" for name in STRING_COLUMNS)
        stored = con.sql(
            f"""SELECT p.profile, p.person, p.record_id, {names} FROM identity_profiles p
            SEMI JOIN identity_candidates c ON c.profile = p.profile ORDER BY p.profile"""  # noqa: S608 - constant columns
        ).to_arrow_table()
        pairs = con.execute("SELECT new_row, profile FROM identity_candidates ORDER BY ALL").fetchnumpy()
        con.execute("DROP TABLE identity_hits")
        con.execute("DROP TABLE identity_candidates")
    finally:
        con.unregister("identity_new_keys")
    number = stored["profile"].to_numpy().astype(np.int64)
    return _Known(
        number, stored["person"].to_numpy(), stored["record_id"].to_pylist(),
        {name: stored[name] for name in STRING_COLUMNS},
        np.asarray(pairs["new_row"], np.int32), np.searchsorted(number, pairs["profile"]).astype(np.int32),
    )  # fmt: skip


def _explanations(levels: Levels) -> list[str]:
    """Return a short text for each pair: which levels, and how many chance namesakes to expect."""
    unique, inverse = np.unique(levels.codes, axis=0, return_inverse=True)
    texts = ["; ".join(f"{f} {names[c]}" for (f, names), c in zip(FIELDS, row, strict=True)) for row in unique]
    chances = np.exp(np.clip(levels.chance, -30, 30))
    return [
        f"{texts[at]}; {chance:.2g} chance namesakes"
        for at, chance in zip(inverse.reshape(-1).tolist(), chances.tolist(), strict=True)
    ]


def _resolve(con: duckdb.DuckDBPyConnection, now: datetime, batch: int | None, started: float) -> ResolveReport:
    find_new(con, batch)
    drop_erased(con)
    new = read_new(con)
    if not len(new):
        return ResolveReport(0, 0, 0, 0, time.monotonic() - started)
    fresh = profiles.build(new.person, new.company, new.place, new.role)
    size = len(fresh)
    facts = profiles.word_facts(fresh)
    counts = counts_with(con, fresh, fresh, "kind = 'token'")
    key, row = blocking.keys(fresh, facts, blocking.rare_tokens(fresh, counts.token.astype(np.int64)))
    known = _lookup(con, key, row)
    both = profiles.append_stored(fresh, known.columns)
    facts = profiles.word_facts(both) if len(known.number) else facts
    counts = counts_with(con, both, Profiles(
        both.words, fresh.given, fresh.surname, fresh.core, fresh.acronym, fresh.tokens, fresh.place, fresh.roles,
        fresh.of_mention, fresh.counts,
    ))  # fmt: skip
    comparer = Comparer(both, facts, counts)
    near_a, near_b = blocking.candidate_pairs(con, key, row)
    a = np.concatenate([near_a, known.new_row])
    b = np.concatenate([near_b, size + known.at]).astype(np.int32)
    levels = comparer.compare(a, b)
    scores = shipped().score(levels)

    # units: new profiles, then the persons of the known profiles
    persons, person_unit = np.unique(known.person, return_inverse=True)
    unit = np.concatenate([np.arange(size), size + person_unit.reshape(-1)]).astype(np.int32)
    extra_a, extra_b, extra_score = _given_ties(con, new, fresh, persons, size)
    known_a, known_b, known_scores = _between_known(comparer, unit, size, a, b, scores)
    all_a = np.concatenate([unit[a], extra_a, known_a]).astype(np.int32)
    all_b = np.concatenate([unit[b], extra_b, known_b]).astype(np.int32)
    all_scores = np.concatenate([scores, extra_score, known_scores]).astype(np.float32)
    forced = np.concatenate([np.zeros(len(a), bool), np.ones(len(extra_a), bool), np.zeros(len(known_a), bool)])
    apart = all_a != all_b
    units = size + len(persons)
    careful = np.zeros(units, bool)
    careful[size:] = True
    labels = clustering.cluster(units, all_a[apart], all_b[apart], all_scores[apart], THRESHOLD, forced[apart], careful)

    persons_age = _ages(con, persons, labels[size:])
    decisions = _decide(new, fresh, known, persons, persons_age, labels, a, b, unit, levels, scores, size)
    write(con, now, new, fresh, both, key, row, decisions)
    born = {person_id(number) for number in decisions.new_people}
    known_again = {person_id(number) for number in decisions.known_people}
    tied = tie_by_reach(con, now, born | known_again, born)
    people = {tied.folded.get(person, person) for person in born | known_again}
    queued = len(decisions.queue) + tied.queued
    return ResolveReport(len(people & born), len(people - born), len(new), queued, time.monotonic() - started)


def _given_ties(
    con: duckdb.DuckDBPyConnection,
    new: NewRecords,
    fresh: Profiles,
    persons: npt.NDArray[np.uint64],
    size: int,
) -> tuple[Ints, Ints, Floats]:
    """Return the ties that humans have decided: rows of the two sides, and log-odds beyond all doubt."""
    row_of = {record: int(fresh.of_mention[at]) for at, record in enumerate(new.record_id)}
    unit_of = {int(p): size + at for at, p in enumerate(persons.tolist())}
    ties = con.execute(
        """SELECT left_id, right_id, CASE WHEN verdict = 'same' THEN 30.0 ELSE -30.0 END FROM (SELECT * FROM judgements
            QUALIFY row_number() OVER (PARTITION BY pair_id ORDER BY judgement_id DESC) = 1) WHERE verdict IN ('same', 'not')"""
    ).fetchall()
    wanted = {r for left, right, _ in ties for r in (left, right) if r not in row_of}
    elsewhere: dict[str, int] = {}
    if wanted:
        con.register("identity_wanted", pa.table({"record_id": list(wanted)}))
        for record, person in con.execute(
            """SELECT mention_id, person_id FROM person_mentions WHERE mention_id IN (SELECT record_id FROM identity_wanted)
            UNION ALL SELECT contact_id, person_id FROM person_contacts
            WHERE contact_id IN (SELECT record_id FROM identity_wanted)"""
        ).fetchall():
            at = unit_of.get(int(person, 16)) if len(person) == 16 else None
            if at is not None:
                elsewhere[record] = at
        con.unregister("identity_wanted")
    rows = []
    for left, right, value in ties:
        x = row_of.get(left, elsewhere.get(left, -1))
        y = row_of.get(right, elsewhere.get(right, -1))
        if x >= 0 and y >= 0 and x != y:
            rows.append((min(x, y), max(x, y), float(value)))
    table = np.array([(x, y) for x, y, _ in rows], np.int32).reshape(-1, 2)
    return table[:, 0], table[:, 1], np.array([value for _, _, value in rows], np.float32)


def _between_known(
    comparer: Comparer, unit: Ints, size: int, a: Ints, b: Ints, scores: Floats
) -> tuple[Ints, Ints, Floats]:
    """Compare known persons with each other where one new profile is like both of them."""
    likely = (b >= size) & (scores >= THRESHOLD)
    by_new: dict[int, list[int]] = {}
    for x, y in zip(a[likely].tolist(), b[likely].tolist(), strict=True):
        by_new.setdefault(x, []).append(y)
    pairs = {
        (min(p, q), max(p, q))
        for rows in by_new.values()
        if len({int(unit[r]) for r in rows}) > 1
        for at, p in enumerate(rows[:40])
        for q in rows[at + 1 : 40]
        if unit[p] != unit[q]
    }
    table = np.array(sorted(pairs), np.int32).reshape(-1, 2)
    left, right = table[:, 0].copy(), table[:, 1].copy()
    return unit[left], unit[right], shipped().score(comparer.compare(left, right))


def _ages(con: duckdb.DuckDBPyConnection, persons: npt.NDArray[np.uint64], labels: Ints) -> list[Any]:
    """Return when each person was first seen, in seconds, where two fall together; 0 elsewhere."""
    ages: list[Any] = [0.0] * len(persons)
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    together = np.flatnonzero(counts[inverse.reshape(-1)] > 1).tolist()
    if together:
        con.register("identity_together", pa.table({"person_id": [person_id(int(persons[at])) for at in together]}))
        found = dict(
            con.execute(
                "SELECT person_id, epoch(first_seen) FROM people SEMI JOIN identity_together USING (person_id)"
            ).fetchall()
        )
        con.unregister("identity_together")
        for at in together:
            ages[at] = found.get(person_id(int(persons[at])), 0.0)
    return ages


def _decide(
    new: NewRecords, fresh: Profiles, known: _Known, persons: npt.NDArray[np.uint64],
    ages: list[Any], labels: Ints, a: Ints, b: Ints, unit: Ints, levels: Levels, scores: Floats, size: int,
) -> Decisions:  # fmt: skip
    """Give every new record a person; a cluster without a known person is a new one."""
    first_of_profile = np.full(size, len(new), np.int64)
    np.minimum.at(first_of_profile, fresh.of_mention, np.arange(len(new)))
    cluster_count = int(labels.max()) + 1
    first_record = np.full(cluster_count, len(new), np.int64)
    np.minimum.at(first_record, labels[:size], first_of_profile)
    owner: dict[int, int] = {}
    merged: list[tuple[int, int]] = []
    numbers = persons.tolist()
    for at in sorted(range(len(numbers)), key=lambda i: (ages[i], numbers[i])):
        person = numbers[at]
        label = int(labels[size + at])
        if label in owner:
            merged.append((person, owner[label]))
        else:
            owner[label] = person
    person_of_label = np.zeros(cluster_count, np.uint64)
    unowned = np.array([label for label in np.unique(labels[:size]).tolist() if label not in owner], np.int64)
    person_of_label[unowned] = new.person_number(first_record[unowned])
    for label, person in owner.items():
        person_of_label[label] = person
    best = np.full(size, -1, np.int64)
    together = np.flatnonzero(labels[unit[a]] == labels[unit[b]])
    order = together[np.argsort(scores[together], kind="stable")]
    best[a[order]] = order
    inner = order[b[order] < size]
    later = inner[(best[b[inner]] < 0) | (scores[best[b[inner]]] < scores[inner])]
    best[b[later]] = later
    # a profile that the store already holds, letter for letter
    exact = (
        (levels.codes[:, 0] == 7) & (levels.codes[:, 1] == 4) & (levels.codes[:, 2] == 6) & (levels.codes[:, 3] >= 2)
    )
    stored = np.zeros(size, bool)
    stored[a[(b >= size) & exact & (labels[unit[a]] == labels[unit[b]])]] = True
    unsure = np.flatnonzero(
        (scores > REVIEW_BAND[0]) & (scores < REVIEW_BAND[1]) & (labels[unit[a]] != labels[unit[b]])
    )
    record = np.array([*(new.record_id[i] for i in first_of_profile.tolist()), *known.record], dtype=object)
    unsure = _one_a_pair(unsure, labels[unit[a]], labels[unit[b]], scores)
    texts = _explanations(Levels(levels.codes[unsure], levels.chance[unsure]))
    queue = [
        (str(record[a[at]]), str(record[b[at]]), float(scores[at]), text)
        for at, text in zip(unsure.tolist(), texts, strict=True)
    ]
    tied = np.flatnonzero(best >= 0)
    reason = dict(
        zip(
            tied.tolist(),
            _explanations(Levels(levels.codes[best[tied]], levels.chance[best[tied]])),
            strict=True,
        )
    )
    label_of_profile = labels[:size]
    profile_score = np.full(size, np.nan)
    profile_score[tied] = scores[best[tied]]
    return Decisions(
        person_of_label[label_of_profile], first_of_profile, profile_score, reason, stored, queue, merged,
        {int(person_of_label[label]) for label in set(label_of_profile.tolist()) if label not in owner},
        {owner[label] for label in set(label_of_profile.tolist()) if label in owner},
    )  # fmt: skip


def _one_a_pair(rows: npt.NDArray[Any], left: Ints, right: Ints, scores: Floats) -> npt.NDArray[Any]:
    """Keep the best-scoring row for each pair of clusters."""
    order = rows[np.argsort(-scores[rows], kind="stable")]
    low = np.minimum(left[order], right[order]).astype(np.int64)
    high = np.maximum(left[order], right[order]).astype(np.int64)
    _, first = np.unique(low << 32 | high, return_index=True)
    return order[np.sort(first)]
