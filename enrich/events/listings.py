"""Plain event listings: tables, lists and cards of dates, titles and places.

Around every date the largest box is sought that holds no other event's date; boxes without such a structure (a
date, a title, the next date … one after the other) are cut at the dates. Each piece is then read by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from datetime import date

from enrich.events.dates import find_days, find_times
from enrich.events.items import (
    MAX_ITEM_LINES,
    WORD,
    bar_parts,
    is_generic,
    item_link,
    item_links,
    item_place,
    item_title,
    linked_title,
    residue,
)
from enrich.events.layout import Layout
from enrich.events.moments import Moment, dated_lines, is_label, span
from enrich.events.names import name_of
from enrich.events.pages import Draft, EventPage, word_pattern
from enrich.events.people import FoundPerson
from enrich.events.person_lines import people_in_line, people_in_title
from enrich.records import EventPerson

MAX_ITEMS = 1_500


def eventful(page: EventPage) -> int:
    """Return how much a page is about events by its address, title and headlines: positive yes, negative no."""
    score = 0
    last = page.segments[-4:]
    address = " ".join(page.segments)
    if word_pattern("event_pages").search(address):
        score += 2
    if word_pattern("news_pages").search(
        " ".join(page.segments[:-1]) + " " + (last[-1] if last else "")
    ) and not word_pattern("event_pages").search(address):
        score -= 2
    headline = f"{page.layout.headline} {page.layout.title}"
    if word_pattern("event_pages").search(headline):
        score += 2
    elif word_pattern("news_pages").search(page.layout.headline):
        score -= 1
    return score


def listed_events(
    page: EventPage, *, today: date, hint: int | None, american: bool, people: list[FoundPerson]
) -> list[Draft]:
    """Return the events that a page lists; [] for a page about one event or none."""
    layout = page.layout
    moments = [
        m
        for m in dated_lines(layout.lines, 0, len(layout.lines), today=today, hint=hint, american=american)
        if m.score > -2
    ]
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
    numbers = [moment.line for moment in moments]
    for first, last in items[:MAX_ITEMS]:
        inside = moments[bisect_left(numbers, first) : bisect_left(numbers, last)]
        draft = _read_item(page, first, last, inside, page_score, people, common)
        if draft is not None:
            drafts.append(draft)
    return drafts


def plain_title(page: EventPage, draft: Draft) -> bool:
    """Tell whether a listed title is neither heading nor link nor emphasised nor in the line of its date."""
    for line in page.layout.lines:
        if draft.title in line.text and not line.nav:
            return not (
                line.level
                or line.strong
                or line.links
                or find_days(line.text)
                or line.row >= 0
                or re.search(r"title|titel|summary|name|event", line.cls, re.I)
            )
    return False


def _items(layout: Layout, moments: list[Moment]) -> list[tuple[int, int]]:
    dated = sorted(m.line for m in moments)
    titled = [
        index for index in range(len(layout.lines)) if not layout.lines[index].nav and _may_be_title(layout, index)
    ]
    boxes: list[int | None] = []
    for number in dated:
        boxes.append(_item_box(layout, number, dated, titled))
    signatures = Counter(layout.boxes[box].signature for box in set(boxes) if box is not None)
    items: dict[tuple[int, int], None] = {}
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
        if (
            not any(line.level or line.strong or line.links for line in leaf)
            and _own_heading(layout, number, dated) is not None
        ):
            flat.append(number)
            continue
        span_of = (layout.boxes[chosen].first, layout.boxes[chosen].last)
        if span_of[1] - span_of[0] <= 4 * MAX_ITEM_LINES:
            items[span_of] = None
    covered = {number for first, last in items for number in range(first, last)}
    return sorted([*items, *(piece for piece in _flat_items(layout, flat) if piece[0] not in covered)])


def _may_be_title(layout: Layout, index: int) -> bool:
    text = residue(layout.lines[index])
    return (
        len(text) >= 4
        and not is_generic(text)
        and not is_label(text, "place_labels")
        and not is_label(text, "date_labels")
    )


def _has_title(layout: Layout, box: int, titled: list[int]) -> bool:
    found = layout.boxes[box]
    position = bisect_left(titled, found.first)
    return position < len(titled) and titled[position] < found.last


def _item_box(layout: Layout, number: int, dated: list[int], titled: list[int]) -> int | None:
    """Return the largest box with a title that holds the date and only dates without a title between them."""
    best: int | None = None
    for box in layout.ancestors(layout.lines[number].box):
        found = layout.boxes[box]
        if found.tag in ("body", "html", "main"):
            break
        own = dated[bisect_left(dated, found.first) : bisect_left(dated, found.last)]
        if len(own) > 1 and not _one_item(layout, own, titled):
            break
        if _has_title(layout, box, titled):
            best = box
        if (
            best is not None
            and len(own) > 1
            and layout.boxes[best].first == found.first
            and layout.boxes[best].last == found.last
        ):
            best = box
    return best


def _one_item(layout: Layout, own: list[int], titled: list[int]) -> bool:
    """Several dates are one event's when no title stands between them (two days of a fair, start and end)."""
    low, high = own[0], own[-1]
    if high - low > 8:
        return False
    position = bisect_left(titled, low)
    return not (position < len(titled) and titled[position] <= high)


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
            if (
                layout.lines[index].level
                and layout.lines[begin].level
                and layout.lines[index].level <= layout.lines[begin].level
            ):
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
    return any(
        clocks and clocks[0].begin <= 3 for other in below if not other.level and (clocks := find_times(other.text))
    )


def _own_heading(layout: Layout, number: int, dated: list[int]) -> int | None:
    """Return the heading right above a date when no other date stands below the same heading."""
    known = set(dated[max(0, bisect_left(dated, number) - 5) : bisect_left(dated, number) + MAX_ITEM_LINES])
    for index in range(number - 1, max(-1, number - 4), -1):
        above = layout.lines[index]
        if above.nav or index in known:
            return None
        if above.level:
            if is_generic(above.text) or above.level == 1:
                return None
            for later in range(number + 1, min(number + MAX_ITEM_LINES, len(layout.lines))):
                if layout.lines[later].level and layout.lines[later].level <= above.level:
                    break
                if later in known:
                    return None
            return index
        if len(above.text) > 200:
            return None
    return None


_ONLY_HOURS = re.compile(
    r"(?i)(?:von\s|ab\s)?\d{1,2}(?:[.:]\d\d)?(?:\s?(?:-|–|bis)\s?\d{1,2}(?:[.:]\d\d)?)?\s?(?:uhr|h)"
)


def _read_item(
    page: EventPage,
    first: int,
    last: int,
    moments: list[Moment],
    page_score: int,
    people: list[FoundPerson],
    common: frozenset[str],
) -> Draft | None:
    lines = page.layout.lines[first : min(last, first + 4 * MAX_ITEM_LINES)]
    if not moments:
        return None
    best = max(moments, key=lambda m: (m.score, -m.line))
    if len(moments) > 1 and best.day.last is None:
        close = [
            m
            for m in moments
            if m.score >= best.score - 1
            and 0 < (m.day.first - best.day.first).days <= 14
            and len(page.layout.lines[m.line].text) <= 60
        ]
        if close and best.score >= 0 and len(page.layout.lines[best.line].text) <= 60:
            best.day = type(best.day)(
                best.day.begin, best.day.end, best.day.first, close[-1].day.first, True, best.day.weekday
            )
    title_line, title = item_title(lines, best.line - first, common)
    if not title:
        return None
    linked = linked_title(page.layout.lines[first + title_line]) if title_line == best.line - first else None
    listed, bar_place = bar_parts(page.layout.lines[best.line]) if title_line == best.line - first else (None, None)
    title = listed or linked or title
    clean, named = people_in_title(title)
    shown = clean or title
    if is_generic(shown) or not WORD.search(shown) or _ONLY_HOURS.fullmatch(shown):
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
    own_people += [
        EventPerson(p.name, p.role, p.company, "speaker", title)
        for p in named
        if p.name not in {q.name for q in own_people}
    ]
    text = " ".join(line.text for line in lines)[:2_000]
    return Draft(
        title=shown[:300], start=start, end=end, place=item_place(lines, best.line - first, title_line) or bar_place, url=item_link(page, lines, title_line),
        page_url=page.url, origin="listing", people=own_people, cancelled=bool(word_pattern("cancelled").search(text)),
        alt_titles=(title,) if clean and clean != title else (), links=item_links(page, lines),
    )  # fmt: skip


def _of_people(title: str) -> bool:
    people = people_in_line(title)
    return bool(people) and people[0].sure and bool(people[0].role and people[0].company)


def _about_person(title: str) -> bool:
    return name_of(title)[1] == 2


def _common_texts(layout: Layout, items: list[tuple[int, int]]) -> frozenset[str]:
    """Return lines that stand in many items of a list ("Illinois Commerce Commission"): no titles."""
    if len(items) < 4:
        return frozenset()
    counts = Counter(
        text
        for first, last in items
        for text in {line.text for line in layout.lines[first : min(last, first + MAX_ITEM_LINES)]}
    )
    return frozenset(text for text, count in counts.items() if count >= max(3, 0.4 * len(items)))
