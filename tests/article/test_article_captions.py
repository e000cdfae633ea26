"""Which captions become text, and what is cut off them."""

from __future__ import annotations

import pytest

from enrich.article import Article, read_article
from enrich.article.captions import names_somebody, strip_credit

PARAGRAPH = (
    "<p>Die Tischlerei Holzmann baut an der Ringstraße eine neue Halle und stellt im Herbst zwölf Leute ein.</p>"
)


def article(markup: str) -> Article:
    page = f"<html lang=de><body><article><h1>Tischlerei baut neu</h1>{PARAGRAPH}{markup}{PARAGRAPH[:-5]} Auch das noch.</p></article></body></html>"
    return read_article(page.encode(), "https://www.talblatt.example/a")


def captions(markup: str) -> list[str]:
    found = article(markup)
    return [found.text[block.start : block.end] for block in found.blocks if block.kind == "caption"]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        (
            "Inhaberin Petra Holzmann vor der neuen Halle. Foto: Kurt Knipser",
            "Inhaberin Petra Holzmann vor der neuen Halle.",
        ),
        ("Inhaberin Petra Holzmann vor der Halle (Foto: Kurt Knipser/dpa)", "Inhaberin Petra Holzmann vor der Halle"),
        ("Inhaberin Petra Holzmann vor der Halle © Kurt Knipser", "Inhaberin Petra Holzmann vor der Halle"),
        ("Inhaberin Petra Holzmann | Bild: Imago / Knipser", "Inhaberin Petra Holzmann"),
        ("Petra Holzmann und ihr Team, Quelle: privat", "Petra Holzmann und ihr Team,"),
        ("Foto: Kurt Knipser", ""),
        ("© Kurt Knipser/dpa", ""),
        ("Petra Holzmann zeigt das Bild ihres Vaters", "Petra Holzmann zeigt das Bild ihres Vaters"),
    ],
)
def test_credits_are_cut(caption: str, expected: str) -> None:
    assert strip_credit(caption) == expected


@pytest.mark.parametrize(
    "caption",
    ["Petra Holzmann vor der Halle", "Freuen sich: Chef Udo Becker und Azubi", "V. l. n. r.: Becker, Holzmann und Zimmer",
     "Bürgermeister Xandinho (r.) gratuliert", "Dr. Ngozi Adeyemi im Labor"],
)  # fmt: skip
def test_captions_that_name_somebody(caption: str) -> None:
    assert names_somebody(caption)


@pytest.mark.parametrize(
    "caption", ["Die neue Halle an der Ringstraße", "Blick auf das Berliner Rathaus", "Symbolbild Handwerk"]
)
def test_captions_that_name_nobody(caption: str) -> None:
    assert not names_somebody(caption)


def test_names_known_from_the_text_add_nothing_unless_they_bring_a_role() -> None:
    text = "Petra Holzmann baut."
    assert not names_somebody("Petra Holzmann vor der Halle", text)
    assert names_somebody("Petra Holzmann, Geschäftsführerin der Tischlerei", text)


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src=a.jpg><figcaption>Inhaberin Petra Holzmann zeigt die Pläne.</figcaption></figure>",
        '<div class="bild"><img src=a.jpg><div class="bildunterschrift">Inhaberin Petra Holzmann zeigt die Pläne.</div></div>',
        '<div class="wp-caption"><img src=a.jpg><p class="wp-caption-text">Inhaberin Petra Holzmann zeigt die Pläne.</p></div>',
        '<a href="/gross.jpg"><img src=a.jpg title="Inhaberin Petra Holzmann zeigt die Pläne."></a>',
        '<figure><img src=a.jpg><figcaption>Inhaberin Petra Holzmann zeigt die Pläne. <span class="copyright">Kurt Knipser</span></figcaption></figure>',
    ],
    ids=["figcaption", "class", "wordpress", "image title", "credit by class"],
)
def test_captions_are_found_wherever_they_stand(markup: str) -> None:
    text = "Inhaberin Petra Holzmann zeigt die Pläne."
    found = captions(markup)
    assert [caption for caption in found if text[:-1] in caption] == ([text] if found else []), found
    assert found


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/anderer-artikel"><figure><img src=a.jpg><figcaption>Inhaberin Petra Holzmann zeigt Pläne</figcaption></figure></a>',
        "<aside><figure><figcaption>Inhaberin Petra Holzmann zeigt die Pläne</figcaption></figure></aside>",
        '<div class="related"><figure><figcaption>Inhaberin Petra Holzmann zeigt die Pläne</figcaption></figure></div>',
        "<figure><figcaption>Von Petra Holzmann, Redakteurin der Talzeitung</figcaption></figure>",
    ],
    ids=["teaser link", "aside", "related", "author"],
)
def test_captions_of_others_are_left_out(markup: str) -> None:
    assert "Holzmann zeigt" not in article(markup).text
    assert "Redakteurin" not in article(markup).text


def test_same_caption_counts_once() -> None:
    markup = '<figure><img alt="Inhaberin Petra Holzmann zeigt die Pläne für den Bau"><figcaption>Inhaberin Petra Holzmann zeigt die Pläne für den Bau</figcaption></figure>'
    assert len(captions(markup * 2)) == 1
