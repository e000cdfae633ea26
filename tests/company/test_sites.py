"""Whole sites, invented ones, become one profile."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.company import read_site
from enrich.records import CompanyProfile, Page

HOST = "https://www.nordlicht.example"


def page(path: str, body: str, encoding: str = "utf-8", content_type: str = "text/html") -> Page:
    html = f"<html><head><meta charset={encoding}><title>Nordlicht</title></head><body>{body}</body></html>"
    url = f"{HOST}/{path}"
    return Page(url, url, "s", "company", 200, datetime.now(UTC), None, None, content_type, html.encode(encoding))


def read(*pages: Page) -> CompanyProfile:
    profile = read_site(pages)
    assert profile is not None
    return profile


GERMAN = """
<h1>Impressum</h1><p>Angaben gemäß § 5 DDG</p>
<p>Nordlicht Systems GmbH &amp; Co. KG<br>Hafenweg 3<br>20095 Hamburg</p>
<h2>Vertreten durch</h2><p>Geschäftsführer: Dr. Jana Holm, Peter von der Heide</p>
<h2>Kontakt</h2><p>Telefon: 040 / 33 44 55-0<br>Telefax: 040 / 33 44 55-9<br>E-Mail: info (at) nordlicht.example.org</p>
<p>Registergericht: Amtsgericht Hamburg<br>Registernummer: HRA 98765</p>
<p>Umsatzsteuer-Identifikationsnummer gemäß § 27 a UStG: DE 136 695 976</p>
<p>Steuernummer: 040 123 45678</p><p>Stand: 06.09.2025</p>
<h2>Aufsichtsbehörde</h2><p>Bezirksamt Mitte<br>Klosterwall 4<br>20095 Hamburg<br>Telefon: 040 4285400</p>
<h2>Webdesign</h2><p>Pixelwerk GmbH<br>Geschäftsführer: Tim Pixel<br>Tel. 040 998877<br>hallo@pixelwerk.example.net</p>
"""


def test_german_impressum_with_third_parties() -> None:
    profile = read(page("impressum.html", GERMAN))
    assert (profile.company, profile.legal_form) == ("Nordlicht Systems GmbH & Co. KG", "GmbH & Co. KG")
    assert (profile.street, profile.postcode, profile.town, profile.country) == ("Hafenweg 3", "20095", "Hamburg", "DE")
    assert profile.phones == ("+49403344550",)
    assert profile.faxes == ("+49403344559",)
    assert profile.emails == ("info@nordlicht.example.org",)
    assert [person.name for person in profile.people] == ["Jana Holm", "Peter von der Heide"]
    assert profile.people[0].role == "Geschäftsführer"
    assert profile.people[0].evidence == "Geschäftsführer: Dr. Jana Holm, Peter von der Heide"
    assert profile.register is not None
    assert (profile.register.court, profile.register.number) == ("Amtsgericht Hamburg", "HRA 98765")
    assert profile.vat_id == "DE136695976"
    assert profile.website == f"{HOST}/"


def test_english_imprint() -> None:
    profile = read(
        page(
            "en/imprint",
            "<h1>Imprint</h1><p>Nordlicht Systems GmbH<br>Hafenweg 3<br>20095 Hamburg<br>Germany</p>"
            "<p>Represented by:<br>Managing Directors: Jana Holm and Piet Kern</p>"
            "<p>Phone: +49 40 3344550<br>Fax: +49 40 3344559<br>VAT ID: DE136695976</p>"
            "<h3>Supervisory authority</h3><p>City Office<br>Tel. 040 428540</p>",
        )
    )
    assert profile.phones == ("+49403344550",)
    assert {person.name for person in profile.people} == {"Jana Holm", "Piet Kern"}
    assert profile.vat_id == "DE136695976"


def test_austrian_table() -> None:
    rows = [
        ("Firma", "Tischlerei Gruber e.U."),
        ("Inhaber", "Ing. Franz Gruber"),
        ("Adresse", "Dorfstraße 7, 4020 Linz, Österreich"),
        ("Telefon", "0732 / 123456"),
        ("UID-Nr.", "ATU13585627"),
        ("Firmenbuchnummer", "FN 123456 a"),
        ("Firmenbuchgericht", "Landesgericht Linz"),
    ]
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    profile = read(page("impressum.php", f"<h2>Impressum</h2><table>{cells}</table>"))
    assert profile.company == "Tischlerei Gruber e.U."
    assert profile.country == "AT"
    assert profile.phones == ("+43732123456",)
    assert [(person.name, person.role) for person in profile.people] == [("Franz Gruber", "Inhaber")]
    assert profile.register is not None
    assert profile.register.number == "FN 123456a"
    assert profile.vat_id == "ATU13585627"


def test_swiss_definition_list() -> None:
    profile = read(
        page(
            "impressum",
            "<h1>Impressum</h1><dl><dt>Anbieter</dt><dd>Bäckerei Sonne AG</dd><dt>Anschrift</dt><dd>Bahnhofstrasse 1</dd>"
            "<dd>CH-8001 Zürich</dd><dt>Tel.</dt><dd>044 123 45 67</dd><dt>Verwaltungsrat</dt><dd>Urs Keller, Präsident</dd>"
            "<dt>UID</dt><dd>CHE-116.281.710 MWST</dd></dl>",
        )
    )
    assert (profile.country, profile.phones) == ("CH", ("+41441234567",))
    assert profile.vat_id == "CHE-116.281.710 MWST"
    assert [(person.name, person.role) for person in profile.people] == [("Urs Keller", "Präsident")]


def test_imprint_as_a_section_of_the_only_page() -> None:
    body = f"<nav><a href='#x'>Start</a></nav><p>Menü 12,50 €</p><section id=imp>{GERMAN}</section>"
    assert read(page("", body)).street == "Hafenweg 3"


def test_structured_data_fills_what_pages_do_not_say() -> None:
    script = (
        '<script type="application/ld+json">{"@type":"LocalBusiness","name":"Nordlicht","telephone":"+49 40 3344550",'
        '"email":"post@nordlicht.example.org","address":{"@type":"PostalAddress","streetAddress":"Hafenweg 3",'
        '"postalCode":"20095","addressLocality":"Hamburg","addressCountry":"DE"}}</script>'
    )
    profile = read(page("", script + "<p>Willkommen</p>"))
    assert (profile.company, profile.street, profile.phones) == ("Nordlicht", "Hafenweg 3", ("+49403344550",))
    assert profile.emails == ("post@nordlicht.example.org",)


def test_old_encoding_and_contact_page_complete_each_other() -> None:
    imprint = page(
        "impressum.htm", "<h1>Impressum</h1><p>Bär Möbel GmbH<br>Königstraße 1<br>80331 München</p>", "iso-8859-1"
    )
    contact = page("kontakt.htm", "<h1>Kontakt</h1><p>Telefon: 089 / 123456</p>")
    profile = read(contact, imprint)
    assert profile.company == "Bär Möbel GmbH"
    assert profile.street == "Königstraße 1"
    assert profile.phones == ("+4989123456",)
    assert profile.page_url is not None
    assert profile.page_url.endswith("impressum.htm")


def test_owner_above_the_address_and_firm_below() -> None:
    profile = read(
        page(
            "impressum.html",
            "<h1>Impressum</h1><p>Max Sommer<br>Malerbetrieb Sommer<br>Lange Gasse 5a<br>90403 Nürnberg</p>"
            "<p>Tel. 0911 123456</p>",
        )
    )
    assert profile.company == "Malerbetrieb Sommer"
    assert [person.name for person in profile.people] == ["Max Sommer"]


def test_general_partner_chain_in_one_sentence() -> None:
    profile = read(
        page(
            "impressum.html",
            "<h1>Impressum</h1><p>Holm GmbH &amp; Co. KG, Hafenweg 3, 20095 Hamburg</p><p>vertreten durch die Holm Verwaltungs GmbH, "
            "diese vertreten durch die Geschäftsführer Jan Holm und Eva Holm</p>",
        )
    )
    assert profile.company == "Holm GmbH & Co. KG"
    assert {person.name for person in profile.people} == {"Jan Holm", "Eva Holm"}


def test_chambers_without_a_heading_are_somebody_else() -> None:
    profile = read(
        page(
            "impressum.html",
            "<h1>Impressum</h1><p>Kanzlei Kern<br>Rechtsanwalt Piet Kern<br>Hafenweg 3<br>20095 Hamburg</p>"
            "<p>Zuständige Rechtsanwaltskammer: Kammer Nord, Seeweg 8, 20355 Hamburg, Tel. 040 3574410, post@kammer.example.net</p>"
            "<p>Telefon: 040 998877</p><p>Kassenärztliche Vereinigung Nord<br>Bergstraße 5<br>22083 Hamburg<br>Tel. 040 22802</p>",
        )
    )
    assert (profile.company, profile.street) == ("Kanzlei Kern", "Hafenweg 3")
    assert profile.phones == ("+4940998877",)
    assert profile.emails == ()


def test_english_board_without_the_supervisory_board() -> None:
    profile = read(
        page(
            "legal-notice",
            "<h1>Legal Notice</h1><p>Kern Robotics SE</p><p>Seeweg 3, 80331 Munich, Germany</p>"
            "<p>Executive Board: Jana Holm (CEO), Piet Kern (CFO)</p><p>Chairman of the Supervisory Board: Urs Amsler</p>"
            "<p>Commercial register: Munich Local Court, HRB 54321</p><p>T: +49 89 123456 F: +49 89 123457</p>",
        )
    )
    assert [(person.name, person.role) for person in profile.people] == [("Jana Holm", "CEO"), ("Piet Kern", "CFO")]
    assert profile.register is not None
    assert profile.register.court == "Munich Local Court"
    assert (profile.phones, profile.faxes) == (("+4989123456",), ("+4989123457",))


@pytest.mark.parametrize("body", ["", "<p>Nur Text ohne Angaben</p>", "<div>" * 5_000])
def test_pages_without_data_give_no_numbers(body: str) -> None:
    profile = read_site([page("impressum.html", body)])
    assert profile is None or (not profile.phones and not profile.people and profile.postcode is None)


def test_no_pages_and_no_html() -> None:
    assert read_site([]) is None
    assert read_site([page("a.pdf", "x", content_type="application/pdf")]) is None


@given(st.text(alphabet="<>/abdivprh1 ImpressumGmbH:0123456789@.\n\"'=&;", max_size=1500))
@settings(max_examples=60, deadline=None)
def test_any_markup_is_survived(markup: str) -> None:
    read_site([page("impressum.html", markup)])


def test_legal_form_on_the_next_line_and_labels_strung_together() -> None:
    two_lines = read(
        page(
            "impressum.html",
            "<h1>Impressum</h1><p>Kern UG<br>(haftungsbeschränkt)<br>Hafenweg 3<br>20095 Hamburg</p><p>GF: Piet Kern</p>",
        )
    )
    assert (two_lines.company, two_lines.street) == ("Kern UG (haftungsbeschränkt)", "Hafenweg 3")
    assert [person.name for person in two_lines.people] == ["Piet Kern"]
    one_line = read(
        page(
            "impressum.html",
            "<h1>Impressum</h1><p>Stadtwerk Nord GmbH, Hafenweg 3, 20095 Hamburg, Telefon: 040 334455, Telefax: 040 334456, "
            "Geschäftsführung: Piet Kern, Jana Holm, Handelsregister: Amtsgericht Hamburg, HRB 1122</p>",
        )
    )
    assert (one_line.company, one_line.phones, one_line.faxes) == (
        "Stadtwerk Nord GmbH",
        ("+4940334455",),
        ("+4940334456",),
    )
    assert [person.name for person in one_line.people] == ["Piet Kern", "Jana Holm"]


def test_partners_on_the_home_page_are_not_the_company() -> None:
    home = page(
        "",
        "<p>Unsere Partner: Gärtnerei Maier, Tel. 04321 998877, info@maier.example.net</p>"
        "<footer>Nordlicht · Hafenweg 3 · 20095 Hamburg · Tel. 040 334455 · post@nordlicht.example</footer>",
    )
    imprint = page(
        "impressum.html", "<h1>Impressum</h1><p>Nordlicht GmbH<br>Hafenweg 3<br>20095 Hamburg<br>Tel. 040 334455</p>"
    )
    assert read(home, imprint).phones == ("+4940334455",)
    assert read(home).phones == ("+4940334455",)
