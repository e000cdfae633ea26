"""English firms that a recogniser took for people, and people that it took for firms."""

from __future__ import annotations

import functools

from enrich.nlp import organisations
from enrich.nlp.names import Name
from enrich.nlp.reading import Reading
from enrich.nlp.roles import role_vocabulary
from enrich.nlp.vocabulary import given_names, load, words


@functools.cache
def _firm_words() -> frozenset[str]:
    return words(load("english_firms.yml")["firm_words"])


@functools.cache
def _place_words() -> frozenset[str]:
    return words(load("english_firms.yml")["place_words"])


@functools.cache
def _given() -> frozenset[str]:
    return given_names() | words(load("english_firms.yml")["given"])


def is_firm_word(lower: str) -> bool:
    """True for the last word of a firm's name: "Fabrications", "Yachts"."""
    return lower in _firm_words()


def relabel_english(reading: Reading, spans: list[Name]) -> None:
    """Tell people and firms apart by the words of the name and by those beside it, the same for every place of a name."""
    given = _given()
    firms: dict[str, None] = {}
    people = {
        n.text.split()[-1] for n in spans if n.label == "PER" and " " in n.text and n.text.split()[0].lower() in given
    }
    for name in spans:
        if name.label == "PER" and _is_firm(reading, name, given, people):
            firms[name.text] = None
    for name in spans:
        first = name.text.split()[0]
        if name.label == "ORG" and _is_person(name, given):
            name.label = "PER"
            continue
        if name.label != "PER":
            continue
        short = " " not in name.text and any(firm.split()[0] == name.text for firm in firms)
        if name.text in firms or (short and first not in people and first.lower() not in given):
            name.label = "ORG"


def _is_person(name: Name, given: frozenset[str]) -> bool:
    """True for a given name and a surname that nothing shows to be a firm."""
    parts = name.text.split()
    return (
        len(parts) == 2
        and all(
            part[0].isupper() and part.replace("-", "").replace("’", "").replace("'", "").isalpha() for part in parts
        )
        and not name.text.isupper()
        and (parts[0].lower() in given or parts[0].split("-")[0].lower() in given)
        and not is_firm_word(parts[1].lower())
        and not organisations.has_legal_form(name.text)
        and organisations.named_kind(name.text) is None
        and not parts[1].endswith(("'s", "’s"))
    )


def _is_firm(reading: Reading, name: Name, given: frozenset[str], people: set[str]) -> bool:
    parts = name.text.split()
    known = parts[0].lower() in given
    if len(parts) > 1 and is_firm_word(parts[-1].lower()):
        return not known or parts[-1].lower().endswith("s")
    if known or parts[-1] in people or organisations.is_carrier(name.text):
        return False
    # "joined Interpath", "manager of Saltrock": nobody with a title or an age, and nobody who says something.
    before, after = name.first - 1, name.last
    if before < 1 or reading.sentence[before] != reading.sentence[name.first]:
        return False
    if reading.lowers[before] not in _place_words():
        return False
    if after + 1 < len(reading) and reading.words[after] == "," and reading.words[after + 1].isdigit():
        return False
    vocabulary = role_vocabulary("en")
    if reading.lowers[before] in ("at", "joined", "joins", "joining"):
        return len(parts) == 1
    return (
        len(parts) == 1 and reading.lowers[before] == "of" and vocabulary.lookup(reading.words[before - 1]) is not None
    )
