"""English news: every plain way to tie a person to an organisation, firms that look like people, and reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from enrich.nlp import Lead, load_pipeline
from enrich.nlp.english_cues import is_firm_word
from enrich.nlp.scene import build_scene


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline("en")


def read(nlp: Language, text: str) -> list[Lead]:
    return list(nlp(text)._.leads)


TIES = [
    ("apposition", "Martin Holloway, managing director of Holloway Castings Ltd, said orders were up.",
     "Martin Holloway", "managing director", "Holloway Castings Ltd"),
    ("possessive", "Brightstone Packaging's chief executive Laura Pemberton said demand had doubled.",
     "Laura Pemberton", "chief executive", "Brightstone Packaging"),
    ("appointment", "Larkhill Foods Ltd has appointed Susan Whitmore as finance director.",
     "Susan Whitmore", "finance director", "Larkhill Foods Ltd"),
    ("role before the name", "Finance director Peter Langley of Ashgrove Logistics plc called the result solid.",
     "Peter Langley", "Finance director", "Ashgrove Logistics plc"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "person", "role", "company"), [t[1:] for t in TIES], ids=[t[0] for t in TIES])
def test_ties(nlp: Language, text: str, person: str, role: str, company: str) -> None:
    found = [
        (x.person, (x.role or "").lower()) for x in read(nlp, text) if x.company.startswith(company.rsplit(" ", 1)[0])
    ]
    assert (person, role.lower()) in found


def test_people_without_an_organisation_are_no_leads(nlp: Language) -> None:
    assert read(nlp, "Martin Holloway and his neighbour Susan Whitmore walked to the lake on Sunday.") == []


def labels(text: str, *entities: tuple[str, str]) -> dict[str, str]:
    spans = [(text.index(word), text.index(word) + len(word), label) for word, label in entities]
    return {name.text: name.label for name in build_scene(text, spans, "en").names.spans}


def test_a_firm_taken_for_a_person_is_told_by_its_last_word() -> None:
    text = "Kelsall Fabrications has a new boss, and Rowan Pike is pleased."
    found = labels(text, ("Kelsall Fabrications", "PERSON"), ("Rowan Pike", "PERSON"))
    assert found["Kelsall Fabrications"] == "ORG"
    assert found["Rowan Pike"] == "PER"


def test_a_person_taken_for_a_firm_is_told_by_the_given_name() -> None:
    text = "Winifred Ardley runs Ardley Ceramics."
    found = labels(text, ("Winifred Ardley", "ORG"), ("Ardley Ceramics", "ORG"))
    assert found == {"Winifred Ardley": "PER", "Ardley Ceramics": "ORG"}


@pytest.mark.parametrize("word", ["baker", "cooper", "taylor", "smith", "mason", "fisher", "turner"])
def test_surnames_are_no_firm_words(word: str) -> None:
    assert not is_firm_word(word)


REASONS = [
    ("Two firms, one award: Susan Whitmore of Larkhill Foods won the Exporter of the Year award on Friday.", "award"),
    ("Larkhill Foods Ltd has promoted Susan Whitmore to operations director.", "promotion"),
    ("“We are very happy,” said Susan Whitmore, managing director of Larkhill Foods Ltd.", "quote"),
]


@pytest.mark.parametrize(("text", "reason"), REASONS, ids=[r[1] for r in REASONS])
def test_reasons(nlp: Language, text: str, reason: str) -> None:
    found = read(nlp, text)
    assert [lead.trigger for lead in found if lead.person == "Susan Whitmore"] == [reason]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    scene = build_scene(
        text, [(0, min(5, len(text)), "PERSON"), (6, min(12, len(text)), "ORG")] if len(text) > 12 else [], "en"
    )
    assert all(0 <= name.start < name.end <= len(text) for name in scene.names.spans)
