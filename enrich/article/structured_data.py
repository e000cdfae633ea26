"""A small tolerant reader of JSON-LD (and of meta elements), shared by articles, events and company sites.

Why not a library: JSON-LD of real pages breaks in a handful of ways (line breaks inside strings, trailing
commas, HTML comments or CDATA around, several values in one script, entities), and one broken script must not
cost the others. Bounds: `MAX_SCRIPT` characters a script, `MAX_NODES` objects a page, `MAX_DEPTH` levels;
nothing is loaded, contexts are not resolved, `@id` references are looked up one level only (see `resolve`).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.html import HtmlElement

MAX_SCRIPT = 1_000_000
MAX_SCRIPTS = 60
MAX_NODES = 5_000
MAX_DEPTH = 40

Node = dict[str, Any]

_WRAPPER_START = re.compile(r"\A(?:\s|<!--|//|/\*|\*/|<!\[CDATA\[)+")
_WRAPPER_ENDS = ("-->", "//", "/*", "*/", "]]>", ";")
_TRAILING_COMMA = re.compile(r',(\s*+[}\]])|("(?:[^"\\]|\\.)*+(?:"|\\?\Z))', re.S)
_BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
_JSON_LD = "application/ld+json"
_DECODER = json.JSONDecoder(strict=False)  # not strict: control characters inside strings are allowed


def iter_json_ld(tree: HtmlElement) -> Iterator[Node]:
    """Yield every top-level JSON-LD object of a page, `@graph` and lists flattened, in document order.

    Nested objects stay inside their parents (see `iter_nodes` for all of them). Scripts that are no JSON even
    after mending are skipped.
    """
    left = MAX_NODES
    for number, script in enumerate(tree.iter("script")):
        if number >= 20 * MAX_SCRIPTS:
            return
        if _JSON_LD not in (script.get("type") or "").lower():
            continue
        for value in parse_json_ld(script.text or ""):
            for node in _flatten(value):
                if left <= 0:
                    return
                left -= 1
                yield node


def parse_json_ld(text: str) -> list[Any]:
    """Return the JSON values of one script; [] where it can't be read."""
    if len(text) > MAX_SCRIPT:
        return []
    text = _unwrap(text)
    if not text:
        return []
    for attempt in (text, mend_json(text), mend_json(html.unescape(text))):
        values = _decode_all(attempt)
        if values:
            return values
    return []


def _unwrap(text: str) -> str:
    """Drop the comment and CDATA signs that old pages put around a script."""
    text = _WRAPPER_START.sub("", text).rstrip()
    while text.endswith(_WRAPPER_ENDS):
        for ending in _WRAPPER_ENDS:
            text = text.removesuffix(ending).rstrip()
    return text


def mend_json(text: str) -> str:
    """Drop trailing commas outside strings and escape backslashes that start no JSON escape."""
    text = _BAD_ESCAPE.sub(lambda match: match.group() if match.group(1) else "\\\\", text)
    return _TRAILING_COMMA.sub(lambda match: match.group(2) or match.group(1), text)


def types(node: Node) -> frozenset[str]:
    """Return the names of a node's `@type` without vocabulary prefix: {"NewsArticle"}."""
    names = node.get("@type")
    listed = names if isinstance(names, list) else [names]
    return frozenset(re.split(r"[/#:]", name)[-1] for name in listed if isinstance(name, str))


def has_type(node: Node, wanted: Iterable[str]) -> bool:
    """Tell whether a node is of one of the wanted types."""
    return not types(node).isdisjoint(wanted)


def iter_nodes(value: Any) -> Iterator[Node]:
    """Yield a node and all objects nested in it, parents first; bounded in number and depth, no recursion."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while stack and seen < MAX_NODES:
        current, depth = stack.pop()
        if isinstance(current, dict):
            seen += 1
            yield current
            children: Iterable[Any] = current.values()
        elif isinstance(current, list):
            children = current
        else:
            continue
        if depth < MAX_DEPTH:
            stack.extend((child, depth + 1) for child in reversed(list(children)) if isinstance(child, dict | list))


def as_list(value: Any) -> list[Any]:
    """Return a property's values: None as [], a single value as a list of one, `@list`/`@set` opened."""
    if isinstance(value, dict) and len(value) <= 2 and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def text_of(value: Any) -> str | None:
    """Return the first text of a property (string, number, {"@value": …}, {"name": …}), entities resolved."""
    for item in as_list(value):
        found = item
        if isinstance(item, dict):
            found = item.get("@value", item.get("name"))
            if isinstance(found, list):
                found = found[0] if found else None
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            continue
        plain = " ".join(html.unescape(str(found)).split())
        if plain:
            return plain
    return None


def index_by_id(nodes: Iterable[Node]) -> dict[str, Node]:
    """Index nodes that say more than their `@id` by it, for `resolve`."""
    found: dict[str, Node] = {}
    for node in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > len(found.get(key, {"@id": key})):
            found[key] = node
    return found


def resolve(value: Any, index: dict[str, Node]) -> Any:
    """Replace a bare reference {"@id": …} by the node it names; one level, so that cycles end."""
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        key = value.get("@id")
        if isinstance(key, str):
            return index.get(key, value)
    return value


def meta_content(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the page's meta values by lower-case `name`, `property`, `itemprop` or `http-equiv`."""
    found: dict[str, list[str]] = {}
    for number, element in enumerate(tree.iter("meta")):
        if number >= 2_000:
            break
        content = " ".join((element.get("content") or "").split())
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            key = (element.get(attribute) or "").strip().lower()
            if key:
                found.setdefault(key, []).append(content)
    return found


def _decode_all(text: str) -> list[Any]:
    """Decode one value, or several written one after the other (with or without a comma between)."""
    values: list[Any] = []
    position = 0
    while position < len(text) and len(values) < MAX_NODES:
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return values
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def _flatten(value: Any) -> Iterator[Node]:
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        current, depth = stack.pop()
        if isinstance(current, list):
            children: list[Any] = current
        elif isinstance(current, dict):
            graph = current.get("@graph")
            if len(current) > (1 + ("@context" in current)) or graph is None:
                yield current
            children = as_list(graph)
        else:
            continue
        if depth < MAX_DEPTH:
            stack.extend((child, depth + 1) for child in reversed(children))
