"""Who must be told where their data came from (Art. 14 GDPR), by when, and who has been told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipeline.errors import OpenerError

How = Literal["call", "mail", "letter", "other"]
_SQL = Path(__file__).with_name("notices.sql").read_text("utf-8")


def notices(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return everybody named by pages with `obtained_at`, `due_at`, `noticed_at` (times with zone), soonest first."""
    cursor = con.execute(_SQL)
    names = [item[0] for item in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def record_told(con: duckdb.DuckDBPyConnection, person_ids: Sequence[str], how: How, *, now: datetime) -> int:
    """Write down that people were told; who had been told before stays as they were. Returns how many are new.

    Raises OpenerError for an id that nobody has, before anything is written.
    """
    known = {row[0] for row in con.execute("SELECT person_id FROM people").fetchall()}
    unknown = [i for i in person_ids if i not in known]
    if unknown:
        raise OpenerError(f"{unknown[0]}: nobody has this id; take person_id from `opener notices`")
    told = {row[0] for row in con.execute("SELECT person_id FROM notices").fetchall()}
    fresh = [[i, now, how] for i in dict.fromkeys(person_ids) if i not in told]
    if fresh:
        con.executemany("INSERT INTO notices VALUES (?, ?, ?)", fresh)
    return len(fresh)
