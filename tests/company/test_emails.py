"""E-mail addresses as sites write and hide them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.company.emails import addresses_in, cloudflare_address, script_addresses, uncrypted_mailto

SHOWN = [
    ("info@holm.de", ["info@holm.de"]),
    ("E-Mail: INFO@Holm.DE.", ["info@holm.de"]),
    ("info (at) holm.de", ["info@holm.de"]),
    ("info[at]holm[dot]de", ["info@holm.de"]),
    ("info(at)holm(punkt)de", ["info@holm.de"]),
    ("info {at} holm.de", ["info@holm.de"]),
    ("info(ät)holm.de", ["info@holm.de"]),
    ("info AT holm PUNKT de", ["info@holm.de"]),
    ("info at holm dot de", ["info@holm.de"]),
    ("vertrieb(@)holm.de", ["vertrieb@holm.de"]),
    ("info @ holm.de", ["info@holm.de"]),
    ("a@holm.de, b@holm.de", ["a@holm.de", "b@holm.de"]),
    ("info@müller.de", ["info@müller.de"]),
    ("logo@2x.png", []),
    ("name@example.com", []),
    ("treffen at the office. de", []),
    ("@holm", []),
]


@pytest.mark.parametrize(("shown", "expected"), SHOWN)
def test_shown_addresses(shown: str, expected: list[str]) -> None:
    assert addresses_in(shown) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("mailto:info@holm.de?subject=Anfrage", ["info@holm.de"]),
        ("mailto:info%40holm.de", ["info@holm.de"]),
        ("mailto:info(at)holm.de", ["info@holm.de"]),
        ("mailto:", []),
    ],
)
def test_links(link: str, expected: list[str]) -> None:
    assert addresses_in("", [link]) == expected


def _cloudflare(address: str, key: int) -> str:
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()


@given(st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_cloudflare_codes_are_decoded(key: int) -> None:
    assert cloudflare_address(_cloudflare("post@holm.de", key)) == "post@holm.de"


def test_broken_cloudflare_code_is_none() -> None:
    assert cloudflare_address("zz") is None
    assert cloudflare_address("") is None


def test_shifted_mailto_of_typo3() -> None:
    shifted = "".join(
        chr((ord(c) - 97 + 2) % 26 + 97) if c.isalpha() else {":": ",", "@": "B", ".": "0"}[c]
        for c in "mailto:info@holm.de"
    )
    assert uncrypted_mailto(f"javascript:linkTo_UnCryptMailto('{shifted}');") == "info@holm.de"


def test_scripts_that_join_pieces() -> None:
    assert script_addresses("var n = 'info'; var d = 'holm.de'; document.write(n + '@' + d);") == ["info@holm.de"]
    assert script_addresses("var a = 'x' + 'y';") == []


@given(st.text(alphabet="ab@.()[] atdotpunkt{}<>", max_size=400))
@settings(max_examples=150, deadline=None)
def test_found_addresses_have_one_at_and_a_domain(text: str) -> None:
    for address in addresses_in(text):
        assert address.count("@") == 1
        assert "." in address.partition("@")[2]
        assert address == address.lower()
