"""`opener matches`: uncertain pairs side by side, decided, undone, explained; wrong ids on one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import cli
from pipeline.store.opening import working_store

DAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Matches = Callable[..., Result]
# one surname after a marriage, one given name: a pair that no score decides
PEOPLE = (
    ("a", "Jana Sommerfeldt", "Geschäftsführerin", "Holtkamp Maschinenbau GmbH", "Lemgo"),
    ("b", "Jana Prokoph", "Geschäftsführerin", "Holtkamp Maschinenbau GmbH", "Lemgo"),
    ("c", "Ulf Radtke", None, "Mohn AG", None),
)


@pytest.fixture
def matches(tmp_path: Path) -> Matches:
    (tmp_path / "opener.yml").write_text(f"home: {tmp_path}\n", "utf-8")
    with working_store(tmp_path) as con:
        for number, person, role, company, place in PEOPLE:
            con.execute(
                """INSERT INTO mentions BY NAME SELECT $id AS mention_id, 'https://news.example/' || $id AS page_url, $person AS person,
                    $role AS role, 'executive' AS role_level, $company AS company, 'company' AS org_kind, $place AS place,
                    'mention' AS trigger, false AS former, $person || ' sagte das.' AS evidence, 'body' AS section,
                    0.9 AS confidence, 'news' AS source, $day AS seen_at, 'run' AS run_id""",
                {"id": number, "person": person, "role": role, "company": company, "place": place, "day": DAY},
            )

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, ["matches", *words, "--config", str(tmp_path / "opener.yml")])

    done = CliRunner().invoke(cli, ["resolve", "--config", str(tmp_path / "opener.yml")])
    assert done.exit_code == 0, done.output
    return run


def people(folder: Path) -> int:
    with working_store(folder) as con:
        return int(con.execute("SELECT count(*) FROM people").fetchall()[0][0])


def test_a_pair_is_shown_side_by_side_with_all_that_tells(matches: Matches) -> None:
    shown = matches().output
    for words in ("Jana Sommerfeldt", "Jana Prokoph", "Geschäftsführerin", "Holtkamp Maschinenbau GmbH", "Lemgo", "2026-03-02",
                  "Jana Prokoph sagte das.", "https://news.example/a", "score", "--same PAIR"):  # fmt: skip
        assert words in shown
    (row,) = [line for line in shown.splitlines() if line.strip(" │┃").startswith("person ")]
    assert "Sommerfeldt" in row and "Prokoph" in row


def test_a_pair_is_decided_and_the_decision_taken_back(matches: Matches, tmp_path: Path) -> None:
    (pair,) = json.loads(matches("--json").output)
    assert {pair["left"]["record_id"], pair["right"]["record_id"]} == {"a", "b"}
    assert matches("--same", pair["pair_id"]).exit_code == 0
    assert people(tmp_path) == 2
    assert "no uncertain pairs" in matches().output
    assert "no longer judged 'same'" in matches("--undo").output
    assert people(tmp_path) == 3
    assert matches("--not", pair["pair_id"]).exit_code == 0
    assert json.loads(matches("--json").output) == []
    assert people(tmp_path) == 3


def test_a_pair_that_is_put_aside_is_not_shown_again(matches: Matches) -> None:
    (pair,) = json.loads(matches("--json").output)
    assert matches("--unsure", pair["pair_id"]).exit_code == 0
    assert "no uncertain pairs" in matches().output


def test_any_two_records_can_be_judged(matches: Matches, tmp_path: Path) -> None:
    assert matches("--judge", "a", "c", "--verdict", "same").exit_code == 0
    assert people(tmp_path) == 2


def test_an_explanation_shows_the_parts_of_the_score(matches: Matches) -> None:
    shown = matches("--explain", "a", "b").output
    assert "one person: no; judged: never" in shown
    assert "surname" in shown and "conflict" in shown and "rarity" in shown
    told = json.loads(matches("--explain", "a", "b", "--json").output)
    assert sum(part["log_odds"] for part in told["parts"]) == pytest.approx(told["score"], abs=0.05)
    assert told["levels"]["surname"] in ("conflict", "similar")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--same", "nopair"), "no pair 'nopair'"),
        (("--explain", "a", "nobody"), "'nobody'"),
        (("--judge", "a", "nobody", "--verdict", "same"), "'nobody'"),
        (("--judge", "a", "a", "--verdict", "not"), "named twice"),
        (("--judge", "a", "b"), "--verdict"),
        (("--undo",), "no decision to undo"),
    ],
)
def test_wrong_ids_are_told_on_one_line_and_change_nothing(
    matches: Matches, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = matches(*words)
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert said in done.output
    with working_store(tmp_path) as con:
        assert con.execute("SELECT count(*) FROM judgements").fetchall() == [(0,)]
