"""`opener rebuild`: from page batches and decisions to the same ids and the same lists."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.cli.main import cli
from pipeline.errors import OpenerError
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher
from pipeline.store.opening import working_store
from pipeline.store.rebuild import rebuild_store
from spiders.batches import batch_paths
from tests.identity.conftest import NOW, lists


def test_facts_of_expired_pages_stay(settings: Settings, enricher: Enricher) -> None:
    first = batch_paths(settings.home / "pages")[0]
    table = pq.read_table(first)
    at = table.schema.get_field_index("body")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array([b""] * len(table), pa.large_binary())), first)
    before = lists(settings.home)
    report = rebuild_store(settings, enricher, now=NOW + timedelta(days=3))
    assert report.carried >= 2
    assert lists(settings.home) == before


def test_nothing_is_swapped_when_a_called_person_would_be_lost(settings: Settings, enricher: Enricher) -> None:
    before = lists(settings.home)
    for path in batch_paths(settings.home / "pages"):
        table = duckdb.sql(f"SELECT * REPLACE ('<p>nichts</p>'::BLOB AS body) FROM '{path}'").to_arrow_table()
        pq.write_table(table, path)
    with pytest.raises(OpenerError, match="nothing was swapped"):
        rebuild_store(settings, enricher, now=NOW + timedelta(days=3))
    assert lists(settings.home) == before
    assert not list(settings.home.glob(".rebuild-*"))
    assert rebuild_store(settings, enricher, now=NOW + timedelta(days=3), accept=True).lost_ids >= 1


def test_the_command_gives_the_same_lists_and_publishes(settings: Settings, tmp_path: Path) -> None:
    with working_store(settings.home) as con:
        score(con, settings, now=datetime.now(UTC))
    before = lists(settings.home)
    (tmp_path / "opener.yml").write_text(f"home: {settings.home}\nlanguages: [de]\n", "utf-8")
    done = CliRunner().invoke(cli, ["rebuild", "--json", "--config", str(tmp_path / "opener.yml")])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output.splitlines()[-1])
    assert (told["lost_ids"], told["new_ids"], told["carried"], told["failed"]) == (0, 0, 0, [])
    assert lists(settings.home) == before
    assert "Ulf Tegethoff" not in {row[1] for row in before[0]}, "an erased person came back"
    assert "suppressed" in {row[1] for row in before[3]}
    assert Path(told["backup"]).exists() and (settings.home / "leads.duckdb").exists()
