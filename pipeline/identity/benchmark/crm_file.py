"""A CRM file of 100,000 contacts with one broken row in a hundred, and what importing it takes."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

from pipeline.identity.generator import Generator

ROWS = 100_000
HEADER = (
    "Kunden-Nr", "Anrede", "Vorname", "Nachname", "Firma", "Position", "PLZ", "Ort", "Telefon", "E-Mail", "Versuche",
    "Letzter Anruf", "Ergebnis", "Kunde", "Werbesperre", "Umsatz",
)  # fmt: skip


def _set(column: str, value: str) -> Callable[[list[str]], list[str]]:
    at = HEADER.index(column)
    return lambda cells: [*cells[:at], value, *cells[at + 1 :]]


# What breaks a row: too few or too many cells, no name, cells that are not what their column says, an open quote.
BREAKS: tuple[Callable[[list[str]], list[str]], ...] = (
    lambda cells: cells[:9], lambda cells: [*cells, "zu", "viel"], _set("Nachname", ""), _set("Nachname", "12345"),
    _set("Telefon", "bitte anrufen"), _set("E-Mail", "info(at"), _set("Versuche", "oft"), _set("Letzter Anruf", "31.02.2025"),
    lambda cells: [*cells[:4], f'"{cells[4]}', *cells[5:]],
)  # fmt: skip


def write_crm_file(path: Path, rows: int = ROWS, seed: int = 3) -> set[int]:
    """Write the file as a German CRM does (semicolons, Windows-1252) and return the lines of the broken rows."""
    rng = random.Random(seed)  # noqa: S311 - invented data
    people = Generator(5, 1.0).mentions(int(rows * 1.3)).slice(0, rows).to_pylist()
    broken = set(rng.sample(range(rows), rows // 100))
    lines = [";".join(HEADER)]
    for at, person in enumerate(people):
        words = person["person_raw"].replace(",", "").split()
        area, number = rng.randrange(200, 999), rng.randrange(10_000, 9_999_999)
        cells = [
            str(10_000 + at), rng.choice(["Herr", "Frau", ""]), " ".join(words[:-1]) or "Eva", words[-1],
            (person["company_raw"] or "").replace(";", " "), person["role"] or "", str(rng.randrange(10_000, 99_999)),
            person["place"] or "", rng.choice([f"0{area} {number}", f"+49 {area} {number}", ""]),
            rng.choice([f"k{at}@firma{at % 999}.example", ""]), str(rng.randrange(9)),
            rng.choice(["", f"{rng.randrange(1, 28):02}.{rng.randrange(1, 12):02}.2025 {rng.randrange(8, 18):02}:30"]),
            rng.choice(["", "nicht erreicht", "kein Interesse", "Rückruf"]), rng.choice(["ja", "nein", ""]),
            "x" if rng.random() < 0.03 else "", f"{rng.randrange(9999)},{rng.randrange(10, 99)}",
        ]  # fmt: skip
        lines.append(";".join(BREAKS[at % len(BREAKS)](cells) if at in broken else cells))
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252", "replace"))
    return {at + 2 for at in broken}


def rejected_lines(path: Path) -> set[int]:
    """Return the line numbers of a reject file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {int(row["line"]) for row in csv.DictReader(file, delimiter=";")}
