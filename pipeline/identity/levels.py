"""What two profiles can have in common, one level a field; the order of the levels is part of the weights file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.identity.arrays import Floats

GIVEN = (
    "conflict",
    "similar",
    "fuzzy",
    "initial",
    "nickname",
    "crossed",
    "partial",
    "exact",
    "missing",
    "swapped",
)
SURNAME = ("conflict", "similar", "fuzzy", "shared part", "exact", "missing", "swapped")
COMPANY = ("conflict", "shared common word", "shared word", "fuzzy", "acronym", "part", "exact", "missing")
PLACE = ("conflict", "fuzzy", "exact", "missing")
ROLE = ("different", "same", "missing")
FIELDS = (("given", GIVEN), ("surname", SURNAME), ("company", COMPANY), ("place", PLACE), ("role", ROLE))


@dataclass
class Levels:
    """Levels of each pair (columns as FIELDS) and `chance`: ln of the namesakes to expect by chance."""

    codes: npt.NDArray[np.int8]
    chance: Floats
