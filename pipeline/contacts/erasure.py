"""Erasure that sticks: a person's data go, a keyed hash stays, so that the next crawl does not bring them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from pipeline.contacts import keys


@dataclass(frozen=True)
class ErasureReport:
    """How many people, mentions and contacts were erased."""

    people: int
    mentions: int
    contacts: int


def find_people(
    con: duckdb.DuckDBPyConnection, person: str, company: str | None = None, place: str | None = None
) -> list[tuple[str, str, str | None, str | None]]:
    """Return (person_id, name, company, place) of known people that the words may mean, by id or by name."""
    by_id = con.execute(
        """SELECT person_id, name, company, place FROM people WHERE person_id = coalesce(
            (SELECT person_id FROM person_aliases WHERE old_id = ?), ?)""",
        [person, person],
    ).fetchall()
    if by_id:
        return list(by_id)
    wanted = keys.person_keys(person, company, place, stored=True)
    rows = con.execute(
        """SELECT DISTINCT person_id, p.name, p.company, p.place, m.person, m.company, m.place FROM people p
        LEFT JOIN person_mentions t USING (person_id) LEFT JOIN mentions m USING (mention_id)"""
    ).fetchall()
    found = {}
    for person_id, name, firm, town, said, said_firm, said_town in rows:
        for who, where, there in ((name, firm, town), (said, said_firm, said_town)):
            if who and not wanted.isdisjoint(keys.person_keys(who, where, there, stored=False)):
                found[person_id] = (person_id, name, firm, town)
    return sorted(found.values())


def forget(
    con: duckdb.DuckDBPyConnection, secret: bytes, *, now: datetime, person_ids: list[str] | None = None,
    person: str | None = None, company: str | None = None, place: str | None = None,
) -> ErasureReport:  # fmt: skip
    """Erase people by id, and (or) make sure that a person of these words is never stored.

    One transaction. Calls keep their numbers (they count for the goals) but lose their notes.
    """
    ids = sorted(set(person_ids or []))
    wanted: set[str] = set()
    con.execute("BEGIN")
    try:
        con.register("forget_ids", pa.table({"person_id": pa.array(ids, pa.string())}))
        spellings = con.execute(
            """SELECT m.person, m.company, m.place FROM mentions m JOIN person_mentions USING (mention_id) SEMI JOIN forget_ids USING (person_id)
            UNION SELECT c.person_raw, c.company, c.town FROM contacts c JOIN person_contacts USING (contact_id) SEMI JOIN forget_ids USING (person_id)
            UNION SELECT name, company, place FROM people SEMI JOIN forget_ids USING (person_id)"""
        ).fetchall()
        if person:
            spellings.append((person, company, place))
        for who, firm, town in spellings:
            if who:
                wanted |= keys.person_keys(who, firm or None, town, stored=True)
        hashed = sorted(keys.hashes(secret, "erased", wanted))
        con.register("forget_keys", pa.table({"key_hash": pa.array(hashed, pa.string())}))
        con.execute(
            "INSERT INTO erasures SELECT key_hash, ? FROM forget_keys WHERE key_hash NOT IN (SELECT key_hash FROM erasures)",
            [now],
        )
        report = _delete(con)
        con.unregister("forget_keys")
        con.unregister("forget_ids")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return report


def _delete(con: duckdb.DuckDBPyConnection) -> ErasureReport:
    con.execute(
        """CREATE OR REPLACE TEMP TABLE forget_records AS
        SELECT mention_id AS record_id FROM person_mentions SEMI JOIN forget_ids USING (person_id)
        UNION ALL SELECT contact_id FROM person_contacts SEMI JOIN forget_ids USING (person_id)"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE forget_profiles AS
        SELECT profile FROM identity_profiles WHERE person IN (SELECT ('0x' || person_id)::UBIGINT FROM forget_ids)"""
    )
    records = "(SELECT record_id FROM forget_records)"
    people = "(SELECT person_id FROM forget_ids)"
    con.execute("DELETE FROM identity_index WHERE profile IN (SELECT profile FROM forget_profiles)")
    con.execute("DELETE FROM identity_profiles WHERE profile IN (SELECT profile FROM forget_profiles)")
    con.execute(f"DELETE FROM match_queue WHERE left_id IN {records} OR right_id IN {records}")  # noqa: S608 - constants
    con.execute(f"UPDATE calls SET note = NULL WHERE person_id IN {people}")  # noqa: S608
    con.execute(
        f"UPDATE referrals SET note = NULL, relation = NULL WHERE person_id IN {people} OR referred_by IN {people}"
    )  # noqa: S608
    con.execute(f"UPDATE export_rows SET row = '{{}}' WHERE prospect_id IN {people}")  # noqa: S608
    con.execute(f"DELETE FROM event_people WHERE mention_id IN {records}")  # noqa: S608
    con.execute(f"DELETE FROM prospects WHERE prospect_id IN {people}")  # noqa: S608
    counts = []
    for table, column, where in (
        ("mentions", "mention_id", records), ("contacts", "contact_id", records), ("person_mentions", "person_id", people),
        ("person_contacts", "person_id", people), ("person_aliases", "person_id", people), ("people", "person_id", people),
    ):  # fmt: skip
        counts.append(con.execute(f"DELETE FROM {table} WHERE {column} IN {where}").fetchall()[0][0])  # noqa: S608
    con.execute("DROP TABLE forget_records")
    con.execute("DROP TABLE forget_profiles")
    return ErasureReport(int(counts[5]), int(counts[0]), int(counts[1]))
