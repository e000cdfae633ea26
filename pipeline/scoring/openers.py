"""What to say first: one natural sentence from the user's templates, right in name, time and tact."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date

import yaml

import data
from pipeline.scoring.triggers import wording

_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an opening line is made of; `read_on` is the day of publication, `gender` f, m or unknown."""

    trigger: str
    language: str
    first_name: str
    surname: str
    gender: str
    company: str
    source: str
    read_on: date | None
    event: str | None
    event_day: date | None


@functools.cache
def _templates(language: str) -> dict[str, object]:
    loaded = yaml.safe_load(data.path("openers", f"{language}.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def when(day: date | None, today: date, language: str) -> str:
    """Say a day as people do: heute, gestern, am Freitag, am 12. März, am 12. März 2025."""
    german = language != "en"
    if day is None or day > today:
        return "kürzlich" if german else "recently"
    age = (today - day).days
    if age == 0:
        return "heute" if german else "today"
    if age == 1:
        return "gestern" if german else "yesterday"
    if age < 7:
        name = _WEEKDAYS["de" if german else "en"][day.weekday()]
        return f"am {name}" if german else f"on {name}"
    month = _MONTHS["de" if german else "en"][day.month - 1]
    year = f" {day.year}" if day.year != today.year else ""
    return f"am {day.day}. {month}{year}" if german else f"on {day.day} {month}{year}"


def opening_line(occasion: Occasion, today: date) -> str:
    """Fill the template of the trigger; an event that is over or unknown falls back to a plain reason."""
    language = "en" if occasion.language == "en" else "de"
    templates = _templates(language)
    trigger = occasion.trigger
    if trigger in ("speaker", "host", "attendee") and (
        not occasion.event or (occasion.event_day is not None and occasion.event_day < today)
    ):
        trigger = "mention"
    greetings = templates["greeting"]
    assert isinstance(greetings, dict)
    gender = occasion.gender if occasion.gender in ("f", "m") else "unknown"
    slots = {
        "surname": occasion.surname, "first_name": occasion.first_name, "company": occasion.company,
        "source": occasion.source, "event": occasion.event or "", "when": when(occasion.read_on, today, language),
    }  # fmt: skip
    greeting = " ".join(str(greetings[gender]).format_map(slots).split())
    return str(templates[trigger]).format_map({**slots, "greeting": greeting, "role": ""})


def reason_words(occasion: Occasion, today: date) -> str:
    """Say why now: "neue Aufgabe, gelesen gestern in ..."."""
    what = wording(occasion.trigger, occasion.language)
    if occasion.event:
        day = f", {when_future(occasion.event_day, today, occasion.language)}" if occasion.event_day else ""
        return f"{what}: {occasion.event}{day}"
    stamp = when(occasion.read_on, today, occasion.language)
    return f"{what} ({occasion.source}, {stamp})"


def when_future(day: date, today: date, language: str) -> str:
    """Say the day of an event."""
    german = language != "en"
    month = _MONTHS["de" if german else "en"][day.month - 1]
    if (day - today).days == 1:
        return "morgen" if german else "tomorrow"
    if day == today:
        return "heute" if german else "today"
    return f"am {day.day}. {month} {day.year}" if german else f"on {day.day} {month} {day.year}"
