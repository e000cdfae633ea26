"""Lays the demo town out in a folder, with dates relative to today, and the settings to crawl it."""

from __future__ import annotations

import email.utils
import re
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import yaml

import data

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_SLOT = re.compile(r"\{\{([+-]?\d+):(\w+)\}\}")
PAPER = "www.lindenauer-tagblatt.example"
CHAMBER = "www.ihk-lindenau.example"
SOURCES: dict[str, dict[str, object]] = {
    "lindenauer-tagblatt": {
        "title": "Lindenauer Tagblatt", "kind": "news", "start": [f"http://{PAPER}/feed.xml"], "region": "Lindenau",
        "language": "de", "expect": {"pages_min": 3},
    },
    "ihk-lindenau": {
        "title": "IHK Lindenau, Veranstaltungen", "kind": "event", "region": "Lindenau", "language": "de",
        "start": [f"http://{CHAMBER}/veranstaltungen.html", f"http://{CHAMBER}/kalender.ics", f"http://{CHAMBER}/referenten.html"],
    },
}  # fmt: skip


def dated(text: str, today: date) -> str:
    """Replace `{{-1:iso}}` and the like: days from today in the form iso, day, de, rfc, ics or dmy."""

    def fill(match: re.Match[str]) -> str:
        day = today + timedelta(days=int(match.group(1)))
        moment = datetime.combine(day, time(5, 30), UTC)
        forms = {
            "iso": moment.isoformat(), "day": day.isoformat(), "de": f"{day.day}. {MONTHS[day.month - 1]} {day.year}",
            "rfc": email.utils.format_datetime(moment, usegmt=True), "ics": day.strftime("%Y%m%d"), "dmy": day.strftime("%d.%m.%Y"),
        }  # fmt: skip
        return forms[match.group(2)]

    return _SLOT.sub(fill, text)


def lay_out(out: Path, today: date) -> Path:
    """Copy the town to `out/town` unless it is there already; pages may be changed or deleted there."""
    town = out / "town"
    if not town.exists():
        draft = out / ".town"
        shutil.rmtree(draft, ignore_errors=True)
        _copy(data.path("demo", "town"), draft, today)
        draft.rename(town)
    for name in ("crm-export.csv", "do-not-call.csv"):
        if not (out / name).exists():
            (out / name).write_text(dated(data.path("demo", name).read_text("utf-8"), today), "utf-8")
    return town


def add_article(town: Path, today: date) -> None:
    """Let the paper publish one more article, with today's date."""
    _copy(data.path("demo", "later"), town, today)


def _copy(source: Path, target: Path, today: date) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(dated(path.read_text("utf-8"), today), "utf-8")


def write_settings(out: Path) -> Path:
    """Write opener.yml and the sources of the town; existing files stay as the user left them."""
    folder = out / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    for name, definition in SOURCES.items():
        path = folder / f"{name}.yml"
        if not path.exists():
            path.write_text(yaml.safe_dump({"name": name, **definition}, allow_unicode=True, sort_keys=False), "utf-8")
    settings = out / "opener.yml"
    if not settings.exists():
        settings.write_text(
            yaml.safe_dump(
                {
                    "home": "store", "sources": "sources", "territory": {"country": "DE", "towns": ["Lindenau"]},
                    "crawl": {"contact": "mailto:demo@lindenau.example", "delay": 0, "page_seconds": 10},
                    "exports": {"folder": ".", "file": "call-list.csv"},
                },
                sort_keys=False,
            ),
            "utf-8",
        )  # fmt: skip
    return settings
