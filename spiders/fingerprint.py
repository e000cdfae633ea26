"""The hash by which a page that has not changed is recognised, whatever its server says."""

from __future__ import annotations

import hashlib
import re

_TAGS = re.compile(rb"<[^<>]*>")
_NOISE = ((b"<script", b"</script"), (b"<style", b"</style"), (b"<noscript", b"</noscript"), (b"<!--", b"-->"))
_MAIN = ((b"<article", b"</article>"), (b"<main", b"</main>"))
_ICS_STAMPS = re.compile(
    rb"^(?:DTSTAMP|PRODID|X-PUBLISHED-TTL|LAST-MODIFIED)[^\r\n]*\r?\n", re.MULTILINE | re.IGNORECASE
)


def content_hash(body: bytes, content_type: str | None = None) -> str:
    """Return a hash (blake2b-128, hexadecimal) of what a reader sees.

    Of HTML only the text counts, and of that only the article or main element where there is one: tokens in
    forms, advertisements in scripts and teasers in the margin change with every call. Of calendars the time
    stamps of generation don't count. Runs in linear time on hostile input.
    """
    kind = (content_type or "").lower()
    head = body[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if "calendar" in kind or head.startswith(b"begin:vcalendar"):
        body = _ICS_STAMPS.sub(b"", body)
    elif "html" in kind or head.startswith((b"<!doctype html", b"<html")):
        body = _visible(body)
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _visible(body: bytes) -> bytes:
    for opening, closing in _NOISE:
        body = _without(body, opening, closing)
    lower = body.lower()
    for opening, closing in _MAIN:
        begin, end = lower.find(opening), lower.rfind(closing)
        if 0 <= begin < end:
            inner = _text(body[begin:end])
            if len(inner) > 400:  # an empty frame that scripts would fill says nothing
                return inner
    return _text(body)


def _text(body: bytes) -> bytes:
    return b" ".join(_TAGS.sub(b" ", body).split())


def _without(body: bytes, opening: bytes, closing: bytes) -> bytes:
    lower = body.lower()
    kept: list[bytes] = []
    at = 0
    while (begin := lower.find(opening, at)) >= 0:
        kept.append(body[at:begin])
        end = lower.find(closing, begin)
        if end < 0:
            return b"".join(kept)
        at = end + len(closing)
        if not closing.endswith(b">"):
            at = max(at, lower.find(b">", at) + 1)
    kept.append(body[at:])
    return b"".join(kept)
