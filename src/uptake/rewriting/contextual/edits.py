"""Propose edits of a text that insert parts of the conversation, with their probabilities.

Serving and training share this file: `Editor` proposes edits from weights, `combined` combines edits, `written` applies
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.ml.linear import Head
from uptake.rewriting.contextual.features import (
    CLASSES,
    Asked,
    Place,
    Source,
    brought_again,
    class_of,
    hashed,
    keys,
    link_features,
    place_features,
    places,
    source_features,
    span_rows,
    table_places,
    word_rows,
)

__all__ = ["BEFORE", "KEEP", "Edit", "Editor", "Label", "Words", "asked_for", "before_features", "combined", "written"]

Floats = NDArray[np.float64]


class Label(NamedTuple):
    """Kind of one part of an edit."""

    words: str
    """Words that come, for example "of the"."""
    copies: bool
    """Whether a span of the conversation comes after them."""


KEEP, BEFORE = 0, 1
"""Rows of the labels that mean "nothing" and "the request before is to be edited"."""

_WORTH = 5.0  # an edit less likely than nothing by more than this, in nats, is not looked at
_LABELS = 3  # kinds of edit that are looked at in one place
_STRETCHES = 5  # spans that are looked at for one of them
_LINKS = 6  # most parts of one edit
_WIDTH = 3  # edits with the same beginning that are carried on
_STARTS = 10  # kinds of edit at some place that are looked at
_LEAST_LINK = -2.5  # least log-probability of a part that follows
_BEHIND = 3.0  # how far behind the best edit of the same beginning one may be that is carried on
_EDITS = 14  # edits of a text that are kept
_PAIRED = 9  # edits that are put together with others


@dataclass(frozen=True, slots=True)
class Edit:
    """Replacement of some words of a text by others."""

    place: Place
    text: str
    """Text that is inserted, in the letters of the conversation."""
    words: tuple[str, ...]
    """The same as words."""
    labels: tuple[int, ...]
    """Kinds of its parts."""
    log_odds: float
    """Of an edit of this kind at this place, against none."""
    log_stretch: float
    """Log-probability of the spans it copies."""

    @property
    def score(self) -> float:
        """Log-odds of the whole edit."""
        return self.log_odds + self.log_stretch


class Words:
    """Features of a conversation, computed once per text."""

    def __init__(self, source: Source) -> None:
        self.firsts, self.lasts = word_rows(source.passage, source.line)
        self.rows = span_rows(source.passage, source.line)
        self.stretches: dict[tuple[Asked, tuple[str, ...]], Floats] = {}
        self._sums: dict[tuple[int, bool], Floats] = {}

    def places(self, asked: Asked, *, last: bool) -> NDArray[np.int64]:
        """Return (words, m) places in the table of weights, for each word as the first or last of a span."""
        rows = self.lasts if last else self.firsts
        return np.concatenate([table_places(rows, key) for key in keys(asked)], axis=1)

    def summed(self, table: NDArray[np.float32], asked: Asked, *, last: bool) -> Floats:
        """Return (words,) sums of the weights at `places`."""
        total = np.zeros(len(self.firsts))
        for key in keys(asked):
            if (key, last) not in self._sums:
                at = table_places(self.lasts if last else self.firsts, key)
                self._sums[key, last] = table[at].sum(axis=1, dtype=np.float64)
            total += self._sums[key, last]
        return total

    def after(self, source: Source, said: Sequence[str]) -> NDArray[np.float32]:
        """Return (s, `SPAN_FEATURES`) features of each span, after what the edit has brought already."""
        rows = self.rows
        if said:
            rows = rows.copy()
            rows[:, -1] = brought_again(source.passage, said)
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Editor:
    """Proposer of edits."""

    labels: tuple[Label, ...]
    hashes: NDArray[np.uint32]
    head: Head
    firsts: NDArray[np.float32]
    lasts: NDArray[np.float32]
    spans: NDArray[np.float32]
    replaced: frozenset[str]

    def edits(self, source: Source) -> tuple[list[Edit], float]:
        """Return edits worth a look, likeliest first, and the log-probability that no place is edited."""
        whole, kept = source_features(source), 0.0
        held = Words(source) if len(source.passage.spans) else None
        starts: list[Edit] = []
        for place in places(source, self.replaced):
            logs = self.logs(place_features(source, place, whole))
            logs[BEFORE] = -np.inf
            kept += float(logs[KEEP])
            odds = logs - logs[KEEP]
            best = np.argsort(-odds, kind="stable")[: _LABELS + 1].tolist()
            starts += [
                Edit(place, "", (), (label,), float(odds[label]), 0.0)
                for label in best
                if label != KEEP and odds[label] > -_WORTH
            ]
        starts = sorted(starts, key=lambda one: -one.log_odds)[:_STARTS]
        found = [edit for start in starts for edit in self._whole(source, held, start)]
        found.sort(key=lambda one: -one.score)
        return found[:_EDITS], kept

    def log_before(self, source: Source) -> float:
        """Return the log-probability that the request before is what is to be edited."""
        logs = self.logs(before_features(source))
        return float(logs[BEFORE] - np.logaddexp(logs[BEFORE], logs[KEEP]))

    def logs(self, features: Sequence[int]) -> Floats:
        """Return (labels,) log-probabilities, given hashed features."""
        wanted = np.unique(np.array(features, dtype=np.uint32))
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        rows = at[self.hashes[at] == wanted]
        scores = self.head.scores(rows, np.ones(len(rows), dtype=np.float32)).astype(np.float64)
        peak = scores.max()
        return np.asarray(scores - peak - np.log(np.exp(scores - peak).sum()), dtype=np.float64)

    def _whole(self, source: Source, held: Words | None, start: Edit) -> list[Edit]:
        """Return edits that begin with a kind of edit at a place."""
        (label,) = start.labels
        begun = self._grown(source, held, replace(start, labels=()), label)
        if not self.labels[label].copies:
            return begun
        done: list[Edit] = []
        for _ in range(_LINKS):
            rest: list[Edit] = []
            some = sorted(begun, key=lambda one: -one.score)[:_WIDTH]
            top = max((one.score for one in [*done, *some]), default=0.0)
            for edit in some:
                more = self.logs(link_features(source, edit.place, edit.words, self._said(edit)))
                done.append(_plus(edit, float(more[KEEP])))
                following = int(np.argmax(more[BEFORE + 1 :])) + BEFORE + 1
                if more[following] < _LEAST_LINK or edit.score + more[following] < top - _BEHIND:
                    continue
                longer = self._grown(source, held, _plus(edit, float(more[following])), following)
                (rest if self.labels[following].copies else done).extend(longer)
            begun = rest
        return [one for one in done if one.score > -_WORTH]

    def _said(self, edit: Edit) -> list[str]:
        return [self.labels[at].words for at in edit.labels]

    def _grown(self, source: Source, held: Words | None, edit: Edit, label: int) -> list[Edit]:
        """Extend an edit by one part: the words of the label, and each of the likeliest spans."""
        brings = self.labels[label]
        words = tuple(brings.words.split())
        if not brings.copies:
            return [_with(edit, label, words, brings.words, 0.0)]
        if held is None:
            return []
        asked = asked_for(source, edit, brings.words)
        logs = self._stretches(source, held, asked, edit.words)
        best = np.argsort(-logs, kind="stable")[: _STRETCHES * 4]
        found, seen = [], set()
        for at in best.tolist():
            if source.passage.texts[at] in seen:
                continue
            seen.add(source.passage.texts[at])
            first, last = source.passage.spans[at].tolist()
            text = source.passage.copied(first, last)
            joined = " ".join(filter(None, (brings.words, text)))
            found.append(_with(edit, label, (*words, *source.passage.texts[at]), joined, float(logs[at])))
            if len(found) == _STRETCHES:
                break
        return found

    def _stretches(self, source: Source, held: Words, asked: Asked, said: Sequence[str]) -> Floats:
        """Return (s,) log-probability of the text of each span."""
        known = (asked, tuple(said))
        if known in held.stretches:
            return held.stretches[known]
        first, last = source.passage.spans.T
        opening = held.summed(self.firsts, asked, last=False)
        closing = held.summed(self.lasts, asked, last=True)
        weights = self.spans[0] + self.spans[1 + CLASSES.index(asked.what)]
        scores = opening[first] + closing[last - 1] + held.after(source, said) @ weights
        grown = np.exp(scores - scores.max())
        together = np.bincount(source.passage.groups, weights=grown)
        found = np.asarray(np.log(together / grown.sum() + 1e-12)[source.passage.groups], dtype=np.float64)
        held.stretches[known] = found
        return found


def before_features(source: Source) -> list[int]:
    """Return hashed features of the question whether the request before is what is to be edited."""
    whole = source_features(source)
    first = whole[2:4]
    return hashed(
        [f"before|{one}" for one in ("", *whole, f"{whole[0]}_{whole[1]}", *(f"{whole[0]}_{one}" for one in first))]
    )


def asked_for(source: Source, edit: Edit, opening: str) -> Asked:
    """Describe the span that an edit still needs, after the parts it has already."""
    words, place = source.line.words, edit.place
    held = words[place.start : place.end]
    left = edit.words[-1] if edit.words else words[place.start - 1] if place.start else "<s>"
    right = words[place.end] if place.end < len(words) else "</s>"
    return Asked("link" if edit.words else class_of(held, is_before=source.is_before), opening, left, right)


def _plus(edit: Edit, log: float) -> Edit:
    return Edit(edit.place, edit.text, edit.words, edit.labels, edit.log_odds + log, edit.log_stretch)


def _with(edit: Edit, label: int, words: tuple[str, ...], text: str, log: float) -> Edit:
    return Edit(
        edit.place,
        f"{edit.text} {text}".strip(),
        (*edit.words, *words),
        (*edit.labels, label),
        edit.log_odds,
        edit.log_stretch + log,
    )


def combined(edits: Sequence[Edit]) -> list[tuple[Edit, ...]]:
    """Combine edits alone, in pairs and in threes, where they do not overlap; `edits` come likeliest first."""
    found: list[tuple[Edit, ...]] = [(one,) for one in edits]
    some = edits[:_PAIRED]
    pairs = [(one, other) for at, one in enumerate(some) for other in some[at + 1 :] if not _touch(one, other)]
    pairs = sorted(
        (pair for pair in pairs if all(one.score > -2.5 for one in pair)),
        key=lambda pair: -sum(one.score for one in pair),
    )
    found += pairs[:10]
    for first, second in pairs[:3]:
        third = next(
            (one for one in some if one.score > -1.0 and not _touch(one, first) and not _touch(one, second)), None
        )
        if third is not None:
            found.append((first, second, third))
    return found


def _touch(one: Edit, other: Edit) -> bool:
    left, right = sorted((one.place, other.place))
    return right.start < left.end or left.start == right.start


def written(source: Source, edits: Sequence[Edit]) -> str:
    """Return the text with the edits made."""
    parts, done = [], 0
    for edit in sorted(edits, key=lambda one: one.place):
        parts += [source.line.cut(done, edit.place.start), edit.text]
        done = edit.place.end
    parts.append(source.line.cut(done, len(source.line.words)))
    return " ".join(part for part in parts if part).replace(" 's", "'s")
