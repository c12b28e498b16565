"""What the words of a turn say of where it failed: which words are often misheard, misread, or made of noise.

Trees over figures never see a word. Here a linear model weighs the words and word pairs that were heard, those of the
recogniser's list, of a second recogniser's where there is one, of the reading, of what the assistant had said and of
what came next; the trees get its answers as further features, for the turn, its neighbours and its session.

Limit: it must be fitted on other people than it is asked about, and what fewer than three people said is not weighed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from uptake.learn import logistic
from uptake.learn.logistic import Fitted, Options, Rows
from uptake.signals.tables import Row
from uptake.signals.views import View, action_tokens
from uptake.text.normalize import normalize
from uptake.types import Transcript

__all__ = ["Heard", "WordModel", "beside"]

Heard = Mapping[str, Sequence[Transcript]]
"""turn_id -> the second recogniser's list."""

Floats = NDArray[np.float64]

_PEOPLE = 3
_OPTIONS = Options(passes=12, rate=0.02, ridge=1e-3)
_RIVALS = 6
_RIVAL = 0.3  # what a word of an alternative counts beside one that was acted on
_LONGEST = 8


@dataclass(frozen=True, kw_only=True)
class WordModel:
    """Says of turns, by their words, where they failed.

    Args:
        places: Mark -> its column.
        heads: Name of what is told apart -> its classes and its weights.
    """

    places: Mapping[str, int]
    heads: Mapping[str, tuple[tuple[str, ...], Fitted]]

    @classmethod
    def fit(
        cls, seen: Sequence[View], targets: Mapping[str, Sequence[str]], *, second: Heard | None = None, seed: int = 0
    ) -> WordModel:
        """Fit on turns whose failure points are known.

        Args:
            seen: The turns.
            targets: Name of what is told apart -> the class of each turn.
            second: What another recogniser heard.
            seed: Of the order in which turns are learned from.
        """
        marks = [_marks(view, second or {}) for view in seen]
        people: defaultdict[str, set[str]] = defaultdict(set)
        for view, found in zip(seen, marks, strict=True):
            for mark in found:
                people[mark].add(view.turn.user_id)
        kept = sorted(mark for mark, users in people.items() if len(users) >= _PEOPLE)
        places = {mark: at for at, mark in enumerate(kept)}
        rows, ones = _table(marks, places), np.ones(len(seen), dtype=np.float32)
        heads = {}
        for name, answers in targets.items():
            classes = tuple(sorted(set(answers)))
            labels = np.array([classes.index(answer) for answer in answers], dtype=np.int64)
            fitted = logistic.fit(rows, labels, classes=len(classes), weights=ones, options=_OPTIONS, seed=seed)
            heads[name] = (classes, fitted)
        return cls(places=places, heads=heads)

    def chances(self, seen: Sequence[View], *, second: Heard | None = None) -> list[Row]:
        """For each turn "head:class" -> probability, in [0, 1]."""
        rows = _table([_marks(view, second or {}) for view in seen], self.places)
        found: list[Row] = [{} for _ in seen]
        for name, (classes, fitted) in self.heads.items():
            scores = logistic.predict(fitted, rows).astype(np.float64)
            raised = np.exp(scores - scores.max(axis=1, keepdims=True))
            for row, chances in zip(found, (raised / raised.sum(axis=1, keepdims=True)).tolist(), strict=True):
                row |= {f"{name}:{one}": chance for one, chance in zip(classes, chances, strict=True)}
        return found


def beside(seen: Sequence[View], rows: Sequence[Row]) -> list[Row]:
    """What rows say of the turns around each: before, after, the mean of its session's others and of its person's."""
    names = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, np.nan) for name in names] for row in rows]).reshape(len(rows), len(names))
    at = {view.turn.turn_id: place for place, view in enumerate(seen)}
    session = _others(table, [view.turn.session_id for view in seen])
    person = _others(table, [view.turn.user_id for view in seen])
    found: list[Row] = []
    for place, view in enumerate(seen):
        row: Row = {}
        for side, other in (("before", view.before), ("after", view.next)):
            if other is not None and other.turn.turn_id in at:
                row |= {f"{side}:{name}": value for name, value in rows[at[other.turn.turn_id]].items()}
        for side, means in (("session", session), ("person", person)):
            row |= {f"{side}:{name}": float(value) for name, value in zip(names, means[place], strict=True)}
        found.append(row)
    return found


def _others(table: Floats, groups: Sequence[str | None]) -> Floats:
    """(n, features) the mean over the others of each row's group; NaN where there are none."""
    _, codes = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    sums = np.zeros((len(table), table.shape[1]))
    np.add.at(sums, codes, table)
    counts = np.bincount(codes, minlength=len(table))[codes][:, None] - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(counts > 0, (sums[codes] - table) / counts, np.nan), dtype=np.float64)


def _table(marks: Sequence[Mapping[str, float]], places: Mapping[str, int]) -> Rows:
    indptr, indices, values = [0], list[int](), list[float]()
    for found in marks:
        for mark, value in found.items():
            if mark in places:
                indices.append(places[mark])
                values.append(value)
        indptr.append(len(indices))
    return Rows(
        indptr=np.array(indptr, dtype=np.int64),
        indices=np.array(indices, dtype=np.int64),
        values=np.array(values, dtype=np.float32),
        dense=np.zeros((len(marks), 0), dtype=np.float32),
        width=len(places),
    )


def _marks(view: View, second: Heard) -> dict[str, float]:
    """Everything about a turn that has a name."""
    found = dict.fromkeys(_read(view), 1.0)
    found |= dict.fromkeys(_phrases("top", view.top), 1.0)
    found |= {f"length={min(len(view.top.split()), _LONGEST)}": 1.0}
    for text, mass in view.heard:
        _weigh(found, "list", text, mass)
    top = set(view.top.split())
    for text, _ in view.heard[1:_RIVALS]:
        for word in sorted(set(text.split()) - top):
            found[f"rival {word}"] = found.get(f"rival {word}", 0.0) + _RIVAL
    found |= {
        f"missed {name}={value}": mass for (name, value), mass in view.masses.items() if (name, value) not in view.meant
    }
    heard = second.get(view.turn.turn_id, ())
    if heard:
        found |= _again(view, heard)
    return found


def _again(view: View, heard: Sequence[Transcript]) -> dict[str, float]:
    """The words that a second recogniser heard, and on which the two agree."""
    scores = np.array([0.0 if one.score is None else one.score for one in heard])
    masses = np.exp(scores - scores.max())
    texts = [normalize(one.text) for one in heard]
    found = dict.fromkeys(_phrases("second", texts[0]), 1.0)
    one, other = set(view.top.split()), set(texts[0].split())
    for name, words in (("first alone", one - other), ("second alone", other - one), ("both", one & other)):
        found |= {f"{name} {word}": 1.0 for word in sorted(words)}
    for text, mass in zip(texts, (masses / masses.sum()).tolist(), strict=True):
        _weigh(found, "second list", text, mass)
    return found


def _weigh(found: dict[str, float], name: str, text: str, mass: float) -> None:
    for word in sorted(set(text.split())) or ["<silence>"]:
        found[f"{name} {word}"] = found.get(f"{name} {word}", 0.0) + mass


def _phrases(name: str, text: str) -> Iterator[str]:
    words = text.split()
    yield f"{name}={text}"
    yield from (f"{name} {word}" for word in words)
    yield from (f"{name} {one} {other}" for one, other in pairwise(["<", *words, ">"]))


def _read(view: View) -> Iterator[str]:
    """The reading, alone, with the words and with what it answers; and what became of it."""
    prompts, said = sorted(view.prompt_tokens), set(view.top.split())
    yield from (f"prompt {token}" for token in prompts)
    yield from (f"prompt {token} word {word}" for token in prompts for word in view.content)
    yield from (f"action {token}" for token in sorted(action_tokens(view.turn.action)))
    if not view.meant:
        yield "read nothing"
    for name, value in sorted(view.meant):
        yield f"read {name}={value}"
        yield from (f"prompt {token} read {name}" for token in prompts)
        if not value:
            yield from (f"word {word} read {name}" for word in view.content)
        elif not set(normalize(value).split()) <= said:
            yield f"unsaid {name}={value}"
    if view.next is not None:
        yield from _phrases("next", view.next.top)
        yield from (f"next read {name}" for name, value in sorted(view.next.meant) if not value)
        yield from sorted({f"kept {item in view.next.meant}" for item in view.values})
