"""People in one line of text: alone, in lists, behind labels, in titles, in running sentences."""

from __future__ import annotations

import re
from functools import cache

from enrich.events.affiliations import capture_company, read_biography, split_affiliation
from enrich.events.names import Person, fold, given_names, has_organisation, has_role, is_role_word, name_of, words
from enrich.records import EventRole

MAX_LIST = 40
PARTS: tuple[EventRole, ...] = ("speaker", "host", "organizer", "contact", "attendee")

_HANDLE = re.compile(r"\s*\(?@[\w.]{2,30}(?:@[\w.-]+)?\)?")
_LINKS = re.compile(r"\s*\([^()]{0,200}(?:https?:|www\.|@|\bin/)[^()]{0,200}\)")
_LEADING_TIME = re.compile(r"^\s*(?:ab\s|um\s|gegen\s)?\d{1,2}[:.]\d{2}(?:\s?(?:Uhr|h|am|pm))?(?:\s?[-–—]\s?\d{1,2}[:.]\d{2}(?:\s?(?:Uhr|h|am|pm))?)?\s*[|:–—-]?\s*", re.I)
_SEGMENT = re.compile(r"\s*,\s*(?:und|and)\s+|\s*(?:,|;|\||/|\+|–|—|\s-\s|:)\s*|\s+(?:&|und|and|sowie|with|mit)\s+")
_OPENERS = re.compile(
    r"^(?:mit|with|by|von und mit|von|vortrag von|ein vortrag von|talk by|presented by|präsentiert von|moderiert von|moderated by|hosted by|durchgeführt von|geleitet von|referent:?|es spricht|es sprechen|interview mit|im gespräch mit|zu gast:?)\s+", re.I
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


_OFFICE = re.compile(r"\b(?:ok|vereins\w*|orga\w*)\b|vorsitz|vorstand|präsident|schriftführer|kassier|schatzmeister|geschäftsführ|chairman|president|treasurer|secretary", re.I)


def labelled_people(text: str) -> tuple[EventRole, list[Person]]:
    """Return part and people of "Referentin: Dr. Eva Maurer, X GmbH", "Moderiert von …"; ("speaker", []) for none."""
    part, rest = label_part(text)
    if part is not None and rest:
        return part, people_in_line(rest, lenient=True)
    match = _LABEL.match(text)
    if match and match["rest"] and len(match["label"].split()) <= 4 and has_role(match["label"]) and name_of(match["label"])[1] != 2:
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
    text = _LINKS.sub("", _HANDLE.sub("", text))
    text = _LEADING_TIME.sub("", text)
    text = text.strip(" \t•*·|–—-_")
    return text[:-1] if re.search(r"[a-zäöüß)]\.$", text) and not re.search(r"\b(?:Inc|Ltd|Co|Jr|Sr|e\.\s?[VK])\.$", text) else text


_OF = re.compile(r"^(?P<name>\S+(?:\s\S+){1,3}?)\s(?:von|vom|from|bei|at|of)\s(?:der\s|dem\s|the\s)?(?P<rest>[A-ZÄÖÜ0-9].{1,80})$")


def _segments(text: str) -> list[tuple[str, str]]:
    """Split at separators outside brackets into (separator before, segment)."""
    masked = re.sub(r"\([^()]{0,200}\)", lambda m: "\x00" * len(m.group()), text)
    result: list[tuple[str, str]] = []
    start, separator = 0, ""
    for match in _SEGMENT.finditer(masked):
        if match.group().strip() == "," and re.match(r"(?:jr|sr|ph\.?d|msc|mba|m\.?a|b\.?sc|m\.?sc|ll\.?m|esq|dipl)\b\.?", text[match.end() :], re.I):
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
        is_name = certainty == 2 or (certainty == 1 and (not people or (lenient and not people[-1][2]) or bracket is not None))
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
        if word in (",", ":") and (len(people) < 1 or people[-1].company or any(not p.sure for p in people)):
            if word == "," or len(people) < 2:
                continue
        if word in ("mit", "with", "von", "by") and not all(p.sure for p in people):
            continue
        return title[: match.start()].strip(" -–—:|/"), people
    people = people_in_line(title)
    if people and people[0].sure and (people[0].company or people[0].role) and len(people) == 1:
        return "", people
    return "", []


_BIO_VERB = re.compile(r"\s*,?\s*(?:ist|is|hat|has|arbeitet|works|was|war|gründete|leitet|leads|serves|verantwortet|studierte|berät|founded|runs|führt|unterrichtet|teaches|beschäftigt|forscht|helps|kam|joined|entwickelt|begann)\s", re.I)


def biography_line(text: str) -> Person | None:
    """Return the person of a line that begins with a name and goes on as a biography: "Eva Maurer ist Leiterin …"."""
    text = _LINKS.sub("", _HANDLE.sub("", text[:1_500])).strip()
    tokens = [(match.group(), match.start(), match.end()) for match in re.finditer(r"\S+", text[:120])]
    while tokens and re.fullmatch(r"(?:Dr\.?|Prof\.?|Herr|Frau|Mr\.?|Ms\.?|Mrs\.?|Dipl\.-\w+\.?)", tokens[0][0]):
        tokens.pop(0)
    span = _name_span(tokens, 0) if tokens else 0
    if not span:
        return None
    end = tokens[span - 1][2]
    name = text[tokens[0][1] : end].strip(",;:.")
    if not _BIO_VERB.match(text, end):
        return None
    role, company = read_biography(text[end:])
    return Person(name, role, company, True)


_CUE = re.compile(
    r"(?:\b(?:vortrag|gespräch|interview|diskussion|webinar|workshop|abend|talk|seminar|konzert|lesung|dialog|discussion|conversation|session|impuls|q&a|live) (?:mit|with)|\bvon und mit|\bmit dabei:?|\bdurch|\bby|\breferent(?:in)?|\bvortrag von|\bbeitrag von|\bjoin|\bberichtet(?:e)?(?: uns| euch)?|\bpräsentiert(?:e)?|\bmoderiert von|\bbegrüßung|\bspricht|\bspeaker|\bgast(?:redner(?:in)?)?|\bredner(?:in)?|\bfeaturing|\binterview|\bgespräch|\bkeynote|\bstellte?n?|\bgibt|\bzeigt(?:e)?|\berläutert(?:e)?|\berzählt(?:e)?|\bsprach|\bbegrüßte?n?|\breferiert(?:e)?|\bquotes?|—|–|\bhosts?:?)\s*(?:\b(?:uns|euch|herr|frau|herrn|unser|unsere|die|der|the|our|dazu|auch|wird|von|durch)\s+){0,3}$", re.I
)
_HOST_CUE = re.compile(r"\b(?:moderiert|moderation|moderated|hosted|begrüßung|gastgeber(?:in)?|begrüßte?|host)\b", re.I)
_PARTICLE = frozenset({"von", "van", "de", "der", "den", "zu", "vom"})


def people_in_prose(text: str) -> list[tuple[Person, EventRole]]:
    """Return people in running text whom the words around them tie to an event: role, organisation or cue.

    "… stellte Lothar Färber, Vice President Procurement, …", "CEO Thomas Müller", "Vortrag von X von Y".
    """
    text = text[:4_000]
    tokens = [(match.group(), match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    spans: list[tuple[str, int, int, tuple[Person, EventRole] | None]] = []
    index = 0
    while index < len(tokens):
        span = _name_span(tokens, index)
        if span == 0:
            index += 1
            continue
        begin, end = tokens[index][1], tokens[index + span - 1][2]
        raw = text[begin:end]
        name = raw.strip("\"“”„«»‚‘'(),;:.!?")
        before, after = text[max(0, begin - 90) : begin], text[begin + len(raw.rstrip(",;:.!?)”\"")) :][:240]
        spans.append((name, begin, begin + len(raw.rstrip(",;:.!?)”\"")), _in_context(name, before, after)))
        index += span
    return _with_neighbours(text, spans)[:MAX_LIST]


def _with_neighbours(text: str, spans: list[tuple[str, int, int, tuple[Person, EventRole] | None]]) -> list[tuple[Person, EventRole]]:
    """Names listed before one that counts ("A, B und C (Organisation)") count, too, and share its organisation."""
    found: list[tuple[Person, EventRole]] = []
    following: tuple[int, tuple[Person, EventRole]] | None = None
    for name, begin, end, read in reversed(spans):
        if read is None and following is not None and re.fullmatch(r"\s*(?:,|&|und|and|sowie|,\s*(?:und|and))\s*(?:Dr\.|Prof\.|\s)*", text[end : following[0]]):
            person, part = following[1]
            read = Person(name, None, person.company, True), part
        following = (begin, read) if read is not None else None
        if read is not None:
            found.append(read)
    return found[::-1]


def _name_span(tokens: list[tuple[str, int, int]], index: int) -> int:
    """Return how many tokens from `index` make a name with a known given name; 0 for none."""
    first = tokens[index][0].lstrip("\"“„«(‚‘")
    if not first[:1].isupper() or not any(part in given_names() for part in fold(first).split("-")):
        return 0
    for length in (5, 4, 3, 2):
        chunk = [token for token, _, _ in tokens[index : index + length]]
        if len(chunk) < length or any(token[0] == "(" for token in chunk[1:]) or any(token[-1] in ",;:!?)" or (token[-1] == "." and len(token) > 2) for token in chunk[:-1]):
            continue
        if chunk[-1].lower() in _PARTICLE or chunk[-2].lower() in _PARTICLE and length < 3:
            continue
        text = " ".join([first, *chunk[1:]]).rstrip(",;:.!?)”\"’'")
        if re.search(r"[’']s$", text):
            continue
        if any(token.lower() in ("von", "vom") and position > 1 and fold(chunk[position - 1]) not in given_names() for position, token in enumerate(chunk)):
            continue  # "Markus Bergmann von Siemens": the organisation follows
        name, certainty = name_of(text)
        if certainty == 2 and name == text:
            return length
    return 0


def _in_context(name: str, before: str, after: str) -> tuple[Person, EventRole] | None:
    cue = bool(_CUE.search(before))
    part: EventRole = "host" if _HOST_CUE.search(before[-40:]) else "speaker"
    handle = re.match(r"\s*\(@[\w.@-]+\)", after)
    after = after[handle.end() :] if handle else after
    bracket = re.match(r"\s*\(((?:[^()]|\([^()]{0,60}\)){2,200}?)\)", after)
    if bracket and (has_organisation(bracket[1]) or has_role(bracket[1]) or (cue and name_of(bracket[1])[1] == 0)):
        role, company = split_affiliation(bracket[1])
        return Person(name, role, company, True), part
    apposition = re.match(r"\s*,\s+(?P<rest>[^.!?;]{3,200})", after)
    if apposition:
        rest = apposition["rest"]
        if has_role(" ".join(rest.split()[:5])):
            phrase = _until_verb(rest)
            role, company = split_affiliation(phrase)
            if role is None or (company is None and " " in rest):
                other_role, other_company = read_biography("ist " + rest)
                role, company = role or other_role, company or other_company
            return Person(name, role, company, True), part
        if has_organisation(" ".join(rest.split()[:5])) and cue:
            return Person(name, None, capture_company(rest), True), part
    of = re.match(r"\s*(?:von|from|of|bei|at|vom)\s+(?:der\s|dem\s|the\s)?(?P<rest>.{2,140})", after)
    if of:
        company = capture_company(of["rest"])
        if company and (cue or has_organisation(company)):
            return Person(name, None, company, True), part
    lead = _leading_role(before)
    if lead:
        role, company = lead
        tail = re.match(r"\s*(?:von|of|bei|at|der|des)\s+(?P<rest>.{2,140})", after)
        return Person(name, role, company or (capture_company(tail["rest"]) if tail else None), True), part
    if cue and not re.search(r"\b(?:Buch|book|Film|Album|Roman)\b", before):
        is_bio = re.match(r"\s*(?:,\s)?(?:ist|is|arbeitet|works)\s", after)
        role, company = read_biography(after) if is_bio else (None, None)
        return Person(name, role, company, True), part
    bio = re.match(r"\s+(?:ist|is|arbeitet als|works as)\s", after)
    if bio:
        role, company = read_biography(after)
        if role:
            return Person(name, role, company, True), part
    return None


def _until_verb(text: str) -> str:
    """Cut an apposition where the sentence goes on: after a comma, before a verb in lower case."""
    pieces = text.split(", ")
    kept = [pieces[0]]
    for piece in pieces[1:4]:
        if not piece[:1].isupper() or re.search(r"\s(?:ist|wird|hat|is|was|will)\s", piece):
            break
        kept.append(piece)
    joined = ", ".join(kept)
    cut = re.search(r"\s(?:stellt\w*|zeig\w*|sprich\w*|bericht\w*|gib\w*|erläuter\w*|präsentier\w*|and\s\w+ing|as they|und\s[a-zäöü-]+\s[a-zäöü]+|wird|will|is|ist|who|which|der sich|die sich|zum thema|about|über|on|erzähl\w*)\b", joined)
    return joined[: cut.start()] if cut else joined


def _leading_role(before: str) -> tuple[str | None, str | None] | None:
    """Return (role, organisation) of role words right before a name: "by GHGA workflows expert"."""
    tokens = re.split(r"[,;:.!?(„“\"]\s*", before)[-1].split()
    if not tokens:
        return None
    while tokens and re.fullmatch(r"(?:Dr\.?|Prof\.?|Herrn?|Frau|Mr\.?|Ms\.?|Mrs\.?)", tokens[-1]):
        tokens.pop()
    if not tokens or not is_role_word(tokens[-1]):
        return None
    taken = [tokens[-1]]
    for token in reversed(tokens[:-1]):
        if len(taken) >= 5 or token.lower() in ("by", "von", "mit", "with", "der", "die", "the", "durch", "gibt", "den", "und", "and", "unser", "unsere", "our", "is", "ist", "für", "im", "in", "auch", "dem", "des", "als", "as"):
            break
        taken.insert(0, token)
    if taken[0].isupper() and len(taken) >= 3 and not is_role_word(taken[0]) and len(taken[0]) > 2:
        return " ".join(taken[1:]), taken[0]
    return " ".join(taken), None
