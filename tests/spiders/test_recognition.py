"""`opener sources add` is given any address and must tell what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_web import PARAGRAPH, article

from spiders.recognition import page_title, recognise, source_name

ROOT = "https://www.beispiel.example/"
CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"

HEADLINES = [f"Neue Halle für Zimmerei Nummer {n} in der Südstadt eröffnet" for n in range(14)]
FRONT = (
    "<title>Bote am Sonntag: Nachrichten aus der Region</title><nav>"
    + "".join(f'<a href="/{r}/">{r.title()}</a>' for r in ("wirtschaft", "politik", "sport", "kultur", "lokales"))
    + "</nav>"
    + "".join(f'<h2><a href="/wirtschaft/2026/03/neue-halle-fuer-zimmerei-{n}.html">{t}</a></h2>' for n, t in enumerate(HEADLINES))
)  # fmt: skip
FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
EVENT = {"@context": "https://schema.org", "@type": "Event", "name": "Gründerabend", "startDate": "2026-05-04T18:00"}
COMPANY = (
    "<title>Zimmerei Holzmann GmbH</title><h1>Willkommen</h1><a href='leistungen.html'>Leistungen</a>"
    "<a href='kontakt.html'>Kontakt</a><a href='impressum.html'>Impressum</a><p>Ihr Meisterbetrieb seit 1963. "
    "Holzweg 3, 12345 Musterstadt, Telefon 01234 567890. Unsere Leistungen und Beratung für Kunden.</p>"
)
LISTING = "<title>Veranstaltungen der Kammer</title><h1>Termine</h1>" + "".join(
    f"<div><h3>Gründerabend {n}</h3><p>{n}. Mai 2026, 18:00 Uhr, Anmeldung erforderlich</p></div>" for n in range(1, 8)
)
SPEAKERS = "<title>Kongress 2026</title><h1>Speaker</h1>" + "".join(
    f"<div><h3>Erika Muster{n}</h3><p>Geschäftsführerin, Firma {n} GmbH</p></div>" for n in range(8)
)
DETAIL = (
    "<title>Energiegipfel 2027</title><h1>Energiegipfel 2027</h1><p>Mittwoch, 17.02.2027, 13:30 Uhr, Stadthalle</p>"
    "<p>Begrüßung: Erika Muster, Geschäftsführerin. Moderation: Jan Beispiel</p>"
)
ISLAND = "<div id=app></div><script id='__NEXT_DATA__' type='application/json'>" + json.dumps(
    {"props": {"events": [{"title": "Energietag", "startDate": "2027-02-11T16:00"}]}}
) + "</script>"  # fmt: skip
PAST = LISTING + "".join(
    f'<a href="/2025/{n:02d}/rueckblick-auf-den-abend-der-gruender-{n}.html">Das war der Abend der Gründer {n}</a>'
    for n in range(1, 13)
)
CASES = [
    ("feed.xml", "application/rss+xml", '<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "news", "feed"),
    ("atom", "text/xml", '<feed xmlns="http://www.w3.org/2005/Atom"/>', "news", "feed"),
    ("feed.json", "application/json", '{"version": "https://jsonfeed.org/version/1.1"}', "news", "JSON feed"),
    ("sitemap.xml", "text/xml", "<sitemapindex/>", "news", "sitemap index"),
    ("sitemap.xml", "text/xml", "<urlset/>", "news", "sitemap"),
    ("news.xml", "text/xml", '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"/>', "news", "news sitemap"),
    ("k.ics", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR", "event", "calendar (ICS)"),
    ("k", "text/plain", "BEGIN:VCALENDAR\r\nEND:VCALENDAR", "event", "calendar (ICS)"),
    ("liste.csv", "text/csv", "Name;Firma\n", "event", "list of attendees (CSV)"),
    ("", "text/html", FRONT, "news", "front or section page"),
    ("", "text/html", FEED_LINK + FRONT, "news", "front page with a feed"),
    ("a/x.html", "text/html", article("Neue Chefin"), "news", "front page of the site that this article is of"),
    ("abend", "text/html", f"<script type='application/ld+json'>{json.dumps(EVENT)}</script><h1>Gründerabend</h1>",
     "event", "page with schema.org events"),
    ("veranstaltungen/", "text/html", LISTING, "event", "event listing"),
    ("va/energiegipfel", "text/html", DETAIL, "event", "event listing"),
    ("va/energiegipfel/", "text/html", DETAIL, "event", "event listing"),
    ("events", "text/html", ISLAND, "event", "page with schema.org events"),
    ("export?type=csv", "application/octet-stream", "name,company\n", "event", "list of attendees (CSV)"),
    ("veranstaltungen/", "text/html", PAST, "event", "event listing"),
    ("speakers.html", "text/html", SPEAKERS, "event", "speaker page"),
    ("", "text/html", COMPANY, "company", "company site"),
    ("", "text/html", "<frameset><frame src='start.html'></frameset>", "company", "company site"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "content_type", "body", "kind", "form"), CASES)
def test_each_kind_of_address_is_recognised(path: str, content_type: str, body: str, kind: str, form: str) -> None:
    found = recognise(ROOT + path, content_type, body.encode())
    assert (found.kind, found.form) == (kind, form)


def test_the_feed_of_a_front_page_is_watched_instead_of_the_page() -> None:
    assert recognise(ROOT, "text/html", (FEED_LINK + FRONT).encode()).start == (ROOT + "feed.xml",)


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 50, b"<" * 100_000, b"<a" * 50_000, b"<div>" * 50_000, PARAGRAPH.encode()]
)
def test_hostile_pages_are_recognised_as_something(body: bytes) -> None:
    assert recognise(ROOT, "text/html", body).kind in ("news", "event", "company")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.bote.example/", "bote"), ("https://bote.example/wirtschaft/", "bote-wirtschaft"),
        ("https://bote.example/feed", "bote"), ("https://ihk.kammer.example/veranstaltungen?x=1", "ihk-kammer-veranstaltungen"),
        ("http://127.0.0.1:80/", "127-0-0"), ("https://www.müller.example/", "m-ller"),
    ],
)  # fmt: skip
def test_names_are_made_of_the_address(url: str, name: str) -> None:
    assert source_name(url) == name


def test_titles_are_plain_text_in_any_encoding() -> None:
    assert page_title("<TITLE class=x>Öl &amp; Gas\n GmbH</TITLE>".encode("cp1252")) == "Öl & Gas GmbH"
    assert page_title(b"<p>ohne</p>") is None


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("corpus", "kind", "least"), [("company_sites", "company", 0.95), ("event_sites", "event", 0.85)]
)
def test_start_pages_of_real_sites_are_recognised(corpus: str, kind: str, least: float) -> None:
    gold = CORPORA / corpus / "gold.jsonl"
    if not gold.exists():
        pytest.skip(f"{gold} is not there")
    right = total = 0
    for row in map(json.loads, gold.read_text("utf-8").splitlines()):
        page = CORPORA / corpus / row["site"] / (row.get("start_path") or "")
        page = next((page / name for name in ("index.html", "index.htm", "index.php") if (page / name).exists()), page)
        if page.is_file():
            content_type = "text/calendar" if page.suffix == ".ics" else "text/html"
            url = f"http://{row['site']}.example/{row.get('start_path') or ''}"
            total += 1
            right += recognise(url, content_type, page.read_bytes()).kind == kind
    assert right / total >= least
