"""Bytes become the text that was meant, whatever the page declares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.article.decoding import cut_elements, decode_html, is_binary, parse_html

TEXT = "<p>Größe, Straße und Öl – „schön“</p>"
PLAIN = "<p>Größe, Straße und Öl sind schön</p>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), None),
        (TEXT.encode(), "text/html; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=windows-1251"),
        (TEXT.encode("cp1252"), None),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8"),
        (TEXT.encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-16-le"), None),
        (TEXT.encode().decode("cp1252").encode(), None),
    ],
    ids=["utf-8", "false header", "bom wins", "cp1252", "false utf-8", "latin-1 label", "utf-16", "no bom", "doubled"],
)
def test_umlauts_survive(body: bytes, content_type: str | None) -> None:
    assert decode_html(body, content_type) == TEXT


def test_meta_element_names_the_encoding() -> None:
    page = f'<meta charset="mac-roman">{PLAIN}'
    assert PLAIN in decode_html(page.encode("mac_roman"))
    cyrillic = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Привет, мир</p>'
    assert "Привет" in decode_html(cyrillic.encode("cp1251"))


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "latin-1"])
def test_undeclared_western_encodings_are_detected(encoding: str) -> None:
    assert decode_html(PLAIN.encode(encoding)) == PLAIN


def test_stray_bytes_do_not_spoil_the_rest() -> None:
    assert decode_html("Größe in München und ".encode() + b"K\xf6ln") == "Größe in München und Köln"


def test_text_about_double_encoding_is_left_alone() -> None:
    text = "Für die Zeichen Ã¼ und Ã¶ ist falsches Lesen schuld, schöne Grüße, äußerst ärgerlich"
    assert decode_html(text.encode()) == text


@pytest.mark.parametrize("body", [b"%PDF-1.7 x", b"\x89PNG\r\n", b"PK\x03\x04xx", bytes(range(256)) * 8])
def test_other_files_are_recognised(body: bytes) -> None:
    assert is_binary(body)


def test_text_is_not_taken_for_a_file() -> None:
    assert not is_binary(TEXT.encode("utf-16-le"))
    assert not is_binary(PLAIN.encode("latin-1"))


def test_deep_nesting_loses_no_text() -> None:
    tree = parse_html("<div>" * 5_000 + "<p>innen</p>" + "</div>" * 5_000 + "<p>danach</p>")
    assert "innen" in tree.text_content()
    assert "danach" in tree.text_content()
    assert max(len(list(element.iterancestors())) for element in tree.iter()) < 256


def test_control_characters_and_their_references_go() -> None:
    assert parse_html("<p>a\x00b&#0;c&#x1f;d&#12;e</p>").text_content() == "abcde"


def test_document_type_entities_are_not_expanded() -> None:
    tree = parse_html('<!DOCTYPE html [<!ENTITY boom "xxxxxxxxxx">]><p>&boom;</p>')
    assert "xxxxxxxxxx" not in tree.text_content().replace('"xxxxxxxxxx"', "")


def test_encoding_declaration_of_xhtml_does_not_stop_the_parser() -> None:
    assert parse_html('<?xml version="1.0" encoding="iso-8859-1"?><p>Größe</p>').text_content() == "Größe"


def test_cut_elements_keeps_the_first() -> None:
    tree = parse_html("<div>" + "<p>x</p>" * 50 + "</div><p>Ende</p>")
    assert cut_elements(tree, 20)
    assert len(list(tree.iter())) == 20
    assert not cut_elements(tree, 20)


@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=latin-1", "x"]))
def test_any_bytes_are_decoded_and_parsed(body: bytes, content_type: str | None) -> None:
    tree = parse_html(decode_html(body, content_type))
    assert tree.tag == "html"


@given(st.text(max_size=200))
def test_utf8_is_read_exactly(text: str) -> None:
    clean = text.encode("utf-8", "ignore").decode().replace("Ã", "").replace("â€", "").lstrip("\ufeff")
    if not clean.startswith(("\x00", "\xfe", "\xff")):
        assert decode_html(clean.encode()) == clean
