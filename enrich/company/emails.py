"""E-mail addresses in the ways sites write and hide them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote

_LOCAL = r"[a-z0-9_äöü](?:[a-z0-9_äöü+%-]|\.(?=[a-z0-9_äöü+%-])){0,63}"
_DOMAIN = r"(?:[a-z0-9äöüß](?:[a-z0-9äöüß-]{0,61}[a-z0-9äöüß])?\.){1,5}[a-z]{2,18}"
_ADDRESS = re.compile(rf"(?<![a-z0-9_.+%-]){_LOCAL}@{_DOMAIN}(?![a-z0-9_@-])")
_AT = re.compile(
    r"\s{0,3}[(\[{<]\s{0,2}(?:at|ät|a|@|æt|aet|bei|klammeraffe)\s{0,2}[)\]}>]\s{0,3}"
    r"|(?<=[a-z0-9])\s{1,3}(?:at|ät|aet|@)\s{1,3}(?=[a-z0-9-]{2,63}\s{0,2}(?:\.|[(\[{]|dot\b|punkt\b))|\s{0,2}_at_\s{0,2}|(?<=[a-z0-9])-at-(?=[a-z0-9-]{2,63}\.[a-z]{2,6}\b)"
    r"|(?<=[a-z0-9])\s(?:bei|at)\s(?=[a-z0-9-]{2,63}\s(?:punkt|dot)\s)|\s{0,2}\s@\s{0,2}"
)
_DOT = re.compile(
    r"\s{0,3}[(\[{<]\s{0,2}(?:dot|punkt|\.|d)\s{0,2}[)\]}>]\s{0,3}|(?<=[a-z0-9])\s{1,3}(?:dot|punkt)\s{1,3}(?=[a-z0-9])"
)
_LOOSE_DOT = re.compile(r"(?<=[a-z0-9])(?:\s\.\s?|\s?\.\s)(?=(?:de|at|ch|com|net|org|eu|info|biz)\b)")
_DECOYS = re.compile(r"(?:-|\.|_)?(?:nospam|no-spam|remove-this|antispam|entfernen)(?:-|\.|_)?")
_FILE_ENDINGS = ("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "html", "php")
_PLACEHOLDERS = frozenset(
    [
        "example.com",
        "example.org",
        "example.net",
        "example.de",
        "beispiel.de",
        "domain.de",
        "domain.com",
        "ihredomain.de",
        "email.com",
        "mail.de.de",
        "musterfirma.de",
        "mustermann.de",
        "muster.de",
        "firma.de",
        "sentry.io",
        "yourdomain.com",
        "company.com",
        "beispiel.com",
        "website.com",
    ]
)
_PART = r"""(?:"[^"\n]{0,120}"|'[^'\n]{0,120}'|[A-Za-z_$][\w$]{0,40})"""
_EXPRESSION = re.compile(
    rf"""(?:\b([A-Za-z_$][\w$]{{0,40}})\s{{0,3}}(\+?=)(?!=)\s{{0,3}})?({_PART}(?:\s{{0,3}}\+\s{{0,3}}{_PART}){{0,9}})"""
)
_PIECE = re.compile(_PART)
MAX_SCRIPT = 60_000


def clean_address(address: str) -> str | None:
    """Return one address lower case, or None where it is none (a file name, a placeholder, a broken domain)."""
    address = unquote(address).strip().strip(".,;:<>()[]\"'").lower()
    address = address.replace("mailto:", "")
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        return None
    local, _, domain = address.partition("@")
    if domain in _PLACEHOLDERS or domain.rpartition(".")[2] in _FILE_ENDINGS or local.endswith((".", "-")):
        return None
    return address


def addresses_in(text: str, links: Iterable[str] = ()) -> list[str]:
    """Return the addresses of a line of text and of its mailto links, in order, each once."""
    found: dict[str, None] = {}
    lowered = text.lower().replace("＠", "@")
    if "@" not in lowered or re.search(r"\s@|@\s|[(\[{<]\s?@", lowered):
        lowered = _AT.sub("@", lowered) if re.search(r"(?:at|ät|aet|bei|@|klammeraffe|\(a\))", lowered) else lowered
    elif _AT.search(lowered):
        lowered = re.sub(r"\s{0,3}[(\[{]\s{0,2}(?:at|ät)\s{0,2}[)\]}]\s{0,3}", "@", lowered)
    if "@" in lowered:
        lowered = _LOOSE_DOT.sub(".", _DECOYS.sub("", _DOT.sub(".", lowered)))
        for match in _ADDRESS.finditer(lowered):
            if address := clean_address(match.group()):
                found[address] = None
    for link in links:
        if link[:7].lower() == "mailto:":
            for part in link[7:].partition("?")[0].split(","):
                written = _DOT.sub(".", _AT.sub("@", unquote(part).lower()))
                if address := clean_address(written):
                    found[address] = None
    return list(found)


def cloudflare_address(code: str) -> str | None:
    """Decode Cloudflare's `data-cfemail`: hex bytes, each xor the first one."""
    try:
        raw = bytes.fromhex(code.strip()[:600])
    except ValueError:
        return None
    return clean_address(bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8", "replace")) if raw else None


def uncrypted_mailto(href: str) -> str | None:
    """Decode TYPO3's `linkTo_UnCryptMailto('…')`: letters, digits and signs shifted within their groups."""
    match = re.search(r"\(\s?['\"]([^'\"]{5,300})['\"]", unquote(href))
    if not match:
        return None
    code = match.group(1)
    for offset in range(-13, 14):
        plain = "".join(_shift(sign, offset) for sign in code)
        if plain.startswith("mailto:"):
            return clean_address(plain[7:].partition("?")[0])
    return None


def _shift(sign: str, offset: int) -> str:
    for first, last in (("+", ":"), ("@", "Z"), ("a", "z")):
        if first <= sign <= last:
            size = ord(last) - ord(first) + 1
            return chr(ord(first) + (ord(sign) - ord(first) + offset) % size)
    return sign


def script_addresses(script: str) -> list[str]:
    """Return addresses that a script joins from string pieces (`name + '@' + domain`), step by step."""
    script = unescape(script[:MAX_SCRIPT]).replace("\\x40", "@").replace("\\u0040", "@")
    if "@" not in script:
        return []
    values: dict[str, str] = {}
    found: dict[str, None] = {}
    for match in _EXPRESSION.finditer(script):
        name, sign, expression = match.groups()
        pieces = _PIECE.findall(expression)
        value = "".join(part[1:-1] if part[0] in "\"'" else values.get(part, "") for part in pieces)[:300]
        if name:
            value = values[name] = (values.get(name, "") + value)[:300] if sign == "+=" else value
        if "@" in value and (len(pieces) > 1 or sign == "+="):
            for address in _ADDRESS.findall(value.lower()):
                if cleaned := clean_address(address):
                    found[cleaned] = None
    # What was a step on the way ("info@firma" before ".de") is no address of its own.
    return [mail for mail in found if not any(other != mail and other.startswith(mail) for other in found)]
