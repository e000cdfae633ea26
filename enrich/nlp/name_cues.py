"""Organisations that a recogniser missed or took for something else, told by the words right before them."""

from __future__ import annotations

import functools
import re
from typing import Final

from enrich.nlp import organisations
from enrich.nlp.names import Name, make_name
from enrich.nlp.reading import Reading
from enrich.nlp.vocabulary import given_names
from enrich.roles import role_vocabulary
from enrich.vocabulary_files import load, words

_GLUE: Final = words("& + und von für of and for the de la by der des im am in")
_SIGNS: Final = ("&", "+")
_MAX_TOKENS = 7
_NO_ORGANISATIONS: Final = words(
    """USA UK EU DDR BRD NRW VAE UAE GB US DACH EWR RLP BW MV SH TV IT PC KI AI PKW LKW HIV GPS WM EM NS PS CO2 CEO CFO CTO COO
    CIO MBA AG GmbH KG SE OHG UG GbR eG EUR USD CHF UTC PDF WLAN LED OP SUV CD DVD CV DNA ABC AGB DSGVO PM AM OK FAQ HTML URL"""
)


@functools.cache
def _cues() -> tuple[frozenset[str], tuple[str, ...]]:
    entry = load("org_kinds.yml")
    return words(entry["cue_nouns"]), tuple(sorted(words(entry["cue_endings"])))


@functools.lru_cache(maxsize=65_536)
def is_cue(lower: str) -> bool:
    """True for nouns after which the name of an organisation stands: "Firma", "Zinsplattform", "Kanzlei"."""
    nouns, endings = _cues()
    forms = (lower, lower.removesuffix("s"), lower.removesuffix("es"), lower.removesuffix("n"))
    return any(form in nouns or form.endswith(endings) for form in forms)


def relabel_by_cue(reading: Reading, spans: list[Name], language: str) -> None:
    """People and places right after "Firma" or "Kanzlei" are organisations; so are places that are acronyms."""
    given = given_names()
    given_to = {n.text.split()[-1] for n in spans if n.label == "PER" and " " in n.text}
    for name in spans:
        inside = name.first > 0 and reading.sentence[name.first - 1] == reading.sentence[name.first]
        if name.label == "LOC" and name.last - name.first == 1 and inside and _is_acronym(name.text):
            name.label = "ORG"
            continue
        if name.label not in ("PER", "LOC", "MISC") or not name.first or language != "de":
            continue
        at = name.first - 1
        if reading.sentence[at] != reading.sentence[name.first]:
            continue
        if reading.words[at] in '„"»“' and at and (name.last < len(reading) and reading.words[name.last] in '“"«”'):
            at -= 1
        before = reading.words[at]
        if not before[0].isupper() or not is_cue(before.lower()):
            continue
        person = name.label == "PER" and reading.lowers[name.first] in given and name.last - name.first > 1
        if not person and not (name.label == "PER" and name.text in given_to and _may_be_person(before.lower())):
            name.label = "ORG"


def _may_be_person(lower: str) -> bool:
    return lower.endswith(("er", "eur", "in"))


def add_cued_organisations(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """Add capitalised names after nouns such as "Firma", and after "bei" that follows a role or a person."""
    if language != "de":
        return
    vocabulary = role_vocabulary(language)
    tokens, lowers = reading.words, reading.lowers
    people = {n.last for n in spans if n.label == "PER"}
    plain = {word for i, word in enumerate(lowers) if tokens[i].islower()}
    for i in range(1, len(tokens)):
        if taken[i] or not _begins_name(tokens[i]) or reading.sentence[i] != reading.sentence[i - 1]:
            continue
        if vocabulary.lookup(tokens[i]) is not None or lowers[i] in plain:
            continue
        before = i - 1
        quoted = tokens[before] in '„"»“' and reading.ends[before] == reading.starts[i]
        if quoted:
            before -= 1
        if before < 0 or reading.sentence[before] != reading.sentence[i]:
            continue
        cued = tokens[before][0].isupper() and is_cue(lowers[before]) and not taken[before]
        if not cued and lowers[before] in ("bei", "beim") and before > 0 and not is_cue(lowers[i]):
            cued = before in people or vocabulary.lookup(tokens[before - 1]) is not None
            cued = cued and not organisations.is_body_noun(lowers[i]) and _looks_coined(tokens, lowers, i)
        if (
            not cued
            and _is_acronym(tokens[i])
            and lowers[before] in ("der", "die", "des", "dem", "bei", "beim", "vom", "zum")
        ):
            cued = i + 1 >= len(tokens) or tokens[i + 1] != "-" or reading.starts[i + 1] != reading.ends[i]
        if not cued:
            continue
        last = _name_end(reading, taken, vocabulary, i, quoted=quoted)
        if last > i:
            spans.append(make_name(reading, i, last, "ORG"))
            taken[i:last] = [True] * (last - i)


def add_public_bodies(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """ "Düsseldorfer Bezirksregierung", "das Außenministerium", "Bergwacht Schwarzwald": nouns that name one body each."""
    if language != "de":
        return
    tokens, lowers = reading.words, reading.lowers
    at = {n.first: n for n in spans}
    ends = {n.last: n for n in spans}
    for i in range(1, len(tokens)):
        if (
            taken[i]
            or len(tokens[i]) < 5
            or not tokens[i][0].isupper()
            or reading.sentence[i] != reading.sentence[i - 1]
        ):
            continue
        if i + 1 < len(tokens) and tokens[i + 1] == "-" and reading.starts[i + 1] == reading.ends[i]:
            continue
        noun = organisations.is_body_noun(lowers[i])
        kind = organisations.named_kind(tokens[i])
        generic = not noun and kind in ("public", "association", "education") and lowers[i] not in _PLACES
        if not noun and not generic:
            continue
        first, last = i, i + 1
        town = ends.get(i)
        if (
            town is not None and town.label == "LOC" and tokens[i - 1].endswith("er") and town.last - town.first == 1
        ) or (
            not taken[i - 1]
            and tokens[i - 1][0].isupper()
            and tokens[i - 1].endswith("er")
            and len(tokens[i - 1]) > 4
            and (
                i > 1
                and lowers[i - 2] in ("der", "des", "die", "das", "dem", "den", "beim", "im", "vom", "zum", "zur", "am")
                and role_vocabulary(language).lookup(tokens[i - 1]) is None
            )
        ):
            first = i - 1
        place = at.get(i + 1)
        if place is not None and place.label == "LOC" and reading.sentence[place.first] == reading.sentence[i]:
            last = place.last
        if first == i and last == i + 1 and not (noun and _names_one_body(lowers[i])):
            continue
        for name in (town if first < i else None, place if last > i + 1 else None):
            if name is not None:
                spans.remove(name)
        spans.append(make_name(reading, first, last, "ORG"))
        taken[first:last] = [True] * (last - first)


def _names_one_body(lower: str) -> bool:
    """True for compounds of which a text knows one: "Bundeskartellamt", "Justizministerium", "Stadtverwaltung"."""
    return lower.endswith(_ONE_BODY) and lower not in ("finanzamt", "ehrenamt", "standesamt") and len(lower) > 9


# A town is a body only beside an office of it, which `places_of_office` reads.
_PLACES = words("stadt gemeinde landkreis kreis bezirk kanton land markt rathaus samtgemeinde landeshauptstadt bund")
_ONE_BODY = (
    "ministerium", "ministeriums", "kanzleramt", "kanzleramts", "bundesamt", "landesamt", "landratsamt", "kartellamt", "stadtverwaltung",
    "bezirksregierung", "zentralbank", "notenbank", "handelskammer", "handwerkskammer", "ärztekammer", "kreisverwaltung",
    "gemeindeverwaltung", "staatskanzlei", "arbeitsagentur", "netzagentur", "bundesbank", "staatsanwaltschaft", "landgericht",
    "wirtschaftskammer", "kreishandwerkerschaft", "polizeipräsidium", "bundespolizei",
)  # fmt: skip


def _is_acronym(text: str) -> bool:
    return 3 <= len(text) <= 7 and text.isupper() and text.isalpha() and text not in _NO_ORGANISATIONS and bool(
        not re.fullmatch(r"[IVXLCM]+", text)
    )  # fmt: skip


def _begins_name(token: str) -> bool:
    return len(token) > 1 and token[0].isupper() and token not in _NO_ORGANISATIONS


def _looks_coined(tokens: list[str], lowers: list[str], i: int) -> bool:
    """A single German noun after "bei" is mostly none; two capitalised words, camel case and short words are names."""
    word = tokens[i]
    if any(c.isupper() for c in word[1:]) or (
        i + 1 < len(tokens) and (tokens[i + 1] in _SIGNS or tokens[i + 1][0].isupper())
    ):
        return True
    return not lowers[i].endswith(
        (
            "ung",
            "heit",
            "keit",
            "schaft",
            "ion",
            "tag",
            "zeit",
            "woche",
            "feier",
            "fest",
            "treffen",
            "arbeit",
            "wahl",
            "messe",
            "gang",
        )
    )


def _name_end(reading: Reading, taken: list[bool], vocabulary: object, i: int, *, quoted: bool) -> int:
    tokens, sentence = reading.words, reading.sentence[i]
    roles = role_vocabulary("de")
    last = i + 1
    if quoted:
        for j in range(i, min(len(tokens), i + _MAX_TOKENS)):
            if tokens[j] in '“"«”':
                return j
            if reading.sentence[j] != sentence:
                break
        return i
    while last < len(tokens) and last - i < _MAX_TOKENS and reading.sentence[last] == sentence and not taken[last]:
        word = tokens[last]
        joined = reading.starts[last] == reading.ends[last - 1]
        if (word == "-" and joined) or word in _SIGNS:
            if last + 1 >= len(tokens) or taken[last + 1] or not tokens[last + 1][0].isalnum():
                break
            if word == "-" and roles.lookup(tokens[last + 1]) is not None:
                break
            last += 2
        elif (word[0].isupper() and roles.lookup(word) is None) or word.isdigit():
            last += 1
        else:
            break
    tail = organisations.LEGAL_TAIL.match(reading.text, reading.ends[last - 1])
    if tail is not None:
        _, last = reading.token_range(reading.ends[last - 1], tail.end())
    return last
