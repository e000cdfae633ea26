"""`python -m pipeline.benchmark.review`: the seven questions over a large store, from a cold process.

The store is made by SQL: invented people with mentions, pages and dials over a year, published as a night publishes
it. What is timed is the whole `opener review --json`, as a user waits for it, and each question alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import date
from pathlib import Path

from pipeline.benchmark.cold_process import seconds_of
from pipeline.cli.sql import open_log
from pipeline.review.period import period
from pipeline.review.questions import QUESTIONS, ask
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish

SECONDS_BAR = 3.0
LAST = date(2026, 11, 24)
# A year of dials to a seventh of the people.
DIALS = """
INSERT INTO calls BY NAME SELECT 'c' || i AS call_id, 'p' || hash(i) % ({people} * 3 // 20) AS person_id,
    TIMESTAMPTZ '2026-01-02 09:00:00+01' + to_seconds((hash(i * 7) % 28000000)::BIGINT) AS called_at,
    ['no_answer', 'no_answer', 'no_answer', 'voicemail', 'gatekeeper', 'reached', 'callback', 'not_interested', 'appointment', 'sale']
    [1 + (hash(i * 3) % 10)::INTEGER] AS outcome, ((hash(i) % 40) / 4.0)::DECIMAL(9, 2) AS minutes, now() AS recorded_at
    FROM range({dials}) t(i);
"""
_FILL = """
INSERT INTO people BY NAME SELECT 'p' || i AS person_id, 'Eva Koch' || i AS name, 'Koch GmbH' AS company, 'c' || i // 3 AS company_id,
    'executive' AS role_level, 'company' AS org_kind, TIMESTAMPTZ '2026-01-01 03:00:00+01' + to_days((i % 320)::INTEGER) AS known_at,
    TIMESTAMPTZ '2026-01-01 03:00:00+01' + to_days((i % 320)::INTEGER) AS first_seen, TIMESTAMPTZ '2026-11-20 03:00:00+01' AS last_seen,
    1 AS mentions FROM range({people}) t(i);
INSERT INTO mentions BY NAME SELECT 'm' || i AS mention_id, 'https://paper.example/' || i // 5 AS page_url, 'Eva Koch' || i AS person,
    'executive' AS role_level, 'Koch GmbH' AS company, 'company' AS org_kind, 'appointment' AS trigger, false AS former,
    'Eva Koch ist neue Geschäftsführerin.' AS evidence, 'body' AS section, 0.9 AS confidence, 'paper' || i % 200 AS source,
    TIMESTAMPTZ '2026-01-01 03:00:00+01' + to_days((i % 320)::INTEGER) AS seen_at, 'r' AS run_id FROM range({people} * 6 // 5) t(i);
INSERT INTO person_mentions BY NAME SELECT 'm' || i AS mention_id, 'p' || i % {people} AS person_id, 'first' AS decided_by
    FROM range({people} * 6 // 5) t(i);
INSERT INTO pages BY NAME SELECT 'https://paper.example/' || i AS url, 'paper' || i % 200 AS source, 'news' AS kind, 200 AS status,
    TIMESTAMPTZ '2026-01-01 03:00:00+01' + to_days((i % 320)::INTEGER) AS fetched_at, 5 AS people, 'h' AS content_hash, 'b' AS batch,
    'r' AS run_id FROM range({people} // 4) t(i);
INSERT INTO prospects BY NAME SELECT 'p' || i AS prospect_id, CASE WHEN i % 10 = 0 THEN 'working' WHEN i % 20 = 1 THEN 'exhausted'
    ELSE 'new' END AS state, 50 AS score, '[]'::JSON AS score_parts, 'm' || i AS mention_id, 'appointment' AS trigger,
    DATE '2026-11-01' AS reason_day, 0 AS attempts, false AS known_contact, false AS reopened, now() AS scored_at
    FROM range({people}) t(i);
"""


def measure(people: int, dials: int) -> dict[str, object]:
    """Return the wall-clock seconds of `opener review` for 30 days and a year, and of each question over a year."""
    with tempfile.TemporaryDirectory(prefix="door-opener-review-") as folder:
        root = Path(folder)
        settings = Settings(home=root / "store")
        (root / "opener.yml").write_text("home: store\n", "utf-8")
        with working_store(settings.home) as con:
            con.execute("BEGIN")
            con.execute((_FILL + DIALS).format(people=people, dials=dials))
            con.execute("COMMIT")
            began = time.perf_counter()
            publish(con, settings.home)
            published = time.perf_counter() - began
        log = open_log(settings.home)
        try:
            parts: dict[str, float] = {}
            for number in sorted({number for number, _ in QUESTIONS.values()}):
                began = time.perf_counter()
                ask(log, settings, period(LAST, None, None, None, 365), number)
                parts[str(number)] = round(time.perf_counter() - began, 2)
        finally:
            log.close()
        until = ("--to", str(LAST), "--json")
        return {
            "people": people, "dials": dials, "publish_seconds": round(published, 2),
            "month_seconds": seconds_of(root, "review", "--days", "30", *until), "year_seconds": seconds_of(root, "review", "--days", "365", *until), "questions": parts,
        }  # fmt: skip


def main() -> None:
    """Print what the review costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--dials", type=int, default=500_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.people, options.dials)
    if options.json:
        print(json.dumps(result))
        return
    print(
        f"{result['people']} prospects, {result['dials']} dials: review of 30 days {result['month_seconds']} s, of a year "
        f"{result['year_seconds']} s (bar {SECONDS_BAR:.0f}); questions alone, warm, of a year: {result['questions']}"
    )


if __name__ == "__main__":
    main()
