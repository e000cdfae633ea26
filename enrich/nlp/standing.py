"""How an organisation stands in the text around a person: subject or object, opening or in passing, alone or not."""

from __future__ import annotations

import bisect
import itertools

from enrich.nlp.names import Name
from enrich.nlp.scene import Scene

_MOST = 4.0  # counts above are not told apart
_SUBJECT = 3  # tokens from a sentence's beginning on which its subject mostly begins


class Standing:
    """The organisations of a document by sentence; `row` gives the features of one beside one name of a person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._by_sentence: dict[int, list[Name]] = {}
        self._different: dict[int, int] = {}  # organisations of a sentence
        self._places: dict[int, tuple[list[int], list[int]]] = {}
        for name in scene.names.spans:
            if name.label == "ORG":
                self._by_sentence.setdefault(scene.reading.sentence[name.first], []).append(name)
        for sentence, found in self._by_sentence.items():
            self._different[sentence] = len({n.cluster for n in found})

    def row(self, organisation: int, person: Name, name: Name) -> dict[str, float]:
        """Return how the organisation stands: `name` is its place nearest to `person`."""
        reading = self._scene.reading
        firsts, subjects = self._told(organisation)
        before = bisect.bisect_left(firsts, person.first)
        mine = self._by_sentence[reading.sentence[name.first]]
        row = {
            "org_before": min(_MOST, before),
            "org_subject": min(_MOST, subjects[before]),
            "org_opens": float(self._opens(name)),
            "org_first_of_sentence": float(mine[0].cluster == organisation),
            "org_last_of_sentence": float(mine[-1].cluster == organisation),
            "org_with_others": min(_MOST, self._different[reading.sentence[name.first]]),
        }
        at = reading.sentence[person.first]
        for back in range(1, 4):
            earlier = self._by_sentence.get(at - back)
            if earlier:
                row["previous_first"] = float(earlier[0].cluster == organisation)
                row["previous_last"] = float(earlier[-1].cluster == organisation)
                row["previous_only"] = float(earlier[0].cluster == organisation and self._different[at - back] == 1)
                break
        here = self._by_sentence.get(at)
        row["here_none"] = float(not here)
        return row

    def _told(self, organisation: int) -> tuple[list[int], list[int]]:
        """Return where an organisation is named, and how often as a subject before each of these places and the end."""
        known = self._places.get(organisation)
        if known is None:
            names = self._scene.names.organisations[organisation].names
            counts = [0, *itertools.accumulate(int(self._opens(n)) for n in names)]
            known = self._places[organisation] = ([n.first for n in names], counts)
        return known

    def _opens(self, name: Name) -> bool:
        reading = self._scene.reading
        return name.first - reading.bounds[reading.sentence[name.first]][0] < _SUBJECT
