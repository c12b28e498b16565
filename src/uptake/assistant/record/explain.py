"""Explain a turn line by line, from its trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["explain"]

_SHOWN = 3


def explain(stages: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write one line a stage, in the order they ran, and the candidates that were close.

    Args:
        stages: Stages as `StageTrace.as_json` gives them and `TraceStore.find` finds them.

    >>> explain([{"stage": "rewrite", "verdict": "left as it is", "reason": "knows nothing better", "candidates": []}])
    ['rewrite     left as it is (knows nothing better)']
    """
    lines: list[str] = []
    for stage in stages:
        reason = f" ({stage['reason']})" if stage["reason"] else ""
        lines.append(f"{stage['stage']:<11} {_plain(stage['verdict'])}{reason}")
        if stage["stage"] != "rewrite":
            lines += _others(stage["candidates"], stage["verdict"])
    return lines


def _others(candidates: Sequence[Mapping[str, Any]], verdict: str) -> list[str]:
    others = [candidate for candidate in candidates if candidate["label"] != verdict]
    return [
        f"{'':<11}   or {_plain(candidate['label'])}"
        + ("" if candidate["score"] is None else f"  {candidate['score']:.2f}")
        + (f"  by {candidate['by']}" if candidate["by"] else "")
        for candidate in others[:_SHOWN]
    ]


def _plain(label: str) -> str:
    """Return a reading's key as a person reads it: HassTurnOn name=Hall; other labels as they are."""
    if label.count("|") < 1:
        return label
    _, intent, *slots = label.split("|")
    return " ".join([intent, *slots])
