"""Which pages of a company site are visited after the first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.site_links import other_ending, site_links

BASE = "https://www.nordlicht.example/index.html"


def links(html: str, base: str = BASE, depth: int = 0) -> list[str]:
    return site_links(base, html.encode(), "text/html", depth)


def test_imprint_first_then_contact_then_team() -> None:
    html = "".join(
        f'<a href="{href}">{text}</a>'
        for href, text in [
            ("produkte.html", "Produkte"),
            ("team.html", "Team"),
            ("kontakt.html", "Kontakt"),
            ("impressum.html", "Impressum"),
            ("agb.html", "AGB"),
        ]
    )
    assert [link.rpartition("/")[2] for link in links(html)] == ["impressum.html", "kontakt.html", "team.html"]


def test_other_hosts_files_and_mail_links_are_left_out() -> None:
    html = '<a href="https://other.example/impressum.html">Impressum</a><a href="impressum.pdf">Impressum</a><a href="mailto:a@b.de">Kontakt</a>'
    assert all(link.startswith("https://www.nordlicht.example/") and not link.endswith(".pdf") for link in links(html))


def test_imprint_is_guessed_where_no_link_leads_there() -> None:
    assert links("<div id=menu></div><p>Willkommen</p>")[0] == "https://www.nordlicht.example/impressum.html"
    with_link = links(
        '<a href="/impressum/">Impressum</a><a href="/kontakt/">Kontakt</a>', "https://www.nordlicht.example/"
    )
    assert with_link == ["https://www.nordlicht.example/impressum/", "https://www.nordlicht.example/kontakt/"]


def test_menu_frame_comes_first_and_three_frames_at_most() -> None:
    html = "<frameset><frame name=top src=oben.htm><frame name=menu src=nav.htm><frame src=main.htm><frame src=leer.htm></frameset>"
    found = links(html)
    assert found[0].endswith("nav.htm")
    assert len(found) == 3


def test_redirect_by_meta_element() -> None:
    html = '<meta http-equiv="Refresh" content="0; URL=start/home.html">'
    assert links(html)[0] == "https://www.nordlicht.example/start/home.html"


def test_nothing_beyond_the_depth_or_for_other_types() -> None:
    assert links('<a href="impressum.html">Impressum</a>', depth=3) == []
    assert site_links(BASE, b"%PDF", "application/pdf", 0) == []


@given(st.binary(max_size=800), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_at_most_five_links_of_the_host(body: bytes, depth: int) -> None:
    found = site_links(BASE, body, "text/html", depth)
    assert len(found) <= 5
    assert all(link.startswith(("http://", "https://")) and "nordlicht.example" in link for link in found)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("http://a.example/impressum", "http://a.example/impressum.html"),
        ("http://a.example/de/Kontakt/", "http://a.example/de/Kontakt.html"),
        ("http://a.example/impressum.html", "http://a.example/impressum.htm"),
        ("http://a.example/impressum.htm", None),
        ("http://a.example/impressum?id=3", None),
        ("http://a.example/team", None),
        ("http://a.example/", None),
    ],
)
def test_an_imprint_that_is_not_there_is_looked_for_with_another_ending(url: str, other: str | None) -> None:
    assert other_ending(url) == other


def test_english_sites_are_asked_for_what_they_link_before_a_guessed_impressum() -> None:
    body = b'<html lang="en-GB"><body><a href="/contact">Contact</a><a href="/about">About</a><a href="/legal">Legal</a></body></html>'
    links = site_links("http://a.example/", body, "text/html", 0)
    assert [link.rsplit("/", 1)[1] for link in links[:3]] == ["contact", "about", "legal"]
