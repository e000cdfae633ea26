"""Gates: which of very many people are worth checking against the do-not-call list at all.

An entry's keys are whole spellings of a name at an organisation or town; checking somebody under all of theirs costs
half a millisecond, minutes for a million people. So an entry also keeps, as its gates, keyed hashes of name pairs (given
name and surname, at most one of them with a letter left out, an initial or a nickname) and of its places. They are put
together of hashes of single words, so that DuckDB can make and join them for everybody. Whoever shares no name pair and
place with an entry cannot meet any of its keys; the others are checked as ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.contacts import keys
from pipeline.identity.folding import fold
from pipeline.identity.person_names import parse_person
from pipeline.identity.vocabulary import names

NAME, WHERE = "N", "W"
# A gate in the column of keys: its side, a colon, 64 bits in hex; a key has 128 bits.
LENGTH = 18
_ANYWHERE = "*"
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
Words = set[tuple[str, bool]]  # a word and whether it may stand beside another that is no whole word


def _near(word: str) -> set[str]:
    """Return a word and what is left of it without one letter: words one slip apart have one of these in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} - {""}


def _given_words(parts: Iterable[str], stored: bool) -> Words:
    words = {word for word in parts if word}
    if not words:
        return {("none", True)}
    groups = names().nicknames
    found: Words = {(near, near == word) for word in words for near in _near(word)}
    found |= {(f"n|{group}", False) for word in words for group in groups.get(word, ())}
    only_initials = all(len(word) == 1 for word in words)
    if stored or only_initials:
        found |= {(f"i|{word[0]}", True) for word in words}
    if not stored or only_initials:
        found |= {(f"e|{word[0]}", True) for word in words}
    return found


def _surname_words(parts: Iterable[str]) -> Words:
    return {(near, near == word) for word in parts if word for near in _near(word)}


def _where_gates(word: str) -> set[str]:
    """Return a place as it is, and an organisation also with a letter left out of a longer name."""
    return {f"o|{near}" for near in _near(word[2:])} if word.startswith("o|") and len(word) >= 8 else {word}


def _number(secret: bytes, word: str) -> int:
    return int(keys.keyed_hash(secret, f"gate|{word}")[:16], 16)


def entry_gates(secret: bytes, person: str, company: str | None, place: str | None) -> set[str]:
    """Return the gates of a person who is put on the list."""
    name = parse_person(person)
    given = _given_words([*name.given_parts, "".join(name.given_parts), "".join(name.given_parts[:2])], stored=True)
    surnames = [*name.surname_parts, "".join(name.surname_parts), "".join(name.surname_parts[:2])]
    if name.birth_name:
        surnames.append(_NOT_PLAIN.sub("", fold(name.birth_name)))
    number = {word: _number(secret, word) for word, _ in given | _surname_words(surnames)}
    pairs = {
        number[first] ^ number[second]
        for first, whole in given
        for second, also in _surname_words(surnames)
        if whole or also
    }
    wheres = {gate for house in keys.houses(company) for gate in _where_gates(f"o|{house}")}
    wheres |= {f"p|{keys.town(place)}"} if keys.town(place) else set()
    return {f"{NAME}:{pair:016x}" for pair in pairs} | {
        f"{WHERE}:{_number(secret, word):016x}" for word in wheres or {_ANYWHERE}
    }


_CANDIDATES = """CREATE OR REPLACE TEMP TABLE gate_candidates AS
    SELECT DISTINCT person, concat_ws(' ', nullif(given1, ''), nullif(given2, ''), CASE WHEN given2 <> '' THEN given1 || given2 END) AS given,
        concat_ws(' ', nullif(surname1, ''), nullif(surname2, ''), CASE WHEN surname2 <> '' THEN surname1 || surname2 END) AS surname,
        concat_ws(' ', 'o|' || replace(core, ' ', ''), CASE WHEN length(split_part(tokens, ' ', 1)) >= 4 THEN 'o|' || split_part(tokens, ' ', 1) END,
            CASE WHEN length(acronym) >= 2 THEN 'o|' || acronym END, 'p|' || replace(place, ' ', '')) AS house
    FROM identity_profiles"""
# Names with another one in them, which profiles do not keep ("Jana Koch geb. Meier"), and people without a profile.
_BESIDE = """SELECT DISTINCT person_id FROM person_mentions JOIN mentions USING (mention_id) WHERE regexp_matches(person, '(?i)\\b(geb|n[ée]e|born)\\b')
    UNION SELECT person_id FROM person_contacts JOIN contacts USING (contact_id)
        WHERE regexp_matches(concat_ws(' ', first_name, last_name, person_raw), '(?i)\\b(geb|n[ée]e|born)\\b')
    UNION SELECT person_id FROM people WHERE person_id NOT IN (SELECT printf('%016x', person) FROM identity_profiles)"""


def all_have_gates(con: duckdb.DuckDBPyConnection) -> bool:
    """False when an entry of an older release stands on the list, which has no gates."""
    without = con.execute(
        f"""SELECT 1 FROM suppressions WHERE kind = 'person' GROUP BY suppression_id
        HAVING count(*) FILTER (length(key_hash) = {LENGTH}) = 0 LIMIT 1"""  # noqa: S608 - a constant
    ).fetchall()
    return not without


def through(con: duckdb.DuckDBPyConnection, secret: bytes) -> set[str]:
    """Return the ids of the people who may meet a person on the list; all others cannot."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE gate_entries AS SELECT dense_rank() OVER (ORDER BY suppression_id) AS entry, left(key_hash, 1) AS side,
            ('0x' || substr(key_hash, 3))::UBIGINT AS gate
        FROM suppressions WHERE kind = 'person' AND length(key_hash) = {LENGTH}"""  # noqa: S608 - a constant
    )
    con.execute(_CANDIDATES)
    _words(con, secret, "given", lambda words: _given_words(words, stored=False))
    _words(con, secret, "surname", _surname_words)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE gate_named AS
        SELECT DISTINCT c.person, e.entry FROM gate_candidates c JOIN gate_given g ON g.words = c.given
        JOIN gate_surname s ON s.words = c.surname AND (s.whole OR g.whole)
        JOIN gate_entries e ON e.side = '{NAME}' AND e.gate = xor(g.gate, s.gate)"""  # noqa: S608 - a constant
    )
    con.execute("DELETE FROM gate_candidates WHERE person NOT IN (SELECT person FROM gate_named)")
    _words(con, secret, "house", lambda words: {(gate, True) for word in words for gate in _where_gates(word)})
    rows = con.execute(
        f"""SELECT DISTINCT printf('%016x', person) FROM (
            SELECT person FROM gate_named WHERE entry IN (SELECT entry FROM gate_entries WHERE side = '{WHERE}' AND gate = {_number(secret, _ANYWHERE)})
            UNION ALL SELECT n.person FROM gate_named n JOIN gate_candidates c USING (person) JOIN gate_house h ON h.words = c.house
                JOIN gate_entries e ON e.side = '{WHERE}' AND e.gate = h.gate AND e.entry = n.entry)
        UNION {_BESIDE}"""  # noqa: S608 - constants
    ).fetchall()
    for table in ("entries", "candidates", "given", "surname", "house", "named"):
        con.execute(f"DROP TABLE gate_{table}")
    return {row[0] for row in rows}


def _words(con: duckdb.DuckDBPyConnection, secret: bytes, column: str, words_of: Callable[[list[str]], Words]) -> None:
    """Make gate_<column>(words, gate, whole): the gates of each distinct list of words in gate_candidates."""
    found = [row[0] for row in con.execute(f"SELECT DISTINCT {column} FROM gate_candidates").fetchall()]  # noqa: S608
    at: list[int] = []
    codes: list[int] = []
    wholes: list[bool] = []
    numbers: dict[str, int] = {}
    for row, words in enumerate(found):
        for word, whole in words_of(words.split(" ")):
            at.append(row)
            codes.append(numbers.setdefault(word, len(numbers)))
            wholes.append(whole)
    hashed = np.array([_number(secret, word) for word in numbers], np.uint64)
    con.register("gate_arrow", pa.table({
        "words": pa.array(found, pa.string()).take(pa.array(at, pa.int64())), "gate": hashed[np.array(codes, np.int64)],
        "whole": pa.array(wholes, pa.bool_()),
    }))  # fmt: skip
    con.execute(f"CREATE OR REPLACE TEMP TABLE gate_{column} AS SELECT * FROM gate_arrow")  # noqa: S608 - names of this file
    con.unregister("gate_arrow")
