"""`opener resolve`: the stage that decides who is who; loads nothing that only other stages need."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipeline.cli.context import json_line, pass_context
from pipeline.home_lock import night_lock
from pipeline.identity.resolver import resolve as resolve_people
from pipeline.settings import Settings
from pipeline.store.opening import working_store


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def resolve(settings: Settings, as_json: bool) -> None:
    """Decide which mentions and contacts are the same person."""
    with night_lock(settings.home), working_store(settings.home) as con:
        r = resolve_people(con, now=datetime.now(UTC))
    if as_json:
        click.echo(json_line({"new_people": r.new_people, "known_people": r.known_people, "queued": r.queued}))
        return
    click.echo(
        f"{r.new_people} new people, {r.known_people} known again, {r.queued} pairs to decide (`opener matches`)"
    )
