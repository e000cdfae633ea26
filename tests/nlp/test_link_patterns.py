"""Every way in which German news tie a person to an organisation, with invented people; and people who are no leads."""

from __future__ import annotations

import pytest
from spacy.language import Language

from enrich.nlp import Lead, load_pipeline


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline("de")


def read(nlp: Language, text: str) -> list[Lead]:
    return list(nlp(text)._.leads)


# (what it is, text, person, role or None, company)
TIES = [
    ("apposition after", "Hans Kochmann, Geschäftsführer der Kochmann Maschinenbau GmbH, rechnet mit mehr Aufträgen.",
     "Hans Kochmann", "Geschäftsführer", "Kochmann Maschinenbau GmbH"),
    ("apposition before", "Die Geschäftsführerin der Lindner Optik GmbH, Petra Sauerwein, begrüßte die Gäste.",
     "Petra Sauerwein", "Geschäftsführerin", "Lindner Optik GmbH"),
    ("title before name", "Der CEO der Nordwerk AG, Michael Petersen, ist zufrieden.", "Michael Petersen", "CEO", "Nordwerk AG"),
    ("compound with acronym", "IHK-Präsidentin Sabine Reinholz warnte vor neuen Auflagen.", "Sabine Reinholz", "Präsidentin", "IHK"),
    ("compound with a brand", "VW-Chef Jürgen Mallwitz stellte die Pläne vor.", "Jürgen Mallwitz", "Chef", "VW"),
    ("verbal appointment", "Die Brauner Logistik GmbH hat Thomas Wegener zum neuen Vertriebsleiter ernannt.",
     "Thomas Wegener", "Vertriebsleiter", "Brauner Logistik GmbH"),
    ("becomes", "Claudia Steinfeld wird zum 1. März neue Leiterin der Stadtbibliothek Lindenau.",
     "Claudia Steinfeld", "Leiterin", "Stadtbibliothek Lindenau"),
    ("takes over", "Martin Oelker übernimmt die Geschäftsführung der Hafenbetriebe Wismar GmbH.",
     "Martin Oelker", None, "Hafenbetriebe Wismar GmbH"),
    ("bracketed firm", "Auf dem Podium saßen Eva Brandner (Brandner Holzbau GmbH) und Kurt Weidinger (Sparkasse Neuburg).",
     "Eva Brandner", None, "Brandner Holzbau GmbH"),
    ("second bracketed firm", "Auf dem Podium saßen Eva Brandner (Brandner Holzbau GmbH) und Kurt Weidinger (Sparkasse Neuburg).",
     "Kurt Weidinger", None, "Sparkasse Neuburg"),
    ("of the firm", "„Das Wetter hat gepasst“, sagte Uwe Harmsen von der Harmsen Touristik GmbH.",
     "Uwe Harmsen", None, "Harmsen Touristik GmbH"),
    ("academic titles", "Prof. Dr. Ilse Kammerer, Direktorin der Uniklinik Rheinhausen, leitet die Studie.",
     "Ilse Kammerer", "Direktorin", "Uniklinik Rheinhausen"),
    ("double name", "Bettina Krüger-Lohse ist Prokuristin bei der Elbtal Spedition GmbH.",
     "Bettina Krüger-Lohse", "Prokuristin", "Elbtal Spedition GmbH"),
    ("inclusive form", "Alex Birkner, Leiter:in der Volkshochschule Neustadt, eröffnete das Semester.",
     "Alex Birkner", "Leiter:in", "Volkshochschule Neustadt"),
    ("genitive name", "Der Vorsitzende des Gewerbevereins Lindenau, Paul Ziegler, dankte den Helfern.",
     "Paul Ziegler", "Vorsitzende", "Gewerbeverein Lindenau"),
    ("inflected name", "Der Sprecher der Deutschen Bank, Lars Hohmann, bestätigte den Verkauf.",
     "Lars Hohmann", "Sprecher", "Deutsche Bank"),
    ("press contact", "Pressekontakt: Kerstin Baumgart, Pressesprecherin, Solarpark Mitte GmbH, Telefon 0341 12345",
     "Kerstin Baumgart", "Pressesprecherin", "Solarpark Mitte GmbH"),
    ("quoted speaker", "„Wir stellen ein“, sagt Jonas Weitzel, Personalchef der Kessler Pumpen AG.",
     "Jonas Weitzel", "Personalchef", "Kessler Pumpen AG"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "person", "role", "company"), [t[1:] for t in TIES], ids=[t[0] for t in TIES])
def test_ties_a_person_to_an_organisation(
    nlp: Language, text: str, person: str, role: str | None, company: str
) -> None:
    found = {(lead.person, lead.company): lead.role for lead in read(nlp, text)}
    assert (person, company) in found
    if role is not None:
        assert role in (found[person, company] or "")


def test_several_people_share_one_role(nlp: Language) -> None:
    leads = read(nlp, "Die Geschäftsführer der Möller Stahlbau GmbH, Frank Möller und Gerd Asmussen, unterschrieben.")
    assert {lead.person for lead in leads} == {"Frank Möller", "Gerd Asmussen"}
    assert {lead.company for lead in leads} == {"Möller Stahlbau GmbH"}


def test_a_later_surname_is_the_person_named_in_full(nlp: Language) -> None:
    leads = read(
        nlp,
        "Anke Dörfler ist Geschäftsführerin der Dörfler Druck GmbH. Der Markt sei schwierig. „Wir bleiben hier“, sagte Dörfler.",
    )
    assert [(lead.person, lead.company) for lead in leads] == [("Anke Dörfler", "Dörfler Druck GmbH")]


def test_successor_and_predecessor_are_told_apart(nlp: Language) -> None:
    leads = read(
        nlp,
        "Neue Leiterin der Musikschule Rheinau ist Miriam Falkner. Sie folgt auf den bisherigen Leiter Ernst Huber, "
        "der in den Ruhestand geht.",
    )
    former = {lead.person: lead.former for lead in leads}
    assert former["Miriam Falkner"] is False
    assert former.get("Ernst Huber") is not False


def test_a_description_refers_to_the_organisation_named_before(nlp: Language) -> None:
    leads = read(
        nlp,
        "Die Kessler Pumpen AG baut ein neues Werk. Das kündigte der Vorstandschef des Unternehmens, Ralf Tessmer, am Montag an.",
    )
    assert [(lead.person, lead.role, lead.company) for lead in leads] == [
        ("Ralf Tessmer", "Vorstandschef", "Kessler Pumpen AG")
    ]


def test_the_fullest_form_in_the_text_names_the_company(nlp: Language) -> None:
    leads = read(
        nlp,
        "Neue Halle bei Rademacher. Die Rademacher Kunststoffe GmbH & Co. KG investiert. Rademacher-Chef Jens Vogler freut sich.",
    )
    assert {lead.company for lead in leads} == {"Rademacher Kunststoffe GmbH & Co. KG"}


def test_a_caption_lists_people_with_their_firms(nlp: Language) -> None:
    leads = read(
        nlp,
        "Beim Spatenstich (v. l.): Bernd Olschewski (Olschewski Bau GmbH), Heike Trautwein (Volksbank Lindenau) und "
        "Architekt Rolf Mertens. Foto: Klaus Ebert",
    )
    pairs = {(lead.person, lead.company) for lead in leads}
    assert {("Bernd Olschewski", "Olschewski Bau GmbH"), ("Heike Trautwein", "Volksbank Lindenau")} <= pairs
    assert "Klaus Ebert" not in {lead.person for lead in leads}


def test_a_personnel_column_names_the_firm_first(nlp: Language) -> None:
    leads = read(
        nlp,
        "Personalien\n\nSeidel Elektronik GmbH: Monika Gerstner ist neue Finanzchefin.\n\n"
        "Bauhaus Weimer AG: Der Vorstand bestellte Peter Lansky zum Einkaufsleiter.",
    )
    pairs = {(lead.person, lead.company) for lead in leads}
    assert ("Monika Gerstner", "Seidel Elektronik GmbH") in pairs
    assert ("Peter Lansky", "Bauhaus Weimer AG") in pairs


NO_LEADS = [
    ("victim", "Bei dem Unfall auf der A 7 wurde der 34-jährige Fahrer Sven Lachner verletzt."),
    ("athlete", "Stürmer Kevin Radtke traf in der 88. Minute zum 2:1 für den FC Lindenau."),
    ("historical", "Johann Sebastian Bach wurde 1685 in Eisenach geboren."),
    ("private person", "Rentnerin Hilde Baumann steht seit sechs Uhr in der Schlange vor dem Rathaus."),
    ("photographer", "Das neue Werk der Kessler Pumpen AG. Foto: Dieter Kaltenbach"),
    ("author of the text", "Von Katrin Sommerfeld\n\nDie Kessler Pumpen AG baut in Lindenau ein neues Werk."),
    ("no organisation", "„So einen Sommer gab es lange nicht“, sagt Imker Georg Wallner."),
]


@pytest.mark.parametrize("text", [t for _, t in NO_LEADS], ids=[name for name, _ in NO_LEADS])
def test_who_acts_for_nobody_is_no_lead(nlp: Language, text: str) -> None:
    assert [(lead.person, lead.company) for lead in read(nlp, text)] == []


def test_a_former_role_is_marked(nlp: Language) -> None:
    leads = read(nlp, "Der frühere Geschäftsführer der Nordwerk AG, Holger Jentsch, sagte als Zeuge aus.")
    assert [(lead.person, lead.former) for lead in leads] == [("Holger Jentsch", True)]
