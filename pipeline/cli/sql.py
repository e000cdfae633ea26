"""`opener sql`: read-only questions to the published snapshot."""

from __future__ import annotations

import csv
import os
import resource
import sys
import threading
from pathlib import Path

import click
import duckdb
from rich.table import Table
from rich.text import Text

from pipeline.cli.context import console, json_line, one_line, pass_context
from pipeline.errors import OpenerError
from pipeline.lists.files import harmless
from pipeline.settings import Settings
from pipeline.store.publish import publish_waiting

MEMORY = "2GB"
PROCESS_BYTES = 4_000_000_000  # DuckDB's own memory, and what Python makes of the rows
GRACE_SECONDS = 3  # some functions build a whole value before they look whether they should stop
PORTION = 1000  # rows
SHOWN = 1000  # rows of a table
# SHOW, DESCRIBE and SUMMARIZE are SELECT to the parser; MULTI is PIVOT, which asks twice. All others are refused
# before they run, although the connection would not let most of them do harm.
_QUESTIONS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)


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


def open_log(home: Path) -> duckdb.DuckDBPyConnection:
    """Open the snapshot for questions about the call log, with the newest calls unless another process is writing.

    Raises OpenerError when an older release published it.
    """
    if not publish_waiting(home):
        print("opener: the newest calls are not in these figures yet: another run is writing", file=sys.stderr)
    con = open_snapshot(home)
    known = con.execute(
        "SELECT 1 FROM duckdb_columns() WHERE table_name = 'calls' AND column_name = 'local_day'"
    ).fetchall()
    if not known:
        con.close()
        raise OpenerError(f"{home / 'leads.duckdb'}: published by an older Door Opener; run `opener nightly` first")
    return con


def _listing(con: duckdb.DuckDBPyConnection, table: str | None) -> str:
    """Return the statement that lists the tables, or the columns of one."""
    if table is None:
        return "SELECT table_name, estimated_size AS rows, comment FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
    known = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()]
    if table not in known:
        raise OpenerError(f"{table}: no such table; there are {', '.join(sorted(known))}")
    where = f"table_name = '{table}'"  # one of the known names
    return f"SELECT column_name, data_type, comment FROM duckdb_columns() WHERE {where} ORDER BY column_index"  # noqa: S608


@click.command()
@click.argument("statement", required=False)
@click.option("--tables", is_flag=True, help="List the tables, or with a table's name as STATEMENT its columns.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@click.option(
    "--seconds", type=click.IntRange(1, 3600), default=60, show_default=True, help="Time limit of the statement."
)
@pass_context
def sql(settings: Settings, statement: str | None, tables: bool, form: str, as_json: bool, seconds: int) -> None:
    """Ask the snapshot with SQL: tables new_prospects, exhausted_contacts, lead_sources, mentions, events, ..."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (PROCESS_BYTES, before[1]))
    con = open_snapshot(settings.home)
    if tables:
        statement = _listing(con, statement)
    if not statement:
        raise OpenerError('no statement: write one like "FROM lead_sources", or --tables to see what there is')
    timers = [threading.Timer(seconds, con.interrupt), threading.Timer(seconds + GRACE_SECONDS, _give_up, [seconds])]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        cursor = con.execute(one_question(con, statement))
        names = [item[0] for item in cursor.description or ()]
        _print(cursor, names, "json" if as_json else form)
    except duckdb.InterruptException as error:
        raise OpenerError(_too_slow(seconds)) from error
    except duckdb.Error as error:
        raise OpenerError(f"SQL: {one_line(str(error))[:400]}") from error
    except MemoryError as error:
        raise OpenerError("the answer needs too much memory; narrow the statement or add a LIMIT") from error
    finally:
        for timer in timers:
            timer.cancel()
        con.close()
        resource.setrlimit(resource.RLIMIT_DATA, before)


def one_question(con: duckdb.DuckDBPyConnection, statement: str) -> duckdb.Statement:
    """Return the one question that a text holds. Raises OpenerError for several, none, or what is no question."""
    found = con.extract_statements(statement)
    if len(found) != 1:
        raise OpenerError(f"SQL: {len(found)} statements; ask one question at a time")
    try:
        kind = found[0].type
    except ValueError:  # a kind of statement that DuckDB's own Python interface has no name for
        kind = duckdb.StatementType.INVALID
    if kind not in _QUESTIONS:
        raise OpenerError(f"SQL: {kind.name} is refused, the snapshot is only read; ask with SELECT or FROM")
    return found[0]


def _too_slow(seconds: int) -> str:
    return f"stopped after {seconds} s; narrow the statement or raise --seconds"


def _give_up(seconds: int) -> None:
    """End the process: some functions do not listen to an interrupt."""
    os.write(2, f"opener: {_too_slow(seconds)}\n".encode())
    os._exit(1)


def _print(cursor: duckdb.DuckDBPyConnection, names: list[str], form: str) -> None:
    """Print the rows as they come, so that a large answer needs no memory."""
    if form == "json":
        while rows := cursor.fetchmany(PORTION):
            for row in rows:
                click.echo(json_line(dict(zip(names, row, strict=True))))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        writer.writerow([harmless(name) for name in names])
        while rows := cursor.fetchmany(PORTION):
            writer.writerows([v if isinstance(v, (int, float)) else harmless(v) for v in row] for row in rows)
    else:
        table = Table()
        for name in names:
            table.add_column(Text(one_line(name)), overflow="fold")
        rows = cursor.fetchmany(SHOWN + 1)
        for row in rows[:SHOWN]:
            table.add_row(*(Text("" if v is None else one_line(str(v))) for v in row))
        console().print(table)
        if len(rows) > SHOWN:
            click.echo(f"the first {SHOWN} rows are shown; --format csv gives all", err=True)
