"""The corpora beside the project, read for measuring only."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enrich.evaluation.lead_scores import Lead
from enrich.training.splits import held_back

DEFAULT = Path(__file__).resolve().parents[2].parent / "shared"
_CUT = 9000  # characters of an article that its readers annotated


@dataclass(slots=True)
class Corpus:
    """Texts with gold leads, by document."""

    name: str
    language: str
    texts: dict[str, str]
    gold: dict[str, list[Lead]]


@dataclass(slots=True)
class HtmlPage:
    """A page whose text is (in part) a document of leads_de."""

    doc: str
    url: str
    content_type: str | None
    body: bytes


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def lead_corpora(shared: Path) -> list[Corpus]:
    """Return the corpora with leads that are present under `shared`."""
    folder = shared / "corpora"
    found = []
    if (folder / "leads_de").is_dir():
        rows = _lines(folder / "leads_de" / "leads.jsonl")
        texts = {r["doc"]: (folder / "leads_de" / "docs" / f"{r['doc']}.txt").read_text("utf-8") for r in rows}
        found.append(Corpus("leads_de", "de", texts, {r["doc"]: r["leads"] for r in rows}))
    for language in ("de", "en"):
        path = folder / f"written_{language}" / "pieces.jsonl"
        if path.exists():
            rows = [r for r in _lines(path) if held_back(r["doc"])]
            texts = {r["doc"]: r["text"] for r in rows}
            found.append(Corpus(f"written_{language}", language, texts, {r["doc"]: r["leads"] for r in rows}))
    if (folder / "articles_de" / "entities.jsonl").exists():
        found.append(_articles(folder / "articles_de"))
    return found


def _articles(folder: Path) -> Corpus:
    rows = _lines(folder / "manifest.jsonl")
    texts: dict[str, str] = {}
    gold: dict[str, list[Lead]] = {}
    for entry in _lines(folder / "entities.jsonl"):
        row = rows[int(entry["doc"][1:]) - 1]
        texts[entry["doc"]] = "\n\n".join([row["title"], *row["paragraphs"]])[:_CUT]
        keys = ("person", "role", "company", "org_kind", "trigger", "former")
        gold[entry["doc"]] = [dict(zip(keys, lead, strict=True)) for lead in entry["leads"]]
    return Corpus("articles_de", "de", texts, gold)


def html_pages(shared: Path) -> list[HtmlPage]:
    """Return the pages of news_de that are documents of leads_de."""
    news, leads = shared / "corpora" / "news_de", shared / "corpora" / "leads_de"
    if not (news.is_dir() and leads.is_dir()):
        return []
    known = {row["smartdata_id"]: row for row in _lines(news / "manifest.jsonl") if row.get("smartdata_id")}
    listed = json.loads((leads / "manifest.json").read_text("utf-8"))
    rows = listed if isinstance(listed, list) else listed.get("docs", listed)
    pairs = rows.items() if isinstance(rows, dict) else ((row.get("doc"), row) for row in rows)
    found = []
    for doc, row in pairs:
        number = row if isinstance(row, str) else row.get("smartdata_id") or row.get("id")
        page = known.get(number)
        if page is not None:
            raw = (news / page["file"]).read_bytes()
            body = gzip.decompress(raw) if page["file"].endswith(".gz") else raw
            found.append(HtmlPage(str(doc), page["url"], page.get("content_type"), body))
    return found


def article_pages(shared: Path) -> list[tuple[str, str | None, bytes]]:
    """Return (URL, content type, HTML) of the pages of articles_de."""
    folder = shared / "corpora" / "articles_de"
    return [
        (row["url"], row.get("content_type"), gzip.decompress((folder / row["file"]).read_bytes()))
        for row in _lines(folder / "manifest.jsonl")
    ]
