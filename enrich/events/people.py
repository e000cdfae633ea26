"""The people of one page: cards, grids, tables, labelled lines, lists, biographies and running text.

First every line is read for people. A line counts when its surroundings say that people stand there: a heading
or label ("Referenten", "Moderation:"), the class of its box, a role or organisation beside the name, or a page
about an event. What stands in the same card or below the name gives role and organisation.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from enrich.events.affiliations import LEGAL_FORM
from enrich.events.biographies import read_biography
from enrich.events.cards import has_biography, person_class_pattern, with_card
from enrich.events.layout import Layout, Line
from enrich.events.names import Person, has_organisation, has_role, name_of, words
from enrich.events.pages import EventPage
from enrich.events.person_lines import (
    bracket_part,
    label_part,
    labelled_people,
    part_of,
    people_in_line,
)
from enrich.events.person_prose import biography_line, people_in_prose
from enrich.records import EventPerson, EventRole

MAX_PEOPLE = 600
MAX_PROSE_LINES = 3_000
MAX_PROSE_CHARS = 300_000

_PAGE_PARTS: tuple[tuple[re.Pattern[str], EventRole], ...] = (
    (re.compile(r"^(?:speakers?|referent\w*|sprecher\w*|dozent\w*|presenters?|panelists?|vortragende|redner\w*|gaeste|guests|line-?up)$"), "speaker"),
    (re.compile(r"^(?:team|vorstand\w*|board|orga\w*|organi[sz]ers?|committee|people|beirat|praesidium|geschaeftsstelle|ansprechpartner\w*)$"), "organizer"),
    (re.compile(r"^(?:kontakt|contact|impressum|imprint)$"), "contact"),
    (re.compile(r"^(?:teilnehmer\w*|attendees?|participants?|aussteller\w*|exhibitors?)$"), "attendee"),
)  # fmt: skip


@dataclass(slots=True)
class FoundPerson:
    """A person on a page: the record, the line of the name, whether the given name is known."""

    person: EventPerson
    line: int
    sure: bool
    biography: bool = False


@cache
def _foreign_pattern() -> re.Pattern[str]:
    listed = sorted((str(word) for word in words()["foreign"]), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in listed) + r")(?!\w)", re.I)


def page_part(page: EventPage) -> EventRole | None:
    """Return the part that a whole page is about, from its address ("/referenten.html") or its headline."""
    last = [segment for segment in page.segments if segment not in ("html", "htm", "php", "index", "en", "de")]
    for segment in last[-2:][::-1]:
        for pattern, part in _PAGE_PARTS:
            if pattern.match(segment):
                return part
    headline = page.layout.headline or page.layout.title
    if len(headline) <= 60 and name_of(headline)[1] == 0:
        for part_pattern, part in _PAGE_PARTS:
            if any(part_pattern.match(word.strip("_.:").replace("ä", "ae").lower()) for word in headline.split()[:5]):
                return part
    return None


class _Sections:
    """Which part the headings and labels above each line name; None: none, "": people of other matters."""

    def __init__(self, layout: Layout, default: EventRole | None) -> None:
        self.parts: list[EventRole | None] = []
        self.foreign: list[bool] = []
        part, level, foreign, foreign_level = default, 0, False, 0
        label_box = -1
        for number, line in enumerate(layout.lines):
            if line.level or (line.strong and len(line.text) <= 60):
                own_level = line.level or 7
                named = part_of(line.text) if len(line.text) <= 70 and name_of(line.text)[1] != 2 else None
                if foreign and own_level <= foreign_level:
                    foreign = False
                voices = bool(
                    re.search(r"stimmen|testimonial|das sagen|what .{2,30} say|erfahrungsbericht", line.text, re.I)
                )
                if (
                    len(line.text) <= 70
                    and line.level
                    and (voices or (_foreign_pattern().search(line.text) and not named))
                ):
                    foreign, foreign_level = True, own_level
                if named is not None and not self._is_sentence(line.text):
                    part, level = named, own_level
                elif level and own_level <= level and not self._may_be_person(line) and line.level:
                    part, level = default, 0
            elif len(line.text) <= 50 and not line.links:
                named, rest = label_part(line.text)
                bare = line.text.rstrip(":").strip()
                if named is not None and not rest:
                    part, level, label_box = named, 8, line.box
                elif (
                    named is None
                    and part_of(bare)
                    and len(bare.split()) <= 3
                    and len(line.cls)
                    and re.search(r"label|title|heading|head", line.cls, re.I)
                ):
                    part, level, label_box = part_of(bare), 8, line.box
            if level == 8 and label_box >= 0 and number > 0 and self._left(layout, label_box, line):
                part, level, label_box = default, 0, -1
            self.parts.append(part)
            self.foreign.append(foreign)

    @staticmethod
    def _left(layout: Layout, label_box: int, line: Line) -> bool:
        """A label without colon people reaches to the end of the box around its own box."""
        outer = layout.boxes[label_box].parent
        return outer >= 0 and outer not in layout.ancestors(line.box)

    @staticmethod
    def _is_sentence(text: str) -> bool:
        return text.endswith((".", "!", "?")) and len(text.split()) > 5

    @staticmethod
    def _may_be_person(line: Line) -> bool:
        return bool(people_in_line(line.text)) if len(line.text) <= 160 else False


def read_people(page: EventPage, *, eventful: bool, prose: bool) -> list[FoundPerson]:
    """Return the people of a page in order.

    `eventful`: the page is about an event (names alone on a line count); `prose`: running text is read as well.
    """
    layout = page.layout
    default = page_part(page)
    sections = _Sections(layout, default)
    lines = layout.lines
    named: dict[int, tuple[EventRole | None, list[Person]]] = {}
    for number, line in enumerate(lines):
        if line.nav or len(line.text) < 4 or sections.foreign[number] or _foreign_class(layout, line):
            continue
        if line.tag in ("label", "option", "legend", "button"):
            continue
        if len(line.text) > 60 and (described := biography_line(line.text)) is not None:
            named[number] = (None, [described])
            continue
        if len(line.text) > 600:
            continue
        part, people = _people_of_line(line.text, lenient=bool(person_class_pattern("person_classes").search(line.cls)))
        if people:
            named[number] = (part, people)
    alike = Counter(_form(lines[number]) for number, (_, people) in named.items() if people[0].sure)
    accepted = {
        number: found
        for number, found in named.items()
        if _accept(layout, number, found, sections, eventful, alike[_form(lines[number])])
    }
    result: list[FoundPerson] = []
    for number, (label, people) in accepted.items():
        line = lines[number]
        biography = len(people) == 1 and has_biography(layout, number, accepted)
        part = label or sections.parts[number] or _class_part(line) or "speaker"
        here = people
        if len(people) == 1 and not label:
            here = [with_card(layout, number, people[0], accepted, sections.foreign)]
        for person in here:
            own_part = bracket_part(person.role) if person.role else None
            role = None if own_part else person.role
            evidence = line.text if len(line.text) <= 300 else line.text[:300]
            card_role, card_company = role, person.company
            result.append(
                FoundPerson(
                    EventPerson(person.name, card_role, card_company, own_part or part, evidence),
                    number,
                    person.sure,
                    biography,
                )
            )
            if len(result) >= MAX_PEOPLE:
                return result
    _read_short_biographies(layout, result)
    if prose:
        result += _prose_people(page, sections, {found.person.name for found in result}, set(accepted))
    return result


def _people_of_line(text: str, *, lenient: bool) -> tuple[EventRole | None, list[Person]]:
    part, people = labelled_people(text)
    if people:
        return part, people
    quoted = re.match(r"^[«»„“\"].{10,}[”“»«\"]\s*[—–-]\s*(?P<who>.{4,120})$", text)
    if quoted:
        return None, [person for person in people_in_line(quoted["who"]) if person.sure]
    return None, people_in_line(text, lenient=lenient)


def _foreign_class(layout: Layout, line: Line) -> bool:
    pattern = person_class_pattern("foreign_classes")
    if pattern.search(line.cls):
        return True
    return any(
        pattern.search(layout.boxes[box].cls)
        for box in layout.ancestors(line.box)[:5]
        if layout.boxes[box].tag != "body"
    )


def _class_part(line: Line) -> EventRole | None:
    return part_of(line.cls.replace("-", " ").replace("_", " ")) if line.cls else None


def _form(line: Line) -> tuple[str, str, str]:
    """Return how a line of people is written: element, classes, the first sign after the name."""
    sign = re.search(r"[,|(–—/:]|\s-\s", line.text)
    return line.tag, line.cls, sign.group() if sign else ""


def _accept(
    layout: Layout,
    number: int,
    found: tuple[EventRole | None, list[Person]],
    sections: _Sections,
    eventful: bool,
    siblings: int,
) -> bool:
    """Decide whether a line of people counts; `siblings`: lines of the same form whose given names are known."""
    line = layout.lines[number]
    label, people = found
    first = people[0]
    classed = bool(person_class_pattern("person_classes").search(line.cls)) or any(
        person_class_pattern("person_classes").search(layout.boxes[box].cls) for box in layout.ancestors(line.box)[:3]
    )
    if person_class_pattern("role_classes").search(line.cls) and not (first.sure and (first.role or first.company)):
        return False
    beside = bool(first.role or first.company)
    if label is not None:
        return True
    if len(line.text) > 60 and biography_line(line.text) is not None:
        return sections.parts[number] is not None or classed or eventful
    if len(line.text) > 260 and not all(person.sure for person in people):
        return False
    if line.level == 1 and not classed and not (first.sure and sections.parts[number]):
        return False
    if sections.parts[number] is not None or classed:
        if first.sure:
            return len(line.text) <= 160 or beside
        if siblings >= 2:
            return True
        whole = not beside and len(people) == 1
        return (
            (whole and (classed or bool(line.image)))
            or has_role(first.role or "")
            or has_organisation(first.company or "")
        )
    if not first.sure:
        return siblings >= 2 and beside and bool(LEGAL_FORM.search(first.company or ""))
    if first.role and has_role(first.role):
        return True
    if eventful and len(line.text) <= 160:
        return True
    return bool(first.company and has_organisation(first.company)) and line.level == 0 and eventful


def _read_short_biographies(layout: Layout, found: list[FoundPerson]) -> None:
    """Biographies often use the given name alone ("Markus is a developer at X"): it must be one person's only."""
    given: dict[str, list[FoundPerson]] = {}
    for person in found:
        given.setdefault(person.person.name.split()[0], []).append(person)
    for line in layout.lines:
        if line.nav or len(line.text) < 50:
            continue
        first = re.match(r"\w+", line.text)
        owners = given.get(first.group(), []) if first else []
        if not owners or len({owner.person.name for owner in owners}) != 1:
            continue
        role, company = read_biography(line.text)
        for owner in owners:
            old = owner.person
            if (company and not old.company) or (role and not old.role):
                evidence = line.text[:300] if company and not old.company else old.evidence
                owner.person = EventPerson(old.name, old.role or role, old.company or company, old.as_, evidence)
                owner.biography = True


def _prose_people(page: EventPage, sections: _Sections, known: set[str], taken: set[int]) -> list[FoundPerson]:
    result: list[FoundPerson] = []
    left = MAX_PROSE_CHARS
    for number, line in enumerate(page.layout.lines[:MAX_PROSE_LINES]):
        if (
            line.nav
            or number in taken
            or len(line.text) < 30
            or sections.foreign[number]
            or _foreign_class(page.layout, line)
        ):
            continue
        left -= len(line.text)
        if left < 0:
            break
        for person, part in people_in_prose(line.text):
            if person.name in known and not (person.role or person.company):
                continue
            label = sections.parts[number]
            sentence = _sentence_with(line.text, person.name)
            result.append(
                FoundPerson(
                    EventPerson(
                        person.name,
                        person.role,
                        person.company,
                        label if label and part == "speaker" else part,
                        sentence,
                    ),
                    number,
                    True,
                    True,
                )
            )
    return result


def _sentence_with(text: str, name: str) -> str:
    position = text.find(name)
    begin = max(text.rfind(". ", 0, max(position, 0)) + 2, 0) if position > 0 else 0
    end = text.find(". ", position + len(name))
    return text[begin : end + 1 if end > 0 else len(text)].strip()[:400]
