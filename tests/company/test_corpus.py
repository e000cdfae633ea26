"""Floors on stored real company sites, a little below what is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.company.evaluation import evaluate
from spiders.site_links import site_links

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpora" / "company_sites"
FLOORS = {
    "company": 0.96,
    "address": 0.93,
    "register": 0.96,
    "vat": 0.96,
    "phones": 0.96,
    "faxes": 0.96,
    "emails": 0.95,
    "people": 0.90,
    "no_distractor": 0.98,
}


@pytest.fixture(scope="module")
def measured() -> tuple[dict[str, float], int]:
    if not (FOLDER / "gold.jsonl").exists():
        pytest.skip("the company-site corpus is not beside the project")
    measures, _, most = evaluate(FOLDER, site_links)
    return measures, most


@pytest.mark.corpus
@pytest.mark.parametrize("measure", sorted(FLOORS))
def test_measure_stays_above_its_floor(measured: tuple[dict[str, float], int], measure: str) -> None:
    assert measured[0][measure] >= FLOORS[measure]


@pytest.mark.corpus
def test_visits_take_at_most_six_pages(measured: tuple[dict[str, float], int]) -> None:
    assert measured[1] <= 6
