"""A call list that people can read on a screen: one block a person, so that no word breaks on a narrow one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from pipeline.cli.context import one_line
from pipeline.lists.presets import Row


def list_table(rows: Sequence[Row], most: int = 30) -> Table:
    """Return who, role, company, phone, why now, what to say first, score of the first rows; page text is made harmless."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="dim")
    table.add_column(max_width=100, overflow="fold")
    table.add_column(justify="right", style="dim")
    for row in rows[:most]:
        who = _text(" ".join(str(row[key]) for key in ("title", "first_name", "last_name") if row[key]), "bold")
        rest = ", ".join(str(row[key]) for key in ("role", "company") if row[key])
        lines = [
            Text.assemble(who, ", ", _text(rest)) if rest else who,
            _text(f"{row['phone'] or 'no phone'} · {row['reason']}", "cyan"),
            _text(row["opening_line"]),
            Text(),
        ]
        table.add_row(str(row["rank"]), Text("\n").join(lines), str(row["score"]))
    return table


def _text(value: object, style: str = "") -> Text:
    return Text(one_line(str(value)), style)
