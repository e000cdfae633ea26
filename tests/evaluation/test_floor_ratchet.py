"""The floors only rise: a lower value is refused unless it is named and a reason is given, and the file remembers it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.evaluation.floors import PATH, SLACK, FloorError, Floors
from enrich.evaluation.runs import Row

PAIR = Row("leads_de", "pair F1", 0.80)
ROLE = Row("leads_de", "pair_role F1", 0.70)
SPEED = Row("leads_de", "documents/s", 12.0, ratchet=False)


def test_a_missing_file_has_no_floors(tmp_path: Path) -> None:
    assert Floors.read(tmp_path / "floors.json").values == {}


def test_new_values_become_floors_and_survive_the_file(tmp_path: Path) -> None:
    floors = Floors({})
    assert floors.update([PAIR, ROLE, SPEED]) == [
        "leads_de: pair F1: new -> 0.800", "leads_de: pair_role F1: new -> 0.700",
    ]  # fmt: skip
    floors.write(tmp_path / "floors.json")
    assert Floors.read(tmp_path / "floors.json").values == {"leads_de: pair F1": 0.8, "leads_de: pair_role F1": 0.7}


def test_speeds_never_become_floors() -> None:
    floors = Floors({})
    floors.update([SPEED])
    assert floors.values == {}
    assert floors.broken([Row("leads_de", "documents/s", 0.1, ratchet=False)]) == []


def test_a_higher_value_raises_its_floor_and_a_slightly_lower_one_leaves_it() -> None:
    floors = Floors({"leads_de: pair F1": 0.75, "leads_de: pair_role F1": 0.705})
    assert floors.update([PAIR, ROLE]) == ["leads_de: pair F1: 0.750 -> 0.800"]
    assert floors.values["leads_de: pair_role F1"] == 0.705


def test_a_value_below_its_floor_is_broken() -> None:
    floors = Floors({"leads_de: pair F1": 0.82})
    assert floors.broken([PAIR]) == [(PAIR, 0.82)]
    assert Floors({"leads_de: pair F1": 0.805}).broken([PAIR]) == []


def test_an_update_refuses_to_lower_and_changes_nothing() -> None:
    floors = Floors({"leads_de: pair F1": 0.9, "leads_de: pair_role F1": 0.5})
    with pytest.raises(FloorError, match=r"leads_de: pair F1 0\.800 < 0\.900.*--lower"):
        floors.update([PAIR, ROLE])
    assert floors.values == {"leads_de: pair F1": 0.9, "leads_de: pair_role F1": 0.5}


def test_lowering_needs_the_name_and_a_reason_and_is_remembered(tmp_path: Path) -> None:
    floors = Floors({"leads_de: pair F1": 0.9})
    with pytest.raises(FloorError, match="say why"):
        floors.update([PAIR], ["leads_de: pair F1"], "  ")
    with pytest.raises(FloorError, match="was not measured"):
        floors.update([PAIR], ["leads_de: pairs"], "misspelt")
    floors.update([PAIR], ["leads_de: pair F1"], "the gold was corrected")
    floors.write(tmp_path / "floors.json")
    kept = json.loads((tmp_path / "floors.json").read_text("utf-8"))
    assert kept["floors"] == {"leads_de: pair F1": 0.8}
    assert kept["lowered"] == [
        {"name": "leads_de: pair F1", "from": 0.9, "to": 0.8, "why": "the gold was corrected"}
    ]  # fmt: skip


def test_one_named_floor_does_not_open_the_others() -> None:
    floors = Floors({"leads_de: pair F1": 0.9, "leads_de: pair_role F1": 0.9})
    with pytest.raises(FloorError, match="pair_role"):
        floors.update([PAIR, ROLE], ["leads_de: pair F1"], "the gold was corrected")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_without_a_reason_floors_never_fall(values: list[float]) -> None:
    floors, last = Floors({}), 0.0
    for value in values:
        row = Row("corpus", "pair F1", value)
        try:
            floors.update([row])
        except FloorError:
            assert value < last - SLACK
        assert floors.values[row.key] >= last
        last = floors.values[row.key]


def test_the_shipped_floors_are_well_formed() -> None:
    floors = Floors.read(PATH)
    assert floors.values
    assert all(0 <= value <= 1 for value in floors.values.values())
    assert all(entry["why"].strip() for entry in floors.lowered)


def test_several_floors_can_be_lowered_together_each_by_its_name() -> None:
    floors = Floors({"leads_de: pair F1": 0.9, "leads_de: pair_role F1": 0.9})
    floors.update([PAIR, ROLE], ["leads_de: pair F1", "leads_de: pair_role F1"], "the gold was corrected")
    assert {entry["name"] for entry in floors.lowered} == floors.values.keys()
