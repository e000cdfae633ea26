"""`opener notices`: duties under Art. 14 GDPR."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO, get_args

import click

from pipeline.cli.context import console, one_line, pass_context
from pipeline.contacts import notices as duties
from pipeline.lists.files import harmless
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish


@click.command()
@click.option("--within", type=click.IntRange(0), metavar="DAYS", help="Only what is due within DAYS, or overdue.")
@click.option("--all", "everybody", is_flag=True, help="Also who has been told.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="CSV file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@click.option("--told", multiple=True, metavar="PERSON_ID", help="Write down that this person has been told.")
@click.option("--how", type=click.Choice(get_args(duties.How)), default="mail", show_default=True)
@pass_context
def notices(
    settings: Settings, within: int | None, everybody: bool, out: Path | None, as_json: bool, told: tuple[str, ...],
    how: duties.How,
) -> None:  # fmt: skip
    """List who must be told that their data came from a page, with source and last day; record who has been told.

    The last day is one month after the data were obtained, or the first call if that is earlier (Art. 14 (3) GDPR).
    """
    now = datetime.now(UTC)
    with working_store(settings.home, create=False) as con:
        if told:
            count = duties.record_told(con, told, how, now=now)
            publish(con, settings.home)
            click.echo(f"{count} people noted as told, {len(set(told)) - count} had been told before")
            return
        found = duties.notices(con)
    if not everybody:
        found = [row for row in found if row["noticed_at"] is None and row["state"] != "erased"]
    if within is not None:
        found = [row for row in found if row["due_at"] <= now + timedelta(days=within)]
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            _write(file, found)
        click.echo(f"{len(found)} people -> {out}", err=True)
    elif as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False, default=_iso))
    elif sys.stdout.isatty():
        _show(found, settings, now)
    else:
        _write(sys.stdout, found)


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _write(file: TextIO, rows: list[dict[str, Any]]) -> None:
    writer = csv.writer(file, lineterminator="\r\n")
    names = ["person_id", "name", "role", "company", "email", "phone", "obtained_at", "source", "source_url",
             "first_call", "due_at", "noticed_at", "how", "state"]  # fmt: skip
    writer.writerow(names)
    writer.writerows(["" if row[n] is None else harmless(_iso(row[n])) for n in names] for row in rows)


def _show(rows: list[dict[str, Any]], settings: Settings, now: datetime) -> None:
    from rich.table import Table  # noqa: PLC0415 - only for terminals

    table = Table("due", "name", "company", "source", "person_id")
    for row in rows[:200]:
        due = row["due_at"].astimezone(settings.zone).date().isoformat() + (" overdue" if row["due_at"] < now else "")
        cells = (due, row["name"], row["company"] or "", row["source"] or "", row["person_id"])
        table.add_row(*(one_line(str(cell)).replace("[", r"\[") for cell in cells))
    console().print(table)
    click.echo(f"{len(rows)} people to be told; -o FILE writes them all")
