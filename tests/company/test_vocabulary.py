"""The word lists of company sites are sound."""

from __future__ import annotations

import pytest

from enrich.company.words import begins_with, countries, fold, words

LISTS = [
    "third_party",
    "name_like",
    "own",
    "imprint",
    "contact",
    "team",
    "phone",
    "fax",
    "not_phone",
    "roles",
    "titles",
    "not_names",
    "represented",
    "responsible",
    "firm_endings",
]


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_lower_case_words(name: str) -> None:
    assert words(name)
    assert all(word == word.lower() and word for word in words(name))


def test_no_heading_is_the_companys_and_somebody_elses() -> None:
    assert not words("third_party") & words("own")
    assert not words("phone") & words("fax")
    assert not words("phone") & words("not_phone")


def test_every_exact_entry_is_recognised() -> None:
    for name in ("third_party", "own"):
        for word in words(name):
            assert begins_with(word.replace("*", "x"), name), word


@pytest.mark.parametrize(
    "heading",
    ["Webdesign:", "Zuständige Aufsichtsbehörde", "Bildnachweise", "Online-Streitbeilegung", "Haftung für Links"],
)
def test_headings_of_others(heading: str) -> None:
    assert begins_with(heading, "third_party")


@pytest.mark.parametrize("heading", ["Kontakt", "Vertreten durch:", "Registereintrag", "Managing directors"])
def test_own_headings(heading: str) -> None:
    assert begins_with(heading, "own")
    assert not begins_with(heading, "third_party")


def test_folding_and_countries() -> None:
    assert fold("  E-Mail : ") == "e-mail"
    assert countries()["österreich"] == "AT"
