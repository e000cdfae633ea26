"""Opening lines: the golden file, grammar, tact, and templates that the user changes."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.scoring.inflection import bei, in_case, in_paper, is_bad_news, von
from pipeline.scoring.openers import OCCASIONS, Occasion, opening_line, when
from spiders.definitions import DefinitionError
from tests.scoring.openers_golden import GOLDEN, lines

TODAY = date(2026, 11, 24)
BASE = Occasion(
    "appointment", "de", "Eva", "Maurer", "f", "Maurer GmbH", "Tagblatt", TODAY - timedelta(days=1), None, None
)
_WRONG = re.compile(
    r"\b(?:bei|von|mit|zu) (?:die|das|den|der|dem)? ?(?:die|das) |\bbei dem\b|\bvon dem\b|\bfür (?:der|dem)\b|\bum (?:der|dem)\b"
    r"|\bin dem\b|\b(?:der|dem|den) \w+(?:sche|scher|sches) |\bden Stadtwerke\b"
)


def test_every_sentence_is_as_in_the_golden_file() -> None:
    """After a change: python -m tests.scoring.openers_golden, and read the difference."""
    assert list(lines()) == GOLDEN.read_text("utf-8").splitlines()


def test_no_sentence_has_an_open_slot_a_gap_or_a_wrong_case() -> None:
    found = list(lines())
    assert len(found) > 300
    for line in found:
        sentence = line.split(": ", 1)[1]
        assert not re.search(r"[{}]|None|  | [,.!?]|^,", sentence), line
        assert sentence.endswith((".", "!", "?")) and sentence[0].isupper(), line
        assert not _WRONG.search(sentence), line
        if re.match(r"\w\w (?:insolvency|layoffs|departure|neutral)\b", line):
            assert not re.search("lückwunsch|ongratulation|Erfolg|Gute!", sentence), line


@pytest.mark.parametrize(
    ("name", "dative", "accusative"),
    [("Koch GmbH & Co. KG", "bei der Koch GmbH & Co. KG", "die Koch GmbH & Co. KG"), ("Deutsche Bank AG", "bei der Deutschen Bank AG", "die Deutsche Bank AG"),
     ("Bayerisches Rotes Kreuz", "beim Bayerischen Roten Kreuz", "das Bayerische Rote Kreuz"), ("Verband der Köche e.V.", "beim Verband der Köche e.V.", "den Verband der Köche e.V."),
     ("Stadtwerke Hannover", "bei den Stadtwerken Hannover", "die Stadtwerke Hannover"), ("Handwerkskammer Ulm", "bei der Handwerkskammer Ulm", "die Handwerkskammer Ulm"),
     ("Siemens", "bei Siemens", "Siemens"), ("Anna Koch e.K.", "bei Anna Koch e.K.", "Anna Koch e.K."), ("Der Beck GmbH", "bei Der Beck GmbH", "Der Beck GmbH"),
     ("Schweizer Bauernverband", "beim Schweizer Bauernverband", "den Schweizer Bauernverband"), ("Möbelhaus Ritter", "beim Möbelhaus Ritter", "das Möbelhaus Ritter"),
     ("Technische Universität Dresden", "bei der Technischen Universität Dresden", "die Technische Universität Dresden")],
)  # fmt: skip
def test_names_of_houses_are_inflected(name: str, dative: str, accusative: str) -> None:
    assert (bei(name), in_case(name, "acc")) == (dative, accusative)
    assert von(name) == dative.replace("beim", "vom").replace("bei", "von", 1)


@pytest.mark.parametrize(
    ("title", "german"),
    [("Lindenauer Tagblatt", "im „Lindenauer Tagblatt“"), ("Sächsische Zeitung", "in der „Sächsischen Zeitung“"), ("Leipziger Volkszeitung", "in der „Leipziger Volkszeitung“"),
     ("Lübecker Nachrichten", "in den „Lübecker Nachrichten“"), ("Augsburger Allgemeine: Wirtschaft", "in der „Augsburger Allgemeine: Wirtschaft“"),
     ("IHK Leipzig", "bei „IHK Leipzig“"), ("Die Rheinpfalz", "in „Die Rheinpfalz“"), ("Kölner Stadt-Anzeiger", "im „Kölner Stadt-Anzeiger“")],
)  # fmt: skip
def test_papers_are_named_in_their_case(title: str, german: str) -> None:
    assert in_paper(title, True) == german


def test_english_papers_have_their_article() -> None:
    assert in_paper("Lindenau Gazette", False) == "in the Lindenau Gazette"
    assert in_paper("The Times", False) == "in The Times"
    assert in_paper("BusinessLive", False) == "in BusinessLive"


@pytest.mark.parametrize(
    "evidence",
    ["Nach dem Tod des Gründers übernimmt Eva Maurer die Leitung.", "Eva Maurer folgt auf den verstorbenen Karl Maurer.", "Der Betrieb meldete Insolvenz an.",
     "Trauer um Karl Maurer: seine Tochter führt den Betrieb weiter.", "She takes over after the death of her father.", "Der Brand zerstörte die Halle.",
     "Die Firma kündigte den Stellenabbau an, Maurer wird neue Chefin."],
)  # fmt: skip
@pytest.mark.parametrize("trigger", OCCASIONS)
def test_nobody_is_congratulated_under_bad_news(trigger: str, evidence: str) -> None:
    for language in ("de", "en"):
        sentence = opening_line(
            dataclasses.replace(BASE, trigger=trigger, evidence=evidence, language=language, referrer="Karl Beck"),
            TODAY,
        )
        assert not re.search("lückwunsch|ongratulation|viel Erfolg|alles Gute|success|all the best", sentence), sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Eva Maurer ist neue Chefin.",
        "Todd Miller leitet das Werk.",
        "Der Brandenburger Mittelstand wächst.",
        "Feuerwehr lädt ein.",
        "Er studied in Leeds.",
    ],
)
def test_good_news_stay_good(sentence: str) -> None:
    assert not is_bad_news(sentence)


def test_the_greeting_knows_titles_and_missing_names() -> None:
    def greeting(**changes: str) -> str:
        return opening_line(dataclasses.replace(BASE, **changes), TODAY).split(",")[0]  # type: ignore[arg-type]

    assert greeting(title="Prof. Dr.-Ing.") == "Guten Tag Frau Prof. Dr. Maurer"
    assert greeting(gender="unknown") == "Guten Tag Eva Maurer"
    assert greeting(gender="unknown", first_name="") == "Guten Tag"
    assert greeting(surname="") == "Guten Tag"
    assert greeting(language="en", title="Dr.", gender="unknown") == "Hello Dr Maurer"
    assert greeting(language="en", gender="m") == "Hello Mr Maurer"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (7, "vor einer Woche"),
        (12, "am 12. November"),
        (14, "vor zwei Wochen"),
        (21, "vor drei Wochen"),
        (28, "vor vier Wochen"),
        (35, "am 20. Oktober"),
    ],
)
def test_weeks_are_said_when_they_are_near(age: int, words: str) -> None:
    assert when(TODAY - timedelta(days=age), TODAY, "de") == words


def test_a_page_of_the_company_is_named_as_such() -> None:
    assert "auf Ihrer Internetseite" in opening_line(dataclasses.replace(BASE, trigger="mention", own_site=True), TODAY)
    assert "in der Presse" in opening_line(dataclasses.replace(BASE, source=""), TODAY)


def test_the_user_can_change_single_sentences(tmp_path: Path) -> None:
    (tmp_path / "de.yml").write_text(
        'award: "{greeting}, ich las {when} {where}: Preis für {acc} als {role}!"\n', "utf-8"
    )
    sentence = opening_line(dataclasses.replace(BASE, trigger="award", role="Chefin"), TODAY, tmp_path)
    assert sentence == "Guten Tag Frau Maurer, ich las gestern im „Tagblatt“: Preis für die Maurer GmbH als Chefin!"
    assert "neuen Aufgabe" in opening_line(BASE, TODAY, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [('award: "{greetings}, hallo"', "unknown slot"), ('prize: "hallo"', "prize"), ('award: "{greeting"', "brace"), ("award: [1]", "award")],
)  # fmt: skip
def test_a_broken_template_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "de.yml").write_text(text + "\n", "utf-8")
    with pytest.raises(DefinitionError, match=said) as error:
        opening_line(BASE, TODAY, tmp_path)
    assert "de.yml:1" in str(error.value)


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(OCCASIONS), st.sampled_from(["de", "en"]))
def test_no_name_breaks_a_sentence(company: str, source: str, trigger: str, language: str) -> None:
    line = opening_line(
        dataclasses.replace(BASE, company=company, source=source, trigger=trigger, language=language), TODAY
    )
    assert line.isprintable() and "  " not in line and "\n" not in line
