"""The one event that a page is about: a detail page, a conference's front page, an article on an event."""

from __future__ import annotations

import re
from datetime import date

from enrich.events.dates import find_days
from enrich.events.items import heading_text, is_generic, item_place, own_title, residue
from enrich.events.listings import eventful
from enrich.events.moments import Moment, dated_lines, is_label, label_of, span
from enrich.events.names import name_of
from enrich.events.pages import Draft, EventPage, word_pattern

_SITE_SUFFIX = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{2,80}$")
_VENUE = re.compile(
    r"\b(?:im|in der|in den|in|at the|at|bei der|bei|auf dem)\s+(?P<place>(?:the\s)?[A-ZÄÖÜ][\w&.'’-]+(?:\s(?:[A-ZÄÖÜ0-9][\w&.'’,-]*|in|der|of|the|am|an|und|&)){0,7})"
)
_VIRTUAL = re.compile(
    r"\b(?:via zoom|zoom|microsoft teams|virtuell|virtual(?:ly)?|online|webex|videokonferenz|livestream)\b", re.I
)


def main_event(
    page: EventPage, *, today: date, hint: int | None, american: bool, linked: bool, site_names: frozenset[str]
) -> Draft | None:
    """Return the event a page is about, None when it is about none.

    `linked`: an event listing links here, so weaker signs are enough. `site_names`: titles that name the site.
    """
    layout = page.layout
    title_line, title = page_title(page, site_names)
    if not title or name_of(title)[1] == 2:
        return None
    moments = dated_lines(layout.lines, 0, len(layout.lines), today=today, hint=hint, american=american)
    score = eventful(page)
    if word_pattern("other_pages").search(" ".join(page.segments[-2:])):
        score -= 3
    best = _best(moments, title_line)
    if best is None:
        return None
    total = score + best.score + (3 if linked else 0) + (2 if best.clock else 0)
    if abs(best.line - title_line) <= 3:
        total += 2
    if any(day.first == best.day.first for day in find_days(layout.title)):
        total += 4  # "DevDays 2027 – 8–9 June, Graz": what the page calls itself
    if any(
        label_of(line.text, "place_labels") or is_label(line.text, "place_labels")
        for line in layout.lines
        if not line.nav
    ):
        total += 2
    if total < 8 or best.score < (1 if linked else 2):
        return None
    named = _named_in_article(page, best, title)
    start, end = span(best)
    lines = layout.lines[title_line : title_line + 200] if title_line < best.line else layout.lines
    place = item_place(lines, -1, -1) or _stated_place(page, best) or _virtual_place(page)
    organizer = next((stated for line in layout.lines if (stated := label_of(line.text, "organizer_labels"))), None)
    text = " ".join(line.text for line in layout.lines[title_line : title_line + 6])[:600]
    return Draft(
        title=(named or title)[:300], start=start, end=end, place=place, url=page.url, page_url=page.url, origin="detail", alt_titles=(title,) if named else (),
        organizer=organizer, cancelled=bool(word_pattern("cancelled").search(text)),
    )  # fmt: skip


def page_title(page: EventPage, site_names: frozenset[str]) -> tuple[int, str]:
    """Return (line, text) of what a page is called: its first headline that is neither generic nor the site's name."""
    layout = page.layout
    document = _SITE_SUFFIX.sub("", layout.title).strip()
    candidates: list[tuple[int, int, str]] = []
    for number, line in enumerate(layout.lines):
        if line.nav or not line.level or len(line.text) < 4 or len(line.text) > 250:
            continue
        text = line.text.strip()
        bare = heading_text(line) if find_days(text) else text
        lower = bare.strip(" .:!_").lower()
        if len(lower) < 4 or is_generic(lower) or is_label(text, "place_labels"):
            continue
        score = 10 - 2 * line.level
        if lower in site_names:
            score -= 4
        if document and (lower in document.lower() or document.lower() in lower):
            score += 6
        if re.search(r"title|headline", line.cls, re.I):
            score += 3
        if re.fullmatch(r"[A-ZÄÖÜ][\w.-]+,\s[A-ZÄÖÜ][\w. -]+", text):
            score -= 8  # "Ghent, Belgium" is the place
        score -= min(number, 60) // 15
        candidates.append((score, -number, bare))
    title_classes = [
        (8, -number, line.text) for number, line in enumerate(layout.lines[:40])
        if not line.nav and not line.level and re.search(r"(?:^|[\s_-])(?:main-title|event-title|entry-title|page-title)(?:$|[\s_-])", line.cls) and 4 <= len(line.text) <= 200
    ]  # fmt: skip
    candidates += title_classes
    if candidates:
        _, number, text = max(candidates)
        text = re.sub(r"\s+(?:Details|Programm)$", "", text).strip(" .")
        shorter = re.sub(
            r"^(?:\w*programm(?:e|heft)?|agenda|schedule|programme|speakers?(?:\sat|\sof)?)\s(?=\S+\s\S)",
            "",
            text,
            flags=re.I,
        )
        return -number, _without_generic(shorter)
    if document and not is_generic(document):
        return 0, _without_generic(document)
    return 0, ""


def _without_generic(title: str) -> str:
    """Drop parts that name a list or page: "LIT Con 2024: Agenda" -> "LIT Con 2024"."""
    parts = re.split(r"\s*:\s+|\s+[|–—-]\s+", title)
    kept = [part for part in parts if not is_generic(part.strip(" _."))]
    return own_title(title if len(kept) == len(parts) or not kept else kept[0])


def _best(moments: list[Moment], title_line: int) -> Moment | None:
    def rank(moment: Moment) -> tuple[int, int]:
        near = 2 if abs(moment.line - title_line) <= 3 else 1 if abs(moment.line - title_line) <= 12 else 0
        return moment.score + near + (2 if moment.clock else 0), -moment.line

    ranked = [moment for moment in moments if moment.score > -2]
    if not ranked:
        return None
    best = max(ranked, key=rank)
    if best.clock is None:
        same = [m for m in moments if m.clock is not None and m.day.first == best.day.first and m.score > -2]
        if same:
            best.clock = same[0].clock
    if best.day.last is None:
        ranged = [m for m in moments if m.day.last is not None and m.day.first == best.day.first]
        if ranged:
            best.day = ranged[0].day
    return best


_NAMED = re.compile(
    r"\b(?:auf de[mr]|beim|bei der|zum|zur|des|der|das|at the|at|im rahmen de[rs])\s(?P<name>\d{1,3}\.\s?(?:[A-ZÄÖÜ][\w-]*\s?)(?:(?:[A-ZÄÖÜ][\w-]*|und|für|der|&|of|and|for)\s?){1,8})"
)


def _named_in_article(page: EventPage, best: Moment, title: str) -> str | None:
    """Return the event's name from the sentence of its day where the page is an article about it.

    "… auf dem 49. Symposium Einkauf und Logistik vom 12. bis 14. November": only numbered events, which are
    surely names, and only where the headline is not that name itself.
    """
    lines = page.layout.lines[max(0, best.line - 1) : best.line + 1]
    for line in reversed(lines):
        for match in _NAMED.finditer(line.text[:1_500]):
            name = re.sub(r"\s(?:und|für|der|of|and|for|&)$", "", match["name"].strip())
            kind = word_pattern("event_pages").search(name.replace("-", " "))
            if kind and len(name.split()) >= 3 and not title.lower().startswith(name.lower()[:12]):
                return name
    return None


def _stated_place(page: EventPage, best: Moment) -> str | None:
    """Return the place beside the day ("Freitag, 25. September 2015 - Kassel") or in its sentence."""
    line = page.layout.lines[best.line]
    if len(line.text) <= 120:
        rest = residue(line)
        parts = [part.strip() for part in rest.split(" | ") if part.strip()]
        for part in reversed(parts):
            if (
                3 <= len(part) <= 80
                and not is_generic(part)
                and part[0].isupper()
                and not word_pattern("event_types").fullmatch(part.lower())
            ):
                return part
    venue = _VENUE.search(line.text, best.day.end) or _VENUE.search(line.text)
    if venue and not re.match(
        r"(?:Januar|Februar|März|April|Mai|Ju[nl]i|August|Sept|Okt|Nov|Dez|January|Feb|March|May|June|July|Oct|Dec)",
        venue["place"],
    ):
        return venue["place"].strip(" ,.")[:160]
    return None


def _virtual_place(page: EventPage) -> str | None:
    for line in page.layout.lines[:60]:
        if not line.nav and (match := _VIRTUAL.search(line.text)):
            return match.group()
    return None
