"""Vocabulary of what stands beside an article, and the removal of such boxes from a tree."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache, lru_cache

import yaml
from lxml.html import HtmlElement

import data

# A box with more than this share of the page's paragraph text is no box but the frame of the article.
MAX_SHARE = 0.3
MIN_ROWS, MAX_ROW = 3, 800  # rows of a list of teasers, characters of each

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^a-z0-9]+")
_KEPT = frozenset({"html", "body", "main", "head", "h1"})
_DROPPED = (
    "script", "style", "svg", "noscript", "nav", "iframe", "template", "button", "select", "dialog", "video",
    "audio", "canvas", "object",
)  # fmt: skip
_BOX_TAGS = frozenset({"form", "aside"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "dialog", "complementary"})


@dataclass(frozen=True, slots=True)
class BoxWords:
    """The lists of data/page_boxes.yml as sets; headings and lines in lower case without end punctuation."""

    box: frozenset[str]
    box_pairs: frozenset[tuple[str, str]]
    box_ids: frozenset[str]
    lead: frozenset[str]
    caption: frozenset[str]
    caption_pairs: frozenset[tuple[str, str]]
    credit: frozenset[str]
    headings: frozenset[str]
    line_starts: tuple[str, ...]
    tail_starts: tuple[str, ...]
    machine_lines: frozenset[str]
    paywall: frozenset[str]
    paywall_phrases: tuple[str, ...]


@cache
def vocabulary() -> BoxWords:
    """Return the shipped vocabulary, read once."""
    raw = yaml.safe_load(data.path("page_boxes.yml").read_text("utf-8"))
    pairs = {key: frozenset((first, second) for first, second in raw[key]) for key in raw if "pairs" in key}
    return BoxWords(
        box=frozenset(raw["box_words"]),
        box_pairs=pairs["box_word_pairs"],
        box_ids=frozenset(raw["box_ids"]),
        lead=frozenset(raw["lead_words"]),
        caption=frozenset(raw["caption_words"]),
        caption_pairs=pairs["caption_word_pairs"],
        credit=frozenset(raw["credit_words"]),
        headings=frozenset(raw["box_headings"]),
        line_starts=tuple(raw["line_starts"]),
        tail_starts=tuple(raw["tail_starts"]),
        machine_lines=frozenset(raw["machine_lines"]),
        paywall=frozenset(raw["paywall_words"]),
        paywall_phrases=tuple(raw["paywall_phrases"]),
    )


def name_words(element: HtmlElement) -> tuple[str, ...]:
    """Return the words of an element's class and id: "articleTeaser--big" as ("article", "teaser", "big")."""
    names, identity = element.get("class"), element.get("id")
    if names is None and identity is None:
        return ()
    return _words(f"{names or ''} {identity or ''}"[:400])


@lru_cache(maxsize=4_096)  # class names repeat within a site; bounded
def _words(names: str) -> tuple[str, ...]:
    return tuple(word for word in _WORD.split(_CAMEL.sub("-", names).lower()) if word)


def has_words(element: HtmlElement, words: frozenset[str], pairs: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a class or id of the element has one of the words, or two side by side."""
    found = name_words(element)
    return not words.isdisjoint(found) or any(pair in pairs for pair in itertools.pairwise(found))


def remove_boxes(tree: HtmlElement) -> None:
    """Take scripts, navigation and foreign boxes out of the tree, in place; JSON-LD must be read before."""
    words = vocabulary()
    for element in list(tree.iter(*_DROPPED)):
        _remove(element)
    _remove_headed_lists(tree)
    nodes = [node for node in tree.iter("*") if node.tag not in _KEPT]
    lengths = _own_lengths(tree)
    total = lengths.get(tree, 0)
    for element in nodes:
        if element.getparent() is None or (element.tag == "p" and not element.get("class")):
            continue
        foreign = (
            element.tag in _BOX_TAGS
            or (element.get("role") or "").lower() in _ROLES
            or (element.get("id") or "").lower() in words.box_ids
            or has_words(element, words.box, words.box_pairs)
        )
        if foreign and not _is_own(element, lengths.get(element, 0), total):
            _remove(element)
        elif foreign:
            for name in ("class", "id", "role"):  # the extractor judges by these names too
                element.attrib.pop(name, None)
        elif not foreign and len(element) >= MIN_ROWS:
            for row in _teaser_rows(element):
                _remove(row)


def _remove_headed_lists(tree: HtmlElement) -> None:
    """Remove "Mehr zum Thema" and the list that follows it."""
    headings = vocabulary().headings
    for element in list(tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "strong", "span")):
        if len(element) > 3 or len(element.text or "") > 60:
            continue
        line = "".join(itertools.islice(element.itertext(), 12)).strip(" \t\n\r:.!…–>»").casefold()
        if line not in headings:
            continue
        following = element.getnext()
        if following is None and element.tag in ("strong", "span", "div"):
            parent = element.getparent()
            following = parent.getnext() if parent is not None else None
        if following is not None and following.tag in ("ul", "ol"):
            _remove(following)
            _remove(element)


def _teaser_rows(parent: HtmlElement) -> list[HtmlElement]:
    """Return children that form a list of teasers: alike, short, each with a heading that is a link."""
    alike: dict[str, list[HtmlElement]] = {}
    for child in parent:
        heading = next(child.iter("h1", "h2", "h3", "h4", "h5"), None) if isinstance(child.tag, str) else None
        if heading is None:
            continue
        link = heading.find(".//a[@href]")
        if link is None:
            link = next(heading.iterancestors("a"), None)
        if link is None or len(_text(link).strip()) < 0.8 * len(_text(heading).strip()) or len(_text(child)) > MAX_ROW:
            continue
        alike.setdefault(str(child.tag), []).append(child)
    return [row for rows in alike.values() if len(rows) >= MIN_ROWS for row in rows]


def _own_lengths(tree: HtmlElement) -> dict[HtmlElement, int]:
    """Return the length of paragraph text below every element; of all unlinked text on pages without paragraphs."""
    paragraphs = sum(len(_text(element)) for element in tree.iter("p")) >= 500
    lengths: dict[HtmlElement, int] = {}
    for element in reversed(list(tree.iter("*"))):
        parent = element.getparent()
        if paragraphs:
            length = len(_text(element)) if element.tag == "p" else lengths.get(element, 0)
        else:
            inner = len((element.text or "").strip()) + lengths.get(element, 0)
            length = 0 if element.tag == "a" else inner
        lengths[element] = length
        if parent is not None:
            tail = 0 if paragraphs else len((element.tail or "").strip())
            lengths[parent] = lengths.get(parent, 0) + length + tail
    return lengths


def _is_own(element: HtmlElement, own: int, total: int) -> bool:
    """Tell whether a box that is named like a foreign one belongs to the article all the same."""
    if element.find(".//h1") is not None:
        return True
    if own > total * MAX_SHARE and own > 200:
        return True
    # A standfirst is often called a teaser, but it leads nowhere.
    if "teaser" in name_words(element):
        inside_link = element.tag == "a" or next(element.iterancestors("a"), None) is not None
        if not inside_link and element.find(".//a") is None and element.find(".//img") is None:
            return len(_text(element)) >= 60
    return False


def _text(element: HtmlElement) -> str:
    return "".join(element.itertext())


def _remove(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
