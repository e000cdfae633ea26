"""From the element tree that the main-text extractor returns to pieces: paragraphs, headings, items, rows.

The extractor chooses the elements and drops white space between some of them, so the wording is taken from the
page's own element wherever letters and digits agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from enrich.article.content import Piece, clean
from enrich.article.places import Places, folded, text_key

MAX_PIECES = 20_000

_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")
_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "div", "code"})
_SENTENCE_END = (".", "!", "?", "“", '"', "»", ":", "…")
_BREAKS = frozenset({"br", "lb", "hr"})
_INNER_BLOCKS = frozenset({"p", "div", "li", "item", "quote", "blockquote", "h1", "h2", "h3", "h4", "ul", "ol", "tr"})


def read_body(body: Any, places: Places) -> list[Piece]:
    """Return the pieces of an extractor's body element (paragraphs, lists, quotes, tables)."""
    pieces: list[Piece] = []
    for element in _outer_blocks(body):
        pieces.extend(_read_block(element, places))
        if len(pieces) >= MAX_PIECES:
            break
    return pieces


def _outer_blocks(body: Any) -> Iterator[Any]:
    """Yield the blocks that hold text; containers are opened, tables by rows, lists by items."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if tag in ("row", "p", "head", "item", "cell") or not any(child.tag in _BLOCKS for child in element):
            yield element
            if tag == "item":
                stack.extend(reversed([child for child in element if child.tag == "list"]))
        else:
            stack.extend(reversed(element))


def _read_block(element: Any, places: Places) -> Iterator[Piece]:
    tag = element.tag
    if tag == "row":
        cells = [" ".join(element_text(cell).split()) for cell in element if cell.tag == "cell"]
        text = ", ".join(cell.rstrip(",;") for cell in cells if cell)
        if text:
            yield Piece("table_row", text)
        return
    if tag in ("graphic", "lb"):
        return
    raw = element_text(element, without="list" if tag == "item" else None)
    if not raw.strip():
        return
    source = places.elements.get(text_key(raw))
    if source is not None and (own := element_text(source)) and folded(own) == folded(raw):
        raw = own
    share = link_share(source) if source is not None else 0.0
    if tag in ("head", "item"):
        kind = "heading" if tag == "head" else "list_item"
        yield Piece("heading" if kind == "heading" else "list_item", " ".join(clean(raw).split()), share, source)
        return
    for part in _PARAGRAPH_BREAK.split(raw):
        for line in _lines(clean(part)):
            yield Piece("paragraph", line, share, source)


def _lines(text: str) -> Iterator[str]:
    """Split at line breaks that end a sentence; other breaks (addresses, lists of names) stay inside."""
    current: list[str] = []
    for line in text.split("\n"):
        current.append(line)
        if line.endswith(_SENTENCE_END) and len(line) > 60:
            yield "\n".join(current)
            current = []
    if current:
        yield "\n".join(current)


def element_text(element: Any, without: str | None = None) -> str:
    """Return an element's text: a line feed for every break, an empty line around inner blocks.

    Other white space is one blank; children of the tag `without` are left out, their tails kept.
    """
    parts: list[str] = []
    skipped: Any = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if skipped is None and node is not element and node.tag == without:
                skipped = node
            if skipped is not None:
                continue
            if node.tag in _BREAKS:
                parts.append("\n")
            elif node.tag in _INNER_BLOCKS and parts:
                parts.append("\n\n")
            parts.append(_inline(node.text))
            continue
        if skipped is not None and node is not skipped:
            continue
        skipped = None
        if node is not element:
            if node.tag in _INNER_BLOCKS:
                parts.append("\n\n")
            parts.append(_inline(node.tail))
    return "".join(parts)


def _inline(text: str | None) -> str:
    return text.replace("\xa0", " ").replace("\r", " ").replace("\n", " ") if text else ""


def link_share(element: HtmlElement) -> float:
    """Return the share of an element's characters that stand inside links, 0..1."""
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    if not linked:
        return 1.0 if next(element.iterancestors("a"), None) is not None else 0.0
    return min(1.0, linked / max(1, len("".join(element.itertext()).strip())))
