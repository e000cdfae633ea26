"""The questions at the edges: nothing logged, one call, midnight, clock changes, days off, names that are code."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.review.questions import QUESTIONS
from pipeline.review.words import say
from tests.review.small_log import Dial, published, reviewed, settings_in

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_an_empty_log_answers_every_question(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    published(settings, [], at("2026-03-06T12:00"))
    review = reviewed(settings, date(2026, 3, 2), date(2026, 3, 6))
    assert set(review.answers) == set(QUESTIONS)
    for name in QUESTIONS:
        assert say(name, review)
    assert [row["dials"] for row in review.rows("dials")] == [0] * 5
    assert [row["reserved_minutes"] for row in review.rows("phone_time")] == [90] * 5
    assert review.rows("sources") == review.rows("attempts") == review.rows("given_up") == ()
    assert [row["people"] for row in review.rows("overcalled")] == [0, 0, 0]
    assert all(row["sales_needed"] is None for row in review.rows("goals"))
    assert [step.own for step in review.plan.steps] == [False] * 3


def test_one_call(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, goals={"year": 100000, "average_sale": 1000})
    published(settings, [Dial("p", at("2026-03-04T09:20"), "appointment", "12.50")], at("2026-03-06T12:00"))
    review = reviewed(settings, date(2026, 3, 2), date(2026, 3, 6))
    assert [row["dials"] for row in review.rows("dials")] == [0, 0, 1, 0, 0]
    time = review.rows("phone_time")[2]
    # 09:20 to 09:32:30 touches the quarters from 09:15 and 09:30
    assert (time["phone_minutes"], time["kept_minutes"], time["dials_reserved"]) == (Decimal("12.50"), 30, 1)
    assert review.rows("attempts")[0]["successes"] == 1
    assert review.rows("new_people")[2]["called"] == 1
    (source,) = review.rows("sources")
    assert (source["source"], source["dials"], source["small_sample"]) == ("(unknown)", 1, True)
    assert 0 < source["appointments_per_dial_low"] < source["appointments_per_dial_high"] <= 1
    for name in QUESTIONS:
        assert say(name, review)


def test_a_call_at_midnight_belongs_to_the_local_day(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    dials = [
        Dial("a", at("2026-07-01T23:59:59")), Dial("b", at("2026-07-02T00:00")),
        Dial("c", datetime(2026, 7, 1, 22, 0, tzinfo=UTC)), Dial("d", datetime(2026, 7, 2, 21, 59, tzinfo=UTC)),
        Dial("e", datetime(2026, 7, 2, 22, 0, tzinfo=UTC)),
    ]  # fmt: skip
    published(settings, dials, at("2026-07-03T12:00"))
    rows = reviewed(settings, date(2026, 7, 1), date(2026, 7, 3), 1).rows("dials")
    assert [row["dials"] for row in rows] == [1, 3, 1]
    assert [row["dials"] for row in reviewed(settings, date(2026, 7, 2), date(2026, 7, 2), 1).rows("dials")] == [3]


@pytest.mark.parametrize(
    ("day", "minutes"),
    [("2026-03-29", 60), ("2026-10-25", 180), ("2026-10-18", 120)],
    ids=["spring", "autumn", "plain"],
)
def test_reserved_time_is_as_long_as_the_clock_makes_it(tmp_path: Path, day: str, minutes: int) -> None:
    settings = settings_in(tmp_path, calling={"blocks": ["Su 01:30-03:30"]})
    start = at(f"{day}T01:30").astimezone(UTC)
    dials = [Dial(f"p{n}", start + timedelta(minutes=15 * n)) for n in range(minutes // 15)]
    published(settings, dials, at(f"{day}T12:00"))
    (row,) = reviewed(settings, date.fromisoformat(day), date.fromisoformat(day), 2).rows("phone_time")
    assert (row["reserved_minutes"], row["kept_minutes"], row["dials_reserved"]) == (minutes, minutes, len(dials))


def test_a_zone_with_half_an_hour_and_clock_change_of_its_own(tmp_path: Path) -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    settings = settings_in(tmp_path, timezone="Australia/Lord_Howe", calling={"blocks": ["Su 01:00-03:00"]})
    published(settings, [Dial("p", at("2026-04-05T02:45", zone))], at("2026-04-06T12:00", zone))
    (row,) = reviewed(settings, date(2026, 4, 5), date(2026, 4, 5), 2).rows("phone_time")
    assert (row["reserved_minutes"], row["kept_minutes"]) == (150, 15)


def test_a_period_without_workdays(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, goals={"holidays": ["2026-05-01"], "year": 5000, "average_sale": 100})
    published(settings, [Dial("p", at("2026-05-02T10:00"), "reached", "3")], at("2026-05-03T12:00"))
    review = reviewed(settings, date(2026, 5, 1), date(2026, 5, 3))
    assert [row["workday"] for row in review.rows("dials")] == [False] * 3
    assert sum(row["reserved_minutes"] for row in review.rows("phone_time")) == 0
    assert "no time was reserved" in say("phone_time", review)
    day = review.rows("goals")[-1]
    assert (day["workdays"], day["dials_needed"], day["dials_gap"]) == (0, 0, 0)


def test_overlapping_blocks_count_once(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, calling={"blocks": ["Mo-Fr 09:00-10:30", "Mo 10:00-11:00", "Mo 14:00-14:20"]})
    published(settings, [Dial("p", at("2026-03-02T14:19"))], at("2026-03-06T12:00"))
    rows = reviewed(settings, date(2026, 3, 2), date(2026, 3, 3), 2).rows("phone_time")
    assert [row["reserved_minutes"] for row in rows] == [140, 90]
    assert rows[0]["kept_minutes"] == 5, "the last quarter of a block is as long as what is left of it"


def test_giving_up_is_seen_when_nobody_calls_again(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    day = at("2026-02-02T09:00")
    dials = [
        Dial("dropped", day),
        Dial("promised", day, "callback", next_at=at("2026-06-01T09:00")),
        Dial("refused", day, "no_answer"), Dial("refused", day + timedelta(days=1), "not_interested"),
        Dial("met", day, "appointment"),
        Dial("fresh", at("2026-03-20T09:00")),
    ]  # fmt: skip
    published(settings, dials, at("2026-03-31T12:00"))
    review = reviewed(settings, date(2026, 1, 1), date(2026, 3, 31), 4)
    assert [(r["attempts"], r["people"], r["final"], r["dropped"]) for r in review.rows("given_up")] == [
        (1, 1, 0, 1),
        (2, 1, 1, 0),
    ]


def test_a_dial_counts_for_the_source_that_named_the_person_last(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    now = at("2026-03-31T12:00")
    names = [("Eva Maurer", "Maurer GmbH", "tagblatt"), ("Jan O'Brien", "Robert'); DROP TABLE calls;-- AG", "it's")]
    dials = [Dial("Eva Maurer", now - timedelta(days=3), "appointment"), Dial("Jan O'Brien", now - timedelta(days=2))]
    published(settings, dials, now, names)
    rows = {row["source"]: row for row in reviewed(settings, date(2026, 1, 1), date(2026, 3, 31), 3).rows("sources")}
    assert {name: (row["pages"], row["people"], row["dials"], row["appointments"]) for name, row in rows.items()} == {
        "tagblatt": (1, 1, 1, 1), "it's": (1, 1, 1, 0),
    }  # fmt: skip
