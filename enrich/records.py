"""The records that travel from spiders through enrich to pipeline.

Plain dataclasses. Text is NFC Unicode, every datetime is timezone-aware, ids are stable hashes of raw content
(never of cleaned names), so that every stage can be run again and gives the same result.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

PageKind = Literal["news", "event", "company"]
DocumentKind = Literal["news", "event", "company", "text"]
OrgKind = Literal["company", "association", "public", "party", "club", "media", "education", "other"]
RoleLevel = Literal["owner", "board", "executive", "head", "specialist", "spokesperson", "member", "unknown"]
Section = Literal["body", "caption", "structured", "list", "imprint"]
EventRole = Literal["speaker", "host", "organizer", "contact", "attendee"]
Trigger = Literal[
    "appointment", "promotion", "departure", "succession", "anniversary", "award", "expansion", "founding",
    "acquisition", "funding", "insolvency", "layoffs", "results", "voting_rights", "speaker", "host", "attendee",
    "quote", "mention",
]  # fmt: skip


def content_id(*parts: object) -> str:
    """Return a 16-hex-digit id of raw values (blake2b-64); None and "" differ, order matters."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        raw = b"\x00" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document as it came: `body` is the raw decoded-from-transfer bytes, `fetched_at` is UTC.

    `url` is the canonical address that was asked for, `final_url` where redirects ended, `source` the name of
    the lead source, `status` the HTTP status (304: not changed, empty body).
    """

    url: str
    final_url: str
    source: str
    kind: PageKind
    status: int
    fetched_at: datetime
    etag: str | None
    last_modified: str | None
    content_type: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Mention:
    """One named person tied to one organisation in one page, with the verbatim sentence that proves it.

    `person` has no titles; `role` is as worded; `trigger_date` is the day of the reason where the text gives
    one; `former`: no longer holds the role; `confidence` 0..1; `evidence_start/end` are character offsets of
    the evidence in `Document.text` (None where the evidence stands outside the text, e.g. JSON-LD).
    """

    mention_id: str
    page_url: str
    person: str
    role: str | None
    role_level: RoleLevel
    company: str
    org_kind: OrgKind
    place: str | None
    trigger: Trigger
    trigger_date: date | None
    former: bool
    evidence: str
    section: Section
    confidence: float
    title: str | None = None  # academic title or form of address as worded: "Dr.", "Frau"
    evidence_start: int | None = None
    evidence_end: int | None = None


@dataclass(frozen=True, slots=True)
class EventPerson:
    """A person named at an event; `as_` is the part they play there ("as" in JSON)."""

    name: str
    role: str | None
    company: str | None
    as_: EventRole
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class EventListing:
    """One event (one occurrence of a recurring one). `start`/`end`: aware datetime, or a date for whole days."""

    event_id: str
    title: str
    start: datetime | date | None
    end: datetime | date | None
    place: str | None
    url: str | None
    organizer: str | None
    people: tuple[EventPerson, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """Commercial register entry: court as stated ("Amtsgericht Hannover") and number ("HRB 228276")."""

    court: str | None
    number: str


@dataclass(frozen=True, slots=True)
class SitePerson:
    """A person that a company site names as owner, director, partner or board member."""

    name: str
    role: str | None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What a company says of itself in Impressum, Kontakt and Team. Phones E.164, e-mails lower case.

    `vat_id` without spaces ("DE123456789", "CHE-123.456.789 MWST"); `page_url` is the page that proves it.
    """

    company: str
    legal_form: str | None
    street: str | None
    postcode: str | None
    town: str | None
    country: str | None
    phones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    people: tuple[SitePerson, ...] = ()
    register: Register | None = None
    vat_id: str | None = None
    website: str | None = None
    page_url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What enrich made of one page, or of all pages of one company or event site.

    `published` is aware; `text` is the main text the offsets refer to; `links` are the outbound addresses of
    the main text (candidates for company websites).
    """

    url: str
    kind: DocumentKind
    title: str | None
    published: datetime | None
    language: str | None
    text: str
    people: tuple[Mention, ...] = ()
    events: tuple[EventListing, ...] = ()
    company: CompanyProfile | None = None
    warnings: tuple[str, ...] = ()
    links: tuple[str, ...] = field(default=(), compare=False)


def to_json(record: Any) -> Any:
    """Turn a record into JSON-ready values: ISO 8601 dates, lists for tuples, `as_` written as `as`."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {
            ("as" if f.name == "as_" else f.name): to_json(getattr(record, f.name))
            for f in dataclasses.fields(record)
            if f.name != "body"
        }
    if isinstance(record, (list, tuple)):
        return [to_json(item) for item in record]
    if isinstance(record, (datetime, date)):
        return record.isoformat()
    return record
