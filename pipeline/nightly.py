"""The night: crawl, enrich, resolve, companies, score, export, publish. One at a time, each stage resumable."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb

import data
from pipeline.contacts.erased_files import empty_pages
from pipeline.contacts.erasure import pages_of_erased
from pipeline.errors import OpenerError
from pipeline.home_lock import night_lock
from pipeline.identity import resolve
from pipeline.identity.reach import tie_companies
from pipeline.lists.export import ExportReport, export
from pipeline.scoring.learned_weights import relearn_if_grown
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.stages import companies
from pipeline.stages.enrichment import Enricher, EnrichReport, Models, enrich, pending
from pipeline.stopping import StopSwitch
from pipeline.store.decisions import keep
from pipeline.store.opening import working_store
from pipeline.store.publish import publish
from spiders.crawl import CrawlLimits, CrawlRefused, SourceReport, crawl
from spiders.definitions import DefinitionError
from spiders.sources import Source, load_sources

Tell = Callable[[str, int, int], None]  # stage, done, total


@dataclass(slots=True)
class NightReport:
    """What a night brought."""

    run_id: str
    sources: list[SourceReport] = field(default_factory=list)
    broken_sources: list[str] = field(default_factory=list)
    enriched: EnrichReport = field(default_factory=EnrichReport)
    states: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    known_again: int = 0
    proven_sites: int = 0
    export: ExportReport | None = None
    list_file: Path | None = None
    seconds: float = 0.0
    stopped: bool = False
    out_of_time: bool = False

    @property
    def failed(self) -> list[SourceReport]:
        """Sources that did not work."""
        return [report for report in self.sources if report.failed]

    @property
    def exit_code(self) -> int:
        """0 all well, 3 some sources failed or the time budget was used up."""
        return 3 if self.failed or self.broken_sources or self.out_of_time else 0


def limits_of(settings: Settings) -> CrawlLimits:
    """Turn settings into the limits of a crawl."""
    c = settings.crawl
    return CrawlLimits(
        user_agent=c.user_agent, contact=c.contact, delay=c.delay, concurrency=c.concurrency,
        allow_private_hosts=c.allow_private_hosts, page_bytes=c.page_bytes, page_seconds=c.page_seconds,
        depth=c.depth, host_pages=c.host_pages, run_seconds=c.run_seconds, revisit_days=c.revisit_days,
    )  # fmt: skip


def models_of(settings: Settings) -> Models:
    """Return what the enrich workers load."""
    found, _ = load_sources([settings.sources])
    parsers = tuple((source.name, source.parser) for source in found if source.parser)
    return Models(settings.languages, settings.nlp.de, settings.nlp.en, parsers)


class RunLog:
    """JSON lines in home/logs/nightly.jsonl beside the readable output."""

    def __init__(self, home: Path, run_id: str) -> None:
        self._path = home / "logs" / "nightly.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._run_id = run_id

    def write(self, event: str, **facts: Any) -> None:
        """Append one line; a full disk must not hide the error that is being logged."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "run": self._run_id,
            "event": event,
            **facts,
        }
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        except OSError as error:
            print(f"opener: {self._path}: {error.strerror}", file=sys.stderr)


def enabled_sources(settings: Settings) -> tuple[list[Source], list[DefinitionError]]:
    """Return the user's enabled sources and what is wrong with the others."""
    found, errors = load_sources([settings.sources])
    return [source for source in found if source.enabled], errors


def open_run(con: duckdb.DuckDBPyConnection, now: datetime) -> str:
    """Return the id of the run to go on with: one that was killed within a day, else a new one."""
    cut = con.execute(
        """SELECT run_id FROM runs WHERE (status = 'running' OR stage = 'publish') AND started_at > ?
           ORDER BY run_id DESC LIMIT 1""",
        [now - timedelta(days=1)],
    ).fetchall()
    con.execute(
        "UPDATE runs SET status = 'failed', note = 'cut off' WHERE status = 'running' AND started_at <= ?",
        [now - timedelta(days=1)],
    )
    if cut:
        con.execute("UPDATE runs SET status = 'running' WHERE run_id = ?", [cut[0][0]])
        return str(cut[0][0])
    run_id = now.strftime("%Y%m%dT%H%M%SZ")
    taken = {row[0] for row in con.execute("SELECT run_id FROM runs").fetchall()}
    number = 1
    while run_id in taken:
        number += 1
        run_id = f"{now.strftime('%Y%m%dT%H%M%SZ')}-{number}"
    con.execute("INSERT INTO runs VALUES (?, ?, NULL, 'running', 'crawl', NULL, NULL, NULL, NULL, NULL)", [run_id, now])
    return run_id


def note_sources(
    con: duckdb.DuckDBPyConnection, run_id: str, reports: list[SourceReport], sources: list[Source]
) -> None:
    """Write the per-source result of a run (repeatable)."""
    con.execute("BEGIN")
    for report in reports:
        con.execute("DELETE FROM run_sources WHERE run_id = ? AND source = ?", [run_id, report.source])
        con.execute(
            "INSERT INTO run_sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [run_id, report.source, report.kind, report.fetched, report.not_modified, report.bytes,
             sum(report.left_out.values()), report.failed, report.line() or None],
        )  # fmt: skip
    for source in sources:
        con.execute("DELETE FROM source_titles WHERE source = ?", [source.name])
        con.execute(
            "INSERT INTO source_titles VALUES (?, ?, ?, ?)", [source.name, source.title, source.kind, source.region]
        )
    con.execute("COMMIT")


def nightly(
    settings: Settings, *, tell: Tell = lambda stage, done, total: None, scheme: str = "https", limit: int | None = None
) -> NightReport:
    """Run a whole night. Raises BusyError, OpenerError or CrawlRefused; the store then keeps what was finished."""
    began = monotonic()
    sources, errors = enabled_sources(settings)
    if errors and not sources:
        raise OpenerError(str(errors[0]))
    if not sources:
        raise OpenerError(f"{settings.sources}: no enabled source; add one with `opener sources add URL`")
    data.path("scoring.yml")
    now = datetime.now(UTC)
    with (
        night_lock(settings.home),
        StopSwitch(settings.nightly.budget_minutes * 60).armed() as stop,
        working_store(settings.home) as con,
        Enricher(models_of(settings)) as enricher,
    ):
        report = NightReport(open_run(con, now), broken_sources=[str(error) for error in errors])
        log = RunLog(settings.home, report.run_id)
        log.write("start", sources=len(sources))
        try:
            _stages(con, enricher, settings, report, sources, now, tell, stop, log, scheme, limit)
        except BaseException as error:
            log.write("failed", error=f"{type(error).__name__}: {error}")
            raise
        report.seconds = round(monotonic() - began, 1)
        log.write("end", seconds=report.seconds, states=dict(report.states), exit_code=report.exit_code)
    return report


def _stages(
    con: duckdb.DuckDBPyConnection,
    enricher: Enricher,
    settings: Settings,
    report: NightReport,
    sources: list[Source],
    now: datetime,
    tell: Tell,
    stop: StopSwitch,
    log: RunLog,
    scheme: str,
    limit: int | None,
) -> None:
    home, run_id, limits = settings.home, report.run_id, limits_of(settings)
    today = now.astimezone(settings.zone).date()

    def stage(name: str) -> None:
        con.execute("UPDATE runs SET stage = ? WHERE run_id = ?", [name, run_id])
        log.write("stage", name=name)

    visited: list[SourceReport] = []

    def on_source(found: SourceReport) -> None:
        visited.append(found)
        tell("crawl", len(visited), len(sources))
        log.write("source", source=found.source, fetched=found.fetched, failed=found.failed, note=found.line())

    stage("crawl")
    tell("crawl", 0, len(sources))
    report.sources = crawl(sources, home=home, run_id=run_id, limits=limits, on_progress=on_source, stop=stop.at(0.6))
    note_sources(con, run_id, report.sources, sources)
    stage("enrich")
    report.enriched = _enrich(con, enricher, settings, today, tell, stop.at(0.8))
    stage("resolve")
    tell("resolve", 0, 1)
    forgotten = pages_of_erased(con, home)
    resolved = resolve(con, now=now)
    empty_pages(home, forgotten)
    report.duplicates = _named_again(con, run_id)
    report.known_again = resolved.known_people
    tell("resolve", 1, 1)
    stage("companies")
    score(con, settings, now=now)
    wanted = companies.wanted(con, settings, now)
    if wanted and not stop.at(0.8)():
        tell("companies", 0, len(wanted))
        looked = companies.fetch_sites(con, settings, limits, wanted, run_id=run_id, scheme=scheme, stop=stop.at(0.9))
        note_sources(con, run_id, [_never_failed(r) for r in looked], [])
        _enrich(con, enricher, settings, today, lambda *a: None, stop.at(0.95))
        report.proven_sites = companies.prove(con, wanted, scheme, now)
        tie_companies(con, now, [company.company_id for company in wanted])
        tell("companies", len(wanted), len(wanted))
    stage("score")
    tell("score", 0, 1)
    relearn_if_grown(con, settings.home, now=now)
    report.states = score(con, settings, now=now)
    tell("score", 1, 1)
    stage("export")
    report.list_file = _list_file(con, settings, run_id, today)
    report.export = export(
        con,
        settings,
        "fresh",
        now=now,
        out=report.list_file,
        preset=settings.exports.preset,
        limit=limit,
        run_id=run_id,
        day=settings.exports.rows == "day",
    )
    report.export.settle()
    keep(con, home)  # from here on the list may be called from
    report.stopped = stop()
    report.out_of_time = stop.out_of_time
    status = "stopped" if report.stopped else "partial" if report.exit_code else "ok"
    con.execute(
        """UPDATE runs SET stage = 'publish', status = ?, finished_at = ?, pages = ?, people = ?, new_prospects = ?,
           failed_sources = ?, note = ? WHERE run_id = ?""",
        [
            status,
            datetime.now(UTC),
            report.enriched.pages,
            report.enriched.people,
            len(report.export.rows),
            len(report.failed),
            f"time budget of {settings.nightly.budget_minutes} minutes used up" if report.out_of_time else None,
            run_id,
        ],
    )
    log.write("stage", name="publish")
    tell("publish", 0, 1)
    publish(con, home)
    # a run that was killed before this is taken up again: another night would hand out another list
    con.execute("UPDATE runs SET stage = 'done' WHERE run_id = ?", [run_id])
    tell("publish", 1, 1)


def _list_file(con: duckdb.DuckDBPyConnection, settings: Settings, run_id: str, today: date) -> Path:
    """Return where this run's list goes; a list of another run of the same day is never written over."""
    kept = con.execute("SELECT file FROM exports WHERE run_id = ? AND list = 'fresh'", [run_id]).fetchall()
    if kept and kept[0][0]:
        return Path(kept[0][0])
    taken = {row[0] for row in con.execute("SELECT file FROM exports").fetchall()}
    path = settings.exports.folder / settings.exports.file.format(date=today.isoformat())
    chosen, number = path, 1
    while str(chosen) in taken:
        number += 1
        chosen = path.with_stem(f"{path.stem}-{number}")
    return chosen


def _named_again(con: duckdb.DuckDBPyConnection, run_id: str) -> int:
    """Return how many mentions of this run name somebody whom another mention of it names too."""
    found = con.execute(
        "SELECT count(*) - count(DISTINCT person_id) FROM mentions JOIN person_mentions USING (mention_id) WHERE run_id = ?",
        [run_id],
    ).fetchall()
    return int(found[0][0])


def _never_failed(report: SourceReport) -> SourceReport:
    """A name-derived address that does not exist is no failure of a source."""
    report.failed = False
    return report


def _enrich(
    con: duckdb.DuckDBPyConnection,
    enricher: Enricher,
    settings: Settings,
    today: date,
    tell: Tell,
    stop: Callable[[], bool],
) -> EnrichReport:
    total = len(pending(con, settings.home))
    if not total:
        return EnrichReport()
    done = 0

    def on_pages(n: int) -> None:
        nonlocal done
        done += n
        tell("enrich", done, 0)

    return enrich(con, settings.home, enricher, today=today, on_pages=on_pages, stop=stop)


__all__ = ["CrawlRefused", "NightReport", "enabled_sources", "limits_of", "models_of", "nightly"]
