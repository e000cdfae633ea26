"""Which pages of a company site tell who it is: Impressum first, then Kontakt, then Team and "Über uns".

Pure: bytes in, absolute addresses out. Frames and redirects by meta element come before links, because a frameset
page has no links of its own.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from scrapy.http import HtmlResponse

MAX_LINKS = 5
MAX_DEPTH = 3
MAX_FRAMES = 3
MAX_BYTES = 2_000_000
MAX_ANCHORS = 3_000

_GROUPS = (
    (100, ("impressum", "imprint", "impress", "legal-notice", "legal notice", "offenlegung", "anbieterkennzeichnung", "legal-disclosure")),
    (80, ("kontakt", "contact", "contact-us")),
    (45, ("anfahrt", "anreise", "so finden sie uns", "standort")),
    (60, ("team", "über uns", "ueber-uns", "ueber_uns", "ueberuns", "uber-uns", "wir über uns", "wir-ueber-uns", "about", "about us", "wer-wir-sind", "wer wir sind", "who-we-are", "who we are", "our-team", "our-people", "people", "menschen")),
    (55, ("geschäftsführung", "geschaeftsfuehrung", "geschäftsleitung", "geschaeftsleitung", "kanzleileitung", "praxisleitung", "leitung", "geschaeftsfuehrer", "geschäftsführer", "verwaltungsrat", "management", "leadership", "board", "board-of-directors", "board of directors", "directors", "vorstand", "inhaber", "kanzlei", "praxisteam", "ansprechpartner", "unternehmen", "company")),
    (40, ("legal", "rechtliches", "pflichtangaben")),
    (15, ("datenschutz", "home", "startseite", "main", "start", "index")),
)  # fmt: skip
_FILES = re.compile(r"\.(?:pdf|jpe?g|png|gif|svg|zip|docx?|xlsx?|mp[34]|css|js|ico|webp|vcf|ics|xml|rss)$", re.I)
_REFRESH = re.compile(r"url\s{0,3}=\s{0,3}['\"]?([^'\"\s>;]{1,500})", re.I)
_SCRIPT_JUMP = re.compile(
    r"(?:window|self|top|document)\.location(?:\.href)?\s{0,3}=\s{0,3}[\"']([^\"']{1,300})[\"']|location\.replace\(\s{0,3}[\"']([^\"']{1,300})"
)


def site_links(base_url: str, body: bytes, content_type: str | None, depth: int) -> list[str]:
    """Return at most five addresses of the same host worth reading next, best first.

    `depth` is 0 for the start page. Beyond the start page only frames, redirects and what leads to the Impressum
    or contact page count. An empty list for anything but HTML.
    """
    if depth >= MAX_DEPTH or (content_type and "html" not in content_type.lower()):
        return []
    headers = {"Content-Type": content_type} if content_type else {}
    response = HtmlResponse(base_url, headers=headers, body=body[:MAX_BYTES])
    host = _host(base_url)
    base = (
        urljoin(base_url, response.xpath("//base/@href").get("").strip())
        if b"<base" in body[:20_000].lower()
        else base_url
    )
    scored: dict[str, float] = {}

    def offer(target: str, score: float) -> None:
        try:
            url = urljoin(base, unescape(target.strip()).replace("\\", "/"))
            parts = urlsplit(url)
        except ValueError:
            return
        if parts.scheme not in ("http", "https") or _host(url) != host or _FILES.search(parts.path):
            return
        url = url.partition("#")[0]
        if url.rstrip("/") == base_url.partition("#")[0].rstrip("/"):
            return
        scored[url] = max(score, scored.get(url, 0.0))

    frames = response.xpath("//frame")[:20]
    ranked_frames = sorted(
        frames, key=lambda frame: -_frame_score(frame.root.get("name", ""), frame.root.get("src", ""))
    )
    for number, frame in enumerate(ranked_frames[:MAX_FRAMES]):
        offer(frame.root.get("src", ""), 130.0 - number)
    for source in response.xpath("//iframe/@src").getall()[:20]:
        offer(source, _score("", source))
    refresh = "//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content"
    for content in response.xpath(refresh).getall()[:3]:
        if match := _REFRESH.search(content):
            offer(match.group(1), 140)
    anchors = response.xpath("//a[@href] | //area[@href]")[:MAX_ANCHORS]
    for number, anchor in enumerate(anchors):
        href = anchor.root.get("href", "")
        if href.startswith(("#", "mailto:", "tel:", "javascript:")):
            continue
        text = " ".join(anchor.xpath(".//text() | .//img/@alt | @title | @alt").getall()[:20])
        score = _score(text, href)
        if score >= (40 if depth == 0 else 55):
            offer(href, score - number / MAX_ANCHORS)
        elif len(anchors) <= 3 and depth <= 1:
            offer(href, 20 - number)  # a door page: a picture with one link behind it
    if not scored:
        for script in response.xpath("//script/text()").getall()[:10]:
            if match := _SCRIPT_JUMP.search(script[:20_000]):
                offer(match.group(1) or match.group(2), 70)
    if depth == 0 and not frames and not (scored and max(scored.values()) >= 120):
        hrefs = [anchor.root.get("href", "") for anchor in anchors]
        english = response.xpath("/html/@lang").get("").lower().startswith("en")  # there it is called otherwise
        for guess, score in _guesses(base_url, hrefs, scored):
            offer(guess, 21.0 if english and scored else score)
    ranked = sorted(scored, key=lambda url: -scored[url])
    return _one_of_a_kind(ranked)[:MAX_LINKS]


def _frame_score(name: str, source: str) -> int:
    """Rank frames: those with the menu first, those with a picture or nothing last."""
    words = f"{name} {source}".lower()
    if re.search(r"nav|menu|menue|menü|button|links|left|index|inhalt|verzeichnis|leiste", words):
        return 2
    return (
        0
        if re.search(r"head|kopf|oben|top|banner|logo|tit(?:el|le)|leer|blank|empty|foot|unten|bottom|side", words)
        else 1
    )


def _guesses(base_url: str, hrefs: list[str], scored: dict[str, float]) -> list[tuple[str, float]]:
    """Usual addresses of the Impressum where no link leads there (menus put in by scripts or the server).

    The page beside the start page, with the file ending the site uses; the contact page likewise, and the team's
    where the page has no links worth the name.
    """
    ending = _ending(base_url, hrefs)
    names = [_score("", url) for url in scored]
    guesses: list[tuple[str, float]] = []
    if not any(score >= 85 for score in [*names, *scored.values()]):
        guesses.append((f"impressum{ending}", 78.0))
    elif ending and not any(re.search(r"impressum\.|impressum/", url.lower()) for url in scored):
        guesses.append((f"impressum{ending}", 77.0))  # links without ending need a server that knows the pages
    if not any(60 < score < 85 for score in [*names, *scored.values()]):
        guesses.append((f"kontakt{ending}", 30.0))
        if len(hrefs) < 4:
            guesses.append((f"team{ending}", 29.0))
    return guesses


def _ending(base_url: str, hrefs: list[str]) -> str:
    own = re.search(r"\.(?:html?|php|aspx?|shtml)$", urlsplit(base_url).path)
    if own:
        return own.group()
    found = [
        match.group() for href in hrefs[:300] if (match := re.search(r"\.(?:html?|php|aspx?|shtml)(?=$|[?#])", href))
    ]
    return max(set(found), key=found.count) if found else ("" if hrefs else ".html")


def other_ending(url: str) -> str | None:
    """Return where an Impressum or contact page may lie that is not at `url`: the same name with another ending.

    "/impressum" -> "/impressum.html" -> "/impressum.htm"; None for other pages and after the last ending. A start
    page without file name does not tell how the site's addresses end.
    """
    parts = urlsplit(url)
    match = re.fullmatch(r"(.*/(?:impressum|imprint|kontakt|contact))(/|\.html|)", parts.path, re.I)
    if match is None or parts.query:
        return None
    return parts._replace(path=match.group(1) + (".htm" if match.group(2) == ".html" else ".html")).geturl()


def _one_of_a_kind(urls: list[str]) -> list[str]:
    """Drop a second address for the same page (trailing slash, index file)."""
    seen: dict[str, str] = {}
    for url in urls:
        parts = urlsplit(url)
        path = re.sub(r"/index\.(?:html?|php)$", "/", parts.path).rstrip("/").lower()
        seen.setdefault(f"{path}?{parts.query}", url)
    return list(seen.values())


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _score(text: str, href: str) -> float:
    shown = " ".join(text[:120].lower().split())
    path = unquote(urlsplit(href).path).lower() if "://" not in href[:9] or href else href
    name = re.sub(r"\.(?:html?|php|aspx?|shtml)$", "", path.rstrip("/").rpartition("/")[2])
    query = urlsplit(href).query.lower()
    best = 0.0
    for score, terms in _GROUPS:
        for term in terms:
            if term in (shown, name):
                best = max(best, float(score))
            elif shown.startswith(term) and len(shown) < 40:
                best = max(best, score - 3.0)
            elif (term in name or term in query or term in shown) and len(term) > 3 and len(shown) < 60:
                best = max(best, score - 12.0)
    return best - 25 if best and re.search(r"/(?:en|fr|it|tr|es|nl|pl|ru)/", f"/{path}") else best
