"""`opener import FILE --as calls`: filled-in call lists, and call exports of HubSpot, VICIdial and others."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import yaml

import data
from pipeline.contacts import cells, keys
from pipeline.contacts.columns import Mapping, recognise, squeezed
from pipeline.contacts.importing import KINDS as IMPORT_KINDS
from pipeline.contacts.importing import ImportKind, RowReader
from pipeline.contacts.tables import Table
from pipeline.dispositions.finding import Candidate, folded, people_meant, people_of_phone
from pipeline.dispositions.log import Dial, log_dials
from pipeline.dispositions.next_time import next_time
from pipeline.dispositions.outcomes import outcome_in
from pipeline.errors import OpenerError
from pipeline.identity.company_names import plain_core
from pipeline.settings import Outcome

_WHO = ("prospect_id", "person", "last_name", "phone", "mobile", "email", "source_id")


class NotTaken(Exception):
    """A row that cannot be taken; the message is the reason for the user."""


@cache
def _vocabulary() -> tuple[dict[str, str], dict[str, frozenset[str]], frozenset[str]]:
    raw: dict[str, Any] = yaml.safe_load(data.path("call_columns.yml").read_text("utf-8"))
    fields: dict[str, str] = {}
    for name, words in raw["fields"].items():
        for word in words:
            fields.setdefault(squeezed(str(word)), name)
    systems = {name: frozenset(squeezed(str(w)) for w in words) for name, words in raw["systems"].items()}
    return fields, systems, frozenset(squeezed(str(w)) for w in raw["ours"])


def call_fields() -> frozenset[str]:
    """Return the names of the fields that a column can be named for by hand."""
    return frozenset(_vocabulary()[0].values())


def recognise_calls(headers: Sequence[str], sample: Sequence[Sequence[str]], given: Collection[str] = ()) -> Mapping:
    """Map the columns of a file of calls; who was called is found with the columns of contact files.

    `given` are fields that the user names by hand. Raises OpenerError when nothing says what came of the calls.
    """
    fields, systems, ours = _vocabulary()
    plain = [squeezed(header) for header in headers]
    mapping = Mapping(system=next((name for name, typical in systems.items() if len(typical & set(plain)) >= 2), "csv"))
    own_list = len(ours & set(plain)) >= 6
    rest: list[int] = []
    for at, header in enumerate(plain):
        name = fields.get(header)
        if name == "note" and mapping.system == "vicidial" and header == "comments":
            name = None  # the loader put our opening line there
        if name is None and not (own_list and header in ours):
            rest.append(at)
        elif name is not None:
            mapping.fields.setdefault(name, []).append(at)
        else:
            mapping.ignored.append(at)
    who = recognise([headers[at] for at in rest], [[row[at] if at < len(row) else "" for at in rest] for row in sample])
    for name, found in who.fields.items():
        if name in ("first_name", "last_name", "person", "company", "town", "phone", "mobile", "email", "source_id"):
            mapping.fields.setdefault(name, []).extend(rest[at] for at in found)
        else:
            mapping.ignored += [rest[at] for at in found]
    mapping.ignored = sorted([*mapping.ignored, *(rest[at] for at in who.ignored)])
    if not {"outcome", "status"} & {*mapping.fields, *given}:
        raise OpenerError(
            f"no column says what came of the calls among {', '.join(headers[:12])}; name it with --column outcome=HEADER"
        )
    return mapping


@dataclass
class CallReader:
    """Reads the calls of one file. `now` stands in where a filled-in list has no time."""

    con: duckdb.DuckDBPyConnection
    table: Table
    mapping: Mapping
    country: str
    zone: ZoneInfo
    now: datetime
    import_id: str

    def __post_init__(self) -> None:
        at = self.mapping.first("called_at")
        self.days_first = (
            cells.day_first([r[at] for r in self.table.rows[:5000] if at < len(r)]) if at is not None else True
        )
        self.found: dict[tuple[str, ...], str] = {}

    def get(self, row: list[str], name: str) -> str:
        """Return the first filled cell of a field, cleaned."""
        for at in self.mapping.fields.get(name, ()):
            if at < len(row) and (text := cells.cleaned(row[at])):
                return text
        return ""

    def raw(self, row: list[str], name: str) -> str:
        """Return the first filled cell as it is: "NA" is VICIdial's no answer, not an empty cell."""
        for at in self.mapping.fields.get(name, ()):
            if at < len(row) and (text := " ".join(row[at].split())):
                return text
        return ""

    def dial(self, row: list[str]) -> Dial | None:
        """Return the dial of one row; None when the row tells of none. Raises NotTaken with the reason."""
        if self.get(row, "direction").lower() in ("inbound", "in", "eingehend"):
            return None
        outcome = self._outcome(row)
        note = self.get(row, "note") or None
        if outcome is None:
            if note and self.mapping.system == "csv" and self.get(row, "called_at"):
                raise NotTaken("has a note but no outcome")
            return None
        called_at = self._called_at(row)
        return Dial(
            self._person(row), called_at, outcome, self._minutes(row), note, self._next(row, called_at), self.import_id
        )

    def _outcome(self, row: list[str]) -> Outcome | None:
        for name in ("outcome", "status"):
            text = self.raw(row, name)
            if not text or text in ("-", "--"):
                continue
            try:
                return outcome_in(text, self.mapping.system)
            except ValueError as error:
                raise NotTaken(str(error).split(";", maxsplit=1)[0]) from error
        return None

    def _called_at(self, row: list[str]) -> datetime:
        text, clock = self.get(row, "called_at"), self.get(row, "clock")
        if not text or text.startswith("0000-00-00"):
            # the hour is not known: the day of the import, at midnight, which stands for the whole day
            return datetime.combine(self.now.astimezone(self.zone).date(), time(), self.zone)
        try:
            found = cells.moment(f"{text} {clock}".strip() if clock else text, self.zone, self.days_first)
        except ValueError as error:
            raise NotTaken(f"call time {error}") from error
        if found > self.now:
            raise NotTaken(f"call time {text!r} lies in the future")
        return found

    def _next(self, row: list[str], called_at: datetime) -> datetime | None:
        text = self.get(row, "next")
        if not text:
            return None
        try:
            return cells.moment(text, self.zone, self.days_first)
        except ValueError:
            pass
        try:
            return next_time(text, called_at, self.zone)
        except ValueError as error:
            raise NotTaken(f"next call {str(error).split(';', maxsplit=1)[0]}") from error

    def _minutes(self, row: list[str]) -> Decimal | None:
        for name, per_minute in (("minutes", 1), ("seconds", 60), ("milliseconds", 60_000)):
            text = self.get(row, name)
            if not text:
                continue
            try:
                return _duration(text, per_minute)
            except (InvalidOperation, ValueError) as error:
                raise NotTaken(f"duration {text!r} is no length of time") from error
        return None

    def _person(self, row: list[str]) -> str:
        who = tuple(
            self.get(row, name)
            for name in (
                "prospect_id",
                "source_id",
                "phone",
                "mobile",
                "email",
                "first_name",
                "last_name",
                "person",
                "company",
            )
        )
        if who not in self.found:
            self.found[who] = self._matched(*who)
        return self.found[who]

    def _matched(
        self,
        prospect: str,
        external: str,
        phone: str,
        mobile: str,
        email: str,
        first: str,
        last: str,
        whole: str,
        company: str,
    ) -> str:
        if prospect:
            hit = self.con.execute(
                """SELECT person_id FROM people WHERE person_id = coalesce(
                   (SELECT max(person_id) FROM person_aliases WHERE old_id = ?), ?)""",
                [prospect, prospect],
            ).fetchall()
            if hit:
                return str(hit[0][0])
        name = re.sub(r"\(.*?\)", "", f"{first} {last}".strip() or whole).strip()
        mail = keys.email(email) or keys.email(whole)
        if external and self.mapping.system != "csv":
            hit = self.con.execute(
                "SELECT DISTINCT t.person_id FROM contacts c JOIN person_contacts t USING (contact_id) WHERE c.external_id = ? AND c.source_system = ?",
                [external, self.mapping.system],
            ).fetchall()
            if len(hit) == 1:
                return str(hit[0][0])
        if mail:
            hit = self.con.execute(
                "SELECT DISTINCT t.person_id FROM contacts c JOIN person_contacts t USING (contact_id) WHERE c.email = ?",
                [mail],
            ).fetchall()
            if len(hit) == 1:
                return str(hit[0][0])
        found = self._of_numbers(phone, mobile)
        if len(found) != 1 and name:
            narrowed = (
                [one for one in found if set(folded(name).split()) <= set(folded(one.name).split())] if found else []
            )
            found = narrowed or self._of_name(name, company)
        if len(found) == 1:
            return found[0].person_id
        said = ", ".join(part for part in (name or phone or prospect or mail or "", company) if part)
        if not said:
            raise NotTaken("names nobody: no id, name, phone number or mail address")
        if not found:
            raise NotTaken(f"nobody known as {said!r}")
        raise NotTaken(f"{said!r} may be {len(found)} people: " + "; ".join(one.line() for one in found[:4]))

    def _of_numbers(self, *numbers: str) -> list[Candidate]:
        for raw in numbers:
            number = keys.phone(raw, self.country) if raw else None
            if number and (found := people_of_phone(self.con, number)):
                return found
        return []

    def _of_name(self, name: str, company: str) -> list[Candidate]:
        found = people_meant(self.con, name.replace(",", " "), self.country) if any(c.isalpha() for c in name) else []
        if company and len(found) > 1:
            core = folded(plain_core(company))
            found = [one for one in found if core and one.company and core in folded(plain_core(one.company))] or found
        elif company and len(found) == 1 and found[0].company:
            known, said = folded(plain_core(found[0].company)), folded(plain_core(company))
            if known and said and not set(known.split()) & set(said.split()):
                return []
        return found


def _duration(text: str, per_minute: int) -> Decimal:
    """Return minutes, two digits: "5", "5,5", "5 min", "0:03:20" or, with a unit by the column, seconds and less."""
    parts = text.lower().removesuffix("min").removesuffix("m").strip().split(":")
    if len(parts) == 3:
        value = Decimal(parts[0]) * 60 + Decimal(parts[1]) + Decimal(parts[2]) / 60
    elif len(parts) == 2:
        value = Decimal(parts[0]) + Decimal(parts[1]) / 60
    else:
        value = Decimal(parts[0].replace(",", ".")) / per_minute
    if not 0 <= value <= 1440:
        raise ValueError(text)
    return value.quantize(Decimal("0.01"))


def import_calls(
    con: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, country: str, zone: ZoneInfo, secret: bytes, now: datetime,
    import_id: str,
) -> tuple[int, list[tuple[int, str]]]:  # fmt: skip
    """Log the calls of a file; returns how many are new and (row index, reason) of those that cannot be taken.

    A row of a filled-in list without a time is one dial of that day: the list can come back again, longer.
    """
    if not any(name in mapping.fields for name in _WHO):
        raise OpenerError(f"{table.name}:1: no column says who was called among {', '.join(table.headers[:12])}")
    reader = CallReader(con, table, mapping, country, zone, now, import_id)
    dials: list[Dial] = []
    rejected: list[tuple[int, str]] = []
    for at, row in enumerate(table.rows):
        if len(row) < len(table.headers) and table.encoding not in ("xlsx", "parquet"):
            rejected.append((at, f"has {len(row)} cells, the header has {len(table.headers)}"))
            continue
        try:
            dial = reader.dial(row)
        except NotTaken as reason:
            rejected.append((at, str(reason)))
            continue
        if dial is not None:
            dials.append(dial)
    return len(log_dials(con, secret, dials, now, country)), rejected


def _take(
    con: duckdb.DuckDBPyConnection, reader: RowReader, secret: bytes, now: datetime, import_id: str
) -> tuple[int, list[tuple[int, str]]]:
    return import_calls(con, reader.table, reader.mapping, reader.country, reader.zone, secret, now, import_id)


KINDS = {**IMPORT_KINDS, "calls": ImportKind(("outcome", "status"), _take, recognise_calls, call_fields)}
