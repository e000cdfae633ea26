"""People whom an Impressum names as owner, director, board member or partner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from enrich.company.words import fold, given_names, words
from enrich.legal_forms import split_legal_form
from enrich.records import SitePerson

MAX_LINE = 300
_WORD = r"[A-ZÀ-ÖØ-ÞĀ-ŽȘȚ][\w'’]{0,24}(?:-[A-ZÀ-ÖØ-ÞĀ-ŽȘȚ][\w'’]{1,24}){0,2}"
_NAME = re.compile(
    rf"^(?:{_WORD}|[A-ZÄÖÜ]\.)(?:\s(?:{_WORD}|[A-ZÄÖÜ]\.|von|van|de|der|den|zu|zur|vom|di|da|del|al|el|ter|ten|und zu)){{1,4}}$"
)
_PARTICLES = frozenset(
    {"von", "van", "de", "der", "den", "zu", "zur", "vom", "di", "da", "del", "al", "el", "ter", "ten", "und"}
)
_SPLIT = re.compile(r"\s{0,2}[,;|/&+•·]\s{0,2}|\s(?:und|sowie|and|u\.)\s|\s[–—-]\s")
_NEXT_LABEL = re.compile(r"(?<=[,;|.])\s+(?=[A-ZÄÖÜ][^,;:|.]{1,45}:\s)")
_PAREN = re.compile(r"\(([^()]{1,60})\)")
_LABEL_END = re.compile(r"^(.{2,70}?)\s{0,2}[:：]\s{0,3}(.*)$")
# A university kind after a title, and firms that look like double names ("Wiedmann Verwaltungs-GmbH").
_TITLE_NOTE = re.compile(r"\s?\((?:FH|TU|TH|BA|DH|Univ\.?|HTL|FHS?|Uni)\)", re.I)
_JOINING = re.compile(r"^(?:und|sowie|and|&)\s+", re.I)
_SURNAME_FIRST = re.compile(r"^\s*([A-ZÀ-Þ][\w'’-]{1,25}),\s([A-ZÀ-Þ][\w'’-]{1,25})\s*$")
_ROLE_LABEL = re.compile(r"^(?:Position|Funktion|Rolle|Role)\s?:\s?(?=\S)", re.I)
_GENERATIONS = frozenset({"jun", "sen", "jr", "sr", "junior", "senior"})
_TITLED_TAIL = re.compile(r"\s((?:Dr|Prof|Dipl)\b.{5,60})$")  # "Tierarztpraxis Dr. med. vet. Björn Holm"
_TRADE = re.compile(r"[a-zäöüß]meister(?:in|betrieb)?$")  # "Dachdeckermeister Ole Holm"
_FIRM = re.compile(r"(?:gmbh|mbh|\bag|\bkg|\bug|holding|verwaltung|beteiligung|gesellschaft)s?$", re.I)
_CONTACTS = re.compile(
    r"(?:\b(?:tel|telefon|telefax|fax|fon|mobil|e-?mail|mail|registergericht|handelsregister|hr[ab]|ust|amtsgericht|steuernummer|sitz|anschrift)\b|\+|\d{3,}|www\.|@).*$",
    re.I,
)


def has_given_name(name: str) -> bool:
    """Tell whether a name begins with a common given name."""
    return re.split(r"[\s-]", name.strip().lower())[0] in given_names()


def as_name(text: str) -> str | None:
    """Return a person's name without titles; None where the text is no name."""
    core, form = split_legal_form(text) if "e." in text[:MAX_LINE] else (text, None)
    if form in ("e.K.", "e.U."):
        text = core if has_given_name(core) else text  # "Inhaber: Ralf Holm e.K."
    if "," in text and not re.match(r"[^,]*,\s?(?:Dr|Prof|Dipl|M\.|B\.|MBA|LL|Mag|Ph|Stb|RA)\b", text):
        return None
    text = _TITLE_NOTE.sub("", text[:90])
    tokens = " ".join(text.replace("\u00a0", " ").split()).strip(" .,:;-–*\"'„“").split()
    tokens = [part for token in tokens for part in _untitled(token)]
    while tokens and (_is_title(tokens[0]) or (len(tokens) > 2 and _TRADE.search(tokens[0]))):
        tokens.pop(0)
    while tokens and (_is_title(tokens[-1]) or tokens[-1].lower().strip(".,()") in _GENERATIONS):
        tokens.pop()
    tokens = [token.strip(",") for token in tokens]
    if not 2 <= len(tokens) <= 5:
        return None
    name = " ".join(tokens)
    if not _NAME.match(name) or len(name) < 5 or split_legal_form(name)[1] or _FIRM.search(tokens[-1]):
        return None
    lowered = [token.lower().strip(".") for token in tokens]
    if any((token in words("not_names") and token not in _PARTICLES) or token in words("roles") for token in lowered):
        return None
    if all(token.isupper() and len(token) > 1 for token in tokens):
        name = " ".join("-".join(part.capitalize() for part in token.split("-")) for token in tokens)
    if lowered[0].endswith(_office_endings()) and not has_given_name(name):
        return None
    if lowered[-1] in _PARTICLES or lowered[0] in ("der", "den", "zu", "zur", "vom"):
        return None
    if any(token.endswith(_firm_endings()) for token in lowered):
        return None
    return name


@lru_cache(maxsize=1)
def _firm_endings() -> tuple[str, ...]:
    return tuple(sorted(words("firm_endings")))


@lru_cache(maxsize=1)
def _office_endings() -> tuple[str, ...]:
    return tuple(sorted(words("office_endings")))


def _is_title(token: str) -> bool:
    plain = token.lower().strip(",.()")
    return plain in _titles() or plain.startswith(("dipl.", "dipl-", "diplom-"))


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    """Titles without full stops at their ends: what is compared has lost its own."""
    return frozenset(title.strip(".()") for title in words("titles"))


def _untitled(token: str) -> list[str]:
    """Cut titles that are glued to a name ("Dr.med.C.Schwinn", "Dr.Anna")."""
    if token.lower().startswith(("dipl.", "dipl-", "diplom-")):
        return []
    rest = re.sub(
        r"^(?:(?:Prof|Dr|med|dent|vet|jur|Ing|Mag|Dipl|DI)\.-?){1,4}(?:(?:med|dent|vet|jur|Ing)\.){0,2}", "", token
    )
    return [rest] if rest else []


def role_in(label: str) -> str | None:
    """Return a label where it names a role of people who decide, as stated, else None."""
    folded = fold(label)
    if not folded or len(folded) > 70 or "aufsichtsrat" in folded or "supervisory" in folded:
        return None  # those who watch do not decide on offers
    tokens = re.findall(r"[a-zäöüß.:]+(?:-[a-zäöüß.]+)*", folded)
    hit = any(_role_word(token.strip(".:")) or _role_word(re.split(r"[:/*]", token)[0]) for token in tokens)
    return " ".join(label.split()).strip(" :,;-–") if hit else None


def _role_word(token: str) -> bool:
    """Tell whether a word is a role, also where only its male form is listed ("Kassenwartin")."""
    listed = words("roles")
    return token in listed or (token.endswith("in") and token[:-2] in listed)


def decides(role: str | None) -> bool:
    """Tell whether a role is more than a profession: owner, director, board ("Steuerberater" alone is none)."""
    tokens = re.findall(r"[a-zäöüß]+(?:-[a-zäöüß]+)*", fold(role or ""))
    return any(_role_word(token) and token not in words("professions") for token in tokens)


def _is_represented(label: str) -> bool:
    folded = fold(label)
    return any(folded.startswith(word) for word in words("represented"))


def _is_responsible(label: str) -> bool:
    folded = fold(label)
    return any(folded.startswith(word) for word in words("responsible"))


def people_in(lines: Sequence[str], levels: Sequence[int] = ()) -> tuple[list[SitePerson], list[SitePerson]]:
    """Return the deciders that the lines name, and those named only as responsible for the content.

    A label ("Geschäftsführer:", "Vertreten durch", a heading) counts for the names behind it and in the lines after
    it, until another label, a heading or something that is no name. A role may also follow a name, in brackets,
    after a comma or alone on the next line. `levels` are the heading levels of the lines (0: none).
    """
    deciders: dict[str, SitePerson] = {}
    responsible: dict[str, SitePerson] = {}
    pending, label, misses = "", None, 0
    last: SitePerson | None = None  # the name that stood alone on the line before
    last_level = 0
    for written, level in _parts(lines, levels):
        line = _ROLE_LABEL.sub("", written)
        head, rest = _label_and_rest(line)
        kind = _label_kind(head) if head else ""
        if head and not kind and people_of(head) and role_in(rest):
            head, rest = "", line  # "Petra Holm: Geschäftsführerin"
        if kind:
            pending, label, misses = kind, _label_shown(kind, head), 0
        elif head:
            pending = ""
        people = people_of(rest, None) if rest else []
        if (
            not people
            and _REPRESENTED_SENTENCE.search(line)
            and (spans := _REPRESENTED_IN.findall(_TITLE_STOP.sub(r"\1", line.rpartition(" vertreten ")[2])))
        ):
            for person in people_of(spans[-1]):
                role = person.role or "Vertreten durch"
                deciders.setdefault(person.name, SitePerson(person.name, role, line))
            continue
        if not people and not head and (sentence := _RESPONSIBLE_IS.search(line)):
            for person in people_of(sentence.group(1)):
                shown = " ".join(line[sentence.start() : sentence.start(1)].split()[:4])
                responsible.setdefault(person.name, SitePerson(person.name, shown, line))
            continue
        if not head and not people:
            kind = _label_kind(line) if len(line) < 75 else ""
            if kind == "role" and last is not None and (not level or level > last_level):
                target = responsible if last.name in responsible else deciders
                if last.name in target or pending != "responsible":
                    deciders[last.name] = SitePerson(last.name, role_in(line), f"{last.evidence}, {line}")
                last = None
                continue
            if kind:
                pending, label, misses = kind, _label_shown(kind, line), 0
                last = None
                continue
        last = None
        if not people:
            if rest:
                misses += 1
                if level or misses > 1 or (head and not kind):
                    pending = ""
            continue
        if len(people) == 1 and not people[0].role and len(line) < 60:
            last, last_level = SitePerson(people[0].name, None, line), level or 9
        for person in people:
            if pending == "responsible" and not (person.role and role_in(person.role)):
                responsible.setdefault(person.name, SitePerson(person.name, label, line))
            elif pending and not (level and level <= 6 and not kind):
                given = label if pending == "role" else None
                deciders.setdefault(person.name, SitePerson(person.name, person.role or given or label, line))
            elif person.role and role_in(person.role) and len(line) < 130:
                deciders.setdefault(person.name, SitePerson(person.name, person.role, line))
        if level and level <= 6 and not kind and not any(p.name == getattr(last, "name", "") for p in people):
            pending = ""
        misses = 1 if pending else 0  # after names one line of another kind ends the list
    return list(deciders.values()), [person for person in responsible.values() if person.name not in deciders]


def _parts(lines: Sequence[str], levels: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Yield lines with their levels; a line that strings labels together ("Tel.: …, Inhaber: …") is cut before each."""
    for number, line in enumerate(lines):
        level = levels[number] if number < len(levels) else 0
        if line.count(":") < 2 or len(line) > 1_500:
            yield line[:MAX_LINE], level
        else:
            for part in _NEXT_LABEL.split(line):
                yield part[:MAX_LINE], level


def names_above(lines: Sequence[str], street_line: int) -> list[SitePerson]:
    """Return names that stand alone in the lines right above a street: who else should the letter reach."""
    found: list[SitePerson] = []
    for at in range(street_line - 1, max(-1, street_line - 5), -1):
        text = lines[at][:MAX_LINE]
        tail = _TITLED_TAIL.search(text)
        people = people_of(text) or (people_of(tail.group(1)) if tail else [])
        if people and len(lines[at]) < 70:
            found = [SitePerson(p.name, p.role, lines[at]) for p in people] + found
        elif found:
            break
    return [person for person in found if has_given_name(person.name)] or found


def _label_and_rest(line: str) -> tuple[str, str]:
    match = _LABEL_END.match(line)
    if match:
        return match.group(1), match.group(2)
    match = re.match(
        r"(?i)((?:gesetzlich\s)?vertreten durch|represented by|vertretungsberechtigte?r?)(?:\s(?:den|die|der|ihren?|the|its))?\s(?=\S)",
        line,
    )
    return (match.group(1), line[match.end() :]) if match else ("", line)


def _label_kind(label: str) -> str:
    """What a label says of the names after it: "role", "represented", "responsible" or "" (nothing)."""
    if people_of(label):
        return ""
    if _is_responsible(label) and len(label) < 110:
        return "responsible"
    if role_in(label) and len(fold(label).split()) <= 7:
        return "role"
    return "represented" if _is_represented(label) else ""


def _label_shown(kind: str, label: str) -> str:
    return (role_in(label) or label.strip(" :")) if kind == "role" else label.strip(" :")


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


_LEAD = re.compile(
    r"(?i)^\s*(?:den|die|der|das|unseren?|ihren?|the)?\s*(vorstand|geschäftsführer(?:in|innen)?|inhaber(?:in)?|managing directors?)"
    r"\s?[,:]?\s+(?=(?:herrn?|frau|dr|prof|[A-ZÄÖÜ]))"
)


_OWNER_BEHIND = re.compile(r"(?i)[,;|·•–-]\s{0,2}(?:inh(?:aber(?:in)?)?\b\.?|owner|proprietor)\s{0,2}:?\s{1,2}[A-ZÄÖÜ]")


def _owner_behind(text: str) -> bool:
    """ "Meisterbetrieb, Inh. Petra Holm"."""
    return bool(_OWNER_BEHIND.search(text))


_SHARED_SURNAME = re.compile(rf"^({_WORD})\s(?:und|u\.|&|and|\+)\s({_WORD})\s({_WORD}(?:\s{_WORD})?)$")
_RESPONSIBLE_IS = re.compile(
    r"(?i:verantwortlich|inhaber|geschäftsführer)[^.:]{0,80}?\s(?:ist|sind)\s?:?\s(?:(?:Herr|Frau)\s)?([A-ZÄÖÜ][^.:;]{3,60})"
)


_TITLE_STOP = re.compile(r"\b(Dr|Prof|Dipl|Ing|Mag|med|jur|St|[A-Z])\.")  # full stops that end no sentence
_REPRESENTED_SENTENCE = re.compile(r"(?i)vertreten durch|represented by")
_REPRESENTED_IN = re.compile(r"(?i)(?:durch|represented by)\s(?:(?:die|den|ihren?|unseren?|the|its)\s)?([^.:;]{5,160})")


def people_of(text: str, role: str | None = None) -> list[SitePerson]:
    """Return the people named in one line or value, with the role that stands beside a name (else `role`)."""
    text = _TITLE_NOTE.sub("", text[:MAX_LINE])
    swapped = _SURNAME_FIRST.match(text)
    if swapped and has_given_name(swapped.group(2)) and not has_given_name(swapped.group(1)):
        text = f"{swapped.group(2)} {swapped.group(1)}"
    lead = _LEAD.match(text)
    if lead and not _inline(text):
        role = role or lead.group(1)
        text = text[lead.end() :]
    if shared := _SHARED_SURNAME.match(text.strip()):
        names = [as_name(f"{shared.group(1)} {shared.group(3)}"), as_name(f"{shared.group(2)} {shared.group(3)}")]
        if all(names):
            return [SitePerson(str(name), role, None) for name in names]
    stated = [item for item in _PAREN.findall(text) if role_in(item)]
    bare = _PAREN.sub(r" | \1 | ", text)
    found: list[SitePerson] = []
    for piece in [piece for piece in _SPLIT.split(bare) if piece.strip()][:12]:
        cut = _JOINING.sub("", _CONTACTS.sub("", piece).strip())
        if cut.lower() in words("titles"):
            continue  # "WP/StB Jana Holm"
        if inline := _inline(cut):
            found.append(inline)
        elif name := as_name(cut):
            found.append(SitePerson(name, role, None))
        elif found and role_in(piece) and len(piece) < 60 and found[-1].role in (None, role):
            found[-1] = SitePerson(found[-1].name, piece.strip(" :"), None)
        elif len(piece.strip()) <= 2 or (not found and not role_in(piece) and not _owner_behind(text)):
            return []  # the line begins with something else than a person
    if len(stated) == 1:  # "Jana Holm, Piet Kern (Geschäftsführer)"
        found = [SitePerson(p.name, stated[0] if p.role in (None, role) else p.role, None) for p in found]
    return found
