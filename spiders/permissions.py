"""What site owners permit, as pure functions: reservations of text and data mining in every form we know.

TDM Reservation Protocol (W3C community group report: header, meta element, /.well-known/tdmrep.json), `noai`
directives (X-Robots-Tag, meta robots), ai.txt (spawning.ai form, read like robots.txt).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from protego import Protego

ROBOT_NAME = "dooropener"
_META = re.compile(rb"<meta\b[^<>]{0,600}>", re.IGNORECASE)
_NAME = re.compile(rb"""\b(?:name|http-equiv)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_CONTENT = re.compile(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
# Directives that refuse mining. `noimageai` speaks of pictures only, which we don't read.
_OPT_OUTS = frozenset({"noai", "noml", "notdm"})
# Directives that have a value of their own ("max-snippet: 50"): no names of robots.
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_HEAD_BYTES = 200_000


def reservation(tdm_headers: Sequence[str], robots_headers: Sequence[str], body: bytes) -> str | None:
    """Return why the page may not be mined, or None.

    `tdm_headers` and `robots_headers` are the values of `tdm-reservation` and `X-Robots-Tag`, one per line.
    """
    if any(_reserves(value) for value in tdm_headers):
        return "TDM reservation (header)"
    if any(_header_opts_out(line) for line in robots_headers):
        return "noai (X-Robots-Tag)"
    head = body[:_HEAD_BYTES]
    lower = head.lower()
    if (end := lower.find(b"<body")) > 0:
        head, lower = head[:end], lower[:end]
    if b"tdm-reservation" not in lower and not any(word.encode() in lower for word in _OPT_OUTS):
        return None
    for tag in _META.findall(head):
        name, content = _NAME.search(tag), _CONTENT.search(tag)
        if not name or not content:
            continue
        key = name.group(1).decode("ascii", "ignore").lower()
        value = next((g for g in content.groups() if g is not None), b"").decode("ascii", "ignore")
        if key == "tdm-reservation" and _reserves(value):
            return "TDM reservation (meta)"
        if key in ("robots", ROBOT_NAME) and _opts_out(value):
            return "noai (meta robots)"
        if key == "x-robots-tag" and _header_opts_out(value):
            return "noai (meta robots)"
    return None


def _reserves(value: str) -> bool:
    return value.strip().strip("\"'") == "1"


def _opts_out(directives: str) -> bool:
    return bool({word.strip().lower() for word in re.split(r"[,;\s]+", directives)} & _OPT_OUTS)


def _header_opts_out(line: str) -> bool:
    """Read one X-Robots-Tag line; a robot's name before the colon limits what follows to that robot."""
    ours = True
    for part in line.split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip().lower() not in _VALUED:
            ours = name.strip().lower() in (ROBOT_NAME, "*")
            part = rest  # noqa: PLW2901 - the directive behind the name
        if ours and _opts_out(part):
            return True
    return False


def tdmrep_reserves(document: bytes, url: str) -> bool:
    """True when /.well-known/tdmrep.json reserves `url`; the first matching location decides.

    Locations are matched like paths of robots.txt (RFC 9309, 2.2.3): from the start, `*` any characters, `$` the end.
    """
    try:
        rules: Any = json.loads(document.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return False
    if isinstance(rules, dict):
        rules = [rules]
    if not isinstance(rules, list):
        return False
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for rule in rules[:1000]:
        if isinstance(rule, dict) and _location_matches(str(rule.get("location", "")), path):
            return str(rule.get("tdm-reservation", "0")).strip() in ("1", "True")
    return False


def _location_matches(location: str, path: str) -> bool:
    if not location or len(location) > 2000:
        return False
    if "://" in location:
        location = urlsplit(location).path or "/"
    if not location.startswith(("/", "*")):
        location = "/" + location
    whole = location.endswith("$")
    first, *others = location.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(others):  # plain searching instead of a regular expression: linear on any input
        last = whole and number == len(others) - 1
        found = path.rfind(piece, at) if last and piece else path.find(piece, at)
        if found < 0:
            return False
        at = len(path) if last and not piece else found + len(piece)
    return not whole or at == len(path)


def ai_txt_reserves(document: bytes, url: str, agent: str) -> bool:
    """True when ai.txt disallows `url` for us or for everybody; a page of HTML in its place says nothing."""
    text = document.decode("utf-8-sig", "replace")
    if "disallow" not in text.lower() or text.lstrip().startswith("<"):
        return False
    return not Protego.parse(text).can_fetch(url, agent)
