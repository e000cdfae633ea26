"""`opener review`: what is shown is what ran, and `opener sql` runs it again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import cli
from pipeline.settings import load_settings
from tests.review.small_log import Dial, published


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with forty dials of the last ten days and a hostile name."""
    folder = tmp_path_factory.mktemp("home")
    path = folder / "opener.yml"
    path.write_text("home: store\ngoals: {year: 120000, average_sale: 4000, holidays: [12-25]}\n", "utf-8")
    now = datetime.now(UTC)
    outcomes = ["no_answer", "reached", "voicemail", "appointment", "sale"]
    dials = [
        Dial(f"p{n % 9}", now - timedelta(hours=6 * n, minutes=1), outcomes[n % 5], "2.25" if n % 3 else None)
        for n in range(40)
    ]
    people = [("Eva [red]Maurer[/red]", "<script>alert(1)</script> GmbH", "tag'blatt"), ("Jan Ott", "Ott KG", "bote")]
    published(load_settings(path), [*dials, Dial("Jan Ott", now - timedelta(days=1), "callback", "4")], now, people)
    return path


def opener(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_the_sql_behind_each_answer_gives_its_rows_in_opener_sql(config: Path) -> None:
    questions = json.loads(opener("review", "--json", "--days", "45", "--config", str(config)))["questions"]
    assert [q["number"] for q in questions] == [1, 2, 3, 4, 4, 5, 6, 7]
    for question in questions:
        printed = opener("sql", question["sql"], "--json", "--config", str(config))
        assert [json.loads(line) for line in printed.splitlines()] == json.loads(json.dumps(question["rows"])), (
            question["name"]
        )
        assert not set('"`$!') & set(question["sql"]), "it must survive double quotes in a shell"


def test_the_printed_sql_is_the_same(config: Path) -> None:
    whole = opener("review", "--sql", "--period", "year", "--config", str(config))
    one = opener("review", "--sql", "--question", "6", "--period", "year", "--config", str(config))
    assert one.strip() in whole
    assert opener("sql", one, "--format", "csv", "--config", str(config)).startswith(
        "called,people,dials,hours,new_people"
    )


def test_answers_are_shown_with_their_words(config: Path) -> None:
    output = opener("review", "--config", str(config))
    for part in (
        "1  How many dials a day?",
        "41 dials on",
        "Where do the leads come from?",
        "7  What does the goal ask",
    ):
        assert part in output
    assert "\x1b" not in output


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["--from", "2026-02-30"], "2026-11-24"), (["--from", "2999-01-01"], "earlier --from"),
        (["--days", "3", "--period", "week"], "one of them"), (["--question", "8"], "8 is not in the range"),
    ],
)  # fmt: skip
def test_wrong_options_are_one_line_with_the_mend(config: Path, words: list[str], mend: str) -> None:
    done = CliRunner().invoke(cli, ["review", *words, "--config", str(config)])
    assert done.exit_code in (1, 2) and mend in done.output and "Traceback" not in done.output


def test_without_a_snapshot_the_mend_is_named(tmp_path: Path) -> None:
    (tmp_path / "opener.yml").write_text("home: store\n", "utf-8")
    for command in ("review", "report"):
        assert "run `opener nightly` first" in opener(command, "--config", str(tmp_path / "opener.yml"), code=1)


def test_a_plan_as_json(config: Path) -> None:
    plan = json.loads(opener("plan", "--json", "--config", str(config)))
    assert [span["span"] for span in plan["spans"]] == ["year", "quarter", "month", "week", "day"]
    assert plan["sales_goal"] == 30 and plan["dials_a_day"] > 0
