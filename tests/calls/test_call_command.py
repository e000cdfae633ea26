"""`opener call` and `opener refer` on a real store, through the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import cli
from pipeline.lists.export import export
from pipeline.store.opening import working_store
from tests.calls.desk import desk

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Four people, two of one name, and a settings file; returns a runner of `opener WORDS`."""
    (tmp_path / "opener.yml").write_text("home: .\n", "utf-8")
    with desk(tmp_path) as store:
        store.today = datetime.now(UTC).date()
        for name, company, phone in (
            ("Eva Koch", "Hollmann GmbH", "+4936155501"), ("Eva Koch", "Stadtwerke Lindenau", None), ("Jürgen Müller-Groß", "Groß KG", "+4936155502"),
        ):  # fmt: skip
            store.person(name, company=company, phone=phone, person_id=company.split()[0].lower())
        store.read("Thomas Wiegand", "Bäckerei Wiegand GmbH", role="Inhaber", role_level="owner", trigger="award")
        store.score()
        export(store.con, store.settings, "fresh", now=datetime.now(UTC), out=None, limit=10)

    def runner(*words: str, input: str | None = None) -> Result:
        assert isinstance(cli, click.Command)
        return CliRunner().invoke(cli, [*words, "--config", str(tmp_path / "opener.yml")], input=input)

    return runner


def rows(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    with working_store(tmp_path) as con:
        return con.execute(query).fetchall()


def test_a_call_is_logged_by_row_name_id_and_phone(run: Run, tmp_path: Path) -> None:
    first = rows(tmp_path, "SELECT prospect_id FROM export_rows WHERE rank = 1")[0][0]
    assert json.loads(run("call", "1", "no_answer", "--json").stdout)["prospect_id"] == first
    assert "undone" in run("call", "--undo").stdout
    assert json.loads(run("call", "juergen mueller", "busy", "--json").stdout)["prospect_id"] == "groß"
    assert json.loads(run("call", "groß", "voicemail", "--json").stdout)["prospect_id"] == "groß"
    assert json.loads(run("call", "0361 55502", "gatekeeper", "--json").stdout)["attempts"] == 3
    assert json.loads(run("call", "Koch, Stadtwerke", "reached", "--json").stdout)["state"] == "working"
    assert rows(tmp_path, "SELECT count(*) FROM call_log") == [(4,)]


def test_an_ambiguous_name_is_refused_with_the_candidates(run: Run, tmp_path: Path) -> None:
    done = run("call", "Eva Koch", "reached")
    assert done.exit_code == 1
    assert "2 people" in done.stderr and "hollmann" in done.stderr and "Stadtwerke Lindenau" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert rows(tmp_path, "SELECT count(*) FROM calls") == [(0,)]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("call", "Nobody Known", "reached"), "nobody known"), (("call", "99", "reached"), "no such row"),
     (("call", "1", "maybe"), "no outcome"), (("call", "1"), "say what came of it"), (("call",), "say whom"),
     (("call", "1", "callback", "--next", "gestern"), "--next"), (("call", "1", "reached", "--minutes", "x"), "--minutes"),
     (("call", "1", "reached", "--at", "2099-01-01 10:00"), "future"), (("call", "1", "reached", "--undo"), "--undo"),
     (("call", "--undo"), "no call was logged")],
)  # fmt: skip
def test_mistakes_get_one_line_and_log_nothing(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert rows(tmp_path, "SELECT count(*) FROM calls") == [(0,)]


def test_a_callback_is_due_when_it_was_agreed(run: Run, tmp_path: Path) -> None:
    done = run("call", "groß", "c", "--next", "in 2 Wochen", "--note", "Angebot; bitte „nach 10“", "--minutes", "3,5")
    assert done.exit_code == 0, done.stderr
    day = (datetime.now(UTC) + timedelta(weeks=2)).date()
    assert "working" in done.stdout and f"due {day}" in done.stdout
    assert rows(tmp_path, "SELECT minutes::VARCHAR, note FROM calls") == [("3.50", "Angebot; bitte „nach 10“")]


def test_undo_appends_a_correction_and_brings_the_state_back(run: Run, tmp_path: Path) -> None:
    run("call", "groß", "no_answer", "--at", "2020-01-02 09:00")
    run("call", "groß", "not_interested")
    assert rows(tmp_path, "SELECT state FROM prospects WHERE prospect_id = 'groß'") == [("exhausted",)]
    assert "undone: Jürgen Müller-Groß, not_interested" in run("call", "--undo").stdout
    assert rows(tmp_path, "SELECT state, attempts FROM prospects WHERE prospect_id = 'groß'") == [("working", 1)]
    assert rows(tmp_path, "SELECT count(*) FROM calls") == [(2,)], "the log is appended to, never changed"
    assert "no_answer" in run("call", "--undo").stdout
    assert run("call", "--undo").exit_code == 1


def test_do_not_call_suppresses_and_undo_lifts_it(run: Run, tmp_path: Path) -> None:
    assert "suppressed" in run("call", "groß", "do_not_call").stdout
    assert rows(tmp_path, "SELECT count(*) > 0 FROM suppressions") == [(True,)]
    run("call", "--undo")
    assert rows(tmp_path, "SELECT count(*) FROM suppressions") == [(0,)]
    assert rows(tmp_path, "SELECT state FROM prospects WHERE prospect_id = 'groß'") == [("listed",)]


def test_a_referral_enters_with_the_referrer_in_the_opening_line(run: Run, tmp_path: Path) -> None:
    done = run(
        "refer",
        "Anna Lindner, Einkaufsleiterin, Lindner Bau GmbH",
        "--by",
        "groß",
        "--phone",
        "0361 777 88 99",
        "--json",
    )
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["state"] == "new" and not found["known"]
    assert found["opening_line"].startswith("Guten Tag Frau Lindner, Jürgen Müller-Groß hat mir empfohlen")
    assert "referral 50" in found["why"] and "direct phone" in found["why"]
    assert found["reason"].startswith("Empfehlung von Jürgen Müller-Groß")
    listed = run("export", "--limit", "5")
    assert "Lindner" in listed.stdout.splitlines()[1]


def test_a_referral_of_somebody_known_finds_them(run: Run, tmp_path: Path) -> None:
    wiegand = rows(tmp_path, "SELECT person_id FROM people WHERE surname = 'Wiegand'")[0][0]
    found = json.loads(run("refer", "Thomas Wiegand, Inhaber, Bäckerei Wiegand", "--by", "hollmann", "--json").stdout)
    assert found["prospect_id"] == wiegand and found["known"]
    assert rows(tmp_path, "SELECT count(*) FROM people") == [(4,)]
    run("refer", "Thomas Wiegand, Inhaber, Bäckerei Wiegand", "--by", "hollmann")
    assert rows(tmp_path, "SELECT count(*) FROM referrals") == [(1,)], "twice a day is once"


def test_nobody_is_recommended_by_themselves_or_from_the_do_not_call_list(run: Run) -> None:
    done = run("refer", "Thomas Wiegand, Inhaber, Bäckerei Wiegand GmbH", "--by", "wiegand")
    assert done.exit_code == 1 and "themselves" in done.stderr
    run("suppress", "--person", "Anna Lindner", "--company", "Lindner Bau GmbH")
    done = run("refer", "Anna Lindner, Chefin, Lindner Bau GmbH", "--by", "groß")
    assert done.exit_code == 1 and "do-not-call" in done.stderr


def test_the_role_of_a_referral_counts_like_that_of_a_page(run: Run, tmp_path: Path) -> None:
    run("refer", "Anna Lindner, Einkaufsleiterin, Lindner Bau GmbH", "--by", "groß")
    run("refer", "Jens Pohl, Assistenz der Geschäftsführung, Pohl KG", "--by", "groß")
    found = dict(rows(tmp_path, "SELECT surname, role_level FROM people WHERE surname IN ('Lindner', 'Pohl')"))
    assert found == {"Lindner": "head", "Pohl": "unknown"}
