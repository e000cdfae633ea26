"""Kills commands at random points and runs them again until they end: `python -m tests.kill.kill_points 100`.

A chain is one home on which the same command is killed several times, at later and later points, and then runs to
its end. What it leaves must be what a command that was never killed leaves, and no half file may be in sight.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipeline.cli.main import COMMANDS
from pipeline.contacts import secret
from pipeline.demo.server import served
from pipeline.demo.town import lay_out, write_settings

VICTIM = [sys.executable, str(Path(__file__).with_name("victim.py"))]
# Columns that say when something happened: they differ between two runs.
WHEN = (
    "_at",
    "seen",
    "run_id",
    "export_id",
    "import_id",
    "batch",
    "file",
    "score_parts",
    "last_run",
    "call_id",
    "seconds",
)


Point = tuple[str, int, float]  # part of a path, how manieth touch, seconds after that


@dataclass
class Home:
    """One home with its settings, and the environment that leads its crawls to the demo town."""

    out: Path
    env: dict[str, str]

    def command(
        self, words: list[str], point: tuple[str, int, float] = ("", 0, 0.0), timeout: float = 300
    ) -> tuple[int, int, str]:
        """Run `opener WORDS`, killed at a point; return exit code (-9: killed), points seen, standard error."""
        counts = self.out / ".points"
        counts.unlink(missing_ok=True)
        part, nth, delay = point
        process = subprocess.Popen(
            [*VICTIM, str(self.out), part, str(nth), str(delay), str(counts), "--", *words, "--config", str(self.out / "opener.yml")],
            env=self.env, cwd=self.out, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            errors = process.communicate(timeout=timeout)[1]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        seen = int(counts.read_text("utf-8")) if counts.exists() else 0
        return process.returncode, seen, errors

    def copy(self, out: Path) -> Home:
        """Return a copy of this home in another folder."""
        shutil.copytree(self.out, out)
        return Home(out, self.env)


@contextmanager
def town(folder: Path) -> Iterator[Home]:
    """Lay out a demo town that is read in one language, serve it, and yield its empty home."""
    out = folder / "first"
    out.mkdir(parents=True)
    place = lay_out(out, datetime.now(ZoneInfo("Europe/Berlin")).date())
    settings = write_settings(out)
    settings.write_text(settings.read_text("utf-8") + "languages: [de]\n", "utf-8")
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    with served(place) as proxy:
        yield Home(
            out,
            {
                **env,
                "http_proxy": proxy,
                "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
                "OMP_NUM_THREADS": "1",
            },
        )


def contents(home: Home) -> dict[str, list[Any]]:
    """Return all rows of the working store without what says when, and the lists in the folder."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with duckdb.connect(str(home.out / "store" / "work.duckdb"), read_only=True) as con:
        tables = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        for (table,) in tables:
            if table in ("runs", "run_sources", "batches", "exports", "store_meta"):
                continue
            columns = [
                c
                for (c,) in con.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]
                ).fetchall()
            ]
            kept = ", ".join(f'"{c}"' for c in columns if not any(word in c for word in WHEN))
            if kept:
                rows = con.execute(f'SELECT {kept} FROM "{table}"').fetchall()
                found[table] = sorted((tuple(_timeless(value) for value in row) for row in rows), key=repr)
    return found


def _timeless(value: Any) -> Any:
    """Leave out what a later scoring of the same night says otherwise: who is on its list is `listed` from then on."""
    if value == "listed":
        return "new"
    return re.sub(r'"(first_seen|why)": "[^"]*"', "", value) if isinstance(value, str) else value


def on_no_list(home: Home) -> list[str]:
    """Return who is in the ledger of exports and in no list file: handed out, and known to nobody."""
    with duckdb.connect(str(home.out / "store" / "work.duckdb"), read_only=True) as con:
        handed = con.execute(
            "SELECT prospect_id FROM export_rows JOIN exports USING (export_id) WHERE file IS NOT NULL"
        ).fetchall()
    lists = "".join(path.read_text("utf-8") for path in home.out.glob("*.csv"))
    return [f"{person}: on no list" for (person,) in handed if person and person not in lists]


def unsound(home: Home) -> list[str]:
    """Say what is wrong with a home as a reader sees it, also between a kill and the next run."""
    wrong = []
    snapshot = home.out / "store" / "leads.duckdb"
    if snapshot.exists():
        try:
            with duckdb.connect(str(snapshot), read_only=True) as con:
                for table, key in (
                    ("mentions", "mention_id"),
                    ("pages", "url"),
                    ("people", "person_id"),
                    ("events", "event_id"),
                ):
                    twice = con.execute(f"SELECT {key} FROM {table} GROUP BY 1 HAVING count(*) > 1").fetchall()
                    wrong += [f"{table}: {key} {row[0]} twice" for row in twice]
                both = con.execute(
                    "SELECT count(*) FROM new_prospects JOIN exhausted_contacts USING (prospect_id)"
                ).fetchall()
                wrong += ["somebody is new and exhausted"] if both[0][0] else []
        except duckdb.Error as error:
            wrong.append(f"leads.duckdb: {error}")
    for path in home.out.glob("*.csv"):
        if not path.read_bytes().endswith(b"\n"):
            wrong.append(f"{path.name}: half a file")
    return wrong


@dataclass
class Scenario:
    """A command, the home it starts from, and the share of all kills that it gets."""

    name: str
    words: list[str]
    share: int
    chain: int = 6
    prepare: Callable[[Home], None] = lambda home: None


@dataclass
class Result:
    """How many kills hit, how many commands had ended before, and what was wrong."""

    kills: int = 0
    late: int = 0
    chains: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def scenarios(home: Home) -> list[Scenario]:
    """Return the commands to kill; those of other parts of the project when they are there."""
    crm, barred = str(home.out / "crm-export.csv"), str(home.out / "do-not-call.csv")
    found = [
        Scenario("night", ["nightly"], 36, chain=9),
        Scenario("import contacts", ["import", crm, "--as", "contacts"], 12),
        Scenario("import suppressions", ["import", barred, "--as", "suppressions"], 8),
        Scenario("export", ["export", "-o", "again.csv", "--limit", "100"], 12),
        Scenario("suppress", ["suppress", "--company", "Hollmann Maschinenbau GmbH"], 8),
        Scenario("forget", ["forget", "Katrin Seidel", "--company", "Hollmann Maschinenbau GmbH", "--yes"], 8),
        Scenario("purge", ["purge"], 6),
        Scenario("score", ["score"], 6),
        Scenario("resolve", ["resolve"], 4),
    ]
    for name, words in (("rebuild", ["rebuild", "--accept"]), ("backup", ["backup", "-o", "copy.tar"])):
        if name in COMMANDS:
            found.append(Scenario(name, words, 6))
    return found


def random_points(kills: int, points: int, chance: random.Random) -> list[Point]:
    """Return later and later points, each with a delay that reaches into what happens between two files."""
    nths = sorted(chance.randint(1, max(1, points)) for _ in range(kills))
    return [("", nth, chance.choice((0.0, 0.0, 0.01, 0.05, 0.2, 0.8))) for nth in nths]


def run_chain(
    scenario: Scenario, start: Home, out: Path, points: list[Point], expected: dict[str, list[Any]]
) -> Result:
    """Kill a scenario at each of the points on one home, let it end, and compare."""
    home, result = start.copy(out), Result(chains=1)
    trail = []
    for point in points:
        code, _, errors = home.command(scenario.words, point)
        trail.append((*point, code))
        if code == 0 and (home.out / "again.csv").exists():
            (home.out / "again.csv").rename(home.out / f"again-{len(trail)}.csv")  # the rep took it
        if code == -signal.SIGKILL:
            result.kills += 1
        else:
            result.late += 1
            if code not in (0, 3):
                result.wrong.append(f"{scenario.name} {trail}: exit {code}: {errors[-300:]}")
        result.wrong += [f"{scenario.name} {trail}: {problem}" for problem in unsound(home)]
        if code != -signal.SIGKILL:
            break  # it ended before the point came: another run would be one more, not the same
    else:
        code, _, errors = home.command(scenario.words)
    if code not in (0, 3):
        result.wrong.append(f"{scenario.name} {trail}: at last exit {code}: {errors[-300:]}")
    result.wrong += [f"{scenario.name} {trail}: {problem}" for problem in unsound(home)]
    result.wrong += [f"{scenario.name} {trail}: {problem}" for problem in on_no_list(home)]
    drafts = [p.name for p in (home.out / "store").rglob(".*") if p.suffix == ".tmp" or p.name.startswith(".leads-")]
    result.wrong += [f"{scenario.name} {trail}: {name} left behind" for name in drafts]
    found = contents(home)
    for table in sorted({*found, *expected}):
        if found.get(table) != expected.get(table):
            odd = [row for row in found.get(table, []) if row not in expected.get(table, [])]
            gone = [row for row in expected.get(table, []) if row not in found.get(table, [])]
            result.wrong.append(
                f"{scenario.name} {trail}: {table} differs: too many {str(odd)[:300]} missing {str(gone)[:300]}"
            )
    shutil.rmtree(out)
    return result


def run(
    total: int, folder: Path, seed: int = 1, tell: Callable[[str], None] = lambda line: None, only: str = ""
) -> Result:
    """Kill `total` times, shared out over the scenarios."""
    whole = Result()
    chance = random.Random(seed)
    begun, told = time.monotonic(), 0
    with town(folder) as empty:
        secret.load(empty.out / "store")  # keyed hashes of two homes are alike only under one key
        ready = empty.copy(folder / "ready")
        for words in (
            ["import", str(empty.out / "crm-export.csv"), "--as", "contacts"],
            ["import", str(empty.out / "do-not-call.csv"), "--as", "suppressions"],
            ["nightly", "--limit", "3"],
        ):
            code, _, errors = ready.command(words)
            assert code == 0, (words, errors)
        plan = [scenario for scenario in scenarios(empty) if only in scenario.name]
        shares = sum(scenario.share for scenario in plan)
        for scenario in plan:
            wanted = max(1, round(total * scenario.share / shares))
            start = empty if scenario.name.startswith(("night", "import")) else ready
            reference = start.copy(folder / "reference")
            code, points, errors = reference.command(scenario.words)
            assert code in (0, 3), (scenario.name, errors)
            expected = contents(reference)
            shutil.rmtree(reference.out)
            while wanted > 0:
                part = run_chain(
                    scenario,
                    start,
                    folder / "victim",
                    random_points(min(wanted, scenario.chain), points, chance),
                    expected,
                )
                wanted -= min(wanted, scenario.chain)
                whole.kills, whole.late, whole.chains = (
                    whole.kills + part.kills,
                    whole.late + part.late,
                    whole.chains + part.chains,
                )
                whole.wrong += part.wrong
            for line in whole.wrong[told:]:
                tell(f"   {line}")
            told = len(whole.wrong)
            tell(
                f"{scenario.name:<20} {points} points in a whole run; {whole.kills} kills so far, {len(whole.wrong)} faults"
            )
    whole.seconds = round(time.monotonic() - begun, 1)
    return whole


def main(total: int, only: str = "") -> int:
    """Print the summary; 1 when something was lost, double or half."""
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        result = run(total, Path(name), seed=int(time.time()), tell=lambda line: print(line, flush=True), only=only)
    print(
        f"{result.kills} kills, {result.late} came after the end, {result.chains} chains, {len(result.wrong)} faults, {result.seconds} s"
    )
    for line in result.wrong:
        print("  ", line)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, " ".join(sys.argv[2:])))
