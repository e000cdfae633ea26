"""Who must not be called, and who must not come back: keyed hashes, checked at import, resolve and export."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

import duckdb
import pyarrow as pa

from enrich.records import content_id
from pipeline.contacts import gates, keys
from pipeline.errors import OpenerError

Kind = Literal["phone", "email", "person", "company", "domain"]
# For so few people the gates cost more than they save.
FEW = 2_000
KINDS: tuple[Kind, ...] = ("phone", "email", "person", "company", "domain")


def entry_keys(
    kind: Kind, value: str, *, company: str | None = None, place: str | None = None, country: str = "DE"
) -> set[str]:
    """Return the keys that a suppressed entry stores; empty when `value` is not usable as that kind."""
    if kind == "phone":
        number = keys.phone(value, country)
        return {number} if number else set()
    if kind == "email":
        address = keys.email_key(value)
        return {address} if address else set()
    if kind == "domain":
        host = keys.domain(value)
        return {host} if host else set()
    if kind == "company":
        return keys.company_keys(value)
    return keys.person_keys(value, company, place, stored=True)


@dataclass
class Suppressions:
    """The do-not-call list in memory: (kind, hash) -> reason, and the hashes of erased people."""

    secret: bytes
    entries: dict[str, tuple[Kind, str | None]]
    erased: frozenset[str]
    country: str = "DE"

    @classmethod
    def load(cls, con: duckdb.DuckDBPyConnection, secret: bytes, country: str = "DE") -> Suppressions:
        """Read the list from the store."""
        rows = con.execute(
            f"SELECT key_hash, kind, reason FROM suppressions WHERE length(key_hash) <> {gates.LENGTH} ORDER BY created_at"  # noqa: S608
        ).fetchall()
        erased = con.execute("SELECT key_hash FROM erasures").fetchall()
        return cls(secret, {h: (kind, reason) for h, kind, reason in rows}, frozenset(h for (h,) in erased), country)

    def __bool__(self) -> bool:
        return bool(self.entries or self.erased)

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """Kinds of which there are entries."""
        return frozenset(kind for kind, _ in self.entries.values())

    def _hit(self, kind: Kind, wanted: Iterable[str]) -> str | None:
        for key in wanted:
            found = keys.keyed_hash(self.secret, f"{kind}|{key}")
            if found in self.entries:
                reason = self.entries[found][1]
                return f"{kind} is on the do-not-call list" + (f" ({reason})" if reason else "")
        return None

    def check(
        self,
        *,
        person: str | None = None,
        company: str | None = None,
        place: str | None = None,
        phones: Iterable[str] = (),
        emails: Iterable[str] = (),
        website: str | None = None,
    ) -> str | None:
        """Return why somebody must not be called; None when nothing on the list is them."""
        if not self.entries:
            return None
        kinds = self.kinds
        mails = [m for m in emails if m]
        if "phone" in kinds:
            numbers = {n for n in (keys.phone(p, self.country) for p in phones if p) if n}
            if hit := self._hit("phone", numbers):
                return hit
        if "email" in kinds and (hit := self._hit("email", {k for k in map(keys.email_key, mails) if k})):
            return hit
        if "domain" in kinds:
            hosts = {k for value in [*mails, *([website] if website else [])] for k in keys.domain_keys(value)}
            if hit := self._hit("domain", hosts):
                return hit
        if "company" in kinds and company and (hit := self._hit("company", keys.company_keys(company))):
            return hit
        if "person" in kinds and person:
            # whole names first: most of those who are on the list stand there as they are written
            return self._hit("person", sorted(keys.person_keys(person, company, place, stored=False)))
        return None

    def is_erased(self, person: str, company: str | None, place: str | None) -> bool:
        """True when this person was erased and must not be stored again."""
        if not self.erased:
            return False
        wanted = keys.person_keys(person, company, place, stored=False)
        return not self.erased.isdisjoint(keys.hashes(self.secret, "erased", wanted))


def suppress(
    con: duckdb.DuckDBPyConnection, secret: bytes, kind: Kind, value: str, *, now: datetime, reason: str | None = None,
    company: str | None = None, place: str | None = None, country: str = "DE",
) -> str:  # fmt: skip
    """Put one entry on the do-not-call list and return its id; putting it there twice changes nothing.

    Raises OpenerError when `value` is not a phone, mail address, ... that can be matched.
    """
    rows = suppression_rows(secret, kind, value, now=now, reason=reason, company=company, place=place, country=country)
    if not rows:
        raise OpenerError(f"{value!r} is no usable {kind}; nothing was suppressed")
    insert_suppressions(con, rows)
    return str(rows[0][0])


def suppression_rows(
    secret: bytes, kind: Kind, value: str, *, now: datetime, reason: str | None = None, company: str | None = None,
    place: str | None = None, country: str = "DE",
) -> list[tuple[str, str, str, str | None, datetime]]:  # fmt: skip
    """Return the rows of one entry (suppression_id, kind, key_hash, reason, created_at); none if unusable."""
    found = sorted(keys.hashes(secret, kind, entry_keys(kind, value, company=company, place=place, country=country)))
    if not found:
        return []
    number = content_id("suppression", kind, *found)
    if kind == "person":
        found += sorted(gates.entry_gates(secret, value, company, place))
    return [(number, kind, key, reason, now) for key in found]


def insert_suppressions(con: duckdb.DuckDBPyConnection, rows: list[tuple[str, str, str, str | None, datetime]]) -> int:
    """Append rows that are not there yet; returns how many entries are new."""
    if not rows:
        return 0
    names = ("suppression_id", "kind", "key_hash", "reason", "created_at")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns["reason"] = pa.array(columns["reason"], pa.string())
    con.register("suppressions_add", pa.table(columns))
    try:
        added = con.execute(
            "SELECT count(DISTINCT suppression_id) FROM suppressions_add WHERE suppression_id NOT IN (SELECT suppression_id FROM suppressions)"
        ).fetchall()[0][0]
        con.execute(
            """INSERT INTO suppressions SELECT DISTINCT ON (suppression_id, key_hash) suppression_id, kind, key_hash, reason, created_at
            FROM suppressions_add WHERE suppression_id NOT IN (SELECT suppression_id FROM suppressions)"""
        )
    finally:
        con.unregister("suppressions_add")
    return int(added)


def suppressed_people(
    con: duckdb.DuckDBPyConnection, secret: bytes, country: str = "DE", people: Collection[str] | None = None
) -> dict[str, str]:
    """Return person_id -> reason for everybody known who must not be called, under any of their spellings.

    `people` restricts the question to some of them, which is what a list of the day asks.
    """
    listed = Suppressions.load(con, secret, country)
    found: dict[str, str] = {}
    chosen = "" if people is None else "WHERE person_id IN (SELECT unnest(?::VARCHAR[]))"
    given = [] if people is None else [list(people)]
    for person_id in con.execute(
        f"""SELECT DISTINCT person_id FROM (SELECT * FROM person_contacts {chosen}) JOIN contacts USING (contact_id)
            WHERE do_not_call""",  # noqa: S608 - a constant
        given,
    ).fetchall():
        found[person_id[0]] = "marked do-not-call in an imported file"
    if not listed.entries:
        return found
    by_name = None
    if "person" in listed.kinds and (people is None or len(people) > FEW) and gates.all_have_gates(con):
        by_name = gates.through(con, secret)
    rows = con.execute(
        f"""SELECT DISTINCT person_id, person, company, place, phones, emails, website FROM (
            SELECT p.person_id, p.name AS person, p.company, p.place, []::VARCHAR[] AS phones, []::VARCHAR[] AS emails,
                NULL::VARCHAR AS website FROM people p {chosen}
            UNION ALL
            SELECT t.person_id, m.person, m.company, m.place, [], [], NULL
            FROM (SELECT * FROM person_mentions {chosen}) t JOIN mentions m USING (mention_id)
            UNION ALL
            SELECT t.person_id, coalesce(c.person_raw, ''), c.company, c.town, [c.phone, c.mobile],
                [c.email], c.website
            FROM (SELECT * FROM person_contacts {chosen}) t JOIN contacts c USING (contact_id))""",  # noqa: S608
        given * 3,
    )
    # everything but the name is asked once for each organisation, and of contacts
    houses: dict[str, str | None] = {}
    while batch := rows.fetchmany(10_000):
        for person_id, person, company, place, phones, emails, website in batch:
            if person_id in found:
                continue
            reason = None
            if "company" in listed.kinds and company:
                if company not in houses:
                    houses[company] = listed.check(company=company)
                reason = houses[company]
            if reason is None and (phones or emails or website):
                reason = listed.check(phones=phones, emails=emails, website=website)
            if reason is None and "person" in listed.kinds and (by_name is None or person_id in by_name):
                reason = listed.check(person=person, company=company, place=place)
            if reason:
                found[person_id] = reason
    return found
