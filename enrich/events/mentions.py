"""People of events as mentions: a person with a company, and the event as the reason to call."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.events.dates import day_of
from enrich.records import EventListing, EventPerson, Mention, OrgKind, Trigger, content_id
from enrich.roles import role_level

_TRIGGERS: dict[str, Trigger] = {
    "speaker": "speaker",
    "host": "host",
    "organizer": "host",
    "contact": "host",
    "attendee": "attendee",
}
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
            if person.evidence and person.company not in person.evidence:
                # a card: name, role and company on lines of their own
                evidence = " / ".join(dict.fromkeys(p for p in (person.evidence, person.role, person.company) if p))
            mentions.setdefault(
                identity,
                Mention(
                    mention_id=identity, page_url=url, person=person.name, role=person.role, role_level=role_level(person.role or ""), company=person.company,
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
