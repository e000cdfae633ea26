"""Invented English people and organisations, for copies of pieces with other names."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from enrich.training.names import NamePool

_LOCALES: Final = ("en_GB", "en_GB", "en_US", "en_US")
_ELSEWHERE: Final = ("pl_PL", "it_IT", "es_ES", "fr_FR", "ro_RO", "nl_BE", "sv_SE")
_LEGAL: Final = (
    "Ltd",
    "Ltd",
    "Ltd",
    "Limited",
    "plc",
    "LLP",
    "Inc.",
    "Inc",
    "LLC",
    "Co.",
    "Corp.",
    "Ltd.",
    "CIC",
    "& Co",
    "plc",
)
_TRADES: Final = tuple(
    """Engineering,Logistics,Foods,Bakery,Brewery,Homes,Joinery,Fabrications,Packaging,Textiles,Energy,Solar,Software,Capital,
    Partners,Group,Holdings,Hotels,Farm Shop,Motors,Haulage,Marine,Plastics,Print,Dairy,Care,Recruitment,Architects,Solicitors,
    Consulting,Analytics,Robotics,Therapeutics,Construction,Scaffolding,Roofing,Flooring,Furniture,Interiors,Garden Centre,
    Fisheries,Seafoods,Distillers,Ceramics,Steel,Castings,Tools,Tyres,Coaches,Travel,Pharmacy,Dental,Optics,Media,Studios,
    Properties,Lettings,Investments,Insurance,Financial Planning,Manufacturing,Industries,Systems,Technologies,Labs,Health,
    Veterinary Practice,Timber,Paper,Carpets,Knitwear,Leisure,Events,Security,Cleaning Services,Waste,Recycling,Aviation,
    Brewing Co.,Coffee Roasters,Cider,Orchards,Nurseries,Feed & Grain,Supply,Hardware,Electric,Plumbing,Freight,Shipping"""
    .replace("\n    ", "").split(",")
)  # fmt: skip
_PUBLIC: Final = (
    "{} Chamber of Commerce", "{} Building Society", "{} Town Council", "{} City Council", "{} County Council",
    "{} Credit Union", "{} NHS Trust", "University of {}", "{} University", "{} College", "{} Housing Association",
    "{} Business Forum", "{} Rotary Club", "{} Development Corporation", "{} Enterprise Board", "{} General Hospital",
    "Visit {}", "Port of {}", "{} Museum", "{} Theatre", "{} Airport", "{} Food Bank", "{} Hospice", "{} Growth Hub",
    "Bank of {}", "{} Savings Bank", "{} Farmers' Market", "{} Community Foundation", "{} School District", "{} Transit",
)  # fmt: skip
_PLACES: Final = tuple(
    """Leeds,Halifax,Truro,Galway,Sligo,Kilkenny,Inverness,Perth,Dundee,Swansea,Wrexham,Newry,Omagh,Derry,Norwich,Ipswich,
    Kendal,Penrith,Whitby,Grimsby,Lincoln,Boston,Dayton,Toledo,Spokane,Boise,Tulsa,Duluth,Macon,Savannah,Albany,Ithaca,Salem,
    Reading,Slough,Luton,Derby,Stoke,Telford,Hereford,Ludlow,Exeter,Yeovil,Bridport,Dover,Margate,Crewe,Bolton,Wigan,Preston,
    Athlone,Ennis,Tralee,Waterford,Wexford,Drogheda,Fargo,Peoria,Racine,Dubuque,Tacoma,Bend,Provo,Waco,Mobile,Asheville"""
    .replace("\n    ", "").split(",")
)  # fmt: skip
_FIRST: Final = tuple(
    """Blue,Red,Silver,Stone,North,South,West,East,High,Low,Bright,Clear,Swift,Iron,Copper,Oak,Ash,Elm,Thorn,River,Harbour,
    Castle,Abbey,Mill,Moor,Fen,Wolf,Raven,Fox,Kestrel,Anchor,Beacon,Summit,Cedar,Maple,Granite,Prairie,Canyon,Lake"""
    .replace("\n", "").replace(" ", "").split(",")
)  # fmt: skip
_SECOND: Final = (
    "field",
    "gate",
    "wood",
    "bridge",
    "stone",
    "line",
    "water",
    "bank",
    "side",
    "point",
    "ridge",
    "dale",
    "works",
    "ford",
)


@dataclass(frozen=True)
class EnglishNames(NamePool):
    """British, Irish and American names, with a share of names from elsewhere."""

    people_places: Sequence[str] = _PLACES

    def _locale(self, rng: random.Random) -> str:
        return rng.choice(_LOCALES if rng.random() < 0.8 else _ELSEWHERE)

    def given_name(self, rng: random.Random) -> str:
        """One given name."""
        return rng.choice(self.given[self._locale(rng)])

    def surname(self, rng: random.Random) -> str:
        """One surname, some double or with a prefix."""
        name = rng.choice(self.surnames[self._locale(rng)])
        kind = rng.random()
        if kind < 0.06:
            return f"{name}-{rng.choice(self.surnames['en_GB'])}"
        if kind < 0.1:
            return rng.choice(("Mc", "Mac", "O’", "O'", "Fitz")) + name
        return name

    def organisation(self, rng: random.Random) -> str:
        """One organisation: met in training, a firm or a public body."""
        kind = rng.random()
        if kind < 0.35 and self.organisations:
            return rng.choice(self.organisations)
        if kind < 0.75:
            return self.company(rng)
        return rng.choice(_PUBLIC).format(rng.choice(self.people_places))

    def company(self, rng: random.Random) -> str:
        """One firm, half of them with a legal form."""
        kind = rng.random()
        if kind < 0.35:
            core = f"{self.surname(rng)} {rng.choice(_TRADES)}"
        elif kind < 0.5:
            core = (
                f"{self.surname(rng)} & {rng.choice(('Sons', 'Daughters', 'Co', self.surname(rng), self.surname(rng)))}"
            )
        elif kind < 0.75:
            core = f"{rng.choice(_FIRST)}{rng.choice(_SECOND)}"
            core += f" {rng.choice(_TRADES)}" if rng.random() < 0.7 else ""
        elif kind < 0.9:
            core = f"{rng.choice(self.people_places)} {rng.choice(_TRADES)}"
        else:
            core = f"{rng.choice(_FIRST)} {rng.choice(_FIRST)} {rng.choice(_TRADES)}"
        return f"{core} {rng.choice(_LEGAL)}" if rng.random() < 0.4 else core
