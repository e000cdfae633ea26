"""Mentions and contacts that nobody has been assigned to yet, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from enrich.records import content_id
from enrich.roles import role_level
from pipeline.identity.mailboxes import name_in_domain


@dataclass
class NewRecords:
    """Columns of equal length, in order of time and id; `table` has them all."""

    table: pa.Table
    record_id: list[str]

    def __len__(self) -> int:
        return len(self.record_id)

    @property
    def person(self) -> pa.ChunkedArray:
        return self.table["person"]

    @property
    def company(self) -> pa.ChunkedArray:
        """The organisation as it is compared: a contact without one has the name that its own domain bears."""
        return self.table["house"]

    @property
    def place(self) -> pa.ChunkedArray:
        return self.table["place"]

    @property
    def role(self) -> pa.ChunkedArray:
        return self.table["role"]

    def person_number(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
        """Return the person id, as a number, that a person has whose first record is at each of `rows`."""
        return np.array([int(content_id("person", self.record_id[r]), 16) for r in rows.tolist()], np.uint64)


def person_id(number: int) -> str:
    """Return the id of a person as text, from its number."""
    return f"{number:016x}"


# How long before the last resolving a mention may have come that nobody has resolved: not at all, or (a night was cut
# off) some days.
_RECENT = ("0 days", "7 days")


def find_new(con: duckdb.DuckDBPyConnection, batch: int | None = None) -> None:
    """Note the records without a person in the temporary table `identity_new`; those of one batch of a replay if given.

    Of a large store only the newest mentions are looked at, if the counts of the tables prove that the rest has persons.
    """
    only = "true"
    if batch is not None:
        only = f"record_id IN (SELECT record_id FROM identity_replay WHERE batch = {int(batch)})"  # noqa: S608 - a number
    open_mentions = con.execute(
        "SELECT (SELECT count(*) FROM mentions) - (SELECT count(*) FROM person_mentions)"
    ).fetchall()[0][0]
    recent = ""
    for days in _RECENT if batch is None and open_mentions > 0 else ():
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE identity_recent AS SELECT mention_id FROM mentions
            WHERE seen_at > (SELECT max(resolved_at) - INTERVAL '{days}' FROM person_mentions)"""  # noqa: S608 - constant
        )
        found = con.execute("SELECT count(*) FROM identity_recent").fetchall()[0][0]
        if found < open_mentions:
            continue
        taken = con.execute(
            "SELECT count(*) FROM person_mentions SEMI JOIN identity_recent USING (mention_id)"
        ).fetchall()[0][0]
        if found - taken == open_mentions:
            if taken:
                con.execute(
                    """DELETE FROM identity_recent WHERE mention_id IN (
                        SELECT mention_id FROM person_mentions SEMI JOIN identity_recent USING (mention_id))"""
                )
            recent = "SEMI JOIN identity_recent USING (mention_id)"
            break
    without = recent or "ANTI JOIN person_mentions USING (mention_id)"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE identity_new AS SELECT record_id FROM (
            SELECT mention_id AS record_id FROM mentions {without}
            UNION ALL SELECT contact_id FROM contacts ANTI JOIN person_contacts USING (contact_id)) WHERE {only}"""  # noqa: S608
    )
    con.execute("DROP TABLE IF EXISTS identity_recent")


def read_new(con: duckdb.DuckDBPyConnection) -> NewRecords:
    """Read the mentions and contacts that `find_new` noted, oldest first."""
    _read_role_levels(con)
    table = con.sql(
        """SELECT * FROM (SELECT 'mention' AS kind, m.mention_id AS record_id, m.person, m.title, m.role, m.role_level, m.company, m.org_kind,
            m.place, m.former, coalesce(least(m.published, m.seen_at), m.seen_at) AS said_at, m.seen_at,
            m.company AS house, NULL::VARCHAR AS website, NULL::VARCHAR AS email
        FROM mentions m SEMI JOIN identity_new n ON n.record_id = m.mention_id
        UNION ALL
        SELECT 'contact', c.contact_id, coalesce(c.person_raw, concat_ws(' ', c.first_name, c.last_name)), c.title, c.role,
            coalesce(l.role_level, 'unknown'), c.company, 'company', c.town, false, c.imported_at, c.imported_at,
            nullif(c.company, ''), c.website, c.email
        FROM contacts c SEMI JOIN identity_new n ON n.record_id = c.contact_id
        LEFT JOIN identity_role_levels l ON l.role = c.role
        WHERE coalesce(c.person_raw, c.first_name, c.last_name) IS NOT NULL)
        ORDER BY seen_at, record_id"""
    ).to_arrow_table()
    house = table["house"].to_pylist()
    unnamed = [
        at
        for at, (name, kind) in enumerate(zip(house, table["kind"].to_pylist(), strict=True))
        if name is None and kind == "contact"
    ]
    if unnamed:
        some = table.select(["website", "email"]).take(unnamed)
        for at, website, email in zip(unnamed, some["website"].to_pylist(), some["email"].to_pylist(), strict=True):
            house[at] = name_in_domain(website, email)
        table = table.set_column(table.column_names.index("house"), "house", pa.array(house, pa.string()))
    return NewRecords(table.drop_columns(["website", "email"]), table["record_id"].to_pylist())


def _read_role_levels(con: duckdb.DuckDBPyConnection) -> None:
    """Say of each role of a new contact how much such a person decides: table identity_role_levels."""
    con.execute("CREATE OR REPLACE TEMP TABLE identity_role_levels (role VARCHAR, role_level VARCHAR)")
    roles = con.execute(
        "SELECT DISTINCT role FROM contacts SEMI JOIN identity_new ON record_id = contact_id WHERE role IS NOT NULL"
    ).fetchall()
    if not roles:
        return
    levels = [(role, role_level(role)) for (role,) in roles]
    con.execute(
        "INSERT INTO identity_role_levels SELECT unnest($roles), unnest($levels)",
        {"roles": [role for role, _ in levels], "levels": [level for _, level in levels]},
    )


def drop_erased(con: duckdb.DuckDBPyConnection) -> int:
    """Delete those records that `find_new` noted whose people were erased; returns how many went.

    The key is taken from the folder of the database file.
    """
    if not con.execute("SELECT 1 FROM erasures LIMIT 1").fetchall():
        return 0
    # the do-not-call list knows phone numbers of all countries; a night that has nobody to keep out need not load them
    from pipeline.contacts import secret  # noqa: PLC0415
    from pipeline.contacts.suppression import Suppressions  # noqa: PLC0415

    path = con.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchall()[0][0]
    if path is None:
        raise ValueError("a store in memory has no home for the key of erased people")
    listed = Suppressions.load(con, secret.load(Path(path).parent))
    rows = con.execute(
        """SELECT mention_id, person, company, place FROM mentions JOIN identity_new ON record_id = mention_id
        UNION ALL SELECT contact_id, person_raw, company, town FROM contacts JOIN identity_new ON record_id = contact_id
        WHERE person_raw IS NOT NULL"""
    ).fetchall()
    gone = [record for record, person, company, place in rows if listed.is_erased(person, company or None, place)]
    if gone:
        con.register("identity_gone", pa.table({"record_id": gone}))
        for table, column in (
            ("mentions", "mention_id"),
            ("contacts", "contact_id"),
            ("event_people", "mention_id"),
            ("identity_new", "record_id"),
        ):
            con.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT record_id FROM identity_gone)")  # noqa: S608 - constants
        con.unregister("identity_gone")
    return len(gone)
