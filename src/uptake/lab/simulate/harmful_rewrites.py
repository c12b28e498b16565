"""Harm on purpose: rewrites that turn requests that work into others, as a learner gone wrong would publish them.

They come with fine evidence, so nothing but what they do to people can give them away. How many of them are withdrawn,
and after how many turns, is what the demo's figures of withdrawal count.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np

from uptake.log.store import TurnLog
from uptake.rewriting.guard import Guard
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.store.durable import replace_text
from uptake.text.normalize import normalize
from uptake.types import Decision, Evidence

__all__ = ["kept", "planted"]

_EVIDENCE = Evidence(users=60, sessions=120, success_before=0.3, success_after=0.9)
_USED = 150  # of the requests that are used most
_FILE = "planted.json"


def kept(directory: Path) -> list[Rewrite]:
    """Read the rewrites planted in a state directory."""
    path = directory / _FILE
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [Rewrite(request, acted_on, _EVIDENCE) for request, acted_on in rows]


def planted(table: RewriteTable, *, directory: Path, count: int, seed: int) -> list[Rewrite]:
    """Draw harmful rewrites of frequent requests, once; then return the same ones every night.

    Args:
        table: What was learned; its requests are left out.
        directory: The state directory: its log says what is used much, and they are remembered there.
        count: How many.
        seed: Of which ones.
    """
    if (directory / _FILE).exists():
        return kept(directory)
    rows = [text for text in _used(directory) if len(text.split()) > 1]
    taken = {row.request for row in table.rows() if row.user_id is None}
    found: list[Rewrite] = []
    rng, guard = np.random.default_rng([seed, 77]), Guard(budget_share=1.0)
    for request in rows:
        if len(found) == count:
            break
        other = rows[int(rng.integers(len(rows)))]
        if request in taken or set(request.split()) & set(other.split()) or not _passes(guard, request, other):
            continue
        found.append(Rewrite(request, other, _EVIDENCE))
    replace_text(directory / _FILE, json.dumps([[row.request, row.acted_on] for row in found]) + "\n")
    return found


def _used(directory: Path) -> list[str]:
    """Return the requests that were used most and worked, most used first."""
    with TurnLog(directory / "log") as log:
        said = Counter(normalize(turn.request) for turn in log.read() if turn.status == "ok")
    return [text for text, _ in said.most_common(_USED)]


def _passes(guard: Guard, request: str, other: str) -> bool:
    """Whether nothing would stop it or ask first."""
    proposal = Decision(
        step="rewrite",
        acted_on=other,
        rewrite_id="planted",
        artifact_version=None,
        layer="global",
        reason="planted",
        evidence=_EVIDENCE,
    )
    return guard.check(request, proposal).verdict == "allowed"
