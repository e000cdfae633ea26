"""spaCy components of Door Opener: `nlp(text)._.leads` for any pipeline with person and organisation entities."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from spacy.language import Language
from spacy.tokens import Doc

from enrich.nlp.linker import Lead, find_leads, find_roles, sentences
from enrich.nlp.reasons import trigger_of
from enrich.nlp.vocabulary import roles

for _name in ("leads", "roles", "triggers"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=())


@Language.factory("role_matcher")
class RoleMatcher:
    """Sets `doc._.roles`: (start, end, text, level) of every role, offsets in characters."""

    def __init__(self, nlp: Language, name: str) -> None:
        self._roles = roles(nlp.lang)

    def __call__(self, doc: Doc) -> Doc:
        taken = {token.i for ent in doc.ents for token in ent}
        doc._.roles = tuple(
            (doc[r.first].idx, doc[r.last - 1].idx + len(doc[r.last - 1]), r.text, r.level)
            for r in find_roles(doc, self._roles, taken)
        )
        return doc


@Language.factory("lead_linker")
class LeadLinker:
    """Sets `doc._.leads`: people tied to organisations."""

    def __init__(self, nlp: Language, name: str) -> None:
        self._language = nlp.lang

    def __call__(self, doc: Doc) -> Doc:
        doc._.leads = tuple(find_leads(doc, self._language or "de"))
        return doc


@Language.factory("trigger_classifier")
class TriggerClassifier:
    """Sets `doc._.triggers`: the reason of each lead, in the order of `doc._.leads`."""

    def __init__(self, nlp: Language, name: str) -> None:
        pass

    def __call__(self, doc: Doc) -> Doc:
        leads: tuple[Lead, ...] = doc._.leads
        doc._.triggers = tuple(trigger_of(*contexts(doc, lead)) for lead in leads)
        return doc


def contexts(doc: Doc, lead: Lead) -> tuple[str, str]:
    """Return the lead's sentence, and the opening of the text, which tells what it is about."""
    bounds = doc.user_data.get("sentence_bounds")
    if bounds is None:
        bounds = sentences(doc)
        doc.user_data["sentence_bounds"] = bounds
    opening = doc.text[:600]
    return doc.text[lead.start : lead.end], opening


def base_form(lead: Lead) -> Lead:
    """Return the lead with its names free of stray white space."""
    return replace(lead, person=" ".join(lead.person.split()), company=" ".join(lead.company.split()))


def published_of(doc: Doc) -> datetime | None:
    """Return the publication time that the caller left on the document."""
    value = doc.user_data.get("published")
    return value if isinstance(value, datetime) else None
