"""The main text of a page as pieces: trafilatura's choice, then what it gets wrong by class.

Mended: headlines and bylines repeated at the start, standfirsts that it drops, lists and lines of links to other
articles, machinery of the page, an `articleBody` in JSON-LD that holds more of the same text, and captions.
"""

from __future__ import annotations

import html
import re
from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache
from typing import Any

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import use_config

from enrich.article.blocks import read_body
from enrich.article.boxes import remove_boxes
from enrich.article.captions import find_captions
from enrich.article.content import Piece, clean
from enrich.article.density import second_opinion, within_scope, without_containers
from enrich.article.frame import without_frame
from enrich.article.lead import find_leads
from enrich.article.places import Places, find_places, folded, text_key
from enrich.article.structured_data import Node, as_list

SHORTEST = 100
BODY_AGREES = 0.8
BODY_GAIN = 1.3  # a JSON-LD articleBody replaces text that it contains and exceeds by this factor
_TAGS = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class MainText:
    """The pieces and the elements of the tree that they were found in."""

    pieces: list[Piece]
    elements: list[HtmlElement]


def read_main_text(
    tree: HtmlElement, *, title: str | None, descriptions: tuple[str, ...], article: Node | None
) -> MainText:
    """Return the main text of a page; foreign boxes are taken out of `tree`."""
    remove_boxes(tree)
    headings = frozenset(text_key("".join(h1.itertext())) for h1 in tree.iter("h1"))
    places = find_places(tree)
    pieces = second_opinion(read_body(_extract(tree), places), tree)
    pieces = without_frame(within_scope(without_containers(pieces)), title, headings - {""})
    pieces = _checked_by_body(pieces, article)
    spots = [places.order.get(text_key(piece.text), -1) for piece in pieces]
    first = next((spot for spot in spots if spot >= 0), -1)
    pieces = _with_leads(pieces, find_leads(tree, places, descriptions, first))
    elements = [places.elements[key] for piece in pieces if (key := text_key(piece.text)) in places.elements]
    return MainText(_with_captions(pieces, tree, places, elements), elements)


@cache
def _settings() -> ConfigParser:
    """The extractor's settings; a local notice of two sentences is an article, not a failure."""
    found = ConfigParser()
    found.read_dict({"DEFAULT": dict(use_config()["DEFAULT"])})
    found["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(SHORTEST)
    return found


def _extract(tree: HtmlElement) -> Any:
    """Run the extractor; balanced, without comments, links kept to judge them. [] where it finds nothing."""
    try:
        document = trafilatura.bare_extraction(
            tree,
            fast=True,
            include_comments=False,
            include_links=False,
            include_tables=True,
            with_metadata=False,
            config=_settings(),
        )
    except Exception:  # an error inside the extractor on one odd page must not cost the page
        return []
    body = getattr(document, "body", None)
    return [] if body is None else body


def _checked_by_body(pieces: list[Piece], article: Node | None) -> list[Piece]:
    """Compare with a JSON-LD `articleBody` of the same text.

    It replaces what was found where it holds that and clearly more. Where it holds nearly all long paragraphs,
    the others (linked teasers, boxes) are dropped; headings, lists, rows and captions stay, as publishers leave
    them out of it, unless they stand behind the last paragraph that it holds.
    """
    if not article:
        return pieces
    body = next((value for value in as_list(article.get("articleBody")) if isinstance(value, str)), "")
    body = clean(html.unescape(_TAGS.sub("\n", body) if "<" in body else body))
    if len(body) < 200:
        return pieces
    letters = folded(body)
    long = [piece for piece in pieces if piece.kind == "paragraph" and len(piece.text) >= 80]
    held = [piece for piece in long if text_key(piece.text) in letters]
    if len(body) >= BODY_GAIN * sum(len(piece.text) for piece in pieces) and len(held) >= 0.6 * len(long):
        return [Piece("paragraph", line) for line in body.split("\n") if line.strip()]
    if not long or sum(len(p.text) for p in held) < BODY_AGREES * sum(len(p.text) for p in long):
        return pieces
    last = max(number for number, piece in enumerate(pieces) if piece is held[-1])
    return [
        piece
        for number, piece in enumerate(pieces)
        if text_key(piece.text) in letters or (number < last and piece.kind != "paragraph")
    ]


def _with_leads(pieces: list[Piece], leads: list[str]) -> list[Piece]:
    """Put the standfirst before the text unless the text has it."""
    beginning = re.sub(r"[\W_]+", "", " ".join(piece.text for piece in pieces[:12])).casefold()
    missing = [lead for lead in leads if text_key(lead)[:40] not in beginning]
    return [*(Piece("paragraph", lead) for lead in missing), *pieces]


def _with_captions(pieces: list[Piece], tree: HtmlElement, places: Places, elements: list[HtmlElement]) -> list[Piece]:
    """Insert captions behind the piece that precedes them; those outside the article's range are left out."""
    if not elements:
        return pieces
    result = list(pieces)
    spots = [places.order.get(text_key(piece.text), -1) for piece in pieces]
    known = [spot for spot in spots if spot >= 0]
    first, last = min(known), max(known)
    scope = _common_ancestor(elements)
    texts = {" ".join(piece.text.split()) for piece in pieces}
    body = " ".join(texts)
    offset = 0
    for caption in find_captions(tree, body):
        number = places.numbers.get(caption.element, -1)
        if caption.text in body:
            continue
        inside = scope is not None and scope in caption.element.iterancestors()
        if number < 0 or not (inside or (places.heading >= 0 and places.heading < number < last)):
            continue
        after = [index for index, spot in enumerate(spots) if 0 <= spot < number]
        index = (max(after) + 1 if number > first and after else 0) + offset
        result.insert(index, Piece("caption", caption.text))
        offset += 1
    return result


def _common_ancestor(elements: list[HtmlElement]) -> HtmlElement | None:
    """Return the innermost element that holds all of them, one level up from a single one."""
    shared: list[HtmlElement] | None = None
    for element in elements[:400]:
        chain = list(element.iterancestors())[::-1]
        if shared is None:
            shared = chain
            continue
        length = next((n for n, (a, b) in enumerate(zip(shared, chain, strict=False)) if a is not b), len(shared))
        shared = shared[: min(length, len(chain))]
    return shared[-1] if shared else None
