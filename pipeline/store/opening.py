"""Opens the working store for commands that write contacts and decisions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from enrich.records import content_id
from pipeline.errors import BusyError, DamagedStore, OpenerError
from pipeline.store import decisions
from pipeline.store.faults import in_words, is_damaged, is_locked
from pipeline.store.migrations import migrate, newest, stamp, version_of

_PIPELINE = Path(__file__).resolve().parents[1]
SCHEMAS = ("store/schema.sql", "identity/schema.sql", "contacts/schema.sql", "dispositions/schema.sql")


def ensure_schema(con: duckdb.DuckDBPyConnection) -> None:
    """Create missing tables with their comments; existing ones stay as they are. A new store gets its version."""
    schema = "\n".join((_PIPELINE / name).read_text("utf-8") for name in SCHEMAS)
    if _schema_of(con) == (mark := content_id(schema)):
        return
    fresh = version_of(con) is None
    con.execute("BEGIN")  # one write to the disk instead of one a comment
    try:
        con.execute(schema)
        con.execute("DELETE FROM store_meta WHERE key = 'schema_text'")
        con.execute("INSERT INTO store_meta VALUES ('schema_text', ?)", [mark])
        if fresh:
            stamp(con, newest())
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
    """Open `home/work.duckdb` for writing; closed at the end. A store of an older release is brought to this one.

    What was decided is kept in `home/decisions/` when the block ends. Raises BusyError while another process has the
    store, DamagedStore when it cannot be read, is missing beside its decisions or lacks the last of them, OpenerError
    when it cannot be opened for another reason or is of a newer release.
    """
    path = home / "work.duckdb"
    manifest = decisions.read_manifest(home)
    if not path.exists():
        if manifest is not None:
            raise DamagedStore(
                f"{path}: missing, but its decisions are there; `opener rebuild` makes it anew from pages and decisions"
            )
        if not create:
            raise OpenerError(f"{path}: no store yet; run `opener nightly` or `opener import` first")
    home.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path))
    except duckdb.Error as error:
        if is_locked(error):
            raise BusyError(f"{path}: another run is writing; wait until it has ended") from error
        if is_damaged(error):
            raise DamagedStore(f"{path}: {in_words(error)}") from error
        said = in_words(error) or f"cannot be opened: {str(error).splitlines()[0]}"
        raise OpenerError(f"{path}: {said}") from error
    try:
        migrated = migrate(con, home)
        if migrated:
            print(
                f"opener: {path}: schema {migrated.before} brought to {migrated.after}; the old file is {migrated.copy}",
                file=sys.stderr,
            )
        ensure_schema(con)
        if manifest is not None and decisions.generation_of(con) < manifest.generation:
            raise DamagedStore(
                f"{path}: lacks what was decided last (the file was cut, or an older one put in its place); `opener "
                "rebuild` makes it anew from pages and decisions"
            )
        if manifest is not None and not decisions.is_current(home):
            decisions.keep(con, home)  # a command was killed before it did
        yield con
        decisions.keep(con, home)
    except duckdb.Error as error:
        if is_damaged(error):
            raise DamagedStore(f"{path}: {in_words(error)}") from error
        raise
    finally:
        con.close()
    decisions.settle(home)
