"""Feeds, sitemaps, robots.txt, ai.txt and tdmrep.json that attack their reader; every host behind them is a source of its own."""

from __future__ import annotations

from functools import lru_cache

from tests.hostile.bombs import entities
from tests.hostile.sound_pages import article

_LINK = "http://{host}.example/p/seite-nummer-1.html"
# "*" in a rule must not cost more than linear time: a robots.txt is read by every request.
_WILD = "a*" * 900


def _rss(inner: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>x</title>{inner}</channel></rss>'


def _item(link: str, title: str = "Seite") -> str:
    return f"<item><title>{title}</title><link>{link}</link></item>"


def _sitemap(inner: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'


def _listing_of(name: str, link: str) -> str | bytes:
    good = _item(link)
    loc = f"<url><loc>{link}</loc></url>"
    made: dict[str, str | bytes] = {
        "feed-entities": _rss(f"{good}<item><title>&a59;&file;</title></item>", entities(doc="rss")),
        "feed-external": _rss(f"{good}<item><title>&file;&net;</title></item>", '<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd" [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY net SYSTEM "http://169.254.169.254/">]>'),
        "feed-deep": _rss(good + "<a>" * 100_000),
        "feed-long": _rss(good + "<item><title>" + "x" * 5_000_000),
        "feed-many": _rss(good + "".join(_item(f"http://elsewhere.example/{n}") for n in range(40_000))),
        "feed-html": _rss(good + "<item><description>" + "&lt;div&gt;&lt;a href=" * 100_000 + "</description></item>"),
        "feed-dates": _rss(good + "".join(f"<item><title>t</title><link>{link}?{n}</link><pubDate>{'9' * 4000}</pubDate></item>" for n in range(100))),
        "feed-links": _rss(good + "".join(_item(bad) for bad in ("javascript:alert(1)", "file:///etc/passwd", "http://[::1", "\x1b[2J", "http://" + "a" * 70_000, "//", "ftp://x/", "http://x:99999/", "http://169.254.169.254/", "data:text/html,x"))),
        "feed-broken": (_rss(good) + "\x00\x01<<<>>>&&&")[:-20],
        "feed-utf16": _rss(good).encode("utf-16"),
        "rdf-entities": f'<?xml version="1.0"?>{entities(doc="rdf:RDF")}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item><title>&a59;</title></item><item><title>x</title><link>{link}</link></item></rdf:RDF>',
        "atom-entities": f'<?xml version="1.0"?>{entities(doc="feed")}<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&a59;</title></entry><entry><title>x</title><link href="{link}"/></entry></feed>',
        "json-deep": '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 100_000,
        "json-wrong": '{"version":"https://jsonfeed.org/version/1.1","items":[1,null,{"url":5},{"url":["x"]},{"url":"' + link + '","date_published":{}}]}',
        "sitemap-entities": _sitemap(f"<url><loc>&a59;&file;</loc></url>{loc}", entities(doc="urlset")),
        "sitemap-many": _sitemap(loc + "".join(f"<url><loc>http://elsewhere.example/{n}</loc></url>" for n in range(150_000))),
        "sitemap-deep": _sitemap(loc + "<url>" * 100_000),
        "sitemap-dates": _sitemap(loc + "".join(f"<url><loc>{link}?{n}</loc><lastmod>{'1' * 3000}-99-99T{n}</lastmod></url>" for n in range(300))),
        "sitemap-index-cycle": '<?xml version="1.0"?><sitemapindex>' + "<sitemap><loc>{start}</loc></sitemap>" * 2_000 + "</sitemapindex>",
    }  # fmt: skip
    return made[name]


LISTINGS = (
    "feed-entities", "feed-external", "feed-deep", "feed-long", "feed-many", "feed-html", "feed-dates", "feed-links", "feed-broken",
    "feed-utf16", "rdf-entities", "atom-entities", "json-deep", "json-wrong", "sitemap-entities", "sitemap-many", "sitemap-deep",
    "sitemap-dates", "sitemap-index-cycle", "robots-wild", "robots-long", "robots-binary", "ai-wild", "tdmrep-deep", "tdmrep-wild",
)  # fmt: skip
# Sources whose one page must not be lost, whatever stands around it in the listing.
KEPT = tuple(name for name in LISTINGS if name not in ("json-deep", "sitemap-index-cycle"))
RULES: dict[str, tuple[str, str | bytes]] = {
    "robots-wild": ("/robots.txt", "User-agent: *\n" + f"Disallow: /{_WILD}$\n" * 200),
    "robots-long": ("/robots.txt", "User-agent: *\n" + "".join(f"Disallow: /no{n}\n" for n in range(60_000)) + "Crawl-delay: 0\n"),
    "robots-binary": ("/robots.txt", bytes(range(256)) * 2_000),
    "ai-wild": ("/ai.txt", "User-agent: *\n" + f"Disallow: /{_WILD}$\n" * 200),
    "tdmrep-deep": ("/.well-known/tdmrep.json", "[" * 200_000),
    "tdmrep-wild": ("/.well-known/tdmrep.json", "[" + ",".join(f'{{"location":"/{_WILD}$","tdm-reservation":1}}' for _ in range(900)) + "]"),
}  # fmt: skip


@lru_cache(64)
def listing(host: str, path: str) -> tuple[str, bytes]:
    """Return content type and body of a path of a host that attacks by its listing or its rules; empty: not there."""
    link = _LINK.format(host=host)
    if path == "/feed.xml":
        body = _rss(_item(link)) if host in RULES else _listing_of(host, link)
        if isinstance(body, str):
            body = body.replace("{start}", f"http://{host}.example/feed.xml").encode("utf-8", "surrogatepass")
        return ("application/feed+json" if host.startswith("json") else "application/xml"), body
    if host in RULES and path == RULES[host][0]:
        body = RULES[host][1]
        return "text/plain", body if isinstance(body, bytes) else body.encode()
    if path == "/p/seite-nummer-1.html":
        return "text/html; charset=utf-8", article(LISTINGS.index(host))
    return "text/plain", b""
