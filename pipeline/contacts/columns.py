"""Which column of a file is which field: names of German and English exports, and what stands in the cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

import data
from pipeline.errors import OpenerError
from pipeline.identity.folding import fold
from pipeline.identity.person_names import parse_person


def squeezed(text: str) -> str:
    """Return a header or status folded, without spaces and punctuation."""
    return re.sub(r"[^a-z0-9✓]+", "", fold(text))


@dataclass(frozen=True)
class ColumnVocabulary:
    """Squeezed words: column name -> field, status -> outcome, yes and no words, headers typical of a system."""

    fields: dict[str, str]
    systems: dict[str, frozenset[str]]
    outcomes: dict[str, str]
    no_meaning: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]


@cache
def vocabulary() -> ColumnVocabulary:
    """Return `data/identity/columns.yml`, squeezed."""
    raw: dict[str, Any] = yaml.safe_load(data.path("identity", "columns.yml").read_text("utf-8"))
    fields: dict[str, str] = {}
    for name, words in raw["fields"].items():
        for word in words:
            fields.setdefault(squeezed(str(word)), name)
    outcomes = {squeezed(str(w)): name for name, words in raw["outcomes"].items() for w in words}
    return ColumnVocabulary(
        fields, {k: frozenset(squeezed(str(w)) for w in v) for k, v in raw["systems"].items()}, outcomes,
        frozenset(squeezed(str(w)) for w in raw["no_meaning"]), frozenset(squeezed(str(w)) for w in raw["yes_words"]),
        frozenset(squeezed(str(w)) for w in raw["no_words"]),
    )  # fmt: skip


@dataclass
class Mapping:
    """`fields`: field -> column indexes (the first filled one is taken); `ignored`: columns without a use."""

    fields: dict[str, list[int]] = field(default_factory=dict)
    ignored: list[int] = field(default_factory=list)
    system: str = "csv"

    def first(self, name: str) -> int | None:
        """Return the first column of a field; None when the file has none."""
        found = self.fields.get(name)
        return found[0] if found else None


_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", re.I)
_PHONE = re.compile(r"^[+(0][\d\s()/.\-]{5,}$")
# Words around a field's name: "Person - E-Mail - Büro", "Postanschrift (Straße)", "Telefon geschäftlich", "E-Mail 2"
_SUFFIX = re.compile(
    r"(?:geschaftlich|gesch|business|work|buro|arbeit|privat|private|home|personlich|andere|other|[1-9]|primary|primar|haupt)$"
)
_PREFIX = re.compile(
    r"^(?:person|kontakt|contact|lead|kunde|customer|organisation|organization|postanschrift|rechnungsanschrift|mailing|"
    r"billing|business|geschaftlich|primary|primar|haupt|work|home|privat|associated|zugeordnete[rs]?)"
)


def _field_of(header: str, fields: dict[str, str]) -> str | None:
    """Return the field that a squeezed header names, also with a prefix or suffix of its system."""
    for text in (header, _SUFFIX.sub("", header), _PREFIX.sub("", header), _SUFFIX.sub("", _PREFIX.sub("", header))):
        if text in fields:
            return fields[text]
    return None


def recognise(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> Mapping:
    """Map columns by name, and mail addresses and phones by content; `sample` are a few rows of cells."""
    known = vocabulary()
    mapping = Mapping()
    squeezed_headers = [squeezed(h) for h in headers]
    best = max(known.systems, key=lambda s: len(known.systems[s] & set(squeezed_headers)))
    if len(known.systems[best] & set(squeezed_headers)) >= 2:
        mapping.system = best
    for at, header in enumerate(squeezed_headers):
        name = _field_of(header, known.fields)
        if header in ("titel", "title"):
            name = _title_or_role([row[at] for row in sample if at < len(row)], mapping.system, squeezed_headers)
        if name is None:
            name = _by_content([row[at] for row in sample if at < len(row)])
        if name is None:
            mapping.ignored.append(at)
        else:
            mapping.fields.setdefault(name, []).append(at)
    if "person" in mapping.fields and "last_name" not in mapping.fields and "first_name" in mapping.fields:
        mapping.fields["last_name"] = mapping.fields.pop("person")  # Vorname; Name
    if "person" in mapping.fields and "company" not in mapping.fields and "last_name" in mapping.fields:
        mapping.fields["company"] = mapping.fields.pop("person")  # Name; Vorname; Nachname: the first is the house
    return mapping


def _title_or_role(cells: Sequence[str], system: str, headers: Sequence[str]) -> str:
    """Tell "Dr." from "Geschäftsführerin": systems call either a title."""
    filled = [c for c in cells if c.strip()]
    if filled:
        academic = sum(not any(len(p) > 1 for p in parse_person(c).surname_parts) for c in filled)
        return "title" if academic * 2 > len(filled) else "role"
    others = ("jobtitle", "jobtitel", "position", "funktion", "rolle", "role")
    return "title" if system == "vicidial" or "titel" in headers or any(h in others for h in headers) else "role"


def _by_content(cells: Sequence[str]) -> str | None:
    filled = [c.strip() for c in cells if c and c.strip()]
    if len(filled) < 3:
        return None
    for name, pattern in (("email", _MAIL), ("phone", _PHONE)):
        if sum(bool(pattern.match(c)) for c in filled) >= 0.8 * len(filled):
            return name
    return None


def named(headers: Sequence[str], wanted: str, option: str, file: str) -> list[int]:
    """Return the indexes of the columns a user named, comma-separated; raises OpenerError for an unknown one."""
    if wanted in headers:
        return [list(headers).index(wanted)]
    found = []
    lookup = {squeezed(h): at for at, h in enumerate(headers)}
    for part in wanted.split(","):
        at = lookup.get(squeezed(part))
        if at is None:
            raise OpenerError(f"{file}: no column {part.strip()!r} for {option}; it has {', '.join(headers)}")
        found.append(at)
    return found


def outcome_of(status: str) -> str | None:
    """Return the call-log outcome that a status words; None when it says nothing about calls."""
    word = squeezed(status)
    return vocabulary().outcomes.get(word)


def flag_of(cell: str) -> bool | None:
    """Return what a yes/no cell says; None when it is neither."""
    word = squeezed(cell)
    if word in vocabulary().yes:
        return True
    return False if word in vocabulary().no or not word else None
