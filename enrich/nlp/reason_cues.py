"""Which told reason belongs to which person: cues of triggers by clause, by nearness and by who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from enrich.nlp.names import Name
from enrich.nlp.pair_features import Pair, Row
from enrich.nlp.scene import Scene, shape
from enrich.nlp.vocabulary import reason_words, reasons

_SPEECH_REACH = 7  # tokens between a name and its verb of saying
_NAMED = 12  # places of a person that are looked at
_TOPIC = 60  # sentences from the beginning that tell what a text is about
_LONG = 6  # sentences from which on a text is one of a page and not a note
_COMPANY_NEWS = frozenset(("insolvency", "layoffs", "voting_rights", "founding", "acquisition", "funding", "expansion", "award",
                           "anniversary", "results"))  # fmt: skip
_BREAKS = frozenset(",;:–—()")  # a clause ends here
_LISTED = frozenset("CUR()OdAVBIT/")  # between people who are told of together
_ACCORDING = frozenset(("laut", "zufolge", "so", "according", "gegenüber"))
_PRONOUNS = frozenset(("er", "sie", "he", "she", "sein", "seine", "ihr", "ihre", "his", "her", "ihm", "ihn"))


@dataclass(slots=True)
class Told:
    """Reasons told, per sentence: (token, name of the reason)."""

    by_sentence: dict[int, list[tuple[int, str]]]
    scene: Scene

    def at(self, sentence: int) -> list[tuple[int, str]]:
        """Return the hits in a sentence; read on demand, because most sentences name nobody."""
        if sentence not in self.by_sentence:
            first, last = self.scene.reading.bounds[sentence]
            names = [reason.name for reason in reasons()]
            hits = reason_words(self.scene.language).scan(self.scene.reading.lowers[first:last])
            self.by_sentence[sentence] = [(first + position, names[number]) for position, number in hits]
        return self.by_sentence[sentence]


def companions(scene: Scene, number: int, sentence: int) -> set[int]:
    """Return the people told of together with a person in a sentence ("Anna Koch und Ben Roth"), the person included."""
    first, last = scene.reading.bounds[sentence]
    people = [n for n in scene.names.spans if n.label == "PER" and first <= n.first < last]
    places = [i for i, n in enumerate(people) if n.cluster == number]
    found = {number}
    for place in places[:2]:
        for step in (-1, 1):
            at = place
            while 0 <= at + step < len(people):
                one, two = sorted((people[at], people[at + step]), key=lambda n: n.first)
                if not set(shape(scene, one.last, two.first)) <= _LISTED:
                    break
                at += step
                found.add(people[at].cluster)
    return found


def add_cues(scene: Scene, told: Told, pair: Pair, row: Row) -> None:
    """Add to a lead's row which cues in the sentences of its names are nearest to it, and who speaks."""
    reading = scene.reading
    person = scene.names.people[pair.person]
    organisation = scene.names.organisations[pair.organisation]
    mine: dict[int, list[Name]] = {}
    for name in person.names[:_NAMED]:
        mine.setdefault(reading.sentence[name.first], []).append(name)
    theirs = {reading.sentence[name.first] for name in organisation.names[:_NAMED]}
    listed = 1
    for sentence, names in mine.items():
        first, last = reading.bounds[sentence]
        here = [n for n in _spans(scene, first, last) if n.label == "PER"]
        group = companions(scene, pair.person, sentence)
        listed = max(listed, len(group))
        for token, reason in told.at(sentence):
            place = min(names, key=lambda n: _apart(n, token))
            rival = min((_apart(n, token) for n in here if n.cluster not in group), default=99)
            mine_too = min(_apart(n, token) for n in here if n.cluster in group)
            side = "before" if token < place.first else "after"
            if mine_too <= rival:
                row[f"mine_{reason}"] = 1.0
                row[f"mine_{side}_{reason}"] = 1.0
            else:
                row[f"rival_{reason}"] = 1.0
            if not _broken(reading.words, place, token):
                row[f"clause_{reason}"] = 1.0
            if sentence in theirs:
                row[f"both_{reason}"] = 1.0
        _add_following(scene, told, sentence + 1, mine, row)
    row["listed"] = min(4.0, listed) / 2.0
    _add_organisation(scene, told, organisation.names[:_NAMED], mine, row)
    _add_speech(scene, pair, mine, row)


def _add_following(scene: Scene, told: Told, sentence: int, mine: dict[int, list[Name]], row: Row) -> None:
    """A sentence that goes on about the person by a pronoun: "Sie folgt auf ...", "He joined in 2010"."""
    reading = scene.reading
    if sentence >= len(reading.bounds) or sentence in mine:
        return
    first, last = reading.bounds[sentence]
    opening = reading.lowers[first : first + 4]
    aged = any(word.endswith(("jährige", "jähriger")) for word in reading.lowers[first : first + 5])
    if not (aged or any(word in _PRONOUNS for word in opening)):
        return
    row["goes_on"] = 1.0
    for _, reason in told.at(sentence):
        row[f"pronoun_{reason}"] = 1.0
    if any(reading.quoted[i] for i in range(first, last)) and any(
        scene.has_class(i, "say") for i in range(first, last)
    ):
        row["pronoun_says"] = 1.0


def _add_organisation(scene: Scene, told: Told, names: Sequence[Name], mine: dict[int, list[Name]], row: Row) -> None:
    """Cues in sentences of the organisation alone, and whether another one is nearer to them."""
    reading = scene.reading
    for name in names:
        sentence = reading.sentence[name.first]
        first, last = reading.bounds[sentence]
        rivals = [n for n in _spans(scene, first, last) if n.label == "ORG" and n.cluster != name.cluster]
        for token, reason in told.at(sentence):
            if min((_apart(n, token) for n in rivals), default=99) < _apart(name, token):
                row[f"else_{reason}"] = 1.0
            else:
                row[f"firm_{reason}"] = 1.0
                if sentence not in mine:
                    row[f"alone_{reason}"] = 1.0


def _add_speech(scene: Scene, pair: Pair, mine: dict[int, list[Name]], row: Row) -> None:
    """Whether the person speaks, in how many of the sentences that name the person, and in quotation marks or not."""
    reading = scene.reading
    speaks = quotes = 0
    for sentence, names in mine.items():
        first, last = reading.bounds[sentence]
        said = False
        for name in names:
            low, high = max(first, name.first - _SPEECH_REACH), min(last, name.last + _SPEECH_REACH)
            for at in (*range(name.first - 1, low - 1, -1), *range(name.last, high)):
                if scene.has_class(at, "say") and not _person_between(scene, name, at):
                    said = True
                    row["speaks_before" if at < name.first else "speaks_after"] = 1.0
                elif reading.lowers[at] in _ACCORDING and abs(at - name.first) <= 4:
                    said = True
                    row["according"] = 1.0
        quoted = any(reading.quoted[i] for i in range(first, last))
        around = quoted or any(
            reading.quoted[reading.bounds[s][0]] or reading.quoted[reading.bounds[s][1] - 1]
            for s in (sentence - 1, sentence + 1)
            if 0 <= s < len(reading.bounds) and s not in mine
        )
        speaks += said
        quotes += said and around
        if said and around:
            row["speaks_quoted"] = 1.0
    row["speaks_share"], row["quotes_share"] = speaks / max(1, len(mine)), quotes / max(1, len(mine))
    row["only_speaks"] = float(bool(mine) and speaks == len(mine))
    row["colon"] = float(any(_before_colon(scene, n) for names in mine.values() for n in names))


def _before_colon(scene: Scene, name: Name) -> bool:
    """True for the speaker of an interview: "Koch: Wir wachsen"."""
    words = scene.reading.words
    return name.last < len(words) and words[name.last] == ":"


def _person_between(scene: Scene, name: Name, token: int) -> bool:
    low, high = sorted((name.first, token))
    return any(
        scene.name_at[i] >= 0
        and scene.names.spans[scene.name_at[i]].label == "PER"
        and scene.names.spans[scene.name_at[i]].cluster != name.cluster
        for i in range(low, high)
    )


def add_topic(scene: Scene, told: Told, pair: Pair, row: Row) -> None:
    """Add what the whole text is about: how many sentences tell each reason, and which company news is told most."""
    count = min(len(scene.reading.bounds), _TOPIC)
    weight: dict[str, float] = {}
    for sentence in range(count):
        for reason in {reason for _, reason in told.at(sentence)}:
            weight[reason] = weight.get(reason, 0.0) + (2.0 if sentence < 2 else 1.0)
    for reason, value in weight.items():
        row[f"much_{reason}"] = min(1.0, value / 6.0)
        row[f"share_{reason}"] = min(1.0, value / (count + 2.0))
    news = sorted(((value, reason) for reason, value in weight.items() if reason in _COMPANY_NEWS), reverse=True)
    if news:
        row[f"top_{news[0][1]}"] = 1.0
        row["top_clear"] = float(len(news) == 1 or news[0][0] >= 2 * news[1][0])
    row["long"] = float(count >= _LONG)


def _spans(scene: Scene, first: int, last: int) -> list[Name]:
    numbers = dict.fromkeys(n for n in scene.name_at[first:last] if n >= 0)
    return [scene.names.spans[n] for n in numbers]


def _apart(name: Name, token: int) -> int:
    return max(0, name.first - token, token - name.last + 1)


def _broken(words: Sequence[str], name: Name, token: int) -> bool:
    low, high = (name.last, token) if token >= name.last else (token, name.first)
    return any(words[i] in _BREAKS for i in range(low, high))
