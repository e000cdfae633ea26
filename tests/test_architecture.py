"""The tree keeps its shape: data flows spiders -> enrich -> pipeline, files stay readable, nothing is left open."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("spiders", "enrich", "pipeline", "data")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_never_point_back(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    for name in imported(path):
        top = name.partition(".")[0]
        if package == "enrich":
            assert top not in ("spiders", "pipeline"), f"{path}: enrich imports {name}"
        elif package == "spiders":
            assert top != "pipeline", f"{path}: spiders import {name}"
            assert top != "enrich" or name == "enrich.records", f"{path}: spiders import {name}"
        elif package == "data":
            assert top not in ("spiders", "enrich", "pipeline"), f"{path}: data imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_is_too_long_or_left_open(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 480, f"{path}: {text.count(chr(10))} lines"
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", text), path
    assert path.stem not in ("utils", "helpers", "misc", "common"), path


def test_top_level_holds_only_what_it_must() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert top <= {
        ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "NOTICE", "README.md", "data",
        "enrich", "pipeline", "pyproject.toml", "requirements.lock", "scrapy.cfg", "spiders", "tests",
    }  # fmt: skip


def test_the_lock_pins_by_hash_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "http" not in re.sub(r"^http\S*==|^\s+# .*$", "", lock, flags=re.MULTILINE).replace("httpcore", "").replace(
        "httpx", ""
    ).replace("aiohttp", "")
    for block in re.split(r"\n(?=\S)", lock.strip()):
        if "==" in block:
            assert "--hash=sha256:" in block, block.splitlines()[0]
