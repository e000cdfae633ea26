"""Organisations named by a description: "das Klinikum", "Vorsitzender des Verbands" after "Handelsverband Nord"."""

from __future__ import annotations

import functools
from typing import Final

from enrich.nlp import organisations
from enrich.nlp.english_cues import described_kinds, english_description
from enrich.nlp.names import Name, Names, make_name
from enrich.nlp.reading import Reading
from enrich.records import OrgKind
from enrich.vocabulary_files import words

_ARTICLES: Final = words(
    """der die das des dem den im am beim zum zur vom dieser diese dieses diesem diesen sein seine seiner seinem seinen ihr ihre
    ihrer ihrem ihren unser unsere unserer unserem the its his her their our this"""
)
_MAX = 40  # descriptions of one text
_NOT_COMPANY: Final = ("party", "club", "public", "education", "association")


def add_descriptions(reading: Reading, names: Names, language: str) -> None:
    """Add the descriptions to `names`: spans with `described` set, joined to the organisation that they refer to.

    A noun refers to the organisation that it is part of ("die Brauerei": "Brauerei Kessler"), else to the last one of its
    kind. Only organisations named before count, or the only one of the text.
    """
    spans = names.spans
    real = [n for n in spans if n.label == "ORG"]
    if not real:
        return
    kinds = [organisations.named_kind(o.name) for o in names.organisations]
    last: dict[int, int] = {}  # organisation to the place of its last name so far
    upcoming = 0
    added: list[Name] = []
    lowers, tokens = reading.lowers, reading.words
    for i in range(1, len(tokens)):
        while upcoming < len(real) and real[upcoming].last <= i:
            last[real[upcoming].cluster] = real[upcoming].first
            upcoming += 1
        if names.taken[i] or len(tokens[i]) < 4 or (language == "de" and not tokens[i][0].isupper()):
            continue
        if language == "en":
            told, *more = described_kinds(lowers[i]) or (None,)
            if told is None or not english_description(reading, i):
                continue
            nouns: tuple[str, ...] = (lowers[i].removesuffix("'s").removesuffix("’s"),)
        else:
            if not _is_described(reading, i) or (i + 1 < len(tokens) and _goes_on(reading, names, i)):
                continue
            told, more = organisations.described_kind(lowers[i]), []
            nouns = base_nouns(lowers[i])
        best: tuple[int, int, int] | None = None
        for number in last if last else ([0] if len(names.organisations) == 1 else []):
            core, kind = names.organisations[number].core, kinds[number]
            rank = max(fit_of(nouns, noun_kind, core, kind) for noun_kind in (told, *more))
            if rank and (best is None or (rank, last.get(number, 0)) > best[:2]):
                best = (rank, last.get(number, 0), number)
        if best is None:
            continue
        name = make_name(reading, i, i + 1, "ORG")
        name.cluster, name.described = best[2], True
        added.append(name)
        if len(added) >= _MAX:
            break
    for name in added:
        names.organisations[name.cluster].names.append(name)
    for number in {name.cluster for name in added}:
        names.organisations[number].names.sort(key=lambda n: n.first)
    spans.extend(added)
    spans.sort(key=lambda n: n.first)


def _is_described(reading: Reading, i: int) -> bool:
    """True for a noun after an article, with at most one adjective between."""
    sentence = reading.sentence[i]
    for back in (1, 2):
        at = i - back
        if at < 0 or reading.sentence[at] != sentence:
            return False
        if reading.lowers[at] in _ARTICLES:
            return True
        if not reading.words[at][0].islower() or not reading.lowers[at].endswith(("e", "en", "er", "es", "em")):
            return False
    return False


def _goes_on(reading: Reading, names: Names, i: int) -> bool:
    """True when the noun is only the beginning of a name or of a compound: "der Firma Koch", "die Bank-Aktie"."""
    following = reading.words[i + 1]
    if reading.sentence[i + 1] != reading.sentence[i]:
        return False
    if following == "-":
        return True
    if names.taken[i + 1]:
        return any(n.first == i + 1 and n.label == "ORG" for n in names.spans)
    return following[0] in '„»"“' or (following[0].isupper() and len(following) > 1)


@functools.lru_cache(maxsize=65_536)
def base_nouns(lower: str) -> tuple[str, ...]:
    """Return a noun without its inflection, with and without an umlaut's plural left alone."""
    found = [lower]
    for ending in ("es", "s", "en", "n"):
        if lower.endswith(ending) and len(lower) - len(ending) > 3:
            found.append(lower[: -len(ending)])
    return tuple(found)


@functools.lru_cache(maxsize=65_536)
def fit_of(nouns: tuple[str, ...], told: OrgKind | None, core: tuple[str, ...], kind: OrgKind | None) -> int:
    """Tell how well a noun fits an organisation: 2 part of its name, 1 its kind, 0 not at all."""
    for noun in nouns:
        stem = organisations.stem(noun)
        if any(token in (noun, stem) or (len(noun) > 4 and token.endswith((noun, stem))) for token in core):
            return 2
    if told is None:
        return 0
    if told == "company":
        return int(kind is None or kind not in _NOT_COMPANY)
    return int(told == kind)
