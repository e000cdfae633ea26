"""Role levels of a role that stands alone, as in a cell of a CRM."""

from __future__ import annotations

import pytest

from enrich.nlp.roles import role_level


@pytest.mark.parametrize(
    ("role", "level"),
    [
        ("Geschäftsführerin", "executive"),
        ("geschäftsführer", "executive"),
        ("Geschäftsführer/in", "executive"),
        ("Inhaber & Geschäftsführer", "owner"),
        ("Prokurist, Leiter Vertrieb", "executive"),
        ("Leiter Einkauf", "head"),
        ("Head of Sales", "head"),
        ("Managing Director", "executive"),
        ("chief financial officer", "executive"),
        ("Mitglied des Vorstands", "board"),
        ("Assistenz der Geschäftsführung", "unknown"),
        ("Assistant to the Managing Director", "specialist"),
        ("Sachbearbeiterin", "specialist"),
        ("Buchhaltung", "unknown"),
        ("???", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_role_alone_tells_how_much_the_person_decides(role: str, level: str) -> None:
    assert role_level(role) == level
