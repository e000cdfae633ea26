"""Floors on the corpus of real event sites, a little below what is measured today."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from enrich.events.evaluation import Counts, evaluate
from spiders.event_links import event_links

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpora" / "event_sites"


@pytest.mark.corpus
@pytest.mark.skipif(not (CORPUS / "gold.jsonl").exists(), reason="the corpus of event sites is not beside the project")
def test_event_sites_reach_their_floors() -> None:
    events, names, pairs = Counts(), Counts(), Counts()
    for _, pages, found, people, companies in evaluate(CORPUS, event_links, today=date(2026, 11, 24)):
        assert pages <= 40
        events.add(found)
        names.add(people)
        pairs.add(companies)
    assert events.recall >= 0.93
    assert events.precision >= 0.94
    assert names.f1 >= 0.95
    assert pairs.f1 >= 0.87
