"""`opener matches`: uncertain identities, to decide and undo."""

from __future__ import annotations

import dataclasses
import getpass
import sys
from datetime import UTC, datetime
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from pipeline.cli.context import console, json_line, one_line, pass_context
from pipeline.errors import OpenerError
from pipeline.identity.review import Pair, Side, decide, explain, judge, undo, waiting
from pipeline.settings import Settings
from pipeline.store.opening import working_store

FIELDS = ("person", "role", "company", "place", "day", "evidence", "source", "record_id", "person_id")


def _side_by_side(pair: Pair) -> Table:
    table = Table(title=f"{pair.pair_id}  score {pair.score:+.2f}", title_justify="left", show_header=False)
    for name in FIELDS:
        left, right = getattr(pair.left, name), getattr(pair.right, name)
        table.add_row(name, Text(one_line(str(left or "-"))), Text(one_line(str(right or "-"))))
    table.caption = pair.explanation
    return table


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the waiting pairs (or the explanation) as JSON.")
@click.option("--limit", default=20, show_default=True, help="How many pairs to show.")
@click.option("--same", metavar="PAIR", help="Decide: the two are one person.")
@click.option("--not", "different", metavar="PAIR", help="Decide: the two are different people.")
@click.option("--unsure", metavar="PAIR", help="Put a pair aside.")
@click.option(
    "--judge",
    "records",
    nargs=2,
    metavar="ID ID",
    help="Judge any two mentions or contacts (with --verdict).",
)
@click.option("--verdict", type=click.Choice(["same", "not", "unsure"]), help="Verdict for --judge.")
@click.option("--undo", "take_back", is_flag=True, help="Take back the newest decision.")
@click.option(
    "--explain",
    "ids",
    nargs=2,
    metavar="ID ID",
    help="Explain how alike two mentions, contacts or people are.",
)
@click.option("--decide", "ask", is_flag=True, help="Go through the pairs one by one.")
@pass_context
def matches(
    settings: Settings, as_json: bool, limit: int, same: str | None, different: str | None, unsure: str | None,
    records: tuple[str, str] | None, verdict: Any, take_back: bool, ids: tuple[str, str] | None, ask: bool,
) -> None:  # fmt: skip
    """Show pairs that may be one person, side by side, and decide.

    Decisions are kept for ever (also through a rebuild) and can be undone. Without options the waiting pairs
    are listed, the likeliest first.
    """
    now, who = datetime.now(UTC), getpass.getuser()
    with working_store(settings.home, create=False) as con:
        if ids:
            _show_explanation(explain(con, *ids), as_json)
            return
        if take_back:
            taken = undo(con, now=now, by=who)
            if taken is None:
                raise OpenerError("there is no decision to undo")
            click.echo(f"undone: {taken[0]} and {taken[1]} are no longer judged {taken[2]!r}")
            return
        if records:
            if verdict is None:
                raise OpenerError("--judge needs --verdict same, not or unsure")
            judge(con, records[0], records[1], verdict, now=now, by=who)
            click.echo(f"{records[0]} and {records[1]}: {verdict}")
            return
        for pair, decision in ((same, "same"), (different, "not"), (unsure, "unsure")):
            if pair:
                decide(con, pair, decision, now=now, by=who)  # type: ignore[arg-type]
                click.echo(f"{pair}: {decision}")
        if same or different or unsure:
            return
        pairs = waiting(con, limit)
        if as_json:
            click.echo(json_line([dataclasses.asdict(p) for p in pairs]))
            return
        if not pairs:
            click.echo("no uncertain pairs")
            return
        for pair_ in pairs:
            console().print(_side_by_side(pair_))
            if ask and sys.stdin.isatty():
                answer = click.prompt("same / not / unsure / skip / quit", default="skip")
                if answer.startswith("q"):
                    return
                chosen = {"s": "same", "n": "not", "u": "unsure"}.get(answer[:1] if answer != "skip" else "")
                if chosen:
                    decide(con, pair_.pair_id, chosen, now=now, by=who)  # type: ignore[arg-type]
        click.echo("decide with --same PAIR, --not PAIR, --unsure PAIR; take back with --undo")


def _show_explanation(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        plain = {k: dataclasses.asdict(v) if isinstance(v, Side) else v for k, v in found.items()}
        click.echo(json_line(plain))
        return
    pair = Pair("explained", found["score"], "", found["left"], found["right"])
    console().print(_side_by_side(pair))
    click.echo(f"one person: {'yes' if found['same_person'] else 'no'}; judged: {found['judgement'] or 'never'}")
    for part in found["parts"]:
        if abs(part["log_odds"]) >= 0.005:
            click.echo(f"  {part['part']:<22} {part['found']:<46} {part['log_odds']:+.2f}")
    for tie in found["decided"]:
        score = f" at {tie['score']:+.2f}" if tie["score"] is not None else ""
        click.echo(f"  {tie['record_id']}: decided by {tie['by']}{score}; {tie['explanation'] or ''}")
