"""What persons, pairs and pairs with role count as, on invented leads; the same numbers as the corpus's own script."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.evaluation.corpora import DEFAULT
from enrich.evaluation.lead_scores import agreement, same_company, same_person, same_role, score

SCRIPT = DEFAULT / "corpora" / "leads_de" / "score_leads.py"


def lead(person: str, company: str, role: str | None = None, **more: Any) -> dict[str, Any]:
    return {"person": person, "company": company, "role": role, **more}


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Dr. Anna Lohmeyer", "Anna Lohmeyer", True),
        ("A. Lohmeyer", "Anna Lohmeyer", True),
        ("Lohmeyer", "Anna Lohmeyer", True),
        ("Jörg Grüne", "Joerg Gruene", True),
        ("Berta Lohmeyer", "Anna Lohmeyer", False),
        ("Anna Lohmeyer-Kunz", "Anna Lohmeyer", False),
        ("", "Anna Lohmeyer", False),
    ],
)
def test_people_agree_by_surname_and_first_letter(one: str, two: str, same: bool) -> None:
    assert same_person(one, two) is same


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Lohmeyer Stahlbau GmbH & Co. KG", "Lohmeyer Stahlbau", True),
        ("Lohmeyer", "Lohmeyer Stahlbau GmbH", True),
        ("Deutschen Optik AG", "Deutsche Optik", True),
        ("Lohmeyer Stahlbau", "Kunz Stahlbau Nord", False),
        ("", "Lohmeyer", False),
    ],
)
def test_companies_agree_by_their_core(one: str, two: str, same: bool) -> None:
    assert same_company(one, two) is same


def test_roles_agree_by_half_of_their_words_and_two_missing_ones_agree() -> None:
    assert same_role("Leiter der Abteilung Vertrieb", "Leiter Vertrieb")
    assert same_role(None, None)
    assert not same_role("Leiter", None)
    assert not same_role("Prokuristin", "Sprecher")


def test_counts_are_by_document_and_each_lead_is_used_once() -> None:
    gold = {
        "a": [lead("Anna Lohmeyer", "Lohmeyer GmbH", "Inhaberin")],
        "b": [lead("Kai Brandt", "Brandt AG", "Vorstand")],
    }
    found = {
        "a": [lead("Lohmeyer", "Lohmeyer", None), lead("Anna Lohmeyer", "Lohmeyer GmbH", "Inhaberin")],
        "b": [lead("Anna Lohmeyer", "Lohmeyer GmbH", "Inhaberin")],
    }
    result = score(gold, found)
    assert (result["pair"]["tp"], result["pair"]["fp"], result["pair"]["fn"]) == (1, 2, 1)
    assert (result["person"]["tp"], result["person"]["fp"], result["person"]["fn"]) == (1, 1, 1)
    assert result["pair"]["p"] == round(1 / 3, 3)
    assert result["pair"]["r"] == 0.5


def test_leads_of_other_kinds_are_neutral() -> None:
    gold = {
        "a": [
            lead("Anna Lohmeyer", "Lohmeyer GmbH", org_kind="company"),
            lead("Kai Brandt", "Stadt Wied", org_kind="public"),
        ]
    }
    found = {"a": [lead("Kai Brandt", "Stadt Wied"), lead("Anna Lohmeyer", "Lohmeyer GmbH")]}
    assert score(gold, found, ["company"])["pair"] == {"p": 1.0, "r": 1.0, "f": 1.0, "tp": 1, "fp": 0, "fn": 0}


def test_triggers_are_counted_on_matched_pairs_only() -> None:
    gold = {
        "a": [lead("Anna Lohmeyer", "Lohmeyer GmbH", trigger="award"), lead("Kai Brandt", "Brandt AG", trigger="quote")]
    }
    found = {
        "a": [lead("Anna Lohmeyer", "Lohmeyer GmbH", trigger="award"), lead("Kai Brandt", "Other", trigger="quote")]
    }
    assert agreement(gold, found, "trigger") == (1.0, 1)
    assert agreement(gold, {}, "trigger") == (0.0, 0)


def test_nothing_found_and_nothing_wanted_is_no_division_by_zero() -> None:
    assert score({"a": []}, {})["pair"]["f"] == 0.0


_NAMES = st.sampled_from(
    ["Anna Lohmeyer", "A. Lohmeyer", "Lohmeyer", "Kai Brandt", "Dr. Kai Brandt", "Jörg Süß", "", "Müller-Kunz"]
)
_FIRMS = st.sampled_from(
    ["Lohmeyer GmbH", "Lohmeyer", "Brandt AG", "Stadtwerke Wied", "Wied", "Süß & Co. KG", "", "GmbH"]
)
_ROLES = st.sampled_from([None, "", "Leiter", "Leiter Vertrieb", "Vorstand", "Geschäftsführerin"])
_KINDS = st.sampled_from(["company", "association", "public"])
_LEADS = st.lists(
    st.fixed_dictionaries({"person": _NAMES, "company": _FIRMS, "role": _ROLES, "org_kind": _KINDS}),
    max_size=5,
    unique_by=lambda x: tuple(str(v) for v in x.values()),
)


@pytest.mark.corpus
@given(_LEADS, _LEADS, st.sampled_from([None, ("company",), ("company", "association")]))
def test_scores_are_those_of_the_corpus_script(
    gold: list[dict[str, Any]], found: list[dict[str, Any]], kinds: tuple[str, ...] | None
) -> None:
    theirs = _script()
    ours = score({"a": gold}, {"a": found}, kinds)
    assert dict(ours) == theirs.score({"a": gold}, {"a": found}, set(kinds) if kinds else None)


@functools.cache
def _script() -> Any:
    if not Path(SCRIPT).exists():
        pytest.skip(f"{SCRIPT.name} is not beside the project")
    spec = importlib.util.spec_from_file_location("score_leads", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
