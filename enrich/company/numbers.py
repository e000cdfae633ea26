"""Commercial register entries and VAT numbers of Impressum lines, checked with python-stdnum."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stdnum.at import uid as at_uid
from stdnum.ch import uid as ch_uid
from stdnum.de import vat as de_vat
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from enrich.records import Register

_GERMAN = re.compile(
    r"(?<![A-Za-z])(HRB|HRA|GnR|GNR|VR|PR|GsR|PartR)\.?\s{0,2}(?:-\s?)?(?:Nr\.?|Nummer|No\.?)?\s{0,2}:?\s{0,2}(\d(?:[\d .]{0,10}\d)?)(?:\s?([A-Z]{1,3})(?![A-Za-z]))?"
)
# The register in words, its number behind it or before it.
_HR_LETTER = re.compile(
    r"(?<![A-Za-z])H\.?\s?R\.?\s?([AB])\b\.?\s{0,2}(?:Nr\.?|Nummer)?\s{0,2}:?\s{0,2}(\d{1,6})(?!\d)"
)
_HR_TOWN = re.compile(r"(?<![A-Za-z])(HRB|HRA|VR|GnR|PR)\s([A-ZÄÖÜ][a-zäöüß]{2,25})\s(?:Nr\.?\s?)?(\d{1,6})(?!\d)")
_HR_BEHIND = re.compile(r"(?<!\d)(\d{2,6})\s?\(?(HRB|HRA|VR|GnR)\b")
_IN_WORDS = re.compile(
    r"(?i)\b(handelsregister|genossenschaftsregister|vereinsregister|partnerschaftsregister)s?\b\s?(?:abteilung\s|abt\.\s?)?([AB]\b)?"
)
_REGISTER_NUMBER = re.compile(
    r"(?i)(?:\bnr\.?|nummer|\bno\.?|register-?nr\.?|\b[AB]\b)\s{0,2}:?\s{0,2}(\d{2,6})(?![\d/.])"
)
_REGISTER_KINDS = {"genossenschaftsregister": "GnR", "vereinsregister": "VR", "partnerschaftsregister": "PR"}
_AUSTRIAN = re.compile(r"(?<![A-Za-z])FN[\s:.-]{0,3}(\d{1,3}\s?\d{3}|\d{1,6})\s?([a-z])(?![a-z])")
_AUSTRIAN_BARE = re.compile(r"(?<!\d)(\d{3}\s?\d{3})\s?([a-z])(?![a-z\d])")
_SWISS_OLD = re.compile(r"(?<![A-Z\d])CH[-\s]?(\d{3})\.(\d)\.(\d{3})\.(\d{3})\s?-\s?(\d)")
_SWISS = re.compile(
    r"(?<![A-Z])CHE[-\s]?(\d{3})\.?\s?(\d{3})\.?\s?(\d{3})(?:\s?[/-]?\s?(MWST|MwSt|TVA|IVA|VAT))?(?![\d])"
)
_COURT = re.compile(
    r"((?:Amtsgerichts?|Registergerichts?|Landesgerichts?|Handelsgerichts?|Vereinsregisters?|Handelsregisteramt|Firmenbuchgericht|Local Court|District Court)"
    r"(?:\s?[:\-–]|\s(?:of|des|beim|von|in))?(?:\s(?:Amtsgerichts?|AG|Landesgerichts?|Handelsgerichts?))?\s{0,3})"
    r"((?:[A-ZÄÖÜ][\wäöüß./-]{1,30}|a\.\s?d\.|am|an der|im|in der|ob der|der)(?:\s(?:[A-ZÄÖÜ(][\wäöüß./()-]{1,30}|am|an|der|im|in|a\.|d\.|ob|v\.|M\.|N\.|L\.|b\.)){0,5})"
)
_REGISTER_OF = re.compile(
    r"((?:Handelsregisters?|Vereinsregisters?|Genossenschaftsregisters?|Partnerschaftsregisters?)\s(?:des Amtsgerichts\s|beim Amtsgericht\s|der Stadt\s|AG\s)?)([A-ZÄÖÜ][\wäöüß./-]{2,30}(?:\s(?:am|an der|im|a\.)\s?[A-ZÄÖÜ][\wäöüß.-]{1,20})?)"
)
_ENGLISH_COURT = re.compile(r"[A-ZÄÖÜ][\wäöüß-]{2,30} (?:Local|District|Regional|Commercial) Court\b")
_AG_TOWN = re.compile(r"\b(AG|Amtsg\.|LG|HG)\s([A-ZÄÖÜ][\wäöüß.-]{2,30})")
_NOT_COURT = re.compile(
    r"\s*(?:HRB|HRA|VR|GnR|PR|FN|Nr|Nummer|Registernummer|Handelsregister|Umsatz|USt|Registergericht|unter|Telefon|Tel|Eintragung)\b.*$"
)
_VAT_LABEL = re.compile(
    r"ust|umsatzsteuer|vat\b|vat-|mwst|uid|mehrwertsteuer|identifikationsnummer|identifikations", re.I
)
_TAX_LABEL = re.compile(r"steuer-?\s?(?:nr|nummer)|st\.-?nr|finanzamt", re.I)
_DE_VAT = re.compile(r"(?<![A-Za-z])DE[\s:.-]{0,3}(\d(?:[\s./-]{0,2}\d){8,10})(?!\d)")
_AT_VAT = re.compile(r"(?<![A-Za-z])AT[\s-]?U[\s.-]{0,2}(\d(?:[\s./-]{0,2}\d){7})(?!\d)")
_BRITISH_COMPANY = re.compile(
    r"(?i)registered in (england(?: and wales| & wales)?|scotland|wales|northern ireland|ireland)\b[^\d]{0,40}?(?:no|number|nr)?[.:\s]{0,3}((?:SC|NI|OC|SO)?\s?\d{5,8})(?!\d)"
    r"|company (?:registration |reg\.? |registered )?(?:no|number|nr)\.?\s{0,2}:?\s{0,2}((?:SC|NI|OC|SO)?\s?\d{6,8})(?!\d)"
)
_OTHER_VAT = re.compile(
    r"(?<![A-Za-z])(GB|IE|FR|IT|NL|BE|LU|PL|CZ|DK|ES|SE|HU|SK|SI|HR)[\s:.-]{0,2}([A-Z0-9](?:[\s.-]?[A-Z0-9]){7,11})(?![A-Z0-9])"
)
_BARE_VAT = re.compile(r"(?<![\d/])(\d{3}\s?\d{3}\s?\d{3})(?![\d/])")


def find_register(lines: Sequence[str]) -> Register | None:
    """Return the register entry that the lines name (the first one), with the court named nearest to it."""
    for number, line in enumerate(text[:600] for text in lines):
        if match := _GERMAN.search(line):
            kind = {"GNR": "GnR"}.get(match.group(1), match.group(1))
            digits = re.sub(r"\D", "", match.group(2))
            suffix = match.group(3) or ""
            if suffix in ("AG", "UST", "DE", "IBA", "AT", "USt", "A"):
                suffix = ""
            if 1 <= len(digits) <= 7:
                return Register(_court_near(lines, number), f"{kind} {digits} {suffix}".strip())
        if match := _HR_LETTER.search(line):
            return Register(_court_near(lines, number), f"HR{match.group(1)} {match.group(2)}")
        if match := _HR_TOWN.search(line):
            return Register(f"Amtsgericht {match.group(2)}", f"{match.group(1)} {match.group(3)}")
        if match := _HR_BEHIND.search(line):
            return Register(_court_near(lines, number), f"{match.group(2)} {match.group(1)}")
        if match := _AUSTRIAN.search(line):
            return Register(_court_near(lines, number), f"FN {match.group(1).replace(' ', '')}{match.group(2)}")
        near = " ".join(lines[max(0, number - 1) : number + 1]).lower()
        if "firmenbuch" in near and (match := _AUSTRIAN_BARE.search(line)):
            return Register(_court_near(lines, number), f"FN {match.group(1).replace(' ', '')}{match.group(2)}")
        if match := _SWISS_OLD.search(line):
            return Register(_court_near(lines, number), "CH-{}.{}.{}.{}-{}".format(*match.groups()))
        if match := _BRITISH_COMPANY.search(line):
            place = (match.group(1) or "").title().replace(" And ", " and ") or None
            return Register(place, re.sub(r"\s", "", match.group(2) or match.group(3)))
    for number, line in enumerate(lines):
        near = " ".join(lines[max(0, number - 1) : number + 1]).lower()
        labelled = re.search(r"handelsregister|firmennummer|registernummer|register number", near)
        if labelled and (match := _SWISS.search(line[:600])):
            digits = "".join(match.groups()[:3])
            if ch_uid.is_valid("CHE" + digits):
                return Register(_court_near(lines, number), f"CHE-{match.group(1)}.{match.group(2)}.{match.group(3)}")
    return _register_in_words(lines)


def _register_in_words(lines: Sequence[str]) -> Register | None:
    """A number whose register is named in words: "Vereinsregister Holm Nr. 4711", "Handelsregister B, Nummer: 123"."""
    for number, line in enumerate(text[:300] for text in lines):
        found = _IN_WORDS.search(line)
        kind = _REGISTER_KINDS.get(found.group(1).lower()) if found else None
        if found and kind is None and found.group(2):
            kind = f"HR{found.group(2).upper()}"
        if found is None or kind is None:
            continue
        for text in (line[found.end(1) :], line, *(later[:200] for later in lines[number + 1 : number + 4])):
            if match := _REGISTER_NUMBER.search(text):
                return Register(_court_near(lines, number), f"{kind} {match.group(1)}")
    return None


def _court_near(lines: Sequence[str], number: int) -> str | None:
    for distance in (0, 1, -1, 2, -2, 3, -3, 4, -4):
        at = number + distance
        if not 0 <= at < len(lines):
            continue
        line = lines[at][:300]
        if at + 1 < len(lines) and re.search(r"(?:gericht|registeramt):?$", line.strip(), re.I):
            line = f"{line} {lines[at + 1][:80]}"
        if court := court_in(line):
            return court
    return None


def court_in(line: str) -> str | None:
    """Return the court or register office that a line names ("Amtsgericht Hannover")."""
    if match := _ENGLISH_COURT.search(line):
        return match.group()
    match = _COURT.search(line) or _REGISTER_OF.search(line)
    if match:
        head = re.sub(r"(gericht|register)s\b", r"\1", match.group(1))
        town = _NOT_COURT.sub("", match.group(2)).strip(" ,;.:-")
        if not town:
            return None
        kind = re.findall(
            r"Amtsgericht|Landesgericht|Handelsgericht|Vereinsregister|Handelsregisteramt|Handelsregister|Registergericht|Firmenbuchgericht|\w+register",
            head,
        )
        words_ = [k for k in kind if k not in ("Registergericht", "Firmenbuchgericht")] or [
            "Amtsgericht" if "AG" in head.split() else (kind[-1] if kind else "")
        ]
        return f"{words_[-1]} {town}".strip()
    if match := _AG_TOWN.search(line):
        kinds = {"LG": "Landesgericht", "HG": "Handelsgericht"}
        return f"{kinds.get(match.group(1), 'Amtsgericht')} {match.group(2)}"
    return None


_BRITISH_VAT = re.compile(
    r"(?i)\bVAT(?:\s(?:reg\w*\.?|number|no\.?)){0,3}\s?[:.]?\s{0,2}(?:GB\s?)?(\d{3}\s?\d{4}\s?\d{2})(?!\d)"
)


def find_vat(lines: Sequence[str]) -> str | None:
    """Return the VAT id without spaces; one with a right check digit wins over one that is only shaped like it."""
    shaped: str | None = None
    for number, line in enumerate(text[:600] for text in lines):
        window = " ".join(lines[max(0, number - 2) : number + 1])[-300:]
        joined = f"{line} {lines[number + 1][:40]}" if number + 1 < len(lines) and line.strip().endswith("DE") else line
        if match := _AT_VAT.search(joined):
            digits = re.sub(r"\D", "", match.group(1))
            if at_uid.is_valid("U" + digits):
                return f"ATU{digits}"
            shaped = shaped or f"ATU{digits}"
        if match := _DE_VAT.search(joined):
            digits = re.sub(r"\D", "", match.group(1))
            if de_vat.is_valid(digits):
                return f"DE{digits}"
            if _VAT_LABEL.search(window):
                shaped = shaped or f"DE{digits}"
        if (match := _SWISS.search(line)) and (match.group(4) or re.search(r"mwst|vat|mehrwertsteuer", window, re.I)):
            number_ = "CHE-{}.{}.{}".format(*match.groups()[:3])
            if ch_uid.is_valid(number_):
                return f"{number_} {match.group(4).upper()}" if match.group(4) else number_
        if _VAT_LABEL.search(window) and (match := _OTHER_VAT.search(line)):
            digits = re.sub(r"[^A-Z0-9]", "", match.group(2))
            valid = gb_vat.is_valid(digits) if match.group(1) == "GB" else eu_vat.is_valid(match.group(1) + digits)
            if valid:
                return match.group(1) + digits
        if (match := _BRITISH_VAT.search(line)) and gb_vat.is_valid(re.sub(r"\D", "", match.group(1))):
            return "GB" + re.sub(r"\D", "", match.group(1))
        if _VAT_LABEL.search(window) and not _TAX_LABEL.search(line) and (match := _BARE_VAT.search(line)):
            digits = re.sub(r"\D", "", match.group(1))
            if re.search(r"ust|umsatzsteuer-?\s?id", window, re.I) and de_vat.is_valid(digits):
                return f"DE{digits}"
    return shaped
