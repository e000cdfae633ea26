"""Names of a document: people and organisations with all places where the text names them."""

from __future__ import annotations

from dataclasses import dataclass, field

from enrich.nlp.reading import Reading
from enrich.vocabulary_files import words

LABELS = {"PER": "PER", "PERSON": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "MISC": "MISC"}
TITLES = words(
    """dr prof professor doktor dipl ing herr herrn frau mag mba med rer nat phil jur mr mrs ms miss sir dame lord lady kommr mmag di
    dkfm familie h c ddr msc bsc phd rev reverend hon pfr pater komm rat kr hofrat"""
)
PARTICLES = words("von van de der den zu vom zum di da del della la le al el bin ben ter ten dos af av auf")
QUOTES = "„“”\"'‚‘’»«"


@dataclass(slots=True)
class Name:
    """One name in the text: characters [start, end), tokens [first, last)."""

    start: int
    end: int
    label: str
    first: int
    last: int
    text: str
    cluster: int = -1
    described: bool = False  # "das Klinikum": no name of its own, but of an organisation named elsewhere
    governed: bool = False  # a place that stands for the body that governs it: "Bürgermeister von Ortenberg"


@dataclass(slots=True)
class Person:
    """One person of the document, named by `names`; `name` is the fullest form."""

    name: str
    title: str | None
    names: list[Name] = field(default_factory=list)


@dataclass(slots=True)
class Organisation:
    """One organisation of the document; `name` is the fullest form in its base form."""

    name: str
    core: tuple[str, ...]
    names: list[Name] = field(default_factory=list)


@dataclass(slots=True)
class Names:
    """All names of a document; `Name.cluster` is a place in `people` or `organisations`."""

    spans: list[Name]
    people: list[Person]
    organisations: list[Organisation]
    taken: list[bool]


def make_name(reading: Reading, first: int, last: int, label: str) -> Name:
    start, end = reading.starts[first], reading.ends[last - 1]
    return Name(start, end, label, first, last, " ".join(reading.text[start:end].split()))


def surname(name: str) -> str:
    """Return the last word of a name, without generational additions."""
    parts = [p for p in name.split() if p.strip(".").lower() not in ("jun", "sen", "jr", "sr", "jr.", "sen.")]
    return parts[-1] if parts else name
