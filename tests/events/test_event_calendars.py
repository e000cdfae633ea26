from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.events import read_event_pages
from enrich.events.calendar_lines import parse_line, read_calendar
from enrich.events.recurrence import clean_rule
from tests.events.pages import calendar, page

TODAY = date(2027, 1, 1)


def starts(*events: str, extra: str = "") -> list[tuple[str, datetime | date | None]]:
    reading = read_event_pages([calendar(*events, extra=extra)], today=TODAY)
    return [(event.title, event.start) for event in reading.events]


def test_recurrence_honours_exceptions_and_changes() -> None:
    found = starts(
        "UID:a\nDTSTART;TZID=Europe/Berlin:20270105T190000\nRRULE:FREQ=MONTHLY;BYDAY=1TU;COUNT=4\nEXDATE;TZID=Europe/Berlin:20270302T190000\nSUMMARY:Jour fixe",
        "UID:a\nRECURRENCE-ID;TZID=Europe/Berlin:20270202T190000\nDTSTART;TZID=Europe/Berlin:20270203T193000\nSUMMARY:Jour fixe im Hafen",
    )
    assert [(title, start.isoformat()) for title, start in found if start] == [
        ("Jour fixe", "2027-01-05T19:00:00+01:00"),
        ("Jour fixe im Hafen", "2027-02-03T19:30:00+01:00"),
        ("Jour fixe", "2027-04-06T19:00:00+02:00"),
    ]


def test_weekly_events_keep_their_wall_clock_over_the_clock_change() -> None:
    found = starts("UID:w\nDTSTART;TZID=Europe/Berlin:20270322T180000\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Training")
    assert [start.hour for _, start in found if isinstance(start, datetime)] == [18, 18, 18]
    assert len({start.utcoffset() for _, start in found if isinstance(start, datetime)}) == 2


def test_an_endless_rule_is_bounded_and_known_by_its_first_day() -> None:
    found = starts("UID:d\nDTSTART:19900101T100000Z\nRRULE:FREQ=DAILY\nSUMMARY:Daily")
    assert 2 <= len(found) <= 30
    assert str(found[0][1]).startswith("1990-01-01")
    assert all(start is not None and start.year in (1990, 2026, 2027) for _, start in found)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYSETPOS=5",
        "FREQ=WEEKLY;INTERVAL=0",
        "NONSENSE",
        "FREQ=MONTHLY;BYMONTHDAY=x",
    ],
)
def test_rules_that_cannot_be_expanded_leave_the_first_day(rule: str) -> None:
    assert clean_rule(rule) is None
    assert starts(f"UID:x\nDTSTART:20270210T100000\nRRULE:{rule}\nSUMMARY:Treffen") == [
        ("Treffen", datetime(2027, 2, 10, 10, tzinfo=ZoneInfo("Europe/Berlin")))
    ]


@pytest.mark.parametrize(
    ("stamp", "extra", "wanted"),
    [
        ("DTSTART:20270210T180000", "", "2027-02-10T18:00:00+01:00"),
        ("DTSTART:20270210T180000Z", "", "2027-02-10T19:00:00+01:00"),
        ("DTSTART:20270210T180000", "X-WR-TIMEZONE:America/New_York\n", "2027-02-10T18:00:00-05:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20270210T180000", "", "2027-02-10T18:00:00+01:00"),
        (
            'DTSTART;TZID="/freeassociation.sourceforge.net/Europe/Vienna":20270710T180000',
            "",
            "2027-07-10T18:00:00+02:00",
        ),
        ("DTSTART;VALUE=DATE:20270210", "", "2027-02-10"),
        ("DTSTART;TZID=Nowhere/Land:20270210T180000", "", "2027-02-10T18:00:00+01:00"),
    ],
)
def test_time_zones_of_all_kinds(stamp: str, extra: str, wanted: str) -> None:
    found = starts(f"UID:z\n{stamp}\nSUMMARY:Treffen", extra=extra)
    assert found[0][1] is not None
    assert found[0][1].isoformat() == wanted


def test_whole_days_end_on_their_last_day_and_cancelled_is_cancelled() -> None:
    reading = read_event_pages(
        [
            calendar(
                "UID:1\nDTSTART;VALUE=DATE:20270610\nDTEND;VALUE=DATE:20270612\nSUMMARY:Exkursion",
                "UID:2\nDTSTART:20270611T100000\nSTATUS:CANCELLED\nSUMMARY:Gala",
            )
        ],
        today=TODAY,
    )
    assert (reading.events[0].start, reading.events[0].end) == (date(2027, 6, 10), date(2027, 6, 11))
    assert [event.cancelled for event in reading.events] == [False, True]


def test_people_come_from_organizer_attendee_contact_and_description() -> None:
    reading = read_event_pages(
        [
            calendar(
                'UID:1\nDTSTART:20270611T100000\nSUMMARY:Abend\nORGANIZER;CN="Dirk Hansen":mailto:d@x.example\nATTENDEE;CN=Anna Huber;ROLE=REQ-PARTICIPANT:mailto:a@x.example\n'
                "ATTENDEE;CN=Raum 3;CUTYPE=ROOM:mailto:r@x.example\nCONTACT:Wiebke Thomsen\\, Seeclub e.V.\nDESCRIPTION:Referentin: Katrin Behrens\\, Leiterin Marketing der\n  Reederei AG\\nBitte anmelden"
            )
        ],
        today=TODAY,
    )
    found = {person.name: (person.as_, person.company) for person in reading.events[0].people}
    assert found == {
        "Dirk Hansen": ("organizer", None),
        "Anna Huber": ("attendee", None),
        "Wiebke Thomsen": ("contact", "Seeclub e.V."),
        "Katrin Behrens": ("speaker", "Reederei AG"),
    }


def test_broken_files_give_what_can_be_read() -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2027\nSUMMARY:kaputt\nEND:VEVENT\nBEGIN:VEVENT\nUID:<b>x\nthis is no line\n"
        'DTSTART;TZID=Europe/Berlin:20270210T180000\nSUMMARY;X="offen:Treffen\nBEGIN:VALARM\nDESCRIPTION:no\nTRIGGER:-PT5M\nEND:VALARM\nSUMMARY:Treffen\n'
    )
    reading = read_event_pages([page(text.encode(), "/a.ics", "text/calendar")], today=TODAY)
    assert [event.title for event in reading.events] == ["Treffen"]
    assert any("skipped" in warning for warning in reading.warnings)


def test_only_the_latest_of_a_huge_file_are_kept() -> None:
    blocks = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nDTSTART:{2000 + n % 30}0101\nSUMMARY:E{n}\nEND:VEVENT\n" for n in range(5_000)
    )
    found = read_calendar(f"BEGIN:VCALENDAR\n{blocks}END:VCALENDAR", keep=100)
    assert (found.seen, len(found.blocks)) == (5_000, 100)
    assert min(block.properties[1].value for block in found.blocks) >= "20280101"


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_line_breaks_the_reader(text: str) -> None:
    parse_line(text)
    body = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270210\nSUMMARY:x\n{text}\nEND:VEVENT\nEND:VCALENDAR"
    read_event_pages([page(body.encode("utf-8", "replace"), "/a.ics", "text/calendar")], today=TODAY)


def test_an_organisation_that_organizes_is_no_person() -> None:
    stated = calendar("UID:1\nDTSTART:20270611T100000\nSUMMARY:Abend\nORGANIZER;CN=IHK Lindenau:mailto:i@ihk.example\n")
    (event,) = read_event_pages([stated], today=TODAY).events
    assert (event.organizer, event.people) == ("IHK Lindenau", ())
