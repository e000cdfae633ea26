"""`opener plan`: the year's goal broken down to today, and the reserved calling time as a calendar file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from pipeline.cli.context import console, pass_context
from pipeline.cli.review import Day, answer_table
from pipeline.cli.sql import open_log
from pipeline.errors import OpenerError
from pipeline.plan.calendar_file import calling_calendar
from pipeline.plan.goals import Plan
from pipeline.plan.ratios import ENOUGH_SUCCESSES, ENOUGH_TRIALS, Ratio
from pipeline.plan.workdays import next_workday, workdays
from pipeline.review.period import Period
from pipeline.review.questions import Review, ask
from pipeline.review.words import number, say
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish
from pipeline.whole_files import write_whole


@contextmanager
def snapshot_or_empty(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the snapshot, or an empty one where nothing was published yet: a plan can be made before the first night."""
    with tempfile.TemporaryDirectory() as folder:
        if not (home / "leads.duckdb").exists():
            home = Path(folder)
            with working_store(home) as con:
                publish(con, home)
        con = open_log(home)
        try:
            yield con
        finally:
            con.close()


@click.command()
@click.option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the reserved calling blocks to this .ics file.",
)
@click.option("--until", type=Day(), help="Last day of the calendar [default: end of the year, at least 90 days].")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@pass_context
def plan(settings: Settings, ics: Path | None, until: date | None, as_json: bool) -> None:
    """Say what the goal asks of today: dials, conversations, appointments, from own or published ratios."""
    now = datetime.now(UTC)
    today = now.astimezone(settings.zone).date()
    day = next_workday(settings, today) or today
    with snapshot_or_empty(settings.home) as con:
        found = ask(con, settings, Period(day, day), 7)
    if ics is not None:
        _write_calendar(settings, found.plan, ics, today, until, now)
    if as_json:
        spans = found.rows("goals")
        click.echo(json.dumps({**asdict(found.plan), "spans": spans}, ensure_ascii=False, default=str))
        return
    _show(console(), settings, found)
    if ics is not None:
        click.echo(f"calling blocks -> {ics}", err=True)


def _write_calendar(settings: Settings, found: Plan, ics: Path, today: date, until: date | None, now: datetime) -> None:
    last = until or max(date(today.year, 12, 31), date.fromordinal(today.toordinal() + 90))
    if last < today:
        raise OpenerError(f"--until {last} is before today ({today}); choose a later day")
    if not workdays(settings, today, last) or not settings.calling.blocks:
        raise OpenerError(f"no calling block lies between {today} and {last}; write calling.blocks in opener.yml")
    summary = "Calls: new people first"
    note = f"Reserved for calls. About {number(found.minutes.value, 1)} minutes a dial."
    if found.dials_a_day is not None:
        note += f" The goal asks for {number(found.dials_a_day)} dials a workday."
    write_whole(ics, calling_calendar(settings, today, last, now=now, summary=summary, note=note))


def _show(screen: Console, settings: Settings, found: Review) -> None:
    made = found.plan
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("step", "ratio", "90 % interval", "from"):
        table.add_column(name, no_wrap=name != "from", overflow="fold")
    for step in (*made.steps, made.minutes):
        table.add_row(*_step(step))
    screen.print(table)
    screen.print(
        f"A step is your own from {ENOUGH_TRIALS} trials and {ENOUGH_SUCCESSES} successes in the last year on (interval: Wilson);"
        " until then it is published, and its range is that of the sources (data/ratios.yml)."
    )
    per_sale = [1 / rate for rate in (made.sales_per_dial, made.sales_per_dial_high, made.sales_per_dial_low)]
    screen.print(
        f"\nOne sale takes {number(per_sale[0])} dials ({number(per_sale[1])} to {number(per_sale[2])}, 90 %)."
    )
    if made.sales_goal is None:
        screen.print("No goal is set: write goals.year and goals.average_sale in opener.yml.")
    else:
        goals = settings.goals
        screen.print(
            f"{number(goals.year)} {goals.currency} a year are {number(made.sales_goal)} sales of {number(goals.average_sale)}: "
            f"{number(made.dials_a_day or 0)} dials a workday ({number(made.dials_low or 0)} to {number(made.dials_high or 0)}) on "
            f"{made.workdays} workdays."
        )
        screen.print(answer_table(found.answers["goals"]))
        screen.print(say("goals", found))
    _show_time(screen, settings, made)


def _show_time(screen: Console, settings: Settings, made: Plan) -> None:
    blocks = ", ".join(settings.calling.blocks) or "none"
    screen.print(
        f"\n{made.day:%A} {made.day}: {made.reserved} minutes reserved ({blocks}), enough for about {made.fits} dials at "
        f"{number(made.minutes.value, 1)} minutes each."
    )
    wanted = made.dials_today
    if wanted is not None and made.reserved and wanted > made.fits:
        short = round((wanted - made.fits) * made.minutes.value)
        screen.print(
            f"The goal asks for {number(wanted)} dials that day: {number(short)} minutes more than are reserved. Reserve more, win more "
            "per dial, or lower the goal; the list holds what fits."
        )


def _step(step: Ratio) -> tuple[str, str, str, str]:
    name = step.step.replace("_", " ")
    if step.step == "minutes_per_dial":
        span = "" if step.own else f"{step.low:g} to {step.high:g}"
        return name, number(step.value, 2), span, ("" if step.own else "published: ") + step.source
    span = f"{100 * step.low:.1f} to {100 * step.high:.1f} %"
    origin = step.source if step.own else f"published: {step.source} (own: {step.successes} of {step.trials})"
    return name, f"{100 * step.value:.1f} %", span, origin
