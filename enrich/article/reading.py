"""One page's bytes to its article."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml.html import HtmlElement

from enrich.article.access import absolute, barrier_marks, canonical_url, host_and_path, reservation
from enrich.article.content import Article, Piece, assemble, clean
from enrich.article.dates import read_published
from enrich.article.decoding import MAX_BYTES, cut_elements, decode_html, is_binary, parse_html
from enrich.article.language import read_language
from enrich.article.main_text import read_main_text
from enrich.article.people import read_authors, read_people
from enrich.article.structured_data import Node, iter_json_ld, iter_nodes, meta_content, text_of, types
from enrich.article.titles import read_title

MAX_ELEMENTS = 40_000  # news pages have 1,000 to 15,000
MAX_LINKS = 200
MAX_TEXT = 120_000  # characters of an article; the longest reads have half of it, and a pipeline's memory grows with it

_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Reportage|Report)\Z")
_EMPTY_LINE = re.compile(r"\n\s*\n")


def read_article(body: bytes, url: str, content_type: str | None = None) -> Article:
    """Read a news page. Never raises: a page without text gives an article with empty text and a warning.

    `url` is where the page came from (for links and the site's name), `content_type` the HTTP header. Bodies
    over 12 MB and trees over 40,000 elements are cut there.
    """
    if not body.strip():
        return Article(None, None, None, "", warnings=(f"{url}: empty page",))
    if is_binary(body):
        kind = "a PDF" if body.lstrip()[:5] == b"%PDF-" else "no text"
        return Article(None, None, None, "", warnings=(f"{url}: the page is {kind}, only HTML is read",))
    warnings = [f"{url}: only the first {MAX_BYTES:,} bytes were read"] if len(body) > MAX_BYTES else []
    tree = parse_html(decode_html(body, content_type))
    if cut_elements(tree, MAX_ELEMENTS):
        warnings.append(f"{url}: only the first {MAX_ELEMENTS:,} elements were read")
    meta = meta_content(tree)
    nodes = list(iter_json_ld(tree))
    article = _article_node(nodes, tree, meta, url)
    title = read_title(tree, meta, article, url, _publishers(nodes))
    published = read_published(tree, meta, article, url, title)
    stub_length = barrier_marks(tree, [article] if article else nodes)
    canonical = canonical_url(tree, url)
    descriptions = tuple(
        text
        for text in (text_of(article.get("description")) if article else None, *meta.get("description", []),
                     *meta.get("og:description", []))
        if text
    )  # fmt: skip
    found = read_main_text(tree, title=title, descriptions=descriptions, article=article)
    pieces = found.pieces
    if sum(len(piece.text) for piece in pieces) > MAX_TEXT:
        pieces = _shortened(pieces)
        warnings.append(f"{url}: only the first {MAX_TEXT:,} characters of the text were kept")
    text, blocks = assemble(pieces)
    if not text:
        warnings.append(f"{url}: no main text found")
    return Article(
        title=title,
        published=published,
        language=read_language(text, tree),
        text=text,
        blocks=blocks,
        people=read_people(nodes),
        links=_links(found.elements, url),
        authors=read_authors(article, nodes, meta),
        paywalled=len(text) < stub_length,
        canonical_url=canonical,
        warnings=tuple(warnings),
        reserved=reservation(meta),
    )


def plain_text_article(text: str) -> Article:
    """Take text as it is: empty lines separate paragraphs; title, date and links stay unknown."""
    warnings = (f"only the first {MAX_TEXT:,} characters were read",) if len(text) > MAX_TEXT else ()
    lines = text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    pieces = [Piece("paragraph", part) for part in _EMPTY_LINE.split(lines)]
    joined, blocks = assemble(pieces)
    return Article(None, None, read_language(joined), joined, blocks, warnings=warnings)


def _shortened(pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    left = MAX_TEXT
    for piece in pieces:
        if left <= 0:
            break
        kept.append(piece if len(piece.text) <= left else replace(piece, text=piece.text[:left]))
        left -= len(piece.text)
    return kept


def _article_node(nodes: list[Node], tree: HtmlElement, meta: dict[str, list[str]], url: str) -> Node | None:
    """Return the JSON-LD node of the page's own article: the one with the page's headline or address, or the first."""
    candidates = [
        node for top in nodes for node in iter_nodes(top) if any(_ARTICLE_TYPE.search(t) for t in types(node))
    ]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    headings = {clean(text).casefold() for text in meta.get("og:title", [])}
    headings |= {" ".join(clean("".join(h1.itertext())).split()).casefold() for h1 in tree.iter("h1")}
    path = host_and_path(url)[1]
    for node in candidates:
        address = text_of(node.get("url")) or text_of(node.get("@id")) or ""
        if (text_of(node.get("headline")) or "").casefold() in headings or (len(path) > 1 and path in address):
            return node
    return candidates[0]


def _publishers(nodes: list[Node]) -> tuple[str, ...]:
    found = (text_of(node.get("publisher")) for top in nodes for node in iter_nodes(top))
    return tuple(dict.fromkeys(name for name in found if name))[:5]


def _links(elements: list[HtmlElement], url: str) -> tuple[str, ...]:
    """Return the web addresses of other hosts linked from the text."""
    own = host_and_path(url)[0]
    found: dict[str, None] = {}
    for element in elements:
        for link in element.iter("a"):
            address = absolute(link.get("href"), url)
            host = host_and_path(address)[0] if address else ""
            if address and host != own:
                found.setdefault(address, None)
        if len(found) >= MAX_LINKS:
            break
    return tuple(found)[:MAX_LINKS]
