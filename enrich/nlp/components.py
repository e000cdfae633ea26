"""Door Opener's spaCy components: `nlp(text)._.leads` on any pipeline that finds people and organisations."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from enrich.nlp.linking import Lead, link, read_scene
from enrich.nlp.scene import Scene
from enrich.records import Trigger

for _name in ("leads", "roles", "triggers"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=())
_SCENE = "door_opener_scene"
_BODY = "door_opener_body"


def set_body(doc: Doc, start: int) -> None:
    """Tell where the text of a document begins behind its headline, which is read but gives no evidence."""
    doc.user_data[_BODY] = start


def scene_of(doc: Doc) -> Scene:
    """Return the document as the linker reads it, read once."""
    found: Any = doc.user_data.get(_SCENE)
    if found is None:
        entities = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
        found = doc.user_data[_SCENE] = read_scene(doc.text, entities, doc.lang_, body_of(doc))
    assert isinstance(found, Scene)
    return found


def forget_scene(doc: Doc) -> None:
    """Drop what `scene_of` keeps, so that the document can be pickled and its memory is free."""
    doc.user_data.pop(_SCENE, None)


def body_of(doc: Doc) -> int:
    """Return where the text of a document begins behind its headline; 0 without one."""
    return int(doc.user_data.get(_BODY, 0))


@Language.factory("role_matcher")
class RoleMatcher:
    """Sets `doc._.roles`: (start, end, text, level) of every role, offsets in characters."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        scene = scene_of(doc)
        reading = scene.reading
        doc._.roles = tuple(
            (reading.starts[r.first], reading.ends[r.last - 1], reading.span_text(r.first, r.last), r.level)
            for r in scene.roles
        )
        return doc


@Language.factory("lead_linker", default_config={"explain": False})
class LeadLinker:
    """Sets `doc._.leads`: people tied to organisations (`enrich.nlp.Lead`), in the order of the text.

    `explain`: also tell which features moved the confidence (`Lead.why`).
    """

    def __init__(self, nlp: Language, name: str, explain: bool) -> None:
        self.name = name
        self._explain = explain

    def __call__(self, doc: Doc) -> Doc:
        doc._.leads = tuple(link(scene_of(doc), explain=self._explain))
        return doc


@Language.factory("trigger_classifier")
class TriggerClassifier:
    """Sets `doc._.triggers`: the reason of each lead, in the order of `doc._.leads`."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        leads: tuple[Lead, ...] = doc._.leads
        triggers: tuple[Trigger, ...] = tuple(lead.trigger for lead in leads)
        doc._.triggers = triggers
        forget_scene(doc)
        return doc
