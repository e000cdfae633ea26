"""Writing lists, and the ledger that keeps everyone from being handed out twice and makes every list reproducible."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from pipeline.errors import OpenerError
from pipeline.lists import choosing
from pipeline.lists.files import list_bytes
from pipeline.lists.presets import Row
from pipeline.lists.presets import preset as column_set
from pipeline.lists.rows import COLUMNS, call_row, details
from pipeline.plan import daily_target
from pipeline.settings import Settings
from pipeline.whole_files import write_whole

ListName = Literal["fresh", "exhausted", "callbacks", "events", "today"]
EVENT_COLUMNS = (
    "event", "event_start", "place", "organizer", "event_url", "name", "role", "company", "part", "state", "score",
    "source", "source_url", "prospect_id",
)  # fmt: skip
EVENT_DAYS = 30
_PART = ".part"  # marks a list that is in the ledger and not yet in its file


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: ledger id, rows in the default columns (and extras), the header row, notes for the user.

    `marker` lies beside a list file until the caller has said that it is there (`settle`).
    """

    export_id: str
    rows: list[Row]
    columns: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    marker: Path | None = None

    def settle(self) -> None:
        """The command is done and the user knows the list: the same command hands out new people from now on."""
        if self.marker is not None:
            self.marker.unlink(missing_ok=True)


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
    day: bool = False,
) -> ExportReport:
    """Write a list; a fresh one goes into the ledger in the same step, so nobody is fresh twice.

    `limit` None means everybody, unless `day`: then the rows of one day (plan.daily_target). With `run_id` the call
    can be repeated after a kill: the list that is in the ledger is written again.
    """
    column_set(preset)  # an unknown preset is refused before anything is handed out
    export_id = _cut_off(con, out, which, preset, run_id) or _export_id(con, run_id, now, which)
    marker = out.with_name(f".{out.name}.{export_id}{_PART}") if out is not None else None
    if con.execute("SELECT 1 FROM exports WHERE export_id = ?", [export_id]).fetchall():
        rows = ledger_rows(con, export_id)
        notes: list[str] = []
    else:
        rows, notes = _rows(con, settings, which, now, limit, day)
        if marker is not None:
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()
        con.execute("BEGIN")
        try:
            _keep(con, export_id, which, preset, now, out, rows, run_id)
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
    if out is not None:
        write_whole(out, list_bytes(out, columns_of(which), rows, preset))
    return ExportReport(export_id, rows, columns_of(which), notes, marker)


def _cut_off(
    con: duckdb.DuckDBPyConnection, out: Path | None, which: str, preset: str, run_id: str | None
) -> str | None:
    """Return the export to the same file that was killed between ledger and file: its people were on no list yet."""
    if out is None or run_id or not out.parent.is_dir():
        return None
    for marker in out.parent.glob(f".*{_PART}"):
        if marker.name.startswith(f".{out.name}."):
            export_id = marker.name[len(out.name) + 2 : -len(_PART)]
            found = con.execute("SELECT list, preset FROM exports WHERE export_id = ?", [export_id]).fetchall()
            if found == [(which, preset)]:
                return export_id
            if not found:
                marker.unlink(missing_ok=True)
    return None


def columns_of(which: str) -> tuple[str, ...]:
    """Return the documented columns of a list."""
    return EVENT_COLUMNS if which == "events" else COLUMNS


def written(con: duckdb.DuckDBPyConnection, export_id: str) -> tuple[str, str]:
    """Return list and preset of an export. Raises OpenerError for an unknown id."""
    found = con.execute("SELECT list, preset FROM exports WHERE export_id = ?", [export_id.strip()]).fetchall()
    if not found:
        raise OpenerError(f"{export_id}: no such export; ask `opener sql 'FROM exports'` for them")
    return str(found[0][0]), str(found[0][1])


def ledger_rows(con: duckdb.DuckDBPyConnection, export_id: str) -> list[Row]:
    """Return the rows of a list as they were; those of erased people are gone."""
    found = con.execute("SELECT row FROM export_rows WHERE export_id = ? ORDER BY rank", [export_id]).fetchall()
    return [row for (text,) in found if (row := json.loads(text))]


def _export_id(con: duckdb.DuckDBPyConnection, run_id: str | None, now: datetime, which: str) -> str:
    """Return run and list for a nightly list; else the time, with a number when it is taken."""
    if run_id:
        return f"{run_id}-{which}"
    first = chosen = f"{now.astimezone(UTC).strftime('%Y%m%dT%H%M%S%fZ')}-{which}"
    number = 1
    while con.execute("SELECT 1 FROM exports WHERE export_id = ?", [chosen]).fetchall():
        number += 1
        chosen = f"{first}-{number}"
    return chosen


def _rows(
    con: duckdb.DuckDBPyConnection, settings: Settings, which: ListName, now: datetime, limit: int | None, day: bool
) -> tuple[list[Row], list[str]]:
    if which == "events":
        return _event_rows(con, settings, now)[:limit], []
    con.execute("SET TimeZone = ?", [settings.timezone])
    choice = choose(con, settings, which, now, limit, day)
    titles = source_titles(con)
    today = now.astimezone(settings.zone).date()
    found = details(con, choice.ids)
    return [call_row(row, rank, settings, titles, today) for rank, row in enumerate(found, start=1)], choice.notes


def choose(
    con: duckdb.DuckDBPyConnection, settings: Settings, which: str, now: datetime, limit: int | None, day: bool
) -> choosing.Choice:
    """Return who stands on a list. A day's callbacks and fresh people together make the day's number of rows."""
    if which == "exhausted":
        return choosing.exhausted(con, settings, limit)
    rows = limit if limit is not None else daily_target(settings, con, now=now)
    if which == "callbacks":
        return choosing.due(con, settings, now, limit, rows)
    if which == "fresh" and (limit is not None or not day):
        return choosing.fresh(con, settings, limit)
    waiting = choosing.due(con, settings, now, None, rows)
    fresh = choosing.fresh(con, settings, max(0, rows - len(waiting.ids)), len(waiting.ids))
    if which == "fresh":
        if waiting.ids:
            fresh.notes.append(f"{len(waiting.ids)} of the {rows} calls of today are callbacks (--list callbacks)")
        return fresh
    return choosing.Choice([*waiting.ids, *fresh.ids], [*waiting.notes, *fresh.notes])


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
    ids = [str(row.get("prospect_id") or "") for row in rows]
    kept = pa.table(
        {
            "export_id": pa.array([export_id] * len(rows), pa.string()), "rank": pa.array(range(1, len(rows) + 1), pa.int32()),
            "prospect_id": pa.array(ids, pa.string()), "row": pa.array([_json(row) for row in rows], pa.string()),
        }
    )  # fmt: skip
    con.register("export_add", kept)
    try:
        con.execute("INSERT INTO export_rows SELECT export_id, rank, prospect_id, row, NULL FROM export_add")
        if which in ("fresh", "today"):
            con.execute(
                "UPDATE prospects SET state = 'listed' WHERE state = 'new' AND prospect_id IN (SELECT prospect_id FROM export_add)"
            )
    finally:
        con.unregister("export_add")


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def give_back(con: duckdb.DuckDBPyConnection, export_id: str, prospect_ids: list[str] | None, now: datetime) -> int:
    """Return rows of a list unused, so that these people are fresh again; all uncalled ones when none are named.

    Somebody who was called since the list was written, or who stands on another list that was not given back, stays.
    """
    con.execute("BEGIN")
    try:
        returned = con.execute(
            """UPDATE export_rows SET returned_at = ? WHERE export_id = ? AND returned_at IS NULL
               AND prospect_id NOT IN (SELECT r.prospect_id FROM export_rows r JOIN exports e ON e.export_id = r.export_id
                   LEFT JOIN person_aliases a ON a.old_id = r.prospect_id JOIN call_log c ON c.person_id = coalesce(a.person_id, r.prospect_id)
                   WHERE r.export_id = ? AND c.called_at >= date_trunc('day', e.exported_at))
               AND (?::VARCHAR[] IS NULL OR prospect_id IN (SELECT unnest(?::VARCHAR[]))) RETURNING prospect_id""",
            [now, export_id, export_id, prospect_ids, prospect_ids],
        ).fetchall()
        con.execute(
            """UPDATE prospects SET state = 'new' WHERE state = 'listed' AND prospect_id IN (SELECT unnest(?::VARCHAR[]))
               AND prospect_id NOT IN (SELECT person_id FROM export_log WHERE returned_at IS NULL AND list IN ('fresh', 'today'))""",
            [[one for (one,) in returned]],
        )
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return len(returned)
