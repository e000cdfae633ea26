"""iCalendar files (.ics) as events with people."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import date, datetime, timedelta

from enrich.events.calendar_lines import Block, Calendar, Property, read_calendar
from enrich.events.names import has_organisation, name_of
from enrich.events.pages import Draft, word_pattern
from enrich.events.person_lines import labelled_people, people_in_line, people_in_title
from enrich.events.person_prose import people_in_prose
from enrich.events.recurrence import expand, span_of
from enrich.records import EventPerson, EventRole

MAX_EVENTS = 3_000
MAX_SERIES = 500
MAX_SECONDS = 6.0  # for the expansion of all recurring events of one file

_TAG = re.compile(r"<(?:br|p|/p|li|/li|div|/div)\b[^<>]{0,200}>|<[a-z/][^<>]{0,400}>", re.I)
_URL = re.compile(r"https?://[^\s<>\"')\]]{4,500}")


def looks_like_calendar(body: bytes, content_type: str | None, url: str) -> bool:
    """Tell whether a page is an iCalendar file by its first bytes, type or ending."""
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper()
    if start.startswith((b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"BEGIN:VTIMEZONE")):
        return True
    typed = "text/calendar" in (content_type or "").lower() or url.lower().split("?")[0].endswith((".ics", ".ical"))
    return typed and b"BEGIN:V" in body[:20_000].upper()


def calendar_events(text: str, url: str, *, today: date) -> tuple[list[Draft], list[str]]:
    """Return the events of a calendar file and warnings (one line each).

    Single events are returned whatever their date (at most `MAX_EVENTS`, the latest); recurring ones within
    30 days before and 400 days after `today`.
    """
    calendar = read_calendar(text, keep=MAX_EVENTS)
    warnings = []
    if calendar.seen > len(calendar.blocks):
        warnings.append(f"{url}: {calendar.seen} events, the latest {len(calendar.blocks)} are read")
    if calendar.bad_lines:
        warnings.append(f"{url}: {calendar.bad_lines} lines are no calendar lines and were skipped")
    series: dict[str, list[Block]] = {}
    for number, block in enumerate(calendar.blocks):
        stated = block.get("UID")
        series.setdefault(stated.value if stated else f"#{number}", []).append(block)
    prefix = _common_prefix(calendar)
    speakers = _organizers_speak(calendar)
    drafts: list[Draft] = []
    begun = time.monotonic()
    expanded = 0
    for uid, blocks in series.items():
        recurring = any(block.get("RRULE") or block.get("RDATE") or block.get("RECURRENCE-ID") for block in blocks)
        if recurring and expanded < MAX_SERIES and time.monotonic() - begun < MAX_SECONDS:
            expanded += 1
            occurrences = expand(blocks, calendar, today)
        else:
            occurrences = [(block, *span) for block in blocks if (span := span_of(block, calendar)) is not None]
        for block, start, length in occurrences:
            draft = _draft(block, start, length, calendar, url, prefix, speakers)
            if draft is not None and len(drafts) < MAX_EVENTS:
                draft.uid = uid
                drafts.append(draft)
    return drafts, warnings


def _common_prefix(calendar: Calendar) -> str:
    """Return what all titles begin with up to a colon ("JUG X: ..."), when there are several."""
    titles = [prop.text for block in calendar.blocks[:200] if (prop := block.get("SUMMARY"))]
    heads = Counter(match.group(1) for title in titles if (match := re.match(r"([^:|–]{2,30}[:|–]\s)", title)))
    if len(titles) >= 2 and heads:
        head, count = heads.most_common(1)[0]
        return head if count == len(titles) else ""
    return ""


def _organizers_speak(calendar: Calendar) -> bool:
    """In a conference schedule ORGANIZER names the speaker: bare names without address, many different ones."""
    names = {
        prop.value
        for block in calendar.blocks
        if (prop := block.get("ORGANIZER")) and "@" not in prop.value and ":" not in prop.value
    }
    return len(names) >= 3


def _draft(
    block: Block,
    start: datetime | date,
    length: timedelta | None,
    calendar: Calendar,
    url: str,
    prefix: str,
    speakers: bool,
) -> Draft | None:
    summary = block.get("SUMMARY")
    title = _flat(summary.text) if summary else ""
    if not title:
        return None
    status = block.get("STATUS")
    cancelled = bool(status and status.value.strip().upper() == "CANCELLED") or bool(
        word_pattern("cancelled").search(title[:40])
    )
    people: list[EventPerson] = []
    clean, named = people_in_title(title.removeprefix(prefix))
    people += [EventPerson(p.name, p.role, p.company, "speaker", title) for p in named]
    organizer = _organizer(block.get("ORGANIZER"), people, speakers)
    for prop in block.all("ATTENDEE")[:200]:
        name, certainty = name_of(prop.params.get("CN", ""))
        if certainty == 2 and prop.params.get("CUTYPE", "").upper() not in ("RESOURCE", "ROOM", "GROUP"):
            people.append(EventPerson(name, None, None, "attendee", prop.params.get("CN")))
    contact = block.get("CONTACT")
    if contact:
        people += [
            EventPerson(p.name, p.role, p.company, "contact", _flat(contact.text))
            for p in people_in_line(contact.text.split("\n")[0])
        ]
    description = block.get("DESCRIPTION")
    if description:
        people += _described(description.text)
    place = block.get("LOCATION")
    address = block.get("URL")
    end = start + length if length is not None else None
    if end is not None and not isinstance(end, datetime):
        end = end - timedelta(days=1) if end > start else end  # DTEND of whole days is the day after
    return Draft(
        title=clean or title, start=start, end=end if end != start else None, place=_flat(place.text)[:300] if place and place.text else None,
        url=_address(address), page_url=url, origin="calendar", organizer=organizer, people=people, cancelled=cancelled,
        alt_titles=(title,) if clean and clean != title else (),
    )  # fmt: skip


def _address(prop: Property | None) -> str | None:
    if prop is None:
        return None
    match = _URL.search(prop.text)
    return match.group() if match else None


def _flat(text: str) -> str:
    return " ".join(_TAG.sub(" ", text).split())


def _organizer(prop: Property | None, people: list[EventPerson], speakers: bool) -> str | None:
    """Read ORGANIZER: a person joins the people (speaker in a conference schedule), an organisation is returned."""
    if prop is None:
        return None
    stated = prop.params.get("CN") or ("" if "@" in prop.value or "://" in prop.value else prop.value)
    stated = _flat(stated.replace("%20", " ").removeprefix("MAILTO:").removeprefix("mailto:"))
    if not stated:
        return None
    found = [person for person in people_in_line(stated) if person.sure or not has_organisation(stated)]
    bare = "@" not in prop.value
    part: EventRole = "speaker" if speakers and bare else "organizer"
    for person in found:
        if not any(p.name == person.name for p in people):
            people.append(EventPerson(person.name, person.role, person.company, part, stated))
    return None if found or speakers else stated[:200]


def _described(text: str) -> list[EventPerson]:
    """Return the people that the lines of a description name: by label, alone on a line or in its sentences."""
    found: list[EventPerson] = []
    lines = [" ".join(line.split()) for line in _TAG.sub("\n", text)[:20_000].split("\n")]
    for line in lines[:200]:
        if not 5 <= len(line) <= 1_000:
            continue
        part, people = labelled_people(line) if len(line) <= 300 else ("speaker", [])
        if not people and len(line) <= 120:
            part, people = "speaker", [p for p in people_in_line(line) if p.sure]
        found += [EventPerson(p.name, p.role, p.company, part, line) for p in people]
        if not people:
            found += [EventPerson(p.name, p.role, p.company, as_, line) for p, as_ in people_in_prose(line)]
    return found
