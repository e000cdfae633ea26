"""A night with a time budget ends in good order and leaves the rest to the next one."""

from __future__ import annotations

import subprocess
import sys
import time

import duckdb
from conftest import Home, opener

from pipeline.stopping import StopSwitch


def test_a_stage_ends_at_its_share_and_the_rest_knows() -> None:
    stop = StopSwitch(budget=0.2)
    early, late = stop.at(0.5), stop.at(60.0)
    assert not early() and not late() and not stop()
    time.sleep(0.12)
    assert early() and not late()
    assert stop() and stop.out_of_time


def test_without_a_budget_time_never_stops_a_night() -> None:
    stop = StopSwitch()
    assert not stop.at(0.0)() and not stop()
    stop.pulled = True
    assert stop.at(0.5)()


def test_a_used_up_budget_publishes_tells_and_goes_on_the_next_night(home: Home) -> None:
    with duckdb.connect(str(home.store / "work.duckdb")) as con:
        con.execute("DELETE FROM batches")  # everything waits to be read again
    code = (
        "import pipeline.nightly as n, pipeline.stopping as s, sys;"
        "n.StopSwitch = lambda budget: s.StopSwitch(1e-6);"
        "from pipeline.cli.main import cli; cli()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "nightly", "--json"], cwd=home.folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 3, done.stderr
    assert '"out_of_time": true' in done.stdout and "nightly.budget_minutes" in done.stderr
    last = "SELECT status, note FROM runs ORDER BY run_id DESC LIMIT 1"
    assert home.run("sql", last, "--format", "csv").stdout.splitlines()[1].startswith("stopped,time budget")
    with duckdb.connect(str(home.store / "work.duckdb"), read_only=True) as con:
        waiting = con.execute("SELECT count(*) FROM batches").fetchall()
    after = opener(home.folder, "demo", "--out", ".")
    assert after.returncode == 0, after.stderr
    with duckdb.connect(str(home.store / "work.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM batches").fetchall()[0] > waiting[0]
