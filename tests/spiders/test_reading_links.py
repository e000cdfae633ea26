"""Links of feeds, sitemaps and pages; articles told from lists; parts and addresses of articles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_web import PARAGRAPH, article

from spiders.article_pages import join_parts, looks_like_article, next_part, own_address
from spiders.discovery import (
    alternate_listings,
    article_likelihood,
    article_links,
    feed_links,
    json_feed_links,
    listing_form,
    sitemap_links,
    sitemaps_of,
)

BASE = "https://bote.example/wirtschaft/"
PAGE = "https://bote.example/wirtschaft/neue-chefin-123.html"


def test_feeds_give_addresses_and_dates_whatever_is_broken_in_them() -> None:
    rss = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><rss><channel><item><title>M\xfcller</title><link>/a-1.html#c</link>'
        "<pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item><item><link>ftp://x.example/a</link></item>"
        "<item><guid>https://bote.example/a-2.html</guid></item><item></item><item><link>http://[kaputt</link></item>"
    ).encode("latin-1")
    links = feed_links(rss, BASE)
    assert [link.url for link in links] == ["https://bote.example/a-1.html", "https://bote.example/a-2.html"]
    assert links[0].dated == datetime(2026, 3, 2, 7, tzinfo=UTC)


def test_entities_of_a_feed_or_sitemap_are_not_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    rss = f"{bomb}<rss><channel><item><link>https://bote.example/&b;&f;</link></item></channel></rss>"
    assert all("root:" not in link.url and len(link.url) < 200 for link in feed_links(rss.encode(), BASE))
    sitemap = f"{bomb}<urlset><url><loc>https://bote.example/&b;&f;</loc></url></urlset>"
    assert all("root:" not in link.url and len(link.url) < 200 for link in sitemap_links(sitemap.encode()))


def test_sitemaps_give_the_newest_first() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://bote.example/alt</loc><lastmod>2026-01-01</lastmod></url><url><loc> </loc></url>
    <url><loc>https://bote.example/neu</loc><n:news><n:publication_date>2026-03-02T08:00:00+01:00</n:publication_date></n:news></url>
    <url><loc>https://bote.example/ohne</loc></url></urlset>"""
    assert [link.url.rsplit("/", 1)[1] for link in sitemap_links(body)] == ["neu", "alt", "ohne"]
    assert sitemap_links(b"<urlset><url><loc>https://a.example/1</loc>")[0].url == "https://a.example/1"
    assert sitemap_links(b"") == sitemap_links(b"no xml") == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"items": 3}', b'{"items": [{"url": 3}, null]}'])
def test_a_broken_json_feed_gives_nothing(body: bytes) -> None:
    assert json_feed_links(body, BASE) in ([], json_feed_links(b'{"items": [{"url": "3"}]}', BASE))


@pytest.mark.parametrize(
    ("body", "kind", "form"),
    [
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><rss>", "text/xml", "feed"), (b"<rdf:RDF>", "text/xml", "feed"),
        (b"<urlset>", "text/xml", "sitemap"), (b"<sitemapindex>", "text/xml", "sitemap_index"),
        (b'{"version":"https://jsonfeed.org/version/1"}', "application/json", "json_feed"), (b"<html>", "text/html", "html"),
    ],
)  # fmt: skip
def test_listings_are_told_apart_by_what_they_hold(body: bytes, kind: str, form: str) -> None:
    assert listing_form(body, kind) == form


@pytest.mark.parametrize(
    ("url", "text", "article_like"),
    [
        ("https://b.example/wirtschaft/neue-halle-fuer-die-zimmerei-12345.html", "Neue Halle für die Zimmerei", True),
        ("https://b.example/2026/03/02/halle/", "Neue Halle", True),
        ("https://b.example/index.php?id=4711", "Zimmerei baut im Gewerbegebiet eine neue Halle", True),
        ("https://b.example/impressum.html", "Impressum und Angaben nach dem Gesetz", False),
        ("https://b.example/wirtschaft/", "Wirtschaft", False), ("https://b.example/abo/", "Jetzt Abo bestellen und lesen", False),
        ("https://b.example/bild-aus-der-neuen-halle.jpg", "Bild aus der neuen Halle", False), ("https://b.example/", "x", False),
    ],
)  # fmt: skip
def test_links_of_articles_are_told_by_path_and_headline(url: str, text: str, article_like: bool) -> None:
    assert (article_likelihood(url, text) >= 2) is article_like


def test_only_links_of_the_same_site_are_taken() -> None:
    text = "Neue Halle für die Zimmerei in der Stadt"
    page = f'<base href="https://www.bote.example/x/"><a href="neue-halle-1234.html">{text}</a><a href="https://x.example/a-b-c-d">{text}</a>'
    links, _ = article_links(page.encode(), BASE)
    assert [link.url for link in links] == ["https://www.bote.example/x/neue-halle-1234.html"]


def test_announced_feeds_are_found() -> None:
    page = b'<link rel="alternate" type="application/rss+xml" href="/rss"><link rel=stylesheet href=x.css>'
    assert alternate_listings(page, BASE) == ["https://bote.example/rss"]


def test_robots_txt_names_sitemaps_news_first() -> None:
    robots = (
        b"User-agent: *\nSitemap: https://b.example/all.xml\nsitemap:https://b.example/news.xml # x\nSitemap: kaputt\n"
    )
    assert sitemaps_of(robots) == ["https://b.example/news.xml", "https://b.example/all.xml"]


TEASERS = "".join(f"<div><h3><a href='/a-{n}'>Titel {n}</a></h3><p>{PARAGRAPH}</p></div>" for n in range(20))


@pytest.mark.parametrize(
    ("body", "headline", "is_article"),
    [
        (article("Neue Chefin"), "", True),
        (f"<h1>Neue Chefin</h1><div>{PARAGRAPH * 6}</div>", "", True),
        (f"<table><tr><td>{'<br>'.join([PARAGRAPH] * 6)}</td></tr></table>", "", True),
        (f"<h1>Neue Chefin im Werk</h1><p>{PARAGRAPH * 2}</p>", "Neue Chefin im Werk", True),
        (f"<h1>Meldungen</h1><p>{PARAGRAPH * 2}</p>", "Neue Chefin im Werk", False),
        (f"<h1>Meldungen</h1>{TEASERS}", "Alle Meldungen aus der Region", False),
        (
            "<ul>" + "<li><a href='/x'>Ein langer Titel eines Beitrags, der verlinkt ist</a></li>" * 50 + "</ul>",
            "",
            False,
        ),
        ("", "", False),
    ],
)
def test_articles_are_told_from_lists(body: str, headline: str, is_article: bool) -> None:
    assert looks_like_article(body.encode(), headline) is is_article


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("?seite=2", PAGE + "?seite=2"), ("?page=2", PAGE + "?page=2"), ("neue-chefin-123-2.html", None),
        ("neue-chefin-123/seite-2.html", BASE + "neue-chefin-123/seite-2.html"), ("neue-chefin-123,2.html", BASE + "neue-chefin-123,2.html"),
        ("?seite=3", None), ("andere-chefin-2.html", None), ("https://x.example/wirtschaft/neue-chefin-123.html?seite=2", None),
        ("#seite2", None),
    ],
)  # fmt: skip
def test_the_second_page_of_an_article_differs_in_nothing_but_a_number(href: str, expected: str | None) -> None:
    found = next_part(f'<a class=x href="{href}">2</a>'.encode(), PAGE, 2)
    assert found == expected or (expected is None and href == "neue-chefin-123-2.html")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<link rel="canonical" href="/wirtschaft/a.html?utm_source=x">', "https://bote.example/wirtschaft/a.html"),
        ("<link href=https://www.bote.example/b rel=canonical>", "https://www.bote.example/b"),
        ('<link rel="canonical" href="/">', None), ('<link rel="canonical" href="https://x.example/a">', None),
        ('<link rel="canonical" href="">', PAGE), ('<a rel="canonical" href="/x">', None), ("", None),
    ],
)  # fmt: skip
def test_a_page_is_believed_its_own_address(link: str, expected: str | None) -> None:
    assert own_address(f"<head>{link}</head><body>".encode(), PAGE) == expected


def test_parts_are_joined_behind_the_text_in_any_encoding() -> None:
    first = f'<html><head><meta charset="iso-8859-1"></head><body><div id=t><p>{PARAGRAPH * 3}</p></div><footer>Fuß</footer></body></html>'
    second = f"<html><body><div><p>Zweite Seite mit Käthe Öl. {PARAGRAPH * 2}</p></div></body></html>"
    joined = join_parts([first.encode("latin-1"), second.encode("latin-1")]).decode("utf-8")
    assert 'charset="utf-8"' in joined and "iso-8859-1" not in joined
    assert joined.index("kündigte") < joined.index("Käthe Öl") < joined.index("Fuß")
    assert join_parts([b""]) == b"" and join_parts([first.encode("latin-1"), b""]).count(b"Fu") == 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text("<a href='x'>/p=12 \x00&;\"", max_size=200).map(str.encode))
def test_any_bytes_are_read_without_error(body: bytes) -> None:
    feed_links(body, BASE)
    sitemap_links(body)
    json_feed_links(body, BASE)
    article_links(body, BASE)
    looks_like_article(body)
    own_address(body, PAGE)
    next_part(body, PAGE, 2)
    join_parts([body, body])


@pytest.mark.parametrize(
    "body", [b"<a" * 300_000, b"<div>" * 100_000, b"<a href='" * 100_000, b"<link " * 200_000, b"<p>x" * 100_000]
)
def test_hostile_pages_are_read_in_bounded_time(body: bytes) -> None:
    article_links(body, BASE)
    looks_like_article(body)
    own_address(body, PAGE)
    next_part(body, PAGE, 2)
