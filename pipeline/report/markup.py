"""Building HTML and SVG as a tree, so that every text is escaped by the writer and no name can become markup."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml ships no types
Child: TypeAlias = Element | str | int | None


def clean(text: object) -> str:
    """Return text on one line without control, private or direction characters, which page content may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def el(tag: str, *children: Child, **attributes: object) -> Element:
    """Return an element; `class_` and `aria_label` are written `class` and `aria-label`, None is left out."""
    made = etree.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-") if name != "viewBox" else name, _attribute(value))
    for child in children:
        if child is None:
            continue
        if isinstance(child, (str, int)):
            _append_text(made, clean(child))
        else:
            made.append(child)
    return made


def raw_text(tag: str, text: str, **attributes: object) -> Element:
    """Return an element that keeps the line breaks of `text` (code, style sheets)."""
    made = el(tag, **attributes)
    made.text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return made


def document(root: Element) -> bytes:
    """Return the page as UTF-8 with its doctype."""
    return bytes(etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")) + b"\n"


def _attribute(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return clean(value)


def _append_text(made: Element, text: str) -> None:
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text
