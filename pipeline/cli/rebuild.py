"""`opener rebuild`: the store made anew from pages and decisions."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

import click

from pipeline.cli.context import pass_context
from pipeline.cli.progress import stage_bars
from pipeline.home_lock import night_lock
from pipeline.nightly import models_of
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher
from pipeline.store.opening import working_store
from pipeline.store.publish import publish
from pipeline.store.rebuild import rebuild_store


@click.command()
@click.option("--accept", is_flag=True, help="Take the new store although people with calls are missing in it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def rebuild(settings: Settings, accept: bool, as_json: bool) -> None:
    """Make the store anew from page batches and decisions, and publish it.

    Pages are read again, people are resolved as in the nights before: the same pages and decisions give the same ids
    and lists. Calls, imports, suppressions, judgements and exports are never lost. The old store is kept beside the new
    one until the next rebuild.
    """
    with night_lock(settings.home), stage_bars() as tell:
        with Enricher(models_of(settings)) as enricher:
            report = rebuild_store(settings, enricher, now=datetime.now(UTC), accept=accept, tell=tell)
        with working_store(settings.home) as con:
            publish(con, settings.home)
    for problem in report.failed:
        click.echo(f"opener: {problem}", err=True)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(report), ensure_ascii=False, default=str))
        return
    click.echo(
        f"{report.mentions:,} mentions ({report.mentions_before:,} before), {report.people:,} people "
        f"({report.people_before:,} before; {report.lost_ids:,} ids gone, {report.new_ids:,} new)"
    )
    click.echo(f"the old store is kept as {report.backup}")
