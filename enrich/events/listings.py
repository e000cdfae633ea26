"""Plain event listings: tables, lists and cards of dates, titles and places.

Around every date the largest box is sought that holds no other event's date; boxes without such a structure (a
date, a title, the next date … one after the other) are cut at the dates. Each piece is then read by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from enrich.events.layout import Layout, Line
from enrich.events.moments import Moment, class_pattern, dated_lines, is_label, label_of, span
from enrich.events.names import name_of
from enrich.events.pages import Draft, EventPage, vocabulary, word_pattern
from enrich.events.people import FoundPerson
from enrich.events.person_lines import part_of, people_in_line, people_in_title
from enrich.events.dates import find_days, find_times
from enrich.records import EventPerson

MAX_ITEMS = 1_500
MAX_ITEM_LINES = 60

_WORD = re.compile(r"[^\W\d_]{2,}")
_WEEKDAY_ONLY = re.compile(r"^(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday|uhr|ab|um|bis|the|am|vom|von|h|pm)\.?,?$", re.I)
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
    kept = [piece for piece in pieces if _WORD.search(piece) and not _WEEKDAY_ONLY.match(piece)]
    return " | ".join(kept)


def eventful(page: EventPage) -> int:
    """Return how much a page is about events by its address, title and headlines: positive yes, negative no."""
    score = 0
    last = page.segments[-4:]
    address = " ".join(page.segments)
    if word_pattern("event_pages").search(address):
        score += 2
    if word_pattern("news_pages").search(" ".join(page.segments[:-1]) + " " + (last[-1] if last else "")) and not word_pattern("event_pages").search(address):
        score -= 2
    headline = f"{page.layout.headline} {page.layout.title}"
    if word_pattern("event_pages").search(headline):
        score += 2
    elif word_pattern("news_pages").search(page.layout.headline):
        score -= 1
    return score


def listed_events(page: EventPage, *, today: date, hint: int | None, american: bool, people: list[FoundPerson]) -> list[Draft]:
    """Return the events that a page lists; [] for a page about one event or none."""
    layout = page.layout
    moments = [m for m in dated_lines(layout.lines, 0, len(layout.lines), today=today, hint=hint, american=american) if m.score > -2]
    if any(m.score >= 3 for m in moments):
        moments = [m for m in moments if m.score >= 0]
    if not moments:
        return []
    items = _items(layout, moments)
    common = _common_texts(layout, items)
    page_score = eventful(page)
    ahead = {m.day.first for m in moments if m.day.first >= page.fetched}
    if len(items) >= 3 and len(ahead) >= 3 and page_score == 0:
        page_score += 1  # days to come, one after the other: a calendar, whatever the page is called
    drafts: list[Draft] = []
    for first, last in items[:MAX_ITEMS]:
        inside = [m for m in moments if first <= m.line < last]
        draft = _read_item(page, first, last, inside, page_score, people, common)
        if draft is not None:
            drafts.append(draft)
    return drafts


def plain_title(page: EventPage, draft: Draft) -> bool:
    """Tell whether a listed title is neither heading nor link nor emphasised nor in the line of its date."""
    for line in page.layout.lines:
        if draft.title in line.text and not line.nav:
            return not (line.level or line.strong or line.links or find_days(line.text) or line.row >= 0 or re.search(r"title|titel|summary|name|event", line.cls, re.I))
    return False


def _items(layout: Layout, moments: list[Moment]) -> list[tuple[int, int]]:
    dated = sorted(m.line for m in moments)
    titled = [index for index in range(len(layout.lines)) if not layout.lines[index].nav and _may_be_title(layout, index)]
    boxes: list[int | None] = []
    for number in dated:
        boxes.append(_item_box(layout, number, dated, titled))
    signatures = Counter(layout.boxes[box].signature for box in set(boxes) if box is not None)
    items: list[tuple[int, int]] = []
    flat: list[int] = []
    for number, box in zip(dated, boxes, strict=True):
        if box is None:
            flat.append(number)
            continue
        chosen = box
        for inner in layout.ancestors(layout.lines[number].box):
            if inner == box:
                break
            if signatures[layout.boxes[inner].signature] >= 2 and _has_title(layout, inner, titled):
                chosen = inner
                break
        leaf = layout.lines[layout.boxes[chosen].first : layout.boxes[chosen].last]
        if not any(line.level or line.strong or line.links for line in leaf) and _own_heading(layout, number, dated) is not None:
            flat.append(number)
            continue
        span_of = (layout.boxes[chosen].first, layout.boxes[chosen].last)
        if span_of not in items and span_of[1] - span_of[0] <= 4 * MAX_ITEM_LINES:
            items.append(span_of)
    items += [piece for piece in _flat_items(layout, flat) if not any(a <= piece[0] < b for a, b in items)]
    return sorted(items)


_ADJECTIVES = re.compile(r"\b(?:unsere[nr]?|aktuelle[nrs]?|kommende[nr]?|nächste[nr]?|alle|vergangene[nr]?|weitere[nr]?|bevorstehende[nr]?|our|upcoming|past|next|all|latest|previous|recent|further|other|und|and|&)\b")
_MONTH_ONLY = re.compile(r"(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)[a-zäöü]*\.?\s?(?:\d{4})?", re.I)


def is_generic(text: str) -> bool:
    """Tell whether a text names a list, a label or an action and no event: "Programm 2026.", "Details →"."""
    if _MONTH_ONLY.fullmatch(text.strip(" .:")):
        return True
    bare = re.sub(r"\b(?:19|20)\d\d(?:/\d{2,4})?\b", "", text.lower()).strip(" .:!?_→»›*|–—-()")
    shorter = _ADJECTIVES.sub("", bare).strip()
    return not bare or bare in _generic() or not shorter or shorter in _generic()


def _may_be_title(layout: Layout, index: int) -> bool:
    text = residue(layout.lines[index])
    return len(text) >= 4 and not is_generic(text) and not is_label(text, "place_labels") and not is_label(text, "date_labels")


def _generic() -> frozenset[str]:
    global _GENERIC
    if _GENERIC is None:
        _GENERIC = frozenset(str(word) for word in vocabulary()["generic_titles"])
    return _GENERIC


_GENERIC: frozenset[str] | None = None


def _has_title(layout: Layout, box: int, titled: list[int]) -> bool:
    found = layout.boxes[box]
    return any(found.first <= index < found.last for index in titled)


def _item_box(layout: Layout, number: int, dated: list[int], titled: list[int]) -> int | None:
    """Return the largest box with a title that holds the date and only dates without a title between them."""
    best: int | None = None
    for box in layout.ancestors(layout.lines[number].box):
        found = layout.boxes[box]
        if found.tag in ("body", "html", "main"):
            break
        own = [other for other in dated if found.first <= other < found.last]
        if len(own) > 1 and not _one_item(layout, own, titled):
            break
        if _has_title(layout, box, titled):
            best = box
        if best is not None and len(own) > 1 and layout.boxes[best].first == found.first and layout.boxes[best].last == found.last:
            best = box
    return best


def _one_item(layout: Layout, own: list[int], titled: list[int]) -> bool:
    """Several dates are one event's when no title stands between them (two days of a fair, start and end)."""
    low, high = own[0], own[-1]
    if high - low > 8:
        return False
    between = [index for index in titled if low <= index <= high]
    return not between


def _flat_items(layout: Layout, dated: list[int]) -> list[tuple[int, int]]:
    """Cut runs of lines at their dates: title above, title below or on the same line as the date."""
    items: list[tuple[int, int]] = []
    for position, number in enumerate(dated):
        line = layout.lines[number]
        if _programme_day(layout, number):
            continue
        following = dated[position + 1] if position + 1 < len(dated) else len(layout.lines)
        previous = dated[position - 1] if position else -1
        end = min(following, number + MAX_ITEM_LINES)
        heading = _own_heading(layout, number, dated)
        if heading is not None:
            begin = heading
        elif len(residue(line)) >= 6:
            begin = number
        else:
            begin = number
            for index in range(number - 1, max(previous, number - 4), -1):
                above = layout.lines[index]
                if above.nav:
                    break
                if above.level or above.strong or above.links:
                    begin = index
                    if above.level:
                        break
                elif len(above.text) > 120:
                    break
        if following < len(layout.lines) and begin < number:
            above_next = following
            for index in range(following - 1, max(number, following - 4), -1):
                if layout.lines[index].level or layout.lines[index].strong:
                    above_next = index
            end = min(end, above_next)
        for index in range(number + 1, end):
            if layout.lines[index].level and layout.lines[begin].level and layout.lines[index].level <= layout.lines[begin].level:
                end = index
                break
            if layout.lines[index].nav:
                end = index
                break
        items.append((begin, end))
    return items


def _programme_day(layout: Layout, number: int) -> bool:
    """A heading that is only a day with times below it is a day of a programme, not an event."""
    line = layout.lines[number]
    if not line.level or residue(line):
        return False
    below = layout.lines[number + 1 : number + 4]
    return any(clocks and clocks[0].begin <= 3 for other in below if not other.level and (clocks := find_times(other.text)))


def _own_heading(layout: Layout, number: int, dated: list[int]) -> int | None:
    """Return the heading right above a date when no other date stands below the same heading."""
    for index in range(number - 1, max(-1, number - 4), -1):
        above = layout.lines[index]
        if above.nav or index in dated:
            return None
        if above.level:
            if is_generic(above.text) or above.level == 1:
                return None
            for later in range(number + 1, len(layout.lines)):
                if layout.lines[later].level and layout.lines[later].level <= above.level:
                    break
                if later in dated:
                    return None
            return index
        if len(above.text) > 200:
            return None
    return None


def _read_item(page: EventPage, first: int, last: int, moments: list[Moment], page_score: int, people: list[FoundPerson], common: frozenset[str]) -> Draft | None:
    lines = page.layout.lines[first : min(last, first + 4 * MAX_ITEM_LINES)]
    if not moments:
        return None
    best = max(moments, key=lambda m: (m.score, -m.line))
    if len(moments) > 1 and best.day.last is None:
        close = [m for m in moments if m.score >= best.score - 1 and 0 < (m.day.first - best.day.first).days <= 14 and len(page.layout.lines[m.line].text) <= 60]
        if close and best.score >= 0 and len(page.layout.lines[best.line].text) <= 60:
            best.day = type(best.day)(best.day.begin, best.day.end, best.day.first, close[-1].day.first, True, best.day.weekday)
    title_line, title = item_title(lines, best.line - first, common)
    if not title:
        return None
    linked = _linked_title(page.layout.lines[first + title_line]) if title_line == best.line - first else None
    listed, bar_place = _bar_parts(page.layout.lines[best.line]) if title_line == best.line - first else (None, None)
    title = listed or linked or title
    clean, named = people_in_title(title)
    shown = clean or title
    if is_generic(shown) or not _WORD.search(shown):
        return None
    score = page_score + best.score // 2
    if best.clock is not None:
        score += 2
    if word_pattern("event_types").search(shown):
        score += 1
    if len(page.layout.lines[best.line].text) > 300:
        score -= 2
    if score < 2 or _about_person(shown) or _of_people(shown):
        return None
    start, end = span(best)
    own_people = [found.person for found in people if first <= found.line < last]
    own_people += [EventPerson(p.name, p.role, p.company, "speaker", title) for p in named if p.name not in {q.name for q in own_people}]
    text = " ".join(line.text for line in lines)[:2_000]
    return Draft(
        title=shown[:300], start=start, end=end, place=item_place(lines, best.line - first, title_line) or bar_place, url=_item_link(page, lines, title_line),
        page_url=page.url, origin="listing", people=own_people, cancelled=bool(word_pattern("cancelled").search(text)),
        alt_titles=(title,) if clean and clean != title else (), links=_item_links(page, lines),
    )  # fmt: skip


def _linked_title(line: Line) -> str | None:
    """Return the link's text where it is the title within a line of date, title and place."""
    rest = residue(line)
    for href, label in line.links:
        text = re.sub(r"\s+", " ", label).strip(" →»›")
        if href and 4 <= len(text) < len(rest) and not is_generic(text) and not find_days(text) and (rest.startswith(text) or len(text) >= 0.5 * len(rest)) and len(rest) <= 160:
            return text
    return None


def _of_people(title: str) -> bool:
    people = people_in_line(title)
    return bool(people) and people[0].sure and bool(people[0].role and people[0].company)


def _about_person(title: str) -> bool:
    return name_of(title)[1] == 2


def _common_texts(layout: Layout, items: list[tuple[int, int]]) -> frozenset[str]:
    """Return lines that stand in many items of a list ("Illinois Commerce Commission"): no titles."""
    if len(items) < 4:
        return frozenset()
    counts = Counter(text for first, last in items for text in {line.text for line in layout.lines[first : min(last, first + MAX_ITEM_LINES)]})
    return frozenset(text for text, count in counts.items() if count >= max(3, 0.4 * len(items)))


_SENTENCE_GAP = re.compile(r"\b(?:am|vom|von|um|für|bis|ab|der|den|dem|on|from|until|the|at|in|im|zum|zur|and|und|seit|since|auf|held)\s*(?:\w{2,12},\s*)?(?:den\s|dem\s|the\s)?\x00")
_PRONOUN = re.compile(r"(?:wir|das nächste|bitte|die veranstaltung|diese[rsmn]?|join us|we|please|the event|this|hier|sie|ihr|du|alle|es|im|am|für|nach|auch|in|there|our|it|you|they|he|she)\s", re.I)
_NOTE = re.compile(r"^(?:hinweis|note|teilnehmer\w*|twitter|mail|e-mail|slack|mailingliste|kosten|preis|sprache|language|zielgruppe|target audience|anmeldung|registration|kontakt|contact|telefon|phone|tel|fax|moderat\w+|referent\w*|speaker|sprecher\w*|programm|dauer|duration|thema|themen|ics|format|tickets?|eintritt|website|link|weitere infos?|infos?|fragen|adresse)\s*:", re.I)


def _in_sentence(line: Line) -> bool:
    """Tell whether the day stands inside a sentence: what is left of such a line is no title."""
    text = line.text
    for found in reversed(find_days(text)):
        text = text[: found.begin] + "\x00" + text[found.end :]
    return bool(_SENTENCE_GAP.search(text)) or (len(text) > 90 and text.rstrip().endswith((".", "!")) and not line.level)


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
        if len(bare) < 4 or is_generic(bare) or not _WORD.search(bare) or len(text) > 320 or line.text in common:
            continue
        if _NOTE.match(text) or (not line.level and find_days(line.text) and _in_sentence(line)):
            continue
        if any(is_label(text, key) or label_of(text, key) is not None for key in ("place_labels", "date_labels", "time_labels", "organizer_labels")):
            continue
        if word_pattern("other_dates").match(bare) or re.match(r"^(?:€|eur|kosten|preis|price|eintritt|ca\.)", bare):
            continue
        score = 0
        if line.level:
            score += 7 - line.level // 2
        if re.search(r"(?:^|[\s_-])(?:title|titel|summary|headline|event-name|name)(?:$|[\s_-])", line.cls, re.I):
            score += 6
        linked = [label for href, label in line.links if href and not href.startswith(("mailto:", "tel:")) and label.lower().strip(" .:→»") not in _generic()]
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
        if re.search(r"(?:^|[\s_-])(?:cat|category|kategorie|tag|tags|label|badge|type|categories)(?:$|[\s_-])", line.cls, re.I):
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
    text = re.sub(r"^(?:messe|event|veranstaltung|termin|save the date|veranstaltungshinweis)\s*:\s+(?=\S{3})", "", text, flags=re.I)
    text = re.sub(r"\s*(?:→|»|›|>>|\.\.\.|…)\s*$", "", text).strip(" |–—-•*:»›")
    parts = [part.strip() for part in _BAR.split(text) if part.strip()]
    if len(parts) > 1:
        kept = [part for part in parts if not word_pattern("event_types").fullmatch(part.lower()) and part.lower() not in _generic()]
        return kept[0] if kept else parts[0]
    return text


def _bar_parts(line: Line) -> tuple[str | None, str | None]:
    """Read "Webinar | Title | Place | 17.06.2026 | 13:00 Uhr | anmelden" into title and place."""
    parts = [part.strip() for part in _BAR.split(line.text) if part.strip()]
    if len(parts) < 3:
        return None, None
    kept = [part for part in parts if not find_days(part) and not find_times(part) and not word_pattern("event_types").fullmatch(part.lower()) and part.lower() not in _generic()]
    return (kept[0] if kept else None), (kept[1] if len(kept) > 1 else None)


def item_place(lines: list[Line], dated: int, title: int) -> str | None:
    """Return where an item takes place: by label, by class, or from the line of the date."""
    for index, line in enumerate(lines):
        stated = label_of(line.text, "place_labels")
        if stated:
            return stated[:200]
        if is_label(line.text, "place_labels"):
            gathered = []
            for following in lines[index + 1 : index + 5]:
                if following.level or following.strong and gathered or any(is_label(following.text, key) for key in ("date_labels", "time_labels", "organizer_labels")) or len(following.text) > 120:
                    break
                if re.match(r"(?:tel|fax|e-?mail|www|http|vergrößerte|karte|map|driving)", following.text, re.I):
                    break
                gathered.append(following.text)
            if gathered:
                return ", ".join(gathered)[:250]
    for index, line in enumerate(lines):
        if index != title and class_pattern("place_classes").search(line.cls) and len(line.text) <= 160 and not find_days(line.text):
            return residue(line)[:200] or None
    if 0 <= dated < len(lines) and (title != dated or _linked_title(lines[dated])):
        rest = residue(lines[dated])
        label = _linked_title(lines[dated]) if title == dated else None
        rest = rest.replace(label, "").strip(" ,;:–—-|") if label else rest
        rest = own_title(rest) if rest else ""
        if rest and len(rest) <= 120 and rest.lower() not in _generic() and not word_pattern("event_types").fullmatch(rest.lower()) and not word_pattern("cancelled").search(rest):
            return rest
    for index in range(max(title, dated) + 1, min(len(lines), max(title, dated) + 4)):
        text = lines[index].text
        if re.match(r"^(?:online|virtuell|via zoom|zoom|microsoft teams|webex)\b", text, re.I) and len(text) <= 80:
            return text
        if lines[index].row >= 0 and 3 <= len(text) <= 60 and not find_times(text) and _WORD.search(text) and text.lower() not in _generic() and not lines[index].links:
            return text
        dashed = re.match(r"^(?P<place>[^—–]{4,80}?,\s[A-ZÄÖÜ][^—–]{2,40}?)\s[—–]\s", text)
        if dashed:
            return dashed["place"]
    return None


def _links_of(page: EventPage, line: Line) -> list[str]:
    return [address for href, _ in line.links if (address := page.absolute(href)) is not None]


def _item_link(page: EventPage, lines: list[Line], title: int) -> str | None:
    """Return the address of an item's own page: the link of its title, else the first one of the item."""
    order = [lines[title]] if 0 <= title < len(lines) else []
    for line in [*order, *lines]:
        for address in _links_of(page, line):
            if not re.search(r"\.(?:pdf|docx?|jpe?g|png|ics|zip)$|maps\.google|datenschutz|privacy|impressum|facebook\.com|twitter\.com|linkedin\.com", address, re.I):
                return address
    return None


def _item_links(page: EventPage, lines: list[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for line in lines for address in _links_of(page, line)))[:12]
