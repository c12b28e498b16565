"""Count people's reactions to an answer on DSTC2: repetition, rephrase, barge-in, hang-up.

The corpus's pairs file defines repeats and rephrases; `uptake.lab.corpora.dstc2.misunderstood` defines misunderstood
turns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from uptake.lab.corpora import read, records
from uptake.types import Turn

__all__ = ["fit_reactions"]

_QUANTILES = np.linspace(0.0, 1.0, 21)


def fit_reactions(root: Path) -> dict[str, Any]:
    """Fit the table of `uptake.lab.simulate.reactions` on DSTC2 below a root.

    Raises:
        NotReady: The corpus is missing.
        BadRecord: A record is malformed.
    """
    turns = {turn.turn_id: turn for turn in read("dstc2", root / "dstc2")}
    pairs = {f"{pair['dialogue_id']}/{pair['turn_a']}": pair for pair in records("dstc2", root, kind="pair")}
    groups: dict[str, dict[str, Any]] = {
        name: {"turns": 0, "kinds": Counter(), "ended": 0, "answers": 0, "cut_in": 0, "gaps": [], "cut_at": []}
        for name in ("understood", "unheard", "wrong")
    }
    after: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    again: list[bool] = []
    for turn_id, turn in turns.items():
        group, pair = groups[_ending(turn)], pairs.get(turn_id)
        group["turns"] += 1
        if turn.response_ms is not None:
            group["answers"] += 1
            group["cut_in"] += turn.barge_in_ms is not None
        if turn.barge_in_ms is not None:
            group["cut_at"].append(max(0.0, turn.barge_in_ms))
        following = turns.get(f"{turn_id.rpartition('/')[0]}/{int(turn_id.rpartition('/')[2]) + 1}")
        if following is None:
            group["ended"] += 1
        if pair is None:
            continue
        group["kinds"][pair["kind"]] += 1
        group["gaps"].append(float(pair["gap_s"]))
        if pair["kind"] != "none" and following is not None and _ending(turn) != "understood":
            right = _ending(following) == "understood"
            after[pair["kind"]][0] += right
            after[pair["kind"]][1] += 1
            if not right and following.turn_id in pairs:
                again.append(pairs[following.turn_id]["kind"] != "none")
    wrong = [groups["unheard"], groups["wrong"]]
    return {
        "after": {name: _shares(group) for name, group in groups.items()},
        "again_after_failed_repeat": round(float(np.mean(again)), 4),
        "success_after": {kind: round(right / total, 4) for kind, (right, total) in sorted(after.items())},
        "success_after_any": round(
            sum(right for right, _ in after.values()) / sum(total for _, total in after.values()), 4
        ),
        "misunderstood": round(sum(group["turns"] for group in wrong) / len(turns), 4),
        "say_again": {
            "misunderstood": round(_again(wrong), 4),
            "understood": round(_again([groups["understood"]]), 4),
        },
        "cut_in": {
            "misunderstood": round(sum(g["cut_in"] for g in wrong) / sum(g["answers"] for g in wrong), 4),
            "understood": round(groups["understood"]["cut_in"] / groups["understood"]["answers"], 4),
        },
        "spoken_ms_per_word": _spoken(turns.values()),
        "run_length": _runs(turns, pairs),
    }


def _ending(turn: Turn) -> str:
    """Return how a turn ended: "unheard" where the system saw that it had not understood, "wrong" where it acted."""
    if not (turn.truth and turn.truth.defect):
        return "understood"
    return "unheard" if turn.interpretation is None else "wrong"


def _shares(group: dict[str, Any]) -> dict[str, Any]:
    pairs = max(group["kinds"].total(), 1)
    return {
        "turns": group["turns"],
        "repeat": round(group["kinds"]["repeat"] / pairs, 4),
        "rephrase": round(group["kinds"]["rephrase"] / pairs, 4),
        "ended": round(group["ended"] / group["turns"], 4),
        "cut_in": round(group["cut_in"] / max(group["answers"], 1), 4),
        "cut_at_ms": [round(float(value)) for value in np.quantile(group["cut_at"] or [0.0], _QUANTILES)],
        "gap_s": [round(float(value), 2) for value in np.quantile(group["gaps"], _QUANTILES)],
    }


def _again(groups: Iterable[dict[str, Any]]) -> float:
    kinds: Counter[str] = sum((group["kinds"] for group in groups), Counter())
    return (kinds["repeat"] + kinds["rephrase"]) / kinds.total()


def _spoken(turns: Iterable[Turn]) -> float:
    lengths = [
        turn.spoken_ms / max(len(turn.truth.request.split()), 1)
        for turn in turns
        if turn.spoken_ms and turn.truth and turn.truth.request
    ]
    return round(float(np.median(lengths)), 0)


def _runs(turns: dict[str, Turn], pairs: dict[str, Any]) -> list[float]:
    """Count turns in a row on one wish that was misunderstood at first: shares of 1, 2, 3, 4, 5 and more."""
    runs: Counter[int] = Counter()
    inside = {f"{pair['dialogue_id']}/{pair['turn_b']}" for pair in pairs.values() if pair["kind"] != "none"}
    for turn_id, turn in turns.items():
        if turn_id in inside or _ending(turn) == "understood":
            continue
        call, _, at = turn_id.rpartition("/")
        length, place = 1, int(at)
        while pairs.get(f"{call}/{place}", {"kind": "none"})["kind"] != "none":
            length, place = length + 1, place + 1
        runs[min(length, 5)] += 1
    return [round(runs[length] / max(runs.total(), 1), 4) for length in range(1, 6)]
