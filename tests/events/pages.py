"""Pages for tests: built from text, at invented addresses."""

from __future__ import annotations

from datetime import UTC, datetime

from enrich.records import Page

HOST = "http://kammer.example"


def html(body: str, path: str = "/veranstaltungen/", *, lang: str = "de", head: str = "") -> Page:
    """Return an HTML page of an event source."""
    text = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    return page(text.encode(), path, "text/html; charset=utf-8")


def page(body: bytes, path: str, content_type: str) -> Page:
    """Return a page with any body."""
    return Page(
        HOST + path,
        HOST + path,
        "kammer",
        "event",
        200,
        datetime(2027, 1, 1, tzinfo=UTC),
        None,
        None,
        content_type,
        body,
    )


def calendar(*events: str, extra: str = "", path: str = "/kalender.ics") -> Page:
    """Return an iCalendar page of VEVENT bodies."""
    blocks = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{extra}{blocks}END:VCALENDAR\n"
    return page(text.replace("\n", "\r\n").encode(), path, "text/calendar")
