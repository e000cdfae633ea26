"""English firms that a recogniser took for people, and people that it took for firms."""

from __future__ import annotations

import functools

from enrich.nlp import organisations
from enrich.nlp.names import Name
from enrich.nlp.reading import Reading
from enrich.nlp.vocabulary import given_names
from enrich.records import OrgKind
from enrich.roles import role_vocabulary
from enrich.vocabulary_files import load, words


@functools.cache
def _firm_words() -> frozenset[str]:
    return words(load("english_firms.yml")["firm_words"])


@functools.cache
def _place_words() -> frozenset[str]:
    return words(load("english_firms.yml")["place_words"])


@functools.cache
def _given() -> frozenset[str]:
    return given_names() | words(load("english_firms.yml")["given"])


@functools.cache
def _described() -> dict[str, tuple[OrgKind, ...]]:
    entry: dict[OrgKind, str] = load("english_firms.yml")["described"]
    nouns: dict[str, tuple[OrgKind, ...]] = {}
    for kind, listed in entry.items():
        for noun in sorted(words(listed)):
            nouns[noun] = (*nouns.get(noun, ()), kind)
    return nouns


def described_kinds(lower: str) -> tuple[OrgKind, ...]:
    """Return the kinds of organisation that an English noun can stand for: "the council's", "the firm"."""
    return _described().get(_bare(lower), ())


def _bare(lower: str) -> str:
    return lower[:-2] if lower.endswith(("'s", "’s")) else lower


def english_description(reading: Reading, i: int) -> bool:
    """True for a noun after an article with at most two words between: "the Welsh utility", "its fast-growing rival".

    A name right behind it must hang on its genitive: "the council's Ann Lee", but not "the brewer Ann Lee".
    """
    words_, lowers, sentence = reading.words, reading.lowers, reading.sentence
    following = i + 1
    own = lowers[i] == _bare(lowers[i]) and following < len(words_) and sentence[following] == sentence[i]
    if own and (words_[following] == "-" or words_[following][0].isupper()):
        return False
    for back in range(1, 6):
        at = i - back
        if at < 0 or sentence[at] != sentence[i]:
            return False
        if lowers[at] in _DETERMINERS:
            return True
        if not (words_[at].isalpha() or words_[at] == "-" or lowers[at].endswith(("'s", "’s"))):
            return False
        if lowers[at] in _ENDS:
            return False
    return False


_DETERMINERS = words("the its his her their our this that")
_ENDS = words("of at in on for with from to by and or as is was has have had who which said says")


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
    elsewhere = {n.text for n in spans if n.label == "ORG" and not _stands_as_place(reading, n)}
    for name in spans:
        first = name.text.split()[0]
        if name.label in ("PER", "ORG") and name.text not in elsewhere and _is_place(reading, name, given, people):
            name.label = "LOC"
            continue
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


def _is_place(reading: Reading, name: Name, given: frozenset[str], people: set[str]) -> bool:
    """True for "in Market Harborough" and "the Melton Mowbray practice", where nothing shows a person or a firm."""
    parts = name.text.split()
    if parts[0].lower() in given or parts[-1] in people or len(parts) > 3:
        return False
    if is_firm_word(parts[-1].lower()) or organisations.has_legal_form(name.text) or name.text.isupper():
        return False
    if organisations.named_kind(name.text) is not None:
        return False
    if _stands_as_place(reading, name):
        return True
    before = name.first - 1
    return (
        name.label == "PER"
        and before >= 0
        and reading.lowers[before] in ("in", "near", "outside")
        and reading.sentence[before] == reading.sentence[name.first]
        and not reading.lowers[name.last - 1].endswith(("'s", "’s"))
    )


def _stands_as_place(reading: Reading, name: Name) -> bool:
    """True for a name between an article and a noun that calls a firm after its town: "the Derby start-up"."""
    before, after = name.first - 1, name.last
    if before < 0 or after >= len(reading) or reading.sentence[before] != reading.sentence[name.first]:
        return False
    if reading.lowers[before] not in ("the", "a") or reading.sentence[after] != reading.sentence[name.first]:
        return False
    return _bare(reading.lowers[after]) in _called_after_towns()


@functools.cache
def _called_after_towns() -> frozenset[str]:
    return words(load("english_firms.yml")["called_after_towns"])


def _is_firm(reading: Reading, name: Name, given: frozenset[str], people: set[str]) -> bool:
    parts = name.text.split()
    known = parts[0].lower() in given
    if organisations.has_legal_form(name.text) or "&" in parts:
        return True
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
