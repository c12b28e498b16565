"""Measure recogniser errors on SLURP (read home requests, near and far) and DSTC2 (callers, lists, scores).

The result is a table of rates and aggregated confusions; it holds no sentence and no rare word of the data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.lab.corpora import read
from uptake.lab.simulate.misheard.alignment import Costs, Pair, align_units, align_words, plain_costs
from uptake.lab.simulate.misheard.confusions import WEIGHTS, Choice, bigrams, softmax
from uptake.lab.simulate.misheard.sounds import UNITS, sounds
from uptake.lab.simulate.vocabulary import rank, word_class
from uptake.lab.train.simulator_correlations import HeardUtterance, correlations, forms, hard_places, residuals
from uptake.lab.train.simulator_lists import NOISE, apart, choice_of, fit_lists, live_lists
from uptake.text.normalize import normalize
from uptake.types import Turn

__all__ = ["fit_channel"]

_ROUNDS = 3
_SMOOTH = 0.5
_FEW = 5  # an inserted word is written down from this count on


def fit_channel(root: Path) -> dict[str, Any]:
    """Fit the table of `uptake.lab.simulate.channel` on the corpora below a root.

    Raises:
        NotReady: A corpus is missing.
        BadRecord: A record is malformed.
    """
    costs = plain_costs()
    slurp, calls = list(read("slurp", root / "slurp_asr")), list(read("dstc2", root / "dstc2"))
    read_aloud = [_of_slurp(turn, costs) for turn in slurp]
    for _ in range(_ROUNDS):
        costs = _confusions(read_aloud)
    spoken = [_of_call(turn, costs) for turn in calls if turn.truth and turn.truth.request is not None]
    rates = _rates(read_aloud)
    errors = [residuals(read_aloud, rates), residuals(spoken, _rates(spoken))]
    hard = hard_places(errors[0])
    words, same = _choice(read_aloud, costs)
    table = {"choice": words, "inserted": _inserted(read_aloud)}
    listed = live_lists(root)
    return {
        "costs": np.round(costs, 3).tolist(),
        "units": "".join(UNITS),
        "rates": rates,
        **table,
        "hard": {name: round(hard[name], 4) for name in ("share", "wrong", "rate", "together")},
        "correlation": correlations(*errors, rest=hard["rest"]),
        "form": forms(read_aloud, spoken, same),
        "lists": fit_lists(apart(listed)[0], choice_of(listed, costs), table),
    }


def _of_slurp(turn: Turn, costs: Costs) -> HeardUtterance:
    said = normalize((turn.truth.request if turn.truth else None) or "")
    take = turn.turn_id.removesuffix(".flac").removesuffix("-headset")
    return HeardUtterance(said, "", take, not turn.turn_id.endswith("-headset.flac"), _pairs(said, turn.request, costs))


def _of_call(turn: Turn, costs: Costs) -> HeardUtterance:
    written = normalize((turn.truth.request if turn.truth else None) or "")
    said = " ".join(word for word in written.split() if word not in NOISE)
    return HeardUtterance(said, turn.user_id, turn.turn_id, False, _pairs(said, turn.request, costs))


def _pairs(said: str, heard: str, costs: Costs) -> tuple[Pair, ...]:
    return tuple(align_words(said.split(), normalize(heard).split(), costs))


def _confusions(heard: Sequence[HeardUtterance]) -> Costs:
    """Count costs of sound units over the words that were taken for others (Viterbi training)."""
    before = plain_costs()
    counts = np.full(before.shape, _SMOOTH)
    for pair in _swapped(heard):
        for unit, other in align_units(sounds(pair.said), sounds(pair.heard), before)[1]:
            counts[unit, other] += 1
    counts[-1, -1] = 1e-9
    costs: Costs = -np.log(counts / counts.sum(axis=1, keepdims=True))
    gap = counts[-1, :-1].sum() / counts[:-1].sum()  # how often a sound is added, for each that is said
    costs[-1, :-1] -= np.log(gap)
    return costs


def _swapped(heard: Iterable[HeardUtterance]) -> list[Pair]:
    return [pair for one in heard for pair in one.pairs if pair.said and pair.heard and pair.said != pair.heard]


def _rates(heard: Sequence[HeardUtterance]) -> dict[str, dict[str, Any]]:
    """Return error rates by distance of the microphone and class of the word, and words added for each word said."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("near", "far"):
        group = [one for one in heard if one.far == (name == "far")]
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for one in group:
            for pair in one.pairs:
                kind = (
                    "added"
                    if not pair.said
                    else "lost"
                    if not pair.heard
                    else "right"
                    if pair.said == pair.heard
                    else "swapped"
                )
                counts[word_class(pair.said) if pair.said else "all"][kind] += 1
        said = sum(sum(counter.values()) for name, counter in counts.items() if name != "all")
        found[name] = {
            "wrong": {
                kind: round((n["lost"] + n["swapped"]) / n.total(), 4)
                for kind, n in sorted(counts.items())
                if kind != "all"
            },
            "lost": {
                kind: round(n["lost"] / max(n["lost"] + n["swapped"], 1), 4)
                for kind, n in sorted(counts.items())
                if kind != "all"
            },
            "added": round(counts["all"]["added"] / max(said, 1), 4),
            "words": said,
        }
    return found


def _inserted(heard: Sequence[HeardUtterance]) -> list[list[Any]]:
    """Return words added most often, with their share; words added fewer than five times are left out."""
    counts = Counter(pair.heard for one in heard for pair in one.pairs if not pair.said)
    kept = [
        (word, count)
        for word, count in counts.most_common(60)
        if count >= _FEW and word.isalpha() and rank(word) < 2_000
    ]
    total = sum(count for _, count in kept)
    return [[word, round(count / total, 4)] for word, count in kept]


def _choice(heard: Sequence[HeardUtterance], costs: Costs) -> tuple[dict[str, float], float]:
    """Fit weights of the choice of the word heard, by maximum likelihood; chance of two equal draws.

    What decides: how it sounds (in all, and for each sound), how common it is, whether the task uses it, and whether
    the task uses it beside the words next to it.
    """
    from scipy.optimize import minimize

    texts = [one.sentence for one in heard]
    choice = Choice(task={word for text in texts for word in text.split()}, follows=bigrams(texts), costs=costs)
    seen = [
        (choice.features(pair.said, *_beside(one.sentence, pair.at)), choice.at[pair.heard], choice.at.get(pair.said))
        for one in heard
        for pair in _swapped([one])
        if pair.heard in choice.at and sounds(pair.said)
    ]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = 0.0, np.zeros(len(WEIGHTS))
        for features, chosen, hidden in seen:
            chance = softmax(features @ weights, hide=hidden)
            value -= float(np.log(chance[chosen] + 1e-300))
            slope -= features[chosen] - chance @ features
        return value / len(seen), slope / len(seen)

    best = minimize(
        loss, np.array([0.3, 0.3, 1.0, 1.0, 0.3, 2.0, 1.0]), jac=True, method="L-BFGS-B", options={"maxiter": 40}
    )
    equal = [float(chance @ chance) for chance in (softmax(f @ best.x, hide=hidden) for f, _, hidden in seen)]
    weights = {name: round(float(value), 3) for name, value in zip(WEIGHTS, best.x, strict=True)}
    return weights | {"loss": round(float(best.fun), 4)}, float(np.mean(equal))


def _beside(sentence: str, at: int) -> tuple[str, str]:
    words = ["", *sentence.split(), ""]
    return words[at], words[at + 2]
