"""Whom to call today: how many rows, which callbacks are due, how many people must be new."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import duckdb

from pipeline.contacts import secret
from pipeline.contacts.suppression import suppressed_people
from pipeline.settings import Settings

_EXHAUSTED = (
    "SELECT prospect_id FROM prospects WHERE state = 'exhausted' ORDER BY exhausted_on DESC NULLS LAST, prospect_id"
)
# promised calls first, then who has waited longest; the day counts, not the hour
_DUE = """SELECT prospect_id, next_call IS NOT NULL AS promised FROM prospects
    WHERE state = 'working' AND due_at < ? ORDER BY promised DESC, due_at, score DESC, prospect_id"""
_FRESH = "SELECT prospect_id, score FROM prospects WHERE state = 'new' AND (attempts = 0) = ? ORDER BY score DESC, prospect_id LIMIT ?"


@dataclass
class Choice:
    """Who stands on a list, in order, and what the user should know about it."""

    ids: list[str]
    notes: list[str] = field(default_factory=list)


def _allowed(con: duckdb.DuckDBPyConnection, settings: Settings, ids: list[str]) -> list[str]:
    """Leave out who was put on the do-not-call list since the last scoring."""
    barred = suppressed_people(con, secret.load(settings.home), settings.territory.country, ids)
    return [one for one in ids if one not in barred]


def exhausted(con: duckdb.DuckDBPyConnection, settings: Settings, limit: int | None) -> Choice:
    """Return who was given up, the latest first."""
    ids = _allowed(con, settings, [row[0] for row in con.execute(_EXHAUSTED).fetchall()])
    return Choice(ids[:limit])


def due(con: duckdb.DuckDBPyConnection, settings: Settings, now: datetime, limit: int | None, rows: int) -> Choice:
    """Return the people being worked on who are due by the end of today (local).

    A promised call is always among them. Others, who were not reached so far, come as long as the share of
    never-called people in a day of `rows` allows; the rest stays due. An explicit `limit` counts instead.
    """
    tomorrow = datetime.combine(now.astimezone(settings.zone).date() + timedelta(days=1), time(), settings.zone)
    found = con.execute(_DUE, [tomorrow]).fetchall()
    room = limit if limit is not None else max(called_room(rows, settings), sum(promised for _, promised in found))
    ids: list[str] = []
    for start in range(0, len(found), 1000):
        ids += _allowed(con, settings, [one for one, _ in found[start : start + 1000]])
        if len(ids) >= room:
            break
    notes = []
    if limit is None and len(found) > room:
        notes.append(
            f"{len(found) - room} more are due and wait: {settings.calling.new_share_min:.0%} of a day is for new people"
        )
    return Choice(ids[:room], notes)


def called_room(rows: int, settings: Settings) -> int:
    """Return how many of `rows` may have been called before, so that `calling.new_share_min` of them are new."""
    return math.floor(rows * (1 - settings.calling.new_share_min) + 1e-9)


def fresh(con: duckdb.DuckDBPyConnection, settings: Settings, limit: int | None, waiting: int = 0) -> Choice:
    """Return never-called people by score, mixed with reopened ones as far as the share of new people allows.

    `waiting` is how many who were called before stand on the same day's list already.
    """
    most = limit if limit is not None else 2_000_000_000
    new = _taken(con, settings, True, most)
    back = _taken(con, settings, False, most)
    share = settings.calling.new_share_min
    total = min(most, len(new) + len(back))
    room = min(len(back), called_room(total + waiting, settings) - waiting)
    if share > 0:
        room = min(room, math.floor(len(new) * (1 - share) / share + 1e-9) - waiting)
    room = max(room, 0)
    kept = sorted([*new[: most - room], *back[:room]], key=lambda row: (-row[1], row[0]))
    notes = []
    if len(back) > room and len(kept) < most:
        notes.append(f"{len(back) - room} reopened people wait until there are more new ones (calling.new_share_min)")
    return Choice([one for one, _ in kept], notes)


def _taken(con: duckdb.DuckDBPyConnection, settings: Settings, never_called: bool, most: int) -> list[tuple[str, int]]:
    """Return up to `most` people (id, score) who are not barred; asks for some more to make up for barred ones."""
    asked = most + 20
    while True:
        found = con.execute(_FRESH, [never_called, asked]).fetchall()
        allowed = set(_allowed(con, settings, [one for one, _ in found]))
        kept = [(str(one), int(score)) for one, score in found if one in allowed]
        if len(kept) >= most or len(found) < asked:
            return kept[:most]
        asked *= 2
