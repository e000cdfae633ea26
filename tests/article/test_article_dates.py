"""Publication dates, aware and in the zone of Berlin where the page names none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.article import read_article
from enrich.article.dates import ZONE, parse_date


def published(head: str = "", body: str = "", url: str = "https://x.example/a") -> datetime | None:
    text = "<p>Ein Absatz mit genug Text, damit er als Absatz eines Artikels erkannt wird, und noch etwas mehr.</p>" * 2
    return read_article(
        f"<html><head>{head}</head><body><h1>Titel der Seite</h1>{body}{text}</body></html>".encode(), url
    ).published


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-07T06:30:00+01:00", datetime(2024, 3, 7, 5, 30, tzinfo=UTC)),
        ("2024-07-07T06:30:00Z", datetime(2024, 7, 7, 6, 30, tzinfo=UTC)),
        ("2024-07-07T06:30", datetime(2024, 7, 7, 4, 30, tzinfo=UTC)),
        ("2024-07-07 06:30:15.123456789", datetime(2024, 7, 7, 4, 30, 15, 123456, tzinfo=UTC)),
        ("2024-01-31", datetime(2024, 1, 31, tzinfo=ZONE)),
        ("20240131T0910", datetime(2024, 1, 31, 9, 10, tzinfo=ZONE)),
        ("Thu, 07 Mar 2024 06:30:00 +0100", datetime(2024, 3, 7, 6, 30, tzinfo=ZONE)),
        ("7. März 2024, 6:30 Uhr", datetime(2024, 3, 7, 6, 30, tzinfo=ZONE)),
        ("Donnerstag, 7. Jänner 2021 um 18.05 Uhr", datetime(2021, 1, 7, 18, 5, tzinfo=ZONE)),
        ("22.04.2024, 06:00 Uhr", datetime(2024, 4, 22, 6, 0, tzinfo=ZONE)),
        ("12.02.2016 - 14:20 Uhr", datetime(2016, 2, 12, 14, 20, tzinfo=ZONE)),
        ("3.9.21", datetime(2021, 9, 3, tzinfo=ZONE)),
        ("March 5th, 2023", datetime(2023, 3, 5, tzinfo=ZONE)),
        ("5 March 2023 at 14:05", datetime(2023, 3, 5, 14, 5, tzinfo=ZONE)),
    ],
)
def test_written_forms(text: str, expected: datetime) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize("text", ["", None, "31.02.2024", "2024-13-01", "morgen", "Seite 3 von 12", "99.99.9999"])
def test_what_is_no_date(text: str | None) -> None:
    assert parse_date(text) is None


def test_json_ld_goes_before_meta_before_time() -> None:
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-02-01T10:00:00Z"}</script>'
    meta = '<meta property="article:published_time" content="2024-02-02T10:00:00Z">'
    time = '<time datetime="2024-02-03T10:00:00Z" class="published">gestern</time>'
    assert published(ld + meta, time) == datetime(2024, 2, 1, 10, tzinfo=UTC)
    assert published(meta, time) == datetime(2024, 2, 2, 10, tzinfo=UTC)
    assert published("", time) == datetime(2024, 2, 3, 10, tzinfo=UTC)


def test_date_line_by_the_headline() -> None:
    assert published(body="<span>Stand: 22.04.2024, 06:00 Uhr</span>") == datetime(2024, 4, 22, 6, tzinfo=ZONE)
    assert published(body="<div><small>05.06.2023</small></div>") == datetime(2023, 6, 5, tzinfo=ZONE)


def test_date_in_the_address() -> None:
    assert published(url="https://x.example/2021/05/17/neue-chefin") == datetime(2021, 5, 17, tzinfo=ZONE)


def test_impossible_and_future_dates_are_passed_over() -> None:
    meta = '<meta name="date" content="0001-01-01T00:00:00Z"><meta name="date" content="2999-01-01"><meta name="date" content="2020-02-02">'
    assert published(meta) == datetime(2020, 2, 2, tzinfo=ZONE)


def test_no_date_is_none() -> None:
    assert published() is None


@given(st.text(alphabet="0123456789.-:T +ZJanuarMärz,", max_size=40))
def test_any_text_gives_an_aware_date_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or found.tzinfo is not None
