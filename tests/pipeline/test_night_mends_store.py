"""Nobody is there at night: a damaged store is made anew from pages and decisions, and the night says so."""

from __future__ import annotations

from tests.pipeline.conftest import Town


def test_a_night_over_a_damaged_store_mends_it_and_hands_nobody_out_twice(town: Town) -> None:
    assert town.run("nightly").returncode == 0
    assert town.run("call", "Wiegand", "appointment").returncode == 0
    store = town.out / "store" / "work.duckdb"
    with store.open("r+b") as file:
        file.truncate(store.stat().st_size // 2)
    done = town.run("nightly")
    assert done.returncode == 0, done.stderr
    [told] = [line for line in done.stderr.splitlines() if "made anew from pages and the decisions of" in line]
    assert "work.damaged-" in told
    assert "nothing new" in done.stdout
    found = town.run("sql", "SELECT state, attempts FROM contacts WHERE name = 'Thomas Wiegand'", "--format", "csv")
    assert found.stdout.splitlines() == ["state,attempts", "appointment,1"]
