"""What an address is: feed, sitemap, front page, calendar, event listing or company site. Pure, on one fetched page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import urljoin, urlsplit

import yaml
from lxml import etree, html

import data
from spiders.article_pages import says_article
from spiders.discovery import alternate_listings, article_links, listing_form

Kind = Literal["news", "event", "company"]

_EVENT_DATA = re.compile(
    rb'"@type"\s*:\s*\[?\s*"\w*Event"|"(?:start_?Date(?:Time)?|starts_?at|date_?start)"\s*:\s*"20\d\d-|schema\.org/\w*Event\b|\bh-event\b|class\s*=\s*["\'][^"\'<>]{0,80}\bvevent\b',
    re.IGNORECASE,
)
_MONTHS = r"(?:jan|feb|m[äa]r|apr|ma[iy]|jun|jul|aug|sep|okt|oct|nov|de[cz])[a-zäé]{0,7}\.?"  # German and English
_DAY = re.compile(
    rf"\b[0-3]?\d\.\s?(?:[01]?\d\.|{_MONTHS})\s?(?:20\d\d|\d\d\b)?|\b20\d\d-[01]\d-[0-3]\d\b"
    rf"|\b{_MONTHS}\s[0-3]?\d(?:st|nd|rd|th)?,?\s(?:20\d\d)?",
    re.IGNORECASE,
)
# Compound words of headlines that name an event ("Energiegipfel", "Ringvorlesung", "Gründerabend").
_EVENT_NAME = re.compile(
    r"\w{3}(?:gipfel|abend|forum|kongress|tagung|konferenz|vorlesung|vortrag|treffen|stammtisch|frühstück|empfang|messe)\b"
)
_CLOCK = re.compile(r"\b[012]?\d[:.][0-5]\d\b")
_PLACE = re.compile(r"\b(?:[AD]-?|CH-?)?\d{4,5}\s+[A-ZÄÖÜ][a-zäöüß]{2,}")
_PHONE = re.compile(r"(?:\+\d{2}|\b0)[\d\s()/.-]{6,18}\d")
_ARTICLES = 8  # links that read like articles: then a page is a front or section page
_SPEAKER_PATH = re.compile(r"speaker|referent|vortragende", re.IGNORECASE)
_SKIPPED = frozenset({"script", "style", "noscript", "template", "svg"})
_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a source definition needs; `form` says in words what was found."""

    kind: Kind
    start: tuple[str, ...]
    form: str
    title: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows, lower case: words of its links with their addresses, title and headings, text."""

    links: str
    heads: str
    text: str
    raw_text: str


def recognise(url: str, content_type: str | None, body: bytes) -> Recognised:
    """Tell what lies at `url`."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    path = urlsplit(url).path.lower()
    title = page_title(body) or (urlsplit(url).hostname or url)
    if kind == "text/calendar" or path.endswith(".ics") or body[:200].lstrip().startswith(b"BEGIN:VCALENDAR"):
        return Recognised("event", (url,), "calendar (ICS)", title)
    query = urlsplit(url).query.lower()
    if (
        kind == "text/csv"
        or path.endswith(".csv")
        or (kind != "text/html" and re.search(r"(?:^|[=&])csv(?:$|&)", query))
    ):
        return Recognised("event", (url,), "list of attendees (CSV)", title)
    form = listing_form(body, content_type)
    names = {"feed": "feed", "json_feed": "JSON feed", "sitemap": "sitemap", "sitemap_index": "sitemap index"}
    if form == "sitemap" and b"schemas/sitemap-news" in body[:2000]:
        return Recognised("news", (url,), "news sitemap", title)
    if form in names:
        return Recognised("news", (url,), names[form], title)
    return _page(url, path, body[:2_000_000], title)


def _page(url: str, path: str, head: bytes, title: str) -> Recognised:
    shown = _shown(head)
    of_events = _words()["event"]["links"]
    links = article_links(head, url)[0]
    articles = sum(not of_events.search(re.sub(r"[/_.-]", " ", urlsplit(link.url).path.lower())) for link in links)
    listings = [link for link in alternate_listings(head, url) if "comment" not in link.lower()]
    calendars = [link for link in listings if ".ics" in link.lower() or "ical" in link.lower()]
    feeds = [link for link in listings if link not in calendars]
    scores = _scores(shown, path)
    structured = _EVENT_DATA.search(head) is not None
    if structured:
        scores["event"] += 6.0
    if calendars or ".ics" in shown.links or "webcal:" in shown.links:
        scores["event"] += 3.0
    bonus = min(articles, 40) / 4 + (2.0 if feeds and articles >= 3 else 0.0)
    # Past events of a calendar read like articles; its own address says what they are.
    scores["news"] += bonus / 2 if of_events.search(re.sub(r"[/_.-]", " ", path)) else bonus
    article = says_article(head)
    scores["news"] += 6.0 if article and not structured else 0.0
    best: Kind = max(("company", "event", "news"), key=lambda kind: scores[kind])
    if best == "event":
        if _SPEAKER_PATH.search(path):
            form = "speaker page"
        elif structured:
            form = "page with schema.org events"
        else:
            form = "event listing"
        return Recognised("event", (url,), form, title)
    if best == "company":
        return Recognised("company", (url,), "company site", title)
    if article and not feeds:
        return Recognised("news", (home_of(url),), "front page of the site that this article is of", title)
    if feeds:
        return Recognised("news", (feeds[0],), "front page with a feed" if articles >= 3 else "page with a feed", title)
    form = "front or section page" if articles >= _ARTICLES else "page with few article links"
    return Recognised("news", (url,), form, title)


def _scores(shown: _Shown, path: str) -> dict[Kind, float]:
    """Weigh the words of each kind; every word counts once, so that one long menu decides nothing."""
    scores: dict[Kind, float] = {"news": 0.0, "event": 0.0, "company": 0.0}
    places = (("links", shown.links, 0.7), ("text", shown.heads, 1.2), ("body", shown.text, 0.4))
    for kind, patterns in _words().items():
        for where, text, weight in places:
            scores[kind] += weight * min(len({m.group().lower() for m in patterns[where].finditer(text)}), 6)
        if patterns["links"].search(path.replace("/", " ").replace("-", " ")) and kind != "company":
            scores[kind] += 4.0
    days = len({m.group() for m in _DAY.finditer(shown.text)})
    clocks = len(_CLOCK.findall(shown.text))
    scores["event"] += min(days, 8) / 4 + ((1.0 if clocks >= 3 else 0.5 if clocks else 0.0) if days else 0.0)
    scores["event"] += 1.5 if days and _EVENT_NAME.search(shown.heads) else 0.0
    scores["company"] += 1.0 if _PLACE.search(shown.raw_text) else 0.0
    scores["company"] += 1.0 if _PHONE.search(shown.raw_text) else 0.0
    # Papers have menus of a hundred links and more.
    scores["news"] += min(shown.links.count("\n"), 200) / 50
    # The home page of somebody who shows little text is a firm's, a club's, a practice's: papers show much.
    scores["company"] += 1.5 if len(shown.text) < 6000 and path.strip("/").count("/") == 0 else 0.0
    return scores


@cache
def _words() -> dict[Kind, dict[str, re.Pattern[str]]]:
    raw = yaml.safe_load(data.path("sources", "recognition.yml").read_text("utf-8"))
    return {
        kind: {where: re.compile(rf"\b(?:{'|'.join(map(re.escape, terms))})") for where, terms in groups.items()}
        for kind, groups in raw.items()
    }


def _shown(body: bytes) -> _Shown:
    tree = _tree(body)
    if tree is None:
        return _Shown("", "", "", "")
    links: list[str] = []
    heads: list[str] = []
    texts: list[str] = []
    stack: list[html.HtmlElement] = [tree]
    size = 0
    while stack and size < _MAX_TEXT:
        node = stack.pop()
        if not isinstance(node.tag, str) or node.tag in _SKIPPED:
            continue
        for text in (node.text, *(child.tail for child in node)):
            if text and not text.isspace():
                texts.append(text)
                size += len(text)
        if node.tag in ("a", "area", "frame", "iframe"):
            address = (node.get("href") or node.get("src") or "")[:200]
            links.append(f"{node.text_content()[:200]} {address.replace('/', ' ').replace('_', ' ')}")
        elif node.tag in ("title", "h1", "h2"):
            heads.append(node.text_content()[:300])
        elif node.tag == "meta" and (node.get("name") or "").lower() in ("description", "keywords"):
            heads.append((node.get("content") or "")[:300])
        stack.extend(reversed(node))
    text = " ".join(" ".join(texts).split())
    return _Shown("\n".join(links).lower(), " ".join(heads).lower(), text.lower(), text)


def _tree(body: bytes) -> html.HtmlElement | None:
    if not body.strip():
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    try:
        parser = html.HTMLParser(encoding="utf-8")
        return html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def page_title(body: bytes) -> str | None:
    """Return the title element as plain text."""
    found = re.search(rb"<title[^<>]*>([^<]{1,400})</title>", body[:200_000], re.IGNORECASE)
    if not found:
        return None
    try:
        text = found.group(1).decode("utf-8")
    except UnicodeDecodeError:
        text = found.group(1).decode("cp1252", "replace")
    if "<" not in text and "&" in text:
        text = html.fromstring(f"<i>{text}</i>").text_content()
    return " ".join("".join(c for c in text if c.isprintable() or c == " ").split())[:120] or None


def home_of(url: str) -> str:
    """Return the address of the site's front page."""
    return urljoin(url, "/")


def source_name(url: str) -> str:
    """Return a name for a source from its address: "lindenauer-tagblatt"."""
    host = (urlsplit(url).hostname or "source").removeprefix("www.")
    stem = host.rsplit(".", 1)[0] if "." in host else host
    tail = urlsplit(url).path.strip("/").split("/")[0]
    name = stem if not tail or "." in tail or tail in ("feed", "rss") else f"{stem}-{tail}"
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "source"
