"""What to say first: one natural sentence from the user's templates, right in name, case, time and tact."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, create_model

import data
from enrich.records import Trigger
from pipeline.scoring.inflection import bei, in_case, in_paper, is_bad_news, von
from pipeline.scoring.triggers import wording
from spiders.definitions import load_file

Language = Literal["de", "en"]
OTHER_OCCASIONS = ("referral", "callback", "neutral")
SLOTS = frozenset(
    ["greeting", "role", "company", "source", "when", "where", "bei", "von", "dat", "acc", "event", "event_when", "referrer",
     "first_name", "surname", "title"]
)  # fmt: skip
_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
_WEEKS = {
    "de": ("einer Woche", "zwei Wochen", "drei Wochen", "vier Wochen"),
    "en": ("a week", "two weeks", "three weeks", "four weeks"),
}
_CHEERS = frozenset(
    ["appointment", "promotion", "succession", "anniversary", "award", "founding", "funding", "expansion"]
)
_HARD = frozenset(["insolvency", "layoffs"])


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an opening line is made of.

    `read_on` is the day of publication, `gender` f, m or unknown, `title` academic titles only, `own_site`: the page is
    the company's own, `evidence` the sentence that is the reason, `referrer` the name of who recommended the person.
    `trigger` is a news reason or one of OTHER_OCCASIONS.
    """

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
    title: str = ""
    role: str = ""
    evidence: str = ""
    own_site: bool = False
    referrer: str = ""


def _slots_known(template: str) -> str:
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ValueError(f"a brace is open or stray ({error}); write slots like {{company}}") from error
    if unknown := sorted(used - SLOTS):
        raise ValueError(f"unknown slot {{{unknown[0]}}}; known are {', '.join(sorted(SLOTS))}")
    return template


Template = Annotated[str, AfterValidator(_slots_known)]


class Greeting(BaseModel):
    """How to greet by gender; `titled` is for languages in which a title stands for the form of address."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    f: Template
    m: Template
    unknown: Template
    nameless: Template = ""
    titled: Template | None = None


OCCASIONS = (*get_args(Trigger), *OTHER_OCCASIONS)
Templates = create_model(
    "Templates", __config__=ConfigDict(extra="forbid", frozen=True), greeting=(Greeting, ...),
    **dict.fromkeys(OCCASIONS, (Template, ...)),
)  # type: ignore[call-overload]  # fmt: skip
Changes = create_model(
    "Changes", __config__=ConfigDict(extra="forbid", frozen=True), greeting=(Greeting | None, None),
    **dict.fromkeys(OCCASIONS, (Template | None, None)),
)  # type: ignore[call-overload]  # fmt: skip


@lru_cache(maxsize=8)
def templates(language: Language, folder: Path | None = None) -> dict[str, str | Greeting]:
    """Return the templates of a language: the shipped ones, changed by `folder`/de.yml or en.yml where it exists.

    Raises DefinitionError that names file, line and key of an unknown trigger or slot.
    """
    shipped = load_file(data.path("openers", f"{language}.yml"), Templates)
    found = {name: getattr(shipped, name) for name in ("greeting", *OCCASIONS)}
    own = folder / f"{language}.yml" if folder else None
    if own and own.is_file():
        changes = load_file(own, Changes)
        found |= {name: value for name in found if (value := getattr(changes, name)) is not None}
    return found


def when(day: date | None, today: date, language: str) -> str:
    """Say a past day as people do: heute, gestern, am Freitag, vor zwei Wochen, am 12. März, am 12. März 2025."""
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
    weeks = round(age / 7)
    if weeks <= 4 and abs(age - 7 * weeks) <= 1:
        words = _WEEKS["de" if german else "en"][weeks - 1]
        return f"vor {words}" if german else f"{words} ago"
    return _dated(day, today, german)


def _dated(day: date, today: date, german: bool) -> str:
    month = _MONTHS["de" if german else "en"][day.month - 1]
    year = f" {day.year}" if day.year != today.year else ""
    return f"am {day.day}. {month}{year}" if german else f"on {day.day} {month}{year}"


def when_future(day: date, today: date, language: str) -> str:
    """Say the day of an event: heute, morgen, am Freitag (this week), am 12. März 2027."""
    german = language != "en"
    ahead = (day - today).days
    if ahead == 0:
        return "heute" if german else "today"
    if ahead == 1:
        return "morgen" if german else "tomorrow"
    month = _MONTHS["de" if german else "en"][day.month - 1]
    return f"am {day.day}. {month} {day.year}" if german else f"on {day.day} {month} {day.year}"


def fitting(occasion: Occasion, today: date) -> str:
    """Return the template that tact and time allow: no event that is over, no cheers under bad news."""
    trigger = occasion.trigger
    if trigger in ("speaker", "host", "attendee") and (
        not occasion.event or (occasion.event_day is not None and occasion.event_day < today)
    ):
        trigger = "mention"
    if trigger == "referral" and not occasion.referrer:
        trigger = "neutral"
    if trigger not in (*OTHER_OCCASIONS, *_HARD) and is_bad_news(occasion.evidence):
        trigger = "neutral" if trigger in _CHEERS else "mention"
    return trigger if trigger in OCCASIONS else "mention"


def opening_line(occasion: Occasion, today: date, folder: Path | None = None) -> str:
    """Fill the template of the occasion; `folder` holds the user's own templates."""
    language: Language = "en" if occasion.language == "en" else "de"
    known = templates(language, folder)
    company = occasion.company or ("Ihrem Haus" if language == "de" else "your company")
    event_when = ""
    if occasion.event_day is not None and occasion.event_day >= today:
        event_when = when_future(occasion.event_day, today, language).replace(f" {today.year}", "")
    slots = {
        "surname": occasion.surname, "first_name": occasion.first_name, "title": _spoken_title(occasion.title, language),
        "role": occasion.role, "company": company, "source": occasion.source, "event": occasion.event or "",
        "event_when": event_when, "referrer": occasion.referrer, "when": when(occasion.read_on, today, language),
        "where": _where(occasion, language),
    }  # fmt: skip
    if language == "de" and occasion.company:
        slots |= {
            "bei": bei(company),
            "von": von(company),
            "dat": in_case(company, "dat"),
            "acc": in_case(company, "acc"),
        }
    elif language == "de":
        slots |= {"bei": "in Ihrem Haus", "von": "von Ihrem Haus", "dat": "Ihrem Haus", "acc": "Ihr Haus"}
    else:
        slots |= {"bei": f"at {company}", "von": f"of {company}", "dat": company, "acc": company}
    greeting = known["greeting"]
    assert isinstance(greeting, Greeting)
    slots["greeting"] = _plain(_greeting(greeting, occasion).format_map(slots))
    template = known[fitting(occasion, today)]
    assert isinstance(template, str)
    return _plain(template.format_map({name: _literal(value) for name, value in slots.items()}))


def _greeting(greeting: Greeting, occasion: Occasion) -> str:
    if not occasion.surname:
        return greeting.nameless
    if occasion.title and greeting.titled is not None:
        return greeting.titled
    if occasion.gender in ("f", "m"):
        return greeting.f if occasion.gender == "f" else greeting.m
    return greeting.unknown if occasion.first_name else greeting.nameless


def _spoken_title(title: str, language: Language) -> str:
    """Return the titles that are said, with a space behind: "Dr. ", "Prof. Dr. ", in English the highest one."""
    said = re.findall(r"\b(?:Prof|Dr)\b", title)
    if not said:
        return ""
    if language == "en":
        return "Professor " if "Prof" in said else "Dr "
    return ("Prof. " if "Prof" in said else "") + ("Dr. " if "Dr" in said else "")


def _where(occasion: Occasion, language: Language) -> str:
    if occasion.own_site:
        return "auf Ihrer Internetseite" if language == "de" else "on your website"
    if not occasion.source:
        return "in der Presse" if language == "de" else "in the press"
    return in_paper(occasion.source, language == "de")


def _literal(value: str) -> str:
    """Page text is data: one line, printable."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _plain(sentence: str) -> str:
    """Close the gaps that empty slots leave."""
    return re.sub(r"\s+([,.!?])", r"\1", " ".join(sentence.split()))


def reason_words(occasion: Occasion, today: date) -> str:
    """Say why now: "neue Aufgabe (Lindenauer Tagblatt, gestern)"."""
    german = occasion.language != "en"
    if occasion.trigger == "referral":
        stamp = when(occasion.read_on, today, occasion.language)
        who = f"Empfehlung von {occasion.referrer}" if german else f"recommended by {occasion.referrer}"
        return f"{who} ({stamp})"
    if occasion.trigger == "callback":
        return "Rückruf vereinbart" if german else "call back as agreed"
    if occasion.trigger == "neutral":
        return ""
    if occasion.own_site and occasion.trigger == "mention":
        return "genannt auf der eigenen Internetseite" if german else "named on the company's own website"
    what = wording(occasion.trigger, occasion.language)
    if occasion.event:
        day = f", {when_future(occasion.event_day, today, occasion.language)}" if occasion.event_day else ""
        return f"{what}: {occasion.event}{day}"
    stamp = when(occasion.read_on, today, occasion.language)
    source = occasion.source or ("eigene Internetseite" if german else "own website")
    return f"{what} ({source}, {stamp})"
