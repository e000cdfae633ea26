"""Phone and fax numbers in lines of text, told apart from everything else that is made of digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from enrich.company.words import fold, words

Kind = Literal["phone", "fax", "none", "bare"]
MAX_LINE = 600

_RUN = re.compile(r"(?<![\w.,/@-])(?:\+|[(\[]\+|[(\[]0|0)[\d()\[\]/.\-–—\s]{5,34}\d(?![\d@])")
_DATE = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])\s?\.\s?(?:0?[1-9]|1[0-2])\s?\.\s?(?:19|20)\d\d(?!\d)")
_CLOCK = re.compile(r"\b[0-2]?\d[.:][0-5]\d\s?(?:uhr|h\b|-|–|bis)|\d\s?uhr\b", re.I)
_HOURS = re.compile(r"(?<![\d.])[0-2]?\d[.:][0-5]\d(?:\s?uhr)?\s?(?:-|–|—|bis)\s?[0-2]?\d[.:][0-5]\d(?!\d)", re.I)
_SECOND = re.compile(r"\s{1,3}[/|&,;]\s{0,3}(?=(?:\+|0))|\s{0,2}[|&;,]\s{0,2}(?=(?:\+|0))|\s{2,}(?=\+|0\d{2})")
_LABEL = re.compile(r"[a-zäöüß✆☎📞📠][a-zäöüß.\-/]{0,40}", re.I)
_PHONE_AND_FAX = re.compile(r"(?i)(?:tel|telefon|fon|phone)\.?\s?(?:und|u\.|&|\+|/|and)\s?(?:tele)?fax\b[^\d]{0,12}$")
# "5550-56/57", "/ -13": a second extension is no part of the first number.
# Austrian "DW 14", Swiss "int. 14": the ending of the number above.
_EXTENSION_ALONE = re.compile(
    r"(?i)^(?P<label>[a-zäöü.-]{1,15})\s?:?\s{0,3}(?:DW|Durchwahl|Kl(?:appe)?|Nebenstelle|ext(?:ension)?)\b[.:]?\s{0,2}[-–]?\s?(?P<ending>\d{1,4})$"
)
_OTHER_FIRM = re.compile(r"\b(?:Fa\.|Firma)\s[A-ZÄÖÜ]")
_SECOND_EXTENSION = re.compile(r"^(.{8,28}?(?:[-–]\s?\d{1,4}|\d{5,8}))\s?/\s?\d{1,2}$", re.S)
_RELATIVE = re.compile(
    r"(?i)(?P<base>(?:\+|0)[\d()/.\-–\s]{6,30}\d)[\s,;|·•]{1,4}(?:tele)?fax\.?:?\s{0,2}(?P<dash>[-–—]\s?)(?P<ending>\d[\d ]{0,8})(?![\d/-])"
)
_CALL = re.compile(r"(?i)\b(?:ruf\w*|anrufen|call|dial|erreich\w*|telefonisch\w*)\b[^\d]{0,30}$")
_EXTENSION = re.compile(r"\s{0,2}[/,]\s{0,2}[-–]\s?\d{1,4}\b.*$", re.S)
# American numbers begin with no zero; they are looked for on American sites only.
_AMERICAN = re.compile(r"(?<![\w.,/@+-])\(?[2-9]\d{2}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}(?!\d)")
REGIONS = ("DE", "AT", "CH", "LI", "GB", "IE", "US")


@dataclass(frozen=True, slots=True)
class Found:
    """A number as E.164 with what the words before it say it is; `bare` where nothing was said."""

    number: str
    kind: Kind


def numbers_in(text: str, region: str, label: str = "") -> list[Found]:
    """Return the numbers of a line; `label` is the line before, where that is nothing but a label."""
    text = text[:MAX_LINE]
    if not any(sign.isdigit() for sign in text):
        return []
    found: list[Found] = []
    masked = _DATE.sub(lambda match: " " * len(match.group()), text)
    masked = _HOURS.sub(lambda match: " " * len(match.group()), masked)
    previous_end = 0
    masked = _whole_extensions(masked)
    kind: Kind = label_kind(label) if label else "bare"
    runs = [*_RUN.finditer(masked), *(_AMERICAN.finditer(masked) if region == "US" else ())]
    for match in sorted(runs, key=lambda run: run.start()):
        before = masked[previous_end : match.start()]
        said = label_kind(before)
        if said != "bare":
            kind = said
        elif previous_end and len(before.strip()) > 12:
            kind = "bare"
        previous_end = match.end()
        if kind == "none" or (kind == "bare" and _CLOCK.search(masked)):
            continue
        plus = match.group().lstrip("([").startswith("+") and not before.rstrip().endswith(":")
        if kind == "bare" and plus and len(text) <= 160:
            kind = "phone"  # nobody writes anything else with a country code; an unknown label is somebody else's
        for number in _split_numbers(match.group(), region):
            found.append(Found(number, kind))
    return found


def _whole_extensions(text: str) -> str:
    """ "Tel. 03681 – 555 40 · Fax – 555 41": write a number out that gives only how it ends differently."""
    relative = _RELATIVE.search(text)
    if not relative:
        return text
    base, ending = relative.group("base"), re.sub(r"\D", "", relative.group("ending"))
    digits = [at for at, sign in enumerate(base) if sign.isdigit()]
    dash = max(base.rfind(sign) for sign in "-–")
    extension = [at for at in digits if at > dash > 0]
    if extension and (len(extension) == len(ending) or len(digits) - len(extension) >= 6):
        stem = base[:dash]  # "5550-0" and "-10"
    elif len(digits) > len(ending) + 2:
        stem = base[: digits[-len(ending)]].rstrip(" -–/")
    else:
        return text
    whole = f"{stem} {ending}"
    return text[: relative.start("dash")] + whole + text[relative.end("ending") :]


def extension_of(text: str, label: str, written: str, region: str) -> Found | None:
    """Return the number that "Fax: DW 14" means after the line `written` with the whole one ("06462/23 66-0")."""
    match = _EXTENSION_ALONE.match(text if not label else f"{label}: {text}")
    whole = match and _RUN.search(written)
    if not match or not whole:
        return None
    stem = re.sub(r"\s?[-–]\s?\d{1,2}$", "", whole.group())
    number = parse_number(stem + match.group("ending"), region)
    said = label_kind(match.group("label"))
    return Found(number, said) if number else None


def label_kind(before: str) -> Kind:
    """Tell from the last words before a number what it is."""
    tokens = [token.strip(".-/").lower() for token in _LABEL.findall(before[-60:])]
    tokens = tokens[-4:]
    if _PHONE_AND_FAX.search(before[-60:]):
        return "phone"  # one number for both
    for token in reversed(tokens):
        parts = [token, *token.split("/"), *token.split("-")]
        for part in parts:
            if part in words("fax") or part.endswith(("fax", "faxnummer")):
                if any(p in words("phone") for p in token.split("/") if p not in words("fax")):
                    return "phone"
                return "fax"
        for part in parts:
            if part in words("phone") or part.endswith(("telefon", "telefonnummer", "rufnummer", "hotline")):
                return "phone"
        for part in parts:
            if part in words("not_phone") or part.endswith(("nummer", "nr", "steuer")):
                return "none"
    return "phone" if _CALL.search(before) else "bare"


def of_other_firm(label: str) -> bool:
    """Tell whether a label names a firm ("Heizung (Fa. Holm)"): the number after it is theirs."""
    return bool(_OTHER_FIRM.search(label))


def only_label(text: str) -> bool:
    """Tell whether a line is nothing but the label of a number ("Telefon:")."""
    folded = fold(text)
    return bool(folded) and len(folded) <= 30 and not any(c.isdigit() for c in folded) and label_kind(text) != "bare"


def only_number(text: str) -> bool:
    """Tell whether a line holds a number and next to nothing else."""
    return len(re.sub(r"[\d()/.\-–—+\s]", "", text)) <= 12


def _split_numbers(run: str, region: str) -> list[str]:
    run = _EXTENSION.sub("", run)
    if extended := _SECOND_EXTENSION.match(run):
        run = extended.group(1)
    pieces = _SECOND.split(run)
    if len(pieces) > 1:
        first = parse_number(pieces[0], region)
        if first:
            rest = [parse_number(piece, region) for piece in pieces[1:]]
            return [first, *(number for number in rest if number)]
    whole = parse_number(run, region)
    if whole is None and " / " in run:
        whole = parse_number(run.rpartition(" / ")[0], region)  # "06151/555056 / 555058": the area code once
    return [whole] if whole else []


def parse_number(written: str, region: str) -> str | None:
    """Return one written number as E.164, None where it is none.

    Mends what sites do: "+49 (0) 511", "+49 0511", "0049 / 511", "+498294/1227", "(0821)2 58 99".
    """
    written = written.strip().strip(".,;")
    if _DATE.search(written):
        return None
    digits = re.sub(r"\D", "", written)
    if not 6 <= len(digits) <= 16:
        return None
    plus = "+" in written or digits.startswith("00")
    if digits.startswith("00"):
        digits = digits[2:]
    candidate = digits
    if plus:
        code = next((c for c in ("49", "43", "41", "423", "44") if digits.startswith(c)), None)
        if code and digits[len(code) :].startswith("0"):
            digits = code + digits[len(code) :].lstrip("0")
        candidate = "+" + digits
    elif not digits.startswith("0") and region != "US":
        return None
    try:
        parsed = phonenumbers.parse(candidate, region if region in REGIONS else "DE")
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def number_of_link(href: str, region: str) -> str | None:
    """Return the number of a `tel:` link."""
    return parse_number(href[4:].partition(";")[0].replace("%20", " ").replace("%2B", "+"), region)
