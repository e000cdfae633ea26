"""The published snapshot `leads.duckdb`: a closed file that replaces the old one in one step."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from pipeline.errors import BusyError
from pipeline.store.opening import working_store

_SQL = Path(__file__).with_name("snapshot.sql")
STORAGE = "v1.5.0"  # oldest DuckDB whose clients read the snapshot
SMALL = 50_000  # people; a snapshot of so many is written in about a second
OUTDATED = ".leads.outdated"  # lies in home while decisions wait that the snapshot does not show yet


def publish(con: duckdb.DuckDBPyConnection, home: Path) -> Path:
    """Write the snapshot of the open working store; readers see the old file or the new one, nothing between.

    Raises OSError or duckdb.IOException when the disk is full; the old snapshot then stays.
    """
    target = home / "leads.duckdb"
    draft = home / f".leads-{os.getpid()}.duckdb"
    for old in home.glob(".leads-*.duckdb*"):
        old.unlink()
    work = con.execute("SELECT current_database()").fetchall()[0][0]
    try:
        con.execute(f"ATTACH '{_quoted(draft)}' AS snapshot (STORAGE_VERSION '{STORAGE}')")
        con.execute("USE snapshot")
        try:
            con.execute("BEGIN")
            con.execute(_SQL.read_text("utf-8").replace("work.", f'"{work}".'))
            _copy_comments(con, work)
            con.execute("COMMIT")
            con.execute("CHECKPOINT snapshot")
        finally:
            con.execute(f'USE "{work}"')
            con.execute("DETACH snapshot")
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
        (home / OUTDATED).unlink(missing_ok=True)
    finally:
        draft.unlink(missing_ok=True)
        draft.with_name(draft.name + ".wal").unlink(missing_ok=True)
    return target


def publish_if_small(con: duckdb.DuckDBPyConnection, home: Path) -> bool:
    """Publish at once after a call or an export, unless that would keep the user waiting.

    Then whoever asks for figures next does (`publish_waiting`), or the next night.
    """
    if con.execute("SELECT count(*) FROM people").fetchall()[0][0] > SMALL:
        (home / OUTDATED).touch()
        return False
    publish(con, home)
    return True


def publish_waiting(home: Path) -> bool:
    """Publish what `publish_if_small` left for later, if anything; False when another process writes just now.

    Raises OpenerError when the working store cannot be opened.
    """
    if not (home / OUTDATED).exists():
        return True
    try:
        with working_store(home, create=False) as con:
            publish(con, home)
    except BusyError:
        return False
    return True


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _copy_comments(con: duckdb.DuckDBPyConnection, work: str) -> None:
    """Give every column of the snapshot the comment that its column of the same name has in the working store."""
    found = con.execute(
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE database_name = ? AND comment IS NOT NULL",
        [work],
    ).fetchall()
    exact = {(table, column): comment for table, column, comment in found}
    loose: dict[str, str] = {}
    for table, column, comment in found:
        if table in ("prospects", "people", "companies", "mentions", "company_profiles"):
            loose.setdefault(column, comment)
    loose.update(_OWN)
    columns = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'snapshot'"
    ).fetchall()
    for table, column in columns:
        comment = exact.get((table, column)) or loose.get(column)
        comment = comment or exact.get(("event_people", column)) or exact.get(("call_log", column))
        if comment:
            text = comment.replace("'", "''")
            con.execute(f"COMMENT ON COLUMN {table}.\"{column}\" IS '{text}'")


_OWN = {
    "person_id": "The person (people.person_id).",
    "phone": "Best phone number, E.164.",
    "email": "Best e-mail address.",
    "website": "Host of the company's site.",
    "source_url": "Page that gives the reason.",
    "profile_url": "Page of the Impressum.",
    "profile_at": "When the Impressum was read.",
    "pages": "Pages read from this source.",
    "people": "People named by this source.",
    "prospects": "Of them fit for a call list.",
    "dials": "Dials to them.",
    "conversations": "Dials that reached the person.",
    "appointments": "Appointments made.",
    "sales": "Sales.",
    "last_run": "Last run that visited the source.",
    "failed": "True when the last visit did not work.",
    "note": "What was wrong or left out, in words; for calls: what the rep wrote.",
    "region": "Region the source reports on.",
    "kind": "news, event or company; for suppressions: phone, email, person, company or domain.",
    "state": "new, listed, working, appointment, customer, exhausted, suppressed or unfit.",
}
