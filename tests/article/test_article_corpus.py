"""Floors on the corpora beside the project, a little below what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.article.evaluation import score_articles, score_news

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"


@pytest.mark.corpus
def test_recent_articles() -> None:
    if not (CORPORA / "articles_de" / "manifest.jsonl").exists():
        pytest.skip("corpus articles_de is not beside the project")
    scores = score_articles(CORPORA / "articles_de")
    assert scores["text_f1"] >= 0.972
    assert scores["text_f1_without_captions"] >= 0.976
    assert scores["title_exact"] >= 0.94
    assert scores["date_same_day"] >= 0.98
    assert scores["date_same_instant"] >= 0.98
    assert scores["text_f1"] > scores["text_f1_trafilatura"]


@pytest.mark.corpus
def test_old_news_pages() -> None:
    if not (CORPORA / "news_de" / "manifest.jsonl").exists() or not (CORPORA / "leads_de" / "manifest.json").exists():
        pytest.skip("corpora news_de and leads_de are not beside the project")
    scores = score_news(CORPORA / "news_de", CORPORA / "leads_de")
    assert scores["recall_of_beginning"] >= 0.90
    assert scores["date_within_a_day_of_crawl"] >= 0.92
