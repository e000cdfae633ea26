"""Names of a document: entity spans mended by rule and joined to people and organisations over the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from enrich.nlp import organisations
from enrich.nlp.reading import Reading
from enrich.nlp.roles import role_vocabulary
from enrich.nlp.vocabulary import given_names, words

LABELS = {"PER": "PER", "PERSON": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "MISC": "MISC"}
TITLES = words(
    """dr prof professor doktor dipl ing herr herrn frau mag mba med rer nat phil jur mr mrs ms miss sir dame lord lady kommr mmag di
    dkfm familie h c ddr msc bsc phd rev reverend hon pfr pater komm rat kr hofrat"""
)
_PARTICLES = words("von van de der den zu vom zum di da del della la le al el bin ben ter ten dos af av auf")
_QUOTES = "„“”\"'‚‘’»«"


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


def read_names(reading: Reading, entities: Iterable[tuple[int, int, str]], language: str) -> Names:
    """Mend, complete and join the entities (characters, label) of a text; linear in its length."""
    spans: list[Name] = []
    taken = [False] * len(reading)
    for start, end, raw in sorted(entities):
        label = LABELS.get(raw)
        if label is None:
            continue
        name = _mended(reading, start, end, label, language)
        if name is not None and not any(taken[name.first : name.last]):
            spans.append(name)
            taken[name.first : name.last] = [True] * (name.last - name.first)
    _vote(spans)
    _add_missed_people(reading, spans, taken, language)
    _add_acronyms(reading, spans, taken)
    _add_later_forms(reading, spans, taken, language)
    _add_compound_parts(reading, spans, taken, language)
    _add_bodies(reading, spans, taken, language)
    _drop_carriers(reading, spans, taken, language)
    _places_of_office(reading, spans, language)
    spans.sort(key=lambda n: n.first)
    people = _join_people(reading, spans)
    return Names(spans, people, _join_organisations(reading, spans), taken)


def _vote(spans: list[Name]) -> None:
    """One string is one thing in one text: people and organisations of the same wording take the label that most have.

    A bare surname of a person named in full is that person.
    """
    count: dict[str, dict[str, int]] = {}
    full = {surname(n.text) for n in spans if n.label == "PER" and " " in n.text}
    for name in spans:
        if name.label in ("PER", "ORG"):
            votes = count.setdefault(name.text, {"PER": 0, "ORG": 0})
            votes[name.label] += 1
    given = given_names()
    for name in spans:
        votes = count.get(name.text, {})
        if len(votes) == 2 and votes["PER"] and votes["ORG"] and name.label in ("PER", "ORG"):
            person = votes["PER"] > votes["ORG"] or (
                votes["PER"] == votes["ORG"] and (name.text.split()[0].lower() in given or name.text in full)
            )
            name.label = "PER" if person else "ORG"
        elif name.label == "ORG" and name.text in full and " " not in name.text:
            name.label = "PER"


def _name(reading: Reading, first: int, last: int, label: str) -> Name:
    start, end = reading.starts[first], reading.ends[last - 1]
    return Name(start, end, label, first, last, " ".join(reading.text[start:end].split()))


def _mended(reading: Reading, start: int, end: int, label: str, language: str) -> Name | None:
    first, last = reading.token_range(start, end)
    words, lowers = reading.words, reading.lowers
    last = min(last, len(words))
    while first < last and not words[first][0].isalnum():
        first += 1
    while last > first and not words[last - 1][0].isalnum() and words[last - 1] not in (".", ")", "!"):
        last -= 1
    if last > first and words[last - 1] == "." and label in ("PER", "LOC"):
        last -= 1
    if last - first > 1 and lowers[last - 1] in ("s", "'s", "’s") and words[last - 2] in ("'", "’"):
        last -= 2
    if first >= last:
        return None
    if label == "PER":
        first, last = _person_extent(reading, first, last, language)
    elif label == "ORG":
        first, last = _organisation_extent(reading, first, last, language)
    if first >= last:
        return None
    name = _name(reading, first, last, label)
    if name.end > end and label != "ORG":
        name.end = max(end, name.start + 1)
        name.text = " ".join(reading.text[name.start : name.end].split())
    if language == "en" and re.search(r"[’']s$", name.text):
        name.text = name.text[:-2]
        name.end -= 2
    if label in ("LOC", "MISC") and _looks_like_person(reading, first, last):
        name.label = "PER"
    if label == "PER" and (
        len(name.text) < 2
        or any(organisations.is_carrier(word) for word in name.text.split())
        or re.search(r"[\d@/]", name.text)
        or name.text.islower()
    ):
        return None
    return name


def _person_extent(reading: Reading, first: int, last: int, language: str) -> tuple[int, int]:
    words, lowers = reading.words, reading.lowers
    vocabulary = role_vocabulary(language)
    while first < last and (
        lowers[first] in TITLES or words[first] in ".-–" or (last - first > 2 and vocabulary.lookup(words[first]) is not None
        and lowers[first] not in given_names())
    ):  # fmt: skip
        first += 1
    for i in range(first + 1, last):  # a name never runs over a line, a comma or a bracket
        gap = reading.text[reading.ends[i - 1] : reading.starts[i]]
        if "\n" in gap or words[i] in ",;:()–—/" or (words[i] == "-" and gap):
            last = i
            break
    # "Anna Müller-" and a surname cut at its hyphen.
    while last + 1 < len(words) and words[last] == "-" and reading.starts[last] == reading.ends[last - 1] and (
        words[last + 1][0].isupper() and reading.starts[last + 1] == reading.ends[last]
        and vocabulary.lookup(words[last + 1]) is None
    ):  # fmt: skip
        last += 2
    return first, last


def _organisation_extent(reading: Reading, first: int, last: int, language: str) -> tuple[int, int]:
    lowers, words = reading.lowers, reading.words
    if lowers[first] in ("der", "die", "das", "des", "dem", "den", "the") and last - first > 1:
        first += 1
    if language == "de" and first > 0 and words[first - 1].isalpha() and organisations.is_trade(words[first - 1]):
        if reading.sentence[first - 1] == reading.sentence[first] and (first < 2 or words[first - 2] != "-"):
            first -= 1
    vocabulary = role_vocabulary(language)
    if last - first > 2 and words[last - 2] == "-" and vocabulary.lookup(words[last - 1]) is not None:
        last -= 2  # "VW-Chef" taken as one name
    for _ in range(4):
        tail = organisations.LEGAL_TAIL.match(reading.text, reading.ends[last - 1])
        if tail is None:
            break
        _, last = reading.token_range(reading.ends[last - 1], tail.end())
    return first, last


def _looks_like_person(reading: Reading, first: int, last: int) -> bool:
    words = reading.words[first:last]
    if not 2 <= len(words) <= 4 or words[0].lower() not in given_names():
        return False
    if (
        words[-1]
        .lower()
        .endswith(("straße", "platz", "allee", "weg", "haus", "halle", "stiftung", "schule", "preis", "street", "park"))
    ):
        return False
    return (
        all(w[0].isupper() or w.lower() in _PARTICLES or w == "-" for w in words)
        and organisations.named_kind(" ".join(words)) is None
    )


def _add_missed_people(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """Given name plus surname right after a role or a form of address, where the recogniser saw nothing."""
    vocabulary = role_vocabulary(language)
    names = given_names()
    words, lowers = reading.words, reading.lowers
    for i in range(len(words) - 1):
        if taken[i] or taken[i + 1] or lowers[i] not in names or not words[i][0].isupper() or len(words[i]) < 3:
            continue
        if not (words[i + 1][0].isupper() and words[i + 1].isalpha() and len(words[i + 1]) > 2):
            continue
        before = words[i - 1] if i else ""
        cued = bool(before) and not taken[i - 1] and (
            vocabulary.lookup(before) is not None or before.lower() in ("herr", "frau", "herrn") or
            (before == "." and i > 1 and lowers[i - 2] in TITLES)
        )  # fmt: skip
        if not cued or vocabulary.lookup(words[i + 1]) is not None or reading.sentence[i] != reading.sentence[i + 1]:
            continue
        last = i + 2
        while last + 1 < len(words) and words[last] == "-" and words[last + 1][0].isupper():
            last += 2
        spans.append(_name(reading, i, last, "PER"))
        taken[i:last] = [True] * (last - i)


def _add_acronyms(reading: Reading, spans: list[Name], taken: list[bool]) -> None:
    """ "Lokale Nahverkehrsgesellschaft (LNVG)": the acronym names the same organisation."""
    for name in list(spans):
        i = name.last
        if name.label != "ORG" or i + 2 >= len(reading) or reading.words[i] != "(" or reading.words[i + 2] != ")":
            continue
        word = reading.words[i + 1]
        if 2 <= len(word) <= 8 and sum(c.isupper() for c in word) >= 2 and not taken[i + 1]:
            spans.append(_name(reading, i + 1, i + 2, "ORG"))
            taken[i + 1] = True


def _add_later_forms(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """Surnames of known people and short forms of known organisations, wherever they stand untagged."""
    surnames: set[str] = set()
    shorts: dict[str, None] = {}
    for name in spans:
        if name.label == "PER" and name.last - name.first > 1:
            surnames.add(surname(name.text))
        elif name.label == "ORG":
            words = name.text.split()
            if organisations.has_legal_form(name.text) and len(words) > 1 and len(words[0]) > 3:
                shorts[words[0]] = None
            if len(words) == 1 and len(name.text) > 2 and (name.text.isupper() or not name.text[1:].islower()):
                shorts[name.text] = None
    given = given_names()
    shorts = {s: None for s in shorts if s.lower() not in given and s not in surnames and s[0].isupper()}
    for i, word in enumerate(reading.words):
        if taken[i]:
            continue
        bare = word.removesuffix("s")
        if word in surnames or (bare in surnames and len(bare) > 3):
            if role_vocabulary(language).lookup(word) is None or word in surnames:
                spans.append(_name(reading, i, i + 1, "PER"))
                taken[i] = True
        elif word in shorts:
            spans.append(_name(reading, i, i + 1, "ORG"))
            taken[i] = True


def _add_compound_parts(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """ "VDX-Chef Müller": a name before a hyphen and a role is an organisation, when a person or an acronym shows it."""
    if language != "de":
        return
    vocabulary = role_vocabulary(language)
    words = reading.words
    people = {n.first for n in spans if n.label == "PER"}
    # Names also stand alone somewhere in the text, common nouns mostly after an article.
    alone = {
        words[i] for i in range(1, len(words))
        if (i + 1 == len(words) or words[i + 1] != "-") and words[i - 1] != "-" and words[i][0].isupper()
    }  # fmt: skip
    for i in range(len(words) - 2):
        word = words[i]
        if (
            words[i + 1] != "-"
            or taken[i]
            or taken[i + 2]
            or len(word) < 2
            or not word[0].isupper()
            or not word.isalpha()
        ):
            continue
        if reading.ends[i] != reading.starts[i + 1] or (i and words[i - 1] == "-"):
            continue
        if vocabulary.lookup(words[i + 2]) is None or vocabulary.lookup(word) is not None:
            continue
        if word.lower() in vocabulary.prefixes or organisations.is_generic_prefix(word.lower()):
            continue
        known = word in alone and (i + 3 in people or (i + 4 in people and words[i + 3] in ".,"))
        if known or sum(c.isupper() for c in word) > 1:
            spans.append(_name(reading, i, i + 1, "ORG"))
            taken[i] = True


def _add_bodies(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """ "Vorsitzende der Innenministerkonferenz": a noun that names a body, right after a role and an article."""
    if language != "de":
        return
    vocabulary = role_vocabulary(language)
    words, lowers = reading.words, reading.lowers
    for i in range(2, len(words)):
        if taken[i] or lowers[i - 1] not in ("der", "des") or len(words[i]) < 7 or not words[i][0].isupper():
            continue
        if taken[i - 2] or vocabulary.lookup(words[i - 2]) is None or lowers[i] in vocabulary.bodies:
            continue
        if organisations.is_body_noun(lowers[i]):
            last = i + 1
            while last < len(words) and taken[last] and reading.sentence[last] == reading.sentence[i]:
                break
            spans.append(_name(reading, i, last, "ORG"))
            taken[i] = True


def _drop_carriers(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """News agencies and platforms count only where a role hangs on them."""
    vocabulary = role_vocabulary(language)
    kept = []
    for name in spans:
        if name.label == "ORG" and (
            organisations.is_carrier(name.text)
            or (re.match(r"[\d.\s/]+", name.text) and re.search(r"\d\d\.\d\d\.|/", name.text))
        ):
            after = name.last + (1 if name.last < len(reading) and reading.words[name.last] == "-" else 0)
            before = name.first - 1
            if before >= 0 and reading.lowers[before] in ("von", "der", "bei", "of", "at"):
                before -= 1
            role = (after < len(reading) and vocabulary.lookup(reading.words[after]) is not None) or (
                before >= 0 and not taken[before] and vocabulary.lookup(reading.words[before]) is not None
            )
            if not role:
                continue
        if (
            (
                name.label == "ORG"
                and name.last - name.first == 1
                and organisations.is_generic_prefix(reading.lowers[name.first])
            )
            and name.last < len(reading)
            and reading.words[name.last] == "-"
        ):
            continue
        kept.append(name)
    spans[:] = kept


def _places_of_office(reading: Reading, spans: list[Name], language: str) -> None:
    """ "Bürgermeister von Ortenberg": the place beside an office of a town or country is the body."""
    vocabulary = role_vocabulary(language)
    words, lowers = reading.words, reading.lowers
    for name in spans:
        if name.label != "LOC":
            continue
        before = name.first - 1
        if before >= 0 and lowers[before] in ("von", "of", "in", "aus", "stadt", "gemeinde", "kreis"):
            before -= 1
            if before >= 0 and lowers[before] in ("der", "des", "the", "stadt"):
                before -= 1
        after = name.last
        if (
            before >= 0 and before < name.first - 1 and vocabulary.is_office(words[before])
            and reading.sentence[before] == reading.sentence[name.first]
        ) or (after < len(words) and name.text.endswith("s") and vocabulary.is_office(words[after])):  # fmt: skip
            name.label = "ORG"
            if name.text.endswith("s") and after < len(words) and vocabulary.is_office(words[after]):
                name.text = name.text[:-1]


def surname(name: str) -> str:
    """Return the last word of a name, without generational additions."""
    parts = [p for p in name.split() if p.strip(".").lower() not in ("jun", "sen", "jr", "sr", "jr.", "sen.")]
    return parts[-1] if parts else name


def _title_before(reading: Reading, first: int) -> str | None:
    i = first
    while i > 0 and first - i < 8 and (reading.lowers[i - 1] in TITLES or reading.words[i - 1] in ".-"):
        if reading.words[i - 1] == "." and (i < 2 or reading.lowers[i - 2] not in TITLES):
            break
        i -= 1
    return reading.span_text(i, first).strip() or None if i < first else None


def _join_people(reading: Reading, spans: list[Name]) -> list[Person]:
    """Join later surname mentions ("Koch sagte"), genitives ("Kochs") and given names to the full name."""
    people: list[Person] = []
    by_key: dict[tuple[str, str], int] = {}
    by_surname: dict[str, list[int]] = {}
    by_given: dict[str, list[int]] = {}
    singles: list[Name] = []
    for name in spans:
        if name.label != "PER":
            continue
        parts = [p for p in re.sub(f"[{_QUOTES}]", " ", name.text).split() if p.lower().strip(".") not in TITLES]
        if len(parts) < 2:
            singles.append(name)
            continue
        last = surname(name.text).lower()
        key = (parts[0].lower(), last)
        number = by_key.get(key)
        if number is None and last.endswith("s"):
            number = by_key.get((key[0], last[:-1]))
        if number is None:
            number = len(people)
            people.append(Person(name.text, _title_before(reading, name.first)))
            by_key[key] = number
            by_surname.setdefault(last, []).append(number)
            by_given.setdefault(key[0], []).append(number)
        elif len(name.text) > len(people[number].name) and not name.text.endswith("s"):
            people[number].name = name.text
        name.cluster = number
    for name in singles:
        key_ = name.text.lower().strip(_QUOTES)
        options = by_surname.get(key_) or by_surname.get(key_.removesuffix("s"))
        if not options and key_ in given_names():
            options = by_given.get(key_) or by_given.get(key_.removesuffix("s"))
            options = options if options and len(options) == 1 else None
        if options:
            earlier = (
                [n for n in options if any(m.first < name.first for m in spans if m.label == "PER" and m.cluster == n)]
                if len(options) > 1
                else options
            )
            name.cluster = (earlier or options)[-1]
            continue
        name.cluster = len(people)
        people.append(Person(name.text, _title_before(reading, name.first)))
        by_surname.setdefault(key_, []).append(name.cluster)
    for name in spans:
        if name.label == "PER":
            person = people[name.cluster]
            person.names.append(name)
            if person.title is None:
                person.title = _title_before(reading, name.first)
    return people


def _join_organisations(reading: Reading, spans: list[Name]) -> list[Organisation]:
    """Bring each organisation to its fullest form in the document: "Koch" and "Kochs" to "Koch GmbH"."""
    orgs = [n for n in spans if n.label == "ORG"]
    cores = [organisations.core(n.text) for n in orgs]
    whole: dict[tuple[str, ...], int] = {}
    groups: list[list[int]] = []
    for i, c in enumerate(cores):
        number = whole.setdefault(c, len(groups))
        if number == len(groups):
            groups.append([])
        groups[number].append(i)
    # A short form belongs to the one longer name that begins with it, or that it ends.
    starts: dict[str, set[int]] = {}
    for c, number in whole.items():
        for token in (c[0], c[-1]):
            starts.setdefault(token, set()).add(number)
    parent = list(range(len(groups)))
    for c, number in sorted(whole.items(), key=lambda pair: (len(pair[0]), pair[1])):
        longer = [
            other for other in sorted(starts[c[0]] | starts[c[-1]])
            if other != number and len(cores[groups[other][0]]) > len(c) and _is_part(c, cores[groups[other][0]])
        ]  # fmt: skip
        if len(longer) == 1 and len("".join(c)) > 2:
            parent[number] = longer[0]
    for short, full in organisations.aliases().items():
        if short in whole and full in whole:
            parent[whole[short]] = whole[full]
    for i, name in enumerate(orgs):  # acronyms in brackets
        if i and orgs[i - 1].last + 1 == name.first and reading.words[name.first - 1] == "(" and _acronym(name.text):
            parent[whole[cores[i]]] = whole[cores[i - 1]]
    found: dict[int, Organisation] = {}
    result: list[Organisation] = []
    for i, name in enumerate(orgs):
        root = whole[cores[i]]
        for _ in range(8):
            if parent[root] == root:
                break
            root = parent[root]
        organisation = found.get(root)
        if organisation is None:
            organisation = found[root] = Organisation(name.text, cores[i])
            result.append(organisation)
        organisation.names.append(name)
        name.cluster = result.index(organisation) if len(result) < 40 else _place(result, organisation)
    for organisation in result:
        _choose_form(reading, organisation)
    return result


def _place(result: list[Organisation], wanted: Organisation) -> int:
    return next(i for i in range(len(result) - 1, -1, -1) if result[i] is wanted)


def _acronym(text: str) -> bool:
    return " " not in text and 2 <= len(text) <= 8 and sum(c.isupper() for c in text) >= 2


def _is_part(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    size = len(short)
    return long[:size] == short or (long[-size:] == short and (size > 1 or len(short[0]) > 4))


def _choose_form(reading: Reading, organisation: Organisation) -> None:
    best: tuple[int, int, int] | None = None
    forms = {n.text for n in organisation.names}
    for place, name in enumerate(organisation.names):
        text = name.text
        if text.endswith("s") and text[:-1] in forms:
            continue
        rank = (len(organisations.core(text)), int(organisations.has_legal_form(text)), -place)
        if _acronym(text) and len(forms) > 1:
            rank = (0, 0, -place)
        if best is None or rank > best:
            best = rank
            before = reading.lowers[name.first - 1] if name.first else ""
            organisation.name = organisations.base_form(text, before)
            organisation.core = organisations.core(text)
