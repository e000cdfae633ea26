"""Where the texts of a page stand in its tree, found again by how they begin."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from enrich.article.content import clean

KEY = 60  # letters and digits of the beginning that identify a text on its page
_PLAIN = re.compile(r"[\W_]+")
_PLACED = frozenset(
    {
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "li",
        "td",
        "div",
        "blockquote",
        "span",
        "section",
        "dd",
        "strong",
        "b",
        "header",
    }
)


@dataclass(frozen=True, slots=True)
class Places:
    """`order` and `elements` by text key, `numbers` the document order of elements, `heading` that of the h1."""

    order: dict[str, int]
    elements: dict[str, HtmlElement]
    numbers: dict[HtmlElement, int]
    heading: int


def text_key(text: str) -> str:
    """Return the first `KEY` letters and digits of a text, folded."""
    return _PLAIN.sub("", text[: 3 * KEY]).casefold()[:KEY]


def folded(text: str) -> str:
    """Return only the letters and digits of a text, folded."""
    return _PLAIN.sub("", clean(text)).casefold()


def find_places(tree: HtmlElement) -> Places:
    """Index the page's text elements by the beginning of their text; the innermost element wins its key."""
    order: dict[str, int] = {}
    elements: dict[str, HtmlElement] = {}
    numbers: dict[HtmlElement, int] = {}
    heading = -1
    for number, element in enumerate(tree.iter("*")):
        numbers[element] = number
        if element.tag not in _PLACED:
            continue
        if element.tag == "h1" and heading < 0:
            heading = number
        start = _beginning(element)
        if len(start) < 8:
            continue
        known = elements.get(start)
        if known is None or element.getparent() is known or known in element.iterancestors():
            order[start], elements[start] = number, element
    return Places(order, elements, numbers, heading)


def _beginning(element: HtmlElement) -> str:
    parts: list[str] = []
    length = 0
    for text in element.itertext():
        part = text[: 3 * KEY]
        parts.append(part)
        length += len(part.strip())
        if length > 2 * KEY:
            break
    return text_key(clean("".join(parts)))
