"""Two profiles side by side: one level a field, and how many chance namesakes to expect.

Integer codes are compared first; rapidfuzz runs only on distinct unequal string pairs.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from pipeline.identity.arrays import Floats, Ints
from pipeline.identity.frequencies import Frequencies
from pipeline.identity.levels import FIELDS, Levels
from pipeline.identity.likeness import WordLikeness
from pipeline.identity.profiles import Profiles, WordFacts

# A short list is a sample of a larger world: no fewer people than this are reckoned with.
WORLD = 20_000.0
CHUNK = 262_144
THREADS = 4


class Comparer:
    """Compares pairs of rows of `profiles`; string similarities are computed once for each distinct pair."""

    def __init__(self, profiles: Profiles, facts: WordFacts, counts: Frequencies, thorough: bool = False) -> None:
        self.thorough = thorough
        self.profiles, self.facts, self.counts = profiles, facts, counts
        self.letters = profiles.words.first_letters()
        self.words = WordLikeness(profiles.words.strings, facts.nicknames)

    def compare(self, a: Ints, b: Ints) -> Levels:
        """Compare rows `a` with rows `b` (equal lengths) in chunks."""
        codes = np.empty((len(a), len(FIELDS)), np.int8)
        chance = np.empty(len(a), np.float32)

        def part(start: int) -> None:
            end = min(start + CHUNK, len(a))
            self._chunk(a[start:end], b[start:end], codes[start:end], chance[start:end])

        starts = range(0, len(a), CHUNK)
        if len(starts) < 3:
            for start in starts:
                part(start)
        else:  # numpy and rapidfuzz let go of the interpreter lock
            with ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1)) as pool:
                list(pool.map(part, starts))
        return Levels(codes, chance)

    def _chunk(self, a: Ints, b: Ints, codes: npt.NDArray[np.int8], chance: Floats) -> None:
        likely = np.ones(len(a), bool) if self.thorough else self._likely(a, b)
        if not likely.all():
            codes[:] = (0, 0, 0, 0, 0)
            chance[:] = 0
            rows = np.flatnonzero(likely)
            some_codes, some_chance = (
                np.empty((len(rows), len(FIELDS)), np.int8),
                np.empty(len(rows), np.float32),
            )
            if len(rows):
                self._chunk(a[rows], b[rows], some_codes, some_chance)
            codes[rows], chance[rows] = some_codes, some_chance
            return
        given, given_chance = self._given(a, b)
        surname, surname_chance = self._surname(a, b)
        self._swap(a, b, given, surname)
        codes[:, 0], codes[:, 1] = given, surname
        alive = (given != 0) | (surname != 0) | self.thorough  # nothing in common in the name: the rest is not needed
        company = np.zeros(len(a), np.int8)
        company_chance = np.zeros(len(a))
        rows = np.flatnonzero(alive)
        company[rows], company_chance[rows] = self._company(a[rows], b[rows])
        codes[:, 2] = company
        place_a, place_b = self.profiles.place[a], self.profiles.place[b]
        place = np.where((place_a < 0) | (place_b < 0), 3, np.where(place_a == place_b, 2, 0)).astype(np.int8)
        unequal = np.flatnonzero((place == 0) & alive)
        if len(unequal):
            place[unequal] = (self.words.levels(place_a[unequal], place_b[unequal], self.counts.place, False) == 2) * 1
        codes[:, 3] = place
        ra, rb = self.profiles.roles[a], self.profiles.roles[b]
        same = np.zeros(len(a), bool)
        agreed = np.full(len(a), -1, np.int32)
        for i in range(2):
            for j in range(2):
                hit = (ra[:, i] >= 0) & (ra[:, i] == rb[:, j])
                agreed[hit] = ra[hit, i]
                same |= hit
        codes[:, 4] = np.where(same, 1, np.where((ra[:, 0] < 0) | (rb[:, 0] < 0), 2, 0))
        total = self.counts.total
        world = np.log(max(total, WORLD))
        place_chance = np.where(place == 2, np.log(np.maximum(self.counts.place[place_a], 1) / total), 0)
        place_chance = np.where(place == 1, np.log(1.5 / total), place_chance)
        role_chance = np.where(same, np.log(np.maximum(self.counts.role[agreed], 1) / total), 0)
        chance[:] = world + given_chance + surname_chance + company_chance + place_chance + role_chance * 0.5

    def _likely(self, a: Ints, b: Ints) -> npt.NDArray[np.bool_]:
        """False where both names differ so far that string comparison is not worth the time."""
        ga, gb = self.profiles.given[a, 0], self.profiles.given[b, 0]
        sa, sb = self.profiles.surname[a, 0], self.profiles.surname[b, 0]
        facts = self.facts
        out: npt.NDArray[np.bool_] = (
            (ga == gb) | (sa == sb) | (ga < 0) | (gb < 0) | (sa < 0) | (sb < 0) | (ga == sb) | (sa == gb)
        )
        second = (self.profiles.surname[a, 1] >= 0) | (self.profiles.surname[b, 1] >= 0)
        out |= second | (self.profiles.given[a, 1] >= 0) & (self.profiles.given[a, 1] == gb)
        out |= (self.profiles.given[b, 1] >= 0) & (self.profiles.given[b, 1] == ga)
        for fact in (facts.sound, facts.letters):
            out |= (fact[sa] == fact[sb]) | (fact[ga] == fact[gb])
        out |= (facts.prefix4[sa] == facts.prefix4[sb]) & (facts.prefix3[ga] == facts.prefix3[gb])
        return out

    def _given(self, a: Ints, b: Ints) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
        a1, a2 = self.profiles.given[a].T
        b1, b2 = self.profiles.given[b].T
        initial = self.facts.initial
        out = np.zeros(len(a), np.int8)
        equal = (a1 == b1) & (a1 >= 0)
        single_letter = equal & (initial[a1] >= 0)
        second_clash = (a2 >= 0) & (b2 >= 0) & (a2 != b2)
        letters_clash = second_clash & (self.letters[a2] != self.letters[b2])
        both_long = second_clash & (initial[a2] < 0) & (initial[b2] < 0)
        out[equal] = 7
        out[equal & ((a2 >= 0) != (b2 >= 0))] = 6
        out[equal & second_clash] = 6
        clash = np.flatnonzero(equal & both_long)
        if len(clash):
            level = self.words.levels(a2[clash], b2[clash], self.counts.given, True)
            out[clash[level == 0]] = 1
        out[equal & letters_clash & ~both_long] = 1
        out[single_letter] = 3
        crossed = ~equal & (((a1 == b2) & (a1 >= 0)) | ((b1 == a2) & (b1 >= 0)))
        out[crossed] = 5
        missing = (a1 < 0) | (b1 < 0)
        out[missing] = 8
        rest = ~equal & ~crossed & ~missing
        letter = rest & ((initial[a1] >= 0) | (initial[b1] >= 0))
        out[letter & (self.letters[a1] == self.letters[b1])] = 3
        compare = np.flatnonzero(rest & ~letter)
        if len(compare):
            level = self.words.levels(a1[compare], b1[compare], self.counts.given, True)
            out[compare] = level
            # "Hanspeter" and "Hans-Peter", "Annalena" and "Anna-Lena"
            joined = compare[(level < 4) & ((a2[compare] >= 0) != (b2[compare] >= 0))]
            if len(joined):
                glued_a, glued_b = self._glued(a1, a2, joined), self._glued(b1, b2, joined)
                out[joined[glued_a == glued_b]] = 6
        total = self.counts.total
        counts = np.maximum(np.minimum(self.counts.given[a1], self.counts.given[b1]), 1)
        chance = np.zeros(len(a))
        agree = np.isin(out, (1, 2, 4, 6, 7))
        chance[agree] = np.log(counts[agree] / total)
        chance[out == 5] = np.log(0.02)
        by_letter = out == 3
        chance[by_letter] = np.log(
            np.maximum(self.counts.initial_counts[np.minimum(self.letters[a1[by_letter]], 0x24F)], 1) / total
        )
        return out, np.minimum(chance, 0)

    def _glued(self, first: Ints, second: Ints, rows: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
        return np.asarray(self.words.strings[first[rows]] + self.words.strings[second[rows]], dtype=object)

    def _surname(self, a: Ints, b: Ints) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
        a1, a2 = self.profiles.surname[a].T
        b1, b2 = self.profiles.surname[b].T
        out = np.zeros(len(a), np.int8)
        equal = (a1 == b1) & (a2 == b2) & (a1 >= 0)
        shared = ~equal & (
            ((a1 == b1) & (a1 >= 0)) | ((a1 == b2) & (a1 >= 0)) | ((a2 == b1) & (b1 >= 0)) | ((a2 == b2) & (a2 >= 0))
        )
        out[equal] = 4
        out[shared] = 3
        missing = (a1 < 0) | (b1 < 0)
        out[missing] = 5
        compare = np.flatnonzero(~equal & ~shared & ~missing)
        if len(compare):
            level = self.words.levels(a1[compare], b1[compare], self.counts.surname, False)
            out[compare] = level
            double = compare[(level == 0) & ((a2[compare] >= 0) | (b2[compare] >= 0))]
            for x, y in ((a1, b2), (a2, b1), (a2, b2)):
                usable = double[(x[double] >= 0) & (y[double] >= 0) & (out[double] == 0)]
                if len(usable):
                    near = self.words.levels(x[usable], y[usable], self.counts.surname, False)
                    out[usable[near == 2]] = 1
        # Otto Kranz / Otto-Kranz: the first part of a double surname written as a second given name
        g_a2, g_b2 = self.profiles.given[a, 1], self.profiles.given[b, 1]
        moved = (out == 3) & (((g_a2 >= 0) & (g_a2 == b1) & (a1 == b2)) | ((g_b2 >= 0) & (g_b2 == a1) & (b1 == a2)))
        out[moved] = 4
        total = self.counts.total
        chance = np.zeros(len(a))
        counts = np.maximum(np.minimum(self.counts.surname[a1], self.counts.surname[b1]), 1)
        agree = np.isin(out, (1, 2, 4))
        chance[agree] = np.log(counts[agree] / total)
        part = np.where(a1 == b1, a1, np.where((a1 == b2), a1, np.where(a2 == b1, a2, b2)))
        hit = out == 3
        chance[hit] = np.log(np.maximum(self.counts.surname[part[hit]], 1) / total)
        return out, np.minimum(chance, 0)

    def _swap(self, a: Ints, b: Ints, given: npt.NDArray[np.int8], surname: npt.NDArray[np.int8]) -> None:
        """Mark names whose given name and surname stand in each other's place."""
        ga, gb = self.profiles.given[a, 0], self.profiles.given[b, 0]
        sa, sb = self.profiles.surname[a, 0], self.profiles.surname[b, 0]
        weak = (given <= 1) & (surname <= 1) & (ga >= 0) & (gb >= 0)
        first, second = (ga == sb), (sa == gb)
        rows = np.flatnonzero(weak & (first | second))
        if not len(rows):
            return
        for side, x, y in ((first, sa, gb), (second, ga, sb)):
            check = rows[side[rows] & (x[rows] != y[rows])]
            if len(check):
                near = self.words.levels(x[check], y[check], None, False) >= 1
                given[check[near]], surname[check[near]] = 9, 6
        both = rows[first[rows] & second[rows]]
        given[both], surname[both] = 9, 6
        if self.thorough:  # "Butt Thomas" and "Thomas Matthews": one half of the name, in the other's place
            given[rows[(given[rows] <= 1) & (surname[rows] <= 1)]] = 5

    def _company(self, a: Ints, b: Ints) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
        p = self.profiles
        ca, cb = p.core[a], p.core[b]
        out = np.zeros(len(a), np.int8)
        total = self.counts.total
        chance = np.zeros(len(a))
        equal = (ca == cb) & (ca >= 0)
        missing = (ca < 0) | (cb < 0)
        out[equal] = 6
        out[missing] = 7
        chance[equal] = np.log(np.maximum(self.counts.core[ca[equal]], 1) / total)
        rows = np.flatnonzero(~equal & ~missing)
        if not len(rows):
            return out, chance
        ca, cb = ca[rows], cb[rows]
        low, high = np.minimum(ca, cb).astype(np.int64), np.maximum(ca, cb).astype(np.int64)
        _, first, inverse = np.unique(low * self.words.size + high, return_index=True, return_inverse=True)
        level, rarest = self._core_pairs(a[rows[first]], b[rows[first]])
        out[rows] = level[inverse.reshape(-1)]
        chance[rows] = rarest[inverse.reshape(-1)]
        return out, chance

    def _core_pairs(self, a: Ints, b: Ints) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
        """Compare unequal company cores, one row a distinct pair."""
        p = self.profiles
        ta, tb = p.tokens[a], p.tokens[b]
        total = self.counts.total
        in_b = np.zeros(ta.shape, bool)
        for at in range(tb.shape[1]):
            in_b |= (ta == tb[:, at : at + 1]) & (ta >= 0)
        shared = in_b.sum(axis=1)
        size_a, size_b = (ta >= 0).sum(axis=1), (tb >= 0).sum(axis=1)
        freq = np.where(in_b, np.maximum(self.counts.token[ta], 1), np.inf).min(axis=1)
        rare = freq <= max(12.0, 0.0015 * total)
        out = np.zeros(len(a), np.int8)
        out[shared > 0] = 1
        out[(shared > 0) & rare] = 2
        distance = self.words.slips(p.core[a], p.core[b])
        short = np.minimum(self.words.lengths[p.core[a]], self.words.lengths[p.core[b]])
        fuzzy = ((distance == 1) & (short >= 4)) | ((distance == 2) & (short >= 8)) | ((distance == 3) & (short >= 14))
        out[fuzzy] = 3
        part = (shared > 0) & (shared == np.minimum(size_a, size_b)) & (rare | (ta[:, 0] == tb[:, 0]))
        out[part] = 5
        # a slip in the first word of a name that is a part of the other: "Reinr" and "Reiner Steuerberatung"
        head = np.flatnonzero((out == 0) & (np.minimum(size_a, size_b) == 1) & (ta[:, 0] >= 0) & (tb[:, 0] >= 0))
        if len(head):
            near = self.words.levels(ta[head, 0], tb[head, 0], self.counts.token, False) == 2
            out[head[near]] = 3
        acronym = ((p.acronym[a] >= 0) & ((p.acronym[a] == p.core[b]) | (p.acronym[a] == p.acronym[b]))) | (
            (p.acronym[b] >= 0) & (p.acronym[b] == p.core[a])
        )
        out[acronym & (out < 5)] = 4
        if self.thorough:
            self._runs_together(p.core[a], p.core[b], out)
        chance = np.where(
            np.isin(out, (1, 2, 5)) & np.isfinite(freq),
            np.log(np.where(np.isfinite(freq), freq, 1) / total),
            0,
        )
        chance = np.where(np.isin(out, (3, 4)), np.log(3.0 / total), chance)
        return out, np.minimum(chance, 0)

    def _runs_together(self, core_a: Ints, core_b: Ints, out: npt.NDArray[np.int8]) -> None:
        """Raise the level of texts that are alike as one run of letters: "12 Muellerstreet", "12 Mueler Street West"."""
        rows = np.flatnonzero(out < 5)
        if not len(rows):
            return
        run = np.array([w.replace(" ", "") for w in self.words.strings], dtype=object)
        a, b = run[core_a[rows]], run[core_b[rows]]
        whole = cpdist(a, b, scorer=fuzz.ratio, dtype=np.float32, score_cutoff=70)
        inside = cpdist(a, b, scorer=fuzz.partial_ratio, dtype=np.float32, score_cutoff=80)
        long = np.minimum(self.words.lengths[core_a[rows]], self.words.lengths[core_b[rows]]) >= 8
        level = out[rows]
        level = np.where((level < 2) & long & ((whole >= 75) | (inside >= 80)), 2, level)
        level = np.where((level < 5) & long & (inside >= 92), 5, level)
        level = np.where((level < 3) & long & (whole >= 88), 3, level)
        out[rows] = level
