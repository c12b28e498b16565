"""Measure how much professions follow gender in embeddings of a knowledge graph.

Three measures, since none alone is enough:

- *Translational likelihood*: a person's vector is moved one small step in the direction that makes the fact "is
  female" likelier against "is male"; how much likelier does each profession become? B_p is the mean over people, in
  standard deviations of that profession's scores, and the signal is the mean of |B_p| over professions.
- *Probe*: how well a fresh logistic model tells people's gender from the vectors that professions are scored with
  (area under the curve, cross-validated).
- *Gap*: the difference of a profession's mean score between women and men who are not known to hold it, in standard
  deviations; the mean of its absolute value, less what it would be were gender shuffled.

`e' = e + a grad[g(e, gender, female) - g(e, gender, male)],  B_p = mean_e(g(e', profession, p) - g(e, profession, p))`

Source: Fisher, Palfrey, Christodoulopoulos, Mittal, "Measuring Social Bias in Knowledge Graph Embeddings"
(arXiv:1912.02761). Differs: the gradient has length one and the step is a tenth of the mean length of a person's
vector, and B_p is in standard deviations. Otherwise shrinking vectors would look like fairness.
Limit: binary, as the facts are; few people of a small graph have a known gender, so probe and gap are rough.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from uptake.lab.audit.embeddings.graph import Graph, Ints, People
from uptake.lab.audit.embeddings.models import Embeddings, score

__all__ = ["STEP", "Signal", "female_contrast", "female_directions", "measure", "removed"]

Floats = NDArray[np.float64]
View = Callable[[Tensor], Tensor]
"""From the vectors (b, dim) of people to those that professions are scored with."""

STEP = 0.1
"""Length of the step, as a share of the mean length of a person's vector."""

_SHUFFLES = 20
_FOLDS = 5
_FEWEST = 30  # people of known gender before a probe is fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Gender that the vectors reveal, in the people who were not learned from."""

    likelihood: Floats
    """(q,) B_p of each profession, positive where it leans to women."""
    probe: float
    """Area under the curve, 0.5 for nothing; NaN with too few people."""
    gap: float
    """Mean gap less its mean with gender shuffled, in standard deviations."""

    @property
    def size(self) -> float:
        """Mean of |B_p|."""
        return float(np.abs(self.likelihood).mean())


def removed(before: float, after: float) -> float:
    """Share of a signal that is gone; NaN where there was none. Negative where it grew."""
    return 1.0 - max(after, 0.0) / before if before > 0.0 else float("nan")


def female_directions(model: Embeddings, people: People, vectors: Tensor) -> Tensor:
    """Return (b, dim) unit vectors in which each person becomes likelier to be female."""
    given = vectors.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(female_contrast(model, people, given).sum(), given)
    directions: Tensor = gradient / gradient.norm(dim=1, keepdim=True).clamp_min(1e-9)
    return directions


def female_contrast(model: Embeddings, people: People, vectors: Tensor) -> Tensor:
    """Score (b,) of the fact "is female" less that of "is male"."""
    female, male = (
        score(model, vectors, people.gender, model.entities[gender]) for gender in (people.female, people.male)
    )
    return female - male


def measure(
    model: Embeddings, graph: Graph, people: People, rows: Ints, *, view: View | None = None, seed: int = 0
) -> Signal:
    """Measure the signal.

    Args:
        model: The embeddings.
        graph: Says who holds which profession.
        people: Who the people are.
        rows: Positions in `people.persons` of those to measure on.
        view: What professions are scored with [default: people's own vectors].
        seed: Of shuffles and folds.
    """
    seen = view or (lambda vectors: vectors)
    vectors = model.entities[torch.from_numpy(people.persons[rows])]
    step = STEP * vectors.norm(dim=1).mean()
    with torch.no_grad():
        before = _scores(model, people, seen(vectors))
    moved = vectors + step * female_directions(model, people, vectors)
    with torch.no_grad():
        after = _scores(model, people, seen(moved))
        shown = seen(vectors).numpy().astype(np.float64)
    spread = np.maximum(before.std(axis=0), 1e-9)
    gender = people.of_gender[rows]
    return Signal(
        likelihood=(after - before).mean(axis=0) / spread,
        probe=_probe(shown, gender, seed=seed),
        gap=_gap(before / spread, gender, _holds(graph, people, rows), seed=seed),
    )


def _scores(model: Embeddings, people: People, vectors: Tensor) -> Floats:
    """Score (people, professions)."""
    columns = [score(model, vectors, people.profession, model.entities[int(one)]) for one in people.professions]
    return torch.stack(columns, dim=1).numpy().astype(np.float64)


def _holds(graph: Graph, people: People, rows: Ints) -> NDArray[np.bool_]:
    """(people, professions) whether a person is known to hold a profession."""
    at = {int(person): place for place, person in enumerate(people.persons[rows])}
    column = {int(one): place for place, one in enumerate(people.professions)}
    found = np.zeros((len(rows), len(people.professions)), dtype=bool)
    for facts in (graph.train, graph.held_out):
        for person, relation, job in facts.tolist():
            if relation == people.profession and person in at and job in column:
                found[at[person], column[job]] = True
    return found


def _probe(vectors: Floats, gender: Ints, *, seed: int) -> float:
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from uptake.ml.metrics import roc_auc

    known = gender >= 0
    fewest = min((gender == 1).sum(), (gender == 0).sum())
    if known.sum() < _FEWEST or fewest < _FOLDS:
        return float("nan")
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    probe = make_pipeline(
        StandardScaler(),
        LogisticRegressionCV(Cs=[1e-3, 1e-2, 1e-1], cv=3, scoring="neg_log_loss", class_weight="balanced"),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of convergence, on a few dozen people
        chance = cross_val_predict(probe, vectors[known], gender[known], cv=folds, method="predict_proba")[:, 1]
    return roc_auc(gender[known] == 1, chance)


def _gap(scores: Floats, gender: Ints, holds: NDArray[np.bool_], *, seed: int) -> float:
    known = gender >= 0
    if known.sum() < _FEWEST:
        return float("nan")
    free = np.where(holds[known], np.nan, scores[known])
    women = gender[known] == 1
    generator = np.random.default_rng(seed)
    shuffled = [_mean_gap(free, generator.permutation(women)) for _ in range(_SHUFFLES)]
    return _mean_gap(free, women) - float(np.mean(shuffled))


def _mean_gap(scores: Floats, women: NDArray[np.bool_]) -> float:
    return float(np.nanmean(np.abs(np.nanmean(scores[women], axis=0) - np.nanmean(scores[~women], axis=0))))
