"""Invented event sites of many kinds, crawled by the spider's own link rule and scored like the corpus."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enrich.events import event_mentions, read_event_pages
from enrich.events.evaluation import pages_of, score_events, score_people
from spiders.event_links import event_links

SITES = Path(__file__).parent / "sites"
TODAY = date(2026, 11, 24)
GOLD = [json.loads(line) for line in (SITES / "gold.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("gold", GOLD, ids=[row["site"] for row in GOLD])
def test_site_gives_its_events_and_people(gold: dict[str, Any]) -> None:
    pages = pages_of(SITES / gold["site"], gold["start_path"], event_links)
    reading = read_event_pages(pages, today=TODAY)
    events = score_events(gold, reading.events)
    names, pairs = score_people(gold, reading.events)
    assert (events.missed, events.wrong if gold["events"] else 0, events.notes if events.missed else []) == (0, 0, [])
    assert (names.missed, names.wrong) == (0, 0), names.notes
    assert pairs.wrong == 0 and pairs.missed <= 1, pairs.notes


@pytest.mark.parametrize("gold", GOLD, ids=[row["site"] for row in GOLD])
def test_parts_people_play_are_right(gold: dict[str, Any]) -> None:
    reading = read_event_pages(pages_of(SITES / gold["site"], gold["start_path"], event_links), today=TODAY)
    parts: dict[str, set[str]] = {}
    for event in reading.events:
        for person in event.people:
            parts.setdefault(person.name, set()).add(person.as_)
    wrong = [
        (p["name"], p["as"], parts[p["name"]])
        for p in gold["people"]
        if p["name"] in parts and p["as"] not in parts[p["name"]]
    ]
    assert len(wrong) <= 1, wrong


def test_reading_twice_gives_the_same_ids_and_order_of_pages_does_not_matter_much() -> None:
    pages = pages_of(SITES / "chamber", "veranstaltungen/index.html", event_links)
    first, second = read_event_pages(pages, today=TODAY), read_event_pages(pages, today=TODAY)
    assert first == second
    turned = read_event_pages(pages[::-1], today=TODAY)
    assert [(e.title, e.start) for e in turned.events] == [(e.title, e.start) for e in first.events]


def test_mentions_carry_the_reason_and_verbatim_evidence() -> None:
    pages = pages_of(SITES / "chamber", "veranstaltungen/index.html", event_links)
    reading = read_event_pages(pages, today=TODAY)
    mentions = {mention.person: mention for mention in event_mentions(reading.events, "http://chamber.example/")}
    eva = mentions["Eva Maurer"]
    assert (eva.trigger, eva.trigger_date, eva.company, eva.role_level) == (
        "speaker",
        date(2027, 3, 12),
        "Nordglas GmbH",
        "executive",
    )
    assert eva.evidence == "Dr. Eva Maurer, Geschäftsführerin der Nordglas GmbH"
    assert eva.page_url.endswith("/veranstaltungen/nachfolge/")
    assert len({mention.mention_id for mention in mentions.values()}) == len(mentions)
    assert all(mention.company for mention in mentions.values())
