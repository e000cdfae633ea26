"""Which organisation a record means: its name tells, and for names that many towns have, the town.

"Müller GmbH" in Kiel and in Passau are two companies; "Holtkamp Maschinenbau GmbH" is one wherever its people are met,
and a company that is named with and without its town is one as long as no other bears the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa
from rapidfuzz.distance import OSA

from enrich.records import content_id
from pipeline.identity.company_names import companies
from pipeline.identity.places import place_core
from pipeline.identity.vocabulary import names

# A word that so many profiles of the store bear as a surname is one, listed or not.
BEARERS = 5


def company_id(core: str, town: str | None = None) -> str | None:
    """Return the id of the organisation with this folded core, or of a namesake in a town; None for no core.

    The first one that bears a name has the id of the name alone; "" stands for one that no record places.
    """
    if not core:
        return None
    return content_id("company", core) if town is None else content_id("company", core, town)


def _one_town(left: str, right: str) -> bool:
    if left == right or left.startswith(f"{right} ") or right.startswith(f"{left} "):
        return True
    return min(len(left), len(right)) >= 6 and OSA.distance(left, right, score_cutoff=1) <= 1


class _Houses:
    """The organisations of one name: town core (or None) -> id."""

    def __init__(self) -> None:
        self.ids: dict[str | None, str] = {}

    def at(self, town: str) -> str | None:
        return next(
            (number for known, number in self.ids.items() if known is not None and _one_town(known, town)), None
        )


def assign(
    con: duckdb.DuckDBPyConnection, cores: Sequence[str], places: Sequence[str | None], people: Sequence[str]
) -> list[str | None]:
    """Return the company id of each record (folded core, place as worded, person id), in the order of the records.

    Reads the companies and people of the store. A person at one name stays at one house of it.
    """
    folded = {place: place_core(place) if place else "" for place in set(places)}
    towns = [folded[place] for place in places]
    known = _known(con, set(cores) - {""})
    common = _common(con, _torn(cores, towns, known))
    ids = {core: company_id(core) for core in set(cores)}
    out = [ids[core] for core in cores]
    rows = [at for at, core in enumerate(cores) if core in common]
    if not rows:
        return out
    own = _own(con, {people[at] for at in rows}, common)
    for at in sorted(rows, key=lambda row: not towns[row]):  # those with a town first: they tell where the others are
        core, town, person = cores[at], towns[at], people[at]
        houses = known.setdefault(core, _Houses())
        found = (houses.at(town) if town else None) or own.get((person, core))
        if found is None:
            found = _newcomer(houses, core, town)
        own.setdefault((person, core), found)
        out[at] = found
    return out


def _newcomer(houses: _Houses, core: str, town: str) -> str:
    """Return the id of a house that is seen for the first time in a town, or without one."""
    ids = houses.ids
    if not town:
        if len(ids) == 1:
            return next(iter(ids.values()))
        found = company_id(core, None if not ids else "")
        assert found is not None
        ids.setdefault(None, found)
        return found
    # the only one that was named so far, without a town, has this one
    found = ids.pop(None) if list(ids) == [None] else company_id(core, None if not ids else town)
    assert found is not None
    ids[town] = found
    return found


def _known(con: duckdb.DuckDBPyConnection, cores: set[str]) -> dict[str, _Houses]:
    con.register("houses_arrow", pa.table({"core": pa.array(sorted(cores), pa.string())}))
    rows = con.execute(
        "SELECT core, town, company_id FROM companies SEMI JOIN houses_arrow USING (core) ORDER BY first_seen, company_id"
    ).fetchall()
    con.unregister("houses_arrow")
    known: dict[str, _Houses] = {}
    for core, town, number in rows:
        known.setdefault(core, _Houses()).ids.setdefault(place_core(town) or None if town else None, number)
    return known


def _torn(cores: Sequence[str], towns: Sequence[str], known: dict[str, _Houses]) -> set[str]:
    """Return the names that are said to be in more than one town, or are borne by several companies already."""
    torn = {core for core, houses in known.items() if len(houses.ids) > 1}
    first: dict[str, str] = {core: town for core, houses in known.items() for town in houses.ids if town}
    for core, town in dict.fromkeys(zip(cores, towns, strict=True)):
        if core and town and core not in torn and not _one_town(first.setdefault(core, town), town):
            torn.add(core)
    return torn


def _common(con: duckdb.DuckDBPyConnection, cores: Iterable[str]) -> set[str]:
    """Return the names that say nothing but a surname and a trade, so that many towns have them."""
    vocabulary, people = companies(), names()
    groups = set(vocabulary.alias.values())
    telling = {
        core: {w for w in core.split() if len(w) > 1 and w not in vocabulary.generic and w not in vocabulary.trades}
        for core in cores
        if core not in groups
    }
    unlisted = {
        w for words in telling.values() for w in words if w not in people.surname_rank and w not in people.given_rank
    }
    if unlisted:
        con.register("houses_arrow", pa.table({"word": sorted(unlisted)}))
        borne = con.execute(
            f"""SELECT word FROM identity_frequencies SEMI JOIN houses_arrow USING (word) WHERE kind = 'surname'
            GROUP BY word HAVING sum(n) >= {BEARERS}"""  # noqa: S608 - a constant
        ).fetchall()
        con.unregister("houses_arrow")
        unlisted -= {row[0] for row in borne}
    return {core for core, words in telling.items() if not words & unlisted}


def _own(con: duckdb.DuckDBPyConnection, people: set[str], cores: set[str]) -> dict[tuple[str, str], str]:
    """Return (person, core) -> company of known people who are at a house of that name."""
    con.register("houses_arrow", pa.table({"person_id": sorted(people)}))
    rows = con.execute(
        """SELECT person_id, core, company_id FROM people SEMI JOIN houses_arrow USING (person_id)
        JOIN (SELECT company_id, core FROM companies) USING (company_id)"""
    ).fetchall()
    con.unregister("houses_arrow")
    return {(person, core): number for person, core, number in rows if core in cores}
