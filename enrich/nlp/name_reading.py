"""From entities to the names of a document: mended, completed and joined."""

from __future__ import annotations

from collections.abc import Iterable

from enrich.nlp.english_cues import relabel_english
from enrich.nlp.name_completion import (
    add_acronyms,
    add_bodies,
    add_compound_parts,
    add_known_forms,
    add_later_forms,
    add_missed_people,
    drop_carriers,
    drop_modifiers,
    places_of_office,
    places_of_roles,
)
from enrich.nlp.name_cues import add_cued_organisations, add_public_bodies, relabel_by_cue
from enrich.nlp.name_descriptions import add_descriptions
from enrich.nlp.name_joining import join_organisations, join_people
from enrich.nlp.name_mending import mended, relabel_after_roles, relabel_parts_of_firms, vote
from enrich.nlp.names import LABELS, Name, Names
from enrich.nlp.reading import Reading


def read_names(reading: Reading, entities: Iterable[tuple[int, int, str]], language: str) -> Names:
    """Mend, complete and join the entities (characters, label) of a text; linear in its length."""
    spans: list[Name] = []
    taken = [False] * len(reading)
    for start, end, raw in sorted(entities):
        label = LABELS.get(raw)
        if label is None:
            continue
        name = mended(reading, start, end, label, language)
        if name is not None and not any(taken[name.first : name.last]):
            spans.append(name)
            taken[name.first : name.last] = [True] * (name.last - name.first)
    relabel_by_cue(reading, spans, language)
    if language == "en":
        relabel_english(reading, spans)
    relabel_parts_of_firms(spans)
    relabel_after_roles(reading, spans, language)
    vote(spans)
    add_missed_people(reading, spans, taken, language)
    add_cued_organisations(reading, spans, taken, language)
    add_public_bodies(reading, spans, taken, language)
    add_acronyms(reading, spans, taken)
    add_known_forms(reading, spans, taken)
    add_later_forms(reading, spans, taken, language)
    add_compound_parts(reading, spans, taken, language)
    add_bodies(reading, spans, taken, language)
    drop_carriers(reading, spans, taken, language)
    drop_modifiers(reading, spans, language)
    places_of_office(reading, spans, language)
    places_of_roles(reading, spans, language)
    spans.sort(key=lambda n: n.first)
    people = join_people(reading, spans)
    names = Names(spans, people, join_organisations(reading, spans), taken)
    add_descriptions(reading, names, language)
    return names
