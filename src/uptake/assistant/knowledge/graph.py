"""Small graph of facts in RDF (Turtle, shipped beside this file), queried with SPARQL.

`pyoxigraph` holds it; it is loaded at the first question (some 30 ms, once). The questions are declared in `relations`,
so that a question becomes a query without code of its own.

    PREFIX u: <urn:uptake:>          names of relations: u:capital, u:borders, u:population …
    PREFIX : <urn:uptake:thing:>     things: :peru, :planet_mars …
    SELECT ?name WHERE { :peru u:borders/u:name ?name }

Limit: it holds some 1,200 things; figures are rounded and become outdated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Self

from uptake.assistant.knowledge.relations import Extreme, Relation
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize

__all__ = ["Graph", "Thing"]

_FILES = ("countries.ttl", "nature.ttl", "culture.ttl")
_PREFIXES = "PREFIX u: <urn:uptake:>\nPREFIX : <urn:uptake:thing:>\n"
_CLOSE = 0.84
_MAX_CHARS = 80


@dataclass(frozen=True, slots=True)
class Thing:
    """Thing in the graph."""

    iri: str
    """Its identifier."""
    name: str
    """Name of the thing."""
    kind: str
    """Class of the thing: "Country", "Planet" …"""


class Graph:
    """Facts that can be queried with SPARQL.

    >>> Graph.shipped().select("SELECT ?name WHERE { :peru u:capital/u:name ?name }")
    [('Lima',)]

    Args:
        turtle: The facts, in Turtle; several texts are joined.
    """

    def __init__(self, turtle: Sequence[str | bytes]) -> None:
        from pyoxigraph import RdfFormat, Store

        self._store = Store()
        for text in turtle:
            self._store.load(text, format=RdfFormat.TURTLE)

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> Self:
        """Load the facts that ship with the assistant, once."""
        here = files("uptake.assistant.knowledge")
        return cls([(here / name).read_bytes() for name in _FILES])

    def select(self, sparql: str) -> list[tuple[str | None, ...]]:
        """Return rows of a SELECT query as plain strings; the prefixes `u:` and `:` need not be declared.

        Raises:
            SyntaxError: The query is no SPARQL.
        """
        solutions: Any = self._store.query(_PREFIXES + sparql)
        return [tuple(None if value is None else value.value for value in row) for row in solutions]

    def find(self, said: str, kinds: Sequence[str] = ()) -> Thing | None:
        """Find the thing of a name, tolerating a slip of the pen; None where nothing is called so.

        Args:
            said: The name, with or without an article.
            kinds: What it may be; anything by default.
        """
        wanted = _bare(said[:_MAX_CHARS])
        for thing in self._named.get(wanted, ()):
            if not kinds or thing.kind in kinds:
                return thing
        if len(wanted) < 4:
            return None
        best, likeness = None, _CLOSE
        for name, things in self._named.items():
            if abs(len(name) - len(wanted)) > 3:
                continue
            score = edit_similarity(name, wanted)
            fitting = [thing for thing in things if not kinds or thing.kind in kinds]
            if fitting and score >= likeness:
                best, likeness = fitting[0], score
        return best

    def ask(self, relation: Relation, subject: Thing) -> list[str]:
        """Return the values of a relation of a thing, names or plain values, sorted."""
        rows = self.select(
            f"SELECT DISTINCT ?value ?name WHERE {{ <{subject.iri}> {relation.path} ?value . "
            "OPTIONAL { ?value u:name ?name } } ORDER BY ?name ?value"
        )
        return [name or value or "" for value, name in rows]

    def most(self, extreme: Extreme, within: Thing | None = None) -> tuple[str, str] | None:
        """Return (name, value) of the thing of a kind that has most (or least) of something, or None."""
        where = (
            f"; (u:continent|u:on|u:country|u:country/u:continent|u:orbits) <{within.iri}>"
            if within is not None
            else ""
        )
        order = "DESC(?value)" if extreme.largest else "ASC(?value)"
        rows = self.select(
            f"SELECT ?name ?value WHERE {{ ?thing a u:{extreme.kind} ; u:name ?name ; u:{extreme.by} ?value {where} }} "
            f"ORDER BY {order} ?name LIMIT 1"
        )
        return None if not rows else (str(rows[0][0]), str(rows[0][1]))

    @cached_property
    def _named(self) -> dict[str, list[Thing]]:
        by_name: dict[str, list[Thing]] = {}
        for iri, kind, name, called in self.select(
            "SELECT ?thing ?kind ?name ?called WHERE { ?thing a ?kind ; u:name ?name ; u:name|u:alias ?called }"
        ):
            thing = Thing(str(iri), str(name), str(kind).removeprefix("urn:uptake:"))
            by_name.setdefault(_bare(str(called)), []).append(thing)
        return by_name


def _bare(said: str) -> str:
    name = normalize(said.casefold())
    for article in ("the ", "a ", "an ", "planet ", "chemical element ", "element ", "country ", "city of ", "river "):
        name = name.removeprefix(article)
    return name
