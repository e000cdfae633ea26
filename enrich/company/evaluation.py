"""Measure company-site reading on sites with known answers; the command is `python -m pipeline.evaluation company`.

A folder holds `gold.jsonl` and one folder a site (see its README). Every site is visited as the spider does it: from
the home page along the links that a function of the caller chooses, at most six pages.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from enrich.company.reading import read_site
from enrich.legal_forms import split_legal_form
from enrich.records import CompanyProfile, Page

PAGES_A_SITE = 6
Links = Callable[[str, bytes, str | None, int], list[str]]


def visit(folder: Path, gold: dict[str, Any], links: Links) -> list[Page]:
    """Read the pages of a stored site in the order of a real visit."""
    host = f"www.{gold['site']}.example"
    waiting, pages = [(f"https://{host}/{gold['start_path']}", 0)], []
    seen = {waiting[0][0]}
    asked = 0
    while waiting and asked < PAGES_A_SITE:
        url, depth = waiting.pop(0)
        asked += 1
        path = _file(folder, url)
        if path is None:
            continue
        body = path.read_bytes()
        kind = "text/html"
        pages.append(Page(url, url, gold["site"], "company", 200, datetime.now(UTC), None, None, kind, body))
        for link in links(url, body, kind, depth):
            if link not in seen:
                seen.add(link)
                waiting.append((link, depth + 1))
    return pages


def _file(folder: Path, url: str) -> Path | None:
    relative = unquote(urlsplit(url).path).lstrip("/")
    for name in (relative, f"{relative}/index.html", f"{relative}/index.htm"):
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    return None


def _fold(text: str | None) -> str:
    text = (
        (text or "")
        .lower()
        .replace("ß", "ss")
        .replace("straße", "str")
        .replace("strasse", "str")
        .replace("str.", "str")
    )
    return re.sub(r"[\W_]", "", text)


def _name(person: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", person.lower())))


def score(profile: CompanyProfile | None, gold: dict[str, Any], tally: dict[str, list[int]]) -> list[str]:
    """Add one site to the tally; return its mistakes in words."""
    wrong: list[str] = []
    also, third = gold["also_ok"], gold["distractors"]

    def exact(measure: str, right: bool, said: object, wanted: object) -> None:
        tally[measure][0] += right
        tally[measure][1] += 1
        if not right:
            wrong.append(f"{measure}: {said!r} for {wanted!r}")

    def many(measure: str, said: set[str], wanted: set[str], neutral: set[str]) -> None:
        said = said - (neutral - wanted)
        tally[measure][0] += len(said & wanted)
        tally[measure][1] += len(said - wanted)
        tally[measure][2] += len(wanted - said)
        if said != wanted:
            wrong.append(f"{measure}: too much {sorted(said - wanted)}, missed {sorted(wanted - said)}")

    core = _fold(split_legal_form(profile.company)[0]) if profile else ""
    names = {_fold(split_legal_form(name)[0]) for name in [gold["company"], *also.get("company", [])]}
    exact("company", core in names, profile and profile.company, gold["company"])
    address = (profile.street, profile.postcode, profile.town) if profile else (None, None, None)
    wanted = (gold["street"], gold["postcode"], gold["town"])
    codes = {gold["postcode"], *also.get("postcodes", [])}
    right = _fold(address[0]) == _fold(wanted[0]) and address[1] in codes and _fold(address[2]) == _fold(wanted[2])
    exact("address", right, address, wanted)
    register = (profile.register.number if profile and profile.register else None) or ""
    stated = (gold["register"] or {}).get("number") or ""
    exact("register", _fold(register) == _fold(stated), register, stated)
    exact(
        "vat",
        _fold(profile.vat_id if profile else "") == _fold(gold["vat_id"]),
        profile and profile.vat_id,
        gold["vat_id"],
    )
    phones = set(profile.phones) if profile else set()
    many("phones", phones, set(gold["phones"]), set(also.get("phones", [])))
    many("faxes", set(profile.faxes) if profile else set(), set(gold["faxes"]), set(also.get("faxes", [])))
    mails = set(profile.emails) if profile else set()
    many("emails", mails, set(gold["emails"]), set(also.get("emails", [])))
    people = {_name(person.name) for person in profile.people} if profile else set()
    many("people", people, {_name(p["name"]) for p in gold["people"]}, {_name(p) for p in also.get("people", [])})
    taken = (phones & set(third.get("phones", []))) | (mails & set(third.get("emails", [])))
    taken |= people & {_name(p) for p in third.get("people", [])}
    taken |= {core} & {_fold(split_legal_form(c)[0]) for c in third.get("company", [])}
    exact("no_distractor", not taken, sorted(taken), [])
    return wrong


def evaluate(folder: Path, links: Links) -> tuple[dict[str, float], dict[str, list[str]], int]:
    """Return measures (shares and F1 between 0 and 1), mistakes by site, and the most pages a visit took."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    mistakes: dict[str, list[str]] = {}
    most = 0
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        pages = visit(folder / gold["site"], gold, links)
        most = max(most, len(pages))
        if wrong := score(read_site(pages) if pages else None, gold, tally):
            mistakes[gold["site"]] = wrong
    measures = {}
    for measure, (hits, second, missed) in tally.items():
        many = measure in ("phones", "faxes", "emails", "people")
        measures[measure] = 2 * hits / max(1, 2 * hits + second + missed) if many else hits / max(1, second)
    return measures, mistakes, most
