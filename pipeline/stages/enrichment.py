"""Stage enrich: page batches in, facts out. Both cores read pages; each batch is one transaction."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from enrich.reader import Reader, site_of
from enrich.records import Document, Page
from pipeline.stages.facts import write_facts
from pipeline.stages.guarding import arm, failure, read_site
from pipeline.stages.parsers import parse
from spiders.batches import batch_paths, read_batch

_GROUP_BYTES = 2_000_000  # pages are handed to a worker in portions, so that small pages cost no overhead
_GROUP_PAGES = 12


@dataclass(frozen=True, slots=True)
class Models:
    """What a worker needs to build its Reader, and the parsers of sources that have one of their own (name, file)."""

    languages: tuple[str, ...]
    de: str | None
    en: str | None
    parsers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class EnrichReport:
    """Totals of one enrich stage."""

    batches: int = 0
    pages: int = 0
    people: int = 0
    events: int = 0
    profiles: int = 0
    failed: list[str] = field(default_factory=list)


_reader: Reader | None = None
_parsers: dict[str, str] = {}


def _start_worker(models: Models) -> None:
    global _reader  # noqa: PLW0603 - one Reader per worker process is the point of the pool
    _parsers.update(models.parsers)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    arm()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _reader = Reader(models.languages, {"de": models.de, "en": models.en})


def _end_with_parent() -> None:
    """A killed night cannot shut its pool down; a worker that outlived it would keep its model in memory for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def read_pages(reader: Reader, pages: Sequence[Page], today: date, parser: str | None = None) -> list[Document]:
    """Read one news page or all pages of a site, with the source's own parser where it has one."""
    first = pages[0]
    if parser is not None:
        return parse(parser, pages, reader, today)
    if first.kind == "company":
        return [reader.read_company(pages)]
    if first.kind == "event":
        return [reader.read_events(pages, today=today)]
    return [reader.read_article(page) for page in pages]


def read_group(pages: Sequence[Page], today: date) -> list[Document]:
    """Read pages that belong together (called in a worker): news pages one by one, the pages of a site as a whole."""
    reader = _reader
    assert reader is not None
    parts = [[page] for page in pages] if pages[0].kind == "news" else [list(pages)]
    documents: list[Document] = []
    for part in parts:
        parser = _parsers.get(part[0].source)
        documents += read_site(part, lambda some, parser=parser: read_pages(reader, some, today, parser))  # type: ignore[misc]
    return documents


def groups(pages: Sequence[Page]) -> Iterator[list[Page]]:
    """Split a batch: event pages by source, company pages by site, news pages in portions."""
    together: dict[tuple[str, str], list[Page]] = {}
    portion: list[Page] = []
    size = 0
    for page in pages:
        if page.status != 200 or not page.body:
            continue
        if page.kind == "news":
            portion.append(page)
            size += len(page.body)
            if size > _GROUP_BYTES or len(portion) >= _GROUP_PAGES:
                yield portion
                portion, size = [], 0
        else:
            key = (page.kind, page.source if page.kind == "event" else site_of(page.url))
            together.setdefault(key, []).append(page)
    if portion:
        yield portion
    yield from together.values()


class Enricher:
    """A pool of workers that read pages; use as a context manager."""

    def __init__(self, models: Models, workers: int | None = None) -> None:
        self._models = models
        self.workers = workers or min(os.cpu_count() or 1, 8)
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(self._models,),
        )

    def __enter__(self) -> Enricher:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def read(self, portions: Sequence[list[Page]], today: date, on_pages: Callable[[int], None]) -> list[Document]:
        """Read all portions in parallel, results in the order given; a page that ends its worker costs only itself."""
        futures = [self._pool.submit(read_group, portion, today) for portion in portions]
        documents: list[Document] = []
        for number, portion in enumerate(portions):
            try:
                documents.extend(futures[number].result())
            except BrokenProcessPool:  # all portions that were not done yet are lost with the pool
                self._renew()
                documents.extend(self._one_by_one(portion, today))
                for later in range(number + 1, len(portions)):
                    if not futures[later].done() or futures[later].exception() is not None:
                        futures[later] = self._pool.submit(read_group, portions[later], today)
            on_pages(len(portion))
        return documents

    def _renew(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._new_pool()

    def _one_by_one(self, portion: list[Page], today: date) -> list[Document]:
        """Read the pages of a portion each alone; a site then once more without those that end a worker."""
        documents: list[Document] = []
        kept: list[Page] = []
        problems: list[Document] = []
        for page in portion:
            found, problem = self._survived([page], today)
            documents.extend(found)
            kept.extend([page] if found else [])
            problems.extend(problem)
        if portion[0].kind != "news" and kept:
            documents, problem = self._survived(kept, today)
            problems.extend(problem)
        return [*documents, *problems]

    def _survived(self, pages: list[Page], today: date) -> tuple[list[Document], list[Document]]:
        """Read pages in a worker; when that ends it, no document but one that says so."""
        try:
            return self._pool.submit(read_group, pages, today).result(), []
        except BrokenProcessPool:
            self._renew()
            return [], [failure(pages[0], f"{pages[0].url}: reading it ended the worker process; left out")]


def pending(con: duckdb.DuckDBPyConnection, home: Path) -> list[Path]:
    """Return the batches that have not been enriched yet, oldest first."""
    done = {row[0] for row in con.execute("SELECT batch FROM batches").fetchall()}
    root = home / "pages"
    return [path for path in batch_paths(root) if path.relative_to(root).as_posix() not in done]


def enrich(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    enricher: Enricher,
    *,
    today: date | Callable[[Path], date],
    on_pages: Callable[[int], None] = lambda n: None,
    stop: Callable[[], bool] = lambda: False,
) -> EnrichReport:
    """Enrich every pending batch; each is one transaction, so a kill loses at most the one at work.

    `today` is the local day on which pages are read, or tells that of a batch (a rebuild reads old ones).

    The caller's pool starts its processes with the first page and serves a whole night, so models load once.
    """
    report = EnrichReport()
    for path in pending(con, home):
        if stop():
            break
        _one_batch(con, home, path, enricher, report, today if isinstance(today, date) else today(path), on_pages)
    return report


def _one_batch(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    path: Path,
    enricher: Enricher,
    report: EnrichReport,
    today: date,
    on_pages: Callable[[int], None],
) -> None:
    name = path.relative_to(home / "pages").as_posix()
    try:
        pages = read_batch(path)
    except Exception as error:  # a damaged file is set aside, named in the report, and the night goes on
        aside = path.with_suffix(".damaged")
        path.rename(aside)
        report.failed.append(f"{aside}: damaged batch, set aside ({type(error).__name__}); its pages are fetched again")
        return
    portions = list(groups(pages))
    documents = enricher.read(portions, today, on_pages)
    run_id = name.split("/", maxsplit=1)[0]
    con.execute("BEGIN")
    try:
        written = write_facts(con, pages, documents, batch=name, run_id=run_id)
        con.execute("INSERT INTO batches VALUES (?, ?, ?, ?)", [name, run_id, len(pages), datetime.now(UTC)])
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    report.batches += 1
    report.pages += sum(len(portion) for portion in portions)
    report.people += written.people
    report.events += written.events
    report.profiles += written.profiles
    report.failed.extend(w for d in documents for w in d.warnings if "left out" in w or "could not be read" in w)
