"""Walking today's list on a terminal: who, why now, what to say; one line logs what happened."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import click
import duckdb
from rich.markup import escape
from rich.panel import Panel

from pipeline.cli.call_entry import log_and_judge, said
from pipeline.cli.context import console, one_line
from pipeline.dispositions.log import Dial, undo_last
from pipeline.dispositions.next_time import next_time
from pipeline.dispositions.outcomes import dispositions
from pipeline.lists.export import choose, export, source_titles
from pipeline.lists.rows import call_row, details
from pipeline.scoring.scoring import score
from pipeline.settings import Outcome, Settings
from pipeline.store.decisions import keep

_MINUTES = re.compile(r"\b(\d{1,3}(?:[.,]\d)?)\s*(?:min|m|minuten|minutes)\b", re.I)


def todays_people(con: duckdb.DuckDBPyConnection, settings: Settings, now: datetime) -> list[str]:
    """Return whom to call today, in order: callbacks due, lists handed out and not called yet, then fresh people.

    Fresh people are handed out by this, so that no list names them again.
    """
    con.execute("SET TimeZone = ?", [settings.timezone])
    waiting = choose(con, settings, "callbacks", now, None, True).ids
    listed = [
        row[0]
        for row in con.execute(
            """SELECT r.prospect_id FROM prospects r JOIN (SELECT person_id, max(exported_at) AS listed_at FROM export_log
                   WHERE returned_at IS NULL AND list IN ('fresh', 'today') GROUP BY person_id) e ON e.person_id = r.prospect_id
               WHERE r.state = 'listed' ORDER BY e.listed_at::DATE DESC, r.score DESC, r.prospect_id"""
        ).fetchall()
    ]
    if not listed:
        listed = [row["prospect_id"] for row in export(con, settings, "fresh", now=now, out=None, day=True).rows]
    return [*waiting, *(one for one in listed if one not in set(waiting))]


def walk(con: duckdb.DuckDBPyConnection, settings: Settings) -> int:
    """Show one person after the other and log what the rep types; returns how many calls were logged."""
    now = datetime.now(UTC)
    people = todays_people(con, settings, now)
    if not people:
        click.echo("nobody to call: no callbacks are due and nobody is new")
        return 0
    titles, screen = source_titles(con), console()
    keys = ", ".join(f"{d.key} {name}" for name, d in dispositions().items())
    click.echo(
        f"{len(people)} people. Type: KEY [when to call again] [5 min] [| note]. Enter skips, u takes back, q ends.\n{keys}"
    )
    logged = at = 0
    while at < len(people):
        now = datetime.now(UTC)
        today = now.astimezone(settings.zone).date()
        row = call_row(details(con, [people[at]])[0], at + 1, settings, titles, today)
        screen.print(_card(con, row, len(people)))
        typed = click.prompt("", default="", show_default=False, prompt_suffix="> ").strip()
        if typed.lower() in ("q", "quit"):
            break
        if typed.lower() in ("u", "undo"):
            if logged:
                person_id, name, outcome, _ = undo_last(con, now)
                score(con, settings, now=now, people=[person_id])
                click.echo(f"undone: {one_line(name)}, {outcome}")
                logged -= 1
                at = people.index(person_id) if person_id in people else at
            else:
                click.echo("nothing was logged in this walk")
            continue
        if typed:
            try:
                dial = read_line(typed, people[at], now, settings)
            except ValueError as error:
                click.echo(str(error))
                continue
            click.echo(said(log_and_judge(con, settings, dial, now)))
            keep(con, settings.home)  # a walk is long: what was typed must outlive a crash at its end
            logged += 1
        at += 1
    click.echo(f"{logged} calls logged")
    return logged


def read_line(typed: str, person_id: str, now: datetime, settings: Settings) -> Dial:
    """Read "c Fr 10:00 5 min | wants an offer". Raises ValueError with the mend."""
    head, _, note = typed.partition("|")
    key, _, rest = head.strip().partition(" ")
    short: dict[str, Outcome] = {d.key: name for name, d in dispositions().items()}
    outcome = short.get(key.lower()) or (key if key in dispositions() else None)
    if outcome is None:
        raise ValueError(
            f"{key!r}: type one of " + ", ".join(f"{d.key} ({name})" for name, d in dispositions().items())
        )
    minutes = _MINUTES.search(rest)
    when = _MINUTES.sub("", rest).strip()
    return Dial(
        person_id, now, outcome, Decimal(minutes[1].replace(",", ".")) if minutes else None, note.strip() or None,
        next_time(when, now, settings.zone) if when else None,
    )  # fmt: skip


def _card(con: duckdb.DuckDBPyConnection, row: dict[str, Any], total: int) -> Panel:
    """Return the card of one person; page text is made harmless."""
    who = " ".join(str(row[name]) for name in ("title", "first_name", "last_name") if row[name])
    lines = [f"[bold]{_safe(who)}[/bold]  {_safe(row['role'])}", _safe(row["company"])]
    lines[1] += f", {_safe(row['town'])}" if row["town"] else ""
    number = (
        f"{row['phone']} ({row['phone_kind']})"
        if row["phone"]
        else "no number yet: " + str(row["website"] or "search it")
    )
    lines.append(f"[bold]{_safe(number)}[/bold]")
    if row["reason"]:
        lines.append(f"why now    {_safe(row['reason'])}")
    if row["opening_line"]:
        lines.append(f"say first  {_safe(row['opening_line'])}")
    if row["evidence"]:
        lines.append(f"[dim]{_safe(row['evidence'])}[/dim]")
    for outcome, called_at, note in con.execute(
        "SELECT outcome, local_time, note FROM call_log WHERE person_id = ? ORDER BY called_at DESC LIMIT 3",
        [row["prospect_id"]],
    ).fetchall():
        lines.append(f"before     {called_at:%d.%m.%Y %H:%M} {outcome}" + (f": {_safe(note)}" if note else ""))
    return Panel("\n".join(lines), title=f"{row['rank']} of {total}, {row['score']} points", title_align="left")


def _safe(value: object) -> str:
    return escape(one_line(str(value or "")))
