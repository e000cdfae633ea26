"""How well articles are read, on the corpora beside the project: `python -m enrich.article.evaluation [CORPORA]`.

Text: F1 of bags of words (`\\w+`, NFC, lower case, soft hyphens removed) of the article's text against the gold
paragraphs, mean over pages; `text_without_captions` is the same without caption blocks, which the gold leaves out on
purpose. Title: equal after stripping and removing soft hyphens. Date: same day in Europe/Berlin, and same instant.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import trafilatura

from enrich.article.content import Article
from enrich.article.dates import ZONE
from enrich.article.reading import read_article

_WORDS = re.compile(r"\w+")


def score_articles(corpus_dir: Path) -> dict[str, float]:
    """Score every page of `articles_de` (manifest.jsonl with title, published, paragraphs; pages gzipped)."""
    rows = _manifest(corpus_dir)
    bodies = [gzip.decompress((corpus_dir / row["file"]).read_bytes()) for row in rows]
    read_article(bodies[0], rows[0]["url"])  # loads vocabularies and the language model
    trafilatura.extract(bodies[0])
    started = time.process_time()
    articles = [read_article(body, row["url"], row["content_type"]) for row, body in zip(rows, bodies, strict=True)]
    seconds = time.process_time() - started
    started = time.process_time()
    plain = [trafilatura.extract(body) or "" for body in bodies]
    plain_seconds = time.process_time() - started
    gold = ["\n\n".join(row["paragraphs"]) for row in rows]
    published = [_aware(row["published"]) for row in rows]
    count = len(rows)
    return {
        "pages": count,
        "text_f1": _mean(bag_f1(a.text, g) for a, g in zip(articles, gold, strict=True)),
        "text_f1_without_captions": _mean(bag_f1(body_text(a), g) for a, g in zip(articles, gold, strict=True)),
        "text_f1_trafilatura": _mean(bag_f1(text, g) for text, g in zip(plain, gold, strict=True)),
        "title_exact": _mean(same_title(a.title, row["title"]) for a, row in zip(articles, rows, strict=True)),
        "date_same_day": _mean(same_day(a.published, when) for a, when in zip(articles, published, strict=True)),
        "date_same_instant": _mean(a.published == when for a, when in zip(articles, published, strict=True)),
        "pages_per_second": count / seconds,
        "speed_against_trafilatura": plain_seconds / seconds,
    }


def score_news(pages_dir: Path, leads_dir: Path) -> dict[str, float]:
    """Score the pages of `news_de` whose beginning is a text of `leads_de`.

    Those texts are the first thousand characters of the page with its frame (title, date, share bar), so only the
    share of their words that is found (in title and text) says something, and only in comparison.
    """
    listed = json.loads((leads_dir / "manifest.json").read_text("utf-8"))
    documents = {row["smartdata_id"]: row["doc"] for row in listed if row.get("smartdata_id")}
    recalls: list[float] = []
    plain: list[float] = []
    days: list[bool] = []
    for row in _manifest(pages_dir):
        body = gzip.decompress((pages_dir / row["file"]).read_bytes())
        article = read_article(body, row["url"], row["content_type"])
        when = _aware(row["published"])
        days.append(article.published is not None and abs((article.published - when).days) <= 1)
        document = documents.get(row["smartdata_id"])
        if document is None:
            continue
        gold = (leads_dir / "docs" / f"{document}.txt").read_text("utf-8")
        recalls.append(bag_recall(f"{article.title}\n{article.text}", gold))
        plain.append(bag_recall(f"{article.title}\n{trafilatura.extract(body) or ''}", gold))
    return {
        "pages": len(days),
        "pages_with_text": len(recalls),
        "recall_of_beginning": _mean(recalls),
        "recall_of_beginning_trafilatura": _mean(plain),
        "date_within_a_day_of_crawl": _mean(days),
    }


def bag_f1(text: str, gold: str) -> float:
    """Return the F1 of two texts as bags of words; 0 when nothing agrees."""
    found, wanted = _bag(text), _bag(gold)
    shared = sum((found & wanted).values())
    return 2 * shared / (found.total() + wanted.total()) if shared else 0.0


def bag_recall(text: str, gold: str) -> float:
    """Return the share of the gold's words that the text has."""
    found, wanted = _bag(text), _bag(gold)
    return sum((found & wanted).values()) / max(1, wanted.total())


def body_text(article: Article) -> str:
    """Return the article's text without its captions."""
    return "\n\n".join(article.text[block.start : block.end] for block in article.blocks if block.kind != "caption")


def same_title(title: str | None, gold: str) -> bool:
    """Tell whether two titles are equal but for soft hyphens and white space at the ends."""
    return unicodedata.normalize("NFC", title or "") == unicodedata.normalize("NFC", gold.replace("\u00ad", "").strip())


def same_day(published: datetime | None, gold: datetime) -> bool:
    """Tell whether two instants are on the same day in Berlin."""
    return published is not None and published.astimezone(ZONE).date() == gold.astimezone(ZONE).date()


def _bag(text: str) -> Counter[str]:
    return Counter(_WORDS.findall(unicodedata.normalize("NFC", text).replace("\u00ad", "").lower()))


def _mean(values: Any) -> float:
    listed = [float(value) for value in values]
    return sum(listed) / max(1, len(listed))


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines() if line.strip()]


def main(arguments: list[str]) -> int:
    """Print the scores of the corpora that are present; 1 when there are none."""
    default = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
    corpora = Path(arguments[0]) if arguments else default
    tables: dict[str, dict[str, float]] = {}
    if (corpora / "articles_de").is_dir():
        tables["articles_de"] = score_articles(corpora / "articles_de")
    if (corpora / "news_de").is_dir() and (corpora / "leads_de").is_dir():
        tables["news_de"] = score_news(corpora / "news_de", corpora / "leads_de")
    for name, scores in tables.items():
        print(name)
        for key, value in scores.items():
            print(
                f"  {key:34} {value:.0f}" if key.startswith("pages") and "per" not in key else f"  {key:34} {value:.3f}"
            )
    if not tables:
        print(f"{corpora}: no corpus articles_de or news_de there; give the folder that holds them", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
