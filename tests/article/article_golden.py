"""Golden results of the pages beside this file; `python tests/article/article_golden.py` rewrites them after a review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from enrich.article import Article, read_article

PAGES = Path(__file__).resolve().parent / "pages"
HOST = "https://www.weserlaender-tageblatt.example"


def read_page(path: Path) -> Article:
    """Read one of the pages as if it came from the invented newspaper."""
    return read_article(path.read_bytes(), f"{HOST}/wirtschaft/{path.stem}.html", "text/html")


def as_json(article: Article) -> dict[str, Any]:
    """Return all that an article says as JSON values, the text cut into its blocks."""
    return {
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "blocks": [[block.kind, article.text[block.start : block.end]] for block in article.blocks],
        "people": [[person.name, person.role, person.organisation] for person in article.people],
        "links": list(article.links),
        "authors": list(article.authors),
        "paywalled": article.paywalled,
        "canonical_url": article.canonical_url,
        "reserved": article.reserved,
        "warnings": list(article.warnings),
    }


if __name__ == "__main__":
    for page in sorted(PAGES.glob("*.html")):
        text = json.dumps(as_json(read_page(page)), ensure_ascii=False, indent=1)
        page.with_suffix(".json").write_text(text + "\n", "utf-8")
