"""Score the event reader on a corpus of event sites; the command is `python -m pipeline.evaluation events`.

The measures are those of the corpus's README: events of level "event" (sessions are neutral), people by folded
name, company by core name; where the gold is only a part, only recall counts. Pages are found from the start page
by a link rule of the caller, the spider's own, at most 40 a site; a site whose start page leads nowhere is read as a folder.
"""

from __future__ import annotations

import heapq
import json
import mimetypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from enrich.events.merging import alike, tokens
from enrich.events.names import fold, strip_titles
from enrich.events.reading import read_event_pages
from enrich.records import EventListing, Page

PAGES_A_SITE = 40
Links = Callable[[str, bytes, str | None, int], list[str]]
LEGAL = re.compile(r"\b(?:gmbh|mbh|ag|kg|se|ug|ohg|gbr|inc|ltd|llc|corp|e\.?\s?v|bv|b\.v|co|plc|p\.c|pc)\b\.?", re.I)


@dataclass(slots=True)
class Counts:
    """True positives, false positives, misses and the lines that explain the last two."""

    hit: int = 0
    wrong: int = 0
    missed: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, other: Counts) -> None:
        """Add the counts of another site."""
        self.hit, self.wrong, self.missed = self.hit + other.hit, self.wrong + other.wrong, self.missed + other.missed

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that is in the gold."""
        return self.hit / (self.hit + self.wrong) if self.hit + self.wrong else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


def _mime(path: Path) -> str:
    if path.suffix == ".ics":
        return "text/calendar"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _page(url: str, site: str, path: Path) -> Page:
    return Page(
        url, url, site, "event", 200, datetime(2026, 1, 1, tzinfo=UTC), None, None, _mime(path), path.read_bytes()
    )


def crawl_folder(folder: Path, start_path: str, links: Links, limit: int = PAGES_A_SITE) -> list[Page]:
    """Return the pages that a crawl of a site folder finds from its start page, best links first.

    The root of a folder without an index page is a list of its pages, and a folder without a sitemap has one, as
    the replay server answers.
    """
    site = folder.name
    host = f"http://{site}.example"
    files = {f"/{path.relative_to(folder).as_posix()}": path for path in sorted(folder.rglob("*")) if path.is_file()}
    for name in list(files):
        if name.endswith(("/index.html", "/index.htm")):
            files.setdefault(name.rsplit("/", 1)[0] + "/", files[name])
    queue: list[tuple[int, int, int, str]] = [(0, 0, 0, f"{host}/{quote(start_path)}")]
    seen: set[Path] = set()
    pages: list[Page] = []
    number = 0
    while queue and len(pages) < limit:
        depth, _, _, url = heapq.heappop(queue)
        path_name = unquote(urlsplit(url).path) or "/"
        path = files.get(path_name) or files.get(path_name.rstrip("/")) or files.get(path_name + "/")
        if path is None:
            if path_name == "/sitemap.xml":
                entries = "".join(
                    f"<url><loc>{host}{quote(name)}</loc></url>" for name in files if not name.endswith("/")
                )
                for rank, link in enumerate(
                    links(url, f"<urlset>{entries}</urlset>".encode(), "application/xml", depth)
                ):
                    number += 1
                    heapq.heappush(queue, (depth + 1, rank, number, link))
            if path_name != "/":
                continue
            listing = "".join(
                f'<li><a href="{quote(name)}">{name}</a></li>' for name in files if not name.endswith("/")
            )
            body: bytes = f"<html><body><ul>{listing}</ul></body></html>".encode()
            page = Page(
                url,
                url,
                site,
                "event",
                200,
                datetime(2026, 1, 1, tzinfo=UTC),
                None,
                None,
                "text/html; charset=utf-8",
                body,
            )
        else:
            if path in seen:
                continue
            seen.add(path)
            page = _page(url, site, path)
        pages.append(page)
        for rank, link in enumerate(links(page.final_url, page.body, page.content_type, depth)):
            number += 1
            heapq.heappush(queue, (depth + 1, rank, number, link))
    return pages


def pages_of(folder: Path, start_path: str, links: Links) -> list[Page]:
    """Return the pages of a site: crawled, or all of the folder where the start page leads nowhere."""
    pages = crawl_folder(folder, start_path, links)
    if len(pages) <= 3:
        known = {page.url for page in pages}
        for path in sorted(folder.rglob("*")):
            url = f"http://{folder.name}.example/{quote(path.relative_to(folder).as_posix())}"
            if (
                path.is_file()
                and url not in known
                and path.suffix in (".html", ".htm", ".ics", ".csv")
                and len(pages) < PAGES_A_SITE
            ):
                pages.append(_page(url, folder.name, path))
    return pages


def _stamp(text: str) -> tuple[str, datetime | None]:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00")) if "T" in text else None
    return text[:10], moment


def start_matches(gold: str | None, found: datetime | date | None) -> bool:
    """Same local day, and same hour where the gold has one; a gold with an offset is compared as a moment."""
    if gold is None:
        return True
    if found is None:
        return False
    day, moment = _stamp(gold)
    if moment is not None and moment.tzinfo is not None and isinstance(found, datetime):
        return found.astimezone(UTC).replace(minute=0, second=0, microsecond=0) == moment.astimezone(UTC).replace(
            minute=0, second=0, microsecond=0
        )
    if found.isoformat()[:10] != day:
        return False
    return moment is None or (isinstance(found, datetime) and found.hour == moment.hour)


def title_matches(gold: dict[str, Any], title: str) -> bool:
    """Folded tokens overlap at least 0.8 of the larger title, or of an alternative title."""
    found = tokens(title)
    for wanted in (gold["title"], *(gold.get("alt_titles") or ())):
        words = tokens(wanted)
        if words and len(words & found) / max(len(words), len(found)) >= 0.8:
            return True
    return False


def score_events(gold: dict[str, Any], found: tuple[EventListing, ...]) -> Counts:
    """Score the events of one site."""
    counts = Counts()
    left = list(found)
    for event in gold["events"]:
        if event["level"] != "event":
            continue
        match = next(
            (e for e in left if title_matches(event, e.title) and start_matches(event["start"], e.start)), None
        )
        if match is None:
            counts.missed += 1
            near = [
                f"{e.title[:60]} {e.start}"
                for e in left
                if alike(e.title, event["title"]) or start_matches(event["start"], e.start)
            ][:2]
            counts.notes.append(f"missed event: {event['title'][:80]} {event['start']} | near: {near}")
        else:
            counts.hit += 1
            left.remove(match)
    sessions = [event for event in gold["events"] if event["level"] != "event"]
    neutral = [e for e in left if any(title_matches(s, e.title) for s in sessions)]
    again = [
        e for e in left if any(title_matches(s, e.title) and start_matches(s["start"], e.start) for s in gold["events"])
    ]
    wrong = [e for e in left if e not in neutral and e not in again]
    wrong += [e for e in again if e not in neutral]
    if not gold.get("events_total"):
        counts.wrong = len(wrong)
        counts.notes += [f"wrong event: {e.title[:80]} {e.start} {e.url}" for e in wrong]
    return counts


def _name_parts(name: str) -> tuple[str, str]:
    words = re.findall(r"[\w'-]+", fold(re.sub(r",?\s+(?:jr|sr)\.?$", "", strip_titles(name), flags=re.I)))
    return (words[0], words[-1]) if words else ("", "")


def same_person(one: str, other: str) -> bool:
    """Same surname and given name, or its initial."""
    first, second = _name_parts(one), _name_parts(other)
    if first[1] != second[1] or not first[0] or not second[0]:
        return False
    return first[0] == second[0] or (min(len(first[0]), len(second[0])) == 1 and first[0][0] == second[0][0])


def core(company: str) -> frozenset[str]:
    """Return the words of a company's name without legal form."""
    words = frozenset(re.findall(r"\w+", fold(LEGAL.sub(" ", company))))
    return words - {"the", "der", "die", "das", "of", "und", "and", "e", "v"} or words


def same_company(one: str, other: str) -> bool:
    """Same core name; one may add a place or a unit ("X", "X Deutschland")."""
    first, second = core(one), core(other)
    if not first or not second:
        return False
    if "".join(sorted(first)) == "".join(sorted(second)) or fold(one).replace(" ", "") == fold(other).replace(" ", ""):
        return True
    return len(first & second) / max(len(first), len(second)) >= 0.6 or (
        min(first, second, key=len) <= max(first, second, key=len)
    )


def score_people(gold: dict[str, Any], found: tuple[EventListing, ...]) -> tuple[Counts, Counts]:
    """Score people by name, and name with company, each distinct person of a site once."""
    wanted: list[tuple[str, list[str]]] = []
    for person in gold["people"]:
        known = next((entry for entry in wanted if same_person(entry[0], person["name"])), None)
        if known is None:
            known = (person["name"], [])
            wanted.append(known)
        if person["company"]:
            known[1].append(person["company"])
    got: list[tuple[str, list[str], str]] = []
    for event in found:
        for seen in event.people:
            entry = next((e for e in got if same_person(e[0], seen.name)), None)
            if entry is None:
                entry = (seen.name, [], f"{seen.as_} | {seen.evidence and seen.evidence[:90]} | {event.url}")
                got.append(entry)
            if seen.company:
                entry[1].append(seen.company)
    names, pairs = Counts(), Counts()
    partial = bool(gold.get("people_total"))
    for name, companies in wanted:
        match = next((entry for entry in got if same_person(entry[0], name)), None)
        if match is None:
            names.missed += 1
            pairs.missed += bool(companies)
            names.notes.append(f"missed person: {name} {companies}")
            continue
        names.hit += 1
        if not companies:
            continue
        if any(same_company(one, other) for one in companies for other in match[1]):
            pairs.hit += 1
        else:
            pairs.missed += 1
            pairs.wrong += bool(match[1])
            pairs.notes.append(f"company of {name}: wanted {companies}, got {match[1]} ({match[2]})")
    for entry in got:
        if not any(same_person(entry[0], name) for name, _ in wanted) and not partial:
            names.wrong += 1
            pairs.wrong += bool(entry[1])
            names.notes.append(f"wrong person: {entry[0]} {entry[1]} {entry[2]}")
    return names, pairs


def evaluate(
    corpus: Path, links: Links, *, today: date, only: str | None = None
) -> Iterator[tuple[str, int, Counts, Counts, Counts]]:
    """Yield (site, pages, events, names, pairs) for every site of a corpus folder."""
    for line in (corpus / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        if only and gold["site"] != only:
            continue
        pages = pages_of(corpus / gold["site"], gold["start_path"], links)
        reading = read_event_pages(pages, today=today)
        names, pairs = score_people(gold, reading.events)
        yield gold["site"], len(pages), score_events(gold, reading.events), names, pairs
