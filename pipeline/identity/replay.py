"""Makes all that identity derives anew, in the order in which it was decided: same ids, same lists."""

from __future__ import annotations

import time
from datetime import datetime

import duckdb

from pipeline.identity.resolver import ResolveReport, resolve

DERIVED = (
    "people", "companies", "person_mentions", "person_contacts", "person_aliases", "match_queue", "identity_profiles",
    "identity_index", "identity_frequencies", "identity_common_keys",
)  # fmt: skip

# What was resolved together is resolved together again. Records that no resolving has seen (a store that was filled
# anew) follow by run and import, in the order of their time.
_BATCHES = """CREATE OR REPLACE TEMP TABLE identity_replay AS
    WITH record AS (
        SELECT mention_id AS record_id, run_id AS came_with, seen_at FROM mentions
        UNION ALL SELECT contact_id, import_id, imported_at FROM contacts),
    known AS (SELECT record_id, came_with, seen_at, resolved_at FROM record LEFT JOIN identity_ties USING (record_id)),
    timed AS (SELECT record_id, coalesce(resolved_at, max(seen_at) OVER (PARTITION BY came_with)) AS resolved FROM known)
    SELECT record_id, dense_rank() OVER (ORDER BY resolved) AS batch, resolved FROM timed"""


def remember(con: duckdb.DuckDBPyConnection) -> None:
    """Note in temporary tables who every record was, before the derived tables are emptied."""
    con.execute("CREATE OR REPLACE TEMP TABLE identity_before AS SELECT person_id, first_seen FROM people")
    con.execute("CREATE OR REPLACE TEMP TABLE identity_old_aliases AS SELECT * FROM person_aliases")
    con.execute(
        """CREATE OR REPLACE TEMP TABLE identity_ties AS
        SELECT mention_id AS record_id, person_id, resolved_at FROM person_mentions
        UNION ALL SELECT contact_id, person_id, resolved_at FROM person_contacts"""
    )


def rebuild(con: duckdb.DuckDBPyConnection, now: datetime) -> ResolveReport:
    """Make all derived identity tables anew from mentions, contacts and judgements: same ids, same lists.

    Batches are replayed in their order, so that nothing is decided with later knowledge. Ids that were merged away
    before stay known as aliases.
    """
    started = time.monotonic()
    con.execute("BEGIN")
    try:
        remember(con)
        for table in DERIVED:
            con.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the list above
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return replay(con, now, started)


def replay(con: duckdb.DuckDBPyConnection, now: datetime, started: float) -> ResolveReport:
    """Resolve all records batch by batch as `remember` noted them, then lead old ids on to the persons of today."""
    con.execute(_BATCHES)
    batches = con.execute(
        "SELECT batch, any_value(resolved) FROM identity_replay GROUP BY batch ORDER BY batch"
    ).fetchall()
    reports = [resolve(con, now=at, batch=batch) for batch, at in batches]
    con.execute(
        """INSERT INTO person_aliases
        SELECT old.person_id, min(tie.person_id), ? FROM identity_before old
        JOIN identity_ties before ON before.person_id = old.person_id
        JOIN (SELECT mention_id AS record_id, person_id FROM person_mentions
              UNION ALL SELECT contact_id, person_id FROM person_contacts) tie USING (record_id)
        WHERE old.person_id NOT IN (SELECT person_id FROM people)
            AND old.person_id NOT IN (SELECT old_id FROM person_aliases) GROUP BY old.person_id""",
        [now],
    )
    con.execute(
        """INSERT INTO person_aliases SELECT old_id, person_id, merged_at FROM identity_old_aliases
        WHERE person_id IN (SELECT person_id FROM people) AND old_id NOT IN (SELECT person_id FROM people)
            AND old_id NOT IN (SELECT old_id FROM person_aliases)"""
    )
    for table in ("identity_before", "identity_old_aliases", "identity_ties", "identity_replay"):
        con.execute(f"DROP TABLE {table}")
    people = con.execute("SELECT count(*) FROM people").fetchall()[0][0]
    attached, queued = sum(r.attached_mentions for r in reports), sum(r.queued for r in reports)
    return ResolveReport(people, 0, attached, queued, time.monotonic() - started)
