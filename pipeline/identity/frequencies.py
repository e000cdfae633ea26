"""How common words are, as given names, surnames, companies, towns, roles: rare agreement says more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.identity.arrays import Ints
from pipeline.identity.profiles import Profiles
from pipeline.identity.vocabulary import names


@dataclass
class Frequencies:
    """How many profiles have each word as given name, surname, company, token, place, role; `total` profiles.

    Arrays are addressed by word code, the last element stands for missing.
    """

    total: float
    given: npt.NDArray[np.float64]
    surname: npt.NDArray[np.float64]
    core: npt.NDArray[np.float64]
    token: npt.NDArray[np.float64]
    place: npt.NDArray[np.float64]
    role: npt.NDArray[np.float64]
    initial: dict[int, float]

    @cached_property
    def initial_counts(self) -> npt.NDArray[np.float64]:
        """Counts of given names by first letter, addressed by code point (up to 0x250)."""
        out = np.ones(0x250)
        for letter, count in self.initial.items():
            if letter < len(out):
                out[letter] = max(count, 1.0)
        return out


# Weight of the shipped name ranks, in profiles: with few data the shipped order decides, with many the data do.
PRIOR_PROFILES = 2_000.0


def frequencies(profiles: Profiles, known: dict[str, dict[str, float]] | None = None, total: float = 0) -> Frequencies:
    """Count the words of `profiles`, add `known` counts (kind -> word -> count) and the shipped name ranks."""
    strings = profiles.words.strings
    size = len(strings) + 1

    def count(*columns: Ints) -> npt.NDArray[np.float64]:
        out = np.zeros(size)
        for column in columns:
            out += np.bincount(np.where(column < 0, size - 1, column), minlength=size)
        out[-1] = 0
        return out

    tables = {
        "given": count(profiles.given[:, 0], profiles.given[:, 1]),
        "surname": count(profiles.surname[:, 0], profiles.surname[:, 1]),
        "core": count(profiles.core),
        "token": count(*(profiles.tokens[:, at] for at in range(profiles.tokens.shape[1]))),
        "place": count(profiles.place),
        "role": count(profiles.roles[:, 0]),
    }
    codes = profiles.words.codes
    for kind, counts in (known or {}).items():
        for word, extra in counts.items():
            at = codes.get(word, -1)
            if at >= 0:
                tables[kind][at] += extra
    vocabulary = names()
    for kind, ranks in (("given", vocabulary.given_rank), ("surname", vocabulary.surname_rank)):
        for word, rank in ranks.items():
            at = codes.get(word, -1)
            if at >= 0:  # Zipf with an offset: the commonest name has about 1 %
                tables[kind][at] += PRIOR_PROFILES * (0.35 if kind == "given" else 0.2) / (rank + 20.0)
    letters = profiles.words.first_letters()
    initial: dict[int, float] = {}
    sums = np.bincount(letters[:-1], weights=tables["given"][:-1], minlength=1) if size > 1 else np.zeros(1)
    for letter in np.flatnonzero(sums).tolist():
        initial[letter] = float(sums[letter])
    return Frequencies(
        float(len(profiles)) + total + PRIOR_PROFILES, tables["given"], tables["surname"], tables["core"], tables["token"],
        tables["place"], tables["role"], initial,
    )  # fmt: skip
