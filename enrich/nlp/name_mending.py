"""Entity spans of a recogniser mended by rule, one by one: where a name begins and ends, and what it is."""

from __future__ import annotations

import re

from enrich.nlp import organisations
from enrich.nlp.names import PARTICLES, TITLES, Name, make_name, surname
from enrich.nlp.reading import Reading
from enrich.nlp.vocabulary import given_names
from enrich.roles import role_vocabulary
from enrich.vocabulary_files import words as words_of


def mended(reading: Reading, start: int, end: int, label: str, language: str) -> Name | None:
    first, last = reading.token_range(start, end)
    words, lowers = reading.words, reading.lowers
    last = min(last, len(words))
    while first < last and not words[first][0].isalnum():
        first += 1
    while last > first and not words[last - 1][0].isalnum() and words[last - 1] not in (".", ")", "!"):
        last -= 1
    if last > first and words[last - 1] == "." and label in ("PER", "LOC"):
        last -= 1
    if last - first > 1 and lowers[last - 1] in ("s", "'s", "’s") and words[last - 2] in ("'", "’"):
        last -= 2
    if first >= last:
        return None
    if label == "PER":
        first, last = _person_extent(reading, first, last, language)
    elif label == "ORG":
        first, last = _organisation_extent(reading, first, last, language)
    if first >= last:
        return None
    name = make_name(reading, first, last, label)
    if name.end > end and label != "ORG":
        name.end = max(end, name.start + 1)
        name.text = " ".join(reading.text[name.start : name.end].split())
    if language == "en" and re.search(r"[’']s$", name.text):
        name.text = name.text[:-2]
        name.end -= 2
    if label in ("LOC", "MISC") and _looks_like_person(reading, first, last):
        name.label = "PER"
    if label == "ORG" and (name.text.lower() in _FUNCTION_WORDS or _NO_NAME.fullmatch(name.text) is not None):
        return None
    if label == "ORG" and last - first > 2 and lowers[first + 1] == "of" and lowers[first] in _ENGLISH_ROLES:
        return None  # "VP of Product"
    if label == "PER" and (
        len(name.text) < 2
        or any(organisations.is_carrier(word) for word in name.text.split())
        or re.search(r"[\d@/]", name.text)
        or name.text.islower()
    ):
        return None
    return name


_NO_NAME = re.compile(r".|v?\d+(?:[.,/]\d+)*|OB")  # single signs, numbers, versions, a role that looks like an acronym
_ENGLISH_ROLES = frozenset(("vp", "head", "director", "manager", "president", "chief", "member", "svp", "evp"))
_FUNCTION_WORDS = words_of(
    """für und der die das des dem den mit von vom zum zur bei im in an auf aus stv dr prof the of and for ein eine einer über
    unter nach vor ab als wie so es er sie wir ihr man nur auch noch schon sehr mehr"""
)


def _person_extent(reading: Reading, first: int, last: int, language: str) -> tuple[int, int]:
    words, lowers = reading.words, reading.lowers
    vocabulary = role_vocabulary(language)
    while first < last and (
        lowers[first] in TITLES or words[first] in ".-–" or (last - first > 2 and vocabulary.lookup(words[first]) is not None
        and lowers[first] not in given_names())
    ):  # fmt: skip
        first += 1
    for i in range(first + 1, last):  # a name never runs over a line, a comma or a bracket
        gap = reading.text[reading.ends[i - 1] : reading.starts[i]]
        if "\n" in gap or words[i] in ",;:()–—/" or (words[i] == "-" and gap):
            last = i
            break
    # "Anna Müller-" and a surname cut at its hyphen.
    while last + 1 < len(words) and words[last] == "-" and reading.starts[last] == reading.ends[last - 1] and (
        words[last + 1][0].isupper() and reading.starts[last + 1] == reading.ends[last]
        and vocabulary.lookup(words[last + 1]) is None
    ):  # fmt: skip
        last += 2
    return first, last


def _organisation_extent(reading: Reading, first: int, last: int, language: str) -> tuple[int, int]:
    lowers, words = reading.lowers, reading.words
    if lowers[first] in ("der", "die", "das", "des", "dem", "den", "the") and last - first > 1:
        first += 1
    if (
        language == "de"
        and first > 0
        and words[first - 1].isalpha()
        and organisations.is_trade(words[first - 1])
        and reading.sentence[first - 1] == reading.sentence[first]
        and (first < 2 or words[first - 2] != "-")
    ):
        first -= 1
    vocabulary = role_vocabulary(language)
    if last - first > 2 and words[last - 2] == "-" and vocabulary.lookup(words[last - 1]) is not None:
        last -= 2  # "VW-Chef" taken as one name
    if language == "de" and last - first > 1 and words[last - 2].endswith("s") and vocabulary.lookup(words[last - 1]) == (
        "unknown", True
    ):  # fmt: skip
        last -= 1  # "Borussia Dortmunds Spieler"
    for _ in range(4):
        tail = organisations.LEGAL_TAIL.match(reading.text, reading.ends[last - 1])
        if tail is None:
            break
        _, last = reading.token_range(reading.ends[last - 1], tail.end())
    return first, last


def _looks_like_person(reading: Reading, first: int, last: int) -> bool:
    words = reading.words[first:last]
    if not 2 <= len(words) <= 4 or words[0].lower() not in given_names():
        return False
    if (
        words[-1]
        .lower()
        .endswith(("straße", "platz", "allee", "weg", "haus", "halle", "stiftung", "schule", "preis", "street", "park"))
    ):
        return False
    return (
        all(w[0].isupper() or w.lower() in PARTICLES or w == "-" for w in words)
        and organisations.named_kind(" ".join(words)) is None
    )


def relabel_after_roles(reading: Reading, spans: list[Name], language: str) -> None:
    """ "Ufo-Chef Nicoley Baublies": two words after a role whose organisation stands before its hyphen are a person."""
    if language != "de":
        return
    vocabulary = role_vocabulary(language)
    words = reading.words
    firms = {n.last for n in spans if n.label == "ORG"}
    for name in spans:
        role = name.first - 1
        if name.label in ("ORG", "LOC", "MISC") and name.last - name.first == 2 and role - 1 in firms and (
            words[role - 1] == "-" and vocabulary.level(words[role]) is not None
            and all(w.isalpha() and w[0].isupper() and w[1:].islower() for w in words[name.first : name.last])
            and organisations.named_kind(name.text) is None and reading.sentence[role] == reading.sentence[name.first]
        ):  # fmt: skip
            name.label = "PER"


def relabel_parts_of_firms(spans: list[Name]) -> None:
    """ "Waldorf Frommer" beside "Kanzlei Waldorf Frommer" is the firm, unless it begins with a given name."""
    given = given_names()
    firms = {n.text for n in spans if n.label == "ORG" and n.text.count(" ") > 1}
    for name in spans:
        if name.label == "PER" and " " in name.text and name.text.split()[0].lower() not in given and any(
            firm.endswith(f" {name.text}") or firm.startswith(f"{name.text} ") for firm in firms
        ):  # fmt: skip
            name.label = "ORG"


def vote(spans: list[Name]) -> None:
    """One string is one thing in one text: people and organisations of the same wording take the label that most have.

    A bare surname of a person named in full is that person.
    """
    count: dict[str, dict[str, int]] = {}
    full = {surname(n.text) for n in spans if n.label == "PER" and " " in n.text}
    for name in spans:
        if name.label in ("PER", "ORG"):
            votes = count.setdefault(name.text, {"PER": 0, "ORG": 0})
            votes[name.label] += 1
    given = given_names()
    for name in spans:
        votes = count.get(name.text, {})
        if len(votes) == 2 and votes["PER"] and votes["ORG"] and name.label in ("PER", "ORG"):
            person = votes["PER"] > votes["ORG"] or (
                votes["PER"] == votes["ORG"] and (name.text.split()[0].lower() in given or name.text in full)
            )
            name.label = "PER" if person else "ORG"
        elif name.label == "ORG" and name.text in full and " " not in name.text:
            name.label = "PER"
