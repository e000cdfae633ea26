"""Data preparation: span clean-up, labels, licences, splits and augmentation, on text written for these tests."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import data
from enrich.training import organisations, tokens
from enrich.training.__main__ import augmented
from enrich.training.augmentation import varied
from enrich.training.corpora import TRAINABLE, Example, TrainingSets, clean_span, read_ner, read_pieces, training_sets
from enrich.training.documents import packed
from enrich.training.names import NamePool
from enrich.training.scoring import score_spans
from enrich.training.splits import fold, held_back
from enrich.training.templates import fill, load_templates

NAMES = NamePool(
    {"de_DE": ["Uta", "Jorin"], "de_AT": ["Resi"], "de_CH": ["Reto"]},
    {"de_DE": ["Plenk", "Wirsing"], "de_AT": ["Hölzl"], "de_CH": ["Aebi"]},
    ["Trautner", "Kühlmann"],
    ["Quellstadt"],
    ["Moorbahn Quellstadt"],
)


@pytest.mark.parametrize(
    ("text", "marked", "label", "clean"),
    [
        ("die NATO-Übung", "NATO-", "ORG", "NATO"),
        ("die Plenk Kapital AG, so", "Plenk Kapital AG,", "ORG", "Plenk Kapital AG"),
        ("bei Wirsing. Dann", "Wirsing.", "ORG", "Wirsing"),
        ("bei der Wirsing Inc. heute", "Wirsing Inc.", "ORG", "Wirsing Inc."),
        ("der Sportbund e. V. tagt", "Sportbund e. V.", "ORG", "Sportbund e. V."),
        ("RT @anzeiger: neu", "@anzeiger:", "ORG", "anzeiger"),
        ("(Plenk (Holding)) kauft", "Plenk (Holding)", "ORG", "Plenk (Holding)"),
        ("so Plenk) weiter", "Plenk)", "PER", "Plenk"),
        ("mit Dr. Uta Plenk", "Dr. Uta Plenk", "PER", "Uta Plenk"),
        ("mit Prof. Dr. med. Uta Plenk", "Prof. Dr. med. Uta Plenk", "PER", "Uta Plenk"),
        ("mit Dr.Plenk", "Dr.Plenk", "PER", "Plenk"),
        ("mit Dipl.-Ing. (FH) Uta Plenk", "Dipl.-Ing. (FH) Uta Plenk", "PER", "Uta Plenk"),
        ("von Frau Plenk", "Frau Plenk", "PER", "Plenk"),
        ("mit Magdalena Plenk", "Magdalena Plenk", "PER", "Magdalena Plenk"),
        ("mit DIETER PLENK", "DIETER PLENK", "PER", "DIETER PLENK"),
        ("in Quellstadt.", "Quellstadt.", "LOC", "Quellstadt"),
    ],
)
def test_spans_lose_stray_punctuation_and_titles(text: str, marked: str, label: str, clean: str) -> None:
    start = text.index(marked)
    span = clean_span(text, start, start + len(marked), label)
    assert span is not None
    assert text[span[0] : span[1]] == clean


def test_a_span_of_punctuation_only_is_dropped() -> None:
    assert clean_span("am – Ende", 3, 4, "ORG") is None


@given(st.text(max_size=40), st.sampled_from(["PER", "ORG", "LOC"]))
def test_cleaning_stays_inside_the_span_and_is_stable(text: str, label: str) -> None:
    span = clean_span(text, 0, len(text), label)
    if span is not None:
        assert 0 <= span[0] < span[1] <= len(text)
        assert clean_span(text, *span) == span


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(body) if path.suffix == ".gz" else body)


def _piece(doc: str, text: str, lang: str = "de") -> dict[str, object]:
    return {"doc": doc, "lang": lang, "text": text, "ents": [[0, 3, "PER", "p1"]], "leads": []}


def test_compound_parts_count_as_the_entity_and_other_labels_are_left_out(tmp_path: Path) -> None:
    row: dict[str, object] = {"id": "1", "text": "ABC-Sprecher Plenk im Faustdrama", "src": "x"}
    ents = [[0, 3, "ORG_PART"], [13, 18, "PER"], [22, 32, "MISC"], [4, 12, "ROLE"]]
    _write(tmp_path / "set.jsonl.gz", [{**row, "ents": ents}])
    (example,) = read_ner(tmp_path, "set")
    assert example.spans == ((0, 3, "ORG"), (13, 18, "PER"))


def test_english_pieces_do_not_enter_the_german_training(tmp_path: Path) -> None:
    _write(tmp_path / "p.jsonl", [_piece("a", "Uta geht."), _piece("b", "Uta leaves.", "en")])
    assert [e.doc for e in read_pieces(tmp_path / "p.jsonl")] == ["a"]


def test_only_licensed_sets_are_read_and_the_held_back_fifth_stays_out_even_when_copied(tmp_path: Path) -> None:
    kept = next(f"t-{i}" for i in range(50) if not held_back(f"t-{i}"))
    back = next(f"t-{i}" for i in range(50) if held_back(f"t-{i}"))
    for name in [*TRAINABLE, "smartdata_dev", "uner_de_pud", "wikiann_de", "xlime_de", "ler_sample", "europarl_ixa"]:
        row: dict[str, object] = {"id": name, "text": f"Uta liest {name}.", "ents": [[0, 3, "PER"]]}
        _write(tmp_path / "shared/ner_de" / f"{name}.jsonl.gz", [row])
    pieces = [_piece(kept, "Uta bleibt."), _piece(back, "Uta geht.")]
    _write(tmp_path / "shared/corpora/written_de/pieces.jsonl", pieces)
    _write(tmp_path / "own/pieces_n.jsonl", [_piece("n-1", "Uta kommt."), _piece("n-2", "Uta geht.")])
    sets = training_sets(tmp_path / "shared", tmp_path / "own")
    assert {e.doc for e in [*sets.general, *sets.web]} == set(TRAINABLE)
    assert {e.doc for e in sets.written} == {kept, "n-1"}
    assert all("CC BY 4.0" in licence and "SA" not in licence.split("(")[0] for licence in TRAINABLE.values())


@given(st.text(max_size=30))
def test_the_split_never_changes_for_a_document(doc: str) -> None:
    assert fold(doc) == fold(doc)
    assert held_back(doc) == (fold(doc) == 0)


def test_the_split_holds_back_about_a_fifth() -> None:
    assert 170 < sum(held_back(f"w1-{i:03d}") for i in range(1000)) < 230


def test_copies_keep_spans_on_names_and_one_name_for_one_person() -> None:
    text = "Uta Plenk leitet die Plenk Papier GmbH. Plenk kam 2019, Plenks Vorgänger ging."
    spans = ((0, 9, "PER"), (21, 38, "ORG"), (40, 45, "PER"), (56, 62, "PER"))
    for seed in range(60):
        copy = varied(Example("d", text, spans), NAMES, random.Random(seed))
        found = [copy.text[s:e] for s, e, _ in copy.spans]
        assert [label for *_, label in copy.spans] == ["PER", "ORG", "PER", "PER"]
        if not copy.text[0:10].isupper():
            assert found[0].split(" ")[-1] == found[2]
            assert found[3] == found[2] + "s"
        assert copy.text.endswith("Vorgänger ging.")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Die IHK-Präsidentin kommt.", "IHK"),
        ("Der VW-Chef geht.", "VW"),
        ("Gründung der Plenk mbH.", "mbH"),
        ("Die Plenk/Wirsing-Gruppe.", "Wirsing"),
        ("bis 2015. Danach", "2015"),
        ("Kuh & Co. KG", "Co."),
        ("der Sportbund e.V. tagt", "e.V."),
        ("mit @anzeiger", "anzeiger"),
        ("die Ges.m.b.H. in", "Ges.m.b.H."),
    ],
)
def test_the_tokeniser_lets_a_span_stand_on_the_entity_part(text: str, part: str) -> None:
    start = text.index(part)
    assert tokens.blank_german().make_doc(text).char_span(start, start + len(part)) is not None


def test_scores_count_right_wrong_and_missed_spans_after_cleaning() -> None:
    text = "Die Plenk AG, Uta Plenk und Dr. Reto Aebi."
    gold = [(4, 13, "ORG"), (14, 23, "PER"), (28, 41, "PER")]
    counts = score_spans([(text, gold, [(4, 12, "ORG"), (32, 41, "PER"), (0, 3, "LOC")])])
    assert (counts["ORG"].tp, counts["ORG"].fp, counts["ORG"].fn) == (1, 0, 0)
    assert (counts["PER"].tp, counts["PER"].fp, counts["PER"].fn) == (1, 0, 1)
    assert counts["PER"].precision == 1.0 and counts["PER"].recall == 0.5
    assert counts["LOC"].f == 0.0


def test_templates_mark_capital_slots_only_and_refuse_unknown_ones(tmp_path: Path) -> None:
    example = fill("Sturm {given}: {PER} von der {ORG_COMPANY} in {LOC}.", NAMES, random.Random(3))
    assert [label for *_, label in example.spans] == ["PER", "ORG", "LOC"]
    assert example.text[example.spans[2][0] : example.spans[2][1]] == "Quellstadt"
    (tmp_path / "t.yml").write_text('- "{PER} und {NOBODY}"\n', "utf-8")
    with pytest.raises(ValueError, match=r"t\.yml: template 1 .*NOBODY"):
        load_templates(tmp_path / "t.yml")


def test_every_shipped_template_fills_with_spans_on_its_slots() -> None:
    for template in load_templates(data.path("training", "templates.yml")):
        example = fill(template, NAMES, random.Random(1))
        assert "{" not in example.text
        assert all(example.text[start:end].strip() for start, end, _ in example.spans)


def test_a_numbered_slot_has_one_value_and_others_vary() -> None:
    text = fill("{given1} {given1} {ORG_BRAND1} {ORG_BRAND1}", NAMES, random.Random(2)).text.split(" ")
    assert text[0] == text[1] and text[2] == text[3] != text[0]
    values = {fill("{ORG_BRAND}", NAMES, random.Random(seed)).text for seed in range(20)}
    assert len(values) > 10


@pytest.mark.parametrize(
    ("name", "inflected"),
    [
        ("Deutscher Wetterdienst", "Deutschen Wetterdienst"),
        ("Europäische Union", "Europäischen Union"),
        ("Vereinte Nationen", "Vereinten Nationen"),
        ("Deutsches Rotes Kreuz", "Deutschen Rotes Kreuz"),
        ("Gewerkschaft der Polizei", "Gewerkschaft der Polizei"),
        ("Bundeswehr", "Bundeswehr"),
    ],
)
def test_the_first_adjective_of_a_body_is_inflected(name: str, inflected: str) -> None:
    assert organisations.oblique(name) == inflected


@pytest.mark.parametrize(("place", "adjective"), [("Bremen", "Bremer"), ("Kassel", "Kasseler"), ("Wien", "Wiener")])
def test_places_have_adjectives(place: str, adjective: str) -> None:
    assert organisations.of_place(place) == adjective


@pytest.mark.parametrize("kind", ["known", "like_a_person", "media", "body", "short"])
def test_the_well_known_organisations_are_clean_and_there_once(kind: str) -> None:
    names = organisations.known(kind)
    assert len(set(names)) == len(names) > 50
    assert all(name == " ".join(name.split()) and name[0].isalnum() for name in names)


def test_the_same_seed_prepares_the_same_data(tmp_path: Path) -> None:
    (tmp_path / "ner_de").mkdir()
    lists = {"first": [["de_DE", ["Uta"]], ["de_AT", ["Resi"]], ["de_CH", ["Reto"]]], "last": [["de_DE", ["Plenk"]]]}
    lists["last"] += [["de_AT", ["Hölzl"]], ["de_CH", ["Aebi"]]]
    (tmp_path / "ner_de" / "names.json").write_text(json.dumps({**lists, "sur": ["Trautner"]}), "utf-8")
    text = "Uta Plenk leitet die Volksbank Quellstadt in Moorbach."
    example = Example("d", text, ((0, 9, "PER"), (21, 41, "ORG"), (45, 53, "LOC")))
    for sets in (TrainingSets([example], [], [example]), TrainingSets([], [example], [example])):
        first, again = (augmented(sets, tmp_path, random.Random(5)) for _ in range(2))
        assert first == again
        assert packed(first).to_bytes() == packed(again).to_bytes()
        assert augmented(sets, tmp_path, random.Random(6)) != first
