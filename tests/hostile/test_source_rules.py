"""Rules about the source that keep pages from running, and dependencies from growing unnoticed."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for folder in ("spiders", "enrich", "pipeline", "data") for path in (ROOT / folder).rglob("*.py")]
SAFE_LOADERS = ("_StrictLoader", "_LOADER", "SafeLoader", "CSafeLoader")  # the first two are made from the others


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    return [(ast.unparse(n.func), n) for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]


def test_nothing_that_runs_text_is_called() -> None:
    banned = {"eval", "exec", "compile", "os.system", "os.popen", "marshal.loads", "yaml.unsafe_load", "yaml.full_load"}
    found = [f"{path.name}: {name}" for path in FILES for name, _ in calls(path) if name in banned or "pickle." in name]
    assert not found


def test_yaml_is_loaded_safely() -> None:
    for path in FILES:
        for name, call in calls(path):
            if name in ("yaml.load", "yaml.load_all", "yaml.compose"):
                loader = next((ast.unparse(k.value) for k in call.keywords if k.arg == "Loader"), "")
                loader = loader or (ast.unparse(call.args[1]) if len(call.args) > 1 else "")
                text = path.read_text("utf-8")
                chosen = re.findall(
                    rf"(?m)^\s*{re.escape(loader)}(?:: \w+)? = (.*)$", text
                )  # a variable holds a safe one
                safe = loader.rpartition(".")[2] in SAFE_LOADERS or (chosen and all("SafeLoader" in c for c in chosen))
                assert safe, (path.name, ast.unparse(call))


def test_xml_parsers_resolve_no_entities_and_load_nothing() -> None:
    for path in FILES:
        for name, call in calls(path):
            if name.rpartition(".")[2] == "XMLParser":
                given = {k.arg: ast.unparse(k.value) for k in call.keywords}
                assert given.get("resolve_entities") == "False" and given.get("no_network") == "True", path.name
                assert given.get("huge_tree", "False") == "False" and given.get("load_dtd", "False") == "False", (
                    path.name
                )


def test_every_dependency_is_justified_in_the_readme_and_locked_by_hash() -> None:
    wanted = {
        re.split(r"[<>=!~;\\[ ]", d)[0].lower()
        for d in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    }
    table = (ROOT / "README.md").read_text("utf-8").split("## Why each dependency")[1].split("\n\n")[0]
    named = {word.strip().lower() for row in table.splitlines()[3:] for word in row.split("|")[1].split(",")}
    assert named == wanted
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==[^\n]*((?:\n    --hash=sha256:[0-9a-f]{64}[ \\\\]*)*)", lock)
    assert pins and all("--hash=sha256:" in hashes for _, hashes in pins)
    assert wanted <= {name.lower() for name, _ in pins}
