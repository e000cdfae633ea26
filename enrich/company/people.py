"""People whom an Impressum names as owner, director, board member or partner."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.company.words import fold, words
from enrich.legal_forms import split_legal_form
from enrich.records import SitePerson

MAX_LINE = 300
_TOKEN = r"[A-ZÄÖÜÉŠŽČŁÇÓÁİØÅ][\wÀ-žğışёëß'’]{0,24}(?:-[A-ZÄÖÜÉŠŽČ][\wÀ-žß'’]{1,24}){0,2}"
_NAME = re.compile(
    rf"^(?:{_TOKEN}|[A-ZÄÖÜ]\.)(?:\s(?:{_TOKEN}|[A-ZÄÖÜ]\.|von|van|de|der|den|zu|zur|vom|di|da|del|al|el|ter|ten|und zu)){{1,4}}$"
)
_SPLIT = re.compile(r"\s{0,2}[,;|/&+•·]\s{0,2}|\s(?:und|sowie|and|u\.)\s|\s[–—-]\s")
_PAREN = re.compile(r"\(([^()]{1,60})\)")
_LABEL_END = re.compile(r"^(.{2,70}?)\s{0,2}[:：]\s{0,3}(.*)$")
_CONTACTS = re.compile(r"(?:tel|telefon|fax|mobil|e-?mail|\+|\d{3,}|www\.|@).*$", re.I)


def as_name(text: str) -> str | None:
    """Return a person's name without titles; None where the text is no name."""
    tokens = " ".join(text[:90].replace("\u00a0", " ").split()).strip(" .,:;-–*\"'„“").split()
    tokens = [part for token in tokens for part in _untitled(token)]
    while tokens and tokens[0].lower().rstrip(",") in words("titles"):
        tokens.pop(0)
    while tokens and (tokens[-1].lower().strip(",.") in words("titles") or tokens[-1].lower() in words("titles")):
        tokens.pop()
    tokens = [token.strip(",") for token in tokens]
    if not 2 <= len(tokens) <= 5:
        return None
    name = " ".join(tokens)
    if not _NAME.match(name) or len(name) < 5 or split_legal_form(name)[1]:
        return None
    lowered = [token.lower().strip(".") for token in tokens]
    if any(token in words("not_names") or token in words("roles") for token in lowered):
        return None
    if all(token.isupper() and len(token) > 1 for token in tokens):
        name = " ".join("-".join(part.capitalize() for part in token.split("-")) for token in tokens)
    last = lowered[-1]
    if last in ("von", "van", "de", "der", "zu") or re.search(
        r"(?:straße|strasse|gasse|platz|kammer|gericht|amt|versicherung|verordnung|gesetz|ordnung|recht|heim|schutz|dienste)$",
        last,
    ):
        return None
    return name


def _untitled(token: str) -> list[str]:
    """Cut titles that are glued to a name ("Dr.med.C.Schwinn", "Dr.Anna")."""
    rest = re.sub(
        r"^(?:(?:Prof|Dr|med|dent|vet|jur|Ing|Mag|Dipl|DI)\.-?){1,4}(?:(?:med|dent|vet|jur|Ing)\.){0,2}", "", token
    )
    return [rest] if rest else []


def role_in(label: str) -> str | None:
    """Return a label where it names a role of people who decide, as stated, else None."""
    folded = fold(label)
    if not folded or len(folded) > 70:
        return None
    tokens = re.findall(r"[a-zäöüß.:]+(?:-[a-zäöüß.]+)*", folded)
    hit = any(token.strip(".:") in words("roles") or re.split(r"[:/*]", token)[0] in words("roles") for token in tokens)
    return " ".join(label.split()).strip(" :,;-–") if hit else None


def _is_represented(label: str) -> bool:
    folded = fold(label)
    return any(folded.startswith(word) for word in words("represented"))


def _is_responsible(label: str) -> bool:
    folded = fold(label)
    return any(folded.startswith(word) for word in words("responsible"))


def people_in(lines: Sequence[str], levels: Sequence[int] = ()) -> tuple[list[SitePerson], list[SitePerson]]:
    """Return the deciders that the lines name, and those named only as responsible for the content."""
    deciders: dict[str, SitePerson] = {}
    responsible: dict[str, SitePerson] = {}
    label: str | None = None
    pending: str | None = None  # what the names of the next lines are: a role, "represented" or "responsible"
    for number, raw in enumerate(lines):
        line = raw[:MAX_LINE]
        level = levels[number] if number < len(levels) else 0
        match = _LABEL_END.match(line)
        head, rest = (match.group(1), match.group(2)) if match else (line, "")
        role = role_in(head) if match or len(line) < 60 else None
        if _is_represented(head) and (match or len(line) < 60 or re.match(r"(?i)vertreten durch", line)):
            pending, label = "represented", head
            rest = rest or re.sub(r"(?i)^(?:gesetzlich\s)?vertreten durch\s?", "", line) if not match else rest
            role = None
        elif _is_responsible(head) and len(head) < 70:
            pending, label = "responsible", head
            role = None
        elif role and (match or as_name(line) is None) and not _inline(line):
            pending, label = "role", role
        elif match and (not rest or level):
            pending = None
            continue
        elif match and as_name(head) is None:
            if pending and not role_in(rest):
                pending = None
            rest = line
        else:
            rest = line
        people = _people_of(rest, label if pending == "role" else None)
        if not people and (inline := _inline(line)):
            people = [inline]
            if pending is None:
                deciders.setdefault(inline.name, inline)
                continue
        if pending is None:
            for person in people:
                if person.role and role_in(person.role) and len(line) < 120:
                    deciders.setdefault(person.name, _with(person, line))
            continue
        if not people:
            if rest and not match and not role_in(line) and not _is_represented(line):
                pending = None
            elif rest and match:
                inner = _LABEL_END.match(rest)
                if inner and role_in(inner.group(1)):
                    people = _people_of(inner.group(2), role_in(inner.group(1)))
                else:
                    pending = pending if role_in(rest) or _only_articles(rest) else None
            if not people:
                continue
        target = responsible if pending == "responsible" else deciders
        for person in people:
            fallback = label if pending == "responsible" else None
            target.setdefault(person.name, _with(person, line, fallback))
    return list(deciders.values()), list(responsible.values())


def _with(person: SitePerson, line: str, role: str | None = None) -> SitePerson:
    return SitePerson(person.name, person.role or role, line)


def _only_articles(text: str) -> bool:
    return bool(re.match(r"(?i)^(?:den|die|der|ihren?|unseren?|the|its)\b", text.strip()))


def _inline(line: str) -> SitePerson | None:
    """ "Inh. Petra Holm", "Geschäftsführer Jan Meier", "Rechtsanwältin Ute Brandt", "Inhaberin Frau Dr. Ada Stern"."""
    tokens = line.split()
    if not 3 <= len(tokens) <= 9:
        return None
    for size in (1, 2, 3):
        role = " ".join(tokens[:size])
        rest = " ".join(tokens[size:])
        if role_in(role) and fold(role).split()[-1].strip(".") in words("roles") and (name := as_name(rest)):
            return SitePerson(name, role.strip(" :,"), line)
    return None


def _people_of(text: str, role: str | None) -> list[SitePerson]:
    text = (
        re.sub(
            r"(?i)^\s*(?:den|die|der|unseren?|ihren?|the)?\s*(?:vorstand|geschäftsführer(?:in)?|inhaber(?:in)?|managing directors?),?\s*:?\s+(?=(?:herr|frau|dr|prof|[A-ZÄÖÜ]))",
            lambda m: "",
            text,
        )
        if not _inline(text)
        else text
    )
    found: list[SitePerson] = []
    stated = _PAREN.findall(text)
    bare = _PAREN.sub(" | ", text)
    pieces = [piece for piece in _SPLIT.split(bare) if piece and piece.strip()]
    own_role = next((item for item in stated if role_in(item)), None)
    for piece in pieces[:12]:
        cut = _CONTACTS.sub("", piece).strip()
        if inline := _inline(cut):
            found.append(inline)
            continue
        name = as_name(cut)
        if name:
            found.append(SitePerson(name, role, None))
        elif found and role_in(piece) and len(piece) < 60:
            last = found[-1]
            if last.role is None or last.role == role:
                found[-1] = SitePerson(last.name, piece.strip(" :"), None)
        elif not found:
            continue
    if own_role and len(found) == 1 and not found[0].role:
        found[0] = SitePerson(found[0].name, own_role, None)
    if len(stated) == len(found) > 1:
        found = [SitePerson(p.name, r if role_in(r) else p.role, None) for p, r in zip(found, stated, strict=True)]
    return found
