"""Invented names of organisations of the kinds that annotated text shows too seldom, and well-known real ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import yaml

import data

LEGAL = (
    "GmbH", "GmbH", "GmbH", "GmbH & Co. KG", "GmbH & Co. KG", "AG", "AG", "KG", "OHG", "eG", "SE", "UG", "gGmbH",
    "e. V.", "e.V.", "e. K.", "e.K.", "mbH", "Holding AG", "KGaA", "Ges.m.b.H.", "Inc.", "Ltd.", "GbR", "S.A.", "plc",
)  # fmt: skip
TRADES = (
    "Metallbau", "Stanzteile", "Logistik", "Spedition", "Haustechnik", "Elektrotechnik", "Verpackungen", "Textil",
    "Fenster", "Maschinenbau", "Immobilien", "Medizintechnik", "Software", "Solar", "Holzbau", "Kunststoffe", "Druck",
    "Reisen", "Catering", "Papier", "Feinkost", "Optik", "Automation", "Consulting", "Energie", "Wohnbau", "Reederei",
    "Beteiligungen", "Systems", "Solutions", "Group", "Gruppe", "Werke", "Dienstleistungen", "Gebäudereinigung", "Retail",
    "Digital", "Folien", "Formteile", "Personal", "Treuhand", "Guss", "Kristallglas", "Foods", "Hospitality", "Robotics",
    "Tourismus AG", "Tief- und Straßenbau", "Sanitär- und Heizungstechnik", "Hoch- und Tiefbau", "Garten- und Landschaftsbau",
)  # fmt: skip
HEADS = (
    "Autohaus", "Metzgerei", "Bäckerei", "Brauerei", "Kanzlei", "Zimmerei", "Weingut", "Hotel", "Gasthof", "Möbelhaus",
    "Modehaus", "Klinik", "Steuerkanzlei", "Buchhandlung", "Gärtnerei", "Verlag", "Schreinerei", "Sägewerk", "Stiftung",
    "Hof", "Gut", "Manufaktur", "Tierarztpraxis", "Schuhmacherei", "Orthopädietechnik", "Car-Center", "Spedition", "Auto",
    "Elektro", "Fahrschule", "Strickwaren", "Radsport", "Optik", "Friseur", "Bäcker", "Möbel", "Maison", "Juwelier",
)  # fmt: skip
PUBLIC = (
    "Sozialstation", "Volksbank", "Sparkasse", "Stadtwerke", "Gewerbeverein", "Wirtschaftsförderung", "Klinikum",
    "Bergbahnen", "Raiffeisenbank", "Handwerkskammer", "Kreissparkasse", "Verkehrsbetriebe", "Tourismusverband",
    "Wohnungsgenossenschaft", "Musikverein", "Kreishandwerkerschaft", "Abwasserzweckverband", "Technologiezentrum",
    "Agrargenossenschaft", "Landkreis", "Polizeiinspektion", "Polizeidirektion", "Amtsgericht", "Revier", "Gemeinde",
    "Heimatmuseum", "Kulturstiftung", "Lagerhaus", "Arbeitsagentur", "Kreisverband", "TVB", "TSV", "FC", "BKK", "Stadt",
)  # fmt: skip
_FIELDS = (
    "Obst", "Garten", "Verkehrs", "Verschönerungs", "Textil", "Verfahrenstechnik", "Haus", "Grund", "Handels", "Industrie",
    "Sport", "Kultur", "Heimat", "Geschichts", "Wander", "Kraftfahr", "Energie", "Wasser", "Forst", "Landwirtschafts",
)  # fmt: skip
_BODIES = ("verein", "verband", "kammer", "institut", "museum", "stiftung", "fachschule", "genossenschaft", "büro")
_SEATS = ("Apotheke", "Gemeinschaftspraxis", "Raiffeisenbank", "Klinik", "Hotel", "Theater", "Zentrum", "Café")
_SPOTS = (
    "am Markt", "am Kornmarkt", "am Stadttor", "an der Donau", "am Ring", "im Grünen", "zur Linde", "am Lahntor", "im Park",
    "am See", "an der Mühle", "zum Löwen", "auf der Höhe",
)  # fmt: skip
_FOR = (
    "Gewerkschaft der {}angestellten", "Verband der {}betriebe", "Institut für {}forschung", "Gesellschaft für {}technik",
    "Bundesverband {}", "Zentrum für {}", "Deutsche Gesellschaft für {}medizin", "Bund der {}wirte", "Förderverein {}",
    "Bürgerinitiative {}", "Initiative für {}", "Landesamt für {}", "Arbeitskreis {}", "Freie {}union",
)  # fmt: skip
_TOPICS = (
    "Luftfahrt", "Hafen", "Pflege", "Bahn", "Solar", "Krisen", "Verkehrs", "Tier", "Milch", "Umwelt", "Bildungs", "Chemie",
)  # fmt: skip
_SYLLABLES = (
    "nova", "tec", "tron", "soft", "med", "sol", "pin", "vent", "aqua", "bio", "dig", "eco", "flex", "vita", "log", "mat",
    "ri", "so", "va", "ke", "lu", "mo", "ta", "ner", "dex", "gon", "lis", "via", "ix", "on", "io", "um",
)  # fmt: skip


@cache
def known(kind: str) -> tuple[str, ...]:
    """Well-known organisations of one kind of `data/training/organisations.yml`; raises KeyError for another kind."""
    return tuple(yaml.safe_load(data.path("training", "organisations.yml").read_text("utf-8"))[kind])


def oblique(name: str) -> str:
    """The name as it stands after "der", "des" or "dem": "Deutscher Wetterdienst" becomes "Deutschen Wetterdienst"."""
    first, space, rest = name.partition(" ")
    for ending in ("er", "es", "e"):
        stem = first.removesuffix(ending)
        if space and stem != first and stem.endswith(("isch", "utsch", "eint", "nal", "ank", "rei", "ärztlich")):
            return f"{stem}en {rest}"
    return name


def public_body(places: Sequence[str], rng: random.Random) -> str:
    """A bank, authority, club or public utility of a place: "Volksbank Quellstadt"."""
    return f"{rng.choice(PUBLIC)} {rng.choice(places)}"


def coined(rng: random.Random) -> str:
    """A coined brand: "Vitadex", "solvent", "MTK"."""
    if rng.random() < 0.15:
        return acronym(rng)
    word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
    return word if rng.random() < 0.1 else word.capitalize()


def coined_lower(rng: random.Random) -> str:
    """A brand that is written small or odd: "vitadex", "sol&mat", "dNOVA", "lutec.eu", "novaIO Digital"."""
    word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
    kind = rng.random()
    if kind < 0.5:
        return word
    if kind < 0.6:
        return f"{word}&{rng.choice(_SYLLABLES)}"
    if kind < 0.7:
        return word[0] + word[1:].upper()
    if kind < 0.8:
        return word + rng.choice((".de", ".eu", ".com", ".io", "24"))
    if kind < 0.9:
        return f"{word}-{rng.choice('xyz')}"
    return f"{word} {rng.choice(TRADES)}"


def acronym(rng: random.Random) -> str:
    """Two to four capitals."""
    return "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in range(rng.choice((2, 3, 3, 4))))


def joined(surname: str, places: Sequence[str], rng: random.Random) -> str:
    """A name with a hyphen and "und", or one that says where it is or what for."""
    kind = rng.random()
    if kind < 0.3:
        return f"{rng.choice(_FIELDS)}- und {rng.choice(_FIELDS)}{rng.choice(_BODIES)} {rng.choice(places)}"
    if kind < 0.4:
        return f"{surname} {rng.choice(_FIELDS)}- und {rng.choice(_FIELDS)}technik {rng.choice(LEGAL)}"
    if kind < 0.6:
        return f"{rng.choice(_SEATS)} {rng.choice(_SPOTS)}"
    if kind < 0.7:
        return f"{rng.choice(PUBLIC)} für {rng.choice(places)} und {rng.choice(places)}"
    if kind < 0.75:
        return f"{surname}-{rng.choice(('Gruppe', 'Kliniken', 'Werke', 'Stiftung', 'Passagen', 'Apotheke'))}"
    return rng.choice(_FOR).format(rng.choice(_TOPICS).removesuffix("s"))


def of_place(place: str) -> str:
    """The adjective of a place: "Bremen" becomes "Bremer", "Halle" "Haller"."""
    for ending in ("en", "e"):
        if place.endswith(ending) and len(place) > 5:
            return place.removesuffix(ending) + "er"
    return place + "er"
