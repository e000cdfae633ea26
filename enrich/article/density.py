"""Where a page's running text is dense: a second opinion on the choice of the main text.

Old layouts write articles into bare `div` and `td` elements with line breaks, where the extractor takes tables of
links or the whole page instead.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from enrich.article.blocks import element_text, link_share
from enrich.article.content import Piece, clean

MIN_RUN = 80  # characters of a run of text that counts
MIN_TEXT = 250
FEW = 0.4  # the extractor's text holds less than this share of the dense text: it missed the article
SCOPE_SHARE = 0.85
LONG_ROW = 300

_CONTAINERS = frozenset({"p", "div", "td", "section", "article", "blockquote"})
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "table",
        "ul",
        "ol",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "figure",
        "form",
        "dl",
    }
)
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n\s*")


def dense_pieces(tree: HtmlElement) -> list[Piece]:
    """Return the paragraphs of the element with most running text, in order; [] below `MIN_TEXT` characters."""
    scores: dict[HtmlElement, int] = {}
    runs: dict[HtmlElement, list[Piece]] = {}
    for element in tree.iter(*_CONTAINERS):
        run = _run(element)
        text = clean(run)
        if len(text) < MIN_RUN or link_share(element) > 0.4:
            continue
        holder = element.getparent() if element.tag in ("p", "blockquote") else element
        if holder is None:
            continue
        paragraphs = [Piece("paragraph", part, 0.0, element) for part in _PARAGRAPH_BREAK.split(run) if part.strip()]
        runs.setdefault(holder, []).extend(paragraphs)
        scores[holder] = scores.get(holder, 0) + len(text)
    if not scores:
        return []
    best = max(scores, key=lambda holder: scores[holder])
    return runs[best] if scores[best] >= MIN_TEXT else []


def _run(element: HtmlElement) -> str:
    """Return an element's running text: all of it without inner blocks, else only what stands directly in it."""
    if not _has_blocks(element):
        return element_text(element)
    parts = [element.text or ""]
    for child in element:
        if child.tag == "br":
            parts.append("\n")
        elif child.tag in _BLOCKS or _has_blocks(child):
            parts.append("\n\n")
        else:
            parts.append(element_text(child))
        parts.append((child.tail or "").replace("\n", " "))
    return "".join(parts)


def _has_blocks(element: HtmlElement) -> bool:
    return any(node is not element for node in element.iter(*_BLOCKS))


def second_opinion(pieces: list[Piece], tree: HtmlElement) -> list[Piece]:
    """Return the dense text instead of pieces that miss it; else the pieces."""
    total = sum(len(piece.text) for piece in pieces if piece.kind == "paragraph" and len(piece.text) >= MIN_RUN)
    if total >= 2_000:
        return pieces
    dense = dense_pieces(tree)
    if not dense:
        return pieces
    have = " ".join(piece.text for piece in pieces)
    length = sum(len(piece.text) for piece in dense)
    held = sum(len(piece.text) for piece in dense if piece.text[:60] in have)
    if held < FEW * length and total < MIN_TEXT * 4:
        return dense
    # The whole page as one piece is the extractor's last resort; a long row is a table that only lays out the page.
    heads = [piece.text[:60] for piece in dense]
    swallowed = any(
        (
            (piece.kind == "table_row" and len(piece.text) > LONG_ROW)
            or (len(piece.text) > 1.3 * length and piece.text.count("\n") > 10)
        )
        and all(head in piece.text for head in heads)
        for piece in pieces
    )
    return dense if swallowed else pieces


def within_scope(pieces: list[Piece]) -> list[Piece]:
    """Drop pieces outside the smallest element that holds `SCOPE_SHARE` of the running text.

    What is left over by that measure stands in another part of the page: service boxes, lists of news.
    """
    weights: dict[HtmlElement, int] = {}
    depths: dict[HtmlElement, int] = {}
    total = 0
    for piece in pieces:
        if piece.source is None or piece.linked > 0.5 or len(piece.text) < MIN_RUN:
            continue
        total += len(piece.text)
        chain = list(piece.source.iterancestors())
        for depth, ancestor in enumerate(reversed(chain)):
            weights[ancestor] = weights.get(ancestor, 0) + len(piece.text)
            depths[ancestor] = depth
    wide = [element for element, weight in weights.items() if weight >= SCOPE_SHARE * total]
    if total < MIN_TEXT or not wide:
        return pieces
    scope = max(wide, key=lambda element: depths[element])
    return [
        piece
        for piece in pieces
        if piece.source is None or any(node is scope for node in (piece.source, *piece.source.iterancestors()))
    ]


def without_containers(pieces: list[Piece]) -> list[Piece]:
    """Drop a long piece that only repeats other pieces (a heading or box around the whole text)."""
    texts = [piece.text for piece in pieces[:400]]
    kept: list[Piece] = []
    for number, piece in enumerate(pieces):
        if len(piece.text) > 400 and number < len(texts):
            others = (text for index, text in enumerate(texts) if index != number and 60 <= len(text) < len(piece.text))
            if sum(len(text) for text in others if text in piece.text) > 0.6 * len(piece.text):
                continue
        kept.append(piece)
    return kept
