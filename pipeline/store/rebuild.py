"""The working store made anew from pages and decisions: same ids, same lists, swapped in one step.

Decision tables are copied, page batches are read again, persons are resolved in the batches of before. Facts of pages
whose bodies have expired (retention) are taken over as they are. Until the swap the old store stays untouched.

Of a damaged store nothing is read: what `home/decisions/` holds takes its place, and it is set aside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.errors import BusyError, DamagedStore, OpenerError
from pipeline.identity.replay import remember, replay
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher, EnrichReport, enrich
from pipeline.store import decisions
from pipeline.store.decisions import made_anew
from pipeline.store.faults import in_words, is_of_machine
from pipeline.store.opening import ensure_schema, working_store
from spiders.batches import batch_paths, read_batch

BACKUP = "work.before-rebuild.duckdb"
# Facts of pages that cannot be read again: table -> column with the time at which its page was fetched.
_EXPIRING = {
    "pages": "fetched_at", "mentions": "seen_at", "events": "last_seen", "company_profiles": "fetched_at",
}  # fmt: skip

Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class RebuildReport:
    """What a rebuild did: mentions and people before and after, ids that are gone, and what could not be read."""

    mentions_before: int = 0
    mentions: int = 0
    people_before: int = 0
    people: int = 0
    lost_ids: int = 0
    new_ids: int = 0
    carried: int = 0
    seconds: float = 0.0
    backup: Path | None = None
    damage: str | None = None  # why nothing of the old store was read
    decided_at: str | None = None  # of what time the decisions are that took its place
    failed: list[str] = field(default_factory=list)


def rebuild_store(
    settings: Settings, enricher: Enricher, *, now: datetime, accept: bool = False, tell: Tell = lambda s, d, t: None
) -> RebuildReport:
    """Build a fresh store beside the old one, check it, and put it in its place; the old one is kept as BACKUP.

    A store that is damaged, missing, or behind its decisions is replaced by its decisions and set aside as
    `work.damaged-<time>.duckdb`. Raises OpenerError, with nothing swapped, when a decision would be lost or points to
    nobody any more (unless `accept`), when a batch cannot be read, or when a damaged store has no decisions beside it.
    """
    started = time.monotonic()
    home = settings.home
    draft, stand_in = (home / f".rebuild-{os.getpid()}{part}.duckdb" for part in ("", "-old"))
    for old in home.glob(".rebuild-*.duckdb*"):
        old.unlink()
    report = RebuildReport()
    try:
        tell("copy", 0, 1)
        report.damage = damage_of(home)
        if report.damage:
            with duckdb.connect(str(stand_in)) as con:
                ensure_schema(con)
                report.decided_at = decisions.lay_out(con, home).written_at
        with duckdb.connect(str(draft)) as con:
            _attach(con, stand_in if report.damage else home / "work.duckdb")
            ensure_schema(con)
            _copy_decisions(con)
            report.carried = _carry_over(con, home)
            tell("enrich", 0, 0)
            read = _read_again(con, settings, enricher, tell)
            report.failed = read.failed
            con.execute(
                """UPDATE events SET first_seen = least(events.first_seen, o.first_seen) FROM old.events o
                WHERE o.event_id = events.event_id"""
            )
            tell("resolve", 0, 1)
            _resolve_again(con, now)
            tell("score", 0, 1)
            score(con, settings, now=now)
            _verify(con, report, accept)
            con.execute("DETACH old")
            con.execute("CHECKPOINT")
        report.backup = _set_aside(home, draft, now) if report.damage else _swap(home, draft)
    finally:
        for path in (draft, stand_in):
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
    report.seconds = round(time.monotonic() - started, 1)
    return report


def damage_of(home: Path) -> str | None:
    """Say what is wrong with the store of a home; None when every row of it can be read and no decision is missing.

    Raises BusyError while another process has it, OpenerError when there is none, or for a fault that is no damage (a
    full disk, a newer release).
    """
    path = home / "work.duckdb"
    try:
        with working_store(home, create=False) as con:
            con.execute("CHECKPOINT")
            for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
                con.execute(f'SELECT sum(hash(t)) FROM "{table}" t').fetchall()  # noqa: S608 - every block is read
    except DamagedStore as error:
        return str(error)
    except OpenerError as error:
        if isinstance(error, BusyError) or not isinstance(error.__cause__, duckdb.Error):
            raise
        return _unreadable(path, error.__cause__)
    except duckdb.Error as error:
        return _unreadable(path, error)
    return None


def _unreadable(path: Path, error: duckdb.Error) -> str:
    """Return what a fault says that DuckDB does not call damage; raises OpenerError when the machine is at fault."""
    said = str(error).splitlines()[0][:200]
    if is_of_machine(error):
        raise OpenerError(f"{path}: {in_words(error) or said}") from error
    return f"{path}: {said}"


def _attach(con: duckdb.DuckDBPyConnection, store: Path) -> None:
    path = str(store).replace("'", "''")
    con.execute(f"ATTACH '{path}' AS old (READ_ONLY)")


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, bool]]:
    """Return the tables of the old store, and whether each is made anew."""
    rows = con.execute(
        "SELECT table_name, coalesce(comment, '') FROM duckdb_tables() WHERE database_name = 'old' ORDER BY table_name"
    ).fetchall()
    return [(name, made_anew(name, comment)) for name, comment in rows]


def _copy_decisions(con: duckdb.DuckDBPyConnection) -> None:
    """Copy every table that is neither fact nor derived, also one that this version does not know."""
    here = {
        row[0]
        for row in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
        ).fetchall()
    }
    con.execute("BEGIN")
    for name, anew in _tables(con):
        if anew:
            continue
        if name in here:
            con.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a table of the store
            con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM old."{name}"')  # noqa: S608
        else:
            con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM old."{name}"')  # noqa: S608
    con.execute("COMMIT")


def _carry_over(con: duckdb.DuckDBPyConnection, home: Path) -> int:
    """Take over the facts of pages that are not on disk any more; returns how many mentions."""
    root = home / "pages"
    alive: set[datetime] = set()
    expired: list[str] = []
    for path in batch_paths(root):
        try:
            pages = read_batch(path)
        except Exception as error:
            raise OpenerError(
                f"{path}: damaged batch ({type(error).__name__}); restore it from a backup or move it out of {root}"
            ) from error
        if any(page.body for page in pages):
            alive.update(page.fetched_at for page in pages if page.body)  # an emptied page keeps its facts
        else:
            expired.append(path.relative_to(root).as_posix())
    con.register("rebuild_alive", pa.table({"fetched_at": pa.array(sorted(alive), pa.timestamp("us", "UTC"))}))
    con.register("rebuild_expired", pa.table({"batch": pa.array(expired, pa.string())}))
    con.execute("BEGIN")
    for table, column in _EXPIRING.items():
        con.execute(
            f"""INSERT INTO {table} BY NAME SELECT * FROM old.{table}
            WHERE {column} NOT IN (SELECT fetched_at FROM rebuild_alive)"""  # noqa: S608 - constants
        )
    con.execute(
        """INSERT INTO event_people BY NAME SELECT * FROM old.event_people
        WHERE event_id IN (SELECT event_id FROM events) OR mention_id IN (SELECT mention_id FROM mentions)"""
    )
    con.execute(
        "INSERT INTO batches BY NAME SELECT * FROM old.batches WHERE batch IN (SELECT batch FROM rebuild_expired)"
    )
    con.execute("COMMIT")
    con.unregister("rebuild_alive")
    con.unregister("rebuild_expired")
    return int(con.execute("SELECT count(*) FROM mentions").fetchall()[0][0])


def _read_again(con: duckdb.DuckDBPyConnection, settings: Settings, enricher: Enricher, tell: Tell) -> EnrichReport:
    days = {
        run_id: started.astimezone(settings.zone).date()
        for run_id, started in con.execute("SELECT run_id, started_at FROM runs").fetchall()
    }
    done = 0

    def day_of(path: Path) -> date:
        run_id = path.relative_to(settings.home / "pages").as_posix().split("/", maxsplit=1)[0]
        found: date | None = days.get(run_id)
        return found or max(page.fetched_at for page in read_batch(path)).astimezone(settings.zone).date()

    def on_pages(count: int) -> None:
        nonlocal done
        done += count
        tell("enrich", done, 0)

    return enrich(con, settings.home, enricher, today=day_of, on_pages=on_pages)


def _resolve_again(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Replay the resolving of the old store over the new facts."""
    con.execute("BEGIN")
    for table in ("people", "person_mentions", "person_contacts", "person_aliases"):
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM old.{table}")  # noqa: S608 - constants
    remember(con)
    for table in ("people", "person_mentions", "person_contacts", "person_aliases"):
        con.execute(f"DELETE FROM {table}")  # noqa: S608
    con.execute("COMMIT")
    replay(con, now, time.monotonic())


def _verify(con: duckdb.DuckDBPyConnection, report: RebuildReport, accept: bool) -> None:
    """Compare the new store with the old one; raises OpenerError when a decision is lost or points to nobody."""

    def number(query: str) -> int:
        return int(con.execute(query).fetchall()[0][0])

    for name, anew in _tables(con):
        if not anew:
            columns = ", ".join(
                f'"{row[0]}"'
                for row in con.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE database_name = 'old' AND table_name = ?", [name]
                ).fetchall()
            )
            missing = number(
                f'SELECT count(*) FROM (SELECT {columns} FROM old."{name}" EXCEPT ALL SELECT {columns} FROM "{name}")'  # noqa: S608
            )
            if missing:
                raise OpenerError(f"the rebuilt store lacks {missing} rows of {name}; nothing was swapped")
    stores = ("old", f'"{con.execute("SELECT current_database()").fetchall()[0][0]}"')
    report.mentions_before, report.mentions = (number(f"SELECT count(*) FROM {at}.mentions") for at in stores)  # noqa: S608
    report.people_before, report.people = (number(f"SELECT count(*) FROM {at}.people") for at in stores)  # noqa: S608
    report.lost_ids = number("SELECT count(*) FROM old.people ANTI JOIN people USING (person_id)")
    report.new_ids = number("SELECT count(*) FROM people ANTI JOIN old.people USING (person_id)")
    adrift = number(
        """SELECT count(DISTINCT id) FROM (SELECT person_id AS id FROM calls UNION ALL SELECT prospect_id FROM export_rows)
        WHERE id IN (SELECT person_id FROM old.people UNION ALL SELECT old_id FROM old.person_aliases)
            AND id NOT IN (SELECT person_id FROM people UNION ALL SELECT old_id FROM person_aliases)"""
    )
    if adrift and not accept:
        raise OpenerError(
            f"{adrift} people with calls or list rows are not in the rebuilt store (their pages read differently now); "
            "nothing was swapped; --accept takes it all the same"
        )


def _swap(home: Path, draft: Path) -> Path:
    """Put the draft in the place of the store; a crash leaves the old one or the new one, never none."""
    target, backup = home / "work.duckdb", home / BACKUP
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    backup.unlink(missing_ok=True)
    os.link(target, backup)
    draft.replace(target)
    target.with_name(target.name + ".wal").unlink(missing_ok=True)
    return backup


def _set_aside(home: Path, draft: Path, now: datetime) -> Path | None:
    """Put the draft in the place of a damaged store; its log goes first, or it would be played into the new one."""
    target = home / "work.duckdb"
    aside = home / f"work.damaged-{now:%Y%m%dT%H%M%SZ}.duckdb"
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    log = target.with_name(target.name + ".wal")
    if log.exists():
        log.replace(aside.with_name(aside.name + ".wal"))
    if target.exists():
        aside.unlink(missing_ok=True)
        os.link(target, aside)
    draft.replace(target)
    return aside if aside.exists() else None
