"""A future event that was known and is gone from its source's pages is cancelled, not forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from enrich.events.dates import day_of
from enrich.events.reading import EventReading


def vanished(known: Mapping[str, datetime | date | None], reading: EventReading, today: date) -> tuple[str, ...]:
    """Return the ids of known events of one source that are cancelled: still to come, but no longer stated.

    `known`: event id to start, as stored for this source. Past events and those without a date just age. When a
    reading is empty nothing is called cancelled: the site may have been down or rebuilt. Events that the source
    itself calls cancelled are in the reading with `cancelled` set.
    """
    if not reading.events:
        return ()
    present = {event.event_id for event in reading.events}
    gone = [identity for identity, start in known.items() if identity not in present and _to_come(start, today)]
    return tuple(sorted(gone))


def _to_come(start: datetime | date | None, today: date) -> bool:
    day = day_of(start)
    return day is not None and day > today
