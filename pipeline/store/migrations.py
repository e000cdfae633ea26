"""Brings a store of an older release to today's schema: one SQL file a step, all in one transaction, a copy before.

A step is `migrations/<version>_<what>.sql` and leads from the version before it to its own. New tables need no
step, `schema.sql` makes them; a step adds or changes what an older release already had.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.errors import OpenerError

FOLDER = Path(__file__).with_name("migrations")
FIRST = 1  # the schema of release 0.1.0, which did not write its version down


@dataclass(frozen=True, slots=True)
class Migration:
    """What was done to a store: its versions before and after, and the copy of the file as it was."""

    before: int
    after: int
    copy: Path | None


def steps(folder: Path = FOLDER) -> dict[int, Path]:
    """Return the steps by the version they lead to, in order."""
    return {int(path.name.partition("_")[0]): path for path in sorted(folder.glob("[0-9]*_*.sql"))}


def newest(folder: Path = FOLDER) -> int:
    """Return the version of the schema that this release works with."""
    return max(steps(folder), default=FIRST)


def version_of(con: duckdb.DuckDBPyConnection) -> int | None:
    """Return the version of an open store; None when it is empty."""
    tables = {
        row[0]
        for row in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal"
        ).fetchall()
    }
    if not tables:
        return None
    found = []
    if "store_meta" in tables:
        found = con.execute("SELECT value FROM store_meta WHERE key = 'schema_version'").fetchall()
    return int(found[0][0]) if found else FIRST


def migrate(con: duckdb.DuckDBPyConnection, home: Path, folder: Path = FOLDER) -> Migration | None:
    """Run the missing steps on an open store; None when there was nothing to do.

    The file is copied to `home/backups/` first. All steps are one transaction: a kill or an error leaves the old
    version whole. Raises OpenerError for a store of a newer release, and for a step that fails.
    """
    before, after = version_of(con), newest(folder)
    if before is None or before == after:
        return None
    path = home / "work.duckdb"
    if before > after:
        raise OpenerError(
            f"{path}: written by a newer Door Opener (schema {before}, this one knows {after}); install the newer one"
        )
    copy = _copy_of(con, path, before)
    con.execute("BEGIN")
    try:
        for version, step in steps(folder).items():
            if version > before:
                con.execute(step.read_text("utf-8"))
        stamp(con, after)
        con.execute("COMMIT")
    except duckdb.Error as error:
        con.execute("ROLLBACK")
        reason = str(error).splitlines()[0]
        raise OpenerError(
            f"{path}: cannot be brought from schema {before} to {after}: {reason}; it is as it was, a copy is {copy}"
        ) from error
    return Migration(before, after, copy)


def stamp(con: duckdb.DuckDBPyConnection, version: int) -> None:
    """Write the version of the schema down."""
    con.execute("DELETE FROM store_meta WHERE key = 'schema_version'")
    con.execute("INSERT INTO store_meta VALUES ('schema_version', ?)", [str(version)])


def _copy_of(con: duckdb.DuckDBPyConnection, path: Path, version: int) -> Path:
    con.execute("CHECKPOINT")  # the copy is one closed file, without a log beside it
    folder = path.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"work-schema{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.duckdb"
    draft = target.with_suffix(".tmp")
    with path.open("rb") as source, draft.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
        sink.flush()
        os.fsync(sink.fileno())
    draft.chmod(0o600)
    draft.replace(target)
    return target
