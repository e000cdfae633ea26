"""`opener report`: the answers with plots as one HTML file."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.context import pass_context
from pipeline.cli.review import period_options
from pipeline.cli.sql import open_log
from pipeline.report.page import page
from pipeline.report.weights import weights_section
from pipeline.review.period import period
from pipeline.review.questions import ask
from pipeline.scoring.learned_weights import load
from pipeline.settings import Settings
from pipeline.whole_files import write_whole

DEFAULT_DAYS = 90


@click.command()
@period_options
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File; - is standard output [default: report-DATE.html in exports.folder].",
)  # fmt: skip
@pass_context
def report(
    settings: Settings, first: date | None, last: date | None, span: Any, days: int | None, out: Path | None
) -> None:
    """Write one HTML page with the seven answers and their plots; without options of the last 90 days."""
    now = datetime.now(UTC).astimezone(settings.zone)
    if first is None and span is None and days is None:
        days = DEFAULT_DAYS
    when = period(now.date(), first, last, span, days)
    con = open_log(settings.home)
    try:
        learned = weights_section(load(settings.home))
        made = page(ask(con, settings, when), made_at=now, extra=[learned] if learned is not None else [])
    finally:
        con.close()
    if out is not None and str(out) == "-":
        sys.stdout.buffer.write(made)
        return
    target = out or settings.exports.folder / f"report-{now.date()}.html"
    write_whole(target, made)
    click.echo(f"report -> {target}", err=True)
