"""Photo captions, which main-text extraction drops and which name people ("v. l. n. r.")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yaml
from lxml.html import HtmlElement

import data
from enrich.article.boxes import has_words, name_words, vocabulary
from enrich.article.content import clean
from enrich.article.places import folded

MIN_CHARS, MAX_CHARS = 20, 900
MAX_CAPTIONS = 60

_BOXES = ("figcaption", "div", "p", "span", "dd", "small", "em")
# "Foto: Hans Koch", "© dpa/Koch", "(Bild: dpa)", "Hans Koch/dpa": who took the photo, to the end.
_CREDIT = re.compile(
    r"\s*[(\[/|–-]?\s*(?:\b(?:Foto|Fotos|Bild|Bilder|Bildquelle|Bildnachweis|Bildrechte|Quelle|Grafik|Photo|Photos"
    r"|Image|Picture|Credit|Copyright|Archivfoto|Symbolfoto|Symbolbild|Screenshot|Montage|Illustration|Fotograf(?:in)?"
    r"|Fotocredit|Video)\b(?:\s+(?:by|von))?\s*[:|©/]|©|\(c\)\s).*\Z",
    re.I | re.S,
)
_AGENCY = r"(?:dpa|afp|ap|apa|reuters|imago|epd|kna|getty(?: images)?|picture alliance|keystone|istock"
_AGENCY += "|shutterstock|adobe stock)"
_AGENCY_END = re.compile(
    rf"\s*[(\[–|/-]*\s*(?:[\w.-]+ ){{0,3}}[\w.-]*\s*[/|,(]\s*{_AGENCY}\b[^.]{{0,60}}\Z"
    rf"|\s*\(?\b{_AGENCY}\)?\s*\Z",
    re.I,
)
_FULL_NAME = re.compile(
    r"\b(?=([A-ZÄÖÜ][a-zäöüßéèáçñ’'-]+(?:-[A-ZÄÖÜ][\w]+)?) (?:[A-ZÄÖÜ]\. |(?:von|van|de|zu|der|den|al|di) ){0,3}"
    r"([A-ZÄÖÜ][\wäöüß’'-]+))"
)
_ACADEMIC = re.compile(r"\b(?:Dr|Prof|Dipl|Mag)\.(?:[ -]\w+\.){0,4} [A-ZÄÖÜ]\w+")
_SIDES = re.compile(
    r"\bv\.\s?l\.|\bvon links|\bfrom left|\((?:l|r|li|re|links|rechts|Mitte|M|m|2\. ?v\. ?[lr])\.?\)", re.I
)
_ROLE_SIGNS = re.compile(
    r"(?:führer|leiter|leitung|chef|vorstand|vorsitz|inhaber|direktor|präsident|sprecher|gründer|partner|manager|meister"
    r"|berater|prokurist|gesellschafter)(?:in|innen|e|n|s|es|er)?\b|\b(?:CEO|CFO|COO|CTO|director|founder|chair|head|owner"
    r"|GmbH|AG|KG|SE|OHG|e\.\s?K|Inc|Ltd)\b",
    re.I,
)
_ROLE_BEFORE = re.compile(
    r"(?:[Ff]ührer|[Ll]eiter|[Cc]hef|[Vv]orstand|[Vv]orsitzender?|[Ii]nhaber|[Dd]irektor|[Pp]räsident|[Ss]precher|[Gg]ründer"
    r"|[Mm]eister|CEO|[Mm]anager|[Dd]irector)(?:in)? (?:Dr\. )?[A-ZÄÖÜ][a-zäöüß-]+ [A-ZÄÖÜ][a-zäöüß-]+"
)
_MAKER = re.compile(
    r"\A(?:Von|By|Text|Autor(?:in)?)\b:?\s+[A-ZÄÖÜ]|\b(?:Redakteur|Redaktor|Volontär|Korrespondent|Reporter|Autor)(?:in)?\b",
    re.I,
)
_IMAGE_LINK = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#].*)?\Z|\A#|\Ajavascript:", re.I)
_SENTENCE = re.compile(r"\b[a-zäöüß]{2,}\b.*\b[a-zäöüß]{2,}\b")
_FOREIGN = frozenset({"aside", "nav", "footer", "form", "header"})


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption's text and the element it stands in (for its place in the document)."""

    element: HtmlElement
    text: str


def find_captions(tree: HtmlElement, text: str) -> list[Caption]:
    """Return the captions of the page that name somebody, in document order, each once, without credits.

    `text` is the main text: a caption that names only people whom the text names in full, and gives no role or
    company, adds nothing and is left out; so is one without names. Captions inside links belong to teasers.
    """
    found: list[Caption] = []
    seen: set[str] = set()
    for element, raw in _candidates(tree):
        caption = strip_credit(raw)
        key = folded(caption)
        if not MIN_CHARS <= len(caption) <= MAX_CHARS or _MAKER.search(caption) or not names_somebody(caption, text):
            continue
        if any(key in other or other in key for other in seen):
            continue
        seen.add(key)
        found.append(Caption(element, caption))
        if len(found) >= MAX_CAPTIONS:
            break
    return found


@cache
def _given_names() -> frozenset[str]:
    raw = yaml.safe_load(data.path("identity", "names.yml").read_text("utf-8"))
    return frozenset(name for key in ("male", "female", "neutral") for name in raw[key])


def strip_credit(text: str) -> str:
    """Cut the photographer and agency off a caption; "" where nothing else is there."""
    text = _CREDIT.sub("", " ".join(clean(text).split()))
    return _AGENCY_END.sub("", text).strip(" |/–-([")


def names_somebody(caption: str, text: str = "") -> bool:
    """Tell whether a caption names a person that the text lacks, or gives a person's role or company."""
    pairs = [(match[1], f"{match[1]} {match[2]}") for match in _FULL_NAME.finditer(caption)]
    adds = bool(_ROLE_SIGNS.search(caption)) or not pairs or any(pair not in text for _, pair in pairs)
    if _SIDES.search(caption) or _ACADEMIC.search(caption) or _ROLE_BEFORE.search(caption):
        return adds
    given = _given_names()
    return any(
        first.lower().split("-")[0] in given and (pair not in text or bool(_ROLE_SIGNS.search(caption)))
        for first, pair in pairs
    )


def _candidates(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    words = vocabulary()
    taken: set[HtmlElement] = set()
    articles: dict[HtmlElement, bool] = {}
    for element in tree.iter("figcaption", "div", "p", "span", "dd", "small", "em", "img"):
        if element.tag == "img":
            figure = next(element.iterancestors("figure"), None)
            captioned = figure is not None and any(node in taken for node in figure.iter("figcaption", *_BOXES))
            text = element.get("title") or element.get("alt") or ""
            if not captioned and len(text) >= 40 and _SENTENCE.search(text) and not _in_teaser(element, articles):
                yield element, text
            continue
        marked = element.tag == "figcaption" or has_words(element, words.caption, words.caption_pairs)
        if not marked or any(parent in taken for parent in element.iterancestors()) or _in_teaser(element, articles):
            continue
        text = _without_credit(element)
        if len(text) <= 3 * MAX_CHARS:
            taken.add(element)
            yield element, text


def _without_credit(element: HtmlElement) -> str:
    """Return a caption's text without the parts that are marked as its credit."""
    words = vocabulary()
    parts: list[str] = []
    skipped: HtmlElement | None = None
    for node in element.iter():
        if node is element:
            parts.append(node.text or "")
            continue
        inside = skipped is not None and skipped in node.iterancestors()
        if not inside and not words.credit.isdisjoint(name_words(node)):
            skipped, inside = node, True
        if not inside:
            parts.append((" " if node.tag in ("br", "p", "div", "span") else "") + (node.text or ""))
        if not inside or node is skipped:
            parts.append(node.tail or "")
    return "".join(parts)


def _in_teaser(element: HtmlElement, articles: dict[HtmlElement, bool]) -> bool:
    """Tell whether an element stands in the page's frame, a link to another page, or an article in the article."""
    for parent in element.iterancestors():
        if parent.tag in _FOREIGN or (parent.tag == "a" and not _IMAGE_LINK.search(parent.get("href") or "#")):
            return True
        if parent.tag == "article":
            if parent not in articles:
                text = sum(len("".join(node.itertext())) for node in parent.iter("p"))
                articles[parent] = text < 400 and parent.find(".//h1") is None
            return articles[parent]
    return False
