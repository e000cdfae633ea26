"""Is a fetched page an article, what is its own address, does it go on on a second page? Pure functions on bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree, html

from spiders.canonical import canonical, same_site

MAX_PARTS = 10
_HEAD_BYTES = 100_000
_LINK = re.compile(rb"<(?:link|a)\b[^<>]{0,2000}>", re.IGNORECASE)
_REL = re.compile(rb"""\brel\s*=\s*["']?\s*([\w -]+)""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s<>]+))""", re.IGNORECASE)
_ARTICLE_SIGNS = re.compile(
    rb"""og:type["'][^<>]{0,40}content\s*=\s*["']article|content\s*=\s*["']article["'][^<>]{0,40}og:type"""
    rb"""|"@type"\s*:\s*\[?\s*"(?:News|Reportage|AnalysisNews|Opinion)?Article"|"@type"\s*:\s*"BlogPosting"|"""
    rb"""itemprop\s*=\s*["']articleBody|schema\.org/(?:News)?Article""",
    re.IGNORECASE,
)
_PAGE_KEYS = frozenset({"page", "seite", "p", "pg", "part", "teil", "s", "pagenumber"})
_PAGE_PATH = re.compile(
    r"(?:[/_,.-](?:page|seite|p|s|teil)?[_-]?|/(?:page|seite|teil)/)(\d{1,2})(?=(?:\.\w{3,5})?/?$)", re.I
)
_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "footer", "header", "aside", "form", "select"}
)
_INSIDE_PARAGRAPH = frozenset({"p", "br", "span", "b", "strong", "i", "em", "font", "u", "small", "blockquote", "q"})
_ENOUGH_TEXT = 450  # characters of running text in one place
_NOTICE_TEXT = 120


def own_address(body: bytes, url: str) -> str | None:
    """Return the canonical address that the page gives itself (`link rel=canonical`), of the same site, else None.

    The root of a site is not believed: many templates name it on every page.
    """
    head = body[:_HEAD_BYTES]
    if (end := head.find(b"<body")) > 0:
        head = head[:end]
    for tag in _LINK.findall(head) if b"canonical" in head else ():
        if b"canonical" not in tag.lower() or tag[:5].lower() != b"<link":
            continue
        rel, target = _REL.search(tag), _target(tag, url)
        if rel and b"canonical" in rel.group(1).lower().split() and target:
            try:
                found = canonical(target)
            except ValueError:
                return None
            deep = urlsplit(found).path.strip("/") or urlsplit(found).query
            return found if deep and same_site(found, url) else None
    return None


def next_part(body: bytes, url: str, number: int) -> str | None:
    """Return the address of part `number` (2, 3, …) of the article, or None when it does not go on.

    `rel=next` alone often means the next article, so the address must differ from `url` in nothing but a page
    number.
    """
    wanted = _without_number(url)[0]
    for tag in _LINK.findall(body):
        if str(number).encode() not in tag:
            continue
        target = _target(tag, url)
        if not target or not same_site(target, url):
            continue
        base, found = _without_number(target)
        if found == number and base == wanted and target != url:
            return target
    return None


def _target(tag: bytes, url: str) -> str | None:
    match = _HREF.search(tag)
    if not match:
        return None
    raw = next((g for g in match.groups() if g is not None), b"").decode("utf-8", "replace").strip()
    try:
        return str(urljoin(url, raw.replace("&amp;", "&")))
    except ValueError:
        return None


def _without_number(url: str) -> tuple[str, int]:
    """Split an address into what names the article and the page number (1 when it has none)."""
    try:
        parts = urlsplit(canonical(url))
    except ValueError:
        return url, 1
    number = 1
    kept = []
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if key.lower() in _PAGE_KEYS and value.isdigit() and len(value) < 3:
            number = int(value)
        else:
            kept.append((key, value))
    path = parts.path
    if number == 1 and (match := _PAGE_PATH.search(path)):
        number = int(match.group(1))
        path = path[: match.start()] + path[match.end() :]
    path = re.sub(r"\.(html?|php)$", "", path).rstrip("/")
    return urlunsplit(("", parts.netloc, path, urlencode(kept), "")), number


def says_article(body: bytes) -> bool:
    """True when the page says in its markup that it is an article."""
    return _ARTICLE_SIGNS.search(body) is not None


def looks_like_article(body: bytes, headline: str = "") -> bool:
    """True when a page found by a link reads like an article.

    Either it says so in its markup, or running text stands together in one place: teasers of a list stand each
    in a place of their own. Where the words of the link are the page's headline, a short notice is enough.
    """
    if says_article(body):
        return True
    tree = _tree(body)
    if tree is None:
        return False
    heaviest = max(_text_weights(tree).values(), default=0)
    if heaviest >= _ENOUGH_TEXT:
        return True
    return heaviest >= _NOTICE_TEXT and _is_headline(headline, tree)


def _is_headline(words: str, tree: html.HtmlElement) -> bool:
    wanted = " ".join(words.lower().split())[:60]
    if wanted.count(" ") < 2:
        return False
    shown = [*tree.iter("title"), *tree.iter("h1"), *tree.iter("h2")][:20]
    return any(wanted in " ".join(node.text_content().lower().split()) for node in shown)


def _text_weights(tree: html.HtmlElement) -> dict[html.HtmlElement, int]:
    """Return characters of running text outside links by the element that holds its paragraphs; no recursion."""
    weights: dict[html.HtmlElement, int] = {}
    stack: list[tuple[html.HtmlElement, html.HtmlElement]] = [(tree, tree)]
    while stack:
        node, holder = stack.pop()
        if not isinstance(node.tag, str) or node.tag in _SKIPPED or node.tag == "a":
            continue
        if node.tag not in _INSIDE_PARAGRAPH:
            holder = node
        for text in (node.text, *(child.tail for child in node)):
            length = len(" ".join(text.split())) if text else 0
            if length >= 40:  # words of menus and dates are short
                weights[holder] = weights.get(holder, 0) + length
        stack.extend((child, holder) for child in node)
    return weights


def join_parts(bodies: Sequence[bytes]) -> bytes:
    """Join the parts of an article: the text of parts 2, 3, … is put behind the text of the first.

    Where no common place is found, the first part alone is given back. The result is UTF-8 and says so.
    """
    trees = [_tree(body) for body in bodies]
    if not trees or trees[0] is None or len(bodies) == 1:
        return bodies[0] if bodies else b""
    place = _text_place(trees[0])
    for tree in trees[1:]:
        other = _text_place(tree) if tree is not None else None
        if place is not None and other is not None:
            place.extend(list(other))
    for meta in trees[0].xpath("//meta[@charset or @http-equiv]"):
        parent = meta.getparent()
        if parent is not None and (meta.get("charset") or "content-type" in meta.get("http-equiv", "").lower()):
            parent.remove(meta)
    head = next(iter(trees[0].iter("head")), None)
    if head is not None:
        head.insert(0, html.Element("meta", charset="utf-8"))
    return bytes(html.tostring(trees[0], encoding="utf-8", doctype="<!DOCTYPE html>"))


def _text_place(tree: html.HtmlElement) -> html.HtmlElement | None:
    """Return the element that holds most of the paragraphs' text directly."""
    weights: dict[html.HtmlElement, int] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        if parent is not None:
            weights[parent] = weights.get(parent, 0) + len(paragraph.text_content())
    return max(weights, key=lambda node: weights[node]) if weights else None


def _tree(body: bytes) -> html.HtmlElement | None:
    if not body.strip():
        return None
    try:
        text = body[:5_000_000].decode("utf-8")
        parser = html.HTMLParser(encoding="utf-8")
        return html.document_fromstring(text.encode("utf-8"), parser=parser)
    except UnicodeDecodeError:
        pass
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    try:
        return html.document_fromstring(body[:5_000_000])
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
