"""Finds a person's name, numbers and mail addresses in any text, in the spellings that pages use."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.identity.person_names import parse_person

GAP = "[erased]"
_BETWEEN = r"(?:[\s.,;:_+\-\u2010-\u2015]|%20){1,6}"
_PAIRS = {"ae": "ä", "oe": "ö", "ue": "ü"}
_SINGLE = {umlaut: pair for pair, umlaut in _PAIRS.items()}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LEAST_DIGITS = 6  # shorter numbers are extensions, which stand in prices and years as well


def _word(text: str) -> str:
    """Return a pattern for one word of a name: umlauts and their transcriptions, ß and ss, hyphen or blank."""
    low = unicodedata.normalize("NFC", text).lower()
    out, at = [], 0
    while at < len(low):
        two, one = low[at : at + 2], low[at]
        if two in _PAIRS:
            out.append(f"(?:{two}|{_PAIRS[two]}|{two[0]})")
            at += 2
        elif two == "ss" or one == "ß":
            out.append("(?:ss|ß)")
            at += 2 if two == "ss" else 1
        else:
            if one in _SINGLE:
                out.append(f"(?:{one}|{_SINGLE[one]}|{_SINGLE[one][0]})")
            elif one in "-\u2010\u2011":
                out.append(r"[\s\-\u2010\u2011\u2013]{0,2}")
            else:
                bare = unicodedata.normalize("NFKD", one)[0]
                umlaut = f"{one}e" in _PAIRS
                forms = [re.escape(one)] + ([re.escape(bare)] if bare != one else [])
                out.append(f"(?:{_PAIRS[one + 'e']}|{one})" if umlaut else "|".join(forms).join(("(?:", ")")))
            at += 1
    return "".join(out)


def _name_pattern(name: str) -> str | None:
    parsed = parse_person(name)
    surname = re.sub(r"\s+", " ", parsed.surname).strip()
    given = [word for word in re.split(r"\s+", parsed.given) if word]
    if not surname or not given:
        return None
    last = _BETWEEN.join(_word(word) for word in surname.split(" "))
    first = _word(given[0].rstrip("."))
    middle = rf"(?:{_BETWEEN}\w+\.?){{0,2}}?"
    return rf"(?<!\w)(?:{first}{middle}{_BETWEEN}{last}(?:['’]?s)?|{last},?{_BETWEEN}{first}(?:{_BETWEEN}\w\.)?)(?!\w)"


def _number_pattern(number: str) -> str | None:
    digits = re.sub(r"\D", "", number)
    national = re.sub(r"^(?:49|43|41|44|353|1)", "", digits) if number.strip().startswith("+") else digits.lstrip("0")
    if len(national) < _LEAST_DIGITS:
        return None
    return r"(?<!\d)(?:\+|00)?(?:\d{1,3}[\s./()\-]{0,3})?(?:\(?0\)?)?" + r"[\s./()\-]{0,3}".join(national) + r"(?!\d)"


@dataclass(frozen=True)
class Traces:
    """A pattern for everything that tells who a person is."""

    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, names: Iterable[str], numbers: Iterable[str] = (), mails: Iterable[str] = ()) -> Traces:
        """Build the pattern from full names (a surname alone is no trace), phone numbers and mail addresses."""
        parts = {p for p in map(_name_pattern, names) if p} | {p for p in map(_number_pattern, numbers) if p}
        parts |= {rf"(?<![\w.+\-]){re.escape(mail.lower())}(?![\w\-])" for mail in mails if "@" in mail}
        ordered = sorted(parts, key=len, reverse=True)
        return cls(re.compile("|".join(f"(?:{p})" for p in ordered), re.I) if ordered else None)

    def __bool__(self) -> bool:
        return self.pattern is not None

    def within(self, text: str) -> bool:
        """True when the text names the person."""
        return self.pattern is not None and self.pattern.search(unicodedata.normalize("NFC", text)) is not None

    def without(self, text: str) -> str:
        """Return the text with a gap in place of the person; unchanged text is returned as it was."""
        if not self.within(text):
            return text
        assert self.pattern is not None
        return self.pattern.sub(GAP, unicodedata.normalize("NFC", text))

    def without_in(self, value: Any) -> Any:
        """Return lists and JSON values with gaps in all their texts; list entries that name the person go."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list | tuple):
            kept = [item for item in value if not (isinstance(item, dict) and self._is_entry(item))]
            return [self.without_in(item) for item in kept]
        if isinstance(value, dict):
            return {key: self.without_in(item) for key, item in value.items()}
        return value

    def _is_entry(self, item: dict[str, Any]) -> bool:
        name = item.get("name")
        return isinstance(name, str) and self.within(name)

    def on_page(self, body: bytes) -> bool:
        """True when a page's bytes name the person: in any usual charset, with entities, tags between, JSON escapes."""
        for text in _readings(body):
            if self.within(text) or self.within(html.unescape(_TAG.sub(" ", text))):
                return True
            if "\\u" in text and self.within(_JSON_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)):
                return True
        return False


def _readings(body: bytes) -> list[str]:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or body[:200].count(b"\0") > 20:
        return [body.decode("utf-16", "ignore")]
    try:
        return [body.decode("utf-8")]
    except UnicodeDecodeError:
        return [body.decode("utf-8", "ignore"), body.decode("cp1252", "ignore")]
