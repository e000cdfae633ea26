"""What `opener sources check` says of a visit: nothing found is never right, and the words name what changed."""

from __future__ import annotations

import pytest
from small_web import source

from pipeline.cli.sources import Row, Visit, judge
from spiders.sources import Source

NEWS = source("bote", "http://bote.example/", expect={"pages_min": 2, "people_per_page_min": 0.5})
EVENT = source("kammer", "http://kammer.example/", kind="event")
COMPANY = source("holz", "http://holz.example/", kind="company")


def rows(count: int, people: int = 0, items: int = 1) -> list[Row]:
    return [Row(f"http://bote.example/{n}", "x", people, 0, items) for n in range(count)]


@pytest.mark.parametrize(
    ("of", "visit", "empty_runs", "says"),
    [
        (NEWS, Visit(0, [], "answers 404"), 3, "0 articles since 3 runs, expected 2: answers 404"),
        (NEWS, Visit(0, [], ""), 0, "0 articles, expected 2: nothing was found at the start address"),
        (NEWS, Visit(1, rows(1, 1), ""), 0, "1 articles, expected 2"),
        (NEWS, Visit(40, rows(40), ""), 0, "no people on 40 pages, expected 0.5 a page"),
        (NEWS, Visit(9, rows(9, 0) + rows(1, 1), ""), 0, "1 people on 10 pages, expected 0.5 a page"),
        (NEWS, Visit(9, rows(9, items=0), ""), 0, "no text on 9 pages: the pages have changed their form"),
        (EVENT, Visit(0, [], ""), 2, "0 pages since 2 runs"),
        (EVENT, Visit(3, rows(1, items=0), ""), 0, "no events on 3 pages"),
        (COMPANY, Visit(4, rows(1, items=0), ""), 0, "no Impressum data on 4 pages"),
        (NEWS, Visit(2, rows(2, 1), ""), 0, ""),
        (EVENT, Visit(1, rows(1), ""), 0, ""),
    ],
)
def test_the_verdict_names_what_changed(of: Source, visit: Visit, empty_runs: int, says: str) -> None:
    verdict = judge(of, visit, empty_runs)
    assert verdict.startswith(says) if says else verdict == ""
