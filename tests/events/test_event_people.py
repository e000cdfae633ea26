from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.events.affiliations import split_affiliation
from enrich.events.biographies import read_biography
from enrich.events.names import given_names, name_of
from enrich.events.person_lines import labelled_people, people_in_line, people_in_title
from enrich.events.person_prose import biography_line, people_in_prose


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Prof. Dr. Eva Maurer", "Eva Maurer"), ("Dr.-Ing. Max Holler, MBA", "Max Holler"), ("Frau Heike Sommer", "Heike Sommer"),
        ("Roger J. Hartwell, Jr.", "Roger J. Hartwell, Jr."), ("Marie von Lindenau", "Marie von Lindenau"), ("EVA MAURER", "EVA MAURER"),
        ("Anna-Lena Groß-Winkler", "Anna-Lena Groß-Winkler"), ("Karl-Heinz O'Brien", "Karl-Heinz O'Brien"), ("J. Peter Lund", "J. Peter Lund"),
        ("James 'purple' Hubert", "James 'purple' Hubert"),
    ],
)  # fmt: skip
def test_names_are_recognised_without_their_titles(text: str, name: str) -> None:
    assert name_of(text) == (name, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Aktuelle Termine", "Universität Kassel", "Green Power AG", "Digital History", "Samantha M.", "Unser Vorstand", "Heilbronn Messe",
        "DevSecOps Worst Practices", "Bäckerei Huber", "Open Data Day", "Berlin", "Haus der Wirtschaft", "Jetzt anmelden", "12. März 2027",
    ],
)  # fmt: skip
def test_other_capitalised_words_are_no_names(text: str) -> None:
    assert name_of(text)[1] < 2


@pytest.mark.parametrize(
    ("text", "role", "company"),
    [
        ("Geschäftsführerin der X GmbH", "Geschäftsführerin", "X GmbH"),
        ("Leiter Vertrieb bei der Nordglas AG", "Leiter Vertrieb", "Nordglas AG"),
        ("Leiter Vertrieb", "Leiter Vertrieb", None),
        ("Vice President Procurement", "Vice President Procurement", None),
        ("Head of Platform, Northbank Energy", "Head of Platform", "Northbank Energy"),
        ("CEO and co-founder of Mailtree", "CEO and co-founder", "Mailtree"),
        ("CEO Mailtree", "CEO", "Mailtree"),
        ("Fiberworks | Secretary", "Secretary", "Fiberworks"),
        ("Lecturer (Westmoor University)", "Lecturer", "Westmoor University"),
        ("Partner, Holzer & Kollegen Steuerberatung", "Partner", "Holzer & Kollegen Steuerberatung"),
        ("Design Lab, Westmoor University", None, "Westmoor University"),
        ("Seemann, München", None, "Seemann"),
        ("Professor of Robotics", "Professor of Robotics", None),
        ("Vorsitzender, Merkstr. 18, 50825 Köln", "Vorsitzender", None),
    ],
)
def test_role_and_organisation_are_told_apart(text: str, role: str | None, company: str | None) -> None:
    assert split_affiliation(text) == (role, company)


@pytest.mark.parametrize(
    ("text", "role", "company"),
    [
        ("ist Gründer und Geschäftsführer der Meierhof GmbH in Augsburg und verantwortet die Entwicklung.", "Gründer und Geschäftsführer", "Meierhof GmbH"),
        ("is an Associate Professor of Computer Science at the University of Westmoor, UK. His research …", "Associate Professor of Computer Science", "University of Westmoor"),
        ("ist Fellow bei waldcode und ein Experte für Scala.", "Fellow", "waldcode"),
        ("Seit 2015 für die SOH GmbH als Entwickler tätig, beschäftigt er sich …", "Entwickler", "SOH GmbH"),
        ("hat das Unternehmen lampenschmiede GmbH gegründet. Er hilft …", "Gründer", "lampenschmiede GmbH"),
        ("is an independent consultant, trainer and writer. He helps teams.", "independent consultant", None),
        ("was CEO of Oldco until 2019.", None, None),
    ],
)  # fmt: skip
def test_biographies_tell_todays_role_and_employer(text: str, role: str | None, company: str | None) -> None:
    assert read_biography(text) == (role, company)


def _short(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(p.name, p.role, p.company) for p in people_in_line(text)]


def test_lists_of_people_are_split_and_share_a_bracket() -> None:
    assert _short("Bernd Stroh (Stadtwerke Jena) und Lothar Ulm (Uni Osna)") == [
        ("Bernd Stroh", None, "Stadtwerke Jena"),
        ("Lothar Ulm", None, "Uni Osna"),
    ]
    assert _short("Torsten Hill, Claudia Prinz (NFDX, Universität Berg)") == [
        ("Torsten Hill", None, "Universität Berg"),
        ("Claudia Prinz", None, "Universität Berg"),
    ]
    assert _short("Jürgen Hart & Steffen Meier") == [("Jürgen Hart", None, None), ("Steffen Meier", None, None)]
    assert _short("CEO Thomas Müller") == [("Thomas Müller", "CEO", None)]
    assert _short("Brett Hart | Blue Air | Chairman") == [("Brett Hart", "Chairman", "Blue Air")]
    assert _short("Aarau, Green Power AG") == []


def test_labels_name_the_part() -> None:
    part, people = labelled_people("Referentin: Dr. Eva Maurer, Geschäftsführerin der X GmbH")
    assert (part, people[0].name, people[0].role, people[0].company) == (
        "speaker",
        "Eva Maurer",
        "Geschäftsführerin",
        "X GmbH",
    )
    part, people = labelled_people("Moderiert von Jonas Petersen, Kammer Lindenstadt")
    assert (part, people[0].name, people[0].company) == ("host", "Jonas Petersen", "Kammer Lindenstadt")
    assert labelled_people("Ansprechpartnerin: Gerda Pichler, Tel. 08000/1234")[0] == "contact"
    assert labelled_people("Kosten: 15 Euro")[1] == []


def test_titles_give_up_their_speakers() -> None:
    assert people_in_title("Scala für Einsteiger - Nils Heller")[0] == "Scala für Einsteiger"
    title, people = people_in_title("Sicherheit im Homeoffice (Dennis Falk, IT-Leiter Klinikum Waldau)")
    assert (title, people[0].name) == ("Sicherheit im Homeoffice", "Dennis Falk")
    assert people_in_title("Unternehmerfrühstück: Fachkräfte gewinnen") == ("", [])


def test_running_text_needs_a_tie_to_the_event() -> None:
    found = people_in_prose(
        "Zunächst stellte Herr Lothar Farber, Vice President Procurement, den Einkauf vor. Das Buch von Uli Horn blieb liegen."
    )
    assert [(p.name, p.role) for p, _ in found] == [("Lothar Farber", "Vice President Procurement")]
    found = people_in_prose("Den Abschluss bildete der Vortrag von Markus Berger von Horn & Partners zum Thema Zahlen.")
    assert [(p.name, p.company) for p, _ in found] == [("Markus Berger", "Horn & Partners")]
    described = biography_line(
        "Eva Maurer (in/eva | https://eva.example) ist Leiterin Einkauf bei der Nordglas AG. Sie …"
    )
    assert described is not None
    assert (described.name, described.role, described.company) == ("Eva Maurer", "Leiterin Einkauf", "Nordglas AG")


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_without_harm(text: str) -> None:
    for person in people_in_line(text):
        assert person.name
    people_in_prose(text)
    people_in_title(text)
    read_biography(text)
    split_affiliation(text)


@pytest.mark.parametrize("last", ["Hoffmeister", "Lindqvist", "Brandauer", "O'Malley"])
def test_every_given_name_makes_a_name_sure(last: str) -> None:
    unsure = {
        first for first in given_names()
        if first.isalpha() and len(first) > 2 and name_of(f"{first.title()} {last}")[1] not in (1, 2)
    }  # fmt: skip
    assert unsure == _WORDS


# Given names that are words of event pages or particles of names too ("Van Hoffmeister" may be a surname alone).
_WORDS = {"german", "summer", "autumn", "floor", "tage", "pier", "van"}
