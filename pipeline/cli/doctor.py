"""`opener doctor`: is everything in place for a night?"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from enrich.nlp import load_pipeline
from pipeline.cli.context import json_line, one_line, pass_context
from pipeline.errors import OpenerError
from pipeline.nightly import enabled_sources
from pipeline.settings import Settings
from pipeline.store.decisions import FOLDER, damaged_files
from pipeline.store.faults import in_words, is_locked

LEAST_FREE = 1_000_000_000  # bytes; a night of thousands of pages fits several times


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def doctor(settings: Settings, as_json: bool) -> None:
    """Check settings, models, store, sources, clock and disk; exit 1 when something must be mended."""
    checks: dict[str, Callable[[Settings], str]] = {
        "settings": _settings, "models": _models, "store": _store, "sources": _sources, "clock": _clock, "disk": _disk,
    }  # fmt: skip
    results = []
    for name, check in checks.items():
        try:
            results.append({"check": name, "ok": True, "detail": check(settings)})
        except (OpenerError, OSError) as error:
            results.append({"check": name, "ok": False, "detail": one_line(str(error))})
    for result in results:
        if as_json:
            click.echo(json_line(result))
        else:
            click.echo(f"{'ok  ' if result['ok'] else 'MEND'} {result['check']:<9} {result['detail']}")
    sys.exit(0 if all(result["ok"] for result in results) else 1)


def _settings(settings: Settings) -> str:
    if settings.crawl.contact is None:
        raise OpenerError("crawl.contact is not set: write `crawl: {contact: mailto:you@your-domain}` in opener.yml")
    return f"home {settings.home}, {settings.timezone}, contact {settings.crawl.contact}"


def _models(settings: Settings) -> str:
    names = []
    for language in settings.languages:
        nlp = load_pipeline(language, getattr(settings.nlp, language))
        names.append(f"{language}: {nlp.meta['name']} {nlp.meta['version']}")
    return ", ".join(names)


def _store(settings: Settings) -> str:
    path = settings.home / "work.duckdb"
    if not path.exists():
        return "none yet; the first night makes it"
    try:
        con = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        if is_locked(error):
            return "in use by a run"
        raise OpenerError(f"{path}: {in_words(error) or str(error).splitlines()[0]}") from error
    with con:
        people = con.execute("SELECT count(*) FROM people").fetchall()[0][0]
    if broken := damaged_files(settings.home):
        folder = settings.home / FOLDER
        raise OpenerError(f"{folder / broken[0]}: damaged; remove {folder}, the next command writes it anew")
    return f"{people} people known, {path.stat().st_size // 1_000_000} MB, DuckDB {duckdb.__version__}"


def _sources(settings: Settings) -> str:
    sources, errors = enabled_sources(settings)
    if errors:
        raise OpenerError(str(errors[0]))
    if not sources:
        raise OpenerError(f"{settings.sources}: no enabled source; add one with `opener sources add URL`")
    return f"{len(sources)} enabled"


def _clock(settings: Settings) -> str:
    now = datetime.now(UTC)
    newest = max((p.stat().st_mtime for p in (settings.home / "pages").glob("*/*.parquet")), default=0.0)
    if newest - now.timestamp() > 300:
        raise OpenerError("the clock is behind the newest page batch; set it, or dates of reasons will be wrong")
    return now.astimezone(settings.zone).isoformat(timespec="seconds")


def _disk(settings: Settings) -> str:
    folder: Path = settings.home
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        raise OpenerError(f"{folder}: not writable; choose another `home` or change its owner")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise OpenerError(f"{folder}: only {free // 1_000_000} MB free; make room or lower retention.pages_days")
    return f"{free // 1_000_000_000} GB free at {folder}"
