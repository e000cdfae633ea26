"""Events in the data that a page's scripts would show: `__NEXT_DATA__`, Nuxt, Inertia and other JSON islands.

Pages that scripts build have no listing in their markup, but often the whole of it as JSON. An object counts as an
event when it has a title and a start, and either an end, a place or people. Each is brought to the shape of a
schema.org node and read like one. Work is bounded: so many bytes of JSON, so many objects; nothing is recursive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from enrich.events.dates import parse_stamp
from enrich.events.pages import Draft, EventPage
from enrich.events.structured import read_event

MAX_BYTES = 4_000_000
MAX_OBJECTS = 60_000
MAX_EVENTS = 500
MAX_SCRIPTS = 60

_STATE = re.compile(
    r"(?:window|self|globalThis)\.(?:__[A-Z_]{3,30}__|__[a-zA-Z]{3,30}|initialState|appData)\s{0,3}=\s{0,3}"
)
_TITLES = ("title", "name", "headline", "eventtitle", "eventname", "titel", "bezeichnung")
_STARTS = (
    "startdate", "startdatetime", "startsat", "startat", "datestart", "start", "begin", "begindate", "beginsat", "beginn",
    "eventstart", "eventdate", "dtstart", "starttime", "date", "datum", "datetime",
)  # fmt: skip
_ENDS = ("enddate", "enddatetime", "endsat", "endat", "dateend", "end", "ende", "eventend", "dtend", "until")
_PLACES = ("location", "venue", "place", "ort", "veranstaltungsort", "address", "city")
_CLOCKS = ("starttime", "time", "uhrzeit", "timestart", "begintime")
_LINKS = ("url", "href", "link", "permalink", "path")
_PEOPLE = {
    "performer": ("speakers", "speaker", "referenten", "referent", "presenters", "presenter", "performers", "panelists", "lecturers"),
    "organizer": ("organizer", "organiser", "organizers", "veranstalter"),
}  # fmt: skip
_ROLES = ("jobtitle", "role", "position", "function", "funktion", "rolle", "jobposition", "title", "subtitle")
_EMPLOYERS = (
    "company",
    "organization",
    "organisation",
    "employer",
    "firma",
    "unternehmen",
    "affiliation",
    "companyname",
)


def island_events(page: EventPage) -> list[Draft]:
    """Return the events of a page's JSON islands; none twice."""
    drafts: dict[tuple[str, str], Draft] = {}
    for island in _islands(page.tree):
        for thing in _objects(island):
            node = _as_node(thing)
            draft = read_event(node, page, {}) if node is not None else None
            if draft is not None and draft.start is not None and len(drafts) < MAX_EVENTS:
                drafts.setdefault((draft.title, str(draft.start)), draft)
    return list(drafts.values())


def _islands(tree: Any) -> Iterator[Any]:
    left = MAX_BYTES
    for number, script in enumerate(tree.iter("script")):
        text = script.text or ""
        if number >= MAX_SCRIPTS or left <= 0:
            break
        kind = (script.get("type") or "").lower()
        if kind == "application/json":
            found = _json(text[:left])
        elif kind in ("", "text/javascript", "module") and (state := _STATE.search(text[:200_000])):
            found = _json(text[state.end() : state.end() + left])
        else:
            continue
        left -= len(text)
        if found is not None:
            yield _hydrated(found) if _is_flat(found) else found
    for element in tree.xpath("//*[@data-page or @data-props or @data-events]")[:MAX_SCRIPTS]:
        for name in ("data-page", "data-props", "data-events"):
            value = element.get(name) or ""
            if value[:1] in "[{" and len(value) <= left and (found := _json(value)) is not None:
                left -= len(value)
                yield found


def _json(text: str) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text.lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _is_flat(found: Any) -> bool:
    """Nuxt writes one list in which numbers inside objects and lists are places of that list."""
    return isinstance(found, list) and len(found) > 3 and any(isinstance(item, dict) for item in found[:10])


def _hydrated(flat: list[Any]) -> list[Any]:
    """Put in place of each number the value that stands there: shared values stay shared, so this is linear."""
    made: list[Any] = [
        {} if isinstance(item, dict) else [] if isinstance(item, list) else item for item in flat[:MAX_OBJECTS]
    ]

    def value(reference: Any) -> Any:
        known = isinstance(reference, int) and not isinstance(reference, bool) and 0 <= reference < len(made)
        return made[reference] if known else reference

    plain = not any(isinstance(v, int) for item in flat[:200] if isinstance(item, dict) for v in item.values())
    if plain:
        return flat
    for item, target in zip(flat, made, strict=False):
        if isinstance(item, dict):
            target.update({key: value(reference) for key, reference in item.items()})
        elif isinstance(item, list):
            target.extend(value(reference) for reference in item)
    return made


def _objects(top: Any) -> Iterator[dict[str, Any]]:
    stack = [top]
    seen: set[int] = set()
    count = 0
    while stack and count < MAX_OBJECTS:
        thing = stack.pop()
        if isinstance(thing, (dict, list)):
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            count += 1
        if isinstance(thing, dict):
            yield thing
            stack.extend(reversed(list(thing.values())))
        elif isinstance(thing, list):
            stack.extend(reversed(thing))


def _key(name: str) -> str:
    return re.sub(r"[^a-z]", "", str(name).lower())


def _text(value: Any) -> str | None:
    """Return a value as text; translations and wrappers ({"de": …}, {"rendered": …}) give their first text."""
    if isinstance(value, dict):
        keys = ("rendered", "de", "en", "value", "text", "iso", "date")
        value = next((value[key] for key in keys if isinstance(value.get(key), str)), None)
    return value.strip() or None if isinstance(value, str) and len(value) < 2000 else None


def _first(keyed: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((keyed[name] for name in names if keyed.get(name) not in (None, "", [], {})), None)


def _as_node(thing: dict[str, Any]) -> dict[str, Any] | None:
    """Return an object as a schema.org Event node; None when it is none."""
    if not 2 <= len(thing) <= 200:
        return None
    keyed = {_key(name): value for name, value in thing.items()}
    title = next((text for name in _TITLES if (text := _text(keyed.get(name)))), None)
    start = next((text for name in _STARTS if (text := _text(keyed.get(name))) and parse_stamp(text)), None)
    if not title or not start:
        return None
    end = next((text for name in _ENDS if (text := _text(keyed.get(name))) and parse_stamp(text)), None)
    place = _first(keyed, _PLACES)
    people = {key: _people(_first(keyed, names)) for key, names in _PEOPLE.items()}
    if not (end or place or people["performer"]):
        return None  # a title with a day alone is a piece of news as well
    clock = next((text for name in _CLOCKS if (text := _text(keyed.get(name)))), None)
    if len(start) == 10 and clock and re.fullmatch(r"[0-2]?\d:[0-5]\d(?::\d\d)?", clock):
        start = f"{start}T{clock.zfill(5)}"
    return {
        "@type": "Event", "name": title, "startDate": start, "endDate": end, "location": _place(place),
        "url": _text(_first(keyed, _LINKS)), "eventStatus": _text(keyed.get("status")) or "", **people,
    }  # fmt: skip


def _place(value: Any) -> Any:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        keyed = {_key(name): inner for name, inner in value.items()}
        return ", ".join(
            text for name in ("name", "title", "street", "address", "zip", "city", "ort") if (text := _text(keyed.get(name)))
        )  # fmt: skip
    return _text(value)


def _people(value: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in (value if isinstance(value, list) else [value])[:60]:
        if isinstance(item, str):
            found.append({"@type": "Person", "name": item})
        if not isinstance(item, dict):
            continue
        keyed = {_key(name): inner for name, inner in item.items()}
        parts = [_text(keyed.get(name)) for name in ("firstname", "lastname")]
        name = _text(keyed.get("name")) or _text(keyed.get("fullname")) or " ".join(part for part in parts if part)
        employer = _first(keyed, _EMPLOYERS)
        if isinstance(employer, dict):
            employer = _text(employer.get("name"))
        role = next((text for key in _ROLES if (text := _text(keyed.get(key))) and text != name), None)
        if name:
            found.append({"@type": "Person", "name": name, "jobTitle": role, "worksFor": _text(employer)})
    return found
