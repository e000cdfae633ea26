"""Reading event sites: calendars, listings, detail pages and speaker pages become events with people."""

from enrich.events.mentions import event_mentions, vanished
from enrich.events.reading import EventReading, read_event_pages

__all__ = ["EventReading", "event_mentions", "read_event_pages", "vanished"]
