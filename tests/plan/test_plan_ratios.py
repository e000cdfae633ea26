"""Ratios: own or published, with intervals that hold what they promise."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan import daily_target
from pipeline.plan.goals import needed, plan
from pipeline.plan.ratios import STEPS, Log, combined, published, ratios, read_log, wilson
from pipeline.store.opening import working_store
from tests.review.small_log import Dial, settings_in, write_calls

LOG = Log(1000, 100, 20, 5, 0, 1000, 2000.0, 300, date(2025, 11, 25), date(2026, 11, 24))


def test_published_ratios_are_cited_and_plausible() -> None:
    for name in (*STEPS, "minutes_per_dial"):
        step = getattr(published(), name)
        assert step.url.startswith("https://") and step.range_url.startswith("https://")
        assert len(step.counted) > 20 and len(step.source) > 20
        if name in STEPS:
            assert 0 < step.low <= step.value <= step.high < 1


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2129), (5, 10, 0.2693, 0.7307), (10, 10, 0.7871, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson_interval(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


@given(st.integers(1, 400), st.floats(0, 1))
def test_wilson_interval_holds_the_ratio(trials: int, share: float) -> None:
    successes = round(trials * share)
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1


def test_steps_are_own_from_enough_trials_and_successes_on() -> None:
    assert [r.own for r in ratios(LOG)] == [True, True, False], "5 sales from 20 appointments are too few trials"
    assert [r.own for r in ratios(replace(LOG, appointments=30))] == [True, True, True]
    few = ratios(replace(LOG, conversations=4, appointments=0, sales=0))
    assert [r.own for r in few] == [False] * 3
    assert all(r.source == getattr(published(), r.step).source for r in few)


def test_own_steps_multiply_to_sales_per_dial_also_with_sales_on_the_phone() -> None:
    log = replace(LOG, appointments=30, sales=12, closed_on_the_phone=4)
    assert math.prod(r.value for r in ratios(log)) == pytest.approx(12 / 1000)


def test_the_interval_of_the_product_agrees_with_drawn_posteriors() -> None:
    steps = ratios(replace(LOG, appointments=40, sales=12))
    value, low, high = combined(steps)
    rng = np.random.default_rng(7)
    drawn = np.prod([rng.beta(s.successes + 0.5, s.trials - s.successes + 0.5, 200_000) for s in steps], axis=0)
    assert low < value < high
    assert low == pytest.approx(np.quantile(drawn, 0.05), rel=0.08)
    assert high == pytest.approx(np.quantile(drawn, 0.95), rel=0.08)


def test_sales_without_an_appointment_of_their_own_are_counted(tmp_path: Path) -> None:
    start = datetime(2026, 11, 2, 9, tzinfo=UTC)
    outcomes = {
        "a": ["appointment", "sale", "sale"],
        "b": ["sale"],
        "c": ["sale", "appointment"],
        "d": ["no_answer", "appointment", "sale"],
    }
    dials = [
        Dial(person, start + timedelta(days=n), what)
        for person, all_ in outcomes.items()
        for n, what in enumerate(all_)
    ]
    with working_store(tmp_path) as con:
        write_calls(con, [*dials, Dial("old", start - timedelta(days=400), "sale")])
        log = read_log(con, date(2026, 11, 24))
    assert (log.dials, log.appointments, log.sales, log.closed_on_the_phone, log.people) == (9, 3, 5, 3, 4)


def test_todays_list_holds_what_the_goal_asks_and_the_reserved_time_allows(tmp_path: Path) -> None:
    goal = {"year": 100_000, "average_sale": 10_000, "workdays": 220}
    roomy, tight = {"blocks": ["Mo-Fr 08:00-18:00"]}, {"blocks": ["Mo-Fr 09:00-09:30"]}
    monday, saturday = datetime(2026, 1, 5, 6, tzinfo=UTC), datetime(2026, 1, 3, 6, tzinfo=UTC)
    with working_store(tmp_path) as con:
        settings = settings_in(tmp_path, goals=goal, calling=roomy)
        made = plan(settings, con, date(2026, 1, 5))
        assert made.sales_goal == 10 and made.dials_a_day == math.ceil(10 / made.sales_per_dial / 220)
        assert daily_target(settings, con, now=monday) == made.dials_today == daily_target(settings, con, now=saturday)
        assert needed(made, 1)[2] == math.ceil(1 / made.sales_per_dial)
        tight_settings = settings_in(tmp_path, goals=goal, calling=tight)
        assert daily_target(tight_settings, con, now=monday) == plan(tight_settings, con, date(2026, 1, 5)).fits == 13
        assert daily_target(settings_in(tmp_path, calling={"daily_list": 17}), con, now=monday) == 17
        assert daily_target(settings_in(tmp_path, goals={"year": 5}), con, now=monday) == 40, "no average sale, no plan"
