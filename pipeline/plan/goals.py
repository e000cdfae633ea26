"""The year's goal broken down: how many dials, conversations and appointments a day it takes, and what the day holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb

from pipeline.plan.ratios import Log, Ratio, by_step, combined, minutes_per_dial, ratios, read_log
from pipeline.plan.workdays import next_workday, reserved_minutes, workdays
from pipeline.settings import Settings

LONGEST_LIST = 10_000  # rows; the upper limit of calling.daily_list


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers for one day. Counts are whole; `dials_low` and `dials_high` bound `dials_a_day` with 90 %.

    `sales_goal` is None without a goal. `dials_a_day` spreads the whole year over its workdays, `dials_today` what is
    still missing over the workdays that are left. `fits` is how many dials the reserved time of `day` holds.
    """

    day: date
    steps: tuple[Ratio, ...]
    minutes: Ratio
    log: Log
    sales_goal: int | None
    sales_done: int
    workdays: int
    workdays_left: int
    sales_per_dial: float
    sales_per_dial_low: float
    sales_per_dial_high: float
    dials_a_day: int | None
    dials_low: int | None
    dials_high: int | None
    dials_today: int | None
    reserved: int
    fits: int


def sales_goal(settings: Settings) -> int | None:
    """Return how many sales the year needs: `goals.year` by `goals.average_sale`, rounded up; None without the two."""
    goals = settings.goals
    if not goals.year or not goals.average_sale:
        return None
    return -(-goals.year // goals.average_sale)


def plan(settings: Settings, con: duckdb.DuckDBPyConnection, day: date) -> Plan:
    """Derive the numbers for `day` (local) from goal, calendar and log; `con` is the snapshot or the working store."""
    log = read_log(con, day)
    steps = tuple(ratios(log))
    minutes = minutes_per_dial(log)
    per_dial, low, high = combined(steps)
    year = (date(day.year, 1, 1), date(day.year, 12, 31))
    calendar, left = workdays(settings, *year), workdays(settings, day, year[1])
    share = min(1.0, settings.goals.workdays / len(calendar)) if calendar else 0.0
    worked = max(1, round(len(calendar) * share))
    worked_left = max(1, round(len(left) * share))
    goal, done = sales_goal(settings), _sales_done(con, year[0], day)
    reserved = reserved_minutes(settings, day)
    a_day = today = a_day_low = a_day_high = None
    if goal is not None:
        a_day, a_day_low, a_day_high = (_up(goal / rate / worked) for rate in (per_dial, high, low))
        today = _up(max(0, goal - done) / per_dial / worked_left)
    return Plan(
        day, steps, minutes, log, goal, done, worked, worked_left, per_dial, low, high, a_day, a_day_low, a_day_high,
        today, reserved, int(reserved / minutes.value),
    )  # fmt: skip


def daily_target(settings: Settings, connection: duckdb.DuckDBPyConnection, *, now: datetime | None = None) -> int:
    """Return how many rows the list of the day needs: one for each dial that the goal still asks of the day.

    Never more than the reserved calling time holds; on a day off the next workday counts. Without a goal it is
    `calling.daily_list`.
    """
    today = (now or datetime.now(UTC)).astimezone(settings.zone).date()
    day = next_workday(settings, today)
    if day is None or sales_goal(settings) is None:
        return settings.calling.daily_list
    wanted = plan(settings, connection, day)
    needed = wanted.dials_today or 0
    if wanted.reserved:
        needed = min(needed, wanted.fits)
    return max(1, min(needed, LONGEST_LIST))


def needed(plan_: Plan, sales: float) -> tuple[int, int, int]:
    """Return the appointments, conversations and dials that so many sales take."""
    step = by_step(plan_.steps)
    appointments = sales / step["sales_per_appointment"].value
    conversations = appointments / step["appointments_per_conversation"].value
    return _up(appointments), _up(conversations), _up(conversations / step["conversations_per_dial"].value)


def _sales_done(con: duckdb.DuckDBPyConnection, first: date, day: date) -> int:
    views = con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = 'call_log'").fetchall()
    log = "call_log" if views else "calls"
    query = f"SELECT count(*) FROM {log} WHERE outcome = 'sale' AND local_day >= ? AND local_day < ?"  # noqa: S608
    return int(con.execute(query, [first, day]).fetchall()[0][0])


def _up(value: float) -> int:
    return math.ceil(value - 1e-9)
