"""Stage companies: the website of each prospect's company, proved by its Impressum, for phone and address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import duckdb

from enrich.company import guess_sites, proves
from enrich.reader import site_of
from enrich.records import CompanyProfile
from pipeline.identity.mailboxes import freemail
from pipeline.settings import Settings
from spiders.crawl import CompanyTarget, CrawlLimits, crawl_companies
from spiders.reports import SourceReport

MAX_CANDIDATES = 6
MAX_COMPANIES = 400  # in one night; the rest follow in the next
# Who may still be called: waiting for a list, on one, being worked on (callbacks), or with an appointment.
CALLABLE = ("new", "listed", "working", "appointment")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A company without a proven, fresh profile."""

    company_id: str
    name: str
    town: str | None


def wanted(con: duckdb.DuckDBPyConnection, settings: Settings, now: datetime) -> list[Wanted]:
    """Return companies of people who may still be called, best score first, whose lookup is missing or too old."""
    rows = con.execute(
        """SELECT c.company_id, any_value(c.name), any_value(coalesce(c.town, p.place))
           FROM prospects r JOIN people p ON p.person_id = r.prospect_id JOIN companies c USING (company_id)
           WHERE list_contains(?, r.state) AND NOT EXISTS (
               SELECT 1 FROM company_lookups l WHERE l.company_id = c.company_id AND l.looked_up_at > ?)
           GROUP BY c.company_id ORDER BY max(r.score) DESC, c.company_id LIMIT ?""",
        [list(CALLABLE), now - timedelta(days=settings.crawl.company_refresh_days), MAX_COMPANIES],
    ).fetchall()
    return [Wanted(*row) for row in rows]


def candidates(con: duckdb.DuckDBPyConnection, company: Wanted, scheme: str) -> tuple[str, ...]:
    """Return start pages to try: its own site if a page of it was read, links of pages that name it, mail domains, guesses."""
    found = own_sites(con, company.company_id)
    links = con.execute(
        """SELECT DISTINCT unnest(g.links) AS link FROM pages g JOIN mentions m ON m.page_url = g.url
           JOIN person_mentions pm USING (mention_id) WHERE pm.company_id = ?""",
        [company.company_id],
    ).fetchall()
    guesses = guess_sites(company.name)
    stems = {site_of(url).rsplit(".", 1)[0].replace("-", "") for url in guesses}
    for (link,) in sorted(links):
        host = site_of(link)
        flat = host.rsplit(".", 1)[0].replace("-", "")
        words = [w for w in company.name.lower().replace("-", " ").split() if len(w) > 3]
        if any(stem and (stem in flat or flat in stem) for stem in stems) or any(w in host for w in words):
            found.append(_start_page(link))
    mails = con.execute(
        """SELECT DISTINCT split_part(k.email, '@', 2) FROM contacts k JOIN person_contacts pc USING (contact_id)
           JOIN people p USING (person_id) WHERE p.company_id = ? AND k.email IS NOT NULL""",
        [company.company_id],
    ).fetchall()
    found += [f"{scheme}://{d}/" for (d,) in sorted(mails) if d and d not in freemail()]
    found += [url.replace("https://", f"{scheme}://") for url in guesses]
    return tuple(dict.fromkeys(found))[:MAX_CANDIDATES]


def own_sites(con: duckdb.DuckDBPyConnection, company_id: str) -> list[str]:
    """Return the start pages of sites whose Impressum named the company's people: a lead source of kind company."""
    rows = con.execute(
        """SELECT DISTINCT m.page_url FROM mentions m JOIN person_mentions pm USING (mention_id)
           WHERE pm.company_id = ? AND m.section = 'imprint' ORDER BY 1""",
        [company_id],
    ).fetchall()
    return list(dict.fromkeys(_start_page(url) for (url,) in rows))


def _start_page(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}/"


def fetch_sites(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    limits: CrawlLimits,
    companies: list[Wanted],
    *,
    run_id: str,
    scheme: str = "https",
    on_progress: Callable[[SourceReport], None] = lambda report: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[SourceReport]:
    """Visit the candidate sites of the companies; their pages become batches like all others.

    A company whose own site is a lead source is not looked up: the source reads it.
    """
    unknown = [c for c in companies if not any(_profile(con, site_of(url)) for url in own_sites(con, c.company_id))]
    targets = [CompanyTarget(c.name, candidates(con, c, scheme), c.town) for c in unknown]
    return crawl_companies(
        [t for t in targets if t.candidates], home=settings.home, run_id=run_id, limits=limits,
        on_progress=on_progress, stop=stop,
    )  # fmt: skip


def prove(con: duckdb.DuckDBPyConnection, companies: list[Wanted], scheme: str, now: datetime) -> int:
    """Decide which visited site is whose; returns how many companies got a proven site. Repeatable."""
    proven = 0
    rows: list[list[object]] = []
    for company in companies:
        result: list[object] = [company.company_id, None, False, "no site was found that names this company", now]
        for url in candidates(con, company, scheme):
            profile = _profile(con, site_of(url))
            if profile is None:
                continue
            right, how = proves(profile, company.name, company.town)
            if right:
                result = [company.company_id, site_of(url), True, how, now]
                proven += 1
                break
        rows.append(result)
    con.execute("BEGIN")
    con.execute(
        "DELETE FROM company_lookups WHERE company_id IN (SELECT unnest(?::VARCHAR[]))",
        [[c.company_id for c in companies]],
    )
    if rows:
        con.executemany("INSERT INTO company_lookups VALUES (?, ?, ?, ?, ?)", rows)
    con.execute("COMMIT")
    return proven


def _profile(con: duckdb.DuckDBPyConnection, website: str) -> CompanyProfile | None:
    found = con.execute(
        "SELECT company, legal_form, street, postcode, town, country, website, page_url FROM company_profiles WHERE website = ?",
        [website],
    ).fetchall()
    if not found:
        return None
    company, legal_form, street, postcode, town, country, site, page_url = found[0]
    return CompanyProfile(company, legal_form, street, postcode, town, country, website=site, page_url=page_url)
