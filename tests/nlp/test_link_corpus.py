"""Leads on the corpora beside the project: floors under what the shipped weights reach, so that nothing is lost unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.evaluation.corpora import lead_corpora
from enrich.evaluation.lead_scores import score
from enrich.nlp import load_pipeline

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
# corpus, kinds (None: all), least F of pairs, least precision of pairs
FLOORS = [
    ("leads_de", frozenset(("company", "association")), 0.65, 0.62),
    ("leads_de", None, 0.61, 0.69),
    ("written_de", None, 0.67, 0.73),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "kinds", "least", "precision"), FLOORS)
def test_pairs_do_not_fall_below_their_floor(
    name: str, kinds: frozenset[str] | None, least: float, precision: float
) -> None:
    corpora = {corpus.name: corpus for corpus in lead_corpora(SHARED)}
    if name not in corpora:
        pytest.skip(f"{name} is not beside the project")
    corpus = corpora[name]
    nlp = load_pipeline("de")
    docs = zip(corpus.texts, nlp.pipe(corpus.texts.values(), batch_size=32), strict=True)
    found = {
        doc: [
            {"person": lead.person, "role": lead.role, "company": lead.company, "org_kind": lead.org_kind}
            for lead in read._.leads
        ]
        for doc, read in docs
    }
    pair = score(corpus.gold, found, kinds)["pair"]
    assert pair["f"] >= least
    assert pair["p"] >= precision
