"""Invented people and organisations for augmentation, from name lists under the MIT licence."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_GERMAN = ("de_DE", "de_DE", "de_AT", "de_CH")
_LEGAL = (
    "GmbH", "GmbH", "GmbH", "GmbH & Co. KG", "GmbH & Co. KG", "AG", "AG", "KG", "OHG", "eG", "SE", "UG", "gGmbH",
    "e. V.", "e.V.", "e. K.", "e.K.", "mbH", "Holding AG", "KGaA", "Ges.m.b.H.", "Inc.", "Ltd.",
)  # fmt: skip
_TRADES = (
    "Metallbau", "Stanzteile", "Logistik", "Spedition", "Haustechnik", "Elektrotechnik", "Verpackungen", "Textil",
    "Fenster", "Maschinenbau", "Immobilien", "Medizintechnik", "Software", "Solar", "Holzbau", "Kunststoffe", "Druck",
    "Reisen", "Catering", "Papier", "Feinkost", "Optik", "Automation", "Consulting", "Energie", "Wohnbau", "Reederei",
    "Beteiligungen", "Systems", "Solutions", "Group", "Gruppe", "Werke", "Dienstleistungen", "Gebäudereinigung",
)  # fmt: skip
_HEADS = (
    "Autohaus", "Metzgerei", "Bäckerei", "Brauerei", "Kanzlei", "Zimmerei", "Weingut", "Hotel", "Gasthof", "Möbelhaus",
    "Modehaus", "Klinik", "Steuerkanzlei", "Buchhandlung", "Gärtnerei", "Verlag", "Schreinerei", "Sägewerk", "Stiftung",
)  # fmt: skip
_PUBLIC = (
    "Sozialstation", "Volksbank", "Sparkasse", "Stadtwerke", "Gewerbeverein", "Wirtschaftsförderung", "Klinikum",
    "Bergbahnen", "Raiffeisenbank", "Handwerkskammer", "Kreissparkasse", "Verkehrsbetriebe", "Tourismusverband",
    "Wohnungsgenossenschaft", "Musikverein", "Kreishandwerkerschaft", "Abwasserzweckverband", "Technologiezentrum",
)  # fmt: skip
_SYLLABLES = (
    "nova", "tec", "tron", "soft", "med", "sol", "pin", "vent", "aqua", "bio", "dig", "eco", "flex", "vita", "log", "mat",
    "ri", "so", "va", "ke", "lu", "mo", "ta", "ner", "dex", "gon", "lis", "via", "ix", "on", "io", "um",
)  # fmt: skip


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
        """One organisation: met in training or built from a surname, trade, place or coined word."""
        kind = rng.random()
        if kind < 0.3 and self.organisations:
            return rng.choice(self.organisations)
        if kind < 0.6:
            return self.company(rng)
        if kind < 0.75:
            return f"{rng.choice(_HEADS)} {self.surname(rng)}"
        if kind < 0.9 and self.places:
            return public_body(self, rng)
        return coined(rng)

    def company(self, rng: random.Random) -> str:
        """One company name, with a legal form in two of three cases."""
        kind = rng.random()
        if kind < 0.5:
            core = f"{self.surname(rng)} {rng.choice(_TRADES)}"
        elif kind < 0.65:
            core = f"{self.surname(rng)} & {rng.choice(('Sohn', 'Söhne', 'Partner', 'Kollegen', self.surname(rng)))}"
        elif kind < 0.75:
            core = f"{self.given_name(rng)} {self.surname(rng)}"
            return f"{core} {rng.choice(_LEGAL)}"
        else:
            core = coined(rng) + (f" {rng.choice(_TRADES)}" if rng.random() < 0.4 else "")
        return f"{core} {rng.choice(_LEGAL)}" if rng.random() < 0.65 else core


def public_body(names: NamePool, rng: random.Random) -> str:
    """A bank, authority, club or public utility of a place: "Volksbank Quellstadt"."""
    return f"{rng.choice(_PUBLIC)} {rng.choice(names.places)}"


def coined(rng: random.Random) -> str:
    """A coined brand: "Vitadex", "solvent", "MTK"."""
    if rng.random() < 0.15:
        return "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in range(rng.choice((2, 3, 3, 4))))
    word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
    return word if rng.random() < 0.1 else word.capitalize()


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
