"""What a naive reader finds: the bare model and one rule, as a yardstick."""

from __future__ import annotations

from spacy.language import Language

from enrich.evaluation.lead_scores import Lead
from enrich.nlp.name_reading import read_names
from enrich.nlp.reading import Reading

_PEOPLE = ("PER", "PERSON")


def bare(nlp: Language) -> Language:
    """Return the pipeline without our components, for speed and entities."""
    from enrich.nlp.loading import COMPONENTS  # noqa: PLC0415 (beside its only use)

    copied = nlp.__class__(nlp.vocab, max_length=nlp.max_length)
    copied.tokenizer = nlp.tokenizer
    for name in nlp.pipe_names:
        if name not in COMPONENTS:
            copied.add_pipe(name, source=nlp)
    return copied


def nearest_in_sentence(nlp: Language, text: str, language: str) -> list[Lead]:
    """Tie each person to the nearest organisation of the same sentence."""
    return _pairs(nlp, text, language, nearest_only=True)


def all_in_sentence(nlp: Language, text: str, language: str) -> list[Lead]:
    """Tie each person to every organisation of the same sentence."""
    return _pairs(nlp, text, language, nearest_only=False)


def _pairs(nlp: Language, text: str, language: str, *, nearest_only: bool) -> list[Lead]:
    doc = nlp(text)
    reading = Reading(text)
    names = read_names(reading, [(e.start_char, e.end_char, e.label_) for e in doc.ents], language)
    found: dict[tuple[str, str], Lead] = {}
    for person in (n for n in names.spans if n.label in _PEOPLE):
        sentence = reading.sentence[person.first]
        beside = [n for n in names.spans if n.label == "ORG" and reading.sentence[n.first] == sentence]
        beside.sort(key=lambda n: abs(n.first - person.first))
        for org in beside[: 1 if nearest_only else None]:
            lead = {"person": person.text, "role": None, "company": org.text, "trigger": "mention", "former": False}
            found.setdefault((person.text, org.text), lead)
    return list(found.values())
