"""The shape of a read article, and how blocks become one text with offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lxml.html import HtmlElement

BlockKind = Literal["paragraph", "heading", "caption", "list_item", "table_row"]
SEPARATOR = "\n\n"

_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n[\s]*")
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of `Article.text`; `start`/`end` are character offsets. Cells of a row are joined by ", "."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StructuredPerson:
    """A person that the page's JSON-LD names with a role or an organisation; never an author of the page."""

    name: str
    role: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Article:
    """What one page says. `text` is NFC, the blocks' texts joined by an empty line.

    `published` is aware; `links` are absolute addresses of other hosts linked from the main text, in order,
    each once; `authors` as named by the page; `paywalled`: only the beginning is here; `reserved`: why the
    page may not be mined ("tdm-reservation", "robots: noai"), else None; `warnings`: one line each.
    """

    title: str | None
    published: datetime | None
    language: str | None
    text: str
    blocks: tuple[Block, ...] = ()
    people: tuple[StructuredPerson, ...] = ()
    links: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    paywalled: bool = False
    canonical_url: str | None = None
    warnings: tuple[str, ...] = ()
    reserved: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before it has its place in the text.

    `linked` is the share of its characters inside links, `source` the page's element where it was found.
    """

    kind: BlockKind
    text: str
    linked: float = 0.0
    source: HtmlElement | None = None


def clean(text: str) -> str:
    """Return NFC text: no soft hyphens, zero-width or control signs, single spaces, single line breaks."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\r", "\n")))
    return _LINE_ENDS.sub("\n", _SPACES.sub(" ", text)).strip()


def one_line(text: str | None) -> str | None:
    """Return cleaned text on one line; None when nothing is left."""
    return " ".join(clean(text).split()) or None if text else None


def assemble(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...]]:
    """Join the pieces that have text; return the text and the blocks with their offsets."""
    parts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for piece in pieces:
        text = clean(piece.text)
        if not text:
            continue
        if parts:
            position += len(SEPARATOR)
        parts.append(text)
        blocks.append(Block(piece.kind, position, position + len(text)))
        position += len(text)
    return SEPARATOR.join(parts), tuple(blocks)
