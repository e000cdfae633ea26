"""Which links of an event site's page are worth following: events, calendars, speakers, programme, further pages."""

from __future__ import annotations

import re
from functools import cache
from html import unescape as html_unescape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from lxml import etree, html

import data

MAX_LINKS = 60
MAX_DEPTH = 3
MAX_BODY = 4_000_000
MAX_ANCHORS = 3_000

_DATE = re.compile(
    r"\b\d{1,2}\.\s?(?:\d{1,2}\.|Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)|\b(?:19|20)\d\d-\d\d-\d\d|\b\d{1,2}:\d\d\b|\b\d{1,2}(?:st|nd|rd|th)?\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?\s\d{1,2}\b",
    re.I,
)
_SITEMAP_ENTRY = re.compile(
    r"<loc>\s*(?P<loc>[^<]{4,1000})</loc>(?:\s*<lastmod>(?P<lastmod>[^<]{4,40})</lastmod>)?", re.I
)
_SITEMAP_SCORES = (("calendar_files", 90), ("people", 80), ("programme", 75), ("event", 60), ("organisers", 45))
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|svg|webp|mp[34]|css|js|xml|json|txt|webm|avi|mov|exe|dmg|epub)$",
    re.I,
)


@cache
def _pattern(group: str) -> re.Pattern[str]:
    words: dict[str, Any] = yaml.safe_load(data.path("event_links.yml").read_text("utf-8"))
    parts = []
    for word in words[group]:
        body = re.escape(str(word).strip("*")).replace(r"\?", ".")
        parts.append((r"\w*" if str(word).startswith("*") else "") + body + (r"\w*" if str(word).endswith("*") else ""))
    if group == "calendar_files":
        return re.compile("|".join(parts), re.I)
    return re.compile(r"(?<![^\W_])(?:" + "|".join(parts) + r")(?![^\W_])", re.I)


def event_links(base_url: str, body: bytes, content_type: str | None, depth: int) -> list[str]:
    """Return the addresses of the same host to follow from a page of an event source, best first, at most 60.

    `depth` is how many links away from the start page this page is: detail pages, calendar files, speakers',
    programme and organisers' pages and pagination are followed from the start page, less the further away, none
    from `MAX_DEPTH` on. The start page also leads to the home page of its folder and host and to the
    sitemap, because listings often don't link to boards, contacts and past events. Never raises; a body that is no HTML has no links.
    """
    if depth > 0 and b"<urlset" in body[:2000]:
        return _sitemap_links(base_url, body)
    if depth >= MAX_DEPTH or not body or b"<" not in body[:2000] or body[:15].lstrip().upper().startswith(b"BEGIN:V"):
        return _homes(base_url) if depth == 0 else []
    try:
        tree = html.document_fromstring(
            body[:MAX_BODY], parser=html.HTMLParser(huge_tree=False, encoding=_encoding(body, content_type))
        )
    except (etree.LxmlError, ValueError, AssertionError, LookupError):
        return _homes(base_url) if depth == 0 else []
    bases = [element.get("href") for element in tree.iter("base") if element.get("href")]
    try:
        base = urljoin(base_url, bases[0]) if bases else base_url
    except ValueError:
        base = base_url
    host = (urlsplit(base_url).hostname or "").removeprefix("www.")
    index = _is_index(tree)
    scored: dict[str, tuple[int, int]] = {}
    for number, element in enumerate(tree.iter("a", "link", "area")):
        if number >= MAX_ANCHORS:
            break
        href = (element.get("href") or "").strip()
        if (
            element.tag == "link"
            and "text/calendar" not in (element.get("type") or "")
            and element.get("rel") != "next"
        ):
            continue
        address = _address(base, href, host)
        if address is None or _same(address, base_url):
            continue
        score = _score(element, address, depth)
        if (
            score <= 0
            and index
            and re.search(r"\.(?:html?|csv)$|/$", urlsplit(address).path)
            and not _FILE.search(address)
        ):
            score = 1 if not _pattern("never").search(unquote(urlsplit(address).path).lower()) else 0
        if score > 0:
            known = scored.get(address)
            scored[address] = (max(score, known[0] if known else 0), known[1] if known else -number)
    ordered = sorted(scored, key=lambda address: scored[address], reverse=True)[:MAX_LINKS]
    if depth == 0:
        homes = [home for home in _homes(base_url) if home not in ordered]
        ordered = ordered[: MAX_LINKS - len(homes)] + homes
    return ordered[:MAX_LINKS]


def _is_index(tree: Any) -> bool:
    """Tell whether a page is nothing but a list of links, such as a server's index of a folder."""
    text = len("".join(tree.itertext())[:200_000].split())
    linked = [len("".join(anchor.itertext()).split()) for anchor in list(tree.iter("a"))[:MAX_ANCHORS]]
    return len(linked) >= 3 and sum(linked) >= 0.9 * max(1, text)


def _encoding(body: bytes, content_type: str | None) -> str:
    declared = re.search(r"charset=([\w-]{3,20})", content_type or "", re.I)
    try:
        body[:MAX_BODY].decode("utf-8")
    except UnicodeDecodeError:
        return declared.group(1) if declared and declared.group(1).lower() != "utf-8" else "cp1252"
    return "utf-8"


def _address(base: str, href: str, host: str) -> str | None:
    """Return the absolute http(s) address on the same host, without fragment; None for anything else."""
    if not href or href.startswith(("#", "mailto:", "tel:", "javascript:", "data:")):
        return None
    try:
        joined = urljoin(base, href.replace("webcal://", "http://")).split("#", 1)[0]
        parts = urlsplit(joined)
        found = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or found != host or len(joined) > 1_000:
        return None
    return joined


def _same(one: str, other: str) -> bool:
    return one.rstrip("/") == other.split("#", 1)[0].rstrip("/")


def _homes(base_url: str) -> list[str]:
    parts = urlsplit(base_url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = root + parts.path.rsplit("/", 1)[0].lstrip("/")
    folder = folder if folder.endswith("/") else f"{folder}/"
    return [home for home in dict.fromkeys((folder, root, f"{root}sitemap.xml")) if not _same(home, base_url)]


def _sitemap_links(base_url: str, body: bytes) -> list[str]:
    """Return the addresses of a sitemap that speak of events, people or organisers, newest first."""
    host = (urlsplit(base_url).hostname or "").removeprefix("www.")
    text = body[:MAX_BODY].decode("utf-8", "replace")
    scored: list[tuple[int, str, str]] = []
    for match in list(_SITEMAP_ENTRY.finditer(text))[:20_000]:
        address = _address(base_url, html_unescape(match["loc"].strip()), host)
        if address is None:
            continue
        where = unquote(urlsplit(address).path).lower()
        if _pattern("never").search(where) or (_FILE.search(where) and not _pattern("calendar_files").search(where)):
            continue
        score = next((points for group, points in _SITEMAP_SCORES if _pattern(group).search(where)), 0)
        if score:
            scored.append((score, match["lastmod"] or "", address))
    return [address for _, _, address in sorted(scored, reverse=True)][:MAX_LINKS]


def _score(element: Any, address: str, depth: int) -> int:
    """Score a link by its address, its words and what stands around it; 0 or less is not followed."""
    parts = urlsplit(address)
    where = unquote(f"{parts.path} {parts.query}").lower()
    label = " ".join("".join(element.itertext())[:300].split()) or (element.get("title") or "")
    if _pattern("calendar_files").search(where) or "text/calendar" in (element.get("type") or ""):
        return 90 - 10 * depth
    if _FILE.search(parts.path):
        return 0
    if _pattern("never").search(where.rsplit("/", 2)[-1] if len(where) > 1 else "") or _pattern("never").search(
        label.lower()[:40]
    ):
        return 0
    score = 0
    tail = " ".join(where.rsplit("/", 3)[1:])
    if _pattern("people").search(where) or _pattern("people").search(label):
        score = 80
    elif _pattern("programme").search(tail) or _pattern("programme").search(label[:40]):
        score = 75
    near = _near(element)
    if _DATE.search(near):
        score = max(score, 70 if depth <= 1 else 30)
    if _pattern("event").search(where):
        score = max(score, 60 if depth <= 1 else 25)
    elif _pattern("event").search(label):
        score = max(score, 55 if depth <= 1 else 20)
    if _pattern("organisers").search(where) or _pattern("organisers").search(label[:40]):
        score = max(score, 45)
    if (
        element.get("rel") == "next"
        or _pattern("pages").search(label[:30])
        or re.search(r"[?&/](?:page|seite|p|start|offset)[=/]\d+", where)
    ):
        score = max(score, 40)
    if score == 0 and depth <= 1:
        score = _card(element, label)
    return score - 8 * depth


def _near(element: Any) -> str:
    """Return the text of a link and of its two parents, as far as they are short: the date of a list entry."""
    text = " ".join(element.itertext())[:400]
    parent = element.getparent()
    for _ in range(3):
        if parent is None or parent.tag in ("body", "main", "nav", "ul", "ol", "table", "tbody", "header", "footer"):
            break
        pieces, size = [], 0
        for piece in parent.itertext():
            pieces.append(piece)
            size += len(piece)
            if size > 700:
                return text
        text = " ".join(pieces)
        parent = parent.getparent()
    return text


def _card(element: Any, label: str) -> int:
    """A link around or inside a heading, or around a picture with a name: a card of something with its own page."""
    inside = any(child.tag in ("h2", "h3", "h4", "img") for child in element.iter("h2", "h3", "h4", "img"))
    parent = element.getparent()
    if inside or (parent is not None and parent.tag in ("h2", "h3", "h4")):
        return 30
    return 15 if parent is not None and parent.tag in ("td", "li", "p") and 1 < len(label.split()) <= 6 else 0
