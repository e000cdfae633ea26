"""Backups: one tar file with everything a home needs to go on, and a list of hashes that restoring checks first.

In it: `work.duckdb`, `decisions/`, the key of the suppression hashes, page batches, logs, and the settings and source definitions.
The snapshot is left out, it is published anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO

import duckdb

from pipeline.errors import OpenerError
from pipeline.settings import Settings
from pipeline.store import decisions

MANIFEST = "manifest.json"
FORMAT = 1
_LEFT_OUT = ("leads.duckdb", "nightly.lock")
_REFUSALS = ("suppressions", "erasures")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, or what was put back."""

    path: Path
    files: int
    bytes: int
    made_at: datetime
    previous: Path | None = None  # where the home that was there before lies now


def back_up(settings: Settings, target: Path, *, config: Path | None, pages: bool = True) -> BackupReport:
    """Write the backup to `target` (readable by its owner only); call it with the home's lock held.

    `pages=False` leaves raw pages out: smaller, but facts can then not be read again. Raises OpenerError when there
    is no store, OSError when the disk is full (no half file stays).
    """
    home = settings.home
    store = home / "work.duckdb"
    if not store.exists():
        raise OpenerError(f"{store}: no store yet; there is nothing to back up")
    try:
        with duckdb.connect(str(store)) as con:
            con.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise OpenerError(f"{store}: cannot be opened ({str(error).splitlines()[0]}); nothing was backed up") from error
    chosen = [("home", path, home) for path in _files(home, pages)]
    chosen += [("sources", path, settings.sources) for path in _definitions(settings.sources)]
    if config is not None and config.is_file():
        chosen.append(("settings", config.resolve(), config.resolve().parent))
    made_at = datetime.now(UTC)
    entries: list[dict[str, object]] = []
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for part, path, root in chosen:
                    name = f"{part}/{path.relative_to(root).as_posix()}"
                    info = tar.gettarinfo(str(path), name)
                    digest = hashlib.sha256()
                    with path.open("rb") as source:
                        tar.addfile(info, _Hashing(source, digest))
                    entries.append({"name": name, "bytes": info.size, "sha256": digest.hexdigest()})
                facts = {
                    "format": FORMAT, "made_at": made_at.isoformat(), "door_opener": version("door-opener"),
                    "duckdb": duckdb.__version__, "files": entries,
                }  # fmt: skip
                listing = json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8")
                info = tarfile.TarInfo(MANIFEST)
                info.size, info.mode, info.mtime = len(listing), 0o600, int(made_at.timestamp())
                tar.addfile(info, io.BytesIO(listing))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return BackupReport(target, len(entries), target.stat().st_size, made_at)


class _Hashing:
    """A file that hashes what is read from it, so that each byte is read once."""

    def __init__(self, file: IO[bytes], digest: hashlib._Hash) -> None:
        self._file, self._digest = file, digest

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data


def _files(home: Path, pages: bool) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        inner = path.relative_to(home)
        hidden = any(part.startswith(".") for part in inner.parts)
        if not path.is_file() or path.is_symlink() or hidden or inner.parts[0] == "backups":
            continue
        if inner.name in _LEFT_OUT or (not pages and inner.parts[0] == "pages"):
            continue
        yield path


def _definitions(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yml") if path.is_file()) if folder.is_dir() else []


def restore(source: Path, settings: Settings) -> BackupReport:
    """Put the home of a backup in the place of today's; call it with the home's lock held.

    Every file is checked against its hash before anything is touched; the home that was there is kept beside the
    new one. Settings and source definitions are only added where there are none. Raises OpenerError when the file
    is no backup or is damaged.
    """
    home = settings.home
    draft = home.with_name(f".{home.name}.restore-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with _reading(source) as tar:
            facts = _unpacked(tar, draft, source)
        _opens(draft / "home" / "work.duckdb", source)
        previous = None
        if home.exists() and any(path.name != "nightly.lock" for path in home.iterdir()):
            previous = home.with_name(f"{home.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
            home.replace(previous)
        elif home.exists():
            shutil.rmtree(home)
        (draft / "home").replace(home)
        _add_missing(draft / "sources", settings.sources)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    entries = facts["files"]
    assert isinstance(entries, list)
    size = sum(int(entry["bytes"]) for entry in entries)
    return BackupReport(source, len(entries), size, datetime.fromisoformat(str(facts["made_at"])), previous)


@contextmanager
def _reading(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except FileNotFoundError as error:
        raise OpenerError(f"{source}: no such file") from error
    except (tarfile.TarError, EOFError) as error:
        raise OpenerError(f"{source}: no backup, or cut short ({error}); nothing was changed") from error


def _unpacked(tar: tarfile.TarFile, draft: Path, source: Path) -> dict[str, object]:
    digests: dict[str, str] = {}
    facts: dict[str, object] | None = None
    for member in tar:
        name = PurePosixPath(member.name)
        if not member.isreg() or name.is_absolute() or ".." in name.parts:
            raise OpenerError(f"{source}: holds {member.name!r}, which no backup does; nothing was changed")
        content = tar.extractfile(member)
        assert content is not None
        if member.name == MANIFEST:
            try:
                facts = json.loads(content.read(50_000_000))
            except ValueError as error:
                raise OpenerError(f"{source}: its list of files is damaged; nothing was changed") from error
            continue
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("wb") as sink:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                sink.write(chunk)
        target.chmod(0o600)
        digests[member.name] = digest.hexdigest()
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise OpenerError(f"{source}: no backup of Door Opener, or cut short; nothing was changed")
    entries = facts["files"]
    wanted = {entry["name"]: entry["sha256"] for entry in entries} if isinstance(entries, list) else {}
    for name_ in sorted(wanted.keys() | digests.keys()):
        if wanted.get(name_) != digests.get(name_):
            raise OpenerError(f"{source}: {name_} is damaged or missing; nothing was changed, take another backup")
    return facts


def _opens(store: Path, source: Path) -> None:
    try:
        with duckdb.connect(str(store), read_only=True) as con:
            con.execute("SELECT count(*) FROM people").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise OpenerError(f"{source}: its store cannot be opened ({reason}); nothing was changed") from error


def take_over_refusals(con: duckdb.DuckDBPyConnection, previous: Path) -> None:
    """Add the suppressions and erasures of the home `previous` that the open store does not have.

    Those of a store that cannot be opened any more (a reason to restore) are read from its decisions.
    """
    quoted = str(previous / "work.duckdb").replace("'", "''")
    try:
        con.execute(f"ATTACH '{quoted}' AS previous (READ_ONLY)")
    except duckdb.Error:
        _refusals_of_decisions(con, previous)
        return
    try:
        for table in _REFUSALS:
            _add_refusals(con, table, f"previous.{table}")
    except duckdb.Error:  # it opens, and a block of it is damaged
        _refusals_of_decisions(con, previous)
    finally:
        con.execute("DETACH previous")


def _refusals_of_decisions(con: duckdb.DuckDBPyConnection, previous: Path) -> None:
    for table in _REFUSALS:
        if (path := decisions.file_of(previous, table)) is not None:
            quoted = str(path).replace("'", "''")
            _add_refusals(con, table, f"read_parquet('{quoted}')")


def _add_refusals(con: duckdb.DuckDBPyConnection, table: str, origin: str) -> None:
    con.execute(
        f"INSERT INTO {table} BY NAME SELECT * FROM {origin} WHERE key_hash NOT IN (SELECT key_hash FROM {table})"  # noqa: S608
    )


def _add_missing(origin: Path, folder: Path) -> None:
    for path in _definitions(origin):
        target = folder / path.name
        if not target.exists():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
