"""`opener purge`: delete what is older than the retention period."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipeline.cli.context import pass_context
from pipeline.contacts.erased_files import drop_leftovers
from pipeline.home_lock import night_lock
from pipeline.retention import purge as purge_old
from pipeline.settings import Settings
from pipeline.store.compaction import compact
from pipeline.store.opening import working_store
from pipeline.store.publish import publish


@click.command()
@pass_context
def purge(settings: Settings) -> None:
    """Delete raw pages and people older than `retention` in the settings; calls and contacts stay.

    Stores that `opener rebuild` set aside go too: they hold what has expired.
    """
    with night_lock(settings.home), working_store(settings.home, create=False) as con:
        report = purge_old(con, settings, now=datetime.now(UTC))
        publish(con, settings.home)
    with night_lock(settings.home):
        drop_leftovers(settings.home)
        compact(settings.home / "work.duckdb")
    click.echo(f"{report.bodies} page bodies, {report.people} people and {report.mentions} mentions deleted")
