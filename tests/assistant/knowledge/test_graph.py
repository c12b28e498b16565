"""The graph of facts: complete where it speaks, and asked by declarations alone."""

from zoneinfo import ZoneInfo

import pytest

from uptake.assistant.knowledge.graph import Graph
from uptake.assistant.knowledge.places import find_place, places
from uptake.assistant.knowledge.relations import EXTREMES, RELATIONS

graph = Graph.shipped()


def test_every_country_has_a_capital_a_continent_a_currency_and_a_language():
    lacking = graph.select(
        "SELECT ?name WHERE { ?country a u:Country ; u:name ?name . FILTER NOT EXISTS { "
        "?country u:capital ?a ; u:continent ?b ; u:currency ?c ; u:language ?d ; u:population ?e } }"
    )
    assert lacking == []


def test_neighbours_are_mutual_and_everything_named_exists():
    assert graph.select("SELECT ?a ?b WHERE { ?a u:borders ?b FILTER NOT EXISTS { ?b u:borders ?a } }") == []
    assert (
        graph.select("SELECT ?b WHERE { ?a u:borders|u:capital|u:author ?b FILTER NOT EXISTS { ?b u:name ?n } }") == []
    )


def test_there_are_all_elements_and_all_planets():
    assert graph.select("SELECT (COUNT(*) AS ?n) WHERE { ?x a u:Element }") == [("118",)]
    assert graph.select("SELECT (COUNT(*) AS ?n) WHERE { ?x a u:Planet }") == [("8",)]


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_every_relation_is_about_kinds_that_exist_and_has_words_and_an_answer(relation):
    assert relation.nouns or relation.asks
    assert all("~" in ask for ask in relation.asks)
    kinds = " ".join(f"u:{kind}" for kind in relation.of)
    found = graph.select(
        f"SELECT ?x WHERE {{ VALUES ?kind {{ {kinds} }} ?x a ?kind ; {relation.path} ?value }} LIMIT 1"
    )
    assert found
    relation.answer.format(subject="", object="", count=1, some="")


@pytest.mark.parametrize("extreme", EXTREMES, ids=lambda extreme: extreme.name)
def test_every_extreme_has_an_answer(extreme):
    assert graph.most(extreme) is not None


def test_a_query_that_is_no_sparql_is_an_error():
    with pytest.raises(SyntaxError):
        graph.select("SELECT everything")


def test_names_are_forgiven_a_slip_but_not_invented():
    assert graph.find("the Netherlands").name == "Netherlands"
    assert graph.find("switzerlnd").name == "Switzerland"
    assert graph.find("Mars", ("Country",)) is None
    assert graph.find("x" * 10_000) is None


def test_every_place_lies_in_a_known_zone_and_is_found_by_each_of_its_names():
    for place in places():
        ZoneInfo(place.zone)
        assert all(find_place(name) is not None for name in (place.name, *place.aliases))
