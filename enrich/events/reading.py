"""All pages of one event source become events with people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from enrich.article.decoding import decode_html, is_binary, parse_html
from enrich.events.attendees import looks_like_csv, read_attendees
from enrich.events.calendars import calendar_events, looks_like_calendar
from enrich.events.dates import day_of, find_days, parse_stamp
from enrich.events.details import main_event
from enrich.events.islands import island_events
from enrich.events.items import is_generic
from enrich.events.layout import MAX_LINES, read_layout
from enrich.events.listings import eventful, listed_events, plain_title
from enrich.events.merging import alike, merge, merge_people, to_listing
from enrich.events.moments import class_pattern
from enrich.events.organisation import site_names, site_organisation
from enrich.events.pages import Draft, EventPage, path_words, url_key, word_pattern
from enrich.events.people import FoundPerson, page_part, read_people
from enrich.events.structured import structured_events
from enrich.records import EventListing, EventPerson, Page

MAX_PAGES = 500


@dataclass(frozen=True, slots=True)
class EventReading:
    """What the pages of one source say: events in the order of their dates, and one-line warnings."""

    events: tuple[EventListing, ...]
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Read:
    """What one HTML page gave: drafts of its own, people in items are inside them, the others are here."""

    page: EventPage
    drafts: list[Draft]
    people: list[FoundPerson]
    listing: bool
    hint: int | None
    american: bool
    own: Draft | None = None
    loose: list[EventPerson] = field(default_factory=list)


def read_event_pages(pages: Sequence[Page], *, today: date) -> EventReading:
    """Return the events of all pages of one source; the same event of several pages and forms is one.

    `today` bounds recurring events and completes dates without a year. Pages that are no text are left out;
    a page that cannot be read costs one warning, not the others. No two pages of the same address are read.
    """
    drafts: list[Draft] = []
    warnings: list[str] = []
    site: list[_Read] = []
    listed: list[tuple[str, list[EventPerson]]] = []
    seen: set[str] = set()
    for page in pages[:MAX_PAGES]:
        if page.status != 200 or not page.body or url_key(page.final_url) in seen:
            continue
        seen.add(url_key(page.final_url))
        if looks_like_calendar(page.body, page.content_type, page.final_url):
            found, said = calendar_events(decode_html(page.body, page.content_type), page.final_url, today=today)
            drafts += found
            warnings += said
        elif looks_like_csv(page.content_type, page.final_url):
            people, said = read_attendees(decode_html(page.body, page.content_type), page.final_url)
            listed.append((page.final_url, people))
            warnings += said
        elif is_binary(page.body):
            warnings.append(f"{page.final_url}: no text, left out")
        else:
            read = _lay_out(page)
            site.append(read)
            if read.page.layout.truncated:
                warnings.append(f"{page.final_url}: very long page, only its first {MAX_LINES} lines are read")
    names = site_names([read.page for read in site])
    site = _one_language(site)
    for read in site:
        _read_page(read, today)
    _read_details(site, today, names)
    for read in site:
        drafts += read.drafts
        if read.own is not None:
            drafts.append(read.own)
    events = [draft for draft in merge(drafts) if not draft.session]
    events += [] if events else [draft for draft in merge(drafts) if draft.session]
    loose = [person for _, people in listed for person in people]
    loose += [person for read in site for person in read.loose]
    employed = {found.person.name for read in site for found in read.people if found.biography}
    _place_loose(events, loose, site, today, site_organisation([read.page for read in site], names), employed)
    ordered = sorted(events, key=lambda d: (day_of(d.start) is None, day_of(d.start) or date.max, d.title))
    return EventReading(tuple(to_listing(draft) for draft in ordered), tuple(dict.fromkeys(warnings)))


def _lay_out(page: Page) -> _Read:
    tree = parse_html(decode_html(page.body, page.content_type))
    root = tree.getroottree().getroot()
    layout = read_layout(root)
    words = path_words(page.final_url)
    read = EventPage(page.final_url, layout, root, words, page.fetched_at.date())
    language = (root.get("lang") or "").lower()
    return _Read(read, [], [], False, _year_hint(read), language.startswith("en") and not language.startswith("en-gb"))


def _one_language(site: list[_Read]) -> list[_Read]:
    """Leave out pages that say the same in another language: hreflang alternates of a page already there."""
    if not site:
        return site
    home = (site[0].page.tree.get("lang") or "").lower()[:2]
    present = {urlsplit(read.page.url).path.rstrip("/").removesuffix("/index.html") for read in site}
    kept: list[_Read] = []
    for read in site:
        language = (read.page.tree.get("lang") or "").lower()[:2]
        others = {
            urlsplit(read.page.absolute(element.get("href") or "") or "x").path.rstrip("/")
            for element in read.page.tree.iter("link")
            if element.get("rel") == "alternate"
            and (element.get("hreflang") or "").lower()[:2] == home
            and home != language
        }
        if home and language and language != home and others & present:
            continue
        kept.append(read)
    return kept


def _year_hint(page: EventPage) -> int | None:
    """Return the year that a page's address or date of publication gives for days without a year."""
    for word in page.segments:
        if re.fullmatch(r"20[0-4]\d", word):
            return int(word)
    for key in ("article:published_time", "date", "dc.date", "og:updated_time", "article:modified_time"):
        stamp = parse_stamp(page.layout.meta.get(key))
        if stamp is not None:
            return stamp.year
    for line in page.layout.lines:
        if class_pattern("meta_date_classes").search(line.cls):
            stated = [day for day in find_days(line.text) if day.year]
            if stated:
                return stated[0].first.year
    return None


def _read_page(read: _Read, today: date) -> None:
    page = read.page
    read.drafts = structured_events(page)
    about_events = eventful(page) > 0 or page_part(page) is not None or bool(read.drafts)
    read.people = read_people(page, eventful=about_events, prose=eventful(page) > 0)
    found = listed_events(page, today=today, hint=read.hint, american=read.american, people=read.people)
    firm = [draft for draft in found if not plain_title(page, draft)]
    read.listing = len(firm) >= 2
    if read.listing:
        read.drafts += firm
    elif not read.drafts and (islands := island_events(page)):
        read.drafts = islands
    elif found and is_generic(page.layout.headline or page.layout.title):
        read.own = found[0]


def _read_details(site: list[_Read], today: date, names: frozenset[str]) -> None:
    """Read pages that are about one event; pages to which a listing links need weaker signs."""
    linked: dict[str, Draft] = {}
    for read in site:
        for draft in read.drafts:
            if draft.url and url_key(draft.url) != url_key(read.page.url):
                linked.setdefault(url_key(draft.url), draft)
    for read in site:
        page = read.page
        target = linked.get(url_key(page.url))
        single = read.own
        read.own = None
        items = [draft for draft in read.drafts if draft.origin == "listing"]
        if target is not None and read.listing and len({url_key(item.url) for item in items} - {url_key(page.url)}) < 3:
            read.drafts = [
                draft for draft in read.drafts if draft.origin != "listing"
            ]  # "next event" below a detail page
            read.listing = False
        if not read.listing:
            read.own = main_event(
                page,
                today=today,
                hint=_linked_year(target) or read.hint,
                american=read.american,
                linked=target is not None,
                site_names=names,
            )
            if read.own is None and single is not None and eventful(page) > 0:
                read.own = single
            if (
                read.own is not None
                and target is not None
                and target.start is not None
                and not alike(read.own.title, target.title)
                and day_of(read.own.start) != day_of(target.start)
            ):
                read.own = None
        inside = {person.name for draft in read.drafts if draft.origin == "listing" for person in draft.people}
        about = read.own is not None or target is not None
        if about or (not read.listing and _structured_here(read)):
            read.people = read_people(page, eventful=True, prose=True)
        rest = [found.person for found in read.people if found.person.name not in inside]
        if read.own is not None:
            read.own.people += rest
        elif target is not None:
            target.people += rest
        elif _structured_here(read) and not read.listing:
            read.drafts[0].people += rest
        else:
            read.loose = _site_people(read)


def _structured_here(read: _Read) -> bool:
    return len([draft for draft in read.drafts if draft.origin == "structured"]) == 1


def _linked_year(target: Draft | None) -> int | None:
    day = day_of(target.start) if target else None
    return day.year if day else None


def _site_people(read: _Read) -> list[EventPerson]:
    """Return the people of a page that is about no single event: speakers' and boards' pages, contacts."""
    inside = {person.name for draft in read.drafts for person in draft.people}
    part = page_part(read.page)
    if part is None and word_pattern("news_pages").search(" ".join(read.page.segments)) and eventful(read.page) <= 0:
        return []
    return [found.person for found in read.people if found.person.name not in inside]


def _place_loose(
    events: list[Draft],
    loose: list[EventPerson],
    site: list[_Read],
    today: date,
    organisation: str | None,
    employed: set[str],
) -> None:
    """Give people of the whole site to its one event, else to the next one; organisers get the site's organisation.

    A site with people but without a dated event becomes one event without a date, so that nobody is lost.
    """
    known = {person.name for event in events for person in event.people}
    rest = [person for person in merge_people(loose) if person.name not in known or person.company or person.role]
    rest = [_with_organisation(person, organisation, employed) for person in rest]
    for event in events:
        event.people = merge_people(_with_organisation(person, organisation, employed) for person in event.people)
    if not rest:
        return
    if not events:
        first = site[0].page if site else None
        counted = Counter(read.page.layout.title for read in site if read.page.layout.title)
        stem = (
            next((word for word in path_words(first.url) if word not in ("html", "index", "csv")), "") if first else ""
        )
        title = organisation or (counted.most_common(1)[0][0] if counted else "") or stem or "Event"
        events.append(
            Draft(
                title=title,
                start=None,
                end=None,
                place=None,
                url=first.url if first else None,
                page_url=first.url if first else "",
                origin="people",
                people=rest,
            )
        )
        return
    upcoming = [event for event in events if (day := day_of(event.start)) is not None and day >= today]
    chosen = (
        min(upcoming, key=lambda e: day_of(e.start) or date.max)
        if upcoming
        else max(events, key=lambda e: day_of(e.start) or date.min)
    )
    if len({event.origin for event in events}) > 1 and len(events) > 3:
        spanning = [
            event for event in events if event.origin in ("conference", "detail") and event.end and not event.session
        ]
        chosen = spanning[0] if len(spanning) == 1 and not upcoming else chosen
    chosen.people = merge_people([*chosen.people, *rest])


def _with_organisation(person: EventPerson, organisation: str | None, employed: set[str]) -> EventPerson:
    """Organisers and contacts speak for the site's organisation, unless a biography may name their employer."""
    if organisation and person.role and not person.company and person.role.lower().endswith(f" {organisation.lower()}"):
        role = person.role[: -len(organisation)].strip(" ,")
        return EventPerson(person.name, role, organisation, person.as_, person.evidence)
    if person.name in employed or person.company or not organisation or person.as_ not in ("organizer", "contact"):
        return person
    return EventPerson(person.name, person.role, organisation, person.as_, person.evidence)
