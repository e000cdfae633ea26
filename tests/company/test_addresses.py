"""Postal addresses in lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.company.addresses import addresses_in, as_street

BLOCKS = [
    (["Holm GmbH", "Hafenweg 3", "20095 Hamburg"], ("Hafenweg 3", "20095", "Hamburg", "DE")),
    (["Holm GmbH · Hafenweg 3 · 20095 Hamburg · Tel. 040 123456"], ("Hafenweg 3", "20095", "Hamburg", "DE")),
    (["Adresse: Hafenweg 3, A-1010 Wien"], ("Hafenweg 3", "1010", "Wien", "AT")),
    (["1010 Wien, Hafenweg 3/2/14"], ("Hafenweg 3/2/14", "1010", "Wien", None)),
    (["Hafenweg 3", "Postfach 12 34", "D-20095 Hamburg"], ("Hafenweg 3", "20095", "Hamburg", "DE")),
    (["Kurfürstendamm 21, 3. OG", "10719 Berlin"], ("Kurfürstendamm 21", "10719", "Berlin", "DE")),
    (["Bahnhofstrasse 1", "6460 Altdorf UR"], ("Bahnhofstrasse 1", "6460", "Altdorf", "CH")),
    (["CH - 6060 Sarnen / OW"], (None, "6060", "Sarnen", "CH")),
    (["Im Dorf 4", "8000 Zürich", "Schweiz"], ("Im Dorf 4", "8000", "Zürich", "CH")),
    (["Straße des 17. Juni 135", "10623 Berlin"], ("Straße des 17. Juni 135", "10623", "Berlin", "DE")),
    (["C 4, 12", "68159 Mannheim"], ("C 4, 12", "68159", "Mannheim", "DE")),
]


@pytest.mark.parametrize(("lines", "expected"), BLOCKS)
def test_blocks(lines: list[str], expected: tuple[str | None, str, str, str | None]) -> None:
    found = addresses_in(lines)[0]
    assert (found.street, found.postcode, found.town, found.country) == expected


@pytest.mark.parametrize("text", ["Telefon 0511 12345", "HRB 1234", "seit 1990", "Tel 12", "", "a@b 3", "Stand 12"])
def test_no_streets(text: str) -> None:
    assert as_street(text) is None


@pytest.mark.parametrize("line", ["Geöffnet 1000 Uhr", "ab 10000 Euro", "Copyright 2024", "5000 Mitarbeiter in Europa"])
def test_no_addresses(line: str) -> None:
    assert addresses_in([line]) == []


@given(st.lists(st.text(max_size=200), max_size=8))
@settings(max_examples=80, deadline=None)
def test_any_lines_are_survived(lines: list[str]) -> None:
    for found in addresses_in(lines):
        assert found.postcode.isdigit()
        assert 0 <= found.first <= found.last < len(lines)
