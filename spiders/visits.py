"""What is known of the pages of all sources: folded from the batches, so that a kill can lose no page."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from spiders.batches import read_body, read_content_type, read_visits
from spiders.reports import past_reports

COMPACT = "visits.index"  # Parquet; another ending than the batches, which are found by theirs
_COMPACT_SCHEMA = pa.schema(
    [
        ("source", pa.string()), ("url", pa.string()), ("kind", pa.string()), ("etag", pa.string()),
        ("last_modified", pa.string()), ("content_hash", pa.string()), ("first_fetched", pa.timestamp("us", tz="UTC")),
        ("fetched_at", pa.timestamp("us", tz="UTC")), ("batch", pa.string()), ("role", pa.string()),
        ("failures", pa.int32()),
    ]
)  # fmt: skip
_PLAIN = tuple(name for name in _COMPACT_SCHEMA.names if name not in ("source", "url", "batch"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)
MAX_FAILURES = 4  # nights on which a page that failed is asked for again


@dataclass(frozen=True, slots=True)
class Visit:
    """The newest stored version of a page, when its first version was fetched, and how often it failed since."""

    etag: str | None
    last_modified: str | None
    content_hash: str
    first_fetched: datetime
    fetched_at: datetime
    batch: Path
    source: str = ""
    role: str = "page"
    failures: int = 0
    kind: str = "news"


@dataclass(slots=True)
class Known:
    """All visits of one source by address, and the validators of its listings.

    `elsewhere` answers whether another source has the page or is fetching it now: an article is read once,
    whichever feeds name it.
    """

    pages: dict[str, Visit] = field(default_factory=dict)
    listings: dict[str, list[str | None]] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)

    def body(self, url: str) -> bytes | None:
        """Return the stored body of a page, or None when it is not known or has expired."""
        visit = self.pages.get(url)
        return read_body(visit.batch, url) if visit else None

    def content_type(self, url: str) -> str | None:
        """Return the stored content type of a page."""
        visit = self.pages.get(url)
        return read_content_type(visit.batch, url) if visit else None

    def elsewhere(self, url: str, source: str) -> bool:
        """True when another source has the page, or asked for it in this run."""
        return self.claims.get(url, source) != source


class VisitIndex:
    """What all sources of a home know, read once for a crawl process.

    The batches are folded into `pages/visits.index`, so that a night reads only the batches that came since:
    its cost grows with what is new, not with what is known. The file is derived and can be deleted; it is built
    anew when it is missing or damaged, or when a batch that it holds is gone (its pages are new again then).
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._root = home / "pages"
        self._by_source: dict[str, dict[str, Visit]] = {}
        self._news: dict[str, str] = {}
        paths = {path.relative_to(self._root).as_posix(): path for path in sorted(self._root.glob("*/*.parquet"))}
        folded = self._read_compact(paths)
        fresh = {name: path for name, path in paths.items() if name not in folded}
        for row in read_visits(list(fresh.values())):
            pages = self._by_source.setdefault(row["source"], {})
            pages[row["url"]] = _newer(pages.get(row["url"]), row)
        first: dict[str, datetime] = {}
        for source, pages in self._by_source.items():
            for url, visit in pages.items():
                if visit.kind == "news" and visit.role == "page" and visit.first_fetched < first.get(url, _NEVER):
                    first[url] = visit.first_fetched
                    self._news[url] = source
        if fresh:
            self._write_compact(sorted({*folded, *fresh}))

    def of(self, source: str) -> Known:
        """Return what earlier runs (also unfinished ones) stored of a source."""
        known = Known(self._by_source.get(source, {}), claims=self._news)
        for report in past_reports(self._home, source):
            if report.finish_reason == "finished" and not report.failed:
                known.listings = report.listings
                break
        return known

    def sources(self) -> Iterator[str]:
        """Yield the names of all sources that stored something."""
        return iter(self._by_source)

    def _read_compact(self, paths: Mapping[str, Path]) -> set[str]:
        """Load the folded visits; returns the batches they hold, none when the file cannot be used."""
        try:
            with pq.ParquetFile(self._root / COMPACT) as file:
                folded = set(json.loads((file.schema_arrow.metadata or {})[b"batches"]))
                if file.schema_arrow.names != _COMPACT_SCHEMA.names or not folded <= set(paths):
                    return set()
                columns = [_plain(column) for column in file.read().columns]
        except (OSError, pa.ArrowException, KeyError, ValueError, TypeError):
            return set()
        for source, url, kind, etag, modified, content, first, last, batch, role, failures in zip(
            *columns, strict=True
        ):
            pages = self._by_source.setdefault(source, {})
            pages[url] = Visit(etag, modified, content, first, last, paths[batch], source, role, failures, kind)
        return folded

    def _write_compact(self, folded: Sequence[str]) -> None:
        """Write the visits file: temporary name, fsync, rename. A full disk costs only the time it would save."""
        columns: dict[str, list[object]] = {name: [] for name in _COMPACT_SCHEMA.names}
        names: dict[Path, str] = {}
        for source, pages in self._by_source.items():
            for url, visit in pages.items():
                columns["url"].append(url)
                columns["source"].append(source)
                if visit.batch not in names:
                    names[visit.batch] = visit.batch.relative_to(self._root).as_posix()
                columns["batch"].append(names[visit.batch])
                for name in _PLAIN:
                    columns[name].append(getattr(visit, name))
        schema = _COMPACT_SCHEMA.with_metadata({"batches": json.dumps(list(folded))})
        draft = self._root / f".{COMPACT}-{os.getpid()}.tmp"
        try:
            with draft.open("wb") as file:
                pq.write_table(pa.Table.from_pydict(columns, schema=schema), file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self._root / COMPACT)
        except OSError:
            draft.unlink(missing_ok=True)


def _plain(column: pa.ChunkedArray) -> Iterable[Any]:
    """Return a column's values; moments are counted up from the epoch, which is five times faster than Arrow's way."""
    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    return (_EPOCH + timedelta(microseconds=value) for value in column.cast(pa.int64()).to_pylist())


def _newer(before: Visit | None, row: dict[str, object]) -> Visit:
    """Fold a row into what is known: a failure keeps the stored version, anything else replaces it."""
    failed = row["role"] == "failed"
    fetched_at = row["fetched_at"]
    batch = row["path"]
    assert isinstance(fetched_at, datetime) and isinstance(batch, Path)
    if failed and before is not None and before.role != "failed":
        return Visit(
            before.etag, before.last_modified, before.content_hash, before.first_fetched, before.fetched_at,
            before.batch, before.source, before.role, before.failures + 1, before.kind,
        )  # fmt: skip
    return Visit(
        _text(row["etag"]), _text(row["last_modified"]), "" if failed else _text(row["content_hash"]) or "",
        before.first_fetched if before else fetched_at, fetched_at, batch, str(row["source"]), str(row["role"]),
        (before.failures if before else 0) + 1 if failed else 0, str(row["kind"]),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)
