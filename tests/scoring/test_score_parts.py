"""Every part of the score, one at a time; the explanation adds up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.scoring.gazetteer import distances, territory_towns
from pipeline.scoring.scoring import load_weights
from pipeline.settings import Territory
from tests.calls.desk import TODAY, Desk, at, desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Desk]:
    territory = {"country": "DE", "towns": ["Leipzig"], "radius_km": 50}
    with desk(
        tmp_path, territory=territory, ideal_customer={"roles": ["Einkauf"], "industries": ["Maschinenbau"]}
    ) as opened:
        yield opened


def parts(store: Desk, person: str) -> dict[str, tuple[int, str]]:
    found = store.prospect(person)
    read: list[dict[str, Any]] = json.loads(found["score_parts"])
    assert sum(part["points"] for part in read) == found["score"]
    return {part["name"]: (part["points"], part["detail"]) for part in read}


def test_a_reason_loses_half_of_its_points_every_half_life(store: Desk) -> None:
    people = {age: store.person(f"Eva Alt{'abcd'[n]}x", age=age) for n, age in enumerate((0, 60, 120))}
    store.score()
    assert [parts(store, people[age])["reason"] for age in people] == [
        (34, "appointment, 0 days old"), (17, "appointment, 60 days old"), (9, "appointment, 120 days old"),
    ]  # fmt: skip


def test_role_company_and_industry_fit_are_parts_of_their_own(store: Desk) -> None:
    good = store.person("Eva Koch", role="Leiterin Einkauf", role_level="head", company="Koch Maschinenbau GmbH")
    other = store.person("Anna Beck", role="Referentin", role_level="specialist", company="Beck Floristik")
    store.score()
    found = parts(store, good)
    assert (found["role"][0], found["wanted level"][0], found["wanted role"][0], found["wanted industry"][0]) == (
        18,
        6,
        10,
        8,
    )
    assert not {"wanted level", "wanted role", "wanted industry"} & set(parts(store, other))


def test_points_for_the_territory_fall_with_the_distance(store: Desk) -> None:
    towns = ("Leipzig", "Markkleeberg", "Halle (Saale)", "Dresden", "Köln", "Nirgendwo an der Nirg")
    people = {town: store.person(f"Eva {'ABCDEF'[n]}mann", place=town) for n, town in enumerate(towns)}
    store.score()
    points = [parts(store, people[town]).get("territory", (0, ""))[0] for town in towns]
    assert points[0] == 12 and points == sorted(points, reverse=True) and points[1] > points[2] > points[3]
    assert points[4] == points[5] == 0
    assert parts(store, people["Halle (Saale)"])["territory"][1] in ("Halle (Saale), 31 km", "Halle (Saale), 32 km")


def test_reach_is_direct_switchboard_mail_or_none(store: Desk) -> None:
    office, nobody = store.person("Eva Koch", phone="+4936155501"), store.person("Anna Beck")
    direct = store.person("Olga Lenz", phone="+4936155502")
    store.con.execute(
        """INSERT INTO contacts (contact_id, import_id, phone, is_customer, do_not_call, attempts, imported_at)
           VALUES ('k', 'i', '+4936177777', false, false, 0, now())"""
    )
    store.con.execute("INSERT INTO person_contacts (contact_id, person_id, how) VALUES ('k', ?, 'email')", [direct])
    store.score()
    assert parts(store, direct)["reachable"] == (14, "direct phone")
    assert parts(store, office)["reachable"] == (10, "switchboard")
    assert parts(store, nobody)["reachable"] == (-4, "no number yet")


def test_being_named_again_counts_lately_only(store: Desk) -> None:
    person = store.person("Eva Koch", age=3)
    for age in (5, 20, 200, 300):
        store.mention(person, "Eva Koch", published=at(TODAY - timedelta(days=age)), trigger="quote", role="Chefin")
    store.score()
    assert parts(store, person)["named again"] == (4, "3 pages lately")


def test_a_source_gains_and_loses_by_what_became_of_its_people(store: Desk) -> None:
    for n in range(40):
        name = f"Eva {chr(65 + n % 26)}{chr(97 + n // 26)}feld"
        person = store.person(name, source="good" if n % 2 else "poor", age=30)
        store.call(person, "appointment" if n % 8 == 1 else "no_answer", at(TODAY - timedelta(days=9), "09:00"))
    fresh = {source: store.person(f"Olga {source}mann", source=source) for source in ("good", "poor", "tagblatt")}
    store.score()
    good, poor = parts(store, fresh["good"])["source"], parts(store, fresh["poor"])["source"]
    assert good[0] > 0 > poor[0] and abs(poor[0]) <= load_weights().source_yield
    assert good[1] == "5 of 20 called from good came to an appointment"
    assert "source" not in parts(store, fresh["tagblatt"])


def test_few_calls_say_nothing_about_a_source(store: Desk) -> None:
    for n in range(5):
        store.call(store.person(f"Eva {'ABCDE'[n]}feld"), "appointment", at(TODAY - timedelta(days=9), "09:00"))
    fresh = store.person("Olga Neu")
    store.score()
    assert "source" not in parts(store, fresh)


@pytest.mark.parametrize(("trigger", "state"), [("insolvency", "unfit"), ("layoffs", "unfit"), ("results", "new")])
def test_hard_news_are_no_reason_to_call(store: Desk, trigger: str, state: str) -> None:
    person = store.person("Eva Koch", trigger=trigger)
    store.score()
    assert store.state(person) == state


def test_layoffs_are_one_when_the_settings_say_so(tmp_path: Path) -> None:
    with desk(tmp_path, calling={"layoffs_as_reason": True}) as store:
        person, other = store.person("Eva Koch", trigger="layoffs"), store.person("Anna Beck", trigger="insolvency")
        store.score()
        assert (store.state(person), store.state(other)) == ("new", "unfit")


def test_scoring_some_people_leaves_the_others_and_gives_the_same(store: Desk) -> None:
    people = [store.person(f"Eva {'ABC'[n]}feld", phone="+4936155501") for n in range(3)]
    store.call(people[0], "callback", at(TODAY, "09:00"))
    store.score()
    before = store.con.execute("FROM prospects ORDER BY prospect_id").fetchall()
    from pipeline.scoring.scoring import score

    score(store.con, store.settings, now=store.now, people=[people[0], people[2]])
    assert store.con.execute("FROM prospects ORDER BY prospect_id").fetchall() == before


def test_a_town_of_the_user_that_nobody_knows_is_near_itself() -> None:
    territory = Territory(country="DE", towns=("Lindenau an der Linde",))
    assert distances(territory, ["Lindenau an der Linde", "Köln"])["Lindenau an der Linde"] == 0


def test_of_towns_of_one_name_the_nearest_counts() -> None:
    found = distances(Territory(country="DE", towns=("Lindau",)), ["Bregenz", "Friedrichshafen", "Wasserburg"])
    assert found["Bregenz"] < 12 and found["Friedrichshafen"] < 25
    assert territory_towns(Territory(country="AT", towns=("Gmünd",)))[0].country == "AT"
