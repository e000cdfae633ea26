"""The day that a sentence gives for its reason, in both languages, next to the day of publication."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.nlp.dates import day_of
from pipeline.demo.town import MONTHS

PUBLISHED = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Zum 1. April übernimmt sie die Leitung.", date(2026, 4, 1)),
        ("Seit dem 15. Dezember leitet er das Haus.", date(2025, 12, 15)),
        ("Am 3.2.2024 wurde die Firma gegründet.", date(2024, 2, 3)),
        ("Ab Mai verstärkt er das Team.", date(2026, 5, 1)),
        ("Am vergangenen Freitag eröffnete sie den Laden.", date(2026, 2, 27)),
        ("Das gab er gestern bekannt.", date(2026, 3, 3)),
        ("She takes over on 1 June.", date(2026, 6, 1)),
        ("He was named chair on March 2, 2025.", date(2025, 3, 2)),
        ("The shop opens tomorrow.", date(2026, 3, 5)),
        ("He leaves next Monday.", date(2026, 3, 9)),
        ("Ohne jede Angabe.", None),
        ("Am 31. Februar geschah nichts.", None),
    ],
)
def test_days(sentence: str, day: date | None) -> None:
    assert day_of(sentence, PUBLISHED) == day


def test_without_a_day_of_publication_only_full_dates_count() -> None:
    assert day_of("Zum 1. April übernimmt sie.", None) is None
    assert day_of("Am Freitag eröffnete sie.", None) is None
    assert day_of("Am 3. Februar 2024 eröffnete sie.", None) == date(2024, 2, 3)


@given(st.text(max_size=200))
def test_any_text_gives_a_day_or_none(text: str) -> None:
    found = day_of(text, PUBLISHED)
    assert found is None or isinstance(found, date)


@given(st.dates(date(2025, 10, 1), date(2026, 8, 1)))
def test_a_day_without_a_year_is_the_nearest(day: date) -> None:
    assert day_of(f"Am {day.day}. {MONTHS[day.month - 1]} war es so weit.", PUBLISHED) == day
