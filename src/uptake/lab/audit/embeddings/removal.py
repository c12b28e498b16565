"""Take gender out of the vectors that facts about people are scored with.

*Adversarial filter* (ours): a projection F(e) = c + (I - V V')(e - c) stands between a person's vector and every
relation but gender itself. V, of rank 6, holds the mean step to "female" and the difference of the means from the
start; the rest of it learns to keep the facts likely while an adversary, a small network, tries
to tell gender from F(e), and another to tell people whose vector was moved a step towards "female", by the model's own
relation, from those moved towards "male". Who has no known gender counts as what the model takes them for. The
vectors themselves stay, so gender can still be asked for.

*Adversarial loss* (the published method): people's vectors themselves are trained further under a loss that makes a
classifier's answer uniform; gender's own facts are scored with a vector of the attribute added.

*Projection* (the simple baseline): the difference of the means of women and men is projected out.

Source: Bose and Hamilton, "Compositional Fairness Constraints for Graph Embeddings" (ICML 2019, filters); Ravfogel,
Twiton, Goldberg, Cotterell, "Linear Adversarial Concept Erasure" (ICML 2022, the filter as a projection); Fisher,
Mittal, Palfrey, Christodoulopoulos, "Debiasing knowledge graph embeddings" (EMNLP 2020, the loss: divergence of the
classifier's answer from uniform; attribute vectors for relations that may know). Differs: theirs is trained from the
start, ours goes on from trained vectors; the moved people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from uptake.lab.audit.embeddings.graph import Graph, Ints, People
from uptake.lab.audit.embeddings.models import Embeddings, loss
from uptake.lab.audit.embeddings.signal import STEP, View, female_contrast, female_directions

__all__ = ["Adversary", "adversarial_filter", "adversarial_loss", "filtered", "projection"]

_BATCH = 1024
_NEGATIVES = 256
_RANK = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Adversary:
    """Options of adversarial training."""

    weight: float = 2.0
    """Weight of the adversary's failure against the facts."""
    epochs: int = 10
    """Rounds over the facts of people."""
    rate: float = 0.005
    rounds: int = 3
    """Steps of the adversary for each step of the filter."""
    seed: int = 0


def filtered(model: Embeddings, people: People, view: View) -> Embeddings:
    """The model as facts other than gender are scored: people's vectors seen through a filter."""
    entities = model.entities.clone()
    rows = torch.from_numpy(people.persons)
    with torch.no_grad():
        entities[rows] = view(model.entities[rows])
    return model.with_entities(entities)


def projection(model: Embeddings, people: People, rows: Ints) -> View:
    """Project out the difference of the means of women and men.

    Args:
        model: The embeddings.
        people: Who they are.
        rows: Positions in `people.persons` of those to learn from.
    """
    vectors, gender = _known(model, people, rows)
    difference = vectors[gender == 1].mean(0) - vectors[gender == 0].mean(0)
    direction = difference / difference.norm().clamp_min(1e-9)
    return lambda given: given - (given @ direction)[:, None] * direction


def adversarial_filter(
    model: Embeddings, graph: Graph, people: People, rows: Ints, chosen: Adversary, tell: Callable[[str], None]
) -> View:
    """Learn a filter from some people; it is applied to all."""
    with torch.random.fork_rng():
        torch.manual_seed(chosen.seed)
        game = _Game(model, people, rows)
        fixed, begun = game.directions(_RANK)
        free = begun.requires_grad_()
        middle = game.vectors.mean(0)

        def view(given: Tensor) -> Tensor:
            basis = torch.linalg.qr(torch.cat([fixed, free], dim=1))[0]
            seen: Tensor = given - (given - middle) @ basis @ basis.T
            return seen

        facts = _facts_of_people(graph, people)
        optimizer = torch.optim.Adam([free], lr=chosen.rate)
        persons = torch.from_numpy(people.persons)
        for epoch in range(chosen.epochs):
            for batch in torch.split(torch.randperm(len(facts)), _BATCH):
                game.play(view, chosen.rounds)
                entities = model.entities.index_copy(0, persons, view(model.entities[persons]))
                others = torch.randint(len(entities), (_NEGATIVES,))
                cost = loss(model, entities, facts[batch], others) + chosen.weight * game.told(view)
                optimizer.zero_grad(set_to_none=True)
                cost.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            tell(f"{model.kind}: filter, epoch {epoch + 1} of {chosen.epochs}")
    return lambda given: view(given).detach()


def adversarial_loss(
    model: Embeddings, graph: Graph, people: People, rows: Ints, chosen: Adversary, tell: Callable[[str], None]
) -> Embeddings:
    """Train the vectors of people further, against a classifier of gender; returns the model with new vectors."""
    with torch.random.fork_rng():
        torch.manual_seed(chosen.seed)
        persons = torch.from_numpy(people.persons)
        vectors = model.entities[persons].clone().requires_grad_()
        game = _Game(model, people, rows, moved=False)
        facts = _facts_of_people(graph, people)
        optimizer = torch.optim.Adam([vectors], lr=chosen.rate)
        places = torch.from_numpy(rows)
        for epoch in range(chosen.epochs):
            for batch in torch.split(torch.randperm(len(facts)), _BATCH):
                game.vectors = vectors.detach()[places]
                game.play(lambda given: given, chosen.rounds)
                entities = model.entities.index_copy(0, persons, vectors)
                others = torch.randint(len(entities), (_NEGATIVES,))
                game.vectors = vectors[places]
                cost = loss(model, entities, facts[batch], others) + chosen.weight * game.told(lambda given: given)
                optimizer.zero_grad(set_to_none=True)
                cost.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            tell(f"{model.kind}: adversarial loss, epoch {epoch + 1} of {chosen.epochs}")
        return model.with_entities(model.entities.index_copy(0, persons, vectors.detach()))


class _Game:
    """An adversary that tells gender from vectors, and what it makes of them."""

    def __init__(self, model: Embeddings, people: People, rows: Ints, *, moved: bool = True) -> None:
        everyone = model.entities[torch.from_numpy(people.persons[rows])]
        known = torch.from_numpy(people.of_gender[rows])
        taken_for = female_contrast(model, people, everyone) > 0.0
        self.vectors = everyone
        self.gender = torch.where(known >= 0, known == 1, taken_for).float()
        shares = torch.stack([(self.gender == one).float().mean() for one in (0, 1)]).clamp_min(1e-3)
        self.weights = 0.5 / shares[self.gender.long()]
        self.moved: tuple[Tensor, Tensor] | None = None
        self.step = torch.ones(())
        if moved:
            step = STEP * everyone.norm(dim=1).mean()
            self.step = step
            self.moved = (everyone, step * female_directions(model, people, everyone))
        dim = everyone.shape[1]
        self.adversary = nn.Sequential(nn.Linear(dim, 64), nn.ReLU(), nn.Linear(64, 1))
        self.mover = nn.Linear(dim, 1, bias=False)
        both = [*self.adversary.parameters(), *self.mover.parameters()]
        self.optimizer = torch.optim.Adam(both, lr=0.01, weight_decay=1e-3)

    def directions(self, count: int) -> tuple[Tensor, Tensor]:
        """Directions (dim, 2) that a filter takes out from the start, and those (dim, count - 2) it begins to learn.

        The first are the mean step to "female" and the difference of the means; the others what varies most of the
        steps besides.
        """
        assert self.moved is not None  # noqa: S101 - a filter plays with moved people
        difference = self.vectors[self.gender == 1].mean(0) - self.vectors[self.gender == 0].mean(0)
        steps = self.moved[1] / self.step
        first = torch.linalg.qr(torch.stack([steps.mean(0), difference], dim=1))[0]
        rest = steps - steps @ first @ first.T
        varying = torch.linalg.svd(rest + 1e-3 * torch.randn_like(rest), full_matrices=False)[2][: count - 2].T
        return first, varying.contiguous()

    def play(self, view: View, rounds: int) -> None:
        """Let the adversary learn."""
        with torch.no_grad():
            seen, pairs = self._seen(view)
        for _ in range(rounds):
            answers = self.adversary(seen)[:, 0]
            cost = (nn.functional.softplus(answers) - answers * self.gender).mul(self.weights).mean()
            if pairs is not None:
                cost = cost + nn.functional.softplus(-self.mover(pairs)).mean()
            self.optimizer.zero_grad(set_to_none=True)
            cost.backward()
            self.optimizer.step()

    def told(self, view: View) -> Tensor:
        """Divergence of its answers from uniform: what the filter is to make small."""
        seen, pairs = self._seen(view)
        answers = self.adversary(seen)[:, 0]
        total: Tensor = self._from_uniform(answers).mul(self.weights).mean()
        if pairs is not None:
            total = total + self._from_uniform(self.mover(pairs)[:, 0]).mean()
        return total

    def _seen(self, view: View) -> tuple[Tensor, Tensor | None]:
        """Vectors of known gender, and what is left of each step towards "female", through the filter."""
        seen = view(self.vectors)
        if self.moved is None:
            return seen, None
        everyone, step = self.moved
        return seen, (view(everyone + step) - view(everyone - step)) / self.step

    @staticmethod
    def _from_uniform(answers: Tensor) -> Tensor:
        """KL(uniform || answer) of a yes or no."""
        return (nn.functional.softplus(answers) + nn.functional.softplus(-answers)) / 2.0 - float(np.log(2.0))


def _known(model: Embeddings, people: People, rows: Ints) -> tuple[Tensor, Tensor]:
    gender = torch.from_numpy(people.of_gender[rows])
    return model.entities[torch.from_numpy(people.persons[rows])][gender >= 0], gender[gender >= 0]


def _facts_of_people(graph: Graph, people: People) -> Tensor:
    """(k, 3) facts, other than gender, that a person takes part in."""
    about = np.isin(graph.train[:, [0, 2]], people.persons).any(axis=1) & (graph.train[:, 1] != people.gender)
    return torch.from_numpy(graph.train[about])
