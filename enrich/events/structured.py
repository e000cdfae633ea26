"""Events in structured data: JSON-LD, microdata, RDFa and the microformats h-event and hCalendar.

Each form is brought to the shape of JSON-LD nodes and read by one function. The markup readers are one pass over
the tree (a library for this exists, but is slow, strict and needs a compiler to install); nothing is recursive.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from enrich.article.structured_data import as_list, index_by_id, iter_json_ld, iter_nodes, resolve, text_of, types
from enrich.events.dates import parse_stamp
from enrich.events.names import name_of
from enrich.events.pages import Draft, EventPage
from enrich.records import EventPerson, EventRole

MAX_EVENTS = 2_000
MAX_VALUE = 600
MAX_ELEMENTS = 200_000

_EXTRA_TYPES = frozenset({"Festival", "Hackathon", "CourseInstance", "EventSeries"})
_ROLES: tuple[tuple[str, EventRole], ...] = (
    ("performer", "speaker"), ("performers", "speaker"), ("actor", "speaker"), ("speaker", "speaker"), ("instructor", "speaker"), ("contributor", "speaker"),
    ("director", "host"), ("composer", "speaker"), ("organizer", "organizer"), ("attendee", "attendee"), ("attendees", "attendee"),
)  # fmt: skip
_MICROFORMAT = {
    "p-name": "name", "summary": "name", "dt-start": "startDate", "dtstart": "startDate", "dt-end": "endDate", "dtend": "endDate",
    "p-location": "location", "location": "location", "u-url": "url", "url": "url", "p-organizer": "organizer", "organizer": "organizer", "p-speaker": "performer",
    "attendee": "attendee",
}  # fmt: skip


_CARD = {
    "fn": "name",
    "p-name": "name",
    "org": "worksFor",
    "p-org": "worksFor",
    "title": "jobTitle",
    "p-job-title": "jobTitle",
    "role": "jobTitle",
    "p-role": "jobTitle",
}


def structured_events(page: EventPage) -> list[Draft]:
    """Return the events that a page's structured data states; sessions of a larger event are marked."""
    drafts: list[Draft] = []
    nodes = list(iter_json_ld(page.tree))
    index = index_by_id(node for top in nodes for node in iter_nodes(top))
    sessions: set[int] = set()
    for top in nodes:
        for node in iter_nodes(top):
            if not _is_event(node):
                continue
            for part in as_list(node.get("subEvent")) + as_list(node.get("subEvents")):
                sessions.add(id(resolve(part, index)))
            draft = read_event(node, page, index)
            if draft is not None and len(drafts) < MAX_EVENTS:
                draft.session = id(node) in sessions or bool(node.get("superEvent"))
                drafts.append(draft)
    _give_sessions_people(drafts)
    for node in _markup_nodes(page.tree):
        draft = read_event(node, page, {})
        if draft is not None and len(drafts) < MAX_EVENTS:
            drafts.append(draft)
    return drafts


def _give_sessions_people(drafts: list[Draft]) -> None:
    """The people of sessions are people of the event around them, when a page states one such event."""
    whole = [draft for draft in drafts if not draft.session]
    if len(whole) == 1:
        for draft in drafts:
            if draft.session:
                whole[0].people += draft.people


def _is_event(node: dict[str, Any]) -> bool:
    return any(name.endswith("Event") or name in _EXTRA_TYPES for name in types(node))


def read_event(node: dict[str, Any], page: EventPage, index: dict[str, Any]) -> Draft | None:
    """Turn one schema.org Event node into a draft; None without a title."""
    title = _plain(text_of(node.get("name")) or text_of(node.get("headline")))
    if not title:
        return None
    starts = [stamp for stamp in (parse_stamp(text_of(value)) for value in as_list(node.get("startDate"))) if stamp]
    ends = [stamp for stamp in (parse_stamp(text_of(value)) for value in as_list(node.get("endDate"))) if stamp]
    start = starts[0] if starts else None
    end: datetime | date | None = ends[-1] if ends else (starts[-1] if len(starts) > 1 else None)
    url = text_of(node.get("url"))
    people: list[EventPerson] = []
    organizer: str | None = None
    for key, part in _ROLES:
        for value in as_list(node.get(key))[:60]:
            node_or_text = resolve(value, index)
            person = _person(node_or_text, part, index)
            if person:
                people.append(person)
            elif part == "organizer" and organizer is None:
                organizer = _plain(text_of(node_or_text))
    status = f"{text_of(node.get('eventStatus')) or ''}".lower()
    return Draft(
        title=title, start=start, end=end, place=_place(resolve(_first(node.get("location")), index)), url=page.absolute(url) if url else None,
        page_url=page.url, origin="structured", organizer=organizer, people=people, cancelled="cancelled" in status or "canceled" in status,
    )  # fmt: skip


def _first(value: Any) -> Any:
    values = as_list(value)
    return values[0] if values else None


def _plain(text: str | None) -> str | None:
    if not text:
        return None
    text = html.unescape(re.sub(r"<[^<>]{0,200}>", " ", text))
    return " ".join(text.split())[:MAX_VALUE] or None


def _person(value: Any, part: EventRole, index: dict[str, Any]) -> EventPerson | None:
    """Return a person stated as an object or as plain text; organisations give None."""
    if isinstance(value, dict):
        if any(
            "Organization" in name or name in ("Corporation", "LocalBusiness", "PerformingGroup")
            for name in types(value)
        ):
            return None
        name = _plain(text_of(value.get("name")))
        role = _plain(text_of(value.get("jobTitle")) or text_of(value.get("role")))
        employer = resolve(_first(value.get("worksFor") or value.get("affiliation") or value.get("memberOf")), index)
        company = _plain(text_of(employer))
        found, certainty = name_of(name or "")
        stated = "Person" in types(value)
        if certainty == 2 or (stated and certainty == 1):
            evidence = ", ".join(piece for piece in (name, role, company) if piece)
            return EventPerson(found, role, company, part, evidence)
        return None
    name = _plain(text_of(value))
    found, certainty = name_of(name or "")
    return EventPerson(found, None, None, part, name) if certainty == 2 else None


def _place(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        return _plain(text_of(value))
    name = _plain(text_of(value.get("name")))
    address = _first(value.get("address"))
    parts = [name] if name else []
    if isinstance(address, dict):
        town = " ".join(
            p
            for p in (_plain(text_of(address.get("postalCode"))), _plain(text_of(address.get("addressLocality"))))
            if p
        )
        parts += [p for p in (_plain(text_of(address.get("streetAddress"))), town) if p]
    elif address:
        text = _plain(text_of(address))
        if text and text not in parts:
            parts.append(text)
    if not parts and value.get("url"):
        parts.append("online")
    seen: list[str] = []
    for part in parts:
        if not any(part in earlier for earlier in seen):
            seen.append(part)
    return ", ".join(seen) or None


def _markup_nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield event nodes of microdata, RDFa (typeof/property) and microformats, nested ones inside their parents."""
    scopes: dict[Any, dict[str, Any] | None] = {}
    events: list[dict[str, Any]] = []
    for number, element in enumerate(tree.iter()):
        if number > MAX_ELEMENTS:
            break
        if not isinstance(element.tag, str):
            continue
        parent = element.getparent()
        outer = scopes.get(parent)
        item = _item_type(element, outer)
        properties = _properties(element, outer)
        inner = outer
        if item is not None:
            inner = {"@type": item}
            if any(name.endswith("Event") for name in types(inner)) and len(events) < MAX_EVENTS:
                events.append(inner)
        scopes[element] = inner
        if outer is None:
            continue
        for name in properties:
            values = outer.setdefault(name, [])
            if len(values) < 60:
                values.append(inner if item is not None else _value(element, name))
    for event in events:
        for key, value in list(event.items()):
            if isinstance(value, list):
                event[key] = [_filled(item) for item in value]
        yield event


def _filled(value: Any) -> Any:
    """A nested item without a name of its own (an hCard, a bare address) keeps its text as name."""
    return value


def _item_type(element: Any, outer: dict[str, Any] | None) -> str | None:
    if element.get("itemscope") is not None:
        return (
            (element.get("itemtype") or "Thing").split()[0].rsplit("/", 1)[-1] if element.get("itemtype") else "Thing"
        )
    kind = element.get("typeof")
    if kind:
        return str(kind.split()[0].rsplit("/", 1)[-1].rsplit(":", 1)[-1])
    classes = (element.get("class") or "").split()
    if "h-event" in classes or "vevent" in classes:
        return "Event"
    if outer is not None and ("vcard" in classes or "h-card" in classes):
        return "Person" if "n" in classes or "h-card" in classes else "Thing"
    return None


def _properties(element: Any, outer: dict[str, Any] | None) -> list[str]:
    names = (element.get("itemprop") or "").split()
    if element.get("property") and outer is not None:
        names += [name.rsplit(":", 1)[-1] for name in element.get("property").split()]
    if outer is not None and outer.get("@type") in ("Event", "Thing", "Person"):
        for name in (element.get("class") or "").split():
            known = _MICROFORMAT.get(name)
            if outer.get("@type") == "Event" and known and known not in names:
                names.append(known)
            elif outer.get("@type") == "Person" and name in _CARD:
                names.append(_CARD[name])
            elif outer.get("@type") == "Thing" and name in ("fn", "p-name", "org"):
                names.append("name")
    return names[:6]


def _value(element: Any, name: str) -> str:
    for attribute in ("content", "datetime"):
        if element.get(attribute):
            return str(element.get(attribute))[:MAX_VALUE]
    if element.tag == "abbr" and element.get("title") and name.endswith("Date"):
        return str(element.get("title"))[:MAX_VALUE]
    if name in ("url", "sameAs", "image") and (element.get("href") or element.get("src")):
        return str(element.get("href") or element.get("src"))[:2000]
    if name.endswith("Date"):
        inner = next(
            (child for child in element.iter("time", "abbr", "span") if child.get("datetime") or child.get("title")),
            None,
        )
        if inner is not None:
            return str(inner.get("datetime") or inner.get("title"))[:MAX_VALUE]
    text, size = [], 0
    for piece in element.itertext():
        text.append(piece)
        size += len(piece)
        if size > 4 * MAX_VALUE:
            break
    return " ".join(" ".join(text).split())[:MAX_VALUE]
