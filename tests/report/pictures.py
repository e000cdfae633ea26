"""`python -m tests.report.pictures FOLDER`: the pictures of README, taken from a demo list and a simulated quarter.

Needs Chromium on the path; the report is shown as it lies in the file, the list as the command prints it.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from pipeline.cli.list_table import list_table
from pipeline.cli.sql import open_log
from pipeline.report.page import page
from pipeline.review.period import period
from pipeline.review.questions import ask
from tests.quarter.quarter import LAST, simulate

WIDTH, HEIGHT = 1180, 1180  # pixels: the key figures, the funnel and the first questions
ROWS = 5


def take(folder: Path) -> None:
    """Write list.svg and report.png into the folder. Raises SystemExit without Chromium."""
    chromium = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)  # fmt: skip
    if chromium is None:
        raise SystemExit("no Chromium on this machine (Debian: apt-get install chromium)")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        _list(scratch / "demo", folder / "list.svg")
        file = scratch / "report.html"
        file.write_bytes(_report(scratch / "quarter"))
        subprocess.run(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={scratch / 'profile'}",
             f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={folder / 'report.png'}", file.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def _list(home: Path, out: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", "from pipeline.cli.main import cli; cli()", "demo", "--out", str(home)], check=True, capture_output=True
    )  # fmt: skip
    with (home / "call-list.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:ROWS]
    screen = Console(record=True, width=96, file=(home / "screen").open("w", encoding="utf-8"), highlight=False)
    screen.print(list_table(rows))
    drawn = screen.export_svg(title="opener demo", theme=MONOKAI)
    # no font is fetched and nothing is linked: the picture says what it says with the reader's own fonts
    drawn = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.S).replace("Fira Code", "ui-monospace")
    out.write_text(re.sub(r"<!--.*?-->", "", drawn, flags=re.S), "utf-8")


def _report(home: Path) -> bytes:
    quarter = simulate(home)
    con = open_log(home)
    try:
        found = ask(con, quarter.settings, period(LAST, None, LAST, None, 90))
        return page(found, made_at=datetime.combine(LAST, time(18), quarter.settings.zone))
    finally:
        con.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
