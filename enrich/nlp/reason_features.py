"""What tells why a lead is in the news, and whether the person still holds the role."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from enrich.nlp.pair_features import Pair, Row
from enrich.nlp.reason_cues import Told, add_cues, add_topic
from enrich.nlp.scene import Scene

_MAX_SENTENCES = 6  # of a person or an organisation that are read for reasons
_WORD_SENTENCES = 4  # of those whose words are read one by one
_WINDOW = 6  # tokens beside a person whose words count for themselves
_STEM = 6  # letters of a word that tell it from others
_WORD = 0.5  # value of a word's feature: less than a class of words, which more pieces have told
_LONG_SENTENCE = 200  # tokens of one that are read
_MAX_NAMES = 30  # places of one name that are looked at
_DOCUMENT = 40  # sentences from the beginning that tell what the text is about


def sentences_of(scene: Scene, firsts: Sequence[int]) -> list[int]:
    """Return the sentences that hold these tokens, in order, at most six."""
    return list(dict.fromkeys(scene.reading.sentence[i] for i in firsts))[:_MAX_SENTENCES]


def reason_row(scene: Scene, told: Told, pair: Pair, role: int | None) -> Row:
    """Return the features of one lead: what its sentences, its neighbourhood and the opening of the text tell."""
    reading = scene.reading
    person = scene.names.people[pair.person]
    organisation = scene.names.organisations[pair.organisation]
    mine = sentences_of(scene, [n.first for n in person.names])
    theirs = sentences_of(scene, [n.first for n in organisation.names])
    row: Row = {}
    for sentence in mine:
        places = [n.first for n in person.names if reading.sentence[n.first] == sentence]
        for token, name in scene_hits(told, sentence):
            row[f"own_{name}"] = 1.0
            near = min((abs(token - place) for place in places), default=99)
            if near <= 8:
                row[f"near_{name}"] = 1.0
            side = "after" if token > places[0] else "before"
            row[f"{side}_{name}"] = 1.0
        for following in (sentence + 1,):
            if following < len(reading.bounds) and following not in mine:
                for _, name in scene_hits(told, following):
                    row[f"next_{name}"] = 1.0
        if sentence > 0 and sentence - 1 not in mine:
            for _, name in scene_hits(told, sentence - 1):
                row[f"previous_{name}"] = 1.0
    for sentence in theirs:
        for _, name in scene_hits(told, sentence):
            row[f"org_{name}"] = 1.0
    for sentence in range(min(2, len(reading.bounds))):
        for _, name in scene_hits(told, sentence):
            row[f"first_{name}"] = 1.0
    quoted = any(any(reading.quoted[i] for i in range(*reading.bounds[sentence])) for sentence in mine)
    says = any(scene.has_class(i, "say") for n in person.names[:_MAX_SENTENCES] for i in range(n.first - 3, n.last + 4))
    row["quoted"], row["says"], row["quoted_says"] = float(quoted), float(says), float(quoted and says)
    row["names"] = min(4.0, float(len(person.names)))
    row["people"] = min(9.0, len(scene.names.people)) / 5.0
    row["orgs"] = min(9.0, len(scene.names.organisations)) / 5.0
    row["short"] = float(len(reading.bounds) <= 3)
    row["opens"] = float(mine[0] == 0) if mine else 0.0
    row["org_opens"] = float(bool(theirs) and theirs[0] == 0)
    for key in ("person_place", "role_negative", "kind_company", "kind_public", "kind_club",
                "kind_association", "kind_party", "kind_media", "kind_education", "level_owner", "level_executive", "level_board",
                "level_spokesperson", "level_specialist", "level_head", "surname_shared"):  # fmt: skip
        row[key] = pair.row.get(key, 0.0) / (4.0 if key == "person_place" else 1.0)
    row["has_role"] = float(role is not None)
    _add_subject(row, told, pair)
    add_cues(scene, told, pair, row)
    add_topic(scene, told, pair, row)
    for key in words_told(scene, pair) | phrases_told(scene, pair, role):
        row[key] = _WORD
    return row


def _add_subject(row: Row, told: Told, pair: Pair) -> None:
    """What the whole text tells, and whether the organisation is the one that it is about."""
    for sentence in range(min(_DOCUMENT, len(told.scene.reading.bounds))):
        for _, name in told.at(sentence):
            row[f"doc_{name}"] = 1.0
    main = pair.row.get("org_main", 0.0)
    if main:
        row.update({f"main_{key}": value for key, value in row.items() if key.startswith(("doc_", "first_"))})
    row["org_main"], row["org_share"] = main, pair.row.get("org_share", 0.0)
    row["org_place"] = pair.row.get("org_place", 0.0) / 4.0
    row["apart"] = abs(pair.row.get("apart", 0.0)) / 3.0
    row["same_sentence"] = pair.row.get("same_sentence", 0.0)
    row["orgs_rank"] = pair.row.get("orgs_rank", 0.0) / 4.0
    row["role_tie"] = pair.row.get("role_tie", 0.0) / 3.0
    row["person_names"] = pair.row.get("person_names", 0.0) / 3.0


def words_told(scene: Scene, pair: Pair) -> set[str]:
    """Return the words, cut to their stem, beside the person, in the sentences of both names and in the first one."""
    reading = scene.reading
    person, organisation = scene.names.people[pair.person], scene.names.organisations[pair.organisation]
    ours = sorted({reading.sentence[n.first] for n in person.names[:_MAX_NAMES]})[:_WORD_SENTENCES]
    theirs = sorted({reading.sentence[n.first] for n in organisation.names[:_MAX_NAMES]})[:_WORD_SENTENCES]
    found: set[str] = set()
    for prefix, sentences in (("s:", ours), ("o:", theirs), ("f:", [0])):
        for sentence in sentences:
            first, last = reading.bounds[sentence]
            last = min(last, first + _LONG_SENTENCE)
            found.update(prefix + reading.lowers[i][:_STEM] for i in range(first, last) if scene.name_at[i] < 0)
    name = pair.person_name
    first, last = reading.bounds[reading.sentence[name.first]]
    for i in (*range(max(first, name.first - _WINDOW), name.first), *range(name.last, min(last, name.last + _WINDOW))):
        if scene.name_at[i] < 0:
            found.add("w:" + reading.lowers[i][:_STEM])
    return found


def phrases_told(scene: Scene, pair: Pair, role: int | None) -> set[str]:
    """Return neighbouring stems in the person's sentences, with this person, organisation and role as such.

    "k:" is a pair with one word between, where this lead has a part in it.
    """
    reading = scene.reading
    found: set[str] = set()
    mine = dict.fromkeys(reading.sentence[n.first] for n in scene.names.people[pair.person].names[:_MAX_NAMES])
    for sentence in list(mine)[:_WORD_SENTENCES]:
        first, last = reading.bounds[sentence]
        told: list[str] = []
        for i in range(first, min(last, first + _LONG_SENTENCE)):
            word = _symbol(scene, pair, role, i)
            if not (word[0] == "<" and told and told[-1] == word):
                told.append(word)
        found.update(f"b:{one} {two}" for one, two in itertools.pairwise(told))
        found.update(f"k:{one} {two}" for one, two in zip(told, told[2:], strict=False) if one in _OURS or two in _OURS)
    return found


_OURS = ("<person>", "<organisation>", "<role>")


def _symbol(scene: Scene, pair: Pair, role: int | None, i: int) -> str:
    """Return the stem of a token, or what it is part of."""
    if scene.name_at[i] >= 0:
        name = scene.names.spans[scene.name_at[i]]
        ours = (name.label, name.cluster) in (("PER", pair.person), ("ORG", pair.organisation))
        return (_OURS[0] if name.label == "PER" else _OURS[1]) if ours else f"<{name.label}>"
    if scene.role_at[i] >= 0:
        return _OURS[2] if scene.role_at[i] == role else "<another role>"
    return scene.reading.lowers[i][:_STEM]


def scene_hits(told: Told, sentence: int) -> list[tuple[int, str]]:
    """Return the reasons told in a sentence."""
    return told.at(sentence)


def former_row(scene: Scene, told: Told, pair: Pair, role: int | None) -> Row:
    """Return the features that tell whether the person has left: words before role and name, verbs of leaving."""
    reading = scene.reading
    row: Row = dict(pair.row)
    name, org = pair.person_name, pair.organisation_name
    for prefix, first, last in (
        ("n", name.first, name.last), ("o", org.first, org.last),
        *((("r", scene.roles[role].first, scene.roles[role].last),) if role is not None else ()),
    ):  # fmt: skip
        sentence = reading.sentence[first]
        for back in range(1, 6):
            at = first - back
            if at >= 0 and reading.sentence[at] == sentence:
                for code in scene.codes[at]:
                    key = f"{prefix}{1 if back == 1 else 2 if back < 4 else 5}_{scene.class_names[code]}"
                    row[key] = 1.0
        for ahead in range(last, min(len(reading), last + 6)):
            if reading.sentence[ahead] == sentence:
                for code in scene.codes[ahead]:
                    row[f"{prefix}a_{scene.class_names[code]}"] = 1.0
    for token, reason in told.at(reading.sentence[name.first]):
        if reason in ("departure", "succession", "appointment", "promotion"):
            side = "after" if token >= name.last else "before"
            row[f"told_{side}_{reason}"] = 1.0
            if abs(token - name.first) <= 6:
                row[f"told_near_{reason}"] = 1.0
            low, high = sorted((token, org.first))
            if not any(low < n < high for n in (name.first,)):
                row[f"told_org_{reason}"] = 1.0
    return row
