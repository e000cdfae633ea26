"""Writes what was decided: people, companies, ties, index and frequencies, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from enrich.records import content_id
from pipeline.identity import houses
from pipeline.identity.arrays import Ints
from pipeline.identity.company_names import legal_form_of
from pipeline.identity.person_names import parse_person
from pipeline.identity.profiles import STRING_COLUMNS, Profiles
from pipeline.identity.records import NewRecords, person_id


@dataclass
class Decisions:
    """Per new profile: its person (number), first record row, best score, reason; and what follows from it.

    `stored` marks profiles that the store holds letter for letter; `queue` has (left, right, score, text);
    `merged` (old person, person) numbers.
    """

    person: npt.NDArray[np.uint64]
    first_of_profile: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    reason: dict[int, str]
    stored: npt.NDArray[np.bool_]
    queue: list[tuple[str, str, float, str]]
    merged: list[tuple[int, int]]
    new_people: set[int]
    known_people: set[int]


def pair_id(left: str, right: str) -> str:
    """Return the id of a pair of records, whichever comes first."""
    return content_id("pair", *sorted((left, right)))


def write(
    con: duckdb.DuckDBPyConnection, now: datetime, new: NewRecords, fresh: Profiles, both: Profiles,
    key: npt.NDArray[np.uint32], row: Ints, decisions: Decisions,
) -> None:  # fmt: skip
    """Write all tables of one resolve run."""
    _stage_records(con, new, fresh, decisions)
    merge(con, [Merge(old, kept) for old, kept in decisions.merged], now)
    _ties(con, now)
    _companies(con)
    _people(con)
    _index(con, new, fresh, key, row, decisions)
    queue(con, now, decisions.queue)
    con.execute("DROP TABLE identity_staged")


def _stage_records(con: duckdb.DuckDBPyConnection, new: NewRecords, fresh: Profiles, decisions: Decisions) -> None:
    of = fresh.of_mention
    size = len(fresh)
    hex_ids = {number: person_id(number) for number in set(decisions.person.tolist())}
    reasons = np.array([decisions.reason.get(at, "") for at in range(size)], dtype=object)
    cores = np.array([*fresh.words.strings, ""], dtype=object)[fresh.core]
    named = pc.not_equal(pc.fill_null(new.table["company"], ""), "").to_numpy(zero_copy_only=False)
    core_of = np.where(named, cores[of], "").tolist()
    rows = np.arange(len(new))
    is_first = decisions.first_of_profile[of] == rows
    score = decisions.score[of]
    first_of_person: dict[int, int] = {}
    people = decisions.person[of].tolist()
    for at, person in enumerate(people):
        first_of_person.setdefault(person, at)
    how = [
        "first" if person in decisions.new_people and first_of_person[person] == at
        else "exact" if not is_first[at] or decisions.stored[of[at]]
        else "score"
        for at, person in enumerate(people)
    ]  # fmt: skip
    person_ids = [hex_ids[p] for p in people]
    staged = new.table
    for name, column in (
        ("person_id", pa.array(person_ids)),
        ("is_new", pa.array([p in decisions.new_people for p in people])),
        ("company_id", pa.array(houses.assign(con, core_of, new.table["place"].to_pylist(), person_ids), pa.string())),
        ("core", pa.array(core_of, pa.string())),
        ("score", pa.array(score, pa.float32(), from_pandas=True)),
        ("how", pa.array(how)),
        ("explanation", pa.array(reasons[of].tolist(), pa.string())),
    ):
        staged = staged.append_column(name, column)
    con.register("identity_staged_arrow", staged)
    con.execute("CREATE OR REPLACE TEMP TABLE identity_staged AS SELECT * FROM identity_staged_arrow")
    con.unregister("identity_staged_arrow")


@dataclass(frozen=True)
class Merge:
    """A person (number) that turned out to be another; `how`, `score`, `text` tell what proved it.

    `one_house`: their organisations are one, whatever they are called, so that nobody changed employer.
    """

    old: int
    kept: int
    how: str | None = None
    score: float | None = None
    text: str | None = None
    one_house: bool = False


def other_house(one: str, other: str) -> str:
    """Return the SQL condition under which two cores are two houses: two names for one house are no change of employer."""
    return f"(NOT starts_with({one}, {other}) AND NOT starts_with({other}, {one}) AND jaro_winkler_similarity({one}, {other}) < 0.92)"


# What a page says of the present outranks an imported row, which tells of some day before; the newest of a kind wins.
_LAST_SAID = "(m.mentions > 0, m.last_seen, m.person_id)"


def merge(con: duckdb.DuckDBPyConnection, merges: list[Merge], now: datetime, unseen: Collection[str] = ()) -> None:
    """Fold persons that turned out to be one into the older of them, in the caller's transaction.

    The tables are gone through once for all. Ids of `unseen` persons have not left this run: they need no alias.
    """
    if not merges:
        return
    con.register(
        "identity_merged_arrow",
        pa.table(
            {
                "old": pa.array([m.old for m in merges], pa.uint64()), "kept": pa.array([m.kept for m in merges], pa.uint64()),
                "old_id": [person_id(m.old) for m in merges], "kept_id": [person_id(m.kept) for m in merges],
                "how": pa.array([m.how for m in merges], pa.string()), "score": pa.array([m.score for m in merges], pa.float32()),
                "explanation": pa.array([m.text for m in merges], pa.string()),
                "seen": [person_id(m.old) not in unseen for m in merges], "one_house": [m.one_house for m in merges],
            }
        ),
    )  # fmt: skip
    con.execute("CREATE OR REPLACE TEMP TABLE identity_merged AS SELECT * FROM identity_merged_arrow")
    con.unregister("identity_merged_arrow")
    by_id = "identity_merged m ON m.old_id = t.person_id"
    said = "CASE WHEN t.{0} = 'first' AND m.how IS NOT NULL THEN m.{1} ELSE t.{2} END AS {2}"
    how = ", ".join(("m.kept_id AS person_id", said.format("how", "score", "score"), said.format("how", "how", "how")))
    _replace_rows(con, "person_contacts", f"t.* REPLACE ({how})", by_id)
    how = ", ".join(
        ("m.kept_id AS person_id", *(said.format("decided_by", m, c) for m, c in (("score", "score"), ("how", "decided_by"), ("explanation", "explanation"))))
    )  # fmt: skip
    _replace_rows(con, "person_mentions", f"t.* REPLACE ({how})", by_id)
    _replace_rows(con, "person_aliases", "t.* REPLACE (m.kept_id AS person_id)", by_id)
    _replace_rows(con, "identity_profiles", "t.* REPLACE (m.kept AS person)", "identity_merged m ON m.old = t.person")
    con.execute("INSERT INTO person_aliases SELECT old_id, kept_id, ? FROM identity_merged WHERE seen", [now])
    con.execute(
        """CREATE OR REPLACE TEMP TABLE identity_rows AS SELECT p.rowid AS old_row, m.kept_id FROM people p
        JOIN (SELECT old_id, kept_id FROM identity_merged UNION SELECT kept_id, kept_id FROM identity_merged) m
            ON m.old_id = p.person_id"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE identity_merging AS SELECT r.kept_id, r.old_row, p.* FROM people p
        JOIN identity_rows r ON r.old_row = p.rowid"""
    )
    con.execute("DELETE FROM people WHERE rowid IN (SELECT old_row FROM identity_merging)")
    con.execute(
        f"""INSERT INTO people WITH said AS (
            SELECT kept_id, sum(mentions)::INTEGER AS mentions, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
                arg_max(title, {_LAST_SAID}) FILTER (title IS NOT NULL) AS title, arg_max(role, {_LAST_SAID}) FILTER (role IS NOT NULL) AS role,
                arg_max(role_level, {_LAST_SAID}) FILTER (role IS NOT NULL) AS role_level, arg_max(place, {_LAST_SAID}) FILTER (place IS NOT NULL) AS place,
                arg_max(struct_pack(company_id, company, org_kind, core := coalesce(c.core, company), at := coalesce(changed_at, m.first_seen)),
                    {_LAST_SAID}) FILTER (company_id IS NOT NULL) AS house,
                arg_max(struct_pack(previous_company, changed_at), {_LAST_SAID}) FILTER (previous_company IS NOT NULL) AS moved
            FROM identity_merging m LEFT JOIN (SELECT company_id, core FROM companies) c USING (company_id) GROUP BY kept_id),
        left_house AS (
            SELECT m.kept_id, arg_max(m.company, {_LAST_SAID}) AS company FROM identity_merging m JOIN said USING (kept_id)
            JOIN companies c ON c.company_id = m.company_id WHERE kept_id IN (SELECT kept_id FROM identity_merged WHERE NOT one_house) AND m.company_id <> house.company_id AND {other_house("c.core", "house.core")}
            GROUP BY m.kept_id)
        SELECT m.* EXCLUDE (kept_id, old_row) REPLACE (
            s.mentions AS mentions, s.first_seen AS first_seen, s.last_seen AS last_seen, coalesce(s.title, m.title) AS title,
            s.role AS role, coalesce(s.role_level, m.role_level) AS role_level, s.place AS place, house.company_id AS company_id,
            house.company AS company, coalesce(house.org_kind, m.org_kind) AS org_kind,
            coalesce(l.company, moved.previous_company) AS previous_company,
            CASE WHEN l.company IS NOT NULL THEN house.at ELSE moved.changed_at END AS changed_at)
        FROM identity_merging m JOIN said s USING (kept_id) LEFT JOIN left_house l USING (kept_id) WHERE m.person_id = m.kept_id"""  # noqa: S608 - constants
    )
    for table in ("identity_merging", "identity_rows", "identity_merged"):
        con.execute(f"DROP TABLE {table}")


def _replace_rows(con: duckdb.DuckDBPyConnection, table: str, columns: str, joined: str) -> None:
    """Write changed rows anew at the end of a table: an update in place rewrites whole columns of a large store."""
    rows = f"SELECT t.rowid AS old_row FROM {table} t JOIN {joined}"  # noqa: S608 - constants
    con.execute(f"CREATE OR REPLACE TEMP TABLE identity_rows AS {rows}")
    changed = f"SELECT r.old_row, {columns} FROM {table} t JOIN identity_rows r ON r.old_row = t.rowid JOIN {joined}"  # noqa: S608
    con.execute(f"CREATE OR REPLACE TEMP TABLE identity_changed AS {changed}")
    con.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT old_row FROM identity_changed)")  # noqa: S608
    con.execute(f"INSERT INTO {table} SELECT * EXCLUDE (old_row) FROM identity_changed")  # noqa: S608
    con.execute("DROP TABLE identity_changed")
    con.execute("DROP TABLE identity_rows")


def merge_people(con: duckdb.DuckDBPyConnection, one: str, other: str, now: datetime) -> str:
    """Fold the younger of two people into the older, in one transaction; returns the id that stays."""
    rows = con.execute(
        "SELECT person_id FROM people WHERE person_id IN (?, ?) ORDER BY first_seen, person_id", [one, other]
    ).fetchall()
    if len(rows) < 2:
        return one
    kept, old = rows[0][0], rows[1][0]
    con.execute("BEGIN")
    try:
        merge(con, [Merge(int(old, 16), int(kept, 16))], now)
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return str(kept)


def _ties(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    con.execute(
        """INSERT INTO person_mentions BY NAME SELECT record_id AS mention_id, person_id, company_id,
            CASE WHEN how <> 'first' THEN score END AS score, how AS decided_by, nullif(explanation, '') AS explanation,
            ?::TIMESTAMPTZ AS resolved_at FROM identity_staged WHERE kind = 'mention'""",
        [now],
    )
    con.execute(
        """INSERT INTO person_contacts BY NAME SELECT record_id AS contact_id, person_id,
            CASE WHEN how <> 'first' THEN score END AS score, how, ?::TIMESTAMPTZ AS resolved_at
        FROM identity_staged WHERE kind = 'contact'""",
        [now],
    )


def _companies(con: duckdb.DuckDBPyConnection) -> None:
    # a company that was named without its town
    con.execute(
        """UPDATE companies SET town = s.place FROM (SELECT company_id, arg_min(place, seen_at) AS place FROM identity_staged
            WHERE place IS NOT NULL GROUP BY company_id) s
        WHERE s.company_id = companies.company_id AND town IS NULL"""
    )
    found = con.sql(
        """SELECT company_id, arg_max(company, length(company)) AS name, any_value(core) AS core,
            arg_min(org_kind, seen_at) AS org_kind, arg_min(place, seen_at) AS town, min(seen_at) AS first_seen
        FROM identity_staged s ANTI JOIN companies c USING (company_id)
        WHERE company_id IS NOT NULL GROUP BY company_id ORDER BY company_id"""
    ).to_arrow_table()
    if not len(found):
        return
    forms = pa.array([legal_form_of(name) for name in found["name"].to_pylist()], pa.string())
    con.register("identity_companies", found.append_column("legal_form", forms))
    con.execute(
        """INSERT INTO companies SELECT company_id, name, legal_form, core, org_kind, town, first_seen FROM identity_companies"""
    )
    con.unregister("identity_companies")


# The newest words on a person win; a name is best full, in running order and in lower case.
_NEWEST = """
    SELECT person_id, any_value(is_new) AS is_new,
        arg_max(person, (NOT regexp_matches(person, '(^|\\s)\\p{L}\\.?(\\s|$)'), NOT contains(person, ','), person <> upper(person),
            length(person) - length(replace(person, ' ', '')), said_at)) AS name,
        arg_max(title, said_at) FILTER (title IS NOT NULL) AS title,
        arg_max(role, (kind = 'mention', said_at)) FILTER (role IS NOT NULL AND NOT former) AS role,
        arg_max(role_level, (kind = 'mention', said_at)) FILTER (role IS NOT NULL AND NOT former) AS role_level,
        arg_max(company_id, (NOT former, kind = 'mention', said_at)) FILTER (company_id IS NOT NULL) AS company_id,
        arg_max(company, (NOT former, kind = 'mention', said_at)) FILTER (company_id IS NOT NULL) AS company,
        arg_max(core, (NOT former, kind = 'mention', said_at)) FILTER (company_id IS NOT NULL) AS core,
        arg_max(org_kind, (NOT former, kind = 'mention', said_at)) FILTER (company_id IS NOT NULL) AS org_kind,
        arg_max(said_at, (kind = 'mention', said_at)) FILTER (company_id IS NOT NULL AND NOT former) AS company_at,
        arg_max(place, said_at) FILTER (place IS NOT NULL) AS place,
        min(seen_at) AS first_seen, max(seen_at) AS last_seen, count(*) FILTER (kind = 'mention')::INTEGER AS mentions
    FROM identity_staged GROUP BY person_id"""


def _people(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE identity_newest AS {_NEWEST}")
    other = other_house("n.core", "s.core")
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE identity_former AS
        SELECT n.person_id, arg_max(s.company, s.said_at) AS previous, any_value(n.company_at) AS changed_at
        FROM identity_newest n JOIN identity_staged s USING (person_id)
        WHERE s.company_id IS NOT NULL AND s.company_id <> n.company_id AND (s.kind = 'contact' OR s.said_at <= n.company_at) AND {other}
        GROUP BY n.person_id"""  # noqa: S608 - constants
    )
    fresh = con.sql(
        """SELECT n.*, f.previous, f.changed_at FROM identity_newest n LEFT JOIN identity_former f USING (person_id)
        WHERE is_new ORDER BY first_seen, person_id"""
    ).to_arrow_table()
    if len(fresh):
        parsed = [parse_person(name) for name in fresh["name"].to_pylist()]
        for column, values in (
            (
                "shown",
                [f"{p.given} {p.surname}".strip() or n for p, n in zip(parsed, fresh["name"].to_pylist(), strict=True)],
            ),
            ("given", [p.given or None for p in parsed]),
            ("surname", [p.surname or None for p in parsed]),
            ("gender", [p.gender or None for p in parsed]),
            ("own_title", [p.title or None for p in parsed]),
        ):
            fresh = fresh.append_column(column, pa.array(values, pa.string()))
        con.register("identity_fresh", fresh)
        con.execute(
            """INSERT INTO people SELECT person_id, shown, coalesce(title, own_title), given, surname, gender, role,
                coalesce(role_level, 'unknown'), company_id, company, org_kind, place, previous, changed_at, first_seen, first_seen,
                last_seen, mentions FROM identity_fresh"""
        )
        con.unregister("identity_fresh")
    moved = f"(b.company_id <> n.company_id AND {other_house('n.core', 'c.core')})"
    # an imported row tells of some day before: what pages have said since stays, the row's house is the one before
    told = "(n.mentions > 0 OR b.mentions = 0)"
    con.execute(
        """CREATE OR REPLACE TEMP TABLE identity_rows AS SELECT b.rowid AS old_row FROM people b
        JOIN identity_newest n ON n.person_id = b.person_id AND NOT n.is_new"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE identity_updated AS
        SELECT b.rowid AS old_row, b.* REPLACE (
            greatest(b.last_seen, n.last_seen) AS last_seen, b.mentions + n.mentions AS mentions, coalesce(b.title, n.title) AS title,
            CASE WHEN {told} THEN coalesce(n.role, b.role) ELSE coalesce(b.role, n.role) END AS role,
            CASE WHEN n.role IS NULL OR NOT {told} AND b.role IS NOT NULL THEN b.role_level ELSE coalesce(n.role_level, 'unknown') END AS role_level,
            CASE WHEN {told} THEN coalesce(n.company, b.company) ELSE coalesce(b.company, n.company) END AS company,
            CASE WHEN {told} THEN coalesce(n.company_id, b.company_id) ELSE coalesce(b.company_id, n.company_id) END AS company_id,
            CASE WHEN {told} THEN coalesce(n.org_kind, b.org_kind) ELSE coalesce(b.org_kind, n.org_kind) END AS org_kind,
            CASE WHEN {told} THEN coalesce(n.place, b.place) ELSE coalesce(b.place, n.place) END AS place,
            CASE WHEN NOT {moved} THEN b.previous_company WHEN {told} THEN b.company ELSE coalesce(b.previous_company, n.company) END AS previous_company,
            CASE WHEN NOT {moved} THEN b.changed_at WHEN {told} THEN n.company_at ELSE coalesce(b.changed_at, b.first_seen) END AS changed_at)
        FROM people b JOIN identity_rows r ON r.old_row = b.rowid JOIN identity_newest n ON n.person_id = b.person_id
        LEFT JOIN companies c ON c.company_id = b.company_id"""  # noqa: S608 - constants
    )
    con.execute("DELETE FROM people WHERE rowid IN (SELECT old_row FROM identity_updated)")
    con.execute("INSERT INTO people SELECT * EXCLUDE (old_row) FROM identity_updated")
    for table in ("identity_newest", "identity_former", "identity_updated", "identity_rows"):
        con.execute(f"DROP TABLE {table}")


def _index(
    con: duckdb.DuckDBPyConnection,
    new: NewRecords,
    fresh: Profiles,
    key: npt.NDArray[np.uint32],
    row: Ints,
    decisions: Decisions,
) -> None:
    """Add profiles that the store does not hold yet, with their keys and word counts."""
    rows = np.flatnonzero(~decisions.stored)
    if not len(rows):
        return
    base = int(con.execute("SELECT coalesce(max(profile) + 1, 0) FROM identity_profiles").fetchall()[0][0])
    number = np.full(len(fresh), -1, np.int64)
    number[rows] = base + np.arange(len(rows))
    record = [new.record_id[i] for i in decisions.first_of_profile[rows].tolist()]
    columns = fresh.strings_of(rows)
    profiles = pa.table(
        {
            "profile": pa.array(number[rows], pa.int32()), "person": pa.array(decisions.person[rows], pa.uint64()),
            "record_id": record, **{name: pa.array(columns[name], pa.string()) for name in STRING_COLUMNS},
        }
    )  # fmt: skip
    con.register("identity_add", profiles)
    con.execute("INSERT INTO identity_profiles SELECT * FROM identity_add")
    con.unregister("identity_add")
    kept = number[row] >= 0
    con.register("identity_add", {"key": key[kept], "profile": number[row[kept]].astype(np.int32)})
    con.execute("INSERT INTO identity_index SELECT DISTINCT key, profile FROM identity_add ORDER BY key")
    con.unregister("identity_add")
    strings = np.array([*fresh.words.strings, ""], dtype=object)
    kinds: list[str] = []
    words: list[str] = []
    counts: list[int] = []
    for kind, codes in (
        ("given", fresh.given[rows].ravel()), ("surname", fresh.surname[rows].ravel()), ("core", fresh.core[rows]),
        ("token", fresh.tokens[rows].ravel()), ("place", fresh.place[rows]), ("role", fresh.roles[rows, 0]),
    ):  # fmt: skip
        distinct, times = np.unique(codes[codes >= 0], return_counts=True)
        kinds += [kind] * len(distinct)
        words += strings[distinct].tolist()
        counts += times.tolist()
    con.register("identity_add", pa.table({"kind": kinds, "word": words, "n": pa.array(counts, pa.int32())}))
    con.execute("INSERT INTO identity_frequencies SELECT * FROM identity_add ORDER BY word, kind")
    con.unregister("identity_add")


def queue(con: duckdb.DuckDBPyConnection, now: datetime, pairs: list[tuple[str, str, float, str]]) -> None:
    """Queue uncertain pairs (left, right, score, text), except those that a human has judged or that wait already."""
    if not pairs:
        return
    left, right, score, text = zip(*pairs, strict=True)
    ids = [pair_id(x, y) for x, y in zip(left, right, strict=True)]
    con.register(
        "identity_unsure",
        pa.table(
            {
                "pair_id": ids,
                "left_id": left,
                "right_id": right,
                "score": pa.array(score, pa.float32()),
                "text": text,
            }
        ),
    )
    con.execute(
        """INSERT INTO match_queue SELECT u.pair_id, u.left_id, u.right_id, u.score, u.text, ? FROM identity_unsure u
        ANTI JOIN match_queue q ON q.pair_id = u.pair_id
        ANTI JOIN (SELECT pair_id FROM judgements QUALIFY row_number() OVER (PARTITION BY pair_id ORDER BY judgement_id DESC) = 1
                   AND verdict <> 'undone') j ON j.pair_id = u.pair_id""",
        [now],
    )
    con.unregister("identity_unsure")
