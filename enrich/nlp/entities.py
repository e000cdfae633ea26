"""Names in a document: entity spans mended by rule and joined over the whole text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from spacy.tokens import Doc

LABELS = {"PER": "PER", "PERSON": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC"}
_TITLE_WORDS = frozenset(
    ["dr", "prof", "professor", "doktor", "dipl", "ing", "herr", "herrn", "frau", "mag", "mba", "med", "rer", "nat", "phil",
     "jur", "mr", "mrs", "ms", "miss", "sir", "dame", "lord", "lady", "kommr", "mmag", "di", "dkfm", "familie", "h", "c"]
)  # fmt: skip
_LEGAL_TAIL = re.compile(
    r"^\s?(?:gemeinnützige\s)?(GmbH\s?&\s?Co\.?\s?(?:KGaA|KG|OHG)|AG\s?&\s?Co\.?\s?(?:KGaA|KG)|gGmbH|GmbH|mbH|AG|SE|KGaA|KG|OHG"
    r"|eG|e\.\s?K\.?|e\.\s?V\.?|UG(?:\s\(haftungsbeschränkt\))?|GbR|PartG(?:\smbB)?|plc|PLC|Ltd\.?|Limited|Inc\.?|LLC|LLP|S\.A\.)"
    r"(?![A-Za-zäöüß])"
)
# "Steuerkanzlei Albrecht": the trade before a name belongs to the name of the firm.
_TRADE = re.compile(
    r"^[A-ZÄÖÜ][a-zäöüß-]*(kanzlei|haus|bäckerei|metzgerei|fleischerei|gärtnerei|schreinerei|tischlerei|brauerei|druckerei|spedition"
    r"|apotheke|praxis|werkstatt|bau|werke|agentur|verlag|reederei|kellerei|molkerei|schlosserei|zimmerei|hotel|klinik|klinikum)$"
    r"|^(Kanzlei|Bäckerei|Metzgerei|Gärtnerei|Schreinerei|Tischlerei|Brauerei|Druckerei|Spedition|Hotel|Gasthof|Gasthaus|Praxis"
    r"|Klinik|Agentur|Elektro|Firma|Weingut|Konditorei|Zimmerei|Apotheke|Reederei|Molkerei|Stiftung)$"
)
# "des Gewerbevereins Lindenau": the first noun of the name back to its base form.
_GENITIVE = re.compile(
    r"^([\wÄÖÜäöüß-]*(?:verein|verband|werk|haus|amt|institut|unternehmen|konzern|club|klub|bund|zentrum|klinikum|kreis|museum|dienst"
    r"|ring|theater|hof|rat|ministerium|gericht))(?:es|s)\b",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(r"[\d@/]|^[a-zäöüß]+$")
_PARTICLES = frozenset(
    ["von", "van", "de", "der", "den", "zu", "vom", "zum", "di", "da", "del", "la", "le", "al", "el", "bin", "ter"]
)


@dataclass(slots=True)
class Span:
    """A name in the text: character offsets, token range, label."""

    start: int
    end: int
    label: str
    first: int
    last: int  # exclusive
    text: str


@dataclass(slots=True)
class Person:
    """One person of the document: fullest name, title, and all places that name them."""

    name: str
    title: str | None
    spans: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Names:
    """All names of a document; `org_names` maps each organisation span to its fullest form."""

    spans: list[Span]
    people: list[Person]
    person_of: dict[int, Person]
    org_names: dict[int, str]


def read_names(doc: Doc) -> Names:
    """Mend and join the entities of a document; linear in its length."""
    spans = [span for ent in doc.ents if (span := _mended(doc, ent.start, ent.end, ent.label_)) is not None]
    people, person_of = _join_people(doc, spans)
    return Names(spans, people, person_of, _join_orgs([s for s in spans if s.label == "ORG"]))


def _mended(doc: Doc, first: int, last: int, raw: str) -> Span | None:
    label = LABELS.get(raw)
    if label is None:
        return None
    while first < last and (doc[first].is_punct or doc[first].is_space):
        first += 1
    while last > first and (
        doc[last - 1].is_space or (doc[last - 1].is_punct and doc[last - 1].text not in (")", "."))
    ):
        last -= 1
    if label == "PER":
        while first < last - 1 and doc[first].lower_.strip(".") in _TITLE_WORDS:
            first += 1
        for i in range(first, last):  # a name never runs over a line
            if "\n" in doc[i].text or doc[i].text == ",":
                last = i
                break
    if first >= last:
        return None
    start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
    text = doc.text[start:end]
    if label == "ORG":
        if doc[first].lower_ in ("der", "die", "das", "des", "dem", "den", "the") and last - first > 1:
            first += 1
            start = doc[first].idx
        tail = _LEGAL_TAIL.match(doc.text[end : end + 40])
        if tail:
            end += tail.end()
            while last < len(doc) and doc[last].idx < end:
                last += 1
        if first > 0 and _TRADE.match(doc[first - 1].text) and doc[first - 1].ent_type_ in ("", "MISC"):
            first -= 1
            start = doc[first].idx
        text = doc.text[start:end]
        if first > 0 and doc[first - 1].lower_ in ("des", "eines"):
            text = _GENITIVE.sub(r"\1", text)
    if label == "PER":
        text = re.sub(r"\s+", " ", text).strip(" .-–")
        if len(text) < 2 or _NO_PERSON.search(text):
            return None
    if "\n" in text:
        text = " ".join(text.split())
    return Span(start, end, label, first, last, text)


def _title_before(doc: Doc, first: int) -> str | None:
    words: list[str] = []
    i = first - 1
    while i >= 0 and len(words) < 4 and (doc[i].lower_.strip(".-") in _TITLE_WORDS or doc[i].text in ("-", ".")):
        words.insert(0, doc[i].text_with_ws)
        i -= 1
    return "".join(words).strip() or None


def surname(name: str) -> str:
    """Return the last word of a name with its particles left out."""
    words = [w for w in name.split() if w.lower() not in _PARTICLES]
    return words[-1] if words else name


def _join_people(doc: Doc, spans: list[Span]) -> tuple[list[Person], dict[int, Person]]:
    """Join later surname mentions ("Koch sagte") and genitives ("Kochs") to the full name."""
    full: dict[str, list[Person]] = {}
    by_name: dict[str, Person] = {}
    people: list[Person] = []
    person_of: dict[int, Person] = {}
    later: list[Span] = []
    for span in spans:
        if span.label != "PER":
            continue
        if " " not in span.text:
            later.append(span)
            continue
        key = span.text.lower()
        key = key[:-1] if key.endswith("s") and key[:-1] in by_name else key
        person = by_name.get(key)
        if person is None:
            person = Person(span.text, _title_before(doc, span.first))
            by_name[key] = person
            people.append(person)
            full.setdefault(surname(span.text).lower(), []).append(person)
        person.spans.append(span)
        person_of[span.start] = person
    single: dict[str, Person] = {}
    for span in later:
        key = span.text.lower()
        candidates = full.get(key) or full.get(key.removesuffix("s")) or full.get(key.rstrip("’'"))
        if candidates:
            before = [p for p in candidates if p.spans[0].start < span.start]
            person = (before or candidates)[-1]
        else:
            bare = key.removesuffix("s") if key.removesuffix("s") in single else key
            person = single.get(bare) or Person(span.text, _title_before(doc, span.first))
            if bare not in single:
                single[bare] = person
                people.append(person)
        person.spans.append(span)
        person_of[span.start] = person
    return people, person_of


def _core(name: str) -> str:
    bare = re.sub(
        r"\b(GmbH|mbH|gGmbH|AG|SE|KGaA|KG|OHG|eG|UG|GbR|plc|PLC|Ltd|Limited|Inc|LLC|Co)\b\.?|&|e\. ?[KV]\.", " ", name
    )
    return re.sub(r"[^a-z0-9äöüß]+", " ", bare.lower()).strip()


def _join_orgs(spans: list[Span]) -> dict[int, str]:
    """Bring each organisation to its fullest form in the document: "Koch" and "Kochs" to "Koch GmbH"."""
    forms: dict[str, str] = {}
    for span in spans:
        core = _core(span.text)
        if len(span.text) > len(forms.get(core, "")):
            forms[core] = span.text
    by_first: dict[str, list[str]] = {}
    for core in forms:
        by_first.setdefault(core.split(" ", 1)[0], []).append(core)
    named: dict[int, str] = {}
    for span in spans:
        core = _core(span.text)
        bare = core[:-1] if core.endswith("s") and core[:-1] in forms else core
        best = forms.get(bare, span.text)
        longer = [c for c in by_first.get(bare.split(" ", 1)[0], ()) if c.startswith(bare + " ")] if bare else []
        if len(longer) == 1 and len(bare) > 2:
            best = forms[longer[0]]
        named[span.start] = best
    return named
