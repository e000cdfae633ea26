"""From the element tree that the main-text extractor returns to pieces: paragraphs, headings, items, rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from enrich.article.content import Piece, clean

MAX_PIECES = 20_000

_BREAK = "\n"
_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")
_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "div", "code"})
_SENTENCE_END = (".", "!", "?", "“", '"', "»", ":", "…")


def read_body(body: Any) -> list[Piece]:
    """Return the pieces of an extractor's body element (paragraphs, lists, quotes, tables)."""
    pieces: list[Piece] = []
    for element in _outer_blocks(body):
        pieces.extend(_read_block(element))
        if len(pieces) >= MAX_PIECES:
            break
    return pieces


def _outer_blocks(body: Any) -> Iterator[Any]:
    """Yield the blocks that hold text; containers are opened, tables by rows; the tree is not deep."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        tag = element.tag
        if not isinstance(tag, str):
            continue
        nested = any(child.tag in _BLOCKS for child in element)
        if tag == "row" or not nested or tag in ("p", "head", "item", "cell"):
            yield element
            if tag == "item":
                stack.extend(reversed([child for child in element if child.tag == "list"]))
        else:
            stack.extend(reversed(element))


def _read_block(element: Any) -> Iterator[Piece]:
    tag = element.tag
    if tag == "row":
        cells = [clean(_plain(cell)).replace("\n", " ") for cell in element if cell.tag == "cell"]
        text = ", ".join(cell.rstrip(",;") for cell in cells if cell)
        if text:
            yield Piece("table_row", text, _link_share(element, text))
        return
    if tag in ("graphic", "lb"):
        return
    text = clean(_plain(element)) if tag != "item" else clean(_plain(element, without="list"))
    if not text:
        return
    if tag == "head":
        yield Piece("heading", text.replace("\n", " "), _link_share(element, text))
        return
    if tag == "item":
        yield Piece("list_item", text.replace("\n", " "), _link_share(element, text))
        return
    share = _link_share(element, text)
    for part in _PARAGRAPH_BREAK.split(_raw(element)):
        for line in _lines(clean(part)):
            yield Piece("paragraph", line, share)


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


def _raw(element: Any) -> str:
    """Return an element's text with a line feed for every break; other white space is one blank."""
    parts: list[str] = []
    for node in element.iter():
        if node.tag == "lb":
            parts.append(_BREAK)
        elif node.text:
            if node.tag in ("p", "item", "cell", "quote") and node is not element and parts:
                parts.append(_BREAK + _BREAK)
            parts.append(" ".join(node.text.split("\n")))
        if node.tail and node is not element:
            parts.append(" ".join(node.tail.split("\n")))
    return "".join(parts)


def _plain(element: Any, without: str | None = None) -> str:
    """Return an element's text; children of the tag `without` are left out, their tails kept."""
    if without is None or element.find(without) is None:
        return _in_order(element)
    parts = [element.text or ""]
    for child in element:
        if child.tag != without:
            parts.append(" " + _in_order(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _in_order(element: Any) -> str:
    parts: list[str] = []
    for text in element.itertext():
        parts.append(text)
    for _ in element.iter("lb"):
        return _raw_in_order(element)
    return "".join(parts)


def _raw_in_order(element: Any) -> str:
    return " ".join(part.strip("\n") for part in element.itertext())


def _link_share(element: Any, text: str) -> float:
    """Return the share of a block's characters that stand inside links, 0..1."""
    linked = sum(len("".join(ref.itertext()).strip()) for ref in element.iter("ref"))
    return min(1.0, linked / len(text)) if linked else 0.0
