"""Role levels of a role that stands alone, as in a cell of a CRM."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.roles import nominative, role_level, role_vocabulary


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


@pytest.mark.parametrize(
    ("role", "female", "nominative_"),
    [
        ("Vorsitzenden", True, "Vorsitzende"),
        ("Vorsitzenden", False, "Vorsitzender"),
        ("Vorsitzende", False, "Vorsitzender"),
        ("Aufsichtsratsvorsitzenden", None, "Aufsichtsratsvorsitzenden"),
        ("stellvertretenden Vorsitzenden", True, "stellvertretende Vorsitzende"),
        ("geschäftsführenden Gesellschafters", False, "geschäftsführender Gesellschafter"),
        ("Geschäftsführers", False, "Geschäftsführer"),
        ("Geschäftsführerinnen", True, "Geschäftsführerin"),
        ("Leiters der Abteilung Vertrieb", False, "Leiter der Abteilung Vertrieb"),
        ("Präsidenten", False, "Präsident"),
        ("Obmannes", False, "Obmann"),
        ("Vorstands", False, "Vorstand"),
        ("Präses", False, "Präses"),
        ("Direktoren", False, "Direktor"),
        ("Geschäftsführerin", True, "Geschäftsführerin"),
        ("Geschäftsführer Finanzen", False, "Geschäftsführer Finanzen"),
        ("Head of Sales", True, "Head of Sales"),
        ("CEO", None, "CEO"),
        ("", None, ""),
    ],
)
def test_a_list_names_a_role_in_the_nominative(role: str, female: bool | None, nominative_: str) -> None:
    assert nominative(role, female) == nominative_


@given(st.sampled_from(sorted(role_vocabulary("de").vocabulary())), st.sampled_from([True, False, None]))
def test_a_base_form_stays_and_nothing_changes_twice(word: str, female: bool | None) -> None:
    once = nominative(word[0].upper() + word[1:], female)
    assert nominative(once, female) == once
    assert once.lower()[:3] == word[:3]
