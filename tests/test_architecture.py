"""The tree keeps its shape: data flows spiders -> enrich -> pipeline, files stay readable, nothing is left open."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Collection
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


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_package_is_imported_by_its_name_in_a_string(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\b(?:import_module|__import__)\(\s*[\"'](?:spiders|enrich|pipeline)\b", text), path


def test_files_do_not_import_each_other_in_a_circle() -> None:
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}
    arrows = {module: _targets(path, modules) - {module} for module, path in modules.items()}
    while free := [module for module, targets in arrows.items() if not targets & arrows.keys()]:
        for module in free:
            del arrows[module]
    assert not arrows, sorted(arrows)


def _targets(path: Path, modules: Collection[str]) -> set[str]:
    """Return the modules that a file takes names from; `from package import module` is an arrow to the module."""
    found = imported(path)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & set(modules)
            found |= inner
            if len(inner) == len(node.names):
                found.discard(node.module)
    return found & set(modules)


def test_the_lock_pins_by_hash_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "http" not in re.sub(r"^http\S*==|^\s+# .*$", "", lock, flags=re.MULTILINE).replace("httpcore", "").replace(
        "httpx", ""
    ).replace("aiohttp", "")
    for block in re.split(r"\n(?=\S)", lock.strip()):
        if "==" in block:
            assert "--hash=sha256:" in block, block.splitlines()[0]
