"""One address for one document: tracking parameters, fragments, AMP and print views folded away."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Parameters that never change the document: campaign tags, click ids, session ids.
_TRACKING = re.compile(
    r"^(utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|hsa_\w+|at_\w+|wt_\w+|wt\.\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid"
    r"|mc_[ce]id|_ga|_gl|cmpid|campaign|ns_\w+|xtor|ref|referrer|reference|source|sourceid|ito|share|shared|social|cid"
    r"|trk|spm|scid|sc_\w+|phpsessid|jsessionid|sid|sessionid|session_id|s_kwcid|ftag|feed|rss|partner|google_editors_picks)$",
    re.IGNORECASE,
)
_VIEWS = {"amp", "outputtype", "print", "druck", "view", "output", "service", "mode"}
_VIEW_VALUES = re.compile(r"^(amp|valueamp|print|druck|druckversion|1|true|)$", re.IGNORECASE)
_SESSION_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)


def canonical(url: str) -> str:
    """Return the canonical form of a web address; canonical(canonical(u)) == canonical(u).

    Raises ValueError when it is no http(s) address with a host.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"{url!r} is no web address")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise ValueError(f"{url!r} has no valid host name") from error
    port = parts.port
    if host.count(":"):
        host = f"[{host}]"
    netloc = host if port in (None, 80 if parts.scheme == "http" else 443) else f"{host}:{port}"
    path = _SESSION_PATH.sub("", parts.path)
    path = quote(unquote(path, errors="surrogateescape").encode("utf-8", "surrogateescape"), safe="/%:@!$&'()*+,;=~-._")
    path = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    path = _plain_view(re.sub(r"/{2,}", "/", path) or "/")
    kept = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(key) and not (key.lower() in _VIEWS and _VIEW_VALUES.match(value))
    ]
    return urlunsplit((parts.scheme, netloc, path, urlencode(sorted(kept)), ""))


def _plain_view(path: str) -> str:
    """Fold `/amp/`, `.amp` and `/print` endings to the article itself."""
    before = ""
    while path != before:
        before = path
        path = re.sub(r"/(amp|print|drucken|druckansicht)/?$", "/", path, flags=re.IGNORECASE)
        path = re.sub(r"\.amp(\.html?)?$", lambda m: m.group(1) or "", path, flags=re.IGNORECASE)
    return path or "/"


def same_site(url: str, other: str) -> bool:
    """True when both addresses have the same host, `www.` ignored."""
    one, two = (urlsplit(u).hostname or "" for u in (url, other))
    return one.removeprefix("www.") == two.removeprefix("www.") != ""
