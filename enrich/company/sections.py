"""Pages of a site as rated sections: what kind a page is, and which of its lines are about the company itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from enrich.article.decoding import decode_html, parse_html
from enrich.company.lines import Line, page_lines, script_mail_lines
from enrich.company.structured import Stated, stated_by
from enrich.company.words import begins_with, fold, words
from enrich.legal_forms import split_legal_form
from enrich.records import Page

PageRank = Literal["imprint", "contact", "team", "home", "other"]
MAX_BYTES = 3_000_000
_IMPRINT_HEADS = (
    "impressum",
    "imprint",
    "legal notice",
    "anbieterkennzeichnung",
    "offenlegung",
    "angaben gemäß",
    "angaben gemäss",
)
_IMPRINT_TITLES = ("impressum", "imprint", "legal notice", "anbieterkennzeichnung")
_MEMBER_OF = re.compile(
    r"(?i)\b(?:mitglied(?:er)?|angehör\w*|zugelassen|bestellt|unterliegen|zugehörig\w*)\b.{0,40}kammer\b"
)
_OWN_EMERGENCY = re.compile(r"(?i)^(?:24|notdienst|notfall|notruf|pikett|havarie|störung)[^:\d]{0,30}:?\s.{0,10}\d{3}")
_POSTCODE = re.compile(r"(?<!\d)\d{4,5}\s{1,2}[A-ZÄÖÜ][a-zäöüß]")
_OWN_WORDS = re.compile(r"(?i)\b(?:inhaltlich|redaktionell)?\s?verantwortlich|betreiber|diensteanbieter|impressum")
# Authorities and bodies that an Impressum names after the company's own address.
_AUTHORITY = re.compile(
    r"(?i)^(?:(?:die|zuständige\w*|mitglied der|mitglied in der)\s){0,2}[\w-]{0,40}(?:kammer|aufsichtsbehörde|behörde|schlichtungsstelle"
    r"|kassenärztliche\s?vereinigung|kassenzahnärztliche\s?vereinigung|datenschutzbeauftragte[rn]?|finanzamt|gewerbeamt|ordnungsamt"
    r"|ombudsmann|ombudsstelle|versicherungs-?ag|versicherung)\b"
)
_FORMER = re.compile(r"(?i)^(?:ehemals|früher|formerly)\b")
# Bodies that oversee, insure or reconcile, whatever their compound ("Zuständige Rechtsanwaltskammer").
_BODY_HEAD = re.compile(
    r"(?i)^(?:[\w-]{1,30}\s){0,2}[\w-]{0,30}(?:kammer|behörde|aufsicht|prüfungsverband|haftpflichtversicher(?:ung|er)"
    r"|schlichtungsstelle|schiedsstelle|datenschutzbeauftragte[rn]?|bildrechte|data protection officer)\b"
)
# A colleague who stands in, emergency lines of others: never the company's own number.
_STANDS_IN = re.compile(r"(?i)\b(?:urlaubs)?vertretung(?:spraxis|en)?\b")
_STAND_IN_WORDS = re.compile(r"(?i)praxis|urlaub|\bdr\.|ärzt|arzt")
_REPRESENTS = re.compile(r"(?i)gesetzlich|vertreten durch|vertretungsberechtigt|vertretung durch|vertretungsbefug")
_OFFICER = re.compile(
    r"(?i)\b(?:externe[rn]?|unser(?:e[rn]?)?|den|der|die)\s(?:externe[rn]?\s)?datenschutzbeauftragte[rn]?\b"
)
_EMERGENCY = re.compile(
    r"(?i)(?:ärztlicher?|apotheken)[\s-]{0,2}(?:bereitschaft|not)|bereitschaftsdienst|giftnot|giftinformation|\b116\s?117\b|telefonseelsorge"
)


@dataclass(slots=True)
class SitePage:
    """One read page: `own` are the lines about the company, `imprint` whether they are (part of) an Impressum."""

    page: Page
    rank: PageRank
    title: str
    lines: list[Line]
    own: list[Line]
    footer: list[Line]
    stated: Stated
    site_name: str | None = None
    third: list[Line] = field(default_factory=list)
    leading: bool = False  # a page about those who lead
    outside: list[Line] = field(default_factory=list)  # header, footer, contact section of a one-page site


def read_page(page: Page, position: int, region: str) -> SitePage | None:
    """Read one page; None for anything but HTML."""
    kind = (page.content_type or "").lower()
    if not page.body or (kind and "html" not in kind and "text/plain" not in kind and "octet" not in kind):
        return None
    tree = parse_html(decode_html(page.body[:MAX_BYTES], page.content_type))
    lines = page_lines(tree)
    title = " ".join((tree.findtext(".//title") or "").split())[:200]
    rank = _rank(page, title, lines, position)
    own, third, start = _own_lines(lines, title)
    outside: list[Line] = []
    if rank in ("home", "other", "contact") and start is not None:
        rank = "imprint"
        inside = {id(line) for line in lines[start:]}
        outside = _contact_lines([line for line in own if id(line) not in inside])
        own = [line for line in own if id(line) in inside]
    footer = [line for line in lines if line.zone == "footer"]
    return SitePage(
        page,
        rank,
        title,
        lines,
        own + script_mail_lines(tree),
        footer,
        stated_by(tree, region),
        _site_name(tree),
        third,
        bool(_path_words(page) & words("leadership")),
        outside,
    )


def _site_name(tree: HtmlElement) -> str | None:
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() == "og:site_name":
            return (meta.get("content") or "").strip()[:120] or None
    return None


def _path_words(page: Page) -> set[str]:
    path = unquote(urlsplit(page.final_url or page.url).path).lower()
    tokens = set(re.findall(r"[a-zäöüß]+(?:-[a-zäöüß]+)*", path.rpartition("?")[0] or path))
    return tokens | {part for token in tokens for part in token.split("-")}


def _rank(page: Page, title: str, lines: list[Line], position: int) -> PageRank:
    path = unquote(urlsplit(page.final_url or page.url).path).lower()
    tokens = _path_words(page)
    heads = [fold(line.text) for line in lines[:400] if 0 < line.level <= 3]
    if tokens & words("imprint") or fold(title).startswith(("impressum", "imprint", "legal notice")):
        return "imprint"
    if any(head.startswith(("impressum", "imprint", "legal notice")) for head in heads) and position:
        return "imprint"
    if tokens & words("contact"):
        return "contact"
    if tokens & words("team"):
        return "team"
    if position == 0 or path in ("", "/") or re.fullmatch(r".*/(?:index|home|start|main)\.\w+", path):
        return "home"
    return "other"


def _contact_lines(lines: list[Line]) -> list[Line]:
    """The lines of contact sections, headers and footers."""
    found: list[Line] = []
    level = 0
    for line in lines:
        if 0 < line.level <= 6:
            if begins_with(line.text, "contact") or fold(line.text).startswith(("kontakt", "contact")):
                level = line.level
            elif line.level <= level:
                level = 0
        if level or line.zone in ("header", "footer"):
            found.append(line)
    return found


def _own_lines(lines: list[Line], title: str) -> tuple[list[Line], list[Line], int | None]:
    """Split lines into those about the company and those about others; also where an Impressum section begins."""
    own: list[Line] = []
    third: list[Line] = []
    other_level: int | None = None
    start: int | None = None
    menu_open = False
    addressed = False
    inline_block: int | None = None
    zone = ""
    for number, line in enumerate(lines):
        text = line.text
        if line.zone == "footer" and zone == "body":
            other_level = inline_block = None  # a footer does not belong to the last section of the body
        zone = line.zone
        if _OWN_EMERGENCY.match(text) and not _EMERGENCY.search(text) and other_level is None:
            own.append(line)  # the company's own number for bad hours
            continue
        if line.zone == "nav" and not menu_open:
            # A menu that was never closed swallows the page: it ends at the heading of the Impressum.
            menu_open = 0 < line.level <= 3 and _begins_imprint(lines, number)
            if not menu_open:
                continue
        short = len(text) <= 90
        heading = short and (line.level > 0 or text.endswith(":") or len(text.split()) <= 5)
        strong = 0 < line.level <= 6
        if (heading and strong and fold(text).startswith(_IMPRINT_TITLES)) or (
            line.zone == "body" and fold(text) in _IMPRINT_TITLES and _begins_imprint(lines, number)
        ):
            start = number if start is None else start
            other_level = None
            inline_block = None
        elif addressed and not line.level and _AUTHORITY.match(text) and not _OWN_WORDS.search(text):
            if other_level is None and re.search(r"\d{4}", text):
                third.append(line)  # complete in one line: what follows is the company's again
                continue
            other_level = other_level or 9
        elif heading and _names_others(text, line, title):
            if strong or other_level is None or other_level > 6:
                other_level = line.level or 9
        elif other_level is not None and heading and _ends_others(text, line, other_level):
            other_level = None
        addressed = addressed or (other_level is None and bool(_POSTCODE.search(text[:120])))
        if inline_block is not None and (
            line.block != inline_block or line.level or (heading and _ends_others(text, line, 9))
        ):
            inline_block = None
        label, colon, value = text[:110].partition(":")
        inline = bool(colon and value.strip() and _names_others(f"{label}:", line, title))
        if inline and not begins_with(label, "value_only"):
            inline_block = line.block
        others = other_level is not None or inline or inline_block is not None or _is_about_others(text)
        (third if others else own).append(line)
    return own, third, start


def _begins_imprint(lines: list[Line], number: int) -> bool:
    """Tell whether an address follows soon after a line."""
    return any(_POSTCODE.search(line.text[:120]) for line in lines[number + 1 : number + 14])


def _is_about_others(text: str) -> bool:
    """Tell whether a single line is about somebody else, whatever the section."""
    if _MEMBER_OF.search(text):
        return True
    if _FORMER.match(text) or _EMERGENCY.search(text) or (len(text) > 60 and _OFFICER.search(text)):
        return True
    return bool(_STANDS_IN.search(text) and _STAND_IN_WORDS.search(text) and not _REPRESENTS.search(text))


def _names_others(text: str, line: Line, title: str) -> bool:
    if not begins_with(text, "third_party") and not (
        (line.level or text.rstrip().endswith(":")) and _BODY_HEAD.match(fold(text))
    ):
        return False
    if len(text) >= 8 and fold(text) in fold(title):
        return False  # the site of a chamber or an agency
    if _OWN_WORDS.search(text):
        return False  # "Webdesign und verantwortlich für den Inhalt"
    plain = line.level in (0, 8) and ":" not in text
    if plain and begins_with(text, "name_like") and not set(re.findall(r"[\w-]+", text.lower())) <= _known_words():
        return False
    # A company may be called "Agentur Holm GmbH" or "Design Nord": a plain line with a legal form is a name.
    return not (split_legal_form(text)[1] and not line.level) and not (line.level == 0 and "@" in text)


def _known_words() -> frozenset[str]:
    return (
        words("third_party")
        | words("name_like")
        | {"und", "der", "des", "für", "von", "and", "dieser", "website", "webseite"}
    )


def _ends_others(text: str, line: Line, level: int) -> bool:
    if begins_with(text, "own") or _OWN_WORDS.search(text):
        labels = (
            "telefon",
            "tel",
            "fax",
            "telefax",
            "e-mail",
            "email",
            "mail",
            "internet",
            "web",
            "anschrift",
            "adresse",
            "fon",
            "sitz",
        )
        plain = fold(text).split(" ")[0].strip(":.") in labels
        return (0 < line.level <= level) or (not plain and (line.level > 0 or level >= 7))
    return 0 < line.level <= min(level, 6) and line.level < 7
