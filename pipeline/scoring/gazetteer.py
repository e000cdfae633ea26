"""How far a town is from the user's territory, by the shipped table of towns (data/places/towns.csv.gz)."""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import data
from pipeline.identity.places import place_core
from pipeline.settings import Territory

EARTH_KM = 6371.0
_TOWNS = "towns.csv.gz"
# Neighbours whose papers name towns across the border
NEAR_COUNTRIES = {"DE": ("AT", "CH", "LU", "LI"), "AT": ("DE", "CH", "LI"), "CH": ("DE", "AT", "LI"),
                  "LI": ("CH", "AT", "DE"), "LU": ("DE",), "GB": ("IE",), "IE": ("GB",), "US": ()}  # fmt: skip


class Town(NamedTuple):
    """One town of the table; latitude and longitude in radians."""

    country: str
    latitude: float
    longitude: float
    thousands: int


@cache
def towns() -> dict[str, tuple[Town, ...]]:
    """Return folded name -> towns of that name, the most populous first."""
    found: dict[str, list[Town]] = {}
    text = gzip.decompress(data.path("places", _TOWNS).read_bytes()).decode("utf-8")
    for row in csv.DictReader(io.StringIO(text, newline="")):
        latitude, longitude = math.radians(float(row["latitude"])), math.radians(float(row["longitude"]))
        town = Town(row["country"], latitude, longitude, int(row["thousands"]))
        for core in {place_core(row["name"]), place_core(row["name"].split(" (")[0])}:
            found.setdefault(core, []).append(town)
    return {core: tuple(sorted(set(t), key=lambda town: -town.thousands)) for core, t in found.items()}


def kilometres(a: Town, b: Town) -> float:
    """Return the distance of two towns as the crow flies (haversine)."""
    half = (
        math.sin((b.latitude - a.latitude) / 2) ** 2
        + math.cos(a.latitude) * math.cos(b.latitude) * math.sin((b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def territory_towns(territory: Territory) -> list[Town]:
    """Return the user's towns as far as the table knows them: of several of one name the biggest in the country."""
    found = []
    for name in territory.towns:
        same = towns().get(place_core(name), ())
        home = [town for town in same if town.country == territory.country]
        if home or same:
            found.append((home or list(same))[0])
    return found


def distances(territory: Territory, places: Iterable[str]) -> dict[str, int]:
    """Return place as worded -> whole kilometres to the nearest of the user's towns; unknown places are left out.

    One of the user's own towns is 0 km away also when the table does not know it. Of several towns of one name the
    nearest counts: a paper of the region means the one of the region.
    """
    own = {place_core(name) for name in territory.towns}
    centres = territory_towns(territory)
    countries = (territory.country, *NEAR_COUNTRIES[territory.country])
    cores: dict[str, int | None] = {}
    found: dict[str, int] = {}
    for place in places:
        core = place_core(place)
        if core not in cores:
            known = [town for town in towns().get(core, ()) if town.country in countries] if centres else []
            away = [kilometres(town, centre) for town in known for centre in centres]
            cores[core] = 0 if core in own else round(min(away)) if away else None
        km = cores[core]
        if km is not None:
            found[place] = km
    return found
