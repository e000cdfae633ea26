"""The table of tables for SQL users, made from the COMMENTs: `python -m pipeline.store.catalogue` puts it into the README."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.store.opening import working_store
from pipeline.store.publish import publish

BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"


@dataclass(frozen=True, slots=True)
class Described:
    """A table of the snapshot: its comment and (column, type, comment) of its columns."""

    name: str
    comment: str
    columns: tuple[tuple[str, str, str], ...]


def describe(con: duckdb.DuckDBPyConnection) -> list[Described]:
    """Return the tables of an open snapshot, by name."""
    tables = con.execute("SELECT table_name, coalesce(comment, '') FROM duckdb_tables() WHERE NOT internal ORDER BY 1")
    found = []
    for name, comment in tables.fetchall():
        columns = con.execute(
            """SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns() WHERE table_name = ? AND NOT internal
            ORDER BY column_index""",
            [name],
        ).fetchall()
        found.append(Described(name, comment, tuple(columns)))
    return found


def empty_snapshot() -> list[Described]:
    """Return the tables of a snapshot that was just published from an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        with working_store(Path(folder)) as con:
            path = publish(con, Path(folder))
        with duckdb.connect(str(path), read_only=True) as con:
            return describe(con)


def markdown(tables: list[Described]) -> str:
    """Return the tables as a Markdown table."""
    rows = [f"| `{t.name}` | {t.comment} | {', '.join(c for c, _, _ in t.columns)} |" for t in tables]
    return "\n".join(["| table | holds | columns |", "|---|---|---|", *rows])


def put_into(text: str, block: str) -> str:
    """Return the README with the block between its marks. Raises ValueError when a mark is missing."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the marks {BEGIN} and {END} are missing")
    return f"{head}{BEGIN}\n{block}\n{END}{tail}"


def main() -> None:
    """Write the table into the README of the project."""
    readme = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "README.md")
    readme.write_text(put_into(readme.read_text("utf-8"), markdown(empty_snapshot())), "utf-8")


if __name__ == "__main__":
    main()
