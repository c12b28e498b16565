"""Attack published artifacts: search their bytes for a user's texts, and query them by look-up.

Each run makes a release with the user or without, solves it as learning does and saves it. `bytes` counts the user's
texts that are in the files, `asked` the user's requests that the artifacts answer. Artifacts are made from the released
counts only, so both can only be weaker than the attack on those (`attacks`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.lab.evaluate.privacy.attacks import Attack, Target, as_table
from uptake.lab.evaluate.table import served
from uptake.privacy.cells import copies, released
from uptake.rewriting.retrieval.near import NearRewrite
from uptake.rewriting.table.step import ExactRewrite
from uptake.text.normalize import normalize
from uptake.types import Turn

__all__ = ["published"]


def published(
    engine: LocalEngine,
    learners: Sequence[Any],
    targets: Sequence[Target],
    turns: Sequence[Turn],
    runs: int,
    *,
    others: int = 0,
) -> dict[str, Attack]:
    """Attack one user by the artifacts of all learners together.

    Args:
        engine: Where releases are solved.
        learners: The learners: a rewrite table's and an index's first.
        targets: The user in each learner's release.
        turns: The user's turns, whose requests are looked for.
        runs: Runs with the user, and as many without.
        others: Homes that say the same.

    Returns:
        `bytes` and `asked`.
    """
    said = {normalize(turn.request): turn for turn in turns}

    def run(there: bool) -> tuple[float, float]:
        made = [
            _solved(engine, learner, target, there, others) for learner, target in zip(learners, targets, strict=True)
        ]
        found = b"".join(_bytes(artifact) for artifact in made)
        rewriter = served(ExactRewrite(made[0]), NearRewrite(made[1]))
        stranger = [replace(turn, user_id="attacker", home_id="attacker") for turn in said.values()]
        asked = sum(rewriter(turn) is not None for turn in stranger)
        return float(sum(text.encode() in found for text in said)), float(asked)

    there, absent = (np.array([run(is_there) for _ in range(runs)]) for is_there in (True, False))
    return {name: Attack(there=there[:, at], absent=absent[:, at]) for at, name in enumerate(("bytes", "asked"))}


def _solved(engine: LocalEngine, learner: Any, target: Target, there: bool, others: int) -> Any:
    """Release once, and solve it; nobody has turns of their own in it."""
    counts = dict.fromkeys(target.own, others + int(there)) if others or there else {}
    rows = copies(released(as_table(counts, target.cells), target.cells, target.noise))
    shared = engine.table(target.cells.rows, released=rows)
    nobody = pa.table({name: shared[name] for name in shared.column_names}).slice(0, 0)
    return learner.solve(EngineStatistics(engine, nobody, shared))


def _bytes(artifact: Any) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        artifact.save(Path(directory))
        return b"\0".join(file.read_bytes() for file in sorted(Path(directory).rglob("*")) if file.is_file())
