"""`opener crawl`, `enrich`, `score`: single stages, each resumable."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from pipeline.cli.context import json_line, pass_context
from pipeline.cli.progress import stage_bars
from pipeline.home_lock import night_lock
from pipeline.nightly import enabled_sources, limits_of, models_of, note_sources, open_run
from pipeline.scoring.scoring import score as score_people
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher
from pipeline.stages.enrichment import enrich as enrich_batches
from pipeline.store.opening import working_store
from spiders.crawl import crawl as crawl_sources


def _say(as_json: bool, facts: dict[str, object], line: str) -> None:
    click.echo(json_line(facts) if as_json else line)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def crawl(settings: Settings, as_json: bool) -> None:
    """Fetch new pages of all enabled sources into page batches; exit 3 when a source failed."""
    sources, errors = enabled_sources(settings)
    for error in errors:
        click.echo(f"opener: {error}", err=True)
    with night_lock(settings.home), working_store(settings.home) as con, stage_bars() as tell:
        run_id = open_run(con, datetime.now(UTC))
        seen: list[str] = []
        reports = crawl_sources(
            sources, home=settings.home, run_id=run_id, limits=limits_of(settings),
            on_progress=lambda r: (seen.append(r.source), tell("crawl", len(seen), len(sources)))[0],  # type: ignore[func-returns-value]
        )  # fmt: skip
        note_sources(con, run_id, reports, sources)
        con.execute("UPDATE runs SET status = 'ok', finished_at = ? WHERE run_id = ?", [datetime.now(UTC), run_id])
    failed = [report for report in reports if report.failed]
    pages = sum(report.fetched for report in reports)
    _say(
        as_json,
        {
            "run": run_id,
            "pages": pages,
            "not_modified": sum(r.not_modified for r in reports),
            "failed": [r.source for r in failed],
        },
        f"{pages} new pages from {len(sources)} sources, {len(failed)} failed",
    )
    for report in failed:
        click.echo(f"opener: source {report.source}: {report.line()}", err=True)
    if failed or errors:
        sys.exit(3)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def enrich(settings: Settings, as_json: bool) -> None:
    """Read people, events and companies out of the page batches that were not read yet."""
    with night_lock(settings.home), working_store(settings.home) as con, stage_bars() as tell:
        done = 0

        def on_pages(n: int) -> None:
            nonlocal done
            done += n
            tell("enrich", done, 0)

        today = datetime.now(settings.zone).date()
        with Enricher(models_of(settings)) as enricher:
            report = enrich_batches(con, settings.home, enricher, today=today, on_pages=on_pages)
    for problem in report.failed:
        click.echo(f"opener: {problem}", err=True)
    _say(
        as_json,
        {"batches": report.batches, "pages": report.pages, "people": report.people, "events": report.events},
        f"{report.pages} pages read: {report.people} mentions of people, {report.events} events, {report.profiles} company profiles",
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def score(settings: Settings, as_json: bool) -> None:
    """Score every prospect and set its state."""
    with night_lock(settings.home), working_store(settings.home) as con:
        states = score_people(con, settings, now=datetime.now(UTC))
    _say(as_json, dict(states), ", ".join(f"{n} {state}" for state, n in states.most_common()) or "nobody known yet")
