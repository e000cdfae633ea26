"""Phone and fax numbers against everything else made of digits."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.company.phones import label_kind, numbers_in, parse_number

WRITTEN = [
    ("0511 / 12 34 56-0", "DE", "+495111234560"),
    ("+49 (0) 511 123456", "DE", "+49511123456"),
    ("+49 0511 123456", "DE", "+49511123456"),
    ("+49511/123456", "DE", "+49511123456"),
    ("0049 / 511 / 123456", "DE", "+49511123456"),
    ("(0511)12 34 56", "DE", "+49511123456"),
    ("0 61 67 / 12 34 56", "DE", "+496167123456"),
    ("+ 49 511 123456", "DE", "+49511123456"),
    ("0664/123 45 67", "AT", "+436641234567"),
    ("+43 (1) 512 34 56", "AT", "+4315123456"),
    ("044 123 45 67", "CH", "+41441234567"),
    ("+41 (0)44 123 45 67", "DE", "+41441234567"),
    ("+44 20 7946 0958", "DE", "+442079460958"),
    ("06.09.2025", "DE", None),
    ("123456", "DE", None),
    ("0000000", "DE", None),
]


@pytest.mark.parametrize(("written", "region", "number"), WRITTEN)
def test_written_numbers_become_e164(written: str, region: str, number: str | None) -> None:
    assert parse_number(written, region) == number


LINES = [
    ("Tel.: 0511 / 12 34 56-0, Fax: 0511 / 12 34 56-9", [("+495111234560", "phone"), ("+495111234569", "fax")]),
    ("T +49 511 123456 | F +49 511 123457", [("+49511123456", "phone"), ("+49511123457", "fax")]),
    ("Telefon 030 427 26 27 / 030 42 01 01 10", [("+49304272627", "phone"), ("+493042010110", "phone")]),
    ("Tel: 0511/123456 & 0511/123457", [("+49511123456", "phone"), ("+49511123457", "phone")]),
    ("Telefon: 05031 / 960 29-08 / -09", [("+4950319602908", "phone")]),
    ("Telefon und Fax: 0511 123456", [("+49511123456", "phone")]),
    ("Tel/Fax: 0511 123456", [("+49511123456", "phone")]),
    ("Telefax: 0511 123456", [("+49511123456", "fax")]),
    ("0511 123456", [("+49511123456", "bare")]),
    ("Telefon: 06.09.2025", []),
    ("Stand 01.12.2024", []),
    ("Steuernummer: 0112 345 6789", []),
    ("USt-IdNr.: 0511 123 456", []),
    ("HRB 0511123456", []),
    ("IBAN DE12 0300 2000 1234 5678 90", []),
    ("Mo-Fr 08:00-12:00 und 13:30-18:00 Uhr", []),
    ("Gläubiger-ID: DE98ZZZ09999999999", []),
    ("https://example.org/0511123456789", []),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_lines_give_numbers_with_their_kind(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.number, found.kind) for found in numbers_in(line, "DE")] == expected


def test_label_of_the_line_before_counts() -> None:
    assert numbers_in("0511 123456", "DE", "Telefax:")[0].kind == "fax"
    assert numbers_in("0511 123456", "DE", "Steuernummer:") == []


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Tel.:", "phone"), ("Mobil", "phone"), ("Faxnummer", "fax"), ("UID-Nr.", "none"), ("Wir", "bare")],
)
def test_labels(label: str, kind: str) -> None:
    assert label_kind(label) == kind


@given(st.text(alphabet="0123456789 ()/+-.–TelFax:|@abc\u00a0", max_size=300))
@settings(max_examples=150, deadline=None)
def test_whatever_is_found_is_a_valid_number(line: str) -> None:
    for found in numbers_in(line, "DE"):
        assert phonenumbers.is_valid_number(phonenumbers.parse(found.number))


@given(
    st.integers(100_000, 99_999_999),
    st.sampled_from(["0511 {}", "0511/{}", "+49 511 {}", "+49 (0)511-{}", "0049511{}"]),
)
@settings(max_examples=100, deadline=None)
def test_ways_of_writing_agree(number: int, shape: str) -> None:
    wanted = parse_number(f"+49511{number}", "DE")
    assert parse_number(shape.format(number), "DE") == wanted
