"""Precision, recall and F of spans, per label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from enrich.training.corpora import clean_span


@dataclass(slots=True)
class Counts:
    """True positives, false positives, false negatives."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """Share of the found spans that are right."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold spans that were found."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f(self) -> float:
        """Harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


Spans = Iterable[tuple[int, int, str]]


def score_spans(
    pairs: Iterable[tuple[str, Spans, Spans]], labels: tuple[str, ...] = ("PER", "ORG", "LOC")
) -> dict[str, Counts]:
    """Score (text, gold, found) triples; spans of both sides are stripped of stray punctuation and titles first."""
    counts = {label: Counts() for label in labels}
    for text, gold, found in pairs:
        one = {s for s in (clean_span(text, *g) for g in gold) if s}
        two = {s for s in (clean_span(text, *f) for f in found) if s}
        for label in labels:
            a = {s for s in one if s[2] == label}
            b = {s for s in two if s[2] == label}
            counts[label].tp += len(a & b)
            counts[label].fp += len(b - a)
            counts[label].fn += len(a - b)
    return counts
