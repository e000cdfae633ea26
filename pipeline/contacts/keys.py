"""Normalised spellings of people, companies, phones, mail addresses and domains, for keyed hashes.

A suppressed entry stores many keys, a candidate is checked under many: they meet under spelling variants
(order, titles, initials, nicknames, umlauts, double names, one slip) although only hashes are kept.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from urllib.parse import unquote

import phonenumbers
import yaml

import data
from enrich.legal_forms import split_legal_form
from pipeline.identity.company_names import parse_company, plain_core
from pipeline.identity.folding import fold
from pipeline.identity.person_names import PersonName, parse_person
from pipeline.identity.places import place_core
from pipeline.identity.vocabulary import names


def keyed_hash(secret: bytes, key: str) -> str:
    """Return the keyed hash (BLAKE2b-128) of a key as hex."""
    return hashlib.blake2b(key.encode("utf-8"), key=secret, digest_size=16).hexdigest()


def _as_digits(text: str) -> str:
    """Undo what a spreadsheet makes of a phone number: 4943112345678.0, 4.943112345678E+12 (if no digit is lost)."""
    number = re.fullmatch(r"(\d+)[.,]0+", text)
    if number:
        return number[1]
    power = re.fullmatch(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})", text)
    if power and len(power[2] or "") <= int(power[3]) <= len(power[2] or "") + 2:
        return power[1] + (power[2] or "").ljust(int(power[3]), "0")
    return text


@lru_cache(maxsize=100_000)
def phone(raw: str, country: str = "DE") -> str | None:
    """Return a phone number as E.164; None when it cannot be one. `country` is where it is dialled from."""
    text = unicodedata.normalize("NFKC", raw).strip()
    text = re.sub(r"^(?:tel(?:efon)?|fon|phone|mobil|mobile|handy|t|m)\s*[.:]*\s*", "", text, flags=re.I)
    text = _as_digits(text)
    text = re.sub(r"^tel:", "", text, flags=re.I).replace("(0)", "")
    text = re.sub(r"[^\d+]+", "", text.split(";")[0].split(",")[0])
    if text.startswith("+") and text[1:3] in ("49", "43", "41"):
        text = text[:3] + text[3:].lstrip("0")
    if not 5 <= len(text) <= 20:
        return None
    # "49 231 ..." without a plus: German, Austrian and Swiss numbers at home begin with 0
    candidates = ["+" + text, text] if text[:2] in ("49", "43", "41") and len(text) >= 10 else [text]
    for at, candidate in enumerate(candidates):
        try:
            parsed = phonenumbers.parse(candidate, country)
        except phonenumbers.NumberParseException:
            continue
        last = at == len(candidates) - 1
        if phonenumbers.is_possible_number(parsed) and (last or phonenumbers.is_valid_number(parsed)):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return None


_MAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}$")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_APART = re.compile(r"[\s,;<>()\[\]{}|\"“”„']+")


def _pieces(text: str) -> list[str]:
    """Split a cell at everything that cannot stand in an address: brackets, quotes, blanks, commas."""
    return [piece for piece in _APART.split(text) if piece]


def _unmasked(raw: str) -> str:
    """Return a cell in lower case without entities, percent codes and invisible signs."""
    text = html.unescape(unquote(raw))
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip().lower()


def email(raw: str) -> str | None:
    """Return the first mail address of a cell in lower case; None when there is none.

    Unfolds "Name <mail>", labels, "mailto:…?subject", "(at)", "AT … DOT", entities and percent codes.
    """
    text = _unmasked(raw)
    text = re.sub(r"\s*[\[({]\s*(?:at|ät)\s*[\])}]\s*", "@", text)
    text = re.sub(r"\s*[\[({]\s*(?:dot|punkt)\s*[\])}]\s*", ".", text)
    if "@" not in text:
        text = re.sub(r"\s+(?:dot|punkt)\s+", ".", re.sub(r"\s+(?:at|ät)\s+", "@", text))
    for piece in _pieces(re.sub(r"\s*@\s*", "@", text)):
        address = re.split(r"[?/#]", piece.rpartition(":")[2], maxsplit=1)[0].strip(".'")
        if _MAIL.match(address):
            return address
    return None


def email_key(raw: str) -> str | None:
    """Return the address under which variants of one mailbox meet: tags off, googlemail is gmail."""
    address = email(raw)
    if address is None:
        return None
    box, _, host = address.rpartition("@")
    box = box.split("+", 1)[0] or box
    host = host.removeprefix("www.").rstrip(".")
    if host in ("gmail.com", "googlemail.com"):
        box, host = box.replace(".", ""), "gmail.com"
    return f"{box}@{host}"


def domain(raw: str) -> str | None:
    """Return the first host of an address, mail or text without "www."; None when there is none."""
    for piece in _pieces(_unmasked(raw)):
        text = re.sub(r"^[a-z][a-z0-9+.\-]*:?//|^[a-z\-]+:(?!\d)", "", piece).lstrip("/*.")
        authority = re.split(r"[/?#]", text, maxsplit=1)[0].rpartition("@")[2]
        host = re.sub(r":\d*$", "", authority).strip(".:").removeprefix("www.")
        if not host.isascii():
            try:
                host = host.encode("idna").decode("ascii")
            except UnicodeError:
                continue
        if re.fullmatch(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+", host):
            return host
    return None


def domain_keys(raw: str) -> set[str]:
    """Return the host and the domains above it, so that a suppressed domain covers its sub-domains."""
    host = domain(raw)
    if host is None:
        return set()
    parts = host.split(".")
    return {".".join(parts[at:]) for at in range(len(parts) - 1)}


def _slips(text: str) -> set[str]:
    """Return `text` with each one letter left out: two words one slip apart have one of these in common."""
    return {text[:at] + text[at + 1 :] for at in range(len(text))} if len(text) >= 5 else set()


def _compact(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text)


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = yaml.safe_load(data.path("identity/company_edges.yml").read_text("utf-8"))
    before, after = (
        "|".join(re.escape(w) for w in sorted(words[k], key=len, reverse=True)) for k in ("before", "after")
    )
    return re.compile(rf"^(?:(?:{before})\s+)+"), re.compile(rf"(?:\s+(?:{after}))+$")


def _bare_names(raw: str) -> set[str]:
    """Return a company's name as it is and without words at its edges: "Fa.", "Gruppe", "i. L.", a town behind a comma."""
    before, after = _edges()
    found = {raw}
    for name in (raw, raw.partition(",")[0]):
        words = re.sub(r"[.\s]+", " ", fold(split_legal_form(name)[0])).strip()
        words = after.sub("", before.sub("", words))
        words = after.sub("", re.sub(r"[.\s]+", " ", fold(split_legal_form(words)[0])).strip())
        if len(_compact(words)) >= 4:
            found.add(words)
    return found


def company_keys(raw: str, exact: bool = False) -> set[str]:
    """Return the keys of an organisation: core in one piece, alias, and (unless `exact`) one letter left out."""
    cores = {_compact(core) for name in _bare_names(raw) for core in (parse_company(name).core, plain_core(name))} - {
        ""
    }
    keys = {f"c|{core}" for core in cores}
    if not exact:
        keys |= {f"cs|{slip}" for core in cores if len(core) >= 8 for slip in {core, *_slips(core)}}
    return keys


def houses(raw: str | None) -> set[str]:
    """Return the keys under which a person's organisation is known: core, alias, first telling word, acronym."""
    if not raw:
        return set()
    parsed = parse_company(raw)
    keys = {_compact(parsed.core), _compact(plain_core(raw))}
    if parsed.tokens and len(parsed.tokens[0]) >= 4:
        keys.add(parsed.tokens[0])
    if len(parsed.acronym) >= 2:
        keys.add(parsed.acronym)
    return keys - {""}


def town(place: str | None) -> str:
    """Return the folded core of a town in one piece; "" for none."""
    return _compact(place_core(place)) if place else ""


def _wheres(company: str | None, place: str | None) -> set[str]:
    found = {f"o|{key}" for key in houses(company)}
    if town(place):
        found.add(f"p|{town(place)}")
    return found


def _forms(name: PersonName) -> tuple[set[str], set[str], set[str]]:
    """Return given names, their initials and surnames in all forms that may be written."""
    given = set(name.given_parts)
    if len(name.given_parts) > 1 and any(len(g) > 1 for g in given):
        given |= {"".join(name.given_parts[:2])}
    surnames = set(name.surname_parts)
    if name.birth_name:
        surnames |= {_compact(fold(name.birth_name))}
    surnames.add("".join(name.surname_parts))
    return given - {""}, {g[0] for g in given if g}, surnames - {""}


def _pair(x: str, y: str) -> str:
    return "+".join(sorted((x, y)))


def _name_keys(name: PersonName, stored: bool) -> set[str]:
    """Return the keys of a name alone; `stored` for a suppressed entry, else for a candidate."""
    given, initials, surnames = _forms(name)
    full = {g for g in given if len(g) > 1}
    groups = names().nicknames
    keys: set[str] = set()
    for surname in surnames:
        keys |= {f"f{_pair(g, surname)}" for g in full}
        keys |= {f"n{_pair(str(number), surname)}" for g in full for number in groups.get(g, ())}
        if not given:
            keys.add(f"f{surname}")
        # an initial meets every full name with that letter, but two full names do not meet by their initials
        only_initial = bool(given) and not full
        if stored or only_initial:
            keys |= {f"i{_pair(i, surname)}" for i in initials}
        if only_initial or not stored:
            keys |= {f"e{_pair(i, surname)}" for i in initials}
    whole = "".join(sorted(("".join(name.given_parts), "".join(name.surname_parts))))
    if full and len(whole) >= 7:
        keys |= {f"s{slip}" for slip in {whole, *_slips(whole)}}
        for surname in surnames:
            for g in full:
                short = "".join(sorted((g, surname)))
                if len(short) >= 7:
                    keys |= {f"s{slip}" for slip in {short, *_slips(short)}}
    elif not full and given and len("".join(name.surname_parts)) >= 5:
        keys |= {
            f"t{i}{slip}"
            for i in initials
            for slip in {"".join(name.surname_parts), *_slips("".join(name.surname_parts))}
        }
    if stored and full and len("".join(name.surname_parts)) >= 5:
        keys |= {
            f"t{i}{slip}"
            for i in initials
            for slip in {"".join(name.surname_parts), *_slips("".join(name.surname_parts))}
        }
    return keys


def person_keys(person: str, company: str | None, place: str | None, stored: bool) -> set[str]:
    """Return the keys of a person at an organisation and in a town.

    A stored entry with neither covers everybody of that name. Candidates always carry the name-only key too.
    """
    name = parse_person(person)
    if not name.surname_parts:
        return set()
    wheres = _wheres(company, place)
    forms = _name_keys(name, stored)
    keys = {f"{form}@{where}" for form in forms for where in wheres}
    given = "".join(name.given_parts[:2])
    exact = {f"f{_pair(given, s)}" for s in name.surname_parts} if len(given) > 1 else set()
    slipped = {s for house in houses(company) if len(house) >= 6 for s in {house, *_slips(house)}}
    keys |= {f"{form}@os|{slip}" for form in exact for slip in slipped}
    if not wheres or not stored:
        keys |= {f"{form}@*" for form in forms if form[0] in "fns"}
    return keys


def hashes(secret: bytes, kind: str, keys: Iterable[str]) -> set[str]:
    """Return the keyed hashes of keys of one kind."""
    return {keyed_hash(secret, f"{kind}|{key}") for key in keys}
