"""Real Scrapy in a child process against real HTTP: what one night and the next ones bring.

All sources share three nights: between them their sites change, each in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from small_web import LIMITS, PARAGRAPH, Web, article, night, pages_of, served, source

from spiders.batches import batch_paths, empty_bodies
from spiders.crawl import CrawlLimits, CrawlRefused, crawl, fetch
from spiders.reports import SourceReport

MANY = 40
LIMIT = replace(LIMITS, host_pages=MANY)
SECTION = "http://titel.example/meldungen/alle-meldungen-aus-der-region-heute"
STORIES = [f"http://titel.example/wirtschaft/2026/03/neue-halle-fuer-zimmerei-nummer-{n}.html" for n in range(4)]


@dataclass
class Nights:
    """What each night asked for, sent and handed on; reports by night and source."""

    reports: dict[str, dict[str, SourceReport]] = field(default_factory=dict)
    pages: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    asked: dict[str, Counter[str]] = field(default_factory=dict)


def _front_page(web: Web) -> str:
    for url in STORIES:
        web.article(url, "Neue Halle für die Zimmerei am Ort")
    teasers = "".join(
        f'<li><a href="{u}">Neue Halle für die Zimmerei am Ort</a><p>{PARAGRAPH}</p></li>' for u in STORIES[:2]
    )
    menu = '<a href="/impressum">Impressum</a><a href="/thema/alle-meldungen-aus-der-region-heute">Alle Meldungen</a>'
    older = '<a rel="next" href="/wirtschaft/?seite=2">Weiter</a>'
    rest = "".join(f'<li><a href="{u}">Neue Halle für die Zimmerei am Ort</a></li>' for u in STORIES[2:])
    web.add("http://titel.example/wirtschaft/?seite=2", f"<html><body><ul>{rest}</ul></body></html>")
    web.add(SECTION, f"<html><body><ul>{teasers}</ul></body></html>")
    section = SECTION.removeprefix("http://titel.example")
    return web.add("http://titel.example/wirtschaft/", f"<html><body>{menu}<a href='{section}'>Alle Meldungen aus der "
                   f"Region</a><ul>{teasers}</ul>{older}</body></html>")  # fmt: skip


def _noise(web: Web, token: str) -> None:
    web.add("http://rauschen.example/artikel-0.html", article("Meldung").replace(
        "</body>", f"<script>var t='{token}'</script><aside>{token}</aside></body>"))  # fmt: skip


def _first_state(web: Web) -> dict[str, str]:
    starts = {name: web.paper(f"{name}.example", 3) for name in ("abgelaufen", "nachtrag", "rauschen", "fehler")}
    starts["voll"] = web.paper("voll.example", MANY)
    for number in range(MANY):
        web.article(f"http://voll.example/artikel-{number}.html", f"Meldung {number}", PARAGRAPH * 40)
    web.article("http://nachtrag.example/artikel-1.html", "Meldung", validators=False)
    _noise(web, "a1")
    web.add("http://fehler.example/artikel-1.html", "weg", status=500)
    starts["grenze"] = web.paper("grenze.example", MANY + 2)
    starts["doppelt"] = web.paper("doppelt.example", 3)
    twice = "http://doppelt.example/artikel-1.html?utm_source=x"
    web.article(twice, "M")
    starts["doppelt-wirtschaft"] = web.feed("http://www.doppelt.example/wirtschaft.xml", {twice: "M"})
    starts["titel"] = _front_page(web)
    return starts


def _second_state(web: Web) -> None:
    web.article("http://nachtrag.example/artikel-0.html", "Meldung mit Nachtrag", PARAGRAPH * 7)
    _noise(web, "b2")
    web.article("http://fehler.example/artikel-1.html", "Wieder da")
    web.feed("http://fehler.example/feed.xml", {"http://fehler.example/artikel-0.html": "Meldung Nummer 0"})


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    home = tmp_path_factory.mktemp("home")
    with served() as web:
        found = Nights()
        sources = [source(name, url) for name, url in _first_state(web).items()]
        for run in ("1", "2"):
            web.asked.clear()
            found.reports[run] = night(home, run, LIMIT, *sources)
            found.asked[run] = Counter(web.asked)
            for page in pages_of(home, run):
                found.pages.setdefault((run, page.source), []).append(page.url)
            if run == "1":
                _second_state(web)
                for path in batch_paths(home / "pages"):
                    if path.name.startswith("abgelaufen"):
                        assert empty_bodies(path)
        yield found


def test_a_feed_brings_its_articles_once_and_the_second_night_costs_little(nights: Nights) -> None:
    first, again = nights.reports["1"]["voll"], nights.reports["2"]["voll"]
    assert (first.fetched, first.failed, first.finish_reason) == (MANY, False, "finished")
    assert len(set(nights.pages["1", "voll"])) == len(nights.pages["1", "voll"]) == MANY
    assert again.fetched == 0 and not again.failed and ("2", "voll") not in nights.pages
    assert again.bytes <= 0.05 * first.bytes  # headers counted


def test_a_changed_article_is_handed_on_again_and_an_unchanged_one_without_validators_is_not(nights: Nights) -> None:
    assert nights.pages["2", "nachtrag"] == ["http://nachtrag.example/artikel-0.html"]
    assert nights.reports["2"]["nachtrag"].fetched == 1
    assert nights.asked["2"]["http://nachtrag.example/artikel-1.html"] == 0


def test_noise_around_an_article_is_no_change(nights: Nights) -> None:
    assert len(nights.pages["1", "rauschen"]) == 3 and ("2", "rauschen") not in nights.pages


def test_bodies_may_expire_without_the_pages_being_fetched_again(nights: Nights) -> None:
    assert len(nights.pages["1", "abgelaufen"]) == 3 and nights.reports["2"]["abgelaufen"].fetched == 0


def test_two_sources_with_the_same_article_fetch_it_once(nights: Nights) -> None:
    reports = nights.reports["1"]
    assert reports["doppelt"].fetched + reports["doppelt-wirtschaft"].fetched == 3
    one = "http://doppelt.example/artikel-1.html"
    assert nights.asked["1"][one] + nights.asked["1"][f"{one}?utm_source=x"] == 1


def test_a_front_page_gives_articles_and_not_its_sections(nights: Nights) -> None:
    assert sorted(nights.pages["1", "titel"]) == sorted(STORIES)
    assert nights.reports["1"]["titel"].left_out == {"no article": 1}
    assert (nights.asked["1"][SECTION], nights.asked["2"][SECTION]) == (1, 0)


def test_an_article_that_failed_is_tried_the_next_night_though_the_feed_forgot_it(nights: Nights) -> None:
    first = nights.reports["1"]["fehler"]
    assert first.fetched == 2 and len(first.errors) == 1 and not first.failed
    assert nights.pages["2", "fehler"] == ["http://fehler.example/artikel-1.html"]


def test_pages_over_the_limit_come_the_next_night(nights: Nights) -> None:
    assert nights.reports["1"]["grenze"].left_out == {"over crawl.host_pages": 2}
    assert len(nights.pages["1", "grenze"]) == MANY and len(nights.pages["2", "grenze"]) == 2


def test_no_page_is_further_from_a_start_page_than_crawl_depth(web: Web, tmp_path: Path) -> None:
    """With depth 1: articles of the start listing and its next pages, but no listing behind it, no page behind a link."""
    front = _front_page(web)
    web.add(front, web.answers["titel.example", "/wirtschaft/"].body.decode().replace(
        "<body>", '<head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>'))  # fmt: skip
    hidden = web.article("http://titel.example/nur-im-feed-der-seite-1234.html", "Nur im Feed")
    web.feed("http://titel.example/feed.xml", {hidden: "Nur im Feed"})
    for host, kind, deep in (("kammer", "veranstaltungen", "referenten"), ("holz", "kontakt", "impressum")):
        web.add(f"http://{host}.example/", f"<html><body><a href='/{kind}.html'>{kind.title()}</a></body></html>")
        web.add(
            f"http://{host}.example/{kind}.html",
            f"<html><body>4. Mai 2027 <a href='/{deep}.html'>{deep.title()}</a></body></html>",
        )
        web.add(f"http://{host}.example/{deep}.html", "<html><body>Erika Muster</body></html>")
    sources = [
        source("titel", front), source("kammer", "http://kammer.example/", kind="event"),
        source("holz", "http://holz.example/", kind="company"),
    ]  # fmt: skip
    night(tmp_path, "1", replace(LIMITS, depth=1), *sources)
    pages = {page.url for page in pages_of(tmp_path)}
    assert set(STORIES) <= pages and hidden not in pages
    assert {"http://kammer.example/veranstaltungen.html", "http://holz.example/kontakt.html"} <= pages
    assert web.asked["http://kammer.example/referenten.html"] == web.asked["http://titel.example/feed.xml"] == 0


def test_a_foreign_host_is_not_crawled_without_a_contact(web: Web, tmp_path: Path, limits: CrawlLimits) -> None:
    with pytest.raises(CrawlRefused, match=r"crawl\.contact"):
        crawl([source("bote", "http://bote.example/")], home=tmp_path, run_id="1", limits=replace(limits, contact=None))
    assert not web.asked


def test_single_pages_are_fetched_without_a_store(web: Web, limits: CrawlLimits) -> None:
    url = web.article("http://bote.example/a1.html", "Eins")
    (page,) = fetch(url, "news", limits)
    assert (page.url, page.status, page.kind) == (url, 200, "news") and b"Eins" in page.body
    with pytest.raises(OSError, match="answers 404"):
        fetch("http://bote.example/fehlt.html", "news", limits)
