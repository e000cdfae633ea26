"""Entities mended by what the whole document says of them, on documents marked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from enrich.name_rules import NameRules
from enrich.training import tokens

NLP = tokens.blank_german()
RULES = NameRules()


def marked(text: str, *names: tuple[str, str]) -> Doc:
    """A document in which each (name, label) is an entity at the first place that is still free."""
    doc = NLP(text)
    spans, at = [], dict.fromkeys(names, 0)
    for name, label in names:
        start = text.index(name, at[name, label])
        at[name, label] = start + 1
        span = doc.char_span(start, start + len(name), label=label)
        assert span is not None, name
        spans.append(span)
    doc.set_ents(spans)
    return doc


def mended(text: str, *names: tuple[str, str]) -> list[tuple[str, str]]:
    return [(e.text, e.label_) for e in RULES(marked(text, *names)).ents]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Die Digitalagentur Konrad Plenk wird verkauft.", "Konrad Plenk"),
        ("Das Satiremagazin „Rosa Plenk“ erscheint wieder.", "Rosa Plenk"),
        ("Der Automatenhersteller Wirsing Plenk wächst.", "Wirsing Plenk"),
        ("Je Plenk-Aktie gibt es zwei Euro.", "Plenk"),
        ("Der Großhändler Plenk liefert.", "Plenk"),
    ],
)
def test_firms_called_like_a_person_are_told_by_the_word_beside_them(text: str, name: str) -> None:
    assert mended(text, (name, "PER")) == [(name, "ORG")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Der Chef der Agentur Uta Plenk kommt.", "Uta Plenk"),
        ("Der Geschäftsführer des Verlags Uta Plenk kommt.", "Uta Plenk"),
        ("Der Großhändler Uta Plenk liefert.", "Uta Plenk"),
        ("Die Hamburger Anwältin Uta Plenk klagt.", "Uta Plenk"),
        ("Uta-Plenk-Aktie? Nein, Uta Plenk hat keine.", "Uta Plenk"),
    ],
)
def test_people_stay_people(text: str, name: str) -> None:
    assert mended(text, (name, "PER")) == [(name, "PER")]


def test_one_name_has_one_label_in_one_text() -> None:
    text = "Das Label Wirsing Plenk eröffnet. Wirsing Plenk freut sich, Wirsing Plenk wächst."
    names = (("Wirsing Plenk", "ORG"), ("Wirsing Plenk", "PER"), ("Wirsing Plenk", "ORG"))
    spans = [("Wirsing Plenk", "ORG")] * 3
    doc = NLP(text)
    starts = [text.index("W"), text.index("W", 30), text.index("W", 50)]
    doc.set_ents(
        [doc.char_span(s, s + 13, label=label) for s, (_, label) in zip(starts, names, strict=True)]  # type: ignore[misc]
    )
    assert [(e.text, e.label_) for e in RULES(doc).ents] == spans


def test_storms_songs_and_saints_are_no_people() -> None:
    text = "Hurrikan Berta tobt, sagt Uta Plenk. Warum ist Berta so stark?"
    assert mended(text, ("Berta", "PER"), ("Uta Plenk", "PER")) == [("Uta Plenk", "PER")]
    assert mended("Der Titelsong Rosa Nebel von Uta Plenk", ("Rosa Nebel", "PER"), ("Uta Plenk", "PER")) == [
        ("Uta Plenk", "PER")
    ]
    text = "Die Gemeinden St. Peter und Paul und Sankt Gallus bleiben, so Pfarrer Jorin Aebi."
    assert mended(text, ("Paul", "PER"), ("Gallus", "PER"), ("Jorin Aebi", "PER")) == [("Jorin Aebi", "PER")]


def test_names_that_are_clear_once_are_marked_everywhere() -> None:
    text = "Die Moorbahn Quellstadt wächst. Uta Plenk lobt die Moorbahn Quellstadt. Plenk bleibt, sagt Frau Plenk."
    assert mended(text, ("Moorbahn Quellstadt", "ORG"), ("Uta Plenk", "PER")) == [
        ("Moorbahn Quellstadt", "ORG"), ("Uta Plenk", "PER"), ("Moorbahn Quellstadt", "ORG"), ("Plenk", "PER"),
        ("Plenk", "PER"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Uta Plenk geht. Der Hof Plenk bleibt.", "Uta Plenk geht. Plenk Papier bleibt."])
def test_a_surname_inside_another_name_is_not_marked(text: str) -> None:
    assert [name for name, label in mended(text, ("Uta Plenk", "PER")) if label == "PER"] == ["Uta Plenk"]


def test_common_words_do_not_become_names_by_one_place() -> None:
    assert mended("Die Bank lädt ein. Eine Bank steht am See.", ("Bank", "ORG")) == [("Bank", "ORG")]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Die Plenk, Inc. zahlt an Aebi.", "Plenk", "Plenk, Inc"),
        ("Laut Plenk Optik GmbH stimmt das.", "Plenk", "Plenk Optik GmbH"),
        ("Die Gesellschafter der Flughafen Moor-Ost GmbH streiten mit IHK.", "IHK", "Flughafen Moor-Ost GmbH"),
        ("Das Plenk-Institut forscht.", "Plenk", "Plenk-Institut"),
        ("Ein Plenk-Papier kostet zwei Euro.", "Plenk-Papier", "Plenk"),
    ],
)
def test_borders_follow_legal_forms_and_compounds(text: str, name: str, expected: str) -> None:
    assert expected in [found.rstrip(".") for found, label in mended(text, (name, "ORG")) if label == "ORG"]


def test_two_names_with_a_slash_are_two() -> None:
    assert mended("Betroffen: SBB / BLS in Bern", ("SBB / BLS", "ORG")) == [("SBB", "ORG"), ("BLS", "ORG")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["Uta", "Plenk", "GmbH", "Hurrikan", "St", ".", "und", "-", "Aktie", "/", "Inc", ",", "\n", "Firma"])),
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3), st.sampled_from(["PER", "ORG", "LOC"])), max_size=4),
)  # fmt: skip
def test_any_marking_gives_spans_that_do_not_overlap_and_a_second_run_is_read(
    words: list[str], marks: list[tuple[int, int, str]]
) -> None:
    doc = NLP(" ".join(words))
    spans = [doc[a : a + n] for a, n, _ in marks if a < len(doc)]
    taken: set[int] = set()
    kept = []
    for span, (_, _, label) in zip(spans, marks, strict=False):
        if span and not taken & set(range(span.start, span.end)):
            taken |= set(range(span.start, span.end))
            kept.append(doc.char_span(span.start_char, span.end_char, label=label))
    doc.set_ents([span for span in kept if span is not None])
    RULES(RULES(doc))
    assert all(e.label_ in ("PER", "ORG", "LOC") for e in doc.ents)
