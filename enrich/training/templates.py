"""Sentences from `data/training/templates.yml`, their slots filled with invented names."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import yaml

from enrich.training.corpora import LABELS, Example
from enrich.training.names import NamePool
from enrich.training.organisations import acronym, coined, coined_lower, joined, known, oblique, of_place, public_body

_SLOT = re.compile(r"\{([A-Za-z_]+)(\d?)\}")  # a slot with a number has one value in the whole template
_WORDS = (
    "Nebel",
    "Herbst",
    "Licht",
    "Wasser",
    "Schrauben",
    "Dübel",
    "Morgen",
    "Abschied",
    "Kaffee",
    "Kuchen",
    "Love",
    "Forever",
)


def load_templates(path: Path) -> list[str]:
    """Read the templates; raises ValueError for a slot that nothing fills."""
    templates = yaml.safe_load(path.read_text("utf-8"))
    for number, template in enumerate(templates, 1):
        for slot, _ in _SLOT.findall(template):
            if slot not in _FILLERS:
                raise ValueError(
                    f"{path.name}: template {number} has the unknown slot {{{slot}}}; known: {sorted(_FILLERS)}"
                )
    return list(templates)


def _person(names: NamePool, rng: random.Random) -> str:
    return f"{names.given_name(rng)} {names.surname(rng)}"


def _like_a_person(names: NamePool, rng: random.Random) -> str:
    return rng.choice(known("like_a_person")) if rng.random() < 0.5 else _person(names, rng)


def _handle(names: NamePool, rng: random.Random) -> str:
    """An account of an organisation in a social network: "novatec_info", "SBBDialog", "verkehrsbetriebe"."""
    base = rng.choice((acronym(rng), coined(rng), rng.choice(known("short")), rng.choice(known("known"))))
    base = base.replace(" ", "") if rng.random() < 0.5 else base.replace(" ", "").lower()
    return base + rng.choice(("", "", "", "_info", "_presse", "dialog", "_de", "news", "_Service", "Paket"))


_CENTRES = (
    "Zentrum",
    "Institut",
    "Stiftung",
    "Gesellschaft",
    "Hochschule",
    "Klinik",
    "Amt",
    "Landesamt",
    "Akademie",
    "Verband",
)
_SUBJECTS = ("Energie", "Umwelt", "Wirtschaft", "Technik", "Kultur", "Verkehr", "Neurologie", "Psychiatrie", "Politik", "Handel",
             "Forstwirtschaft", "Logistik", "Sicherheit", "Informatik", "Gestaltung", "Recht", "Pflege", "Bildung")  # fmt: skip
_WATERS = ("am Inn", "an der Donau", "am Main", "an der Ems", "im Allgäu", "am See", "(Oder)", "ob der Tauber")


_FILLERS: dict[str, Callable[[NamePool, random.Random], str]] = {
    "PER": _person,
    "LOC": lambda names, rng: rng.choice(names.places),
    "ORG_PERSON": lambda names, rng: _person(names, rng) if rng.random() < 0.6 else f"{names.surname(rng)} {names.surname(rng)}",
    "ORG_SURNAME": lambda names, rng: names.surname(rng),
    "ORG_BRAND": lambda names, rng: coined(rng),
    "ORG_COMPANY": lambda names, rng: names.company(rng),
    "ORG_PUBLIC": lambda names, rng: public_body(names.places, rng),
    "ORG_ANY": lambda names, rng: names.organisation(rng),
    "ORG_JOINED": lambda names, rng: joined(names.surname(rng), names.places, rng),
    "ORG_SMALL": lambda names, rng: coined_lower(rng),
    "ORG_KNOWN": lambda names, rng: rng.choice(known(rng.choice(("known", "known", "known", "short")))),
    "ORG_LIKE_A_PERSON": _like_a_person,
    "ORG_MEDIA": lambda names, rng: rng.choice(known("media")),
    "ORG_BODY": lambda names, rng: rng.choice(known("body")),
    "ORG_BODY_OBLIQUE": lambda names, rng: oblique(rng.choice(known("body"))),
    "ORG_SHORT": lambda names, rng: rng.choice(known("short")) if rng.random() < 0.5 else acronym(rng),
    "ORG_HANDLE": _handle,
    "ORG_FOR_TWO": lambda names, rng: f"{rng.choice(_CENTRES)} für {rng.choice(_SUBJECTS)} und {rng.choice(_SUBJECTS)}",
    "PER_SURNAME": lambda names, rng: names.surname(rng),
    "PER_INITIAL": lambda names, rng: f"{names.given_name(rng)} {rng.choice('ABCDEFGHKLMRSW')}.",
    "LOC_LONG": lambda names, rng: f"{rng.choice(names.places)} {rng.choice(_WATERS)}",
    "of_place": lambda names, rng: of_place(rng.choice(names.places)),
    "handle": lambda names, rng: f"{names.given_name(rng).replace('-', '')}{rng.choice(('', '_', 'L', '1987', '_x'))}",
    "name": _person,
    "given": lambda names, rng: names.given_name(rng),
    "surname": lambda names, rng: names.surname(rng),
    "word": lambda names, rng: rng.choice(_WORDS),
}  # fmt: skip


def fill(template: str, names: NamePool, rng: random.Random) -> Example:
    """Fill the slots of one template; slots in capitals become spans, the others do not."""
    fixed: dict[str, str] = {}
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = length = 0
    for slot in _SLOT.finditer(template):
        before, value = template[at : slot.start()], _FILLERS[slot[1]](names, rng)
        if slot[2]:
            value = fixed.setdefault(slot[0].lower(), value)
        parts += [before, value]
        length += len(before)
        label = slot[1].partition("_")[0]
        if label in LABELS:
            spans.append((length, length + len(value), label))
        length += len(value)
        at = slot.end()
    parts.append(template[at:])
    return Example("template", "".join(parts), tuple(spans))
