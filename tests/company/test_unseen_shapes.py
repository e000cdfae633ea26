"""Shapes of small company sites that were misread once: facts strung on one line, names in two lines, endings only."""

from __future__ import annotations

from datetime import UTC, datetime

from enrich.company import read_site
from enrich.company.emails import addresses_in
from enrich.company.people import as_name
from enrich.company.phones import extension_of, of_other_firm
from enrich.records import CompanyProfile, Page


def site(body: str, path: str = "impressum.html") -> CompanyProfile:
    url = f"https://www.probe.example/{path}"
    html = f"<html><title>Impressum</title><body>{body}</body></html>".encode()
    found = read_site([Page(url, url, "x", "company", 200, datetime.now(UTC), None, None, "text/html", html)])
    assert found is not None
    return found


def test_facts_strung_on_one_line_are_read_one_by_one() -> None:
    found = site(
        "<footer id='impressum'><h5>Impressum</h5><small>Nadelwerk · Inh. Petra Holm · Holzweg 3 · 37073 Göttingen · "
        "Fon 0551 555118 · zuständige Kammer: HWK Musterstadt, Tel. 05121 555100</small></footer>"
    )
    assert [person.name for person in found.people] == ["Petra Holm"]
    assert found.phones == ("+49551555118",) and found.street == "Holzweg 3"


def test_the_name_of_a_practice_goes_on_with_its_owners_and_that_of_a_firm_of_lawyers_begins_with_them() -> None:
    practice = site(
        "<h1>Impressum</h1><p>Gemeinschaftspraxis (GbR)<br>Dr. Petra Holm &amp; Jan Kern<br>Holzweg 3<br>98527 Suhl</p>"
    )
    assert practice.company == "Gemeinschaftspraxis (GbR) Dr. Petra Holm & Jan Kern"
    lawyers = site(
        "<h1>Impressum</h1><p>Holm Kern &amp; Kollegen<br>Rechtsanwälte PartG mbB<br>Holzweg 3<br>98527 Suhl</p>"
    )
    assert lawyers.company == "Holm Kern & Kollegen Rechtsanwälte PartG mbB"


def test_a_heading_above_the_address_is_no_part_of_the_name() -> None:
    found = site("<h1>Imprint</h1><h2>Publisher</h2><p>Holm Präzision AG<br>Holzweg 3<br>CH-4552 Derendingen</p>")
    assert found.company == "Holm Präzision AG"


def test_a_footer_does_not_belong_to_the_last_section_of_the_body() -> None:
    found = site(
        "<h1>Impressum</h1><p>Holm GmbH<br>Holzweg 3<br>98527 Suhl</p><h2>Fotos</h2><p>Jan Kern</p>"
        "<footer>Mail info@holm-suhl.de, Tel. 03681 555118</footer>"
    )
    assert found.emails == ("info@holm-suhl.de",) and found.phones == ("+493681555118",)


def test_an_ending_alone_is_a_number_with_the_line_above() -> None:
    found = extension_of("DW 14", "Fax", "06462/23 66", "AT")
    assert found is not None and (found.number, found.kind) == ("+436462236614", "fax")
    assert extension_of("DW 14", "Fax", "", "AT") is None


def test_offices_are_no_people_and_a_firm_behind_a_label_owns_the_number() -> None:
    assert as_name("Spartenleiterin Turnen") is None and as_name("Filialleitung Nord") is None
    assert of_other_firm("Heizung (Fa. Wärme-Holm)") and not of_other_firm("Zentrale")


def test_a_mail_address_with_a_bare_umlaut_sign() -> None:
    assert addresses_in("E-Mail: buero ät holm-suhl.de") == ["buero@holm-suhl.de"]


def test_who_represents_a_company_is_no_part_of_its_name() -> None:
    found = site(
        "<h1>Impressum</h1><p>Holm GmbH, vertreten durch die Geschäftsführerin Petra Holm</p><p>Holzweg 3, 98527 Suhl</p>"
    )
    assert found.company == "Holm GmbH" and [person.name for person in found.people] == ["Petra Holm"]
