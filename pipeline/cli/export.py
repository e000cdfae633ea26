"""`opener export`: a call list as a file or on standard output."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.context import pass_context
from pipeline.contacts.opening import working_store
from pipeline.errors import OpenerError
from pipeline.lists.export import export as write_list
from pipeline.lists.export import give_back
from pipeline.lists.files import csv_bytes
from pipeline.settings import Settings
from pipeline.store.publish import publish


@click.command()
@click.option(
    "--list",
    "which",
    type=click.Choice(["fresh", "exhausted", "callbacks", "events"]),
    default="fresh",
    show_default=True,
)
@click.option("--preset", type=click.Choice(["default", "excel-de"]), default="default", show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Most rows.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File (.csv .xlsx .parquet .vcf); else standard output.",
)
@click.option(
    "--return", "returned", metavar="EXPORT_ID", help="Give the uncalled rows of an export back; they are fresh again."
)
@pass_context
def export(
    settings: Settings, which: str, preset: str, limit: int | None, out: Path | None, returned: str | None
) -> None:
    """Write a call list; everyone who stands on a fresh list is handed out once."""
    now = datetime.now(UTC)
    with working_store(settings.home, create=False) as con:
        if returned:
            if not con.execute("SELECT 1 FROM exports WHERE export_id = ?", [returned]).fetchall():
                raise OpenerError(f"{returned}: no such export; ask `opener sql 'FROM exports'` for them")
            count = give_back(con, returned, None, now)
            con.execute(
                "UPDATE prospects SET state = 'new' WHERE state = 'listed' AND prospect_id IN (SELECT prospect_id FROM export_rows WHERE export_id = ? AND returned_at IS NOT NULL)",
                [returned],
            )
            publish(con, settings.home)
            click.echo(f"{count} rows given back")
            return
        report = write_list(con, settings, which, now=now, out=out, preset=preset, limit=limit)  # type: ignore[arg-type]
        publish(con, settings.home)
    if out is None:
        sys.stdout.buffer.write(csv_bytes(report.columns, report.rows, excel_de=preset == "excel-de"))
    else:
        click.echo(f"{len(report.rows)} rows -> {out} (export {report.export_id})", err=True)
