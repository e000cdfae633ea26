"""A quarter of sixty workdays and three thousand dials: every figure and every list as the truth has it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
import pytest

from pipeline.cli.sql import open_snapshot
from pipeline.plan.ratios import by_step
from pipeline.review.period import Period
from pipeline.review.questions import IDLE_DAYS, Review, ask
from pipeline.review.words import say
from pipeline.scoring.examples import examples
from pipeline.scoring.learned_weights import active_factors, relearn, undo
from pipeline.scoring.learning import learn
from pipeline.scoring.scoring import score
from pipeline.store.opening import working_store
from tests.quarter import truth
from tests.quarter.quarter import DIALS_A_DAY, FIRST, LAST, Quarter, simulate
from tests.quarter.rules import Standing, standings

PERIODS = [
    (FIRST, LAST),
    (date(2026, 10, 1), date(2026, 10, 31)),
    (date(2026, 10, 12), date(2026, 10, 18)),
    (LAST, LAST),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Quarter:
    """The quarter, lived through once."""
    return simulate(tmp_path_factory.mktemp("quarter"))


@pytest.fixture(scope="module", params=PERIODS, ids=lambda p: f"{p[0]}_{p[1]}")
def asked(request: pytest.FixtureRequest, made: Quarter) -> tuple[Review, date, date]:
    """The review of a period."""
    first, last = request.param
    con = open_snapshot(made.settings.home)
    try:
        return ask(con, made.settings, Period(first, last)), first, last
    finally:
        con.close()


def states(made: Quarter, *wanted: str) -> set[str]:
    """Return who is in these states at the end."""
    with duckdb.connect(str(made.settings.home / "leads.duckdb"), read_only=True) as con:
        return {
            row[0]
            for row in con.execute(
                "SELECT prospect_id FROM contacts WHERE state IN (SELECT unnest(?))", [list(wanted)]
            ).fetchall()
        }


def columns(rows: tuple[dict[str, Any], ...], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names or row) for row in rows]


def test_it_is_sixty_days_of_fifty_dials(made: Quarter) -> None:
    assert len(made.days) == 60 and len(made.calls) == 60 * DIALS_A_DAY
    assert set(Counter(call.day for call in made.calls).values()) == {DIALS_A_DAY}


def test_dials_a_day(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, first, last = asked
    assert columns(review.rows("dials")) == truth.dials(made, first, last)


def test_time_on_the_phone_and_reserved_time_kept(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, first, last = asked
    assert columns(review.rows("phone_time")) == truth.phone_time(made, first, last)


def test_where_leads_come_from(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, first, last = asked
    names = ("pages", "people", "prospects", "dials", "conversations", "appointments", "sales")
    rows = review.rows("sources")
    found = {row["source"]: tuple(row[name] for name in names) for row in rows}
    assert found == truth.sources(made, first, last, states(made, "unfit", "suppressed", "erased"))
    assert all(row["small_sample"] == (row["dials"] < 100 or row["appointments"] < 5) for row in rows)


def test_after_which_attempt_success_stops(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, first, last = asked
    rows = review.rows("attempts")
    assert columns(rows, "attempt", "dials", "conversations", "appointments", "sales", "successes") == truth.attempts(
        made, first, last
    )


def test_attempts_before_giving_up(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, first, last = asked
    exhausted, others = states(made, "exhausted"), states(made, "customer", "appointment")
    names = ("attempts", "people", "exhausted", "final", "dropped", "never_reached")
    assert columns(review.rows("given_up"), *names) == truth.given_up(made, first, last, exhausted, others, IDLE_DAYS)


def test_new_people_a_day(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, first, last = asked
    assert columns(review.rows("new_people")) == truth.new_people(made, first, last)


def test_people_called_again_and_again(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, first, last = asked
    rows = [(*row[:3], float(row[3]), row[4]) for row in columns(review.rows("overcalled"))]
    wanted = truth.overcalled(made, first, last, states(made, "customer"))
    assert [row[:3] + row[4:] for row in rows] == [row[:3] + row[4:] for row in wanted]
    assert [row[3] for row in rows] == pytest.approx([row[3] for row in wanted], abs=0.011)


def test_goals_down_to_the_day(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, _, last = asked
    step = by_step(review.plan.steps)
    assert review.plan.sales_goal == 60
    for row, calls in truth.goals(made, last, 60):
        found = next(r for r in review.rows("goals") if r["span"] == row[0])
        assert (found["first_day"], found["last_day"], found["workdays"], found["workdays_gone"]) == row[1:5]
        assert (found["dials"], found["conversations"], found["appointments"], found["sales"]) == calls
        need, due = row[5], row[6]
        for names, ratios in (
            ("appointments", ["sales_per_appointment"]), ("conversations", ["sales_per_appointment", "appointments_per_conversation"]),
            ("dials", ["sales_per_appointment", "appointments_per_conversation", "conversations_per_dial"]),
        ):  # fmt: skip
            per = 1.0
            for name in ratios:
                per *= step[name].value
            assert found[f"{names}_needed"] == truth.up(need / per)
            assert found[f"{names}_gap"] == truth.up(due / per) - found[names]
        assert float(found["sales_needed"]) == pytest.approx(need, abs=0.006)
        assert float(found["sales_gap"]) == pytest.approx(due - calls[3], abs=0.006)


def test_the_plan_reckons_with_the_own_ratios(made: Quarter, asked: tuple[Review, date, date]) -> None:
    review, _, last = asked
    number, talks, meetings, sales = truth.counts(call for call in made.calls if call.day <= last)
    assert [(s.own, s.successes, s.trials) for s in review.plan.steps] == [
        (True, talks, number), (True, meetings, talks), (True, sales, meetings),
    ]  # fmt: skip
    assert review.plan.sales_per_dial == pytest.approx(sales / number)
    for name in review.answers:
        assert say(name, review)


@pytest.fixture(scope="module")
def stood(made: Quarter) -> dict[date, dict[str, Standing]]:
    """Where everybody stood on each morning, by the plain rules."""
    return standings(made)


def test_exhaustion_cool_off_and_reopening_come_on_the_right_day(
    made: Quarter, stood: dict[date, dict[str, Standing]]
) -> None:
    reopened = 0
    for day, morning in made.mornings.items():
        now = stood[day]
        wanted = {p: s.given_up for p, s in now.items() if s.given_up and not s.sold and not s.barred}
        back = {p for p, s in now.items() if s.back_on and not s.sold and not s.barred}
        assert {p: on for p, on in morning.exhausted.items() if p not in back} == wanted, day
        assert morning.reopened == back, day
        reopened += len(back)
    assert reopened > 50, "the quarter must hold people who come back"


def test_promised_calls_stand_on_the_list_of_their_day_and_not_before(
    made: Quarter, stood: dict[date, dict[str, Standing]]
) -> None:
    kept = 0
    for day, morning in made.mornings.items():
        for person, standing in stood[day].items():
            if standing.promised and standing.given_up is None and not standing.barred and not standing.sold:
                assert (person in morning.called) == (standing.promised <= day), (day, person, standing)
                kept += person in morning.called
    assert kept > 100


def test_nobody_is_in_two_lists_or_twice_in_one(made: Quarter) -> None:
    handed: Counter[str] = Counter()
    for day, morning in made.mornings.items():
        assert len(morning.called) == len(set(morning.called)), day
        assert not morning.fresh & morning.callbacks and not morning.fresh & set(morning.exhausted), day
        assert not morning.callbacks & set(morning.exhausted), day
        assert set(morning.called) <= morning.fresh | morning.callbacks, day
        assert not set(morning.called) & set(morning.exhausted), day
        handed.update(set(morning.called) & morning.fresh - morning.reopened)
    assert set(handed.values()) == {1}, "somebody was new twice"


def test_the_share_of_new_people_holds_every_day(made: Quarter, stood: dict[date, dict[str, Standing]]) -> None:
    share = made.settings.calling.new_share_min
    for day, morning in made.mornings.items():
        before = stood[day]
        promised = sum(
            p in before and before[p].promised is not None and before[p].promised <= day for p in morning.called
        )
        new = sum(person not in before for person in morning.called)
        if promised <= len(morning.called) * (1 - share):
            assert new >= share * len(morning.called) - 1e-9, (day, new, len(morning.called))


def test_weights_learned_from_the_quarter_beat_the_hand_set_ones(
    made: Quarter, capsys: pytest.CaptureFixture[str]
) -> None:
    home = made.settings.home
    with working_store(home) as con:
        cases = examples(con)
        found = relearn(con, home, now=_evening(made))
        with capsys.disabled():
            assert found.hand_set and found.learned
            print(
                f"\n{found.outcomes} outcomes, {found.appointments} appointments: AUC {found.hand_set.auc:.3f} -> {found.learned.auc:.3f}, "
                f"log loss {found.hand_set.log_loss:.4f} -> {found.learned.log_loss:.4f} (chance {found.chance:.4f}); calibration "
                + ", ".join(f"{b.predicted:.3f}/{b.observed:.3f}" for b in found.learned_bins)
            )
        assert found.accepted, found.verdict
        assert found.learned.auc > found.hand_set.auc + 0.05 and found.learned.log_loss < found.hand_set.log_loss
        assert found.factors["reason:speaker"] > found.factors["reason:appointment"]
        score(con, made.settings, now=_evening(made))
        learned = con.execute(
            "SELECT count(*) FROM prospects WHERE score_parts::VARCHAR LIKE '%learned x%'"
        ).fetchall()[0][0]
        assert learned > 100
        assert active_factors(home)
        undo(home)
        assert not active_factors(home)
        score(con, made.settings, now=_evening(made))
        assert con.execute(
            "SELECT count(*) FROM prospects WHERE score_parts::VARCHAR LIKE '%learned x%'"
        ).fetchall() == [(0,)]
    shuffled = [case.won for case in cases]
    for seed in range(5):
        Random(seed).shuffle(shuffled)
        refused = learn([replace(case, won=won) for case, won in zip(cases, shuffled, strict=True)])
        assert not refused.accepted, f"random outcomes, seed {seed}: {refused.verdict}"


def _evening(made: Quarter) -> Any:
    return max(call.at for call in made.calls) + timedelta(hours=1)
