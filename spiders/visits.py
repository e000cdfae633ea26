"""What is known of the pages of one source: read from the batches, so that a kill can lose no page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from spiders.batches import file_stem, read_batch, read_visits
from spiders.reports import read_report


@dataclass(frozen=True, slots=True)
class Visit:
    """The newest stored version of a page and when its first version was fetched."""

    etag: str | None
    last_modified: str | None
    content_hash: str
    first_fetched: datetime
    fetched_at: datetime
    batch: Path


@dataclass(slots=True)
class Known:
    """All visits of one source by address, and the validators of its listings."""

    pages: dict[str, Visit] = field(default_factory=dict)
    listings: dict[str, list[str | None]] = field(default_factory=dict)

    def body(self, url: str) -> bytes | None:
        """Return the stored body of a page, or None when it is not known or has expired."""
        visit = self.pages.get(url)
        if visit is None:
            return None
        try:
            return next((p.body for p in read_batch(visit.batch) if p.url == url and p.body), None)
        except Exception:  # a damaged or purged batch: the page is simply fetched again
            return None


def known_of(home: Path, source: str) -> Known:
    """Read what earlier runs (also unfinished ones) stored of a source."""
    root = home / "pages"
    stem = file_stem(source)
    known = Known()
    for row in read_visits(sorted(root.glob(f"*/{stem}-[0-9]*.parquet"))):
        if row["source"] != source:
            continue
        before = known.pages.get(row["url"])
        known.pages[row["url"]] = Visit(
            row["etag"], row["last_modified"], row["content_hash"] or "",
            before.first_fetched if before else row["fetched_at"], row["fetched_at"], row["path"],
        )  # fmt: skip
    for path in sorted(root.glob(f"*/{stem}.report.json"), reverse=True):
        report = read_report(path)
        if report is not None and report.finish_reason == "finished" and not report.failed:
            known.listings = report.listings
            break
    return known
