"""`python -m enrich.evaluation` on tiny invented corpora: what is present is measured, broken floors end with 1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from enrich.evaluation.__main__ import main

TEXT = (
    "Lindenau. Hans Kochmann, Geschäftsführer der Kochmann Maschinenbau GmbH, rechnet mit mehr Aufträgen.\n\n"
    "Die Sparkasse Neuburg hat Petra Sauerwein zur neuen Leiterin der Filiale ernannt."
)
GOLD = [
    {"person": "Hans Kochmann", "role": "Geschäftsführer", "company": "Kochmann Maschinenbau GmbH", "org_kind": "company",
     "trigger": "quote", "former": False, "evidence": "Hans Kochmann, Geschäftsführer"},
    {"person": "Petra Sauerwein", "role": "Leiterin der Filiale", "company": "Sparkasse Neuburg", "org_kind": "company",
     "trigger": "appointment", "former": False, "evidence": "Petra Sauerwein zur neuen Leiterin"},
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    docs = folder / "corpora" / "leads_de" / "docs"
    docs.mkdir(parents=True)
    (docs / "d001.txt").write_text(TEXT, "utf-8")
    row = {"doc": "d001", "leads": GOLD, "people_without_org": []}
    (docs.parent / "leads.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    return folder


def run(shared: Path, floors: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["--shared", str(shared), "--floors", str(floors), *more])


def measured(result: Result) -> dict[str, Any]:
    return {f"{row['corpus']}: {row['measure']}": row["value"] for row in json.loads(result.stdout)["rows"]}


def test_without_corpora_it_says_so_and_ends_well(tmp_path: Path) -> None:
    result = run(tmp_path, tmp_path / "floors.json")
    assert result.exit_code == 0
    assert "no corpora here" in result.stderr


def test_every_measure_of_a_corpus_is_in_the_table(shared: Path, tmp_path: Path) -> None:
    result = run(shared, tmp_path / "floors.json", "--json")
    assert result.exit_code == 0
    rows = measured(result)
    assert rows["leads_de: person F1"] == 1.0
    assert rows["leads_de: pair F1"] == 1.0
    for measure in ("company+association pair F1", "pair_role F1", "pair precision", "trigger accuracy", "former accuracy",
                    "documents/s", "baseline nearest organisation in the sentence: pair F1"):  # fmt: skip
        assert f"leads_de: {measure}" in rows


def test_floors_are_written_kept_and_not_lowered_silently(shared: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    assert run(shared, floors, "--update-floors").exit_code == 0
    kept = json.loads(floors.read_text("utf-8"))
    assert kept["floors"]["leads_de: pair F1"] == 1.0
    assert "leads_de: documents/s" not in kept["floors"]
    kept["floors"]["leads_de: org_kind accuracy"] = 1.5  # nothing can reach it
    floors.write_text(json.dumps(kept), "utf-8")
    broken = run(shared, floors)
    assert broken.exit_code == 1
    assert "below its floor: leads_de: org_kind accuracy" in broken.stderr
    refused = run(shared, floors, "--update-floors")
    assert refused.exit_code == 1
    assert "would lower" in refused.stderr
    assert json.loads(floors.read_text("utf-8"))["floors"]["leads_de: org_kind accuracy"] == 1.5
    name = "leads_de: org_kind accuracy"
    assert run(shared, floors, "--update-floors", "--lower", name).exit_code == 1
    assert run(shared, floors, "--update-floors", "--lower", name, "--why", "a wrong floor").exit_code == 0
    assert json.loads(floors.read_text("utf-8"))["lowered"][0]["why"] == "a wrong floor"
