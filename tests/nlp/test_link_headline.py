"""The headline is read with the text and gives no evidence; names are mended by what the text says of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from spacy.language import Language

from enrich.article import plain_text_article
from enrich.nlp import load_pipeline, read_mentions
from enrich.nlp.linking import read_scene

TEXT = "Der Umsatz stieg um ein Drittel. „Wir stellen ein“, sagte Geschäftsführerin Petra Sauerwein am Montag."


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline("de")


@dataclass(frozen=True)
class Page:
    title: str | None
    text: str
    blocks: tuple[()] = ()
    authors: tuple[str, ...] = ()


def test_the_firm_of_the_headline_is_found_and_evidence_stands_in_the_text(nlp: Language) -> None:
    page = Page("Lindner Optik GmbH wächst kräftig", TEXT)
    (mention,) = read_mentions(nlp, page, "https://zeitung.example/a", None)
    assert (mention.person, mention.company) == ("Petra Sauerwein", "Lindner Optik GmbH")
    assert page.text[mention.evidence_start : mention.evidence_end] == mention.evidence
    assert "Petra Sauerwein" in mention.evidence


def test_without_a_headline_the_same_text_has_no_firm(nlp: Language) -> None:
    assert read_mentions(nlp, plain_text_article(TEXT), "https://zeitung.example/a", None) == ()


def test_people_of_the_headline_alone_have_no_evidence(nlp: Language) -> None:
    page = Page("Hans Kochmann, Geschäftsführer der Kochmann Bau GmbH, geht", "Mehr dazu steht morgen in der Zeitung.")
    assert read_mentions(nlp, page, "https://zeitung.example/a", None) == ()


def test_a_headline_that_the_text_repeats_is_not_read_twice(nlp: Language) -> None:
    text = "Lindner Optik GmbH wächst kräftig\n\n" + TEXT
    for mention in read_mentions(
        nlp, Page("Lindner Optik GmbH wächst kräftig", text), "https://zeitung.example/a", None
    ):
        assert text[mention.evidence_start : mention.evidence_end] == mention.evidence


# (text, entities as a recogniser gave them, name, its label or None when it must be gone)
MENDED = [
    ("Xola-Chef Nikolei Baubrich warnte.", [("Xola", "ORG"), ("Nikolei Baubrich", "ORG")], "Nikolei Baubrich", "PER"),
    ("Tierpark-Leiter Udo Rehm kam. Der Tierpark Lindenau öffnet.", [("Udo Rehm", "PER"), ("Tierpark Lindenau", "LOC")],
     "Tierpark Lindenau", "ORG"),
    ("Das Urteil der VP of Product steht aus.", [("VP of Product", "ORG")], "VP of Product", None),
    ("Fassung v11.02 der Nordwerk AG.", [("v11.02", "ORG"), ("Nordwerk AG", "ORG")], "v11.02", None),
    ("Der Kölner TV-Dienstleister Wigo Media wächst.", [("Kölner TV", "ORG"), ("Wigo Media", "ORG")], "Kölner TV", None),
    ("Die UN tagte. Der Rat der Vereinten Nationen schwieg.", [("UN", "ORG")], "Vereinten Nationen", "ORG"),
    ("Generalstaatsanwälte von Bremen und Hessen klagten.", [("Bremen", "LOC"), ("Hessen", "LOC")], "Hessen", "ORG"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "name", "label"), MENDED, ids=[m[2] for m in MENDED])
def test_names_are_mended(text: str, given: list[tuple[str, str]], name: str, label: str | None) -> None:
    entities = [(text.index(part), text.index(part) + len(part), kind) for part, kind in given]
    found = {n.text: n.label for n in read_scene(text, entities, "de").names.spans}
    assert found.get(name) == label
