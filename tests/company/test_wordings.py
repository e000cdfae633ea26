"""One line of an Impressum in the wordings that sites use: what is read of it. All names are invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from enrich.company import read_site
from enrich.records import CompanyProfile, Page

PHONES: list[tuple[str, object]] = [
    ("Tel.:&nbsp;&nbsp;0 61 51 - 55 50 56", ["+496151555056"]),
    ("Tel: 06151.555056", ["+496151555056"]),
    ("Fon +49-6151-555056", ["+496151555056"]),
    ("Telefon 06151 – 55 50 56", ["+496151555056"]),
    ("Tel 06151/5550-56/57", ["+496151555056"]),
    ("Tel.: 06151 555056 oder 06151 555057", ["+496151555056", "+496151555057"]),
    ("0049(0)6151/555056", ["+496151555056"]),
    ("Tel. +49 (6151) 555056", ["+496151555056"]),
    ("Handy: 0170 / 555 01 67 (kostenpflichtig)", ["+491705550167"]),
    ("Telefon: 06151/555056, Fax: 06151/555058", ["+496151555056"]),
    ("Tel. / Fax: 06151/555056 / 555058", ["+496151555056"]),
    ("T. 06151 555056 F. 06151 555058", ["+496151555056"]),
    ("Telefon (06151) 55 50 56 | Telefax (06151) 55 50 58", ["+496151555056"]),
    ("☎ 06151 555056", ["+496151555056"]),
    ("Tel.: 0 6151 / 555056 Mo-Fr 8-17 Uhr", ["+496151555056"]),
    ("Rufen Sie uns an: 06151 555056", ["+496151555056"]),
    ("Telefon:<br>06151 555056<br>Telefax:<br>06151 555058", ["+496151555056"]),
    ("<table><tr><td>Telefon<br>Telefax</td><td>06151 555056<br>06151 555058</td></tr></table>", ["+496151555056"]),
    ("Steuernummer 007 234 55501<br>Tel 06151 555056", ["+496151555056"]),
    ("Kto 0615155505 BLZ 50850150", []),
    ("Tel: ++49 6151 555056", ["+496151555056"]),
    ("Tel.: +49 6151 / 55 50 - 56", ["+496151555056"]),
    ("phone: 06151 555056<br>Mobil:0170-5550167", ["+496151555056", "+491705550167"]),
    ("Telefon: 06151 / 555056 (Büro), 0170 / 5550167 (Notruf)", ["+496151555056", "+491705550167"]),
    ("Telefonnummer: 06151-555056 und 06151-555057", ["+496151555056", "+496151555057"]),
    ("Tel. 06151 555056<br>Privat: 06151 555060", ["+496151555056", "+496151555060"]),
    ("Tel.: 06151 555056 / Mobil: 0170 5550167 / Fax: 06151 555058", ["+496151555056", "+491705550167"]),
    ("Telefon: [06151] 555056", ["+496151555056"]),
    ("Tel.:06151/555056 - Fax:06151/555058", ["+496151555056"]),
]

PEOPLE: list[tuple[str, object]] = [
    ("GF: Max Krantz", ["Max Krantz"]),
    ("Geschäftsführer: Hans-Peter Müller-Lüdenscheidt", ["Hans-Peter Müller-Lüdenscheidt"]),
    ("Inhaberin: Frau Dr. med. vet. Anna von der Heide", ["Anna von der Heide"]),
    ("Inh.: A. Schmidt", ["A. Schmidt"]),
    ("Geschäftsführung: Max Krantz (Vors.), Eva Krantz", ["Max Krantz", "Eva Krantz"]),
    ("Geschäftsführer: MAX KRANTZ", ["Max Krantz"]),
    ("vertreten durch: Max Krantz (Geschäftsführer) und Eva Holm (Prokuristin)", ["Max Krantz", "Eva Holm"]),
    ("Vertretungsberechtigter Geschäftsführer: Max Krantz", ["Max Krantz"]),
    ("Geschäftsführer:<br>Max Krantz<br>Eva Krantz<br>Ulf Stein", ["Max Krantz", "Eva Krantz", "Ulf Stein"]),
    ("<b>Vertreten durch</b><br>Max Krantz", ["Max Krantz"]),
    ("Gesetzliche Vertretung: Max Krantz", ["Max Krantz"]),
    ("Geschäftsführer sind Max Krantz und Eva Krantz.", ["Max Krantz", "Eva Krantz"]),
    ("Vertreten durch die Geschäftsführerin Eva Krantz", ["Eva Krantz"]),
    ("Geschäftsführer Max Krantz, Eva Krantz", ["Max Krantz", "Eva Krantz"]),
    ("Verantwortlich für den Inhalt: Eva Krantz (Anschrift wie oben)", ["Eva Krantz"]),
    ("V.i.S.d.P.: Eva Krantz", ["Eva Krantz"]),
    ("Geschäftsführender Gesellschafter: Dipl.-Wirtsch.-Ing. Max Krantz", ["Max Krantz"]),
    ("Geschäftsführer/in: Eva Krantz & Max Krantz", ["Eva Krantz", "Max Krantz"]),
    ("Geschäftsführer: Dr.-Ing. Max M. Krantz, MBA", ["Max M. Krantz"]),
    ("Geschäftsführer: Øystein Håland, Zoë Désirée Ågren", ["Øystein Håland", "Zoë Désirée Ågren"]),
    ("Geschäftsleitung: Ngoc Nguyen, Łukasz Żak", ["Ngoc Nguyen", "Łukasz Żak"]),
    ("Geschäftsführer: Herr Max Krantz, Frau Eva Krantz", ["Max Krantz", "Eva Krantz"]),
    ("Geschäftsführer: M. Krantz", ["M. Krantz"]),
    ("<h3>Geschäftsführung</h3><ul><li>Max Krantz</li><li>Eva Krantz</li></ul>", ["Max Krantz", "Eva Krantz"]),
    ("Geschäftsführer: Max Krantz Registergericht: Amtsgericht Darmstadt", ["Max Krantz"]),
    ("Geschäftsführer: Max Krantz, Sitz der Gesellschaft: Darmstadt", ["Max Krantz"]),
    ("Geschäftsführer: Sean O'Brien", ["Sean O'Brien"]),
    (
        "1. Vorsitzender: Max Krantz<br>2. Vorsitzende: Eva Krantz<br>Kassenwart: Ulf Stein<br>Schriftführerin: Ada Kern",
        ["Max Krantz", "Eva Krantz", "Ulf Stein", "Ada Kern"],
    ),
    ("Geschäftsführer: Max Krantz · Prokura: Eva Holm", ["Max Krantz"]),
    ("Geschäftsführer: Krantz, Max", ["Max Krantz"]),
]

MAILS: list[tuple[str, object]] = [
    ("info(at)krantz.de", "info@krantz.de"),
    ("info [at] krantz [dot] de", "info@krantz.de"),
    ("info{at}krantz.de", "info@krantz.de"),
    ("info AT krantz DOT de", "info@krantz.de"),
    ("info@krantz . de", "info@krantz.de"),
    ("info (@) krantz.de", "info@krantz.de"),
    ("info @ krantz.de", "info@krantz.de"),
    ("info&lt;at&gt;krantz.de", "info@krantz.de"),
    ("info-at-krantz.de", "info@krantz.de"),
    ("info[ät]krantz[punkt]de", "info@krantz.de"),
    ("info ( at ) krantz ( . ) de", "info@krantz.de"),
    ("&#105;&#110;&#102;&#111;&#64;krantz.de", "info@krantz.de"),
    ('info<span style="display:none">xyz</span>@krantz.de', "info@krantz.de"),
    ('info<img src="at.gif" alt="@">krantz.de', "info@krantz.de"),
    ("INFO@Krantz.DE", "info@krantz.de"),
    ('<span style="unicode-bidi:bidi-override;direction:rtl">ed.ztnark@ofni</span>', "info@krantz.de"),
    ("info＠krantz.de", "info@krantz.de"),
    ("info@büro-krantz.de", "info@büro-krantz.de"),
    ("info_at_krantz.de", "info@krantz.de"),
    ("info@krantz.de.", "info@krantz.de"),
    ("E-Mail:info@krantz.de", "info@krantz.de"),
    ("info bei krantz punkt de", "info@krantz.de"),
    ("info [at] krantz.de", "info@krantz.de"),
    ('<a href="mailto:info@krantz.de">Mail</a>', "info@krantz.de"),
    ("info [klammeraffe] krantz.de", "info@krantz.de"),
    ("info@<!-- x -->krantz.de", "info@krantz.de"),
    ("info<wbr>@krantz.de", "info@krantz.de"),
    ('<span class="m" data-user="ofni" data-domain="ed.ztnark"></span>', "info@krantz.de"),
]

ADDRESSES: list[tuple[str, object]] = [
    ("Holzbau Krantz GmbH<br>Am Markt 4<br>64283 Darmstadt", ("Am Markt 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH, Birkenweg 4, 64283 Darmstadt", ("Birkenweg 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>C 4, 12<br>68159 Mannheim", ("C 4, 12", "68159", "Mannheim")),
    ("Holzbau Krantz GmbH<br>Straße des 17. Juni 135<br>10623 Berlin", ("Straße des 17. Juni 135", "10623", "Berlin")),
    ("Holzbau Krantz GmbH<br>Birkenweg 4-6<br>D 64283 Darmstadt", ("Birkenweg 4-6", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Haus Nr. 17<br>25980 Sylt/OT Westerland", ("Haus Nr. 17", "25980", "Sylt")),
    ("Holzbau Krantz GmbH<br>Birkenweg 4<br>3. OG links<br>64283 Darmstadt", ("Birkenweg 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Birkenweg 4 (Hinterhaus)<br>64283 Darmstadt", ("Birkenweg 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Birkenweg 4 • 64283 Darmstadt • Germany", ("Birkenweg 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>An der B 47 Nr. 3<br>64625 Bensheim", ("An der B 47 Nr. 3", "64625", "Bensheim")),
    ("Holzbau Krantz GmbH<br>Birkenweg 4<br>DE-64283 Darmstadt", ("Birkenweg 4", "64283", "Darmstadt")),
    (
        "Holzbau Krantz GmbH<br>Birkenweg 4<br>64283 Neustadt an der Weinstraße",
        ("Birkenweg 4", "64283", "Neustadt an der Weinstraße"),
    ),
    ("Holzbau Krantz GmbH<br>Birkenweg 4<br>64283 St. Ingbert", ("Birkenweg 4", "64283", "St. Ingbert")),
    ("Holzbau Krantz GmbH<br>Birkenweg 4<br>64283 DARMSTADT", ("Birkenweg 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Alte Poststr.12a<br>64283 Darmstadt", ("Alte Poststr.12a", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Gewerbepark Süd<br>Birkenweg 4<br>64283 Darmstadt", ("Birkenweg 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Birkenweg 4 64283 Darmstadt", ("Birkenweg 4", "64283", "Darmstadt")),
    (
        "Holzbau Krantz GmbH<br>Birkenweg 4/1<br>64283 Darmstadt Telefon 06151 555056",
        ("Birkenweg 4/1", "64283", "Darmstadt"),
    ),
    ("Holzbau Krantz GmbH<br>Schlossallee<br>64283 Darmstadt", ("Schlossallee", "64283", "Darmstadt")),
    (
        "Holzbau Krantz GmbH<br>Birkenweg 4<br>64283 Darmstadt-Eberstadt",
        ("Birkenweg 4", "64283", "Darmstadt-Eberstadt"),
    ),
    ("Holzbau Krantz GmbH<br>Birkenweg 4<br>64283&nbsp;Darmstadt, Deutschland", ("Birkenweg 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Birkenweg Nr. 4<br>64283 Darmstadt", ("Birkenweg Nr. 4", "64283", "Darmstadt")),
    ("Holzbau Krantz GmbH<br>Straße: Birkenweg 4<br>PLZ/Ort: 64283 Darmstadt", ("Birkenweg 4", "64283", "Darmstadt")),
    (
        "<table><tr><td>Straße</td><td>Birkenweg 4</td></tr><tr><td>PLZ</td><td>64283</td></tr><tr><td>Ort</td><td>Darmstadt</td></tr></table>",
        ("Birkenweg 4", "64283", "Darmstadt"),
    ),
]

REGISTERS: list[tuple[str, object]] = [
    ("HRB 12345", "HRB 12345"),
    ("HRB-Nr. 12345", "HRB 12345"),
    ("HRB: 12345, AG Darmstadt", "HRB 12345"),
    ("Amtsgericht Darmstadt HR B 12345", "HRB 12345"),
    ("Handelsregister B Nr. 12345 Amtsgericht Darmstadt", "HRB 12345"),
    ("HRB Darmstadt 12345", "HRB 12345"),
    ("HRB Nummer 12345", "HRB 12345"),
    ("Registernummer: 12345, Handelsregister B", "HRB 12345"),
    ("Handelsregisternummer: HRB12345", "HRB 12345"),
    ("Register: HRA 12 345", "HRA 12345"),
    ("Genossenschaftsregister Nr. 312, Amtsgericht Darmstadt", "GnR 312"),
    ("Vereinsregister: VR-Nr. 4711", "VR 4711"),
    ("Vereinsregister Darmstadt Nr. 4711", "VR 4711"),
    ("HRB 12345 B", "HRB 12345 B"),
    ("H.R.B. 12345", "HRB 12345"),
    ("Handelsregister-Nr.: 12345 (HRB)", "HRB 12345"),
    ("Partnerschaftsregister Nr. 312", "PR 312"),
]

VAT_IDS: list[tuple[str, object]] = [
    ("USt-IdNr.: DE 320519011", "DE320519011"),
    ("Ust.-ID: DE-320519011", "DE320519011"),
    ("VAT: DE 320 519 011", "DE320519011"),
    ("USt-Id-Nr. 320519011", "DE320519011"),
    ("Umsatzsteuer-Ident-Nr: DE320.519.011", "DE320519011"),
    ("UID DE320519011", "DE320519011"),
    ("Steuernummer: DE 007 234 5551", None),
    ("Umsatzsteuer-ID: 12/345/67890", None),
    ("USt-ID: wird nachgereicht", None),
    ("USt.-Id. De 320519011", "DE320519011"),
    ("LUCID DE3205190110000", None),
]


HEAD = "Holzbau Krantz GmbH<br>Birkenweg 4<br>64283 Darmstadt"


def profile(imprint: str) -> CompanyProfile:
    def page(url: str, body: str) -> Page:
        html = f'<!doctype html><html lang="de"><head><meta charset="utf-8"></head><body>{body}</body></html>'
        now = datetime(2026, 5, 4, tzinfo=UTC)
        return Page(url, url, "test", "company", 200, now, None, None, "text/html", html.encode())

    found = read_site(
        [
            page("https://www.krantz.de/", '<title>Holzbau Krantz GmbH</title><a href="impressum.html">Impressum</a>'),
            page("https://www.krantz.de/impressum.html", f"<h1>Impressum</h1>{imprint}"),
        ]
    )
    assert found is not None
    return found


@pytest.mark.parametrize(("line", "wanted"), PHONES)
def test_phone_of_one_line(line: str, wanted: list[str]) -> None:
    assert list(profile(f"<p>{HEAD}<br>{line}</p>").phones) == wanted


@pytest.mark.parametrize(("line", "wanted"), PEOPLE)
def test_people_of_one_line(line: str, wanted: list[str]) -> None:
    found = profile(f"<p>{HEAD}</p><p>{line}</p><p>USt-IdNr. DE320519011</p>")
    assert [person.name for person in found.people] == wanted


@pytest.mark.parametrize(("line", "wanted"), MAILS)
def test_mail_of_one_line(line: str, wanted: str) -> None:
    assert profile(f"<p>{HEAD}<br>E-Mail: {line}</p>").emails == (wanted,)


@pytest.mark.parametrize(("lines", "wanted"), ADDRESSES)
def test_address_of_some_lines(lines: str, wanted: tuple[str, str, str]) -> None:
    found = profile(f"<p>{lines}</p><p>Tel 06151 555099</p>")
    assert (found.street, found.postcode, found.town) == wanted
    assert found.company == "Holzbau Krantz GmbH"


@pytest.mark.parametrize(("line", "wanted"), REGISTERS)
def test_register_of_one_line(line: str, wanted: str) -> None:
    found = profile(f"<p>{HEAD}</p><p>{line}</p><p>Tel 06151 555099</p>").register
    assert found is not None
    assert found.number == wanted


@pytest.mark.parametrize(("line", "wanted"), VAT_IDS)
def test_vat_id_of_one_line(line: str, wanted: str | None) -> None:
    assert profile(f"<p>{HEAD}</p><p>{line}</p><p>Tel 06151 555099</p>").vat_id == wanted
