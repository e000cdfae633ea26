"""Page batches: the files that spiders hand to enrich. Written whole or not at all.

A row is a Page and its `role`: `page` is handed on; `seen` (no article), `left_out` (not permitted, gone) and
`failed` (to be tried again) only keep what is known of an address, so that it is not asked for every night.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.records import Page, content_id
from spiders.fingerprint import content_hash

Role = Literal["page", "seen", "left_out", "failed"]

SCHEMA = pa.schema(
    [
        ("url", pa.string()), ("final_url", pa.string()), ("source", pa.string()), ("kind", pa.string()),
        ("status", pa.int32()), ("fetched_at", pa.timestamp("us", tz="UTC")), ("etag", pa.string()),
        ("last_modified", pa.string()), ("content_type", pa.string()), ("body", pa.large_binary()),
        ("content_hash", pa.string()), ("role", pa.string()),
    ]
)  # fmt: skip
BATCH_PAGES = 100
BATCH_BYTES = 8_000_000
BATCH_SECONDS = 60.0  # a slow source must not lose an hour's pages to a kill
_OF_PAGE = tuple(name for name in SCHEMA.names if name not in ("content_hash", "role"))


def file_stem(source: str) -> str:
    """Return the name of a source as a safe file stem; a hash keeps names apart that fold to the same letters."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in source)[:80]
    return safe if safe == source else f"{safe}.{content_id(source)[:6]}"


class BatchWriter:
    """Collects pages of one source and writes them to `folder/<source>-<nnnn>.parquet`.

    Pages given in one `add` call stay in one batch, because a site is read as a whole. Full batches are
    compressed and written by a thread of their own, so that the crawl does not wait for the disk.
    """

    def __init__(self, folder: Path, source: str) -> None:
        self._folder = folder
        self._stem = file_stem(source)
        self._rows: list[tuple[Page, Role]] = []
        self._bytes = 0
        self._flushed = monotonic()
        self._writing: list[Future[None]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"batches-{self._stem}")
        folder.mkdir(parents=True, exist_ok=True)
        taken = [int(path.stem.rpartition("-")[2]) for path in folder.glob(f"{self._stem}-[0-9]*.parquet")]
        self._next = max(taken, default=0) + 1
        for draft in folder.glob(f".{self._stem}-*.tmp"):
            draft.unlink()

    def add(self, *pages: Page, role: Role = "page") -> None:
        """Add pages; a full batch goes to the writing thread. Raises OSError when an earlier one failed."""
        self._rows.extend((page, role) for page in pages)
        self._bytes += sum(len(page.body) for page in pages)
        late = monotonic() - self._flushed > BATCH_SECONDS
        if len(self._rows) >= BATCH_PAGES or self._bytes >= BATCH_BYTES or late:
            self._hand_over()

    def flush(self) -> None:
        """Write what has been collected and wait for it. Raises OSError when the disk is full."""
        self._hand_over()
        for future in self._writing:
            future.result()
        self._writing = []

    def close(self) -> None:
        """Write the rest and end the thread; call it once."""
        try:
            self.flush()
        finally:
            self._thread.shutdown(wait=True)

    def _hand_over(self) -> None:
        self._flushed = monotonic()
        for future in [future for future in self._writing if future.done()]:
            future.result()
            self._writing.remove(future)
        if not self._rows:
            return
        while len(self._writing) >= 4:  # the disk is slower than the net: wait, so that memory stays bounded
            self._writing.pop(0).result()
        target = self._folder / f"{self._stem}-{self._next:04d}.parquet"
        self._writing.append(self._thread.submit(_write, target, self._rows))
        self._next += 1
        self._rows, self._bytes = [], 0


def _write(target: Path, rows: list[tuple[Page, Role]]) -> None:
    """Write a batch: temporary name, fsync, rename, fsync of the folder."""
    columns: dict[str, list[Any]] = {name: [getattr(page, name) for page, _ in rows] for name in _OF_PAGE}
    columns["fetched_at"] = [page.fetched_at.astimezone(UTC) for page, _ in rows]
    columns["content_hash"] = [content_hash(page.body, page.content_type) for page, _ in rows]
    columns["role"] = [role for _, role in rows]
    replace_batch(target, pa.Table.from_pydict(columns, schema=SCHEMA))


def replace_batch(target: Path, table: pa.Table) -> None:
    """Write a batch in one step: temporary name, fsync, rename, fsync of the folder. Raises OSError."""
    draft = target.with_name(f".{target.stem}.tmp")
    with draft.open("wb") as file:
        pq.write_table(table, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def batch_paths(folder: Path) -> list[Path]:
    """Return all finished batches below `folder`, oldest run first."""
    return sorted(folder.rglob("*.parquet")) if folder.exists() else []


def read_batch(path: Path) -> list[Page]:
    """Read the pages to hand on. Raises pyarrow.ArrowInvalid or OSError when the file is damaged."""
    table = pq.read_table(path)
    roles = table.column("role").to_pylist() if "role" in table.column_names else ["page"] * table.num_rows
    rows: Iterator[dict[str, Any]] = iter(table.select(list(_OF_PAGE)).to_pylist())
    return [Page(**row) for row, role in zip(rows, roles, strict=True) if role == "page"]


def read_visits(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Read only what is known of each page (no bodies), with the `path` of its batch; damaged files are skipped."""
    names = ["url", "source", "kind", "status", "fetched_at", "etag", "last_modified", "content_hash", "role"]
    rows: list[dict[str, Any]] = []
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                found = file.read([name for name in names if name in file.schema_arrow.names]).to_pylist()
        except (OSError, pa.ArrowException):
            continue
        rows.extend({"role": "page", **row, "path": path} for row in found)
    return rows


def read_body(path: Path, url: str) -> bytes | None:
    """Return the stored body of one page of a batch; None when it has expired, is not there or cannot be read."""
    return next((bytes(body) for body in reversed(_column(path, url, "body")) if body), None)


def read_content_type(path: Path, url: str) -> str | None:
    """Return the stored content type of one page of a batch, or None."""
    return next((str(kind) for kind in reversed(_column(path, url, "content_type")) if kind), None)


def _column(path: Path, url: str, name: str) -> list[Any]:
    try:
        return list(pq.read_table(path, columns=[name], filters=[("url", "==", url)]).column(name).to_pylist())
    except (OSError, pa.ArrowException):
        return []


def empty_bodies(path: Path, chosen: Callable[[dict[str, Any]], bool] = lambda row: True) -> int:
    """Empty the bodies of a batch's chosen rows (`url`, `fetched_at`, `body`) and keep what is known of their pages.

    Without its rows a page would be fetched as new the next night. Returns how many were emptied; a batch without any
    is not written. Raises pyarrow.ArrowInvalid for a damaged batch, OSError when it cannot be written.
    """
    table = pq.read_table(path)
    rows = table.select(["url", "fetched_at", "body"]).to_pylist()
    kept: list[bytes | None] = [b"" if row["body"] and chosen(row) else row["body"] for row in rows]
    emptied = sum(1 for row, body in zip(rows, kept, strict=True) if row["body"] != body)
    if emptied:
        at = table.column_names.index("body")
        replace_batch(path, table.set_column(at, SCHEMA.field("body"), pa.array(kept, pa.large_binary())))
    return emptied
