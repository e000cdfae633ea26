"""A call list as a table that people can read on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from pipeline.cli.context import one_line
from pipeline.lists.presets import Row


def list_table(rows: Sequence[Row], most: int = 30) -> Table:
    """Return who, role, company, phone, why now, what to say first, score; page text is made harmless."""
    table = Table(show_lines=True, expand=True)
    for name, width in (
        ("#", 3),
        ("who", 16),
        ("role", 14),
        ("company", 18),
        ("phone", 14),
        ("why now", 20),
        ("say first", 34),
        ("score", 5),
    ):
        table.add_column(name, min_width=min(width, 5), ratio=width, overflow="fold")
    for row in rows[:most]:
        who = " ".join(str(row[k]) for k in ("title", "first_name", "last_name") if row[k])
        cells = [
            str(row["rank"]),
            who,
            row["role"],
            row["company"],
            row["phone"] or "–",
            row["reason"],
            row["opening_line"],
            str(row["score"]),
        ]
        table.add_row(*(one_line(str(cell)).replace("[", r"\[") for cell in cells))
    return table
