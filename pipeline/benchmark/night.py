"""`python -m pipeline.benchmark.night`: a whole night over recorded pages, with its stages, memory and idle time.

The pages are those of the corpora beside the project under changed addresses, served by nginx on loopback, without
politeness delay. Seconds are wall-clock; `busy` is processor time of all our processes per core and second.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import psutil
import yaml

from pipeline.benchmark.recorded_web import lay_out
from spiders.benchmark import server

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
MINUTES_BAR = 12.0
MEMORY_BAR = 3_000_000_000


class TreeMeter(threading.Thread):
    """Watches the memory and processor time of a process and everything that it starts."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self._done = threading.Event()
        self._seconds: dict[int, float] = {}
        self.peak = 0

    def run(self) -> None:
        while not self._done.wait(0.25):
            memory = 0
            try:
                for process in (self._root, *self._root.children(recursive=True)):
                    memory += process.memory_info().rss
                    times = process.cpu_times()
                    self._seconds[process.pid] = times.user + times.system
            except psutil.NoSuchProcess:
                continue
            self.peak = max(self.peak, memory)

    def stop(self) -> None:
        """End the watch."""
        self._done.set()
        self.join(2)

    @property
    def cpu_seconds(self) -> float:
        """Processor time of the whole family so far."""
        return sum(self._seconds.values())


def measure(shared: Path, pages: int, profile: Path | None = None) -> dict[str, object]:
    """Run two nights and return what they cost. Raises FileNotFoundError without corpora or nginx."""
    with tempfile.TemporaryDirectory(prefix="door-opener-night-") as folder:
        root = Path(folder)
        root.chmod(0o755)  # nginx workers run as another user
        web = lay_out(shared, root / "web", pages)
        home = root / "home"
        (home / "sources").mkdir(parents=True)
        for source in web.sources:
            text = yaml.safe_dump({**source, "title": source["name"], "language": "de", "enabled": True})
            (home / "sources" / f"{source['name']}.yml").write_text(text, "utf-8")
        (home / "opener.yml").write_text(
            "home: store\nsources: sources\nexports: {folder: ., file: list.csv}\n"
            "crawl: {contact: 'mailto:benchmark@opener.example', delay: 0, host_pages: 100000, concurrency: 32}\n", "utf-8"
        )  # fmt: skip
        web.root.chmod(0o755)
        with server(web.root, by_host=True) as (proxy, _):
            first = _night(home, proxy, profile)
            second = _night(home, proxy, None)
        log = [json.loads(line) for line in (home / "store" / "logs" / "nightly.jsonl").read_text().splitlines()]
        return {
            "pages_offered": web.pages, "cores": os.cpu_count(), **first, "stages": _stages(log, str(first["run"])),
            "second_night_seconds": second["seconds"], "second_night_pages": second["pages"],
        }  # fmt: skip


def _night(home: Path, proxy: str, profile: Path | None) -> dict[str, object]:
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    env |= {"http_proxy": proxy, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    how = ["-m", "cProfile", "-o", str(profile)] if profile else []
    code = Path(home) / "run.py"
    code.write_text(
        "if __name__ == '__main__':\n    from pipeline.cli.main import cli\n    cli(['nightly', '--json'])\n"
    )
    env["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).resolve().parents[2]), env.get("PYTHONPATH", "")])
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *how, str(code)], cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    meter = TreeMeter(process.pid)
    meter.start()
    out, err = process.communicate()
    seconds = time.perf_counter() - began
    meter.stop()
    if process.returncode not in (0, 3):
        raise SystemExit(f"the night ended with {process.returncode}: {err[-600:]}")
    facts = json.loads(out.splitlines()[-1])
    return {
        "run": facts["run"], "exit_code": process.returncode, "seconds": round(seconds, 1), "pages": facts["pages"],
        "people": facts["people"], "new": facts["new"], "failed_sources": len(facts["failed_sources"]),
        "peak_memory_bytes": meter.peak, "cpu_seconds": round(meter.cpu_seconds, 1),
        "busy": round(meter.cpu_seconds / seconds / (os.cpu_count() or 1), 2),
        "problems": re.findall(r"^opener: (.*)", err, re.M)[:20],
    }  # fmt: skip


def _stages(log: list[dict[str, object]], run: str) -> dict[str, float]:
    """Return the seconds of each stage of a run from its log."""
    marks = [
        (str(line.get("name", line["event"])), datetime.fromisoformat(str(line["time"])))
        for line in log
        if line["run"] == run and line["event"] in ("stage", "end")
    ]
    return {name: round((later - moment).total_seconds(), 1) for (name, moment), (_, later) in pairwise(marks)}


def main() -> None:
    """Print the cost of a night."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--profile", type=Path, help="write a cProfile file of the main process")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        result = measure(options.shared, options.pages, options.profile)
    except FileNotFoundError as error:
        raise SystemExit(f"not measured: {error}") from error
    if options.json:
        print(json.dumps(result))
        return
    print(
        f"{result['pages']} pages of {result['pages_offered']} offered, {result['people']} mentions, {result['new']} new"
    )
    print(
        f"{float(str(result['seconds'])) / 60:.1f} minutes (bar {MINUTES_BAR:.0f}) on {result['cores']} cores, busy {result['busy']}"
    )
    print(f"peak memory {int(str(result['peak_memory_bytes'])) / 1e9:.2f} GB (bar {MEMORY_BAR / 1e9:.0f})")
    print("stages in s: " + ", ".join(f"{k} {v}" for k, v in dict(result["stages"]).items()))  # type: ignore[call-overload]
    print(
        f"second night, nothing changed: {result['second_night_seconds']} s, {result['second_night_pages']} pages read"
    )


if __name__ == "__main__":
    main()
