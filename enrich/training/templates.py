"""Sentences from `data/training/templates.yml`, their slots filled with invented names."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import yaml

from enrich.training.corpora import LABELS, Example
from enrich.training.names import NamePool, coined, public_body

_SLOT = re.compile(r"\{(\w+)\}")
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
        for slot in _SLOT.findall(template):
            if slot not in _FILLERS:
                raise ValueError(
                    f"{path.name}: template {number} has the unknown slot {{{slot}}}; known: {sorted(_FILLERS)}"
                )
    return list(templates)


def _person(names: NamePool, rng: random.Random) -> str:
    return f"{names.given_name(rng)} {names.surname(rng)}"


_FILLERS: dict[str, Callable[[NamePool, random.Random], str]] = {
    "PER": _person,
    "LOC": lambda names, rng: rng.choice(names.places),
    "ORG_PERSON": lambda names, rng: _person(names, rng) if rng.random() < 0.6 else f"{names.surname(rng)} {names.surname(rng)}",
    "ORG_SURNAME": lambda names, rng: names.surname(rng),
    "ORG_BRAND": lambda names, rng: coined(rng),
    "ORG_COMPANY": lambda names, rng: names.company(rng),
    "ORG_PUBLIC": public_body,
    "name": _person,
    "given": lambda names, rng: names.given_name(rng),
    "surname": lambda names, rng: names.surname(rng),
    "word": lambda names, rng: rng.choice(_WORDS),
}  # fmt: skip


def fill(template: str, names: NamePool, rng: random.Random) -> Example:
    """Fill the slots of one template; slots in capitals become spans, the others do not."""
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = length = 0
    for slot in _SLOT.finditer(template):
        before, value = template[at : slot.start()], _FILLERS[slot[1]](names, rng)
        parts += [before, value]
        length += len(before)
        label = slot[1].partition("_")[0]
        if label in LABELS:
            spans.append((length, length + len(value), label))
        length += len(value)
        at = slot.end()
    parts.append(template[at:])
    return Example("template", "".join(parts), tuple(spans))
