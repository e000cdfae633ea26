"""`opener sql`: read-only questions to the published snapshot."""

from __future__ import annotations

import csv
import json
import sys
import threading
from pathlib import Path

import click
import duckdb
from rich.table import Table

from pipeline.cli.context import console, one_line, pass_context
from pipeline.errors import OpenerError
from pipeline.lists.files import harmless
from pipeline.settings import Settings

MEMORY = "2GB"


def open_snapshot(home: Path) -> duckdb.DuckDBPyConnection:
    """Open the snapshot so that a statement can read it and nothing else. Raises OpenerError when there is none."""
    path = home / "leads.duckdb"
    if not path.exists():
        raise OpenerError(f"{path}: nothing published yet; run `opener nightly` first")
    try:
        con = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise OpenerError(
            f"{path}: cannot be read: {str(error).splitlines()[0]}; run `opener nightly` again"
        ) from error
    con.execute(f"SET memory_limit = '{MEMORY}'")
    con.execute("SET temp_directory = ''")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


@click.command()
@click.argument("statement")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@click.option(
    "--seconds", type=click.IntRange(1, 3600), default=60, show_default=True, help="Time limit of the statement."
)
@pass_context
def sql(settings: Settings, statement: str, form: str, as_json: bool, seconds: int) -> None:
    """Ask the snapshot with SQL: tables new_prospects, exhausted_contacts, lead_sources, mentions, events, ..."""
    con = open_snapshot(settings.home)
    timer = threading.Timer(seconds, con.interrupt)
    timer.start()
    try:
        cursor = con.execute(statement)
        names = [item[0] for item in cursor.description or ()]
        rows = cursor.fetchall()
    except duckdb.InterruptException as error:
        raise OpenerError(f"stopped after {seconds} s; narrow the statement or raise --seconds") from error
    except duckdb.Error as error:
        raise OpenerError(f"SQL: {one_line(str(error))[:400]}") from error
    finally:
        timer.cancel()
        con.close()
    if as_json or form == "json":
        for row in rows:
            click.echo(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows([v if isinstance(v, (int, float)) else harmless(v) for v in row] for row in rows)
    else:
        table = Table()
        for name in names:
            table.add_column(one_line(name), overflow="fold")
        for row in rows[:1000]:
            table.add_row(*("" if v is None else one_line(str(v)).replace("[", r"\[") for v in row))
        console().print(table)
        if len(rows) > 1000:
            click.echo(f"{len(rows)} rows, the first 1000 shown; --format csv gives all", err=True)
