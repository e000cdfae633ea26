"""Appending to the call log: a dial, its correction, and what a "do not call" means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import duckdb

from enrich.records import content_id
from pipeline.contacts.suppression import insert_suppressions, suppression_rows
from pipeline.errors import OpenerError
from pipeline.settings import Outcome

REASON = "asked not to be called again"


@dataclass(frozen=True, slots=True)
class Dial:
    """One dial to log. `called_at` aware; local midnight means that only the day is known."""

    person_id: str
    called_at: datetime
    outcome: Outcome
    minutes: Decimal | None = None
    note: str | None = None
    next_at: datetime | None = None
    import_id: str | None = None

    @property
    def call_id(self) -> str:
        """Hash of person, time and outcome: the same dial logged twice is one."""
        return content_id("call", self.person_id, self.called_at.astimezone(UTC).isoformat(), self.outcome)


def log_dials(
    con: duckdb.DuckDBPyConnection, secret: bytes, dials: list[Dial], now: datetime, country: str = "DE"
) -> list[Dial]:
    """Append dials that are not in the log yet, and suppress who asked for it; returns the new ones."""
    known = {row[0] for row in con.execute("SELECT call_id FROM calls").fetchall()} if len(dials) > 100 else None
    new: dict[str, Dial] = {}
    for dial in dials:
        if known is not None:
            there = dial.call_id in known
        else:
            there = bool(con.execute("SELECT 1 FROM calls WHERE call_id = ?", [dial.call_id]).fetchall())
        if not there:
            new.setdefault(dial.call_id, dial)
    rows = [
        [call_id, d.person_id, d.called_at, d.outcome, d.minutes, d.note, d.next_at, d.import_id, now]
        for call_id, d in new.items()
    ]
    if rows:
        con.executemany("INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    barred = {d.person_id for d in new.values() if d.outcome == "do_not_call"}
    for person_id in sorted(barred):
        _bar(con, secret, person_id, now, country)
    return list(new.values())


def _bar(con: duckdb.DuckDBPyConnection, secret: bytes, person_id: str, now: datetime, country: str) -> None:
    """Put a person on the do-not-call list: by name at their house, own numbers and mail; not the house's number."""
    rows = []
    for name, company, place in con.execute(
        "SELECT name, company, place FROM people WHERE person_id = ?", [person_id]
    ).fetchall():
        if company or place:
            rows += suppression_rows(secret, "person", name, now=now, reason=REASON, company=company, place=place)
    for phone, mobile, email in con.execute(
        "SELECT c.phone, c.mobile, c.email FROM person_contacts t JOIN contacts c USING (contact_id) WHERE t.person_id = ?",
        [person_id],
    ).fetchall():
        for value in {phone, mobile} - {None}:
            rows += suppression_rows(secret, "phone", value, now=now, reason=REASON, country=country)
        if email:
            rows += suppression_rows(secret, "email", email, now=now, reason=REASON)
    insert_suppressions(con, rows)


def undo_last(con: duckdb.DuckDBPyConnection, now: datetime) -> tuple[str, str, str, datetime]:
    """Correct the call that was logged by hand last; returns person id, name, outcome and time of the dial.

    The call stays in the log and a correction is appended. Raises OpenerError when there is none to undo.
    """
    found = con.execute(
        """SELECT c.call_id, coalesce(a.person_id, c.person_id), coalesce(p.name, ''), c.outcome, c.called_at FROM calls c
           LEFT JOIN person_aliases a ON a.old_id = c.person_id
           LEFT JOIN people p ON p.person_id = coalesce(a.person_id, c.person_id)
           WHERE c.import_id IS NULL AND c.call_id NOT IN (SELECT call_id FROM call_corrections)
           ORDER BY c.recorded_at DESC, c.called_at DESC LIMIT 1"""
    ).fetchall()
    if not found:
        raise OpenerError("no call was logged by hand that could be undone")
    call_id, person_id, name, outcome, called_at = found[0]
    con.execute("INSERT INTO call_corrections VALUES (?, 'undone', ?)", [call_id, now])
    if outcome == "do_not_call":
        con.execute(
            "DELETE FROM suppressions WHERE reason = ? AND created_at = (SELECT recorded_at FROM calls WHERE call_id = ?)",
            [REASON, call_id],
        )
    return str(person_id), str(name), str(outcome), called_at
