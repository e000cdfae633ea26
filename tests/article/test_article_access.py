"""Barriers, reservations, language and plain text."""

from __future__ import annotations

import pytest

from enrich.article import plain_text_article, read_article

SHORT = "Die Gießerei Ferrum hat einen neuen Prokuristen. Er heißt Hauke Brandt und kommt aus dem Betrieb."
LONG = "".join(
    f"<p>Absatz {n}: {SHORT} Seit {1900 + n} steht das Werk an der Wied und hat schon viel gesehen.</p>"
    for n in range(40)
)


def page(body: str, head: str = "") -> bytes:
    return f"<html lang=de><head>{head}</head><body><article><h1>Titel</h1>{body}</article></body></html>".encode()


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (
            f"<p>{SHORT}</p>",
            '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>',
        ),
        (
            f"<p>{SHORT}</p>",
            '<script type="application/ld+json">{"@type":"NewsArticle","hasPart":{"isAccessibleForFree":"False"}}</script>',
        ),
        (f'<p>{SHORT}</p><div class="paywall-layer">Bitte anmelden</div>', ""),
        (f"<p>{SHORT}</p><p>Sie haben bereits ein Abo? Dann melden Sie sich an.</p>", ""),
        (f"<p>{SHORT}</p><p>Subscribe to continue reading this story.</p>", ""),
    ],
)
def test_stubs_are_marked(body: str, head: str) -> None:
    assert read_article(page(body, head), "https://x.example/a").paywalled


def test_whole_articles_are_not_marked() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    assert not read_article(page(LONG + '<div class="paywall">Abo</div>', head), "https://x.example/a").paywalled
    assert not read_article(page(f"<p>{SHORT}</p>"), "https://x.example/a").paywalled


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ('<meta name="tdm-reservation" content="1">', "tdm-reservation"),
        ('<meta name="TDM-Reservation" content=" 1 ">', "tdm-reservation"),
        ('<meta name="tdm-reservation" content="0">', None),
        ('<meta name="robots" content="index, noai, noimageai">', "robots: noai"),
        ('<meta name="robots" content="index, follow">', None),
        ("", None),
    ],
)
def test_reservation_is_reported(head: str, reason: str | None) -> None:
    assert read_article(page(f"<p>{SHORT}</p>", head), "https://x.example/a").reserved == reason


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/b", "https://x.example/b"),
        ("https://y.example/c#d", "https://y.example/c"),
        ("javascript:x", None),
        ("http://[", None),
    ],
)
def test_canonical_address(href: str, expected: str | None) -> None:
    found = read_article(page(f"<p>{SHORT}</p>", f'<link rel="canonical" href="{href}">'), "https://x.example/a")
    assert found.canonical_url == expected


def test_text_decides_the_language_when_it_is_long() -> None:
    english = (
        "<p>The foundry has a new managing director. She joined the company in 2015 and was head of operations.</p>"
        "<p>Her predecessor retires after more than twenty years at the works, which employ ninety people.</p>"
    )
    assert read_article(page(english), "https://x.example/a").language == "en"
    assert read_article(page(LONG).replace(b"lang=de", b"lang=en"), "https://x.example/a").language == "de"
    assert read_article(page("<p>Kurz.</p>"), "https://x.example/a").language == "de"
    french = "<p>La fonderie a un nouveau directeur général depuis lundi, selon un communiqué de l'entreprise publié à Lausanne.</p>"
    assert read_article(page(french), "https://x.example/a").language == "fr"


def test_plain_text_keeps_its_paragraphs() -> None:
    article = plain_text_article("Erster Absatz.\r\nZweite Zeile.\r\n\r\n  \r\nZweiter   Absatz u\u0308ber Größe.\n")
    assert article.text == "Erster Absatz.\nZweite Zeile.\n\nZweiter Absatz über Größe."
    assert [article.text[b.start : b.end] for b in article.blocks] == article.text.split("\n\n")
    assert plain_text_article("").text == ""
    assert plain_text_article("").language is None


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.7 abc", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "no text"),
        (b"<p></p>", "no main text"),
    ],
)
def test_what_is_no_article_gives_a_warning_with_the_address(body: bytes, word: str) -> None:
    article = read_article(body, "https://x.example/a")
    assert article.text == ""
    assert article.blocks == ()
    (warning,) = article.warnings
    assert word in warning
    assert "https://x.example/a" in warning
