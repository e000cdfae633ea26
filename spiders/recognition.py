"""What an address is: feed, sitemap, front page, calendar, event listing or company site. Pure, on one fetched page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from spiders.discovery import alternate_listings, article_links, listing_form

_EVENT_DATA = re.compile(
    rb'"@type"\s*:\s*\[?\s*"\w*Event"|schema\.org/\w*Event\b|\bh-event\b|\bvevent\b', re.IGNORECASE
)
_EVENT_PATH = re.compile(
    r"veranstaltung|termine|kalender|event|calendar|speaker|referent|programm|agenda|messe|schedule|meetup",
    re.IGNORECASE,
)
_DAY = re.compile(rb"\b[0-3]?\d\.\s?(?:[01]?\d\.|[A-Z][a-z\xc3\xa4]+)\s?20\d\d|\b20\d\d-[01]\d-[0-3]\d\b")
_IMPRINT = re.compile(rb"impressum|imprint|legal notice", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>(.{1,200}?)</title>", re.IGNORECASE | re.DOTALL)
_ARTICLES = 8  # links that read like articles: then a page is a front or section page
_DAYS = 4  # dates on a page: then it is a listing of events if its address says so


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a source definition needs; `form` says in words what was found."""

    kind: Literal["news", "event", "company"]
    start: tuple[str, ...]
    form: str
    title: str


def recognise(url: str, content_type: str | None, body: bytes) -> Recognised:
    """Tell what lies at `url`."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    path = urlsplit(url).path.lower()
    title = page_title(body) or (urlsplit(url).hostname or url)
    if kind == "text/calendar" or path.endswith(".ics") or body[:200].lstrip().startswith(b"BEGIN:VCALENDAR"):
        return Recognised("event", (url,), "calendar (ICS)", title)
    if kind == "text/csv" or path.endswith(".csv"):
        return Recognised("event", (url,), "list of attendees (CSV)", title)
    form = listing_form(body, content_type)
    names = {"feed": "feed", "json_feed": "JSON feed", "sitemap": "sitemap", "sitemap_index": "sitemap index"}
    if form in names:
        return Recognised("news", (url,), names[form], title)
    head = body[:2_000_000]
    articles, _ = article_links(head, url)
    listed = _EVENT_PATH.search(path) is not None
    if _EVENT_DATA.search(head) and (listed or len(articles) < _ARTICLES):
        return Recognised("event", (url,), "page with schema.org events", title)
    if listed and (len(_DAY.findall(head)) >= _DAYS or "speaker" in path or "referent" in path):
        form = "speaker page" if "speaker" in path or "referent" in path else "event listing"
        return Recognised("event", (url,), form, title)
    feeds = [feed for feed in alternate_listings(head, url) if "comment" not in feed.lower()]
    if feeds and len(articles) >= 3:
        return Recognised("news", (feeds[0],), "front page with a feed", title)
    if len(articles) >= _ARTICLES:
        return Recognised("news", (url,), "front or section page", title)
    if _IMPRINT.search(head):
        return Recognised("company", (url,), "company site", title)
    if feeds:
        return Recognised("news", (feeds[0],), "page with a feed", title)
    return Recognised("news", (url,), "page with few article links", title)


def page_title(body: bytes) -> str | None:
    """Return the title element as plain text."""
    found = _TITLE.search(body[:200_000])
    if not found:
        return None
    text = found.group(1).decode("utf-8", "replace")
    return " ".join("".join(c for c in text if c.isprintable() or c == " ").split())[:120] or None


def source_name(url: str) -> str:
    """Return a name for a source from its address: "lindenauer-tagblatt"."""
    host = (urlsplit(url).hostname or "source").removeprefix("www.")
    stem = host.rsplit(".", 1)[0] if "." in host else host
    tail = urlsplit(url).path.strip("/").split("/")[0]
    name = stem if not tail or "." in tail or tail in ("feed", "rss") else f"{stem}-{tail}"
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "source"
