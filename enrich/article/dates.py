"""When an article was published: an aware datetime from structured data, meta elements, `<time>` or text.

Times without zone and bare dates are read as Europe/Berlin, which also holds for Vienna and Zurich (the same
offset all year since 1996); a bare date becomes midnight. Order: JSON-LD `datePublished`, meta elements that
name the publication, `<time>` near the headline, a date line or the address, `htmldate` (slow, last).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from htmldate import find_date
from lxml.html import HtmlElement

from enrich.article.places import text_key
from enrich.article.structured_data import Node, text_of

ZONE = ZoneInfo("Europe/Berlin")
EARLIEST = datetime(1994, 1, 1, tzinfo=UTC)
FALLBACK_MAX_ELEMENTS = 20_000  # htmldate searches large trees for seconds

_META_KEYS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date",
    "dc:date",
    "publishdate", "publish-date", "publication_date", "pubdate", "published", "published_at",
    "published-date",
    "article.published", "article:published", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:recs:published_time",
    "datecreated", "date.created", "created",
)  # fmt: skip
_WEAK_META_KEYS = ("og:updated_time", "article:modified_time", "datemodified")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T|\s+|T\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_COMPACT = re.compile(r"\b(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?\b")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan", "februar feber february feb", "märz maerz march mar mär mrz",
            "april apr", "mai may", "juni june jun", "juli july jul", "august aug", "september sept sep",
            "oktober october okt oct", "november nov", "dezember december dez dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = r"(?:\s*(?:,|\||-|–|um|at|/|•|·|:)?\s*(?:um\s+)?(\d{1,2})[:.](\d{2})(?::(\d{2}))?\s*(?:Uhr|h\b)?)?"
_GERMAN = re.compile(
    rf"(?<![\d.])(\d{{1,2}})\.\s?(?:(\d{{1,2}})\.\s?|({_MONTH})\.?\s+)(\d{{4}}|\d{{2}}(?=\D|$)){_CLOCK}", re.I
)
_ENGLISH = re.compile(
    rf"\b(?:({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\.?,?\s+(\d{{4}})){_CLOCK}",
    re.I,
)
_RFC = re.compile(
    rf"(\d{{1,2}})\s+({_MONTH})\s+(\d{{4}})\s+(\d{{2}}):(\d{{2}})(?::(\d{{2}}))?\s*(Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}})?",
    re.I,
)
_URL_DATE = re.compile(r"/(20\d{2}|19\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)")
_TITLE_END = re.compile(r"[|–,-]\s*\d{1,2}\.\d{1,2}\.\d{4}\s*\Z")
_NAMED_LINE = re.compile(
    r"(?:veröffentlicht|erstellt|erschienen|publiziert|stand|datum|published|posted|mitteilung vom|meldung vom)\b"
    r"\D{0,25}(?=\d{1,2}\.|\d{4}-|[a-z]+\s+\d{1,2},)",
    re.I,
)
_TIME_WORDS = ("datepublished", "pubdate", "published", "publish", "entry-date")
MAX_LINE = 120
MAX_SEARCHED = 8_000
NEAR = 60  # elements between a headline and its date


def read_published(
    tree: HtmlElement,
    meta: dict[str, list[str]],
    article: Node | None,
    url: str,
    title: str | None = None,
    now: datetime | None = None,
) -> datetime | None:
    """Return when the page's article was published; None where nothing tells. `now` bounds false dates."""
    latest = (now or datetime.now(UTC)) + timedelta(days=400)
    for found in _candidates(tree, meta, article, url, title):
        if found is not None and EARLIEST <= found <= latest:
            return found
    return None


def _candidates(
    tree: HtmlElement, meta: dict[str, list[str]], article: Node | None, url: str, title: str | None
) -> Iterator[datetime | None]:
    if article:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            yield parse_date(text_of(article.get(key)))
    for key in _META_KEYS:
        for value in meta.get(key, [])[:3]:
            yield parse_date(value)
    yield from _times(tree)
    for value in (
        *meta.get("og:title", [])[:1],
        *("".join(found.itertext()) for found in tree.iterfind(".//head/title")),
    ):
        if ending := _TITLE_END.search(value):
            yield parse_date(ending.group())
    yield from _date_lines(tree, title)
    match = _URL_DATE.search(url)
    if match:
        yield _build(match[1], match[2], match[3])
    for key in _WEAK_META_KEYS:
        for value in meta.get(key, [])[:1]:
            yield parse_date(value)
    if article:
        yield parse_date(text_of(article.get("dateModified")))
    yield _fallback(tree, url)


def parse_date(text: str | None) -> datetime | None:
    """Read ISO 8601, RFC 2822, German and English dates with or without a time; None where there is none."""
    if not text:
        return None
    text = " ".join(text[:200].split())
    if match := _ISO.search(text):
        return _build(*match.groups())
    if match := _RFC.search(text):
        day, month, year, hour, minute, second, zone = match.groups()
        return _build(year, _MONTHS[month.lower()], day, hour, minute, second, None, zone)
    if match := _GERMAN.search(text):
        day, month, name, year, hour, minute, second = match.groups()
        number = _MONTHS[name.lower()] if name else month
        return _build(year if len(year) == 4 else f"20{year}", number, day, hour, minute, second)
    if match := _ENGLISH.search(text):
        name, day, year, day_first, name_first, year_first, hour, minute, second = match.groups()
        month_name = (name or name_first).lower()
        return _build(year or year_first, _MONTHS[month_name], day or day_first, hour, minute, second)
    if match := _COMPACT.search(text):
        year, month, day, hour, minute, second, zone = match.groups()
        return _build(year, month, day, hour, minute, second, None, zone)
    return None


def _build(
    year: str,
    month: str | int,
    day: str,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    fraction: str | None = None,
    zone: str | None = None,
) -> datetime | None:
    try:
        found = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]), tzinfo=ZONE,
        )  # fmt: skip
        if zone and hour:
            offset = timedelta(0)
            if zone[0] in "+-":
                digits = zone[1:].replace(":", "").ljust(4, "0")
                offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
            found = (found.replace(tzinfo=UTC) - offset).astimezone(UTC if not offset else ZONE)
    except (ValueError, OverflowError):
        return None
    return found


def _times(tree: HtmlElement) -> Iterator[datetime | None]:
    """Yield dates of `<time>` elements: those that name the publication, then the first of the article."""
    elements = [element for element, _ in zip(tree.iter("time"), range(50), strict=False)]
    for element in elements:
        signs = " ".join((element.get(name) or "").lower() for name in ("itemprop", "class", "property", "id"))
        if element.get("pubdate") is not None or any(word in signs for word in _TIME_WORDS):
            yield _time_value(element)
    for element in tree.xpath("//*[@itemprop='datePublished']")[:3]:
        yield parse_date(element.get("content") or element.get("datetime") or "".join(element.itertext()))
    in_article = [element for element in elements if next(element.iterancestors("article", "main"), None) is not None]
    for element in (in_article or elements)[:1]:
        yield _time_value(element)


def _time_value(element: HtmlElement) -> datetime | None:
    return parse_date(element.get("datetime")) or parse_date("".join(element.itertext()))


def _date_lines(tree: HtmlElement, title: str | None) -> Iterator[datetime | None]:
    """Yield dates of short lines ("Stand: 22.04.2024, 06:00 Uhr", "16.02.16"), those nearest the headline first."""
    wanted = text_key(title or "")
    headline = -1
    lines: list[tuple[int, str]] = []
    for number, element in enumerate(tree.iter("*")):
        if number > MAX_SEARCHED:
            break
        if element.tag in ("script", "style", "title", "option"):
            continue
        for text in (element.text, element.tail):
            if not text or len(text) > 400:
                continue
            line = " ".join(text.split())
            if headline < 0 and element.tag not in ("a", "li") and _is_headline(line, wanted, element.tag):
                headline = number
            if 6 <= len(line) <= MAX_LINE and any(sign.isdigit() for sign in line):
                lines.append((number, line))
    if headline < 0:
        h1 = tree.find(".//h1")
        headline = next((n for n, element in enumerate(tree.iter("*")) if element is h1), -1) if h1 is not None else -1
    if headline < 0:
        yield from (parse_date(line) for _, line in lines if _NAMED_LINE.search(line))
        return
    near = [(abs(number - headline), line) for number, line in lines if abs(number - headline) <= NEAR]
    for _, line in sorted(near, key=lambda item: item[0]):
        if _is_date_line(line):
            yield parse_date(line)
    yield from (parse_date(line) for number, line in lines if number > headline and _NAMED_LINE.match(line))


def _is_headline(line: str, wanted: str, tag: str) -> bool:
    key = text_key(line)
    if len(key) < 12 or not wanted:
        return False
    return key == wanted or (tag in ("h1", "h2", "h3") and (key in wanted or wanted in key))


def _is_date_line(line: str) -> bool:
    """Tell whether a line is hardly more than a date, or names one ("Veröffentlicht am …", "(16.04.2016 …)")."""
    found = _GERMAN.search(line) or _ENGLISH.search(line) or _ISO.search(line)
    if found is None:
        return False
    rest = len(line) - len(found.group())
    return rest <= 30 or bool(_NAMED_LINE.search(line)) or line.endswith((")", "Uhr"))


def _fallback(tree: HtmlElement, url: str) -> datetime | None:
    if sum(1 for _ in zip(tree.iter(), range(FALLBACK_MAX_ELEMENTS + 1), strict=False)) > FALLBACK_MAX_ELEMENTS:
        return None
    try:
        found = find_date(tree, extensive_search=False, original_date=True, url=url or None)
    except Exception:  # a library's failure must not cost the page
        return None
    return parse_date(found)
