from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from enrich.events import EventReading, event_mentions, read_event_pages, vanished
from enrich.events.attendees import read_attendees
from enrich.events.vocabularies import vocabulary_file
from enrich.records import EventListing, EventPerson
from spiders.event_links import MAX_LINKS, event_links
from tests.events.pages import HOST, calendar, html, page

TODAY = date(2027, 1, 1)
LIST = '<h1>Veranstaltungen</h1><ul><li>04.02.2027, 14 Uhr: <a href="/v/hafentag/">Hafentag</a></li><li>17.03.2027, 10 Uhr: <a href="/v/lager/">Lagertag</a></li></ul>'


def read(*pages: object) -> EventReading:
    return read_event_pages(pages, today=TODAY)  # type: ignore[arg-type]


def test_listing_detail_calendar_and_structured_data_are_one_event() -> None:
    ld = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Hafentag",
        "startDate": "2027-02-04T14:00:00+01:00",
        "organizer": {"@type": "Organization", "name": "Cluster West"},
    }
    detail = html(
        '<h1>Hafentag</h1><p>Datum: 04.02.2027, 14 Uhr</p><p>Ort: Westhafen</p><p>Referentin: Hanna Deters, Leiterin der Hafen GmbH</p>', "/v/hafentag/",
        head=f'<script type="application/ld+json">{json.dumps(ld)}</script>',
    )  # fmt: skip
    ics = calendar(
        "UID:h\nDTSTART;TZID=Europe/Berlin:20270204T140000\nDTEND;TZID=Europe/Berlin:20270204T170000\nSUMMARY:Cluster: Hafentag\nLOCATION:Westhafen\\, Halle 2"
    )
    reading = read(html(LIST), detail, ics)
    assert [event.title for event in reading.events] == ["Hafentag", "Lagertag"]
    event = reading.events[0]
    assert event.start == datetime.fromisoformat("2027-02-04T14:00:00+01:00")
    assert event.end == datetime.fromisoformat("2027-02-04T17:00:00+01:00")
    assert (event.place, event.organizer, event.url) == ("Westhafen, Halle 2", "Cluster West", f"{HOST}/v/hafentag/")
    assert [(person.name, person.role, person.company) for person in event.people] == [
        ("Hanna Deters", "Leiterin", "Hafen GmbH")
    ]


def test_publication_dates_and_deadlines_are_no_events() -> None:
    reading = read(
        html(
            '<h1>Aktuelles</h1><article><h2>Neue Richtlinie</h2><p class="post-meta">Veröffentlicht am 12.01.2027</p></article><article><h2>Rückblick</h2><p class="post-meta">05.01.2027</p></article>',
            "/aktuelles/",
        ),
        html("<h1>Gründerpreis</h1><p>Einsendeschluss: 31.03.2027</p>", "/preis/"),
    )
    assert reading.events == ()


def test_testimonials_and_bylines_are_no_event_people() -> None:
    reading = read(
        html(
            '<h1>Seminar Verhandeln</h1><p>Termin: 04.02.2027, 9 Uhr</p><p>Trainerin: Ute Klein, Inhaberin Klein Training</p><div class="testimonial"><p>Klasse!</p><p>Olga Wolf, Geschäftsführerin, Wolf GmbH</p></div>'
            '<h2>Das sagen Teilnehmer</h2><p>Peter Fuchs, Leiter Einkauf, Fuchs AG</p><p class="byline">Von Jan Mischke</p>', "/seminar-verhandeln/",
        )
    )  # fmt: skip
    assert [person.name for event in reading.events for person in event.people] == ["Ute Klein"]


def test_an_english_twin_of_a_page_is_read_once() -> None:
    link = '<link rel="alternate" hreflang="de" href="http://kammer.example/veranstaltungen/">'
    english = html(
        LIST.replace("Hafentag", "Harbour Day").replace("Lagertag", "Warehouse Day"),
        "/en/events/",
        lang="en",
        head=link,
    )
    assert [event.title for event in read(html(LIST), english).events] == ["Hafentag", "Lagertag"]


def test_cancelled_events_are_marked() -> None:
    text = LIST.replace("Hafentag</a>", "Hafentag</a> – abgesagt")
    assert [event.cancelled for event in read(html(text)).events] == [True, False]


@pytest.mark.parametrize("form", ["microdata", "rdfa", "hevent", "vevent"])
def test_markup_forms_of_events(form: str) -> None:
    bodies = {
        "microdata": '<div itemscope itemtype="https://schema.org/BusinessEvent"><b itemprop="name">Hafentag</b><meta itemprop="startDate" content="2027-02-04T14:00:00+01:00">'
        '<div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Westhafen</span></div></div>',
        "rdfa": '<div vocab="https://schema.org/" typeof="Event"><b property="name">Hafentag</b><time property="startDate" datetime="2027-02-04T14:00:00+01:00">4.2.</time>'
        '<div property="location" typeof="Place"><span property="name">Westhafen</span></div></div>',
        "hevent": '<div class="h-event"><b class="p-name">Hafentag</b><time class="dt-start" datetime="2027-02-04T14:00:00+01:00">4.2.</time><span class="p-location">Westhafen</span></div>',
        "vevent": '<div class="vevent"><b class="summary">Hafentag</b><abbr class="dtstart" title="2027-02-04T14:00:00+01:00">4.2.</abbr><span class="location">Westhafen</span></div>',
    }
    reading = read(html(bodies[form], "/"))
    assert [(event.title, event.place) for event in reading.events] == [("Hafentag", "Westhafen")]
    assert reading.events[0].start == datetime.fromisoformat("2027-02-04T14:00:00+01:00")


def test_broken_structured_data_does_not_cost_the_page() -> None:
    head = '<script type="application/ld+json">{"@type":"Event","name":"Hafentag","startDate":"2027-2-4T14-00-00-00",}</script><script type="application/ld+json">{kaputt</script>'
    assert [event.title for event in read(html(LIST, head=head)).events] == ["Hafentag", "Lagertag"]


def test_vanished_future_events_are_cancelled_but_not_when_the_site_is_silent() -> None:
    reading = read(html(LIST))
    known = {event.event_id: event.start for event in reading.events} | {
        "gone": date(2027, 5, 1),
        "past": date(2026, 5, 1),
        "undated": None,
        "soon": datetime(2027, 2, 1, 9, tzinfo=UTC),
    }
    assert vanished(known, reading, TODAY) == ("gone", "soon")
    assert vanished(known, EventReading(()), TODAY) == ()


def test_mentions_need_a_company_and_know_former_roles() -> None:
    people = (
        EventPerson("Eva Maurer", "ehemalige Leiterin", "TU Berg", "speaker"),
        EventPerson("Jan Olsen", None, None, "attendee"),
        EventPerson("Ina Holm", "CEO", "Holm AG", "attendee"),
    )
    event = EventListing("e1", "Tag", date(2027, 2, 4), None, "Halle", None, None, people)
    found = event_mentions([event, event], "http://x.example/")
    assert [(m.person, m.org_kind, m.former, m.trigger, m.section) for m in found] == [
        ("Eva Maurer", "education", True, "speaker", "structured"),
        ("Ina Holm", "company", False, "attendee", "structured"),
    ]


def test_attendee_lists_recognise_their_columns() -> None:
    people, warnings = read_attendees("Nachname, Vorname;Firma\nx", "u.csv")
    assert people == [] and "no column of names" in warnings[0]
    people, warnings = read_attendees(
        '"Full Name","Company","Job title"\n"Sommer, Heike","Sommer GmbH","CEO"\n"???","",""\n', "u.csv"
    )
    assert [(p.name, p.company, p.role) for p in people] == [("Heike Sommer", "Sommer GmbH", "CEO")]
    assert "1 rows" in warnings[0]


def test_links_are_best_first_bounded_and_stay_on_the_host() -> None:
    body = (
        '<nav><a href="/datenschutz/">Datenschutz</a><a href="/kontakt/">Kontakt</a><a href="/referenten/">Referenten</a></nav>'
        '<a href="/kalender.ics">ical</a><a href="https://andere.example/veranstaltung/">fremd</a><a href="mailto:a@b.example">Mail</a><a href="/flyer.pdf">Flyer 04.02.2027</a>'
        + "".join(f'<li>0{n % 9 + 1}.02.2027 <a href="/v/{n}/">Treffen {n}</a></li>' for n in range(200))
    )  # fmt: skip
    links = event_links(f"{HOST}/veranstaltungen/", f"<html><body>{body}</body></html>".encode(), "text/html", 0)
    assert links[:2] == [f"{HOST}/kalender.ics", f"{HOST}/referenten/"]
    assert len(links) <= MAX_LINKS and f"{HOST}/" in links and f"{HOST}/sitemap.xml" in links
    assert not any(word in link for link in links for word in ("datenschutz", "andere.example", "mailto", ".pdf"))
    assert event_links(f"{HOST}/a", f"<html><body>{body}</body></html>".encode(), "text/html", 3) == []
    assert event_links(f"{HOST}/a.ics", b"BEGIN:VCALENDAR", "text/calendar", 1) == []


def test_sitemaps_lead_to_event_pages_only() -> None:
    body = f"<urlset><url><loc>{HOST}/veranstaltungen/x/</loc></url><url><loc>{HOST}/shop/y/</loc></url><url><loc>{HOST}/vorstand.html</loc></url></urlset>"
    assert event_links(f"{HOST}/sitemap.xml", body.encode(), "application/xml", 1) == [
        f"{HOST}/veranstaltungen/x/",
        f"{HOST}/vorstand.html",
    ]


def test_vocabularies_hold_only_lower_case_text() -> None:
    for name in ("event_words.yml", "event_people.yml", "event_links.yml", "event_dates.yml"):
        stack: list[object] = list(vocabulary_file(name).values())
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                stack += value.values()
            elif isinstance(value, list):
                assert len(value) == len({str(item) for item in value}), f"{name}: a word is given twice in {value[:3]}"
                stack += value
            else:
                assert isinstance(value, str) and value == value.strip() and value, (name, value)


HOSTILE = {
    "nested": b"<div>" * 100_000 + b"04.02.2027 Termin" + b"</div>" * 100_000,
    "brackets": b"<p>" + b"Anna Huber (" * 5_000 + b"</p>",
    "list of names": b"<p>" + b"Anna Huber, " * 20_000 + b"</p>",
    "digits": b"<p>" + b"1.1.1-1:1-" * 20_000 + b"</p>",
    "days": b"<p>" + b"12.03.2027 " * 20_000 + b"</p>",
    "cyclic ids": b'<script type="application/ld+json">{"@graph":[{"@id":"#a","@type":"Event","name":"A","subEvent":{"@id":"#b"}},{"@id":"#b","@type":"Event","name":"B","subEvent":{"@id":"#a"}}]}</script>',
    "deep json": b'<script type="application/ld+json">' + b'{"a":' * 50_000 + b"</script>",
    "open items": b"<div itemscope itemtype='https://schema.org/Event'><span itemprop=name>E" * 5_000,
    "no text": b"\x00\x01\x02" * 1_000,
    "many cards": b"".join(b"<div class=event><h3>Treffen %d</h3><p>%02d.03.2027</p></div>" % (n, n % 28 + 1) for n in range(4_000)),
    "many links": b"".join(b"<a href='/veranstaltung/%d'>12.03.2027</a>" % n for n in range(20_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_survived_in_bounded_size(name: str) -> None:
    hostile = page(HOSTILE[name], "/veranstaltungen/", "text/html")
    reading = read(hostile, html(LIST, "/gut/veranstaltungen/"))
    assert {"Hafentag", "Lagertag"} <= {event.title for event in reading.events}
    assert len(reading.events) <= 4_000
    assert len(event_links(hostile.url, hostile.body, "text/html", 0)) <= MAX_LINKS
