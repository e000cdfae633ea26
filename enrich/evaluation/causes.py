"""Where the linker loses and invents leads: `python -m enrich.evaluation --causes`.

Every gold lead that was not found and every lead that is not in the gold falls under exactly one cause, in the order in
which the stages run: names, candidates, the choice of people and organisations, the role's wording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language

from enrich.evaluation import baselines
from enrich.evaluation.corpora import Corpus, lead_corpora
from enrich.evaluation.lead_scores import Lead, same_company, same_pair, same_person, same_role, score
from enrich.nlp.linking import held_roles, link, organisation_kinds, read_scene
from enrich.nlp.pair_features import pairs
from enrich.nlp.pieces import Piece, read_pieces
from enrich.nlp.scene import Scene
from enrich.nlp.weights import weights
from enrich.training.splits import held_back

Entities = Sequence[tuple[int, int, str]]

MISSED = (
    "person not recognised", "organisation not recognised", "only a shorter form of the organisation", "no candidate",
    "person dropped", "other organisation chosen", "further organisation dropped",
)  # fmt: skip
FALSE = ("no person of the gold", "person without organisation", "wrong organisation", "further organisation")
ROLES = ("role not read", "role not tied to the person", "other role chosen", "role told, gold has none")


@dataclass(slots=True)
class Causes:
    """Counts by cause, each with its examples ("document: person | role | organisation")."""

    name: str
    gold: int = 0
    found: int = 0
    matched: int = 0
    reachable: int = 0  # gold leads whose person and organisation are a candidate pair
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    pair_f: float = 0.0
    role_f: float = 0.0

    def add(self, cause: str, doc: str, lead: Lead) -> None:
        """Book one lead under a cause."""
        self.counts[cause] += 1
        told = f"{doc}: {lead['person']} | {lead.get('role')} | {lead.get('company')}"
        self.examples.setdefault(cause, []).append(told)


def causes(
    name: str,
    language: str,
    texts: Mapping[str, str],
    gold: Mapping[str, Sequence[Lead]],
    entities: Mapping[str, Entities],
) -> Causes:
    """Link texts with the given entities and tell the cause of each mistake."""
    table = Causes(name)
    found: dict[str, list[Lead]] = {}
    for doc, text in texts.items():
        scene = read_scene(text, entities[doc], language)
        found[doc] = [
            {"person": x.person, "role": x.role, "company": x.company, "former": x.former} for x in link(scene)
        ]
        _missed(table, doc, scene, gold[doc], found[doc])
        _false(table, doc, scene, gold[doc], found[doc])
    result = score(gold, found)
    table.pair_f, table.role_f = result["pair"]["f"], result["pair_role"]["f"]
    return table


def _candidates(scene: Scene) -> set[tuple[int, int]]:
    held = held_roles(scene, weights(scene.language)) if scene.names.organisations else {}
    return {(p.person, p.organisation) for p in pairs(scene, held, organisation_kinds(scene))}


def _missed(table: Causes, doc: str, scene: Scene, gold: Sequence[Lead], found: Sequence[Lead]) -> None:
    candidates = _candidates(scene)
    names = scene.names
    for lead in gold:
        table.gold += 1
        people = [i for i, p in enumerate(names.people) if same_person(lead["person"], p.name)]
        orgs = [i for i, o in enumerate(names.organisations) if same_company(lead["company"], o.name)]
        table.reachable += any((p, o) in candidates for p in people for o in orgs)
        hit = next((x for x in found if same_pair(lead, x)), None)
        if hit is not None:
            table.matched += 1
            if not same_role(lead.get("role"), hit.get("role")):
                _role(table, doc, scene, lead, hit)
            continue
        told = [x for x in found if same_person(lead["person"], x["person"])]
        if not people:
            cause = MISSED[0]
        elif not orgs:
            parts = any(same_company(lead["company"], n.text) for o in names.organisations for n in o.names)
            cause = MISSED[2 if parts else 1]
        elif not any((p, o) in candidates for p in people for o in orgs):
            cause = MISSED[3]
        elif not told:
            cause = MISSED[4]
        else:
            right = any(same_pair(other, x) for other in gold for x in told)
            cause = MISSED[6 if right else 5]
        table.add(cause, doc, lead)


def _role(table: Causes, doc: str, scene: Scene, lead: Lead, hit: Lead) -> None:
    if not lead.get("role"):
        cause = ROLES[3]
    elif not any(same_role(lead["role"], scene.reading.span_text(r.first, r.last)) for r in scene.roles):
        cause = ROLES[0]
    else:
        cause = ROLES[2 if hit.get("role") else 1]
    table.add(cause, doc, {**lead, "role": f"{lead.get('role')} (told: {hit.get('role')})"})


def _false(table: Causes, doc: str, scene: Scene, gold: Sequence[Lead], found: Sequence[Lead]) -> None:
    for lead in found:
        table.found += 1
        if any(same_pair(other, lead) for other in gold):
            continue
        mine = [other for other in gold if same_person(other["person"], lead["person"])]
        if mine:
            right = any(same_pair(other, x) for other in mine for x in found)
            table.add(FALSE[3 if right else 2], doc, lead)
        else:
            table.add(FALSE[0 if len(lead["person"].split()) < 2 else 1], doc, lead)


def measure_causes(shared: Path, nlp: Language, language: str) -> list[Causes]:
    """Tell the causes for each corpus of a language; the written pieces also with the entities of the gold."""
    plain = baselines.bare(nlp)
    found = []
    for corpus in lead_corpora(shared):
        if corpus.language == language:
            found.append(causes(corpus.name, language, corpus.texts, corpus.gold, _recognised(plain, corpus)))
    path = shared / "corpora" / f"written_{language}" / "pieces.jsonl"
    if path.exists():
        pieces = [piece for piece in read_pieces([path]) if held_back(piece.doc)]
        found.append(causes_of_pieces(f"written_{language}, gold entities", language, pieces))
    return found


def _recognised(plain: Language, corpus: Corpus) -> dict[str, Entities]:
    docs = plain.pipe(corpus.texts.values())
    return {
        name: [(e.start_char, e.end_char, e.label_) for e in doc.ents]
        for name, doc in zip(corpus.texts, docs, strict=True)
    }


def causes_of_pieces(name: str, language: str, pieces: Iterable[Piece]) -> Causes:
    """Tell the causes on annotated pieces with their own entities: what is lost although all names are known."""
    kept = list(pieces)
    return causes(
        name, language, {p.doc: p.text for p in kept}, {p.doc: p.leads for p in kept},
        {p.doc: [e[:3] for e in p.entities if e[2] != "ROLE"] for p in kept},
    )  # fmt: skip
