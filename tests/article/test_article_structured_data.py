"""JSON-LD as real pages write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.article.decoding import parse_html
from enrich.article.people import read_authors, read_people
from enrich.article.structured_data import (
    as_list,
    index_by_id,
    iter_json_ld,
    iter_nodes,
    meta_content,
    parse_json_ld,
    resolve,
    text_of,
    types,
)  # fmt: skip


def nodes_of(*scripts: str) -> list[dict[str, Any]]:
    return list(iter_json_ld(parse_html("".join(f'<script type="application/ld+json">{s}</script>' for s in scripts))))


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Person", "name": "Ida Busch"}',
        '{"@type": "Person", "name": "Ida Busch",}',
        '<!-- {"@type": "Person", "name": "Ida Busch"} -->',
        '//<![CDATA[\n{"@type": "Person", "name": "Ida Busch"}\n//]]>',
        '/*<![CDATA[*/{"@type": "Person", "name": "Ida Busch"}/*]]>*/',
        '{"@type": "Person", "name": "Ida\n Busch"};',
        '{"@type": "Person", "name": "Ida Busch", "path": "c:\\daten"}',
        "{&quot;@type&quot;: &quot;Person&quot;, &quot;name&quot;: &quot;Ida Busch&quot;}",
        '[[{"@type": "Person", "name": "Ida Busch"}]]',
        '{"@context": "https://schema.org", "@graph": [{"@type": "schema:Person", "name": "Ida Busch"}]}',
        '{"@type": "https://schema.org/Person", "name": ["Ida Busch", "I. Busch"]}',
    ],
)
def test_broken_and_wrapped_scripts_are_read(script: str) -> None:
    (node,) = nodes_of(script)
    assert types(node) == {"Person"}
    assert text_of(node.get("name")) == "Ida Busch"


def test_one_broken_script_does_not_cost_the_others() -> None:
    found = nodes_of("{nonsense", '{"@type": "Place"}', "", '{"@type": "Event"}{"@type": "Thing"}')
    assert [sorted(types(node)) for node in found] == [["Place"], ["Event"], ["Thing"]]


def test_trailing_commas_inside_strings_stay() -> None:
    assert parse_json_ld('{"a": "eins,}", "b": [1, 2,],}') == [{"a": "eins,}", "b": [1, 2]}]


def test_cyclic_references_end() -> None:
    found = nodes_of(
        '{"@graph": [{"@id": "a", "knows": {"@id": "b"}, "name": "A"}, {"@id": "b", "knows": {"@id": "a"}}]}'
    )
    index = index_by_id(found)
    assert resolve({"@id": "a"}, index)["name"] == "A"
    assert resolve({"@id": "unknown"}, index) == {"@id": "unknown"}
    assert len(list(iter_nodes(found))) == 4


def test_values_in_their_wrappings() -> None:
    assert text_of({"@value": " Müller &amp; Söhne\n"}) == "Müller & Söhne"
    assert text_of(True) is None
    assert text_of([None, {}, "x"]) == "x"
    assert as_list({"@list": [1, 2]}) == [1, 2]
    assert as_list(None) == []


def test_meta_values_by_every_kind_of_name() -> None:
    tree = parse_html(
        '<meta property="og:title" content=" A  b "><meta name="Date" content="x"><meta name="date" content="y">'
    )
    assert meta_content(tree) == {"og:title": ["A b"], "date": ["x", "y"]}


@pytest.mark.parametrize("script", ["[" * 200_000, '{"a":' * 100_000, '"' + '\\"' * 200_000, ", " * 200_000, "{" * 10])
def test_hostile_scripts_give_nothing(script: str) -> None:
    assert nodes_of(script) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["@type", "@graph", "@id", "name", "x"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_walked(value: Any) -> None:
    script = json.dumps(value).replace("<", "\\u003c")
    for node in nodes_of(script):
        types(node)
        text_of(node.get("name"))
        list(iter_nodes(node))


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    parse_json_ld(text)


def test_people_with_a_role_are_found_but_not_those_who_made_the_page() -> None:
    found = nodes_of(
        """[{"@type": "NewsArticle", "author": [{"@id": "#au"}, {"@type": "Person", "name": "Rita Reporter", "jobTitle": "Redakteurin"}],
        "about": {"@type": "Person", "name": "Ole Hansen", "jobTitle": "Vorstand", "affiliation": ["Hansen SE"]}},
        {"@type": "Person", "@id": "#au", "name": "Paul Presser", "jobTitle": "Chefredakteur", "worksFor": {"name": "Blatt"}},
        {"@type": "Person", "name": "Nur Name"}]"""
    )
    people = read_people(found)
    assert [(p.name, p.role, p.organisation) for p in people] == [("Ole Hansen", "Vorstand", "Hansen SE")]
    assert read_authors(found[0], found, {}) == ("Paul Presser", "Rita Reporter")
