"""Every measure of the evaluation, as rows of one table."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.language import Language

from enrich import article as articles
from enrich.article.evaluation import score_articles
from enrich.evaluation import baselines
from enrich.evaluation.corpora import Corpus, html_pages, lead_corpora
from enrich.evaluation.lead_scores import Lead, agreement, score
from enrich.nlp import load_pipeline, read_mentions
from enrich.nlp.names import LABELS
from enrich.training.corpora import Example, held_back_examples, read_ner
from enrich.training.english import BASE, load_base, read_english
from enrich.training.scoring import Counts, score_spans
from enrich.training.splits import held_back

# The other values of an article are counts, speeds and what another tool reads.
_ARTICLE_FLOORS = ("text_f1", "text_f1_without_captions", "title_exact", "date_same_day", "date_same_instant")
_RUN = 6  # words that mark a place in a page's text
BUSINESS = ("company", "association")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value. `ratchet`: a floor is kept for it; speeds and baselines have none."""

    corpus: str
    measure: str
    value: float
    detail: str = ""
    ratchet: bool = True

    @property
    def key(self) -> str:
        """The name of the value in the file of floors."""
        return f"{self.corpus}: {self.measure}"


class Pipelines:
    """The pipelines of both languages, loaded when first needed."""

    def __init__(self, models: Mapping[str, str | None] | None = None) -> None:
        self._models = dict(models or {})
        self._loaded: dict[str, Language] = {}

    def get(self, language: str) -> Language:
        """Return the pipeline of a language."""
        if language not in self._loaded:
            self._loaded[language] = load_pipeline(language, self._models.get(language))  # type: ignore[arg-type]
        return self._loaded[language]


def leads_of(nlp: Language, text: str) -> list[Lead]:
    """Return the leads of a text as plain records."""
    return [
        {"person": x.person, "role": x.role, "company": x.company, "org_kind": x.org_kind, "trigger": x.trigger,
         "former": x.former} for x in nlp(text)._.leads
    ]  # fmt: skip


def measure_all(shared: Path, pipelines: Pipelines | None = None) -> list[Row]:
    """Measure every corpus that is present under `shared`."""
    pipelines = pipelines or Pipelines()
    rows: list[Row] = []
    for corpus in lead_corpora(shared):
        rows += measure_leads(corpus, pipelines.get(corpus.language))
    rows += measure_html(shared, pipelines)
    rows += measure_entities(shared, pipelines)
    rows += measure_articles(shared, pipelines)
    return rows


def measure_leads(corpus: Corpus, nlp: Language) -> list[Row]:
    """Leads of one corpus: persons, pairs, roles, triggers, and the baselines."""
    started = time.perf_counter()
    found = {doc: leads_of(nlp, text) for doc, text in corpus.texts.items()}
    seconds = time.perf_counter() - started
    rows: list[Row] = []
    kinds: list[tuple[str, Sequence[str] | None]] = [("", None)]
    if corpus.name == "leads_de":
        kinds.insert(0, ("company+association ", BUSINESS))
    for label, wanted in kinds:
        for level, result in score(corpus.gold, found, wanted).items():
            detail = f"P {result['p']:.3f} R {result['r']:.3f} ({result['tp']}/{result['fp']}/{result['fn']})"
            rows.append(Row(corpus.name, f"{label}{level} F1", result["f"], detail))
            if level == "pair":
                rows.append(Row(corpus.name, f"{label}pair precision", result["p"]))
    for key in ("trigger", "former", "org_kind"):
        value, total = agreement(corpus.gold, found, key)
        if total:
            rows.append(Row(corpus.name, f"{key} accuracy", value, f"of {total} matched pairs"))
    rows.append(Row(corpus.name, "documents/s", round(len(found) / seconds, 1), "one process", ratchet=False))
    plain = baselines.bare(nlp)
    naive: tuple[tuple[str, Callable[[Language, str, str], list[Lead]]], ...] = (
        ("baseline nearest organisation in the sentence", baselines.nearest_in_sentence),
        ("baseline every pair in a sentence", baselines.all_in_sentence),
    )
    for label, rule in naive:
        guessed = {doc: rule(plain, text, corpus.language) for doc, text in corpus.texts.items()}
        result = score(corpus.gold, guessed)["pair"]
        rows.append(
            Row(
                corpus.name, f"{label}: pair F1", result["f"], f"P {result['p']:.3f} R {result['r']:.3f}", ratchet=False
            )
        )
    return rows


def measure_html(shared: Path, pipelines: Pipelines) -> list[Row]:
    """Leads of leads_de read from the HTML pages of news_de, against the same documents read as text.

    The documents are the beginnings of the pages, so the page's text is cut where its document ends.
    """
    pages = html_pages(shared)
    corpus = next((c for c in lead_corpora(shared) if c.name == "leads_de"), None) if pages else None
    if corpus is None:
        return []
    nlp = pipelines.get("de")
    gold = {page.doc: corpus.gold[page.doc] for page in pages}
    as_text = {page.doc: leads_of(nlp, corpus.texts[page.doc]) for page in pages}
    as_html: dict[str, list[Lead]] = {}
    for page in pages:
        read = articles.read_article(page.body, page.url, page.content_type)
        read = replace(read, text=read.text[: end_of_document(read.text, corpus.texts[page.doc])])
        as_html[page.doc] = [
            {"person": m.person, "role": m.role, "company": m.company, "trigger": m.trigger}
            for m in read_mentions(nlp, read, page.url, read.published)
        ]
    rows = []
    for level in ("person", "pair", "pair_role"):
        html, text = score(gold, as_html)[level], score(gold, as_text)[level]
        rows.append(Row("news_de", f"HTML {level} F1", html["f"], f"as text {text['f']:.3f}, {len(pages)} pages"))
    return rows


def end_of_document(page: str, document: str) -> int:
    """Return the character of a page's text where its document ends: behind the last words of it that both have.

    Compared by letters and digits; a page that shares no run of words with its document is not cut.
    """
    places = [i for i, sign in enumerate(page) if sign.isalnum()]
    letters = "".join(page[i] for i in places).lower()
    if len(letters) != len(places):  # a letter that is two in lower case would shift the places
        return len(page)
    words = re.findall(r"\w+", document.lower())
    for last in range(len(words), 0, -1):
        run = "".join(words[max(0, last - _RUN) : last])
        at = letters.rfind(run)
        if at >= 0 and len(run) >= _RUN:
            behind = at + len(run)
            return places[behind] if behind < len(places) else len(page)
    return len(page)


def measure_entities(shared: Path, pipelines: Pipelines) -> list[Row]:
    """Entities per label of the bare model, spans with stray punctuation stripped; beside ours, the model it began as."""
    sets: list[tuple[str, str, list[Example]]] = []
    if (shared / "ner_de" / "smartdata_dev.jsonl.gz").exists():
        sets.append(("smartdata_dev", "de", list(read_ner(shared / "ner_de", "smartdata_dev"))))
    if (shared / "corpora" / "written_de").is_dir():
        sets.append(("written_de", "de", held_back_examples(shared)))
    if (shared / "corpora" / "written_en").is_dir():
        path = shared / "corpora" / "written_en" / "pieces.jsonl"
        sets.append(("written_en", "en", [e for e in read_english(path) if held_back(e.doc)]))
    rows = []
    for name, language, examples in sets:
        for label, c in _entity_scores(baselines.bare(pipelines.get(language)), examples).items():
            rows.append(Row(name, f"NER {label} F1", round(c.f, 3), f"P {c.precision:.3f} R {c.recall:.3f}"))
        if language == "en":
            for label, c in _entity_scores(load_base(), examples).items():
                rows.append(Row(name, f"baseline {BASE}: NER {label} F1", round(c.f, 3), ratchet=False))
    return rows


def _entity_scores(plain: Language, examples: Sequence[Example]) -> dict[str, Counts]:
    found = [
        (e.text, e.spans, [(s.start_char, s.end_char, LABELS.get(s.label_, s.label_)) for s in doc.ents])
        for e, doc in zip(examples, plain.pipe(e.text for e in examples), strict=True)
    ]
    return score_spans(found)


def measure_articles(shared: Path, pipelines: Pipelines) -> list[Row]:
    """Text, title and date of articles_de, and the speed from page to leads against the bare tools."""
    folder = shared / "corpora" / "articles_de"
    if not (folder / "manifest.jsonl").exists():
        return []
    rows = [
        Row("articles_de", name, round(value, 3), ratchet=name in _ARTICLE_FLOORS)
        for name, value in score_articles(folder).items()
    ]
    ours, theirs = page_speeds(shared, pipelines)
    rows.append(Row("articles_de", "pages/s, page to leads", round(ours, 1), ratchet=False))
    rows.append(Row("articles_de", "pages/s, trafilatura and the bare model", round(theirs, 1), ratchet=False))
    rows.append(Row("articles_de", "speed against the bare tools", round(ours / theirs, 2), "bar 0.8", ratchet=False))
    return rows


def page_speeds(shared: Path, pipelines: Pipelines) -> tuple[float, float]:
    """Pages per second from HTML to leads, and of trafilatura with the bare model; best of two interleaved runs."""
    import trafilatura  # noqa: PLC0415 (the yardstick, beside its only use)

    from enrich.evaluation.corpora import article_pages  # noqa: PLC0415

    pages = article_pages(shared)
    nlp = pipelines.get("de")
    plain = baselines.bare(nlp)
    best = [0.0, 0.0]
    for _ in range(2):
        started = time.perf_counter()
        for url, content_type, body in pages:
            read = articles.read_article(body, url, content_type)
            read_mentions(nlp, read, url, read.published)
        best[0] = max(best[0], len(pages) / (time.perf_counter() - started))
        started = time.perf_counter()
        for url, _, body in pages:
            plain(trafilatura.extract(body, url=url) or "")
        best[1] = max(best[1], len(pages) / (time.perf_counter() - started))
    return best[0], best[1]
