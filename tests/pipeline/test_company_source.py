"""A company site as a lead source: its people come with its own phone, and nobody looks the company up again."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.conftest import Town

HOME = '<html lang="de"><title>Brehm</title><h1>Willkommen bei Brehm</h1><a href="/impressum">Impressum</a></html>'
IMPRINT = """<html lang="de"><title>Impressum</title><h1>Impressum</h1>
<p>Werkzeugbau Brehm GmbH<br>Am Anger 3<br>99998 Lindenau</p>
<p>Vertretungsberechtigte Geschäftsführerin: Dagmar Brehm</p>
<p>Telefon: 0361 555 09 10<br>E-Mail: post@werkzeug-brehm.example</p>
<p>Registergericht: Amtsgericht Jena, HRB 501 234</p></html>"""


def test_people_of_a_company_source_have_the_phone_of_their_site(town: Town) -> None:
    _lay_out(town)
    done = town.run("nightly")
    assert done.returncode == 0, done.stderr
    brehm = next(row for row in town.rows() if row["last_name"] == "Brehm")
    assert brehm["role"] == "Geschäftsführerin" and brehm["company"] == "Werkzeugbau Brehm GmbH"
    assert brehm["phone"] == "+493615550910" and brehm["town"] == "Lindenau"
    assert brehm["reason"] == "genannt auf der eigenen Internetseite"
    assert brehm["website"] == "https://werkzeug-brehm.example/"
    seen = [path.name for path in (town.out / "store" / "pages").rglob("*companies*")]
    found = town.run("sql", "SELECT count(*) AS n FROM pages WHERE source = 'lookup:companies' AND url LIKE '%brehm%'", "--format", "csv")  # fmt: skip
    assert found.stdout.split() == ["n", "0"], (seen, found.stderr)


def _lay_out(town: Town) -> None:
    site = town.town / "www.werkzeug-brehm.example"
    site.mkdir()
    (site / "index.html").write_text(HOME, "utf-8")
    (site / "impressum").write_text(IMPRINT, "utf-8")
    Path(town.out / "sources" / "brehm.yml").write_text(
        "name: brehm\ntitle: Brehm\nkind: company\nstart: ['http://www.werkzeug-brehm.example/']\nlanguage: de\nenabled: true\n", "utf-8"
    )  # fmt: skip
