"""Roles, organisation kinds and triggers, read once from their data files."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any, cast, get_args

import yaml

import data
from enrich.records import OrgKind, RoleLevel, Trigger

LEVELS: tuple[RoleLevel, ...] = ("owner", "board", "executive", "head", "spokesperson", "specialist", "member")
_INCLUSIVE = re.compile(r"([:*_/]-?in(nen)?|/-in|\(in\)|[iI]n(nen)?)$")


@dataclass(frozen=True, slots=True)
class Reason:
    """One trigger: strength by order, half-life in days, wording per language, patterns on lower-case sentences."""

    name: Trigger
    half_life_days: float
    wording: dict[str, str]
    pattern: re.Pattern[str] | None


def _load(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load(data.path(name).read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


class Roles:
    """Tells whether a word is a role and how much its holder decides."""

    def __init__(self, language: str) -> None:
        found = _load("roles.yml")
        self.language = language
        self._words: dict[str, RoleLevel] = {}
        self._phrases: dict[str, RoleLevel] = {}
        self._endings: list[tuple[str, RoleLevel]] = []
        for level in LEVELS:
            entry = found[language][level]
            for word in entry["words"]:
                target = self._phrases if " " in word else self._words
                target.setdefault(str(word), level)
            self._endings.extend((str(ending), level) for ending in entry["endings"])
        self._endings.sort(key=lambda pair: -len(pair[0]))
        self.negative = frozenset(found["negative"][language])
        self.credits = frozenset(found["credits"])
        self._level = functools.lru_cache(maxsize=50_000)(self._level_of)

    @property
    def phrases(self) -> dict[str, RoleLevel]:
        """Roles of several words."""
        return self._phrases

    def level(self, word: str) -> RoleLevel | None:
        """Return the level of a single word, None when it is no role."""
        return self._level(word.lower() if self.language == "en" else word)

    def _level_of(self, word: str) -> RoleLevel | None:
        if len(word) < 2 or (self.language == "de" and not word[0].isupper()):
            return None
        lower = word.lower().strip("-")
        for form in self._forms(lower):
            if form in self._words:
                return self._words[form]
        for form in self._forms(lower):
            for ending, level in self._endings:
                if form.endswith(ending) and len(form) > len(ending) + 1:
                    return level
        return None

    def _forms(self, word: str) -> list[str]:
        forms = [word]
        if self.language == "en":
            return [*forms, word.removesuffix("s")] if word.endswith("s") else forms
        bare = _INCLUSIVE.sub("", word)
        if bare != word:
            forms += [bare, bare.replace("ä", "a") if bare.endswith("vorständ") else bare]
            if bare.endswith("ständ"):
                forms.append(bare[:-4] + "and")
        for ending in ("en", "es", "s", "n", "e", "r"):
            if word.endswith(ending) and len(word) > len(ending) + 3:
                forms.append(word[: -len(ending)])
        if word.endswith("frau"):
            forms += [word[:-4] + "mann"]
        return forms

    def is_negative(self, word: str) -> bool:
        """True for words that make a person no lead."""
        lower = word.lower()
        return lower in self.negative or any(lower.endswith(n) and len(n) > 6 for n in self.negative)


@functools.cache
def roles(language: str) -> Roles:
    """Return the role vocabulary of a language, German for unknown ones."""
    return Roles(language if language in ("de", "en") else "de")


@functools.cache
def reasons() -> tuple[Reason, ...]:
    """Return all triggers, strongest first."""
    known = set(get_args(Trigger))
    found = []
    for name, entry in _load("triggers.yml").items():
        assert name in known, name
        pattern = re.compile("|".join(entry["patterns"])) if entry["patterns"] else None
        found.append(
            Reason(cast(Trigger, name), float(entry["half_life_days"]), {"de": entry["de"], "en": entry["en"]}, pattern)
        )
    return tuple(found)


@functools.cache
def _kind_pattern() -> re.Pattern[str]:
    parts = []
    for kind, words in _load("org_kinds.yml").items():
        alternatives = []
        for word in words:
            text = str(word)
            left = r"\b" if text[0].isalnum() and len(text) <= 5 else ""
            right = r"\b" if text[-1].isalnum() and len(text) <= 5 else ""
            alternatives.append(left + re.escape(text) + right)
        parts.append(f"(?P<{kind}>{'|'.join(alternatives)})")
    return re.compile("|".join(parts))


_COMPANY_FORM = re.compile(r"\b(gmbh|mbh|ag|se|kg|kgaa|ohg|ug|e\.? ?k\.?|plc|ltd|limited|inc|llc|llp|co)\b\.?")
_ASSOCIATION_FORM = re.compile(r"\be\. ?v\.?")


@functools.lru_cache(maxsize=20_000)
def org_kind(name: str) -> OrgKind:
    """Tell by its name what an organisation is; a commercial legal form decides for company."""
    lower = f"{name.lower()} "
    if _COMPANY_FORM.search(lower) and not lower.startswith(("verlag", "radio")):
        return "company"
    if _ASSOCIATION_FORM.search(lower):
        return "association"
    best: tuple[int, str] | None = None
    order = {kind: i for i, kind in enumerate(_load_kinds())}
    for match in _kind_pattern().finditer(lower):
        kind = match.lastgroup or "company"
        if best is None or order[kind] < best[0]:
            best = (order[kind], kind)
    return best[1] if best else "company"  # type: ignore[return-value]


@functools.cache
def _load_kinds() -> tuple[str, ...]:
    return tuple(_load("org_kinds.yml"))
