"""The linker on any text at all: no error, offsets that hold, verbatim evidence, the same answer twice."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

import data
from enrich.nlp import load_pipeline
from enrich.nlp.forest import Forest, read_forests
from enrich.nlp.linking import link, read_scene
from enrich.nlp.reading import MAX_CHARS, Reading
from enrich.nlp.weights import weights

BITS = [
    "Hans Koch", "Dr. Eva Müller-Lüdenscheidt", "Koch GmbH & Co. KG", "Deutschen Bank", "IHK", "VW-Chef", "Geschäftsführer", "Leiter:innen",
    "der", "des", "bei", "von", "und", ",", ".", "(", ")", ":", "„", "“", "-", "\n", "\n\n", "sagte", "wird neue", "2015", "Foto:", "e. V.",
    "das Unternehmen", "Chief Operating Officer", "🙂", "\u0000", "\u2028", "ß", "A", "İ", "﷽", "", "http://x.example/a?b=c",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(BITS), max_size=60).map(" ".join))


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline("de")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_any_text_is_read_with_offsets_that_hold(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert len(doc._.leads) == len(doc._.triggers)
    for lead in doc._.leads:
        assert 0 <= lead.start <= lead.person_start < lead.person_end <= len(text)
        assert lead.start < lead.end <= len(text)
        assert lead.person and lead.company
        assert 0.0 <= lead.confidence <= 1.0
    for start, end, role, _ in doc._.roles:
        assert text[start:end] == role
    pickle.dumps(doc.user_data)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, spans=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40), st.sampled_from(["PER", "ORG", "LOC", "X"])), max_size=12),
       language=st.sampled_from(["de", "en"]))  # fmt: skip
def test_any_entities_are_read(text: str, spans: list[tuple[int, int, str]], language: str) -> None:
    entities = [(start, min(len(text), start + size), label) for start, size, label in spans if start < len(text)]
    scene = read_scene(text, entities, language)
    for name in scene.names.spans:
        assert 0 <= name.first < name.last <= len(scene.reading)
        clusters = scene.names.people if name.label == "PER" else scene.names.organisations
        if name.label in ("PER", "ORG"):
            assert name in clusters[name.cluster].names
    assert link(scene) == link(read_scene(text, entities, language))


@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_tokens_and_sentences_cover_the_text(text: str) -> None:
    reading = Reading(text)
    assert "".join(reading.words).split() == "".join(text.split()).split() or "".join(reading.words) == "".join(
        c for c in text if not c.isspace()
    )
    assert [i for first, last in reading.bounds for i in range(first, last)] == list(range(len(reading)))


def test_very_long_texts_are_cut_and_read_in_linear_time(nlp: Language) -> None:
    sentence = "Hans Koch, Geschäftsführer der Koch GmbH, und Eva Maurer (Maurer AG) sprachen mit Ali Demir. "
    scene = read_scene(sentence * 4000, [], "de")
    assert len(scene.reading.text) <= MAX_CHARS
    one = sentence * 40
    entities = [
        (at + k * len(sentence), at + k * len(sentence) + len(word), label)
        for k in range(40)
        for word, label in (("Hans Koch", "PER"), ("Koch GmbH", "ORG"), ("Eva Maurer", "PER"), ("Maurer AG", "ORG"))
        for at in (sentence.index(word),)
    ]
    pairs = {(lead.person, lead.company) for lead in link(read_scene(one, entities, "de"))}
    assert ("Hans Koch", "Koch GmbH") in pairs


@pytest.mark.parametrize("language", ["de", "en"])
def test_weights_ship_with_the_package_and_name_their_features(language: str) -> None:
    path = data.path(f"link_weights_{language}.json")
    found = read_forests(path)
    for name in ("role", "pair", "pair_again", "tie", "former"):
        forest = found[name]
        assert isinstance(forest, Forest)
        assert forest.features and len(set(forest.features)) == len(forest.features)
        assert forest.predict([{}]) == forest.predict([{"no such feature": 1.0}])
        assert all(0.0 <= p <= 1.0 for p in forest.predict([dict.fromkeys(forest.features, 1.0)] * 2))
    assert weights(language) is weights(language)
    assert json.loads(path.read_text("utf-8"))["thresholds"]


def test_a_forest_walks_as_its_trees_say_and_explains_itself() -> None:
    forest = Forest.from_json(
        {"features": ["x", "y"], "base": 0.0, "depth": 2, "roots": [0, 3], "feature": [0, 0, 0, 1, 0, 0],
         "threshold": [0.5, 0, 0, 2.0, 0, 0], "left": [1, 1, 2, 4, 4, 5], "right": [2, 1, 2, 5, 4, 5], "value": [0, -1.0, 1.0, 0, 0.5, -0.5]}
    )  # fmt: skip
    low, high = forest.predict([{"x": 0.0, "y": 3.0}, {"x": 1.0, "y": 0.0}])
    assert low == pytest.approx(1 / (1 + 2.718281828**1.5))
    assert high == pytest.approx(1 / (1 + 2.718281828**-1.5))
    assert forest.explain({"x": 1.0, "y": 0.0})[0] == ("x", 1.0)
    assert forest.predict([]) == []


def test_the_linker_explains_itself_when_asked() -> None:
    text = "Hans Koch, Geschäftsführer der Koch GmbH, kommt."
    entities = [(0, 9, "PER"), (31, 40, "ORG")]
    (lead,) = link(read_scene(text, entities, "de"), explain=True)
    assert lead.why and all(isinstance(name, str) for name, _ in lead.why)
    assert text[lead.start : lead.end] == text
