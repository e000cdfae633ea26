"""Role and organisation in the sentences of a short biography."""

from __future__ import annotations

import re

from enrich.events.affiliations import JOINT, MAX_ROLE, capture_company, clean_role, looks_like_company, stands_alone
from enrich.events.names import has_organisation, has_role, is_role_word

_CUES = re.compile(
    r"\b(?P<cue>ist|is|war|bin|am|arbeitet als|arbeitet seit \S{1,8}(?: \d{4})? als|works as|working as|serves as|served as|tätig als|acts as|seit \d{4}|since \d{4}|currently|derzeit|als|as|he is|she is|leitet als|the)\s+",
    re.I,
)
_WORKS_AT = re.compile(
    r"\b(?:arbeitet|works|working|tätig|works now|now works|beschäftigt)\b(?:\s+\w+){0,3}?\s+(?:bei|beim|für|at|for|@)\s+(?:der\s|dem\s|the\s)?(?P<rest>.{2,140})",
    re.I,
)
_FIRM = re.compile(
    r"\b(?:das Unternehmen|die Firma|the company|die Agentur|das Start-?[uU]p|the start-?up)\s+(?P<rest>[^\s].{1,100})"
)
_SINCE = re.compile(
    r"\b(?:has been|is|been) with (?P<rest>[A-Z].{1,80})|\b(?:role|position|job|work|career|tätigkeit|arbeit|rolle) (?:at|bei|für) (?P<more>[A-Z].{1,80})"
)
_FOR_AS = re.compile(
    r"\b(?:für|bei|at|for)\s+(?:der\s|dem\s|the\s)?(?P<org>[^.,;]{2,70}?)\s+(?:als|as an?|as)\s+(?P<role>[^.,;]{3,60}?)(?:\s+tätig|[.,;]|$)",
    re.I,
)
_CLAUSE_END = re.compile(
    r"[.!?;](?=\s|$)|\s(?:who|which|where|that|whose)\s|,\s(?:der|die|das|wo|who|where|which|with|mit)\s|\s(?:und|and)\s(?=(?:[a-zäöü]+(?:t|te|et|s|ed)\b))|\s\("
)
_FORMER = re.compile(r"\b(?:war|was|former(?:ly)?|ehemalig\w*|previously|früher|zuvor|before)\b", re.I)


def read_biography(text: str) -> tuple[str | None, str | None]:
    """Return (role, organisation) that a biography states for today, from its first sentences.

    "ist Gründer und Geschäftsführer der Mischok GmbH in Augsburg und …", "is a software engineer at X".
    """
    text = re.sub(r"\s\([A-Z]{2,6}\)", "", re.sub(r"\s+", " ", text))[:900]
    sentences = re.split(r"(?<=[a-zäöüß0-9)”\"’][.!?])\s+(?=[A-ZÄÖÜ])", text)[:4]
    best_role: str | None = None
    firm = _FIRM.search(sentences[0]) if sentences else None
    if firm and not _FORMER.search(sentences[0][: firm.start()]) and (company := capture_company(firm["rest"])):
        return "Gründer" if re.search("gegründet|founded", sentences[0]) else None, company
    for sentence in sentences:
        for match in _CUES.finditer(sentence):
            if _FORMER.search(sentence[max(0, match.start() - 30) : match.end() + 12]):
                continue
            clause = sentence[match.end() : match.end() + 200]
            end = _CLAUSE_END.search(clause)
            clause = clause[: end.start()] if end else clause
            role, company = _read_clause(clause)
            if role and company:
                return role, company
            best_role = best_role or role
        other = _FOR_AS.search(sentence)
        if other and has_role(other["role"]) and not _FORMER.search(sentence[: other.start()]):
            company = capture_company(other["org"])
            if company:
                return clean_role(other["role"]), company
        works = _WORKS_AT.search(sentence)
        if works and not _FORMER.search(sentence[: works.start()]):
            company = capture_company(works["rest"])
            if company and (company[0].isupper() or has_organisation(company) or "." in company):
                return best_role, company
    for sentence in sentences:
        for pattern in (_FIRM, _SINCE):
            stated = pattern.search(sentence)
            if stated and not _FORMER.search(sentence[: stated.start()]):
                company = capture_company(next(part for part in stated.groups() if part))
                if company:
                    return best_role or ("Gründer" if "gegründet" in sentence else None), company
    return best_role, None


def _read_clause(clause: str) -> tuple[str | None, str | None]:
    clause = re.sub(
        r"^(?:(?:an?|the|der|die|das|ein|eine|einer|einen|derzeit|currently|seit|since|\d{4}|heute|now|also|auch|aktuell|unter anderem|hauptberuflich|als|as|one|of|passionate|experienced)\s+)+",
        "",
        clause,
        flags=re.I,
    )
    tokens = clause.split()
    position = next((index for index, token in enumerate(tokens[:9]) if is_role_word(token)), None)
    if position is None:
        return None, None
    if any(token.rstrip(",") != token for token in tokens[:position]) and position > 5:
        return None, None
    for match in JOINT.finditer(clause):
        left, right = clause[: match.start()], clause[match.end() :]
        if not has_role(left):
            continue
        word = match.group().strip().lower().split()[0]
        owner = re.match(r"(?P<org>[A-Z][\w&.-]+(?:\s[A-Z][\w&.-]+){0,3})['’]s\s", right)
        company = owner["org"] if owner else capture_company(right)
        if company is None:
            continue
        if owner:
            return clean_role(left), company
        if word in ("bei", "beim", "at", "@") or looks_like_company(
            company, match.group(), standalone=stands_alone(left)
        ):
            return clean_role(left.split(",")[0] if len(left) > 70 else left), company
    head = re.split(r",\s|\s(?:in|im|mit|with|aus|from|and has|und hat|specialis|seit)\b", clause)[0]
    return (clean_role(head) if has_role(head) and len(head) <= MAX_ROLE else None), None
