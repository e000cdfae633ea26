"""Occurrences of recurring calendar events within a window, bounded in number and time.

`recurring-ical-events` does the arithmetic (EXDATE, RDATE, RECURRENCE-ID, overlapping changes); what it is handed
has been cleaned: known time zones, no rules that repeat within the day or can never match.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import icalendar
import recurring_ical_events

from enrich.events.calendar_lines import Block, Calendar, Property, read_duration, read_stamp

DAYS_BACK, DAYS_AHEAD = 30, 400
MAX_OCCURRENCES = 26  # half a year of a weekly event

Occurrence = tuple[Block, datetime | date, timedelta | None]

_RULE_KEYS = frozenset(
    [
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYDAY",
        "BYMONTHDAY",
        "BYMONTH",
        "BYSETPOS",
        "BYWEEKNO",
        "BYYEARDAY",
        "WKST",
    ]
)


def clean_rule(rule: str) -> str | None:
    """Return a rule that can be expanded in bounded time, None for one that must not be."""
    parts: dict[str, str] = {}
    for piece in rule.upper().replace(" ", "").split(";"):
        key, _, value = piece.partition("=")
        if key in _RULE_KEYS and value:
            parts[key] = value
    if parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        return None
    interval = parts.get("INTERVAL", "1")
    if not interval.isdigit() or not 1 <= int(interval) <= 1000 or not _possible(parts):
        return None
    if "UNTIL" in parts:
        match = re.match(r"(\d{8})(T\d{6})?Z?$", parts["UNTIL"])
        if not match:
            parts.pop("UNTIL")
        parts.pop("COUNT", None)
    if "COUNT" in parts and not parts["COUNT"].isdigit():
        parts.pop("COUNT")
    return ";".join(f"{key}={value}" for key, value in parts.items())


def _possible(parts: dict[str, str]) -> bool:
    """Refuse rules that match no day (30 February) or no position: looking for one would take ages."""
    try:
        days = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
        months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
        positions = [int(position) for position in parts.get("BYSETPOS", "").split(",") if position]
    except ValueError:
        return False
    longest = (
        max((31 if month in (1, 3, 5, 7, 8, 10, 12) else 30 if month != 2 else 29) for month in months)
        if months
        else 31
    )
    if days and min(abs(day) for day in days) > longest:
        return False
    if positions and (parts["FREQ"] in ("DAILY",) or min(abs(position) for position in positions) > 31):
        return False
    return not (days and parts.get("BYDAY") and parts["FREQ"] == "DAILY" and len(months) == 1)


def expand(series: Sequence[Block], calendar: Calendar, today: date) -> list[Occurrence]:
    """Return the occurrences of one UID's blocks in the window, each with the block that describes it.

    A series that began before the window is also returned with its first day. The blocks without RRULE that
    carry RECURRENCE-ID are changes of single occurrences.
    """
    masters = [block for block in series if block.get("RECURRENCE-ID") is None]
    changes = [block for block in series if block.get("RECURRENCE-ID") is not None]
    if not masters:
        return [(block, *span) for block in changes if (span := span_of(block, calendar)) is not None]
    master = max(masters, key=_sequence)
    span = span_of(master, calendar)
    if span is None:
        return []
    start, length = span
    try:
        built = _build(master, changes, calendar, start, length)
    except (ValueError, TypeError, KeyError, OverflowError):
        built = None  # a rule that is none: the first day is still good
    if built is None:
        return [(master, start, length)]
    low, high = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    try:
        found = recurring_ical_events.of(built, skip_bad_series=True).between(low, high)
    except Exception:
        return [(master, start, length)]
    occurrences: list[Occurrence] = []
    for event in sorted(found, key=lambda event: _sort_key(event["DTSTART"].dt))[:MAX_OCCURRENCES]:
        moment = event["DTSTART"].dt
        index = event.get("X-BLOCK")
        block = changes[int(index)] if index is not None and str(index).isdigit() else master
        occurrences.append(
            (block, moment, length if block is master else (span_of(block, calendar) or (None, None))[1])
        )
    if not any(moment == start for _, moment, _ in occurrences) and _sort_key(start).date() < today:
        occurrences.insert(0, (master, start, length))  # the series is known by its first day
    return occurrences


def _sort_key(moment: datetime | date) -> datetime:
    return (
        moment
        if isinstance(moment, datetime) and moment.tzinfo
        else datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    )


def _sequence(block: Block) -> int:
    found = block.get("SEQUENCE")
    return int(found.value) if found and found.value.isdigit() and len(found.value) < 9 else 0


def span_of(block: Block, calendar: Calendar) -> tuple[datetime | date, timedelta | None] | None:
    """Return start and length of a block; None without a usable start."""
    prop = block.get("DTSTART")
    start = read_stamp(prop, calendar) if prop else None
    if start is None or not 1970 <= start.year <= 2100:
        return None
    end_prop, duration = block.get("DTEND"), block.get("DURATION")
    end = read_stamp(end_prop, calendar) if end_prop else None
    if end is not None and isinstance(end, datetime) == isinstance(start, datetime):
        length = end - start
        return start, length if timedelta(0) <= length <= timedelta(days=400) else None
    return start, read_duration(duration.value) if duration else None


def _build(
    master: Block, changes: Sequence[Block], calendar: Calendar, start: datetime | date, length: timedelta | None
) -> icalendar.Calendar | None:
    """Build a clean calendar of one series; None where its rule must not be expanded."""
    rules = [rule for prop in master.all("RRULE")[:3] if (rule := clean_rule(prop.value))]
    extra = [moment for prop in master.all("RDATE")[:50] for moment in _moments(prop, calendar)]
    if not rules and not extra:
        return None
    event = icalendar.Event()
    event.add("UID", "series")
    event.add("DTSTART", start)
    if length:
        event.add("DTEND", start + length)
    for rule in rules:
        event["RRULE"] = icalendar.vRecur.from_ical(_fit_until(rule, start))
    if extra:
        event.add("RDATE", [moment for moment in extra if isinstance(moment, datetime) == isinstance(start, datetime)])
    gone = [moment for prop in master.all("EXDATE")[:400] for moment in _moments(prop, calendar)]
    alike = [_like(moment, start) for moment in gone]
    if alike:
        event.add("EXDATE", alike)
    built = icalendar.Calendar()
    built.add_component(event)
    for number, block in enumerate(changes[:400]):
        identity = block.get("RECURRENCE-ID")
        moment = read_stamp(identity, calendar) if identity else None
        span = span_of(block, calendar)
        if moment is None or span is None:
            continue
        changed = icalendar.Event()
        changed.add("UID", "series")
        changed.add("RECURRENCE-ID", _like(moment, start))
        changed.add("DTSTART", span[0])
        if span[1]:
            changed.add("DTEND", span[0] + span[1])
        changed.add("X-BLOCK", str(number))
        changed.add("SEQUENCE", _sequence(block))
        built.add_component(changed)
    return built


def _fit_until(rule: str, start: datetime | date) -> str:
    """Give UNTIL the kind of value that DTSTART has, as the standard demands and files often do not."""
    match = re.search(r"UNTIL=(\d{8})(T\d{6})?Z?", rule)
    if not match:
        return rule
    wanted = f"UNTIL={match[1]}" + (f"{match[2] or 'T235959'}Z" if isinstance(start, datetime) else "")
    return rule.replace(match.group(), wanted)


def _like(moment: datetime | date, start: datetime | date) -> datetime | date:
    """Bring an exception to the kind of the start: exceptions of timed events are often written as days."""
    if isinstance(start, datetime):
        if not isinstance(moment, datetime):
            return datetime.combine(moment, start.timetz())
        return moment.astimezone(start.tzinfo)
    return moment.date() if isinstance(moment, datetime) else moment


def _moments(prop: Property, calendar: Calendar) -> list[datetime | date]:
    found = []
    for value in prop.value.split(",")[:400]:
        moment = read_stamp(Property(prop.name, prop.params, value.split("/", 1)[0]), calendar)
        if moment is not None:
            found.append(moment)
    return found
