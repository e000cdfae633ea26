"""Full disks, closed folders, spoiled files, a missing model, a busy home: one line that names the mend, and nothing is lost."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipeline.errors import OpenerError
from pipeline.home_lock import night_lock
from pipeline.settings import load_settings
from pipeline.store.opening import working_store
from spiders.batches import BatchWriter, batch_paths, read_visits
from spiders.visits import VisitIndex
from tests.kill.kill_points import Home, contents, town, unsound


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home after one night; tests work on copies of it."""
    with town(tmp_path_factory.mktemp("faults")) as home:
        code, _, errors = home.command(["nightly", "--limit", "2"])
        assert code == 0, errors
        yield home


@pytest.fixture
def home(night: Home, tmp_path: Path) -> Home:
    return night.copy(tmp_path / "home")


def opener(
    home: Home, *words: str, wrap: str | None = None, limit: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a shell of its own mounts (`wrap`) or with a limit on the size of files."""
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli.main import cli; cli()",
        *words,
        "--config",
        str(home.out / "opener.yml"),
    ]
    if wrap is not None:
        command = ["unshare", "--mount", "sh", "-c", f'{wrap} && exec "$@"', "sh", *command]

    def bound() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        command, env=home.env, cwd=home.out, capture_output=True, text=True, timeout=120, preexec_fn=bound
    )


def may_mount() -> bool:
    return (
        shutil.which("unshare") is not None
        and subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0
    )


def said(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """One line on standard error, exit 1, and the words that help."""
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert done.stderr.startswith("opener: ") and done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    chance, raw = random.Random(1), bytearray(path.read_bytes())
    for _ in range(300):
        raw[chance.randrange(12_288, len(raw))] = chance.randrange(256)
    path.write_bytes(bytes(raw))


def without_head(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[:4096] = bytes(4096)
    path.write_bytes(bytes(raw))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def other(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(50_000))


@pytest.mark.parametrize("spoil", [cut, overwritten, without_head, emptied, other])
def test_a_damaged_store_is_named_with_its_mend_and_left_as_it_is(home: Home, spoil: Callable[[Path], None]) -> None:
    path = home.out / "store" / "work.duckdb"
    spoil(path)
    before = path.read_bytes()
    with (
        pytest.raises(OpenerError, match=r"damaged.*opener restore") as error,
        working_store(home.out / "store") as con,
    ):
        con.execute("SELECT count(*) FROM mentions").fetchall()
    assert str(path) in str(error.value) and "\n" not in str(error.value)
    assert path.read_bytes() == before


def test_a_damaged_store_stops_every_command_on_one_line(home: Home) -> None:
    overwritten(home.out / "store" / "work.duckdb")
    said(opener(home, "export", "-o", "x.csv"), "damaged", "opener restore")


def test_a_damaged_snapshot_is_made_again_by_the_next_command_that_publishes(home: Home) -> None:
    cut(home.out / "store" / "leads.duckdb")
    assert opener(home, "sql", "FROM runs").returncode == 1
    assert opener(home, "export", "-o", "again.csv").returncode == 0
    assert opener(home, "sql", "FROM runs").returncode == 0


def test_a_damaged_batch_is_set_aside_and_the_others_are_read(home: Home) -> None:
    batches = batch_paths(home.out / "store" / "pages")
    expected = contents(home)["mentions"]
    (home.out / "store" / "work.duckdb").unlink()
    shutil.rmtree(home.out / "store" / "decisions")
    victim = next(path for path in batches if "ihk" in path.name)
    cut(victim)
    done = opener(home, "enrich")
    assert "damaged batch, set aside" in done.stderr and "Traceback" not in done.stderr
    assert victim.with_suffix(".damaged").exists()
    found = contents(home)["mentions"]
    assert 0 < len(found) < len(expected) and set(found) <= set(expected)


@pytest.mark.parametrize("spoil", [cut, emptied, other])
def test_a_spoiled_index_of_visits_forgets_no_page(home: Home, spoil: Callable[[Path], None]) -> None:
    store = home.out / "store"
    known = {source: set(VisitIndex(store).of(source).pages) for source in VisitIndex(store).sources()}
    assert any(known.values())
    for path in (p for p in (store / "pages").glob("*") if p.is_file() and p.suffix != ".lock" and p.stat().st_size):
        spoil(path)
    assert {source: set(VisitIndex(store).of(source).pages) for source in VisitIndex(store).sources()} == known
    assert read_visits(batch_paths(store / "pages"))


def test_a_lists_folder_that_cannot_be_written_costs_nobody(home: Home) -> None:
    with duckdb.connect(str(home.out / "store" / "work.duckdb"), read_only=True) as con:
        fresh = {row[0] for row in con.execute("SELECT prospect_id FROM prospects WHERE state = 'new'").fetchall()}
    assert fresh
    (home.out / "blocked").write_text("no folder", "utf-8")
    refused = opener(home, "export", "-o", "blocked/list.csv", "--limit", "100")
    said(refused, "blocked")
    (home.out / "blocked").unlink()
    assert opener(home, "export", "-o", "blocked/list.csv", "--limit", "100").returncode == 0
    text = (home.out / "blocked" / "list.csv").read_text("utf-8")
    assert all(person in text for person in fresh)


@pytest.mark.skipif(not may_mount(), reason="this user may not mount")
def test_a_full_disk_is_named_and_the_old_state_stays(home: Home) -> None:
    store = home.out / "store"
    size = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    full = f"mkdir -p {home.out}/m && mount -t tmpfs -o size={size // 1024 + 200}k none {home.out}/m && cp -a {store}/. {home.out}/m && mount --bind {home.out}/m {store}"
    for words in (
        ("import", str(home.out / "crm-export.csv"), "--as", "contacts"),
        ("score",),
        ("export", "-o", "x.csv"),
    ):
        done = opener(home, *words, wrap=full)
        assert done.returncode == 0 or done.stderr.startswith("opener: "), done.stderr
        assert "Traceback" not in done.stderr, done.stderr
    inside = f"{full} && dd if=/dev/zero of={store}/fill bs=1k 2>/dev/null; true"
    said(opener(home, "export", "-o", "y.csv", wrap=inside), "pace")  # "No space left", "space"


def test_a_limit_on_files_is_named_and_a_second_run_goes_on(home: Home) -> None:
    before = contents(home)
    done = opener(home, "nightly", limit=20_000)
    assert done.returncode in (1, 3) and "Traceback" not in done.stderr, done.stderr
    assert not unsound(home)
    again = opener(home, "nightly", "--limit", "2")
    assert again.returncode == 0, again.stderr
    found = contents(home)
    assert set(before["mentions"]) <= set(found["mentions"]) and set(before["export_rows"]) <= set(found["export_rows"])


@pytest.mark.skipif(not may_mount(), reason="this user may not mount")
def test_a_read_only_home_is_named_and_can_still_be_asked(home: Home) -> None:
    closed = f"mount --bind {home.out} {home.out} && mount -o remount,ro,bind {home.out} {home.out}"
    for words in (("nightly",), ("suppress", "--phone", "+49361555012")):
        said(opener(home, *words, wrap=closed), "ead-only")
    asked = opener(home, "sql", "SELECT count(*) FROM people", wrap=closed)
    assert asked.returncode == 0, asked.stderr
    assert "MEND" in opener(home, "doctor", wrap=closed).stdout


def test_a_missing_model_stops_the_night_before_a_page_counts_as_read(home: Home) -> None:
    (home.out / "store" / "work.duckdb").unlink()
    shutil.rmtree(home.out / "store" / "decisions")
    settings = home.out / "opener.yml"
    settings.write_text(settings.read_text("utf-8") + "nlp: {de: no_such_pipeline}\n", "utf-8")
    said(opener(home, "enrich"), "no_such_pipeline", "nlp.de")
    with duckdb.connect(str(home.out / "store" / "work.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM batches WHERE batch LIKE '%tagblatt%'").fetchall() == [(0,)]


def test_two_runs_at_once_are_told_apart_by_exit_4(home: Home) -> None:
    store = load_settings(home.out / "opener.yml").home
    with night_lock(store):
        assert opener(home, "nightly").returncode == 4
    with working_store(store):
        for words in (("import", str(home.out / "crm-export.csv"), "--as", "contacts"), ("nightly",)):
            done = opener(home, *words)
            assert done.returncode == 4 and done.stderr.count("\n") == 1, (words, done.stderr)


def test_a_clock_set_back_loses_nothing_and_the_doctor_says_so(home: Home) -> None:
    lists = home.out / "call-list.csv"
    with duckdb.connect(str(home.out / "store" / "work.duckdb")) as con:
        con.execute("UPDATE exports SET file = ?", [str(lists)])  # the home was copied
    before, rows = contents(home), lists.read_bytes()
    newest = max(path.stat().st_mtime for path in batch_paths(home.out / "store" / "pages"))
    for path in batch_paths(home.out / "store" / "pages"):  # files of tomorrow are what a clock set back looks like
        os.utime(path, (newest + 90_000, newest + 90_000))
    driver = (
        "import datetime as d, pipeline.nightly as n\n"
        "class Back(d.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None): return d.datetime.now(tz) - d.timedelta(days=2)\n"
        "n.datetime = Back\n"
        "from pipeline.cli.main import cli; cli()"
    )
    done = subprocess.run(
        [sys.executable, "-c", driver, "nightly", "--limit", "2", "--config", str(home.out / "opener.yml")],
        env=home.env, cwd=home.out, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert lists.read_bytes() == rows  # the list of the other run was not written over
    found = contents(home)
    assert set(before["mentions"]) <= set(found["mentions"]) and set(before["export_rows"]) <= set(found["export_rows"])
    handed_out = [row for row in found["export_rows"] if row not in before["export_rows"]]
    assert not {row[1] for row in handed_out} & {row[1] for row in before["export_rows"]}
    with duckdb.connect(str(home.out / "store" / "work.duckdb"), read_only=True) as con:
        assert con.execute(
            "SELECT count(*), count(DISTINCT run_id), min(status), max(status) FROM runs"
        ).fetchall() == [(2, 2, "ok", "ok")]
    assert "clock is behind" in opener(home, "doctor").stdout


def test_batches_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    from tests.fuzz.test_fuzzed_parsers import page

    script = (
        "import resource, sys; from pathlib import Path; from tests.fuzz.test_fuzzed_parsers import page; from spiders.batches import BatchWriter; import random\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "w = BatchWriter(Path(sys.argv[1]), 's'); w.add(page('news', random.Random(1).randbytes(200_000)))\n"
        "try: w.close()\n"
        "except OSError as e: print(e.strerror)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert "too large" in done.stdout.lower(), done
    assert batch_paths(tmp_path) == []
    writer = BatchWriter(tmp_path, "s")
    writer.add(page("news", b"x"))
    writer.close()
    assert len(batch_paths(tmp_path)) == 1 and [p for p in tmp_path.iterdir() if p.suffix == ".tmp"] == []


NIGHTS = (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 10, 24, 22, 30, tzinfo=UTC))


@pytest.mark.parametrize("start", NIGHTS)
def test_days_stay_days_in_the_nights_when_the_clock_is_changed(start: datetime) -> None:
    from enrich.events.calendars import calendar_events
    from pipeline.dispositions.next_time import next_time

    zone = ZoneInfo("Europe/Berlin")
    for hours in range(0, 8):
        now = start + timedelta(hours=hours)
        local = now.astimezone(zone)
        tomorrow = next_time("morgen 9:00", local, zone)
        assert (tomorrow.astimezone(zone).date() - local.date()).days == 1
        assert tomorrow.astimezone(zone).hour == 9
    first = (start + timedelta(days=-10)).astimezone(zone).replace(hour=18, minute=0)
    calendar = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:{first:%Y%m%dT%H%M%S}\nSUMMARY:Stammtisch der Werkleiter\nRRULE:FREQ=DAILY;COUNT=20\nEND:VEVENT\nEND:VCALENDAR\n"
    drafts, _ = calendar_events(calendar, "http://x.example/a.ics", today=start.date())
    starts = [draft.start.astimezone(zone) for draft in drafts if isinstance(draft.start, datetime)]
    assert len(starts) == 20
    assert {moment.hour for moment in starts} == {18}
    assert len({moment.date() for moment in starts}) == 20
