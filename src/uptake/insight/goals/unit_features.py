"""Numeric features of goal success, pooled over the turns of a goal.

Everything is taken from the log, nothing from `Turn.truth`; features that a log lacks are NaN.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.insight.dialogues.views import TurnInSession, action_tokens, entropy, views
from uptake.insight.goals.turn_features import SIGNALS
from uptake.text.lexicon import is_courtesy, is_termination
from uptake.text.normalize import normalize
from uptake.types import Session, Turn

__all__ = ["SERIES", "UNIT", "Unit", "action_names", "commonest", "unit_numbers", "unit_series"]

Floats = NDArray[np.float64]

SERIES = (
    "gap",
    "words",
    "words_response",
    "question",
    "says_again",
    "p_defect",
    "control",
    "courtesy",
    "correction",
    "same_meaning",
    "confidence",
    "nothing",
    "hearing_entropy",
    "item_doubt",
    "barged_in",
    "failed",
    "unsupported",
    "new_response",
)
"""Columns that are followed from turn to turn; a unit gets their mean, extremes and end."""
_COMMONEST = 60
_SHARED = 10  # people who must have had a value before a model may name it
_POOLS = ("mean", "most", "least", "last", "end")
_WHOLE = (
    "turns",
    "seconds",
    "values",
    "changed_values",
    "responses_repeated",
    "longest_repeat",
    "ends_politely",
    "ends_with_termination",
    "ends_with_question",
    "ends_unread",
    "answered_yes",
    "answered_no",
    "undone",
    "names_done",
    "is_last",
    "unanswered",
)
UNIT = (*(f"{name}_{pool}" for name in SERIES for pool in _POOLS), *_WHOLE)
"""Features of a unit, before counts of names."""


class Unit(NamedTuple):
    """Turns of a session that pursue one goal."""

    session: int
    """Position of the session."""
    begin: int
    """Its first turn."""
    end: int
    """The turn after its last."""


def action_names(turn: Turn) -> frozenset[str]:
    """Return names in what the assistant did and in how it read the request."""
    reading = turn.interpretation
    names = {f"did {name}" for name in action_tokens(turn.action)}
    if reading is not None:
        names |= {f"read {part}" for part in reading.intent.split("+") if part}
        names |= {f"read {slot}={value}" for slot, value in reading.slots}
    return frozenset(names)


def commonest(sessions: Sequence[Session]) -> tuple[str, ...]:
    """Return the 60 commonest of `action_names`; one with a value must be shared by enough people."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    found: Counter[str] = Counter()
    for one in sessions:
        names = {name for turn in one.turns for name in action_names(turn)}
        found.update(names)
        for name in names:
            if "=" in name:
                holders[name].add(one.turns[0].user_id)
    shared = [(name, uses) for name, uses in found.items() if "=" not in name or len(holders[name]) >= _SHARED]
    return tuple(name for name, _ in sorted(shared, key=lambda one: (-one[1], one[0]))[:_COMMONEST])


def unit_series(sessions: Sequence[Session], signals: Floats) -> Floats:
    """Return (turns, series) float64, columns as in `SERIES`.

    Args:
        sessions: Whole sessions.
        signals: (turns, signals) what `turns.turn_numbers` gives of them.
    """
    taken = [SIGNALS.index(name) for name in SERIES if name in SIGNALS]
    more = np.array([_more(view) for view in views(sessions)], dtype=np.float64).reshape(len(signals), -1)
    return np.column_stack([signals[:, taken], more])


def _more(view: TurnInSession) -> tuple[float, ...]:
    turn, earlier = view.turn, view.before
    response = normalize(turn.response or "")
    fresh = True
    while earlier is not None and fresh:
        fresh = normalize(earlier.turn.response or "") != response
        earlier = earlier.before
    known = turn.status is not None
    return (
        view.confidence,
        view.nothing,
        entropy([mass for _, mass in view.heard]) if turn.alternatives else np.nan,
        min((view.masses.get(item, 0.0) for item in view.meant), default=np.nan),
        float(turn.barge_in_ms is not None),
        float(turn.status == "failed") if known else np.nan,
        float(turn.status == "unsupported") if known else np.nan,
        float(fresh) if response else np.nan,
    )


def unit_numbers(sessions: Sequence[Session], units: Sequence[Unit], names: Sequence[str], *, series: Floats) -> Floats:
    """Return (units, features) float64: `UNIT`, then counts of each of `names`, then the same at the end."""
    starts = np.cumsum([0] + [len(one.turns) for one in sessions])
    found = []
    for unit in units:
        turns = sessions[unit.session].turns
        some = series[starts[unit.session] + unit.begin : starts[unit.session] + unit.end]
        found.append([*_pooled(some), *_whole(turns, unit), *_counts(turns[unit.begin : unit.end], names)])
    return np.array(found, dtype=np.float64).reshape(len(units), len(UNIT) + 2 * len(names))


def _pooled(series: Floats) -> Iterable[float]:
    known = ~np.isnan(series)
    counts = known.sum(axis=0)
    sums = np.where(known, series, 0.0).sum(axis=0)
    mean = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    most = np.where(counts > 0, np.where(known, series, -np.inf).max(axis=0), np.nan)
    least = np.where(counts > 0, np.where(known, series, np.inf).min(axis=0), np.nan)
    tail, tail_known = series[-3:], known[-3:]
    end = np.where(
        tail_known.any(axis=0),
        np.where(tail_known, tail, 0.0).sum(axis=0) / np.maximum(tail_known.sum(axis=0), 1),
        np.nan,
    )
    return np.column_stack([mean, most, least, series[-1], end]).ravel().tolist()


def _whole(turns: Sequence[Turn], unit: Unit) -> list[float]:
    some = turns[unit.begin : unit.end]
    last, final = some[-1], normalize(some[-1].request)
    values: dict[str, set[str]] = {}
    for turn in some:
        for slot, value in turn.interpretation.slots if turn.interpretation else ():
            values.setdefault(slot, set()).add(value)
    done = frozenset(name for turn in some for name in action_tokens(turn.action))
    given = {name.rpartition(".")[2] for name in done if name.startswith(("inform.", "offer."))}
    wanted = {value for slot, held in values.items() if slot.endswith("request.slot") for value in held}
    responses = Counter(normalize(turn.response) for turn in some if turn.response)
    return [
        len(some),
        (last.said_at - some[0].said_at).total_seconds(),
        sum(len(one) for one in values.values()),
        sum(len(one) - 1 for one in values.values()),
        sum(count - 1 for count in responses.values()),
        max(responses.values(), default=0),
        float(is_courtesy(final) or "thank" in final or "bye" in final),
        float(is_termination(final)),
        float((last.response or "").rstrip().endswith("?")),
        float(last.interpretation is None),
        float(any(turn.answer is True for turn in some)),
        float(any(turn.answer is False for turn in some)),
        float(any(turn.undone is True for turn in some)),
        len(done),
        float(unit.end == len(turns)),
        len(wanted - given),
    ]


def _counts(turns: Sequence[Turn], names: Sequence[str]) -> list[float]:
    said = [action_names(turn) for turn in turns]
    everywhere = Counter(name for one in said for name in one)
    end = frozenset().union(*said[-2:])
    return [*(float(everywhere[name]) for name in names), *(float(name in end) for name in names)]
