"""The do-not-call list under spelling variants, and erasure that sticks."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contacts import keys, secret
from pipeline.contacts.erasure import find_people, forget
from pipeline.contacts.suppression import Suppressions, suppress, suppressed_people
from pipeline.errors import OpenerError
from pipeline.identity import rebuild, resolve
from pipeline.store.opening import ensure_schema

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
KEY = bytes(range(32))

VARIANTS = {
    "person": [
        ("Jürgen Brüggenwirth", "Kielmann Metallbau GmbH"), ("Juergen Brueggenwirth", "Kielmann Metallbau GmbH"),
        ("Jurgen Bruggenwirth", "Kielmann Metallbau"), ("JÜRGEN BRÜGGENWIRTH", "KIELMANN METALLBAU GMBH"),
        ("Brüggenwirth, Jürgen", "Kielmann Metallbau GmbH"), ("Dr. Jürgen Brüggenwirth", "Kielmann Metallbau GmbH"),
        ("Herr Jürgen Brüggenwirth", "Kielmann Metallbau"), ("Prof. Dr. Jürgen Brüggenwirth", "Kielmann Metallbau"),
        ("J. Brüggenwirth", "Kielmann Metallbau GmbH"), ("Brüggenwirth, J.", "Kielmann Metallbau"),
        ("Jürgen Brügenwirth", "Kielmann Metallbau"), ("Jürgen Brüggenwrith", "Kielmann Metallbau"),
        ("Jürgen Brüggenwirht", "Kielmann Metallbau"), ("Jürgne Brüggenwirth", "Kielmann Metallbau"),
        ("Jürgen  Brüggenwirth", "Kielmann  Metallbau  GmbH"), ("Jürgen Brüggenwirth ", " Kielmann Metallbau"),
        ("jürgen brüggenwirth", "kielmann metallbau"), ("Jürgen H. Brüggenwirth", "Kielmann Metallbau"),
        ("Jürgen-Heinz Brüggenwirth", "Kielmann Metallbau"), ("Jürgen Heinz Brüggenwirth", "Kielmann Metallbau"),
        ("Jürgen Brüggenwirth-Lohse", "Kielmann Metallbau"), ("Jürgen Lohse-Brüggenwirth", "Kielmann Metallbau"),
        ("Georg Brüggenwirth", "Kielmann Metallbau"), ("Jogi Brüggenwirth", "Kielmann Metallbau"),
        ("Jürgen Brüggenwirth", "Kielmann GmbH"), ("Jürgen Brüggenwirth", "Kielmann Metallbau GmbH & Co. KG"),
        ("Jürgen Brüggenwirth", "Kielmann Metallbau Gesellschaft mit beschränkter Haftung"),
        ("Jürgen Brüggenwirth", "Kielmann-Metallbau"), ("Jürgen Brüggenwirth", "Kielman Metallbau"),
        ("Jürgen Brüggenwirth", "Kielmann Metalbau"), ("Jürgen Brüggenwirth", "Keilmann Metallbau GmbH"),
        ("Jürgen Brüggenwirth, Dipl.-Ing.", "Kielmann Metallbau"), ("Jürgen Brüggenwirth (Inhaber)", "Kielmann Metallbau"),
        ("Brüggenwirth Jürgen", "Kielmann Metallbau"), ("Ing. Jürgen Brüggenwirth MBA", "Kielmann Metallbau"),
        ("Jürgen von Brüggenwirth", "Kielmann Metallbau"), ("J. H. Brüggenwirth", "Kielmann Metallbau"),
        ("Jüregn Brüggenwirth", "Kielmann Metallbau GmbH"), ("Jürgen\u00a0Brüggenwirth", "Kielmann Metallbau"),
        ("Ju\u0308rgen Bru\u0308ggenwirth", "Kielmann Metallbau"), ("Jürgen Brüggenwirth", "Kielmann Metallbau gmbh"),
    ],
}  # fmt: skip
PHONES = [
    "+49 231 5550147", "0231 5550147", "0231/5550147", "0231-555 01 47", "(0231) 5550147", "+49 (0)231 5550147", "0049 231 5550147",
    "+492315550147", "02315550147", "0231 555-0147", "+49 (231) 555 0147", "Tel.: 0231 5550147", "tel:+49-231-5550147",
    "+49.231.5550147", "0231 / 555 01 47", "49 231 5550147", "0231 5 55 01 47", "+49-231-555-0147", " 0231 5550147 ", "Telefon 0231 5550147",
    "0231\u00a05550147", "+49\u2009231\u20095550147", "0231–5550147", "0049(0)2315550147", "+49 0231 5550147", "Tel 0231/555-0147",
    "Fon: 0231 5550147", "０２３１ ５５５０１４７", "0231.5550147", "(+49) 231 5550147", "+49/231/5550147", "0231 55 50 147", "phone: +49 231 5550147",
    "(0231) 555 0147", "(0231)5550147", "0231 555 0147;", "+49 231 555 0 147", "00492315550147", "0231 5550147,", "+49 2 31 5 55 01 47",
]  # fmt: skip


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "work.duckdb"))
    ensure_schema(connection)
    return connection


def test_a_person_is_kept_out_under_forty_spellings(con: duckdb.DuckDBPyConnection) -> None:
    suppress(con, KEY, "person", "Jürgen Brüggenwirth", company="Kielmann Metallbau GmbH", now=NOW)
    listed = Suppressions.load(con, KEY)
    assert len(VARIANTS["person"]) >= 40
    missed = [v for v in VARIANTS["person"] if listed.check(person=v[0], company=v[1]) is None]
    assert missed == []


@pytest.mark.parametrize(
    ("person", "company"),
    [
        ("Jürgen Brüggenwirth", "Amsel Logistik AG"), ("Petra Brüggenwirth", "Kielmann Metallbau GmbH"),
        ("Jürgen Kielmann", "Kielmann Metallbau GmbH"), ("Johannes Brüggenwirth", "Kielmann Metallbau GmbH"),
    ],
)  # fmt: skip
def test_other_people_are_not_lost(con: duckdb.DuckDBPyConnection, person: str, company: str) -> None:
    suppress(con, KEY, "person", "Jürgen Brüggenwirth", company="Kielmann Metallbau GmbH", now=NOW)
    assert Suppressions.load(con, KEY).check(person=person, company=company) is None


def test_a_phone_is_kept_out_under_forty_spellings(con: duckdb.DuckDBPyConnection) -> None:
    suppress(con, KEY, "phone", "0231 5550147", now=NOW)
    listed = Suppressions.load(con, KEY)
    assert [p for p in PHONES if listed.check(phones=[p]) is None] == []
    assert listed.check(phones=["0231 5550148"]) is None


@pytest.mark.parametrize(
    "mail",
    ["J.Moor@Werft-Nord.example", " j.moor@werft-nord.example ", "mailto:j.moor@werft-nord.example", "Jan Moor <j.moor@werft-nord.example>", "j.moor+news@werft-nord.example", "j.moor(at)werft-nord.example", "j.moor [at] werft-nord [punkt] example"],
)  # fmt: skip
def test_a_mail_address_is_kept_out(con: duckdb.DuckDBPyConnection, mail: str) -> None:
    suppress(con, KEY, "email", "j.moor@werft-nord.example", now=NOW)
    listed = Suppressions.load(con, KEY)
    assert listed.check(emails=[mail])
    assert listed.check(emails=["k.moor@werft-nord.example"]) is None


def test_a_domain_covers_its_mailboxes_and_hosts(con: duckdb.DuckDBPyConnection) -> None:
    suppress(con, KEY, "domain", "https://www.werft-nord.example/kontakt", now=NOW)
    listed = Suppressions.load(con, KEY)
    assert listed.check(emails=["x@mail.werft-nord.example"])
    assert listed.check(website="WERFT-NORD.example")
    assert listed.check(website="nord.example") is None


def test_a_company_is_kept_out_in_any_form(con: duckdb.DuckDBPyConnection) -> None:
    suppress(con, KEY, "company", "Birkenhof & Söhne Möbel GmbH", now=NOW)
    listed = Suppressions.load(con, KEY)
    for name in (
        "BIRKENHOF UND SOEHNE MOEBEL",
        "Birkenhof + Söhne Möbel KG",
        "Birkenhof-Söhne-Möbel",
        "Birkenhof & Söhne Möbl",
    ):
        assert listed.check(company=name), name
    assert listed.check(company="Birkenhof Apotheke") is None


def test_only_hashes_are_stored_and_twice_is_once(con: duckdb.DuckDBPyConnection) -> None:
    one = suppress(con, KEY, "person", "Jürgen Brüggenwirth", company="Kielmann", now=NOW)
    size = con.execute("SELECT count(*) FROM suppressions").fetchall()
    assert suppress(con, KEY, "person", "Jürgen Brüggenwirth", company="Kielmann", now=NOW) == one
    assert con.execute("SELECT count(*) FROM suppressions").fetchall() == size
    assert "ggenwirth" not in str(con.execute("SELECT * FROM suppressions").fetchall()).lower()
    with pytest.raises(OpenerError, match="phone"):
        suppress(con, KEY, "phone", "keine", now=NOW)


def add(con: duckdb.DuckDBPyConnection, number: str, person: str, company: str) -> None:
    con.execute(
        """INSERT INTO mentions BY NAME SELECT ? AS mention_id, 'u' AS page_url, ? AS person, 'owner' AS role_level, ? AS company,
            'company' AS org_kind, 'mention' AS trigger, false AS former, 'e' AS evidence, 'body' AS section, 0.9 AS confidence,
            'news' AS source, ? AS seen_at, 'r' AS run_id""",
        [number, person, company, NOW],
    )


def test_suppressed_people_are_found_and_survive_a_rebuild(con: duckdb.DuckDBPyConnection) -> None:
    add(con, "a", "Jana Sommerfeldt", "Holtkamp GmbH")
    add(con, "b", "Ulf Radtke", "Mohn AG")
    resolve(con, now=NOW)
    suppress(con, KEY, "person", "Sommerfeldt, Jana", company="Holtkamp", now=NOW)
    rebuild(con, NOW)
    person = dict(con.execute("SELECT mention_id, person_id FROM person_mentions").fetchall())
    assert set(suppressed_people(con, KEY)) == {person["a"]}


def test_an_erased_person_does_not_come_back(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    key = secret.load(tmp_path)
    add(con, "a", "Jana Sommerfeldt", "Holtkamp GmbH")
    add(con, "b", "Ulf Radtke", "Mohn AG")
    resolve(con, now=NOW)
    found = find_people(con, "Sommerfeldt, Jana", "Holtkamp")
    report = forget(con, key, now=NOW, person_ids=[row[0] for row in found])
    assert (report.people, report.mentions) == (1, 1)
    add(con, "c", "Dr. Jana Sommerfeldt", "Holtkamp GmbH & Co. KG")
    resolve(con, now=NOW)
    rebuild(con, NOW)
    for table in ("people", "mentions"):
        assert "Sommerfeldt" not in str(con.execute(f"SELECT * FROM {table}").fetchall())
    assert con.execute("SELECT count(*) FROM people").fetchall() == [(1,)]


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = secret.load(tmp_path / "home")
    assert secret.load(tmp_path / "home") == first
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "home" / "secret.key").write_text("spoilt")
    with pytest.raises(OpenerError, match="damaged"):
        secret.load(tmp_path / "home")


@given(st.text(max_size=40))
def test_keys_never_fail(text: str) -> None:
    keys.phone(text)
    keys.email_key(text)
    keys.domain_keys(text)
    keys.company_keys(text)
    keys.person_keys(text, text, text, stored=True)


@given(st.sampled_from(["Jana", "Ulf", "Anna-Lena"]), st.text("abcdefgilmnorstuäöü", min_size=3, max_size=12))
def test_a_stored_person_always_meets_itself(first: str, last: str) -> None:
    name = f"{first} {last.title()}"
    stored = keys.person_keys(name, "Mohn Optik GmbH", None, stored=True)
    assert not stored.isdisjoint(keys.person_keys(name, "Mohn Optik", "Plön", stored=False))
