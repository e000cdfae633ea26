"""What is known of the pages of all sources: read from the batches, so that a kill can lose no page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from spiders.batches import read_body, read_visits
from spiders.reports import past_reports

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

    def elsewhere(self, url: str, source: str) -> bool:
        """True when another source has the page, or asked for it in this run."""
        return self.claims.get(url, source) != source


class VisitIndex:
    """Reads the batches of a home once and answers for all sources of a crawl process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._by_source: dict[str, dict[str, Visit]] = {}
        self._news: dict[str, str] = {}
        root = home / "pages"
        for row in read_visits(sorted(root.glob("*/*.parquet"))):
            pages = self._by_source.setdefault(row["source"], {})
            pages[row["url"]] = _newer(pages.get(row["url"]), row)
            if row["kind"] == "news" and row["role"] == "page":
                self._news.setdefault(row["url"], row["source"])

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


def known_of(home: Path, source: str) -> Known:
    """Read what is known of one source."""
    return VisitIndex(home).of(source)


def _newer(before: Visit | None, row: dict[str, object]) -> Visit:
    """Fold a row into what is known: a failure keeps the stored version, anything else replaces it."""
    failed = row["role"] == "failed"
    fetched_at = row["fetched_at"]
    batch = row["path"]
    assert isinstance(fetched_at, datetime) and isinstance(batch, Path)
    if failed and before is not None and before.role != "failed":
        return Visit(
            before.etag, before.last_modified, before.content_hash, before.first_fetched, before.fetched_at,
            before.batch, before.source, before.role, before.failures + 1,
        )  # fmt: skip
    return Visit(
        _text(row["etag"]), _text(row["last_modified"]), "" if failed else _text(row["content_hash"]) or "",
        before.first_fetched if before else fetched_at, fetched_at, batch, str(row["source"]), str(row["role"]),
        (before.failures if before else 0) + 1 if failed else 0,
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)
