"""Leads told of real news: offsets that are joined with their texts, and the recogniser's mistakes put into pieces."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from enrich.nlp.pieces import read_real

TEXT = "Elbtal-Chefin Ute Harms rechnet mit mehr Aufträgen. Der Elbtal Bau GmbH geht es gut, sagt Harms."
FOLDER = Path(__file__).resolve().parents[2] / "data" / "training"


def corpus(folder: Path, *texts: str) -> None:
    with gzip.open(folder / "news.jsonl.gz", "wt", encoding="utf-8") as file:
        for text in texts:
            own = [[0, 6, "ORG"], [14, 23, "PER"]] if text == TEXT else []
            file.write(json.dumps({"src": "news", "id": "n1", "text": text, "ents": own}) + "\n")


def told(folder: Path, **changed: object) -> Path:
    entry = {
        "src": "news", "id": "n1",
        "ents": [[0, 6, "ORG", "o1"], [7, 13, "ROLE", "r1"], [14, 23, "PER", "p1"], [56, 71, "ORG", "o1"]],
        "leads": [{"kind": "company", "trigger": "quote", "former": False, "ids": ["p1", "r1", "o1"]}], **changed,
    }  # fmt: skip
    path = folder / "real_leads_x.jsonl"
    path.write_text(json.dumps(entry) + "\n", "utf-8")
    return path


def test_offsets_find_their_text_and_the_fullest_names(tmp_path: Path) -> None:
    corpus(tmp_path, "Ein anderer Satz mit derselben Adresse.", TEXT)
    (piece,) = read_real([told(tmp_path)], tmp_path)
    (lead,) = piece.leads
    assert piece.text == TEXT
    assert (lead["person"], lead["role"], lead["company"]) == ("Ute Harms", "Chefin", "Elbtal Bau GmbH")
    assert lead["ids"] == ["p1", "r1", "o1"]


def test_a_lead_without_role_has_an_empty_place_for_it(tmp_path: Path) -> None:
    corpus(tmp_path, TEXT)
    leads = [{"kind": "company", "trigger": "quote", "former": False, "ids": ["p1", "o1"]}]
    (piece,) = read_real([told(tmp_path, leads=leads)], tmp_path)
    assert piece.leads[0]["ids"] == ["p1", None, "o1"]


def test_a_text_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    corpus(tmp_path, TEXT)
    assert list(read_real([told(tmp_path, id="n2")], tmp_path)) == []


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "real_leads_y.jsonl"
    path.write_text('{"src": "news"}\n', "utf-8")
    with pytest.raises(ValueError, match=r"real_leads_y.jsonl, line 1"):
        list(read_real([path], tmp_path))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("real_leads_*.jsonl")), ids=lambda p: p.stem)
def test_shipped_lines_hold_offsets_and_ids_only(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        assert set(entry) == {"src", "id", "ents", "leads"}
        known = {span[3] for span in entry["ents"]}
        assert all(
            0 <= start < end and label in ("PER", "ORG", "LOC", "ROLE") for start, end, label, _ in entry["ents"]
        )
        for lead in entry["leads"]:
            assert set(lead) == {"kind", "trigger", "former", "ids"}
            assert set(lead["ids"]) <= known
