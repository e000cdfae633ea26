"""A store with millions of known people, and a night of mentions that it has not seen.

The first million is generated, and written as the nightly run writes it, with the persons that the truth tells.
What a larger store holds beyond that are new combinations of the same names, organisations and towns, written in bulk.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.identity import blocking, profiles
from pipeline.identity.arrays import Longs
from pipeline.identity.folding import mix
from pipeline.identity.frequencies import frequencies
from pipeline.identity.generator import Generator
from pipeline.identity.records import NewRecords
from pipeline.identity.writing import Decisions, write
from pipeline.store.opening import ensure_schema

CHUNK = 500_000
GENERATED = 1_000_000
NIGHT = 10_000
# The generator gives about 0.83 mentions for each one asked for.
ASKED = 1.25
START = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)

MENTIONS = """INSERT INTO mentions BY NAME SELECT mention_id, 'https://news.example/' || mention_id AS page_url, person_raw AS person,
    role, 'unknown' AS role_level, coalesce(company_raw, '') AS company, 'company' AS org_kind, place, 'mention' AS trigger,
    false AS former, 'evidence' AS evidence, 'body' AS section, 0.9 AS confidence, 'news' AS source, ?::TIMESTAMPTZ AS seen_at,
    ? AS run_id FROM benchmark_rows"""


def add_mentions(con: duckdb.DuckDBPyConnection, table: pa.Table, seen_at: datetime, run_id: str) -> None:
    """Insert labelled rows (mention_id, person_raw, role, company_raw, place) as mentions of one run."""
    con.register("benchmark_rows", table)
    con.execute(MENTIONS, [seen_at, run_id])
    con.unregister("benchmark_rows")


def _chunk(number: int, size: int, noise: float) -> pa.Table:
    """Return labelled mentions with ids of their own: entities and groups of chunks never meet."""
    table = Generator(1000 + number, noise).mentions(int(size * ASKED)).slice(0, size)
    shift = number * 10_000_000
    return (
        table.set_column(table.column_names.index("entity"), "entity", pc.add(table["entity"], shift))
        .set_column(table.column_names.index("amb"), "amb", pc.add(table["amb"], shift))
        .append_column("mention_id", pa.array([f"{number:02}-{at:07}" for at in range(len(table))]))
    )


def held_back(table: pa.Table, wanted: int) -> tuple[pa.Table, pa.Table]:
    """Split into (stored, night): half of the night are mentions of stored people, half of people never stored.

    The night's column `known` tells which.
    """
    entity = table["entity"].to_numpy()
    _, at, sizes = np.unique(entity, return_inverse=True, return_counts=True)
    order = np.random.default_rng(5).permutation(len(sizes))
    night = np.zeros(len(entity), bool)
    gone = np.zeros(len(sizes), bool)
    gone[order[: int(wanted * 0.3)]] = True  # about 1.85 mentions a person, so some more than half of the night
    unseen = np.flatnonzero(gone[at])
    night[unseen[: wanted // 2]] = True
    out = gone[at]
    last = np.full(len(sizes), -1, np.int64)
    last[at] = np.arange(len(entity))
    again = [last[e] for e in order[::-1].tolist() if sizes[e] > 1 and not gone[e]][: wanted - wanted // 2]
    night[again], out[again] = True, True
    late = table.append_column("known", pa.array(~gone[at])).filter(pa.array(night))
    return table.filter(pa.array(~out)), late


def _write_known(con: duckdb.DuckDBPyConnection, table: pa.Table, now: datetime) -> None:
    """Write the labelled mentions of one chunk as resolved, in one transaction."""
    rows = pa.table(
        {
            "kind": pa.array(["mention"] * len(table)), "record_id": table["mention_id"], "person": table["person_raw"],
            "title": pa.nulls(len(table), pa.string()), "role": table["role"],
            "role_level": pa.array(["unknown"] * len(table)), "company": pc.fill_null(table["company_raw"], ""),
            "house": pc.fill_null(table["company_raw"], ""),
            "org_kind": pa.array(["company"] * len(table)), "place": table["place"],
            "former": pa.array([False] * len(table)), "said_at": pa.array([now] * len(table)),
            "seen_at": pa.array([now] * len(table)),
        }
    )  # fmt: skip
    new = NewRecords(rows, table["mention_id"].to_pylist())
    fresh = profiles.build(new.person, new.company, new.place, new.role)
    facts = profiles.word_facts(fresh)
    counts = frequencies(fresh)
    key, row = blocking.keys(fresh, facts, blocking.rare_tokens(fresh, counts.token.astype(np.int64)))
    first = _first_rows(fresh.of_mention.astype(np.int64), len(fresh))
    entity = table["entity"].to_numpy()[first]
    _, at = np.unique(entity, return_inverse=True)
    person = new.person_number(first[_first_rows(at.reshape(-1).astype(np.int64), int(at.max()) + 1)])[at.reshape(-1)]
    decisions = Decisions(
        person, first, np.full(len(fresh), np.nan), {}, np.zeros(len(fresh), bool), [], [], set(person.tolist()), set()
    )
    con.execute("BEGIN")
    write(con, now, new, fresh, fresh, key, row, decisions)
    con.execute("COMMIT")


def _columns(con: duckdb.DuckDBPyConnection) -> profiles.Profiles:
    """Return the stored profiles as codes."""
    names = ", ".join(profiles.STRING_COLUMNS)
    stored = con.sql(f"SELECT {names} FROM identity_profiles ORDER BY profile").to_arrow_table()  # noqa: S608 - constants
    empty = profiles.build([], [], [], [])
    return profiles.append_stored(empty, {name: stored[name] for name in profiles.STRING_COLUMNS})


def _recombined(known: profiles.Profiles, count: int, rng: np.random.Generator) -> profiles.Profiles:
    """Return `count` profiles of the given names, surnames, organisations and towns of others."""
    given, surname, firm, town = (rng.integers(0, len(known), count) for _ in range(4))
    return profiles.Profiles(
        known.words, known.given[given], known.surname[surname], known.core[firm], known.acronym[firm], known.tokens[firm],
        known.place[town], known.roles[firm], np.arange(count, dtype=np.int32), np.ones(count, np.int32),
    )  # fmt: skip


def _write_recombined(con: duckdb.DuckDBPyConnection, found: profiles.Profiles, number: int, now: datetime) -> None:
    """Write profiles as one mention and one person each, in one transaction."""
    size = len(found)
    base = int(con.execute("SELECT coalesce(max(profile) + 1, 0) FROM identity_profiles").fetchall()[0][0])
    person = mix(np.arange(base, base + size, dtype=np.uint64))
    facts = profiles.word_facts(found)
    counts = frequencies(found)
    key, row = blocking.keys(found, facts, blocking.rare_tokens(found, counts.token.astype(np.int64)))
    columns = found.strings_of(np.arange(size))
    con.register("benchmark_rows", pa.table({
        "profile": pa.array(np.arange(base, base + size), pa.int32()), "person": pa.array(person, pa.uint64()),
        "mention_id": [f"{number:02}-{at:07}" for at in range(size)], **{n: pa.array(columns[n], pa.string()) for n in columns},
    }))  # fmt: skip
    con.register("benchmark_keys", {"key": key, "profile": (row + base).astype(np.int32)})
    names = ", ".join(profiles.STRING_COLUMNS)
    con.execute("BEGIN")
    con.execute(f"INSERT INTO identity_profiles SELECT profile, person, mention_id, {names} FROM benchmark_rows")  # noqa: S608
    con.execute("INSERT INTO identity_index SELECT key, profile FROM benchmark_keys ORDER BY key")
    for kind, column in (
        ("given", "given1"),
        ("surname", "surname1"),
        ("core", "core"),
        ("place", "place"),
        ("role", "role1"),
    ):
        con.execute(
            f"""INSERT INTO identity_frequencies SELECT '{kind}', {column}, count(*) FROM benchmark_rows WHERE {column} <> ''
            GROUP BY ALL ORDER BY 2"""  # noqa: S608 - constants
        )
    con.execute(
        """INSERT INTO identity_frequencies SELECT 'token', word, count(*) FROM (
            SELECT unnest(string_split(tokens, ' ')) AS word FROM benchmark_rows) WHERE word <> '' GROUP BY word ORDER BY word"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP VIEW benchmark_people AS SELECT mention_id, lower(printf('%016x', person)) AS person_id,
            concat_ws(' ', nullif(given1, ''), nullif(surname1, '')) AS name, nullif(given1, '') AS given, nullif(surname1, '') AS surname,
            core AS company, CASE WHEN core <> '' THEN left(md5(core), 16) END AS company_id, nullif(place, '') AS place,
            nullif(role1, '') AS role FROM benchmark_rows"""
    )
    con.execute(
        """INSERT INTO mentions BY NAME SELECT mention_id, 'https://news.example/' || mention_id AS page_url, name AS person, role,
            'unknown' AS role_level, company, 'company' AS org_kind, place, 'mention' AS trigger, false AS former,
            'evidence' AS evidence, 'body' AS section, 0.9 AS confidence, 'news' AS source, ?::TIMESTAMPTZ AS seen_at,
            ? AS run_id FROM benchmark_people""",
        [now, f"run{number}"],
    )
    con.execute(
        "INSERT INTO person_mentions BY NAME SELECT mention_id, person_id, company_id, 'first' AS decided_by, ?::TIMESTAMPTZ AS resolved_at FROM benchmark_people",
        [now],
    )
    con.execute(
        """INSERT INTO companies SELECT company_id, any_value(company), NULL, any_value(company), 'company', any_value(place), $1
        FROM benchmark_people ANTI JOIN companies USING (company_id) WHERE company_id IS NOT NULL GROUP BY company_id""",
        [now],
    )
    con.execute(
        """INSERT INTO people SELECT person_id, name, NULL, given, surname, NULL, role, 'unknown', company_id, company, 'company', place,
            NULL, NULL, $1, $1, $1, 1 FROM benchmark_people""",
        [now],
    )
    con.execute("COMMIT")
    for view in ("benchmark_rows", "benchmark_keys"):
        con.unregister(view)


def _first_rows(group: Longs, count: int) -> npt.NDArray[np.int64]:
    out = np.full(count, len(group), np.int64)
    np.minimum.at(out, group, np.arange(len(group)))
    return out


def build(
    path: Path, night: Path, sizes: list[int], noise: float = 1.0, tell: Callable[[str], None] = lambda line: None
) -> list[Path]:
    """Write one store for each of `sizes` (mentions) beside `path`, and the night of NIGHT mentions as Parquet.

    A larger store holds the mentions of the smaller ones. Returns their paths; those that are there stay.
    """
    targets = [path.with_name(f"{path.stem}-{size}{path.suffix}") for size in sizes]
    if all(target.exists() for target in targets) and night.exists():
        return targets
    draft = path.with_name(f"{path.stem}-draft{path.suffix}")
    draft.unlink(missing_ok=True)
    nights: list[pa.Table] = []
    written = number = 0
    for size, target in zip(sizes, targets, strict=True):
        if target.exists() and night.exists() and size >= GENERATED:
            draft.write_bytes(target.read_bytes())
            written, number = size, size // CHUNK
            continue
        with duckdb.connect(str(draft)) as con:
            con.execute("SET threads = 2")
            con.execute("SET memory_limit = '2GB'")
            ensure_schema(con)
            known = None
            while written < size:
                now = START + timedelta(days=number)
                step = min(CHUNK, size - written)
                if written < GENERATED:
                    table = _chunk(number, int(step * 1.02), noise)
                    if len(nights) < 2:
                        table, late = held_back(table, NIGHT // 2)
                        nights.append(late)
                        pq.write_table(pa.concat_tables(nights), night)
                    table = table.slice(0, step)
                    add_mentions(con, table, now, f"run{number}")
                    _write_known(con, table, now)
                else:
                    known = known or _columns(con)
                    _write_recombined(con, _recombined(known, step, np.random.default_rng(number)), number, now)
                written, number = written + step, number + 1
                gc.collect()
                tell(f"{written:,} mentions known")
            # what the nights that led here would have found too common
            con.execute("DELETE FROM identity_common_keys")
            con.execute(
                f"INSERT INTO identity_common_keys SELECT key FROM identity_index GROUP BY key HAVING count(*) > {blocking.LIMIT}"  # noqa: S608
            )
            con.execute("CHECKPOINT")
        target.write_bytes(draft.read_bytes()) if size != sizes[-1] else draft.replace(target)
    return targets
