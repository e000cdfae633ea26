"""People of events as mentions: a person with a company, and the event as the reason to call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from enrich.events.dates import day_of
from enrich.events.names import fold, has_organisation
from enrich.records import EventListing, EventPerson, Mention, OrgKind, RoleLevel, Trigger, content_id

_TRIGGERS: dict[str, Trigger] = {"speaker": "speaker", "host": "host", "organizer": "host", "contact": "host", "attendee": "attendee"}
_KINDS: tuple[tuple[OrgKind, re.Pattern[str]], ...] = (
    ("education", re.compile(r"\b(?:uni|universit\w+|\w*hochschule|hs|fh|tu|th|eth|college|school|schule|\w*institut|institute|akademie|academy|faculty)\b", re.I)),
    ("association", re.compile(r"\b(?:\w*verband|\w*kammer|ihk|hwk|innung|chamber|association|federation|union|gewerkschaft|society|council|stiftung|foundation)\b", re.I)),
    ("public", re.compile(r"\b(?:stadt|gemeinde|landkreis|kanton|ministerium|ministry|bundes\w*amt|\w*amt|agentur für arbeit|authority|commission|court|branch|city of|polizei|regierung\w*|landratsamt)\b", re.I)),
    ("party", re.compile(r"\b(?:cdu|csu|spd|fdp|afd|grüne|bsw|svp|övp|spö)\b", re.I)),
    ("club", re.compile(r"\be\.\s?v\.|\b(?:verein|club|\w*gruppe e\.v|user group|usergroup|meetup)\b", re.I)),
    ("media", re.compile(r"\b(?:\w*zeitung|radio|rundfunk|verlag|press|magazin|tv|medien)\b", re.I)),
)  # fmt: skip


def event_mentions(events: Sequence[EventListing], page_url: str) -> tuple[Mention, ...]:
    """Return a mention for every person of the events who has a company; each person, company and event once.

    `page_url` is used where an event has no address of its own. `trigger_date` is the event's day, `place` the
    event's place; `section` is "structured" where the evidence is no text of the page, else "list".
    """
    mentions: dict[str, Mention] = {}
    for event in events:
        for person in event.people:
            if not person.company:
                continue
            url = event.url or page_url
            day = day_of(event.start)
            identity = content_id(url, person.name, person.company, person.as_, event.event_id)
            evidence = person.evidence or f"{person.name}, {person.company}"
            mentions.setdefault(
                identity,
                Mention(
                    mention_id=identity, page_url=url, person=person.name, role=person.role, role_level=_level(person.role), company=person.company,
                    org_kind=_kind(person.company), place=event.place, trigger=_TRIGGERS[person.as_], trigger_date=day, former=_former(person),
                    evidence=evidence, section="structured" if person.evidence is None else "list", confidence=0.85 if person.role else 0.75,
                ),
            )  # fmt: skip
    return tuple(mentions.values())


def _former(person: EventPerson) -> bool:
    return bool(person.role and re.match(r"(?:former|ehemalig\w*|früher\w*|ex-|alt-)\b", person.role, re.I))


def _kind(company: str) -> OrgKind:
    for kind, pattern in _KINDS:
        if pattern.search(company):
            return kind
    return "company"


def _level(role: str | None) -> RoleLevel:
    if not role:
        return "unknown"
    try:
        from enrich.nlp.roles import role_level  # noqa: PLC0415 - the language pipeline is heavy and only used here
    except ImportError:
        return "unknown"
    level: RoleLevel = role_level(role)
    return level


def vanished(known: dict[str, datetime | date | None], events: Sequence[EventListing], today: date) -> tuple[str, ...]:
    """Return the ids of known events that are cancelled: still to come, but no longer on the source's pages.

    `known`: event id to start, as stored for this source. Past events and those without a date just age. When a
    reading is empty nothing is called cancelled: the site may have been down or rebuilt.
    """
    if not events:
        return ()
    present = {event.event_id for event in events}
    titles = {(fold(event.title), day_of(event.start)) for event in events}
    del titles
    gone = []
    for identity, start in known.items():
        day = day_of(start)
        if day is not None and day > today and identity not in present:
            gone.append(identity)
    return tuple(sorted(gone))


__all__ = ["event_mentions", "has_organisation", "vanished"]
