"""Opens the working store for commands that write contacts and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from enrich.records import content_id
from pipeline.errors import BusyError, OpenerError

_PIPELINE = Path(__file__).resolve().parents[1]
SCHEMAS = ("store/schema.sql", "identity/schema.sql", "contacts/schema.sql", "dispositions/schema.sql")


def ensure_schema(con: duckdb.DuckDBPyConnection) -> None:
    """Create missing tables with their comments; existing ones stay as they are."""
    schema = "\n".join((_PIPELINE / name).read_text("utf-8") for name in SCHEMAS)
    if _schema_of(con) == (mark := content_id(schema)):
        return
    con.execute("BEGIN")  # one write to the disk instead of one a comment
    try:
        con.execute(schema)
        con.execute("DELETE FROM store_meta WHERE key = 'schema_text'")
        con.execute("INSERT INTO store_meta VALUES ('schema_text', ?)", [mark])
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _schema_of(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the mark of the schema text that made the tables; None for a new store."""
    try:
        found = con.execute("SELECT max(value) FROM store_meta WHERE key = 'schema_text'").fetchall()
    except duckdb.CatalogException:
        return None
    return found[0][0] if found else None


@contextmanager
def working_store(home: Path, *, create: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open `home/work.duckdb` for writing; closed at the end. Raises BusyError while another process has it."""
    path = home / "work.duckdb"
    if not create and not path.exists():
        raise OpenerError(f"{path}: no store yet; run `opener nightly` or `opener import` first")
    home.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path))
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise BusyError(f"{path}: another run is writing; wait until it has ended") from error
        raise OpenerError(f"{path}: cannot be opened: {str(error).splitlines()[0]}") from error
    try:
        ensure_schema(con)
        yield con
    finally:
        con.close()
