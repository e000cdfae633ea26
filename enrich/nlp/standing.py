"""How an organisation stands in the text around a person: subject or object, opening or in passing, alone or not."""

from __future__ import annotations

from enrich.nlp.names import Name
from enrich.nlp.scene import Scene

_MOST = 4.0  # counts above are not told apart
_SUBJECT = 3  # tokens from a sentence's beginning on which its subject mostly begins


class Standing:
    """The organisations of a document by sentence; `row` gives the features of one beside one name of a person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._by_sentence: dict[int, list[Name]] = {}
        for name in scene.names.spans:
            if name.label == "ORG":
                self._by_sentence.setdefault(scene.reading.sentence[name.first], []).append(name)

    def row(self, organisation: int, person: Name, name: Name) -> dict[str, float]:
        """Return how the organisation stands: `name` is its place nearest to `person`."""
        reading = self._scene.reading
        names = self._scene.names.organisations[organisation].names
        before = [n for n in names if n.first < person.first]
        mine = self._by_sentence[reading.sentence[name.first]]
        row = {
            "org_before": min(_MOST, len(before)),
            "org_subject": min(_MOST, sum(self._opens(n) for n in before)),
            "org_opens": float(self._opens(name)),
            "org_first_of_sentence": float(mine[0].cluster == organisation),
            "org_last_of_sentence": float(mine[-1].cluster == organisation),
            "org_with_others": min(_MOST, len({n.cluster for n in mine})),
        }
        at = reading.sentence[person.first]
        for back in range(1, 4):
            earlier = self._by_sentence.get(at - back)
            if earlier:
                row["previous_first"] = float(earlier[0].cluster == organisation)
                row["previous_last"] = float(earlier[-1].cluster == organisation)
                row["previous_only"] = float({n.cluster for n in earlier} == {organisation})
                break
        here = self._by_sentence.get(at)
        row["here_none"] = float(not here)
        return row

    def _opens(self, name: Name) -> bool:
        reading = self._scene.reading
        return name.first - reading.bounds[reading.sentence[name.first]][0] < _SUBJECT
