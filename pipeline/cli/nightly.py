"""`opener nightly`: all stages, export and publish."""

from __future__ import annotations

import sys

import click

from pipeline.cli.context import fail, json_line, one_line, pass_context
from pipeline.cli.progress import stage_bars
from pipeline.cli.rebuild import remade, said
from pipeline.errors import BusyError, DamagedStore, OpenerError
from pipeline.nightly import CrawlRefused, NightReport
from pipeline.nightly import nightly as run_night
from pipeline.notification import notify
from pipeline.settings import Settings


@click.command()
@click.option("--limit", type=click.IntRange(1), help="Most rows of the call list.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def nightly(settings: Settings, limit: int | None, as_json: bool) -> None:
    """Run all stages, export the fresh list and publish the snapshot.

    A damaged store is set aside and made anew first (see `opener rebuild`).

    Exit code: 0 all well, 3 some sources failed or the time was used up, 4 another run is active, 1 error.
    """
    mended: list[str] = []
    try:
        with stage_bars() as tell:
            try:
                report = run_night(settings, tell=tell, limit=limit)
            except DamagedStore:  # nobody is there at night to do it
                mended.append(said(remade(settings, tell=tell)))
                report = run_night(settings, tell=tell, limit=limit)
    except CrawlRefused as error:
        _tell(settings, "failed", str(error), {"exit_code": 1}, problems=True)
        fail(str(error))
        return
    except BusyError:
        raise
    except OpenerError as error:
        _tell(settings, "failed", str(error), {"exit_code": error.exit_code}, problems=True)
        raise
    if as_json:
        click.echo(json_line(facts(report)))
    else:
        click.echo(summary(report))
    lines = [one_line(line) for line in [*mended, *problems(report)]]
    for line in lines:
        click.echo(f"opener: {line}", err=True)
    odd = bool(mended) or report.exit_code != 0
    state = "with problems" if odd else "ok"
    _tell(settings, state, "\n".join([summary(report), *lines]), facts(report), problems=odd)
    sys.exit(report.exit_code)


def _tell(settings: Settings, state: str, text: str, facts: dict[str, object], *, problems: bool) -> None:
    subject = f"Door Opener night {state}"
    for line in notify(settings.notify, subject=subject, text=text, facts=facts, problems=problems):
        click.echo(f"opener: {one_line(line)}", err=True)


def facts(report: NightReport) -> dict[str, object]:
    """Return the night as JSON-ready facts."""
    return {
        "run": report.run_id, "pages": report.enriched.pages, "people": report.enriched.people,
        "new": len(report.export.rows) if report.export else 0, "states": dict(report.states),
        "duplicates": report.duplicates, "sites_proved": report.proven_sites,
        "list": str(report.list_file) if report.list_file else None, "seconds": report.seconds,
        "failed_sources": {r.source: r.line() for r in report.failed}, "broken_sources": report.broken_sources,
        "stopped": report.stopped, "out_of_time": report.out_of_time,
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
    if report.out_of_time:
        lines.append("the time budget (nightly.budget_minutes) was used up; the rest is done in the next night")
    return [*lines, *report.broken_sources, *report.enriched.failed[:20]]
