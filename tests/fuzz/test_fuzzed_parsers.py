"""Every parser on anything at all: it answers or refuses in its own way, and what it answers can be stored and shown.

Three kinds of input: any bytes or text; words of the parser's own language in any order; sound pages that were spoiled.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrich.article import read_article
from enrich.article.dates import parse_date
from enrich.company import read_site
from enrich.company.addresses import addresses_in, as_street, english_addresses
from enrich.company.emails import addresses_in as mails_in
from enrich.company.emails import clean_address, cloudflare_address, script_addresses, uncrypted_mailto
from enrich.company.numbers import court_in, find_register, find_vat
from enrich.company.phones import label_kind, number_of_link, numbers_in, only_label, parse_number
from enrich.events import read_event_pages
from enrich.events.attendees import read_attendees
from enrich.events.calendars import calendar_events
from enrich.events.dates import find_days, find_times, parse_stamp
from enrich.events.names import name_of
from enrich.legal_forms import split_legal_form
from enrich.records import Page
from enrich.sound_text import sound
from pipeline.contacts import keys
from pipeline.contacts.cells import cleaned, count, moment
from pipeline.contacts.columns import flag_of, outcome_of, recognise, squeezed
from pipeline.contacts.tables import read_table
from pipeline.dispositions.next_time import next_time
from pipeline.dispositions.referring import email_of, phone_of, read_words
from pipeline.errors import OpenerError
from pipeline.identity.company_names import legal_form_of, parse_company
from pipeline.identity.person_names import parse_person
from pipeline.lists.presets import Preset
from pipeline.settings import Settings, parse_block
from spiders import article_pages, discovery, permissions, recognition
from spiders.address_guard import literal_address
from spiders.canonical import canonical, same_site
from spiders.definitions import DefinitionError, load_text
from spiders.event_links import event_links
from spiders.fingerprint import content_hash
from spiders.site_links import site_links
from spiders.sources import Source
from tests.hostile.mutations import BREAKOUTS, MUTATIONS, TERMINAL, UNSEEN, mutated

ZONE, TODAY = ZoneInfo("Europe/Berlin"), date(2026, 3, 2)
URL = "http://x.example/impressum.html"
WORDS = (
    "Dr.", "Prof.", "Frau", "Eva", "Maurer", "Müller-Lüdenscheidt", "von", "zu", "und", "GmbH", "& Co. KG", "AG", "e. V.", "Ltd.", "(", ")", ",", ";", ":", "-", "–", "/",
    "\n", "Tel.", "Telefax", "+49", "(0)", "0361", "5550", "12", "E-Mail", "info", "@", "[at]", "(punkt)", "example", ".de", "Amtsgericht", "Jena", "HRB", "USt-IdNr.",
    "DE136695976", "CHE-123.456.789", "Industriestraße", "D-07743", "Geschäftsführer", "1.", "12.", "März", "2026", "31.02.2026", "2026-02-30", "24:00", "18.30", "Uhr", "bis",
    "Mo", "Fr", "heute", "morgen", "in 3 Tagen", "am", "pm", "T", "Z", "+14:00", "W53", "http://", "https://", "[::1]", "www.", "?a=b", "#x", "%00", "..", "\\", "٣", "²", "½", "Ⅷ",
)  # fmt: skip
SOUP = st.lists(st.sampled_from([*WORDS, *BREAKOUTS, *TERMINAL, *UNSEEN]) | st.text(max_size=5), max_size=14).map(
    " ".join
) | st.lists(st.sampled_from(WORDS), max_size=10).map("".join)
TEXT = st.text(max_size=60) | SOUP | st.text(alphabet="0123456789+-/.:;, ()[]@\n\t\x00\u0660\ud800", max_size=40)
MARKS = (
    "<", ">", "</", "/>", "<rss>", "<channel>", "<item>", "<link>", "<title>", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;", "<![CDATA[", "]]>", "<feed>", "<entry>",
    "<urlset>", "<sitemapindex>", "<url><loc>", "</loc>", "<lastmod>", "http://x.example/a", "{", "}", "[", "]", '"', ":", ",", '"items"', '"url"', "jsonfeed.org", "null", "1e999",
    "User-agent: *\n", "Disallow: /", "*", "$", "Crawl-delay: ", "Sitemap: ", "BEGIN:VCALENDAR\r\n", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "DTSTART", ";TZID=Europe/Berlin", ";VALUE=DATE", ":",
    "20260301T090000", "20260301", "SUMMARY:x\r\n", "RRULE:FREQ=DAILY", ";COUNT=3", ";INTERVAL=0", ";BYDAY=MO", ";UNTIL=", "EXDATE:", "RECURRENCE-ID:", "DURATION:PT", "\r\n ", "<p>", "<h1>",
    "<div class='event'>", "<time datetime='2026-03-01'>", "<a href='mailto:a@b.example'>", "<script type='application/ld+json'>", "</script>", '{"@type":"Event","name":"F","startDate":',
    '"2026-03-01"', '"@id":"#a"', "<div itemscope itemtype='https://schema.org/Event'>", "<span itemprop='name'>", "a: ", "- b\n", "&x ", "*x ", "!!python/name:os.system ", "\t", "name: ", "kind: news\n",
)  # fmt: skip
BODY = st.binary(max_size=200) | st.lists(
    st.sampled_from([m.encode() for m in MARKS])
    | st.binary(max_size=6)
    | SOUP.map(lambda s: s.encode("utf-8", "surrogatepass")),
    max_size=30,
).map(b"".join)
SPOILED = st.tuples(
    st.sampled_from(["news", "event", "company"]), st.integers(0, 10**6), st.integers(0, len(MUTATIONS) - 1)
).map(lambda t: mutated(t[0], str(t[1]), t[2])[:60_000])
PAGES = BODY | SPOILED
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def storable(value: Any) -> None:
    """Every text in a result can be encoded; every moment has a zone and can be shown in another."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, datetime):
        assert value.tzinfo is not None
        value.astimezone(UTC)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            storable(getattr(value, field.name))
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            storable(inner)


def page(kind: str, body: bytes, content_type: str | None = None) -> Page:
    return Page(URL, URL, "s", kind, 200, datetime(2026, 3, 1, tzinfo=UTC), None, None, content_type, body)  # type: ignore[arg-type]


@FEW
@given(PAGES, st.sampled_from([None, "text/html; charset=utf-16", "text/html; charset=\x00", "application/json"]))
def test_articles(body: bytes, content_type: str | None) -> None:
    storable(sound(read_article(body, URL, content_type)))


@FEW
@given(st.lists(PAGES, min_size=1, max_size=3), st.sampled_from([None, "text/calendar", "text/csv", "text/html"]))
def test_event_pages(bodies: list[bytes], content_type: str | None) -> None:
    pages = [
        dataclasses.replace(page("event", body, content_type), final_url=f"{URL}?{n}") for n, body in enumerate(bodies)
    ]
    storable(sound(read_event_pages(pages, today=TODAY)))


@FEW
@given(st.lists(PAGES, min_size=1, max_size=3))
def test_company_sites(bodies: list[bytes]) -> None:
    storable(sound(read_site([page("company", body) for body in bodies])))


@MANY
@given(BODY)
def test_calendars_and_tables_of_attendees(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    storable(sound(tuple(calendar_events("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + text, URL, today=TODAY)[1])))
    storable(read_attendees("Name;Firma\n" + text, URL)[1])


@MANY
@given(PAGES)
def test_listings_and_links(body: bytes) -> None:
    for kind in (None, "application/rss+xml", "text/html; charset=utf-8"):
        discovery.listing_form(body, kind)
    for read in (discovery.feed_links, discovery.json_feed_links):
        storable(read(body, URL))
    storable(discovery.sitemap_links(body))
    discovery.article_links(body, URL)
    discovery.alternate_listings(body, URL)
    discovery.sitemaps_of(body)
    site_links(URL, body, "text/html", 0)
    event_links(URL, body, "text/html", 0)
    recognition.recognise(URL, "text/html", body)
    recognition.page_title(body)
    content_hash(body, "text/html")


@FEW
@given(PAGES, PAGES)
def test_parts_of_articles(body: bytes, other: bytes) -> None:
    article_pages.own_address(body, URL)
    article_pages.next_part(body, URL, 2)
    article_pages.looks_like_article(body, "Neue Chefin der Koch GmbH")
    article_pages.join_parts([body, other])


@MANY
@given(BODY, SOUP, st.sampled_from(["http://x.example/a/b?c", "http://x.example", "http://[::1", ""]))
def test_permissions(body: bytes, line: str, url: str) -> None:
    permissions.reservation([line], [line], body)
    for document in (body, b"User-agent: *\n" + body, b'[{"location":"' + line.encode("utf-8", "replace") + b'"}]'):
        try:
            permissions.tdmrep_reserves(document, url)
            permissions.ai_txt_reserves(document, url, "DoorOpener/0.1")
        except ValueError:
            assert "[" in url  # an address that is none never gets this far


@MANY
@given(TEXT, TEXT)
def test_addresses_of_pages(text: str, other: str) -> None:
    for url in (text, f"http://{text}", f"http://x.example/{text}?{other}#{text}"):
        try:
            once = canonical(url)
        except ValueError:
            continue
        assert canonical(once) == once
        storable(once)
        same_site(once, once)
    literal_address(text)


SIMPLE: tuple[Callable[[str], Any], ...] = (
    lambda t: numbers_in(t, "DE"), lambda t: parse_number(t, "DE"), lambda t: number_of_link(f"tel:{t}", "AT"), label_kind, only_label, mails_in, clean_address,
    cloudflare_address, uncrypted_mailto, script_addresses, lambda t: addresses_in(t.split("\n")), lambda t: english_addresses(t.split("\n")), as_street,
    lambda t: find_register(t.split("\n")), lambda t: find_vat(t.split("\n")), court_in, find_days, lambda t: find_days(t, american=True), find_times, parse_stamp, parse_date, name_of,
    split_legal_form, parse_person, parse_company, legal_form_of, keys.phone, keys.email, keys.email_key, keys.domain, keys.domain_keys, keys.company_keys,
    lambda t: keys.person_keys(t, t, t, stored=True), cleaned, flag_of, outcome_of, squeezed, lambda t: recognise([t, t[::-1]], [[t, t]]),
)  # fmt: skip
REFUSING: tuple[Callable[[str], Any], ...] = (
    lambda t: moment(t, ZONE), lambda t: moment(t, ZONE, days_first=False), count, lambda t: next_time(t, datetime(2026, 3, 1, 9, tzinfo=ZONE), ZONE), parse_block, read_words, lambda t: phone_of(t, "DE"), email_of,
)  # fmt: skip


@MANY
@given(TEXT)
def test_fields_of_pages_and_cells(text: str) -> None:
    for read in SIMPLE:
        read(text)
    for read in REFUSING:
        try:
            storable(sound(read(text)))
        except (ValueError, OpenerError) as error:
            assert not isinstance(error, UnicodeError)


YAML = st.lists(
    st.sampled_from(MARKS)
    | st.sampled_from(
        [
            "home",
            "crawl",
            "contact",
            "retention",
            "pages_days",
            ": ",
            "\n",
            "  ",
            "- ",
            "|",
            ">",
            "? ",
            "<<: ",
            "&a",
            "*a",
            "!!",
            "2026-01-01",
            "0x1F",
            "~",
        ]
    )
    | TEXT,
    max_size=14,
).map("".join)


@MANY
@given(YAML)
def test_settings_sources_and_presets(text: str) -> None:
    for model in (Settings, Source, Preset):
        try:
            load_text(text, model, "x.yml")
        except DefinitionError as error:
            assert str(error).startswith("x.yml:") and "\n" not in str(error)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    BODY | SOUP.map(lambda s: ("Name;Telefon;E-Mail\n" + s).encode("utf-8", "surrogatepass")),
    st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"sep=;\n", b"\xd0\xcf\x11\xe0"]),
)
def test_files_of_other_systems(tmp_path_factory: pytest.TempPathFactory, body: bytes, start: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "list.csv"
    path.write_bytes(start + body)
    try:
        table = read_table(Path(path))
    except OpenerError as error:
        assert "\n" not in str(error).strip()
        return
    assert len(table.rows) == len(table.lines)
