"""`opener try`: read pages without a store; one JSON line per document."""

from __future__ import annotations

import mimetypes
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from enrich.reader import Reader, guess_kind
from enrich.records import Document, Page, PageKind, to_json
from pipeline.cli.context import json_line, one_line, pass_context
from pipeline.nightly import limits_of
from pipeline.settings import Settings
from spiders.crawl import CrawlRefused, fetch

_SKIPPED = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".css", ".js", ".woff", ".woff2", ".mp4", ".ico")


@click.command("try")
@click.argument("targets", nargs=-1, required=True, metavar="URL|FILE|FOLDER|-")
@click.option(
    "--kind", type=click.Choice(["auto", "news", "event", "company", "text"]), default="auto", show_default=True
)
@click.option("--url", "address", help="Address that a file or standard input came from.")
@click.option("--lang", type=click.Choice(["de", "en"]), help="Language, when the text is too short to tell.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per document.")
@pass_context
def try_(
    settings: Settings, targets: tuple[str, ...], kind: str, address: str | None, lang: str | None, as_json: bool
) -> None:
    """Read one page or site without a store.

    A URL is fetched politely; a folder is read page by page, or as one site with --kind company or event;
    `-` is standard input. Exit 1 when a target could not be read; the others still are.
    """
    reader = Reader(settings.languages, {"de": settings.nlp.de, "en": settings.nlp.en})
    today = datetime.now(settings.zone).date()
    failed = False
    for target in targets:
        try:
            for file, document in _documents(reader, settings, target, kind, address, lang, today):
                _print(file, document, as_json)
        except (OSError, CrawlRefused, ValueError) as error:
            failed = True
            reason = getattr(error, "strerror", None) or str(error)
            click.echo(f"opener: {one_line(target)}: {one_line(str(reason))}", err=True)
    if failed:
        sys.exit(1)


def _documents(
    reader: Reader, settings: Settings, target: str, kind: str, address: str | None, lang: str | None, today: date
) -> Iterator[tuple[str | None, Document]]:
    if target.startswith(("http://", "https://")):
        page_kind: PageKind = kind if kind in ("event", "company") else "news"  # type: ignore[assignment]
        pages = fetch(target, page_kind, limits_of(settings), whole_site=kind in ("event", "company"))
        yield None, _site(reader, pages, kind, lang, today)
        return
    if target == "-":
        yield "-", _site(reader, [_page(sys.stdin.buffer.read(), address or "stdin:", "")], kind, lang, today)
        return
    path = Path(target)
    if not path.exists():
        raise OSError(2, "no such file or folder; give a URL, a file, a folder or -")
    files = (
        [path]
        if path.is_file()
        else sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() not in _SKIPPED)
    )
    if not files:
        raise OSError(2, "holds no readable file")
    if path.is_dir() and kind in ("company", "event"):
        root = (address or f"http://{path.name}.example/").rstrip("/") + "/"
        pages = [_page(f.read_bytes(), root + f.relative_to(path).as_posix(), f.name) for f in files]
        yield target, _site(reader, pages, kind, lang, today)
        return
    for file in files:
        page = _page(file.read_bytes(), address or file.resolve().as_uri(), file.name)
        yield str(file), _site(reader, [page], kind, lang, today)


def _page(body: bytes, url: str, name: str) -> Page:
    guessed = mimetypes.guess_type(name)[0] if name else None
    if guessed is None:
        head = body[:500].lstrip().lower()
        guessed = (
            "text/html"
            if head.startswith((b"<", b"\xef\xbb\xbf<"))
            else "text/calendar"
            if head.startswith(b"begin:vcal")
            else "text/plain"
        )
    return Page(url, url, "try", "news", 200, datetime.now(UTC), None, None, guessed, body)


def _site(reader: Reader, pages: list[Page], kind: str, lang: str | None, today: date) -> Document:
    chosen = kind if kind != "auto" else guess_kind(pages[0])
    if chosen == "company":
        return reader.read_company([replace(page, kind="company") for page in pages])
    if chosen == "event":
        return reader.read_events([replace(page, kind="event") for page in pages], today=today)
    if chosen == "text":
        return reader.read_text(pages[0].body.decode("utf-8", "replace"), pages[0].url, lang)
    return reader.read_article(pages[0])


def _print(file: str | None, document: Document, as_json: bool) -> None:
    if as_json:
        found = to_json(document)
        order = ("url", "kind", "title", "published", "language", "text", "people", "events", "company", "warnings")
        line = {"url": found["url"], "file": file, **{key: found[key] for key in order[1:]}}
        click.echo(json_line(line))
        return
    click.echo(f"{document.kind}: {one_line(document.title or document.url)}")
    for m in document.people:
        former = " (former)" if m.former else ""
        click.echo(one_line(f"  {m.person}, {m.role or '-'}, {m.company} [{m.trigger}]{former}: {m.evidence[:160]}"))
    for event in document.events:
        people = ", ".join(p.name for p in event.people)
        click.echo(one_line(f"  {event.start or '-'} {event.title}, {event.place or '-'} {people}"))
    if document.company:
        c = document.company
        click.echo(
            one_line(f"  {c.company}, {c.street}, {c.postcode} {c.town}, {', '.join(c.phones)} {', '.join(c.emails)}")
        )
        for person in c.people:
            click.echo(one_line(f"    {person.name}, {person.role or '-'}"))
    for warning in document.warnings:
        click.echo(f"  ! {one_line(warning)}", err=True)
