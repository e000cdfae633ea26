"""What an entry of an event listing says: its title, place and links."""

from __future__ import annotations

import re
from functools import cache

from enrich.events.dates import find_days, find_times
from enrich.events.layout import Line
from enrich.events.moments import class_pattern, is_label, label_of
from enrich.events.names import name_of
from enrich.events.pages import EventPage, vocabulary, word_pattern
from enrich.events.person_lines import part_of

MAX_ITEM_LINES = 60

WORD = re.compile(r"[^\W\d_]{2,}")
_WEEKDAY_ONLY = re.compile(
    r"^(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday|uhr|ab|um|bis|the|am|vom|von|h|pm)\.?,?$",
    re.I,
)
_BAR = re.compile(r"\s+[|·•»›]\s+|\s*\|\s*")


def _trim(piece: str) -> str:
    piece = piece.strip(" \t,;:–—-|/·•»›&+")
    if piece.startswith((")", "]")) or (piece.startswith("(") and ")" not in piece):
        piece = piece[1:].lstrip(" ,;:–—-|/")
    if piece.endswith(("(", "[")) or (piece.endswith(")") and "(" not in piece):
        piece = piece[:-1].rstrip(" ,;:–—-|/")
    return piece


def residue(line: Line) -> str:
    """Return what a line says besides days and times."""
    text = line.text
    for found in reversed(find_days(text)):
        text = text[: found.begin] + " \x00 " + text[found.end :]
    for clock in reversed(find_times(text)):
        text = text[: clock.begin] + " \x00 " + text[clock.end :]
    text = re.sub(r"\x00(?:\s*(?:[-–—/,|]|bis|to|und|from|um|ab|Uhr|um|at)\s*\x00)*", "\x00", text)
    pieces = [_trim(piece) for piece in text.split("\x00")]
    kept = [piece for piece in pieces if WORD.search(piece) and not _WEEKDAY_ONLY.match(piece)]
    return " | ".join(kept)


@cache
def _generic() -> frozenset[str]:
    return frozenset(str(word) for word in vocabulary()["generic_titles"])


_ADJECTIVES = re.compile(
    r"\b(?:unsere[nr]?|aktuelle[nrs]?|kommende[nr]?|nächste[nr]?|alle|vergangene[nr]?|weitere[nr]?|bevorstehende[nr]?|our|upcoming|past|next|all|latest|previous|recent|further|other|und|and|&)\b"
)
_MONTH_ONLY = re.compile(
    r"(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)[a-zäöü]*\.?\s?(?:\d{4})?", re.I
)


def is_generic(text: str) -> bool:
    """Tell whether a text names a list, a label or an action and no event: "Programm 2026.", "Details →"."""
    if _MONTH_ONLY.fullmatch(text.strip(" .:")):
        return True
    bare = re.sub(r"\b(?:19|20)\d\d(?:/\d{2,4})?\b", "", text.lower()).strip(" .:!?_→»›*|–—-()")
    shorter = _ADJECTIVES.sub("", bare).strip()
    return not bare or bare in _generic() or not shorter or shorter in _generic()


def linked_title(line: Line) -> str | None:
    """Return the link's text where it is the title within a line of date, title and place."""
    rest = residue(line)
    for href, label in line.links:
        text = re.sub(r"\s+", " ", label).strip(" →»›")
        if (
            href
            and 4 <= len(text) < len(rest)
            and not is_generic(text)
            and not find_days(text)
            and (rest.startswith(text) or len(text) >= 0.5 * len(rest))
            and len(rest) <= 160
        ):
            return text
    return None


_SENTENCE_GAP = re.compile(
    r"\b(?:am|vom|von|um|für|bis|ab|der|den|dem|on|from|until|the|at|in|im|zum|zur|and|und|seit|since|auf|held)\s*(?:\w{2,12},\s*)?(?:den\s|dem\s|the\s)?\x00"
)
_PRONOUN = re.compile(
    r"(?:wir|das nächste|bitte|die veranstaltung|diese[rsmn]?|join us|we|please|the event|this|hier|sie|ihr|du|alle|es|im|am|für|nach|auch|in|there|our|it|you|they|he|she)\s",
    re.I,
)
_NOTE = re.compile(
    r"^(?:hinweis|note|teilnehmer\w*|twitter|mail|e-mail|slack|mailingliste|kosten|preis|sprache|language|zielgruppe|target audience|anmeldung|registration|kontakt|contact|telefon|phone|tel|fax|moderat\w+|referent\w*|speaker|sprecher\w*|programm|dauer|duration|thema|themen|ics|format|tickets?|eintritt|website|link|weitere infos?|infos?|fragen|adresse)\s*:",
    re.I,
)


def _in_sentence(line: Line) -> bool:
    """Tell whether the day stands inside a sentence: what is left of such a line is no title."""
    text = line.text
    for found in reversed(find_days(text)):
        text = text[: found.begin] + "\x00" + text[found.end :]
    return bool(_SENTENCE_GAP.search(text)) or (
        len(text) > 90 and text.rstrip().endswith((".", "!")) and not line.level
    )


def heading_text(line: Line) -> str:
    """Return a line as a title: without days and times, unless a heading has them inside a sentence."""
    return line.text if line.level and _in_sentence(line) else residue(line)


def item_title(lines: list[Line], dated: int, common: frozenset[str] = frozenset()) -> tuple[int, str]:
    """Return (index, text) of the title among an item's lines: heading, link, strong, the date's own line, the first."""
    candidates: list[tuple[int, int, str]] = []
    for index, line in enumerate(lines[:MAX_ITEM_LINES]):
        if line.nav:
            continue
        text = heading_text(line) if index == dated or find_days(line.text) else line.text
        bare = text.strip(" :|•*»›").lower()
        if len(bare) < 4 or is_generic(bare) or not WORD.search(bare) or len(text) > 320 or line.text in common:
            continue
        if _NOTE.match(text) or (not line.level and find_days(line.text) and _in_sentence(line)):
            continue
        if any(
            is_label(text, key) or label_of(text, key) is not None
            for key in ("place_labels", "date_labels", "time_labels", "organizer_labels")
        ):
            continue
        if word_pattern("other_dates").match(bare) or re.match(r"^(?:€|eur|kosten|preis|price|eintritt|ca\.)", bare):
            continue
        score = 0
        if line.level:
            score += 7 - line.level // 2
        if re.search(r"(?:^|[\s_-])(?:title|titel|summary|headline|event-name|name)(?:$|[\s_-])", line.cls, re.I):
            score += 6
        linked = [
            label
            for href, label in line.links
            if href and not href.startswith(("mailto:", "tel:")) and label.lower().strip(" .:→»") not in _generic()
        ]
        if linked and len("".join(linked)) >= 0.5 * len(text):
            score += 5
        if line.strong:
            score += 3
        if index == dated:
            score += 2
        if index > dated:
            score += 1 if index - dated <= 2 else 0
        if class_pattern("place_classes").search(line.cls):
            score -= 5
        if re.search(
            r"(?:^|[\s_-])(?:cat|category|kategorie|tag|tags|label|badge|type|categories)(?:$|[\s_-])", line.cls, re.I
        ):
            score -= 4
        if word_pattern("event_types").fullmatch(bare):
            score -= 5
        if part_of(bare) and len(bare.split()) <= 3:
            score -= 6
        if name_of(text)[1] == 2:
            score -= 6
        if len(text) > 140:
            score -= 3
        if not line.level and (text[0].islower() or _PRONOUN.match(text)):
            score -= 7
        if line.text.endswith((".", ":")) and not line.level and len(text) > 80:
            score -= 2
        score -= min(index, 8) // 3
        candidates.append((score, -index, text))
    if not candidates:
        return 0, ""
    score, index, text = max(candidates)
    return (-index, own_title(text)) if score > -4 else (0, "")


def own_title(text: str) -> str:
    """Return a title without arrows, leading event type ("Messe: ") and parts that name a list ("… | Termine")."""
    text = re.sub(
        r"^(?:messe|event|veranstaltung|termin|save the date|veranstaltungshinweis)\s*:\s+(?=\S{3})",
        "",
        text,
        flags=re.I,
    )
    text = re.sub(r"\s*(?:→|»|›|>>|\.\.\.|…)\s*$", "", text).strip(" |–—-•*:»›")
    parts = [part.strip() for part in _BAR.split(text) if part.strip()]
    if len(parts) > 1:
        kept = [
            part
            for part in parts
            if not word_pattern("event_types").fullmatch(part.lower()) and part.lower() not in _generic()
        ]
        return kept[0] if kept else parts[0]
    return text


def bar_parts(line: Line) -> tuple[str | None, str | None]:
    """Read "Webinar | Title | Place | 17.06.2026 | 13:00 Uhr | anmelden" into title and place."""
    parts = [part.strip() for part in _BAR.split(line.text) if part.strip()]
    if len(parts) < 3:
        return None, None
    kept = [
        part
        for part in parts
        if not find_days(part)
        and not find_times(part)
        and not word_pattern("event_types").fullmatch(part.lower())
        and part.lower() not in _generic()
    ]
    return (kept[0] if kept else None), (kept[1] if len(kept) > 1 else None)


def item_place(lines: list[Line], dated: int, title: int) -> str | None:
    """Return where an item takes place: by label, by class, or from the line of the date."""
    for index, line in enumerate(lines):
        stated = label_of(line.text, "place_labels")
        if stated:
            return stated[:200]
        if is_label(line.text, "place_labels"):
            gathered: list[str] = []
            for following in lines[index + 1 : index + 5]:
                if (
                    following.level
                    or (following.strong and gathered)
                    or any(is_label(following.text, key) for key in ("date_labels", "time_labels", "organizer_labels"))
                    or len(following.text) > 120
                ):
                    break
                if re.match(r"(?:tel|fax|e-?mail|www|http|vergrößerte|karte|map|driving)", following.text, re.I):
                    break
                gathered.append(following.text)
            if gathered:
                return ", ".join(gathered)[:250]
    for index, line in enumerate(lines):
        if (
            index != title
            and class_pattern("place_classes").search(line.cls)
            and len(line.text) <= 160
            and not find_days(line.text)
        ):
            return residue(line)[:200] or None
    if 0 <= dated < len(lines) and (title != dated or linked_title(lines[dated])):
        rest = residue(lines[dated])
        label = linked_title(lines[dated]) if title == dated else None
        rest = rest.replace(label, "").strip(" ,;:–—-|") if label else rest
        rest = own_title(rest) if rest else ""
        if (
            rest
            and len(rest) <= 120
            and rest.lower() not in _generic()
            and not word_pattern("event_types").fullmatch(rest.lower())
            and not word_pattern("cancelled").search(rest)
        ):
            return rest
    for index in range(max(title, dated) + 1, min(len(lines), max(title, dated) + 4)):
        text = lines[index].text
        if re.match(r"^(?:online|virtuell|via zoom|zoom|microsoft teams|webex)\b", text, re.I) and len(text) <= 80:
            return text
        if (
            lines[index].row >= 0
            and 3 <= len(text) <= 60
            and not find_times(text)
            and WORD.search(text)
            and text.lower() not in _generic()
            and not lines[index].links
        ):
            return text
        dashed = re.match(r"^(?P<place>[^—–]{4,80}?,\s[A-ZÄÖÜ][^—–]{2,40}?)\s[—–]\s", text)
        if dashed:
            return dashed["place"]
    return None


def _links_of(page: EventPage, line: Line) -> list[str]:
    return [address for href, _ in line.links if (address := page.absolute(href)) is not None]


def item_link(page: EventPage, lines: list[Line], title: int) -> str | None:
    """Return the address of an item's own page: the link of its title, else the first one of the item."""
    order = [lines[title]] if 0 <= title < len(lines) else []
    for line in [*order, *lines]:
        for address in _links_of(page, line):
            if not re.search(
                r"\.(?:pdf|docx?|jpe?g|png|ics|zip)$|maps\.google|datenschutz|privacy|impressum|facebook\.com|twitter\.com|linkedin\.com",
                address,
                re.I,
            ):
                return address
    return None


def item_links(page: EventPage, lines: list[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for line in lines for address in _links_of(page, line)))[:12]
