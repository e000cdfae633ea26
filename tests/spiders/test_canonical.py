"""One document has one address, whatever hangs on it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.canonical import canonical, same_site

BASE = "https://www.bote.example/wirtschaft/neue-chefin-123.html"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{BASE}?utm_source=rss&utm_medium=feed", BASE),
        (f"{BASE}#kommentare", BASE),
        (f"{BASE}?fbclid=IwAR0x&gclid=1", BASE),
        (f"{BASE}?ref=rss", BASE),
        ("https://www.bote.example:443/a", "https://www.bote.example/a"),
        ("http://www.bote.example:80/a", "http://www.bote.example/a"),
        ("http://www.bote.example:8080/a", "http://www.bote.example:8080/a"),
        ("HTTPS://WWW.Bote.Example/A", "https://www.bote.example/A"),
        ("https://bote.example", "https://bote.example/"),
        ("https://bote.example./a", "https://bote.example/a"),
        ("https://bote.example/a;jsessionid=ABC123?x=1", "https://bote.example/a?x=1"),
        ("https://bote.example/a?PHPSESSID=1f2e3d", "https://bote.example/a"),
        ("https://bote.example/a/amp/", "https://bote.example/a/"),
        ("https://bote.example/a.amp.html", "https://bote.example/a.html"),
        ("https://bote.example/a?outputType=amp", "https://bote.example/a"),
        ("https://bote.example/a?amp=1", "https://bote.example/a"),
        ("https://bote.example/a/print", "https://bote.example/a/"),
        ("https://bote.example/a?view=print", "https://bote.example/a"),
        ("https://bote.example/a?view=grid", "https://bote.example/a?view=grid"),
        ("https://bote.example/a?b=2&a=1", "https://bote.example/a?a=1&b=2"),
        ("https://bote.example/index.php?cid=4711", "https://bote.example/index.php?cid=4711"),
        ("https://bote.example/index.php?sid=12", "https://bote.example/index.php?sid=12"),
        ("https://bote.example/index.php?cid=social.feed", "https://bote.example/index.php"),
        ("https://bote.example/x/../a/./b", "https://bote.example/a/b"),
        ("https://bote.example//a//b", "https://bote.example/a/b"),
        ("https://bote.example/%7Ea/%c3%a4", "https://bote.example/~a/%C3%A4"),
        ("https://bote.example/ä", "https://bote.example/%C3%A4"),
        ("https://müller.example/a", "https://xn--mller-kva.example/a"),
        ("http://[::1]:80/a", "http://[::1]/a"),
    ],
)
def test_views_and_tags_are_folded_to_the_document(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "mailto:a@b.example", "/a", "", "http:///a", "javascript:alert(1)"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="no web address"):
        canonical(url)


_PATHS = st.text(alphabet="ab/.-_%0419AF äß~;=+\ud7ff", max_size=30)
_QUERIES = st.lists(
    st.tuples(st.sampled_from(["utm_source", "id", "page", "ref", "amp", "sid", "ä"]), st.text("a1 %&=ü/", max_size=5)),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(path=_PATHS, query=_QUERIES, fragment=st.text("ab", max_size=3))
def test_the_canonical_form_is_stable_and_drops_fragments(
    path: str, query: list[tuple[str, str]], fragment: str
) -> None:
    raw = f"https://bote.example/{path}?" + "&".join(f"{k}={v}" for k, v in query) + f"#{fragment}"
    once = canonical(raw)
    assert canonical(once) == once
    assert "#" not in once and "utm_source" not in once
    assert once.startswith("https://bote.example/")


@settings(max_examples=200, deadline=None)
@given(
    path=st.text("abc-/1", max_size=15),
    tags=st.lists(st.sampled_from(["utm_campaign=x", "fbclid=1", "wt_zmc=a.b", "xtor=RSS-1"]), max_size=4, unique=True),
)
def test_tracking_never_makes_a_second_document(path: str, tags: list[str]) -> None:
    plain = f"https://bote.example/{path}"
    assert canonical(f"{plain}?{'&'.join(tags)}" if tags else plain) == canonical(plain)


@given(st.text(max_size=60))
def test_any_text_gives_an_address_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert canonical(text).startswith("http")


def test_the_same_site_has_the_same_host() -> None:
    assert same_site("https://www.bote.example/a", "http://bote.example/b")
    assert not same_site("https://bote.example/", "https://boten.example/")
    assert not same_site("mailto:a@b", "https://bote.example/")
