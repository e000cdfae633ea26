"""The reserved calling blocks as an iCalendar file (RFC 5545) that any calendar program can subscribe to or import."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from enrich.records import content_id
from pipeline.plan.workdays import Reserved, reserved_blocks, workdays
from pipeline.settings import Settings

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calling_calendar(settings: Settings, first: date, last: date, *, now: datetime, summary: str, note: str) -> bytes:
    """Return the calendar of the blocks from `first` to `last` (local days, both included), days off left out.

    One weekly event a block; UIDs are stable, so that importing a newer file replaces the older events. `summary` and
    `note` are the title and description of the events. An empty calendar when no day of the span has a block.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Door Opener//calling blocks//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", summary)
    calendar.add("x-wr-timezone", settings.timezone)
    on = set(workdays(settings, first, last))
    for block in reserved_blocks(settings.calling.blocks):
        event = _weekly(settings, block, first, last, on)
        if event is not None:
            event.add("dtstamp", now.astimezone(UTC))
            event.add("summary", summary)
            event.add("description", note)
            event.add("transp", "OPAQUE")
            event.add_component(_reminder(summary))
            calendar.add_component(event)
    year = timedelta(days=366)  # the clock change before the first block and the one after the last
    calendar.add_missing_timezones(first - year, last + year)
    return bytes(calendar.to_ical())


def _weekly(settings: Settings, block: Reserved, first: date, last: date, on: set[date]) -> Event | None:
    weekday, starts, ends = block
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [day for day in days if day.isoweekday() == weekday]
    while days and days[0] not in on:  # a series must begin on a day that it has
        days.pop(0)
    while days and days[-1] not in on:
        days.pop()
    if not days:
        return None
    event = Event()
    event.add("uid", f"{content_id('calling-block', settings.timezone, *block)}@door-opener")
    event.add("dtstart", datetime.combine(days[0], starts, settings.zone))
    event.add("dtend", datetime.combine(days[0], ends, settings.zone))
    until = datetime.combine(days[-1], starts, settings.zone).astimezone(UTC)
    event.add("rrule", {"freq": "weekly", "byday": _DAYS[weekday - 1], "until": until})
    for day in days:
        if day not in on:
            event.add("exdate", datetime.combine(day, starts, settings.zone))
    return event


def _reminder(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(minutes=-5))
    return alarm
