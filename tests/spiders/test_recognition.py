"""What lies at an address is recognised from one page."""

from __future__ import annotations

import pytest

from spiders.recognition import recognise, source_name

ARTICLES = "".join(
    f'<a href="/wirtschaft/firma-{i}-baut-neue-halle-am-hafen.html">Firma {i} baut neue Halle am Hafen</a>'
    for i in range(12)
)
FEED = "<rss version='2.0'><channel><title>T</title><item><link>http://a.example/1</link></item></channel></rss>"
DATES = "".join(f"<li>{i}. März 2026: Vortrag</li>" for i in range(1, 9))


@pytest.mark.parametrize(
    ("url", "kind", "body", "expected", "form"),
    [
        ("http://a.example/feed.xml", "application/rss+xml", FEED, "news", "feed"),
        ("http://a.example/atom", "text/xml", "<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "news", "feed"),
        ("http://a.example/f.json", "application/json", '{"version":"https://jsonfeed.org/version/1.1","items":[]}', "news", "JSON feed"),
        ("http://a.example/s.xml", "application/xml", "<urlset><url><loc>http://a.example/1</loc></url></urlset>", "news", "sitemap"),
        ("http://a.example/s.xml", "application/xml", "<sitemapindex></sitemapindex>", "news", "sitemap index"),
        ("http://a.example/", "text/html", f"<html><body>{ARTICLES}</body></html>", "news", "front or section page"),
        ("http://a.example/", "text/html", f"<html><link rel=alternate type='application/rss+xml' href='/rss'><body>{ARTICLES}</body></html>", "news", "front page with a feed"),
        ("http://a.example/k.ics", "text/calendar", "BEGIN:VCALENDAR\nEND:VCALENDAR", "event", "calendar (ICS)"),
        ("http://a.example/x", "text/html", '<script type="application/ld+json">{"@type":"BusinessEvent"}</script>', "event", "page with schema.org events"),
        ("http://a.example/veranstaltungen", "text/html", f"<ul>{DATES}</ul>", "event", "event listing"),
        ("http://a.example/speakers", "text/html", "<h3>Eva Maurer</h3>", "event", "speaker page"),
        ("http://a.example/gaeste.csv", "text/csv", "Name;Firma\n", "event", "list of attendees (CSV)"),
        ("http://a.example/", "text/html", "<h1>Koch GmbH</h1><a href='/impressum'>Impressum</a>", "company", "company site"),
    ],
)  # fmt: skip
def test_every_form_of_source_is_recognised(url: str, kind: str, body: str, expected: str, form: str) -> None:
    found = recognise(url, kind, body.encode())
    assert (found.kind, found.form) == (expected, form)
    assert found.start and found.title


def test_names_are_made_from_addresses() -> None:
    assert source_name("https://www.lindenauer-tagblatt.example/feed.xml") == "lindenauer-tagblatt"
    assert source_name("https://ihk.example/veranstaltungen/") == "ihk-veranstaltungen"
