"""Measure correlations of recognition errors, also in form: by word, place, sentence, utterance, speaker.

An error is a normal variable below a threshold; shared factors of two words correlate their variables (tetrachoric).
Some places are hard instead: nearly everybody's recording is misheard there. Their share is fitted first, as a mixture.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.lab.simulate.misheard.alignment import Pair
from uptake.lab.simulate.vocabulary import word_class

__all__ = ["HeardUtterance", "Residual", "correlations", "forms", "hard_places", "residuals"]


@dataclass(frozen=True, slots=True)
class HeardUtterance:
    """Utterance with its recognised text."""

    sentence: str
    """Sentence that was said."""
    speaker: str
    """Speaker; "" where unknown."""
    take: str
    """Recordings of one utterance by several microphones share it."""
    far: bool
    """Whether the microphone was far away."""
    pairs: tuple[Pair, ...]
    """Words said and heard."""


@dataclass(frozen=True, slots=True)
class Residual:
    """Residual of one word: 1 if it was misheard, minus the rate of its class."""

    word: str
    item: tuple[str, int]
    take: str
    recording: int
    speaker: str
    value: float
    rate: float
    form: str | None
    """Form that it was heard as, where misheard."""


def residuals(heard: Sequence[HeardUtterance], rates: dict[str, dict[str, Any]]) -> list[Residual]:
    """Return every word that was said, with whether it was misheard."""
    found = []
    for at, one in enumerate(heard):
        wrong = rates["far" if one.far else "near"]["wrong"]
        for pair in one.pairs:
            if pair.said:
                rate, bad = wrong[word_class(pair.said)], pair.said != pair.heard
                found.append(
                    Residual(
                        pair.said,
                        (one.sentence, pair.at),
                        one.take,
                        at,
                        one.speaker,
                        bad - rate,
                        rate,
                        pair.heard if bad else None,
                    )
                )
    return found


def correlations(read_aloud: list[Residual], spoken: list[Residual], *, rest: float) -> dict[str, float]:
    """Compute correlations of errors that share the word, its place in a sentence, the sentence, recording or speaker.

    Two words of one recording also share the sentence: what recordings of it by others share is taken off first.

    Args:
        read_aloud: Errors on SLURP.
        spoken: Errors on DSTC2.
        rest: Correlation of errors at one place that is not hard (`hard_places`).
    """
    read_aloud = _elsewhere(read_aloud)
    words = _latent(read_aloud, [(1, lambda one: one.word), (-1, lambda one: (one.word, one.item[0]))])
    sentences = _latent(
        read_aloud,
        [
            (1, lambda one: one.item[0]),
            (-1, lambda one: one.item),
            (-1, lambda one: (one.item[0], one.take)),
            (1, lambda one: (one.item, one.take)),
        ],
    )
    recordings = _latent(read_aloud, [(1, lambda one: one.recording)])
    speakers = _latent(spoken, [(1, lambda one: one.speaker), (-1, lambda one: (one.speaker, one.recording))])
    habits = _latent(
        spoken, [(1, lambda one: (one.speaker, one.word)), (-1, lambda one: (one.speaker, one.word, one.recording))]
    )
    same_word = _latent(spoken, [(1, lambda one: one.word), (-1, lambda one: (one.word, one.speaker))])
    return {
        "word": round(words, 3),
        "place": round(max(rest - sentences - words, 0.0), 3),
        "sentence": round(sentences, 3),
        "utterance": round(max(recordings - sentences - speakers, 0.0), 3),
        "speaker": round(speakers, 3),
        "speaker_word": round(max(habits - same_word - speakers, 0.0), 3),
    }


def _elsewhere(errors: list[Residual]) -> list[Residual]:
    """Select the errors at places that are not misheard in every recording: the others count as hard places."""
    always = {place for place, (wrong, takes) in _places(errors).items() if takes > 1 and wrong == takes}
    kept = [one for one in errors if one.item not in always]
    less = float(np.mean([one.value for one in kept]))
    return [replace(one, value=one.value - less, rate=one.rate + less) for one in kept]


def _latent(errors: list[Residual], keys: Sequence[tuple[int, Callable[[Residual], Hashable]]]) -> float:
    """Return tetrachoric correlation of the pairs of errors that share some keys and not others (signs +1 and -1)."""
    total, pairs = 0.0, 0
    for sign, key in keys:
        products, count = _products(errors, key)
        total, pairs = total + sign * products, pairs + sign * count
    rate = float(np.mean([one.rate for one in errors]))
    return _tetrachoric(rate, total / pairs if pairs else 0.0)


def _products(errors: list[Residual], key: Callable[[Residual], Hashable]) -> tuple[float, int]:
    sums: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for one in errors:
        group = sums[key(one)]
        group[0] += one.value
        group[1] += one.value**2
        group[2] += 1
    return (
        sum(total**2 - squares for total, squares, _ in sums.values()) / 2,
        int(sum(count * (count - 1) for _, _, count in sums.values()) / 2),
    )


def _tetrachoric(rate: float, covariance: float) -> float:
    """Return the correlation of two normal variables that both fall below a threshold with P = rate² + covariance."""
    from scipy.optimize import brentq
    from scipy.stats import multivariate_normal, norm

    cut = norm.ppf(rate)

    def excess(correlation: float) -> float:
        both = multivariate_normal.cdf([cut, cut], cov=[[1.0, correlation], [correlation, 1.0]])
        return float(both - rate**2 - covariance)

    return float(brentq(excess, 0.0, 0.99)) if covariance > 0 and excess(0.99) > 0 else 0.0


def forms(read_aloud: Sequence[HeardUtterance], spoken: Sequence[HeardUtterance], chance: float) -> dict[str, float]:
    """Return the share of errors in the usual form: of the word, its place, the speaker's word; at hard places."""
    aloud, calls = _misheard(read_aloud), _misheard(spoken)
    by_word = _agree(aloud, lambda one: one.pair.said, lambda one: (one.pair.said, one.sentence))
    hard = _always(read_aloud)
    at_hard, elsewhere = (
        [one for one in aloud if ((one.sentence, one.pair.at) in hard) == yes] for yes in (True, False)
    )
    place, take = (lambda one: (one.sentence, one.pair.at)), (lambda one: (one.sentence, one.pair.at, one.take))
    by_place, by_hard = _agree(elsewhere, place, take), _agree(at_hard, place, take)
    by_habit = _agree(calls, lambda one: (one.speaker, one.pair.said), lambda one: (one.speaker, one.pair.said, one.at))
    others = _agree(calls, lambda one: one.pair.said, lambda one: (one.pair.said, one.speaker))
    word = max(by_word - chance, 0.0) / (1 - chance)
    item = max(by_place - by_word, 0.0) / (1 - by_word)
    always = max(by_hard - chance, 0.0) / (1 - chance)
    habit = max(by_habit - others, 0.0) / (1 - others)
    named = {"word": word, "place": item, "speaker_word": habit, "hard": always}
    return {name: round(float(np.sqrt(value)), 3) for name, value in named.items()}


@dataclass(frozen=True, slots=True)
class _Error:
    pair: Pair
    sentence: str
    speaker: str
    take: str
    at: int


def _misheard(heard: Sequence[HeardUtterance]) -> list[_Error]:
    return [
        _Error(pair, one.sentence, one.speaker, one.take, at)
        for at, one in enumerate(heard)
        for pair in one.pairs
        if pair.said and pair.said != pair.heard
    ]


def _agree(errors: list[_Error], key: Callable[[_Error], Hashable], without: Callable[[_Error], Hashable]) -> float:
    """Return the share of pairs of errors with one key, not with one `without`, that have the same form."""
    same = [0, 0]
    for sign, by in ((1, key), (-1, without)):
        groups: dict[Hashable, Counter[str]] = defaultdict(Counter)
        for one in errors:
            groups[by(one)][one.pair.heard] += 1
        same[0] += sign * sum(n * (n - 1) for forms in groups.values() for n in forms.values())
        same[1] += sign * sum(forms.total() * (forms.total() - 1) for forms in groups.values())
    return same[0] / same[1] if same[1] else 0.0


# Places that are hard for everybody.


def hard_places(errors: Sequence[Residual]) -> dict[str, float]:
    """Return the share of hard places, the error rates there ("wrong") and anywhere ("rate"), and correlations.

    By maximum likelihood: of the recordings of a place, a number is misheard that is binomial where the place is hard
    and beta-binomial elsewhere. One recording a take.
    """
    from scipy.optimize import minimize
    from scipy.stats import betabinom, binom

    counts = Counter(_places(errors).values())
    wrong, taken, times = (
        np.array(column) for column in zip(*((k, n, m) for (k, n), m in counts.items()), strict=True)
    )

    def parts(weights: NDArray[np.float64]) -> tuple[float, float, float, float]:
        share, high, rate = 1.0 / (1.0 + np.exp(-weights[:3]))
        return 0.2 * share, 0.6 + 0.4 * high, 0.3 * rate, float(np.exp(weights[3]))

    def loss(weights: NDArray[np.float64]) -> float:
        share, high, rate, spread = parts(weights)
        hard = binom.pmf(wrong, taken, high)
        usual = betabinom.pmf(wrong, taken, rate * spread, (1.0 - rate) * spread)
        return -float(times @ np.log(share * hard + (1.0 - share) * usual + 1e-300))

    best = minimize(loss, np.array([-1.5, 1.5, -0.5, 1.5]), method="Nelder-Mead", options={"maxiter": 2_000}).x
    share, high, rate, spread = parts(best)
    rest = _tetrachoric(rate, rate * (1.0 - rate) / (spread + 1.0))
    everywhere = float(np.mean([one.rate for one in errors]))
    return {"share": share, "wrong": high, "rest": rest, "rate": everywhere, "together": _together(errors)}


def _together(errors: Sequence[Residual]) -> float:
    """Return the correlation of two places of one sentence in being misheard in every recording (two takes or more)."""
    by_sentence: dict[str, list[bool]] = defaultdict(list)
    for (sentence, _), (wrong, takes) in _places(errors).items():
        if takes > 1:
            by_sentence[sentence].append(wrong == takes)
    flags = [flag for found in by_sentence.values() for flag in found]
    rate = float(np.mean(flags))
    both = sum(sum(found) * (sum(found) - 1) for found in by_sentence.values())
    pairs = sum(len(found) * (len(found) - 1) for found in by_sentence.values())
    return _tetrachoric(rate, both / pairs - rate**2)


def _places(errors: Sequence[Residual]) -> dict[tuple[str, int], tuple[int, int]]:
    """Return (misheard, recordings) of every place."""
    found: dict[tuple[str, int], dict[str, bool]] = defaultdict(dict)
    for one in errors:
        found[one.item].setdefault(one.take, one.form is not None)
    return {place: (sum(takes.values()), len(takes)) for place, takes in found.items()}


def _always(heard: Sequence[HeardUtterance]) -> set[tuple[str, int]]:
    """Return places that are misheard in every recording, of two or more takes."""
    found: dict[tuple[str, int], dict[str, bool]] = defaultdict(dict)
    for one in heard:
        for pair in one.pairs:
            if pair.said:
                found[one.sentence, pair.at].setdefault(one.take, pair.said != pair.heard)
    return {place for place, takes in found.items() if len(takes) > 1 and all(takes.values())}
