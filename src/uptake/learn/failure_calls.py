"""Rows for failure points where people wrote down what was meant: all that the log and a second recogniser say.

Six sources side by side: the features of `uptake.signals.stage` (which pieces of the reading to trust is learnt from
what was meant, on other people), those of `uptake.signals.failure_rows` (tables of the log alone), how a turn stands
out in its session and how usual it is (`failure_usual`), what its words say (`failure_words`), and whether the reading
is what they usually mean (`failure_meanings`). Where a second recogniser heard the same sound, its list votes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from uptake.learn.failure_meanings import MeaningModel
from uptake.learn.failure_usual import usual_rows
from uptake.learn.failure_words import Heard, WordModel, beside
from uptake.signals.failure_rows import failure_rows
from uptake.signals.folds import grouped_folds
from uptake.signals.stage import Stage
from uptake.signals.tables import Row
from uptake.signals.views import Item, View, entropy, views
from uptake.text.distance import edit_similarity
from uptake.text.lexicon import content_words
from uptake.text.normalize import normalize
from uptake.types import Session, Transcript

__all__ = ["CallRows", "Heard", "Written", "crossed_call_rows", "second_row"]

_FOLDS = 5
_COMPARED = (
    "score",
    "list_entropy",
    "pace",
    "seconds",
    "confidence",
    "nothing",
    "agreement",
    "silence",
    "word_doubt",
    "understood",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What people wrote down of one turn."""

    said: str
    """The words."""
    meant: frozenset[Item]
    """The pieces of meaning."""
    point: str
    """The failure point."""
    heard: bool
    """Whether the recogniser heard the words that matter."""


@dataclass(frozen=True, kw_only=True)
class CallRows:
    """Makes rows; fitted on people of whose turns words, meaning and failure points are known."""

    stage: Stage
    words: WordModel
    words_again: WordModel | None
    """The same with a second recogniser's words; None where it heard nothing."""
    meanings: MeaningModel
    seen: Sequence[View]
    """The turns that it was fitted on: what is usual is counted in them."""

    @classmethod
    def fit(cls, seen: Sequence[View], written: Sequence[Written], *, second: Heard, seed: int = 0) -> CallRows:
        """Learn which pieces of meaning to trust, which words fail, and what words mean.

        Args:
            seen: The turns.
            written: What people wrote down of each.
            second: What another recogniser heard.
            seed: Of folds, trees and orders.
        """
        meant = [one.meant for one in written]
        told = {"point": [one.point for one in written], "heard": [str(one.heard).lower() for one in written]}
        return cls(
            stage=Stage.fit(seen, meant, seed=seed),
            words=WordModel.fit(seen, told, seed=seed),
            words_again=WordModel.fit(seen, told, second=second, seed=seed) if second else None,
            meanings=MeaningModel.fit(seen, [one.said for one in written], meant, seed=seed),
            seen=seen,
        )

    def rows(self, seen: Sequence[View], second: Heard) -> list[Row]:
        """Rows of whole sessions, without those of `failure_rows`."""
        found = self.stage.rows(seen)
        meanings, usual = self.meanings.rows(seen, second), usual_rows(seen, self.seen, second)
        rows = [
            {**turn, **after, **meaning, **how, **second_row(view, second.get(view.turn.turn_id, ()))}
            for view, turn, after, meaning, how in zip(seen, found.turns, found.after, meanings, usual, strict=True)
        ]
        _tell(rows, seen, "words", self.words.chances(seen))
        if self.words_again is not None:
            _tell(rows, seen, "other:words", self.words_again.chances(seen, second=second))
        at = 0
        for _, group in groupby(seen, key=lambda view: id(view.later[-1].turn) if view.later else id(view.turn)):
            size = len(list(group))
            _compare(seen[at : at + size], rows[at : at + size])
            at += size
        return rows


def _tell(rows: Sequence[Row], seen: Sequence[View], name: str, chances: Sequence[Row]) -> None:
    """Write what words say of each turn and of those around it into its row."""
    points = [{key: value for key, value in row.items() if key.startswith("point:")} for row in chances]
    for row, own, around in zip(rows, chances, beside(seen, points), strict=True):
        row |= {f"{name}:{key}": value for key, value in {**own, **around}.items()}


def crossed_call_rows(
    sessions: Sequence[Session], written: Sequence[Written], second: Heard, *, seed: int = 0
) -> list[Row]:
    """Rows of every turn from models that never saw its person, with the log's own."""
    seen = list(views(sessions))
    people = [view.turn.user_id for view in seen]
    found: list[Row] = [{} for _ in seen]
    for inside, outside in grouped_folds(people, folds=_FOLDS, seed=seed):
        models = CallRows.fit([seen[at] for at in inside], [written[at] for at in inside], second=second, seed=seed)
        for at, row in zip(outside.tolist(), models.rows([seen[at] for at in outside], second), strict=True):
            found[at] = row
    return [{**row, **own} for row, own in zip(found, failure_rows(sessions), strict=True)]


def second_row(view: View, second: Sequence[Transcript]) -> Row:
    """What a second recogniser says of one turn; nothing where it was not asked."""
    if not second:
        return {}
    texts = [normalize(one.text) for one in second]
    scores = np.array([0.0 if one.score is None else one.score for one in second])
    masses = np.exp(scores - scores.max())
    masses /= masses.sum()
    same, words = set(view.content), dict[str, float]()
    for text, mass in zip(texts, masses.tolist(), strict=True):
        for word in dict.fromkeys(content_words(text)):
            words[word] = words.get(word, 0.0) + mass

    def holding(value: str) -> float:
        needed = set(normalize(value).split())
        return float(
            sum(mass for text, mass in zip(texts, masses.tolist(), strict=True) if needed <= set(text.split()))
        )

    pairs = list(zip(texts, masses.tolist(), strict=True))
    new = {word: mass for word, mass in words.items() if word not in same}
    return {
        "other:edit": edit_similarity(view.top, texts[0]),
        "other:score": float(scores[0]),
        "other:posterior": float(masses[0]),
        "other:entropy": entropy(masses.tolist()),
        "other:silence": sum(mass for text, mass in pairs if not text),
        "other:content": sum(mass for text, mass in pairs if set(content_words(text)) == same),
        "other:same": sum(mass for text, mass in pairs if text == view.top),
        "other:doubt": min((words.get(word, 0.0) for word in same), default=np.nan),
        "other:new": max(new.values(), default=0.0),
        "other:new_sum": sum(new.values()),
        "other:values": min((holding(value) for _, value in view.values), default=np.nan),
        "other:words": float(len(texts[0].split())),
    }


def _compare(seen: Sequence[View], rows: Sequence[Row]) -> None:
    """Write into the rows of one session how each turn stands beside the others, and what later readings say of it."""
    table = {name: np.array([row.get(name, np.nan) for row in rows]) for name in _COMPARED}
    for at, (view, row) in enumerate(zip(seen, rows, strict=True)):
        for name, column in table.items():
            others = np.delete(column, at)
            others = others[~np.isnan(others)]
            mean = float(others.mean()) if len(others) else np.nan
            row[f"session:{name}"], row[f"stands_out:{name}"] = mean, float(column[at]) - mean
        before = view.before.turn if view.before else None
        if before is not None and before.response_ms is not None:
            spoken = (before.spoken_ms or 0.0) + before.response_ms
            row["pause"] = (view.turn.said_at - before.said_at).total_seconds() - spoken / 1000.0
        row.update(_later(view))


def _later(view: View) -> Row:
    later: dict[str, str] = {}
    for other in view.later:
        for name, value in sorted(other.values):
            later.setdefault(name, value)
    mine = dict(sorted(view.values))
    read = {normalize(value) for value in mine.values()}
    unread = [set(normalize(value).split()) for value in later.values() if normalize(value) not in read]
    top = set(view.top.split())
    return {
        "later:heard_unread": max(
            (sum(mass for text, mass in view.heard if words <= set(text.split())) for words in unread), default=0.0
        ),
        "later:said_unread": float(any(words <= top for words in unread)),
        "later:contradicts": float(any(later.get(name, value) != value for name, value in mine.items())),
        "later:confirms": float(any(later.get(name) == value for name, value in mine.items())),
    }
