"""Putting together what several places say of the same event: listing, detail page, calendar, structured data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from enrich.events.dates import day_of
from enrich.events.names import fold
from enrich.events.pages import Draft, url_key, word_pattern
from enrich.records import EventListing, EventPerson, content_id

_RANK = {"calendar": 0, "structured": 1, "detail": 2, "listing": 3, "conference": 4, "people": 5}
_SMALL = frozenset(
    [
        "der",
        "die",
        "das",
        "und",
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "im",
        "am",
        "mit",
        "with",
        "for",
        "für",
        "von",
        "zu",
        "zum",
        "zur",
        "on",
        "at",
        "bei",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
    ]
)


@lru_cache(maxsize=20_000)
def tokens(text: str) -> frozenset[str]:
    """Return the folded words of a title without small words."""
    return frozenset(word for word in re.findall(r"\w+", fold(text)) if word not in _SMALL) or frozenset(
        re.findall(r"\w+", fold(text))
    )


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> bool:
    """Tell whether two titles name the same event: the shorter one's words are nearly all in the longer one."""
    first, second = tokens(one), tokens(other)
    if not first or not second:
        return False
    shared = len(first & second)
    smaller = min(len(first), len(second))
    return shared >= 0.8 * smaller and (shared >= 2 or (smaller == 1 and max(len(first), len(second)) <= 4))


def merge(drafts: Sequence[Draft]) -> list[Draft]:
    """Merge drafts of the same event; the order of first appearance is kept.

    The same event: same day and alike titles, or same day and one's page is the other's link, or an undated draft
    whose page or title is that of a dated one. Occurrences of one calendar series stay apart.
    """
    groups: list[list[Draft]] = []
    by_day: dict[date | None, list[int]] = {}
    by_url: dict[str, list[int]] = {}
    for draft in sorted(drafts, key=lambda d: (_RANK[d.origin], d.start is None)):
        day = day_of(draft.start)
        matching = [
            index
            for index in (by_day.get(day, ())[:400] if day else ())
            if groups[index] and _same(draft, groups[index])
        ]
        target = matching[0] if matching else None
        for other in matching[1:]:
            if draft.origin in ("listing", "detail") and {d.origin for d in groups[other]} != {"calendar"}:
                groups[matching[0]] += groups[other]  # the draft shows that both are one
                groups[other] = []
        if target is None:
            for key in _keys(draft):
                for index in by_url.get(key, ())[:50]:
                    if groups[index] and _same_page(draft, groups[index], day):
                        target = index
                        break
                if target is not None:
                    break
        if target is None:
            groups.append([draft])
            target = len(groups) - 1
        else:
            groups[target].append(draft)
        if target not in by_day.setdefault(day, []):
            by_day[day].append(target)
        for key in _keys(draft):
            if target not in by_url.setdefault(key, []):
                by_url[key].append(target)
    _join_same_minute(groups)
    order = {id(draft): number for number, draft in enumerate(drafts)}
    merged = [(min(order[id(draft)] for draft in group), _joined(group)) for group in groups if group]
    return [draft for _, draft in sorted(merged, key=lambda pair: pair[0])]


def _keys(draft: Draft) -> list[str]:
    """Return the path of a draft's own page: within one source the host may differ (www, preview, old domain)."""
    if not draft.url or (draft.url == draft.page_url and draft.origin != "detail"):
        return []
    path = url_key(draft.url).partition("/")[2]
    return [path] if len(path) > 3 else []


def _join_same_minute(groups: list[list[Draft]]) -> None:
    """A calendar's only entry at a minute and the pages' only event at that minute are one, whatever their titles."""
    calendars: dict[datetime, list[int]] = {}
    pages: dict[datetime, list[int]] = {}
    for index, group in enumerate(groups):
        starts = {draft.start for draft in group if isinstance(draft.start, datetime)}
        if len(starts) != 1 or any(draft.session for draft in group):
            continue
        origins = {draft.origin for draft in group}
        moment = next(iter(starts))
        if origins == {"calendar"}:
            calendars.setdefault(moment, []).append(index)
        elif "calendar" not in origins:
            pages.setdefault(moment, []).append(index)
    for moment, found in calendars.items():
        others = pages.get(moment, [])
        if len(found) == len(others) == 1:
            groups[others[0]] += groups[found[0]]
            groups[found[0]] = []


def _titles(draft: Draft) -> tuple[str, ...]:
    return (draft.title, *draft.alt_titles)


def _same(draft: Draft, group: list[Draft]) -> bool:
    for other in group:
        if draft.origin == other.origin == "calendar" and draft.uid == other.uid and draft.start != other.start:
            return False
        if _times_differ(draft, other) and draft.page_url == other.page_url:
            continue
        if any(alike(one, two) for one in _titles(draft) for two in _titles(other)):
            return True
        if (
            draft.origin != "calendar" != other.origin
            and draft.page_url != other.page_url
            and _mostly(draft.title, other.title)
        ):
            return True
        shared = set(_keys(draft)) & set(_keys(other))
        if shared and draft.page_url != other.page_url:
            return True
        if draft.origin == "detail" and other.origin in ("structured", "calendar") and other.page_url == draft.page_url:
            return True
        if (
            draft.origin in ("detail", "listing")
            and other.origin == "calendar"
            and isinstance(draft.start, datetime)
            and draft.start == other.start
            and not other.session
            and _loose(draft.title, other)
        ):
            return True
    return False


def _mostly(one: str, other: str) -> bool:
    """On one day and different pages, two thirds of the shorter title's words are enough."""
    first, second = tokens(one), tokens(other)
    return len(first & second) >= 2 and len(first & second) >= 0.6 * min(len(first), len(second))


def _loose(title: str, other: Draft) -> bool:
    """A calendar entry at the very same minute needs only one telling word in common."""
    shared = tokens(title) & frozenset(word for text in _titles(other) for word in tokens(text))
    return any(
        len(word) >= 5 and not word.isdigit() and not word_pattern("event_types").fullmatch(word) for word in shared
    )


def _times_differ(one: Draft, other: Draft) -> bool:
    if not (isinstance(one.start, datetime) and isinstance(other.start, datetime)):
        return False
    return one.start != other.start and one.start.replace(tzinfo=None) != other.start.replace(tzinfo=None)


def _same_page(draft: Draft, group: list[Draft], day: date | None) -> bool:
    """The same address states another day: the detail page or calendar is right about it when the title is alike."""
    for other in group:
        other_day = day_of(other.start)
        if day is None or other_day is None or other.origin == "calendar":
            if day is None or other_day is None or day == other_day:
                return True
            continue
        if (
            draft.origin == "listing"
            and other.origin in ("detail", "structured")
            and any(alike(one, two) for one in _titles(draft) for two in _titles(other))
        ):
            return True
    return False


def _joined(group: list[Draft]) -> Draft:
    by_rank = sorted(group, key=lambda d: _RANK[d.origin])
    dated = [d for d in by_rank if d.start is not None]
    timed = [d for d in dated if isinstance(d.start, datetime)]
    lead = (timed or dated or by_rank)[0]
    titles = sorted(
        group,
        key=lambda d: {
            "listing": 0 if not d.title.endswith("…") else 3,
            "structured": 1,
            "detail": 1,
            "calendar": 2,
        }.get(d.origin, 3),
    )
    title = titles[0].title
    for other in titles[1:]:
        if (
            len(tokens(title)) <= 3
            and tokens(title) < tokens(other.title)
            and not other.title.endswith("…")
            and other.origin != "calendar"
        ):
            title = other.title  # "Joy of Coding" -> "Joy of Coding 2024"
            break
    people: list[EventPerson] = []
    for draft in sorted(group, key=lambda d: {"detail": 0, "structured": 1}.get(d.origin, 2)):
        people += draft.people
    return Draft(
        title=title, start=lead.start, end=lead.end or next((d.end for d in dated if d.end and day_of(d.start) == day_of(lead.start)), None),
        place=next((d.place for d in by_rank if d.place), None), url=_address(group), page_url=by_rank[0].page_url, origin=by_rank[0].origin,
        organizer=next((d.organizer for d in by_rank if d.organizer), None), people=merge_people(people), cancelled=any(d.cancelled for d in group),
        session=all(d.session for d in group), alt_titles=tuple(dict.fromkeys(text for d in group for text in _titles(d) if text != title)),
        links=tuple(dict.fromkeys(link for d in group for link in d.links)), uid=next((d.uid for d in group if d.uid), None),
    )  # fmt: skip


def _address(group: Sequence[Draft]) -> str | None:
    for origin in ("detail", "listing", "structured", "calendar"):
        for draft in group:
            if draft.origin == origin and draft.url:
                return draft.url
    return next((draft.url for draft in group if draft.url), None)


def name_key(name: str) -> str:
    """Return a comparable form of a name: folded, first and last word."""
    words = re.findall(r"[\w'-]+", fold(re.sub(r",?\s+(?:jr|sr|ii|iii)\.?$", "", name, flags=re.I)))
    return f"{words[0]} {words[-1]}" if len(words) > 1 else fold(name)


def merge_people(people: Iterable[EventPerson]) -> list[EventPerson]:
    """Join what is said of the same person; a person with two organisations stays two entries."""
    merged: dict[str, list[EventPerson]] = {}
    for person in people:
        known = merged.setdefault(name_key(person.name), [])
        for index, other in enumerate(known):
            if person.company and other.company and not _same_company(person.company, other.company):
                continue
            part = other.as_ if other.as_ != "attendee" else person.as_
            known[index] = EventPerson(
                other.name if len(other.name) >= len(person.name) else person.name, other.role or person.role, other.company or person.company, part,
                other.evidence if (other.company or not person.company) else person.evidence,
            )  # fmt: skip
            break
        else:
            if len(known) < 3:
                known.append(person)
    return [person for known in merged.values() for person in known]


def _same_company(one: str, other: str) -> bool:
    first, second = tokens(one), tokens(other)
    return bool(first and second) and len(first & second) >= 0.6 * min(len(first), len(second))


def to_listing(draft: Draft) -> EventListing:
    """Return the record; its id is of the raw title, start and source page, so that every run gives the same."""
    start = draft.start.isoformat() if draft.start else None
    return EventListing(
        event_id=content_id("event", draft.title, start, draft.uid or url_key(draft.url or draft.page_url)), title=draft.title, start=draft.start, end=draft.end,
        place=draft.place, url=draft.url or draft.page_url, organizer=draft.organizer, people=tuple(draft.people), cancelled=draft.cancelled,
    )  # fmt: skip
