"""Evaluate the choice of interpretation by situation: `uptake evaluate context`.

    uptake train context --data ROOT --out DIR

fits the shipped weights: the same cases give the same file.

`choice`: choosing among the interpretations of a group. `free`: interpretation by the whole agent, for intents that it
has. If a case of --data is among those of --train, its group is left out of the fit that is tested on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.simulate.situations.cases import Case, Group, load
from uptake.lab.simulate.situations.hand_written import written
from uptake.lab.train.situation import DRAWN, candidates, fit_weights
from uptake.types import Interpretation, Situation
from uptake.understanding.situation.semantic_fields import camel_words, stem, stems
from uptake.understanding.situation.step import NAMES, SCHEMA_VERSION, ContextRanker

__all__ = ["context", "fitted", "make"]

Chooser = Callable[[Case, Sequence[Interpretation]], Interpretation]


def context(train: Path, data: Path, *, seed: int = 0) -> dict[str, Any]:
    """Judge the context model on every `context_cases/*.jsonl.gz` below a root.

    Args:
        train: Root to fit on, with what comes with the package.
        data: Root to judge on.
        seed: Of what is drawn to fit on, and of the intervals.

    Returns:
        Flat figures; `held_out` says whether no case of `data` is in `train`.

    Raises:
        NotReady: A root holds no cases.
        BadRecord: A line is no case.
    """
    from uptake.lab.evaluate.situation.free_reading import free

    known, judged = load(train), load(data)
    rankers = _rankers(known, judged, seed)
    verdicts = {group[0].group: _right(group, _choosing(rankers[group[0].group])) for group in judged}
    blind = {group[0].group: _right(group, _blind(rankers[group[0].group])) for group in judged}
    frequent = Counter(case.reading.intent for group in known for case in group)
    figures = {
        "held_out": not _shared(known, judged),
        "train_groups": len(known),
        "cases": sum(map(len, judged)),
        "groups": len(judged),
        **_figures("choice", "group", verdicts, seed),
        **_figures("context_free_choice", "context_free_group", blind, seed),
        **_baseline("most_frequent", judged, lambda _, readings: max(readings, key=lambda one: frequent[one.intent])),
        **_baseline("overlap", judged, _overlap),
    }
    figures |= free(judged, rankers, seed=seed)
    return {f"context.{name}" if "." not in name else name: value for name, value in figures.items()}


def make(out: Path, *, data: Path, date: str) -> None:
    """Write `context.toml`, fitted on the cases below a root."""
    out.write_text(fitted(data, date=date), encoding="utf-8")


def fitted(train: Path, *, date: str) -> str:
    """Fit `context.toml` on the cases below a root and on what comes with the package.

    Args:
        train: Root with one folder a corpus.
        date: When it was made, to be noted.

    Raises:
        NotReady: The root holds no cases.
    """
    groups = load(train)
    weights = fit_weights(groups)
    left_out = _rankers(groups, groups, 0)
    right = [_right(group, _choosing(left_out[group[0].group])) for group in groups]
    lines = [
        f"schema_version = {SCHEMA_VERSION}",
        "",
        "[provenance]",
        'command = "uptake train context --data ROOT --out DIR"',
        f'date = "{date}"',
        f"case_groups = {len(groups)}",
        f"written_groups = {len(written())}",
        f"drawn = {DRAWN}",
        'validation = "one group of cases left out at a time"',
        f"choice_accuracy = {np.mean([one for group in right for one in group]):.4f}",
        f"group_accuracy = {np.mean([all(group) for group in right]):.4f}",
        "",
        "[weights]",
        *(f"{name} = {weights[name]:.4f}" for name in NAMES),
    ]
    return "\n".join(lines) + "\n"


def _rankers(known: Sequence[Group], judged: Sequence[Group], seed: int) -> dict[str, ContextRanker]:
    """Fit for each group to judge a ranker that never saw it."""
    all_of_them: ContextRanker | None = None
    found = {}
    for group in judged:
        rest = [other for other in known if not _shared([other], [group])]
        if len(rest) < len(known):
            found[group[0].group] = ContextRanker(weights=fit_weights(rest, seed=seed))
            continue
        all_of_them = all_of_them or ContextRanker(weights=fit_weights(known, seed=seed))
        found[group[0].group] = all_of_them
    return found


def _shared(left: Sequence[Group], right: Sequence[Group]) -> bool:
    """Tell whether a case stands on both sides."""
    first, second = ({(case.case_id, case.text) for group in groups for case in group} for groups in (left, right))
    return bool(first & second)


def _choosing(ranker: ContextRanker) -> Chooser:
    return lambda case, readings: ranker.rank(case.text, readings, case.situation)[0].interpretation


def _blind(ranker: ContextRanker) -> Chooser:
    """Return the same model without the situation."""
    return lambda case, readings: ranker.rank(case.text, readings, Situation())[0].interpretation


def _overlap(case: Case, readings: Sequence[Interpretation]) -> Interpretation:
    """Choose the reading that shares most words with the request and the last turn."""
    last = case.situation.recent[-1] if case.situation.recent else None
    heard = stems(case.text) | (stems(last.request) | stems(last.response or "") if last else frozenset())

    def shared(one: Interpretation) -> int:
        words = {stem(word) for word in camel_words(one.intent)}
        return len(heard & words.union(*(stems(value) for _, value in one.slots)))

    return max(readings, key=shared)


def _right(group: Group, choose: Chooser) -> list[bool]:
    readings = candidates(group)
    return [choose(case, readings).key == case.reading.key for case in group]


def _figures(choice: str, whole: str, verdicts: dict[str, list[bool]], seed: int) -> dict[str, float]:
    """Return the share of cases and of whole groups that are right, with intervals over groups."""
    names = [name for name, right in verdicts.items() for _ in right]
    each = np.array([one for right in verdicts.values() for one in right], dtype=np.float64)
    groups = np.array([all(right) for right in verdicts.values()], dtype=np.float64)
    accuracy = "" if choice.startswith("context_free") else "_accuracy"
    return {
        **bounded(f"{choice}{accuracy}", mean(each), names, seed=seed),
        **bounded(f"{whole}{accuracy}", mean(groups), list(verdicts), seed=seed),
    }


def _baseline(name: str, judged: Sequence[Group], choose: Chooser) -> dict[str, float]:
    right = [_right(group, choose) for group in judged]
    return {
        f"{name}_choice": float(np.mean([one for group in right for one in group])),
        f"{name}_group": float(np.mean([all(group) for group in right])),
    }
