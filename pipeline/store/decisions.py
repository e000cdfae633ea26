"""Decisions outside the store: what was decided stands in `home/decisions/` too, so that a damaged store can be made anew.

Calls, imports, suppressions, erasures, judgements, referrals, lists and notices are kept whole, one Parquet file a
table, with the facts of those people whom a decision names (pages expire, and a call must not point to nobody). A
manifest names the files of one state and is replaced in one step. The files mirror the store: what is erased or purged
there is gone here when the command ends, because a changed table is written anew and the old file removed.

The store and the manifest count the same generation. A store that counts less than the manifest has lost what was
decided last (a torn log, an old copy put in its place) and is treated as damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import OpenerError
from pipeline.whole_files import write_whole

FOLDER = "decisions"
MANIFEST = "manifest.json"
FORMAT = 1
GENERATION = "decisions_generation"
# Tables whose comment says so are made anew from pages; all others hold decisions.
_MADE_ANEW = ("fact table", "derived table")
# Which site belongs to which company was found out by visits that are not repeated.
VISITS = ("company_lookups",)
_META = "store_meta"  # says what the store is, not what was decided
# People whom a decision names, under their ids of then and of today; and records that a human judged.
_NAMED = """WITH named AS (
        SELECT person_id AS id FROM calls UNION SELECT prospect_id FROM export_rows UNION SELECT person_id FROM notices
        UNION SELECT person_id FROM referrals UNION SELECT referred_by FROM referrals),
    who AS (SELECT id FROM named UNION SELECT a.person_id FROM person_aliases a JOIN named ON a.old_id = named.id),
    ties AS (SELECT * FROM person_mentions WHERE person_id IN (SELECT id FROM who)
        OR mention_id IN (SELECT left_id FROM judgements UNION SELECT right_id FROM judgements)),
    said AS (SELECT * FROM mentions WHERE mention_id IN (SELECT mention_id FROM ties)),
    seen AS (SELECT * FROM event_people WHERE mention_id IN (SELECT mention_id FROM said))
    """
_FACTS = {
    "batches": "SELECT * FROM batches",
    "person_contacts": "SELECT * FROM person_contacts",
    "people": "SELECT * FROM people WHERE person_id IN (SELECT id FROM who)",
    "person_mentions": "SELECT * FROM ties",
    "mentions": "SELECT * FROM said",
    "pages": "SELECT * FROM pages WHERE url IN (SELECT page_url FROM said)",
    "event_people": "SELECT * FROM seen",
    "events": "SELECT * FROM events WHERE event_id IN (SELECT event_id FROM seen)",
}


@dataclass(slots=True)
class Manifest:
    """One state of the decisions: generation, files by table, and the size and time of the store that it mirrors."""

    generation: int = 0
    written_at: str = ""
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)  # table -> rows, mark, file, sha256
    store: list[int] = field(default_factory=list)


def made_anew(table: str, comment: str) -> bool:
    """Tell whether a table is derived from pages and decisions, by what its comment says."""
    return any(mark in comment for mark in _MADE_ANEW) and table not in VISITS


def read_manifest(home: Path) -> Manifest | None:
    """Return the manifest of a home; None when there is none that can be read."""
    try:
        facts = json.loads((home / FOLDER / MANIFEST).read_text("utf-8"))
        if facts["format"] != FORMAT:
            return None
        return Manifest(int(facts["generation"]), str(facts["written_at"]), dict(facts["tables"]), list(facts["store"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def generation_of(con: duckdb.DuckDBPyConnection) -> int:
    """Return the generation that an open store counts; 0 for one that was never kept."""
    found = con.execute(f"SELECT value FROM {_META} WHERE key = ?", [GENERATION]).fetchall()  # noqa: S608 - constant
    return int(found[0][0]) if found else 0


def keep(con: duckdb.DuckDBPyConnection, home: Path) -> bool:
    """Write what changed since the last time beside the open store; returns whether anything had.

    Call it outside a transaction. A kill leaves the state before or this one. Raises OSError or duckdb.Error when the
    disk is full: the store then has what was decided, and the next command tries again.
    """
    folder = home / FOLDER
    before = read_manifest(home) or Manifest()
    queries = _queries(con)
    marks = _marks(con, queries)
    stale = [table for table, mark in marks.items() if not _is_kept(folder, before.tables.get(table), mark)]
    if not stale and before.generation and set(before.tables) <= set(marks):
        return False
    generation = max(before.generation, generation_of(con)) + 1
    con.execute("BEGIN")
    con.execute(f"DELETE FROM {_META} WHERE key = ?", [GENERATION])  # noqa: S608 - constant
    con.execute(f"INSERT INTO {_META} VALUES (?, ?)", [GENERATION, str(generation)])  # noqa: S608
    con.execute("COMMIT")
    folder.mkdir(parents=True, exist_ok=True)
    kept = {table: entry for table, entry in before.tables.items() if table in marks and table not in stale}
    for table in stale:
        entry: dict[str, Any] = {"rows": marks[table][0], "mark": marks[table][1]}
        if marks[table][0]:
            name = f"{table}.{generation}.parquet"
            entry |= {"file": name, "sha256": _write(con, queries[table], folder / name)}
        kept[table] = entry
    _save(home, Manifest(generation, datetime.now(UTC).isoformat(timespec="seconds"), kept, before.store))
    _sweep(folder, {str(entry["file"]) for entry in kept.values() if "file" in entry})
    return True


def is_current(home: Path) -> bool:
    """Tell whether nobody wrote to the store since its decisions were kept (a kill in between leaves it newer)."""
    manifest = read_manifest(home)
    return manifest is not None and manifest.store == _stamp(home / "work.duckdb")


def settle(home: Path) -> None:
    """Note the closed store that the decisions mirror."""
    manifest = read_manifest(home)
    stamp = _stamp(home / "work.duckdb")
    if manifest is not None and manifest.store != stamp:
        manifest.store = stamp
        _save(home, manifest)


def damaged_files(home: Path) -> list[str]:
    """Return the names of files of the manifest that are missing or changed."""
    manifest = read_manifest(home)
    if manifest is None:
        return [MANIFEST] if (home / FOLDER).is_dir() else []
    names = {str(entry["file"]): str(entry["sha256"]) for entry in manifest.tables.values() if "file" in entry}
    return [name for name, digest in sorted(names.items()) if _digest(home / FOLDER / name) != digest]


def file_of(home: Path, table: str) -> Path | None:
    """Return the sound file that holds a table; None when there is none (no row, no manifest, damaged)."""
    manifest = read_manifest(home)
    entry = manifest.tables.get(table, {}) if manifest else {}
    if "file" not in entry:
        return None
    path = home / FOLDER / str(entry["file"])
    return path if _digest(path) == entry.get("sha256") else None


def lay_out(con: duckdb.DuckDBPyConnection, home: Path) -> Manifest:
    """Fill the empty tables of an open store from the decisions of a home.

    Raises OpenerError when there are none or a file of them is damaged: nothing is made up.
    """
    manifest = read_manifest(home)
    if manifest is None:
        raise OpenerError(
            f"{home / FOLDER}: no decisions to make a store from; put a backup back: `opener restore FILE`"
        )
    if broken := damaged_files(home):
        raise OpenerError(
            f"{home / FOLDER / broken[0]}: damaged or missing, as is the store; put a backup back: `opener restore FILE`"
        )
    here = {row[0] for row in con.execute(_TABLES).fetchall()}
    con.execute("BEGIN")
    for table, entry in manifest.tables.items():
        if "file" not in entry:
            continue
        path = _quoted(home / FOLDER / str(entry["file"]))
        if table in here:
            con.execute(f"INSERT INTO \"{table}\" BY NAME SELECT * FROM read_parquet('{path}')")  # noqa: S608 - ours
        else:
            con.execute(f"CREATE TABLE \"{table}\" AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
    con.execute(f"DELETE FROM {_META} WHERE key = ?", [GENERATION])  # noqa: S608 - constant
    con.execute(f"INSERT INTO {_META} VALUES (?, ?)", [GENERATION, str(manifest.generation)])  # noqa: S608
    con.execute("COMMIT")
    return manifest


_TABLES = (
    "SELECT table_name, coalesce(comment, '') FROM duckdb_tables() "
    "WHERE database_name = current_database() AND NOT temporary AND NOT internal ORDER BY table_name"
)


def _queries(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    found = {
        name: f'SELECT * FROM "{name}"'  # noqa: S608 - a table of the store
        for name, comment in con.execute(_TABLES).fetchall()
        if name != _META and not made_anew(name, comment)
    }
    return {**found, **_FACTS}


def _marks(con: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> dict[str, tuple[int, str]]:
    """Return how many rows each query gives and a sum over them that does not depend on their order."""
    parts = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hash(t)), 0) FROM ({query}) t"  # noqa: S608 - tables of the store
        for table, query in queries.items()
    )
    return {table: (int(rows), str(total)) for table, rows, total in con.execute(_NAMED + parts).fetchall()}


def _is_kept(folder: Path, entry: dict[str, Any] | None, mark: tuple[int, str]) -> bool:
    if entry is None or (entry.get("rows"), entry.get("mark")) != mark:
        return False
    return "file" not in entry or (folder / str(entry["file"])).is_file()


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> str:
    con.execute(f"COPY ({_NAMED}{query}) TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o600)
    return _digest(path)


def _save(home: Path, manifest: Manifest) -> None:
    facts = {
        "format": FORMAT, "generation": manifest.generation, "written_at": manifest.written_at,
        "tables": manifest.tables, "store": manifest.store,
    }  # fmt: skip
    write_whole(home / FOLDER / MANIFEST, json.dumps(facts, indent=1).encode("utf-8"))


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove files of states before and of writers that were killed."""
    for path in folder.iterdir():
        if path.name not in kept and path.name != MANIFEST and path.is_file():
            path.unlink()


def _stamp(path: Path) -> list[int]:
    try:
        facts = path.stat()
    except OSError:
        return []
    wal = path.with_name(path.name + ".wal")
    return [facts.st_size, facts.st_mtime_ns, wal.stat().st_size if wal.exists() else 0]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
