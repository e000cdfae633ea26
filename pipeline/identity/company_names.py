"""Company names folded to a core: legal form off, alias table, tokens, acronym."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.identity.folding import fold
from pipeline.identity.vocabulary import load

_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b\.?)?|\b[a-z]\.(?=[a-z]{2,3}\b)")
_WORDS = re.compile(r"[a-z0-9]+|[^\W_]+")
_BRACKET = re.compile(r"\(([^()]*)\)")
_LEGAL_TYPO = re.compile(r"^(?:g?m?b?h|[a-z]?g[a-z]?m[a-z]?b[a-z]?h|g[a-z]bh|gm[a-z]h|gmb[a-z]|mgbh|gbmh|gmhb)$")
MAX_TOKENS = 6


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company name for comparison: `core` without legal form, `tokens` that say something, `acronym` or ""."""

    core: str
    tokens: tuple[str, ...]
    acronym: str


@cache
def _legal() -> tuple[re.Pattern[str], frozenset[str]]:
    raw = load("companies.yml")
    phrases = sorted((fold(p) for p in raw["legal_phrases"]), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b"), frozenset(map(str, raw["legal_words"]))


def _words(folded: str) -> list[str]:
    joined = _DOTTED.sub(lambda m: re.sub(r"[.\s]", "", m[0]) + (" " if m[0].count(".") > 1 else ""), folded)
    found = _WORDS.findall(joined)
    if len(found) > 1 and all(len(w) == 1 for w in found):
        return ["".join(found)]  # "H&M", "S+P"
    return found


@cache
def _phrase_words() -> frozenset[str]:
    raw = load("companies.yml")
    return frozenset(w for phrase in raw["legal_phrases"] for w in fold(phrase).split())


@lru_cache(maxsize=65_536)
def simple_word(word: str) -> tuple[str, ...] | None:
    """Return the tokens of one word that means the same in any company; None when the whole name must be read."""
    if word.isalpha() or word in ("&", "+"):
        folded = fold(word)
        if (len(word) == 1 and word.isalpha()) or folded in _phrase_words():
            return None
        return tuple(_WORDS.findall(folded))
    if word == "Co.":
        return ("co",)
    plain = word.replace("-", "")
    return tuple(_WORDS.findall(fold(word))) if plain.isalpha() and len(word) > 3 else None


def _core_words(raw: str) -> tuple[list[str], str]:
    """Return the words of a name without its legal form, and a bracketed alias."""
    phrases, legal = _legal()
    words: list[str] = []
    for piece in raw.split():
        found = simple_word(piece)
        if found is None:
            break
        words += found
    else:
        return _without_legal_form(words, legal), ""
    alias = ""
    folded = fold(raw)
    for inner in _BRACKET.findall(folded):
        words = [w for w in _words(phrases.sub(" ", inner)) if w not in legal]
        if len(words) == 1 and 2 <= len(words[0]) <= 12:
            alias = words[0]
    folded = _BRACKET.sub(" ", folded)
    if "haft" in folded or "gesell" in folded or "eingetr" in folded or "recht" in folded or "societas" in folded:
        folded = phrases.sub(" ", folded)
    return _without_legal_form(_words(folded), legal), alias


def _without_legal_form(words: list[str], legal: frozenset[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 1 and (kept[-1] in legal or _LEGAL_TYPO.match(kept[-1])):
        kept.pop()
    inside = [w for at, w in enumerate(kept) if at == 0 or w not in _INSIDE]
    return inside or words


_INSIDE = ("gmbh", "ag", "kg", "ohg", "kgaa", "ug", "mbh")


def legal_words(word: str) -> tuple[bool, bool]:
    """Tell of a folded word whether it goes at the end of a name, and whether it goes inside of it."""
    return word in _legal()[1] or bool(_LEGAL_TYPO.match(word)), word in _INSIDE


def plain_core(raw: str) -> str:
    """Return the folded core without the alias table: "Müller & Söhne GmbH" gives "muller sohne"."""
    words, _ = _core_words(raw)
    return " ".join(w for at, w in enumerate(words) if at == 0 or w not in ("und", "and", "et"))


@dataclass(frozen=True)
class CompanyVocabulary:
    """Company words: `generic` say little, `alias` maps a folded core to the folded core of the whole group.

    `trades` are words that many towns have a house of: they do not tell one from the other.
    """

    generic: frozenset[str]
    alias: dict[str, str]
    trades: frozenset[str]


@cache
def companies() -> CompanyVocabulary:
    """Return the company vocabulary of `data/identity/companies.yml`."""
    raw = load("companies.yml")
    alias: dict[str, str] = {}
    for group in [*raw["aliases"], *raw["renames"]]:
        first = plain_core(str(group[0]))
        for name in group:
            alias[plain_core(str(name))] = first
    generic, trades = (frozenset(fold(str(word)) for word in raw[name]) for name in ("generic", "trades"))
    return CompanyVocabulary(generic, alias, trades)


@lru_cache(maxsize=65_536)
def parse_company(raw: str) -> CompanyName:
    """Fold a company name for comparison; an empty or unusable name gives empty parts. Never raises."""
    return read_company(raw)


def read_company(raw: str) -> CompanyName:
    """Do what `parse_company` does, without remembering the result (for lists of distinct names)."""
    return company_of(*_core_words(raw))


def company_of(words: list[str], bracket: str) -> CompanyName:
    """Return the name that folded words without a legal form, and a bracketed alias, stand for."""
    vocabulary = companies()
    core = " ".join(w for at, w in enumerate(words) if at == 0 or w not in ("und", "and", "et"))
    if core in vocabulary.alias:
        core = vocabulary.alias[core]
        words = core.split()
    elif bracket in vocabulary.alias:
        core = vocabulary.alias[bracket]
        words = core.split()
    tokens = tuple(dict.fromkeys(w for w in words if w not in vocabulary.generic))[:MAX_TOKENS]
    if not tokens:
        tokens = tuple(dict.fromkeys(words))[:MAX_TOKENS]
    acronym = bracket
    if not acronym and len(tokens) >= 3:
        acronym = "".join(w[0] for w in tokens)
    elif not acronym and len(tokens) == 1 and 2 <= len(tokens[0]) <= 6:
        acronym = tokens[0]
    return CompanyName(core, tokens, acronym)


def legal_form_of(raw: str) -> str | None:
    """Return the legal form as worded at the end of a name ("GmbH & Co. KG"); None when there is none."""
    phrases, legal = _legal()
    words = raw.split()
    start = len(words)
    while start > 1:
        tail = fold(" ".join(words[start - 1 :]))
        known = all(w in legal for w in _words(phrases.sub(" ", tail))) and bool(_WORDS.search(tail))
        if not (known or words[start - 1] in ("&", "und", "+")):
            break
        start -= 1
    while start < len(words) and words[start] in ("&", "und", "+"):
        start += 1
    if start == len(words):
        match = phrases.search(fold(raw))
        if match and match.end() == len(fold(raw)) and len(fold(raw)) == len(raw):
            return raw[match.start() :]
        return None
    return " ".join(words[start:])
