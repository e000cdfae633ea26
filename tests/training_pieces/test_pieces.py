"""Every training piece is well-formed: offsets, labels, ids and leads can be trusted without looking."""

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from enrich.records import Trigger

FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "training"
FILES: Final = sorted(FOLDER.glob("pieces_*.jsonl"))
LABEL_OF_ID: Final = {"p": "PER", "o": "ORG", "l": "LOC", "r": "ROLE", "m": "MISC"}
TITLES: Final = ("Dr.", "Prof.", "Herr ", "Frau ", "Dipl.", "Mag.", "Mr ", "Mrs ", "Dr ")


def pieces(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def surfaces(piece: dict[str, Any], entity_id: str) -> set[str]:
    return {
        piece["text"][start:end].replace("\n", " ") for start, end, _, marked in piece["ents"] if marked == entity_id
    }


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_there_are_pieces_in_both_languages() -> None:
    languages = Counter(piece["lang"] for path in FILES for piece in pieces(path))
    assert set(languages) == {"de", "en"}


def test_ids_are_unique_and_name_their_file() -> None:
    documents = [(path.stem, piece["doc"]) for path in FILES for piece in pieces(path)]
    assert len({doc for _, doc in documents}) == len(documents)
    assert all(f"pieces_{doc.rpartition('-')[0]}" == stem for stem, doc in documents)


def test_no_text_occurs_twice() -> None:
    texts = Counter(" ".join(piece["text"].split()) for path in FILES for piece in pieces(path))
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_text_repeats_a_piece_of_the_written_corpora() -> None:
    shared = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
    corpora = [shared / name / "pieces.jsonl" for name in ("written_de", "written_en")]
    present = [path for path in corpora if path.exists()]
    if not present:
        pytest.skip("the written corpora are not beside the project")
    written = {piece["text"] for path in present for piece in pieces(path)}
    assert not written & {piece["text"] for path in FILES for piece in pieces(path)}


def test_texts_are_composed_unicode_without_stray_space(file: Path) -> None:
    for piece in pieces(file):
        text = piece["text"]
        assert text == unicodedata.normalize("NFC", text).strip(), piece["doc"]
        assert not set(text) & set("[]\t\r\u00ad\u200b\ufeff"), piece["doc"]


def test_spans_are_ordered_whole_words_and_do_not_overlap(file: Path) -> None:
    for piece in pieces(file):
        text, last = piece["text"], 0
        for start, end, _, _ in piece["ents"]:
            assert last <= start < end <= len(text), piece["doc"]
            span = text[start:end]
            assert span == span.strip(), (piece["doc"], span)
            before, after = text[start - 1 : start], text[end : end + 1]
            assert not before.isalnum() and not after.isalnum(), (piece["doc"], span)
            last = end


def test_labels_fit_their_ids(file: Path) -> None:
    for piece in pieces(file):
        for _, _, label, entity_id in piece["ents"]:
            assert label in LABEL_OF_ID.values(), piece["doc"]
            assert entity_id is None or LABEL_OF_ID[entity_id[0]] == label, piece["doc"]


def test_titles_stay_outside_of_persons(file: Path) -> None:
    for piece in pieces(file):
        for start, end, label, _ in piece["ents"]:
            if label == "PER":
                assert not piece["text"][start:end].startswith(TITLES), piece["doc"]


def test_leads_name_marked_spans_and_known_triggers(file: Path) -> None:
    for piece in pieces(file):
        seen = set()
        for lead in piece["leads"]:
            assert set(lead) == {"person", "role", "company", "trigger", "former", "ids"}
            person, role, company = lead["ids"]
            assert lead["trigger"] in get_args(Trigger), piece["doc"]
            assert isinstance(lead["former"], bool), piece["doc"]
            assert person[0] == "p" and lead["person"] in surfaces(piece, person), piece["doc"]
            assert company[0] == "o" and lead["company"] in surfaces(piece, company), piece["doc"]
            if role is None:
                assert lead["role"] is None, piece["doc"]
            else:
                assert role[0] == "r" and lead["role"] in surfaces(piece, role), piece["doc"]
            assert (person, role, company) not in seen, piece["doc"]
            seen.add((person, role, company))
