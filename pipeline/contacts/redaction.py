"""Takes an erased person out of everything that is told about others: sentences, titles, notes, lists."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import duckdb
import yaml

import data
from pipeline.contacts.traces import Traces


@cache
def columns() -> dict[str, dict[str, Any]]:
    """Return data/personal_data.yml: table -> name, text, firm and other columns."""
    loaded = yaml.safe_load(data.path("personal_data.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def redact_store(con: duckdb.DuckDBPyConnection, traces: Traces) -> int:
    """Put gaps in the place of the person in all text columns, inside the caller's transaction; returns rows changed.

    Rows that are about a namesake keep their words. People of events without a company, who are known by name
    alone, are deleted.
    """
    if not traces:
        return 0
    changed = 0
    present = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for table, parts in columns().items():
        if table in present and parts.get("text"):
            changed += _redact(con, table, parts["text"], parts.get("name"), traces)
    changed += _drop_unattached(con, traces)
    return changed + _drop_sole_traders(con, traces)


def _redact(
    con: duckdb.DuckDBPyConnection, table: str, texts: list[str], name: str | None, traces: Traces
) -> int:  # fmt: skip
    kinds = {
        row[0]: row[1]
        for row in con.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?", [table]
        ).fetchall()
    }
    listed = ", ".join(f'"{column}"' for column in texts)
    owner = f'"{name}"' if name else "NULL"
    rows = con.execute(f"SELECT rowid, {owner}, {listed} FROM {table}")  # noqa: S608 - names are ours
    updates: list[list[Any]] = []
    while portion := rows.fetchmany(50_000):
        for rowid, owned, *values in portion:
            if owned is not None and traces.within(owned):
                continue  # a namesake's own row
            cleaned = [_clean(value, kinds[column], traces) for column, value in zip(texts, values, strict=True)]
            if cleaned != values:
                updates.append([*cleaned, rowid])
    assignments = ", ".join(f'"{column}" = ?' for column in texts)
    for update in updates:
        con.execute(f"UPDATE {table} SET {assignments} WHERE rowid = ?", update)  # noqa: S608 - names are ours
    return len(updates)


def _clean(value: Any, kind: str, traces: Traces) -> Any:
    if value is None:
        return None
    if kind != "JSON":
        return traces.without_in(value)
    loaded = json.loads(value)
    cleaned = traces.without_in(loaded)
    return value if cleaned == loaded else json.dumps(cleaned, ensure_ascii=False)


def _drop_unattached(con: duckdb.DuckDBPyConnection, traces: Traces) -> int:
    rows = con.execute("SELECT rowid, name FROM event_people WHERE mention_id IS NULL").fetchall()
    gone = [rowid for rowid, name in rows if traces.within(name)]
    con.execute("DELETE FROM event_people WHERE rowid IN (SELECT unnest(?::BIGINT[]))", [gone])
    return len(gone)


def _drop_sole_traders(con: duckdb.DuckDBPyConnection, traces: Traces) -> int:
    """Delete companies that bear the person's name and have nobody else: their data are the person's."""
    rows = con.execute(
        """SELECT company_id, name FROM companies WHERE company_id NOT IN (SELECT company_id FROM people WHERE company_id IS NOT NULL)
        AND company_id NOT IN (SELECT company_id FROM person_mentions WHERE company_id IS NOT NULL)"""
    ).fetchall()
    gone = [company_id for company_id, name in rows if traces.within(name)]
    sites = [
        r[0] for r in con.execute("SELECT website, company FROM company_profiles").fetchall() if traces.within(r[1])
    ]
    con.execute("DELETE FROM company_profiles WHERE website IN (SELECT unnest(?::VARCHAR[]))", [sites])
    for table in ("companies", "company_lookups"):
        con.execute(f"DELETE FROM {table} WHERE company_id IN (SELECT unnest(?::VARCHAR[]))", [gone])  # noqa: S608
    return len(gone) + len(sites)
