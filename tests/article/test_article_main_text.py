"""What belongs to the article and what belongs to the page."""

from __future__ import annotations

import json

import pytest

from enrich.article import read_article

FIRST = "Die Gießerei Ferrum in Altwied hat den Betriebsleiter Hauke Brandt zum Prokuristen bestellt, teilte sie am Montag mit."
SECOND = (
    "Brandt arbeitet seit zwanzig Jahren in dem Unternehmen und hat dort als Lehrling begonnen, später studierte er."
)
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"


def text_of(body: str, head: str = "") -> str:
    page = f"<html lang=de><head>{head}</head><body><main><article><h1>Neuer Prokurist</h1>{body}</article></main></body></html>"
    return read_article(page.encode(), "https://www.talblatt.example/a").text


@pytest.mark.parametrize(
    "box",
    [
        '<div class="teaserBox"><p>Bäcker Tim Teigmann schließt nach vierzig Jahren seine Backstube am Markt.</p><a href="/x">mehr</a></div>',
        '<section class="c-related-articles"><p>Bäcker Tim Teigmann schließt seine Backstube.</p></section>',
        '<div id="comments"><p>Tim Teigmann: Das wurde aber auch Zeit, der Mann ist wirklich gut!</p></div>',
        '<div class="newsletter-signup"><p>Tim Teigmann schickt Ihnen jeden Morgen das Wichtigste.</p></div>',
        '<div class="cookie-banner"><p>Verantwortlich für Cookies ist Tim Teigmann, fragen Sie ihn.</p></div>',
        '<div role="navigation"><p>Tim Teigmann</p></div>',
        '<div class="autorenbox"><p>Tim Teigmann ist Redakteur und schreibt über Betriebe der Region.</p></div>',
        "<aside><p>Tim Teigmann und sein Kompagnon eröffnen eine Weinstube in der Altstadt von Altwied.</p></aside>",
        '<ul><li><a href="/1">Tim Teigmann schließt seine Backstube</a></li><li><a href="/2">Tim Teigmann geht</a></li></ul>',
        '<p>Lesen Sie auch: <a href="/1">Tim Teigmann schließt</a></p>',
        "<h3>Mehr zum Thema</h3><ul><li>Tim Teigmann schließt</li><li>Tim Teigmann öffnet</li></ul>",
        "".join(
            f'<div class="row"><h3><a href="/{n}">Tim Teigmann Teil {n}</a></h3><p>Vorspann {n}</p></div>'
            for n in range(4)
        ),
    ],
    ids=[
        "teaser",
        "related",
        "comments",
        "newsletter",
        "cookies",
        "role",
        "author",
        "aside",
        "links",
        "see also",
        "topic",
        "rows",
    ],
)
def test_foreign_boxes_yield_nobody(box: str) -> None:
    for body in (BODY + box, f"<p>{FIRST}</p>{box}<p>{SECOND}</p>"):
        text = text_of(body)
        assert "Teigmann" not in text
        assert FIRST in text
        assert SECOND in text


@pytest.mark.parametrize(
    "wrapper", ["has-sidebar", "comments-open", "social-share-enabled", "no-ads", "teaser-page", "related-on"]
)
def test_wrappers_with_telling_names_are_no_boxes(wrapper: str) -> None:
    assert SECOND in text_of(f'<div class="{wrapper}">{BODY}</div>')


@pytest.mark.parametrize(
    "lead",
    ['<p class="article-intro">{}</p>', '<div class="vorspann">{}</div>', '<p class="teaser">{}</p>', "<header><p>{}</p></header>", "<h2>{}</h2>"],
)  # fmt: skip
def test_standfirst_comes_first_and_once(lead: str) -> None:
    standfirst = "Vom Lehrling zum Prokuristen: In der Gießerei Ferrum ist ein langer Weg zu Ende gegangen."
    text = text_of(lead.format(standfirst) + BODY)
    assert text.startswith(standfirst)
    assert text.count(standfirst) == 1


def test_byline_date_and_reading_time_are_no_text() -> None:
    text = text_of(f"<p>Von Rita Reporter</p><p>07.03.2024, 06:30 Uhr</p><p>Lesezeit: 3 Minuten</p>{BODY}")
    assert text.startswith(FIRST)


def test_title_is_not_repeated() -> None:
    assert text_of(f"<h2>Neuer Prokurist</h2>{BODY}").startswith(FIRST)


def test_publishers_tail_is_cut() -> None:
    text = text_of(
        f"{BODY}{BODY.replace('Brandt', 'Er')}<p>Wie hat Ihnen dieser Artikel gefallen?</p><p>Unsere Chefin Ina Verlag dankt.</p>"
    )
    assert "gefallen" not in text
    assert "Ina Verlag" not in text


def test_body_in_structured_data_completes_a_torn_page() -> None:
    third = "Die Gießerei gehört zu den ältesten Betrieben im Tal und beschäftigt heute hundertzwanzig Menschen in drei Schichten."
    body = f"{FIRST}\n\n{SECOND}\n\n{third}\n\n{third.replace('Tal', 'Land')}"
    script = json.dumps({"@type": "NewsArticle", "articleBody": body})
    text = text_of(BODY, f'<script type="application/ld+json">{script}</script>')
    assert third in text
    assert text.startswith(FIRST)


def test_body_of_another_article_is_not_taken() -> None:
    other = "Im Zoo von Altwied ist ein Nashorn geboren worden, die Pfleger freuen sich über den Nachwuchs. " * 12
    script = json.dumps({"@type": "NewsArticle", "articleBody": other})
    text = text_of(BODY, f'<script type="application/ld+json">{script}</script>')
    assert "Nashorn" not in text
    assert FIRST in text


def test_words_on_both_sides_of_a_link_stay_apart() -> None:
    text = text_of(
        f'<p>Die <a href="/f">Gießerei</a> <b>Ferrum</b> hat<br>den Leiter <i>Hauke Brandt</i>, 44, bestellt und das gern getan.</p>{BODY}'
    )
    assert "Die Gießerei Ferrum hat\nden Leiter Hauke Brandt, 44, bestellt" in text


def test_personnel_column_keeps_its_lines() -> None:
    rows = "".join(
        f"<li><b>{name}</b>, {role}</li>"
        for name, role in [("Ute Sommer", "Leiterin Einkauf"), ("Jan Winter", "Vorstand")]
    )
    assert "Ute Sommer, Leiterin Einkauf\n\nJan Winter, Vorstand" in text_of(
        f"{BODY}<ul>{rows}</ul>{BODY.replace('Montag', 'Dienstag')}"
    )


def test_outbound_links_of_the_text_only() -> None:
    body = f'<p>{FIRST} Mehr auf <a href="https://www.ferrum.example/#top">ferrum.example</a> und <a href="/intern">hier</a>.</p><p>{SECOND}</p>'
    page = f'<html><body><article><h1>Neu</h1>{body}</article><footer><a href="https://werbung.example/">x</a></footer></body></html>'
    assert read_article(page.encode(), "https://www.talblatt.example/a").links == ("https://www.ferrum.example/",)
