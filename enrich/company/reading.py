"""All pages of one company site become one profile: the Impressum first, then contact page, footer, JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from enrich.company.addresses import Address, addresses_in
from enrich.company.emails import addresses_in as mails_in
from enrich.company.lines import Line
from enrich.company.names import name_of_site
from enrich.company.numbers import find_register, find_vat
from enrich.company.people import decides, has_given_name, names_above, people_in, people_of
from enrich.company.phones import (
    extension_of,
    number_of_link,
    numbers_in,
    of_other_firm,
    only_label,
    only_number,
)
from enrich.company.sections import SitePage, read_page
from enrich.company.words import words
from enrich.legal_forms import split_legal_form
from enrich.records import CompanyProfile, Page, SitePerson

MAX_PAGES = 12
_RANKS = {"imprint": 0, "contact": 1, "home": 2, "team": 3, "other": 4}
_OWNERS_IN_NAME = frozenset({"e.K.", "e.U.", "GbR", "OHG", "OG", "PartG", "PartG mbB"})  # named after their owners
_REGION_OF = {"at": "AT", "ch": "CH", "li": "LI", "de": "DE", "uk": "GB", "ie": "IE"}


def read_site(pages: Sequence[Page]) -> CompanyProfile | None:
    """Return what the pages of one site say of its company; None where not even a name is found.

    Bounded: at most MAX_PAGES pages and a few megabytes each are read. Never raises for what pages contain.
    """
    region = _region_by_host(pages)
    read = [site for number, page in enumerate(pages[:MAX_PAGES]) if (site := read_page(page, number, region))]
    if not read:
        return None
    ranked = sorted(read, key=lambda site: _RANKS[site.rank])
    best = _best_address(ranked)
    stated = next((site.stated for site in ranked if site.stated.addresses), None)
    address = best[1] if best else None
    country = (address.country if address else None) or _country(ranked, address, region, pages)
    region = country or region
    name = name_of_site(ranked, best)
    if not name:
        return None
    street, postcode, town = (address.street, address.postcode, address.town) if address else (None, None, None)
    if address is None and stated:
        street, postcode, town, country_said = stated.addresses[0]
        country = country_said or country
    phones, faxes = _numbers(ranked, region)
    emails = _emails(ranked)
    people = _without_firm([person for person in _people(ranked, best) if person.name.lower() != name.lower()], name)
    proving = best[0] if best else ranked[0]
    sources = _trusted(ranked)
    register = next((found for site in sources if (found := find_register(_texts(site.own)))), None)
    vat = next((number for site in sources if (number := find_vat(_texts(site.own)))), None)
    if vat is None:
        vat = next((find_vat([f"USt-IdNr. {site.stated.vat}"]) for site in ranked if site.stated.vat), None)
    start = urlsplit(pages[0].final_url or pages[0].url)
    return CompanyProfile(
        company=name,
        legal_form=split_legal_form(name)[1],
        street=street,
        postcode=postcode,
        town=town,
        country=country,
        phones=tuple(phones),
        faxes=tuple(faxes),
        emails=tuple(emails),
        people=tuple(people),
        register=register,
        vat_id=vat,
        website=f"{start.scheme}://{start.netloc}/" if start.netloc else None,
        page_url=proving.page.final_url or proving.page.url,
    )


def _without_firm(people: list[SitePerson], company: str) -> list[SitePerson]:
    """Drop "Nord Farbe" of "Nord Farbe & Raum GmbH": no known given name, and the words of the company's name."""

    def plain(text: str) -> str:
        return f" {re.sub(r'[^a-zäöüßà-ÿ0-9]+', ' ', text.lower()).strip()} "

    def is_firm(person: SitePerson) -> bool:
        return plain(person.name) in plain(company) and not has_given_name(person.name)

    real = [person for person in people if not is_firm(person)]
    return real or people


def _region_by_host(pages: Sequence[Page]) -> str:
    host = urlsplit(pages[0].url).hostname or "" if pages else ""
    return _REGION_OF.get(host.rpartition(".")[2], "DE")


def _texts(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]


def _trusted(ranked: Sequence[SitePage]) -> list[SitePage]:
    imprints = [site for site in ranked if site.rank == "imprint"]
    return imprints or [site for site in ranked if site.rank in ("contact", "home")] or list(ranked)


def _best_address(ranked: Sequence[SitePage]) -> tuple[SitePage, Address] | None:
    """The first complete address of the best page; others that repeat it count for it."""
    found: list[tuple[SitePage, Address]] = []
    for site in ranked:
        found += [(site, address) for address in addresses_in(_texts(site.own))]
    if not found:
        return None
    counts: dict[tuple[str, str], int] = {}
    for _, address in found:
        key = (address.postcode, (address.street or "").lower())
        counts[key] = counts.get(key, 0) + 1

    def worth(item: tuple[int, tuple[SitePage, Address]]) -> tuple[float, int]:
        number, (site, address) = item
        rank = {"imprint": 0.0, "contact": 2.0, "home": 3.0, "team": 4.0, "other": 6.0}[site.rank]
        rank += 5.0 if address.street is None else 0.0
        repeated = min(3, counts[(address.postcode, (address.street or "").lower())])
        # An Impressum begins with the seat; elsewhere the address that is said more often is likelier the company's.
        return rank - (0.0 if site.rank == "imprint" else 0.3 * repeated), number

    return min(enumerate(found), key=worth)[1]


def _country(ranked: Sequence[SitePage], address: Address | None, region: str, pages: Sequence[Page]) -> str | None:
    """Tell Austria from Switzerland where the address has four digits and no country."""
    if address is None:
        return None
    text = " ".join(line.text for site in ranked[:3] for line in site.lines[:1500])[:200_000]
    votes = {
        "AT": len(
            re.findall(r"\+43|0043|\bATU\d|Österreich|Austria|\bECG\b|Firmenbuch|\bZVR\b|@[\w.-]{2,40}\.at\b", text)
        ),
        "CH": len(re.findall(r"\+41|0041|\bCHE-|Schweiz|Switzerland|\bMWST\b|@[\w.-]{2,40}\.ch\b", text)),
    }
    host = (urlsplit(pages[0].url).hostname or "").rpartition(".")[2]
    if host in ("at", "ch"):
        votes[host.upper()] += 3
    best = max(votes, key=lambda code: votes[code])
    return best if votes[best] else (region if region in votes else None)


def _numbers(ranked: Sequence[SitePage], region: str) -> tuple[list[str], list[str]]:
    phones: dict[str, None] = {}
    faxes: dict[str, None] = {}
    foreign: set[str] = set()
    for site in ranked:
        foreign |= {found.number for line in site.third for found in numbers_in(line.text, region)}
        faxes |= dict.fromkeys(site.stated.faxes)
    for site in ranked:
        frame = [line for line in site.own if line.zone in ("footer", "header")]
        framed = any(numbers_in(line.text, region) for line in frame)
        written, before = "", ""
        for line, label in _labelled(_reliable_lines(site, known=bool(phones) or framed)):
            found = numbers_in(line.text, region, label)
            if of_other_firm(before) and len(before) < 60:
                found = []
            if not found and (ending := extension_of(line.text, label, written, region)):
                found = [ending]
            elif found:
                written = line.text
            before = line.text
            lone = only_number(line.text)
            for item in found:
                if item.kind == "fax":
                    faxes[item.number] = None
                elif item.kind == "phone" or (item.kind == "bare" and lone):
                    phones[item.number] = None
            if not found and not any(sign.isdigit() for sign in line.text):
                for link in line.links:
                    if link[:4].lower() == "tel:" and (number := number_of_link(link, region)):
                        phones[number] = None
    if not phones:
        for site in ranked:
            phones |= dict.fromkeys(site.stated.phones)
    saying = [*_trusted(ranked), *(site for site in ranked if site.rank == "contact")]
    own = {number for site in saying for line in site.own for number in _plain(line, region)}
    return [n for n in phones if n not in faxes and (n not in foreign or n in own)], list(faxes)


def _plain(line: Line, region: str) -> list[str]:
    return [found.number for found in numbers_in(line.text, region)]


def _reliable_lines(site: SitePage, *, known: bool = False) -> list[Line]:
    """Which lines of a page may give the company's numbers and addresses.

    All own ones of Impressum and contact page; of a home page header and footer, and its body (where partners and
    suppliers are named too) only as long as nothing is `known`; of other pages header and footer.
    """
    if site.rank in ("imprint", "contact") or (site.rank == "home" and not known):
        return [*site.own, *site.outside]
    return [line for line in site.own if line.zone in ("footer", "header")]


def _labelled(lines: Sequence[Line]) -> Iterable[tuple[Line, str]]:
    """Every line with the label that stands before it, or beside it in the cell to the left."""
    label = ""
    blocks = [list(group) for _, group in groupby(lines, key=lambda line: line.block)]
    for number, block in enumerate(blocks):
        beside = blocks[number - 1] if number else []
        column = 1 < len(beside) == len(block) and all(only_label(line.text) for line in beside)
        for row, line in enumerate(block):
            yield line, beside[row].text if column else label
            label = line.text if only_label(line.text) else ""


def _emails(ranked: Sequence[SitePage]) -> list[str]:
    found: dict[str, int] = {}
    foreign = {mail for site in ranked for line in site.third for mail in mails_in(line.text, line.links)}
    host = (urlsplit(ranked[0].page.url).hostname or "").removeprefix("www.")
    trusted = _trusted(ranked)
    for site in trusted:
        for line in site.own:
            for mail in mails_in(line.text, line.links):
                found.setdefault(mail, 0)
    domains = {mail.partition("@")[2] for mail in found} | {host}
    for site in ranked:
        for line in _reliable_lines(site):
            for mail in mails_in(line.text, line.links):
                domain = mail.partition("@")[2]
                free = site.rank == "contact" and domain in words("freemail")
                if domain in domains or free or (not found and site.rank in ("imprint", "contact", "home")):
                    found.setdefault(mail, 1)
                    domains.add(domain)
    if not found:
        linked = [mail for site in ranked for line in site.own for mail in mails_in("", line.links)]
        if len({mail.partition("@")[2] for mail in linked}) == 1:
            found |= dict.fromkeys(linked, 1)
    if not found:
        for site in ranked:
            for mail in site.stated.emails:
                found.setdefault(mail, 2)
    if not any(site.rank == "imprint" for site in trusted) and any(mail.endswith(f"@{host}") for mail in found):
        found = {mail: worth for mail, worth in found.items() if mail.endswith(f"@{host}")}
    own = {mail for mail in found if found[mail] == 0}
    return [mail for mail in found if mail not in foreign or mail in own]


def _people(ranked: Sequence[SitePage], best: tuple[SitePage, Address] | None) -> list[SitePerson]:
    deciders: dict[str, SitePerson] = {}
    responsible: dict[str, SitePerson] = {}
    for site in _trusted(ranked):
        first, second = people_in(_texts(site.own), [line.level for line in site.own])
        for person in first:
            deciders.setdefault(person.name, person)
        for person in second:
            responsible.setdefault(person.name, person)
    for site in _trusted(ranked):
        for text in _texts(site.own[:40]):
            core, form = split_legal_form(text)
            if form in _OWNERS_IN_NAME and len(text) < 80:
                for person in [p for p in people_of(core) if has_given_name(p.name)]:
                    deciders.setdefault(person.name, SitePerson(person.name, person.role, text))
    if not deciders and best and best[0].rank == "imprint":
        for person in names_above(_texts(best[0].own), best[1].first):
            deciders.setdefault(person.name, person)
    for site in ranked:
        if site.rank in ("team", "contact"):
            for person in people_in(_texts(site.own), [line.level for line in site.own])[0]:
                if site.leading or decides(person.role):
                    deciders.setdefault(person.name, person)
    if not deciders and not responsible:
        for site in ranked:
            if site.rank in ("contact", "team", "home"):
                for person in people_in(_texts(site.own), [line.level for line in site.own])[0]:
                    deciders.setdefault(person.name, person)
    return list((deciders or responsible).values())
