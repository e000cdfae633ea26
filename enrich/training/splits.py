"""The fixed split of the written corpora, shared by training, the linker and every evaluation."""

import hashlib
from typing import Final

FIFTHS: Final = 5


def fold(doc_id: str) -> int:
    """The fold 0-4 of a written piece, from a hash of its id: the same on every machine and for ever."""
    digest = hashlib.sha256(doc_id.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") % FIFTHS


def held_back(doc_id: str) -> bool:
    """True for the fifth of `written_de` that no shipped weight or rule may be trained on.

    Pieces in `data/training` are all for training; only the ids of the written corpora are split.
    """
    return fold(doc_id) == 0
