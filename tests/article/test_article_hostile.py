"""Pages that try to hang or crash the reader, and any bytes at all."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrich.article import Article, plain_text_article, read_article
from enrich.article.reading import MAX_TEXT

PARAGRAPH = "<p>Hans Koch, Geschäftsführer der Koch GmbH, stellte am Montag in Altwied die Zahlen des Jahres vor.</p>"


def check(article: Article) -> None:
    """Blocks are ordered, not empty, and make up the text."""
    assert article.text == "\n\n".join(article.text[block.start : block.end] for block in article.blocks)
    assert all(article.text[block.start : block.end].strip() for block in article.blocks)
    assert all(left.end + 2 == right.start for left, right in zip(article.blocks, article.blocks[1:], strict=False))
    assert unicodedata.is_normalized("NFC", article.text)
    assert article.published is None or article.published.tzinfo is not None
    assert len(article.text) <= MAX_TEXT * 1.1


HOSTILE = {
    "100,000 nested div": "<div>" * 100_000 + PARAGRAPH,
    "nested spans": "<span>x " * 50_000,
    "nested lists": "<ul><li>a" * 8_000,
    "nested tables": "<table><tr><td>a" * 6_000,
    "nested quotes": "<blockquote>text " * 8_000,
    "10 MB in one line": "<p>" + "wort " * 2_000_000,
    "many breaks": "<p>" + "<br>" * 100_000,
    "many captions": "<article><h1>T</h1>" + "<figure><figcaption>Udo Becker, links im Bild</figcaption></figure>" * 3_000 + PARAGRAPH * 5,
    "many short dates": "<h1>T</h1>" + "<div>1.1.2020</div>" * 8_000 + PARAGRAPH,
    "comments without end": "<!-- " * 200_000 + PARAGRAPH,
    "tags without end": "<b " * 500_000,
    "quotes without end": '<a href="' * 100_000,
    "entities": "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 60)) + "]><p>&a59;</p>" + PARAGRAPH,
    "json nesting": '<script type="application/ld+json">' + '{"author":' * 20_000 + "</script>" + PARAGRAPH,
    "title of separators": "<title>" + "a - " * 100_000 + "</title>" + PARAGRAPH,
    "long class": f'<div class="{"teaser " * 300_000}">x</div>' + PARAGRAPH,
    "white space": "<p>a" + " " * 2_000_000 + "b</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_bounded(name: str) -> None:
    check(read_article(HOSTILE[name].encode(), "https://x.example/a", "text/html"))


def test_cyclic_structured_data_ends() -> None:
    node = {"@type": "Person", "@id": "a", "name": "Udo Becker", "jobTitle": "Chef", "worksFor": {"@id": "a"}}
    page = f'<script type="application/ld+json">{json.dumps([node, {"@type": "Article", "author": {"@id": "a"}}])}</script>{PARAGRAPH}'
    article = read_article(page.encode(), "https://x.example/a")
    assert article.people == ()
    check(article)


TAGS = st.sampled_from(
    ["p", "div", "article", "h1", "h2", "ul", "li", "table", "tr", "td", "figure", "figcaption", "a href='/x'", "span", "br",
     "blockquote", "section class=teaser", "div class='caption'", "time datetime='2024-01-01'", "title", "script", "form", "img alt='Udo Becker und ein Bild davon hier'"]
)  # fmt: skip
WORDS = st.text(alphabet="abcäß ÄÖ.,-|:„“0123456789\n&<>\u0301\u00ad\u200b\x07\ud7ff", max_size=40) | st.sampled_from(
    [
        PARAGRAPH[3:-4],
        "Von Udo Becker",
        "Mehr zum Thema",
        "12.03.2024",
        "Foto: Udo Becker",
        "Udo Becker (l.) und Ida Busch",
    ]
)
MARKUP = st.lists(st.tuples(TAGS, WORDS, st.booleans()), max_size=25).map(
    lambda parts: "".join(f"<{tag}>{text}" + (f"</{tag.split()[0]}>" if close else "") for tag, text, close in parts)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP, st.sampled_from(["utf-8", "latin-1", "utf-16"]))
def test_any_markup_gives_consistent_blocks(markup: str, encoding: str) -> None:
    check(read_article(markup.encode(encoding, "replace"), "https://x.example/a"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["https://x.example/a", "", "not an address", "http://[", "file:///x"]))
def test_any_bytes_never_raise(body: bytes, url: str) -> None:
    check(read_article(body, url, None))
    check(read_article(b"<html><body><p>" + body + PARAGRAPH.encode() * 3, url, "text/html; charset=x"))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_plain_text_gives_consistent_blocks(text: str) -> None:
    check(plain_text_article(text))
