"""People whom a page's JSON-LD names with a role or an organisation, and the page's authors."""

from __future__ import annotations

from enrich.article.content import StructuredPerson, one_line
from enrich.article.structured_data import Node, as_list, has_type, index_by_id, iter_nodes, resolve, text_of

MAX_PEOPLE = 200

_MAKERS = (
    "author",
    "creator",
    "editor",
    "contributor",
    "copyrightHolder",
    "accountablePerson",
    "reviewedBy",
    "reporter",
)
_EMPLOYERS = ("worksFor", "affiliation", "memberOf")


def read_people(nodes: list[Node]) -> tuple[StructuredPerson, ...]:
    """Return persons with `jobTitle` or employer that did not make the page, each once."""
    index = index_by_id(node for top in nodes for node in iter_nodes(top))
    makers = _maker_nodes(nodes, index)
    names = {text_of(node.get("name")) for node in makers}
    identities = {id(node) for node in makers}
    found: dict[tuple[str, str | None, str | None], StructuredPerson] = {}
    for top in nodes:
        for node in iter_nodes(top):
            name = one_line(text_of(node.get("name")))
            if not has_type(node, ("Person",)) or not name or id(node) in identities or name in names:
                continue
            role = one_line(text_of(node.get("jobTitle")) or text_of(node.get("roleName")))
            employer = next(
                (text for key in _EMPLOYERS for value in as_list(node.get(key)) if (text := _name(value, index))),
                None,
            )
            if role or employer:
                found.setdefault((name, role, employer), StructuredPerson(name, role, employer))
            if len(found) >= MAX_PEOPLE:
                return tuple(found.values())
    return tuple(found.values())


def read_authors(article: Node | None, nodes: list[Node], meta: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the names of the article's authors, from JSON-LD, else from meta elements."""
    names: list[str] = []
    if article:
        index = index_by_id(node for top in nodes for node in iter_nodes(top))
        for value in as_list(article.get("author")):
            found = resolve(value, index)
            listed = as_list(found.get("name")) if isinstance(found, dict) else [found]
            names.extend(name for item in listed if (name := one_line(text_of(item))))
    if not names:
        names = [name for key in ("author", "dc.creator", "parsely-author") for name in meta.get(key, [])]
    return tuple(dict.fromkeys(name for name in names if len(name) < 120 and "://" not in name))


def _maker_nodes(nodes: list[Node], index: dict[str, Node]) -> list[Node]:
    makers: list[Node] = []
    for top in nodes:
        for node in iter_nodes(top):
            for key in _MAKERS:
                for value in as_list(node.get(key)):
                    found = resolve(value, index)
                    if isinstance(found, dict):
                        makers.append(found)
                    if isinstance(value, str):
                        makers.append({"name": value})
    return makers


def _name(value: object, index: dict[str, Node]) -> str | None:
    found = resolve(value, index)
    return one_line(text_of(found.get("name"))) if isinstance(found, dict) else one_line(text_of(found))
