"""Fits the linker's weights on annotated pieces: `python -m enrich.nlp.fitting --language de --pieces FILE ...`.

Needs scikit-learn, which the project itself does not: run it from an environment that has both. Five folds: every score
that a later stage learns from comes from a model that has not seen the document. The held-back fifth of the written
corpora is never fitted on. Deterministic: same pieces, same weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from enrich.nlp.linking import ROLE_FLOOR, choose_role, organisation_kinds
from enrich.nlp.pair_features import HeldRole, Pair, Row, add_rivals, pairs
from enrich.nlp.pieces import Piece, read_pieces
from enrich.nlp.reason_features import Told, former_row, reason_row
from enrich.nlp.role_features import RoleCandidate, role_candidates
from enrich.nlp.scene import Scene, build_scene
from enrich.training.splits import FIFTHS, fold, held_back

Floats = NDArray[np.float64]
_SMOOTHING = 4.0
SURE = 0.8  # from here on a model's guess is taken for a label
WEAK = 0.5  # weight of a pair that only its text's kind tells to be none
_TREES = {"max_iter": 220, "learning_rate": 0.06, "max_leaf_nodes": 10, "min_samples_leaf": 15, "l2_regularization": 3.0,
          "random_state": 0, "early_stopping": False}  # fmt: skip


@dataclass(slots=True)
class Example:
    """One piece as a scene, its candidates and which of them are right."""

    piece: Piece
    weak: bool  # no gold leads: only people without a role are taken from it, as people who are no leads
    scene: Scene
    fold: int
    person_ids: list[set[str]]
    organisation_ids: list[set[str]]
    role_ids: list[set[str]]
    roles: list[RoleCandidate]
    held: dict[int, list[HeldRole]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)


def read_example(
    piece: Piece, entities: Sequence[tuple[int, int, str]] | None = None, *, weak: bool = False
) -> Example:
    """Read a piece with its gold entities, or with entities found in it, and tie them to the gold ids."""
    gold = [e for e in piece.entities if e[2] != "ROLE"]
    scene = build_scene(piece.text, entities if entities is not None else [e[:3] for e in gold], piece.language)
    people: list[set[str]] = [set() for _ in scene.names.people]
    orgs: list[set[str]] = [set() for _ in scene.names.organisations]
    for name in scene.names.spans:
        for start, end, label, number in piece.entities:
            if number and label == name.label and name.start < end and start < name.end:
                if label == "PER":
                    people[name.cluster].add(number)
                elif label == "ORG":
                    orgs[name.cluster].add(number)
    roles = []
    for role in scene.roles:
        first, last = scene.reading.starts[role.first], scene.reading.ends[role.last - 1]
        roles.append({n for s, e, label, n in piece.entities if label == "ROLE" and n and s < last and first < e})
    return Example(piece, weak, scene, fold(f"linker {piece.doc}"), people, orgs, roles, role_candidates(scene))


def _table(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=np.float64)


def _names(rows: Sequence[Row], least: int = 5) -> list[str]:
    """Names of the features that at least so many rows have."""
    count: dict[str, int] = defaultdict(int)
    for row in rows:
        for name, value in row.items():
            count[name] += value != 0
    return sorted(name for name, number in count.items() if number >= least)


def _odds(
    rows: Sequence[Row], keys: Sequence[str], right: NDArray[np.int64], folds: NDArray[np.int64], column: str
) -> dict[str, Any]:
    """Write out-of-fold log-odds of the keys into the rows; return the table over all folds."""
    base = float(right.mean())
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    parts: list[dict[str, list[int]]] = [defaultdict(lambda: [0, 0]) for _ in range(FIFTHS)]
    for key, y, f in zip(keys, right, folds, strict=True):
        total[key][y] += 1
        parts[f][key][y] += 1
    for row, key, f in zip(rows, keys, folds, strict=True):
        no, yes = (total[key][k] - parts[f][key][k] for k in (0, 1))
        row[column] = math.log((yes + _SMOOTHING * base) / (no + _SMOOTHING * (1 - base)))
    table = {
        key: round(math.log((yes + _SMOOTHING * base) / (no + _SMOOTHING * (1 - base))), 3)
        for key, (no, yes) in sorted(total.items()) if yes + no > 1
    }  # fmt: skip
    return {"base": round(math.log(base / (1 - base)), 3), "table": table}


def _fit(x: Floats, y: NDArray[np.int64], weight: Floats | None = None) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(**_TREES).fit(x, y, sample_weight=weight)


def _guess(
    examples: Sequence[Example], rows: Sequence[Row], right: NDArray[np.int64], odds: Sequence[dict[str, Any]]
) -> list[tuple[Example, Pair, int]]:
    """Label the pairs of texts without leads: sure ones of a model of the annotated pieces; who has neither a role nor a
    plain tie is no lead. Annotated pieces are short and nearly everybody in them is a lead; these texts are as pages are.
    """
    names = _names(rows)
    model = _fit(_table(rows, names), right)
    found = []
    for example in examples:
        if not example.weak or not example.pairs:
            continue
        for pair in example.pairs:
            for number, table in enumerate(odds):
                pair.row[f"odds_{number}"] = table["table"].get(pair.keys[number], table["base"])
        scores = model.predict_proba(_table([p.row for p in example.pairs], names))[:, 1]
        for pair, score in zip(example.pairs, scores, strict=True):
            if pair.person not in example.held:
                if not _told_plainly(pair):
                    found.append((example, pair, 0))
            elif score >= SURE or score <= 1 - SURE:
                found.append((example, pair, int(score >= SURE)))
    return found


def _told_plainly(pair: Pair) -> bool:
    """True for "Koch (Koch GmbH)", "Koch von der Koch GmbH": a tie although no role is told."""
    return pair.shape in _PLAIN


_PLAIN = frozenset(
    (
        "p(",
        "pV",
        "pVA",
        "pB",
        "pBA",
        "pC",
        "pCV",
        "pCB",
        "pCwB",
        "pCwA",
        "pI",
        "pIA",
        "o-",
        "oC",
        "o:",
        "p)",
        "pC-",
        "p-",
    )
)


def _out_of_fold(x: Floats, y: NDArray[np.int64], folds: NDArray[np.int64], weight: Floats | None = None) -> Floats:
    scores = np.zeros(len(y))
    for f in range(FIFTHS):
        test = folds == f
        if test.any():
            scores[test] = _fit(x[~test], y[~test], None if weight is None else weight[~test]).predict_proba(x[test])[
                :, 1
            ]
    return scores


def _forest(model: HistGradientBoostingClassifier, names: Sequence[str]) -> dict[str, Any]:
    """Write a fitted model in the form that `enrich.nlp.forest` walks."""
    roots: list[int] = []
    columns: dict[str, list[Any]] = {k: [] for k in ("feature", "threshold", "left", "right", "value")}
    depth = 1
    for (tree,) in model._predictors:
        start = len(columns["feature"])
        roots.append(start)
        for place, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            columns["feature"].append(0 if leaf else int(node["feature_idx"]))
            columns["threshold"].append(0.0 if leaf else round(float(node["num_threshold"]), 4))
            columns["left"].append(start + (place if leaf else int(node["left"])))
            columns["right"].append(start + (place if leaf else int(node["right"])))
            columns["value"].append(round(float(node["value"]), 4) if leaf else 0.0)
            depth = max(depth, int(node["depth"]) + 1)
    base = float(np.asarray(model._baseline_prediction).ravel()[0])
    return {"features": list(names), "base": round(base, 4), "depth": depth, "roots": roots, **columns}


def _best_threshold(scores: Floats, y: NDArray[np.int64], beta: float) -> tuple[float, float]:
    """Return the threshold with the best F (beta < 1 favours precision) and that F."""
    best = (0.5, 0.0)
    for threshold in np.arange(0.3, 0.75, 0.01):
        picked = scores >= threshold
        tp = float((picked & (y == 1)).sum())
        if tp:
            p, r = tp / picked.sum(), tp / y.sum()
            f = (1 + beta**2) * p * r / (beta**2 * p + r)
            if f > best[1]:
                best = (round(float(threshold), 2), float(f))
    return best


def fit(examples: Sequence[Example], *, beta: float = 1.0) -> tuple[dict[str, Any], dict[str, float]]:
    """Fit all stages; returns the weights as JSON-ready entries, and the out-of-fold F of each stage."""
    report: dict[str, float] = {}
    out: dict[str, Any] = {}
    # Stage 1: roles and people.
    strong = [e for e in examples if not e.weak]
    candidates = [(e, c) for e in strong for c in e.roles]
    held = {id(e): {(lead["ids"][0], lead["ids"][1]) for lead in e.piece.leads} for e in examples}
    right = np.array(
        [
            int(any((p, r) in held[id(e)] for p in e.person_ids[c.person] for r in e.role_ids[c.role]))
            for e, c in candidates
        ]
    )
    folds = np.array([e.fold for e, _ in candidates])
    rows = [c.row for _, c in candidates]
    out["role_odds"] = _odds(rows, [c.shape for _, c in candidates], right, folds, "odds_0")
    names = _names(rows)
    x = _table(rows, names)
    scores = _out_of_fold(x, right, folds)
    report["role"] = _best_threshold(scores, right, 1.0)[1]
    role = _fit(x, right)
    out["role"] = _forest(role, names)
    for (example, candidate), score in zip(candidates, scores, strict=True):
        if score >= ROLE_FLOOR:
            example.held.setdefault(candidate.person, []).append(HeldRole(candidate.role, float(score)))
    for example in examples:
        if example.weak and example.roles:
            table = out["role_odds"]["table"]
            for candidate in example.roles:
                candidate.row["odds_0"] = table.get(candidate.shape, out["role_odds"]["base"])
            guessed = role.predict_proba(_table([c.row for c in example.roles], names))[:, 1]
            for candidate, score in zip(example.roles, guessed, strict=True):
                if score >= ROLE_FLOOR:
                    example.held.setdefault(candidate.person, []).append(HeldRole(candidate.role, float(score)))
    # Stage 2: people and organisations, twice; the second time with what the first thought of the rivals.
    for example in examples:
        example.pairs = pairs(example.scene, example.held, organisation_kinds(example.scene))
    ties = {id(e): {(lead["ids"][0], lead["ids"][2]) for lead in e.piece.leads} for e in strong}
    both = [(e, p) for e in strong for p in e.pairs]
    right = np.array(
        [
            int(any((a, b) in ties[id(e)] for a in e.person_ids[p.person] for b in e.organisation_ids[p.organisation]))
            for e, p in both
        ]
    )
    folds = np.array([e.fold for e, _ in both])
    rows = [p.row for _, p in both]
    out["pair_odds"] = [
        _odds(rows, [p.keys[k] for _, p in both], right, folds, f"odds_{k}") for k in range(len(both[0][1].keys))
    ]
    guesses = _guess(examples, rows, right, out["pair_odds"])
    both += [(e, p) for e, p, _ in guesses]
    right = np.concatenate([right, np.array([y for *_, y in guesses], dtype=np.int64)])
    folds = np.array([e.fold for e, _ in both])
    weight = np.array([WEAK if e.weak else 1.0 for e, _ in both])
    sure = weight == 1.0
    rows = [p.row for _, p in both]
    names = _names(rows)
    x = _table(rows, names)
    scores = _out_of_fold(x, right, folds, weight)
    report["pair"] = _best_threshold(scores[sure], right[sure], 1.0)[1]
    first = _fit(x, right, weight)
    out["pair"] = _forest(first, names)
    # Rivals are compared over all pairs of a document, also those whose label is not guessed.
    known = {id(p): float(s) for (_, p), s in zip(both, scores, strict=True)}
    for example in examples:
        rest = [p for p in example.pairs if id(p) not in known]
        if rest:
            guessed = first.predict_proba(_table([p.row for p in rest], names))[:, 1]
            known.update({id(p): float(s) for p, s in zip(rest, guessed, strict=True)})
        add_rivals(example.pairs, [known[id(p)] for p in example.pairs])
    names = _names(rows)
    x = _table(rows, names)
    scores = _out_of_fold(x, right, folds, weight)
    out["threshold"], _ = _best_threshold(scores[sure], right[sure], beta)
    report["pair_again"] = _best_threshold(scores[sure], right[sure], 1.0)[1]
    out["pair_again"] = _forest(_fit(x, right, weight), names)
    _fit_reasons(strong, out, report)
    return out, report


def _fit_reasons(examples: Sequence[Example], out: dict[str, Any], report: dict[str, float]) -> None:
    """Stage 3: former or not, and the trigger, on the leads of the gold."""
    rows: list[Row] = []
    reason_rows: list[Row] = []
    gone: list[int] = []
    triggers: list[str] = []
    folds: list[int] = []
    for example in examples:
        told = Told({}, example.scene)
        for pair in example.pairs:
            lead = next((
                lead for lead in example.piece.leads
                if lead["ids"][0] in example.person_ids[pair.person] and lead["ids"][2] in example.organisation_ids[pair.organisation]
            ), None)  # fmt: skip
            if lead is None:
                continue
            role = choose_role(example.scene, pair, example.held.get(pair.person, []))
            rows.append(former_row(example.scene, told, pair, role))
            row = reason_row(example.scene, told, pair, role)
            reason_rows.append(row)
            gone.append(int(lead["former"]))
            triggers.append(lead["trigger"])
            folds.append(example.fold)
    y, f = np.array(gone), np.array(folds)
    names = _names(rows)
    x = _table(rows, names)
    scores = _out_of_fold(x, y, f)
    out["former_threshold"], report["former"] = _best_threshold(scores, y, 1.0)
    out["former"] = _forest(_fit(x, y), names)
    for row, score in zip(reason_rows, scores, strict=True):
        row["former"] = float(score >= out["former_threshold"])
    names = _names(reason_rows)
    x, labels = _table(reason_rows, names), np.array(triggers)
    guessed = np.empty(len(labels), dtype=labels.dtype)
    for k in range(FIFTHS):
        guessed[f == k] = _linear().fit(x[f != k], labels[f != k]).predict(x[f == k])
    report["trigger"] = float((guessed == labels).mean())
    model = _linear().fit(x, labels)
    out["trigger"] = {
        "classes": [str(c) for c in model.classes_], "features": names,
        "weights": [[round(float(w), 4) for w in line] for line in model.coef_],
        "bias": [round(float(b), 4) for b in model.intercept_],
    }  # fmt: skip


def _linear() -> LogisticRegression:
    return LogisticRegression(C=0.3, max_iter=2000)


def read_weak(paths: Sequence[Path]) -> list[Example]:
    """Read German texts with entities but without leads (SmartData, CC BY 4.0), gzipped JSON lines."""
    found = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                entities = tuple(
                    (e[0], e[1], e[2], None) for e in entry["ents"] if e[2] in ("PER", "ORG", "LOC", "MISC")
                )
                if any(e[2] == "PER" for e in entities) and any(e[2] == "ORG" for e in entities):
                    piece = Piece(str(entry["id"]), "de", entry["text"], entities, ())
                    found.append(read_example(piece, weak=True))
    return found


def read_examples(paths: Sequence[Path], language: str) -> list[Example]:
    """Read the pieces of a language that may be fitted on."""
    found = [
        p for p in read_pieces(paths) if p.language == language and not (p.doc.startswith("w") and held_back(p.doc))
    ]
    return [read_example(piece) for piece in found]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Fit the linker's weights on annotated pieces.")
    parser.add_argument("--language", choices=("de", "en"), required=True)
    parser.add_argument("--pieces", type=Path, nargs="+", required=True, help="JSON lines files")
    parser.add_argument("--weak", type=Path, nargs="*", default=[], help="gzipped JSON lines with entities only")
    parser.add_argument("--beta", type=float, default=1.0, help="below 1 favours precision in the threshold")
    parser.add_argument("-o", "--out", type=Path, required=True)
    given = parser.parse_args()
    examples = read_examples(given.pieces, given.language) + read_weak(given.weak)
    fitted, report = fit(examples, beta=given.beta)
    given.out.write_text(json.dumps(fitted, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(examples)} pieces; out of fold: " + ", ".join(f"{k} {v:.3f}" for k, v in report.items()))


if __name__ == "__main__":
    main()
