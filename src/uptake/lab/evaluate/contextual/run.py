"""Evaluate contextual rewriting on public dialogues: exact match, BLEU and carried slots.

A rewriter is trained on one root and evaluated on another. Dialogues of both are distinguished by name, and a test
request with its complete form is never a training example. If both roots hold the same dialogues, the evaluation is out
of fold (three folds by dialogue), and `out_of_fold` says so.

Evaluated are requests that need a rewrite (`carry.exact`, `carry.bleu`, `carry.slot_recall`), requests that need none
(`carry.false_rewrites`, the share that was changed nevertheless), and all of them (`carry.exact_all`). Baselines:
`copy.`, the unchanged request, and `pronoun.`, pronouns replaced by the name spoken last.

Slots are the collection's own annotations if it has any (cqr, gecor); `slot_recall` on canard is that of the content
words that people added, which every collection has as `added_recall`.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.lab.evaluate.contextual.baseline import pronouns_named
from uptake.lab.evaluate.contextual.corpora import Case, cases, spelled
from uptake.lab.evaluate.contextual.scores import bleu, counted
from uptake.lab.evaluate.harness import bounded
from uptake.rewriting.contextual.artifact import ContextualRewriter
from uptake.rewriting.contextual.learn.examples import TrainingExample
from uptake.rewriting.contextual.learn.model import train as train_rewriter

__all__ = ["judged", "training_examples"]

_FOLDS = 3
_SAME = 0.5  # share of judged dialogues also in training from which both roots hold the same ones
_SURE = 0.7
"""Trust from which a rewrite counts as sure."""

Floats = NDArray[np.float64]
_EXACT, _COPIED, _HELD, _SLOTS, _FOUND, _WANTED, _BROUGHT = range(10, 17)


def judged(
    *, corpus: str, train: Path, data: Path, seed: int = 0, tell: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Train on the dialogues of one root, judge on those of another.

    Args:
        corpus: "cqr" (in-car dialogues with slots and several human rewrites), "gecor" (restaurant dialogues with
            ellipsis and reference) or "canard" (questions about an article, rewritten to stand alone).
        train: Root to learn from.
        data: Root to judge on.
        seed: Of training and bootstrap.
        tell: Is told what is being done.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by dialogue bootstrap.

    Raises:
        NotReady: A root lacks the collection, or there is too little of it.
    """
    known, wanted = cases(corpus, train), cases(corpus, data)
    names = {one.dialogue for one in known}
    share = float(np.mean([one.dialogue in names for one in {case.dialogue: case for case in wanted}.values()]))
    started = time.perf_counter()
    parts = _parts(known, wanted, out_of_fold=share >= _SAME)
    texts, trusts, spent = _written(parts, wanted, partial(train_rewriter, about=corpus, seed=seed, progress=tell))
    systems = {
        "carry": texts,
        "copy": [one.request for one in wanted],
        "pronoun": [pronouns_named(one.request, one.past) for one in wanted],
    }
    return {
        "out_of_fold": share >= _SAME,
        "cases": len(wanted),
        "dialogues": len({one.dialogue for one in wanted}),
        "incomplete": sum(not one.is_complete for one in wanted),
        "complete": sum(one.is_complete for one in wanted),
        "train.cases": max(len(rest) for _, rest in parts),
        **_figures(systems, wanted, seed=seed),
        **_trusted(texts, trusts, wanted),
        "carry.ms": 1000.0 * spent / len(wanted),
        "seconds": time.perf_counter() - started,
    }


def training_examples(known: Sequence[Case]) -> list[TrainingExample]:
    """Build the training examples of a contextual rewriter."""
    return [
        TrainingExample(request=one.request, past=one.past, rewrites=one.rewrites, group=one.dialogue)
        for one in known
        if one.past
    ]


def _parts(known: Sequence[Case], wanted: Sequence[Case], *, out_of_fold: bool) -> list[tuple[list[int], list[Case]]]:
    """Return (positions to judge, what to learn from), apart by dialogue and by text.

    Raises:
        NotReady: Nothing is left to learn from.
    """
    if not out_of_fold:
        parts = [(list(range(len(wanted))), list(known))]
    else:
        places = [zlib.crc32(one.dialogue.encode()) % _FOLDS for one in wanted]
        parts = [([at for at, place in enumerate(places) if place == fold], list(known)) for fold in range(_FOLDS)]
    found = []
    for judge, rest in parts:
        names = {wanted[at].dialogue for at in judge}
        pairs = {_pair(wanted[at]) for at in judge if not wanted[at].is_complete}
        kept = [one for one in rest if one.dialogue not in names and _pair(one) not in pairs]
        if not kept:
            raise NotReady("the training root holds no dialogue that is not judged; give another root")
        if judge:
            found.append((judge, kept))
    return found


def _pair(case: Case) -> tuple[Any, ...]:
    return spelled(case.request), spelled(case.rewrites[0])


def _written(
    parts: Sequence[tuple[list[int], list[Case]]], wanted: Sequence[Case], fit: Callable[..., ContextualRewriter]
) -> tuple[list[str], Floats, float]:
    """Rewrite each case; return texts, their trust (cases,), and CPU seconds without training."""
    texts, trusts, spent = [""] * len(wanted), np.zeros(len(wanted)), 0.0
    for judge, rest in parts:
        rewriter = fit(training_examples(rest))
        begun = time.process_time()
        for at in judge:
            texts[at], trusts[at] = _rewritten(rewriter, wanted[at])
        spent += time.process_time() - begun
    return texts, trusts, spent


def _rewritten(rewriter: ContextualRewriter, case: Case) -> tuple[str, float]:
    found = rewriter.rewrite(case.request, case.past, limit=1)
    return (found[0].text, found[0].trust) if found else (case.request, 1.0)


def _figures(systems: dict[str, list[str]], wanted: Sequence[Case], *, seed: int) -> dict[str, Any]:
    needing = np.array([not one.is_complete for one in wanted])
    figures: dict[str, Any] = {}
    for name, texts in systems.items():
        rows = np.array([counted(case, text) for case, text in zip(wanted, texts, strict=True)], dtype=np.float64)
        own = [one.dialogue for one, needs in zip(wanted, needing, strict=True) if needs]
        for key, statistic in _STATISTICS.items():
            figures |= _with_interval(f"{name}.{key}", statistic, rows[needing], own, seed=seed)
        every = [one.dialogue for one in wanted]
        figures |= _with_interval(f"{name}.exact_all", _share(_EXACT), rows, every, seed=seed)
        if not needing.all():
            whole = [one.dialogue for one, needs in zip(wanted, needing, strict=True) if not needs]
            figures |= _with_interval(
                f"{name}.false_rewrites", lambda some: 1.0 - _share(_COPIED)(some), rows[~needing], whole, seed=seed
            )
        if name == "carry":
            for kind in sorted({one.kind for one in wanted} - {"complete"}):
                some = np.array([one.kind == kind for one in wanted])
                figures[f"carry.exact_{kind}"] = (
                    float(rows[some & needing, _EXACT].mean()) if (some & needing).any() else None
                )
            figures["carry.rewritten"] = 1.0 - float(rows[needing, _COPIED].mean())
    return figures


def _share(column: int) -> Callable[[Floats], float]:
    return lambda rows: float(rows[:, column].mean())


def _ratio(found: int, there: int) -> Callable[[Floats], float]:
    def ratio(rows: Floats) -> float:
        total = rows[:, there].sum()
        return float(rows[:, found].sum() / total) if total else 0.0

    return ratio


def _slot_recall(rows: Floats) -> float:
    return _ratio(_HELD, _SLOTS)(rows) if rows[:, _SLOTS].any() else _ratio(_FOUND, _WANTED)(rows)


_STATISTICS: dict[str, Callable[[Floats], float]] = {
    "exact": _share(_EXACT),
    "bleu": bleu,
    "slot_recall": _slot_recall,
    "added_recall": _ratio(_FOUND, _WANTED),
    "added_precision": _ratio(_FOUND, _BROUGHT),
}


def _with_interval(
    name: str, statistic: Callable[[Floats], float], rows: Floats, dialogues: Sequence[str], *, seed: int
) -> dict[str, Any]:
    if not len(rows):
        return {name: None}
    return bounded(name, lambda at: statistic(rows[at]), dialogues, seed=seed)


def _trusted(texts: Sequence[str], trusts: Floats, wanted: Sequence[Case]) -> dict[str, Any]:
    """Evaluate acting on trusted rewrites alone: share of requests, and how many match what a person wrote."""
    sure = [
        spelled(text) in {spelled(one) for one in case.rewrites}
        for text, trust, case in zip(texts, trusts.tolist(), wanted, strict=True)
        if trust >= _SURE and spelled(text) != spelled(case.request)
    ]
    return {"carry.sure": len(sure) / len(wanted), "carry.sure_exact": float(np.mean(sure)) if sure else None}
