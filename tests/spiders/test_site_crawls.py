"""Event sources and company sites in real crawls: pages that are read together are handed on together."""

from __future__ import annotations

from pathlib import Path

from small_web import LIMITS, Web, night, pages_of, source

from spiders.batches import batch_paths, empty_bodies, read_batch
from spiders.companies import LOOKUP
from spiders.crawl import CompanyTarget, crawl_companies, fetch

ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{}\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{}\r\nDTSTAMP:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def company(web: Web, host: str, name: str, *more: str) -> str:
    """Serve a company site: home page, Impressum, Kontakt, Team and `more` pages."""
    pages = ["impressum", "kontakt", "team", *more]
    links = "".join(f'<a href="/{page}.html">{page.title()}</a>' for page in pages)
    web.add(f"http://{host}/", f"<html><head><title>{name}</title></head><body><h1>{name}</h1>{links}</body></html>")
    for page in pages:
        web.add(
            f"http://{host}/{page}.html", f"<html><body><h1>{page.title()}</h1>{name}, Holzweg 3{links}</body></html>"
        )
    return f"http://{host}/"


def test_a_company_site_costs_at_most_six_pages_and_stays_together(web: Web, tmp_path: Path) -> None:
    start = company(web, "holz.example", "Holzmann GmbH", *(f"produkt-{n}" for n in range(20)))
    (report,) = crawl_companies([CompanyTarget("Holzmann GmbH", (start,))], home=tmp_path, run_id="1", limits=LIMITS)
    pages = pages_of(tmp_path)
    assert 4 <= len(pages) <= 6 and {page.source for page in pages} == {LOOKUP}
    assert {"http://holz.example/", "http://holz.example/impressum.html"} <= {page.url for page in pages}
    assert len(batch_paths(tmp_path / "pages")) == 1 and report.fetched == len(pages) and not report.failed


def test_of_several_candidates_the_site_that_names_the_company_is_taken(web: Web, tmp_path: Path) -> None:
    wrong = company(web, "holzmann-verein.example", "Gesangverein Waldeslust")
    right = company(web, "zimmerei-holzmann.example", "Zimmerei Holzmann")
    dead = "http://gibt-es-nicht.example/"
    targets = [
        CompanyTarget("Holzmann GmbH", (dead, wrong, right)),
        CompanyTarget("Niemand AG", (dead,)),
    ]
    (report,) = crawl_companies(targets, home=tmp_path, run_id="1", limits=LIMITS)
    assert {page.url.split("/")[2] for page in pages_of(tmp_path)} == {"zimmerei-holzmann.example"}
    assert not report.failed and report.errors == [] and report.left_out == {"candidate cannot be read": 2}
    asked = sum(web.asked.values())
    crawl_companies(targets, home=tmp_path, run_id="1", limits=LIMITS)
    assert sum(web.asked.values()) == asked


def test_event_pages_come_together_and_only_when_one_of_them_has_changed(web: Web, tmp_path: Path) -> None:
    start = "http://kammer.example/veranstaltungen/"
    details = [f"http://kammer.example/veranstaltungen/gruenderabend-{n}.html" for n in range(3)]
    links = "".join(f'<a href="{url}">Gründerabend</a> am 4. Mai 2026' for url in details)
    web.add(start, f"<html><body><h1>Veranstaltungen</h1>{links}<a href='/k.ics'>Kalender</a></body></html>")
    for url in details:
        web.add(url, "<html><body><h1>Gründerabend</h1><p>4. Mai 2026, 18 Uhr</p></body></html>")
    web.add("http://kammer.example/k.ics", ICS.format("a", "Abend", "1"), content_type="text/calendar")
    events = source("kammer", start, kind="event")
    night(tmp_path, "1", LIMITS, events)
    first = pages_of(tmp_path, "1")
    assert start in {page.url for page in first} and len(first) >= 4
    assert len(batch_paths(tmp_path / "pages")) == 1

    web.add(
        "http://kammer.example/k.ics", ICS.format("b", "Abend", "2"), content_type="text/calendar", validators=False
    )
    report = night(tmp_path, "2", LIMITS, events)["kammer"]
    assert pages_of(tmp_path, "2") == [] and report.not_modified == len(first) and not report.failed

    # A page that fails is taken from the store, so that its events are not taken as called off.
    web.add(details[0], "<html><body><h1>Gründerabend</h1><p>Fällt aus</p></body></html>")
    web.add(details[1], "kaputt", status=500)
    report = night(tmp_path, "3", LIMITS, events)["kammer"]
    third = {page.url: page for page in pages_of(tmp_path, "3")}
    assert set(third) == {page.url for page in first} and not report.failed
    assert b"18 Uhr" in third[details[1]].body and all(page.status == 200 for page in third.values())
    assert third[details[1]].content_type == "text/html; charset=utf-8"

    # When it cannot be had from there either, nothing is handed on: the reading would not be whole.
    for path in batch_paths(tmp_path / "pages"):
        empty_bodies(path)
    report = night(tmp_path, "4", LIMITS, events)["kammer"]
    assert report.failed and details[1] in report.errors[0] and pages_of(tmp_path, "4") == []

    # What is gone is called off: the rest is handed on without it, once.
    web.add(details[1], "weg", status=410)
    report = night(tmp_path, "5", LIMITS, events)["kammer"]
    assert {page.url for page in pages_of(tmp_path, "5")} == set(third) - {details[1]}
    assert report.left_out["answers 410"] == 1 and all(page.body for page in pages_of(tmp_path, "5"))
    assert night(tmp_path, "6", LIMITS, events)["kammer"].not_modified == len(first) - 1


def test_a_whole_site_is_fetched_without_a_store(web: Web) -> None:
    pages = fetch(company(web, "holz.example", "Holzmann GmbH"), "company", LIMITS, whole_site=True)
    assert len(pages) == 4 and {page.kind for page in pages} == {"company"}


def test_batches_are_readable_page_for_page(web: Web, tmp_path: Path) -> None:
    start = company(web, "holz.example", "Holzmann GmbH")
    night(tmp_path, "1", LIMITS, source("holz", start, kind="company"))
    (path,) = batch_paths(tmp_path / "pages")
    assert [page.source for page in read_batch(path)] == ["holz"] * 4
