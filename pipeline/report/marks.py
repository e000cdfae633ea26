"""Bars, columns, a calendar and dots with whiskers as SVG, drawn 360 units wide so that their text reads on a phone.

Every mark carries a `<title>` that tells its numbers; colours and fonts are classes of the page's style sheet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.report.markup import Element, clean, el

WIDTH = 360
_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One labelled bar: its value, the text at its end, an optional marker and a fainter look for small samples."""

    label: str
    value: float
    note: str
    marker: float | None = None
    faint: bool = False


def picture(height: float, title: str, described: str, *marks: Element) -> Element:
    """Return an SVG picture with its name and description for screen readers."""
    return el(
        "svg", el("title", title), el("desc", described), *marks, viewBox=f"0 0 {WIDTH} {height:.0f}", role="img",
        aria_label=f"{title}. {described}", class_="plot",
    )  # fmt: skip


def text(x: float, y: float, content: object, anchor: str = "start", kind: str = "label") -> Element:
    """Return a text."""
    return el("text", str(content), x=x, y=y, text_anchor=anchor, class_=kind)


def shorten(label: str, most: int) -> str:
    """Cut a label for the plot; the table below it has it whole."""
    label = clean(label)
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def bars(rows: Sequence[Bar], top: float | None = None) -> tuple[float, list[Element]]:
    """Return the height and the marks of horizontal bars, each below its label; `top` is the value of a full bar."""
    top = top or max([row.value for row in rows] + [row.marker or 0 for row in rows] + [0.0]) or 1.0
    marks: list[Element] = []
    for index, row in enumerate(rows):
        y = index * 40.0
        marks += [text(0, y + 12, shorten(row.label, 30)), text(WIDTH, y + 12, row.note, "end", "value")]
        marks.append(el("rect", x=0, y=y + 17, width=WIDTH, height=14, rx=3, class_="track"))
        length = WIDTH * row.value / top
        tip = el("title", f"{row.label}: {row.note}")
        marks.append(
            el("rect", tip, x=0, y=y + 17, width=max(length, 1.0) if row.value else 0.0, height=14, rx=3,
               class_="bar faint" if row.faint else "bar")
        )  # fmt: skip
        if row.marker is not None:
            x = min(WIDTH - 1.0, WIDTH * row.marker / top)
            marks.append(el("line", x1=x, x2=x, y1=y + 14, y2=y + 34, class_="marker"))
    return len(rows) * 40.0, marks


def columns(
    values: Sequence[float],
    labels: Sequence[str],
    tips: Sequence[str],
    line: Sequence[float | None] = (),
    level: float | None = None,
) -> tuple[float, list[Element]]:
    """Return the height and the marks of columns with a scale; `line` in percent on top of them, `level` a target."""
    height, base, left = 190.0, 160.0, 30.0
    top = nice_top(max([*values, level or 0.0, 0.0]))
    width = (WIDTH - left - (30 if line else 0)) / max(1, len(values))
    marks: list[Element] = []
    for share in (0.0, 0.5, 1.0):
        y = base - 145 * share
        marks += [
            el("line", x1=left, x2=WIDTH, y1=y, y2=y, class_="grid"),
            text(left - 4, y + 4, f"{top * share:,.4g}", "end", "tick"),
        ]
        if line:
            marks.append(text(WIDTH, y - 3, f"{100 * share:.0f} %", "end", "tick"))
    for index, value in enumerate(values):
        size = 145 * value / top
        marks.append(
            el("rect", el("title", tips[index]), x=left + index * width + min(_GAP, width / 5) / 2, y=base - size,
               width=max(0.6, width - min(_GAP, width / 5)), height=size, class_="bar")
        )  # fmt: skip
    every = max(1, math.ceil(len(labels) / 7))
    for index in range(0, len(labels), every):
        marks.append(text(left + (index + 0.5) * width, base + 16, labels[index], "middle", "tick"))
    if level is not None:
        y = base - 145 * level / top
        marks.append(el("line", el("title", f"target {level:g}"), x1=left, x2=WIDTH, y1=y, y2=y, class_="marker"))
    dots = [(left + (i + 0.5) * width, base - 145 * share / 100) for i, share in enumerate(line) if share is not None]
    if dots:
        marks.append(el("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in dots), class_="line"))
        marks += [el("circle", cx=x, cy=y, r=2.2, class_="dot") for x, y in dots]
    return height, marks


def calendar(days: Sequence[tuple[date, int, bool]]) -> tuple[float, list[Element]]:
    """Return the height and the marks of a calendar: a column a week, a row a weekday, darker for more."""
    first = days[0][0] - timedelta(days=days[0][0].weekday())
    weeks = (days[-1][0] - first).days // 7 + 1
    left = 22.0
    size = min(26.0, (WIDTH - left) / weeks)
    most = max(count for _, count, _ in days) or 1
    marks = [
        text(0, 26 + row * size + size * 0.7, name, kind="tick") for row, name in ((0, "Mo"), (2, "We"), (4, "Fr"))
    ]
    named = -99.0
    for day, count, workday in days:
        x = left + ((day - first).days // 7) * size
        y = 20 + day.weekday() * size
        shade = "off" if not count and not workday else f"heat{min(4, math.ceil(4 * count / most))}"
        marks.append(
            el("rect", el("title", f"{day}: {count}"), x=x, y=y, width=size - 1, height=size - 1, rx=2, class_=shade)
        )
        if (day.day == 1 or day == days[0][0]) and x - named > 30:
            marks.append(text(x, 12, f"{day:%b}", kind="tick"))
            named = x
    return 24 + 7 * size, marks


def dots(
    points: Sequence[tuple[float, float, float, float, str, bool]], axis: str, top: float
) -> tuple[float, list[Element]]:
    """Return the height and the marks of labelled values with whiskers: (value, low, high, weight, label, faint)."""
    marks: list[Element] = []
    left, wide = 4.0, WIDTH - 8.0

    def at(value: float) -> float:
        return left + wide * min(1.0, value / top)

    for index, (value, low, high, _, label, faint) in enumerate(points):
        y = index * 36.0
        kind = " faint" if faint else ""
        tip = el("title", f"{label}: {value:.1f} ({low:.1f} to {high:.1f})")
        marks += [
            text(0, y + 12, shorten(label, 34)),
            text(WIDTH, y + 12, f"{value:.1f}  ({low:.1f}–{high:.1f})", "end", "value"),
            el("line", x1=left, x2=left + wide, y1=y + 23, y2=y + 23, class_="grid"),
            el("line", x1=at(low), x2=at(high), y1=y + 23, y2=y + 23, class_="whisker" + kind),
            el("circle", tip, cx=at(value), cy=y + 23, r=5, class_="point" + kind),
        ]
    height = len(points) * 36.0 + 18
    marks += [text(0, height - 4, "0", kind="tick"), text(WIDTH, height - 4, f"{top:g} {axis}", "end", "tick")]
    return height, marks


def square(series: Sequence[tuple[str, Sequence[tuple[float, float]]]], top: str) -> tuple[list[Element], float]:
    """Return the marks and height of lines in a square with its diagonal; coordinates are shares 0 to 1 of both axes."""
    left, size, base = 34.0, 250.0, 262.0
    marks = [
        el("rect", x=left, y=base - size, width=size, height=size, class_="track"),
        el("line", x1=left, y1=base, x2=left + size, y2=base - size, class_="diagonal"),
        text(left - 4, base - size + 8, top, "end", "tick"), text(left - 4, base, "0", "end", "tick"),
        text(left + size, base + 14, top, "end", "tick"), text(left, base + 14, "0", kind="tick"),
    ]  # fmt: skip
    for index, (name, points) in enumerate(series):
        at = [(left + size * x, base - size * y) for x, y in points]
        kind = "first" if index == 0 else "second"
        marks.append(el("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in at), class_=f"line {kind}"))
        marks += [
            el("circle", el("title", f"{name}: {100 * px:.0f} / {100 * py:.0f}"), cx=x, cy=y, r=4, class_=f"dot {kind}")
            for (x, y), (px, py) in zip(at, points, strict=True)
        ]
        marks += [
            el("circle", cx=left + size + 14, cy=base - size + 12 + 20 * index, r=4, class_=f"dot {kind}"),
            text(left + size + 22, base - size + 16 + 20 * index, name, kind="tick"),
        ]
    return marks, base + 22


def nice_top(value: float) -> float:
    """Return a round number that is not below `value`: 1, 2, 4, 5 or 8 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return float(next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= value * 0.999999))
