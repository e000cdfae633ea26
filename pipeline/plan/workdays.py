"""Workdays and reserved calling time, as the settings draw them; the rows that the SQL of review and plan reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.settings import Settings, holidays_between, parse_block

Reserved = tuple[int, time, time]  # ISO weekday (Monday 1), start, end


def reserved_blocks(blocks: Iterable[str]) -> list[Reserved]:
    """Return the blocks of `calling.blocks` per ISO weekday, in order; blocks that overlap are one."""
    single = sorted((day + 1, start, end) for days, start, end in map(parse_block, blocks) for day in days)
    merged: list[Reserved] = []
    for weekday, start, end in single:
        if merged and merged[-1][0] == weekday and start <= merged[-1][2]:
            merged[-1] = (weekday, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((weekday, start, end))
    return merged


def weekdays(settings: Settings) -> list[int]:
    """Return the ISO weekdays that are called on: those with reserved time, Monday to Friday when none is reserved."""
    return sorted({weekday for weekday, _, _ in reserved_blocks(settings.calling.blocks)}) or [1, 2, 3, 4, 5]


def holidays(settings: Settings, first: date, last: date) -> list[date]:
    """Return the days off between two days, both included."""
    return holidays_between(settings.goals.holidays, first, last)


def workdays(settings: Settings, first: date, last: date) -> list[date]:
    """Return the days from `first` to `last` that are called on: a weekday of `weekdays` that is no holiday."""
    off, on = set(holidays(settings, first, last)), set(weekdays(settings))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.isoweekday() in on and day not in off]


def next_workday(settings: Settings, day: date) -> date | None:
    """Return `day` if it is a workday, else the next one; None when there is none within a year."""
    found = workdays(settings, day, day + timedelta(days=366))
    return found[0] if found else None


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local day (midnight, or what a clock change leaves of it)."""
    return datetime.combine(day, time.min, zone)


def reserved_minutes(settings: Settings, day: date) -> int:
    """Return the reserved minutes of a workday as they pass on the clock, clock changes counted; 0 on a day off."""
    if not workdays(settings, day, day):
        return 0
    total = 0.0
    for weekday, start, end in reserved_blocks(settings.calling.blocks):
        if weekday == day.isoweekday():
            starts, ends = (datetime.combine(day, t, settings.zone).timestamp() for t in (start, end))
            total += max(0.0, ends - starts) / 60
    return int(total)
