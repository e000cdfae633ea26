"""`opener review`: the seven questions, answered from the published call log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pipeline.cli.context import console, one_line, pass_context
from pipeline.cli.sql import open_log
from pipeline.review.period import period
from pipeline.review.questions import Answer, Review, ask
from pipeline.review.words import day_range, say
from pipeline.settings import Settings

SHOWN = 12  # rows of a table on the screen; --json has all


class Day(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A day as 2026-11-24."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r}: write a day like 2026-11-24", param, ctx)


def period_options(function: Any) -> Any:
    """Add --from, --to, --period and --days, for every command that looks at a period."""
    for option in (
        click.option("--days", type=click.IntRange(1, 36500), help="The last so many days [default: 30]."),
        click.option("--period", "span", type=click.Choice(["week", "month", "quarter", "year"]), help="The current one, or the one of --to."),
        click.option("--to", "last", type=Day(), help="Last day [default: today]."),
        click.option("--from", "first", type=Day(), help="First day."),
    ):  # fmt: skip
        function = option(function)
    return function


@click.command()
@period_options
@click.option("--question", "only", type=click.IntRange(1, 7), help="Only this question.")
@click.option("--json", "as_json", is_flag=True, help="All rows, the answers and their SQL as one JSON object.")
@click.option("--sql", "show_sql", is_flag=True, help="Print the SQL behind the answers; `opener sql` runs it.")
@pass_context
def review(
    settings: Settings,
    first: date | None,
    last: date | None,
    span: Any,
    days: int | None,
    only: int | None,
    as_json: bool,
    show_sql: bool,
) -> None:
    """Answer the seven questions: dials, phone time, sources, attempts, new people, wasted calls, goals."""
    today = datetime.now(UTC).astimezone(settings.zone).date()
    when = period(today, first, last, span, days)
    con = open_log(settings.home)
    try:
        found = ask(con, settings, when, only)
    finally:
        con.close()
    if as_json:
        click.echo(json.dumps(as_record(found), ensure_ascii=False, default=str))
    elif show_sql:
        click.echo("\n\n".join(answer.sql + ";" for answer in found.answers.values()))
    else:
        _show(console(), found)


def as_record(found: Review) -> dict[str, object]:
    """Return the review as JSON-ready values; days as text, decimals as text."""
    return {
        "from": found.period.first,
        "to": found.period.last,
        "ratios": [
            {"step": s.step, "value": s.value, "low": s.low, "high": s.high, "own": s.own, "source": s.source}
            for s in found.plan.steps
        ],
        "questions": [
            {
                "number": answer.number, "name": name, "question": answer.question, "answer": say(name, found),
                "rows": answer.rows, "sql": answer.sql,
            }
            for name, answer in found.answers.items()
        ],
    }  # fmt: skip


def _show(screen: Console, found: Review) -> None:
    screen.print(f"[bold]{day_range(found.period.first, found.period.last)}[/bold]")
    for name, answer in found.answers.items():
        screen.print(f"\n[bold]{answer.number}  {answer.question}[/bold]")
        screen.print(one_line(say(name, found)).replace("[", r"\["))
        if any(isinstance(v, int) and v for row in answer.rows for v in row.values()):
            screen.print(answer_table(answer))
    screen.print("\nThe SQL behind each answer: --sql; every row: --json")


def answer_table(answer: Answer) -> Table:
    """Return the rows as a table for a screen; of a long one the newest days or the first rows."""
    rows: Sequence[dict[str, Any]] = answer.rows
    columns = [column for column in answer.columns if column not in _LEFT_OUT]
    if answer.name == "goals":
        columns = list(_GOAL_COLUMNS)
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        text = column == "title"
        table.add_column(
            _HEADS.get(column, column.replace("_", " ")), justify="left" if column in ("title", "day", "span") else "right",
            no_wrap=not text, min_width=14 if text else None, overflow="fold",
        )  # fmt: skip
    kept = rows[-SHOWN:] if "day" in columns else rows[:SHOWN]
    for row in kept:
        table.add_row(*(_cell(row[column]) for column in columns))
    if len(rows) > SHOWN:
        table.caption = f"{SHOWN} of {len(rows)} rows"
    return table


_LEFT_OUT = ("source", "appointments_per_dial_low", "appointments_per_dial_high")
_GOAL_COLUMNS = (
    "span", "workdays", "dials", "dials_needed", "dials_gap", "conversations_gap", "appointments_gap", "sales_gap",
)  # fmt: skip
_HEADS = {
    "conversations": "convers.", "appointments": "appoint.", "phone_minutes": "minutes", "without_minutes": "untimed",
    "reserved_minutes": "reserved", "kept_minutes": "kept", "dials_reserved": "inside", "small_sample": "small?",
    "successes_so_far_percent": "so far %", "never_reached": "never reached", "new_people": "new people", "workday": "work",
    "dials_needed": "needed", "dials_gap": "gap", "conversations_gap": "conv. gap", "appointments_gap": "app. gap",
    "sales_gap": "sales gap",
}  # fmt: skip


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return one_line(str(value)).replace("[", r"\[")
