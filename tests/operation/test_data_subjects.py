"""What people may ask for: all that is stored about them, and to be told that it is."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

from conftest import Home


def test_all_rows_about_a_person_come_with_their_sources(home: Home) -> None:
    done = home.run("disclose", "Thomas Wiegand")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    stored = facts["stored"]
    assert facts["name"] == "Thomas Wiegand"
    assert {"people", "mentions", "prospects", "export_rows", "pages", "person_mentions"} <= set(stored)
    [mention] = stored["mentions"]["rows"]
    assert "Thomas Wiegand" in mention["evidence"]
    assert stored["pages"]["rows"][0]["url"] == mention["page_url"]
    assert all(table["about"] for table in stored.values())
    others = {"Katrin Seidel", "Mehmet Yildirim"}
    assert not others & {row.get("name") for table in stored.values() for row in table["rows"]}


def test_nobody_of_that_name_is_said_plainly(home: Home) -> None:
    done = home.run("disclose", "Nobody Atall")
    assert done.returncode == 1 and "nothing is stored" in done.stderr


def test_everybody_from_pages_is_due_within_a_month_or_at_the_first_call(home: Home) -> None:
    rows = list(csv.DictReader(io.StringIO(home.run("notices").stdout)))
    assert {"Thomas Wiegand", "Katrin Seidel"} <= {row["name"] for row in rows}
    for row in rows:
        obtained, due = (datetime.fromisoformat(row[k]) for k in ("obtained_at", "due_at"))
        assert 27 < (due - obtained).days < 32
        assert row["source"] and row["source_url"].startswith("http")
    assert home.run("notices", "--within", "5").stdout.count("\n") == 1


def test_who_was_told_leaves_the_list_and_stays_in_the_record(home: Home) -> None:
    rows = list(csv.DictReader(io.StringIO(home.run("notices").stdout)))
    told = rows[0]["person_id"]
    done = home.run("notices", "--told", told, "--how", "letter")
    assert done.returncode == 0 and done.stdout.startswith("1 people noted")
    assert home.run("notices", "--told", told).stdout.startswith("0 people noted")
    left = list(csv.DictReader(io.StringIO(home.run("notices").stdout)))
    assert told not in {row["person_id"] for row in left} and len(left) == len(rows) - 1
    known = [json.loads(line) for line in home.run("notices", "--all", "--json").stdout.splitlines()]
    assert next(row for row in known if row["person_id"] == told)["how"] == "letter"


def test_an_unknown_id_is_refused(home: Home) -> None:
    done = home.run("notices", "--told", "feedbeef")
    assert done.returncode == 1 and "nobody has this id" in done.stderr
