"""What the score said of people when they were handed out, against what came of the calls: the examples to learn from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

_SQL = Path(__file__).with_name("examples.sql")
# "reason 34 (appointment, 1 days old); role 24 (executive)" as pipeline.lists.rows.why writes it
_PART = re.compile(r"(?:^|; )([a-z][a-z ]*) (-?\d{1,6}) \((.*?)\)(?=; [a-z][a-z ]* -?\d{1,6} \(|$)", re.DOTALL)
_FACTOR = re.compile(r", learned x(-?\d+\.\d+)$")
CATEGORIES = (
    "reason",
    "role",
    "reachable",
)  # parts whose detail begins with one of a few words that have points of their own


@dataclass(frozen=True, slots=True)
class Example:
    """One person handed out: hand-set points per key ("reason:award", "territory"), and whether an appointment came."""

    points: Mapping[str, float]
    won: bool
    decided_at: datetime


def part_key(name: str, detail: str) -> str:
    """Return the key of a score part: its name, with the category where the part has any. score.sql says the same."""
    return f"{name}:{detail.split(',', maxsplit=1)[0]}" if name in CATEGORIES else name


def read_parts(why: str) -> dict[str, float]:
    """Return the hand-set points per key from the column `why`; learned factors are taken out again.

    The first part of a name counts: later ones could only come out of text of a page.
    """
    found: dict[str, float] = {}
    names: set[str] = set()
    for name, points, detail in _PART.findall(why[:20_000]):
        if name in names:
            continue
        names.add(name)
        factor = _FACTOR.search(detail)
        scale = float(factor.group(1)) if factor else 1.0
        if scale:
            found[part_key(name, _FACTOR.sub("", detail))] = int(points) / scale
    return found


def examples(con: duckdb.DuckDBPyConnection) -> list[Example]:
    """Return the newest decided examples of the working store, oldest first."""
    rows = con.execute(_SQL.read_text("utf-8")).fetchall()
    return [Example(read_parts(why or ""), bool(won), decided_at) for _, why, won, decided_at in reversed(rows)]
