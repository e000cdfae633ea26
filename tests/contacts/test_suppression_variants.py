"""Whoever is on the do-not-call list is kept out under forty spellings each, and nobody else with them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contacts import keys
from pipeline.contacts.suppression import Suppressions, suppress
from pipeline.store.opening import ensure_schema

VARIANTS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("suppression_variants.yml").read_text("utf-8"))
WHERE = {"company": "Holtkamp Maschinenbau GmbH", "place": "Lemgo"}


def listed(kind: Any, value: str) -> Suppressions:
    with duckdb.connect() as con:
        ensure_schema(con)
        suppress(con, bytes(32), kind, value, now=datetime.now(UTC), **(WHERE if kind == "person" else {}))
        return Suppressions.load(con, bytes(32))


def checked(barred: Suppressions, kind: str, text: str) -> str | None:
    if kind == "person":
        return barred.check(person=text, company="Holtkamp Maschinenbau")
    if kind == "domain":
        is_mail = "@" in text and "://" not in text
        return barred.check(emails=[text]) if is_mail else barred.check(website=text)
    asked: dict[str, Any] = {"company": {"company": text}, "email": {"emails": [text]}, "phone": {"phones": [text]}}[
        kind
    ]
    return barred.check(**asked)


@pytest.mark.parametrize("kind", list(VARIANTS))
def test_all_spellings_are_kept_out(kind: str) -> None:
    spellings = VARIANTS[kind]
    assert len(spellings) >= 40
    barred = listed(kind, spellings[0])
    assert [text for text in spellings if not checked(barred, kind, text)] == []


@pytest.mark.parametrize("kind", list(VARIANTS))
def test_an_entry_in_any_spelling_keeps_the_plain_one_out(kind: str) -> None:
    free = []
    for text in VARIANTS[kind]:
        if kind == "person" and ("." in text or text.startswith("J ") or len(text.split()) > 3):
            continue  # an entry of an initial alone bars that initial, not everybody who has it
        if not checked(listed(kind, text), kind, VARIANTS[kind][0]):
            free.append(text)
    # a sub-domain does not bar the domain above it; one word of a double name may be another family
    shorter = {"Jürgen Müller", "Jürgen Großmann"}
    assert [
        t for t in free if t not in shorter and not (kind == "domain" and keys.domain(t) != "holtkamp.example")
    ] == []


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("person", ["Jürgen Schmidt", "Peter Müller-Großmann", "Klaus Großmann"]),
        ("company", ["Holtkamp Metallbau GmbH", "Maschinenbau Lemgo GmbH", "Holtmann Maschinenbau GmbH", "Die Gruppe"]),
        ("email", ["info@holtkamp.example", "jana.moor@holtmann.example", "moor@holtkamp.example", "kein Mail"]),
        ("phone", ["05261 55511", "05262 55510", "0521 55510"]),
        ("domain", ["holtmann.example", "holtkamp.test", "my-holtkamp.example", "example"]),
    ],
)
def test_others_are_left_alone(kind: str, others: list[str]) -> None:
    barred = listed(kind, VARIANTS[kind][0])
    assert [text for text in others if checked(barred, kind, text)] == []


@given(st.text(max_size=80))
def test_no_cell_breaks_the_normalisers(text: str) -> None:
    address, host = keys.email(text), keys.domain(text)
    assert address is None or keys.email(address) == address
    assert host is None or keys.domain(host) == host
    assert keys.company_keys(text) is not None
