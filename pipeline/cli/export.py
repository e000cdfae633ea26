"""`opener export`: a call list as a file or on standard output."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.context import pass_context
from pipeline.errors import OpenerError
from pipeline.lists.export import ExportReport, ListName, columns_of, give_back, ledger_rows, written
from pipeline.lists.export import export as write_list
from pipeline.lists.files import checked_ending, list_bytes
from pipeline.lists.presets import preset_names
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish_if_small
from pipeline.whole_files import write_whole


@click.command()
@click.option(
    "--list",
    "which",
    type=click.Choice(["fresh", "callbacks", "today", "exhausted", "events"]),
    default="fresh",
    show_default=True,
    help="today: the callbacks that are due and fresh people, as one list.",
)
@click.option("--preset", type=click.Choice(preset_names()), help="Column set.  [default: default]")
@click.option("--limit", type=click.IntRange(1), help="Rows; else the number for a day, from the plan or the settings.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File (.csv .xlsx .parquet .vcf); else CSV on standard output.",
)
@click.option("--again", metavar="EXPORT_ID", help="Write a list of the ledger again, as it was handed out.")
@click.option(
    "--return", "returned", metavar="EXPORT_ID", help="Give the uncalled rows of an export back; they are fresh again."
)
@click.option("--row", "prospects", multiple=True, metavar="PROSPECT_ID", help="With --return: only these people.")
@pass_context
def export(
    settings: Settings, which: ListName, preset: str | None, limit: int | None, out: Path | None, again: str | None,
    returned: str | None, prospects: tuple[str, ...],
) -> None:  # fmt: skip
    """Write a call list; everyone who stands on a fresh list is handed out once.

    A day's list holds as many rows as the plan asks for; callbacks that are due count to it, and
    calling.new_share_min of it are people who were never called.
    """
    now = datetime.now(UTC)
    if which == "events" and out is not None and out.suffix.lower() == ".vcf":
        raise OpenerError(f"{out}: events have no vCards; use .csv, .xlsx or .parquet")
    with working_store(settings.home, create=False) as con:
        if returned:
            returned = returned.strip()
            written(con, returned)
            count = give_back(con, returned, list(prospects) or None, now)
            publish_if_small(con, settings.home)
            click.echo(f"{count} rows given back")
            return
        if again:
            again = again.strip()
            kept_list, kept = written(con, again)
            preset = preset or kept
            report = ExportReport(again, ledger_rows(con, again), columns_of(kept_list))
        else:
            if out is not None:
                checked_ending(out)  # a wrong ending must cost nobody their place on a list
            report = write_list(
                con, settings, which, now=now, out=out, preset=preset or "default", limit=limit, day=True
            )
            publish_if_small(con, settings.home)
            report.settle()
        waiting = 0
        if which == "fresh" and not report.rows:
            waiting = con.execute("SELECT count(*) FROM prospects WHERE state = 'listed'").fetchall()[0][0]
    for note in report.notes:
        click.echo(f"opener: {note}", err=True)
    if waiting:
        click.echo(
            f"opener: nobody new; {waiting} people of earlier lists are not called yet (`opener call`)", err=True
        )
    if out is None:
        sys.stdout.buffer.write(list_bytes(Path("list.csv"), report.columns, report.rows, preset or "default"))
        return
    if again:
        write_whole(out, list_bytes(out, report.columns, report.rows, preset or "default"))
    click.echo(f"{len(report.rows)} rows -> {out} (export {report.export_id})", err=True)
