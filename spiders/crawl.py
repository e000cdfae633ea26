"""Crawling for the pipeline: sources in, batches and reports out. Scrapy runs in a child process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from enrich.records import Page, PageKind
from spiders.batches import batch_paths, read_batch
from spiders.canonical import canonical
from spiders.companies import LOOKUP
from spiders.limits import CrawlLimits, CrawlRefused, require_contact
from spiders.reports import SourceReport, read_report, report_path
from spiders.single import PAGES
from spiders.sources import Source

GRACE_SECONDS = 60

__all__ = ["CompanyTarget", "CrawlLimits", "CrawlRefused", "SourceReport", "crawl", "crawl_companies", "fetch"]


@dataclass(frozen=True, slots=True)
class CompanyTarget:
    """A company whose site is looked for: candidates are start pages to visit, best first."""

    company: str
    candidates: tuple[str, ...]
    town: str | None = None


def crawl(
    sources: Sequence[Source],
    *,
    home: Path,
    run_id: str,
    limits: CrawlLimits,
    on_progress: Callable[[SourceReport], None] = lambda report: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[SourceReport]:
    """Visit every source once in this run; a source whose report is there is not visited again.

    Raises CrawlRefused when a foreign host would be visited without a contact.
    """
    out = home / "pages" / run_id
    waiting = [source for source in sources if not _is_done(out, source.name)]
    if waiting and not stop():
        require_contact(limits, [url for source in waiting for url in source.start])
        jobs = [{"source": source.model_dump(mode="json")} for source in waiting]
        names = {source.name: source.kind for source in waiting}
        _run(jobs, names, home=home, out=out, limits=limits, on_progress=on_progress, stop=stop)
    reports = []
    for source in sources:
        report = read_report(report_path(out, source.name))
        if report is None:
            report = SourceReport(source.name, source.kind, finish_reason="not visited")
        if not report.complete:
            report.failed = True
            report.error("the visit was cut off; it is made again with the next run")
        reports.append(report)
    return reports


def crawl_companies(
    targets: Sequence[CompanyTarget],
    *,
    home: Path,
    run_id: str,
    limits: CrawlLimits,
    on_progress: Callable[[SourceReport], None] = lambda report: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[SourceReport]:
    """Visit the sites of companies (once in a run); pages carry the source `lookup:companies`.

    Of each target's candidates the first is taken whose pages name the company.
    """
    out = home / "pages" / run_id
    wanted = [target for target in targets if target.candidates]
    if wanted and not _is_done(out, LOOKUP):
        require_contact(limits, [url for target in wanted for url in target.candidates])
        jobs = [{"targets": [asdict(target) for target in wanted]}]
        _run(jobs, {LOOKUP: "company"}, home=home, out=out, limits=limits, on_progress=on_progress, stop=stop)
    report = read_report(report_path(out, LOOKUP))
    return [report] if report is not None else []


def fetch(urls: str | Sequence[str], kind: PageKind, limits: CrawlLimits, *, whole_site: bool = False) -> list[Page]:
    """Fetch single pages, or with `whole_site` a whole company or event site, without a store.

    Raises CrawlRefused without a contact, and OSError with the reason when nothing could be fetched.
    """
    addresses = [canonical(url) for url in ([urls] if isinstance(urls, str) else urls)]
    require_contact(limits, addresses)
    with tempfile.TemporaryDirectory(prefix="door-opener-") as folder:
        home = Path(folder)
        out = home / "pages" / "try"
        if whole_site:
            source = Source(name=PAGES, title=addresses[0], kind=kind, start=tuple(addresses))
            jobs: list[dict[str, Any]] = [{"source": source.model_dump(mode="json")}]
        else:
            jobs = [{"pages": addresses, "kind": kind}]
        _run(
            jobs, {PAGES: kind}, home=home, out=out, limits=limits, on_progress=lambda report: None, stop=lambda: False
        )
        report = read_report(report_path(out, PAGES))
        pages = [page for path in batch_paths(home / "pages") for page in read_batch(path)]
        if not pages and report is None:
            raise OSError(f"{addresses[0]}: the crawl process ended early: {_last_words(home)}")
    if not pages:
        raise OSError(f"{addresses[0]}: {(report.line() if report else '') or 'nothing could be fetched'}")
    return pages


def _is_done(out: Path, name: str) -> bool:
    report = read_report(report_path(out, name))
    return report is not None and report.complete


def _last_words(home: Path) -> str:
    """Return the last line that the crawl process wrote on standard error."""
    lines = [
        line for path in sorted((home / "logs").glob("*.stderr"))
        for line in path.read_text("utf-8", "replace").splitlines() if line.strip()
    ]  # fmt: skip
    return lines[-1].strip()[:300] if lines else "no reason given"


def _run(
    jobs: list[dict[str, Any]],
    names: Mapping[str, str],
    *,
    home: Path,
    out: Path,
    limits: CrawlLimits,
    on_progress: Callable[[SourceReport], None],
    stop: Callable[[], bool],
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    logs = home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    plan = {"out": str(out), "log": str(logs / f"crawl-{out.name}.log"), "limits": asdict(limits), "jobs": jobs}
    plan_file = out / f".plan-{os.getpid()}.json"
    plan_file.write_text(json.dumps(plan), "utf-8")
    told: set[str] = set()
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    errors = logs / f"crawl-{out.name}.stderr"
    try:
        with errors.open("ab") as sink, subprocess.Popen(
            [sys.executable, "-m", "spiders.process", str(plan_file)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=sink, env=env,
        ) as child:  # fmt: skip
            _wait(child, names, out, limits, told, on_progress, stop)
    finally:
        plan_file.unlink(missing_ok=True)
    _tell(names, out, told, on_progress)


def _wait(
    child: subprocess.Popen[bytes],
    names: Mapping[str, str],
    out: Path,
    limits: CrawlLimits,
    told: set[str],
    on_progress: Callable[[SourceReport], None],
    stop: Callable[[], bool],
) -> None:
    deadline = time.monotonic() + limits.run_seconds + GRACE_SECONDS
    asked = False
    while child.poll() is None:
        _tell(names, out, told, on_progress)
        if not asked and (stop() or time.monotonic() > deadline):
            child.send_signal(signal.SIGTERM)
            asked, deadline = True, time.monotonic() + GRACE_SECONDS
        elif asked and time.monotonic() > deadline:
            child.kill()
        try:
            child.wait(0.2)
        except subprocess.TimeoutExpired:
            continue


def _tell(names: Mapping[str, str], out: Path, told: set[str], on_progress: Callable[[SourceReport], None]) -> None:
    for name in names:
        if name not in told:
            report = read_report(report_path(out, name))
            if report is not None and report.complete:
                told.add(name)
                on_progress(report)
