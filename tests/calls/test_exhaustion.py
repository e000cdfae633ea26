"""Exhaustion, cool-off, reopening and callbacks happen on the right day, by the rule of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.lists.export import export
from tests.calls.desk import TODAY, Desk, at, desk

CLOCKS = ("09:00", "11:00", "14:00", "17:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as opened:
        yield opened


def days(count: int, start: date = date(2026, 1, 5)) -> list[date]:
    return [start + timedelta(days=n) for n in range(count)]


def given_up(store: Desk, name: str = "Eva Koch", until: date = date(2026, 1, 10)) -> str:
    """Somebody who was tried six times in three parts of the day, the last time on `until`."""
    person = store.person(name, age=400)
    for n in range(6):
        store.call(person, "no_answer", at(until - timedelta(days=5 - n), CLOCKS[n % 3]))
    return person


def test_the_sixth_attempt_in_the_third_part_of_the_day_gives_up(store: Desk) -> None:
    person = store.person("Eva Koch", age=400)
    for n, day in enumerate(days(5)):
        store.call(person, "no_answer", at(day, CLOCKS[n % 2]))
    store.score()
    assert store.state(person) == "working"
    store.call(person, "voicemail", at(date(2026, 1, 10), "14:00"))
    store.score()
    found = store.prospect(person)
    assert found["state"] == "exhausted"
    assert found["exhausted_on"] == date(2026, 1, 10)
    assert found["state_reason"] == "6 attempts without contact"


def test_many_attempts_at_one_time_of_the_day_do_not_give_up(store: Desk) -> None:
    person = store.person("Eva Koch", age=400)
    for day in days(9):
        store.call(person, "no_answer", at(day, "09:10"))
    store.score()
    assert store.state(person) == "working"


def test_parts_of_the_day_are_local_also_in_summer_time(store: Desk) -> None:
    """09:50 in Berlin is 07:50 UTC in July and 08:50 UTC in January: both are the morning."""
    person = store.person("Eva Koch")
    for day in (date(2026, 7, 1), date(2026, 1, 2)):
        store.call(person, "no_answer", at(day, "09:50"))
    assert store.con.execute("SELECT DISTINCT day_part FROM call_log").fetchall() == [("morning",)]


def test_attempts_count_from_the_last_conversation(store: Desk) -> None:
    person = store.person("Eva Koch", age=400)
    for n, day in enumerate(days(5)):
        store.call(person, "no_answer", at(day, CLOCKS[n % 3]))
    store.call(person, "reached", at(date(2026, 1, 10)))
    for n, day in enumerate(days(5, date(2026, 1, 11))):
        store.call(person, "no_answer", at(day, CLOCKS[n % 3]))
    store.score()
    assert store.state(person) == "working"
    store.call(person, "no_answer", at(date(2026, 1, 20), CLOCKS[2]))
    store.score()
    assert store.prospect(person)["exhausted_on"] == date(2026, 1, 20)


@pytest.mark.parametrize("outcome", ["not_interested", "wrong_number"])
def test_a_final_outcome_gives_up_at_once_until_a_later_conversation(store: Desk, outcome: str) -> None:
    person = store.person("Eva Koch", age=400)
    store.call(person, outcome, at(date(2026, 1, 5)))
    store.score()
    assert store.state(person) == "exhausted"
    assert store.prospect(person)["state_reason"] == f"final outcome: {outcome}"
    store.call(person, "appointment", at(date(2026, 1, 6)))
    store.score()
    assert store.state(person) == "appointment"


def test_do_not_call_and_sale_are_states_of_their_own(store: Desk) -> None:
    barred, bought = store.person("Eva Koch"), store.person("Anna Beck")
    store.call(barred, "do_not_call", at(TODAY))
    store.call(bought, "sale", at(TODAY))
    store.call(bought, "no_answer", at(TODAY, "15:00"))
    store.score()
    assert (store.state(barred), store.state(bought)) == ("suppressed", "customer")


@pytest.mark.parametrize(("after", "state"), [(180, "exhausted"), (181, "new")])
def test_only_a_reason_after_the_cool_off_reopens(store: Desk, after: int, state: str) -> None:
    person = given_up(store)
    reason = date(2026, 1, 10) + timedelta(days=after)
    store.mention(person, "Eva Koch", published=at(reason, "05:00"), role="CEO", trigger="promotion")
    store.score(reason - timedelta(days=1))
    assert store.state(person) == "exhausted", "a reason of tomorrow"
    store.score(reason)
    assert store.state(person) == state
    if state == "new":
        found = store.prospect(person)
        assert found["reopened"] and found["reopened_by"] == f"promotion of {reason}"
        assert found["attempts"] == 6


def test_time_alone_and_weak_or_undated_reasons_reopen_nobody(store: Desk) -> None:
    person = given_up(store)
    store.mention(person, "Eva Koch", published=at(date(2026, 11, 1)), trigger="quote", role="Chefin")
    store.mention(person, "Eva Koch", published=at(date(2026, 11, 2)), trigger="award", role="Chefin", dated=False)
    store.mention(person, "Eva Koch", published=at(date(2026, 11, 3)), trigger="award", role="Chefin", former=True)
    store.score()
    assert store.state(person) == "exhausted"


def test_the_list_names_the_new_reason(store: Desk) -> None:
    person = given_up(store)
    for n in range(3):
        store.person(f"Neu {'ABC'[n]}mann")
    store.mention(
        person,
        "Eva Koch",
        published=at(TODAY - timedelta(days=2)),
        trigger="award",
        role="Chefin",
        evidence="Preis für Koch.",
    )
    store.score()
    rows = export(store.con, store.settings, "fresh", now=store.now, out=None).rows
    row = next(row for row in rows if row["prospect_id"] == person)
    assert row["reason"].startswith("wieder anrufen: Auszeichnung")
    assert row["evidence"] == "Preis für Koch."
    assert f"reopened 4 (award of {TODAY - timedelta(days=2)})" in row["why"]


def test_a_reopened_contact_has_a_whole_new_round(store: Desk) -> None:
    person = given_up(store)
    store.mention(person, "Eva Koch", published=at(date(2026, 8, 3), "05:00"), trigger="expansion", role="Chefin")
    store.score(date(2026, 8, 3))
    assert store.state(person) == "new"
    export(store.con, store.settings, "fresh", now=store.now, out=None, limit=5)
    store.person("Anna Beck")
    store.score(date(2026, 8, 4))
    for n in range(5):
        store.call(person, "no_answer", at(date(2026, 8, 4) + timedelta(days=n), CLOCKS[n % 3]))
    store.score(date(2026, 8, 9))
    assert store.state(person) == "working"
    store.call(person, "no_answer", at(date(2026, 8, 9), "17:00"))
    store.score(date(2026, 8, 10))
    assert store.prospect(person)["exhausted_on"] == date(2026, 8, 9)
    store.mention(person, "Eva Koch", published=at(date(2026, 10, 1)), trigger="award", role="Chefin")
    store.score(date(2026, 10, 2))
    assert store.state(person) == "exhausted", "the second cool-off is not over"


def test_a_dial_in_the_cool_off_begins_it_anew(store: Desk) -> None:
    person = given_up(store)
    store.call(person, "no_answer", at(date(2026, 6, 1)))
    store.mention(person, "Eva Koch", published=at(date(2026, 8, 3)), trigger="expansion", role="Chefin")
    store.score(date(2026, 8, 4))
    assert store.state(person) == "exhausted"


def test_undone_calls_count_for_nothing(store: Desk) -> None:
    person = store.person("Eva Koch")
    call = store.call(person, "not_interested", at(TODAY))
    store.con.execute("INSERT INTO call_corrections VALUES (?, 'undone', ?)", [call, store.now])
    store.score()
    assert (store.state(person), store.prospect(person)["attempts"]) == ("new", 0)


def test_calls_of_a_person_merged_away_count_for_the_one_that_is_left(store: Desk) -> None:
    person = store.person("Eva Koch", age=400)
    store.con.execute("INSERT INTO person_aliases VALUES ('old', ?, ?)", [person, store.now])
    for n, day in enumerate(days(6)):
        store.call("old" if n % 2 else person, "no_answer", at(day, CLOCKS[n % 3]))
    store.score()
    assert store.state(person) == "exhausted"


def test_callbacks_are_due_on_their_day_whatever_the_hour(store: Desk) -> None:
    person = store.person("Eva Koch")
    store.call(person, "callback", at(TODAY - timedelta(days=4)), next_at=at(TODAY, "16:00"))
    for today, expected in ((TODAY - timedelta(days=1), []), (TODAY, [person]), (TODAY + timedelta(days=3), [person])):
        store.score(today)
        rows = export(store.con, store.settings, "callbacks", now=store.now, out=None, day=True).rows
        assert [row["prospect_id"] for row in rows] == expected, today
    assert rows[0]["reason"] == "Rückruf vereinbart"


def test_somebody_not_reached_is_due_again_the_next_day(store: Desk) -> None:
    person = store.person("Eva Koch")
    store.call(person, "no_answer", at(TODAY))
    store.score()
    assert export(store.con, store.settings, "callbacks", now=store.now, out=None, day=True).rows == []
    store.score(TODAY + timedelta(days=1))
    rows = export(store.con, store.settings, "callbacks", now=store.now, out=None, day=True).rows
    assert [row["prospect_id"] for row in rows] == [person]
