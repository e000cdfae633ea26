"""A page as lines of text: what the eye sees as one line, with what the markup says about it.

Blocks, table cells, list items and `<br>` end a line. Links that carry a number or an address, icons that replace
a word ("fa-fax"), and attributes that hold what scripts would show are turned into text. The walk is not
recursive; a page gives at most MAX_LINES lines of MAX_LINE characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from lxml.html import HtmlElement

from enrich.company.emails import cloudflare_address, script_addresses, uncrypted_mailto
from enrich.html_elements import BLOCKS, UNSHOWN

MAX_LINES = 4_000
MAX_LINE = 1_500
MAX_NODES = 60_000

_BREAKS = BLOCKS | {"br", "frame", "iframe", "select", "title"}
_HEADINGS = {
    "h1": 1,
    "h2": 2,
    "h3": 3,
    "h4": 4,
    "h5": 5,
    "h6": 6,
    "dt": 7,
    "th": 7,
    "legend": 6,
    "summary": 4,
    "strong": 8,
    "b": 8,
}
_ICON_FAX = re.compile(r"(?<![a-z])fax(?![a-z])")
_ICON_PHONE = re.compile(r"(?<![a-z])(?:phone|tel|telephone|telefon|mobile|mobil|handy)(?![a-z])")
# Microdata values that stand on a line of their own, and the words that stand for two of them.
_OWN_LINE_PROPERTIES = frozenset(
    {"name", "legalname", "telephone", "faxnumber", "email", "url", "streetaddress", "address", "founder", "employee"}
)
_PROPERTY_LABELS = {"telephone": "Tel: ", "faxnumber": "Fax: "}
_BACKWARDS = re.compile(r"(?:ed|ta|hc|moc|ten|gro|ue|ofni)\.")  # "ed.amrif": the style sheet turns it round
_AT_PICTURE = re.compile(
    r"(?:^|/)(?:at|arroba|klammeraffe|at[-_]?(?:sign|zeichen|symbol))\.(?:gif|png|jpe?g|svg|webp)$", re.I
)
_SPACE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]+")
_STRUNG = re.compile(r"\s[·•|]\s")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(slots=True)
class Line:
    """One line: its text, heading level (1..6 h1..h6, 7 dt/th, 8 all bold, 0 none) and where it stands."""

    text: str
    level: int = 0
    zone: str = "body"  # body | nav | footer | header
    links: list[str] = field(default_factory=list)
    block: int = 0  # lines of one paragraph, cell or list item share a number: `<br>` ends a line, not a block


def page_lines(tree: HtmlElement) -> list[Line]:
    """Return the lines of a page in document order."""
    collector = _Collector()
    nodes = 0
    skipped: HtmlElement | None = None
    element: HtmlElement | None = tree
    # A walk with an explicit way back up: next child, else next sibling, else the parent's next sibling.
    entering = True
    while element is not None:
        nodes += 1
        if nodes > 2 * MAX_NODES or len(collector.lines) >= MAX_LINES:
            break
        if entering:
            if isinstance(element.tag, str) and not _hidden(element):
                collector.enter(element)
                if len(element) and skipped is None:
                    element = element[0]
                    continue
            entering = False
            continue
        if isinstance(element.tag, str) and not _hidden(element):
            collector.leave(element)
        if element is tree:
            break
        collector.text(element.tail)
        following = element.getnext()
        if following is not None:
            element, entering = following, True
        else:
            element = element.getparent()
    collector.end_line()
    return collector.lines


def _hidden(element: HtmlElement) -> bool:
    if element.tag in UNSHOWN:
        return True
    if element.tag in ("span", "i", "b", "em") and "display" in (element.get("style") or ""):
        return "display:none" in (element.get("style") or "").replace(" ", "").lower()
    return False


class _Collector:
    """Gathers text into lines while the walk goes through a page."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._links: list[str] = []
        self._levels: list[int] = []
        self._zones: list[tuple[HtmlElement, str]] = []
        self._plain = False
        self._bold = False
        self._block = 0
        self._preformatted = 0
        self._turned = 0  # depth in elements that the style sheet shows backwards

    def enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BREAKS:
            self.end_line()
            self._block += tag != "br"
        self._preformatted += tag == "pre"
        self._turned += _is_turned(element)
        if (element.get("itemprop") or "").lower() in _OWN_LINE_PROPERTIES:
            self.end_line()
        zone = _zone_of(element)
        if zone:
            self._zones.append((element, zone))
        if tag in _HEADINGS:
            self._levels.append(_HEADINGS[tag])
        if tag in ("a", "span") and self._parts and _ends_word(self._parts[-1]) and _starts_word(element.text):
            if not self._levels and _is_phrase("".join(self._parts[-4:])[-200:]) and _is_phrase(element.text):
                self.end_line()  # neighbours that only the style sheet keeps apart
            else:
                self._parts.append(" ")
        self._attributes(element)
        self.text(element.text)

    def leave(self, element: HtmlElement) -> None:
        if element.tag in _BREAKS or (element.get("itemprop") or "").lower() in _OWN_LINE_PROPERTIES:
            self.end_line()
            self._block += element.tag in _BREAKS and element.tag != "br"
        self._preformatted -= element.tag == "pre"
        self._turned -= _is_turned(element)
        if element.tag in _HEADINGS and self._levels:
            self._levels.pop()
        if element.tag in ("a", "span") and self._parts and _ends_word(self._parts[-1]) and _starts_word(element.tail):
            self._parts.append(" ")
        if self._zones and self._zones[-1][0] is element:
            self._zones.pop()

    def text(self, text: str | None) -> None:
        if not text:
            return
        if self._turned:
            text = text[::-1]
        if self._preformatted and "\n" in text:
            for number, row in enumerate(text[:200_000].split("\n")):
                if number:
                    self.end_line()
                    self._block += not row.strip()
                self._parts.append(row)
                self._plain = self._plain or bool(row.strip())
            return
        if text.strip():
            if self._levels:
                self._bold = True
            else:
                self._plain = True
        self._parts.append(text)

    def end_line(self) -> None:
        text = _SPACE.sub(" ", _INVISIBLE.sub("", "".join(self._parts)[: 4 * MAX_LINE])).strip()[:MAX_LINE]
        if text or self._links:
            level = self._levels[-1] if self._levels and self._levels[-1] < 8 else 0
            if not level and self._bold and not self._plain:
                level = 8
            zone = self._zones[-1][1] if self._zones else "body"
            first, *more = _facts(unescape(text))
            self.lines.append(Line(first, level, zone, self._links, self._block))
            self.lines += [Line(part, level, zone, [], self._block) for part in more]
        self._parts, self._links, self._plain, self._bold = [], [], False, False

    def _attributes(self, element: HtmlElement) -> None:
        if label := _PROPERTY_LABELS.get((element.get("itemprop") or "").lower()):
            self._parts.append(label)
        href = (element.get("href") or "").strip()
        if href[:7].lower() in ("mailto:", "tel:+49") or href[:4].lower() == "tel:":
            self._links.append(href[:500])
        protected = element.get("data-cfemail") or (
            href.rpartition("#")[2] if "/cdn-cgi/l/email-protection#" in href else None
        )
        if protected and (address := cloudflare_address(protected)):
            self._links.append(f"mailto:{address}")
        if "uncryptmailto" in href.lower() and (address := uncrypted_mailto(href)):
            self._links.append(f"mailto:{address}")
        name, domain = _first(element, "data-name", "data-user", "data-local"), element.get("data-domain")
        if name and domain:
            ending = _first(element, "data-tld", "data-ending")
            if _BACKWARDS.match(domain.lower()):
                name, domain = name[::-1], domain[::-1]
            self._links.append(f"mailto:{name}@{domain}" + (f".{ending.lstrip('.')}" if ending else ""))
        if "-" in element.tag and element.get("name"):
            role = element.get("role")
            self._parts.append(element.get("name") + (f" ({role})" if role else "") + "\n")
            self.end_line()
        if element.tag == "img" and (
            (element.get("alt") or "").strip().lower() in ("@", "at", "(at)", "[at]")
            or _AT_PICTURE.search(element.get("src") or "")
        ):
            self._parts.append("@")
        kind = f"{element.get('class') or ''} {element.get('aria-label') or ''}".lower()
        if element.tag in ("i", "img", "span", "svg") and not (element.text or "").strip():
            kind += f" {(element.get('alt') or '')} {(element.get('title') or '')}".lower()
            if _ICON_FAX.search(kind):
                self._parts.append(" Fax: ")
            elif _ICON_PHONE.search(kind):
                self._parts.append(" Tel: ")


def _facts(text: str) -> list[str]:
    """Cut a line that strings an address and numbers together ("Holm · Inh. Jan Holm · Weg 3 · 12345 Au · Tel. …")."""
    if len(text) < 60 or sum(sign.isdigit() for sign in text) < 8:
        return [text]
    parts = [part for part in _STRUNG.split(text) if part.strip()]
    return parts if len(parts) >= 4 else [text]


def _is_turned(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "direction:rtl" in style and "bidi-override" in style


def _first(element: HtmlElement, *names: str) -> str | None:
    return next((str(element.get(name)) for name in names if element.get(name)), None)


def _zone_of(element: HtmlElement) -> str | None:
    tag = element.tag
    if tag in ("nav", "footer", "header"):
        return str(tag)
    if tag in ("div", "ul", "section", "table", "td"):
        kind = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
        if re.search(r"(?<![a-z])(?:foot|footer)(?![a-z])", kind):
            return "footer"
        if re.search(r"(?<![a-z])(?:nav|navbar|navigation|menu|menue|breadcrumbs?)(?![a-z])", kind):
            return "nav"
    return None


def _is_phrase(text: str | None) -> bool:
    """Tell whether a piece of text stands for itself: several words, or a number among them."""
    return len((text or "").split()) > 1


def _ends_word(text: str) -> bool:
    return len(text) > 1 and text[-1].isalnum()


def _starts_word(text: str | None) -> bool:
    return bool(text) and len(str(text)) > 2 and str(text)[0].isalnum()


def script_mail_lines(tree: HtmlElement) -> list[Line]:
    """Return addresses that the page's scripts put together, as lines."""
    found: list[Line] = []
    for number, script in enumerate(tree.iter("script")):
        if number > 200:
            break
        found += [Line("", 0, "body", [f"mailto:{address}"]) for address in script_addresses(script.text or "")]
    return found
