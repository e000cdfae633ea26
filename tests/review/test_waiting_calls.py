"""In a large store a call is not published at once; whoever asks for figures gets it all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import cli
from pipeline.settings import load_settings
from pipeline.store import publish
from pipeline.store.opening import working_store
from tests.review.small_log import Dial, published


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that counts as large, with one call published and one waiting."""
    path = tmp_path / "opener.yml"
    path.write_text("home: store\n", "utf-8")
    now = datetime.now(UTC)
    published(
        load_settings(path), [Dial("Jan Ott", now - timedelta(hours=1))], now - timedelta(days=2), [("Jan Ott", "Ott KG", "bote")]
    )  # fmt: skip
    monkeypatch.setattr(publish, "SMALL", 0)
    done = opener("call", "Ott", "reached", "--config", str(path))
    assert done.exit_code == 0, done.output
    return path


def opener(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def dials(done: Result) -> int:
    assert done.exit_code == 0, done.output
    [question] = json.loads(done.stdout)["questions"]
    return sum(row["dials"] for row in question["rows"])


def test_a_review_counts_calls_that_were_not_published_yet(config: Path) -> None:
    assert (config.parent / "store" / publish.OUTDATED).exists()
    assert dials(opener("review", "--question", "1", "--days", "3", "--json", "--config", str(config))) == 2
    assert not (config.parent / "store" / publish.OUTDATED).exists(), "the next review has nothing to publish"


def test_while_another_run_writes_the_review_says_that_calls_are_missing(config: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.store.opening import working_store\n"
        "with working_store(Path(sys.argv[1])):\n    print('open', flush=True); sys.stdin.readline()"
    )
    held = subprocess.Popen(
        [sys.executable, "-c", code, str(config.parent / "store")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert held.stdout is not None and held.stdout.readline() == "open\n"
    done = opener("review", "--question", "1", "--days", "3", "--json", "--config", str(config))
    held.communicate("\n", timeout=60)
    assert dials(done) == 1
    assert "the newest calls are not in these figures yet" in done.stderr
    assert dials(opener("review", "--question", "1", "--days", "3", "--json", "--config", str(config))) == 2


def test_a_night_publishes_what_was_waiting(config: Path) -> None:
    home = config.parent / "store"
    with working_store(home) as con:
        publish.publish(con, home)
    assert not (home / publish.OUTDATED).exists()
