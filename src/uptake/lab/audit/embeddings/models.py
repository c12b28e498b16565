"""Embeddings of a knowledge graph: three ways to score a fact, one way to learn, filtered ranks.

Each model turns what is known of a fact (one entity and the relation) into a query vector, and scores an entity by
its product with the query (DistMult, ComplEx) or its distance from it (TransE).

Source: Bordes et al. (NIPS 2013, TransE, here with the Euclidean distance), Yang et al. (ICLR 2015, DistMult),
Trouillon et al. (ICML 2016, ComplEx); learned by softmax over drawn entities, with the N3 penalty of Lacroix et al.
(ICML 2018) for the two products. Ranks: filtered, both sides, ties at their mean.
Differs: negatives are drawn once a batch and shared by it, which is what makes it quick on a CPU.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from uptake.lab.audit.embeddings.graph import Graph

__all__ = ["KINDS", "Embeddings", "Training", "against", "known_answers", "loss", "query", "ranks", "score", "train"]

KINDS = ("transe", "distmult", "complex")
"""The models."""

_BATCH = 1024
_SHARP = 9.0  # TransE: what a distance is taken off before the softmax has no effect; its scale has
_SMALLEST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Options of training."""

    dim: int = 100
    """Numbers an entity."""
    epochs: int = 40
    negatives: int = 256
    """Entities that each batch is told apart from."""
    rate: float = 0.01
    penalty: float = 3e-3
    """Weight of the N3 penalty."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddings:
    """A learned model."""

    kind: str
    """One of `KINDS`."""
    entities: Tensor
    """(n, dim) float32."""
    relations: Tensor
    """(m, dim) float32."""

    def with_entities(self, entities: Tensor) -> Embeddings:
        """The same model with other vectors of its entities."""
        return replace(self, entities=entities)


def query(kind: str, known: Tensor, relation: Tensor, *, tail: bool) -> Tensor:
    """Return (b, dim) what an answer should be like.

    Args:
        kind: One of `KINDS`.
        known: (b, dim) the head, where the tail is asked for; else the tail.
        relation: (b, dim).
        tail: Whether the tail is asked for.
    """
    if kind == "transe":
        return known + relation if tail else known - relation
    if kind == "distmult":
        return known * relation
    real, imaginary = known.chunk(2, dim=-1)
    r_real, r_imaginary = relation.chunk(2, dim=-1)
    sign = 1.0 if tail else -1.0  # h r against conj(t); t conj(r) against h
    return torch.cat(
        [real * r_real - sign * imaginary * r_imaginary, sign * real * r_imaginary + imaginary * r_real], dim=-1
    )


def against(kind: str, wanted: Tensor, entities: Tensor) -> Tensor:
    """Score (b, n): each query against each entity; larger is likelier."""
    products = wanted @ entities.T
    if kind != "transe":
        return products
    squares = (wanted**2).sum(-1, keepdim=True) - 2.0 * products + (entities**2).sum(-1)
    return -squares.clamp_min(_SMALLEST).sqrt()


def score(model: Embeddings, head: Tensor, relation: int, tail: Tensor) -> Tensor:
    """Score (b,) facts of one relation: vectors (b, dim) of their heads, and of their tails (one for all will do)."""
    wanted = query(model.kind, head, model.relations[relation].expand_as(head), tail=True)
    if model.kind == "transe":
        return -((wanted - tail) ** 2).sum(-1).clamp_min(_SMALLEST).sqrt()
    return (wanted * tail).sum(-1)


def train(graph: Graph, kind: str, chosen: Training, *, tell: Callable[[str], None] | None = None) -> Embeddings:
    """Learn the embeddings of a graph. The same seed and number of threads give the same vectors."""
    generator = torch.Generator().manual_seed(chosen.seed)

    def drawn(count: int) -> Tensor:
        spread = 0.5 if kind != "transe" else 1.0
        made: Tensor = torch.randn(count, chosen.dim, generator=generator) * spread / chosen.dim**0.5
        return made.requires_grad_()

    model = Embeddings(kind=kind, entities=drawn(len(graph.entities)), relations=drawn(len(graph.relations)))
    facts = torch.from_numpy(graph.train)
    optimizer = torch.optim.Adam([model.entities, model.relations], lr=chosen.rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=chosen.epochs)
    for epoch in range(chosen.epochs):
        total = 0.0
        for batch in torch.split(torch.randperm(len(facts), generator=generator), _BATCH):
            others = torch.randint(len(graph.entities), (chosen.negatives,), generator=generator)
            optimizer.zero_grad(set_to_none=True)
            cost = loss(model, model.entities, facts[batch], others, penalty=chosen.penalty)
            cost.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total += float(cost.detach()) * len(batch)
        schedule.step()
        if tell is not None:
            tell(f"{kind}: epoch {epoch + 1} of {chosen.epochs}, loss {total / len(facts):.3f}")
    return Embeddings(kind=kind, entities=model.entities.detach(), relations=model.relations.detach())


def loss(model: Embeddings, entities: Tensor, facts: Tensor, others: Tensor, *, penalty: float = 0.0) -> Tensor:
    """Cross-entropy of facts against drawn entities, on both sides.

    Args:
        model: Gives the kind and the relations.
        entities: (n, dim) vectors to use.
        facts: (b, 3) int64.
        others: (k,) int64: entities to tell them apart from.
        penalty: Weight of the N3 penalty, for the two products.
    """
    heads, relations, tails = entities[facts[:, 0]], model.relations[facts[:, 1]], entities[facts[:, 2]]
    negatives = entities[others]
    scale = _SHARP if model.kind == "transe" else 1.0
    total = torch.zeros(())
    for known, right, answers, is_tail in ((heads, tails, facts[:, 2], True), (tails, heads, facts[:, 0], False)):
        wanted = query(model.kind, known, relations, tail=is_tail)
        wrong = against(model.kind, wanted, negatives).masked_fill(others[None, :] == answers[:, None], float("-inf"))
        if model.kind == "transe":
            good = -((wanted - right) ** 2).sum(-1, keepdim=True).clamp_min(_SMALLEST).sqrt()
        else:
            good = (wanted * right).sum(-1, keepdim=True)
        logits = torch.cat([good, wrong], dim=1) * scale
        total = total + torch.nn.functional.cross_entropy(logits, torch.zeros(len(facts), dtype=torch.int64))
    if penalty and model.kind != "transe":
        total = total + penalty * sum((one.abs() ** 3).sum(-1).mean() for one in (heads, relations, tails))
    return total / 2.0


def known_answers(graph: Graph) -> tuple[dict[tuple[int, int], list[int]], dict[tuple[int, int], list[int]]]:
    """Find what else is true: (head, relation) -> tails, and (tail, relation) -> heads, of all facts."""
    tails, heads = defaultdict(list), defaultdict(list)
    for head, relation, tail in np.concatenate([graph.train, graph.held_out]).tolist():
        tails[head, relation].append(tail)
        heads[tail, relation].append(head)
    return tails, heads


@torch.no_grad()
def ranks(model: Embeddings, graph: Graph) -> NDArray[np.float64]:
    """Rank (m, 2) the right tail and the right head of held-out facts among all entities, other true ones left out."""
    chosen = graph.held_out
    known = known_answers(graph)
    found = np.empty((len(chosen), 2))
    for start in range(0, len(chosen), 256):
        part = chosen[start : start + 256]
        rows = torch.from_numpy(part)
        for side, (asked, answer) in enumerate(((0, 2), (2, 0))):
            wanted = query(model.kind, model.entities[rows[:, asked]], model.relations[rows[:, 1]], tail=side == 0)
            scores = against(model.kind, wanted, model.entities)
            right = scores[torch.arange(len(part)), rows[:, answer]].clone()
            for at, (entity, relation) in enumerate(part[:, [asked, 1]].tolist()):
                scores[at, known[side][entity, relation]] = float("-inf")
            above = (scores > right[:, None]).sum(1)
            level = (scores == right[:, None]).sum(1)
            found[start : start + len(part), side] = (1.0 + above + level / 2.0).numpy()
    return found
