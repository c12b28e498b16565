"""Fit the simulated n-best lists on real ones: the hypotheses below the top, and the scores.

They are fitted on half of DSTC2's callers; the others are for the check (`uptake simulate --check-realism`). The costs
of the confusion sets are those that give lists with the statistics of the real lists, for the top hypotheses of the
calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.lab.corpora import CORPORA, read, records
from uptake.lab.corpora.dstc2 import second_hearing
from uptake.lab.simulate.misheard.confusions import Choice, bigrams
from uptake.lab.simulate.misheard.list_figures import Listed, figures, intervals
from uptake.lab.simulate.misheard.lists import COSTS, Lists
from uptake.text.normalize import normalize
from uptake.types import Transcript

__all__ = [
    "NOISE",
    "apart",
    "check_lists",
    "choice_of",
    "fit_lists",
    "lists_of",
    "live_lists",
    "replay",
    "second_lists",
    "spoken_lists",
]

NOISE = frozenset("noise unintelligible sil breathing laugh background".split())
"""Marks of DSTC2's transcriptions that are no words."""

_MOST = 30.0  # scores beyond this stand for "impossible"
_QUANTILES = np.linspace(0.0, 1.0, 21)
_START = {"unsure": 0.6, "step": 0.4, "lost_function": 0.2, "lost": 0.5, "added": 1.5, "flat": 1.5, "follows": 0.5}
_BOUNDS = {"flat": (0.3, 6.0), "follows": (0.05, 0.95)}
_EVALUATIONS = 120
_SAMPLE = 1_200  # utterances that lists are drawn for at each step
_DRAWS = 60
_NOT_FITTED = ("length", "top right", "differs from the top")


def live_lists(root: Path) -> list[Listed]:
    """Return the lists of DSTC2's live recogniser.

    Raises:
        NotReady: The corpus is missing.
    """
    return [
        Listed(_words((turn.truth.request if turn.truth else None) or ""), _different(turn.alternatives), turn.user_id)
        for turn in read("dstc2", root / "dstc2")
    ]


def second_lists(root: Path) -> list[Listed]:
    """Return the lists of DSTC2's other recogniser, which ran later on the same calls."""
    corpus, found = CORPORA["dstc2"], []
    for record in records("dstc2", root / "dstc2"):
        heard = second_hearing(record)
        for turn in corpus.turns(record):
            if turn.turn_id in heard:
                said = _words((turn.truth.request if turn.truth else None) or "")
                found.append(Listed(said, _different(heard[turn.turn_id]), turn.user_id))
    return found


def spoken_lists(root: Path) -> list[Listed]:
    """Return the lists of DSTC10's spoken dialogues; what was said is not known."""
    import gzip
    import json

    found = []
    for path in sorted((root / "dstc10_spoken").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                call = json.loads(line)
                for turn in call["turns"]:
                    if turn.get("nbest"):
                        heard = (Transcript(text=text, score=float(score)) for text, score in turn["nbest"])
                        found.append(Listed("", _different(tuple(heard)), str(call["id"])))
    return found


def apart(lists: Sequence[Listed]) -> tuple[list[Listed], list[Listed]]:
    """Split lists into those to fit on and those to check with, by speaker."""
    parts: tuple[list[Listed], list[Listed]] = ([], [])
    for one in lists:
        parts[xxhash.xxh64_intdigest(one.speaker.encode()) & 1].append(one)
    return parts


def replay(lists: Sequence[Listed], drawn: Lists, *, seed: int) -> list[Listed]:
    """Return the same utterances and tops with simulated entries below."""
    rng = np.random.default_rng([seed, 7])
    return [
        Listed(one.said, tuple(Transcript(text=text) for text in (one.top, *drawn.below(one.top, one.said, rng))), "")
        for one in lists
        if one.heard and one.top and one.said
    ]


def fit_lists(calls: Sequence[Listed], choice: Choice, table: Mapping[str, Any]) -> dict[str, Any]:
    """Fit the costs of the confusion sets and the quantiles of scores on some speakers' lists.

    Args:
        calls: The lists to fit on.
        choice: Words that may be heard for others, in the calls' task.
        table: What is fitted already: "choice" and "inserted".
    """
    return {"costs": _costs(calls, choice, table), **_scores(calls)}


def check_lists(root: Path, table: Mapping[str, Any], *, seed: int = 0) -> dict[str, dict[str, float | None]]:
    """Return figures of lists, real ones of callers that nothing was fitted on beside those replayed, by their names.

    "real", "low" and "high" are DSTC2's live recogniser and its 95 % interval over callers, "second" its other
    recogniser, "spoken" DSTC10's, "replayed" simulated entries below the live recogniser's tops.

    Args:
        root: Folder with `dstc2`, and `dstc10_spoken` where it is there.
        table: The fitted channel.
        seed: Of the simulated lists.

    Raises:
        NotReady: DSTC2 is missing.
    """
    live = live_lists(root)
    check = apart(live)[1]
    drawn = lists_of(choice_of(live, np.array(table["costs"])), table, table["lists"]["costs"])
    between = intervals(check, draws=_DRAWS, seed=seed)
    columns: dict[str, Mapping[str, float | None]] = {
        "real": figures(check),
        "low": {name: low for name, (low, _) in between.items()},
        "high": {name: high for name, (_, high) in between.items()},
        "second": figures(apart(second_lists(root))[1]),
        "spoken": figures(spoken_lists(root)),
        "replayed": figures(replay(check, drawn, seed=seed)),
    }
    return {
        name: {
            column: None if (value := found.get(name)) is None else round(value, 4) for column, found in columns.items()
        }
        for name in columns["real"]
    }


def choice_of(lists: Sequence[Listed], costs: NDArray[np.float64]) -> Choice:
    """Return the words that may be heard in the task of some calls."""
    texts = [one.said for one in lists if one.said]
    return Choice({word for text in texts for word in text.split()}, bigrams(texts), costs)


def lists_of(choice: Choice, table: Mapping[str, Any], costs: Mapping[str, float]) -> Lists:
    """Return what draws lists, by a fitted table and some costs."""
    added = [word for word, _ in table["inserted"]], list(np.cumsum([share for _, share in table["inserted"]]))
    return Lists(choice, table["choice"], added, costs)


def _costs(calls: Sequence[Listed], choice: Choice, table: Mapping[str, Any]) -> dict[str, float]:
    from scipy.optimize import minimize

    sample = [one for one in calls if one.said and one.heard and one.top][:_SAMPLE]
    real, between = figures(sample), intervals(sample, draws=50)
    names = [
        name for name, value in real.items() if value is not None and not any(part in name for part in _NOT_FITTED)
    ]
    scale = {name: max((between[name][1] - between[name][0]) / 2, 0.01) for name in names}

    drawn = lists_of(choice, table, _START)

    def loss(values: NDArray[np.float64]) -> float:
        found = figures(replay(sample, drawn.with_costs(_possible(values)), seed=0))
        return sum((((found[name] or 0.0) - (real[name] or 0.0)) / scale[name]) ** 2 for name in names)

    start = np.log([_START[name] for name in COSTS])
    best = minimize(
        loss, start, method="Nelder-Mead", options={"maxfev": _EVALUATIONS, "initial_simplex": _around(start)}
    )
    return {name: round(value, 3) for name, value in _possible(best.x).items()}


def _possible(values: NDArray[np.float64]) -> dict[str, float]:
    """Return costs from their logarithms, none beyond what is sensible."""
    return {
        name: float(np.clip(np.exp(value), *_BOUNDS.get(name, (0.02, 20.0))))
        for name, value in zip(COSTS, values, strict=True)
    }


def _around(start: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([start, start + 0.5 * np.eye(len(start))])


def _scores(calls: Sequence[Listed]) -> dict[str, Any]:
    """Measure scores of the top and how they fall below it, by whether the top was right."""
    tops: dict[str, list[float]] = {"right": [], "wrong": []}
    gaps: dict[str, list[list[float]]] = {"right": [], "wrong": []}
    for one in calls:
        scores = [entry.score for entry in one.heard if entry.score is not None]
        if scores:
            name = "right" if one.top == one.said else "wrong"
            tops[name].append(scores[0])
            gaps[name].append([best - worse for best, worse in pairwise(scores)][:4])
    return {
        "top_score": {name: _quantiles(values) for name, values in tops.items()},
        "gap": {
            name: [_quantiles([gap[at] for gap in values if len(gap) > at]) for at in range(4)]
            for name, values in gaps.items()
        },
    }


def _quantiles(values: Sequence[float]) -> list[float]:
    return [round(float(value), 3) for value in np.quantile(np.clip(values, -_MOST, _MOST), _QUANTILES)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _words(written: str) -> str:
    return " ".join(word for word in normalize(written).split() if word not in NOISE)


def _different(heard: Sequence[Transcript]) -> tuple[Transcript, ...]:
    found: dict[str, Transcript] = {}
    for one in heard:
        text = _words(one.text)
        found.setdefault(text, Transcript(text=text, score=one.score))
    return tuple(found.values())
