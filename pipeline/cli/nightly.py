"""`opener nightly`: all stages, export and publish."""

from __future__ import annotations

import sys

import click

from pipeline.cli.context import fail, json_line, one_line, pass_context
from pipeline.cli.progress import stage_bars
from pipeline.nightly import CrawlRefused, NightReport
from pipeline.nightly import nightly as run_night
from pipeline.settings import Settings


@click.command()
@click.option("--limit", type=click.IntRange(1), help="Most rows of the call list.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def nightly(settings: Settings, limit: int | None, as_json: bool) -> None:
    """Run all stages, export the fresh list and publish the snapshot.

    Exit code: 0 all well, 3 some sources failed, 4 another run is active, 1 error.
    """
    try:
        with stage_bars() as tell:
            report = run_night(settings, tell=tell, limit=limit)
    except CrawlRefused as error:
        fail(str(error))
        return
    if as_json:
        click.echo(json_line(facts(report)))
    else:
        click.echo(summary(report))
    for line in problems(report):
        click.echo(f"opener: {one_line(line)}", err=True)
    sys.exit(report.exit_code)


def facts(report: NightReport) -> dict[str, object]:
    """Return the night as JSON-ready facts."""
    return {
        "run": report.run_id, "pages": report.enriched.pages, "people": report.enriched.people,
        "new": len(report.export.rows) if report.export else 0, "states": dict(report.states),
        "duplicates": report.duplicates, "sites_proved": report.proven_sites,
        "list": str(report.list_file) if report.list_file else None, "seconds": report.seconds,
        "failed_sources": {r.source: r.line() for r in report.failed}, "broken_sources": report.broken_sources,
        "stopped": report.stopped,
    }  # fmt: skip


def summary(report: NightReport) -> str:
    """Say the night in two lines."""
    states = report.states
    rows = len(report.export.rows) if report.export else 0
    new = f"{rows} new" if rows else "nothing new"
    return (
        f"{report.enriched.pages} pages, {report.enriched.people} mentions, {report.enriched.events} events, "
        f"{report.proven_sites} company sites proved, {report.seconds} s\n"
        f"{new}, {states.get('exhausted', 0)} already exhausted, {states.get('suppressed', 0) + states.get('erased', 0)} suppressed, "
        f"{states.get('customer', 0)} customers, {report.duplicates} duplicates -> {report.list_file}"
    )


def problems(report: NightReport) -> list[str]:
    """Return a line for everything that did not work."""
    lines = [f"source {r.source}: {r.line()}" for r in report.failed]
    return [*lines, *report.broken_sources, *report.enriched.failed[:20]]
