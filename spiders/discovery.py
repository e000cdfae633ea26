"""Finding articles: feeds, sitemaps and the links of front and section pages. Pure functions on bytes."""

from __future__ import annotations

import calendar
import contextlib
import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
from lxml import etree, html

from spiders.canonical import canonical, same_site

MAX_LINKS = 5000
_DATE_IN_PATH = re.compile(r"/20\d\d[/-]?[01]\d")
_LONG_SLUG = re.compile(r"[a-z0-9äöüß]+(-[a-z0-9äöüß]+){3,}", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d{4,}|[-,.]\w?\d{3,})(\.\w{3,5})?/?$")
_NOT_ARTICLES = re.compile(
    r"/(impressum|imprint|datenschutz|privacy|kontakt|contact|agb|terms|login|anmelden|registrier\w*|abo\w*|newsletter"
    r"|suche|search|tag|tags|thema|themen|author|autor|autoren|category|kategorie|archiv|jobs|karriere|shop|mediadaten"
    r"|werbung|rss|feed|sitemap|cookie\w*|hilfe|faq|wp-(login|admin|json))(/|\.|$)",
    re.IGNORECASE,
)
_FILES = re.compile(r"\.(jpe?g|png|gif|webp|svg|pdf|zip|mp[34]|docx?|xlsx?|css|js|ico|xml)$", re.IGNORECASE)

_REFERENCE = re.compile(rb"&#[^;\s<&]{0,40};?")
# A listing needs no document type; one that declares entities makes the reader give the rest up. Linear: possessive.
_DOCTYPE = re.compile(
    rb"""<!DOCTYPE(?:[^\[>"']|"[^"]*+"|'[^']*+')*+(?:\[(?:[^\]"']|"[^"]*+"|'[^']*+')*+\]\s*+)?+>""", re.IGNORECASE
)
_DECLARED = re.compile(r"""^(<\?xml[^>]{0,200}?)\s+encoding\s*=\s*["'][^"']{0,40}["']""", re.IGNORECASE)
# Byte order marks, and how XML begins in those encodings without one (XML 1.0, appendix F).
_WIDE = (
    (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    (b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"), (b"<\x00\x00\x00", "utf-32-le"), (b"\x00\x00\x00<", "utf-32-be"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """An article: the address to ask for, the canonical one it is known by, its date where the listing gives one.

    `changed`: when the listing says it was changed last; `certain`: the listing names articles only (feed,
    sitemap), so that the page need not be judged; `headline`: the words of the link.
    """

    url: str
    key: str
    dated: datetime | None = None
    changed: datetime | None = None
    certain: bool = True
    headline: str = ""


def listing_form(body: bytes, content_type: str | None) -> str:
    """Tell what a listing is: feed, json_feed, sitemap, sitemap_index or html."""
    head = _head(body).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    kind = (content_type or "").lower()
    if head.startswith(b"{") and b"jsonfeed.org" in head:
        return "json_feed"
    if b"<sitemapindex" in head:
        return "sitemap_index"
    if b"<urlset" in head:
        return "sitemap"
    if b"<rss" in head or b"<feed" in head or b"<rdf:rdf" in head or "rss" in kind or "atom" in kind:
        return "feed"
    return "html"


def _head(body: bytes) -> bytes:
    """Return how a listing begins, whatever its encoding, without the document type that may stand before it."""
    head = _narrow(body[:200_000])
    if b"<!DOCTYPE" in head[:1000] and b"[" in head[:1000]:
        start, end = head.find(b"<!DOCTYPE"), head.find(b"]>")
        head = head[:start] + head[end + 2 :] if end > start else head
    return head[:3000]


def _narrow(body: bytes) -> bytes:
    """Return a listing in UTF-16 or UTF-32 as UTF-8: not every reader of feeds and JSON takes the byte order mark's word."""
    encoding = next((name for mark, name in _WIDE if body.startswith(mark)), None)
    if encoding is None:
        return body
    return _DECLARED.sub(r"\1", body.decode(encoding, "replace")).encode("utf-8", "replace")


def _without_doctype(body: bytes) -> bytes:
    """Leave the first document type out; looked for at one place only, so that the time stays linear."""
    at = body[:5000].upper().find(b"<!DOCTYPE")
    found = _DOCTYPE.match(body, at) if at >= 0 else None
    return body[:at] + body[found.end() :] if found else body


def feed_links(body: bytes, base: str) -> list[Link]:
    """Read RSS, RDF or Atom; entities and external references are not resolved (feedparser uses expat without)."""
    body = _narrow(body[:5_000_000])
    try:
        parsed = feedparser.parse(body[:5_000_000], sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # its fallback for broken XML stumbles over references to characters that do not exist
        try:
            plain = _REFERENCE.sub(b" ", body[:5_000_000])
            parsed = feedparser.parse(plain, sanitize_html=False, resolve_relative_uris=False)
        except Exception:  # whatever else a feed makes it do costs this listing only
            return []
    links: list[Link | None] = []
    for entry in parsed.entries[:MAX_LINKS]:
        target = entry.get("link") or (entry.get("id") if str(entry.get("id", "")).startswith("http") else None)
        stamp = entry.get("published_parsed") or entry.get("updated_parsed")
        if target:
            changed = dict.get(entry, "updated_parsed")  # feedparser's own `get` would give the date of publication
            links.append(_link(target, _stamp(stamp), _stamp(changed), base=base))
    return _unique(links)


def json_feed_links(body: bytes, base: str) -> list[Link]:
    """Read JSON Feed 1.1."""
    try:
        items = json.loads(_narrow(body).decode("utf-8-sig", "replace")).get("items", [])
    except (ValueError, AttributeError, RecursionError):
        return []
    links: list[Link | None] = []
    for item in items[:MAX_LINKS] if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("url"):
            dated, changed = _moment(item.get("date_published")), _moment(item.get("date_modified"))
            links.append(_link(str(item["url"]), dated, changed, base=base))
    return _unique(links)


def sitemap_links(body: bytes) -> list[Link]:
    """Read `loc` and `lastmod` of a sitemap or sitemap index, newest first; entities are not resolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(_without_doctype(_narrow(body[:20_000_000])), parser)
    except etree.XMLSyntaxError:
        return []
    links: list[Link | None] = []
    for node in root if root is not None else ():
        found: dict[str, str] = {}
        for child in node.iter():
            name = etree.QName(child).localname if isinstance(child.tag, str) else ""
            if name in ("loc", "lastmod", "publication_date") and child.text:
                found.setdefault(name, child.text.strip())
        if "loc" in found:
            changed = _moment(found.get("lastmod"))
            links.append(_link(found["loc"], _moment(found.get("publication_date")) or changed, changed))
        if len(links) >= 50_000:
            break
    found_links = _unique(links)
    found_links.sort(key=lambda link: link.dated.timestamp() if link.dated else 0.0, reverse=True)
    return found_links


def article_links(body: bytes, base: str) -> tuple[list[Link], list[str]]:
    """Return the article links of a front or section page and the addresses of its next pages."""
    tree = _tree(body)
    if tree is None:
        return [], []
    base = _base(tree, base)
    links: list[Link | None] = []
    following: list[str] = []
    for anchor in tree.iter("a"):
        href = anchor.get("href")
        if not href or href.startswith(("#", "mailto:", "tel:", "javascript:")):
            continue
        try:
            url = urljoin(base, href.strip())
            usable = urlsplit(url).scheme in ("http", "https") and same_site(url, base)
        except ValueError:
            continue
        if not usable:
            continue
        text = " ".join(anchor.text_content().split())[:300]
        rel = (anchor.get("rel") or "").lower()
        if "next" in rel.split() or text.lower() in (
            "weiter",
            "nächste seite",
            "next",
            "older posts",
            "ältere beiträge",
            "›",
            "»",
        ):
            following.append(url)
        elif article_likelihood(url, text) >= 2:
            links.append(_link(url, certain=False, headline=text))
        if len(links) >= MAX_LINKS:
            break
    return _unique(links), list(dict.fromkeys(following))[:3]


def article_likelihood(url: str, text: str) -> int:
    """Score a link: 2 and more reads like an article (path shape, length of the headline)."""
    parts = urlsplit(url)
    path = parts.path
    if path in ("", "/") or _NOT_ARTICLES.search(path) or _FILES.search(path):
        return -1
    points = 0
    points += 2 if _DATE_IN_PATH.search(path) else 0
    points += 2 if _LONG_SLUG.search(path.rsplit("/", 2)[-1] or path) else 0
    points += 1 if _NUMBERED.search(path) else 0
    words = len(text.split())
    points += 2 if words >= 5 else 1 if words >= 3 else 0
    points += 1 if path.count("/") >= 2 and path.endswith((".html", ".htm", ".phtml", ".php")) else 0
    return points


def alternate_listings(body: bytes, base: str) -> list[str]:
    """Return the feeds that a page announces (`link rel=alternate`), in order."""
    tree = _tree(body)
    if tree is None:
        return []
    found = []
    for link in tree.iter("link"):
        kind = (link.get("type") or "").lower()
        if (
            "alternate" in (link.get("rel") or "").lower()
            and link.get("href")
            and ("rss" in kind or "atom" in kind or "feed+json" in kind or kind == "text/calendar")
        ):
            with contextlib.suppress(ValueError):
                found.append(urljoin(_base(tree, base), link.get("href")))
    return list(dict.fromkeys(found))


def sitemaps_of(robots_txt: bytes) -> list[str]:
    """Return the sitemaps that a robots.txt names, those of news first."""
    found = re.findall(rb"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(https?://[^\s#]{1,2000})", robots_txt[:512_000])
    urls = list(dict.fromkeys(url.decode("utf-8", "replace") for url in found))
    return sorted(urls, key=lambda url: "news" not in url.lower())


def _tree(body: bytes) -> html.HtmlElement | None:
    if not body.strip():
        return None
    try:
        return html.document_fromstring(body[:5_000_000])
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _base(tree: html.HtmlElement, base: str) -> str:
    for node in tree.iter("base"):
        if node.get("href"):
            with contextlib.suppress(ValueError):
                return str(urljoin(base, node.get("href")))
    return base


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text).strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _stamp(stamp: time.struct_time | None) -> datetime | None:
    return datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None


def _link(
    url: str,
    dated: datetime | None = None,
    changed: datetime | None = None,
    certain: bool = True,
    headline: str = "",
    base: str = "",
) -> Link | None:
    """Make a Link; None when the address is no web address."""
    try:
        url = urljoin(base, url.strip()) if base else url.strip()
        return Link(urldefrag(url).url, canonical(url), dated, changed, certain, headline)
    except ValueError:
        return None


def _unique(links: list[Link | None]) -> list[Link]:
    found: dict[str, Link] = {}
    for link in links:
        if link is not None:
            found.setdefault(link.key, link)
    return list(found.values())
