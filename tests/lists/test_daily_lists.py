"""A day's lists: enough new people, nobody twice, what was handed out can be written again or given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.contacts import secret
from pipeline.contacts.suppression import suppress
from pipeline.errors import OpenerError
from pipeline.lists.export import ExportReport, export, give_back, ledger_rows, written
from pipeline.plan import daily_target
from tests.calls.desk import TODAY, Desk, at, desk

CLOCKS = ("09:00", "11:00", "14:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path, calling={"daily_list": 10, "new_share_min": 0.6}) as opened:
        yield opened


def people(store: Desk, count: int, word: str = "Neu") -> list[str]:
    return [
        store.person(f"Eva {word}{chr(97 + n // 26)}{chr(97 + n % 26)}", person_id=f"{word}-{n:03}")
        for n in range(count)
    ]


def reopened(store: Desk, count: int) -> list[str]:
    """People who were given up long ago and have a new reason."""
    found = people(store, count, "Alt")
    for one in found:
        for n in range(6):
            store.call(one, "no_answer", at(TODAY - timedelta(days=400 - n), CLOCKS[n % 3]))
    return found


def hand_out(store: Desk, which: str, **options: Any) -> ExportReport:
    return export(store.con, store.settings, which, now=store.now, out=None, **options)  # type: ignore[arg-type]


def ids(report: ExportReport) -> list[str]:
    return [str(row["prospect_id"]) for row in report.rows]


def test_a_day_has_the_rows_of_the_settings(store: Desk) -> None:
    people(store, 25)
    store.score()
    assert daily_target(store.settings, store.con, now=store.now) == 10
    assert len(ids(hand_out(store, "fresh", day=True))) == 10
    assert len(ids(hand_out(store, "fresh", limit=3))) == 3


def test_nobody_is_handed_out_twice_until_given_back(store: Desk) -> None:
    people(store, 25)
    store.score()
    first = hand_out(store, "fresh", day=True)
    store.today += timedelta(days=1)
    store.score()
    second = hand_out(store, "fresh", day=True)
    assert not set(ids(first)) & set(ids(second)) and len(ids(second)) == 10
    store.call(ids(first)[0], "no_answer", at(TODAY, "09:00"))
    assert give_back(store.con, first.export_id, None, store.now) == 9
    assert give_back(store.con, first.export_id, None, store.now) == 0
    store.today += timedelta(days=1)
    store.score()
    third = ids(hand_out(store, "fresh", limit=100))
    assert set(ids(first)[1:]) <= set(third) and ids(first)[0] not in third
    assert not set(third) & set(ids(second))


def test_one_row_can_be_given_back(store: Desk) -> None:
    people(store, 5)
    store.score()
    report = hand_out(store, "fresh", limit=5)
    assert give_back(store.con, report.export_id, [ids(report)[2]], store.now) == 1
    assert store.state(ids(report)[2]) == "new" and store.state(ids(report)[1]) == "listed"


@pytest.mark.parametrize(("new", "back"), [(30, 30), (9, 30), (3, 30), (30, 2), (0, 5)])
def test_enough_of_a_list_was_never_called(store: Desk, new: int, back: int) -> None:
    people(store, new)
    reopened(store, back)
    store.score()
    rows = hand_out(store, "fresh", day=True).rows
    never = sum(row["attempts"] == 0 for row in rows)
    assert len(rows) == 0 or never / len(rows) >= 0.6
    if new + min(back, 4) >= 10:
        assert len(rows) == 10
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


def test_callbacks_and_fresh_people_make_the_day_together(store: Desk) -> None:
    people(store, 30)
    tried = people(store, 8, "Versucht")
    for one in tried:
        store.call(one, "no_answer", at(TODAY - timedelta(days=2), "09:00"))
    promised = people(store, 2, "Versprochen")
    for one in promised:
        store.call(one, "callback", at(TODAY - timedelta(days=2), "09:00"), next_at=at(TODAY, "15:00"))
    store.score()
    waiting = hand_out(store, "callbacks", day=True)
    fresh = hand_out(store, "fresh", day=True)
    assert ids(waiting)[:2] == promised, "who was promised a call comes first"
    assert len(ids(waiting)) == 4 and len(ids(fresh)) == 6
    assert not set(ids(waiting)) & set(ids(fresh))
    assert any("6 more are due" in note for note in waiting.notes)


def test_today_is_both_lists_in_one(store: Desk) -> None:
    people(store, 30)
    for one in people(store, 8, "Versucht"):
        store.call(one, "busy", at(TODAY - timedelta(days=2), "09:00"))
    store.score()
    rows = hand_out(store, "today", day=True).rows
    assert len(rows) == 10 and sum(row["attempts"] == 0 for row in rows) == 6
    assert [row["rank"] for row in rows] == list(range(1, 11))
    store.score()
    assert len(ids(hand_out(store, "fresh", limit=100))) == 24, "the six are handed out"


def test_promised_calls_are_never_left_out(store: Desk) -> None:
    people(store, 3)
    promised = people(store, 9, "Versprochen")
    for one in promised:
        store.call(one, "callback", at(TODAY - timedelta(days=2), "09:00"), next_at=at(TODAY, "15:00"))
    store.score()
    assert set(ids(hand_out(store, "callbacks", day=True))) == set(promised)


def test_who_was_suppressed_after_the_scoring_is_on_no_list(store: Desk) -> None:
    people(store, 12)
    store.score()
    name, company = store.con.execute("SELECT name, company FROM people WHERE person_id = 'Neu-003'").fetchall()[0]
    suppress(store.con, secret.load(store.settings.home), "person", name, now=store.now, company=company)
    rows = ids(hand_out(store, "fresh", limit=11))
    assert "Neu-003" not in rows and len(rows) == 11


def test_a_list_can_be_written_again_as_it_was(store: Desk, tmp_path: Path) -> None:
    people(store, 5)
    store.score()
    out = tmp_path / "list.csv"
    report = export(store.con, store.settings, "fresh", now=store.now, out=out, preset="hubspot", limit=5)
    store.today += timedelta(days=30)
    store.score()
    assert ledger_rows(store.con, report.export_id) == report.rows
    assert written(store.con, report.export_id) == ("fresh", "hubspot")
    with pytest.raises(OpenerError, match="no such export"):
        written(store.con, "nothing")


def test_people_are_in_one_list_only(store: Desk) -> None:
    people(store, 6)
    reopened(store, 3)
    outcomes = (
        "no_answer",
        "callback",
        "not_now",
        "not_interested",
        "appointment",
        "sale",
        "wrong_number",
        "do_not_call",
        "reached",
    )
    for one, outcome in zip(people(store, len(outcomes), "Wer"), outcomes, strict=True):
        store.call(one, outcome, at(TODAY - timedelta(days=120), "09:00"))
    store.score()
    lists = {which: set(ids(hand_out(store, which, limit=500))) for which in ("callbacks", "exhausted", "fresh")}
    for one, others in lists.items():
        for other, more in lists.items():
            assert one == other or not others & more, (one, other)
    assert {"Wer-003", "Wer-006"} == lists["exhausted"]
    assert {"Wer-000", "Wer-001", "Wer-002", "Wer-008"} == lists["callbacks"]


def test_a_contact_without_news_says_how_things_stand(store: Desk) -> None:
    known = store.person("Eva Koch", mention=False)
    store.call(known, "voicemail", at(TODAY - timedelta(days=5), "09:00"))
    store.score()
    [row] = hand_out(store, "callbacks", day=True).rows
    assert row["reason"] == "1 Anruf bisher, zuletzt: Mailbox"
    assert row["opening_line"] == "Guten Tag Frau Koch, haben Sie gerade zwei Minuten für eine kurze Frage?"


def test_an_unknown_preset_hands_nobody_out(store: Desk) -> None:
    people(store, 3)
    store.score()
    with pytest.raises(OpenerError, match="unknown preset"):
        hand_out(store, "fresh", preset="sugar", limit=3)
    assert len(ids(hand_out(store, "fresh", limit=3))) == 3
