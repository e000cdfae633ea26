"""Pieces of the frame around an article that pass for text: repeated headlines, bylines, links to other articles."""

from __future__ import annotations

import itertools
import re

from lxml.html import HtmlElement

from enrich.article.boxes import name_words, vocabulary
from enrich.article.content import Piece
from enrich.article.places import text_key

LINKED = 0.8  # a piece with more of its text inside links leads elsewhere
SHORT = 200

_NAME = r"[A-ZÄÖÜ][\w.’'-]+"
_BYLINE = re.compile(
    rf"(?:[Vv]on|VON|[Bb]y|[Tt]exte?|[Aa]utor(?:in)?|[Ii]nterview|[Ff]otos?)\s*:?\s+{_NAME}"
    rf"(?:(?:,| /| &| und| and|,? von)?\s+{_NAME}){{0,7}}(?:\s*[,|/•·–-]\s*\w[\w. ]{{0,30}})?"
)
_DATE_LINE = re.compile(
    r"(?:stand|(?:zuletzt )?aktualisiert|veröffentlicht|erstellt|erschienen|updated|published|datum|[a-z]{2,10},?)?"
    r"\s*:?\s*(?:am |on |vom )?(?:[a-zä]{2,10}\.?, ?)?(?:\d{1,2}\. ?(?:\d{1,2}\.|[a-zä]{3,9}\.?) ?\d{2,4}"
    r"|\d{4}-\d\d-\d\d|[a-z]{3,9}\.? \d{1,2}, \d{4})(?:[ ,|–-]{0,4}(?:um )?\d{1,2}[:.]\d\d(?: ?uhr)?)?.{0,20}",
    re.I,
)
_READING_TIME = re.compile(
    r"(?:lesezeit|lesedauer|reading time)\b.{0,20}|(?:ca\. )?\d+ (?:min\.?|minuten?|minutes?)(?: lesezeit| read)?", re.I
)
# "dpa/abc", "(APA/red)", "ghö/dpa": who wrote it, at the end
_SIGNATURE = re.compile(r"[(\[]?\w{2,10}(?:\s?[/,]\s?\w{2,10}){0,4}[)\]]?|\(\w{2,5}\)")
_LINE_END = re.compile(r"[\s:.!…–>»-]+\Z")


def without_frame(pieces: list[Piece], title: str | None, headings: frozenset[str]) -> list[Piece]:
    """Drop what belongs to the page and not to the article; `headings` are the keys of its h1 elements."""
    words = vocabulary()
    kept: list[Piece] = []
    titles = {text_key(title or ""), *headings} - {""}
    in_box = False
    seen_text = False
    for piece in _without_link_lists(_without_tail(pieces)):
        line = _LINE_END.sub("", piece.text).casefold()
        short = len(piece.text) < SHORT
        if short and line in words.headings:
            in_box = True
            continue
        if piece.linked >= LINKED and piece.kind != "table_row" and (short or piece.kind != "paragraph"):
            continue
        if in_box and piece.kind == "list_item" and (short or piece.linked > 0.3):
            continue
        if line in words.machine_lines or (short and piece.kind != "heading" and line.startswith(words.line_starts)):
            continue
        if piece.kind == "paragraph" and piece.source is not None and _is_caption(piece.source):
            continue
        if piece.kind != "list_item":
            in_box = False
        if not seen_text and (piece.kind == "heading" or text_key(piece.text) in titles or _is_frame_line(piece.text)):
            continue
        seen_text = seen_text or (piece.kind == "paragraph" and len(piece.text) >= 60)
        kept.append(piece)
    kept = _without_repeats(kept)
    while kept and (kept[-1].kind == "heading" or _SIGNATURE.fullmatch(kept[-1].text)):
        kept.pop()
    return kept


def _is_caption(source: HtmlElement) -> bool:
    """Tell whether a paragraph belongs to a picture or video; captions are read on their own."""
    words = vocabulary()
    for element in (source, *itertools.islice(source.iterancestors(), 4)):
        if element.tag == "blockquote":
            return False
        if element.tag in ("figure", "figcaption"):
            return True
        if element.tag in ("p", "div", "span") and not words.caption.isdisjoint(name_words(element)):
            return True
    return False


def _without_link_lists(pieces: list[Piece]) -> list[Piece]:
    """Drop runs of list items that mostly lead to other articles."""
    kept: list[Piece] = []
    for is_list, run in itertools.groupby(pieces, key=lambda piece: piece.kind == "list_item"):
        items = list(run)
        leading = sum(item.linked >= 0.4 and len(item.text) < SHORT for item in items)
        if not is_list or leading < 0.6 * len(items):
            kept.extend(items)
    return kept


def _without_tail(pieces: list[Piece]) -> list[Piece]:
    """Cut the text where the publisher begins to speak for itself, if that is in its last third."""
    starts = vocabulary().tail_starts
    total = sum(len(piece.text) for piece in pieces)
    length = 0
    for number, piece in enumerate(pieces):
        if length > total * 0.66 and len(piece.text) < 2 * SHORT and piece.text.casefold().startswith(starts):
            return pieces[:number]
        length += len(piece.text)
    return pieces


def _is_frame_line(text: str) -> bool:
    """Tell whether a line names only authors, a date or the time of reading."""
    if len(text) > 120:
        return False
    return any(pattern.fullmatch(text) for pattern in (_BYLINE, _DATE_LINE, _READING_TIME))


def _without_repeats(pieces: list[Piece]) -> list[Piece]:
    """Keep the first of equal long pieces."""
    seen: set[str] = set()
    kept: list[Piece] = []
    for piece in pieces:
        if len(piece.text) >= 40:
            if piece.text in seen:
                continue
            seen.add(piece.text)
        kept.append(piece)
    return kept
