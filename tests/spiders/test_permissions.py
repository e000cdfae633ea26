"""What must not be fetched or mined: one table each for robots.txt, TDM reservation, noai, ai.txt, addresses."""

from __future__ import annotations

import json

import pytest
from scrapy.robotstxt import ProtegoRobotParser

from spiders.address_guard import refused
from spiders.limits import CrawlLimits
from spiders.permissions import ai_txt_reserves, reservation, tdmrep_reserves

AGENT = CrawlLimits(contact="mailto:crawl@firma.example").agent
PAGE = "https://bote.example/wirtschaft/neue-chefin.html"
EVERYTHING = "User-agent: *\nDisallow: /\n"

ROBOTS = [
    ("", PAGE, True),
    ("User-agent: *\nDisallow:\n", PAGE, True),
    (EVERYTHING, PAGE, False),
    ("User-agent: DoorOpener\nDisallow: /\n", PAGE, False),
    ("User-agent: dooropener\nDisallow: /wirtschaft/\n", PAGE, False),
    ("User-agent: OtherBot\nDisallow: /\n", PAGE, True),
    (EVERYTHING + "\nUser-agent: DoorOpener\nAllow: /\n", PAGE, True),
    ("User-agent: *\nAllow: /\n\nUser-agent: DoorOpener\nDisallow: /\n", PAGE, False),
    ("User-agent: *\nDisallow: /intern/\n", PAGE, True),
    ("User-agent: *\nDisallow: /wirtschaft\n", PAGE, False),
    ("User-agent: *\nDisallow: /*.html$\n", PAGE, False),
    ("User-agent: *\nDisallow: /*.html$\n", PAGE + "?x=1", True),
    ("User-agent: *\nDisallow: /wirtschaft/\nAllow: /wirtschaft/neue\n", PAGE, True),
    ("User-agent: *\nAllow: /wirtschaft/\nDisallow: /wirtschaft/neue\n", PAGE, False),
    ("\ufeffUser-agent: *\nDisallow: /\n", PAGE, False),
    ("# nur ein Kommentar\n", PAGE, True),
    ("<!doctype html><html><body>404</body></html>", PAGE, True),
    ("User-agent: A\nUser-agent: DoorOpener\nDisallow: /\n", PAGE, False),
    ("user-AGENT: *\ndisALLOW: /wirtschaft/\n", PAGE, False),
    ("User-agent: *\nDisallow: /%77irtschaft/\n", PAGE, False),
]


@pytest.mark.parametrize(("text", "url", "allowed"), ROBOTS)
def test_robots_txt_is_read_for_our_name(text: str, url: str, allowed: bool) -> None:
    assert ProtegoRobotParser(text.encode(), None).allowed(url, AGENT) is allowed


def _meta(name: str, content: str) -> bytes:
    return f'<!doctype html><html><head><meta name="{name}" content="{content}"></head><body>x</body></html>'.encode()


RESERVATIONS: list[tuple[list[str], list[str], bytes, str | None]] = [
    ([], [], b"", None),
    (["1"], [], b"", "TDM reservation (header)"),
    ([" 1 "], [], b"", "TDM reservation (header)"),
    (["0"], [], b"", None),
    (["0", "1"], [], b"", "TDM reservation (header)"),
    ([], ["noai"], b"", "noai (X-Robots-Tag)"),
    ([], ["noindex, NOAI"], b"", "noai (X-Robots-Tag)"),
    ([], ["noindex, nofollow"], b"", None),
    ([], ["noimageai"], b"", None),
    ([], ["otherbot: noai"], b"", None),
    ([], ["otherbot: noindex, noai"], b"", None),
    ([], ["dooropener: noai"], b"", "noai (X-Robots-Tag)"),
    ([], ["max-snippet: 50, noai"], b"", "noai (X-Robots-Tag)"),
    ([], ["otherbot: noai", "noml"], b"", "noai (X-Robots-Tag)"),
    ([], [], _meta("tdm-reservation", "1"), "TDM reservation (meta)"),
    ([], [], _meta("TDM-Reservation", "1"), "TDM reservation (meta)"),
    ([], [], _meta("tdm-reservation", "0"), None),
    ([], [], _meta("robots", "index, noai"), "noai (meta robots)"),
    ([], [], _meta("dooropener", "noai"), "noai (meta robots)"),
    ([], [], _meta("googlebot", "noai"), None),
    ([], [], _meta("robots", "noindex"), None),
    ([], [], _meta("description", "noai ist ein Wort"), None),
    ([], [], b"<meta content='1' name='tdm-reservation'>", "TDM reservation (meta)"),
    ([], [], b"<META NAME=tdm-reservation CONTENT=1>", "TDM reservation (meta)"),
    ([], [], b"<p>tdm-reservation: 1 steht nur im Text</p>", None),
]


@pytest.mark.parametrize(("tdm", "robots", "body", "expected"), RESERVATIONS)
def test_pages_that_reserve_mining_are_recognised(
    tdm: list[str], robots: list[str], body: bytes, expected: str | None
) -> None:
    assert reservation(tdm, robots, body) == expected


TDMREP = [
    ([{"location": "/", "tdm-reservation": 1}], True),
    ([{"location": "/", "tdm-reservation": 0}], False),
    ([{"location": "/wirtschaft/*", "tdm-reservation": 1}], True),
    ([{"location": "/wirtschaft/", "tdm-reservation": "1"}], True),
    ([{"location": "/sport/*", "tdm-reservation": 1}], False),
    ([{"location": "/wirtschaft/*", "tdm-reservation": 0}, {"location": "/*", "tdm-reservation": 1}], False),
    ([{"location": "/*.html$", "tdm-reservation": 1}], True),
    ([{"location": "/*.htm$", "tdm-reservation": 1}], False),
    ([{"location": "*", "tdm-reservation": 1}], True),
    ({"location": "/", "tdm-reservation": 1}, True),
    ([{"location": "/wirtschaft/[a-z]*", "tdm-reservation": 1}], False),
    ([{"tdm-reservation": 1}], False),
    (["kein Eintrag", None, 3], False),
    ("kein Verzeichnis", False),
]


@pytest.mark.parametrize(("rules", "reserved"), TDMREP)
def test_tdmrep_json_is_decided_by_its_first_match(rules: object, reserved: bool) -> None:
    assert tdmrep_reserves(json.dumps(rules).encode(), PAGE) is reserved


@pytest.mark.parametrize("document", [b"", b"{", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_a_broken_tdmrep_json_reserves_nothing(document: bytes) -> None:
    assert tdmrep_reserves(document, PAGE) is False


AI_TXT = [
    ("User-Agent: *\nDisallow: /\n", True),
    ("User-Agent: *\nDisallow: *.html\n", True),
    ("User-Agent: *\nDisallow: *.jpg\nDisallow: *.mp3\n", False),
    ("User-Agent: *\nAllow: /\n", False),
    ("User-Agent: *\nDisallow: /sport/\n", False),
    ("User-Agent: DoorOpener\nDisallow: /\n", True),
    ("User-Agent: OtherBot\nDisallow: /\n", False),
    ("<html><body>User-Agent: * Disallow: /</body></html>", False),
    ("", False),
    ("# Spawning AI\nUser-Agent: *\nDisallow: /\nAllow: /wirtschaft/\n", False),
]


@pytest.mark.parametrize(("text", "reserved"), AI_TXT)
def test_ai_txt_is_read_like_robots_txt(text: str, reserved: bool) -> None:
    assert ai_txt_reserves(text.encode(), PAGE, AGENT) is reserved


FORBIDDEN_ADDRESSES = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://017700000001/", "http://0x7f.0.0.1/", "http://127.0.0.1.:80/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://localhost/",
    "http://LOCALHOST./", "http://a.localhost/", "http://10.0.0.1/", "http://172.16.5.4/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://[fd00::1]/", "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/", "http://224.0.0.1/", "http://[ff02::1]/", "http://0.0.0.0/", "http://[::]/",
    "http://255.255.255.255/", "http://192.0.2.1/", "http://198.18.0.1/", "http://100.64.0.1/",
    "http://metadata.google.internal/", "http://metadata/", "http://router.lan/", "http://drucker.local/",
    "http://intranet/", "http://srv.corp/", "http://user:pass@bote.example/", "ftp://bote.example/",
    "file:///etc/passwd", "gopher://bote.example/", "http://bote.example:99999/", "http:///a", "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
]  # fmt: skip


@pytest.mark.parametrize("url", FORBIDDEN_ADDRESSES)
def test_inside_addresses_are_refused_in_every_form(url: str) -> None:
    assert refused(url)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://bote.example/", ()), ("https://xn--mller-kva.example/", ()), ("http://93.184.216.34/", ()),
        ("http://1572395042/", ()), ("http://[2606:2800:220:1:248:1893:25c8:1946]/", ()), ("http://10.example.com/", ()),
        ("http://127.0.0.1:8080/", ("127.0.0.1",)), ("http://127.0.0.1:8080/", ("127.0.0.1:8080",)),
        ("http://Intranet/", ("intranet",)), ("http://localhost/", ("localhost",)),
    ],
)  # fmt: skip
def test_public_and_allowed_addresses_pass(url: str, allowed: tuple[str, ...]) -> None:
    assert refused(url, allowed) is None


def test_an_allowed_port_allows_no_other_port() -> None:
    assert refused("http://127.0.0.1:9090/", ("127.0.0.1:8080",))


def test_an_allowed_name_allows_no_other_form() -> None:
    assert refused("http://2130706433/", ("localhost",))
