"""Invented sites of many layouts: what is read of each is compared with its gold, as the measuring command does."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from enrich.company.evaluation import score, visit
from enrich.company.reading import read_site
from spiders.site_links import site_links

SITES = Path(__file__).parent / "sites"
GOLD = [json.loads(line) for line in (SITES / "gold.jsonl").read_text("utf-8").splitlines()]


def test_every_site_folder_has_gold() -> None:
    assert {gold["site"] for gold in GOLD} == {path.name for path in SITES.iterdir() if path.is_dir()}


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold["site"])
def test_site_is_read_as_it_says(gold: dict[str, object]) -> None:
    pages = visit(SITES / str(gold["site"]), gold, site_links)
    assert len(pages) <= 6
    assert score(read_site(pages), gold, defaultdict(lambda: [0, 0, 0])) == []
