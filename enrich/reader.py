"""Page in, Document out: picks the reader for each kind of page. Opens no file, socket or database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.html import Element

from enrich import article as articles
from enrich.article.language import read_language
from enrich.company import read_site
from enrich.faults import PipelineFault
from enrich.nlp import load_pipeline, read_mentions
from enrich.nlp.organisations import named_kind
from enrich.records import CompanyProfile, Document, DocumentKind, EventListing, Mention, OrgKind, Page, content_id
from enrich.roles import role_level
from enrich.sound_text import sound

if TYPE_CHECKING:
    from spacy.language import Language

    from enrich.article import Article

_CALENDAR_TYPES = ("text/calendar", "text/csv", "application/json", "application/ld+json")
_STATED = re.compile(rb"""(?i)<html[^>]{0,500}?\blang=["']?([a-z]{2})\b""")
_REPRESENTS = re.compile(
    r"(?i)(?:(?:gesetzlich|hier)\s)?(?:(?:vertrete\w*|vertretung)\sdurch|represented\sby|gesetzliche[rn]?\svertreter(?:in)?"
    r"|vertretungsberechtigte?[rn]?(?:\s(?:person(?:en)?|ist|sind)\b)?)(?:\s(?:den|die|der|ihren?|the|its)\b)?"
)


class Reader:
    """Reads pages of any kind; loads each language's pipeline when the first page of that language comes.

    `models` maps a language to a spaCy pipeline name or folder (None: the shipped one).
    """

    def __init__(self, languages: Sequence[str] = ("de", "en"), models: Mapping[str, str | None] | None = None) -> None:
        self.languages = tuple(languages)
        self._models = dict(models or {})
        self._loaded: dict[str, Language] = {}

    def pipeline(self, language: str) -> Language:
        """Return the pipeline of `language`, loaded once. Raises PipelineFault when it cannot be loaded."""
        if language not in self._loaded:
            name = self._models.get(language)
            try:
                self._loaded[language] = load_pipeline(language, name)  # type: ignore[arg-type]
            except (OSError, ValueError, ImportError, KeyError, TypeError) as error:
                mend = (
                    f"install it or leave nlp.{language} out of the settings" if name else "install Door Opener again"
                )
                said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                raise PipelineFault(
                    f"the spaCy pipeline {name or language} cannot be loaded ({said}); {mend}"
                ) from error
        return self._loaded[language]

    def read(self, page: Page, *, today: date) -> Document:
        """Read one page; an event or company page is read as a site of one page."""
        if page.kind == "event":
            return self.read_events([page], today=today)
        if page.kind == "company":
            return self.read_company([page])
        return self.read_article(page)

    def read_article(self, page: Page) -> Document:
        """Read a news page: article, language, mentions with evidence."""
        return self._document(
            articles.read_article(page.body, page.final_url or page.url, page.content_type), page.url, "news"
        )

    def read_text(self, text: str, url: str, language: str | None = None) -> Document:
        """Read plain text as one document."""
        found = articles.plain_text_article(text)
        if language:
            found = replace(found, language=language)
        return self._document(found, url, "text")

    def _document(self, article: Article, url: str, kind: DocumentKind) -> Document:
        warnings = list(article.warnings)
        people: tuple[Mention, ...] = ()
        if article.reserved:
            warnings.append(f"text and data mining reserved ({article.reserved}): not read")
            return Document(url, kind, None, None, article.language, "", warnings=tuple(warnings))
        article = sound(article)  # before it is read, so that evidence and offsets agree with the text
        if article.paywalled:
            warnings.append("only the free part of a paid article: not read for people")
        elif article.language not in self.languages:
            warnings.append(f"language {article.language or 'unknown'} is not in the settings: not read for people")
        elif article.text:
            people = read_mentions(self.pipeline(article.language), article, url, article.published)
        document = Document(
            url=url, kind=kind, title=article.title, published=article.published, language=article.language,
            text=article.text, people=people, warnings=tuple(warnings), links=_foreign(article.links, url),
        )  # fmt: skip
        return sound(document)

    def read_events(self, pages: Sequence[Page], *, today: date) -> Document:
        """Read all pages of one event source; `url` is the first page."""
        from enrich.events import event_mentions, read_event_pages  # noqa: PLC0415 - calendars load slowly

        reading = sound(read_event_pages(pages, today=today))
        url = pages[0].url
        return Document(
            url=url, kind="event", title=None, published=None, language=_event_language(reading.events, pages), text="",
            people=event_mentions(reading.events, url), events=reading.events, warnings=tuple(reading.warnings),
        )  # fmt: skip

    def read_company(self, pages: Sequence[Page]) -> Document:
        """Read all pages of one company site; its owners and directors become mentions of section imprint."""
        profile = sound(read_site(pages))
        url = pages[0].url
        if profile is None:
            return Document(url, "company", None, None, None, "", warnings=("no Impressum data found",))
        return Document(
            url=url, kind="company", title=profile.company, published=None, language=None, text="",
            people=_directors(profile, url), company=profile,
        )  # fmt: skip


def guess_kind(page: Page) -> DocumentKind:
    """Tell what a single page is when nobody said: calendar data and schema.org events, Impressum, else news."""
    content_type = (page.content_type or "").partition(";")[0].strip().lower()
    path = urlsplit(page.url).path.lower()
    head = page.body[:400_000]
    if content_type in _CALENDAR_TYPES or path.endswith((".ics", ".csv")) or head.startswith(b"BEGIN:VCALENDAR"):
        return "event"
    if content_type == "text/plain":
        return "text"
    lowered = head.lower()
    if any(word in path for word in ("impressum", "imprint", "kontakt", "legal-notice")):
        return "company"
    article_type = b"newsarticle" in lowered or b'property="article:published_time"' in lowered
    event_type = b'"event"' in lowered or b"schema.org/event" in lowered or b"h-event" in lowered
    if event_type and not article_type:
        return "event"
    return "news"


def site_of(url: str) -> str:
    """Return the host of an address without `www.`: the key under which pages of one site are grouped."""
    host = (urlsplit(url).hostname or "").lower()
    return host.removeprefix("www.")


def _foreign(links: Sequence[str], url: str) -> tuple[str, ...]:
    own = site_of(url)
    return tuple(dict.fromkeys(link for link in links if site_of(link) and site_of(link) != own))


def _event_language(events: Sequence[EventListing], pages: Sequence[Page]) -> str | None:
    """Return the language that the names of events and roles are in, or the one that a page states where they are few."""
    words = [word for event in events for word in (event.title, *(p.role for p in event.people)) if word]
    stated = next((found[1].decode().lower() for page in pages if (found := _STATED.search(page.body[:4000]))), None)
    tree = Element("html", lang=stated) if stated else None
    return read_language(". ".join(dict.fromkeys(words)), tree) or stated


def _directors(profile: CompanyProfile, url: str) -> tuple[Mention, ...]:
    page_url = profile.page_url or url
    kind = _site_kind(profile)
    found = []
    for person in profile.people:
        label = person.role or ""
        told = role_level(label)
        evidence = person.evidence or f"{label or 'Vertreten durch'}: {person.name}"
        found.append(
            Mention(
                mention_id=content_id(page_url, person.name, profile.company, evidence),
                page_url=page_url,
                person=person.name,
                role=_role_of_label(label),
                # whoever an Impressum names without such a role represents the company
                role_level=told if told in ("owner", "board") else "executive",
                company=profile.company,
                org_kind=kind,
                place=profile.town,
                trigger="mention",
                trigger_date=None,
                former=False,
                evidence=evidence,
                section="imprint",
                confidence=0.9,
            )
        )
    return tuple(found)


def _role_of_label(label: str) -> str | None:
    """Return the role that a label of an Impressum gives: "Vertreten durch" is none, but says that the person represents."""
    role = _REPRESENTS.sub("", label).strip(" :,")
    if role:
        return role
    return "vertretungsberechtigt" if label else None


def _site_kind(profile: CompanyProfile) -> OrgKind:
    """Return the kind of who runs a site: a driving school or a publisher with a site of its own is a business."""
    kind = named_kind(f"{profile.company} {profile.legal_form or ''}".strip())
    return kind if kind in ("association", "public", "party", "club") else "company"
