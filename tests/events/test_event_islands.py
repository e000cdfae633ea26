"""Pages that scripts build: the events stand in JSON islands."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from enrich.events import read_event_pages
from enrich.records import EventListing, Page

TODAY = date(2026, 11, 24)
EVENT = {
    "title": "Energietag", "startDate": "2027-02-11T16:00:00+01:00", "location": {"name": "Rathaus", "city": "Musterstadt"},
    "speakers": [{"firstName": "Erna", "lastName": "Holm", "position": "Leiterin Netze", "company": {"name": "Wattwerk GmbH"}}],
}  # fmt: skip


def read(body: str) -> tuple[EventListing, ...]:
    url = "http://kammer.example/veranstaltungen"
    html = f'<!doctype html><html lang="de"><head><title>Veranstaltungen</title></head><body><div id=app></div>{body}</body></html>'
    page = Page(url, url, "s", "event", 200, datetime(2026, 11, 24, tzinfo=UTC), None, None, "text/html", html.encode())
    return read_event_pages([page], today=TODAY).events


def script(value: object, attributes: str = 'type="application/json"') -> str:
    return f"<script {attributes}>{json.dumps(value)}</script>"


NUXT = [
    {"data": 1}, {"events": 2}, [3], {"title": 4, "start_date": 5, "venue": 6, "speakers": 7}, "Energietag",
    "2027-02-11T16:00:00+01:00", "Rathaus, Musterstadt", [8], {"name": 9, "role": 10, "company": 11}, "Erna Holm",
    "Leiterin Netze", "Wattwerk GmbH",
]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        script({"props": {"pageProps": {"events": [EVENT]}}}, 'id="__NEXT_DATA__" type="application/json"'),
        script(NUXT, 'id="__NUXT_DATA__" type="application/json"'),
        f"<script>window.__INITIAL_STATE__ = {json.dumps({'list': [EVENT]})};</script>",
        "<div data-page='" + json.dumps({"props": {"events": [EVENT]}}) + "'></div>",
        script([{**EVENT, "startDate": "2027-02-11", "time": "16:00"}]),
        script([{**EVENT, "title": {"de": "Energietag", "en": "Energy day"}}]),
    ],
)
def test_events_of_islands_are_read_with_place_and_people(body: str) -> None:
    (event,) = read(body)
    assert (event.title, str(event.start)[:16]) == ("Energietag", "2027-02-11 16:00")
    assert event.place == "Rathaus, Musterstadt"
    assert [(p.name, p.role, p.company, p.as_) for p in event.people] == [
        ("Erna Holm", "Leiterin Netze", "Wattwerk GmbH", "speaker")
    ]


@pytest.mark.parametrize(
    "body",
    [
        script([{"title": "Neue Halle eingeweiht", "date": "2026-11-02"}]),
        script({"name": "config", "start": "now", "location": "x"}),
        "<script type='application/json'>{broken</script>",
        "<script>window.__STATE__ = function () {}</script>",
        "<script type='application/json'>" + "[" * 100_000 + "</script>",
        script([{"a": 0}, [0, 1, 2], 1, 2, 3]),
    ],
)
def test_other_data_gives_no_event(body: str) -> None:
    assert not [event for event in read(body) if event.start]


def test_a_listing_in_the_markup_goes_before_the_island() -> None:
    listing = "<ul><li><h3>Sommerfest</h3><p>12.06.2027, 18 Uhr</p></li><li><h3>Herbstfest</h3><p>11.09.2027, 18 Uhr</p></li></ul>"
    assert [event.title for event in read(listing + script([EVENT]))] == ["Sommerfest", "Herbstfest"]
