"""Which told reason belongs to whom: people told of together, nearness, speakers, what the text is about."""

from __future__ import annotations

import pytest

from enrich.nlp.english_cues import described_kinds
from enrich.nlp.linking import organisation_kinds
from enrich.nlp.pair_features import Row, pairs
from enrich.nlp.reason_cues import Told, companions
from enrich.nlp.reason_features import phrases_told, reason_row
from enrich.nlp.scene import Scene, build_scene


def scene_of(text: str, language: str, *entities: tuple[str, str]) -> Scene:
    spans = [(text.index(word), text.index(word) + len(word), label) for word, label in entities]
    return build_scene(text, spans, language)


def row_of(scene: Scene, person: str) -> Row:
    found = pairs(scene, {}, organisation_kinds(scene))
    pair = next(p for p in found if scene.names.people[p.person].name == person)
    return reason_row(scene, Told({}, scene), pair, None)


def test_people_in_a_row_are_told_of_together() -> None:
    scene = scene_of(
        "Anna Koch, Ben Roth und Cem Aydin haben die Alpha GmbH gegründet.", "de",
        ("Anna Koch", "PER"), ("Ben Roth", "PER"), ("Cem Aydin", "PER"), ("Alpha GmbH", "ORG"),
    )  # fmt: skip
    assert companions(scene, 0, 0) == {0, 1, 2}
    assert all(row_of(scene, name).get("mine_founding") for name in ("Anna Koch", "Ben Roth", "Cem Aydin"))


def test_a_verb_between_two_people_parts_them() -> None:
    scene = scene_of(
        "Anna Koch kritisierte Ben Roth von der Alpha GmbH.", "de",
        ("Anna Koch", "PER"), ("Ben Roth", "PER"), ("Alpha GmbH", "ORG"),
    )  # fmt: skip
    assert companions(scene, 0, 0) == {0}


def test_who_speaks_is_told_from_who_listens() -> None:
    scene = scene_of(
        "„Wir wachsen“, sagte Anna Koch, Chefin der Alpha GmbH. Ben Roth leitet dort den Einkauf.", "de",
        ("Anna Koch", "PER"), ("Alpha GmbH", "ORG"), ("Ben Roth", "PER"),
    )  # fmt: skip
    assert row_of(scene, "Anna Koch")["speaks_share"] == 1.0
    assert row_of(scene, "Ben Roth")["speaks_share"] == 0.0


def test_the_company_news_told_most_is_the_topic() -> None:
    scene = scene_of(
        "Die Alpha GmbH hat Insolvenz angemeldet. Der Insolvenzverwalter prüft die Lage. Anna Koch ist Chefin der Alpha GmbH.",
        "de", ("Alpha GmbH", "ORG"), ("Anna Koch", "PER"),
    )  # fmt: skip
    row = row_of(scene, "Anna Koch")
    assert row["top_insolvency"] == 1.0 and row["top_clear"] == 1.0


def test_phrases_name_the_lead_by_its_part() -> None:
    scene = scene_of(
        "Anna Koch verlässt die Alpha GmbH, Ben Roth bleibt.", "de",
        ("Anna Koch", "PER"), ("Alpha GmbH", "ORG"), ("Ben Roth", "PER"),
    )  # fmt: skip
    pair = next(p for p in pairs(scene, {}, organisation_kinds(scene)) if p.person == 0)
    found = phrases_told(scene, pair, None)
    assert "b:<person> verläs" in found and "k:<person> die" in found
    assert not any("koch" in phrase or "alpha" in phrase for phrase in found)


@pytest.mark.parametrize("noun", ["council's", "council’s", "company", "charity", "newspaper"])
def test_english_nouns_that_stand_for_an_organisation(noun: str) -> None:
    assert described_kinds(noun)


def test_the_councils_speaker_belongs_to_the_council() -> None:
    scene = scene_of(
        "Marl Haulage sued Otford Borough Council. The council's Ann Lee refused to comment; the firm’s Raj Patel did not.", "en",
        ("Marl Haulage", "ORG"), ("Otford Borough Council", "ORG"), ("Ann Lee", "PERSON"), ("Raj Patel", "PERSON"),
    )  # fmt: skip
    described = {n.text: scene.names.organisations[n.cluster].name for n in scene.names.spans if n.described}
    assert sorted(described.values()) == ["Marl Haulage", "Otford Borough Council"]


@pytest.mark.parametrize(
    ("text", "word", "label"),
    [
        ("He joined the Melton Brackley practice in May.", "Melton Brackley", "LOC"),
        ("The firm has opened in Upper Tarrow.", "Upper Tarrow", "LOC"),
        ("She left Marl & Tovey in May.", "Marl & Tovey", "ORG"),
        ("The firm was sold, as James Tovey confirmed.", "James Tovey", "PER"),
    ],
)
def test_names_taken_for_people(text: str, word: str, label: str) -> None:
    scene = scene_of(text, "en", (word, "PERSON"))
    assert next(n.label for n in scene.names.spans if n.text == word) == label
