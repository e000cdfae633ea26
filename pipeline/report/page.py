"""The report page: key figures, then each question with its answer, plot, table and SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pipeline.plan.ratios import Ratio
from pipeline.report.markup import Element, clean, document, el, raw_text
from pipeline.report.plots import PLOTS, funnel
from pipeline.review.questions import Answer, Review
from pipeline.review.words import day_range, number, percent, say

_STYLE = Path(__file__).with_name("style.css")
_WORDS = ("title", "day", "span", "called", "source")
_MOST_ROWS = 400


def page(review: Review, *, made_at: datetime, extra: Sequence[Element] = ()) -> bytes:
    """Return the page as UTF-8; `extra` are sections that come after the questions. `made_at` is local and aware."""
    title = f"Door Opener: {day_range(review.period.first, review.period.last)}"
    head = el(
        "head", el("meta", charset="utf-8"), el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        el("meta", name="referrer", content="no-referrer"), el("title", title), raw_text("style", _STYLE.read_text("utf-8")),
    )  # fmt: skip
    sections = [
        _funnel(review),
        *(_section(answer, review) for answer in review.answers.values()),
        _ratios(review),
        *extra,
    ]
    body = el(
        "body",
        el("header", el("h1", "Calls and what came of them"),
           el("p", f"{day_range(review.period.first, review.period.last)}, {review.period.days} days", class_="quiet"), _tiles(review)),
        el("main", el("div", *sections, class_="grid")),
        el("footer", el("p", f"Made {made_at:%Y-%m-%d %H:%M %Z} from the published call log. Every figure can be asked again: "
                             "open “SQL” and give it to opener sql.")),
    )  # fmt: skip
    return document(el("html", head, body, lang="en"))


def _tiles(review: Review) -> Element:
    rows = review.rows("dials")
    dials, talks, meetings, sales = (
        sum(row[name] for row in rows) for name in ("dials", "conversations", "appointments", "sales")
    )
    time = review.rows("phone_time")
    kept = percent(sum(row["kept_minutes"] for row in time), sum(row["reserved_minutes"] for row in time))
    fresh = sum(row["called"] for row in review.rows("new_people"))
    figures = (
        (number(dials), "dials"), (number(talks), "conversations"), (number(meetings), "appointments"), (number(sales), "sales"),
        (number(fresh), "new people called"), (kept, "of reserved time kept"),
    )  # fmt: skip
    return el("ul", *(el("li", el("b", value), el("span", name)) for value, name in figures), class_="tiles")


def _funnel(review: Review) -> Element:
    plot = funnel(review)
    return el("section", el("h2", "The funnel"), _figure(plot))


def _section(answer: Answer, review: Review) -> Element:
    rows = review.rows(answer.name)
    plot = PLOTS[answer.name](rows, review)
    return el(
        "section", el("h2", f"{answer.number}. {answer.question}"), el("p", say(answer.name, review)),
        _figure(plot) if plot is not None else None, table(answer.columns, [list(row.values()) for row in rows]),
        el("details", el("summary", "SQL"), raw_text("pre", answer.sql, tabindex="0")),
    )  # fmt: skip


def _figure(plot: Element) -> Element:
    caption = plot[0].text or ""
    return el("figure", el("figcaption", caption), plot)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Element | None:
    """Return the numbers behind a plot as a table that opens on demand; None without rows."""
    if not rows:
        return None
    kept = rows[-_MOST_ROWS:]
    kind = ["words" if column in _WORDS else None for column in columns]
    names = [el("th", column.replace("_", " "), scope="col", class_=k) for column, k in zip(columns, kind, strict=True)]
    body = [el("tr", *(el("td", _cell(v), class_=k) for v, k in zip(row, kind, strict=True))) for row in kept]
    left_out = (
        el("p", f"The last {_MOST_ROWS} of {len(rows)} rows.", class_="quiet") if len(rows) > _MOST_ROWS else None
    )
    framed = el("div", el("table", el("thead", el("tr", *names)), el("tbody", *body)), class_="scroll", tabindex="0", role="region",
                aria_label="Numbers")  # fmt: skip
    return el("details", el("summary", "Numbers"), framed, left_out)


def _ratios(review: Review) -> Element:
    steps: tuple[Ratio, ...] = review.plan.steps
    rows = [
        [step.step.replace("_", " "), f"{100 * step.value:.1f} %", f"{100 * step.low:.1f} to {100 * step.high:.1f} %",
         ("" if step.own else "published: ") + step.source]
        for step in steps
    ]  # fmt: skip
    names = [el("th", name, scope="col", class_="words") for name in ("step", "ratio", "90 % interval", "from")]
    body = [el("tr", *(el("td", cell, class_="words") for cell in row)) for row in rows]
    per_sale = 1 / review.plan.sales_per_dial
    return el(
        "section", el("h2", "The ratios behind the plan"), el("p", f"One sale takes about {number(per_sale)} dials."),
        el("div", el("table", el("thead", el("tr", *names)), el("tbody", *body)), class_="scroll", tabindex="0", role="region",
           aria_label="Ratios"),
    )  # fmt: skip


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else clean(value)
