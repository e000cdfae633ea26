"""Person, company and town names in parts: what must fold together and what must stay apart."""

import string

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.identity.company_names import legal_form_of, parse_company
from pipeline.identity.encoding import Words, company_codes, people_codes
from pipeline.identity.folding import cologne, fold, stable_hash
from pipeline.identity.person_names import name_parts, parse_person
from pipeline.identity.places import place_core

WORDS = st.text(alphabet=string.ascii_letters + "äöüÄÖÜßéčğıłø-.'", min_size=1, max_size=12)
ANY = st.text(max_size=60)


@pytest.mark.parametrize(
    ("raw", "given_parts", "surname_parts"),
    [
        ("Dr. Hans-Peter von der Au", ("hans", "peter"), ("au",)),
        ("Müller, Max", ("max",), ("muller",)),
        ("Müller, Dr. Max", ("max",), ("muller",)),
        ("HERR ARNE DÖRING", ("arne",), ("doring",)),
        ("M. Koch", ("m",), ("koch",)),
        ("V. Zwickmoor", ("v",), ("zwickmoor",)),
        ("Prof. Dr. med. Dipl.-Ing. Anna Meier-Schulze", ("anna",), ("meier", "schulze")),
        ("von Au, Max", ("max",), ("au",)),
        ("Frau Michaela Bauer geb. Kunz", ("michaela",), ("bauer",)),
        ("Max Graf von Au", ("max",), ("au",)),
        ("José de la Cruz", ("jose",), ("cruz",)),
        ("Koch", (), ("koch",)),
        ("Max Moor, MBA", ("max",), ("moor",)),
        ("Bäcker:in Lea Moor", ("backer", "lea"), ("moor",)),
    ],
)
def test_names_come_apart(raw: str, given_parts: tuple[str, ...], surname_parts: tuple[str, ...]) -> None:
    name = parse_person(raw)
    assert (name.given_parts, name.surname_parts) == (given_parts, surname_parts)


def test_title_gender_and_birth_name_are_kept() -> None:
    name = parse_person("Frau Dr. h.c. Eva Moor (geb. Lind)")
    assert (name.title, name.gender, name.birth_name) == ("Dr. h.c.", "f", "Lind")


@given(ANY)
def test_the_fast_reader_agrees_with_the_parser(raw: str) -> None:
    parsed = parse_person(raw)
    assert name_parts(raw) == (parsed.given_parts, parsed.surname_parts)


@given(st.lists(WORDS, min_size=2, max_size=4))
def test_the_fast_reader_agrees_on_names(words: list[str]) -> None:
    raw = " ".join(words)
    parsed = parse_person(raw)
    assert name_parts(raw) == (parsed.given_parts, parsed.surname_parts)


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Müller", "Mueller", "Muller", "MÜLLER"),
        ("Weiß", "Weiss"),
        ("Jörg", "Joerg"),
        ("Łukasz", "Lukasz"),
        ("Gökçe", "Goekce"),
    ],
)
def test_umlaut_spellings_fold_alike(spellings: tuple[str, ...]) -> None:
    assert len({fold(s) for s in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Bauer", "Baur"), ("Neuer", "Neur"), ("Michael", "Michal"), ("Koch", "Kock")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("word", "code"), [("muller", "657"), ("breschnew", "17863"), ("wikipedia", "3412"), ("meyer", "67")]
)
def test_cologne_phonetics(word: str, code: str) -> None:
    assert cologne(word) == code


def test_hashes_are_the_same_everywhere() -> None:
    assert stable_hash(["muller", ""]).tolist() == stable_hash(["muller", ""]).tolist()
    assert len(set(stable_hash([f"w{i}" for i in range(10_000)]).tolist())) == 10_000


@pytest.mark.parametrize(
    "spellings",
    [
        ("Heser Robotik GmbH", "HESER ROBOTIK", "Heser Robotik Gmbh & Co KG", "Heser Robotik mGbH", "Heser Robotik Gesellschaft mit beschränkter Haftung"),
        ("Koch GmbH (KG)", "Koch GmbH & Co. KG", "Koch"),
        ("VW", "Volkswagen AG", "Volkswagen"),
        ("Birner & Ullmann", "Birner + Ullmann GmbH", "Birner und Ullmann"),
        ("Zenvertri UG (haftungsbeschränkt)", "Zenvertri UG ", "Zenvertri"),
        ("E.ON SE", "E.ON"),
        ("Bäckerei Otto e. K.", "Baeckerei Otto e.K."),
    ],
)  # fmt: skip
def test_company_spellings_share_a_core(spellings: tuple[str, ...]) -> None:
    assert len({parse_company(s).core for s in spellings}) == 1


def test_companies_of_one_trade_stay_apart() -> None:
    assert parse_company("Koch Metallbau GmbH").core != parse_company("Kock Metallbau GmbH").core


@given(ANY)
def test_company_names_never_fail(raw: str) -> None:
    parsed = parse_company(raw)
    assert parsed.core == parsed.core.strip()
    assert len(parsed.tokens) <= 6


def test_legal_forms_stay_shown() -> None:
    assert legal_form_of("Koch Holzbau GmbH & Co. KG") == "GmbH & Co. KG"
    assert legal_form_of("Koch Holzbau") is None


@pytest.mark.parametrize(
    ("raw", "core"),
    [
        ("Raum Köln", "koln"), ("Koeln", "koln"), ("Halle (Saale)", "halle"), ("Frankfurt am Main", "frankfurt"),
        ("Frankfurt/Main", "frankfurt"), ("30159 Hannover", "hannover"), ("St. Gallen", "sankt gallen"), ("Bad Honnef", "honnef"),
    ],
)  # fmt: skip
def test_towns_fold_to_a_core(raw: str, core: str) -> None:
    assert place_core(raw) == core


@given(ANY)
@settings(max_examples=60)
def test_towns_never_fail(raw: str) -> None:
    assert isinstance(place_core(raw), str)


@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_company_and_person_names_together_are_encoded(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    assert len(company_codes(pa.array(texts, pa.string()), Words())) == len(texts)
    assert len(people_codes(pa.array(texts, pa.string()), Words())) == len(texts)
