"""Rows for failure points where people wrote down what was meant: all that the log and a second recogniser say.

Three sources side by side: the features of `uptake.signals.stage` (which pieces of the reading to trust is learnt from
what was meant, on other people), those of `uptake.signals.failure_rows` (tables of the log alone), and how a turn
stands out in its session. Where a second recogniser heard the same sound, its list votes on words and values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from uptake.signals.failure_rows import failure_rows
from uptake.signals.folds import grouped_folds
from uptake.signals.stage import Stage
from uptake.signals.tables import Row
from uptake.signals.views import Item, View, entropy, views
from uptake.text.distance import edit_similarity
from uptake.text.lexicon import content_words
from uptake.text.normalize import normalize
from uptake.types import Session, Transcript

__all__ = ["CallRows", "crossed_call_rows", "second_row"]

Heard = Mapping[str, Sequence[Transcript]]
"""turn_id -> the second recogniser's list."""

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


@dataclass(frozen=True, kw_only=True)
class CallRows:
    """Makes rows; fitted on people whose turns' meaning is known."""

    stage: Stage

    @classmethod
    def fit(cls, seen: Sequence[View], meant: Sequence[frozenset[Item]], *, seed: int = 0) -> CallRows:
        """Learn which pieces of meaning to trust."""
        return cls(stage=Stage.fit(seen, meant, seed=seed))

    def rows(self, seen: Sequence[View], second: Heard) -> list[Row]:
        """Rows of whole sessions, without those of `failure_rows`."""
        found = self.stage.rows(seen)
        rows = [
            {**turn, **after, **second_row(view, second.get(view.turn.turn_id, ()))}
            for view, turn, after in zip(seen, found.turns, found.after, strict=True)
        ]
        at = 0
        for _, group in groupby(seen, key=lambda view: id(view.later[-1].turn) if view.later else id(view.turn)):
            size = len(list(group))
            _compare(seen[at : at + size], rows[at : at + size])
            at += size
        return rows


def crossed_call_rows(
    sessions: Sequence[Session], meant: Sequence[frozenset[Item]], second: Heard, *, seed: int = 0
) -> list[Row]:
    """Rows of every turn from a stage that never saw its person, with the log's own."""
    seen = list(views(sessions))
    people = [view.turn.user_id for view in seen]
    found: list[Row] = [{} for _ in seen]
    for inside, outside in grouped_folds(people, folds=_FOLDS, seed=seed):
        stage = CallRows.fit([seen[at] for at in inside], [meant[at] for at in inside], seed=seed)
        for at, row in zip(outside.tolist(), stage.rows([seen[at] for at in outside], second), strict=True):
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
