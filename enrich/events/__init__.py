"""Reading event sites: calendars, listings, detail and speaker pages become events with people."""

from enrich.events.mentions import event_mentions
from enrich.events.reading import EventReading, read_event_pages
from enrich.events.vanishing import vanished

__all__ = ["EventReading", "event_mentions", "read_event_pages", "vanished"]
