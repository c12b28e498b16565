"""Score interpretations: right, acted on, wrong, refused; reliability, and risk by coverage.

An interpretation is right in its intent, or in its frame: the intent and every slot that the test expects, numbers
compared as numbers. Slots that hold a list are left out, as several values are right. The strict frame also fails if an
unexpected slot changes the meaning: another place, another device. A refusal is right if nothing is acted on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.stakes import acts_unasked
from uptake.lab.evaluate.harness import bounded, mean
from uptake.types import Context, Interpretation, Situation

__all__ = ["ReadingResults", "Test", "by_kind", "curves", "frame_is_right", "judge", "shares"]

_BINS = (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
_COVERED = (0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """Sentence with its meaning."""

    text: str
    """The request."""
    intent: str | None
    """The expected intent; None where nothing may be done."""
    slots: Mapping[str, Any]
    """The expected slots."""
    area: str | None
    """The room in which it is said, where the test gives one."""
    entities: tuple[str, ...]
    """Things of the home that the test names."""
    areas: tuple[str, ...]
    """Rooms of the home that the test names."""
    file: str
    """Name of the test file it comes from; "" where unknown."""
    kind: str = ""
    """Sort of wording, where the row says so, such as "paraphrase"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingResults:
    """Results of a reader, one row per test."""

    intent: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) the intent is right; of a refusal, nothing is acted on."""
    frame: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) and every expected slot."""
    strict: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) and no other slot says something else."""
    wrong_action: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) the frame is wrong, or nothing may be done, and it would have been acted on."""
    acted: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) there was a reading sure enough to be acted on unasked."""
    read: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) there was a reading."""
    ms: np.ndarray[Any, np.dtype[np.float64]]
    """(n,) CPU time, in milliseconds."""
    confidence: np.ndarray[Any, np.dtype[np.float64]]
    """(n,) confidence of the best reading of something to do; 0 without one."""
    answerable: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) there is something to do."""
    kinds: tuple[str, ...]
    """(n,) sort of wording; "" where the row does not say."""

    def part(self, chosen: np.ndarray[Any, np.dtype[np.bool_]]) -> ReadingResults:
        """Return the rows of a mask."""
        columns = {
            name: getattr(self, name)[chosen]
            for name in ("intent", "frame", "strict", "wrong_action", "acted", "read", "ms", "confidence", "answerable")
        }
        kinds = tuple(kind for kind, taken in zip(self.kinds, chosen, strict=True) if taken)
        return ReadingResults(**columns, kinds=kinds)


def shares(prefix: str, judged: ReadingResults, *, seed: int) -> dict[str, Any]:
    """Return the shares of right results, with intervals, and the time taken.

    Args:
        prefix: What the key of each figure begins with.
        judged: How a reader did.
        seed: Of the intervals.
    """
    answerable = np.flatnonzero(judged.answerable)
    names = {
        "intent_accuracy": judged.intent,
        "frame_accuracy": judged.frame,
        "strict_frame_accuracy": judged.strict,
        "wrong_action_rate": judged.wrong_action,
        "acted_rate": judged.acted,
        "unread_rate": ~judged.read,
    }
    rows = [str(at) for at in range(len(judged.frame))]
    figures: dict[str, Any] = {}
    for name, values in names.items():
        figures |= bounded(f"{prefix}{name}", mean(values), rows, seed=seed)
    of_answerable = {"answerable_frame_accuracy": judged.frame, "acted_right": judged.acted & judged.frame}
    for name, values in of_answerable.items() if len(answerable) else ():
        figures |= bounded(f"{prefix}{name}", mean(values[answerable]), rows[: len(answerable)], seed=seed)
    refusals = judged.acted[~judged.answerable]
    if len(refusals):
        figures |= bounded(f"{prefix}refusal_acted_rate", mean(refusals), rows[: len(refusals)], seed=seed)
    for name, share in (("p50", 50), ("p99", 99)):
        figures[f"{prefix}ms_{name}"] = float(np.percentile(judged.ms, share))
    return figures


def by_kind(prefix: str, judged: ReadingResults) -> dict[str, Any]:
    """Return the main shares for each kind of wording, where rows carry one; without intervals."""
    figures: dict[str, Any] = {}
    for kind in sorted(set(judged.kinds) - {""}):
        part = judged.part(np.array([one == kind for one in judged.kinds]))
        figures[f"{prefix}{kind}.sentences"] = len(part.frame)
        figures[f"{prefix}{kind}.wrong_action_rate"] = float(part.wrong_action.mean())
        known = part.answerable
        if known.any():
            figures[f"{prefix}{kind}.intent_accuracy"] = float(part.intent[known].mean())
            figures[f"{prefix}{kind}.answerable_frame_accuracy"] = float(part.frame[known].mean())
            figures[f"{prefix}{kind}.acted_right"] = float((part.acted & part.frame)[known].mean())
        if not known.all():
            figures[f"{prefix}{kind}.refusal_acted_rate"] = float(part.acted[~known].mean())
    return figures


def curves(prefix: str, judged: ReadingResults) -> dict[str, Any]:
    """Return what confidences are worth: the share that is right by confidence, and the risk of the surest shares.

    `reliability_AT` is the share right of readings with a confidence from AT to the next step; `risk_at_SHARE` the
    share
    wrong where only the surest SHARE of all rows are acted on. A refusal that is read as something to do is wrong.
    """
    figures: dict[str, Any] = {}
    read, right = judged.confidence > 0.0, judged.frame & judged.answerable
    for low, high in pairwise(_BINS):
        inside = read & (judged.confidence >= low) & (judged.confidence < high)
        if inside.any():
            figures[f"{prefix}reliability_{low:.2f}"] = float(right[inside].mean())
            figures[f"{prefix}reliability_{low:.2f}_n"] = int(inside.sum())
    order = np.argsort(-judged.confidence, kind="stable")
    for share in _COVERED:
        surest = order[: max(1, round(share * len(order)))]
        figures[f"{prefix}risk_at_{share:.2f}"] = float(1.0 - right[surest].mean())
    return figures


def judge(
    read: Callable[[str, Situation], Sequence[Hypothesis]],
    tests: Sequence[Test],
    *,
    is_right: Callable[[Interpretation | None, Test], bool] | None = None,
) -> ReadingResults:
    """Compare the best reading of each sentence with what it means.

    Args:
        read: Proposes readings, best first.
        tests: Sentences and what they mean.
        is_right: Whether a reading is right, where intents have other names [default: intent and frame].
    """
    rows = []
    for test in tests:
        situation = Situation(context=Context(room=test.area))
        began = time.thread_time()
        found = read(test.text, situation)
        spent = (time.thread_time() - began) * 1e3
        best = found[0] if found and found[0].interpretation.intent != OUT_OF_SCOPE else None
        acts = best is not None and acts_unasked(best)
        reading = found[0].interpretation if found else None
        if test.intent is None:
            same = right = strict = not acts
        else:
            same = right = strict = is_right is not None and is_right(reading, test)
        if test.intent is not None and is_right is None:
            same = reading is not None and reading.intent == test.intent
            right, strict = frame_is_right(reading, test), frame_is_right(reading, test, strict=True)
        sure = best.confidence if best is not None else 0.0
        rows.append((same, right, strict, acts and not right, acts, bool(found), spent, sure, test.intent is not None))
    intent, frame, strict_, wrong, acted, read_, ms, sure_, answerable = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    return ReadingResults(
        intent=intent,
        frame=frame,
        strict=strict_,
        wrong_action=wrong,
        acted=acted,
        read=read_,
        ms=ms,
        confidence=sure_,
        answerable=answerable,
        kinds=tuple(test.kind for test in tests),
    )


_PLACES = frozenset({"name", "area", "floor", "domain", "device_class", "state"})


def frame_is_right(reading: Interpretation | None, test: Test, *, strict: bool = False) -> bool:
    """Tell whether a reading has the intent and every slot that a test expects.

    Args:
        reading: The reading; None where there was none.
        test: What is expected.
        strict: Whether a slot that is not expected and names another thing, place or state is wrong too; the room in
            which the request was said is no other place, and neither is "all".
    """
    if reading is None or reading.intent != test.intent:
        return False
    got = {name: _plain(value) for name, value in reading.slots}
    if reading.domain is not None:
        got.setdefault("domain", _plain(reading.domain))
    for name, value in test.slots.items():
        if not isinstance(value, (list, dict)) and got.get(name) != _plain(value):
            return False
    if not strict:
        return True
    extra = {name: value for name, value in got.items() if name in _PLACES and name not in test.slots}
    here = _plain(test.area) if test.area else None
    return all(
        name == "domain" or value == "all" or (name == "area" and value == here) for name, value in extra.items()
    )


def _plain(value: Any) -> str:
    try:
        return str(float(value))
    except (TypeError, ValueError):
        return str(value).strip().casefold()
