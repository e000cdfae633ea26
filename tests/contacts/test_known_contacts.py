"""Known contacts meet prospects, over the real path: opener import --as contacts, then opener resolve."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli.main import cli
from pipeline.identity import resolve
from pipeline.identity.reach import tie_companies
from pipeline.identity.review import judge, waiting
from pipeline.store.opening import working_store

DAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HEADER = "Vorname;Nachname;Firma;Ort;Telefon;Mobil;E-Mail;Webseite;Handelsregister;Versuche"
Opener = Callable[..., str]


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    (tmp_path / "opener.yml").write_text(f"home: {tmp_path / 'store'}\n", "utf-8")

    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, [*words, "--config", str(tmp_path / "opener.yml")])
        assert done.exit_code == 0, done.output
        return done.output

    return run


class Home:
    """A store with prospects, company sites and files of known contacts."""

    def __init__(self, folder: Path, opener: Opener) -> None:
        self.folder, self.opener, self.files = folder, opener, 0

    def mention(self, number: str, person: str, company: str, place: str | None = None, day: int = 0) -> None:
        with working_store(self.folder / "store") as con:
            con.execute(
                """INSERT INTO mentions BY NAME SELECT $number AS mention_id, 'https://news.example/' || $number AS page_url,
                    $person AS person, 'Geschäftsführung' AS role, 'executive' AS role_level, $company AS company,
                    'company' AS org_kind, $place AS place, 'appointment' AS trigger, false AS former, 'evidence' AS evidence,
                    'body' AS section, 0.9 AS confidence, 'news' AS source, $day AS seen_at, 'run' AS run_id""",
                {
                    "number": number,
                    "person": person,
                    "company": company,
                    "place": place,
                    "day": DAY + timedelta(days=day),
                },
            )

    def site(
        self, company: str, host: str, phones: tuple[str, ...] = (), register: tuple[str, str] | None = None
    ) -> None:
        """Prove the website of a company that is in the store."""
        with working_store(self.folder / "store") as con:
            (row,) = con.execute("SELECT company_id FROM companies WHERE name = ?", [company]).fetchall()
            con.execute("INSERT INTO company_lookups VALUES (?, ?, true, 'Impressum', ?)", [row[0], host, DAY])
            con.execute(
                """INSERT INTO company_profiles BY NAME SELECT $host AS website, $company AS company, $phones AS phones,
                    $court AS register_court, $number AS register_number, $day AS fetched_at""",
                {"host": host, "company": company, "phones": list(phones), "court": (register or (None, None))[0],
                 "number": (register or (None, None))[1], "day": DAY},
            )  # fmt: skip

    def contacts(self, *rows: str) -> None:
        self.files += 1
        path = self.folder / f"crm{self.files}.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        self.opener("import", str(path), "--as", "contacts")
        self.opener("resolve")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with working_store(self.folder / "store") as con:
            return con.execute(query).fetchall()

    def how(self) -> dict[str, tuple[str, str]]:
        """Return surname and given name -> (how the contact was tied, its person)."""
        found = self.rows(
            "SELECT last_name || ' ' || first_name, how, person_id FROM contacts JOIN person_contacts USING (contact_id)"
        )
        return {name: (how, person) for name, how, person in found}

    def person(self, mention: str) -> str:
        return str(self.rows(f"SELECT person_id FROM person_mentions WHERE mention_id = '{mention}'")[0][0])


@pytest.fixture
def home(tmp_path: Path, opener: Opener) -> Home:
    return Home(tmp_path, opener)


@pytest.mark.parametrize(
    ("cells", "how"),
    [
        ("Holding Nord Verwaltung;;;;;;HRB 4711 Lemgo;2", "register_number"),
        ("Holding Nord Verwaltung;;;;;;Amtsgericht Lemgo, HRB 4711;2", "register_number"),
        ("Holding Nord Verwaltung;;05261/555-10;;;;;2", "phone"),
        ("Holding Nord Verwaltung;;;;j.sommerfeldt@lipper-werke.example;;;2", "website"),
        ("Holding Nord Verwaltung;;;;;https://www.lipper-werke.example/kontakt;;2", "website"),
    ],
)  # fmt: skip
def test_a_known_contact_is_found_though_the_company_is_called_otherwise(home: Home, cells: str, how: str) -> None:
    home.mention("a", "Jana Sommerfeldt", "Lipper Werke AG", "Lemgo")
    home.opener("resolve")
    home.site("Lipper Werke AG", "lipper-werke.example", ("+49526155510",), ("Amtsgericht Lemgo", "HRB 4711"))
    home.contacts(f"Jana;Sommerfeldt;{cells}")
    assert home.how() == {"Sommerfeldt Jana": (how, home.person("a"))}
    # one house by its register is no change of employer
    assert home.rows("SELECT company, previous_company FROM people") == [("Lipper Werke AG", None)]


def test_another_court_is_another_register(home: Home) -> None:
    home.mention("a", "Jana Sommerfeldt", "Lipper Werke AG", "Lemgo")
    home.mention("n", "Jana Sommerfeldt", "Donau Klavierhaus KG", "Passau")
    home.opener("resolve")
    home.site("Lipper Werke AG", "lipper-werke.example", (), ("Amtsgericht Lemgo", "HRB 4711"))
    home.contacts("Jana;Sommerfeldt;Holding Nord;;;;;;HRB 4711 Passau;2")
    assert home.how()["Sommerfeldt Jana"][0] != "register_number"


def test_a_switchboard_joins_no_two_names(home: Home) -> None:
    home.mention("a", "Ulf Radtke", "Lipper Werke AG", "Lemgo")
    home.opener("resolve")
    home.site("Lipper Werke AG", "lipper-werke.example", ("+49526155510",))
    home.contacts(
        "Ole;Radtke;Lipper Werke;;05261 55510;;;;;0", "Ulf;Radtke;Lipper Werke Holding;;05261 55510;;;;;0",
        "Ina;Horn;Lipper Werke;;05261 55510;;;;;0",
    )  # fmt: skip
    found = home.how()
    assert found["Radtke Ulf"][1] == home.person("a")
    assert len({person for _, person in found.values()}) == 3


@pytest.mark.parametrize(
    ("first", "second", "how"),
    [
        ("Susanne;Achterberg;Zweirad Achterberg;Unna;;0171 5550100;;;;1", "Susi;Achterberg;Radhaus West;Hamm;;+49 171 5550100;;;;0", "phone"),
        ("Susanne;Achterberg;Zweirad Achterberg;;;;s.achterberg@gmx.de;;;1", "S.;Achterberg;;;;;S.Achterberg@GMX.de;;;0", "email"),
        ("Susanne;Achterberg;;;02303 55599;;;;;1", ";Achterberg;Radhaus West;Hamm;02303/55599;;;;;0", "phone"),
    ],
)  # fmt: skip
def test_a_mailbox_or_direct_number_is_proof_with_a_name_that_fits(
    home: Home, first: str, second: str, how: str
) -> None:
    home.contacts(first)
    home.contacts(second)
    found = home.rows(
        "SELECT how, person_id FROM person_contacts JOIN contacts USING (contact_id) ORDER BY imported_at"
    )
    assert found[0][1] == found[1][1]
    assert [row[0] for row in found] == ["first", how]


def test_one_mailbox_of_two_given_names_stays_two_people(home: Home) -> None:
    home.contacts("Hans;Koch;Koch Bau;;;;koch@koch-bau.example;;;1", "Maria;Koch;Koch Bau;;;;koch@koch-bau.example;;;0")
    assert len({person for _, person in home.how().values()}) == 2


def test_another_surname_waits_for_a_human(home: Home) -> None:
    home.contacts("Jana;Sommerfeldt;Lipper Werke;Lemgo;;0171 5550101;;;;1")
    home.contacts("Jana;Prokoph;Donau Klavierhaus;Passau;;0171 5550101;;;;0")
    assert len({person for _, person in home.how().values()}) == 2
    with working_store(home.folder / "store") as con:
        (pair,) = waiting(con)
    assert "phone" in pair.explanation


def test_a_contact_without_a_company_is_known_by_its_mail_domain(home: Home) -> None:
    home.mention("a", "Thomas Müller", "Sommerfeldt Maschinenbau GmbH", "Lemgo")
    home.mention("b", "Thomas Müller", "Donau Klavierhaus KG", "Passau")
    home.opener("resolve")
    home.contacts("Thomas;Müller;;;;;thomas.mueller@sommerfeldt-maschinenbau.example;;;3")
    assert home.how()["Müller Thomas"][1] == home.person("a")
    assert home.rows("SELECT count(*) FROM companies") == [(2,)]


def test_a_site_that_is_proved_later_ties_at_once(home: Home) -> None:
    home.contacts("Jana;Sommerfeldt;Holding Nord;;;;;;HRB 4711 Lemgo;6")
    home.mention("a", "Jana Sommerfeldt", "Lipper Werke AG", "Lemgo", day=1)
    home.opener("resolve")
    contact = home.how()["Sommerfeldt Jana"][1]
    assert home.person("a") != contact
    home.site("Lipper Werke AG", "lipper-werke.example", (), ("Amtsgericht Lemgo", "HRB 4711"))
    with working_store(home.folder / "store") as con:
        ids = [
            row[0] for row in con.execute("SELECT company_id FROM companies WHERE name = 'Lipper Werke AG'").fetchall()
        ]
        assert len(tie_companies(con, DAY, ids).folded) == 1
    assert home.how()["Sommerfeldt Jana"][0] == "register_number"
    assert len({home.person("a"), home.how()["Sommerfeldt Jana"][1]}) == 1
    told = json.loads(home.opener("matches", "--json", "--explain", "a", home.person("a")))
    assert told["same_person"]


def test_a_known_person_who_changed_company_appears_as_such(home: Home) -> None:
    home.contacts("Wenzeslaus;Prokoph;Prokoph Orgelbau GmbH;Passau;;;;;;2")
    home.mention("a", "Wenzeslaus Prokoph", "Donau Klavierhaus KG", "Passau", day=1)
    home.opener("resolve")
    assert home.how()["Prokoph Wenzeslaus"][1] == home.person("a")
    assert home.rows("SELECT company, previous_company FROM people") == [
        ("Donau Klavierhaus KG", "Prokoph Orgelbau GmbH")
    ]


def test_the_same_company_again_is_no_change(home: Home) -> None:
    home.contacts("Jana;Sommerfeldt;Holtkamp Maschinenbau GmbH;Lemgo;;;;;;2")
    home.mention("a", "Jana Sommerfeldt", "Holtkamp Maschinenbau", "Lemgo", day=1)
    home.opener("resolve")
    home.contacts("Jana;Sommerfeldt;Holtkamp Maschinenbau GmbH;Lemgo;;;;;;3")
    assert home.rows("SELECT previous_company, changed_at FROM people") == [(None, None)]


def test_an_imported_row_does_not_outrank_the_news(home: Home) -> None:
    home.mention("a", "Wenzeslaus Prokoph", "Donau Klavierhaus KG", "Passau")
    home.opener("resolve")
    home.contacts("Wenzeslaus;Prokoph;Prokoph Orgelbau GmbH;Passau;;;;;;2")
    assert home.rows("SELECT company, previous_company FROM people") == [
        ("Donau Klavierhaus KG", "Prokoph Orgelbau GmbH")
    ]


def test_what_humans_decided_holds_against_a_shared_number(home: Home) -> None:
    home.contacts("Jana;Sommerfeldt;Lipper Werke;Lemgo;;0171 5550101;;;;1")
    home.contacts("Jana;Sommerfeldt;Donau Klavierhaus;Passau;;0171 5550101;;;;0")
    (one, other) = [row[0] for row in home.rows("SELECT contact_id FROM contacts ORDER BY imported_at")]
    with working_store(home.folder / "store") as con:
        assert con.execute("SELECT count(*) FROM people").fetchall() == [(1,)]
        judge(con, one, other, "not", now=DAY)
        assert con.execute("SELECT count(*) FROM people").fetchall() == [(2,)]
        assert resolve(con, now=DAY).attached_mentions == 0


def test_the_explanation_names_the_means_and_adds_up(home: Home) -> None:
    home.contacts("Jana;Sommerfeldt;Lipper Werke;Lemgo;;0171 5550101;;;;1")
    home.contacts("Jana;Sommerfeldt;Donau Klavierhaus;Passau;;0171 5550101;;;;0")
    (one, other) = [row[0] for row in home.rows("SELECT contact_id FROM contacts")]
    told = json.loads(home.opener("matches", "--json", "--explain", one, other))
    assert told["means"] == "same phone number"
    assert sum(part["log_odds"] for part in told["parts"]) == pytest.approx(told["score"], abs=0.05)


def test_a_rebuild_ties_the_same(home: Home) -> None:
    home.mention("a", "Jana Sommerfeldt", "Lipper Werke AG", "Lemgo")
    home.opener("resolve")
    home.site("Lipper Werke AG", "lipper-werke.example", ("+49526155510",), ("Amtsgericht Lemgo", "HRB 4711"))
    home.contacts("Jana;Sommerfeldt;Holding Nord;;;;;;HRB 4711 Lemgo;2", "Ole;Radtke;Lipper Werke;;05261 55510;;;;;0")
    tables = ("person_contacts", "person_mentions", "people", "person_aliases")
    before = [home.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables]
    with working_store(home.folder / "store") as con:
        from pipeline.identity import rebuild

        rebuild(con, DAY + timedelta(days=9))
    assert [home.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables] == before


def test_a_do_not_call_mark_at_a_company_without_a_person_bars_the_company(home: Home) -> None:
    path = home.folder / "firmen.csv"
    path.write_text("Firma;Ort;Werbesperre\nLipper Werke AG;Lemgo;ja\nMohn AG;Detmold;nein\n", "utf-8")
    home.opener("import", str(path), "--as", "contacts")
    home.mention("a", "Jana Sommerfeldt", "Lipper Werke", "Lemgo")
    home.mention("b", "Ulf Radtke", "Mohn AG", "Detmold")
    home.opener("resolve")
    home.opener("score")
    states = dict(home.rows("SELECT name, state FROM prospects JOIN people ON person_id = prospect_id"))
    assert (states["Jana Sommerfeldt"], states["Ulf Radtke"] != "suppressed") == ("suppressed", True)
