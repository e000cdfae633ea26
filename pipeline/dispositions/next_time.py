"""When to call again, as reps write it: "Fr 10:00", "morgen", "in 2 Wochen", "3.12. 14 Uhr", "2026-12-01"."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.contacts.cells import moment

_WEEKDAYS = (
    ("mo", "montag", "mon", "monday"), ("di", "dienstag", "tue", "tues", "tuesday", "tu"), ("mi", "mittwoch", "wed", "wednesday", "we"),
    ("do", "donnerstag", "thu", "thur", "thurs", "thursday", "th"), ("fr", "freitag", "fri", "friday"),
    ("sa", "samstag", "sonnabend", "sat", "saturday"), ("so", "sonntag", "sun", "sunday", "su"),
)  # fmt: skip
_DAYS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words}
_NEAR = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "übermorgen": 2, "uebermorgen": 2}
_NUMBERS = {
    "einem": 1, "einer": 1, "ein": 1, "eine": 1, "one": 1, "a": 1, "zwei": 2, "two": 2, "drei": 3, "three": 3, "vier": 4,
    "four": 4, "fünf": 5, "five": 5, "sechs": 6, "six": 6,
}  # fmt: skip
_CLOCK = re.compile(
    r"(?:\b(?:um|at|ab|gegen)\s+)?\b(\d{1,2})(?:[:.](\d{2})(?!\d|\.)|\s*(?=uhr|h\b|am\b|pm\b))\s*(?:(uhr|h|am|pm)\b)?",
    re.I,
)
_SPAN = re.compile(
    r"^(?:in\s+)?\+?(\d{1,3}|[a-zäöüß]+)\s*(tage?n?|days?|d|wochen?|weeks?|w|monate?n?|months?|m)$", re.I
)
_MEND = "write a day and, if you like, an hour: Fr 10:00, morgen, in 2 Wochen, 3.12. 14:00, 2026-12-01 10:00"


def next_time(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the agreed time, aware in `zone`; midnight stands for the whole day.

    A weekday is the next one, today only with an hour still to come; a day without a year is the next one. Raises
    ValueError with the mend for what is no day or lies in the past.
    """
    if not text.strip():
        raise ValueError(f"no day is given; {_MEND}")
    local = now.astimezone(zone)
    words = " ".join(text.strip().rstrip(".").split()) if not re.search(r"\d\.$", text.strip()) else text.strip()
    rest, clock = words, time()
    whole_date = re.match(r"^\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|^\d{4}-\d{2}-\d{2}", words)
    head, tail = (whole_date[0], words[whole_date.end() :]) if whole_date else ("", words)
    match = _CLOCK.search(tail)
    if match:
        clock = _clock(match)
        rest = head or re.sub(r"\b(?:uhr|h)\b", " ", f"{tail[: match.start()]} {tail[match.end() :]}", flags=re.I)
    day = _day(" ".join(rest.split()).strip(" ,"), local, clock)
    found = datetime.combine(day, clock, zone)
    if found < local and not (day == local.date() and clock == time()):
        raise ValueError(f"{text!r} lies in the past; {_MEND}")
    return found


def _clock(match: re.Match[str]) -> time:
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ValueError(f"{match[0].strip()!r} is no hour; {_MEND}") from error


def _day(text: str, local: datetime, clock: time) -> date:
    today = local.date()
    word = re.sub(r"^(?:am|on|den|the|nächste[nr]?|next|kommende[nr]?)\s+", "", text.lower()).strip(" .,")
    if word in ("", "heute", "today"):
        return today
    if word in _NEAR:
        return today + timedelta(days=_NEAR[word])
    if word in ("woche", "week"):
        return today + timedelta(days=7 - today.weekday())
    if word in ("monat", "month"):
        return _months_on(today.replace(day=1), 1)
    if word in _DAYS:
        ahead = (_DAYS[word] - today.weekday()) % 7
        if ahead == 0 and (clock == time() or clock <= local.time()):
            ahead = 7
        return today + timedelta(days=ahead)
    if span := _SPAN.match(word):
        number = int(span[1]) if span[1].isdigit() else _NUMBERS.get(span[1], 0)
        unit = span[2][0]
        if number and unit in "td":
            return today + timedelta(days=number)
        if number and unit == "w":
            return today + timedelta(weeks=number)
        if number:
            return _months_on(today, number)
    if short := re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.?", word):
        for year in (today.year, today.year + 1):
            try:
                found = date(year, int(short[2]), int(short[1]))
            except ValueError:
                continue
            if found >= today:
                return found
    for spelling in (text, f"{text} {today.year}", f"{text.strip(' .')} {today.year + 1}"):
        try:
            found = moment(spelling, local.tzinfo).date()  # type: ignore[arg-type]
        except ValueError:
            continue
        if found >= today or spelling == text:
            return found
    raise ValueError(f"{text!r} is no day; {_MEND}")


def _months_on(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
