"""One night over many sources in one real crawl: each form of listing, each fault, each refusal costs only itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from small_web import LIMITS, PARAGRAPH, Web, article, night, pages_of, served, source

from enrich.records import Page
from spiders.reports import SourceReport

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
EVERYTHING = "User-agent: *\nDisallow: /\n"


@dataclass
class Night:
    """The web, all reports by source, and all pages handed on by source."""

    web: Web
    reports: dict[str, SourceReport]
    pages: dict[str, list[Page]]


def _listings(web: Web) -> dict[str, str]:
    web.article("http://index.example/a1.html", "Eins")
    child = "<sitemap><loc>http://index.example/news.xml</loc></sitemap>"
    web.add("http://index.example/news.xml", f"<urlset {NS}><url><loc>http://index.example/a1.html</loc></url></urlset>",
            content_type="text/xml")  # fmt: skip
    web.article("http://json.example/a1.html", "Eins")
    items = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "http://json.example/a1.html"}, 3]}
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title><link href="/a1.html"/>'
        "<updated>2026-03-02T08:00:00Z</updated></entry></feed>"
    )
    web.article("http://atom.example/a1.html", "Eins")
    web.article("http://vorspann.example/a1.html", "Eins")
    web.feed("http://vorspann.example/feed.xml", {"http://vorspann.example/a1.html": "Eins"})
    announced = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    return {
        "index": web.add("http://index.example/sitemap.xml", f"<sitemapindex {NS}>{child}</sitemapindex>"),
        "json": web.add("http://json.example/feed.json", json.dumps(items), content_type="application/feed+json"),
        "atom": web.add("http://atom.example/atom", atom, content_type="application/atom+xml"),
        "vorspann": web.add(
            "http://vorspann.example/", f"<html><head>{announced}</head><body>Willkommen</body></html>"
        ),
    }


def _articles(web: Web) -> dict[str, str]:
    first = article("Große Reportage", PARAGRAPH * 5).replace("</article>", '</article><a href="?seite=2">2</a>')
    web.add("http://teile.example/reportage.html", first)
    web.add("http://teile.example/reportage.html?seite=2",
            article("Große Reportage", "Auf der zweiten Seite steht Erna Beispiel. " * 5))  # fmt: skip
    original = web.article("http://kopie.example/echt-1.html", "Eins")
    copy = article("Eins").replace("<head>", f'<head><link rel="canonical" href="{original}">')
    web.add("http://kopie.example/kopie?art=9", copy)
    latin = article("Geschäftsführer für Öl").encode("cp1252", "replace")
    web.add("http://zeichen.example/a1.html", latin, content_type="text/html; charset=utf-8")
    web.add(
        "http://kaputt.example/a1.html",
        b"<html><body><div><p>" * 3000 + b"Hans Beispiel" + b"\x00\xff</b></table>",
    )
    web.add("http://bild.example/a1.html", b"\x89PNG", content_type="image/png")
    one = {name: f"http://{name}.example/a1.html" for name in ("zeichen", "kaputt", "bild")}
    feeds = {name: web.feed(f"http://{name}.example/feed.xml", {url: "Eins"}) for name, url in one.items()}
    feeds["teile"] = web.feed(
        "http://teile.example/feed.xml", {"http://teile.example/reportage.html": "Große Reportage"}
    )
    feeds["kopie"] = web.feed(
        "http://kopie.example/feed.xml", {original: "Eins", "http://kopie.example/kopie?art=9": "E"}
    )
    return feeds


def _faults(web: Web) -> dict[str, str]:
    sources = {}
    for fault in ("hang", "endless", "flood", "bomb", "cut"):
        sources[f"alles-{fault}"] = web.add(f"http://alles-{fault}.example/feed.xml", b"x" * 1000, fault=fault)
        sources[f"eine-{fault}"] = web.paper(f"eine-{fault}.example", 2)
        web.add(f"http://eine-{fault}.example/artikel-0.html", b"x" * 1000, fault=fault)
    sources["alles-flood-ohne-laenge"] = web.add(
        "http://flut.example/feed.xml", b"", fault="flood", headers={"unknown": "1"}
    )
    sources["alles-500"] = web.add("http://fehler.example/feed.xml", "Fehler", status=500)
    sources["alles-404"] = "http://fehlt.example/feed.xml"
    sources["leer"] = web.add("http://leer.example/", "<html><body><h1>Neue Gestaltung</h1></body></html>")
    sources["wird-aufgegeben"] = web.paper("aufgegeben.example", 12)
    for number in range(12):
        web.add(f"http://aufgegeben.example/artikel-{number}.html", "Fehler", status=503)
    return sources


def _refusals(web: Web) -> dict[str, str]:
    hosts = (
        "robots-alles", "robots-5xx", "robots-hang", "robots-404", "robots-uns", "tdmrep", "tdm-kopf", "tdm-meta",
        "noai-kopf", "noai-meta", "ai-txt", "erlaubt", "umleitung", "robots-teil", "pause", "robots-html",
    )  # fmt: skip
    sources = {name: web.paper(f"{name}.example", 2) for name in hosts}
    for name, text in {
        "robots-alles": EVERYTHING, "robots-uns": EVERYTHING.replace("*", "DoorOpener"),
        "robots-teil": "User-agent: *\nDisallow: /artikel-0.html\n", "erlaubt": "User-agent: *\nDisallow: /intern\n",
        "pause": "User-agent: *\nCrawl-delay: 0.4\n", "robots-html": "<html>Disallow: /</html>",
    }.items():  # fmt: skip
        web.add(f"http://{name}.example/robots.txt", text, content_type="text/plain")
    web.add("http://robots-5xx.example/robots.txt", "x", status=503)
    web.add("http://robots-hang.example/robots.txt", "x", fault="hang")
    web.add("http://tdmrep.example/.well-known/tdmrep.json",
            '[{"location": "/artikel-0*", "tdm-reservation": 1}]', content_type="application/json")  # fmt: skip
    web.add("http://ai-txt.example/ai.txt", "User-Agent: *\nDisallow: /artikel-0.html\n", content_type="text/plain")
    web.article("http://tdm-kopf.example/artikel-0.html", "x", headers={"TDM-Reservation": "1"})
    web.article("http://noai-kopf.example/artikel-0.html", "x", headers={"X-Robots-Tag": "noindex, noai"})
    for name, meta in (
        ("tdm-meta", 'name="tdm-reservation" content="1"'),
        ("noai-meta", 'name="robots" content="noai"'),
    ):
        web.add(f"http://{name}.example/artikel-0.html", article("x").replace("<head>", f"<head><meta {meta}>"))
    inside = {"Location": "http://169.254.169.254/latest/meta-data/"}
    web.add("http://umleitung.example/artikel-0.html", "", status=302, headers=inside)
    return sources


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    home = tmp_path_factory.mktemp("home")
    with served() as web:
        starts = {**_listings(web), **_articles(web), **_faults(web), **_refusals(web)}
        reports = night(home, "1", LIMITS, *(source(name, url) for name, url in starts.items()))
        pages: dict[str, list[Page]] = {name: [] for name in starts}
        for page in pages_of(home):
            pages[page.source].append(page)
        yield Night(web, reports, pages)


@pytest.mark.parametrize("name", ["index", "json", "atom", "vorspann"])
def test_each_form_of_listing_leads_to_its_articles(tonight: Night, name: str) -> None:
    assert [page.url for page in tonight.pages[name]] == [f"http://{name}.example/a1.html"]
    assert not tonight.reports[name].failed


def test_an_article_on_several_pages_is_one(tonight: Night) -> None:
    (page,) = tonight.pages["teile"]
    assert b"Erna Beispiel" in page.body and "kündigte weitere Schritte".encode() in page.body


def test_a_copy_that_names_its_own_address_is_left_out(tonight: Night) -> None:
    assert [page.url for page in tonight.pages["kopie"]] == ["http://kopie.example/echt-1.html"]
    assert tonight.reports["kopie"].left_out == {"another address of a known article": 1}


def test_wrong_charset_and_broken_markup_are_handed_on_as_they_are(tonight: Night) -> None:
    assert "Öl".encode("cp1252") in tonight.pages["zeichen"][0].body
    assert b"Hans Beispiel" in tonight.pages["kaputt"][0].body


def test_what_is_no_text_is_left_out(tonight: Night) -> None:
    assert tonight.reports["bild"].left_out == {"not a text: image/png": 1}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("alles-hang", "no answer in time"), ("alles-endless", "redirects without end"),
        ("alles-flood", "larger than crawl.page_bytes"), ("alles-flood-ohne-laenge", "larger than crawl.page_bytes"),
        ("alles-bomb", "larger than crawl.page_bytes when unpacked"), ("alles-cut", "connection broken"),
        ("alles-500", "answers 500"), ("alles-404", "answers 404"), ("leer", "no articles found"),
        ("robots-5xx", "robots.txt cannot be read"), ("robots-hang", "robots.txt cannot be read"),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_read_fails_with_its_address_and_the_reason(
    tonight: Night, name: str, reason: str
) -> None:
    report = tonight.reports[name]
    assert report.failed and tonight.pages[name] == []
    assert reason in report.errors[0] and report.errors[0].startswith("http://")


@pytest.mark.parametrize("fault", ["hang", "endless", "flood", "bomb", "cut"])
def test_a_page_that_fails_costs_only_itself(tonight: Night, fault: str) -> None:
    name = f"eine-{fault}"
    assert [page.url for page in tonight.pages[name]] == [f"http://{name}.example/artikel-1.html"]
    assert len(tonight.reports[name].errors) == 1 and not tonight.reports[name].failed
    assert tonight.reports[name].listings == {}  # read again tomorrow, so that the page gets its chance


def test_a_host_is_given_up_after_a_row_of_failures(tonight: Night) -> None:
    asked = sum(n for url, n in tonight.web.asked.items() if url.startswith("http://aufgegeben.example/artikel"))
    assert asked < 24
    report = tonight.reports["wird-aufgegeben"]
    assert report.failed and any("given up" in error for error in report.errors)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("robots-teil", "robots.txt"), ("tdmrep", "TDM reservation (tdmrep.json)"), ("ai-txt", "ai.txt disallows it"),
        ("tdm-kopf", "TDM reservation (header)"), ("tdm-meta", "TDM reservation (meta)"),
        ("noai-kopf", "noai (X-Robots-Tag)"), ("noai-meta", "noai (meta robots)"),
        ("umleitung", "address guard: private address 169.254.169.254"),
    ],
)  # fmt: skip
def test_a_reserved_page_is_left_out_and_the_report_says_why(tonight: Night, name: str, reason: str) -> None:
    assert tonight.reports[name].left_out == {reason: 1}
    assert tonight.reports[name].left_out_pages[0].endswith(reason)
    assert [page.url for page in tonight.pages[name]] == [f"http://{name}.example/artikel-1.html"]


@pytest.mark.parametrize("name", ["robots-alles", "robots-uns"])
def test_a_host_that_wants_no_robots_is_not_asked_for_pages(tonight: Night, name: str) -> None:
    assert tonight.pages[name] == []
    assert tonight.reports[name].left_out == {"robots.txt": 1}
    assert tonight.web.asked[f"http://{name}.example/feed.xml"] == 0


@pytest.mark.parametrize("name", ["robots-404", "robots-html", "erlaubt"])
def test_a_host_without_rules_for_us_is_read(tonight: Night, name: str) -> None:
    assert len(tonight.pages[name]) == 2 and tonight.reports[name].left_out == {}


def test_crawl_delay_is_kept(tonight: Night) -> None:
    times = [t for t, url in tonight.web.times if url.startswith("http://pause.example/") and "robots" not in url]
    # Four pauses of 0.4 s; a loaded machine notes single requests late, so only the whole is looked at.
    assert len(times) == 5 and times[-1] - times[0] >= 1.2


def test_every_request_names_us_and_how_to_reach_us(tonight: Night) -> None:
    assert tonight.web.agents == {LIMITS.agent}


def test_one_host_is_asked_for_each_policy_file_once(tonight: Night) -> None:
    for path in ("robots.txt", ".well-known/tdmrep.json", "ai.txt"):
        assert tonight.web.asked[f"http://kopie.example/{path}"] == 1
