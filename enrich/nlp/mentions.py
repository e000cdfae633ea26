"""From articles to mentions: the pipeline run over the text, evidence and section by block."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from spacy.language import Language
from spacy.tokens import Doc

from enrich.nlp.components import body_of, set_body
from enrich.nlp.dates import day_of
from enrich.nlp.linking import Lead
from enrich.nlp.reading import MAX_CHARS
from enrich.records import Mention, Section, content_id

_MAX_HEADLINE = 300  # characters of a headline that are read
_SECTIONS: dict[str, Section] = {"caption": "caption", "list_item": "list", "table_row": "list"}


class BlockLike(Protocol):
    """A stretch of an article's text: paragraph, heading, caption, list_item or table_row."""

    @property
    def kind(self) -> str: ...
    @property
    def start(self) -> int: ...


class ArticleLike(Protocol):
    """What is read of an article: its text and the blocks in it (see `enrich.article.Article`)."""

    @property
    def title(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def blocks(self) -> Sequence[BlockLike]: ...
    @property
    def authors(self) -> Sequence[str]: ...


def read_mentions(
    nlp: Language, article: ArticleLike, page_url: str, published: datetime | None
) -> tuple[Mention, ...]:
    """Return the people of an article who act for an organisation, each once per organisation.

    Evidence is verbatim with offsets in `article.text`. The headline is read with the text, because it names whom the text
    is about, but is no evidence. Only the first 200,000 characters are read.
    """
    return _mentions(nlp(_with_headline(nlp, article)), article, page_url, published)


def read_many(
    nlp: Language, articles: Iterable[tuple[ArticleLike, str, datetime | None]], batch_size: int = 32
) -> Iterator[tuple[Mention, ...]]:
    """Read (article, page URL, published) triples in batches, which is faster; one result each, in order."""
    pairs = ((_with_headline(nlp, article), (article, url, day)) for article, url, day in articles)
    for doc, (article, url, day) in nlp.pipe(pairs, as_tuples=True, batch_size=batch_size):
        yield _mentions(doc, article, url, day)


def _with_headline(nlp: Language, article: ArticleLike) -> Doc:
    """Return the article's text behind its headline, unless the text begins with it."""
    text = article.text[:MAX_CHARS]
    headline = " ".join((article.title or "").split())[:_MAX_HEADLINE]
    before = (
        ""
        if not headline or headline.lower() in " ".join(text[: 2 * _MAX_HEADLINE].split()).lower()
        else f"{headline}\n\n"
    )
    doc = nlp.make_doc((before + text)[:MAX_CHARS])
    set_body(doc, len(before))
    return doc


def _mentions(doc: Doc, article: ArticleLike, page_url: str, published: datetime | None) -> tuple[Mention, ...]:
    starts = [block.start for block in article.blocks]
    authors = {" ".join(author.lower().split()) for author in article.authors}
    found: dict[str, Mention] = {}
    body = body_of(doc)
    for told in doc._.leads:
        lead = replace(
            told, start=told.start - body, end=told.end - body, person_start=told.person_start - body,
            person_end=told.person_end - body,
        )  # fmt: skip
        if lead.person.lower() in authors:
            continue
        block = article.blocks[max(0, bisect_right(starts, lead.person_start) - 1)] if starts else None
        mention = _mention(lead, article.text, page_url, published)
        if block is not None and block.kind in _SECTIONS:
            mention = replace(mention, section=_SECTIONS[block.kind])
        found.setdefault(mention.mention_id, mention)
    return tuple(found.values())


def _mention(lead: Lead, text: str, page_url: str, published: datetime | None) -> Mention:
    evidence = text[lead.start : lead.end]
    return Mention(
        mention_id=content_id(page_url, lead.person, lead.company, evidence),
        page_url=page_url,
        person=lead.person,
        role=lead.role,
        role_level=lead.role_level,
        company=lead.company,
        org_kind=lead.org_kind,
        place=lead.place,
        trigger=lead.trigger,
        trigger_date=day_of(evidence, published),
        former=lead.former,
        evidence=evidence,
        section="body",
        confidence=lead.confidence,
        title=lead.title,
        evidence_start=lead.start,
        evidence_end=lead.end,
    )
