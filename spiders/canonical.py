"""One address for one document: tracking parameters, fragments, AMP and print views folded away."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Parameters that never change the document: campaign tags, click ids, session ids.
_TRACKING = re.compile(
    r"^(utm_\w+|mtm_\w+|matomo_\w+|pk_\w+|piwik_\w+|hsa_\w+|wt_\w+|wt\.\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid"
    r"|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|_ga|_gl|cmpid|ns_(campaign|mchannel|source|linkname|fee)|xtor"
    r"|_hs(enc|mi)|vero_id|mkt_tok|s_kwcid|ef_id|phpsessid|jsessionid|aspsessionid\w*|session_?id|google_editors_picks"
    r"|at_(medium|campaign|custom\d|ptr_name|bbc_team))$",
    re.IGNORECASE,
)
# Parameters that are tags on most sites and ids of a document on some: a plain number is an id, and is kept.
_OFTEN_TRACKING = re.compile(
    r"^(ref|referrer|referer|reference|source|src|campaign|cid|sid|ito|share|shared|social|trk|spm|ftag|partner|rss|feed"
    r"|via|from|origin)$",
    re.IGNORECASE,
)
_VIEW = re.compile(r"^(amp|outputtype|print|printview|druck|druckversion|view|output|mode|format)$", re.IGNORECASE)
_VIEW_VALUE = re.compile(r"^(amp|valueamp|print|printview|druck|druckversion|drucken|pdf_print)$", re.IGNORECASE)
_VIEW_SWITCH = re.compile(r"^(amp|print|printview|druck|druckversion)$", re.IGNORECASE)
_SESSION_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = frozenset("/%:@!$&'()*+,;=") | _UNRESERVED


def canonical(url: str) -> str:
    """Return the canonical form of a web address; canonical(canonical(u)) == canonical(u).

    Raises ValueError when it is no http(s) address with a host.
    """
    parts = urlsplit(_SURROGATE.sub("\ufffd", url.strip()))
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".").lower()
    if scheme not in ("http", "https") or not host:
        raise ValueError(f"{url!r} is no web address")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise ValueError(f"{url!r} has no valid host name") from error
    port = parts.port
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, 80 if scheme == "http" else 443) else f"{host}:{port}"
    path = _plain_view(_plain_path(_SESSION_PATH.sub("", parts.path)))
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_noise(key, value)]
    return urlunsplit((scheme, netloc, path, urlencode(sorted(kept), errors="surrogatepass"), ""))


def _is_noise(key: str, value: str) -> bool:
    if _TRACKING.match(key) or (_VIEW.match(key) and _VIEW_VALUE.match(value)):
        return True
    if _VIEW_SWITCH.match(key) and value.lower() in ("", "1", "true", "yes"):
        return True
    return bool(_OFTEN_TRACKING.match(key)) and not value.isdigit()


def _plain_path(path: str) -> str:
    """Write a path in one way: dot segments resolved, needless escapes undone, the others in capitals."""
    path = _PERCENT.sub(_normal_escape, path)
    path = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    path = "".join(
        char if char in _PATH_SAFE else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
        for char in path
    )
    segments: list[str] = []
    parts = re.sub(r"/{2,}", "/", path).split("/")
    for part in parts:
        if part == ".." and len(segments) > 1:
            segments.pop()
        elif part not in (".", ".."):
            segments.append(part)
    if parts[-1] in (".", "..") and segments and segments[-1]:
        segments.append("")
    path = "/".join(segments)
    return path if path.startswith("/") else f"/{path}"


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match.group(1), 16))
    return char if char in _UNRESERVED else match.group(0).upper()


def _plain_view(path: str) -> str:
    """Fold `/amp/`, `.amp` and `/print` endings to the article itself."""
    before = ""
    while path != before:
        before = path
        path = re.sub(r"/(amp|print|drucken|druckansicht|druckversion)/?$", "/", path, flags=re.IGNORECASE)
        path = re.sub(r"\.amp(\.html?)?$", lambda m: m.group(1) or "", path, flags=re.IGNORECASE)
    return path or "/"


def same_site(url: str, other: str) -> bool:
    """True when both addresses have the same host, `www.` and `m.` ignored."""
    try:
        one, two = (_bare_host(u) for u in (url, other))
    except ValueError:
        return False
    return one == two != ""


def _bare_host(url: str) -> str:
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    for prefix in ("www.", "m.", "amp."):
        host = host.removeprefix(prefix)
    return host
