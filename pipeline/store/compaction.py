"""Writes the working store anew, so that nothing of deleted rows is left in free blocks of the file."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from pipeline.errors import OpenerError


def compact(path: Path) -> int:
    """Copy the closed store `path` into a new file and put it in its place; returns the bytes saved.

    DuckDB frees the blocks of deleted rows but does not overwrite them. Call it with the home's lock held and no
    connection open. A kill leaves the old file. Raises OpenerError when the disk has no room for the copy.
    """
    draft = path.with_name(f".{path.name}.compact")
    log = draft.with_name(draft.name + ".wal")
    before = path.stat().st_size
    for leftover in (draft, log):
        leftover.unlink(missing_ok=True)
    try:
        with duckdb.connect() as con:
            con.execute(f"ATTACH '{_quoted(path)}' AS old")
            con.execute("CHECKPOINT old")
            con.execute(f"ATTACH '{_quoted(draft)}' AS new")
            con.execute("COPY FROM DATABASE old TO new")
            con.execute("CHECKPOINT new")
            con.execute("DETACH new")
            con.execute("DETACH old")
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except (duckdb.Error, OSError) as error:
        raise OpenerError(
            f"{path}: cannot be written anew ({str(error).splitlines()[0]}); make room and run the command again"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
        log.unlink(missing_ok=True)
    return before - path.stat().st_size


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
