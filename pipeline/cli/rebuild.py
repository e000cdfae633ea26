"""`opener rebuild`: the store made anew from pages and decisions."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

import click

from pipeline.cli.context import one_line, pass_context
from pipeline.cli.progress import stage_bars
from pipeline.home_lock import night_lock
from pipeline.nightly import models_of
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher
from pipeline.store.opening import working_store
from pipeline.store.publish import publish
from pipeline.store.rebuild import RebuildReport, Tell, rebuild_store


@click.command()
@click.option("--accept", is_flag=True, help="Take the new store although people with calls are missing in it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def rebuild(settings: Settings, accept: bool, as_json: bool) -> None:
    """Make the store anew from page batches and decisions, and publish it.

    Pages are read again, people are resolved as in the nights before: the same pages and decisions give the same ids
    and lists. Calls, imports, suppressions, judgements and exports are never lost. The old store is kept beside the new
    one until the next rebuild; a damaged one is set aside, and `decisions/` in home takes its place.
    """
    with stage_bars() as tell:
        report = remade(settings, accept=accept, tell=tell)
    for problem in report.failed:
        click.echo(f"opener: {one_line(problem)}", err=True)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(report), ensure_ascii=False, default=str))
        return
    if report.damage:
        click.echo(said(report))
        return
    click.echo(
        f"{report.mentions:,} mentions ({report.mentions_before:,} before), {report.people:,} people "
        f"({report.people_before:,} before; {report.lost_ids:,} ids gone, {report.new_ids:,} new)"
    )
    click.echo(f"the old store is kept as {report.backup}")


def remade(settings: Settings, *, accept: bool = False, tell: Tell) -> RebuildReport:
    """Make the store of a home anew and publish it. Raises BusyError when another run is active."""
    with night_lock(settings.home):
        with Enricher(models_of(settings)) as enricher:
            report = rebuild_store(settings, enricher, now=datetime.now(UTC), accept=accept, tell=tell)
        with working_store(settings.home) as con:
            publish(con, settings.home)
    return report


def said(report: RebuildReport) -> str:
    """Say in one line what was damaged and what took its place."""
    fault, _, _ = (report.damage or "").partition("; ")
    aside = f"; the damaged file is {report.backup}" if report.backup else ""
    return one_line(
        f"{fault}: made anew from pages and the decisions of {report.decided_at}: {report.mentions:,} mentions, "
        f"{report.people:,} people{aside}"
    )
