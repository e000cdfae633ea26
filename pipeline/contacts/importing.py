"""Imports contacts and do-not-call lists from the files that CRM systems write."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from enrich.records import content_id
from pipeline.contacts import cells, keys
from pipeline.contacts.columns import Mapping, flag_of, named, outcome_of, recognise, vocabulary
from pipeline.contacts.suppression import Kind, Suppressions, insert_suppressions, suppression_rows
from pipeline.contacts.tables import Table, read_table
from pipeline.errors import OpenerError
from pipeline.identity.person_names import parse_person

CONTACT_COLUMNS = (
    "first_name", "last_name", "title", "person_raw", "role", "company", "street", "postcode", "town", "country", "phone",
    "mobile", "email", "website", "register_number", "is_customer", "do_not_call", "attempts", "last_call", "last_outcome",
    "status_raw", "source_system", "external_id",
)  # fmt: skip


@dataclass
class ImportReport:
    """What an import did. `mapping`: field -> column names; `already`: this very file was imported before."""

    import_id: str
    file_name: str
    kind: str
    rows: int
    accepted: int
    rejected: int
    new: int
    mapping: dict[str, list[str]]
    ignored: list[str]
    system: str
    encoding: str
    delimiter: str
    reject_file: Path | None = None
    already: bool = False
    reasons: dict[str, int] = field(default_factory=dict)


# Several numbers in one cell: the first that is one counts.
_SEVERAL = re.compile(r"\s*(?:[;,]|\s/\s|\bo(?:de)?r\b)\s*")
# A cell as a reason quotes it.
_QUOTED = re.compile(r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*") """)


class _Rejected(Exception):
    """A row that cannot be taken; the message is the reason for the user."""


@dataclass
class RowReader:
    """Reads rows of one file with its mapping."""

    table: Table
    mapping: Mapping
    country: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        at = self.mapping.first("last_call")
        self.days_first = (
            cells.day_first([r[at] for r in self.table.rows[:5000] if at < len(r)]) if at is not None else True
        )
        widths = Counter(len(r) for r in self.table.rows[:2000])
        self.width = len(self.table.headers)
        usual = widths.most_common(1)[0][0] if widths else self.width
        # a header without its last columns, or rows with a delimiter at the end, are the habit of the whole file
        self.usual = usual if usual >= self.width or usual > max(self._used(), default=0) else self.width
        self.has_person = any(name in self.mapping.fields for name in ("person", "last_name", "first_name"))

    def _used(self) -> list[int]:
        return [at for columns in self.mapping.fields.values() for at in columns]

    def check(self, row: list[str], line: int) -> None:
        """Raise _Rejected for a row that is broken as a whole."""
        if self.table.encoding != "xlsx" and len(row) not in (self.width, self.usual):
            extra = row[self.width :]
            if len(row) < self.width or any(c.strip() for c in extra):
                raise _Rejected(f"has {len(row)} cells, the header has {self.width}")
        if line in self.table.unclosed:
            raise _Rejected("has a quote that is never closed")
        if any("\ufffd" in c or "\x00" in c for c in row):
            raise _Rejected("has bytes that are no text in this encoding")

    def get(self, row: list[str], name: str) -> str:
        """Return the first filled cell of a field, cleaned."""
        for at in self.mapping.fields.get(name, ()):
            if at < len(row):
                text = cells.cleaned(row[at])
                if text:
                    return text
        return ""

    def phone(self, row: list[str], name: str) -> str | None:
        raw = self.get(row, name)
        if not raw:
            return None
        for piece in _SEVERAL.split(raw):
            number = keys.phone(piece, self._region(row))
            if number:
                return number
        raise _Rejected(f"{name} {raw!r} is no phone number")

    def _region(self, row: list[str]) -> str:
        said = self.get(row, "country").lower()
        known = {
            "österreich": "AT",
            "austria": "AT",
            "at": "AT",
            "a": "AT",
            "schweiz": "CH",
            "switzerland": "CH",
            "ch": "CH",
            "deutschland": "DE",
            "germany": "DE",
            "de": "DE",
            "d": "DE",
        }
        return known.get(said, self.country)

    def email(self, row: list[str]) -> str | None:
        raw = self.get(row, "email")
        if not raw:
            return None
        for piece in raw.replace(",", ";").split(";"):
            address = keys.email(piece)
            if address:
                return address
        raise _Rejected(f"email {raw!r} is no mail address")

    def contact(self, row: list[str], line: int) -> dict[str, Any]:
        """Return one contact; raises _Rejected with the reason."""
        self.check(row, line)
        first, last, whole = self.get(row, "first_name"), self.get(row, "last_name"), self.get(row, "person")
        title = self.get(row, "title") or None
        if not last and whole:
            parsed = parse_person(whole)
            first, last = first or parsed.given, parsed.surname
            title = title or parsed.title or None
        company = self.get(row, "company") or None
        if self.has_person and not last:
            raise _Rejected("has no surname")
        if not self.has_person and not company:
            raise _Rejected("has neither a person nor a company")
        if last and not any(c.isalpha() for c in last):
            raise _Rejected(f"name {last!r} has no letters")
        status = self.get(row, "last_outcome") or self.get(row, "status")
        outcome = outcome_of(self.get(row, "last_outcome")) or outcome_of(self.get(row, "status"))
        customer = flag_of(self.get(row, "is_customer")) if self.get(row, "is_customer") else None
        blocked = flag_of(self.get(row, "do_not_call")) if self.get(row, "do_not_call") else False
        return {
            "first_name": first or None, "last_name": last or None, "title": title,
            "person_raw": f"{first} {last}".strip() or None, "role": self.get(row, "role") or None, "company": company,
            "street": self.get(row, "street") or None, "postcode": self.postcode(row),
            "town": self.get(row, "town") or None, "country": self.get(row, "country") or None,
            "phone": self.phone(row, "phone"), "mobile": self.phone(row, "mobile"), "email": self.email(row),
            "website": self.get(row, "website") or None, "register_number": self.get(row, "register_number") or None,
            "is_customer": bool(customer) if customer is not None else outcome == "sale",
            # a cell that is neither yes nor no in a column of this name had better be a yes
            "do_not_call": blocked is None or bool(blocked) or outcome == "do_not_call",
            "attempts": self.attempts(row), "last_call": self.last_call(row), "last_outcome": outcome,
            "status_raw": status or None, "source_system": self.mapping.system, "external_id": self.get(row, "source_id") or None,
        }  # fmt: skip

    def postcode(self, row: list[str]) -> str | None:
        """Return the postcode; the zero that a spreadsheet takes from German ones is put back."""
        raw = self.get(row, "postcode").removesuffix(".0")
        return (raw.zfill(5) if self._region(row) == "DE" and re.fullmatch(r"\d{4}", raw) else raw) or None

    def attempts(self, row: list[str]) -> int:
        raw = self.get(row, "attempts")
        try:
            return cells.count(raw) if raw else 0
        except ValueError as error:
            raise _Rejected(f"attempts {error}") from error

    def last_call(self, row: list[str]) -> datetime | None:
        raw = self.get(row, "last_call")
        if not raw or raw.startswith("0000-00-00"):
            return None
        try:
            return cells.moment(raw, self.zone, self.days_first)
        except ValueError as error:
            raise _Rejected(f"last call {error}") from error

    def suppressed(self, row: list[str], line: int) -> list[tuple[Kind, str, str | None, str | None]]:
        """Return what one row of a do-not-call list names: (kind, value, company, place)."""
        self.check(row, line)
        first, last, whole = self.get(row, "first_name"), self.get(row, "last_name"), self.get(row, "person")
        company, town = self.get(row, "company") or None, self.get(row, "town") or None
        person = f"{first} {last}".strip() or whole
        found: list[tuple[Kind, str, str | None, str | None]] = []
        for name in ("phone", "mobile"):
            number = self.phone(row, name)
            if number:
                found.append(("phone", number, None, None))
        address = self.email(row)
        if address:
            found.append(("email", address, None, None))
        website = self.get(row, "website")
        if website:
            if not keys.domain(website):
                raise _Rejected(f"website {website!r} is no domain")
            if not person:
                found.append(("domain", website, None, None))
        if person:
            found.append(("person", person, company, town))
        elif company:
            found.append(("company", company, None, None))
        if not found:
            raise _Rejected("names no phone, mail address, person, company or domain")
        return found


def _contacts(
    con: duckdb.DuckDBPyConnection, reader: RowReader, secret: bytes, now: datetime, import_id: str
) -> tuple[int, list[tuple[int, str]]]:
    listed = Suppressions.load(con, secret, reader.country)
    taken: dict[str, dict[str, Any]] = {}
    rejected: list[tuple[int, str]] = []
    blocked: list[tuple[str, str, str, str | None, datetime]] = []
    for at, row in enumerate(reader.table.rows):
        try:
            contact = reader.contact(row, reader.table.lines[at])
        except _Rejected as reason:
            rejected.append((at, str(reason)))
            continue
        contact_id = content_id("contact", *(contact[name] for name in CONTACT_COLUMNS))
        if contact["do_not_call"]:
            blocked += _block(contact, secret, now, reader.country)
        elif listed and listed.check(
            person=contact["person_raw"], company=contact["company"], place=contact["town"],
            phones=[p for p in (contact["phone"], contact["mobile"]) if p], emails=[contact["email"] or ""],
            website=contact["website"],
        ):  # fmt: skip
            contact["do_not_call"] = True
        taken[contact_id] = contact
    erased = {
        number
        for number, c in taken.items()
        if listed.erased and c["person_raw"] and listed.is_erased(c["person_raw"], c["company"], c["town"])
    }
    kept = {number: c for number, c in taken.items() if number not in erased}
    new = _insert_contacts(con, kept, import_id, now)
    insert_suppressions(con, blocked)
    return new, rejected


def _block(
    contact: dict[str, Any], secret: bytes, now: datetime, country: str
) -> list[tuple[str, str, str, str | None, datetime]]:
    rows = []
    reason = "marked do-not-call in an imported file"
    for kind, name in (("phone", "phone"), ("phone", "mobile"), ("email", "email")):
        if contact[name]:
            rows += suppression_rows(secret, kind, contact[name], now=now, reason=reason, country=country)  # type: ignore[arg-type]
    if contact["company"] and not contact["person_raw"]:
        rows += suppression_rows(secret, "company", contact["company"], now=now, reason=reason)
    if contact["person_raw"] and (contact["company"] or contact["town"]):
        rows += suppression_rows(
            secret,
            "person",
            contact["person_raw"],
            now=now,
            reason=reason,
            company=contact["company"],
            place=contact["town"],
        )
    return rows


def _insert_contacts(
    con: duckdb.DuckDBPyConnection, kept: dict[str, dict[str, Any]], import_id: str, now: datetime
) -> int:
    if not kept:
        return 0
    types = {
        "is_customer": pa.bool_(),
        "do_not_call": pa.bool_(),
        "attempts": pa.int32(),
        "last_call": pa.timestamp("us", "UTC"),
    }
    columns: dict[str, Any] = {"contact_id": pa.array(list(kept), pa.string())}
    for name in CONTACT_COLUMNS:
        columns[name] = pa.array([c[name] for c in kept.values()], types.get(name, pa.string()))
    con.register("contacts_add", pa.table(columns))
    try:
        names = ", ".join(CONTACT_COLUMNS)
        before = con.execute("SELECT count(*) FROM contacts").fetchall()[0][0]
        con.execute(
            f"""INSERT INTO contacts (contact_id, import_id, {names}, imported_at)
            SELECT contact_id, ?, {names}, ? FROM contacts_add ANTI JOIN contacts USING (contact_id)""",  # noqa: S608 - constants
            [import_id, now],
        )
        return int(con.execute("SELECT count(*) FROM contacts").fetchall()[0][0] - before)
    finally:
        con.unregister("contacts_add")


def _suppressions(
    con: duckdb.DuckDBPyConnection, reader: RowReader, secret: bytes, now: datetime, import_id: str
) -> tuple[int, list[tuple[int, str]]]:
    del import_id
    rejected: list[tuple[int, str]] = []
    rows: list[tuple[str, str, str, str | None, datetime]] = []
    for at, row in enumerate(reader.table.rows):
        try:
            reason = reader.get(row, "reason") or "do-not-call list"
            for kind, value, company, place in reader.suppressed(row, reader.table.lines[at]):
                rows += suppression_rows(
                    secret,
                    kind,
                    value,
                    now=now,
                    reason=reason,
                    company=company,
                    place=place,
                    country=reader.country,
                )
        except _Rejected as error:
            rejected.append((at, str(error)))
    return insert_suppressions(con, rows), rejected


Handler = Callable[[duckdb.DuckDBPyConnection, RowReader, bytes, datetime, str], tuple[int, list[tuple[int, str]]]]


def _as_contacts(headers: Sequence[str], sample: Sequence[Sequence[str]], given: Collection[str]) -> Mapping:
    return recognise(headers, sample)


@dataclass(frozen=True, slots=True)
class ImportKind:
    """What a file can be imported as: columns of which one is needed, how columns are recognised, how rows are taken.

    `take` returns (new entries, [(row index, reason)]); `more_fields` names fields beyond those of contact files.
    """

    needed: tuple[str, ...]
    take: Handler
    recognise: Callable[[Sequence[str], Sequence[Sequence[str]], Collection[str]], Mapping] = _as_contacts
    more_fields: Callable[[], Collection[str]] = tuple


KINDS = {
    "contacts": ImportKind(("last_name", "person", "company"), _contacts),
    "suppressions": ImportKind(
        ("phone", "mobile", "email", "person", "last_name", "company", "website"), _suppressions
    ),
}


def import_file(
    con: duckdb.DuckDBPyConnection, path: Path, kind: str, *, secret: bytes, now: datetime, country: str = "DE",
    time_zone: str = "Europe/Berlin", columns: dict[str, str] | None = None, dry_run: bool = False,
    kinds: dict[str, ImportKind] = KINDS,
) -> ImportReport:  # fmt: skip
    """Import one file as `kind` in one transaction; importing the same content again changes nothing.

    `columns` names columns by hand (field -> header). Rejected rows are written beside the file. Raises
    OpenerError for a file that cannot be read or has no column that is needed.
    """
    if kind not in kinds:
        raise OpenerError(f"cannot import as {kind!r}; choose from {', '.join(kinds)}")
    wanted = kinds[kind]
    table = read_table(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    import_id = content_id("import", kind, digest)
    fields = {*vocabulary().fields.values(), *wanted.more_fields()}
    mapping = wanted.recognise(table.headers, table.rows[:200], columns or {})
    for name, header in (columns or {}).items():
        if name not in fields:
            raise OpenerError(f"unknown field {name!r}; known are {', '.join(sorted(fields))}")
        mapping.fields[name] = named(table.headers, header, name, path.name)
    if not any(name in mapping.fields for name in wanted.needed):
        raise OpenerError(
            f"{path.name}:1: no column for {' or '.join(wanted.needed)} among {', '.join(table.headers[:12])}; name one with --column"
        )
    report = ImportReport(
        import_id, path.name, kind, len(table.rows), 0, 0, 0,
        {name: [table.headers[i] for i in at] for name, at in mapping.fields.items()},
        [table.headers[i] for i in mapping.ignored], mapping.system, table.encoding, table.delimiter,
    )  # fmt: skip
    before = con.execute("SELECT accepted, rejected FROM imports WHERE import_id = ?", [import_id]).fetchall()
    if before:
        report.accepted, report.rejected, report.already = int(before[0][0]), int(before[0][1]), True
        return report
    reader = RowReader(table, mapping, country, ZoneInfo(time_zone))
    con.execute("BEGIN")
    try:
        report.new, rejected = wanted.take(con, reader, secret, now, import_id)
        report.rejected, report.accepted = len(rejected), len(table.rows) - len(rejected)
        report.reasons = dict(Counter(_QUOTED.sub("", reason) for _, reason in rejected))
        shown = {
            "fields": report.mapping,
            "ignored": report.ignored,
            "system": report.system,
            "encoding": report.encoding,
            "delimiter": report.delimiter,
        }
        con.execute(
            "INSERT INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                import_id,
                path.name,
                digest,
                kind,
                report.rows,
                report.accepted,
                report.rejected,
                json.dumps(shown, ensure_ascii=False),
                now,
            ],
        )
        if rejected and not dry_run:
            report.reject_file = _write_rejected(path, table, rejected)
        con.execute("ROLLBACK" if dry_run else "COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return report


def _write_rejected(path: Path, table: Table, rejected: list[tuple[int, str]]) -> Path:
    """Write the rejected rows with line and reason beside the file, in its delimiter, as UTF-8 with BOM."""
    target = path.with_name(f"{path.stem}.rejected.csv")
    draft = target.with_name(f".{target.name}.part")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter or ";")
        writer.writerow(["line", "reason", *table.headers])
        for at, reason in rejected:
            writer.writerow([table.lines[at], reason, *table.rows[at]])
    draft.replace(target)
    return target
