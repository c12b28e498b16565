"""Train the contextual rewriter, from requests in dialogues and their complete forms.

It has three models: where and how a request is edited (a linear classifier over every place), which span of the
conversation is copied (`uptake.rewriting.contextual.learn.span_model`), and which combination of edits is right (a
conditional logit over whole rewrites, with the unchanged request among them). The last model and the calibration are
trained on out-of-fold proposals of the first two.

Source: as `uptake.rewriting.contextual.artifact`. Limit: it needs a few hundred examples of the kind of dialogue it
will serve; training on one kind helps little on another.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.ml.learn.linear import Options, fit
from uptake.ml.learn.logit import Choice, fit_choices
from uptake.ml.linear import Head, Rows
from uptake.rewriting.contextual.artifact import RANKED, TRUSTED, ContextualRewriter, Option, trust_row
from uptake.rewriting.contextual.edits import BEFORE, KEEP, Edit, Label, Words, asked_for, before_features
from uptake.rewriting.contextual.features import (
    Place,
    link_features,
    place_features,
    places,
    source_features,
)
from uptake.rewriting.contextual.learn.examples import EditTargets, Part, TrainingExample, edit_targets, inventory
from uptake.rewriting.contextual.learn.span_model import Task, fit_stretches
from uptake.rewriting.contextual.spans import line

__all__ = ["nearness", "train"]

_FOLDS = 3
_LEAST = 20  # fewer examples than this teach nothing
_NEAR_MISS = 0.5  # weight of a example for which nothing right was proposed

Floats = NDArray[np.float64]
Progress = Callable[[str], None]


def train(
    examples: Sequence[TrainingExample], *, seed: int = 0, about: str = "", progress: Progress | None = None
) -> ContextualRewriter:
    """Make a rewriter on the examples. Equal examples in equal order and equal seeds give equal rewriters.

    Args:
        examples: Requests and their complete forms; requests that are complete belong to them.
        seed: Of the order in which places are learnt from.
        about: What the examples are, for the record.
        progress: Is told what is being done.

    Raises:
        NotReady: There are too few examples.
    """
    say = progress or (lambda _: None)
    pairs = [(one, known) for one in examples if (known := edit_targets(one)) is not None]
    if len(pairs) < _LEAST:
        raise NotReady(f"writing requests out needs at least {_LEAST} examples, there are {len(pairs)}; add more")
    ranks, trust = np.zeros(RANKED), np.zeros(TRUSTED)
    ranks[2:4] = 1.0
    judged: list[tuple[TrainingExample, list[Option]]] = []
    for fold in range(_FOLDS):
        say(f"fold {fold + 1} of {_FOLDS}")
        rest = [known for one, known in pairs if _fold(one) != fold]
        if not rest:
            continue
        part = _proposer(rest, ranks, trust, seed=seed, about=about)
        judged += [(one, part.options(one.request, one.past)) for one, _ in pairs if _fold(one) == fold]
    say("all examples")
    ranks = _ranked(judged, ranks)
    whole = _proposer([known for _, known in pairs], ranks, trust, seed=seed, about=about)
    return replace(whole, trust=_trusted(judged, ranks))


def _fold(lesson: TrainingExample) -> int:
    return zlib.crc32(lesson.group.encode()) % _FOLDS


def _proposer(
    examples: Sequence[EditTargets], ranks: Floats, trust: Floats, *, seed: int, about: str
) -> ContextualRewriter:
    """Fit a rewriter whose edits and spans are learned, and whose ranking weights are given."""
    labels, replaced = inventory(examples)
    hashes, head = _places(examples, labels, frozenset(replaced), seed=seed)
    weights = fit_stretches([task for one in examples for task in _tasks(one)])
    return ContextualRewriter(
        labels=labels,
        replaced=replaced,
        hashes=hashes,
        head=head,
        firsts=weights.firsts,
        lasts=weights.lasts,
        spans=weights.spans,
        ranks=ranks,
        trust=trust,
        about=about,
    )


# Where, and how.


def _places(
    examples: Sequence[EditTargets], labels: tuple[Label, ...], replaced: frozenset[str], *, seed: int
) -> tuple[NDArray[np.uint32], Head]:
    known = {label: at for at, label in enumerate(labels)}
    rows: list[list[int]] = []
    truth: list[int] = []
    for one in examples:
        for features, label in _examples(one, known, replaced):
            rows.append(features)
            truth.append(label)
    unique = [np.unique(np.array(row, dtype=np.uint32)) for row in rows]
    every, counts = np.unique(np.concatenate(unique), return_counts=True)
    hashes = every[counts >= 2]
    kept = []
    for row in unique:
        at = np.minimum(np.searchsorted(hashes, row), len(hashes) - 1)
        kept.append(at[hashes[at] == row])
    data = Rows(
        indptr=np.cumsum([0, *(len(row) for row in kept)]).astype(np.int64),
        indices=np.concatenate(kept).astype(np.int64),
        values=np.ones(sum(len(row) for row in kept), dtype=np.float32),
        dense=np.zeros((len(kept), 0), dtype=np.float32),
        width=len(hashes),
    )
    fitted = fit(
        data,
        np.array(truth, dtype=np.int64),
        classes=len(labels),
        weights=np.ones(len(truth), dtype=np.float32),
        options=Options(passes=8, rate=0.05, ridge=1e-4),
        seed=seed,
    )
    return hashes, Head.pack(fitted.weights, fitted.bias, fitted.dense)


def _examples(one: EditTargets, known: dict[Label, int], replaced: frozenset[str]) -> list[tuple[list[int], int]]:
    """Return hashed features and label of every place, and of what follows each span that was copied."""
    source = one.source
    found = [(before_features(one.request), BEFORE if source.is_before else KEEP)]
    whole, edits = source_features(source), dict(one.edits)
    for place in places(source, replaced):
        some = edits.get(place)
        label = KEEP if some is None else _label(some[0], known)
        if label is not None and (some is not None or not _inside(place, edits)):
            found.append((place_features(source, place, whole), label))
    for place, some in one.edits:
        said: tuple[str, ...] = ()
        names: list[str] = []
        for part, after in zip(some, (*some[1:], None), strict=True):
            said += (*part.words.split(), *(part.stretch or ()))
            names.append(part.words)
            label = KEEP if after is None else _label(after, known)
            if part.stretch is None or label is None:
                break
            found.append((link_features(source, place, said, names), label))
    return found


def _inside(place: Place, edits: dict[Place, tuple[Part, ...]]) -> bool:
    """Tell whether a place lies in words that go as part of a longer span, and so is no example of its own."""
    return any(start <= place[0] and place[1] <= end and start < end for start, end in edits)


def _label(part: Part, known: dict[Label, int]) -> int | None:
    """Number of the label of a part; without its words where they are rare; None where nothing says it."""
    copies = part.stretch is not None
    if part.words == "" and not copies:
        return None
    return known.get(Label(part.words, copies), known[Label("", True)] if copies else None)


# What is copied.


def _tasks(one: EditTargets) -> list[Task]:
    if not len(one.source.passage.spans):
        return []
    source, held, found = one.source, Words(one.source), []
    for place, some in one.edits:
        edit = Edit(place, "", (), (), 0.0, 0.0)
        for part in some:
            if part.stretch is not None:
                asked = asked_for(source, edit, part.words)
                found.append(
                    Task(
                        firsts=held.places(asked, last=False).astype(np.int32),
                        lasts=held.places(asked, last=True).astype(np.int32),
                        spans=source.passage.spans,
                        rows=held.after(source, edit.words),
                        right=np.array([text == part.stretch for text in source.passage.texts]),
                        what=asked.what,
                    )
                )
            edit = replace(edit, words=(*edit.words, *part.words.split(), *(part.stretch or ())))
    return found


# Which rewrite.


def nearness(words: Sequence[str], goal: Sequence[str]) -> float:
    """Return the mean F1 of word n-grams (n = 1 to 3) of two texts, in [0, 1]; 1 for equal texts."""
    if tuple(words) == tuple(goal):
        return 1.0
    parts = []
    for size in (1, 2, 3):
        left, right = (Counter(zip(*(side[at:] for at in range(size)), strict=False)) for side in (words, goal))
        parts.append(2 * (left & right).total() / max(left.total() + right.total(), 1))
    return sum(parts) / 3


def _ranked(judged: Sequence[tuple[TrainingExample, list[Option]]], prior: Floats) -> Floats:
    """Fit weights under which the rewrite nearest to the complete form is likeliest."""
    choices = []
    for lesson, options in judged:
        if len(options) < 2:
            continue
        goals = [line(rewrite).words for rewrite in lesson.rewrites[:1]]
        near = np.array([max(nearness(one.words, goal) for goal in goals) for one in options])
        right = int(np.argmax(near))
        choices.append(
            Choice(
                features=np.stack([one.row for one in options]),
                right=right,
                weight=1.0 if near[right] == 1.0 else _NEAR_MISS,
            )
        )
    return fit_choices(choices, prior, precision=1.0) if choices else prior


def _trusted(judged: Sequence[tuple[TrainingExample, list[Option]]], ranks: Floats) -> Floats:
    """Fit weights of the probability that the best rewrite is a person's, by logistic regression."""
    choices = []
    for lesson, options in judged:
        if not options:
            continue
        scores = np.array([one.row @ ranks for one in options])
        shares = np.exp(scores - scores.max())
        shares = shares / shares.sum()
        best = int(np.argmax(shares))
        right = any(options[best].words == line(rewrite).words for rewrite in lesson.rewrites)
        row = trust_row(shares, options, best)
        choices.append(Choice(features=np.stack([row, np.zeros(TRUSTED)]), right=0 if right else 1))
    return fit_choices(choices, np.zeros(TRUSTED), precision=0.1) if choices else np.zeros(TRUSTED)
