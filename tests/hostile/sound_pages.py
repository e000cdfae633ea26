"""Pages as sites really write them, with invented people: what stands between hostile ones, and what is mutated."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

GIVEN = (
    "Eva",
    "Nils",
    "Jürgen",
    "Katrin",
    "Ulrich",
    "Birgit",
    "Stefan",
    "Anja",
    "Matthias",
    "Claudia",
    "Oliver",
    "Silke",
)
SURNAMES = (
    "Maurer", "Petersen", "Hollmann", "Seidel", "Brandt", "Krüger", "Vogel", "Lindner", "Schröder", "Albrecht", "Ziegler",
    "Heinrich", "Ludwig", "Simon", "Winkler", "Haas", "Schubert", "Engel", "Pfeiffer", "Arnold",
)  # fmt: skip
TRADES = ("Landtechnik", "Maschinenbau", "Pumpen", "Systeme", "Logistik", "Medizintechnik", "Werkzeugbau", "Elektronik")
TOWNS = ("Lindenau", "Altwied", "Bergheim", "Neustadt", "Hohenfels")


def person(number: int) -> str:
    """Return the name of the sound page `number`; names repeat only after 240 numbers."""
    return f"{GIVEN[number % 12]} {SURNAMES[(number // 12) % 20]}"


def firm(number: int) -> str:
    """Return the company of the sound page `number`."""
    return f"{SURNAMES[(number * 7 + 3) % 20]} {TRADES[(number // 3) % 8]} GmbH"


def article(number: int) -> bytes:
    """A news article about a new managing director."""
    who, where, town = person(number), firm(number), TOWNS[number % 5]
    stamp = (datetime.now(UTC) - timedelta(hours=number % 48)).isoformat(timespec="seconds")
    linked = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": f"{where} mit neuer Spitze",
        "datePublished": stamp, "author": {"@type": "Person", "name": "Redaktion"},
    }  # fmt: skip
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{where} mit neuer Spitze</title>'
        f'<meta property="article:published_time" content="{stamp}">'
        f'<script type="application/ld+json">{json.dumps(linked, ensure_ascii=False)}</script></head><body><nav><a href="/">Start</a></nav>'
        f"<article><h1>{where} mit neuer Spitze</h1><p>{town}. Die {where} hat einen neuen Geschäftsführer. "
        f"{who} ist neuer Geschäftsführer der {where}.</p>"
        f"<p>„Wir freuen uns auf die Aufgabe“, sagte Geschäftsführer {who} am Montag in {town} vor der Belegschaft.</p>"
        "<p>Das Unternehmen beschäftigt 40 Menschen und baut Geräte für die Landwirtschaft. Der Umsatz stieg um 4 Prozent.</p>"
        f'<figure><img src="a.jpg" alt=""><figcaption>{who} (links) mit Bürgermeisterin Rita Busch. Foto: privat</figcaption></figure>'
        "</article><footer><a href='/impressum'>Impressum</a></footer></body></html>"
    ).encode()


def event(number: int) -> bytes:
    """A page of one event with schema.org data, a place and a speaker."""
    who, where, town = person(number), firm(number), TOWNS[number % 5]
    start = (datetime.now(UTC) + timedelta(days=5 + number % 90)).replace(hour=17, minute=0, second=0, microsecond=0)
    linked = {
        "@context": "https://schema.org", "@type": "BusinessEvent", "name": f"Unternehmerabend Nr. {number} in {town}",
        "startDate": start.isoformat(), "endDate": (start + timedelta(hours=3)).isoformat(),
        "location": {"@type": "Place", "name": f"Stadthalle {town}", "address": f"Markt 1, 01234 {town}"},
        "organizer": {"@type": "Organization", "name": f"Wirtschaftsverein {town} e. V."},
        "performer": {"@type": "Person", "name": who, "jobTitle": "Geschäftsführer", "worksFor": {"@type": "Organization", "name": where}},
    }  # fmt: skip
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Unternehmerabend Nr. {number}</title>'
        f'<script type="application/ld+json">{json.dumps(linked, ensure_ascii=False)}</script></head><body>'
        f"<h1>Unternehmerabend Nr. {number} in {town}</h1><p>{start.day}.{start.month}.{start.year}, 18 Uhr, Stadthalle {town}</p>"
        f"<p>Referent: {who}, Geschäftsführer der {where}</p></body></html>"
    ).encode()


def calendar(number: int, events: int = 5) -> bytes:
    """An iCalendar file with single and weekly events."""
    start = datetime.now(UTC) + timedelta(days=3)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Verein//DE"]
    for n in range(events):
        stamp = (start + timedelta(days=n)).strftime("%Y%m%dT170000Z")
        lines += [
            "BEGIN:VEVENT", f"UID:{number}-{n}@verein.example", f"DTSTART:{stamp}", f"SUMMARY:Vortrag {number}-{n} mit {person(number + n)}",
            f"LOCATION:Stadthalle {TOWNS[n % 5]}", f"DESCRIPTION:Referent: {person(number + n)}\\, Geschäftsführer der {firm(number + n)}",
            *(["RRULE:FREQ=WEEKLY;COUNT=8"] if n % 3 == 0 else []), "END:VEVENT",
        ]  # fmt: skip
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


def listing(number: int, cards: int = 12) -> bytes:
    """A listing of events as cards."""
    today = datetime.now(UTC)
    rows = "".join(
        f'<div class="event-card"><h3><a href="/e/{number}-{n}">Forum {number}-{n}: Zukunft der {TRADES[n % 8]}</a></h3>'
        f'<span class="date">{(today + timedelta(days=n + 2)):%d.%m.%Y}</span><span class="place">{TOWNS[n % 5]}</span>'
        f"<p>mit {person(number + n)}, Geschäftsführer der {firm(number + n)}</p></div>"
        for n in range(cards)
    )
    return f'<!doctype html><html lang="de"><head><title>Veranstaltungen</title></head><body><h1>Veranstaltungen</h1>{rows}</body></html>'.encode()


def imprint(number: int) -> bytes:
    """The Impressum of a company."""
    who, where, town = person(number), firm(number), TOWNS[number % 5]
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Impressum - {where}</title></head><body><h1>Impressum</h1>'
        f"<p>{where}<br>Industriestraße {number % 90 + 1}<br>{10000 + number % 80000} {town}</p>"
        f"<p>Telefon: +49 361 {5550000 + number % 9999}<br>Telefax: +49 361 {5560000 + number % 9999}<br>"
        f"E-Mail: info(at){SURNAMES[number % 20].lower().replace('ü', 'ue').replace('ö', 'oe')}-{number}.example</p>"
        f"<p>Geschäftsführer: {who}</p><p>Amtsgericht Jena, HRB {10000 + number}</p><p>USt-IdNr.: DE136695976</p></body></html>"
    ).encode()


def team(number: int) -> bytes:
    """A team page in cards."""
    cards = "".join(
        f'<li class="member"><h4>{person(number + n)}</h4><p>Leiter {TRADES[n % 8]}</p><a href="tel:+49361555{n:04d}">Anruf</a></li>'
        for n in range(15)
    )
    return f"<!doctype html><html lang=de><title>Team</title><h1>Unser Team</h1><ul>{cards}</ul></html>".encode()


def english(number: int) -> bytes:
    """An English news article."""
    who, where = person(number), f"{SURNAMES[number % 20]} Robotics Ltd"
    return (
        f'<!doctype html><html lang="en"><head><title>{where} names managing director</title></head><body><article><h1>{where} names '
        f"managing director</h1><p>{where} has appointed {who} as managing director, the company said on Monday.</p><p>“I look forward to "
        f"working with the team,” said {who}, managing director of {where}.</p><p>The company employs 40 people and makes pumps for farms.</p>"
        "</article></body></html>"
    ).encode()


BASES = {
    "news": (article, english), "event": (event, listing, calendar), "company": (imprint, team),
}  # fmt: skip


def base(kind: str, chance: random.Random) -> bytes:
    """Return some sound page of a kind."""
    return chance.choice(BASES[kind])(chance.randrange(240))  # type: ignore[operator]
