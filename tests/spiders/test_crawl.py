"""Real Scrapy in a child process against real HTTP: what one night and the next ones bring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_web import PARAGRAPH, Web, article, night, pages_of, source

from spiders.batches import batch_paths, purge_bodies
from spiders.crawl import CrawlLimits, CrawlRefused, crawl, fetch


def test_a_feed_brings_its_articles_once_and_the_second_night_costs_little(
    web: Web, tmp_path: Path, limits: CrawlLimits
) -> None:
    for number in range(40):
        web.article(f"http://bote.example/artikel-{number}.html", f"Meldung {number}", PARAGRAPH * 60)
    feed = web.feed(
        "http://bote.example/feed.xml", {f"http://bote.example/artikel-{n}.html": f"Meldung {n}" for n in range(40)}
    )
    first = night(tmp_path, "1", limits, source("bote", feed))["bote"]
    sent = web.sent
    again = night(tmp_path, "2", limits, source("bote", feed))["bote"]
    assert (first.fetched, first.failed, first.finish_reason) == (40, False, "finished")
    assert len({page.url for page in pages_of(tmp_path)}) == len(pages_of(tmp_path)) == 40
    assert again.fetched == 0 and not again.failed and pages_of(tmp_path, "2") == []
    assert web.sent - sent <= 0.03 * sent
    assert again.bytes <= 0.05 * first.bytes  # headers counted


def test_a_changed_article_is_handed_on_again_and_an_unchanged_one_without_validators_is_not(
    web: Web, tmp_path: Path, limits: CrawlLimits
) -> None:
    feed = web.paper("bote.example", 2)
    web.article("http://bote.example/artikel-1.html", "Meldung", validators=False)
    night(tmp_path, "1", limits, source("bote", feed))
    web.article("http://bote.example/artikel-0.html", "Meldung mit Nachtrag", PARAGRAPH * 7)
    report = night(tmp_path, "2", limits, source("bote", feed))["bote"]
    assert [page.url for page in pages_of(tmp_path, "2")] == ["http://bote.example/artikel-0.html"]
    assert report.fetched == 1
    assert web.asked["http://bote.example/artikel-1.html"] == 1


def test_noise_around_an_article_is_no_change(web: Web, tmp_path: Path, limits: CrawlLimits) -> None:
    feed = web.paper("bote.example", 1)
    url = "http://bote.example/artikel-0.html"
    for run, token in (("1", "a1"), ("2", "b2")):
        web.add(
            url, article("Meldung").replace("</body>", f"<script>var t='{token}'</script><aside>{token}</aside></body>")
        )
        night(tmp_path, run, limits, source("bote", feed))
    assert len(pages_of(tmp_path)) == 1


def test_bodies_may_expire_without_the_pages_being_fetched_again(web: Web, tmp_path: Path, limits: CrawlLimits) -> None:
    feed = web.paper("bote.example", 3)
    night(tmp_path, "1", limits, source("bote", feed))
    assert all(purge_bodies(path) for path in batch_paths(tmp_path / "pages"))
    assert [page.body for page in pages_of(tmp_path)] == [b"", b"", b""]
    assert night(tmp_path, "2", limits, source("bote", feed))["bote"].fetched == 0


def test_two_sources_with_the_same_article_fetch_it_once(web: Web, tmp_path: Path, limits: CrawlLimits) -> None:
    feed = web.paper("bote.example", 3)
    other = web.feed("http://www.bote.example/wirtschaft.xml", {"http://bote.example/artikel-1.html?utm_source=x": "M"})
    web.article("http://bote.example/artikel-1.html?utm_source=x", "M")
    reports = night(tmp_path, "1", limits, source("bote", feed), source("bote-wirtschaft", other))
    assert sum(report.fetched for report in reports.values()) == 3
    assert (
        web.asked["http://bote.example/artikel-1.html"] + web.asked["http://bote.example/artikel-1.html?utm_source=x"]
        == 1
    )


def test_a_front_page_gives_articles_and_not_its_sections(web: Web, tmp_path: Path, limits: CrawlLimits) -> None:
    urls = [f"http://bote.example/wirtschaft/2026/03/neue-halle-fuer-zimmerei-nummer-{n}.html" for n in range(4)]
    for url in urls:
        web.article(url, "Neue Halle für die Zimmerei am Ort")
    teasers = "".join(
        f'<li><a href="{u}">Neue Halle für die Zimmerei am Ort</a><p>{PARAGRAPH}</p></li>' for u in urls[:2]
    )
    menu = '<a href="/impressum">Impressum</a><a href="/thema/alle-meldungen-aus-der-region-heute">Alle Meldungen</a>'
    older = '<a rel="next" href="/wirtschaft/?seite=2">Weiter</a>'
    section = "/meldungen/alle-meldungen-aus-der-region-heute"
    web.add("http://bote.example/wirtschaft/", f"<html><body>{menu}<a href='{section}'>Alle Meldungen aus der Region</a>"
            f"<ul>{teasers}</ul>{older}</body></html>")  # fmt: skip
    rest = "".join(f'<li><a href="{u}">Neue Halle für die Zimmerei am Ort</a></li>' for u in urls[2:])
    web.add("http://bote.example/wirtschaft/?seite=2", f"<html><body><ul>{rest}</ul></body></html>")
    web.add(f"http://bote.example{section}", f"<html><body><ul>{teasers}</ul></body></html>")
    report = night(tmp_path, "1", limits, source("bote", "http://bote.example/wirtschaft/"))["bote"]
    assert sorted(page.url for page in pages_of(tmp_path)) == sorted(urls)
    assert report.left_out == {"no article": 1}
    night(tmp_path, "2", limits, source("bote", "http://bote.example/wirtschaft/"))
    assert web.asked[f"http://bote.example{section}"] == 1


def test_an_article_that_failed_is_tried_the_next_night_though_the_feed_forgot_it(
    web: Web, tmp_path: Path, limits: CrawlLimits
) -> None:
    feed = web.paper("bote.example", 2)
    web.add("http://bote.example/artikel-1.html", "weg", status=500)
    first = night(tmp_path, "1", limits, source("bote", feed))["bote"]
    assert first.fetched == 1 and len(first.errors) == 1 and not first.failed
    web.article("http://bote.example/artikel-1.html", "Wieder da")
    web.feed(feed, {"http://bote.example/artikel-0.html": "Meldung Nummer 0"})
    night(tmp_path, "2", limits, source("bote", feed))
    assert [page.url for page in pages_of(tmp_path, "2")] == ["http://bote.example/artikel-1.html"]


def test_pages_over_the_limit_come_the_next_night(web: Web, tmp_path: Path, limits: CrawlLimits) -> None:
    feed = web.paper("bote.example", 5)
    few = replace(limits, host_pages=3)
    assert night(tmp_path, "1", few, source("bote", feed))["bote"].fetched == 3
    assert night(tmp_path, "2", few, source("bote", feed))["bote"].fetched == 2


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
