"""The report page: self-contained, escaped, readable by everybody, also on a phone and in the dark."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zlib
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from lxml import html

from pipeline.cli.main import cli
from pipeline.report.marks import calendar, columns, nice_top
from pipeline.report.markup import document, el
from pipeline.report.page import page
from pipeline.report.weights import weights_section
from pipeline.scoring.learned_weights import Learning, Learnings
from tests.review.small_log import Dial, published, reviewed, settings_in

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 18, tzinfo=BERLIN)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> \u202eGmbH & Söhne'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The page of a quarter with hostile names, all plots filled."""
    settings = settings_in(tmp_path_factory.mktemp("home"), goals={"year": 100000, "average_sale": 5000})
    people = [(f"Eva{n} {HOSTILE}", HOSTILE, "tag\"'><b>blatt" if n % 2 else "bote") for n in range(20)]
    start = NOW - timedelta(days=58)
    dials = [
        Dial(
            f"p{n % 40}",
            start + timedelta(hours=5 * n),
            ["no_answer", "reached", "no_answer", "appointment", "sale"][n % 5 if n % 7 else 0],
            "3",
        )
        for n in range(270)
    ]
    dials += [Dial(f"dropped{n}", start, "voicemail") for n in range(3)]
    published(settings, dials, NOW, people)
    bins = [{"predicted": n / 50, "observed": n / 40, "count": 10} for n in range(5)]
    figures = {"auc": 0.6, "log_loss": 0.4}
    result = {
        "outcomes": 80, "appointments": 20, "verdict": "better than the hand-set weights on held-back outcomes", "hand_set": figures,
        "learned": figures, "chance": 0.5, "hand_set_bins": bins, "learned_bins": bins, "seen": {"role:<b>": 9},
    }  # fmt: skip
    learned = Learnings(learnings=(Learning(learned_at=NOW, accepted=True, factors={"role:<b>": 1.5}, result=result),))
    review = reviewed(settings, date(2026, 8, 20), date(2026, 11, 20))
    return page(review, made_at=NOW, extra=[weights_section(learned)])


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(made: bytes) -> None:
    root = html.fromstring(made)
    assert not root.xpath(
        "//script | //link | //iframe | //object | //img | //*[@src] | //*[@href] | //@*[starts-with(name(), 'on')]"
    )
    (style,) = root.xpath("//style/text()")
    assert "url(" not in style and "@import" not in style
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert not re.search(rb"https?://(?!www\.w3\.org)", re.sub(rb"(?s)<(pre|td).*?</\1>", b"", made))


def test_names_stay_text(made: bytes) -> None:
    assert b"<script>alert" not in made and b"<img" not in made and b"<b>blatt" not in made
    text = html.fromstring(made).text_content()
    assert "tag\"'><b>blatt" in text, "shown as it is"
    assert "\u202e" not in text


def test_every_plot_has_a_name_a_description_and_its_numbers_as_a_table(made: bytes) -> None:
    root = html.fromstring(made)
    plots = root.xpath("//*[local-name()='svg']")
    assert len(plots) == 10
    for plot in plots:
        assert plot.get("role") == "img" and len(plot.get("aria-label")) > 20
        assert plot.get("viewbox") or plot.get("viewBox")
    sections = root.xpath("//section")
    assert len(sections) == 11
    for section in sections[1:9]:
        assert section.xpath(".//table//th[@scope='col']") and section.xpath(".//summary[text()='SQL']")
    assert root.xpath("/html/@lang") == ["en"] and root.xpath("//meta[@name='viewport']") and root.xpath("//h1")
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_marks_stand_scale_and_round() -> None:
    assert [nice_top(v) for v in (0, 0.3, 1, 1.2, 7, 99, 101)] == [1, 0.4, 1, 2, 8, 100, 200]
    _, marks = columns([0, 5, 10], ["a", "b", "c"], ["0", "5", "10"])
    heights = [float(m.get("height")) for m in marks if m.get("class") == "bar"]
    assert heights == [0, 72.5, 145]
    _, marks = calendar([(date(2026, 1, 1), 0, True), (date(2026, 1, 2), 8, True), (date(2026, 1, 3), 0, False)])
    assert [m.get("class") for m in marks if m.tag == "rect"] == ["heat0", "heat4", "off"]
    assert document(el("p", "a\x00b\u2028<", title="\"'<")).count(b"<p") == 1


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    (tmp_path / "opener.yml").write_text("home: store\n", "utf-8")
    published(settings_in(tmp_path / "store"), [], NOW)
    done = CliRunner().invoke(cli, ["report", "--config", str(tmp_path / "opener.yml"), "-o", str(tmp_path / "r.html")])
    assert done.exit_code == 0, done.output
    assert "No dial in the period" in (tmp_path / "r.html").read_text("utf-8"), "an empty log has a page too"


def shot(chromium: str, file: Path, out: Path, width: int, *flags: str) -> tuple[int, int, set[bytes]]:
    """Return width, height and the colours of every 97th pixel of a screenshot."""
    subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={out.parent / 'profile'}",
         f"--window-size={width},5200", f"--screenshot={out}", *flags, file.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    raw = out.read_bytes()
    wide, high, _, colour = struct.unpack(">IIBB", raw[16:26])
    data, at = b"", 8
    while at < len(raw):
        size, kind = struct.unpack(">I4s", raw[at : at + 8])
        data += raw[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    step = 3 if colour == 2 else 4
    lines = zlib.decompress(data)
    stride = wide * step + 1
    return wide, high, {lines[row * stride + 1 : row * stride + 1 + step] for row in range(0, high, 97)}


def overflow(chromium: str, file: Path, folder: Path, width: int) -> int:
    """Return by how many pixels the page is wider than the window, measured in the browser on a copy with a script."""
    copy = folder / f"measured-{width}.html"
    text = re.sub(r"<meta http-equiv=[^>]*>", "", file.read_text("utf-8"))
    script = "<script>document.title='wide '+(document.documentElement.scrollWidth-window.innerWidth)</script>"
    copy.write_text(text.replace("</body>", script + "</body>"), "utf-8")
    done = subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900",
         "--dump-dom", copy.as_uri()],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    found = re.search(r"<title>wide (-?\d+)</title>", done.stdout)
    assert found, done.stdout[:500]
    return int(found.group(1))


def test_chromium_shows_it_on_a_phone_a_desk_and_in_the_dark(made: bytes, tmp_path: Path) -> None:
    chromium = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    file = tmp_path / "report.html"
    file.write_bytes(made)
    for width in (390, 1280):
        assert overflow(chromium, file, tmp_path, width) <= 0, f"wider than a window of {width}"
    wide, _, light = shot(chromium, file, tmp_path / "light.png", 1280)
    assert wide == 1280
    _, _, dark = shot(chromium, file, tmp_path / "dark.png", 1280, "--blink-settings=preferredColorScheme=0")
    assert light and dark and light != dark, "the dark scheme has colours of its own"
