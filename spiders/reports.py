"""What a visit to one source brought, as a file beside its batches."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from spiders.batches import file_stem

MAX_ERRORS = 20


@dataclass(slots=True)
class SourceReport:
    """Counts of one visit. `listings` holds ETag and Last-Modified of feeds and lists, used next time."""

    source: str
    kind: str
    fetched: int = 0
    not_modified: int = 0
    bytes: int = 0
    seconds: float = 0.0
    left_out: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    more_errors: int = 0
    finish_reason: str = "finished"
    failed: bool = False
    listings: dict[str, list[str | None]] = field(default_factory=dict)

    def leave_out(self, reason: str) -> None:
        """Count a page that was left out on purpose."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1

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
