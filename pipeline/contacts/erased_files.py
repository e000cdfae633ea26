"""Takes erased people out of the files of a home: page batches and logs; names files outside that hold them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contacts.traces import Traces
from pipeline.whole_files import write_whole
from spiders.batches import batch_paths, empty_bodies

_TEXT_ENDINGS = {".csv", ".vcf", ".json", ".jsonl", ".ics", ".html", ".txt", ".tsv"}


LEFTOVERS = ("work.before-rebuild.duckdb", "work.damaged-*.duckdb*")  # stores as they were, kept by `opener rebuild`


@dataclass(frozen=True, slots=True)
class FileReport:
    """Page bodies emptied, log lines changed, and files outside of the home that still name the person."""

    bodies: int
    log_lines: int
    handed_out: tuple[Path, ...]
    backups: tuple[Path, ...]


def erase_in_files(home: Path, traces: Traces, lists: Path) -> FileReport:
    """Empty stored bodies of pages that name the person, clean the logs, delete the store from before a rebuild.

    Every file is replaced in one step.

    Addresses and hashes of the pages stay, so that they are not fetched as new. Raises OSError when a file cannot be
    written; the others are done.
    """
    if not traces:
        return FileReport(0, 0, (), ())
    bodies = sum(_empty_named(path, traces) for path in batch_paths(home / "pages"))
    lines = sum(_clean_log(path, traces) for path in sorted((home / "logs").glob("*")) if path.is_file())
    found = [p for p in sorted(lists.glob("*")) if p.is_file() and _holds(p, traces)] if lists.is_dir() else []
    drop_leftovers(home)
    copies = [p for p in sorted((home / "backups").glob("*")) if p.is_file()]
    copies += sorted(home.parent.glob(f"{home.name}.before-restore-*"))
    return FileReport(bodies, lines, tuple(found), tuple(copies))


def drop_leftovers(home: Path) -> None:
    """Delete stores that were set aside: they hold what has been erased or has expired since."""
    for path in [path for name in LEFTOVERS for path in home.glob(name)]:
        path.unlink()


def empty_pages(home: Path, pages: dict[str, set[str]]) -> int:
    """Empty the bodies of pages (batch -> addresses) that were fetched again and name an erased person."""
    return sum(
        empty_bodies(home / "pages" / batch, lambda row, urls=urls: row["url"] in urls)  # type: ignore[misc]
        for batch, urls in pages.items()
    )


def _empty_named(path: Path, traces: Traces) -> int:
    try:
        return empty_bodies(path, lambda row: traces.on_page(row["body"]))
    except pa.ArrowException:
        return 0  # a damaged batch is reported by the night and cannot be read by anybody


def _clean_log(path: Path, traces: Traces) -> int:
    lines = path.read_text("utf-8", errors="replace").splitlines(keepends=True)
    cleaned = [traces.without(line) for line in lines]
    changed = sum(old != new for old, new in zip(lines, cleaned, strict=True))
    if changed:
        write_whole(path, "".join(cleaned).encode("utf-8"))
    return changed


def _holds(path: Path, traces: Traces) -> bool:
    if path.suffix in _TEXT_ENDINGS:
        return traces.on_page(path.read_bytes()) or traces.within(path.read_text("utf-8", "replace").replace(";", " "))
    if path.suffix == ".xlsx":
        try:
            with zipfile.ZipFile(path) as book:
                return any(traces.on_page(book.read(n)) for n in book.namelist() if n.endswith(".xml"))
        except (zipfile.BadZipFile, OSError):
            return False
    if path.suffix == ".parquet":
        try:
            rows = pq.read_table(path).to_pylist()
        except (pa.ArrowException, OSError):
            return False
        return any(traces.within(" ".join(str(v) for v in row.values() if v is not None)) for row in rows)
    return False
