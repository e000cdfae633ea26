"""Referrals: somebody recommended somebody. The person enters as a contact and is called in the referrer's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from enrich.records import content_id
from enrich.roles import role_level
from pipeline.contacts import keys
from pipeline.contacts.suppression import Suppressions
from pipeline.errors import OpenerError
from pipeline.identity import resolve
from pipeline.identity.person_names import parse_person

SYSTEM = "referral"


@dataclass(frozen=True, slots=True)
class Recommended:
    """Who was recommended, as worded; phone E.164."""

    name: str
    role: str | None = None
    company: str | None = None
    town: str | None = None
    phone: str | None = None
    email: str | None = None


def read_words(words: str) -> Recommended:
    """Read "NAME, ROLE, COMPANY"; of two parts the second is a role when it is one, else the company."""
    parts = [part.strip() for part in words.split(",") if part.strip()]
    if not parts or not parse_person(parts[0]).surname:
        raise OpenerError(f'{words!r}: write "Eva Koch, Geschäftsführerin, Koch GmbH"')
    if len(parts) == 1:
        return Recommended(parts[0])
    if len(parts) == 2:
        is_role = role_level(parts[1]) != "unknown"
        return Recommended(parts[0], role=parts[1]) if is_role else Recommended(parts[0], company=parts[1])
    return Recommended(parts[0], parts[1], ", ".join(parts[2:]))


def refer(
    con: duckdb.DuckDBPyConnection, secret: bytes, who: Recommended, referred_by: str, *, on: date, now: datetime,
    relation: str | None = None, note: str | None = None, country: str = "DE",
) -> tuple[str, bool]:  # fmt: skip
    """Enter a referral; returns the person id and whether the person was known before. Twice a day is once.

    Raises OpenerError for somebody on the do-not-call list, erased, or recommending themselves.
    """
    barred = Suppressions.load(con, secret, country)
    hit = barred.check(
        person=who.name, company=who.company, place=who.town, phones=[who.phone or ""], emails=[who.email or ""]
    )
    if hit or barred.is_erased(who.name, who.company, who.town):
        raise OpenerError(f"{who.name}: not entered: {hit or 'this person was erased'}")
    parsed = parse_person(who.name)
    cells = (
        parsed.given or None,
        parsed.surname,
        parsed.title or None,
        who.role,
        who.company,
        who.town,
        who.phone,
        who.email,
    )
    contact_id = content_id("contact", SYSTEM, *cells)
    if not con.execute("SELECT 1 FROM contacts WHERE contact_id = ?", [contact_id]).fetchall():
        con.execute(
            """INSERT INTO contacts (contact_id, import_id, first_name, last_name, title, person_raw, role, company, town, phone,
               email, is_customer, do_not_call, attempts, source_system, imported_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false, false, 0, ?, ?)""",
            [contact_id, SYSTEM, parsed.given or None, parsed.surname, parsed.title or None,
             f"{parsed.given} {parsed.surname}".strip(), who.role, who.company, who.town, who.phone, who.email, SYSTEM, now],
        )  # fmt: skip
        resolve(con, now=now)
    found = con.execute("SELECT person_id, how FROM person_contacts WHERE contact_id = ?", [contact_id]).fetchall()
    if not found:
        raise OpenerError(f"{who.name}: the name could not be read; write given name and surname")
    person_id = str(found[0][0])
    if person_id == referred_by:
        raise OpenerError(f"{who.name} cannot be recommended by themselves")
    referral_id = content_id("referral", person_id, referred_by, on.isoformat())
    if not con.execute("SELECT 1 FROM referrals WHERE referral_id = ?", [referral_id]).fetchall():
        con.execute(
            "INSERT INTO referrals VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [referral_id, person_id, referred_by, contact_id, relation, note, on, now],
        )
    return person_id, found[0][1] != "first"


def phone_of(raw: str | None, country: str) -> str | None:
    """Return a number given by hand as E.164. Raises OpenerError."""
    if raw is None:
        return None
    number = keys.phone(raw, country)
    if number is None:
        raise OpenerError(f"--phone {raw!r} is no phone number")
    return number


def email_of(raw: str | None) -> str | None:
    """Return a mail address given by hand. Raises OpenerError."""
    if raw is None:
        return None
    address = keys.email(raw)
    if address is None:
        raise OpenerError(f"--email {raw!r} is no mail address")
    return address
