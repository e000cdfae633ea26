"""Sends hostile pages through the real crawl and the real reading, and says what it cost: `python -m tests.hostile.hostile_night 5000`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import yaml

from spiders.batches import batch_paths, read_batch
from tests.hostile.hostile_web import Shape, plan, served
from tests.hostile.listings import KEPT, LISTINGS
from tests.hostile.sound_pages import firm, person

OPENER = [sys.executable, "-c", "from pipeline.cli.main import cli; cli()"]
STAGES = (("crawl",), ("enrich",), ("resolve",), ("score",), ("export", "-o", "call-list.csv"))
HOST_PAGES = 200  # a host's pages; more hosts are made for more pages


@dataclass(slots=True)
class Outcome:
    """What a night of hostile pages came to."""

    pages: int
    shapes: int
    seconds: float = 0.0
    exit_codes: dict[str, int] = field(default_factory=dict)
    peak_bytes: int = 0  # of all processes of the night together
    peak_worker_bytes: int = 0
    read: int = 0
    left_out: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    sound: int = 0
    stderr: str = ""


def plans_of(pages: int, seed: str = "1") -> dict[str, list[Shape]]:
    """Share `pages` out: two thirds news, a sixth each event and company pages, hosts of HOST_PAGES pages."""
    plans: dict[str, list[Shape]] = {}
    for kind, share in (("news", 4), ("event", 1), ("company", 1)):
        wanted = pages * share // 6
        number = 0
        while wanted > 0:
            size = min(HOST_PAGES if kind != "company" else 12, wanted)
            plans[f"{kind}-{number}"] = []
            wanted -= size
            number += 1
        shapes = plan(kind, pages * share // 6, seed)
        hosts = [host for host in plans if host.startswith(kind)]
        for at, shape in enumerate(shapes):
            plans[hosts[at % len(hosts)]].append(shape)
    return plans


def write_sources(folder: Path, plans: dict[str, list[Shape]]) -> Path:
    """Write settings and one source per host; return the settings file."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for host, shapes in plans.items():
        kind = shapes[0].kind
        start = (
            [f"http://{host}.example/feed.xml"]
            if kind == "news"
            else [f"http://{host}.example/p/seite-nummer-{n}.html" for n in range(len(shapes))]
        )
        definition = {"name": host, "title": host, "kind": kind, "start": start}
        (sources / f"{host}.yml").write_text(yaml.safe_dump(definition), "utf-8")
    for name in LISTINGS:
        definition = {"name": name, "title": name, "kind": "news", "start": [f"http://{name}.example/feed.xml"]}
        (sources / f"{name}.yml").write_text(yaml.safe_dump(definition), "utf-8")
    crawl = {"contact": "mailto:a@b.example", "delay": 0, "page_seconds": 5, "run_seconds": 3600, "host_pages": 1000}
    settings = folder / "opener.yml"
    facts = {"home": "store", "sources": "sources", "crawl": crawl, "exports": {"folder": ".", "file": "call-list.csv"}}
    settings.write_text(yaml.safe_dump(facts), "utf-8")
    return settings


def _resident(group: int) -> list[int]:
    """Return the resident bytes of all processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            found.append(int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))
    return found


def _watched(command: list[str], env: dict[str, str], folder: Path, outcome: Outcome, timeout: float) -> int:
    """Run a command to its end, note the peaks of memory, and leave no process behind."""
    process = subprocess.Popen(
        command,
        env=env,
        cwd=folder,
        text=True,
        errors="replace",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            sizes = _resident(process.pid)
            outcome.peak_bytes = max(outcome.peak_bytes, sum(sizes))
            outcome.peak_worker_bytes = max([outcome.peak_worker_bytes, *sizes])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        outcome.stderr += process.communicate(timeout=timeout)[1]
    finally:
        ended.set()
        watcher.join()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode


def run(pages: int, folder: Path, seed: str = "1", timeout: float = 7200) -> Outcome:
    """Run one night over `pages` hostile pages and look at what it left."""
    plans = plans_of(pages, seed)
    settings = write_sources(folder, plans)
    outcome = Outcome(sum(map(len, plans.values())), len({(s.family, s.name) for p in plans.values() for s in p}))
    with served(plans) as proxy:
        env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        env |= {"http_proxy": proxy, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OMP_NUM_THREADS": "1"}
        begun = time.monotonic()
        for words in STAGES:
            code = _watched([*OPENER, *words, "--config", str(settings)], env, folder, outcome, timeout)
            outcome.exit_codes[words[0]] = code
        outcome.seconds = round(time.monotonic() - begun, 1)
    _judge(folder, plans, outcome)
    return outcome


def _judge(folder: Path, plans: dict[str, list[Shape]], outcome: Outcome) -> None:
    home = folder / "store"
    with duckdb.connect(str(home / "leads.duckdb"), read_only=True) as con:
        outcome.read = con.execute("SELECT count(*) FROM pages").fetchall()[0][0]
        warnings = con.execute("SELECT DISTINCT unnest(warnings) FROM pages").fetchall()
        outcome.left_out = sorted(w for (w,) in warnings if re.search("left out|could not be read", w))
        named = {(url, who) for url, who in con.execute("SELECT page_url, person FROM mentions").fetchall()}
        spoken = {who for (who,) in con.execute("SELECT DISTINCT name FROM event_people").fetchall()}
    with duckdb.connect(str(home / "work.duckdb"), read_only=True) as con:
        directors = {
            name
            for (name,) in con.execute(
                "SELECT DISTINCT json_extract_string(p, '$.name') FROM (SELECT unnest(people::JSON[]) p FROM company_profiles)"
            ).fetchall()
        }
    for host, shapes in plans.items():
        for number, shape in enumerate(shapes):
            if shape.family != "sound":
                continue
            outcome.sound += 1
            who, url = person(int(shape.name)), f"http://{host}.example/p/seite-nummer-{number}.html"
            kept = (
                (url, who) in named if shape.kind == "news" else who in (spoken if shape.kind == "event" else directors)
            )
            if not kept:
                outcome.lost.append(f"{url}: {who}, {firm(int(shape.name))}")
    for host in KEPT:
        outcome.sound += 1
        url = f"http://{host}.example/p/seite-nummer-1.html"
        if (url, person(LISTINGS.index(host))) not in named:
            outcome.lost.append(url)


def slowest(folder: Path, pages: int, most: int = 12) -> list[tuple[float, str]]:
    """Read `pages` of the stored pages alone, the largest first, and return the largest processor times with their addresses."""
    from datetime import UTC, datetime

    from enrich.reader import Reader
    from pipeline.stages.guarding import arm, guarded

    arm()
    reader = Reader()
    for language in ("de", "en"):
        reader.pipeline(language)
    costs: list[tuple[float, str]] = []
    today = datetime.now(UTC).date()
    found = [page for path in batch_paths(folder / "store" / "pages") for page in read_batch(path)]
    for page in sorted(found, key=lambda page: -len(page.body))[:pages]:
        begun = time.process_time()
        guarded(lambda page=page: [reader.read(page, today=today)], page)
        costs.append((round(time.process_time() - begun, 2), page.url))
    return sorted(costs, reverse=True)[:most]


def main(pages: int) -> int:
    """Print the summary of a run; 1 when a bar was missed."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        folder = Path(name)
        outcome = run(pages, folder)
        print(outcome.exit_codes, outcome.seconds, outcome.peak_bytes, len(outcome.lost), flush=True)
        worst = slowest(folder, 150)
        plans = plans_of(pages)
    stops = Counter(re.sub(r"^\S+: ", "", line)[:60] for line in outcome.left_out)
    print(json.dumps({
        "pages": outcome.pages, "shapes": outcome.shapes, "exits": outcome.exit_codes, "seconds": outcome.seconds, "read": outcome.read,
        "sound_pages": outcome.sound, "sound_lost": len(outcome.lost), "peak_mb_all": outcome.peak_bytes // 1_000_000,
        "peak_mb_one": outcome.peak_worker_bytes // 1_000_000, "left_out": dict(stops.most_common(10)),
    }, indent=1))  # fmt: skip
    for seconds, url in worst:
        host, _, rest = url.removeprefix("http://").partition(".example/p/seite-nummer-")
        shape = plans[host][int(rest.removesuffix(".html"))] if host in plans and rest else None
        print(f"{seconds:6.2f} s  {url}  {f'{shape.family}: {shape.name}' if shape else ''}")
    for line in (outcome.lost + outcome.left_out)[:40]:
        print("  ", line[:200])
    crashed = not set(outcome.exit_codes.values()) <= {0, 3} or "Traceback" in outcome.stderr
    if crashed:
        print(outcome.stderr[-3000:])
    return 1 if outcome.lost or crashed or worst[0][0] > 10 else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
