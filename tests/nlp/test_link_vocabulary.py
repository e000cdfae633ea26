"""The vocabularies of the linker: every entry can be used, and no two of them say different things of one word."""

from __future__ import annotations

from typing import get_args

import pytest

from enrich.nlp import organisations
from enrich.nlp.name_cues import is_cue
from enrich.nlp.name_descriptions import fit_of
from enrich.nlp.reading import Reading
from enrich.nlp.roles import find_roles
from enrich.nlp.vocabulary import context_words
from enrich.records import OrgKind
from enrich.roles import base_forms, role_vocabulary
from enrich.vocabulary_files import LEVELS, load, words

GERMAN = load("roles.yml")["de"]
KINDS = load("org_kinds.yml")


@pytest.mark.parametrize("level", LEVELS)
def test_every_german_role_is_found_in_all_its_forms(level: str) -> None:
    vocabulary = role_vocabulary("de")
    never, negative = words(GERMAN["never"]), words(GERMAN["negative"])
    for word in sorted(words(GERMAN[level]["words"]) - never - negative):
        if not word.isalpha() or len(word) < 4:
            continue
        shown = word.capitalize()
        assert vocabulary.lookup(shown) is not None, word
        assert f"{word}s" in never or vocabulary.lookup(f"{shown}s") is not None, word
        if word.endswith(("leiter", "berater", "sprecher", "führer", "gründer", "inhaber")):
            for form in ("in", "innen", ":in", "*innen", "/-in"):
                assert vocabulary.lookup(shown + form) is not None, shown + form


@pytest.mark.parametrize("ending", sorted(words(" ".join(GERMAN[level]["endings"] for level in LEVELS))))
def test_compounds_of_every_ending_are_roles(ending: str) -> None:
    if ending in words(GERMAN["never"]):
        pytest.skip("listed as no role on its own")
    assert role_vocabulary("de").lookup(f"Zweigbüro{ending}") is not None


@pytest.mark.parametrize("word", sorted(words(GERMAN["never"])))
def test_words_that_only_look_like_roles_are_none(word: str) -> None:
    assert role_vocabulary("de").lookup(word.capitalize()) is None


@pytest.mark.parametrize("word", sorted(words(GERMAN["negative"]) - words(GERMAN["never"])))
def test_athletes_victims_and_relatives_have_no_role(word: str) -> None:
    found = role_vocabulary("de").lookup(word.capitalize())
    assert found is None or found[1] is True


@pytest.mark.parametrize("office", sorted(words(GERMAN["offices"])))
def test_offices_are_roles_too(office: str) -> None:
    assert role_vocabulary("de").is_office(office.capitalize())
    assert role_vocabulary("de").lookup(office.capitalize()) is not None


@pytest.mark.parametrize("kind", get_args(OrgKind))
def test_names_of_every_kind_are_told_by_name(kind: str) -> None:
    for name in words(KINDS[kind].get("names")):
        assert organisations.named_kind(name) in get_args(OrgKind), name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Kessler Pumpen GmbH & Co. KG", "company"), ("Brauerei Lindner", "company"), ("Sparkasse Neuburg", "company"),
        ("Handwerkskammer Südthüringen", "association"), ("Förderverein Stadtmuseum e. V.", "association"), ("IG Metall", "association"),
        ("Landratsamt Rosenheim", "public"), ("Bundesministerium der Finanzen", "public"), ("SPD", "party"), ("FC Lindenau", "club"),
        ("Lindenauer Tagblatt", "media"), ("Universität Rostock", "education"),
    ],
)  # fmt: skip
def test_organisations_are_of_the_kind_that_their_name_tells(name: str, kind: str) -> None:
    assert organisations.named_kind(name) == kind


@pytest.mark.parametrize(
    ("name", "before", "base"),
    [
        ("Deutschen Bank", "der", "Deutsche Bank"), ("Gewerbevereins Lindenau", "des", "Gewerbeverein Lindenau"),
        ("Kessler Pumpen GmbH", "der", "Kessler Pumpen GmbH"), ("Deutsche Bank", "", "Deutsche Bank"),
    ],
)  # fmt: skip
def test_names_are_brought_to_their_base_form(name: str, before: str, base: str) -> None:
    assert organisations.base_form(name, before) == base


def test_short_forms_share_the_core_of_the_full_name() -> None:
    assert organisations.core("Kessler Pumpen GmbH & Co. KG") == organisations.core("Kessler Pumpen")
    assert organisations.core("der Deutschen Bank") == organisations.core("Deutsche Bank")
    for short, full in organisations.aliases().items():
        assert short and full and short != full


@pytest.mark.parametrize("word", sorted(words(KINDS["cue_nouns"])))
def test_cues_are_read_in_the_genitive_too(word: str) -> None:
    assert is_cue(word) and is_cue(f"{word}s")


def test_a_description_fits_the_name_first_and_the_kind_second() -> None:
    assert fit_of(("klinikum",), "company", ("klinikum", "rosenheim"), None) == 2
    assert fit_of(("unternehmen",), "company", ("kessler", "pump"), "company") == 1
    assert fit_of(("unternehmen",), "company", ("spd",), "party") == 0
    assert fit_of(("regal",), None, ("kessler",), None) == 0


def test_context_classes_name_no_word_twice_in_one_class() -> None:
    for language in ("de", "en"):
        for name, block in load("context_words.yml")[language].items():
            listed = str(block).split()
            assert len(listed) - len(set(listed)) <= 1, (language, name)
        assert context_words(language).names


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Er ist Leiter der Abteilung Vertrieb Nord.", ["Leiter der Abteilung Vertrieb Nord"]),
        ("Die kaufmännische Geschäftsführerin kommt.", ["kaufmännische Geschäftsführerin"]),
        ("Der stellvertretende Vorstandsvorsitzende geht.", ["stellvertretende Vorstandsvorsitzende"]),
        ("Der Autobauer und der Halbleiter sind keine.", []),
        ("Neuer Chief Operating Officer ist bestellt.", ["Chief Operating Officer"]),
        ("Die Head of Marketing spricht.", ["Head of Marketing"]),
        ("Der Vice President Sales bleibt.", ["Vice President Sales"]),
        ("Der General Manager und die Senior Marketing Managerin.", ["General Manager", "Senior Marketing Managerin"]),
    ],
)
def test_roles_are_found_as_the_text_words_them(text: str, roles: list[str]) -> None:
    reading = Reading(text)
    found = find_roles(reading, [False] * len(reading), "de")
    assert [reading.span_text(role.first, role.last) for role in found] == roles


def test_base_forms_undo_gender_and_case() -> None:
    assert "arzt" in base_forms("ärztin")
    assert "kaufmann" in base_forms("kauffrau")
    assert "vorsitzender" in base_forms("vorsitzenden")
