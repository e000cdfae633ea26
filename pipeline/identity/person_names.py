"""Person names taken apart: title, given names, particles, surnames, gender where the form of address tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.identity.folding import fold
from pipeline.identity.vocabulary import names

_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BIRTH = re.compile(r"[,(]?\s*\b(?:geb(?:oren|\.)?|gebürtige[r]?|verw\.|gesch\.|né[e]?)\s+([^\s,()]+)\)?", re.I)
_GENDER_FORM = re.compile(r"(?<=\w)[*:_/](?:-?in(?:nen)?|-?r|-?n)\b", re.I)
_EDGE = " .,;:!?\"'“”„«»*|/\\<>()[]{}"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in parts, as worded in `title`, `given`, `surname` (with particles), `birth_name`.

    `given_parts` and `surname_parts` are folded, without particles, hyphenated ones split; an initial is one
    letter. `gender` is "m", "f" or "" (not told).
    """

    title: str
    given: str
    surname: str
    given_parts: tuple[str, ...]
    surname_parts: tuple[str, ...]
    gender: str
    birth_name: str = ""


@lru_cache(maxsize=65_536)
def _is_title(word: str) -> bool:
    """True for academic titles and grades, also joined ones: Dr., Dipl.-Ing., Dr.-Ing., Mag., M.Sc., h.c."""
    folded = fold(word)
    vocabulary = names().titles
    whole = folded.replace(".", "").replace("-", "")
    if whole in vocabulary and ("." in word or len(whole) > 2 or whole in ("dr", "di")):
        return True
    pieces = [p for p in re.split(r"[.\-/]", folded) if p]
    return "." in word and len(pieces) > 1 and all(p in vocabulary for p in pieces)


def _split_parts(words: list[str]) -> tuple[str, ...]:
    parts: list[str] = []
    particles = names().particles
    for word in words:
        for piece in re.split(r"[-.\u2010\u2011/]", fold(word)):
            clean = piece if piece.isalnum() else "".join(c for c in piece if c.isalnum())
            if clean and (clean not in particles or (len(word) <= 2 and word[0].isupper())):  # "V." is an initial
                parts.append(clean)
    return tuple(parts)


def _is_initial(word: str) -> bool:
    bare = word.rstrip(".")
    return len(bare) == 1 and bare.isalpha()


def parse_person(raw: str) -> PersonName:
    """Take a name apart: "Dr. Hans-Peter von der Au", "Müller, Max", "HERR ARNE DÖRING", "M. Koch".

    Never raises; a name without a given name has `given` "". The last word is the surname unless a comma turns
    the order round; particles and noble titles belong to the surname.
    """
    text = raw.translate({0xA0: " ", 0x2010: "-", 0x2011: "-"})
    birth = _BIRTH.search(text)
    birth_name = birth[1] if birth else ""
    if birth:
        text = text[: birth.start()] + " " + text[birth.end() :]
    text = _GENDER_FORM.sub("", _BRACKETS.sub(" ", text))
    vocabulary = names()
    titles: list[str] = []
    gender = ""
    segments: list[list[str]] = []
    for segment in text.split(","):
        kept: list[str] = []
        for word in _SPACES.split(segment.replace(".-", ".-").strip()):
            bare = word.strip(_EDGE)
            if not bare:
                continue
            address = vocabulary.salutations.get(fold(bare).replace(".", ""))
            if address is not None and (not kept or "." in word):
                gender = address
                continue
            if _is_title(word.strip(",;")):
                titles.append(word.strip(",;"))
                continue
            kept.append(word.strip(_EDGE) + ("." if _is_initial(bare) and word.rstrip(",").endswith(".") else ""))
        if kept:
            segments.append(kept)
    title = " ".join(titles)
    if not segments:
        return PersonName(title, "", "", (), (), gender, birth_name)
    if len(segments) > 1:
        surname_words, given_words = segments[0], segments[1]
    else:
        given_words, surname_words = _last_is_surname(segments[0])
    # "Graf Max von Au": the noble title goes with the surname
    noble = [w for w in given_words if fold(w) in vocabulary.nobility]
    if noble:
        given_words = [w for w in given_words if w not in noble]
        surname_words = noble + surname_words
    if given_words and fold(given_words[-1]) in vocabulary.particles and len(segments) > 1:
        while given_words and fold(given_words[-1]) in vocabulary.particles:
            surname_words = [given_words.pop(), *surname_words]
    surname_parts = _split_parts([w for w in surname_words if fold(w) not in vocabulary.nobility])
    given_parts = _split_parts(given_words)
    if not surname_parts:
        surname_parts = _split_parts(surname_words) or tuple(fold(w) for w in surname_words)
    if not gender and given_parts:
        gender = vocabulary.gender.get(given_parts[0], "")
    return PersonName(
        title, " ".join(given_words), " ".join(surname_words), given_parts, surname_parts, gender, birth_name
    )


def _last_is_surname(words: list[str]) -> tuple[list[str], list[str]]:
    """Split words in the order given–surname; particles before the surname belong to it."""
    vocabulary = names()
    cut = len(words) - 1
    if cut > 0 and _is_initial(words[-1]) and not _is_initial(words[0]):
        return words[1:], words[:1]  # "Müller M."
    # "Otto Kranz" after a known given name may be one double surname ("Agnes Otto Kranz"): the comparison decides
    for at in range(1, len(words) - 1):
        if fold(words[at]) in vocabulary.particles or fold(words[at]) in vocabulary.nobility:
            cut = at
            break
    else:
        if len(words) > 1 and fold(words[0]) in vocabulary.particles:
            cut = 0
    return words[:cut], words[cut:]


@cache
def _needs_parsing() -> frozenset[str]:
    vocabulary = names()
    return vocabulary.titles | vocabulary.particles | vocabulary.nobility | frozenset(vocabulary.salutations)


@lru_cache(maxsize=65_536)
def plain_word(word: str) -> tuple[str, ...] | None:
    """Return the folded parts of a word: () for a title or form of address; None when the parser must look."""
    if word.endswith("."):
        if _is_initial(word):
            return (fold(word[:-1]),)
        return () if _is_title(word) else None
    if not word.replace("-", "").isalpha():
        return None
    parts = tuple(p for p in fold(word).split("-") if p)
    if not parts or len(word) == 1 or any(p in _needs_parsing() for p in parts):
        return None
    return parts


def name_parts(raw: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the folded given and surname parts of `parse_person`, faster for names of plain words."""
    words = raw.split(" ")
    if 2 <= len(words) <= 5:
        turned = words[0].endswith(",")
        if turned:
            words = [*words[1:], words[0][:-1]]
        given: list[str] = []
        *before, last = words
        surname = plain_word(last)
        if surname and len(surname[0]) > 1:
            for word in before:
                parts = plain_word(word)
                if parts is None:
                    break
                given += parts
            else:
                if given or not turned:
                    return tuple(given), surname
    parsed = parse_person(raw)
    return parsed.given_parts, parsed.surname_parts


PARSER_CACHES = (_is_title, plain_word)
