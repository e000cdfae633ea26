"""Periods, literals and holidays: what the questions are asked with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OpenerError
from pipeline.review.period import period, span_of
from pipeline.settings import holidays_between, load_settings, parse_holiday
from pipeline.store.statements import literal
from spiders.definitions import DefinitionError

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("options", "first", "last"),
    [
        ({}, "2026-10-26", "2026-11-24"), ({"days": 1}, "2026-11-24", "2026-11-24"), ({"span": "week"}, "2026-11-23", "2026-11-24"),
        ({"span": "quarter"}, "2026-10-01", "2026-11-24"), ({"span": "year"}, "2026-01-01", "2026-11-24"),
        ({"span": "month", "last": date(2026, 2, 10)}, "2026-02-01", "2026-02-10"),
        ({"first": date(2026, 11, 1), "last": date(2027, 5, 1)}, "2026-11-01", "2026-11-24"),
    ],
)  # fmt: skip
def test_options_name_a_period(options: dict[str, object], first: str, last: str) -> None:
    found = period(TODAY, **options)  # type: ignore[arg-type]
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "options",
    [{"days": 3, "span": "week"}, {"first": date(2027, 1, 1)}, {"first": date(2026, 5, 2), "last": date(2026, 5, 1)}],
)
def test_options_that_contradict_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(OpenerError):
        period(TODAY, **options)  # type: ignore[arg-type]


@given(DAYS, st.sampled_from(["week", "month", "quarter", "year"]))
def test_spans_hold_their_day_and_follow_each_other(day: date, span: str) -> None:
    first, last = span_of(day, span)  # type: ignore[arg-type]
    assert first <= day <= last
    assert span_of(last + timedelta(days=1), span)[0] == last + timedelta(days=1)  # type: ignore[arg-type]
    assert span_of(first, span) == (first, last)  # type: ignore[arg-type]


@given(
    st.one_of(
        st.text(),
        st.integers(-(2**60), 2**60),
        st.booleans(),
        DAYS,
        st.none(),
        st.floats(-1e9, 1e9).filter(lambda x: x == 0 or abs(x) > 1e-6),
    )
)
def test_a_literal_is_read_back_as_the_value(value: object) -> None:
    if isinstance(value, str) and "\x00" in value:
        return
    found = duckdb.sql(f"SELECT {literal(value)}").fetchall()[0][0]
    assert float(found) == pytest.approx(value) if isinstance(value, float) else found == value


def test_literals_of_lists_moments_and_times() -> None:
    moment = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert duckdb.sql(f"SELECT epoch({literal(moment)})").fetchall() == [(moment.timestamp(),)]
    assert duckdb.sql(f"SELECT 'it''s' IN {literal(['a', chr(39)])}, {literal(Decimal('1.50'))}").fetchall() == [
        (False, Decimal("1.50"))
    ]
    assert duckdb.sql(f"FROM (VALUES {literal([(1, time(9)), (2, None)])})").fetchall() == [(1, time(9)), (2, None)]
    with pytest.raises(TypeError):
        literal(float("nan"))


def test_holidays_are_days_spans_and_yearly_days() -> None:
    entries = ["2026-12-30/2027-01-02", "05-01", "02-29", "2026-05-01"]
    found = holidays_between(entries, date(2026, 1, 1), date(2028, 12, 31))
    assert [day.isoformat() for day in found] == [
        "2026-05-01", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-05-01", "2028-02-29", "2028-05-01",
    ]  # fmt: skip


@pytest.mark.parametrize("entry", ["", "christmas", "2026-13-01", "2026-12-31/2026-12-01", "13-01", "2026-12-24/"])
def test_a_wrong_holiday_is_refused_with_the_mend(entry: str) -> None:
    with pytest.raises(ValueError, match=r"write"):
        parse_holiday(entry)


def test_settings_take_days_as_yaml_reads_them(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "opener.yml"
    file.write_text("goals: {holidays: [2026-12-25, 2026-12-24/2027-01-02, 05-01]}\n", "utf-8")
    assert load_settings(file).goals.holidays == ("2026-12-25", "2026-12-24/2027-01-02", "05-01")
    file.write_text("goals:\n  holidays: [Pfingsten]\n", "utf-8")
    with pytest.raises(DefinitionError, match=r"opener\.yml:2.*Pfingsten"):
        load_settings(file)
