"""People in running text: biographies, appositions, roles before names, cues such as "Vortrag von"."""

from __future__ import annotations

import re

from enrich.events.affiliations import capture_company, split_affiliation
from enrich.events.biographies import read_biography
from enrich.events.names import Person, fold, given_names, has_organisation, has_role, is_role_word, name_of
from enrich.events.person_lines import HANDLE, LINKS, MAX_LIST
from enrich.records import EventRole

_BIO_VERB = re.compile(
    r"\s*,?\s*(?:ist|is|hat|has|arbeitet|works|was|war|gründete|leitet|leads|serves|verantwortet|studierte|berät|founded|runs|führt|unterrichtet|teaches|beschäftigt|forscht|helps|kam|joined|entwickelt|begann)\s",
    re.I,
)


def biography_line(text: str) -> Person | None:
    """Return the person of a line that begins with a name and goes on as a biography: "Eva Maurer ist Leiterin …"."""
    text = LINKS.sub("", HANDLE.sub("", text[:1_500])).strip()
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
    r"(?:\b(?:vortrag|gespräch|interview|diskussion|webinar|workshop|abend|talk|seminar|konzert|lesung|dialog|discussion|conversation|session|impuls|q&a|live) (?:mit|with)|\bvon und mit|\bmit dabei:?|\bdurch|\bby|\breferent(?:in)?|\b(?:referat|input|impuls\w*|lesung|keynote|\w*vortrag) von|\bbeitrag von|\bjoin|\bberichtet(?:e)?(?: uns| euch)?|\bpräsentiert(?:e)?|\bmoderiert von|\bbegrüßung|\bspricht|\bspeaker|\bgast(?:redner(?:in)?)?|\bredner(?:in)?|\bfeaturing|\binterview|\bgespräch|\bkeynote|\bstellte?n?|\bgibt|\bzeigt(?:e)?|\berläutert(?:e)?|\berzählt(?:e)?|\bsprach|\bbegrüßte?n?|\breferiert(?:e)?|\bquotes?|—|–|\bhosts?:?)\s*(?:\b(?:uns|euch|herr|frau|herrn|unser|unsere|die|der|the|our|dazu|auch|wird|von|durch)\s+){0,3}(?:(?:prof|dr|mag|dipl)\.(?:-\w+\.?)?\s+){0,3}$",
    re.I,
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
    while index < len(tokens) and len(spans) < 3 * MAX_LIST:
        span = _name_span(tokens, index)
        if span == 0:
            index += 1
            continue
        begin, end = tokens[index][1], tokens[index + span - 1][2]
        raw = text[begin:end]
        name = raw.strip("\"“”„«»‚‘'(),;:.!?")
        before, after = text[max(0, begin - 90) : begin], text[begin + len(raw.rstrip(',;:.!?)”"')) :][:240]
        spans.append((name, begin, begin + len(raw.rstrip(',;:.!?)”"')), _in_context(name, before, after)))
        index += span
    return _with_neighbours(text, spans)[:MAX_LIST]


_LISTED = re.compile(r"\s*(?:,\s*(?:und|and)|,|&|und|and|sowie)\s*(?:Dr\.|Prof\.|\s)*")


def _with_neighbours(
    text: str, spans: list[tuple[str, int, int, tuple[Person, EventRole] | None]]
) -> list[tuple[Person, EventRole]]:
    """Names listed before one that counts ("A, B und C (Organisation)") count, too, and share its organisation."""
    found: list[tuple[Person, EventRole]] = []
    following: tuple[int, tuple[Person, EventRole]] | None = None
    for name, begin, end, own in reversed(spans):
        read = own
        if read is None and following is not None and _LISTED.fullmatch(text[end : following[0]]):
            person, part = following[1]
            read = Person(name, None, person.company, True), part
        following = (begin, read) if read is not None else None
        if read is not None:
            found.append(read)
    return found[::-1]


def _name_span(tokens: list[tuple[str, int, int]], index: int) -> int:
    """Return how many tokens from `index` make a name with a known given name; 0 for none."""
    first = tokens[index][0].lstrip('"“„«(‚‘')
    if not first[:1].isupper() or not any(part in given_names() for part in fold(first).split("-")):
        return 0
    for length in (5, 4, 3, 2):
        chunk = [token for token, _, _ in tokens[index : index + length]]
        if (
            len(chunk) < length
            or any(token[0] == "(" for token in chunk[1:])
            or any(token[-1] in ",;:!?)" or (token[-1] == "." and len(token) > 2) for token in chunk[:-1])
        ):
            continue
        if chunk[-1].lower() in _PARTICLE or (chunk[-2].lower() in _PARTICLE and length < 3):
            continue
        text = " ".join([first, *chunk[1:]]).rstrip(",;:.!?)”\"’'")
        if re.search(r"[’']s$", text):
            continue
        if any(
            token.lower() in ("von", "vom") and position > 1 and fold(chunk[position - 1]) not in given_names()
            for position, token in enumerate(chunk)
        ):
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
    cut = re.search(
        r"\s(?:stellt\w*|zeig\w*|sprich\w*|bericht\w*|gib\w*|erläuter\w*|präsentier\w*|and\s\w+ing|as they|und\s[a-zäöü-]+\s[a-zäöü]+|wird|will|is|ist|who|which|der sich|die sich|zum thema|about|über|on|erzähl\w*)\b",
        joined,
    )
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
        if len(taken) >= 5 or token.lower() in (
            "by",
            "von",
            "mit",
            "with",
            "der",
            "die",
            "the",
            "durch",
            "gibt",
            "den",
            "und",
            "and",
            "unser",
            "unsere",
            "our",
            "is",
            "ist",
            "für",
            "im",
            "in",
            "auch",
            "dem",
            "des",
            "als",
            "as",
        ):
            break
        taken.insert(0, token)
    if taken[0].isupper() and len(taken) >= 3 and not is_role_word(taken[0]) and len(taken[0]) > 2:
        return " ".join(taken[1:]), taken[0]
    return " ".join(taken), None
