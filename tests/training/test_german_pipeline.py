"""The shipped German pipeline: it loads, splits sentences, finds people and organisations, and says its licences."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from enrich.training import tokens
from enrich.training.__main__ import MODELS, averaged, measure

MODEL = MODELS / "de_opener_news"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(MODEL)


@pytest.mark.parametrize(
    "sentences",
    [
        ["Zum 1. April kam Dr. Plenk.", "Er bleibt bis 2015.", "Danach geht er."],
        ["Die Plenk GmbH & Co. KG wächst, z. B. in Wien.", "Das freut Prof. Dr. h.c. Aebi."],
        ["Der Sportbund e. V. tagt in St. Pölten.", "Die 2. Vorsitzende Uta Plenk spricht."],
        ["Er kam.", "„Ich bleibe“, sagte sie.", "„Nein!“", "Er ging."],
        ["Im Bild (v. l. n. r.) Uta Plenk und Reto Aebi.", "(Foto: Huber)"],
        ["Es kostet 5 Mio. Euro bzw. 1,5 Mrd. Franken.", "Das ist viel."],
        ["Sie erreichte Platz 1.", "Danach kam die Feier."],
        ["Gründung der Wirsing mbH.", "Geschäftsführerin: Uta Plenk."],
        ["Das Büro liegt in der Hauptstr. 5 in Wien.", "Es ist neu."],
        ["Die Huber Ges.m.b.H. zieht um.", "Mag. Resi Hölzl leitet sie."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str], nlp: Language) -> None:
    rules = tokens.add_sentences(tokens.blank_german())
    text = " ".join(sentences)
    assert [s.text for s in rules(text).sents] == sentences
    assert [s.text for s in nlp(text).sents] == sentences


def test_blocks_of_an_article_are_sentences_of_their_own(nlp: Language) -> None:
    found = [s.text.strip() for s in nlp("Neue Chefin bei Plenk\n\nUta Plenk kommt.\n\nMehr dazu").sents]
    assert found == ["Neue Chefin bei Plenk", "Uta Plenk kommt.", "Mehr dazu"]


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("Neue Geschäftsführerin der Trautner Metallbau GmbH ist Henrike Wirsing.", "PER", "Henrike Wirsing"),
        ("Neue Geschäftsführerin der Trautner Metallbau GmbH ist Henrike Wirsing.", "ORG", "Trautner Metallbau GmbH"),
        ("IHK-Präsidentin Dr. Eva Kühlmann sprach in Kassel.", "PER", "Eva Kühlmann"),
        ("IHK-Präsidentin Dr. Eva Kühlmann sprach in Kassel.", "ORG", "IHK"),
        ("Die Volksbank Moorstadt eG verabschiedet Jörn Aebi.", "PER", "Jörn Aebi"),
        ("Auf Hans-Peter Trautner folgt Ayşe Yıldırım als Vorständin der Nordlicht AG.", "PER", "Ayşe Yıldırım"),
        ("Auf Hans-Peter Trautner folgt Ayşe Yıldırım als Vorständin der Nordlicht AG.", "ORG", "Nordlicht AG"),
        ("Die Kühlmann GmbH & Co. KG aus Kassel baut aus.", "ORG", "Kühlmann GmbH & Co. KG"),
    ],
)
def test_people_and_organisations_are_found(nlp: Language, text: str, label: str, expected: str) -> None:
    assert expected in [e.text for e in nlp(text).ents if e.label_ == label]


def test_the_rules_for_names_are_in_the_pipeline_and_need_no_import_by_the_user(nlp: Language) -> None:
    assert nlp.pipe_names[-1] == "opener_name_rules"
    if not entry_points(group="spacy_factories", name="opener_name_rules"):
        pytest.skip("the project was installed before it had this entry point; install it again")
    code = f"import spacy; print([e.text for e in spacy.load({str(MODEL)!r})('Uta Plenk leitet die IHK Kassel.').ents])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Uta Plenk" in ran.stdout


def test_the_mean_of_a_pipeline_and_itself_is_the_pipeline(nlp: Language) -> None:
    text = "Neue Geschäftsführerin der Trautner Metallbau GmbH ist Henrike Wirsing aus Kassel."
    mean = averaged([MODEL, MODEL])
    assert mean.pipe_names == ["tok2vec", "ner"]
    assert [(e.text, e.label_) for e in mean(text).ents] == [(e.text, e.label_) for e in nlp(text).ents]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "…", "12 3.", "„“", "ß" * 3000, "A-" * 500, "\x00\u202e"])
def test_odd_input_is_read_without_error(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_the_pipeline_is_small_free_of_machine_paths_and_says_its_licences() -> None:
    files = [p for p in MODEL.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) <= 25_000_000
    meta = json.loads((MODEL / "meta.json").read_text("utf-8"))
    assert meta["license"]
    assert all(source["license"] for source in meta["sources"])
    assert not any("SA" in source["license"].split("(")[0] for source in meta["sources"])
    config = (MODEL / "config.cfg").read_text("utf-8")
    assert "/tmp" not in config and "/home" not in config and "/root" not in config
    named = (MODELS / "ATTRIBUTION.md").read_text("utf-8")
    for word in ("SmartData", "GermEval", "spacy-lookups-data", "Faker"):
        assert word in named


def test_the_words_of_the_training_text_are_not_shipped() -> None:
    shipped = set(json.loads((MODEL / "vocab" / "strings.json").read_text("utf-8")))
    assert shipped <= {*tokens.blank_german().vocab.strings, "PER", "ORG", "LOC"}


@pytest.mark.corpus
def test_the_numbers_on_the_corpora_do_not_fall() -> None:
    if not (SHARED / "ner_de").exists():
        pytest.skip("the corpora are not beside the project")
    table = measure(MODEL, SHARED)
    floors = FLOORS
    assert {name: table[name]["f"] for name in floors if table[name]["f"] < floors[name]} == {}


FLOORS = {"smartdata_dev PER": 0.815, "smartdata_dev ORG": 0.715, "written_de PER": 0.965, "written_de ORG": 0.835}
