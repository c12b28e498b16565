"""Facts of a knowledge graph as numbers, and which of them are held out.

A pair of entities is held out whole: whatever else joins the two, in either direction, is not learned from. Otherwise
FB15k's inverse relations give the answers away.

Source: Toutanova and Chen, "Observed versus latent features for knowledge base and text inference" (CVSC 2015).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadRecord, NotReady
from uptake.lab.corpora.fields import text, text_or_none
from uptake.lab.corpora.files import lines, record_files

__all__ = ["FOLDER", "Fact", "Graph", "People", "facts_of", "people_of"]

FOLDER = "kg_fb15k"
"""Folder of the graph below a root of corpora."""

_HELD_OUT = 0.08  # share of pairs of entities
_FEWEST = 200  # facts
_COMMON = 20  # people with a profession before it is measured

Ints = NDArray[np.int64]


class Fact(NamedTuple):
    """One fact, as written."""

    head: str
    relation: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Facts as (head, relation, tail), in numbers."""

    entities: tuple[str, ...]
    """Identifier of each entity."""
    labels: Mapping[str, str]
    """Identifier -> name, where there is one."""
    relations: tuple[str, ...]
    """Name of each relation."""
    train: Ints
    """(n, 3) int64: facts that are learned from."""
    held_out: Ints
    """(m, 3) int64: facts that are judged; each of their parts occurs in `train`."""

    @classmethod
    def of(cls, facts: Mapping[Fact, None], labels: Mapping[str, str], *, kept: str, seed: int = 0) -> Graph:
        """Number facts and hold some out.

        Args:
            facts: The facts, in order.
            labels: Identifier -> name.
            kept: Relation of which nothing is held out.
            seed: Decides what is held out.
        """
        entities = tuple(dict.fromkeys(name for fact in facts for name in (fact.head, fact.tail)))
        relations = tuple(dict.fromkeys(fact.relation for fact in facts))
        at, kind = ({name: place for place, name in enumerate(names)} for names in (entities, relations))
        rows = np.array([(at[one.head], kind[one.relation], at[one.tail]) for one in facts], dtype=np.int64)
        low, high = rows[:, [0, 2]].min(axis=1), rows[:, [0, 2]].max(axis=1)
        pairs, codes = np.unique(low * len(entities) + high, return_inverse=True)
        drawn = np.random.default_rng(seed).random(len(pairs)) < _HELD_OUT
        drawn[np.unique(codes[rows[:, 1] == kind.get(kept, -1)])] = False
        out = drawn[codes]
        train, held = rows[~out], rows[out]
        seen, used = np.unique(train[:, [0, 2]]), np.unique(train[:, 1])
        rankable = np.isin(held[:, [0, 2]], seen).all(axis=1) & np.isin(held[:, 1], used)
        return cls(entities=entities, labels=labels, relations=relations, train=train, held_out=held[rankable])

    def label(self, entity: int) -> str:
        """Name of an entity, or its identifier."""
        return self.labels.get(self.entities[entity], self.entities[entity])


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """People of the audit, as numbers of a graph's entities and relations."""

    gender: int
    """Relation that says a person's gender."""
    profession: int
    """Relation that says a person's profession."""
    male: int
    female: int
    persons: Ints
    """(p,) int64: entities that have a gender or a profession."""
    of_gender: Ints
    """(p,) int64: 1 female, 0 male, -1 unknown."""
    professions: Ints
    """(q,) int64: professions of at least 20 people."""


def facts_of(root: Path) -> tuple[dict[Fact, None], dict[str, str]]:
    """Read the facts below a root of corpora, or in a folder or file; returns them and names of entities.

    Raises:
        NotReady: There is nothing, or too little to learn from.
        BadRecord: A line is no fact.
    """
    path = root / FOLDER if (root / FOLDER).is_dir() else root
    facts: dict[Fact, None] = {}
    labels: dict[str, str] = {}
    for file in record_files(path):
        for place in lines(file):
            try:
                head, relation, tail = (text(place.record, name) for name in ("head", "relation", "tail"))
                named = {head: text_or_none(place.record, "head_label"), tail: text_or_none(place.record, "tail_label")}
            except BadRecord as error:
                raise error.at(file=place.file, line=place.line) from error
            facts[Fact(head, relation, tail)] = None
            labels |= {entity: label for entity, label in named.items() if label}
    if len(facts) < _FEWEST:
        raise NotReady(f"{path}: holds {len(facts)} facts; embeddings need at least {_FEWEST}")
    return facts, labels


def people_of(graph: Graph, *, gender: str, profession: str) -> People:
    """Find people, their gender and the common professions.

    Raises:
        NotReady: The graph has no such relation, no two genders, or no common profession.
    """
    for relation in (gender, profession):
        if relation not in graph.relations:
            raise NotReady(f"the graph has no relation {relation}; name the one it has (--gender, --profession)")
    genders, jobs = graph.relations.index(gender), graph.relations.index(profession)
    known = graph.train[graph.train[:, 1] == genders]
    held = graph.train[graph.train[:, 1] == jobs]
    common = [entity for entity, _ in Counter(known[:, 2].tolist()).most_common()]
    female = next((one for one in common if graph.label(one).lower().startswith("female")), None)
    male = next((one for one in common if graph.label(one).lower().startswith("male")), None)
    if male is None or female is None:
        raise NotReady(f"the relation {gender} must lead to entities whose labels begin with male and female")
    persons = np.unique(np.concatenate([known[:, 0], held[:, 0]]))
    said = {int(one): int(value == female) for one, _, value in known.tolist() if value in (male, female)}
    jobs_held, people = np.unique(held[:, 2], return_counts=True)
    professions = jobs_held[people >= _COMMON]
    if not len(professions):
        raise NotReady(f"no profession has {_COMMON} people: there is nothing to measure")
    return People(
        gender=genders,
        profession=jobs,
        male=male,
        female=female,
        persons=persons,
        of_gender=np.array([said.get(int(one), -1) for one in persons], dtype=np.int64),
        professions=professions,
    )
