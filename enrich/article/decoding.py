"""From the bytes of a page to text and to an element tree, whatever the bytes are.

Both steps never raise and need time linear in the size of the page. Limits: `MAX_BYTES` of a body are read
(more is cut off), `MAX_CHARS` of markup are parsed after scripts and styles are dropped. libxml2 stops at
255 nested elements (its guard without `huge_tree`); pages that nest deeper are flattened and parsed again, so
that no text is lost and no later step meets a deep tree.
"""

from __future__ import annotations

import codecs
import html
import itertools
import re

from charset_normalizer import from_bytes
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

MAX_BYTES = 12_000_000
MAX_CHARS = 4_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Signs that German, English and French pages use beyond ASCII; a wrong reading of bytes shows few.
_USUAL = frozenset("äöüßÄÖÜẞéèêëàâáçôóîïñÉÈ„“”‚‘’»«–—…€°§·•©®½¼²³µ\xa0\xad")
_GERMAN = frozenset("äöüßÄÖÜ")
_SINGLE_BYTE = ("cp1252", "mac_roman", "cp850")
# UTF-8 that was read as cp1252 and written as UTF-8 once more: "fÃ¼r", "â€ž".
_DOUBLE = re.compile("[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|127|65534|65535)(?![0-9])"
    r"|x0*(?:[0-8bcef]|1[0-9a-f]|7f|fffe|ffff)(?![0-9a-f]));?",
    re.I,
)
_BULK_START = re.compile(r"<(?:(style|svg)\b|(script)\b(?![^<>]*ld\+json)|!--)", re.I)
_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]*>", re.I)
_HTML_TAG = re.compile(r"<(?:html|body|div|p|br|h[1-6])\b", re.I)
_INLINE_TAGS = re.compile(r"</?(?:span|font|b|i|u|em|strong|small|big|tt|center|nobr|a)\b[^<>]*>", re.I)
_BOX_TAGS = re.compile(r"</?(?!p\b|br\b|h[1-6]\b|script\b|title\b|meta\b|link\b|head\b|body\b|html\b)[a-z][^>]*>", re.I)
_EMPTY_PARAGRAPHS = re.compile(r"<p>(?:\s*<p>)++")
_BINARY_STARTS = (
    b"%PDF-",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x7fELF",
)

_PARSER_OPTIONS = {
    "encoding": "utf-8",
    "huge_tree": False,
    "no_network": True,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
    "default_doctype": False,
}


def is_binary(body: bytes) -> bool:
    """Tell whether a body is no text at all: PDF, picture, archive, or full of NUL bytes but no UTF-16."""
    start = body[:1024]
    if start.lstrip()[:8].startswith(_BINARY_STARTS):
        return True
    if start.startswith(tuple(bom for bom, _ in _BOMS)):
        return False
    controls = sum(byte < 9 or 13 < byte < 32 for byte in start)
    return bool(start) and controls > len(start) * 0.1 and _wide_encoding(body) is None


def decode_html(body: bytes, content_type: str | None = None) -> str:
    """Return a page's text. Order: byte order mark, valid UTF-8, HTTP header, meta element, detection.

    Valid UTF-8 with multi-byte signs goes before any declaration, because that pattern does not arise by
    chance in another encoding, while false declarations are common. A declared single-byte encoding is read
    as browsers do (ISO-8859-1 means windows-1252). UTF-8 with stray bytes keeps its good signs and reads the
    stray ones as windows-1252. Text that was encoded twice is set right. Never raises.
    """
    body = body[:MAX_BYTES]
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _strip_bom(body[len(bom) :].decode(name, "replace"))
    try:
        return _undouble(body.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    declared = _declared_encoding(body, content_type)
    invalid_utf8 = body.decode("utf-8", "replace").count("\ufffd")
    if len(_MULTIBYTE.findall(body)) > invalid_utf8:  # mostly UTF-8, a few foreign bytes or a cut-off end
        return _undouble(body.decode("utf-8", "opener_cp1252"))
    if declared and declared != "utf-8":
        try:
            text = body.decode(declared, "replace")
        except LookupError:
            text = ""
        if text and text.count("\ufffd") <= len(text) // 1000:
            return _strip_bom(text)
    return _strip_bom(body.decode(_detect(body), "replace"))


def parse_html(text: str) -> HtmlElement:
    """Return the `html` element of a page's markup; an empty document where nothing can be parsed.

    Comments and processing instructions are gone, scripts are kept (JSON-LD lives there). No entity is
    expanded from a document type, nothing is loaded, the tree is at most 255 elements deep. Never raises.
    """
    bare = _DECLARATION.sub("", _CONTROL.sub("", text).replace("\x0b", " ").replace("\x0c", " "))
    declared, text = len(bare) < len(text) and _DECLARATION.match(text) is not None, bare
    if "&#" in text:
        text = _CONTROL_REFERENCE.sub("", text)
    if len(text) > MAX_CHARS:
        text = _without_bulk(text)[:MAX_CHARS]
    if declared and _HTML_TAG.search(text) is None:
        text = _lines_of_xml(text)
    tree, complete = _parse(text)
    if not complete:
        tree, complete = _parse(_INLINE_TAGS.sub(" ", text))
    if not complete:
        tree, complete = _parse(_EMPTY_PARAGRAPHS.sub("<p>", _BOX_TAGS.sub("<p>", _without_bulk(text))))
    return tree if tree is not None else document_fromstring("<html><body></body></html>")


def _lines_of_xml(text: str) -> str:
    """Return the text of an XML document that is no HTML as HTML, one paragraph a line: white space counts there.

    It is the text inside the element that holds most text of its own; tags within it only mark words.
    """
    try:
        parser = etree.XMLParser(
            encoding="utf-8", recover=True, huge_tree=False, no_network=True, resolve_entities=False, load_dtd=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        return text

    def own(element: etree._Element) -> int:
        return len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)

    main = max(root.iter("*"), key=own)
    lines = "".join(
        f"<p>{html.escape(line.strip())}</p>" for line in "".join(main.itertext()).split("\n") if line.strip()
    )
    tail = main.tail
    main.clear()
    main.tail = tail
    rest = etree.tostring(root, encoding="unicode")  # what tells the date stands in it
    return f"<html><body><main>{lines}</main>{rest}</body></html>"


def cut_elements(tree: HtmlElement, limit: int) -> bool:
    """Remove everything behind the first `limit` elements; tell whether something was removed."""
    last = next(itertools.islice(tree.iter(), limit, None), None)
    if last is None:
        return False
    chain = [last, *last.iterancestors()]
    for node in chain:
        parent = node.getparent()
        if parent is not None:
            del parent[parent.index(node) + (node is not last) :]
    return True


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    """Return the tree and whether the whole markup is in it."""
    parser = HTMLParser(**_PARSER_OPTIONS)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None, True
    cut = any("xcessive depth" in entry.message for entry in parser.error_log)
    return tree, not cut


def _without_bulk(text: str) -> str:
    """Drop styles, drawings, comments, scripts other than JSON-LD; linear also where the end is missing."""
    lowered = text.lower() if text.isascii() else "".join(sign.lower() if sign < "\x80" else sign for sign in text)
    parts: list[str] = []
    position = 0
    while match := _BULK_START.search(text, position):
        parts.append(text[position : match.start()])
        name = (match.group(1) or match.group(2) or "").lower()
        closing = f"</{name}" if name else "-->"
        end = lowered.find(closing, match.end())
        if end < 0:
            return " ".join(parts)
        position = end + len(closing) + (0 if name == "" else max(0, text.find(">", end) - end - len(closing) + 1))
    parts.append(text[position:])
    return " ".join(parts)


def _strip_bom(text: str) -> str:
    return text.removeprefix("\ufeff")


def _declared_encoding(body: bytes, content_type: str | None) -> str | None:
    header = http_content_type_encoding(content_type) if content_type else None
    wide = _wide_encoding(body)
    name = wide or header or html_body_declared_encoding(body[:8192])
    if name is None:
        return None
    name = resolve_encoding(name) or ""
    # Bytes that could be searched for a meta element are no UTF-16, whatever it says.
    return None if not name or (name.startswith("utf-16") and wide is None) else name


def _wide_encoding(body: bytes) -> str | None:
    """Recognise UTF-16 without byte order mark by the zero bytes beside ASCII signs."""
    start = body[:400]
    if len(start) < 8:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _detect(body: bytes) -> str:
    """Choose the encoding of Western pages that shows most usual signs; else ask the detector."""
    high = bytes(byte for byte in body[:400_000] if byte > 127)[:20_000]
    if not high:
        return "cp1252"
    texts = {name: high.decode(name, "replace") for name in _SINGLE_BYTE}
    scores = {
        name: sum(sign in _USUAL for sign in text) + 2 * sum(sign in _GERMAN for sign in text)
        for name, text in texts.items()
    }
    best = max(_SINGLE_BYTE, key=lambda name: scores[name])
    if sum(sign in _USUAL for sign in texts[best]) >= len(high) * 0.5 and len(high) < len(body[:400_000]) * 0.25:
        return best
    found = from_bytes(body[:20_000]).best()
    return found.encoding if found is not None and found.encoding != "ascii" else "cp1252"


def _undouble(text: str) -> str:
    text = _strip_bom(text)
    if "Ã" not in text and "â€" not in text:
        return text
    broken = len(_DOUBLE.findall(text))
    rest = _DOUBLE.sub("", text)
    sound = sum(rest.count(sign) for sign in "äöüßÄÖÜ„“–")
    return _DOUBLE_RUN.sub(_mend_run, text) if broken >= 3 and broken > 5 * sound else text


_DOUBLE_RUN = re.compile(
    "(?:[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])+"
)


def _mend_run(match: re.Match[str]) -> str:
    raw = bytearray()
    for sign in match.group():
        try:
            raw += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) > 255:
                return match.group()
            raw.append(ord(sign))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def _stray_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("opener_cp1252", _stray_as_cp1252)
