"""Invented people and organisations for augmentation, from name lists under the MIT licence."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from enrich.training.organisations import HEADS, LEGAL, TRADES, coined, coined_lower, joined, known, public_body

_GERMAN = ("de_DE", "de_DE", "de_AT", "de_CH")


@dataclass(frozen=True)
class NamePool:
    """Given names and surnames by locale, frequent surname forms, and places and organisations met in training."""

    given: dict[str, list[str]]
    surnames: dict[str, list[str]]
    frequent: list[str]
    places: Sequence[str] = ()
    organisations: Sequence[str] = ()

    def _locale(self, rng: random.Random) -> str:
        return rng.choice(_GERMAN) if rng.random() < 0.7 else rng.choice(list(self.given))

    def given_name(self, rng: random.Random) -> str:
        """One given name, sometimes double."""
        name = rng.choice(self.given[self._locale(rng)])
        return f"{name}-{rng.choice(self.given['de_DE'])}" if rng.random() < 0.06 else name

    def surname(self, rng: random.Random) -> str:
        """One surname: half of them from the long list, some double, some with a nobiliary particle."""
        name = rng.choice(self.frequent) if rng.random() < 0.5 else rng.choice(self.surnames[self._locale(rng)])
        if rng.random() < 0.07:
            name = f"{name}-{rng.choice(self.surnames['de_DE'])}"
        return name

    def organisation(self, rng: random.Random) -> str:
        """One organisation: met in training, well known, or built from a surname, trade, place or coined word."""
        kind = rng.random()
        if kind < 0.25 and self.organisations:
            return rng.choice(self.organisations)
        if kind < 0.35:
            return rng.choice(known(rng.choice(("known", "known", "like_a_person", "media", "short", "body"))))
        if kind < 0.55:
            return self.company(rng)
        if kind < 0.7:
            return f"{rng.choice(HEADS)} {self.surname(rng)}"
        if kind < 0.8 and self.places:
            return public_body(self.places, rng)
        if kind < 0.87 and self.places:
            return joined(self.surname(rng), self.places, rng)
        return coined_lower(rng) if kind < 0.91 else coined(rng)

    def company(self, rng: random.Random) -> str:
        """One company name, with a legal form in two of three cases."""
        kind = rng.random()
        if kind < 0.5:
            core = f"{self.surname(rng)} {rng.choice(TRADES)}"
        elif kind < 0.65:
            core = f"{self.surname(rng)} & {rng.choice(('Sohn', 'Söhne', 'Partner', 'Kollegen', self.surname(rng)))}"
        elif kind < 0.75:
            core = f"{self.given_name(rng)} {self.surname(rng)}"
            return f"{core} {rng.choice(LEGAL)}"
        else:
            core = coined(rng) + (f" {rng.choice(TRADES)}" if rng.random() < 0.4 else "")
        return f"{core} {rng.choice(LEGAL)}" if rng.random() < 0.65 else core


def load_names(path: Path, places: Sequence[str] = (), organisations: Sequence[str] = ()) -> NamePool:
    """Read `names.json` of the training data (given names, surnames by locale; surname forms)."""
    rows = json.loads(path.read_text("utf-8"))
    return NamePool(
        {locale: names for locale, names in rows["first"] if names},
        {locale: names for locale, names in rows["last"] if names},
        rows["sur"],
        places,
        organisations,
    )
