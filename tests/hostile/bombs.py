"""Pages that try to take a reader's time or memory: depth, length, number, cycles, rules without end.

Every bomb takes a seeded source of chance, so that repeats differ in size; the sizes are those of real attacks and
accidents, up to the page limit of a crawl.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.hostile.sound_pages import article, firm, imprint, listing, person

Bomb = Callable[[random.Random], str | bytes]
FACT = f"<p>{person(1)}, Geschäftsführer der {firm(1)}, stellte am Montag in Altwied die Zahlen des Jahres vor.</p>"
_LD = '<script type="application/ld+json">'


def _page(inner: str, head: str = "") -> str:
    return f'<!doctype html><html lang="de"><head><title>Seite</title>{head}</head><body><article><h1>Nachricht</h1>{inner}</article></body></html>'


def _names(chance: random.Random, count: int) -> list[str]:
    start = chance.randrange(240)
    return [f"Dr. {person(start + n)}, Geschäftsführer der {firm(start + n)}" for n in range(count)]


def entities(depth: int = 60, doc: str = "x") -> str:
    """A document type whose entities double at each step (billion laughs) or name a local file."""
    rows = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, depth))
    return f'<!DOCTYPE {doc} [<!ENTITY a0 "ha"><!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY net SYSTEM "http://169.254.169.254/x">{rows}]>'


NEWS: dict[str, Bomb] = {
    "100,000 nested boxes": lambda r: "<div>" * 100_000 + FACT,
    "nested inline": lambda r: "<span><b><i>x " * 40_000 + FACT,
    "nested lists": lambda r: "<ul><li>a" * r.randrange(5_000, 30_000) + FACT,
    "nested tables": lambda r: "<table><tr><td>a" * r.randrange(3_000, 20_000) + FACT,
    "nested quotes": lambda r: "<blockquote>text " * 20_000 + FACT,
    "closing tags only": lambda r: "</div></p></b>" * 150_000 + FACT,
    "10 MB in one line": lambda r: _page("<p>" + "wort " * 1_990_000 + FACT),
    "10 MB of facts": lambda r: _page((FACT + "\n") * 80_000)[:9_900_000],
    "10 MB of one letter": lambda r: "a" * 9_900_000,
    "10 MB of capitals": lambda r: _page("<p>" + "Herr Koch " * 900_000),
    "sentence without end": lambda r: _page("<p>" + ", ".join(_names(r, 6_000)) + "</p>"),
    "sentence without verbs or stops": lambda r: _page("<p>" + " ".join(f"{person(n)} {firm(n)}" for n in range(9_000)) + "</p>"),
    "thousands of leads": lambda r: _page("".join(f"<p>{line} ist neuer Vorstand.</p>" for line in _names(r, 3_000))),
    "thousands of captions": lambda r: _page(f"<figure><figcaption>{person(3)}, links im Bild</figcaption></figure>" * 5_000 + FACT * 5),
    "lists of names": lambda r: _page("<ul>" + "".join(f"<li>{line}</li>" for line in _names(r, 8_000)) + "</ul>"),
    "legal forms": lambda r: _page("<p>" + "Koch GmbH & Co. KG aA mbH AG SE e. V. " * 20_000),
    "roles": lambda r: _page("<p>" + "Geschäftsführer Vorstandsvorsitzender Leiter Chef Inhaber " * 12_000),
    "titles": lambda r: _page("<p>" + "Prof. Dr. Dr. h. c. mult. Dipl.-Ing. " * 15_000 + "Koch</p>"),
    "hyphens": lambda r: _page("<p>" + "-".join(["Müller"] * 60_000) + " GmbH</p>"),
    "quotes": lambda r: _page("<p>" + "„“»«\"'" * 100_000 + "sagte Koch</p>"),
    "brackets": lambda r: _page("<p>" + "(" * 150_000 + "Koch" + ")" * 150_000),
    "short dates": lambda r: _page("".join("<div>1.1.2020</div>" for _ in range(20_000)) + FACT),
    "date bait": lambda r: _page("<p>" + "1.1.1.1.1.1." * 50_000 + "2024-" * 50_000),
    "white space": lambda r: _page("<p>a" + " \t\n\xa0" * 800_000 + "b</p>"),
    "dots": lambda r: _page("<p>" + "." * 300_000 + " " + ". " * 200_000),
    "combining signs": lambda r: _page("<p>K" + "\u0301\u0308\u0323" * 100_000 + "och</p>"),
    "unseen signs": lambda r: _page("<p>" + "\u200b\u202e\u2066\u00ad\ufeff" * 100_000 + "Koch</p>"),
    "faces": lambda r: _page("<p>" + "👩‍👩‍👧‍👦" * 60_000),
    "comments without end": lambda r: "<!-- " * 300_000 + FACT,
    "tags without end": lambda r: "<b " * 900_000,
    "attributes without end": lambda r: "<a " + "x=y " * 600_000 + ">" + FACT,
    "quotes without end": lambda r: '<a href="' * 300_000,
    "long class": lambda r: f'<div class="{"teaser " * 600_000}">x</div>' + FACT,
    "many classes": lambda r: _page("".join(f'<div class="{"article-body content " * 30}">x</div>' for _ in range(8_000)) + FACT),
    "meta elements": lambda r: _page(FACT, '<meta name="author" content="Koch"><meta property="og:title" content="T">' * 60_000),
    "links": lambda r: _page(FACT + "".join(f'<a href="http://h{n}.example/a-b-c-{n}">Müller ruft an {n}</a> ' for n in range(40_000))),
    "scripts": lambda r: _page(FACT + f'{_LD}{{"@type":"Person","name":"Koch"}}</script>' * 30_000),
    "title of separators": lambda r: "<title>" + "a - | : " * 200_000 + "</title>" + FACT,
    "heading of everything": lambda r: "<h1>" * 30_000 + "x" * 100_000 + FACT,
    "entities": lambda r: entities() + f"<p>&a59;&file;&net;</p>{FACT}",
    "xml with entities": lambda r: '<?xml version="1.0"?>' + entities(doc="html") + f'<html xmlns="http://www.w3.org/1999/xhtml"><body>&a59;&file;{FACT}</body></html>',
    "references": lambda r: _page("<p>" + "&amp;&auml;&#x1b;&#0;&#xD800;&nosuch;" * 60_000 + FACT),
    "huge structured data": lambda r: _page(FACT, _LD + "[" + ",".join('{"@type":"Person","name":"Eva Maurer","jobTitle":"Chefin","worksFor":{"name":"M GmbH"}}' for _ in range(80_000)) + "]</script>"),
    "nested structured data": lambda r: _LD + '{"author":' * 100_000 + "</script>" + FACT,
    "nested lists of data": lambda r: _LD + "[" * 200_000 + "]" * 200_000 + "</script>" + FACT,
    "cyclic data": lambda r: _page(FACT, _LD + '{"@graph":[' + ",".join(f'{{"@id":"#{n}","@type":["Article","Person"],"name":"N{n}","author":{{"@id":"#{(n + 1) % 3000}"}},"worksFor":{{"@id":"#{n}"}},"employee":[{{"@id":"#{(n * 7) % 3000}"}},{{"@id":"#{(n * 11) % 3000}"}}]}}' for n in range(3000)) + "]}</script>"),
    "numbers of data": lambda r: _page(FACT, _LD + '{"@type":"Article","datePublished":' + "9" * 500_000 + ',"headline":1e999}</script>'),
    "frames and forms": lambda r: "<frameset><frame><plaintext><textarea><select>" + "<option>Koch" * 80_000 + FACT,
    "templates": lambda r: "<template><noscript><svg><math><style>" * 20_000 + FACT,
    "CDATA": lambda r: "<![CDATA[" * 200_000 + FACT,
    "base and refresh": lambda r: _page(FACT, '<base href="javascript:alert(1)"><meta http-equiv="refresh" content="9;url=/">' * 2_000),
    "NUL bytes": lambda r: article(r.randrange(240)).replace(b" ", b"\x00 "),
    "UTF-16 without mark": lambda r: article(r.randrange(240)).decode().encode("utf-16-be"),
    "UTF-32": lambda r: article(r.randrange(240)).decode().encode("utf-32"),
    "noise": lambda r: r.randbytes(3_000_000),
    "noise of letters": lambda r: bytes(r.choices(range(32, 127), k=2_000_000)),
    "an archive": lambda r: b"PK\x03\x04" + r.randbytes(500_000),
    "all languages": lambda r: _page("<p>" + "".join(chr(c) for c in range(33, 0x3000) if not 0xD800 <= c < 0xE000) * 40),
}  # fmt: skip


def _ics(*parts: str, head: str = "") -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\n" + head + "".join(parts) + "END:VCALENDAR\r\n"


def _vevent(number: int, *lines: str, start: str | None = None) -> str:
    stamp = start or (datetime.now(UTC) + timedelta(days=number % 300)).strftime("%Y%m%dT170000Z")
    inner = "".join(f"{line}\r\n" for line in lines)
    return f"BEGIN:VEVENT\r\nUID:{number}@x\r\nDTSTART:{stamp}\r\nSUMMARY:Vortrag {number}: {person(number)}\r\n{inner}END:VEVENT\r\n"


RULES = (
    "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=1", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=7", "FREQ=MONTHLY;BYDAY=5FR;BYMONTHDAY=31;BYMONTH=2", "FREQ=WEEKLY;UNTIL=99991231T235959Z",
    "FREQ=DAILY;BYSETPOS=366;BYDAY=MO", "FREQ=YEARLY;BYYEARDAY=366;BYWEEKNO=1;BYDAY=SU", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;INTERVAL=999",
    "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))), "FREQ=WEEKLY;BYDAY=" + "MO," * 20_000,
    "FREQ=MONTHLY;INTERVAL=1000;BYDAY=-5MO", "FREQ=YEARLY;INTERVAL=1000", "RRULE:FREQ=DAILY", "FREQ=NEVER", "COUNT=5", "",
    "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=4,6,9,11", "FREQ=MONTHLY;BYSETPOS=31;BYDAY=MO", "FREQ=YEARLY;BYEASTER=0", "FREQ=DAILY;UNTIL=00010101",
)  # fmt: skip

EVENTS: dict[str, Bomb] = {
    "calendar of 200,000 events": lambda r: _ics(*(_vevent(n) for n in range(90_000)))[:9_500_000].encode(),
    "calendar of 200,000 short events": lambda r: "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:A\nEND:VEVENT\n" * 190_000,
    "recurrences without end": lambda r: _ics(*(_vevent(n, f"RRULE:{RULES[n % len(RULES)]}") for n in range(200))),
    "old recurrences": lambda r: _ics(*(_vevent(n, "RRULE:FREQ=DAILY", start="19700101T080000Z") for n in range(1_000))),
    "rare recurrences": lambda r: _ics(*(_vevent(n, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU,MO", start="19700101") for n in range(300))),
    "many rules in one": lambda r: _ics(_vevent(1, *(f"RRULE:{RULES[n % len(RULES)]}" for n in range(3_000)))),
    "exceptions": lambda r: _ics(_vevent(1, "RRULE:FREQ=DAILY", *("EXDATE:" + ",".join(["20270101T170000Z"] * 500) for _ in range(300)))),
    "changes of one series": lambda r: _ics(_vevent(1, "RRULE:FREQ=DAILY"), *(_vevent(1, f"RECURRENCE-ID:2027{n % 12 + 1:02}{n % 28 + 1:02}T170000Z") for n in range(8_000))),
    "folded letter by letter": lambda r: "".join(f"{sign}\r\n " for sign in _ics(_vevent(1, "DESCRIPTION:" + "x" * 200_000))),
    "calendar in one line": lambda r: "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:" + "Vortrag von Koch: " * 500_000,
    "nested calendars": lambda r: "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" * 100_000,
    "nested alarms": lambda r: _ics("BEGIN:VEVENT\r\nDTSTART:20270101\r\nSUMMARY:A\r\n" + "BEGIN:VALARM\r\n" * 100_000),
    "parameters": lambda r: _ics("BEGIN:VEVENT\r\nDTSTART;" + ";".join(f"X{n}=\"a;b:c\"" for n in range(60_000)) + ":20270101\r\nSUMMARY:A\r\nEND:VEVENT\r\n"),
    "attendees": lambda r: _ics(_vevent(1, *(f"ATTENDEE;CN={person(n)}:mailto:a{n}@b.example" for n in range(60_000)))),
    "time zones": lambda r: _ics(*("BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nDTSTART:00010101T000000\r\nTZOFFSETFROM:+9999\r\nTZOFFSETTO:-9999\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" for _ in range(2_000)), _vevent(1)),
    "impossible days": lambda r: _ics(*(_vevent(n, start=s) for n, s in enumerate(("00000000", "99999999T999999Z", "00010101T000000Z", "99991231T235959Z", "20270230", "2027", "-1", "20270101T", "٢٠٢٧٠١٠١", "20270101T246060Z")))),
    "impossible lengths": lambda r: _ics(*(_vevent(n, f"DURATION:{d}") for n, d in enumerate(("P999999999W", "PT" + "9" * 4_000 + "S", "-P1D", "P", "PT1X", "P1Y2M")))),
    "huge structured events": lambda r: _page("", _LD + "[" + ",".join(f'{{"@type":"Event","name":"Forum {n}","startDate":"2027-0{n % 9 + 1}-11T10:00","performer":{{"@type":"Person","name":"{person(n)}"}}}}' for n in range(40_000)) + "]</script>"),
    "nested sub-events": lambda r: _page("", _LD + '{"@type":"Event","name":"F","startDate":"2027-01-01","subEvent":' * 800 + "1" + "}" * 800 + "</script>"),
    "cyclic events": lambda r: _page("", _LD + '{"@graph":[' + ",".join(f'{{"@id":"#{n}","@type":"Event","name":"Forum {n}","startDate":"2027-01-01","superEvent":{{"@id":"#{(n + 1) % 900}"}},"subEvent":[{{"@id":"#{(n * 3) % 900}"}},{{"@id":"#{n}"}}],"performer":{{"@id":"#{n}"}}}}' for n in range(900)) + "]}</script>"),
    "impossible structured days": lambda r: _page("", _LD + "[" + ",".join(f'{{"@type":"Event","name":"Forum {n}","startDate":{d}}}' for n, d in enumerate(('"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-12:00"', '"2027-02-30"', "1e400", "[[]]", '"2027-01-01T25:61"', '"20270101T99"', "99999999999999999999", "{}", '"\\ud800"'))) + "]</script>"),
    "nested microdata": lambda r: _page('<div itemscope itemtype="https://schema.org/Event"><span itemprop="name">F</span><time itemprop="startDate" datetime="2027-01-01">' * 3_000),
    "flat microdata": lambda r: _page('<div itemscope itemtype="https://schema.org/Event"><b itemprop="name">Forum</b><i itemprop="startDate" content="2027-03-04"></i><i itemprop="performer">Eva Maurer</i></div>' * 8_000),
    "nested microformats": lambda r: _page('<div class="h-event vevent"><span class="p-name summary">F</span><time class="dt-start" datetime="2027-01-01">' * 3_000),
    "listing of 20,000 cards": lambda r: listing(r.randrange(240), 20_000),
    "table of dates": lambda r: _page("<table>" + "<tr><td>1.2.2027</td><td>18 Uhr</td><td>Forum</td><td>Eva Maurer</td></tr>" * 20_000 + "</table>"),
    "dates in one line": lambda r: _page("<p>" + "1.2.2027 bis 3.4.2027, 18-20 Uhr, " * 20_000),
    "month names": lambda r: _page("<p>" + "Januar Februar 12. März und 13. und 14. und " * 20_000),
    "speakers": lambda r: _page("<h2>Referenten</h2>" + "".join(f"<div><h3>{person(n)}</h3><p>{firm(n)}, Geschäftsführer und Vorstand</p></div>" for n in range(15_000))),
    "speakers in one line": lambda r: _page("<h2>Referenten</h2><p>" + "; ".join(_names(r, 15_000))),
    "biographies": lambda r: _page("<h2>Referenten</h2>" + "".join(f"<p>{person(n)} ist Geschäftsführer der {firm(n)}. Er studierte in Jena, war bei der {firm(n + 1)} und leitet heute das Werk.</p>" for n in range(8_000))),
    "table of attendees": lambda r: ("Name;Firma;Funktion\n" + "".join(f"{person(n)};{firm(n)};Leiter\n" for n in range(200_000)))[:9_000_000],
    "unclosed quote in a table": lambda r: 'Name;Firma\n"' + "a;b\n" * 500_000,
}  # fmt: skip

COMPANIES: dict[str, Bomb] = {
    "phone numbers": lambda r: _page("<h1>Impressum</h1>" + "".join(f"<p>Telefon: +49 361 {r.randrange(10**6, 10**7)}</p>" for _ in range(30_000))),
    "digits without end": lambda r: _page("<h1>Impressum</h1><p>Telefon: " + "0361 / 55 50 12 - " * 60_000),
    "one number without end": lambda r: _page("<h1>Impressum</h1><p>Telefon: " + "5" * 900_000),
    "separators of numbers": lambda r: _page("<h1>Impressum</h1><p>Tel. " + "+49 (0) - / . " * 80_000),
    "hidden mails": lambda r: _page("<h1>Kontakt</h1>" + "".join(f"<p>info [at] firma{n} (punkt) example</p>" for n in range(30_000))),
    "mail bait": lambda r: _page("<h1>Kontakt</h1><p>" + "a.b-c_d" * 100_000 + "@" + "x.y-z" * 100_000),
    "signs of mails": lambda r: _page("<h1>Kontakt</h1><p>" + "@.@(at)[dot] " * 80_000),
    "addresses": lambda r: _page("<h1>Impressum</h1>" + "".join(f"<p>Industriestraße {n}<br>{10000 + n} Altwied</p>" for n in range(15_000))),
    "addresses in one line": lambda r: _page("<h1>Impressum</h1><p>" + "".join(f"Industriestr. {n}, D-{10000 + n % 80000} Bad Altwied am See, " for n in range(20_000))),
    "streets": lambda r: _page("<h1>Impressum</h1><p>" + "An der Straße des " * 60_000 + "12345 Ort"),
    "firms": lambda r: _page("<h1>Impressum</h1>" + "".join(f"<p>{firm(n)} & Co. KG</p>" for n in range(30_000))),
    "firms in one line": lambda r: _page("<h1>Impressum</h1><p>" + " ".join(f"{firm(n)} & Co. KG" for n in range(20_000))),
    "directors": lambda r: _page("<h1>Impressum</h1><p>Geschäftsführer: " + ", ".join(f"Dr. {person(n)}" for n in range(20_000))),
    "directors in lines": lambda r: _page("<h1>Impressum</h1><p>Vertreten durch:</p>" + "".join(f"<p>{person(n)}</p><p>Geschäftsführer</p>" for n in range(15_000))),
    "registers": lambda r: _page("<h1>Impressum</h1><p>" + "Amtsgericht Jena HRB 1234 USt-IdNr. DE 136695976 " * 20_000),
    "labels": lambda r: _page("<h1>Impressum</h1>" + "<p>Telefon:</p><p>Telefax:</p><p>E-Mail:</p><p>Geschäftsführer:</p>" * 10_000),
    "imprint a thousand times": lambda r: imprint(r.randrange(240)) * 2_000,
    "links to imprints": lambda r: _page("".join(f'<a href="/impressum{n}.html">Impressum</a>' for n in range(40_000))),
    "nested boxes": lambda r: b"<div><p>" * 50_000 + imprint(r.randrange(240)),
    "cells": lambda r: _page("<h1>Impressum</h1><table>" + "<tr><td>Telefon</td><td>0361 5550120</td><td>Fax</td><td>0361 5550121</td></tr>" * 15_000),
    "organisations as data": lambda r: _page("<h1>Impressum</h1>", _LD + "[" + ",".join(f'{{"@type":"Organization","name":"{firm(n)}","telephone":"+49361555{n:04}","address":{{"streetAddress":"A {n}","postalCode":"{10000 + n}"}}}}' for n in range(30_000)) + "]</script>"),
    "capitals without end": lambda r: _page("<h1>Impressum</h1><p>" + "Koch Maschinen Bau Nord Süd " * 60_000 + "GmbH"),
    "long first line": lambda r: "Impressum " * 900_000,
}  # fmt: skip

BOMBS: dict[str, dict[str, Bomb]] = {"news": NEWS, "event": EVENTS, "company": COMPANIES}


def bomb(kind: str, name: str, seed: str) -> bytes:
    """Return the bomb `name` of a kind, at most 10 MB."""
    made = BOMBS[kind][name](random.Random(seed))
    return (made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass"))[:9_990_000]
