"""Attendee and speaker lists as CSV: the columns are recognised by their names, the separator by counting."""

from __future__ import annotations

import csv
import io
import re

from enrich.events.names import name_of
from enrich.events.person_lines import part_of
from enrich.records import EventPerson, EventRole

MAX_ROWS = 20_000

_COLUMNS: dict[str, re.Pattern[str]] = {
    "first": re.compile(r"^(?:vorname|first[ _]?name|given[ _]?name|firstname)$", re.I),
    "last": re.compile(r"^(?:nachname|familienname|zuname|last[ _]?name|surname|family[ _]?name|lastname)$", re.I),
    "name": re.compile(r"^(?:name|full[ _]?name|vor- und nachname|teilnehmer(?:in)?|attendee|participant|speaker|referent(?:in)?|person|ansprechpartner(?:in)?|contact|kontakt)$", re.I),
    "role": re.compile(r"^(?:position|funktion|rolle|role|job[ _]?title|title|titel/funktion|beruf|stelle|job)$", re.I),
    "company": re.compile(r"^(?:firma|firmenname|unternehmen|company|company[ _]?name|organisation|organization|organi[sz]ation|arbeitgeber|employer|institution|verein|aussteller|exhibitor)$", re.I),
    "part": re.compile(r"^(?:typ|type|art|ticket|ticket[ _]?type|kategorie|category|status)$", re.I),
}  # fmt: skip


def looks_like_csv(content_type: str | None, url: str) -> bool:
    """Tell whether a page is a CSV file by its type or ending, or by its query where its type says nothing."""
    typed = (content_type or "").split(";")[0].strip().lower()
    path, _, query = url.lower().partition("?")
    if typed in ("text/csv", "application/csv", "text/comma-separated-values") or path.endswith((".csv", ".tsv")):
        return True
    return typed != "text/html" and re.search(r"(?:^|[=&])csv(?:$|&)", query) is not None


def read_attendees(text: str, url: str) -> tuple[list[EventPerson], list[str]]:
    """Return the people of a list and warnings; rows without a person are counted in one warning.

    Without a heading row that names a person's column nobody is returned.
    """
    sample = text[:20_000]
    first = next((line for line in sample.splitlines() if line.strip()), "")
    delimiter = max(";,\t|", key=first.count)
    previous = csv.field_size_limit(200_000)
    try:
        return _rows(text, url, delimiter)
    except csv.Error as error:
        return [], [f"{url}: not a readable CSV file: {error}; save it as UTF-8 with a heading row"]
    finally:
        csv.field_size_limit(previous)


def _rows(text: str, url: str, delimiter: str) -> tuple[list[EventPerson], list[str]]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header: list[str] = []
    for row in reader:
        if any(cell.strip() for cell in row):
            header = [cell.strip().strip("\ufeff") for cell in row]
            break
    columns = {
        key: index for index, cell in enumerate(header) for key, pattern in _COLUMNS.items() if pattern.match(cell)
    }
    if "name" not in columns and not {"first", "last"} <= columns.keys():
        return [], [
            f"{url}: no column of names found in {', '.join(header[:8]) or 'an empty file'}; name one Name, or Vorname and Nachname"
        ]
    default: EventRole = part_of(header[columns["name"]]) or "attendee" if "name" in columns else "attendee"
    people: list[EventPerson] = []
    bad = 0
    for number, row in enumerate(reader):
        if number >= MAX_ROWS:
            break
        if not any(cell.strip() for cell in row):
            continue
        cells = {key: row[index].strip() for key, index in columns.items() if index < len(row)}
        raw = " ".join(part for part in (cells.get("first", ""), cells.get("last", "")) if part) or cells.get(
            "name", ""
        )
        swapped = re.match(r"^(?P<last>[^,]{2,40}),\s*(?P<first>[^,]{2,40})$", raw)
        if swapped:
            raw = f"{swapped['first']} {swapped['last']}"
        name, certainty = name_of(raw)
        if not certainty:
            bad += 1
            continue
        part = part_of(cells.get("part", "")) or default
        evidence = delimiter.join(row).strip()[:300]
        people.append(EventPerson(name, cells.get("role") or None, cells.get("company") or None, part, evidence))
    return people, [f"{url}: {bad} rows without a person's name were left out"] if bad else []
