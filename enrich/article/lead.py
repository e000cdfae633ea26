"""The standfirst of an article, which stands between headline and text and is often left out with the header."""

from __future__ import annotations

from lxml.html import HtmlElement

from enrich.article.boxes import has_words, vocabulary
from enrich.article.content import clean
from enrich.article.places import Places, text_key

MIN_CHARS, MAX_CHARS = 40, 900
_BLOCKS = ("p", "div", "ul", "ol", "h1", "h2", "h3", "section", "figure", "table")
_NO_PAIRS: frozenset[tuple[str, str]] = frozenset()
_ELSEWHERE = frozenset({"aside", "nav", "footer", "figure", "figcaption", "form"})


def find_leads(tree: HtmlElement, places: Places, descriptions: tuple[str, ...], first_block: int) -> list[str]:
    """Return the standfirst's texts in document order.

    An element before the first block of the text counts when it repeats the page's description (JSON-LD, meta),
    or stands behind the h1 and is named as a standfirst; without such, the first one behind the h1 that reads
    as a sentence.
    """
    keys = {text_key(text)[:40] for text in descriptions if len(text) >= MIN_CHARS}
    words = vocabulary().lead
    found: list[str] = []
    plain: str | None = None
    for element in tree.iter("p", "div", "h2", "h3", "span", "strong", "section", "header"):
        number = places.numbers.get(element, -1)
        if number > first_block >= 0:
            break
        after_heading = 0 <= places.heading < number
        if not keys and not after_heading:
            continue
        text = _own_text(element)
        if not MIN_CHARS <= len(text) <= MAX_CHARS:
            continue
        described = text_key(text)[:40] in keys
        named = after_heading and has_words(element, words, _NO_PAIRS)
        spoken = after_heading and plain is None and len(text) >= 60 and text.endswith((".", "!", "?"))
        if not (described or named or spoken) or _leads_elsewhere(element):
            continue
        if described or named:
            if not any(text in other for other in found):
                found.append(text)
        elif " " in text and not text.casefold().startswith(vocabulary().line_starts):
            plain = text
    return found or ([plain] if plain and first_block >= 0 else [])


def _own_text(element: HtmlElement) -> str:
    """Return the text of an element that holds no blocks; "" for containers."""
    if element.tag not in ("p", "h2", "h3") and any(element.find(f".//{tag}") is not None for tag in _BLOCKS):
        return ""
    return " ".join(clean("".join(element.itertext())).split())


def _leads_elsewhere(element: HtmlElement) -> bool:
    if any(parent.tag in _ELSEWHERE or parent.tag == "a" for parent in element.iterancestors()):
        return True
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return linked > 0.5 * len("".join(element.itertext()))
