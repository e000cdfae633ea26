"""Writes what was decided: people, companies, ties, index and frequencies, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from enrich.records import content_id
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


def company_id(core: str) -> str | None:
    """Return the id of the organisation with this folded core; None for no core."""
    return content_id("company", core) if core else None


def write(
    con: duckdb.DuckDBPyConnection, now: datetime, new: NewRecords, fresh: Profiles, both: Profiles,
    key: npt.NDArray[np.uint32], row: Ints, decisions: Decisions,
) -> None:  # fmt: skip
    """Write all tables of one resolve run."""
    _stage_records(con, new, fresh, decisions)
    _merge(con, decisions.merged, now)
    _ties(con, now)
    _companies(con)
    _people(con)
    _index(con, new, fresh, key, row, decisions)
    if decisions.queue:
        _queue(con, now, decisions)
    con.execute("DROP TABLE identity_staged")


def _stage_records(con: duckdb.DuckDBPyConnection, new: NewRecords, fresh: Profiles, decisions: Decisions) -> None:
    of = fresh.of_mention
    size = len(fresh)
    hex_ids = {number: person_id(number) for number in set(decisions.person.tolist())}
    reasons = np.array([decisions.reason.get(at, "") for at in range(size)], dtype=object)
    cores = np.array([*fresh.words.strings, ""], dtype=object)[fresh.core]
    ids = {core: company_id(core) for core in set(cores.tolist())}
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
    staged = new.table
    for name, column in (
        ("person_id", pa.array([hex_ids[p] for p in people])),
        ("is_new", pa.array([p in decisions.new_people for p in people])),
        ("company_id", pa.array([ids[c] for c in cores[of].tolist()], pa.string())),
        ("core", pa.array(cores[of].tolist(), pa.string())),
        ("score", pa.array(score, pa.float32(), from_pandas=True)),
        ("how", pa.array(how)),
        ("explanation", pa.array(reasons[of].tolist(), pa.string())),
    ):
        staged = staged.append_column(name, column)
    con.register("identity_staged_arrow", staged)
    con.execute("CREATE OR REPLACE TEMP TABLE identity_staged AS SELECT * FROM identity_staged_arrow")
    con.unregister("identity_staged_arrow")


def _merge(con: duckdb.DuckDBPyConnection, merged: list[tuple[int, int]], now: datetime) -> None:
    """Fold persons that turned out to be one into the older of them; the tables are gone through once for all."""
    if not merged:
        return
    con.register(
        "identity_merged_arrow",
        pa.table(
            {
                "old": pa.array([o for o, _ in merged], pa.uint64()), "kept": pa.array([k for _, k in merged], pa.uint64()),
                "old_id": [person_id(o) for o, _ in merged], "kept_id": [person_id(k) for _, k in merged],
            }
        ),
    )  # fmt: skip
    con.execute("CREATE OR REPLACE TEMP TABLE identity_merged AS SELECT * FROM identity_merged_arrow")
    con.unregister("identity_merged_arrow")
    for table in ("person_mentions", "person_contacts", "person_aliases"):
        _replace_rows(con, table, "t.* REPLACE (m.kept_id AS person_id)", "identity_merged m ON m.old_id = t.person_id")
    _replace_rows(con, "identity_profiles", "t.* REPLACE (m.kept AS person)", "identity_merged m ON m.old = t.person")
    con.execute("INSERT INTO person_aliases SELECT old_id, kept_id, ? FROM identity_merged", [now])
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
        """INSERT INTO people SELECT * EXCLUDE (kept_id, old_row) REPLACE (
            (sum(mentions) OVER kin)::INTEGER AS mentions, min(first_seen) OVER kin AS first_seen, max(last_seen) OVER kin AS last_seen)
        FROM identity_merging WINDOW kin AS (PARTITION BY kept_id) QUALIFY person_id = kept_id"""
    )
    con.execute("DROP TABLE identity_merging")
    con.execute("DROP TABLE identity_rows")
    con.execute("DROP TABLE identity_merged")


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
        _merge(con, [(int(old, 16), int(kept, 16))], now)
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
        arg_max(role, said_at) FILTER (role IS NOT NULL AND NOT former) AS role,
        arg_max(role_level, said_at) FILTER (role IS NOT NULL AND NOT former) AS role_level,
        arg_max(company_id, (NOT former, said_at)) FILTER (company_id IS NOT NULL) AS company_id,
        arg_max(company, (NOT former, said_at)) FILTER (company_id IS NOT NULL) AS company,
        arg_max(core, (NOT former, said_at)) FILTER (company_id IS NOT NULL) AS core,
        arg_max(org_kind, (NOT former, said_at)) FILTER (company_id IS NOT NULL) AS org_kind,
        max(said_at) FILTER (company_id IS NOT NULL AND NOT former) AS company_at,
        arg_max(place, said_at) FILTER (place IS NOT NULL) AS place,
        min(seen_at) AS first_seen, max(seen_at) AS last_seen, count(*) FILTER (kind = 'mention')::INTEGER AS mentions
    FROM identity_staged GROUP BY person_id"""

# Two names for one house are no change of employer.
_OTHER_HOUSE = """(NOT starts_with(x.core, y.core) AND NOT starts_with(y.core, x.core)
    AND jaro_winkler_similarity(x.core, y.core) < 0.92)"""


def _people(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE identity_newest AS {_NEWEST}")
    other = _OTHER_HOUSE.replace("x.", "n.").replace("y.", "s.")
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE identity_former AS
        SELECT n.person_id, arg_max(s.company, s.said_at) AS previous, any_value(n.company_at) AS changed_at
        FROM identity_newest n JOIN identity_staged s USING (person_id)
        WHERE s.company_id IS NOT NULL AND s.company_id <> n.company_id AND s.said_at <= n.company_at AND {other}
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
    moved = "b.company_id <> n.company_id AND " + _OTHER_HOUSE.replace("x.", "n.").replace("y.", "c.")
    con.execute(
        """CREATE OR REPLACE TEMP TABLE identity_rows AS SELECT b.rowid AS old_row FROM people b
        JOIN identity_newest n ON n.person_id = b.person_id AND NOT n.is_new"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE identity_updated AS
        SELECT b.rowid AS old_row, b.* REPLACE (
            greatest(b.last_seen, n.last_seen) AS last_seen, b.mentions + n.mentions AS mentions, coalesce(b.title, n.title) AS title,
            coalesce(n.role, b.role) AS role,
            CASE WHEN n.role IS NULL THEN b.role_level ELSE coalesce(n.role_level, 'unknown') END AS role_level,
            coalesce(n.company, b.company) AS company, coalesce(n.company_id, b.company_id) AS company_id,
            coalesce(n.org_kind, b.org_kind) AS org_kind, coalesce(n.place, b.place) AS place,
            CASE WHEN {moved} THEN b.company ELSE b.previous_company END AS previous_company,
            CASE WHEN {moved} THEN n.company_at ELSE b.changed_at END AS changed_at)
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


def _queue(con: duckdb.DuckDBPyConnection, now: datetime, decisions: Decisions) -> None:
    """Queue uncertain pairs, except those that a human has judged or that wait already."""
    left, right, score, text = zip(*decisions.queue, strict=True)
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
