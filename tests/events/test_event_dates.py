from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.events.dates import HOME_ZONE, at, complete_year, find_days, find_times, parse_stamp

DAYS = [
    ("Do., 12. März 2026, 18:30 Uhr", "2026-03-12", None),
    ("12.–14.05.2026", "2026-05-12", "2026-05-14"),
    ("12.05.2026 – 14.05.2026", "2026-05-12", "2026-05-14"),
    ("vom 8. bis 10. November 2017", "2017-11-08", "2017-11-10"),
    ("30. April bis 2. Mai 2026", "2026-04-30", "2026-05-02"),
    ("12. und 13. Mai 2026", "2026-05-12", "2026-05-13"),
    ("30.12.2026 - 2.1.2027", "2026-12-30", "2027-01-02"),
    ("Am 18.09.19 fand die Sitzung statt", "2019-09-18", None),
    ("Mo, 18.01.27: Clubabend", "2027-01-18", None),
    ("October 13th, 2023", "2023-10-13", None),
    ("Monday, April 8rd, 2024 from 9:00 AM", "2024-04-08", None),
    ("Thursday, 30th April 2026", "2026-04-30", None),
    ("4-6 February 2019", "2019-02-04", "2019-02-06"),
    ("June 9-10, 2027", "2027-06-09", "2027-06-10"),
    ("Dec 5 - Dec 7, 2026", "2026-12-05", "2026-12-07"),
    ("24th of January 2024", "2024-01-24", None),
    ("2026-03-12", "2026-03-12", None),
    ("31/12/2026", "2026-12-31", None),
]


@pytest.mark.parametrize(("text", "first", "last"), DAYS, ids=[row[0] for row in DAYS])
def test_days_of_german_and_english_pages_are_found(text: str, first: str, last: str | None) -> None:
    found = find_days(text)
    assert len(found) == 1
    assert found[0].first.isoformat() == first
    assert (found[0].last.isoformat() if found[0].last else None) == last
    assert found[0].year


@pytest.mark.parametrize(
    "text",
    [
        "Tel. 0221 16943855",
        "7,00 EUR",
        "Wintersemester 2023/2024",
        "Version 12.3.",
        "31.02.2026",
        "192.168.12.13",
        "§ 5 TMG",
        "",
    ],
)
def test_numbers_that_are_no_days_are_left_alone(text: str) -> None:
    assert [day for day in find_days(text) if day.year] == []


def test_american_order_is_read_when_the_page_is_american() -> None:
    assert find_days("10/04/2018", american=True)[0].first == date(2018, 10, 4)
    assert find_days("10/04/2018")[0].first == date(2018, 4, 10)


TIMES = [
    ("18:30 Uhr", time(18, 30), None, None),
    ("19.30 Uhr", time(19, 30), None, None),
    ("12.03. um 19h", time(19), None, None),
    ("16-18 Uhr c.t.", time(16), time(18), None),
    ("13:00–13:45 Uhr", time(13), time(13, 45), None),
    ("12:30pm – 1:30pm BST", time(12, 30), time(13, 30), "Europe/London"),
    ("8:30 AM - 10:00 AM CST", time(8, 30), time(10), "America/Chicago"),
    ("6 p.m.", time(18), None, None),
    ("11 - 1 pm", time(11), time(13), None),
]


@pytest.mark.parametrize(("text", "start", "until", "zone"), TIMES, ids=[row[0] for row in TIMES])
def test_clock_times_are_found(text: str, start: time, until: time | None, zone: str | None) -> None:
    found = find_times(text)[0]
    assert (found.start, found.until, found.zone) == (start, until, zone)


def test_a_missing_year_comes_from_the_weekday_then_the_heading_then_the_future() -> None:
    today = date(2026, 11, 24)
    assert complete_year(find_days("12.03. um 19h")[0], hint=None, today=today).first == date(2027, 3, 12)
    assert complete_year(find_days("14. November")[0], hint=None, today=today).first == date(2026, 11, 14)
    assert complete_year(find_days("21. April")[0], hint=2024, today=today).first == date(2024, 4, 21)
    # the 5th of March is a Friday in 2027
    assert complete_year(find_days("Fr., 5. März")[0], hint=2026, today=today).first == date(2027, 3, 5)


def test_times_in_the_nights_of_the_clock_change_are_real_moments() -> None:
    gap = at(date(2027, 3, 28), time(2, 30))
    twice = at(date(2027, 10, 31), time(2, 30))
    assert gap.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert twice.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert at(date(2027, 3, 27), time(19)).utcoffset() != at(date(2027, 3, 29), time(19)).utcoffset()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-03-12T18:30:00+01:00", datetime.fromisoformat("2026-03-12T18:30:00+01:00")),
        ("20260312T183000", datetime(2026, 3, 12, 18, 30, tzinfo=HOME_ZONE)),
        ("2026-03-12 18:30", datetime(2026, 3, 12, 18, 30, tzinfo=HOME_ZONE)),
        ("2026-03-12T18:30Z", datetime(2026, 3, 12, 18, 30, tzinfo=UTC)),
        ("2026-03-12", date(2026, 3, 12)),
        ("2026-3-2", date(2026, 3, 2)),
        ("2026-13-40", None),
        ("soon", None),
        (None, None),
    ],
)
def test_machine_written_stamps_are_read_leniently(text: str | None, wanted: object) -> None:
    assert parse_stamp(text) == wanted


@given(
    st.dates(min_value=date(1995, 1, 1), max_value=date(2095, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d. %B %Y", "%B %d, %Y"]),
)
@settings(max_examples=150, deadline=None)
def test_every_day_survives_being_written_and_read(day: date, form: str) -> None:
    text = day.strftime(form)
    assert [found.first for found in find_days(f"Termin: {text}, Saal 3")] == [day]


@given(st.text(alphabet="0123456789.:-–/ ,MarzUhroctpmbis", max_size=120))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_readers_and_finds_lie_inside_it(text: str) -> None:
    for found in [*find_days(text), *find_times(text)]:
        assert 0 <= found.begin < found.end <= len(text)
    parse_stamp(text)
