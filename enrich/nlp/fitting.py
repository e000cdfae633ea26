"""Fits the linker's weights on annotated pieces: `python -m enrich.nlp.fitting --language de --pieces FILE ...`.

Needs scikit-learn, which the project itself does not: run it from an environment that has both. Five folds: every score
that a later stage learns from comes from a model that has not seen the document. The held-back fifth of the written
corpora is never fitted on. Deterministic: same pieces, same weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from enrich.nlp.fitting_examples import Example, read_examples, read_real_examples, read_weak
from enrich.nlp.fitting_models import (
    BAG,
    Floats,
    Ints,
    best_threshold,
    f_score,
    feature_names,
    fit_odds,
    fit_trees,
    fit_words,
    forest_entry,
    out_of_fold,
    sparse_table,
    table,
)
from enrich.nlp.linking import ROLE_FLOOR, choose_roles, held_roles, organisation_kinds
from enrich.nlp.pair_features import HeldRole, Pair, Row, add_rivals, pairs
from enrich.nlp.reason_cues import Told
from enrich.nlp.reason_features import former_row, reason_row
from enrich.nlp.tie_features import tie_row
from enrich.nlp.weights import Lexis, Odds, add_odds, threshold_group, weights
from enrich.training.splits import FIFTHS

SURE = 0.8  # from here on a model's guess is taken for a label
WEAK = 0.5  # weight of a pair that only its text's kind tells to be none
_STRENGTH = 0.1  # of the linear models over words
_FOREIGN = 0.4  # weight of a reason told in the other language


def _guess(
    examples: Sequence[Example], rows: Sequence[Row], right: Ints, odds: Sequence[Odds]
) -> list[tuple[Example, Pair, int]]:
    """Label the pairs of texts without leads: sure ones of a model of the annotated pieces; who has neither a role nor a
    plain tie is no lead. Annotated pieces are short and nearly everybody in them is a lead; these texts are as pages are.
    """
    if not any(example.weak for example in examples):
        return []
    names = feature_names(rows)
    model = fit_trees(table(rows, names), right)
    found = []
    for example in examples:
        if not example.weak or not example.pairs:
            continue
        for pair in example.pairs:
            add_odds(pair.row, pair.keys, odds)
        scores = model.predict(table([p.row for p in example.pairs], names))
        for pair, score in zip(example.pairs, scores, strict=True):
            if pair.person not in example.held:
                if pair.shape not in _PLAIN:
                    found.append((example, pair, 0))
            elif score >= SURE or score <= 1 - SURE:
                found.append((example, pair, int(score >= SURE)))
    return found


# "Koch (Koch GmbH)", "Koch von der Koch GmbH": a tie although no role is told.
_PLAIN = frozenset(
    [
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
    ]
)


def fit(examples: Sequence[Example], *, beta: float = 1.0) -> tuple[dict[str, Any], dict[str, float]]:
    """Fit all stages; returns the weights as JSON-ready entries, and the out-of-fold F of each stage."""
    report: dict[str, float] = {}
    out: dict[str, Any] = {}
    strong = [e for e in examples if not e.weak]
    _fit_roles(examples, strong, out, report)
    for example in examples:
        example.pairs = pairs(example.scene, example.held, organisation_kinds(example.scene))
    _fit_pairs(examples, strong, out, report, beta)
    chosen = _fit_ties(strong, out, report)
    _fit_reasons(strong, chosen, out, report)
    return out, report


def _fit_roles(
    examples: Sequence[Example], strong: Sequence[Example], out: dict[str, Any], report: dict[str, float]
) -> None:
    """Stage 1: roles and people."""
    candidates = [(e, c) for e in strong for c in e.roles]
    held = {id(e): {(lead["ids"][0], lead["ids"][1]) for lead in e.piece.leads} for e in examples}
    right = np.array([
        int(any((p, r) in held[id(e)] for p in e.person_ids[c.person] for r in e.role_ids[c.role])) for e, c in candidates
    ])  # fmt: skip
    folds = np.array([e.fold for e, _ in candidates])
    weight = np.array([e.weight for e, _ in candidates])
    rows = [c.row for _, c in candidates]
    odds = [fit_odds(rows, [c.keys[k] for _, c in candidates], right, folds, f"odds_{k}") for k in range(2)]
    words = fit_words(rows, [c.lexis for _, c in candidates], right, folds, _STRENGTH)
    out["role_odds"], out["role_lexis"] = odds, words
    names = feature_names(rows)
    x = table(rows, names)
    scores = out_of_fold(x, right, folds, weight)
    report["role"] = best_threshold(scores, right, 1.0)[1]
    model = fit_trees(x, right, weight)
    out["role"] = forest_entry(model, names)
    for (example, candidate), score in zip(candidates, scores, strict=True):
        if score >= ROLE_FLOOR:
            example.held.setdefault(candidate.person, []).append(HeldRole(candidate.role, float(score), candidate.row))
    tables = [Odds(entry["base"], entry["table"]) for entry in odds]
    lexis = Lexis(words["base"], words["table"])
    for example in examples:
        if example.weak and example.roles:
            for candidate in example.roles:
                add_odds(candidate.row, candidate.keys, tables)
                candidate.row["lexis"] = lexis.score(candidate.lexis)
            guessed = model.predict(table([c.row for c in example.roles], names))
            for candidate, score in zip(example.roles, guessed, strict=True):
                if score >= ROLE_FLOOR:
                    entry = HeldRole(candidate.role, float(score), candidate.row)
                    example.held.setdefault(candidate.person, []).append(entry)


def _fit_pairs(
    examples: Sequence[Example], strong: Sequence[Example], out: dict[str, Any], report: dict[str, float], beta: float
) -> None:
    """Stage 2: people and organisations, twice; the second time with what the first thought of the rivals."""
    both = [(e, p) for e in strong for p in e.pairs]
    right = np.array([int(bool(e.gold(p))) for e, p in both])
    folds = np.array([e.fold for e, _ in both])
    rows = [p.row for _, p in both]
    count = len(both[0][1].keys)
    odds = [fit_odds(rows, [p.keys[k] for _, p in both], right, folds, f"odds_{k}") for k in range(count)]
    out["pair_odds"] = odds
    tables = [Odds(entry["base"], entry["table"]) for entry in odds]
    _fit_pair_words(examples, both, right, folds, out)
    guesses = _guess(examples, rows, right, tables)
    both += [(e, p) for e, p, _ in guesses]
    right = np.concatenate([right, np.array([y for *_, y in guesses], dtype=np.int64)])
    folds = np.array([e.fold for e, _ in both])
    weight = np.array([WEAK if e.weak else e.weight for e, _ in both])
    sure = np.array([not (e.weak or e.noisy) for e, _ in both])
    real = np.array([e.real for e, _ in both])
    rows = [p.row for _, p in both]
    names = feature_names(rows)
    x = table(rows, names)
    scores = out_of_fold(x, right, folds, weight)
    report["pair"] = best_threshold(scores[sure], right[sure], 1.0)[1]
    first = fit_trees(x, right, weight)
    out["pair"] = forest_entry(first, names)
    # Rivals are compared over all pairs of a document, also those whose label is not guessed.
    known = {id(p): float(s) for (_, p), s in zip(both, scores, strict=True)}
    for example in examples:
        rest = [p for p in example.pairs if id(p) not in known]
        if rest:
            guessed = first.predict(table([p.row for p in rest], names))
            known.update({id(p): float(s) for p, s in zip(rest, guessed, strict=True)})
        add_rivals(example.pairs, [known[id(p)] for p in example.pairs])
    names = feature_names(rows)
    x = table(rows, names)
    scores = out_of_fold(x, right, folds, weight, BAG)
    # Thresholds are chosen on texts read with a recogniser's mistakes, where there are such: so it is in use.
    used = np.array([not e.weak and e.noisy for e, _ in both])
    used = used if used.any() else sure
    out["thresholds"] = _fit_thresholds(
        [(e, p) for (e, p), s in zip(both, used, strict=True) if s], scores[used], right[used], weight[used], beta
    )
    report["pair_again"] = best_threshold(scores[sure], right[sure], 1.0)[1]
    if (real & sure).any():
        for label, some in (("pieces", sure & ~real), ("real news", sure & real)):
            report[f"pair_again on {label}"] = best_threshold(scores[some], right[some], 1.0)[1]
    out["pair_again"] = forest_entry(fit_trees(x, right, weight, BAG), names)


def _fit_pair_words(
    examples: Sequence[Example], both: Sequence[tuple[Example, Pair]], right: Ints, folds: Ints, out: dict[str, Any]
) -> None:
    """Fit the words beside pairs, and those beside people who are leads at all; write their scores into all rows."""
    weight = np.array([e.weight for e, _ in both])
    out["pair_lexis"] = fit_words(
        [p.row for _, p in both], [p.lexis for _, p in both], right, folds, _STRENGTH, weight=weight
    )
    first: dict[tuple[int, int], int] = {}  # example and person to one of the person's pairs
    leads: set[tuple[int, int]] = set()
    for place, ((example, pair), y) in enumerate(zip(both, right, strict=True)):
        first.setdefault((id(example), pair.person), place)
        if y:
            leads.add((id(example), pair.person))
    people = [both[place] for place in first.values()]
    out["person_lexis"] = fit_words(
        [p.row for _, p in people], [p.person_lexis for _, p in people], np.array([int(key in leads) for key in first]),
        folds[list(first.values())], _STRENGTH, "person_lexis", np.array([e.weight for e, _ in people]),
    )  # fmt: skip
    for example, pair in both:
        pair.row["person_lexis"] = both[first[id(example), pair.person]][1].row["person_lexis"]
    words, persons = (Lexis(out[key]["base"], out[key]["table"]) for key in ("pair_lexis", "person_lexis"))
    for example in examples:
        if example.weak:
            for pair in example.pairs:
                pair.row["lexis"], pair.row["person_lexis"] = words.score(pair.lexis), persons.score(pair.person_lexis)


def _fit_thresholds(
    both: Sequence[tuple[Example, Pair]], scores: Floats, right: Ints, weight: Floats, beta: float
) -> dict[str, float]:
    """Return for each group of pairs the threshold from which on they are leads, best for all groups together."""
    groups: list[str] = []
    kinds: dict[int, Sequence[str]] = {}
    by_person: dict[tuple[int, int], list[float]] = {}
    for (example, pair), score in zip(both, scores, strict=True):
        by_person.setdefault((id(example), pair.person), []).append(float(score))
    for (example, pair), score in zip(both, scores, strict=True):
        told = kinds.setdefault(id(example), organisation_kinds(example.scene))
        rank = sum(other > score for other in by_person[id(example), pair.person])
        groups.append(threshold_group(rank, told[pair.organisation], pair.row["role_best"]))
    place = {name: np.array([group == name for group in groups]) for name in ("business", "other", "bare", "further")}
    found = dict.fromkeys(place, 0.5)
    for _ in range(3):
        for name in found:
            best = (0.0, 0.5)
            for threshold in np.arange(0.3, 0.85, 0.01):
                tried = {**found, name: float(threshold)}
                picked = np.zeros(len(scores), dtype=bool)
                for group, inside in place.items():
                    picked |= inside & (scores >= tried[group])
                best = max(best, (f_score(picked, right, beta, weight), round(float(threshold), 2)))
            found[name] = best[1]
    return found


def _fit_ties(strong: Sequence[Example], out: dict[str, Any], report: dict[str, float]) -> dict[int, int]:
    """Stage 3: which role a lead has. Returns the role chosen for each pair (by its `id`), out of fold."""
    entries = [
        (e, p, h, tie_row(e.scene, p, h, e.held[p.person]), {lead["ids"][1] for lead in e.gold(p)})
        for e in strong for p in e.pairs if p.person in e.held and e.gold(p) for h in e.held[p.person]
    ]  # fmt: skip
    right = np.array([int(bool(gold & e.role_ids[h.role])) for e, _, h, _, gold in entries])
    folds = np.array([e.fold for e, *_ in entries])
    weight = np.array([e.weight for e, *_ in entries])
    rows = [told[0] for *_, told, _ in entries]
    out["tie_odds"] = [
        fit_odds(rows, [told[1][k] for *_, told, _ in entries], right, folds, f"odds_{k}") for k in range(2)
    ]
    out["tie_lexis"] = fit_words(rows, [told[2] for *_, told, _ in entries], right, folds, _STRENGTH)
    names = feature_names(rows)
    x = table(rows, names)
    scores = out_of_fold(x, right, folds, weight)
    out["tie_threshold"], report["tie"] = best_threshold(scores, right, 1.0)
    out["tie"] = forest_entry(fit_trees(x, right, weight), names)
    best: dict[int, tuple[float, int]] = {}
    for (_, pair, entry, *_), score in zip(entries, scores, strict=True):
        if score >= out["tie_threshold"] and score > best.get(id(pair), (0.0, 0))[0]:
            best[id(pair)] = (float(score), entry.role)
    return {key: role for key, (_, role) in best.items()}


def _fit_reasons(
    strong: Sequence[Example], chosen: dict[int, int], out: dict[str, Any], report: dict[str, float]
) -> None:
    """Stage 4: former or not, and the trigger, on the leads of the gold."""
    rows: list[Row] = []
    reason_rows: list[Row] = []
    gone: list[int] = []
    triggers: list[str] = []
    folds: list[int] = []
    shares: list[float] = []
    for example in strong:
        if example.noisy:
            continue
        told = Told({}, example.scene)
        for pair in example.pairs:
            lead = next(iter(example.gold(pair)), None)
            if lead is None:
                continue
            role = chosen.get(id(pair))
            rows.append(former_row(example.scene, told, pair, role))
            row = reason_row(example.scene, told, pair, role)
            reason_rows.append(row)
            gone.append(int(lead["former"]))
            triggers.append(lead["trigger"])
            folds.append(example.fold)
            shares.append(example.weight if example.piece.language == strong[0].piece.language else _FOREIGN)
    y, f, share = np.array(gone), np.array(folds), np.array(shares)
    own = share != _FOREIGN
    names = feature_names(rows)
    x = table(rows, names)
    scores = out_of_fold(x, y, f)
    out["former_threshold"], report["former"] = best_threshold(scores, y, 1.0)
    out["former"] = forest_entry(fit_trees(x, y), names)
    for row, score in zip(reason_rows, scores, strict=True):
        row["former"] = float(score >= out["former_threshold"])
    names = feature_names(reason_rows)
    x, labels = sparse_table(reason_rows, names), np.array(triggers)
    guessed = np.empty(len(labels), dtype=labels.dtype)
    for k in range(FIFTHS):
        guessed[f == k] = _softmax().fit(x[f != k], labels[f != k], share[f != k]).predict(x[f == k])
    report["trigger"] = float((guessed == labels)[own].mean())
    model = _softmax().fit(x, labels, share)
    out["trigger"] = {
        "classes": [str(c) for c in model.classes_], "features": names,
        "weights": [[round(float(w), 2) for w in line] for line in model.coef_],
        "bias": [round(float(b), 4) for b in model.intercept_],
    }  # fmt: skip


def fit_reasons_only(examples: Sequence[Example], path: Path, language: str) -> tuple[dict[str, Any], dict[str, float]]:
    """Fit former and trigger anew beside the other weights of a file, which must be those of the language in use."""
    model = weights(language)
    out: dict[str, Any] = json.loads(path.read_text("utf-8"))
    report: dict[str, float] = {}
    chosen: dict[int, int] = {}
    for example in examples:
        example.held = held_roles(example.scene, model)
        example.pairs = pairs(example.scene, example.held, organisation_kinds(example.scene))
        for pair in example.pairs:
            add_odds(pair.row, pair.keys, model.pair_odds)
        mine = [(p, 1.0) for p in example.pairs if example.gold(p)]
        for (pair, _), role in zip(mine, choose_roles(example.scene, mine, example.held, model), strict=True):
            if role is not None:
                chosen[id(pair)] = role
    _fit_reasons(examples, chosen, out, report)
    return out, report


def _softmax() -> LogisticRegression:
    return LogisticRegression(C=0.2, max_iter=300)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Fit the linker's weights on annotated pieces.")
    parser.add_argument("--language", choices=("de", "en"), required=True)
    parser.add_argument("--pieces", type=Path, nargs="+", required=True, help="JSON lines files")
    parser.add_argument("--foreign", type=Path, nargs="*", default=[], help="pieces in the other language, as help")
    parser.add_argument("--reasons-only", action="store_true", help="keep the other weights of the file as they are")
    parser.add_argument("--weak", type=Path, nargs="*", default=[], help="gzipped JSON lines with entities only")
    parser.add_argument("--noise", action="store_true", help="also fit on pieces read with a recogniser's mistakes")
    parser.add_argument("--beta", type=float, default=1.0, help="below 1 favours precision in the threshold")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--real", type=Path, nargs="*", default=[], help="leads told of real news, offsets only")
    parser.add_argument("--real-texts", type=Path, help="folder with the texts of --real (ner_de)")
    parser.add_argument("--real-weight", type=float, default=2.0, help="of a text of --real against a piece")
    given = parser.parse_args()
    other = "en" if given.language == "de" else "de"
    examples = read_examples(given.pieces, given.language, noise=given.noise) + read_examples(given.foreign, other)
    if given.real and given.real_texts is None:
        parser.error("--real needs --real-texts: the folder that holds the texts of these leads")
    real = (
        read_real_examples(given.real, given.real_texts, weight=given.real_weight, noise=given.noise)
        if given.real
        else []
    )
    examples += real
    if given.reasons_only:
        fitted, report = fit_reasons_only(examples, given.out, given.language)
    else:
        fitted, report = fit(examples + read_weak(given.weak, {e.piece.text for e in real}), beta=given.beta)
    given.out.write_text(json.dumps(fitted, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(examples)} pieces; out of fold: " + ", ".join(f"{k} {v:.3f}" for k, v in report.items()))


if __name__ == "__main__":
    main()
