"""What the readers of one page share: its layout, address, words of its address and what kind of page it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from enrich.events.layout import Layout
from enrich.events.vocabularies import vocabulary_file
from enrich.records import EventPerson


@dataclass(slots=True)
class Draft:
    """An event as one place states it, before the places are put together.

    `origin`: calendar, structured, detail, listing, conference; `session`: part of a larger event;
    `sure`: the place is made for events (calendar data, structured data, labelled detail page).
    """

    title: str
    start: datetime | date | None
    end: datetime | date | None
    place: str | None
    url: str | None
    page_url: str
    origin: str
    organizer: str | None = None
    people: list[EventPerson] = field(default_factory=list)
    cancelled: bool = False
    session: bool = False
    alt_titles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    uid: str | None = None


@dataclass(slots=True)
class EventPage:
    """One HTML page of an event source, laid out. `segments`: the words of its path, lower case."""

    url: str
    layout: Layout
    tree: Any
    segments: tuple[str, ...]
    fetched: date

    @property
    def path(self) -> str:
        """Return the address's path, decoded, lower case."""
        return unquote(urlsplit(self.url).path).lower()

    def absolute(self, href: str) -> str | None:
        """Return the absolute http(s) address of a link without fragment, None for mail, scripts and fragments."""
        href = href.strip()
        if not href or href.startswith(("#", "mailto:", "tel:", "javascript:", "data:")):
            return None
        try:
            joined = urljoin(self.url, href).split("#", 1)[0]
        except ValueError:
            return None
        return joined if joined.startswith(("http://", "https://")) else None


def vocabulary() -> dict[str, Any]:
    """Return data/event_words.yml."""
    return vocabulary_file("event_words.yml")


@cache
def word_pattern(key: str) -> re.Pattern[str]:
    """Return a pattern for the words of one vocabulary list as whole words; `*` at an end allows more letters."""
    parts = []
    for word in sorted((str(w) for w in vocabulary()[key]), key=len, reverse=True):
        body = re.escape(word.strip("*"))
        parts.append((r"\w*" if word.startswith("*") else "") + body + (r"\w*" if word.endswith("*") else ""))
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", re.I)


def path_words(url: str) -> tuple[str, ...]:
    """Return the words of an address's path and query: "/veranstaltungen/2026/x-y.html" -> veranstaltungen, …"""
    parts = urlsplit(url)
    return tuple(word for word in re.split(r"[^\wäöüß]+|_", unquote(f"{parts.path} {parts.query}").lower()) if word)


def url_key(url: str | None) -> str:
    """Return a comparable form of an address: no scheme, www, index file, trailing slash or fragment."""
    if not url:
        return ""
    parts = urlsplit(url)
    path = re.sub(r"/(?:index|default)\.(?:html?|php|aspx?)$", "/", unquote(parts.path))
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{path.rstrip('/')}{query}"
