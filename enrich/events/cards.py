"""What stands in the same card as a name, or below it: role, organisation, biography."""

from __future__ import annotations

import re
from functools import cache

from enrich.events.affiliations import split_affiliation
from enrich.events.biographies import read_biography
from enrich.events.layout import Layout, Line
from enrich.events.names import Person, has_organisation, has_role, words
from enrich.events.person_lines import people_in_line
from enrich.records import EventRole

MAX_CARD_LINES = 14
LONG = 110

Named = dict[int, tuple[EventRole | None, list[Person]]]


@cache
def person_class_pattern(key: str) -> re.Pattern[str]:
    listed = sorted((str(word) for word in words()[key]), key=len, reverse=True)
    return re.compile(
        r"(?:^|[\s_-])(?:" + "|".join(re.escape(word) for word in listed) + r")(?:s|innen|card|box|item)?(?:$|[\s_-])",
        re.I,
    )


def with_card(layout: Layout, number: int, person: Person, named: Named, foreign: list[bool]) -> Person:
    """Add role and organisation from the lines of the same card, or from the lines below the name."""
    if person.role and person.company:
        return person
    first, last = _card(layout, number, named)
    role, company = person.role, person.company
    lines = layout.lines
    after = [index for index in range(number + 1, last) if not lines[index].nav][:MAX_CARD_LINES]
    before = [index for index in range(first, number) if not lines[index].nav][-3:]
    role_class = person_class_pattern("role_classes")
    short_read = 0
    skipped = False
    for index in after:
        line = lines[index]
        if index in named or foreign[index]:
            break
        if _useless(line.text):
            skipped = line.text.endswith(":")
            continue
        if skipped:
            skipped = False  # what a label such as "Bildung:" introduces
            continue
        if line.level and not role_class.search(line.cls) and not has_role(line.text):
            break
        if len(line.text) <= LONG and not _sentence(line.text):
            if short_read >= 3 and not role_class.search(line.cls):
                continue
            short_read += 1
            role, company = _take_short(
                line, role, company, classed=bool(role_class.search(line.cls)), first=short_read == 1
            )
        elif not (role and company):
            other_role, other_company = read_biography(line.text)
            role, company = role or other_role, company or other_company
        if role and company:
            break
    if not role and before:
        for index in reversed(before):
            line = lines[index]
            if (
                len(line.text) <= 80
                and has_role(line.text)
                and not people_in_line(line.text)
                and (role_class.search(line.cls) or (not after and not line.level))
            ):
                other_role, other_company = split_affiliation(line.text)
                role, company = other_role, company or other_company
                break
    return Person(person.name, role, company, person.sure)


def _take_short(
    line: Line, role: str | None, company: str | None, *, classed: bool, first: bool
) -> tuple[str | None, str | None]:
    text = line.text
    label = re.match(
        r"^(?:Position|Funktion|Rolle|Role|Job title|Titel|Firma|Unternehmen|Company|Organisation|Organization|Arbeitgeber)\s*:\s*(?P<rest>.+)$",
        text,
        re.I,
    )
    if label:
        text, classed = label["rest"], True
    if has_role(text) or has_organisation(text) or classed:
        other_role, other_company = split_affiliation(text)
        if (
            classed
            and other_role is None
            and other_company
            and re.search(r"role|position|job|title|funktion", line.cls, re.I)
            and not has_organisation(text)
            and "," not in text
        ):
            other_role, other_company = other_company, None
        return role or other_role, company or other_company
    if (
        first
        and role is None
        and re.search(r"\||\bbei\b|\bat\b", text)
        and len(text) <= 80
        and not re.search(r"\d{2}", text)
    ):
        other_role, other_company = split_affiliation(text)
        return role or other_role, company or other_company
    if (
        role
        and company is None
        and len(text.split()) <= 6
        and text[:1].isupper()
        and not re.search(r"\d{3}|@|://|[.?!…]$", text)
    ):
        return role, split_affiliation(text)[1]
    return role, company


def _useless(text: str) -> bool:
    if text.endswith(":") or re.match(
        r"^(?:talk|session)?\s?(?:title|titel|abstract|beschreibung|description|thema|topic|bildung|bio|vita|kurzbiografie)\b",
        text,
        re.I,
    ):
        return len(text) < 60
    return (
        bool(
            re.match(
                r"^(?:personal website|in/|@|https?:|www\.|[\w.+-]+@|tel|fax|e-?mail|linkedin|twitter|xing|mastodon|github|website|mehr|more|back to|read|profil|vita|\+?\d[\d\s()/-]{6,})",
                text,
                re.I,
            )
        )
        and len(text) < 120
    )


def _sentence(text: str) -> bool:
    return (
        len(text.split()) > 6
        and bool(re.search(r"(?<![A-Z])\.(?:\s|$)", text))
        and not has_role(" ".join(text.split()[:3]))
    )


def _card(layout: Layout, number: int, named: Named) -> tuple[int, int]:
    """Return the lines that belong to the name at `number`: its card, else up to the next name."""
    line = layout.lines[number]
    best: tuple[int, int] | None = None
    for index in layout.ancestors(line.box):
        box = layout.boxes[index]
        if box.last - box.first > 60:
            break
        if any(other != number and box.first <= other < box.last for other in named):
            break
        if box.last - box.first > 1:
            best = (box.first, box.last)
    if best is not None and (best[1] - number > 1 or best[0] < number):
        return best
    following = next((other for other in sorted(named) if other > number), len(layout.lines))
    previous = max((other for other in named if other < number), default=number - 1)
    end = min(following, number + 8)
    for index in range(number + 1, end):
        if layout.lines[index].level and (not line.level or layout.lines[index].level <= line.level):
            end = index
            break
    return max(previous + 1, number - 2), end


def has_biography(layout: Layout, number: int, named: Named) -> bool:
    """Tell whether a longer text about the person stands in the card or right below the name."""
    if len(layout.lines[number].text) > LONG:
        return True
    _, last = _card(layout, number, named)
    for line in layout.lines[number + 1 : min(last, number + 5)]:
        if line.level:
            return False
        if len(line.text) > LONG:
            return True
    return False
