"""Choosing who stands on a list, and the ledger that keeps everyone from being handed out twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb

from pipeline.contacts import secret
from pipeline.contacts.suppression import suppressed_people
from pipeline.lists.files import list_bytes, write_whole
from pipeline.lists.rows import COLUMNS, Row, call_row, details
from pipeline.settings import Settings

ListName = Literal["fresh", "exhausted", "callbacks", "events"]
EVENT_COLUMNS = (
    "event", "event_start", "place", "organizer", "event_url", "name", "role", "company", "part", "state", "score",
    "source", "source_url", "prospect_id",
)  # fmt: skip
EVENT_DAYS = 30
_FOUND = {
    "fresh": ("state = 'new'", "score DESC, prospect_id"),
    "exhausted": ("state = 'exhausted'", "last_called DESC NULLS LAST, prospect_id"),
    "callbacks": (
        "state = 'working' AND (next_call IS NULL OR next_call <= getvariable('list_now')::TIMESTAMPTZ)",
        "next_call NULLS LAST, score DESC, prospect_id",
    ),
}


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: ledger id, rows and file (None: nowhere but the ledger)."""

    export_id: str
    rows: list[Row]
    columns: tuple[str, ...]


def source_titles(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return name -> title of the lead sources as last crawled."""
    return dict(con.execute("SELECT source, any_value(title) FROM source_titles GROUP BY source").fetchall())


def export(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    which: ListName,
    *,
    now: datetime,
    out: Path | None,
    preset: str = "default",
    limit: int | None = None,
    run_id: str | None = None,
) -> ExportReport:
    """Write a list; a fresh one goes into the ledger in the same step, so nobody is fresh twice.

    With `run_id` the call can be repeated after a kill: the list that is in the ledger is written again.
    """
    export_id = f"{run_id or now.strftime('%Y%m%dT%H%M%S%fZ')}-{which}"
    columns = EVENT_COLUMNS if which == "events" else COLUMNS
    again = con.execute("SELECT row FROM export_rows WHERE export_id = ? ORDER BY rank", [export_id]).fetchall()
    done = con.execute("SELECT 1 FROM exports WHERE export_id = ?", [export_id]).fetchall()
    if done:
        rows = [json.loads(row[0]) for row in again]
    elif which == "events":
        rows = _event_rows(con, settings, now)[: limit if limit is not None else None]
    else:
        rows = _call_rows(con, settings, which, now, limit)
    if not done:
        con.execute("BEGIN")
        try:
            _keep(con, export_id, which, preset, now, out, rows, run_id)
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
    if out is not None:
        write_whole(out, list_bytes(out, columns, rows, preset))
    return ExportReport(export_id, rows, columns)


def _call_rows(
    con: duckdb.DuckDBPyConnection, settings: Settings, which: str, now: datetime, limit: int | None
) -> list[Row]:
    con.execute("SET VARIABLE list_now = ?", [now.isoformat()])
    where, order = _FOUND[which]
    barred = suppressed_people(con, secret.load(settings.home), settings.territory.country)
    titles = source_titles(con)
    today = now.astimezone(settings.zone).date()
    found = [row for row in details(con, where, order, None) if row["prospect_id"] not in barred]
    kept = found[:limit] if limit is not None else found
    return [call_row(row, rank, settings, titles, today) for rank, row in enumerate(kept, start=1)]


def _event_rows(con: duckdb.DuckDBPyConnection, settings: Settings, now: datetime) -> list[Row]:
    """Who can be met where in the next EVENT_DAYS days."""
    today = now.astimezone(settings.zone).date()
    cursor = con.execute(
        """SELECT e.title AS event, coalesce(strftime(e.start_at, '%Y-%m-%dT%H:%M%z'), e.start_day::VARCHAR) AS event_start,
                  e.place, e.organizer, e.url AS event_url, p.name, p.role, p.company, p.part, r.state, r.score, e.source,
                  e.page_url AS source_url, r.prospect_id
           FROM events e LEFT JOIN event_people p USING (event_id)
           LEFT JOIN person_mentions m ON m.mention_id = p.mention_id LEFT JOIN prospects r ON r.prospect_id = m.person_id
           WHERE NOT e.cancelled AND e.start_day BETWEEN ? AND ? AND coalesce(r.state, '') NOT IN ('suppressed', 'erased')
           ORDER BY e.start_day, e.start_at, e.title, r.score DESC NULLS LAST, p.name""",
        [today, today + timedelta(days=EVENT_DAYS)],
    )
    names = [item[0] for item in cursor.description or ()]
    return [{k: v if v is not None else "" for k, v in zip(names, values, strict=True)} for values in cursor.fetchall()]


def _keep(
    con: duckdb.DuckDBPyConnection,
    export_id: str,
    which: str,
    preset: str,
    now: datetime,
    out: Path | None,
    rows: list[Row],
    run_id: str | None,
) -> None:
    con.execute(
        "INSERT INTO exports VALUES (?, ?, ?, ?, ?, ?, ?)",
        [export_id, which, preset, now, str(out) if out else None, len(rows), run_id],
    )
    kept = [_ledger_row(export_id, rank, row) for rank, row in enumerate(rows, start=1)]
    if kept:
        con.executemany("INSERT INTO export_rows VALUES (?, ?, ?, ?, NULL)", kept)
    if which == "fresh":
        ids = [row["prospect_id"] for row in rows]
        con.execute(
            "UPDATE prospects SET state = 'listed' WHERE state = 'new' AND prospect_id IN (SELECT unnest(?::VARCHAR[]))",
            [ids],
        )


def _ledger_row(export_id: str, rank: int, row: Mapping[str, object]) -> list[object]:
    return [export_id, rank, str(row.get("prospect_id") or ""), json.dumps(row, ensure_ascii=False, default=str)]


def give_back(con: duckdb.DuckDBPyConnection, export_id: str, prospect_ids: list[str] | None, now: datetime) -> int:
    """Return rows of a list unused, so that these people are fresh again; all uncalled ones when none are named."""
    returned = con.execute(
        """UPDATE export_rows SET returned_at = ? WHERE export_id = ? AND returned_at IS NULL
           AND prospect_id NOT IN (SELECT person_id FROM calls)
           AND (?::VARCHAR[] IS NULL OR prospect_id IN (SELECT unnest(?::VARCHAR[]))) RETURNING prospect_id""",
        [now, export_id, prospect_ids, prospect_ids],
    ).fetchall()
    return len(returned)
