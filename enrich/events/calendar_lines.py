"""Content lines of iCalendar files (RFC 5545), read tolerantly: broken lines are skipped, not fatal.

Files of any size are read in one pass over the text. Blocks of VEVENTs keep their lines; values are unescaped on
demand. Damage that real calendars show and this survives: lines that are not folded, quotes that do not close,
properties without value, HTML in UIDs, unknown or quoted time zones, components that do not end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from enrich.events.dates import HOME_ZONE

MAX_LINE = 20_000
MAX_LINES_A_BLOCK = 1_000
MAX_ZONE = 200  # letters of a TZID; names of zones have up to 32, those with a path in front twice as many

_NAME = re.compile(r"^\s*([A-Za-z][A-Za-z0-9-]{0,60})\s*(?=[;:])")
_STAMP = re.compile(r"^\s*(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2}):?(\d{2})?)?\s*(Z)?")
_DURATION = re.compile(
    r"^\s*([+-])?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?\s*$", re.I
)


@dataclass(slots=True)
class Property:
    """One content line: name in upper case, parameters (upper-case names), the raw value."""

    name: str
    params: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """Return the value as text, escapes resolved."""
        return unescape(self.value)


@dataclass(slots=True)
class Block:
    """One VEVENT with its own properties (those of alarms inside it left out)."""

    properties: list[Property] = field(default_factory=list)

    def get(self, name: str) -> Property | None:
        """Return the first property of a name, None when it is missing or empty."""
        return next((p for p in self.properties if p.name == name and p.value.strip()), None)

    def all(self, name: str) -> list[Property]:
        """Return all properties of a name."""
        return [p for p in self.properties if p.name == name]


@dataclass(slots=True)
class Calendar:
    """What stands around the events: `zones` are the offsets of the file's own VTIMEZONEs by TZID."""

    name: str | None = None
    zone: str | None = None
    zones: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    seen: int = 0
    bad_lines: int = 0


def unescape(value: str) -> str:
    """Resolve iCalendar text escapes, also doubled ones."""
    return re.sub(r"\\([\\;,nN:\"])", lambda m: "\n" if m.group(1) in "nN" else m.group(1), value).strip()


def _unfolded(text: str) -> Iterator[str]:
    """Yield content lines; a line that starts with a blank or is no property continues the one before."""
    current: list[str] = []
    size = 0
    for raw in text.splitlines():
        if raw[:1] in (" ", "\t") and current:
            if size < MAX_LINE:
                current.append(raw[1:])
                size += len(raw)
            continue
        if not raw.strip():
            continue
        if current:
            yield "".join(current)
        current, size = [raw[:MAX_LINE]], len(raw)
    if current:
        yield "".join(current)


def parse_line(line: str) -> Property | None:
    """Return one content line in parts; None where it is no content line."""
    match = _NAME.match(line)
    if match is None:
        return None
    position = match.end()
    params: dict[str, str] = {}
    while position < len(line) and line[position] == ";" and len(params) < 40:
        position += 1
        equal = line.find("=", position)
        colon = line.find(":", position)
        if equal < 0 or (0 <= colon < equal):
            position = colon if colon >= 0 else len(line)
            break
        key = line[position:equal].strip().upper()
        position = equal + 1
        if line[position : position + 1] == '"':
            close = line.find('"', position + 1)
            close = len(line) if close < 0 else close
            params[key] = line[position + 1 : close]
            position = close + 1
            while position < len(line) and line[position] not in ";:":
                position += 1
        else:
            ends = [index for index in (line.find(";", position), line.find(":", position)) if index >= 0]
            end = min(ends) if ends else len(line)
            params[key] = line[position:end].strip()
            position = end
    value = line[position + 1 :] if position < len(line) and line[position] == ":" else ""
    decoded = {
        key: text.replace("^n", " ").replace("^'", '"').replace("^^", "^").strip(" '\"") if key == "CN" else text
        for key, text in params.items()
    }
    return Property(match.group(1).upper(), decoded, value.strip())


def read_calendar(text: str, *, keep: int) -> Calendar:
    """Read a calendar file; at most `keep` blocks, those of the latest starts where there are more."""
    calendar = Calendar()
    stack: list[str] = []
    block: Block | None = None
    tzid: str | None = None
    for line in _unfolded(text):
        head = line[:20].strip().upper()
        if head.startswith("BEGIN:"):
            name = head[6:].strip()
            if name == "VEVENT":
                if block is not None:
                    _keep(calendar, block, keep)
                block = Block()
            elif name in ("VCALENDAR", "VTODO", "VJOURNAL") and block is not None:
                _keep(calendar, block, keep)
                block = None
            stack.append(name)
            continue
        if head.startswith("END:"):
            name = head[4:].strip()
            if name == "VEVENT" and block is not None:
                _keep(calendar, block, keep)
                block = None
            while stack and stack.pop() != name:
                continue
            continue
        inside = stack[-1] if stack else ""
        if block is not None and inside not in ("VEVENT", ""):
            continue  # an alarm inside the event
        prop = parse_line(line)
        if prop is None:
            calendar.bad_lines += 1
            if (
                block is not None
                and block.properties
                and block.properties[-1].name in ("DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT")
            ):
                block.properties[-1].value = f"{block.properties[-1].value}\\n{line.strip()}"[:MAX_LINE]
            continue
        if block is not None:
            if len(block.properties) < MAX_LINES_A_BLOCK:
                block.properties.append(prop)
        elif inside == "VTIMEZONE" and prop.name == "TZID":
            tzid = prop.value
        elif inside == "VTIMEZONE" and prop.name in ("X-LIC-LOCATION",) and tzid:
            calendar.zones[tzid] = prop.value
        elif inside == "STANDARD" and prop.name == "TZOFFSETTO" and tzid:
            calendar.zones.setdefault(tzid, prop.value)
        elif prop.name == "X-WR-CALNAME":
            calendar.name = calendar.name or prop.text
        elif prop.name in ("X-WR-TIMEZONE", "TZID", "X-WR-TIMEZONE-ID") and inside == "VCALENDAR":
            calendar.zone = calendar.zone or prop.value
    if block is not None:
        _keep(calendar, block, keep)
    calendar.blocks = calendar.blocks[:keep] if len(calendar.blocks) <= keep else _latest(calendar.blocks, keep)
    return calendar


def _keep(calendar: Calendar, block: Block, keep: int) -> None:
    calendar.seen += 1
    calendar.blocks.append(block)
    if len(calendar.blocks) >= 4 * keep:
        calendar.blocks = _latest(calendar.blocks, keep)


def _latest(blocks: list[Block], keep: int) -> list[Block]:
    """Keep recurring events and the latest starts, in the order of the file."""

    def rank(block: Block) -> str:
        start = block.get("DTSTART")
        recurring = block.get("RRULE") or block.get("RDATE") or block.get("RECURRENCE-ID")
        return "9" * 8 if recurring else re.sub(r"\D", "", start.value)[:8] if start else "0"

    chosen = {id(block) for block in sorted(blocks, key=rank, reverse=True)[:keep]}
    return [block for block in blocks if id(block) in chosen]


@cache
def _zones_by_end() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def find_zone(tzid: str | None, calendar: Calendar | None = None) -> tzinfo | None:
    """Return the time zone of a TZID: IANA name, also at the end of a path or with "-" for "/", Windows name,
    the file's own VTIMEZONE (its place or its offset); None where it cannot be told."""
    if not tzid or len(tzid) > MAX_ZONE:
        return None
    name = tzid.strip().strip("\"'").replace(" ", "_") if "/" in tzid else tzid.strip().strip("\"'")
    zones = _zones_by_end()
    parts = name.split("/")
    for start in range(len(parts)):
        found = zones.get("/".join(parts[start:]).lower())
        if found:
            return ZoneInfo(found)
    found = zones.get(name.replace("-", "/", 1).lower()) or WINDOWS_TO_OLSON.get(name)
    if found:
        return ZoneInfo(found)
    if calendar is not None and tzid in calendar.zones and calendar.zones[tzid] != tzid:
        stated = calendar.zones[tzid]
        offset = re.match(r"([+-])(\d{2}):?(\d{2})", stated)
        if offset is None:
            return find_zone(stated)
        return _zone_of_offset(offset)
    return None


def _zone_of_offset(match: re.Match[str]) -> tzinfo:
    minutes = (int(match[2]) * 60 + int(match[3])) * (-1 if match[1] == "-" else 1)
    if minutes == 60:
        return HOME_ZONE
    return timezone(timedelta(minutes=max(-1439, min(1439, minutes))))


def read_stamp(prop: Property, calendar: Calendar) -> datetime | date | None:
    """Return the moment of a DTSTART, DTEND, EXDATE …: a date for whole days, else an aware datetime.

    UTC is shown in the calendar's zone (X-WR-TIMEZONE, else home time); floating times are in that zone.
    """
    match = _STAMP.match(prop.value[:60].replace("DATE-TIME:", ""))
    if match is None or not 1900 <= int(match[1]) <= 2200:  # beyond them a shift of zone can leave the calendar
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day
        clock = time(min(int(match[4]), 23), int(match[5]), min(int(match[6] or 0), 59))
    except ValueError:
        return None
    local = find_zone(calendar.zone, calendar) or HOME_ZONE
    if match[7]:
        return datetime.combine(day, clock, UTC).astimezone(local)
    return datetime.combine(day, clock, find_zone(prop.params.get("TZID"), calendar) or local)


def read_duration(text: str) -> timedelta | None:
    """Return a DURATION value; None where it is none or longer than 400 days."""
    match = _DURATION.match(text)
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return length if length <= timedelta(days=400) and match[1] != "-" else None
