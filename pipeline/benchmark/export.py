"""`python -m pipeline.benchmark.export`: a call list of many rows against DuckDB's own COPY of the same query.

The store is made by SQL: invented people with a mention, a company and a state. Both write the same people to a CSV
file; ours also builds reasons and opening lines and keeps the ledger, so it is slower by what these cost.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.benchmark.cold_process import seconds_of
from pipeline.benchmark.review import DIALS
from pipeline.lists.export import export
from pipeline.settings import Settings
from pipeline.store.opening import working_store

_DETAILS = (Path(__file__).resolve().parents[1] / "lists" / "details.sql").read_text("utf-8")
_FILL = """
INSERT INTO people BY NAME SELECT 'p' || i AS person_id, 'Eva Koch' || i AS name, 'Eva' AS given, 'Koch' || i AS surname,
    'f' AS gender, 'Geschäftsführerin' AS role, 'executive' AS role_level, 'c' || i % 5000 AS company_id,
    'Koch ' || i % 5000 || ' GmbH' AS company, 'company' AS org_kind, 'Lindenau' AS place, now() AS known_at,
    now() AS first_seen, now() AS last_seen, 1 AS mentions FROM range({people}) t(i);
INSERT INTO mentions BY NAME SELECT 'm' || i AS mention_id, 'https://paper.example/' || i AS page_url, 'Eva Koch' || i AS person,
    'Geschäftsführerin' AS role, 'executive' AS role_level, 'Koch ' || i % 5000 || ' GmbH' AS company, 'company' AS org_kind,
    'appointment' AS trigger, false AS former, 'Eva Koch' || i || ' ist neue Geschäftsführerin der Koch GmbH.' AS evidence,
    'body' AS section, 0.9 AS confidence, 'paper' AS source, now() AS published, 'de' AS language, now() AS seen_at, 'r' AS run_id
    FROM range({people}) t(i);
INSERT INTO person_mentions BY NAME SELECT 'm' || i AS mention_id, 'p' || i AS person_id, 'c' || i % 5000 AS company_id,
    'first' AS decided_by FROM range({people}) t(i);
INSERT INTO prospects BY NAME SELECT 'p' || i AS prospect_id, 'new' AS state, 50 + (i % 40)::INTEGER AS score,
    '[]' AS score_parts, 'm' || i AS mention_id, 'appointment' AS trigger, current_date AS reason_day, 0 AS attempts,
    false AS known_contact, false AS reopened, now() AS scored_at FROM range({people}) t(i);
"""


def measure(people: int, rows: int) -> dict[str, object]:
    """Return the seconds of a daily list, of a list of everybody and of COPY, over a store of `people`.

    The daily list is `opener export` as a process of its own, less what the same process takes to show its help: with
    opening the store, keeping the decisions beside it, reasons and opening lines.
    """
    with tempfile.TemporaryDirectory(prefix="door-opener-export-") as folder:
        home = Path(folder) / "store"
        settings = Settings(home=home)
        (home.parent / "opener.yml").write_text("home: store\n", "utf-8")
        with working_store(home) as con:
            con.execute("BEGIN")
            con.execute(_FILL.format(people=people))
            con.execute("COMMIT")
            con.execute(DIALS.format(people=people, dials=people // 2))
            con.execute("CHECKPOINT")
        start = seconds_of(home.parent, "export", "--help")
        day = seconds_of(home.parent, "export", "--limit", "200", "-o", "day.csv")
        with working_store(home) as con:
            began = time.perf_counter()
            found = export(con, settings, "fresh", now=datetime.now(UTC), out=home / "all.csv", limit=rows)
            ours = time.perf_counter() - began
            theirs = _copy(con, [str(row["prospect_id"]) for row in found.rows], home / "copy.csv")
    return {
        "people": people, "rows": len(found.rows), "day_list_seconds": round(day - start, 2), "start_seconds": start, "seconds": round(ours, 2),
        "copy_seconds": round(theirs, 2), "ratio": round(theirs / ours, 3),
    }  # fmt: skip


def _copy(con: duckdb.DuckDBPyConnection, ids: list[str], out: Path) -> float:
    began = time.perf_counter()
    con.execute("CREATE OR REPLACE TEMP TABLE picked (prospect_id VARCHAR, rank INTEGER)")
    con.execute("INSERT INTO picked SELECT unnest(?::VARCHAR[]), unnest(range(1, ?::INTEGER + 1))", [ids, len(ids)])
    con.execute(f"COPY ({_DETAILS}) TO '{out}' (HEADER)")
    return time.perf_counter() - began


def main() -> None:
    """Print the cost of lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.people, options.rows)
    if options.json:
        print(json.dumps(result))
    else:
        print(
            f"{result['people']} prospects: a day's list of 200 in {result['day_list_seconds']} s after a start of {result['start_seconds']} s; {result['rows']} rows in "
            f"{result['seconds']} s, COPY of the same query {result['copy_seconds']} s"
        )


if __name__ == "__main__":
    main()
