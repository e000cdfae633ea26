"""Which of the names on a site is the company's, with its legal form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from enrich.company.addresses import Address, as_street
from enrich.company.people import as_name, people_of, role_in
from enrich.company.phones import label_kind
from enrich.company.sections import SitePage
from enrich.company.words import begins_with, fold, words
from enrich.legal_forms import split_legal_form

MAX_NAME = 110
_EDGE_SIGNS = ' ,;:|–-·•>»«<›‹→*★✦✿▲●■✓"„“”_/'
_CARE_OF = re.compile(r"(?i)^(?:c/o|bei|z\.\s?hd|inh\b|inh\.)")
_SENTENCE = re.compile(
    r"[.!?]\s+[A-ZÄÖÜ]\w+\s\w+\s|(?i:\b(?:ist|sind|wird|werden|wir|haben|gemäß|gem\.|nach|this|we|are|is|according)\b)|§"
)
_TITLE_PARTS = re.compile(r"\s+[|–—·•»>:/-]+\s+|\s?[|»>]\s?|::")
_PAGE_WORDS = re.compile(
    r"(?i)^(?:impressum|imprint|kontakt|contact|home|rechtliches|rechtliche hinweise|anbieterkennzeichnung|pflichtangaben|offenlegung|legal|disclaimer|startseite|willkommen.*|über uns|team|datenschutz.*|anfahrt|index|legal notice|anreise.*|herzlich willkommen.*|so finden sie.*|so erreichen.*|homepage|aktuelles|start|welcome.*|untitled.*|unbenannt.*)(?:\s*(?:&|und|and|/)\s*\w+)?$"
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:(?:by|seit|\d{4}(?:\s?[-–]\s?(?:\d{2,4}|heute))?)[\s,]*)*([^|©]{3,80})", re.I
)
_OWNER_LINE = re.compile(r"(?i)^(?:inh(?:aber(?:in)?)?\b\.?|geschäftsführ\w*|gf\b|vertreten\b|owner\b|eigentümer)")
_TITLED = re.compile(r"(?i)^(?:dr|prof|dipl|mag|ing|frau|herrn?)\b\.?")
_NAME_LABEL = re.compile(
    r"(?i)^(?:firma|firmenname|firmenwortlaut|firmenbezeichnung|unternehmen|unternehmensname|name|company|company name|anbieter|diensteanbieter|betreiber(?:in)?|medieninhaber(?:in)?(?:\s(?:und|&)\sherausgeber)?|herausgeber|seitenbetreiber|inhaber der website|kontakt|anschrift|adresse|verantwortlich|verein)\s*:\s*(.{3,})$"
)


def clean_name(text: str) -> str | None:
    """Return a line as a company name; None where it can't be one."""
    match = _NAME_LABEL.match(text)
    if match:
        text = match.group(1)
    text = " ".join(text.replace("*", " ").split()).strip(_EDGE_SIGNS)
    text = re.split(r"(?i),\s(?:gesetzlich\s)?(?:vertreten durch|represented by)\b", text)[0]
    text = re.sub(r"(?i)^(?:impressum|imprint|firma|die firma|die)\s+(?:der|des|von|of)?\s*(?=[A-ZÄÖÜ])", "", text)
    if not 2 <= len(text) <= MAX_NAME or "@" in text or re.search(r"https?:|www\.|\d{5}", text):
        return None
    if not re.search(r"[A-Za-zÄÖÜäöü]{2}", text) or (label_kind(text) != "bare" and any(c.isdigit() for c in text)):
        return None
    if sum(c.isdigit() for c in text) > 4 or re.match(
        r"(?i)^(?:[ACDH]{0,2}-?\d{4}\s)|^(?:zum inhalt|skip to|hauptbüro|zweigstelle)", text
    ):
        return None
    if _SENTENCE.search(text) and not split_legal_form(text)[1]:
        return None
    if (as_street(text) and text[-1:].isdigit()) or _CARE_OF.match(text) or text.endswith(":"):
        return None
    return text


def name_of_site(pages: Sequence[SitePage], best: tuple[SitePage, Address] | None) -> str | None:
    """Choose the company's name: the lines above the address, backed by titles, structured data and the host."""
    hints = _hints(pages)
    if best is not None:
        site_page, address = best
        if name := _above(site_page, address, hints):
            return name
    for site_page in pages:
        if site_page.rank != "imprint":
            continue
        for line in site_page.own[:60]:
            name = clean_name(line.text)
            if name and split_legal_form(name)[1] and len(name) < 80:
                return name
    for site_page in pages:
        for name in [*site_page.stated.legal_names, *site_page.stated.names]:
            return name
    return hints[0] if hints else None


def _above(site_page: SitePage, address: Address, hints: list[str]) -> str | None:
    texts = [line.text for line in site_page.own]
    levels = [line.level for line in site_page.own]
    same_line = texts[address.first][:400]
    candidates: list[str] = []
    if address.street and address.street in same_line:
        head = same_line[: same_line.find(address.street)]
        for part in re.split(r"[,;|·•]|:\s", head):
            if (name := clean_name(part)) and not begins_with(name, "own"):
                candidates.append(name)
    sure = any(_likeness(name, candidates, hints) >= 60 or split_legal_form(name)[1] for name in candidates)
    stop = max(-1, address.first - 8) if not sure else address.first - 1
    for at in range(address.first - 1, stop, -1):
        text = texts[at]
        if not text:
            continue
        labelled = _NAME_LABEL.match(text)
        name = clean_name(text)
        formed = bool(name and split_legal_form(name)[1]) and not _OWNER_LINE.match(text)
        if name and (formed or labelled or not (begins_with(text, "own") or (role_in(text) and _is_role_line(text)))):
            candidates.append(name)
        heading = 0 < levels[at] <= 6 or levels[at] == 8  # the labels of a definition list end nothing
        if heading and candidates and not split_legal_form(text)[1] and begins_with(text, "own"):
            break
        if levels[at] and levels[at] <= 2 and fold(text).startswith(("impressum", "imprint")):
            break
    if not candidates:
        return None
    with_form = [name for name in candidates if split_legal_form(name)[1]]
    if with_form:
        sure_one = hints and _likeness(with_form[-1], [with_form[-1]], hints) > 90
        return _joined(with_form[-1] if sure_one else with_form[0], texts, levels)
    scored = sorted(candidates, key=lambda name: -_likeness(name, candidates, hints))
    top = scored[0]
    persons = [name for name in candidates if _is_person(name, hints)]
    likely = [hint for hint in hints if len(hint) <= 60 and not _resembles(hint, persons)]
    if likely and (top in persons or _likeness(top, candidates, hints) < 0):
        return likely[0]
    return _without_slogan(top, hints)


def _resembles(hint: str, persons: Sequence[str]) -> bool:
    return any(fuzz.token_sort_ratio(hint, name, processor=default_process) > 85 for name in persons)


def _is_person(name: str, hints: Sequence[str]) -> bool:
    """Tell a person's name from a company's that has the same shape ("Nordlicht Gebäudereinigung")."""
    if fold(name).startswith(("familie ", "fam. ", "fam ")):
        return True
    if not as_name(name):
        return False
    if _TITLED.match(name):
        return True
    alike = max((fuzz.token_sort_ratio(name, hint, processor=default_process) for hint in hints), default=0.0)
    return alike < 75


def _without_slogan(name: str, hints: Sequence[str]) -> str:
    """ "Nordlicht - einfach gut." is "Nordlicht" where the site calls itself so elsewhere."""
    first = re.split(r"\s[-–—|]\s", name)[0]
    return first if first != name and any(first.lower() == hint.lower() for hint in hints) else name


def _is_role_line(text: str) -> bool:
    return len(fold(text).split()) <= 3 or bool(re.match(r"(?i)^(?:inh|inhaber|geschäftsführ|vertreten)", text))


def _joined(name: str, texts: Sequence[str], levels: Sequence[int]) -> str:
    """Join a name that runs over two lines: only the form, or people and the form, on the second.

    Also "Gemeinschaftspraxis (GbR)" before the names of the owners, and "Rechtsanwälte PartG mbB" after them.
    """
    if name in texts and (at := list(texts).index(name)) + 1 < len(texts):
        following = texts[at + 1].strip()
        if fold(following) in ("haftungsbeschränkt", "mbb", "mbh") or following.startswith("& Co"):
            return f"{name} {following}"
        if _is_generic(name) and people_of(following) and len(following) < 90:
            return f"{name} {following}"
    core, form = split_legal_form("x " + name)
    if form and name in texts and (len(core) <= 2 or people_of(core[2:]) or _is_generic(name)):
        at = list(texts).index(name)
        before = clean_name(texts[at - 1]) if at and not 0 < levels[at - 1] <= 7 else None
        if before and not begins_with(before, "own") and not role_in(before) and len(before) < 50:
            return f"{before} {name}"
    return name


def _is_generic(name: str) -> bool:
    """Tell whether a name says no more than what its owners do ("Rechtsanwälte PartG mbB")."""
    core = re.findall(r"[a-zäöüß-]+", split_legal_form(name)[0].lower())
    return bool(core) and all(word in words("generic_names") or word in ("und", "&") for word in core)


def _likeness(name: str, candidates: Sequence[str], hints: Sequence[str]) -> float:
    score = max((fuzz.token_set_ratio(name.lower(), hint.lower()) for hint in hints), default=0.0)
    if _is_person(name, hints):
        score -= 45
    if _PAGE_WORDS.match(name) or begins_with(name, "own") or begins_with(name, "third_party"):
        score -= 60
    return score - 2 * candidates.index(name) - (len(name.split()) > 8) * 30


def _up_to_form(text: str) -> str:
    """ "Holm Ltd. Legal": cut the words of a menu that stand behind a name."""
    tokens = text.split()
    while (
        len(tokens) > 2 and _PAGE_WORDS.match(tokens[-1].strip(".|·,")) and split_legal_form(" ".join(tokens[:-1]))[1]
    ):
        tokens.pop()
    return " ".join(tokens)


def _hints(pages: Sequence[SitePage]) -> list[str]:
    """Names the site gives itself elsewhere, likeliest first."""
    counted: dict[str, float] = {}

    def add(text: str | None, weight: float) -> None:
        name = clean_name(text or "")
        if name and not _PAGE_WORDS.match(name) and len(name) <= 80:
            counted[name] = counted.get(name, 0.0) + weight

    for page in pages:
        for name in page.stated.names:
            add(name, 3)
        add(page.site_name, 3)
        for part in _TITLE_PARTS.split(page.title):
            add(part, 1)
        if not any(_PAGE_WORDS.match(part.strip()) for part in _TITLE_PARTS.split(page.title)):
            add(page.title, 0.1)
        for line in page.lines:
            match = _COPYRIGHT.search(line.text[:200])
            if match and page.rank != "other":
                said = re.split(r"(?i)\s[-–|]\s|\.?\s*(?:all rights|alle rechte)", match.group(1))[0]
                add(_up_to_form(said), 1.5)
    host = (urlsplit(pages[0].page.url).hostname or "").removeprefix("www.").rpartition(".")[0] if pages else ""
    for name in counted:
        counted[name] += fuzz.partial_ratio(re.sub(r"\W", "", name.lower()), host.replace("-", "")) / 40
        counted[name] -= 2 if as_name(name) else 0
        counted[name] -= 1.5 if len(set(fold(name).split()) & words("not_names")) > 1 else 0
    return sorted(counted, key=lambda name: (-counted[name], len(name)))
