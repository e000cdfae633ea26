"""`opener sources`: list, add, check and disable lead sources."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urljoin

import click
import yaml
from pydantic import ValidationError
from rich.table import Table

from enrich.reader import Reader
from enrich.records import Document, Page
from pipeline.cli.context import console, fail, json_line, one_line, pass_context
from pipeline.errors import OpenerError
from pipeline.nightly import limits_of
from pipeline.settings import Settings
from pipeline.stages.enrichment import groups, read_pages
from spiders.batches import batch_paths, read_batch
from spiders.crawl import CrawlRefused, crawl, fetch
from spiders.discovery import sitemaps_of
from spiders.recognition import Recognised, recognise, source_name
from spiders.reports import read_report, report_path
from spiders.sources import Source, load_sources, source_path

SAMPLE_PAGES = 25  # of one visit are read by a check; enough to see whether people are found


@dataclass(frozen=True, slots=True)
class Row:
    """One document that was read; `items`: articles with text, events with people, or company profiles in it."""

    url: str
    title: str
    people: int
    events: int
    items: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What one dry visit brought: pages fetched, documents read, and errors."""

    pages: int
    read: list[Row]
    problems: str

    @property
    def people(self) -> int:
        """People in the pages that were read."""
        return sum(row.people for row in self.read)

    @property
    def items(self) -> int:
        """Things in the pages that were read: articles, events or company profiles."""
        return sum(row.items for row in self.read)


@click.group()
def sources() -> None:
    """List, add, check and disable lead sources."""


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a source.")
@pass_context
def list_(settings: Settings, as_json: bool) -> None:
    """Show all sources of the settings' folder; exit 1 when a definition is broken."""
    found, errors = load_sources([settings.sources])
    if as_json:
        for source in found:
            click.echo(json_line(source.model_dump(mode="json")))
    else:
        table = Table()
        for column in ("name", "title", "kind", "region", "enabled", "start"):
            table.add_column(column, overflow="fold")
        for source in found:
            row = (
                source.name,
                source.title,
                source.kind,
                source.region or "",
                "yes" if source.enabled else "no",
                source.start[0],
            )
            table.add_row(*(one_line(cell).replace("[", r"\[") for cell in row))
        console().print(table)
    for error in errors:
        click.echo(f"opener: {one_line(str(error))}", err=True)
    if errors:
        sys.exit(1)


@sources.command()
@click.argument("url")
@click.option("--name", help="Name of the source; else made from the address.")
@click.option("--kind", type=click.Choice(["news", "event", "company"]), help="What it is; else recognised.")
@click.option("--no-visit", is_flag=True, help="Do not show what one visit would bring.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def add(settings: Settings, url: str, name: str | None, kind: str | None, no_visit: bool, as_json: bool) -> None:
    """Recognise what lies at URL, write its definition and show what one visit would bring; exit 3 for nothing."""
    found = _recognised(settings, url, kind)
    known, _ = load_sources([settings.sources])
    chosen = name or source_name(url)
    for source in known:
        if source.name == chosen:
            raise OpenerError(f"{chosen}: there is a source of this name already; give another with --name")
        if set(source.start) & set(found.start):
            raise OpenerError(f"{found.start[0]}: is watched by the source {source.name} already")
    try:
        source = Source(name=chosen, title=found.title, kind=found.kind, start=found.start)
    except ValidationError as error:
        raise OpenerError(f"--name {chosen!r}: write lower case letters, digits, dots, dashes") from error
    settings.sources.mkdir(parents=True, exist_ok=True)
    path = settings.sources / f"{chosen}.yml"
    path.write_text(definition(source, found.form), "utf-8")
    visit = None if no_visit else _visits(settings, [source])[source.name]
    if as_json:
        facts: dict[str, object] = {
            "name": chosen,
            "file": str(path),
            "kind": found.kind,
            "form": found.form,
            "start": found.start,
        }
        if visit:
            facts |= {"pages": visit.pages, "people": visit.people, "problems": visit.problems}
        click.echo(json_line(facts))
    else:
        click.echo(one_line(f"{found.form}: {found.start[0]} -> {path}"))
        if visit:
            _show(visit)
    if visit and not visit.items:
        click.echo(
            one_line(
                f"opener: {chosen}: this visit brought nothing; look at the address, or say what it is with --kind "
                f"(the definition stays: {path})"
            ),
            err=True,
        )
        sys.exit(3)


def _recognised(settings: Settings, url: str, kind: str | None) -> Recognised:
    """Fetch URL and tell what it is; of an article its site's front page, of a page with few links the sitemap."""
    found = recognise(*_page(settings, url))
    if kind and kind != found.kind:
        return Recognised(kind, (url,), f"{kind} (as told)", found.title)  # type: ignore[arg-type]
    if found.form.startswith("front page of the site"):
        found = recognise(*_page(settings, found.start[0]))
    if found.kind == "news" and "few article links" in found.form:
        for sitemap in _sitemaps(settings, found.start[0])[:3]:
            try:
                form = recognise(*_page(settings, sitemap))
            except OSError:
                continue
            if "sitemap" in form.form:
                return Recognised("news", (sitemap,), f"{form.form} of the site", found.title)
    return found


def _page(settings: Settings, url: str) -> tuple[str, str | None, bytes]:
    try:
        page = fetch(url, "news", limits_of(settings))[0]
    except (CrawlRefused, ValueError) as error:
        raise OpenerError(str(error)) from error
    return page.final_url, page.content_type, page.body


def _sitemaps(settings: Settings, url: str) -> list[str]:
    try:
        return sitemaps_of(_page(settings, urljoin(url, "/robots.txt"))[2])
    except OSError:
        return []


def definition(source: Source, form: str) -> str:
    """Return the commented YAML of a new source."""
    body = yaml.safe_dump(
        {"name": source.name, "title": source.title, "kind": source.kind, "start": list(source.start)},
        allow_unicode=True,
        sort_keys=False,
    )
    return (
        f"# Recognised as: {one_line(form)}.\n{body}"
        "# region: your town          # shown in lead_sources\n"
        "# follow: [/wirtschaft/]     # only addresses that hold one of these words\n"
        "expect:\n  pages_min: 1              # `opener sources check` is red below it\n  people_per_page_min: 0.0\nenabled: true\n"
    )


@sources.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a source.")
@pass_context
def check(settings: Settings, names: tuple[str, ...], as_json: bool) -> None:
    """Visit sources without storing anything and compare with their `expect`; exit 3 when one is red."""
    found, errors = load_sources([settings.sources])
    unknown = set(names) - {source.name for source in found}
    if names:  # the broken definitions of other sources are not what was asked about
        errors = [error for error in errors if error.source in names]
    unknown -= {error.source for error in errors}
    if unknown:
        raise OpenerError(f"{', '.join(sorted(unknown))}: no such source; `opener sources list` shows them")
    red = bool(errors)
    for error in errors:
        click.echo(f"opener: {one_line(str(error))}", err=True)
    chosen = [source for source in found if (source.name in names if names else source.enabled)]
    visits = _visits(settings, chosen)
    for source in chosen:
        visit = visits[source.name]
        verdict = judge(source, visit, _empty_runs(settings, source.name))
        red = red or bool(verdict)
        if as_json:
            click.echo(
                json_line(
                    {
                        "name": source.name,
                        "ok": not verdict,
                        "pages": visit.pages,
                        "people": visit.people,
                        "problem": verdict or None,
                    },
                )
            )
        else:
            state = "RED  " if verdict else "green"
            click.echo(one_line(f"{state} {source.name}: {visit.pages} pages, {visit.people} people {verdict}"))
    if red:
        sys.exit(3)


def judge(source: Source, visit: Visit, empty_runs: int) -> str:
    """Return what is wrong with a visit, or an empty string; nothing at all is never right."""
    if visit.pages < source.expect.pages_min:
        since = f" since {empty_runs} runs" if empty_runs else ""
        what = "pages" if source.kind != "news" else "articles"
        return f"{visit.pages} {what}{since}, expected {source.expect.pages_min}: {visit.problems or 'nothing was found at the start address'}"
    if not visit.items:
        what = {"event": "events", "company": "Impressum data"}.get(source.kind, "text")
        return f"no {what} on {visit.pages} pages: {visit.problems or 'the pages have changed their form'}"
    per_page = visit.people / len(visit.read) if visit.read else 0.0
    if per_page < source.expect.people_per_page_min:
        if not visit.people:
            return f"no people on {len(visit.read)} pages, expected {source.expect.people_per_page_min} a page"
        return f"{visit.people} people on {len(visit.read)} pages, expected {source.expect.people_per_page_min} a page"
    return ""


@sources.command()
@click.argument("name")
@pass_context
def disable(settings: Settings, name: str) -> None:
    """Switch the source NAME off; its definition stays."""
    path = source_path([settings.sources], name)
    if path is None:
        fail(f"{name}: no such source; `opener sources list` shows them")
        return
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("enabled:")]
    path.write_text("\n".join([*kept, "enabled: false"]) + "\n", "utf-8")
    click.echo(f"{name} is off ({path})")


def _visits(settings: Settings, chosen: Sequence[Source]) -> dict[str, Visit]:
    """Crawl sources side by side into a folder that is thrown away and read a sample of the pages of each."""
    most = max([SAMPLE_PAGES, *(source.expect.pages_min for source in chosen)])
    limits = replace(limits_of(settings), host_pages=min(most, settings.crawl.host_pages))
    with tempfile.TemporaryDirectory(prefix="door-opener-") as folder:
        home = Path(folder)
        try:
            reports = crawl(chosen, home=home, run_id="check", limits=limits)
        except CrawlRefused as error:
            raise OpenerError(str(error)) from error
        pages: dict[str, list[Page]] = {}
        for page in (page for path in batch_paths(home / "pages") for page in read_batch(path)):
            pages.setdefault(page.source, []).append(page)
    reader = Reader(settings.languages, {"de": settings.nlp.de, "en": settings.nlp.en})
    today = datetime.now(settings.zone).date()
    visits = {}
    for report in reports:
        found = pages.get(report.source, [])
        parser = next((source.parser for source in chosen if source.name == report.source), None)
        rows, faults = _read(reader, today, found, parser)
        visits[report.source] = Visit(len(found), rows, "; ".join(part for part in (report.line(), *faults) if part))
    return visits


def _read(reader: Reader, today: date, pages: Sequence[Page], parser: str | None) -> tuple[list[Row], list[str]]:
    """Read a sample of the pages; returns a row for each document, and what went wrong."""
    rows: list[Row] = []
    faults: list[str] = []
    for group in groups(pages):
        parts = [[page] for page in group] if group[0].kind == "news" else [group]
        for part in parts[: SAMPLE_PAGES - len(rows)]:
            try:
                documents = read_pages(reader, part, today, parser)
            except Exception as error:  # as at night: a page that cannot be read costs itself, and is named
                faults.append(f"{part[0].url}: could not be read ({type(error).__name__}: {str(error)[:200]})")
                continue
            rows += [_row(document) for document in documents]
    return rows, faults[:3]


def _row(document: Document) -> Row:
    named = {person.name for event in document.events for person in event.people}
    named |= {person.name for person in (document.company.people if document.company else ())}
    people = len(named | {mention.person for mention in document.people})
    found = {"event": len(document.events) + people, "company": int(document.company is not None)}
    items = found.get(document.kind, int(bool(document.text)))
    return Row(document.url, document.title or "", people, len(document.events), items)


def _show(visit: Visit) -> None:
    table = Table(title="what one visit brings")
    for column in ("address", "title", "people", "events"):
        table.add_column(column, overflow="fold")
    for row in visit.read[:15]:
        words = (one_line(cell).replace("[", r"\[") for cell in (row.url, row.title))
        table.add_row(*words, str(row.people), str(row.events))
    console().print(table)
    click.echo(one_line(f"{visit.pages} pages, {visit.people} people in the {len(visit.read)} read {visit.problems}"))


def _empty_runs(settings: Settings, name: str) -> int:
    """Return in how many of the last runs in a row the source brought nothing new and nothing unchanged."""
    count = 0
    runs = (
        sorted((p for p in (settings.home / "pages").glob("*") if p.is_dir()), reverse=True)
        if settings.home.exists()
        else []
    )
    for run in runs[:30]:
        report = read_report(report_path(run, name))
        if report is None:
            continue
        if report.fetched or report.not_modified:
            break
        count += 1
    return count
