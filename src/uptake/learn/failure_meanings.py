"""Is the reading what the words that were heard usually mean? Learned from words and meanings that people wrote down.

For each piece of meaning (an act, a slot with its value, a slot whatever its value) a linear model says how probable it
is given a text and the prompt before it. It is taught with what was really said, and asked about what the recognisers
heard: a reading that does not fit the text points at the understanding; one that fits it, but not what the second
recogniser or the next turn says, points at the recogniser.

Limit: it must be fitted on other people than it is asked about; rare pieces of meaning are not judged.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from uptake.corpora.dstc2 import COURTESY_ACTS
from uptake.learn import logistic
from uptake.learn.failure_words import Heard
from uptake.learn.logistic import Fitted, Options, Rows
from uptake.signals.tables import Row
from uptake.signals.views import Item, View
from uptake.text.normalize import normalize

__all__ = ["MeaningModel", "wishes"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_LEAST = 30
"""Fewest turns that a piece of meaning is learned from."""
_OPEN = 8
"""A slot with more values than that is looked at without them."""
_OPTIONS = Options(passes=12, rate=0.1, ridge=3e-4)
_ANYTHING = "dontcare"
_ASKING = ("request.", "expl-conf.", "select.")
_BLANK = "_"
_LEAST_CHANCE = 1e-4


def wishes(view: View, pieces: frozenset[Item]) -> frozenset[Item]:
    """What was wished: without courtesies, and "no matter" without the slot that it answers."""
    asked = {token.rpartition(".")[2] for token in view.prompt_tokens if token.startswith(_ASKING)}
    found = set()
    for name, value in pieces:
        act, _, slot = name.rpartition(".")
        if name not in COURTESY_ACTS:
            found.add((f"{act}.this" if value == _ANYTHING and slot in asked else name, value))
    return frozenset(found)


@dataclass(frozen=True, kw_only=True)
class MeaningModel:
    """Says how well a reading fits what was heard.

    Args:
        labels: The pieces of meaning that are judged.
        values: Values of slots with many of them; they are blanked in texts.
        open_slots: Those slots.
        places: Mark of a text -> its column.
        fitted: One classifier (no, yes) for each label.
    """

    labels: tuple[str, ...]
    values: tuple[str, ...]
    open_slots: frozenset[str]
    places: Mapping[str, int]
    fitted: tuple[Fitted, ...]

    @classmethod
    def fit(
        cls, seen: Sequence[View], said: Sequence[str], meant: Sequence[frozenset[Item]], *, seed: int = 0
    ) -> MeaningModel:
        """Fit on turns of which people wrote down words and meaning.

        Args:
            seen: The turns.
            said: What was said in each.
            meant: What was meant in each.
            seed: Of the order in which turns are learned from.
        """
        texts = [normalize(text) for text in said]
        wished = [wishes(view, pieces) for view, pieces in zip(seen, meant, strict=True)]
        known: defaultdict[str, set[str]] = defaultdict(set)
        for text, pieces in zip(texts, wished, strict=True):
            for name, value in pieces:
                if value and value != _ANYTHING and normalize(value) in text:
                    known[name].add(normalize(value))
        open_slots = frozenset(name for name, values in known.items() if len(values) > _OPEN)
        values = {value for name in open_slots for value in known[name]}
        begun = cls(
            labels=(), values=tuple(sorted(values, key=lambda one: (-len(one), one))), open_slots=open_slots, places={},
            fitted=(),
        )  # fmt: skip
        labelled = [begun._labels(pieces) for pieces in wished]
        counts = Counter(label for labels in labelled for label in labels)
        labels = tuple(sorted(label for label, count in counts.items() if count >= _LEAST))
        marks = [set(begun._marks(view, text)) for view, text in zip(seen, texts, strict=True)]
        places = {mark: at for at, mark in enumerate(sorted(set().union(*marks)))}
        rows, ones = _rows(marks, places), np.ones(len(seen), dtype=np.float32)
        fitted = tuple(
            logistic.fit(
                rows,
                np.array([label in labels for labels in labelled], dtype=np.int64),
                classes=2,
                weights=ones,
                options=_OPTIONS,
                seed=seed,
            )
            for label in labels
        )
        return cls(labels=labels, values=begun.values, open_slots=open_slots, places=places, fitted=fitted)

    def rows(self, seen: Sequence[View], second: Heard | None = None) -> list[Row]:
        """How the reading of each turn fits its texts, those of a second recogniser ("other:") and the next turn."""
        read = [self._labels(wishes(view, view.meant)) for view in seen]
        taken = np.array([[label in labels for label in self.labels] for labels in read], dtype=bool)
        taken = taken.reshape(len(seen), len(self.labels))
        top = self._chances([(view, view.top) for view in seen])
        whole = self._listed([(view, list(view.heard)) for view in seen])
        following = {view.turn.turn_id: chances for view, chances in zip(seen, whole, strict=True)}
        again = [_second(view, second or {}) for view in seen]
        heard = [at for at, texts in enumerate(again) if texts]
        other = dict(zip(heard, self._chances([(seen[at], again[at][0][0]) for at in heard]), strict=True))
        listed = dict(zip(heard, self._listed([(seen[at], again[at]) for at in heard]), strict=True))
        found: list[Row] = []
        for at, view in enumerate(seen):
            row = {**_fit("meaning", taken[at], top[at]), **_fit("meaning_list", taken[at], whole[at])}
            row |= {f"meaning:{name}": value for name, value in self._named(view, view.top).items()}
            row["meaning:nothing"] = float(np.log1p(-np.minimum(top[at], 0.9999)).sum())
            later = following.get(view.next.turn.turn_id) if view.next is not None else None
            if later is not None and len(later):
                row["meaning:next_missed"] = float(np.where(taken[at], 0.0, whole[at] * later).max())
                row["meaning:next_taken"] = float(np.where(taken[at], later, 0.0).max())
            if at in other:
                row |= {
                    **_fit("other:meaning", taken[at], other[at]),
                    **_fit("other:meaning_list", taken[at], listed[at]),
                }
                row |= {f"other:meaning_{name}": value for name, value in self._named(view, again[at][0][0]).items()}
                apart = np.abs(top[at] - other[at])
                row["other:meaning_apart"] = float(apart.max(initial=0.0))
                row["other:meaning_apart_sum"] = float(apart.sum())
            found.append(row)
        return found

    def _chances(self, asked: Sequence[tuple[View, str]]) -> Floats:
        """(n, labels) the probability of every piece given a text after a prompt."""
        rows = _rows([set(self._marks(view, text)) for view, text in asked], self.places)
        found = np.zeros((len(asked), len(self.labels)))
        for column, fitted in enumerate(self.fitted):
            scores = logistic.predict(fitted, rows).astype(np.float64)
            found[:, column] = 1.0 / (1.0 + np.exp(np.clip(scores[:, 0] - scores[:, 1], -30.0, 30.0)))
        return found

    def _listed(self, asked: Sequence[tuple[View, Sequence[tuple[str, float]]]]) -> Floats:
        """(n, labels) the same, over a recogniser's list."""
        flat = [(view, text) for view, texts in asked for text, _ in texts]
        masses = np.array([mass for _, texts in asked for _, mass in texts])
        owner = np.repeat(np.arange(len(asked)), [len(texts) for _, texts in asked])
        found = np.zeros((len(asked), len(self.labels)))
        if flat:
            np.add.at(found, owner, self._chances(flat) * masses[:, None])
        return found

    def _labels(self, pieces: frozenset[Item]) -> frozenset[str]:
        return frozenset(
            name if name in self.open_slots and value != _ANYTHING else f"{name}={value}" for name, value in pieces
        )

    def _named(self, view: View, text: str) -> Row:
        """Known values of the open slots in the text beside those of the reading."""
        read = {normalize(value) for name, value in view.values if name in self.open_slots}
        told = set(self._pattern.findall(text)) if self.values else set()
        return {
            "values": float(len(told)),
            "values_taken": float(len(told & read)),
            "values_left": float(len(told - read)),
            "values_unsaid": float(len(read - told)),
        }

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self.values))})\b")

    def _marks(self, view: View, text: str) -> Iterator[str]:
        plain = self._pattern.sub(_BLANK, text) if self.values else text
        words = plain.split()
        yield f"={plain}"
        yield from words
        yield from (f"{one} {other}" for one, other in pairwise(["<", *words, ">"]))
        yield from (f"prompt {token}" for token in view.prompt_tokens)


def _fit(name: str, taken: Bools, chances: Floats) -> Row:
    """How probable the reading is, and the likeliest pieces that are wrong in it or missing."""
    if not len(chances):
        return {}
    right = np.maximum(np.where(taken, chances, 1.0 - chances), _LEAST_CHANCE)
    return {
        f"{name}:read": float(np.log(right).sum()),
        f"{name}:doubt": float(right.min()),
        f"{name}:missed": float(np.where(taken, 0.0, chances).max()),
        f"{name}:taken": float(np.where(taken, chances, 1.0).min()),
    }


def _second(view: View, second: Heard) -> list[tuple[str, float]]:
    heard = second.get(view.turn.turn_id, ())
    if not heard:
        return []
    scores = np.array([0.0 if one.score is None else one.score for one in heard])
    masses = np.exp(scores - scores.max())
    return list(zip([normalize(one.text) for one in heard], (masses / masses.sum()).tolist(), strict=True))


def _rows(marks: Sequence[set[str]], places: Mapping[str, int]) -> Rows:
    found = [sorted(places[mark] for mark in marks_of if mark in places) for marks_of in marks]
    return Rows(
        indptr=np.cumsum([0, *map(len, found)]).astype(np.int64),
        indices=np.array([place for places_of in found for place in places_of], dtype=np.int64),
        values=np.ones(sum(map(len, found)), dtype=np.float32),
        dense=np.zeros((len(marks), 0), dtype=np.float32),
        width=len(places),
    )
