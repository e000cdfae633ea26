"""Role and organisation in the words beside a name, and in the sentences of a short biography."""

from __future__ import annotations

import re

from enrich.events.names import has_organisation, has_role, is_role_word, name_of, word_set

MAX_ROLE = 120
MAX_COMPANY = 90

_BETWEEN = re.compile(r"\s*(?:\||·|•|–|—|;|\s-\s|\s/\s|,)\s*")
JOINT = re.compile(
    r"\s+(?:(?:bei|beim|at|@|of|der|des|dem|von|vom|für|for|from|im|in|with|aus|zu|an)(?:\s+(?:der|dem|den|the|das|die|uns|einer|einem))?)\s+",
    re.I,
)
_AT = re.compile(r"\s+(?:bei|beim|at|@)(?:\s+(?:der|dem|den|the))?\s+|\s+@", re.I)
LEGAL_FORM = re.compile(
    r"(?<![\w@.-])(?:GmbH(?:\s?&\s?Co\.?\s?KG(?:aA)?)?|gGmbH|AG(?:\s?&\s?Co\.?\s?KG(?:aA)?)?|SE|KG|KGaA|OHG|UG(?:\s?\(haftungsbeschränkt\))?|GbR|PartG(?:\s?mbB)?|eG|e\.\s?V\.|e\.\s?K\.|Inc\.?|Ltd\.?|LLC|LLP|Corp\.?|PLC|B\.\s?V\.|N\.\s?V\.|S\.\s?A\.|S\.r\.l\.|Sàrl|ag|gmbh|a\.s\.|Oy|AB|A/S)(?=[\s,;.)]|$)"
)
_STOP_WORD = re.compile(
    r"^(?:in|im|am|und|and|wo|where|who|mit|seit|since|als|as|with|from|aus|ist|is|war|was|has|hat|sowie|dort|bzw|or|oder|to|where|when|on|auf|nach|über|but|which|that|tätig|zuständig|verantwortlich|verantwortet|based|working|since|until|bis|stellte|berichtet|spricht|gibt|zeigt|erklärt|will|wird|ab|zum|zur|across|after|before|where|plus|via)$",
    re.I,
)
_ORG_JOINT = frozenset({"of", "the", "für", "for", "und", "and", "&", "der", "de", "des", "la", "du", "di"})
_NO_COMPANY = re.compile(
    r"^(?:\d+(?:[\s.:/-]|$)|http|www\.|tel|fax|e-?mail|uhr\b|raum\b|room\b|am\b|ab\b|seit\b|since\b|mehr\b|more\b|tba\b|linkedin|twitter|xing|member of\b|\S+\.\w{2,6}/|in/|(?-i:the|a|an|der|die|das|our|unsere?)\s)",
    re.I,
)
_DEPARTMENT = re.compile(
    r"(?:Sales|Marketing|Product|Engineering|Research|Operations|Finance|Digital|Data|Business|Strategy|Innovation|Communications?|People|Human|HR|IT|Customer|Global|Corporate|Public|Legal|Security|Technology|Growth|Design|Education|Community|Access|Computer|Clinical|Law|Justice|Development|Abteilung|Bereich|Geschäfts\w*|Vertrieb\w*|Forschung|Entwicklung|Professional|Political|Economics?|Procurement|Purchasing|Logistics|Supply|Quality|Learning|Content|Experience|Partnerships?|Events?|Programs?|Programmes?|Projects?|Products|Studies|Science|Sciences|Medicine)\b"
)
_FIRM_OF_PARTNERS = re.compile(r"\S (?:&|und) Partner\b|\bPartners\b.*\bLLP\b")
_ADDRESS = re.compile(
    r"^\w*(?:str\.?|straße|strasse|gasse|allee)$|"
    r"\b\d{4,5}\s+[A-ZÄÖÜ]|(?:str\.|straße|strasse|weg|platz|allee|gasse)\s*\d+|\b\d{1,4}\s+[A-Z]\w+\s+(?:St|Ave|Rd|Blvd)\b",
    re.I,
)


def split_affiliation(text: str) -> tuple[str | None, str | None]:
    """Split what stands beside a name into (role, organisation), each None where not stated.

    "Geschäftsführerin der X GmbH", "Head of Sales at X", "CEO, X", "X | CEO", "X GmbH", "Leiter Vertrieb".
    """
    text = _clean(text)
    if not text or len(text) > 260:
        return None, None
    parts = [part for part in _split_outside_brackets(text) if part]
    if (
        len(parts) > 1
        and has_role(parts[0])
        and parts[0].lower().split()[-1] in ("of", "der", "des", "and", "und", "&")
    ):
        parts = [", ".join(parts)]
    if len(parts) == 1:
        return _split_single(parts[0])
    return _split_parts(parts)


def _clean(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" \t,;:|·•*–—-")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    if text.count("(") > text.count(")"):
        text = text.replace("(", ", ", 1)
    if text.count(")") > text.count("("):
        text = text.replace(")", "", 1)
    return text.strip(" \t,;:|·•*–—-")


def _split_outside_brackets(text: str) -> list[str]:
    """Split at separators outside brackets; a comma before a legal form or inside "Heinold, X & Partner" holds."""
    parts: list[str] = []
    depth, start, position = 0, 0, 0
    while position < len(text):
        sign = text[position]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        elif depth == 0 and sign in ",|·•–—;/-":
            match = _BETWEEN.match(text, max(start, position - 1) if text[position - 1 : position] == " " else position)
            if match and match.end() > position:
                rest = text[match.end() :]
                before = text[start : match.start()].split()
                firm = (
                    sign == ","
                    and re.match(r"[\w.]+(?: [\w.]+)? & ", rest)
                    and not (before and is_role_word(before[-1]))
                )
                if not firm and not (sign == "," and re.match(r"(?:Inc|Ltd|LLC|Corp|S\.A|e\.\s?V|P\.C)", rest)):
                    parts.append(text[start : match.start()].strip())
                    start = match.end()
                    position = start
                    continue
        position += 1
    parts.append(text[start:].strip())
    return parts


def _split_single(text: str) -> tuple[str | None, str | None]:
    if not has_role(text):
        company = _company(text)
        at = re.match(r"(?:von|from|bei|at|of|for|für)\s+(?:der\s|the\s|dem\s)?", text)
        if at:
            company = _company(text[at.end() :])
        return None, company
    at = _AT.search(text)
    if at and has_role(text[: at.start()]):
        return clean_role(text[: at.start()]), _company(text[at.end() :])
    for match in JOINT.finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        if (
            has_role(left)
            and not has_role(right)
            and looks_like_company(right, match.group(), standalone=stands_alone(left))
        ):
            return clean_role(left), _company(right)
    bracket = re.match(r"^(?P<a>[^()]{3,}?)\s*\((?P<b>[^()]{2,})\)$", text)
    if bracket:
        left_role, right_role = has_role(bracket["a"]), has_role(bracket["b"])
        if left_role and not right_role and len(bracket["b"]) > 3:
            return clean_role(bracket["a"]), _company(bracket["b"])
        if right_role and not left_role:
            return clean_role(bracket["b"]), _company(bracket["a"])
    tokens = text.split()
    roles = [index for index, token in enumerate(tokens) if is_role_word(token)]
    last = max((index for index in roles if index == 0 or tokens[index - 1] not in ("&", "und")), default=roles[-1])
    rest = " ".join(tokens[last + 1 :])
    if rest and rest[0].isupper():
        alone = tokens[last].lower().strip(",.") in word_set("standalone_roles") and not _DEPARTMENT.match(rest)
        alone = alone and (last == 0 or tokens[last - 1].lower() not in ("vice", "vize"))
        if (alone and len(rest.split()) <= 5) or LEGAL_FORM.search(rest):
            return clean_role(" ".join(tokens[: last + 1])), _company(rest)
    if last == len(tokens) - 1 and len(tokens) > 1 and has_organisation(" ".join(tokens[:-1])):
        first = min(index for index, token in enumerate(tokens) if is_role_word(token))
        if first > 0 and has_organisation(" ".join(tokens[:first])) and first == last:
            return clean_role(tokens[last]), _company(" ".join(tokens[:first]))
    return clean_role(text), None


def stands_alone(left: str) -> bool:
    """Tell whether the last role word of a phrase is followed by an organisation ("founder of X"), not by a field."""
    roles = [word.lower().strip(",.()") for word in left.split() if is_role_word(word)]
    return bool(roles) and roles[-1] in word_set("standalone_roles") and "vice" not in left.lower()


def looks_like_company(text: str, joint: str, *, standalone: bool = True) -> bool:
    """After "der" or "of" stands an organisation or a department: "Leiterin der Stadtwerke", "Head of Sales"."""
    brand = re.match(r"[a-z]+(?:\.[a-z]{2,6}\b|[a-z]*[A-Z0-9])", text)
    if not text or not (text[0].isupper() or text[0].isdigit() or brand or LEGAL_FORM.search(text[:60])):
        return False
    if _DEPARTMENT.match(text) and not LEGAL_FORM.search(text[:40]):
        return False
    if has_organisation(text) or LEGAL_FORM.search(text):
        return True
    word = joint.strip().lower().split()[0]
    if word in ("im", "in", "an", "zu", "für", "for", "aus"):
        return False
    if word in ("der", "des", "dem", "of", "von", "vom", "from", "with"):
        first = text.split(maxsplit=1)[0]
        mixed = any(sign.isupper() for sign in first[1:]) or "." in first or any(sign.isdigit() for sign in first)
        return mixed or (standalone and word in ("of", "von", "der", "des") and len(text.split()) <= 4)
    return True


def _split_parts(parts: list[str]) -> tuple[str | None, str | None]:
    roles: list[str] = []
    company: str | None = None
    parts = _unit_first(parts)
    for part in parts:
        if _ADDRESS.search(part) or _NO_COMPANY.match(part):
            continue
        name, certainty = name_of(part)
        if (
            has_role(part)
            and not _FIRM_OF_PARTNERS.search(part)
            and not (
                LEGAL_FORM.search(part) and not has_role(part.split()[0]) and company is None and not JOINT.search(part)
            )
        ):
            role, inner = _split_single(part)
            if role and (company is None or inner is None):
                roles.append(role)
            if inner and company is None:
                company = inner
        elif company is None and not (certainty == 2 and not has_organisation(part)):
            company = _company(part)
        elif company is not None and not roles and name:
            break
    return (", ".join(roles)[:MAX_ROLE] or None), company


_STRONG_ORGANISATION = re.compile(
    r"\b(?:universit\w+|university|hochschule|school|college|bank|ministerium|ministry|verband|kammer|stiftung|foundation|court)\b",
    re.I,
)


def _unit_first(parts: list[str]) -> list[str]:
    """Put the institution before its unit: "LIT Lab, Suffolk University" -> the university is the organisation."""
    if len(parts) < 2 or has_role(parts[0]) or LEGAL_FORM.search(parts[0]) or _STRONG_ORGANISATION.search(parts[0]):
        return parts
    strong = next(
        (
            part
            for part in parts[1:]
            if (_STRONG_ORGANISATION.search(part) or LEGAL_FORM.search(part)) and not has_role(part)
        ),
        None,
    )
    return [strong, *(part for part in parts if part is not strong)] if strong else parts


def clean_role(text: str) -> str | None:
    text = re.sub(
        r"^(?:(?:ein|eine|der|die|the|an?|als|as|unser|our|seit \d{4}|since \d{4}|currently|derzeit|aktuell|heute)\s+)+",
        "",
        text.strip(" ,;:|–—-"),
        flags=re.I,
    )
    return text[:MAX_ROLE].strip() or None


def _company(text: str) -> str | None:
    text = text.strip(' ,;:|–—-"“”„«»')
    text = re.sub(r"^(?:der|dem|den|the|bei|at|from|von|in|im|Firma|Fa\.)\s+(?=[A-Za-zÄÖÜäöü0-9])", "", text)
    unit = re.match(r"[^()]{3,60}?\s(?:der|bei|at|des|of)\s(?:der\s|the\s)?(?=[A-Z])(?P<rest>.+)$", text)
    if unit and LEGAL_FORM.search(unit["rest"]) and not has_organisation(text[: unit.start("rest")]):
        text = unit["rest"]
    cut = re.search(r"\s(?:in|where|und dort|which|who)\s", text)
    if cut and not has_organisation(text[cut.start() :]) and cut.start() > 3:
        text = text[: cut.start()]
    text = text.rstrip(" ,;:")
    if text.endswith(".") and not re.search(r"(?:\b[A-Za-z]{1,4}\.|e\.\s?V\.|Inc\.|Ltd\.|Co\.|P\.C\.)$", text):
        text = text[:-1]
    if not 2 <= len(text) <= MAX_COMPANY or _NO_COMPANY.match(text) or _ADDRESS.search(text):
        return None
    if not re.search(r"[^\W\d_]{2}", text) or "@" in text or "://" in text:
        return None
    return text


def capture_company(text: str) -> str | None:
    """Return the organisation at the start of a running sentence: "der Mischok GmbH in Augsburg und …" -> its name."""
    text = re.sub(
        r"^(?:der|dem|den|the|des|einer?|die|das|seinem|her|his|der Firma|Firma)\s+",
        "",
        text.strip(" \"“„'»«"),
        flags=re.I,
    )[:140]
    legal = LEGAL_FORM.search(text[:80])
    if legal:
        before = text[: legal.start()]
        if (
            not re.search(r"[.;:!?()]\s|,\s.*,|\b(?:ist|is|und|who|where|mit|als|wird)\b", before)
            and len(before.split()) <= 7
            and before.strip()
        ):
            return _company(text[: legal.end()])
    taken: list[str] = []
    tokens = text.split()
    for index, token in enumerate(tokens[:10]):
        bare = token.strip('"“”„«»()')
        core = bare.rstrip(',;:.!?)”"')
        if not core or (_STOP_WORD.match(core) and not (taken and core in _ORG_JOINT and _joins(taken, tokens, index))):
            break
        upper = core[0].isupper() or core[0].isdigit() or core == "&"
        brand = any(sign.isupper() for sign in core[1:]) or "." in core or (index == 0 and "-" in core)
        joint = core in _ORG_JOINT and bool(taken) and _joins(taken, tokens, index)
        plain = (
            index == 0
            and core.islower()
            and len(core) > 3
            and not re.search(r"(?:en|er|em|es|ing|ed|ly|ous)$", core)
            and core
            not in (
                "eine",
                "einem",
                "both",
                "where",
                "some",
                "large",
                "major",
                "many",
                "various",
                "home",
                "least",
                "work",
            )
        )
        if not (upper or brand or joint or plain):
            break
        if token.startswith("(") and taken:
            break
        taken.append(core if not re.fullmatch(r"(?:[A-Z]\.)+|Inc\.|Co\.|St\.|e\.V\.", bare) else bare)
        if bare != core and not bare.endswith(")") and bare[len(core) : len(core) + 1] in ",;:.!?":
            break
    while taken and taken[-1] in _ORG_JOINT:
        taken.pop()
    return _company(" ".join(taken)) if taken else None


def _joins(taken: list[str], tokens: list[str], index: int) -> bool:
    """A small word inside a name of an institution: "University of X", "Institut für X", "X und Y Stiftung"."""
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    word = tokens[index].strip(",.")
    if not following[:1].isupper() and not (
        following in ("the", "der") and index + 2 < len(tokens) and tokens[index + 2][:1].isupper()
    ):
        return False
    if word == "&":
        return True
    if word in ("in", "im", "von"):
        return False
    return has_organisation(" ".join(taken)) or word == "of"
