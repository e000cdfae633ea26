"""Names joined over the whole text: later surnames to the full name, short forms to the fullest form."""

from __future__ import annotations

import re

from enrich.nlp import organisations
from enrich.nlp.names import QUOTES, TITLES, Name, Organisation, Person, surname
from enrich.nlp.reading import Reading
from enrich.nlp.vocabulary import given_names


def _title_before(reading: Reading, first: int) -> str | None:
    i = first
    while i > 0 and first - i < 8 and (reading.lowers[i - 1] in TITLES or reading.words[i - 1] in ".-"):
        if reading.words[i - 1] == "." and (i < 2 or reading.lowers[i - 2] not in TITLES):
            break
        i -= 1
    return reading.span_text(i, first).strip() or None if i < first else None


def join_people(reading: Reading, spans: list[Name]) -> list[Person]:
    """Join later surname mentions ("Koch sagte"), genitives ("Kochs") and given names to the full name."""
    people: list[Person] = []
    by_key: dict[tuple[str, str], int] = {}
    by_surname: dict[str, list[int]] = {}
    by_given: dict[str, list[int]] = {}
    singles: list[Name] = []
    for name in spans:
        if name.label != "PER":
            continue
        parts = [p for p in re.sub(f"[{QUOTES}]", " ", name.text).split() if p.lower().strip(".") not in TITLES]
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
        key_ = name.text.lower().strip(QUOTES)
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


def join_organisations(reading: Reading, spans: list[Name]) -> list[Organisation]:
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
    organisation.name = organisations.full_names().get(organisation.core, organisation.name)
