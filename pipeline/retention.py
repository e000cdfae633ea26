"""Retention: raw pages and people that have not been named for long are deleted; decisions stay."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.settings import Settings
from spiders.batches import batch_paths


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
    bodies = _empty_bodies(settings.home / "pages", now - timedelta(days=settings.retention.pages_days))
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


def _empty_bodies(folder: Path, before: datetime) -> int:
    emptied = 0
    for path in batch_paths(folder):
        table = pq.read_table(path)
        fetched = table.column("fetched_at").to_pylist()
        if not fetched or max(fetched) >= before or all(not body for body in table.column("body").to_pylist()):
            continue
        column = pa.array([b""] * table.num_rows, pa.large_binary())
        table = table.set_column(table.schema.get_field_index("body"), table.schema.field("body"), column)
        draft = path.with_name(f".{path.stem}.purge.tmp")
        with draft.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        emptied += table.num_rows
    return emptied
