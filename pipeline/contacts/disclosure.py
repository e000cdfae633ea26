"""Everything that is stored about a person, for their right of access (Art. 15 GDPR)."""

from __future__ import annotations

from typing import Any

import duckdb

# columns by which a row belongs to a person: directly, or through one of their mentions or imported contacts
_PERSON = ("person_id", "prospect_id", "referred_by")
_RECORD = ("mention_id", "contact_id", "left_id", "right_id", "record_id")


def disclose(con: duckdb.DuckDBPyConnection, person_id: str) -> dict[str, dict[str, Any]]:
    """Return table -> {about, rows} of all rows that belong to the person, pages they were read from included.

    Tables without such rows are left out. Times keep their zone.
    """
    ids = [person_id]
    aliases = con.execute("SELECT old_id FROM person_aliases WHERE person_id = ?", [person_id]).fetchall()
    ids += [row[0] for row in aliases]
    records = [
        row[0]
        for row in con.execute(
            """SELECT mention_id FROM person_mentions WHERE person_id IN (SELECT unnest(?::VARCHAR[]))
            UNION ALL SELECT contact_id FROM person_contacts WHERE person_id IN (SELECT unnest(?::VARCHAR[]))""",
            [ids, ids],
        ).fetchall()
    ]
    found: dict[str, dict[str, Any]] = {}
    tables = con.execute(
        "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY 1"
    )
    for table, comment in tables.fetchall():
        columns = [
            row[0]
            for row in con.execute(
                "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
            ).fetchall()
        ]
        tests = [(c, ids) for c in _PERSON if c in columns] + [(c, records) for c in _RECORD if c in columns]
        if not tests:
            continue
        where = " OR ".join(f'"{column}" IN (SELECT unnest(?::VARCHAR[]))' for column, _ in tests)
        rows = con.execute(f'SELECT * FROM "{table}" WHERE {where}', [wanted for _, wanted in tests]).fetchall()  # noqa: S608
        if rows:
            found[table] = {"about": comment, "rows": [dict(zip(columns, row, strict=True)) for row in rows]}
    pages = con.execute(
        """SELECT DISTINCT p.url, p.source, p.fetched_at, p.title FROM pages p JOIN mentions m ON m.page_url = p.url
        WHERE m.mention_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY p.fetched_at""",
        [records],
    ).fetchall()
    if pages:
        rows_ = [dict(zip(("url", "source", "fetched_at", "title"), row, strict=True)) for row in pages]
        found["pages"] = {"about": "Pages that name the person.", "rows": rows_}
    return found
