"""What a page says about its use: behind a barrier, reserved against mining, its own address."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from enrich.article.boxes import name_words, vocabulary
from enrich.article.structured_data import Node, as_list

STUB_CHARS = 2_500
_ROBOTS = ("robots", "googlebot", "ai", "bots")
_NO_MINING = ("noai", "noml", "notrain", "tdm-reservation")


def barrier_marks(tree: HtmlElement, nodes: list[Node]) -> int:
    """Return the longest text that is still a stub given the page's marks; 0 without marks. Untouched tree.

    `isAccessibleForFree: false` in JSON-LD: `STUB_CHARS`. A box named as a paywall or a typical phrase: half of
    it, because whole articles often carry them too; they are not looked for on long pages.
    """
    for node in nodes:
        parts = [node, *(part for part in as_list(node.get("hasPart")) if isinstance(part, dict))]
        if any(str(part.get("isAccessibleForFree")).strip().lower() in ("false", "no", "0") for part in parts):
            return STUB_CHARS
    if sum(len("".join(element.itertext())) for element in tree.iter("p")) > 3 * STUB_CHARS:
        return 0
    words = vocabulary()
    for element in tree.iter("div", "section", "aside", "article", "p"):
        if not words.paywall.isdisjoint(name_words(element)) and "".join(element.itertext()).strip():
            return STUB_CHARS // 2
    lowered = " ".join("".join(tree.itertext()).split())[:200_000].lower()
    return STUB_CHARS // 2 if any(phrase in lowered for phrase in words.paywall_phrases) else 0


def reservation(meta: dict[str, list[str]]) -> str | None:
    """Return why the page may not be mined: the TDM reservation protocol's meta element or robots "noai"."""
    if any(value.strip() == "1" for value in meta.get("tdm-reservation", [])):
        return "tdm-reservation"
    for key in _ROBOTS:
        for value in meta.get(key, []):
            for word in value.lower().replace(";", ",").split(","):
                if word.strip() in _NO_MINING:
                    return f"{key}: {word.strip()}"
    return None


def canonical_url(tree: HtmlElement, url: str) -> str | None:
    """Return the absolute address of `<link rel=canonical>`; None without a usable one."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return absolute(link.get("href"), url)
    return None


def absolute(href: str | None, base: str) -> str | None:
    """Return the absolute web address of a reference without its fragment; None for anything else."""
    if not href or len(href) > 2_000:
        return None
    try:
        joined = urljoin(base, href.strip())
    except ValueError:
        return None
    if not joined.lower().startswith(("http://", "https://")) or not host_and_path(joined)[0]:
        return None
    return joined.split("#", 1)[0]


def host_and_path(url: str) -> tuple[str, str]:
    """Return an address's host without "www." and its path; ("", "") for what is no address."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:
        return "", ""
