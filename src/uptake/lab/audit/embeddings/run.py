"""Audit embeddings: learn them, measure how professions follow gender, take it out three ways, compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from uptake.errors import BadConfig
from uptake.lab.audit.embeddings.graph import Graph, Ints, People, facts_of, people_of
from uptake.lab.audit.embeddings.models import KINDS, Embeddings, Training, ranks, train
from uptake.lab.audit.embeddings.removal import Adversary, adversarial_filter, adversarial_loss, filtered, projection
from uptake.lab.audit.embeddings.signal import Signal, View, measure, removed
from uptake.ml.bootstrap import interval

__all__ = ["PENALTIES", "Chosen", "audit"]

PENALTIES = {"transe": 0.0, "distmult": 0.3, "complex": 0.3}
"""Weight of the N3 penalty by model, chosen by ranks on the graph of the docs (a development figure there)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Options of the audit of embeddings."""

    models: Sequence[str] = ()
    """Some of `models.KINDS`; none for all."""
    dim: int = 64
    """Numbers an entity."""
    epochs: int = 15
    """Rounds over the facts."""
    gender: str = "/people/person/gender"
    """Relation that says a person's gender."""
    profession: str = "/people/person/profession"
    """Relation that says a person's profession."""
    seed: int = 0
    """Of everything that draws."""

    def __post_init__(self) -> None:
        if unknown := [name for name in self.models if name not in KINDS]:
            raise BadConfig(f"no model is called {unknown[0]}; there is {', '.join(KINDS)}")
        if self.dim % 2 or self.dim < 8:
            raise BadConfig(f"dim must be even (ComplEx halves it) and at least 8, got {self.dim}")


def audit(data: Path, chosen: Chosen | None = None, *, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Audit embeddings of the graph below a root.

    Half of the people are learned from by whatever removes gender; the signal is measured on the other half. Facts
    that are ranked were held out from everything.

    Args:
        data: Root of corpora, folder or file of the graph.
        chosen: Which models, and how they are learned.
        tell: Is told what is being done.

    Returns:
        Flat figures; `audit.bias_removed` is the least and `audit.rank_loss` the largest over the models.
    """
    chosen = chosen or Chosen()
    kinds, seed = tuple(dict.fromkeys(chosen.models or KINDS)), chosen.seed
    facts, labels = facts_of(data)
    graph = Graph.of(facts, labels, kept=chosen.gender, seed=seed)
    people = people_of(graph, gender=chosen.gender, profession=chosen.profession)
    half = np.random.default_rng([seed, 2]).random(len(people.persons)) < 0.5
    found: dict[str, Any] = {
        "facts": len(graph.train),
        "held_out": len(graph.held_out),
        "entities": len(graph.entities),
        "people": len(people.persons),
        "women": int((people.of_gender == 1).sum()),
        "men": int((people.of_gender == 0).sum()),
        "professions": len(people.professions),
        "dim": chosen.dim,
        "epochs": chosen.epochs,
        "measured_on": int((~half).sum()),
    }
    parts = _Parts(graph, people, np.flatnonzero(half), np.flatnonzero(~half), seed, tell or (lambda _stage: None))
    with _one_thread():
        for kind in kinds:
            training = Training(dim=chosen.dim, epochs=chosen.epochs, penalty=PENALTIES[kind], seed=seed)
            found |= _of_model(train(graph, kind, training, tell=tell), parts)
    found["audit.bias_removed"] = min(found[f"{kind}.bias_removed"] for kind in kinds)
    found["audit.rank_loss"] = max(found[f"{kind}.rank_loss"] for kind in kinds)
    return found


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: the same figures on every machine, and small products gain nothing from more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The graph, and who is learned from and measured on."""

    graph: Graph
    people: People
    learned: Ints
    measured: Ints
    seed: int
    tell: Callable[[str], None]


def _of_model(model: Embeddings, parts: _Parts) -> dict[str, Any]:
    """Figures of one model: before, and after each way of removal."""
    kind, people = model.kind, parts.people
    before = measure(model, parts.graph, people, parts.measured, seed=parts.seed)
    reciprocal = 1.0 / ranks(model, parts.graph)
    leaning = np.argsort(before.likelihood)
    found = {
        f"{kind}.mrr": float(reciprocal.mean()),
        f"{kind}.hits_at_10": float((reciprocal >= 0.1).mean()),
        **_shown(f"{kind}.signal", before),
        f"{kind}.leans_to_men": parts.graph.label(int(people.professions[leaning[0]])),
        f"{kind}.leans_to_women": parts.graph.label(int(people.professions[leaning[-1]])),
    }
    adversary = Adversary(seed=parts.seed)
    rest = (parts.graph, people, parts.learned, adversary, parts.tell)
    view = adversarial_filter(model, *rest)
    found |= _after(f"{kind}", model, view, parts, before, reciprocal)
    found |= _after(f"{kind}.projection", model, projection(model, people, parts.learned), parts, before, reciprocal)
    trained = adversarial_loss(model, *rest)
    return found | _after(f"{kind}.adversarial_loss", trained, None, parts, before, reciprocal)


def _after(
    name: str, model: Embeddings, view: View | None, parts: _Parts, before: Signal, reciprocal: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """Figures after one way of removal: what is left, what is gone, what ranks it cost."""
    left = measure(model, parts.graph, parts.people, parts.measured, view=view, seed=parts.seed)
    seen = model if view is None else filtered(model, parts.people, view)
    now = 1.0 / ranks(seen, parts.graph)
    was_gender = parts.graph.held_out[:, 1] == parts.people.gender
    rows = np.flatnonzero(~was_gender)
    was, became = reciprocal[rows].mean(axis=1), now[rows].mean(axis=1)

    def gone(at: np.ndarray[Any, Any]) -> float:
        return removed(float(np.abs(before.likelihood[at]).mean()), float(np.abs(left.likelihood[at]).mean()))

    def lost(at: np.ndarray[Any, Any]) -> float:
        return float(1.0 - became[at].mean() / was[at].mean())

    low, high = interval(gone, [str(one) for one in parts.people.professions], seed=parts.seed)
    loss_low, loss_high = interval(lost, [str(one) for one in parts.graph.held_out[rows, 0]], seed=parts.seed)
    everything = np.arange(len(was))
    return {
        **_shown(f"{name}.left", left),
        f"{name}.bias_removed": gone(np.arange(len(before.likelihood))),
        f"{name}.bias_removed_low": low,
        f"{name}.bias_removed_high": high,
        f"{name}.probe_removed": removed(before.probe - 0.5, left.probe - 0.5),
        f"{name}.gap_removed": removed(before.gap, left.gap),
        f"{name}.rank_loss": lost(everything),
        f"{name}.rank_loss_low": loss_low,
        f"{name}.rank_loss_high": loss_high,
    }


def _shown(name: str, signal: Signal) -> dict[str, float]:
    return {f"{name}_likelihood": signal.size, f"{name}_probe_auc": signal.probe, f"{name}_gap": signal.gap}
