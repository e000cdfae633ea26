"""Erasure that sticks: a person's data go, a keyed hash stays, so that the next crawl does not bring them back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.contacts import keys, secret
from pipeline.contacts.redaction import redact_store
from pipeline.contacts.suppression import Suppressions
from pipeline.contacts.traces import Traces


@dataclass(frozen=True)
class ErasureReport:
    """How many people, mentions and contacts were erased, in how many other rows they were named, and their traces."""

    people: int
    mentions: int
    contacts: int
    redacted: int = 0
    traces: Traces = field(default_factory=lambda: Traces(None))


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
    con: duckdb.DuckDBPyConnection, key: bytes, *, now: datetime, person_ids: list[str] | None = None,
    person: str | None = None, company: str | None = None, place: str | None = None,
) -> ErasureReport:  # fmt: skip
    """Erase people by id, and (or) make sure that a person of these words is never stored.

    One transaction. Calls keep their numbers (they count for the goals) but lose their notes; sentences about
    others that name the person get a gap. Files are for `erased_files.erase_in_files` with the report's `traces`.
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
        hashed = sorted(keys.hashes(key, "erased", wanted))
        con.register("forget_keys", pa.table({"key_hash": pa.array(hashed, pa.string())}))
        con.execute(
            "INSERT INTO erasures SELECT key_hash, ? FROM forget_keys WHERE key_hash NOT IN (SELECT key_hash FROM erasures)",
            [now],
        )
        traces = Traces.of({who for who, _, _ in spellings if who}, *_numbers_and_mails(con))
        report = replace(_delete(con), traces=traces)
        report = replace(report, redacted=redact_store(con, traces))
        con.unregister("forget_keys")
        con.unregister("forget_ids")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return report


def _numbers_and_mails(con: duckdb.DuckDBPyConnection) -> tuple[set[str], set[str]]:
    """Return direct numbers and personal mail addresses that imported contacts gave for the people in forget_ids."""
    rows = con.execute(
        """SELECT phone, mobile, email FROM contacts JOIN person_contacts USING (contact_id)
        SEMI JOIN forget_ids USING (person_id)"""
    ).fetchall()
    # a number that others have too is their organisation's, which stays
    shared = {
        row[0]
        for row in con.execute(
            """SELECT n FROM (SELECT unnest([phone, mobile, email]) AS n, person_id FROM contacts JOIN person_contacts USING (contact_id))
            WHERE n IS NOT NULL GROUP BY n HAVING count(DISTINCT person_id) > 1"""
        ).fetchall()
    }
    own = [tuple(value if value not in shared else None for value in row) for row in rows]
    return {n for phone, mobile, _ in own for n in (phone, mobile) if n}, {mail for _, _, mail in own if mail}


def reapply(con: duckdb.DuckDBPyConnection, key: bytes, *, now: datetime) -> ErasureReport | None:
    """Erase everybody in the store whom the erasures cover, as after a restore; None when there is nobody."""
    listed = Suppressions.load(con, key)
    if not listed.erased:
        return None
    rows = con.execute(
        """SELECT person_id, name, company, place FROM people UNION SELECT person_id, person, company, place
        FROM person_mentions JOIN mentions USING (mention_id)
        UNION SELECT person_id, person_raw, company, town FROM person_contacts JOIN contacts USING (contact_id)"""
    ).fetchall()
    ids = {i for i, who, firm, town in rows if who and listed.is_erased(who, firm or None, town)}
    return forget(con, key, now=now, person_ids=sorted(ids)) if ids else None


def pages_of_erased(con: duckdb.DuckDBPyConnection, home: Path) -> dict[str, set[str]]:
    """Return batch -> addresses of newly read pages that name an erased person, before `resolve` drops the mentions."""
    if not con.execute("SELECT 1 FROM erasures LIMIT 1").fetchall():
        return {}
    listed = Suppressions.load(con, secret.load(home))
    rows = con.execute(
        """SELECT p.batch, p.url, m.person, m.company, m.place FROM mentions m ANTI JOIN person_mentions USING (mention_id)
        JOIN pages p ON p.url = m.page_url"""
    ).fetchall()
    found: dict[str, set[str]] = {}
    for batch, url, person, company, place in rows:
        if listed.is_erased(person, company or None, place):
            found.setdefault(batch, set()).add(url)
    return found


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
    words = con.execute(
        """SELECT DISTINCT unnest([given1, given2, surname1, surname2]) FROM identity_profiles
        WHERE profile IN (SELECT profile FROM forget_profiles)"""
    ).fetchall()
    con.execute("DELETE FROM identity_index WHERE profile IN (SELECT profile FROM forget_profiles)")
    con.execute("DELETE FROM identity_profiles WHERE profile IN (SELECT profile FROM forget_profiles)")
    # a name that nobody else has must not stay behind in the word counts
    con.execute(
        """DELETE FROM identity_frequencies WHERE kind IN ('given', 'surname') AND word IN (SELECT unnest(?::VARCHAR[]))
        AND word NOT IN (SELECT w FROM (SELECT unnest([given1, given2, surname1, surname2]) AS w FROM identity_profiles) WHERE w IS NOT NULL)""",
        [[word for (word,) in words if word]],
    )
    con.execute(f"DELETE FROM match_queue WHERE left_id IN {records} OR right_id IN {records}")  # noqa: S608 - constants
    con.execute(f"UPDATE calls SET note = NULL WHERE person_id IN {people}")  # noqa: S608
    con.execute(f"UPDATE export_rows SET row = '{{}}' WHERE prospect_id IN {people}")  # noqa: S608
    con.execute(f"DELETE FROM event_people WHERE mention_id IN {records}")  # noqa: S608
    con.execute(f"DELETE FROM notices WHERE person_id IN {people}")  # noqa: S608
    con.execute(f"DELETE FROM referrals WHERE person_id IN {people} OR referred_by IN {people}")  # noqa: S608
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
