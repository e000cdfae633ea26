"""The title of an article page."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from enrich.article.access import host_and_path
from enrich.article.content import one_line
from enrich.article.structured_data import Node, text_of

_SEPARATOR = re.compile(r"\s+[|–—·›»:•]\s+|\s+-\s+|\s*\|\s*|,\s+(?=[^,]*$)")
_DATE = re.compile(r"\d{1,2}\.\s?(?:\d{1,2}\.|[A-Za-zä]+)\s?\d{2,4}|\d{4}-\d{2}-\d{2}")
_PLAIN = re.compile(r"[\W_]+")
_DOMAIN_ENDS = frozenset(
    {
        "de",
        "at",
        "ch",
        "com",
        "net",
        "org",
        "info",
        "eu",
        "co",
        "uk",
        "news",
        "online",
        "www",
        "li",
        "lu",
        "us",
        "tv",
    }
)


def read_title(
    tree: HtmlElement,
    meta: dict[str, list[str]],
    article: Node | None,
    url: str,
    site_names: tuple[str, ...] = (),
) -> str | None:
    """Return the editorial title without the name of the site.

    og:title where the page has one; where JSON-LD states another headline, that one wins if `<title>` carries
    no site name. Measured on pages whose two titles differ: pages with a bare `<title>` use it and og:title
    for search engines and keep the editorial headline in JSON-LD (11 of 12 publishers decided rightly); an
    `alternativeHeadline` equal to og:title speaks for og:title. Without both: h1, then `<title>`.
    """
    names = _site_keys(url, (*meta.get("og:site_name", []), *meta.get("application-name", []), *site_names))
    element = tree.find(".//head/title")
    raw = one_line("".join(element.itertext())) if element is not None else None
    if raw is None:
        raw = one_line(next((found.text for found in tree.iter("title") if found.text), None))
    headings = [found for h1 in tree.iter("h1") if (found := one_line("".join(h1.itertext())))]
    bare = strip_site(raw, names) if raw else None
    social = next((found for key in ("og:title", "twitter:title") for found in meta.get(key, [])), None)
    social = strip_site(one_line(social), names)
    headline = strip_site(one_line(text_of(article.get("headline"))), names) if article else None
    if social and _key(social) in names:  # og:title that only names the site
        social = None
    if social and headline:
        other = one_line(text_of(article.get("alternativeHeadline"))) if article else None
        decisive = _key(social) != _key(headline) and bare == raw and _key(other or "") != _key(social)
        if _key(bare or "") == _key(headline) and any(_key(h1) == _key(social) for h1 in headings):
            decisive = False  # the page shows og:title, JSON-LD repeats the search title
        return headline if decisive and not _is_longer(headline, social) else social
    if social or headline:
        return social or headline
    if headings and bare:
        match = next((h1 for h1 in headings if _key(bare).startswith(_key(h1)) or _key(h1) in _key(bare)), None)
        return match or (headings[0] if len(headings) == 1 else bare)
    if bare:  # old pages set the headline as any heading and put the site's name in front of it
        lower = (one_line("".join(found.itertext())) for found in tree.iter("h1", "h2", "h3"))
        return next(
            (text for text in lower if text and len(_key(text)) >= 15 and _key(bare).endswith(_key(text))), bare
        )
    return headings[0] if headings else None


def _is_longer(headline: str, social: str) -> bool:
    """Tell whether the headline is only the title with the name of a section behind it."""
    return headline.startswith(social) and bool(_SEPARATOR.match(headline[len(social) :]))


def strip_site(title: str | None, names: frozenset[str]) -> str | None:
    """Cut the parts after the last separators that name the site, or a date beside it; None stays None."""
    if not title:
        return None
    stripped = title
    while True:
        matches = list(_SEPARATOR.finditer(stripped))
        if not matches:
            return stripped
        last = stripped[matches[-1].end() :]
        named = _names_site(last, names) or (_DATE.fullmatch(last.strip()) is not None)
        head = stripped[: matches[-1].start()].strip()
        if not named or len(head) < 3:
            return stripped
        stripped = head


def _names_site(part: str, names: frozenset[str]) -> bool:
    key = _key(part)
    return bool(key) and (key in names or any(len(name) > 4 and name in key and len(key) < 40 for name in names))


def _site_keys(url: str, names: tuple[str, ...]) -> frozenset[str]:
    """Return the site's names for comparison: stated ones, the host and its telling labels."""
    host = host_and_path(url)[0]
    labels = [label for label in host.split(".")[:-1] if label not in _DOMAIN_ENDS and len(label) > 1]
    keys = {_key(name) for name in names} | {_key(host)} | {_key(label) for label in labels[-1:]}
    return frozenset(key for key in keys if len(key) > 1)


def _key(text: str) -> str:
    return _PLAIN.sub("", text).casefold()
