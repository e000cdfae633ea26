"""`opener import`: contacts, calls and do-not-call lists from any CRM file."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from pipeline.cli.context import json_line, pass_context
from pipeline.contacts import secret
from pipeline.contacts.importing import ImportReport, import_file
from pipeline.dispositions.call_import import KINDS
from pipeline.errors import OpenerError
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish_if_small


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(list(KINDS)), required=True, help="What the file holds.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=HEADER",
    help="Name a column by hand, e.g. last_name=Familie.",
)
@click.option("--dry-run", is_flag=True, help="Show the mapping and the figures, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@pass_context
def import_(settings: Settings, file: Path, kind: str, columns: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Import contacts, calls or a do-not-call list (CSV, XLSX, Parquet) from any CRM or dialer.

    Columns, encoding, delimiter and date format are found; what was taken for what is shown and stored. Rows
    that cannot be taken are written to FILE.rejected.csv with the reason. Importing a file again changes nothing.
    """
    chosen: dict[str, str] = {}
    for column in columns:
        name, mark, header = column.partition("=")
        if not mark:
            raise OpenerError(f"--column {column!r}: write FIELD=HEADER")
        chosen[name.strip()] = header.strip()
    with working_store(settings.home) as con:
        report = import_file(
            con, file, kind, secret=secret.load(settings.home), now=datetime.now(UTC), country=settings.territory.country,
            time_zone=settings.timezone, columns=chosen, dry_run=dry_run, kinds=KINDS,
        )  # fmt: skip
        if kind == "calls" and report.new and not dry_run:
            _judge_called(con, settings, report.import_id)
    if as_json:
        click.echo(json_line(dataclasses.asdict(report)))
        return
    _show(report, dry_run)


def _judge_called(con: duckdb.DuckDBPyConnection, settings: Settings, import_id: str) -> None:
    """Score the people anew whose calls came in, and publish."""
    people = [
        row[0]
        for row in con.execute("SELECT DISTINCT person_id FROM calls WHERE import_id = ?", [import_id]).fetchall()
    ]
    score(con, settings, now=datetime.now(UTC), people=people)
    publish_if_small(con, settings.home)


def _show(report: ImportReport, dry_run: bool) -> None:
    how = f"{report.encoding}" + (f", delimiter {report.delimiter!r}" if report.delimiter else "")
    click.echo(f"{report.file_name}: {report.rows:,} rows ({report.system}, {how})")
    for name, headers in report.mapping.items():
        click.echo(f"  {name:<16} <- {', '.join(headers)}")
    if report.ignored:
        click.echo(f"  not used: {', '.join(h or '(no name)' for h in report.ignored)}")
    if report.already:
        click.echo("this file was imported before; nothing changed")
        return
    verb = "would be taken" if dry_run else "taken"
    click.echo(f"{report.accepted:,} rows {verb} ({report.new:,} new), {report.rejected:,} rejected")
    for reason, count in sorted(report.reasons.items(), key=lambda item: -item[1])[:8]:
        click.echo(f"  {count:,} x {reason}")
    if report.reject_file:
        click.echo(f"rejected rows with reasons -> {report.reject_file}")
