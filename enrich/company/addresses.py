"""Postal addresses in lines: street and house number, postcode and town, in either order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from enrich.company.words import countries, words

_POST = re.compile(
    r"(?<![\w.,/+-])(?:(?P<land>D|A|CH|DE|AT|FL|LI)\s{0,2}[-–—\s]\s{0,2})?(?P<code>\d{5}|\d{4})\s{1,3}(?P<town>[A-ZÄÖÜ][^\d,;|()·•:]{1,48}(?:\([A-ZÄÖÜ][a-zäöüß. /-]{1,20}\))?)"
)
_HOUSE = r"\d{1,4}\s?(?:[a-zA-Z](?![a-zA-Z]))?(?:\s?[-–/+&]\s?\d{0,4}\s?(?:[a-zA-Z](?![a-zA-Z]))?){0,4}"
_STREET = re.compile(rf"^(?P<name>[^\d@:]{{2,60}}?(?:\s\d{{1,2}}\.\s[^\d@:]{{2,30}}?)?)\s{{0,2}}(?P<house>{_HOUSE})$")
_MANNHEIM = re.compile(r"^[A-Z]\s?\d{1,2}\s?,\s?\d{1,3}[a-z]?(?:\s?[-–]\s?\d{1,3})?$")
_NUMBERED_ROAD = re.compile(r"^[A-ZÄÖÜ][\wäöüß .'-]{2,50}\sNr\.?\s\d{1,4}\s?[a-z]?$")  # "An der B 47 Nr. 3"
_NOTE = re.compile(r"\s\([^()\d]{2,40}\)$")  # "(Hinterhaus)"
# A floor, a wing, a yard behind the house number: "Domplatz 4 / II. OG", "Weg 3, 2. Stock", "Weg 3 (EG)".
_FLOOR = re.compile(
    r"(?i)(?<=\d)([a-z]?)\s?[,/(–-]{0,2}\s?(?:(?:\d{1,2}|[IVX]{1,4})\.?\s?(?:OG|Stock|Etage|Obergeschoss)|EG|Erdgeschoss|Hinterhaus|Vorderhaus|HH|Aufgang\s\w{1,3}|Haus\s\w{1,3}|Top\s\d{1,3}|Tür\s\d{1,3})\)?$"
)
_STREET_ONLY = re.compile(
    r"^[A-ZÄÖÜ][\w\s.'-]{1,40}(?:straße|strasse|str\.|weg|platz|allee|gasse)$",
    re.I,
)
_PARTS = re.compile(r"\s{0,2}[,;|·•●]\s{0,2}|\s[–—-]\s")
_NOT_TOWN = re.compile(
    r"^(?:Uhr|Euro|EUR|Jahre|Tage|Prozent|Stück|Personen|Gäste|Mitarbeiter|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|January|February|March|May|June|July|October|December|All|Alle|Copyright|Abs|BGB|Stimmen)\b"
)
_TAIL = re.compile(r"\s+(?:Tel|Telefon|Fon|Fax|Mobil|E-?Mail|Email|T|Internet|Web|Ust|HRB|FN)\b.*$", re.I)
_NOT_STREET = re.compile(
    r"\b(?:tel|telefon|fax|mobil|hrb|hra|fn|uid|ust|steuer|iban|bic|art|abs|§|seit|uhr|stand|version|nr\.?:|postfach)\b|§|@",
    re.I,
)
_DISTRICT = re.compile(r"\s?[\s/,](?:\(?OT|Ortsteil|Stadtteil|\(?Gewerbegebiet|\(?GT)\s")
_CANTON = re.compile(r"\s+\(?(?:AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH)\)?$")


_BRITISH = re.compile(r"(?<![\w-])([A-Z]{1,2}\d[A-Z\d]?)\s?(\d[A-Z]{2})(?![\w-])")
_IRISH = re.compile(r"(?<![\w-])([AC-FHKNPRTV-Y]\d[\dW])\s?([0-9AC-FHKNPRTV-Y]{4})(?![\w-])")
_AMERICAN = re.compile(r"(?<!\w)([A-Z][A-Za-z .'-]{2,30}),\s?([A-Z]{2})\s{1,2}(\d{5})(?:-\d{4})?(?!\d)")
_SUITE = re.compile(r"(?i)^(?:suite|ste\.?|unit|floor|apt\.?|\d{1,2}(?:st|nd|rd|th) floor)\b")
_ENGLISH_STREET = re.compile(
    r"^(?:(?:unit|suite|flat|office)\s[\w-]{1,6},?\s)?\d{1,5}[a-z]?(?:\s?[-–/]\s?\d{1,5}[a-z]?)?,?\s[A-Z][\w\s.'’-]{2,50}$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address with the lines it was read from (`first` to `last`, inclusive)."""

    street: str | None
    postcode: str
    town: str
    country: str | None
    first: int
    last: int


def addresses_in(lines: Sequence[str]) -> list[Address]:
    """Return the addresses that a sequence of lines holds, in order; lines without postcode and town give none."""
    found = []
    for number, line in enumerate(text[:400] for text in lines):
        for match in _POST.finditer(line):
            town = _town(match.group("town"))
            if not town or _NOT_TOWN.match(town):
                continue
            street, first = _street_near(lines, number, line, match)
            if street is None and (match.start() > 40 or len(line) > 120):
                continue
            country = _country(match, lines, number, line[match.end() :])
            found.append(Address(street, match.group("code"), town, country, first, number))
    return found or english_addresses(lines) or _labelled_address(lines)


_FIELDS = {
    "street": re.compile(
        r"(?i)^(?:straße|strasse|str\.|street|straße/nr\.?|straße, (?:haus)?nr\.?|adresse|anschrift)\s?:?\s?(.*)$"
    ),
    "code": re.compile(r"(?i)^(?:plz|postleitzahl|zip|postcode)\s?:?\s?(\d{4,5})?$"),
    "town": re.compile(r"(?i)^(?:ort|stadt|wohnort|town|city|gemeinde)\s?:?\s?(.*)$"),
}


def _labelled_address(lines: Sequence[str]) -> list[Address]:
    """An address whose parts stand in rows of their own ("PLZ" | "64283")."""
    values: dict[str, str] = {}
    rows: dict[str, int] = {}
    for number, line in enumerate(text[:100].strip() for text in lines):
        for field, pattern in _FIELDS.items():
            match = pattern.match(line)
            if match and field not in values:
                value = match.group(1) or (lines[number + 1][:80].strip() if number + 1 < len(lines) else "")
                values[field], rows[field] = value, number
    street, code, town = (values.get(field, "") for field in ("street", "code", "town"))
    if not (as_street(street) and re.fullmatch(r"\d{4,5}", code) and re.match(r"[A-ZÄÖÜ]", town)):
        return []
    if max(rows.values()) - min(rows.values()) > 8:
        return []
    country = "DE" if len(code) == 5 else None
    return [Address(as_street(street), code, _town(town), country, min(rows.values()), max(rows.values()))]


def english_addresses(lines: Sequence[str]) -> list[Address]:
    """Return British, Irish and American addresses: the town stands before the postcode, on its line or above it."""
    found: list[Address] = []
    for number, line in enumerate(text[:400] for text in lines):
        if american := _AMERICAN.search(line):
            town, state, code = american.groups()
            street, first = _english_street([*_backwards(lines, number, line[: american.start()]), (number, "")])[:2]
            if street:
                found.append(Address(street, f"{state} {code}", town.strip(), "US", first, number))
        elif british := _BRITISH.search(line):
            parts = _backwards(lines, number, line[: british.start()])
            street, first, place = _english_street(parts)
            if street and place:
                code = f"{british.group(1)} {british.group(2)}"
                found.append(Address(street, code, place, "GB", first, number))
        elif irish := _IRISH.search(line):
            parts = _backwards(lines, number, line[: irish.start()])
            street, first, place = _english_street(parts)
            if street and place:
                town = re.sub(r"^(?:Co\.?|County)\s", "", place)
                found.append(Address(street, f"{irish.group(1)} {irish.group(2)}", town, "IE", first, number))
    return found


def _backwards(lines: Sequence[str], number: int, head: str) -> list[tuple[int, str]]:
    """The comma-separated parts before a postcode, nearest first, with the line each stands in."""
    parts: list[tuple[int, str]] = []
    for at in range(number, max(-1, number - 6), -1):
        text = head if at == number else lines[at][:200]
        pieces = re.split(r"\s{0,2}[,|·•]\s{1,2}|[.:]\s", text)
        parts += [(at, piece.strip(" ,.")) for piece in reversed(pieces) if piece.strip(" ,.")]
    return parts[:8]


def _english_street(parts: Sequence[tuple[int, str]]) -> tuple[str | None, int, str | None]:
    """The nearest part that is a street, its line, and the part right behind it: the town."""
    for index, (at, part) in enumerate(parts):
        if _ENGLISH_STREET.match(part) and not _NOT_STREET.search(part):
            behind = index - 1
            if behind >= 0 and _SUITE.match(parts[behind][1]):
                return f"{part}, {parts[behind][1]}", at, parts[behind - 1][1] if behind else None
            return part, at, parts[behind][1] if behind >= 0 else None
    return None, parts[0][0] if parts else 0, None


def _town(raw: str) -> str:
    town = _TAIL.sub("", raw.split(" - ", maxsplit=1)[0].split(" – ", maxsplit=1)[0].split(" * ", maxsplit=1)[0])
    town = _DISTRICT.split(town)[0]
    town = re.split(r"\s\(?(?:Deutschland|Germany|Österreich|Austria|Schweiz|Switzerland|Kanton)\b", town)[0]
    town = _CANTON.sub("", town.strip(" .,-–/*\"'")).strip(" /,")
    city, hyphen, _ = town.partition("-")
    if hyphen and city.lower() in words("cities"):
        town = city
    tokens = town.split()
    if town.isupper() and len(town) > 3:
        tokens = ["-".join(part.capitalize() for part in token.split("-")) for token in tokens]
    return " ".join(tokens[:5])


def as_street(text: str) -> str | None:
    """Return a street with house number, None where the text is something else."""
    text = _NOTE.sub("", " ".join(text[:160].split())).strip(" ,.;")
    text = _FLOOR.sub(r"\1", text).strip(" ,.;/")
    if not 3 <= len(text) <= 70 or _NOT_STREET.search(text):
        return None
    if _MANNHEIM.match(text) or _NUMBERED_ROAD.match(text):
        return text
    match = _STREET.match(text)
    if (
        match
        and re.search(r"[A-Za-zÄÖÜäöüß]{2}", match.group("name"))
        and (
            match.group("name")[0].isupper()
            or match.group("name")[:3] in ("an ", "am ", "im ", "in ", "auf", "zum", "zur")
        )
    ):
        return text
    return text if _STREET_ONLY.match(text) else None


def _street_near(lines: Sequence[str], number: int, line: str, match: re.Match[str]) -> tuple[str | None, int]:
    before = _PARTS.split(line[: match.start()].strip(" ,;|·•–-("))
    for part in reversed(before[-3:]):
        if street := as_street(part.rpartition(":")[2]):
            return street, number
    head = line[: match.start()].strip(" ,;|·•–-(")
    if head and (street := _street_at_end(head)):
        return street, number
    after = _PARTS.split(line[match.end() :].strip(" ,;|·•–-"))
    if after and after[0] and (street := as_street(after[0])):
        return street, number
    if len(head) > 30:
        return None, number
    for back in (1, 2, 3):
        if number - back < 0:
            break
        previous = lines[number - back][:200]
        if street := as_street(previous):
            return street, number - back
        for part in reversed(_PARTS.split(previous)):
            if street := as_street(part.rpartition(":")[2]):
                return street, number - back
    if number + 1 < len(lines) and (street := as_street(lines[number + 1])):
        return street, number
    return None, number


def _street_at_end(head: str) -> str | None:
    """The street at the end of running text ("Adresse: Muster GmbH Lindenstraße 4")."""
    match = re.search(
        rf"([A-ZÄÖÜ][\wäöüß.'-]{{2,40}}(?:\s(?:der|den|dem|am|im))?(?:\s[A-ZÄÖÜ]?[\wäöüß.'-]{{2,20}})?)\s({_HOUSE})$",
        head[-90:],
    )
    return as_street(match.group()) if match else None


def _country(match: re.Match[str], lines: Sequence[str], number: int, rest: str) -> str | None:
    land = match.group("land")
    if land:
        return {"D": "DE", "A": "AT", "FL": "LI"}.get(land, land)
    if len(match.group("code")) == 5:
        return "DE"
    near = [rest, match.group("town"), *lines[number + 1 : number + 3]]
    for text in near:
        for word in re.findall(r"[A-Za-zÖöÄäÜü]{3,}", text[:80].lower()):
            if word in countries():
                return countries()[word]
    return "CH" if _CANTON.search(match.group("town").strip(" .,")) else None
