"""Legal forms, guessed sites, the proof that a site is the company's, register and VAT numbers, people."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.company import guess_sites, proves
from enrich.company.numbers import court_in, find_register, find_vat
from enrich.company.people import as_name, people_in
from enrich.legal_forms import legal_forms, split_legal_form
from enrich.records import CompanyProfile

FORMS = [
    ("Krüger Bau GmbH & Co. KG", ("Krüger Bau", "GmbH & Co. KG")),
    ("Krüger Bau GmbH und Co KG", ("Krüger Bau", "GmbH & Co. KG")),
    ("Holm UG (haftungsbeschränkt)", ("Holm", "UG (haftungsbeschränkt)")),
    ("Freunde e. V.", ("Freunde", "e.V.")),
    ("Meier Ges.m.b.H.", ("Meier", "GmbH")),
    ("Kern e.K.", ("Kern", "e.K.")),
    ("Message", ("Message", None)),
    ("Sage", ("Sage", None)),
    ("AG", ("AG", None)),
    ("", ("", None)),
]


@pytest.mark.parametrize(("name", "expected"), FORMS)
def test_legal_forms_are_split(name: str, expected: tuple[str, str | None]) -> None:
    assert split_legal_form(name) == expected


@pytest.mark.parametrize("form", sorted(legal_forms()))
def test_every_form_of_the_vocabulary_is_found(form: str) -> None:
    assert split_legal_form(f"Nordlicht {form}") == ("Nordlicht", form)


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_splitting_never_raises_and_never_empties(name: str) -> None:
    core, form = split_legal_form(name)
    assert core or form is None


def profile(company: str, town: str | None) -> CompanyProfile:
    return CompanyProfile(company, None, None, None, town, "DE")


@pytest.mark.parametrize(
    ("stated", "stated_town", "wanted", "town", "proved"),
    [
        ("Krüger Bau GmbH", "Celle", "Krüger Bau", "Celle", True),
        ("Krueger-Bau GmbH", "Celle", "Krüger Bau GmbH", "Celle", True),
        ("Krüger Bau GmbH", "Celle", "Krüger Bau GmbH", None, True),
        ("Krüger Hoch- und Tiefbau GmbH", "Celle", "Krüger Bau", "Ulm", False),
        ("Pixelwerk GmbH", "Celle", "Krüger Bau GmbH", "Celle", False),
        ("", None, "Krüger", None, False),
    ],
)
def test_proof(stated: str, stated_town: str | None, wanted: str, town: str | None, proved: bool) -> None:
    result, reason = proves(profile(stated, stated_town), wanted, town)
    assert result is proved
    assert reason


def test_guesses_are_start_pages_likeliest_first() -> None:
    guesses = guess_sites("Krüger & Söhne Bau GmbH")
    assert guesses[0] == "https://www.krueger-und-soehne-bau.de/"
    assert len(guesses) == len(set(guesses)) <= 8
    assert guess_sites("") == ()
    assert guess_sites("Core")[0] == "https://www.core.de/"


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_guesses_are_plain_hosts(name: str) -> None:
    for guess in guess_sites(name):
        assert guess.startswith("https://www.")
        assert guess.isascii()
        assert guess.endswith("/")


@pytest.mark.parametrize(
    ("lines", "court", "number"),
    [
        (["Registergericht: Amtsgericht Celle", "Registernummer: HRB 1234"], "Amtsgericht Celle", "HRB 1234"),
        (["Handelsregister B des Amtsgerichts Bremen HRB 1234 HB"], "Amtsgericht Bremen", "HRB 1234 HB"),
        (["Vereinsregister Ulm: VR 987"], "Vereinsregister Ulm", "VR 987"),
        (["FN 123456a, Landesgericht Linz"], "Landesgericht Linz", "FN 123456a"),
        (["Handelsregister-Nr.: CH-020.4.012.345-6"], None, "CH-020.4.012.345-6"),
    ],
)
def test_register(lines: list[str], court: str | None, number: str) -> None:
    found = find_register(lines)
    assert found is not None
    assert (found.court, found.number) == (court, number)


def test_place_of_jurisdiction_is_no_register() -> None:
    assert find_register(["Gerichtsstand: Amtsgericht Celle"]) is None
    assert court_in("Gerichtsstand ist Celle") is None


@pytest.mark.parametrize(
    ("lines", "vat"),
    [
        (["USt-IdNr.: DE 136 695 976"], "DE136695976"),
        (["USt.Id.Nr. DE 136/695 976"], "DE136695976"),
        (["USt-IdNr.: DE", "136695976"], "DE136695976"),
        (["UID: ATU13585627"], "ATU13585627"),
        (["MWST-Nr. CHE-116.281.710 MWST"], "CHE-116.281.710 MWST"),
        (["UID: CHE-116.281.710"], None),
        (["Steuernummer: 14/233/50143"], None),
        (["IBAN DE02 1203 0000 0000 2020 51"], None),
    ],
)
def test_vat(lines: list[str], vat: str | None) -> None:
    assert find_vat(lines) == vat


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dr. med. Jana Holm", "Jana Holm"),
        ("Dipl.-Ing. (FH) Piet Kern", "Piet Kern"),
        ("Frau Ada von Stern", "Ada von Stern"),
        ("ANNA KERN", "Anna Kern"),
        ("Jana Holm, MBA", "Jana Holm"),
        ("Hauptstraße Nord", None),
        ("Nordlicht GmbH", None),
        ("Telefon Zentrale", None),
        ("Holm", None),
        ("Jana Holm, Piet Kern", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert as_name(text) == name


@pytest.mark.parametrize(
    ("lines", "people"),
    [
        (["Inhaber: Jana Holm"], [("Jana Holm", "Inhaber")]),
        (["Inh. Jana Holm"], [("Jana Holm", "Inh.")]),
        (
            ["Vertreten durch", "Frau Jana Holm", "Herr Piet Kern"],
            [("Jana Holm", "Vertreten durch"), ("Piet Kern", "Vertreten durch")],
        ),
        (["Jana Holm (Geschäftsführerin)"], [("Jana Holm", "Geschäftsführerin")]),
        (
            ["Vorstand: Jana Holm (1. Vorsitzende), Piet Kern (Kassenwart)"],
            [("Jana Holm", "1. Vorsitzende"), ("Piet Kern", "Kassenwart")],
        ),
        (["Geschäftsführer: Jan und Eva Holm"], [("Jan Holm", "Geschäftsführer"), ("Eva Holm", "Geschäftsführer")]),
        (["Geschäftsführung", "Jana Holm", "Hafenweg 3", "Piet Kern"], [("Jana Holm", "Geschäftsführung")]),
        (["Ansprechpartner: Jana Holm"], []),
    ],
)
def test_people(lines: list[str], people: list[tuple[str, str]]) -> None:
    assert [(person.name, person.role) for person in people_in(lines)[0]] == people


def test_responsible_people_are_kept_apart() -> None:
    deciders, responsible = people_in(["Verantwortlich für den Inhalt: Jana Holm", "Inhaber: Piet Kern"])
    assert [person.name for person in deciders] == ["Piet Kern"]
    assert [person.name for person in responsible] == ["Jana Holm"]
