"""Page batches: the files that spiders hand to enrich. Written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.records import Page, content_id

SCHEMA = pa.schema(
    [
        ("url", pa.string()), ("final_url", pa.string()), ("source", pa.string()), ("kind", pa.string()),
        ("status", pa.int32()), ("fetched_at", pa.timestamp("us", tz="UTC")), ("etag", pa.string()),
        ("last_modified", pa.string()), ("content_type", pa.string()), ("body", pa.large_binary()),
        ("content_hash", pa.string()),
    ]
)  # fmt: skip
BATCH_PAGES = 100
BATCH_BYTES = 8_000_000


def file_stem(source: str) -> str:
    """Return the name of a source as a safe file stem; a hash keeps names apart that fold to the same letters."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in source)[:80]
    return safe if safe == source else f"{safe}.{content_id(source)[:6]}"


def content_hash(body: bytes) -> str:
    """Return the hash (blake2b-128, hexadecimal) by which an unchanged page is recognised."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


class BatchWriter:
    """Collects pages of one source and writes them to `folder/<source>-<nnnn>.parquet`.

    Pages given in one `add` call stay in one batch, because a site is read as a whole.
    """

    def __init__(self, folder: Path, source: str) -> None:
        self._folder = folder
        self._stem = file_stem(source)
        self._pages: list[Page] = []
        self._bytes = 0
        folder.mkdir(parents=True, exist_ok=True)
        taken = [int(path.stem.rpartition("-")[2]) for path in folder.glob(f"{self._stem}-[0-9]*.parquet")]
        self._next = max(taken, default=0) + 1
        for draft in folder.glob(f".{self._stem}-*.tmp"):
            draft.unlink()

    def add(self, *pages: Page) -> None:
        """Add pages; a full batch is written at once. Raises OSError when the disk is full."""
        self._pages.extend(pages)
        self._bytes += sum(len(page.body) for page in pages)
        if len(self._pages) >= BATCH_PAGES or self._bytes >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what has been collected: temporary name, fsync, rename."""
        if not self._pages:
            return
        target = self._folder / f"{self._stem}-{self._next:04d}.parquet"
        draft = self._folder / f".{target.stem}.tmp"
        table = pa.Table.from_pylist([_row(page) for page in self._pages], schema=SCHEMA)
        with draft.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        self._next += 1
        self._pages, self._bytes = [], 0


def _row(page: Page) -> dict[str, Any]:
    return {
        "url": page.url, "final_url": page.final_url, "source": page.source, "kind": page.kind,
        "status": page.status, "fetched_at": page.fetched_at.astimezone(UTC), "etag": page.etag,
        "last_modified": page.last_modified, "content_type": page.content_type, "body": page.body,
        "content_hash": content_hash(page.body),
    }  # fmt: skip


def batch_paths(folder: Path) -> list[Path]:
    """Return all finished batches below `folder`, oldest run first."""
    return sorted(folder.rglob("*.parquet")) if folder.exists() else []


def read_batch(path: Path) -> list[Page]:
    """Read one batch. Raises pyarrow.ArrowInvalid or OSError when the file is damaged."""
    names = [name for name in SCHEMA.names if name != "content_hash"]
    rows: Iterator[dict[str, Any]] = iter(pq.read_table(path, columns=names).to_pylist())
    return [Page(**row) for row in rows]


def read_visits(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Read only what is known of each page (no bodies), with the `path` of its batch; damaged files are skipped."""
    names = ["url", "source", "kind", "fetched_at", "etag", "last_modified", "content_hash"]
    rows: list[dict[str, Any]] = []
    for path in paths:
        try:
            found = pq.read_table(path, columns=names).to_pylist()
        except (OSError, pa.ArrowException):
            continue
        rows.extend({**row, "path": path} for row in found)
    return rows
