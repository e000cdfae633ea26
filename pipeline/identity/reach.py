"""Known contacts and prospects that are one person by phone, e-mail, record number, register number or website.

Two persons who share such a means and a part of their names are compared again. The means tells at least that they
belong to one house, so their organisations count as the same, whatever they are called. A personal mailbox or a direct
number with a name that fits is strong proof; a switchboard, that people of several names have, is none. Names that
conflict are never joined by a means, and another surname waits for a human.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.identity import clustering, profiles
from pipeline.identity.arrays import Floats, Ints
from pipeline.identity.comparison import Comparer
from pipeline.identity.levels import COMPANY, GIVEN, SURNAME, Levels
from pipeline.identity.mailboxes import freemail, shared_boxes
from pipeline.identity.profiles import STRING_COLUMNS, Profiles
from pipeline.identity.scoring import REVIEW_BAND, THRESHOLD, shipped
from pipeline.identity.store_counts import store_counts
from pipeline.identity.writing import Merge, merge, queue

_MEANS = Path(__file__).with_name("reach_means.sql").read_text("utf-8")
_PAIRS = Path(__file__).with_name("reach_pairs.sql").read_text("utf-8")
# The likeliest to be one person's own first.
KINDS = ("email", "phone", "external_id", "register_number", "website")
WORDED = {
    "email": "e-mail address", "phone": "phone number", "external_id": "record in the CRM",
    "register_number": "register number", "website": "website or mail domain",
}  # fmt: skip
# More people of one name part than this at one means are no candidates (a portal's domain, a call centre's number).
BLOCK = 200
PROFILES = 12  # spellings of one person that are compared
OWN_MEANS = 4.0  # log-odds that one mailbox or direct number adds to a name that fits
OWN_AT_LEAST = 6.0
# What a house of its own is worth in chance namesakes: about three people a house.
HOUSE = 3.0
_OTHER_GIVEN = (GIVEN.index("conflict"), GIVEN.index("similar"))
_OTHER_SURNAME = (SURNAME.index("conflict"), SURNAME.index("similar"), SURNAME.index("missing"))


@dataclass(frozen=True)
class Evidence:
    """A means that two persons share: its kind, whether it is one person's own, the value, contacts that have it."""

    kind: str
    own: bool
    value: str
    contacts: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int]:
        return not self.own, KINDS.index(self.kind)

    @property
    def one_house(self) -> bool:
        """True where the means is the employer's: two names of it are no change of employer."""
        if self.kind == "email":
            return self.value.rpartition("@")[2] not in freemail()
        return self.kind in ("register_number", "website") or not self.own

    @property
    def words(self) -> str:
        """Return what they share, in words."""
        owned = "" if self.own or self.kind in ("register_number", "website") else " of the house"
        return f"same {WORDED[self.kind]}{owned}"


Pairs = dict[tuple[str, str], Evidence]
Unsure = tuple[str, str, float, str]


@dataclass(frozen=True)
class Tied:
    """Persons folded into others (old id -> id that stays), and how many pairs wait for a human."""

    folded: dict[str, str] = field(default_factory=dict)
    queued: int = 0


def tie_companies(con: duckdb.DuckDBPyConnection, now: datetime, company_ids: Collection[str]) -> Tied:
    """Join the people of companies whose Impressum has been read with the known contacts that it proves them to be.

    One transaction. For companies whose website was proved after their people were resolved.
    """
    if not company_ids or not con.execute("SELECT 1 FROM person_contacts LIMIT 1").fetchall():
        return Tied()
    con.execute("BEGIN")
    try:
        people = con.execute(
            "SELECT person_id FROM people WHERE company_id IN (SELECT unnest(?::VARCHAR[]))", [list(company_ids)]
        ).fetchall()
        tied = tie_by_reach(con, now, [row[0] for row in people])
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return tied


def tie_by_reach(
    con: duckdb.DuckDBPyConnection, now: datetime, people: Collection[str], born: Collection[str] = ()
) -> Tied:
    """Join `people` (ids) with others whom a shared means and the name prove to be them, in the caller's transaction.

    Pairs that are not sure go to the review queue. `born` are ids that nobody has seen yet: they leave no alias.
    """
    if not people or not con.execute("SELECT 1 FROM person_contacts LIMIT 1").fetchall():
        return Tied()
    found = shared_means(con, people)
    if not found:
        return Tied()
    rows = _Rows.read(con, {p for pair in found for p in pair})
    merged, unsure = _decide(con, rows, found)
    _apply(con, merged, now, born)
    queue(con, now, unsure)
    return Tied({folded.old: folded.kept for folded in merged}, len(unsure))


def shared_means(con: duckdb.DuckDBPyConnection, people: Iterable[str]) -> Pairs:
    """Return the best means that each pair of persons shares, one of them out of `people`."""
    best: Pairs = {}
    with _tables(con, people):
        for one, other, kind, own, value, contacts in con.execute("SELECT * FROM reach_pairs").fetchall():
            evidence = Evidence(kind, own, value, tuple(sorted(c for c in contacts if c)))
            known = best.get((one, other))
            if known is None or evidence.rank < known.rank:
                best[one, other] = evidence
    return best


def means_of_records(
    con: duckdb.DuckDBPyConnection, one: tuple[str, str | None], other: tuple[str, str | None]
) -> Evidence | None:
    """Return the best means that two records (mention or contact, its person) share; None when there is none."""
    people = {person for _, person in (one, other) if person}
    with _tables(con, people):
        found = con.execute(
            """SELECT DISTINCT a.kind, a.value, a.kind IN ('email', 'phone', 'external_id') AND NOT EXISTS (
                SELECT 1 FROM reach_common c WHERE c.kind = a.kind AND c.value = a.value) AS own
            FROM reach_mine a JOIN reach_mine b USING (kind, value)
            WHERE a.person_id = $p AND b.person_id = $q AND coalesce(a.form = b.form, true)
                AND (len(a.court) = 0 OR len(b.court) = 0 OR list_has_any(a.court, b.court))
                AND (a.contact_id = $x OR a.contact_id IS NULL AND $x NOT IN (SELECT contact_id FROM contacts))
                AND (b.contact_id = $y OR b.contact_id IS NULL AND $y NOT IN (SELECT contact_id FROM contacts))
                AND (a.contact_id IS NOT NULL OR b.contact_id IS NOT NULL)""",
            {"p": one[1], "q": other[1], "x": one[0], "y": other[0]},
        ).fetchall()
    shared = [Evidence(kind, own, value, ()) for kind, value, own in found]
    return min(shared, key=lambda evidence: evidence.rank, default=None)


@contextmanager
def _tables(con: duckdb.DuckDBPyConnection, people: Iterable[str]) -> Iterator[None]:
    """Hold the temporary tables of reach_means.sql and reach_pairs.sql for `people`."""

    def put(name: str, table: pa.Table) -> None:
        con.register("reach_arrow", table)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM reach_arrow")  # noqa: S608 - names below
        con.unregister("reach_arrow")

    put("reach_people", pa.table({"person_id": pa.array(sorted(set(people)), pa.string())}))
    put("reach_freemail", pa.table({"host": pa.array(sorted(freemail()), pa.string())}))
    put("reach_box", pa.table({"word": pa.array(sorted(shared_boxes()), pa.string())}))
    con.execute(_MEANS)
    ids = con.execute("SELECT person_id FROM reach_mine UNION SELECT person_id FROM reach_theirs").fetchall()
    put("reach_numbers", _numbered([row[0] for row in ids]))
    con.execute("SET VARIABLE reach_block = ?", [BLOCK])
    con.execute(_PAIRS)
    try:
        yield
    finally:
        for table in ("people", "freemail", "box", "mine", "theirs", "numbers", "part", "common", "keyed", "pairs"):
            con.execute(f"DROP TABLE IF EXISTS reach_{table}")


def _numbered(ids: list[str]) -> pa.Table:
    return pa.table(
        {"person_id": pa.array(ids, pa.string()), "person": pa.array([int(i, 16) for i in ids], pa.uint64())}
    )


@dataclass
class _Rows:
    """Profiles of the persons in question: who each row is, a record that has it, and how to compare them."""

    people: list[str]
    unit: npt.NDArray[np.int32]
    record: list[str]
    comparer: Comparer
    total: float

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection, people: set[str]) -> _Rows:
        ids = sorted(people)
        con.register("reach_arrow", _numbered(ids))
        names = ", ".join(f"p.{name}" for name in STRING_COLUMNS)
        stored = con.sql(
            f"""SELECT r.person_id, p.record_id, {names} FROM identity_profiles p JOIN reach_arrow r USING (person)
            QUALIFY row_number() OVER (PARTITION BY r.person_id ORDER BY p.profile DESC) <= {PROFILES}
            ORDER BY r.person_id, p.profile"""  # noqa: S608 - constants
        ).to_arrow_table()
        con.unregister("reach_arrow")
        found = profiles.append_stored(profiles.build([], [], [], []), {n: stored[n] for n in STRING_COLUMNS})
        comparer, total = comparer_of(con, found)
        at = {person: number for number, person in enumerate(ids)}
        unit = np.array([at[p] for p in stored["person_id"].to_pylist()], np.int32)
        return cls(ids, unit, stored["record_id"].to_pylist(), comparer, total)

    def pairs(self, wanted: Iterable[tuple[str, str]]) -> tuple[Ints, Ints]:
        """Return all rows of one person against all rows of the other, for each pair."""
        at = {person: number for number, person in enumerate(self.people)}
        start = np.searchsorted(self.unit, np.arange(len(self.people) + 1))
        left: list[npt.NDArray[np.int64]] = []
        right: list[npt.NDArray[np.int64]] = []
        for one, other in wanted:
            x, y = at[one], at[other]
            a, b = np.arange(start[x], start[x + 1]), np.arange(start[y], start[y + 1])
            left.append(np.repeat(a, len(b)))
            right.append(np.tile(b, len(a)))
        nothing = [np.zeros(0, np.int64)]
        return np.concatenate(left or nothing).astype(np.int32), np.concatenate(right or nothing).astype(np.int32)


def comparer_of(con: duckdb.DuckDBPyConnection, found: Profiles) -> tuple[Comparer, float]:
    """Return what compares these profiles by the counts of the store, and how many profiles those are."""
    counts = store_counts(con, found)
    return Comparer(found, profiles.word_facts(found), counts), counts.total


def score_with(levels: Levels, own: npt.NDArray[np.bool_], total: float) -> Floats:
    """Return the log-odds of pairs that share a means; `levels` is changed: one house, whatever it is called."""
    house = levels.codes[:, 2]
    apart = np.isin(house, (COMPANY.index("conflict"), COMPANY.index("missing")))
    levels.chance[apart] += np.float32(np.log(HOUSE / max(total, HOUSE)))
    levels.codes[:, 2] = COMPANY.index("exact")
    score = shipped().score(levels)
    fits = ~np.isin(levels.codes[:, 0], _OTHER_GIVEN) & ~np.isin(levels.codes[:, 1], _OTHER_SURNAME)
    sure = own & fits
    score[sure] = np.maximum(score[sure] + OWN_MEANS, OWN_AT_LEAST)
    # one mailbox, one given name, two surnames: perhaps a marriage, a human looks
    renamed = own & ~np.isin(levels.codes[:, 0], _OTHER_GIVEN) & np.isin(levels.codes[:, 1], _OTHER_SURNAME)
    score[renamed] = np.clip(score[renamed], 0.0, THRESHOLD - 0.1)
    return score


@dataclass(frozen=True)
class _Fold:
    """A person to be folded into another, and what speaks most for it."""

    old: str
    kept: str
    score: float
    evidence: Evidence
    text: str


def _decide(con: duckdb.DuckDBPyConnection, rows: _Rows, found: Pairs) -> tuple[list[_Fold], list[Unsure]]:
    """Return who is to be joined, and the pairs for the review queue."""
    a, b = rows.pairs(sorted(found))
    pair_of = [
        (rows.people[x], rows.people[y]) for x, y in zip(rows.unit[a].tolist(), rows.unit[b].tolist(), strict=True)
    ]
    levels = rows.comparer.compare(a, b)
    score = score_with(levels, np.array([found[pair].own for pair in pair_of], bool), rows.total)
    c, d = rows.pairs(sorted(_between(pair_of, score) - found.keys()))
    plain = shipped().score(rows.comparer.compare(c, d))
    judged = _judged(con, rows.people)
    x = np.concatenate([rows.unit[a], rows.unit[c], np.array([j[0] for j in judged], np.int32)])
    y = np.concatenate([rows.unit[b], rows.unit[d], np.array([j[1] for j in judged], np.int32)])
    scores = np.concatenate([score, plain, np.array([j[2] for j in judged], np.float32)]).astype(np.float32)
    forced = np.zeros(len(x), bool)
    forced[len(score) + len(plain) :] = True
    count = len(rows.people)
    labels = clustering.cluster(count, x, y, scores, THRESHOLD, forced, np.ones(count, bool))
    best: dict[str, tuple[float, Evidence, str]] = {}
    queued: dict[tuple[str, str], Unsure] = {}
    for at in np.argsort(score, kind="stable").tolist():  # the best of each comes last
        one, other = pair_of[at]
        text = f"{found[one, other].words}; {_levels_in_words(levels, at)}"
        if labels[rows.unit[a[at]]] == labels[rows.unit[b[at]]]:
            best[one] = best[other] = (float(score[at]), found[one, other], text)
        elif REVIEW_BAND[0] < score[at] < REVIEW_BAND[1]:
            queued[one, other] = (rows.record[a[at]], rows.record[b[at]], float(score[at]), text)
    ages = _ages(con, rows.people)
    owner: dict[int, str] = {}
    folds = []
    for at in sorted(range(count), key=lambda i: (ages.get(rows.people[i], 0.0), rows.people[i])):
        person, label = rows.people[at], int(labels[at])
        if label not in owner:
            owner[label] = person
        elif person in best:
            folds.append(_Fold(person, owner[label], *best[person]))
    return folds, list(queued.values())


def _between(pair_of: list[tuple[str, str]], score: Floats) -> set[tuple[str, str]]:
    """Return pairs of those who have a likely partner in common: they speak for or against each other."""
    partners: dict[str, set[str]] = {}
    for (one, other), value in zip(pair_of, score.tolist(), strict=True):
        if value >= THRESHOLD:
            partners.setdefault(one, set()).add(other)
            partners.setdefault(other, set()).add(one)
    return {(p, q) for near in partners.values() for p in sorted(near)[:40] for q in sorted(near)[:40] if p < q}


def _levels_in_words(levels: Levels, at: int) -> str:
    return f"given {GIVEN[levels.codes[at, 0]]}; surname {SURNAME[levels.codes[at, 1]]}"


def _judged(con: duckdb.DuckDBPyConnection, people: list[str]) -> list[tuple[int, int, float]]:
    """Return (row, row, log-odds) of the persons that humans have judged."""
    if not con.execute("SELECT 1 FROM judgements LIMIT 1").fetchall():
        return []
    rows = con.execute(
        """WITH latest AS (SELECT left_id, right_id, verdict FROM judgements
            QUALIFY row_number() OVER (PARTITION BY pair_id ORDER BY judgement_id DESC) = 1),
        named AS (SELECT left_id AS record_id FROM latest UNION SELECT right_id FROM latest),
        tie AS (SELECT mention_id AS record_id, person_id FROM person_mentions WHERE mention_id IN (FROM named)
            UNION ALL SELECT contact_id, person_id FROM person_contacts WHERE contact_id IN (FROM named))
        SELECT x.person_id, y.person_id, verdict FROM latest JOIN tie x ON x.record_id = left_id JOIN tie y ON y.record_id = right_id
        WHERE verdict IN ('same', 'not') AND x.person_id <> y.person_id"""
    ).fetchall()
    at = {person: number for number, person in enumerate(people)}
    return [(at[x], at[y], 30.0 if verdict == "same" else -30.0) for x, y, verdict in rows if x in at and y in at]


def _ages(con: duckdb.DuckDBPyConnection, people: list[str]) -> dict[str, float]:
    con.register("reach_arrow", pa.table({"person_id": people}))
    rows = con.execute(
        "SELECT person_id, epoch(first_seen) FROM people SEMI JOIN reach_arrow USING (person_id)"
    ).fetchall()
    con.unregister("reach_arrow")
    return dict(rows)


def _apply(con: duckdb.DuckDBPyConnection, folds: list[_Fold], now: datetime, born: Collection[str]) -> None:
    """Fold persons into others and note at their records by what they were tied."""
    if not folds:
        return
    old = {fold.old for fold in folds}
    merges = [
        Merge(int(f.old, 16), int(f.kept, 16), f.evidence.kind, f.score, f.text, f.evidence.one_house) for f in folds
    ]
    con.register("reach_arrow", pa.table({"contact_id": sorted({c for f in folds for c in f.evidence.contacts})}))
    owned = dict(
        con.execute(
            "SELECT contact_id, person_id FROM person_contacts SEMI JOIN reach_arrow USING (contact_id)"
        ).fetchall()
    )
    con.unregister("reach_arrow")
    merge(con, merges, now, unseen=born)
    # a prospect that joined a contact: the means is the contact's
    joined = {
        contact: fold
        for fold in folds
        if not any(owned.get(c) in old for c in fold.evidence.contacts)
        for contact in fold.evidence.contacts
    }
    for contact, fold in joined.items():
        con.execute(
            "UPDATE person_contacts SET how = ?, score = ? WHERE contact_id = ? AND how = 'first'",
            [fold.evidence.kind, fold.score, contact],
        )
