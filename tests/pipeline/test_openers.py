"""Reasons and opening lines: no slot stays open, time and form of address are right."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import get_args

import pytest

from enrich.records import Trigger
from pipeline.scoring.openers import Occasion, opening_line, reason_words, when
from pipeline.scoring.scoring import load_weights
from pipeline.scoring.triggers import half_lives, wording

TODAY = date(2026, 11, 24)  # a Tuesday


def occasion(**changes: object) -> Occasion:
    base: dict[str, object] = {
        "trigger": "appointment", "language": "de", "first_name": "Eva", "surname": "Maurer", "gender": "f",
        "company": "Maurer GmbH", "source": "Tagblatt", "read_on": TODAY - timedelta(days=1), "event": None, "event_day": None,
    }  # fmt: skip
    return Occasion(**{**base, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age", "german", "english"),
    [(0, "heute", "today"), (1, "gestern", "yesterday"), (4, "am Freitag", "on Friday"), (12, "am 12. November", "on 12 November"),
     (400, "am 20. Oktober 2025", "on 20 October 2025"), (-3, "kürzlich", "recently")],
)  # fmt: skip
def test_days_are_said_as_people_say_them(age: int, german: str, english: str) -> None:
    assert when(TODAY - timedelta(days=age), TODAY, "de") == german
    assert when(TODAY - timedelta(days=age), TODAY, "en") == english


def test_every_trigger_gender_language_and_age_gives_a_finished_sentence() -> None:
    for trigger, gender, language, age, event in itertools.product(
        get_args(Trigger), ("f", "m", "unknown"), ("de", "en", "fr"), (-1, 0, 1, 5, 40, 500), (None, "Mittelstandstag")
    ):
        line = opening_line(
            occasion(
                trigger=trigger, gender=gender, language=language, read_on=TODAY - timedelta(days=age), event=event
            ),
            TODAY,
        )
        assert "{" not in line and "}" not in line and "None" not in line and "  " not in line
        assert "Maurer" in line
        if trigger in ("insolvency", "layoffs", "departure"):
            assert "lückwunsch" not in line and "ongratulation" not in line


def test_the_form_of_address_follows_the_gender() -> None:
    assert opening_line(occasion(), TODAY).startswith("Guten Tag Frau Maurer,")
    assert opening_line(occasion(gender="m"), TODAY).startswith("Guten Tag Herr Maurer,")
    assert opening_line(occasion(gender="unknown"), TODAY).startswith("Guten Tag Eva Maurer,")


def test_an_event_that_is_over_is_no_occasion() -> None:
    past = occasion(trigger="speaker", event="Gründerabend", event_day=TODAY - timedelta(days=2))
    assert "Gründerabend" not in opening_line(past, TODAY)
    coming = occasion(trigger="speaker", event="Gründerabend", event_day=TODAY + timedelta(days=2))
    assert "Gründerabend" in opening_line(coming, TODAY)
    assert "26. November" in reason_words(coming, TODAY)


def test_every_trigger_has_points_half_life_and_wording() -> None:
    names = set(get_args(Trigger))
    assert set(load_weights().reason) == names == set(half_lives())
    assert all(days > 0 for days in half_lives().values())
    assert all(wording(name, language) for name in names for language in ("de", "en"))
