"""Days and times as event pages write them, in German and English.

`find_days` finds days and day ranges in a line, `find_times` clock times and time ranges. Both work on one line,
with regular expressions free of nested repetition, so their time is linear in its length. Days without a year are
completed by `complete_year` from the weekday, the context and the day of reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from enrich.events.vocabularies import vocabulary_file

HOME_ZONE = ZoneInfo("Europe/Berlin")  # times without a zone on pages for German-speaking regions
MAX_LINE = 4_000
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Day:
    """A day or a range of days in a line; `year` False: the year is not stated and `first` is of year 4."""

    begin: int
    end: int
    first: date
    last: date | None
    year: bool
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time or a range in a line, local to `zone` (None: not stated)."""

    begin: int
    end: int
    start: time
    until: time | None
    zone: str | None = None


def _words() -> dict[str, Any]:
    return vocabulary_file("event_dates.yml")


@cache
def _months() -> dict[str, int]:
    return {word: int(number) for number, words in _words()["months"].items() for word in words}


@cache
def _weekdays() -> dict[str, int]:
    return {word: int(number) for number, words in _words()["weekdays"].items() for word in words}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    month = "(?P<m{0}>" + "|".join(sorted(_months(), key=len, reverse=True)) + r")\b\.?"
    weekday = (
        r"(?:\b(?P<wd>"
        + "|".join(sorted(_weekdays(), key=len, reverse=True))
        + r")\b\.?,?\s{0,3}(?:(?:den|der|the|am)\s)?)?"
    )
    year = r"(?P<y>(?:19|20)\d\d)"
    dash = r"\s?(?:-|–|—|bis(?: zum)?|to|und|and|&|/|\+)\s?"
    day = r"(?<![\d.,:/])(?P<d{0}>[0-3]?\d)"
    other_weekday = r"(?:[A-Za-z]{2,10}\.?,?\s)?"
    ordinal = r"(?:st|nd|rd|th)"
    texts = (
        # 2026-03-12, 2026/3/12
        r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/](?P<n1>[01]?\d)[-/](?P<d1>[0-3]?\d)(?!\d)",
        # 12.03.–14.05.2026, 12.–14.05.2026, 12.05.2026 - 14.05.2026, 12. bis 14.05.2026
        weekday
        + day.format(1)
        + r"\.\s?(?:(?P<n1>[01]?\d)\.\s?(?P<y1>(?:19|20)\d\d|\d\d(?!\d))?)?"
        + dash
        + other_weekday
        + r"(?P<d2>[0-3]?\d)\.\s?(?P<n2>[01]?\d)\.(?:\s?(?P<y>(?:19|20)\d\d|\d\d(?![\d.]|:\d))|(?!\d))",
        # 12.03.2026, 12.3.26, 12.03.
        weekday
        + day.format(1)
        + r"\.\s?(?P<n1>[01]?\d)\.(?:\s?(?P<y>(?:19|20)\d\d|\d\d(?![\d.]|:\d|\s?Uhr))|(?!\d))(?!\d)",
        # 12. – 14. März 2026, 12 to 14 March, 30. April bis 2. Mai 2026
        weekday
        + day.format(1)
        + r"(?:\.|"
        + ordinal
        + r")?\s?(?:"
        + month.format(1)
        + r"\s?(?P<y1>(?:19|20)\d\d)?)?"
        + dash
        + other_weekday
        + r"(?P<d2>[0-3]?\d)(?:\.|"
        + ordinal
        + r")?\s?(?:of\s)?"
        + month.format(2)
        + r",?(?:\s?"
        + year
        + r")?(?!\d)",
        # 12. März 2026, 30th April, 4 of May 2026
        weekday
        + day.format(1)
        + r"(?:\.|"
        + ordinal
        + r")?\s?(?:of\s)?"
        + month.format(1)
        + r",?(?:\s?[|'’]?\s?"
        + year
        + r")?(?!\d)",
        # March 12-14, 2026; March 30 - April 2, 2026
        weekday
        + r"\b"
        + month.format(1)
        + r"\s(?P<d1>[0-3]?\d)"
        + ordinal
        + "?"
        + r"\s?(?:-|–|—|to|and|&)\s?"
        + r"(?:"
        + month.format(2)
        + r"\s)?(?P<d2>[0-3]?\d)(?!\d|:|\s?[ap]\.?m)"
        + ordinal
        + "?"
        + r"(?:,?\s?"
        + year
        + r")?",
        # March 12th, 2026; April 8rd, 2024
        weekday
        + r"\b"
        + month.format(1)
        + r"\s(?P<d1>[0-3]?\d)(?!\d|:)"
        + ordinal
        + "?"
        + r"(?:,?\s{0,2}"
        + year
        + r")?",
        # 10/31/2018, 31/10/2018
        r"(?<![\d/])(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/(?P<y>(?:19|20)\d\d)(?!\d)",
    )
    return tuple(re.compile(text, re.I) for text in texts)


_TIME_RANGE = re.compile(
    r"(?<![\d.,:/-])(?P<h1>[0-2]?\d)(?:[:.](?P<m1>[0-5]\d))?\s?(?P<u1>[ap]\.?m\.?|uhr|h\b)?\s?(?:-|–|—|bis|to|until)\s?"
    r"(?P<h2>[0-2]?\d)(?:[:.](?P<m2>[0-5]\d))?(?!\d|\.\d)\s?(?P<u2>[ap]\.?m\b\.?|uhr\b|h\b)?",
    re.I,
)
_TIME = re.compile(
    r"(?<![\d.,:/-])(?P<h1>[0-2]?\d)(?:[:.](?P<m1>[0-5]\d))?(?::[0-5]\d)?(?!\d|\.\d)\s?(?P<u1>[ap]\.?m\b\.?|uhr\b|h\b)?",
    re.I,
)
_HOUR_WORD = re.compile(r"(?<![\d.,])(?P<h1>[0-2]?\d)h(?P<m1>[0-5]\d)\b", re.I)
_ISO = re.compile(
    r"\s*(?P<y>\d{4})-?(?P<m>\d{1,2})-?(?P<d>\d{1,2})(?:[T\s]+(?P<h>\d{1,2})[:-]?(?P<n>\d{2})?(?:[:-](?P<s>\d{2})(?:\.\d+)?)?"
    r"\s?(?P<z>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    number = int(text)
    number = number + 2000 if number < 100 else number
    return number if FIRST_YEAR <= number <= LAST_YEAR else None


def _month(groups: dict[str, str | None], which: str) -> int | None:
    number, word = groups.get("n" + which), groups.get("m" + which)
    if number:
        return int(number)
    return _months().get(word.lower()) if word else None


def _day_of(match: re.Match[str], american: bool) -> Day | None:
    groups = match.groupdict()
    if groups.get("a"):
        one, two = int(groups["a"] or 0), int(groups["b"] or 0)
        month, day = (one, two) if (two > 12 or american) and one <= 12 else (two, one)
        found = _date(int(groups["y"] or 0), month, day)
        return Day(match.start(), match.end(), found, None, True) if found else None
    if groups.get("wd") and not _is_weekday(groups["wd"] or "", match):
        groups["wd"] = None
    stated = _year(groups.get("y"))
    if groups.get("y") and stated is None:
        return None
    year = stated or 4  # a leap year, so that 29 February without a year is a day
    last_month = _month(groups, "2")
    first_month = _month(groups, "1") or last_month
    if first_month is None:
        return None
    last = None
    if groups.get("d2"):
        last = _date(year, last_month or first_month, int(groups["d2"] or 0))
        if last is None:
            return None
    first_year = _year(groups.get("y1")) or year
    first = _date(first_year, first_month, int(groups.get("d1") or 0))
    if first is None:
        return None
    if last is not None and last < first:
        if not stated or groups.get("y1") or first_month < (last_month or 0):
            return None
        first = _date(first_year - 1, first_month, first.day)  # 30.12. – 2.1.2027
        if first is None or first_month <= (last_month or 0):
            return None
    if last is not None and (last - first).days > 400:
        return None
    weekday = _weekdays().get((groups.get("wd") or "").lower())
    return Day(match.start(), match.end(), first, last if last != first else None, stated is not None, weekday)


def _is_weekday(word: str, match: re.Match[str]) -> bool:
    """Two-letter weekdays are only read as such when they are written like one ("So.", "Do,")."""
    return len(word) > 2 or word[0].isupper()


def find_days(text: str, *, american: bool = False) -> list[Day]:
    """Return the days of a line in order, longest reading first, none overlapping.

    `american`: 10/04/2018 is the 4th of October. Phone numbers, prices and versions are not days: a day needs a
    month by name, or the forms 12.03.2026, 12.03., 2026-03-12, 12/03/2026.
    """
    return list(_days_in(text[:MAX_LINE], american))


_CLOCK_SIGN = re.compile(r"\d\s?(?::\s?\d|uhr|h\b|h\d|[ap]\.?m)", re.I)
_CANDIDATE = re.compile(
    r"\d[./-]\s?(?:\d|[–—-])|\d\s?(?:st|nd|rd|th|\.|,)?\s?(?:[–—-]\s?\d{1,2}\.?\s?|of\s)?[^\W\d_]{3}|[^\W\d_]{3}\.?\s\d"
)
MAX_DAYS = 60


@lru_cache(maxsize=20_000)
def _days_in(text: str, american: bool) -> tuple[Day, ...]:
    if not _CANDIDATE.search(text):
        return ()
    found: list[Day] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if any(match.start() < day.end and day.begin < match.end() for day in found):
                continue
            day = _day_of(match, american)
            if day is not None and (day.year or _plausible(text, match)):
                found.append(day)
                if len(found) >= MAX_DAYS:
                    break
    return tuple(sorted(found, key=lambda day: day.begin))


def _plausible(text: str, match: re.Match[str]) -> bool:
    """A day without a year must not be a piece of something else ("Version 12.3.", "1. Mai-Feier")."""
    before = text[max(0, match.start() - 12) : match.start()].lower()
    return not re.search(r"(?:version|v|kapitel|§|abs\.|nr\.|ziffer|punkt)\s?$", before)


def _clock(hour: str, minute: str | None, unit: str) -> time | None:
    number = int(hour)
    if unit.startswith("p") and number < 12:
        number += 12
    elif unit.startswith("a") and number == 12:
        number = 0
    if number == 24 and not minute:
        return time(23, 59)
    return time(number, int(minute or 0)) if number < 24 else None


def _zone_after(text: str, end: int) -> tuple[str | None, int]:
    match = re.compile(r"\s?\(?([A-Z]{2,4})\b\)?").match(text, end)
    if match and match.group(1) in _words()["zones"]:
        return str(_words()["zones"][match.group(1)]), match.end()
    return None, end


def find_times(text: str) -> list[Clock]:
    """Return the clock times of a line in order: 18:30, 18.30 Uhr, 19h, 6 pm, 16-18 Uhr, 12:30pm – 1:30pm BST."""
    return list(_times_in(text[:MAX_LINE]))


@lru_cache(maxsize=20_000)
def _times_in(text: str) -> tuple[Clock, ...]:
    if not _CLOCK_SIGN.search(text):
        return ()
    taken: list[tuple[int, int]] = [(day.begin, day.end) for day in find_days(text)]
    found: list[Clock] = []
    for pattern in (_TIME_RANGE, _HOUR_WORD, _TIME):
        for match in pattern.finditer(text):
            if any(match.start() < end and begin < match.end() for begin, end in taken):
                continue
            groups = match.groupdict()
            unit_one, unit_two = (groups.get("u1") or "").lower(), (groups.get("u2") or "").lower()
            ranged = groups.get("h2") is not None
            colon = ":" in match.group() or pattern is _HOUR_WORD
            if not (unit_one or unit_two or colon):
                continue
            if pattern is _TIME_RANGE and not unit_two and not unit_one and not groups.get("m2"):
                continue
            first_unit = unit_one or (unit_two if unit_two[:1] in ("a", "p") else "")
            start = _clock(groups["h1"], groups.get("m1"), first_unit)
            until = _clock(groups["h2"], groups.get("m2"), unit_two) if ranged else None
            if start is None or (ranged and until is None):
                continue
            if until is not None and not unit_one and until < start and first_unit[:1] == "p":
                start = _clock(groups["h1"], groups.get("m1"), "am") or start  # 11 - 1 pm
            zone, end = _zone_after(text, match.end())
            if len(found) >= MAX_DAYS:
                break
            taken.append((match.start(), end))
            found.append(Clock(match.start(), end, start, until, zone))
    return tuple(sorted(found, key=lambda clock: clock.begin))


def complete_year(day: Day, *, hint: int | None, today: date) -> Day:
    """Give a day without a year its year: the stated weekday first, then `hint` (a year near by), then the future.

    Without weekday and hint, the next such day is meant, or the last one if that was less than 60 days ago.
    """
    if day.year:
        return day
    around = hint or today.year
    years = [around, around + 1, around - 1] if hint else [today.year - 1, today.year, today.year + 1]
    candidates = [moved for moved in (_move(day.first, year) for year in years) if moved is not None]
    if day.weekday is not None:
        candidates = [c for c in candidates if c.weekday() == day.weekday] or candidates
    if not candidates:
        return day
    if hint:
        first = candidates[0]
    else:
        edge = today - timedelta(days=60)
        first = next((c for c in candidates if c >= edge), candidates[-1])
    last = _move(day.last, first.year) if day.last else None
    if last is not None and last < first:
        last = _move(day.last, first.year + 1) if day.last else None
    return Day(day.begin, day.end, first, last, True, day.weekday)


def _move(day: date | None, year: int) -> date | None:
    if day is None:
        return None
    return _date(year, day.month, day.day)


def at(day: date, clock: time, zone: str | None = None) -> datetime:
    """Return the aware moment of a wall clock time; a time inside the spring gap is read with the offset before."""
    return datetime.combine(day, clock, zone_named(zone))


@cache
def zone_named(name: str | None) -> ZoneInfo:
    """Return an IANA zone, the home zone for None or an unknown name."""
    if not name:
        return HOME_ZONE
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return HOME_ZONE


def parse_stamp(text: str | None) -> datetime | date | None:
    """Read a machine-written date (ISO 8601 and its common misspellings); naive times are home time.

    "2019-9-13T10-10-00-00", "20260312T1830", "2026-03-12 18:30+01:00"; None where there is no day in it.
    """
    if not text:
        return None
    text = text.strip()[:60]
    match = _ISO.match(text)
    if not match:
        days = [day for day in find_days(text, american=True) if day.year]
        if not days:
            return None
        clocks = find_times(text)
        return at(days[0].first, clocks[0].start, clocks[0].zone) if clocks else days[0].first
    day = _date(int(match["y"]), int(match["m"]), int(match["d"]))
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    if match["h"] is None or int(match["h"]) > 23:
        return day
    minute, second = int(match["n"] or 0), int(match["s"] or 0)
    if minute > 59 or second > 59:
        return day
    clock = time(int(match["h"]), minute, second)
    if not match["z"]:
        return at(day, clock)
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{_offset(match['z'])}")
    except ValueError:
        return at(day, clock)


def _offset(text: str) -> str:
    if text == "Z":
        return "+00:00"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


def day_of(moment: datetime | date | None) -> date | None:
    """Return the local calendar day of a start or end."""
    return moment.date() if isinstance(moment, datetime) else moment
