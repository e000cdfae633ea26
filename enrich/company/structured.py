"""What JSON-LD of a company site says (Organization, LocalBusiness and their kinds): the secondary source."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from enrich.article.structured_data import Node, as_list, iter_json_ld, iter_nodes, text_of, types
from enrich.company.emails import clean_address
from enrich.company.phones import parse_number

_NOT_COMPANIES = frozenset(
    [
        "person",
        "website",
        "webpage",
        "breadcrumblist",
        "listitem",
        "offer",
        "product",
        "article",
        "newsarticle",
        "blogposting",
        "event",
        "faqpage",
        "question",
        "answer",
        "imageobject",
        "videoobject",
        "postaladdress",
        "geocoordinates",
        "openinghoursspecification",
        "contactpoint",
        "review",
        "aggregaterating",
        "rating",
        "searchaction",
        "service",
        "country",
        "city",
        "state",
        "place",
        "administrativearea",
        "offercatalog",
        "howto",
        "jobposting",
    ]
)


@dataclass(slots=True)
class Stated:
    """Values of one Organization node; addresses are (street, postcode, town, country)."""

    names: list[str] = field(default_factory=list)
    legal_names: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    faxes: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)
    vat: str | None = None


def stated_by(tree: HtmlElement, region: str) -> Stated:
    """Return what the first organisation of a page's JSON-LD says; later ones may be partners."""
    for top in iter_json_ld(tree):
        for node in iter_nodes(top):
            kinds = {kind.lower() for kind in types(node)}
            if kinds and not kinds & _NOT_COMPANIES and node.get("name") and ("address" in node or "telephone" in node):
                return _read(node, region)
    return Stated()


def _read(node: Node, region: str) -> Stated:
    stated = Stated()
    for key, into in (("name", stated.names), ("legalName", stated.legal_names)):
        if text := text_of(node.get(key)):
            into.append(text)
    for address in as_list(node.get("address"))[:5]:
        if isinstance(address, dict):
            street, code = text_of(address.get("streetAddress")), text_of(address.get("postalCode"))
            town = text_of(address.get("addressLocality"))
            if street and code and town:
                country = (text_of(address.get("addressCountry")) or "").upper()[:2] or None
                stated.addresses.append((street, code, town, country))
    for holder in [node, *[p for p in as_list(node.get("contactPoint"))[:5] if isinstance(p, dict)]]:
        for key, into in (("telephone", stated.phones), ("faxNumber", stated.faxes)):
            for value in as_list(holder.get(key))[:5]:
                if number := parse_number(str(value), region):
                    into.append(number)
        for value in as_list(holder.get("email"))[:5]:
            if address := clean_address(str(value)):
                stated.emails.append(address)
    for key, role in (("founder", "Gründer"), ("employee", "")):
        for person in as_list(node.get(key))[:5] if role else []:
            if name := text_of(person):
                stated.people.append((name, role))
    stated.vat = text_of(node.get("vatID"))
    return stated
