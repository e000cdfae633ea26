"""People in one line of text: alone, in lists, behind labels, in titles, in running sentences."""

from __future__ import annotations

import re
from functools import cache

from enrich.events.affiliations import split_affiliation
from enrich.events.biographies import read_biography
from enrich.events.names import Person, has_organisation, has_role, is_role_word, name_of, words
from enrich.records import EventRole

MAX_LIST = 40
PARTS: tuple[EventRole, ...] = ("speaker", "host", "organizer", "contact", "attendee")

HANDLE = re.compile(r"\s*\(?@[\w.]{2,30}(?:@[\w.-]+)?\)?")
LINKS = re.compile(r"\s*\([^()]{0,200}(?:https?:|www\.|@|\bin/)[^()]{0,200}\)")
_LEADING_TIME = re.compile(
    r"^\s*(?:ab\s|um\s|gegen\s)?\d{1,2}[:.]\d{2}(?:\s?(?:Uhr|h|am|pm))?(?:\s?[-–—]\s?\d{1,2}[:.]\d{2}(?:\s?(?:Uhr|h|am|pm))?)?\s*[|:–—-]?\s*",
    re.I,
)
_SEGMENT = re.compile(r"\s*,\s*(?:und|and)\s+|\s*(?:,|;|\||/|\+|–|—|\s-\s|:)\s*|\s+(?:&|und|and|sowie|with|mit)\s+")
_OPENERS = re.compile(
    r"^(?:mit|with|by|von und mit|von|vortrag von|ein vortrag von|talk by|presented by|präsentiert von|moderiert von|moderated by|hosted by|durchgeführt von|geleitet von|referent:?|es spricht|es sprechen|interview mit|(?:anmeldung(?:en)?|auskunft|auskünfte|infos?|rückfragen)\s(?:bei|an|durch|gibt|erteilt)(?:\s(?:frau|herrn?))?|im gespräch mit|zu gast:?)\s+",
    re.I,
)


@cache
def _part_pattern(part: EventRole) -> re.Pattern[str]:
    listed = sorted((str(word) for word in words()["parts"][part]), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(word) for word in listed) + r")(?![\w-])", re.I)


def part_of(text: str) -> EventRole | None:
    """Return the part that a heading or label names ("Unsere Referenten" -> speaker), the first one in it."""
    found: list[tuple[int, EventRole]] = []
    for part in PARTS:
        match = _part_pattern(part).search(text.replace("_", " "))
        if match:
            found.append((match.start(), part))
    return min(found)[1] if found else None


_LABEL = re.compile(r"^\s*(?P<label>[^:：]{3,60}?)\s*[:：]\s*(?P<rest>.*)$")


def label_part(text: str) -> tuple[EventRole | None, str]:
    """Return the part that the label of a line names and what follows the colon; (None, "") without one."""
    match = _LABEL.match(text)
    if not match or len(match["label"].split()) > 6:
        return None, ""
    label = match["label"].strip()
    part = part_of(label)
    if part is None or name_of(label)[1] == 2:
        return None, ""
    return part, match["rest"].strip()


_OFFICE = re.compile(
    r"\b(?:ok|vereins\w*|orga\w*)\b|vorsitz|vorstand|präsident|schriftführer|kassier|schatzmeister|geschäftsführ|chairman|president|treasurer|secretary",
    re.I,
)


def labelled_people(text: str) -> tuple[EventRole, list[Person]]:
    """Return part and people of "Referentin: Dr. Eva Maurer, X GmbH", "Moderiert von …"; ("speaker", []) for none."""
    part, rest = label_part(text)
    if part is not None and rest:
        return part, people_in_line(rest, lenient=True)
    match = _LABEL.match(text)
    if (
        match
        and match["rest"]
        and len(match["label"].split()) <= 4
        and has_role(match["label"])
        and name_of(match["label"])[1] != 2
    ):
        people = [p for p in people_in_line(match["rest"]) if p.sure]
        if people:
            part = part_of(match["label"]) or ("organizer" if _OFFICE.search(match["label"]) else "speaker")
            return part, [Person(p.name, p.role or match["label"].strip(), p.company, True) for p in people]
    opener = _OPENERS.match(text)
    if opener and len(text) < 200:
        people = [person for person in people_in_line(text[opener.end() :]) if person.sure]
        if people:
            return part_of(opener.group()) or "speaker", people
    return "speaker", []


def bracket_part(text: str) -> EventRole | None:
    """Return the part that a bracket after a name gives: "(Moderation)", "(introduction)"."""
    if len(text) > 40 or has_organisation(text):
        return None
    if re.fullmatch(r"(?:intro(?:duction)?|einführung|begrüßung|welcome)", text.strip(), re.I):
        return "host"
    part = part_of(text)
    return part if part in ("host", "organizer", "contact") and len(text.split()) <= 3 else None


def clean_line(text: str) -> str:
    """Drop what stands around people in lists: times, handles, bullets."""
    text = LINKS.sub("", HANDLE.sub("", text))
    text = _LEADING_TIME.sub("", text)
    text = text.strip(" \t•*·|–—-_")
    return (
        text[:-1]
        if re.search(r"[a-zäöüß)]\.$", text) and not re.search(r"\b(?:Inc|Ltd|Co|Jr|Sr|e\.\s?[VK])\.$", text)
        else text
    )


_OF = re.compile(
    r"^(?P<name>\S+(?:\s\S+){1,3}?)\s(?:von|vom|from|bei|at|of)\s(?:der\s|dem\s|the\s)?(?P<rest>[A-ZÄÖÜ0-9].{1,80})$"
)


def _segments(text: str) -> list[tuple[str, str]]:
    """Split at separators outside brackets into (separator before, segment)."""
    masked = re.sub(r"\([^()]{0,200}\)", lambda m: "\x00" * len(m.group()), text)
    result: list[tuple[str, str]] = []
    start, separator = 0, ""
    for match in _SEGMENT.finditer(masked):
        if match.group().strip() == "," and re.match(
            r"(?:jr|sr|ph\.?d|msc|mba|m\.?a|b\.?sc|m\.?sc|ll\.?m|esq|dipl)\b\.?", text[match.end() :], re.I
        ):
            continue
        result.append((separator, text[start : match.start()].strip()))
        start, separator = match.end(), match.group()
        if len(result) > 4 * MAX_LIST:
            break
    result.append((separator, text[start:].strip()))
    return result


def people_in_line(text: str, *, lenient: bool = False) -> list[Person]:
    """Return the people of a line that consists of people: names with what stands beside them.

    "Dr. Eva Maurer, Geschäftsführerin der X GmbH", "A (X) und B (Y)", "CEO Thomas Müller", "Name | Firma | Rolle".
    The line must begin with a name or with a role before a name. `lenient`: the place says that names follow, so
    names of a right shape but with an unknown given name count even between others.
    """
    text = clean_line(text)
    if not 4 <= len(text) <= 400:
        return []
    name, certainty = name_of(text)
    if certainty:
        return [Person(name, None, None, certainty == 2)]
    people: list[tuple[str, bool, list[str], str]] = []
    for separator, segment in _segments(text):
        if not segment:
            continue
        bracket = re.match(r"^(?P<name>[^()]{3,60})\s*\((?P<inner>[^()]{1,200})\)\s*(?P<more>.*)$", segment)
        bare = bracket["name"].strip() if bracket else segment
        name, certainty = name_of(bare)
        lead = ""
        of = _OF.match(bare) if not certainty and not bracket else None
        if of and name_of(of["name"])[1] == 2:
            name, certainty = name_of(of["name"])
            lead = of["rest"]
        if not certainty:
            lead, name = _role_before(bare)
            certainty = 2 if name else 0
        is_name = certainty == 2 or (
            certainty == 1 and (not people or (lenient and not people[-1][2]) or bracket is not None)
        )
        if certainty == 1 and people and separator.strip() in (":", "|", "/", "–", "—", "-") and not bracket:
            is_name = False
        if certainty and people and lead == "" and has_organisation(bare):
            is_name = False
        if is_name:
            rest = [lead] if lead else []
            inner = bracket["inner"] if bracket else ""
            if bracket and bracket["more"].strip():
                rest.append(bracket["more"].strip())
            people.append((name, certainty == 2, rest, inner))
            if len(people) >= MAX_LIST:
                break
        elif people:
            people[-1][2].append(f"{separator}{segment}" if people[-1][2] else segment)
        else:
            return []
    return _with_affiliations(people)


def _with_affiliations(people: list[tuple[str, bool, list[str], str]]) -> list[Person]:
    result: list[Person] = []
    following: tuple[str | None, str | None] = (None, None)
    for name, sure, rest, inner in reversed(people):
        beside = "".join(rest).strip(" ,;:|–—-")
        role: str | None = None
        company: str | None = None
        if inner and bracket_part(inner) is None:
            role, company = split_affiliation(inner)
        if beside:
            other_role, other_company = split_affiliation(beside) if len(beside) <= 200 else read_biography(beside)
            role, company = role or other_role, company or other_company
        if inner and bracket_part(inner) is not None and role is None:
            role = inner
        if not inner and not beside and following[1] is not None and len(people) > 1:
            company = following[1]  # "A, B (X)": both are of X
        following = (role, company) if inner or (not beside and following[1]) else (None, None)
        result.append(Person(name, role, company, sure))
    return result[::-1]


def _role_before(text: str) -> tuple[str, str]:
    """Return (role, name) of "CEO Thomas Müller", "Vorsitzender Thomas Schüttenberg"; ("", "") otherwise."""
    tokens = text.split()
    for index in range(1, min(len(tokens) - 1, 6)):
        if is_role_word(tokens[index - 1]) or (index > 1 and tokens[index - 1] in ("Dr.", "Prof.", "Herr", "Frau")):
            name, certainty = name_of(" ".join(tokens[index:]))
            if certainty == 2 and has_role(" ".join(tokens[:index])):
                return " ".join(tokens[:index]), name
    return "", ""


_TITLE_TAIL = re.compile(r"\s+[-–—|/]\s+|\s+[-–—]|:\s+|\s+(?:von und mit|mit|with|by|w/)\s+|,\s+")


def people_in_title(title: str) -> tuple[str, list[Person]]:
    """Split "Title - Name", "Title (Name)", "Title mit Name, Firma" into the title and its people (may be none)."""
    title = " ".join(title.split())
    bracket = re.match(r"^(?P<title>.{4,}?)\s*\((?P<inner>[^()]{4,120})\)\s*$", title)
    if bracket:
        people = people_in_line(bracket["inner"], lenient=True)
        if people and all(person.sure for person in people[:1]):
            return bracket["title"].strip(" -–—:|"), people
    for match in list(_TITLE_TAIL.finditer(title))[:8]:
        tail = title[match.end() :].strip()
        if match.start() < 3 or len(tail) > 160:
            continue
        word = match.group().strip().lower()
        people = people_in_line(tail, lenient=True)
        if not people or not people[0].sure:
            continue
        if word == "," and (people[-1].company or any(not person.sure for person in people)):
            continue
        if word == ":" and len(people) < 2 and (people[-1].company or not people[0].sure):
            continue
        if word in ("mit", "with", "von", "by") and not all(p.sure for p in people):
            continue
        return title[: match.start()].strip(" -–—:|/"), people
    people = people_in_line(title)
    if people and people[0].sure and (people[0].company or people[0].role) and len(people) == 1:
        return "", people
    return "", []
