"""What a visit to one source brought, as a file beside its batches."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from spiders.batches import file_stem

MAX_ERRORS = 20
MAX_PAGES_NAMED = 200


@dataclass(slots=True)
class SourceReport:
    """Counts of one visit.

    `fetched`: pages handed on; `not_modified`: known pages that had not changed; `listed`: entries that feeds,
    sitemaps and lists named, known or not (0 with a listing that was read means the source has changed its
    form); `bytes` received; `left_out` counts by reason, `left_out_pages` names the first ones; `listings`
    holds ETag and Last-Modified of feeds and lists, used next time.
    """

    source: str
    kind: str
    fetched: int = 0
    not_modified: int = 0
    listed: int = 0
    bytes: int = 0
    seconds: float = 0.0
    left_out: dict[str, int] = field(default_factory=dict)
    left_out_pages: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    more_errors: int = 0
    finish_reason: str = "finished"
    failed: bool = False
    listings: dict[str, list[str | None]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """False when the visit was cut off by a stop: it is made again when the run is taken up again."""
        return self.finish_reason not in ("shutdown", "not visited")

    def leave_out(self, reason: str, url: str | None = None) -> None:
        """Count a page that was left out on purpose."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1
        if url and len(self.left_out_pages) < MAX_PAGES_NAMED:
            self.left_out_pages.append(f"{url}: {reason}")

    def error(self, message: str) -> None:
        """Note an error with its address; after MAX_ERRORS only their number grows."""
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(message)
        else:
            self.more_errors += 1

    def line(self) -> str:
        """Say in one line why the source failed or what was left out."""
        parts = [*self.errors[:2], *(f"{n} left out: {reason}" for reason, n in self.left_out.items())]
        return "; ".join(parts)


def report_path(folder: Path, source: str) -> Path:
    """Return where the report of a source lies in a run's folder."""
    return folder / f"{file_stem(source)}.report.json"


def write_report(folder: Path, report: SourceReport) -> None:
    """Write the report: temporary name, fsync, rename. Its presence says that the source is done."""
    folder.mkdir(parents=True, exist_ok=True)
    target = report_path(folder, report.source)
    draft = target.with_name(f".{target.name}.tmp")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(report), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(target)


def read_report(path: Path) -> SourceReport | None:
    """Read a report; None when it is missing or damaged (the source is then visited again)."""
    try:
        return SourceReport(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def past_reports(home: Path, source: str, most: int = 10) -> list[SourceReport]:
    """Return the complete reports of earlier runs, newest first."""
    found: list[SourceReport] = []
    for path in sorted((home / "pages").glob(f"*/{file_stem(source)}.report.json"), key=_age, reverse=True):
        report = read_report(path)
        if report is not None and report.complete and report.source == source:
            found.append(report)
        if len(found) >= most:
            break
    return found


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
