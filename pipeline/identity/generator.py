"""Invented mentions with the truth, for fitting and measuring: namesakes, typos, marriages, job changes, gaps.

Names come from the shipped ranks (`data/identity/names.yml`) and from syllables, so rare names are rare and
common ones common; companies and towns are invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import yaml

import data
from pipeline.identity.invented_words import (
    BACK,
    BIG,
    FRONT,
    LEGAL,
    PUBLIC,
    ROLES,
    SHORT,
    SYLLABLE,
    TITLES,
    TOWN_BACK,
    TRADE,
)


@dataclass
class _Person:
    given: str
    second: str
    joint: str
    surname: str
    double: str
    title: str
    firms: list[tuple[str, str]]
    town: str
    roles: list[str]
    entity: int
    group: int


class Generator:
    """Makes people and mentions from a seed; `noise` 1.0 is about what pages show, 2–3 is hard."""

    def __init__(self, seed: int, noise: float = 1.0, namesakes: float = 0.02) -> None:
        self.random = random.Random(seed)  # noqa: S311 - invented data, not secrets
        self.noise, self.namesakes = noise, namesakes
        raw: dict[str, Any] = yaml.safe_load(data.path("identity", "names.yml").read_text("utf-8"))
        self.given = [str(n).title() for pair in zip(raw["male"], raw["female"], strict=False) for n in pair]
        self.surnames = [str(n).title() for n in dict.fromkeys(raw["surnames"])]
        self.given_weights = [1 / (rank + 20) for rank in range(len(self.given))]
        self.surname_weights = [1 / (rank + 20) for rank in range(len(self.surnames))]
        self.nicknames: dict[str, list[str]] = {}
        for group in raw["nicknames"]:
            self.nicknames.setdefault(str(group[0]).title(), []).extend(str(n).title() for n in group[1:4])

    def _syllables(self, low: int = 2, high: int = 4) -> str:
        return "".join(self.random.choices(SYLLABLE, k=self.random.randint(low, high))).title()

    def _given_name(self) -> str:
        if self.random.random() < 0.3:
            return self._syllables(2, 3)
        return self.random.choices(self.given, self.given_weights)[0]

    def _surname(self) -> str:
        roll = self.random.random()
        if roll < 0.35:
            return self.random.choices(self.surnames, self.surname_weights)[0]
        front = self.random.choice(FRONT) + (self.random.choice(FRONT).lower() if roll > 0.7 else "")
        return front + self.random.choice(BACK)

    def _town(self) -> str:
        return self.random.choice(FRONT) + self.random.choice(TOWN_BACK)

    def _firm(self) -> tuple[str, str]:
        """Return a company name with legal form, and its town."""
        roll, town = self.random.random(), self._town()
        if roll < 0.04:
            return self.random.choice(BIG), town
        if roll < 0.12:
            return f"{self.random.choice(PUBLIC)} {town}" + self.random.choice([" GmbH", "", ""]), town
        if roll < 0.3:
            core = f"{self._surname()} & {self._surname()}"
        elif roll < 0.55:
            core = f"{self._surname()} {self.random.choice(TRADE)}"
        elif roll < 0.62:
            core = f"{self.random.choice('ABCDEFGHKLMNST') * 3} {self.random.choice(TRADE)}"
        else:
            core = f"{self._syllables()} {self.random.choice(TRADE)}"
        return f"{core} {self.random.choice(LEGAL)}", town

    def people(self, count: int) -> list[_Person]:
        """Return `count` people, some of them namesakes of others."""
        firms = [self._firm() for _ in range(max(3, count * 2 // 5))]
        found: list[_Person] = []
        for entity in range(count):
            firm = self.random.choice(firms)
            workplaces = [firm]
            if self.random.random() < 0.12:
                workplaces.append(self.random.choice(firms))
            town = firm[1] if self.random.random() < 0.9 else self._town()
            twin = self.random.choice(found) if found and self.random.random() < self.namesakes else None
            if twin is not None:
                near = self.random.random() < 0.25
                given, second, joint, surname = twin.given, twin.second, twin.joint, twin.surname
                if near:
                    town = twin.town
                if self.random.random() < 0.3:
                    given = self._given_name()
                    if self.random.random() < 0.6:  # relatives and colleagues: same surname, same company
                        workplaces[0] = twin.firms[0]
                        town = twin.town
            else:
                given, surname = self._given_name(), self._surname()
                second = self._given_name() if self.random.random() < 0.18 else ""
                joint = self.random.choice(["-", " "])
            double = self._surname() if self.random.random() < 0.05 else ""
            title = self.random.choice(TITLES) if self.random.random() < 0.15 else ""
            roles = [self.random.choice(ROLES) for _ in range(self.random.choice([1, 1, 2, 3]))]
            same_group = twin is not None and twin.given == given and town == twin.town
            group = twin.group if same_group and twin is not None else entity
            found.append(_Person(given, second, joint, surname, double, title, workplaces, town, roles, entity, group))
        return found

    def _slip(self, text: str) -> str:
        if len(text) < 3:
            return text
        at = self.random.randrange(len(text) - 1)
        kind = self.random.randrange(4)
        if kind == 0:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if kind == 1:
            return text[:at] + text[at + 1 :]
        if kind == 2:
            return text[:at] + text[at] + text[at:]
        return text[:at] + self.random.choice("abcdefghijklmnoprstuvwz") + text[at + 1 :]

    def _umlauts(self, text: str) -> str:
        for mark, long in (
            ("ä", "ae"),
            ("ö", "oe"),
            ("ü", "ue"),
            ("Ä", "Ae"),
            ("Ö", "Oe"),
            ("Ü", "Ue"),
            ("ß", "ss"),
        ):
            text = text.replace(mark, long)
        return text

    def _spelt(self, text: str, slips: float) -> str:
        roll = self.random.random() / self.noise
        if roll < slips:
            text = self._slip(text)
        if self.random.random() < 0.08:
            text = self._umlauts(text)
        elif self.random.random() < 0.01:
            text = text.translate(str.maketrans("äöüÄÖÜ", "aouAOU"))
        return text

    def _name(self, who: _Person) -> str:
        noise = self.noise
        given, second = who.given, who.second
        if self.random.random() < 0.04 * noise and given in self.nicknames:
            given = self.random.choice(self.nicknames[given])
        if second:
            roll = self.random.random()
            if roll < 0.2 * noise:
                second = ""
            elif roll < 0.3:
                second = second[0] + "."
        if self.random.random() < 0.09 * noise:
            given, second = given[0] + ".", ""
        surname = who.surname
        if who.double:
            roll = self.random.random()
            if roll < 0.5:
                surname = f"{surname}-{who.double}" if roll < 0.42 else f"{surname} {who.double}"
            elif roll > 0.985:
                surname = who.double
        full_given = f"{given}{who.joint if len(second) > 2 and '.' not in given else ' '}{second}" if second else given
        full_given, surname = self._spelt(full_given, 0.025), self._spelt(surname, 0.035)
        if self.random.random() < 0.05:
            return f"{surname}, {full_given}"
        name = f"{full_given} {surname}"
        if who.title and self.random.random() < 0.6:
            name = f"{who.title} {name}"
        elif self.random.random() < 0.02:
            name = f"{self.random.choice(['Herr', 'Frau'])} {name}"
        return name.upper() if self.random.random() < 0.004 else name

    def _company(self, firm: str) -> str | None:
        if self.random.random() < 0.06 * self.noise:
            return None
        if firm in SHORT and self.random.random() < 0.3:
            return SHORT[firm]
        core, legal = firm, ""
        for form in sorted(set(LEGAL), key=len, reverse=True):
            if firm.endswith(" " + form):
                core, legal = firm[: -len(form) - 1], form
                break
        if self.random.random() < 0.45:
            legal = ""
        words = core.split(" ")
        if len(words) == 2 and words[1] in TRADE and self.random.random() < 0.13 * self.noise:
            core = words[0]
        if "&" in core and self.random.random() < 0.2:
            core = core.replace("&", self.random.choice(["+", "und"]))
        if legal == "GmbH" and self.random.random() < 0.05:
            legal = self.random.choice(["Gmbh", "Gesellschaft mit beschränkter Haftung", "mbH"])
        text = f"{self._spelt(core, 0.03)} {legal}".strip()
        return text.upper() if self.random.random() < 0.03 else text

    def _place(self, town: str) -> str | None:
        if self.random.random() < 0.2 * max(1.0, self.noise * 0.8):
            return None
        roll = self.random.random()
        if roll < 0.04 * self.noise:
            return self._town()
        if roll < 0.08 * self.noise:
            return f"Raum {town}"
        return self._spelt(town, 0.025)

    def mentions(self, count: int) -> pa.Table:
        """Return about `count` mentions of count * 0.45 people in random order.

        Columns: mid, entity, amb (people whom nothing but the company tells apart), person_raw, role,
        company_raw, place, day.
        """
        rows: list[tuple[int, int, str, str | None, str | None, str | None, int]] = []
        people = self.people(max(1, int(count * 0.45)))
        for who in people:
            times = min(30, 1 + int(self.random.expovariate(1 / 1.2)))
            if self.random.random() < 0.004:
                times = self.random.randint(12, 30)
            last = self.random.randrange(0, 365)
            for _ in range(times):
                day = self.random.randrange(0, 365)
                firm = who.firms[1 if len(who.firms) > 1 and day > last else 0]
                role = self.random.choice(who.roles) if self.random.random() < 0.7 else None
                rows.append(
                    (
                        who.entity,
                        who.group,
                        self._name(who),
                        role,
                        self._company(firm[0]),
                        self._place(who.town),
                        day,
                    )
                )
        self.random.shuffle(rows)
        rows = rows[:count]
        columns = list(zip(*rows, strict=True))
        names = ["entity", "amb", "person_raw", "role", "company_raw", "place", "day"]
        return pa.table({"mid": list(range(len(rows))), **dict(zip(names, columns, strict=True))})
