"""Retention: raw pages and people that have not been named for long are deleted; decisions stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from pipeline.settings import Settings
from spiders.batches import batch_paths, empty_bodies


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What was deleted."""

    bodies: int
    people: int
    mentions: int


def purge(con: duckdb.DuckDBPyConnection, settings: Settings, *, now: datetime) -> PurgeReport:
    """Empty the bodies of old page batches (their addresses stay, so nothing is fetched twice) and forget old names.

    People with calls, imported contacts or an export are kept: they are customers' data, not press data.
    """
    expired = now - timedelta(days=settings.retention.pages_days)
    bodies = sum(
        empty_bodies(path, lambda row: row["fetched_at"] < expired) for path in batch_paths(settings.home / "pages")
    )
    before = now - timedelta(days=settings.retention.people_days)
    con.execute("BEGIN")
    try:
        con.execute(
            """CREATE OR REPLACE TEMP TABLE aged AS SELECT person_id FROM people p WHERE last_seen < ?
               AND person_id NOT IN (SELECT person_id FROM calls) AND person_id NOT IN (SELECT person_id FROM person_contacts)
               AND person_id NOT IN (SELECT prospect_id FROM export_rows)""",
            [before],
        )
        mentions = con.execute(
            "DELETE FROM mentions WHERE mention_id IN (SELECT mention_id FROM person_mentions WHERE person_id IN (SELECT person_id FROM aged)) RETURNING mention_id"
        ).fetchall()
        con.execute(
            "DELETE FROM event_people WHERE mention_id IN (SELECT mention_id FROM person_mentions WHERE person_id IN (SELECT person_id FROM aged))"
        )
        con.execute("DELETE FROM person_mentions WHERE person_id IN (SELECT person_id FROM aged)")
        con.execute("DELETE FROM prospects WHERE prospect_id IN (SELECT person_id FROM aged)")
        people = con.execute(
            "DELETE FROM people WHERE person_id IN (SELECT person_id FROM aged) RETURNING person_id"
        ).fetchall()
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return PurgeReport(bodies, len(people), len(mentions))
