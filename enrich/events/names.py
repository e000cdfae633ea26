"""Is this a person's name? And what stands beside it: role and organisation.

Names are told from other capitalised words by shape, by a vocabulary of given names and by words that never occur
in names (data/event_given_names.yml, data/event_people.yml). Everything works on short texts and is linear.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from enrich.events.vocabularies import vocabulary_file

MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a page names them; `sure`: the given name is known, not only the shape is right."""

    name: str
    role: str | None = None
    company: str | None = None
    sure: bool = False


def words() -> dict[str, Any]:
    """Return the vocabulary data/event_people.yml."""
    return vocabulary_file("event_people.yml")


@cache
def word_set(key: str) -> frozenset[str]:
    return frozenset(str(word) for word in words()[key])


@cache
def given_names() -> frozenset[str]:
    """Return the known given names, lower case."""
    loaded = vocabulary_file("event_given_names.yml")
    return frozenset(fold(name) for name in str(loaded["names"]).split())


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return a text in lower case without accents; ä, ö, ü become ae, oe, ue."""
    text = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("’", "'")
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


_TITLE = re.compile(
    r"^(?:(?:univ\.?-?\s?)?prof(?:essor(?:in)?)?\b\.?(?:in\b)?|(?:d|D)r\b\.?(?:-ing\.?)?|dipl\.?-?\s?(?:[a-zäöü]{2,12}\.?)?(?:\s?\(fh\))?"
    r"|ing\.|mag\.(?:a\b)?|herrn?\b|frau\b|mrs?\b\.?|ms\b\.?|sir\b|dame\b|hon\.|rev\.|ra\b|stb\b|wp\b|med\.|rer\.|nat\.|jur\.|phil\.|pol\.|oec\.|h\.\s?c\.|habil\."
    r"|m\.?\s?a\.|b\.?\s?a\.|m\.?\s?sc\b\.?|b\.?\s?sc\b\.?|mba\b|ph\.?d\.?|techn\.|theol\.|vet\.|agr\.|dr\.\s?in\b|pd\b|lic\.|fh-prof\.|ddr\.|kr\b|komm\.?-?rat\b)\s*",
    re.I,
)
_SUFFIX = re.compile(
    r"(?:,?\s+(?:jr|sr|ii|iii|iv)\.?|,\s*(?:ph\.?\s?d|m\.?\s?sc|b\.?\s?sc|m\.?\s?a|b\.?\s?a|mba|ll\.?\s?m|mph|esq|cpa|llb|bsc|msc|dipl\.?-[\w-]{2,16}|cfa|cissp|rn|md|j\.?d|m\.?\s?ed|mag|dr|fh)\b\.?(?:\s\([\w ]{2,12}\))?)+$",
    re.I,
)
_TOKEN = re.compile(r"^[^\W\d_]+(?:['’`-][^\W\d_]+)*$")
_INITIAL = re.compile(r"^(?:[A-ZÄÖÜ]\.)(?:-?[A-ZÄÖÜ]\.)*$")
_NICK = re.compile(
    r"\s(?:\"[\w .-]{2,20}\"|'[\w .-]{2,20}'|“[\w .-]{2,20}”|„[\w .-]{2,20}“|«[\w .-]{2,20}»|\([\w .-]{2,20}\)|‘[\w .-]{2,20}’)(?=\s)"
)
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "dem",
        "zu",
        "zur",
        "vom",
        "da",
        "di",
        "del",
        "della",
        "dos",
        "do",
        "du",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ten",
        "ter",
        "af",
        "av",
        "zum",
        "y",
        "e",
    ]
)


def strip_titles(text: str) -> str:
    """Remove forms of address and academic titles around a name: "Prof. Dr. Eva Maurer, MBA" -> "Eva Maurer"."""
    text = text.strip(' \t,;:|·•*-–—_»«"“”„')
    for _ in range(8):
        shorter = _TITLE.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter.lstrip(" .,")
    keep = re.search(r",?\s+(?:jr|sr|ii|iii|iv)\.?$", text, re.I)
    if not keep:
        text = _SUFFIX.sub("", text)
    return text.strip(" ,;:|*_")


@lru_cache(maxsize=50_000)
def name_of(text: str) -> tuple[str, int]:
    """Return (name without titles, certainty): 0 no name, 1 the shape of one, 2 with a known given name."""
    if not 4 <= len(text) <= MAX_NAME + 30:
        return "", 0
    name = strip_titles(text)
    if not 4 <= len(name) <= MAX_NAME:
        return "", 0
    bare = re.sub(r",?\s+(?:jr|sr|ii|iii|iv)\.?$", "", _NICK.sub(" ", name), flags=re.I)
    tokens = bare.split()
    if not 2 <= len(tokens) <= 6:
        return "", 0
    proper = 0
    for position, token in enumerate(tokens):
        after = position == len(tokens) - 1 and fold(tokens[position - 1]) in given_names()
        if token in _PARTICLES or token.lower() in ("von", "van", "de", "der"):
            joined = position > 0 and tokens[position - 1].lower() in ("van", "von", "auf", "de", "zu", "an", "in")
            if position in (0, len(tokens) - 1) or (token in ("den", "dem", "der", "zum") and not joined):
                return "", 0
            continue
        if _INITIAL.match(token):
            if position == len(tokens) - 1:
                return "", 0  # "Samantha M.": shortened on purpose
            continue
        if not _TOKEN.match(token) or not token[0].isupper() or _no_name_word(token, after_given_name=after):
            return "", 0
        if len(re.findall(r"(?<=[a-zäöüß])[A-ZÄÖÜ]", token)) > 1:
            return "", 0  # "DevSecOps"
        if len(token) > 3 and token.isupper() and not bare.isupper():
            shouting = [t for t in tokens if t.isupper() and len(t) > 3]
            if len(shouting) != 1 or position == 0:
                return "", 0
        proper += 1
    particle = next((at for at, token in enumerate(tokens) if at and token in ("von", "vom", "der")), 0)
    if particle > 1 and any(token.lower() in word_set("organisations") for token in tokens[particle:]):
        return "", 0  # "Eva Maurer von der Kanzlei Holm"
    first = tokens[0]
    if proper < 1 or (proper < 2 and not _INITIAL.match(first)):
        return "", 0
    known = any(part in given_names() for part in re.split(r"[-\s]", fold(first)))
    if not known and _INITIAL.match(first) and len(tokens) > 2:
        known = fold(tokens[1]) in given_names()
    return name, 2 if known else 1


def _no_name_word(token: str, *, after_given_name: bool = False) -> bool:
    lower = token.lower().strip("'’")
    if lower in word_set("not_names"):
        return not (after_given_name and lower in word_set("surnames_too"))
    if lower in given_names():
        return False
    if len(lower) > 7 and lower.endswith(_ORG_ENDINGS):
        return not after_given_name
    if after_given_name:  # Hoffmeister, Baumeister: surnames that end like a role
        return lower in word_set("roles") and lower not in word_set("surnames_too")
    parts = [part for part in lower.split("-") if len(part) > 3] if "-" in lower else []
    return is_role_word(lower) or any(part in word_set("not_names") for part in parts)


@cache
def _endings() -> tuple[str, ...]:
    return tuple(words()["role_endings"])


@lru_cache(maxsize=50_000)
def is_role_word(word: str) -> bool:
    """Tell whether a word makes a phrase a role: whole ("CEO") or as a German compound ("Vertriebsleiterin")."""
    word = word.lower().strip(".,;:()'’\"“”")
    if word in word_set("roles"):
        return True
    if len(word) > 9 and word.endswith(_endings()):
        return True
    return (
        any(part in word_set("roles") for part in re.split(r"[-/:*_]", word) if len(part) > 2)
        if re.search(r"[-/:*_]", word)
        else False
    )


@lru_cache(maxsize=20_000)
def has_role(text: str) -> bool:
    """Tell whether a phrase holds a role word."""
    return any(is_role_word(word) for word in text.split()[:24])


@lru_cache(maxsize=20_000)
def has_organisation(text: str) -> bool:
    """Tell whether a phrase holds a legal form or a word such as Universität or Verband."""
    for word in text.lower().split()[:24]:
        bare = word.strip(",;:()'’\"“”")
        if bare in word_set("organisations") or bare.rstrip(".") in word_set("organisations"):
            return True
        if len(bare) > 7 and bare.endswith(_ORG_ENDINGS):
            return True
        if "-" in bare and any(part in word_set("organisations") for part in bare.split("-") if len(part) > 2):
            return True
    return False


_ORG_ENDINGS = (
    "verband", "kammer", "verlag", "werke", "bank", "kasse", "institut", "hochschule", "universität", "akademie", "ministerium",
    "verein", "stiftung", "gesellschaft", "agentur", "gruppe", "klinik", "zentrum", "amt", "büro", "versicherung",
    "genossenschaft", "betriebe", "schule", "kanzlei", "beratung", "anwälte", "erei", "initiative", "netzwerk",
)  # fmt: skip
