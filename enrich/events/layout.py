"""A web page as lines in boxes: what a reader sees, in order, with the structure that groups it.

Event pages differ in their markup but not in how they are laid out: a card, a table row or the lines below a
heading belong together. Everything here is one pass over the tree without recursion, so nesting depth does not
matter, and is bounded by `MAX_LINES` and `MAX_LINE_CHARS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from enrich.html_elements import BLOCKS, UNSHOWN

MAX_LINES = 12_000
MAX_LINE_CHARS = 4_000

_BLOCKS = BLOCKS | {"hgroup", "html", "search"}
_SKIPPED = UNSHOWN | {"head", "iframe", "map"}
_STRONG = frozenset(["b", "strong", "em", "i", "u", "mark"])
_ICON_CLASS = re.compile(
    r"(?:^|[\s_-])(?:material-(?:icons|symbols)\S*|dashicons|sr-only|screen-reader-text|visually-hidden"
    r"|visuallyhidden)(?:$|\s)",
    re.I,
)
_SPACE = re.compile(r"\s+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NAV_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|footer|cookie\S*|sidebar"
    r"|site-header|page-nav\S*|social|share|masthead|topbar|widget-area)(?:$|[\s_-])",
    re.I,
)


@dataclass(slots=True)
class Box:
    """One block element: `first`..`last` (exclusive) are its lines; `parent` indexes `Layout.boxes` (-1: none)."""

    tag: str
    cls: str
    parent: int
    depth: int
    first: int
    last: int = 0
    children: list[int] = field(default_factory=list)

    @property
    def signature(self) -> str:
        return f"{self.tag}.{self.cls}"


@dataclass(slots=True)
class Line:
    """One visible line: `level` 1..6 in a heading, else 0; `strong`: all of it emphasised; `links`: (href, text).

    `nav`: part of navigation, footer or side bar. `times`: machine-readable `datetime` attributes. `column` and
    `row` count the cells of the innermost table (-1 outside).
    """

    text: str
    tag: str
    level: int
    strong: bool
    nav: bool
    box: int
    cls: str
    links: tuple[tuple[str, str], ...] = ()
    times: tuple[str, ...] = ()
    image: str = ""
    row: int = -1
    column: int = -1


@dataclass(slots=True)
class Layout:
    """The lines and boxes of one page; `title` is the title element, `headline` the first h1 outside navigation."""

    lines: list[Line]
    boxes: list[Box]
    title: str
    meta: dict[str, str]
    truncated: bool = False

    def ancestors(self, box: int) -> list[int]:
        """Return the box and those around it, innermost first."""
        chain = []
        while box >= 0:
            chain.append(box)
            box = self.boxes[box].parent
        return chain

    def text(self, first: int, last: int) -> str:
        """Return the lines `first`..`last` (exclusive) joined by line ends."""
        return "\n".join(line.text for line in self.lines[first:last])

    @property
    def headline(self) -> str:
        """Return the first level-1 heading outside navigation, or ""."""
        return next((line.text for line in self.lines if line.level == 1 and not line.nav), "")


@dataclass(slots=True)
class _Pending:
    """What has been collected of the line under construction."""

    parts: list[str] = field(default_factory=list)
    strong_chars: int = 0
    chars: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    inline_cls: list[str] = field(default_factory=list)
    open_link: str | None = None
    link_start: int = 0


class _Builder:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.stack: list[int] = []
        self.nav = 0
        self.strong = 0
        self.level = 0
        self.image = ""
        self.pending = _Pending()
        self.tables: list[list[int]] = []

    def say(self, text: str | None) -> None:
        if not text or len(self.lines) >= MAX_LINES:
            return
        if self.pending.chars > MAX_LINE_CHARS:
            return
        self.pending.parts.append(text)
        size = len(text.strip())
        self.pending.chars += size
        if self.strong:
            self.pending.strong_chars += size

    def flush(self) -> None:
        pending, self.pending = self.pending, _Pending()
        if pending.open_link is not None:
            self.pending.open_link = pending.open_link
            label = _SPACE.sub(" ", "".join(pending.parts[pending.link_start :])).strip()
            if label:
                pending.links.append((pending.open_link, label))
        text = _SPACE.sub(" ", "".join(pending.parts)).strip()
        if not text:
            self.pending.times = pending.times
            return
        box = self.stack[-1] if self.stack else -1
        row, column = (self.tables[-1][0], self.tables[-1][1]) if self.tables else (-1, -1)
        current = self.boxes[box] if box >= 0 else None
        self.lines.append(
            Line(
                text=text[:MAX_LINE_CHARS],
                tag=current.tag if current else "",
                level=self.level,
                strong=pending.strong_chars >= pending.chars,
                nav=self.nav > 0,
                box=box,
                cls=" ".join([current.cls if current else "", *pending.inline_cls]).strip(),
                links=tuple(pending.links[:20]),
                times=tuple(pending.times[:4]),
                image=self.image,
                row=row,
                column=column,
            )
        )
        self.image = ""

    def open_box(self, tag: str, cls: str) -> None:
        parent = self.stack[-1] if self.stack else -1
        index = len(self.boxes)
        self.boxes.append(Box(tag, cls, parent, len(self.stack), len(self.lines)))
        if parent >= 0:
            self.boxes[parent].children.append(index)
        self.stack.append(index)

    def close_box(self) -> None:
        self.boxes[self.stack.pop()].last = len(self.lines)


def _is_nav(tag: str, role: str) -> bool:
    return tag in ("nav", "footer") or role in ("navigation", "contentinfo")


def _mark_navigation(lines: list[Line], boxes: list[Box]) -> None:
    """Mark boxes that are called navigation and are mostly links; many themes call their main box so, too."""
    for box in boxes:
        if box.tag in ("html", "body", "main", "article") or not box.cls or not _NAV_CLASS.search(box.cls):
            continue
        inside = lines[box.first : box.last]
        total = sum(len(line.text) for line in inside)
        linked = sum(len(label) for line in inside for _, label in line.links)
        if linked >= 0.5 * total or total < 160:
            for line in inside:
                line.nav = True


def _enter(build: _Builder, element: Any, tag: str) -> bool:
    """Open `element`; return False when its content is not for readers."""
    if tag in _SKIPPED:
        return False
    cls = f"{element.get('class') or ''} {element.get('id') or ''}".strip()[:200]
    if element.get("hidden") is not None and tag != "div":
        return False
    if _HIDDEN.search(element.get("style") or "") or (cls and _ICON_CLASS.search(f" {cls} ")):
        return False
    if tag == "br":
        build.flush()
    elif tag == "img":
        alt = (element.get("alt") or element.get("title") or "").strip()
        build.image = alt[:200] or build.image
    elif tag in _BLOCKS:
        build.flush()
        build.open_box(tag, cls)
        if tag == "table":
            build.tables.append([-1, -1])
        elif tag == "tr" and build.tables:
            build.tables[-1][0] += 1
            build.tables[-1][1] = -1
        elif tag in ("td", "th") and build.tables:
            build.tables[-1][1] += 1
        if _is_nav(tag, element.get("role") or ""):
            build.nav += 1
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            build.level = int(tag[1])
        if tag == "li" and element.getparent() is not None and element.getparent().tag == "ol":
            _say_list_number(build, element)
    else:
        if _is_card(element, tag):
            build.flush()
            build.open_box(tag, cls)
        _enter_inline(build, element, tag, cls)
    return True


def _is_card(element: Any, tag: str) -> bool:
    """A link around whole blocks (date tile, heading, text) holds them together as a box does."""
    return tag == "a" and any(child.tag in _BLOCKS for child in element)


def _say_list_number(build: _Builder, element: Any) -> None:
    """Write the number of an ordered list that does not start at 1: it is visible text ("15. November")."""
    start = element.getparent().get("start")
    if start and start.isdigit() and 1 < int(start) < 10_000 and element.getprevious() is None:
        build.say(f"{start}. ")


def _enter_inline(build: _Builder, element: Any, tag: str, cls: str) -> None:
    before = element.getprevious()
    if (
        before is not None
        and isinstance(before.tag, str)
        and before.tag not in _BLOCKS
        and not (before.tail or "").strip()
    ):
        _part_neighbours(build, before, cls, spaced=bool(before.tail))
    if cls:
        build.pending.inline_cls.append(cls)
    if tag == "a":
        build.pending.open_link = (element.get("href") or "").strip()[:2000]
        build.pending.link_start = len(build.pending.parts)
    elif tag == "time":
        build.pending.times.append((element.get("datetime") or "")[:60])
    elif tag in _STRONG:
        build.strong += 1


def _part_neighbours(build: _Builder, before: Any, cls: str, *, spaced: bool) -> None:
    """Inline elements that styles set apart ("<em>Talk</em><em>Speaker</em>") are lines of their own."""
    if before.tag in ("br", "img", "input", "i", "svg") or spaced:
        return
    own = build.pending.chars
    if own >= 6 and (cls or before.get("class")) and before.tag not in ("a", "sup", "sub"):
        build.flush()
    elif own:
        build.say(" ")


def _leave(build: _Builder, element: Any, tag: str) -> None:
    if tag in _BLOCKS:
        build.flush()
        if _is_nav(tag, element.get("role") or ""):
            build.nav -= 1
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            build.level = 0
        if tag == "table" and build.tables:
            build.tables.pop()
        build.close_box()
    elif tag == "a":
        if build.pending.open_link is not None:
            label = _SPACE.sub(" ", "".join(build.pending.parts[build.pending.link_start :])).strip()
            build.pending.links.append((build.pending.open_link, label))
            build.pending.open_link = None
        if _is_card(element, tag):
            build.flush()
            build.close_box()
    elif tag in _STRONG:
        build.strong = max(0, build.strong - 1)
    elif tag in ("span", "small", "time"):
        build.say(" ") if element.get("class") else None


def _head(root: Any) -> tuple[str, dict[str, str]]:
    title = ""
    meta: dict[str, str] = {}
    for element in root.iter("title", "meta"):
        if element.tag == "title" and not title:
            title = _SPACE.sub(" ", "".join(element.itertext()))[:500].strip()
        elif element.tag == "meta":
            key = (element.get("property") or element.get("name") or "").lower()
            if key and key not in meta and len(meta) < 100:
                meta[key] = _SPACE.sub(" ", element.get("content") or "")[:500].strip()
    return title, meta


def read_layout(root: Any) -> Layout:
    """Lay out an lxml HTML tree (its root element). Never raises on odd markup; truncates at the bounds above."""
    build = _Builder()
    element = root
    depth_open: list[tuple[Any, str, bool]] = []
    # An explicit stack of open elements instead of recursion: hostile pages nest a hundred thousand deep.
    while element is not None:
        tag = element.tag if isinstance(element.tag, str) else ""
        inside = bool(tag) and len(build.lines) < MAX_LINES and _enter(build, element, tag)
        if inside:
            build.say(element.text if tag not in ("option",) else None)
        depth_open.append((element, tag, inside))
        following = element[0] if inside and len(element) else None
        while following is None and depth_open:
            done, done_tag, was_inside = depth_open.pop()
            if was_inside:
                _leave(build, done, done_tag)
            if not depth_open:
                break
            build.say(done.tail)
            following = done.getnext()
        element = following
    build.flush()
    _mark_navigation(build.lines, build.boxes)
    title, meta = _head(root)
    return Layout(build.lines, build.boxes, title, meta, truncated=len(build.lines) >= MAX_LINES)
