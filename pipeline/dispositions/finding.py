"""Whom the rep means: a row of the list, a prospect id, a phone number, or a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipeline.contacts import keys
from pipeline.errors import OpenerError

MOST = 12  # candidates shown
_CALLED_LISTS = ("fresh", "today", "callbacks", "exhausted")
# ä, ae and a alike, ß and ss alike; the same on both sides, so that it need not be right
_FOLDED = "replace(replace(replace(replace(strip_accents(lower({0})), 'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"
# the queries below are put together from these constants; values are always bound
_PERSON = """SELECT p.person_id, p.name, p.role, p.company, p.place, coalesce(r.state, '') AS state FROM people p
    LEFT JOIN prospects r ON r.prospect_id = p.person_id"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody known."""

    person_id: str
    name: str
    role: str | None
    company: str | None
    place: str | None
    state: str

    def line(self) -> str:
        """Return one line to tell candidates apart."""
        about = ", ".join(part for part in (self.role, self.company, self.place) if part)
        return (
            f"{self.person_id}  {self.name}"
            + (f", {about}" if about else "")
            + (f" ({self.state})" if self.state else "")
        )


def newest_list(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the id of the list that was handed out last (row numbers refer to it); None before the first."""
    found = con.execute(
        "SELECT export_id FROM exports WHERE list IN ? AND rows > 0 ORDER BY exported_at DESC, export_id DESC LIMIT 1",
        [list(_CALLED_LISTS)],
    ).fetchall()
    return str(found[0][0]) if found else None


def people_meant(
    con: duckdb.DuckDBPyConnection, words: str, country: str, export_id: str | None = None
) -> list[Candidate]:
    """Return everybody whom the words may mean, the likeliest only when there is one.

    A number of up to four digits is a row of the list `export_id` (None: the newest). "Koch, Hollmann" means a Koch at
    Hollmann. Raises OpenerError for a row that the list does not have.
    """
    text = " ".join(words.split())
    if re.fullmatch(r"#?\d{1,4}", text):
        return _of_row(con, int(text.lstrip("#")), export_id)
    found = _select(
        con,
        f"{_PERSON} WHERE p.person_id = coalesce((SELECT max(person_id) FROM person_aliases WHERE old_id = ?), ?)",  # noqa: S608
        [text, text],
    )
    if found:
        return found
    digits = sum(c.isdigit() for c in text)
    if digits >= 5 and digits > sum(c.isalpha() for c in text):
        return _of_phone(con, text, country)
    return _of_name(con, text)


def _select(con: duckdb.DuckDBPyConnection, query: str, values: Sequence[object]) -> list[Candidate]:
    return [Candidate(*row) for row in con.execute(query, list(values)).fetchall()]


def _of_row(con: duckdb.DuckDBPyConnection, rank: int, export_id: str | None) -> list[Candidate]:
    chosen = export_id or newest_list(con)
    if chosen is None:
        raise OpenerError(f"row {rank}: no list was handed out yet; run `opener export` first")
    found = _select(
        con,
        f"{_PERSON} WHERE p.person_id IN (SELECT person_id FROM export_log WHERE export_id = ? AND rank = ?)",  # noqa: S608
        [chosen, rank],
    )
    if not found:
        raise OpenerError(f"row {rank}: the list {chosen} has no such row, or the person was erased")
    return found


def _of_phone(con: duckdb.DuckDBPyConnection, text: str, country: str) -> list[Candidate]:
    number = keys.phone(text, country)
    if number is None:
        raise OpenerError(f"{text!r} is no phone number")
    return people_of_phone(con, number)


def people_of_phone(con: duckdb.DuckDBPyConnection, number: str) -> list[Candidate]:
    """Return the people of an E.164 number: those whose own it is, else those of the company whose it is."""
    own = _select(
        con,
        f"""{_PERSON} WHERE p.person_id IN (SELECT t.person_id FROM person_contacts t JOIN contacts c USING (contact_id)
            WHERE c.phone = ? OR c.mobile = ?) ORDER BY p.name""",  # noqa: S608
        [number, number],
    )
    return own or _select(
        con,
        f"""{_PERSON} WHERE p.company_id IN (SELECT l.company_id FROM company_lookups l JOIN company_profiles f USING (website)
            WHERE l.proven AND list_contains(f.phones, ?)) ORDER BY p.name""",  # noqa: S608
        [number],
    )


def folded(text: str) -> str:
    """Return text as the search compares it."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _of_name(con: duckdb.DuckDBPyConnection, text: str) -> list[Candidate]:
    name, _, company = text.partition(",")
    words = [
        word
        for word in re.split(r"[\s.]+", folded(name))
        if word and word not in ("herr", "frau", "dr", "prof", "mr", "ms", "mrs")
    ]
    if not words:
        return []
    tests = [f"contains(' ' || replace({_FOLDED.format('p.name')}, '-', ' '), ?)"] * len(words)
    values: list[object] = [f" {word.replace('-', ' ')}" for word in words]
    house = folded(company).split()
    tests += [f"contains({_FOLDED.format('p.company')}, ?)"] * len(house)
    values += house
    found = _select(
        con, f"{_PERSON} WHERE {' AND '.join(tests)} ORDER BY p.name, p.company, p.person_id LIMIT 200", values
    )
    whole = [one for one in found if set(words) == set(re.split(r"[\s.-]+", folded(one.name)))]
    return whole if len(whole) == 1 else found


def one_person(con: duckdb.DuckDBPyConnection, words: str, country: str, export_id: str | None = None) -> Candidate:
    """Return the one person that is meant. Raises OpenerError that names the candidates when there are several."""
    found = people_meant(con, words, country, export_id)
    if len(found) == 1:
        return found[0]
    if not found:
        raise OpenerError(
            f"{words!r}: nobody known by that; give a row of the list, a name, a phone number or a prospect id"
        )
    shown = "; ".join(one.line() for one in found[:MOST])
    more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
    raise OpenerError(
        f"{words!r} may be {len(found)} people, say which id, or add the company (Koch, Hollmann): {shown}{more}"
    )
