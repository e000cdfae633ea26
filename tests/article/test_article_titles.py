"""Titles without the site's name, the editorial one where a page has several."""

from __future__ import annotations

import pytest

from enrich.article import read_article


def title(head: str, body: str = "", url: str = "https://www.talblatt.example/a") -> str | None:
    return read_article(f"<html><head>{head}</head><body>{body}<p>Text</p></body></html>".encode(), url).title


@pytest.mark.parametrize(
    "raw",
    [
        "Neue Chefin im Stahlwerk | Talblatt",
        "Neue Chefin im Stahlwerk - Wirtschaft - talblatt.example",
        "Neue Chefin im Stahlwerk – Talblatt – 28.04.2023",
        "Neue Chefin im Stahlwerk",
    ],
)
def test_site_name_is_cut(raw: str) -> None:
    body = "<h1>Neue Chefin im Stahlwerk</h1>"
    assert title(f"<title>{raw}</title>", body) == "Neue Chefin im Stahlwerk"
    if "Wirtschaft" not in raw:
        assert title(f'<meta property="og:title" content="{raw}">') == "Neue Chefin im Stahlwerk"


def test_parts_of_the_title_itself_stay() -> None:
    assert title("<title>Stahl – ein Werkstoff mit Zukunft</title>") == "Stahl – ein Werkstoff mit Zukunft"


def test_social_title_wins_where_the_window_title_names_the_site() -> None:
    head = """<title>Stahlwerk Tal: Neue Chefin | Talblatt</title><meta property="og:title" content="Die Neue im Werk">
    <script type="application/ld+json">{"@type":"NewsArticle","headline":"Stahlwerk Tal: Neue Chefin"}</script>"""
    assert title(head, "<h1>Stahlwerk Tal: Neue Chefin</h1>") == "Die Neue im Werk"


def test_headline_of_structured_data_wins_where_the_window_title_is_bare() -> None:
    head = """<title>Chefin Stahlwerk Tal neu</title><meta property="og:title" content="Chefin Stahlwerk Tal neu">
    <script type="application/ld+json">{"@type":"NewsArticle","headline":"Die Neue im Werk"}</script>"""
    assert title(head, "<h1>Chefin Stahlwerk Tal neu</h1>") == "Die Neue im Werk"


def test_headline_is_taken_from_the_article_of_the_page_not_from_teasers() -> None:
    head = """<meta property="og:title" content="Die Neue im Werk"><script type="application/ld+json">
    [{"@type":"NewsArticle","headline":"Ganz andere Nachricht"},{"@type":"NewsArticle","headline":"Die Neue im Werk"}]</script>"""
    assert title(head) == "Die Neue im Werk"


def test_entities_soft_hyphens_and_spaces_are_cleaned() -> None:
    assert title("<title>M&uuml;ller &amp;\n  S&ouml;hne: Unter&shy;nehmen</title>") == "Müller & Söhne: Unternehmen"


def test_without_any_title_there_is_none() -> None:
    assert title("") is None
