"""Listings in wide encodings or with entities give their links, in linear time."""

from __future__ import annotations

import pytest

from spiders.discovery import feed_links, listing_form, sitemap_links

LINK = "http://a.example/2026/neue-chefin-fuer-koch.html"
FEED = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>s</title><link>{LINK}</link></item></channel></rss>'
ENTITIES = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 60))
SITEMAP = f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a0 "ha">{ENTITIES}]><urlset><url><loc>&a59;</loc></url><url><loc>{LINK}</loc></url></urlset>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_feed_is_read_in_any_unicode_encoding(encoding: str) -> None:
    body = FEED.encode(encoding)
    assert listing_form(body, "application/xml") == "feed"
    assert [link.url for link in feed_links(body, "http://a.example/feed")] == [LINK]


def test_entities_of_a_sitemap_cost_no_other_address() -> None:
    assert LINK in [link.url for link in sitemap_links(SITEMAP.encode())]


@pytest.mark.parametrize(
    "body", [b"<!DOCTYPE " * 200_000, b"<!DOCTYPE x [" + b"[]" * 500_000, b"<!DOCTYPE a['" * 200_000]
)
def test_document_types_without_end_are_read_once(body: bytes) -> None:
    assert sitemap_links(body) == []
