"""Organisations that the recogniser left out, found by what stands beside them; documents marked by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from enrich.name_rules import NameRules
from enrich.training import tokens

NLP = tokens.blank_german()
RULES = NameRules()
UTA = ("Uta Plenk", "PER")


def organisations(text: str, *names: tuple[str, str]) -> list[str]:
    """The organisations of a document in which the given (name, label) are marked at their first place."""
    doc: Doc = NLP(text)
    spans = []
    for name, label in names:
        start = text.index(name)
        span = doc.char_span(start, start + len(name), label=label)
        assert span is not None, name
        spans.append(span)
    doc.set_ents(spans)
    return [entity.text for entity in RULES(doc).ents if entity.label_ == "ORG"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Uta Plenk kam zum Amtsgericht Quellstadt.", "Amtsgericht Quellstadt"),
        ("Uta Plenk dankt der Freiwilligen Feuerwehr Quellstadt.", "Freiwilligen Feuerwehr Quellstadt"),
        ("Uta Plenk lobt den Handels- und Gewerbeverein Quellstadt.", "Handels- und Gewerbeverein Quellstadt"),
        ("Uta Plenk lernte in der Bäckerei Wirsing & Söhne.", "Bäckerei Wirsing & Söhne"),
        ("Uta Plenk führt die Apotheke am Kornmarkt.", "Apotheke am Kornmarkt"),
        ("Uta Plenk zog aus dem Hotel Goldener Hirsch aus.", "Hotel Goldener Hirsch"),
        ("Uta Plenk dankt dem Lagerhaus St. Wendelin.", "Lagerhaus St. Wendelin"),
    ],
)
def test_the_kind_of_a_house_begins_its_name(text: str, found: str) -> None:
    assert organisations(text, UTA) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Uta Plenk gründete die Firma Herzblut.", "Herzblut"),
        ("Uta Plenk kennt den Regalbauer Rückenwind.", "Rückenwind"),
        ("Uta Plenk kauft die Wirsing Verpackungen.", "Wirsing Verpackungen"),
        ("Uta Plenk rügt das Verkehrsministerium.", "Verkehrsministerium"),
        ("Uta Plenk pachtet die Löwen-Apotheke.", "Löwen-Apotheke"),
    ],
)
def test_trades_and_offices_show_a_name(text: str, found: str) -> None:
    assert organisations(text, UTA) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Das sagte novadent-Vorstand Uta Plenk.", "novadent"),
        ("Das sagte Hansa-Line-Chefin Uta Plenk.", "Hansa-Line"),
        ("Uta Plenk von Wirsing kommt.", "Wirsing"),
        ("Uta Plenk von licht&laut kommt.", "licht&laut"),
        ("Uta Plenk, bisher bei Wirsing, kommt.", "Wirsing"),
        ("Uta Plenk trifft den Werkleiter von Wirsing.", "Wirsing"),
    ],
)
def test_the_employer_of_someone_is_an_organisation(text: str, found: str) -> None:
    assert organisations(text, UTA) == [found]


def test_capitals_in_brackets_are_the_short_form_of_the_name_before() -> None:
    text = "Das Netzwerk Fahrgast (NFG) und die Runde Tisch Wald, kurz RTW, tagen."
    names = (("Netzwerk Fahrgast", "ORG"), ("Runde Tisch Wald", "ORG"))
    assert organisations(text, *names) == ["Netzwerk Fahrgast", "NFG", "Runde Tisch Wald", "RTW"]


@pytest.mark.parametrize(
    "text",
    [
        "Uta Plenk meldete beim Amtsgericht Insolvenz an.",
        "Uta Plenk half, als die Polizei Zeugen suchte.",
        "Das sagte Finanz-Vorstand Uta Plenk.",
        "Das sagte Ex-Chefin Uta Plenk.",
        "Uta Plenk ging von Bord.",
        "Uta Plenk kam vom Einkauf.",
        "Uta Plenk leitet das Ministerium für Verkehr.",
        "SPEDITION ERWEITERT FUHRPARK. Uta Plenk kommt.",
    ],
)
def test_objects_fields_and_headlines_are_no_names(text: str) -> None:
    assert organisations(text, UTA) == []


def test_a_place_behind_the_kind_of_a_house_becomes_part_of_its_name() -> None:
    assert organisations("Uta Plenk klagt am Landgericht Bad Quell.", UTA, ("Bad Quell", "LOC")) == [
        "Landgericht Bad Quell"
    ]


def test_a_name_that_was_found_without_its_kind_stays() -> None:
    assert organisations("Der Verein Herzblut dankt Uta Plenk.", UTA, ("Herzblut", "ORG")) == ["Herzblut"]


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Mode Plenk Wirsing schließt.", "Mode Plenk Wirsing", "Mode Plenk Wirsing"),
        ("Konrad Plenk & Söhne zieht um.", "Konrad Plenk & Söhne", "Konrad Plenk & Söhne"),
        ("Uta Plenk Foods wächst.", "Uta Plenk Foods", "Uta Plenk Foods"),
    ],
)
def test_people_with_a_trade_or_partners_are_firms(text: str, name: str, found: str) -> None:
    assert organisations(text, (name, "PER")) == [found]


def test_a_nickname_stands_inside_one_name() -> None:
    doc = NLP("Vereinschef Uta „Pille“ Plenk geht.")
    doc.set_ents([doc.char_span(12, 15, label="PER")])
    assert [(e.text, e.label_) for e in RULES(doc).ents] == [("Uta „Pille“ Plenk", "PER")]


WORDS = st.sampled_from(
    [
        "Uta",
        "Plenk",
        "Firma",
        "Amtsgericht",
        "Apotheke",
        "am",
        "der",
        "von",
        "bei",
        "vom",
        "beim",
        "bisher",
        "-",
        "&",
        "(",
        ")",
        ",",
        ".",
        "kurz",
        "NFG",
        "Wirsing",
        "novadent",
        "Holding",
        "Verlag",
        "Vorstand",
        "-Chef",
        "Ministerium",
        "und",
        "Handels",
        "Verein",
        "St.",
        "„",
        "“",
        "GmbH",
    ]
)


@settings(max_examples=150, deadline=None)
@given(words=st.lists(WORDS, min_size=1, max_size=14), people=st.sets(st.integers(0, 13), max_size=3))
def test_any_row_of_words_gives_spans_that_do_not_overlap(words: list[str], people: set[int]) -> None:
    doc = NLP(" ".join(words))
    doc.set_ents([Span(doc, i, i + 1, "PER") for i in sorted(people) if i < len(doc)])
    ends = [(entity.start, entity.end) for entity in RULES(doc).ents]
    assert all(one[1] <= two[0] for one, two in pairwise(ends))


@pytest.mark.parametrize("unit", ["Firma Hof ", "Hotel A & ", "X-Apotheke-", "bisher bei A & B-", "Uta „X“ Plenk "])
def test_long_rows_of_the_same_words_give_short_names(unit: str) -> None:
    doc = NLP(unit * 2000)
    doc.set_ents([Span(doc, 0, 1, "ORG")])
    assert max((len(entity) for entity in RULES(doc).ents), default=0) < 20
