"""Makes tests/scoring/openers.golden.txt: `python -m tests.scoring.openers_golden`. Read it through after a change."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pipeline.scoring.openers import OCCASIONS, Occasion, opening_line

GOLDEN = Path(__file__).with_name("openers.golden.txt")
TODAY = date(2026, 11, 24)  # a Tuesday
AGES = (None, 0, 1, 4, 8, 14, 40, 400)
WHO = {"f": ("Eva", "Maurer", ""), "m": ("Karl", "von Graf", "Dr."), "unknown": ("Kim", "Berger", "")}
HOUSES = {
    "de": ("Maurer GmbH", "Klinikum Lindenau", "Stadtwerke Lindenau", "Sächsischer Bauernverband", "Siemens", ""),
    "en": ("Maurer Ltd", "Lindenau Hospital", ""),
}


def lines() -> Iterator[str]:
    """Yield one line a sentence: every occasion, gender and language; every age and house where they show."""
    for language in ("de", "en"):
        for occasion, gender in itertools.product(OCCASIONS, WHO):
            yield f"{language} {occasion} {gender} 1: {line(occasion, language, gender, 1, HOUSES[language][0])}"
        for age in AGES:
            yield f"{language} award f {age}: {line('award', language, 'f', age, HOUSES[language][0])}"
            yield f"{language} mention f {age}: {line('mention', language, 'f', age, HOUSES[language][0])}"
        for occasion, house in itertools.product(OCCASIONS, HOUSES[language]):
            yield f"{language} {occasion} {house or '-'}: {line(occasion, language, 'f', 1, house)}"


def line(occasion: str, language: str, gender: str, age: int | None, house: str) -> str:
    """Return one sentence."""
    given, surname, title = WHO[gender]
    source = "Lindenauer Tagblatt" if language == "de" else "Lindenau Gazette"
    return opening_line(
        Occasion(
            occasion, language, given, surname, gender, house, source, None if age is None else TODAY - timedelta(days=age), "Forum Mittelstand",
            TODAY + timedelta(days=2), title=title, referrer="Thomas Wiegand",
        ),
        TODAY,
    )  # fmt: skip


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(lines()) + "\n", "utf-8")
