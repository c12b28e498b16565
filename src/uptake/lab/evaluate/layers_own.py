"""Find where a person's own past is lost: decide the failures of the global layer again, with that past.

A sample of the failures in the world of the global layer is run through the artifacts served on their day, as the
person who said them. Each failure ends in one stage of `STAGES`. The upper bound is a personal layer with the truth: if
one of the person's own working requests leads to the goal, it is acted on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from uptake.lab.simulate.cached_assistant import DryHome
from uptake.lab.simulate.demo.replay import Served, ServedDay, day_of
from uptake.lab.simulate.nights import nights
from uptake.lab.simulate.scene import Scene, scene_of
from uptake.rewriting.outcome import Outcome
from uptake.rewriting.ranking.step import PROPOSE, TRUSTED, candidates
from uptake.types import Request, Turn

__all__ = ["STAGES", "lost"]

STAGES = {
    "no_request": "nobody had spoken to the assistant, or it was the answer to a question",
    "device": "heard and understood; the device did not answer",
    "never": "what is wanted had never worked for this person before",
    "not_kept": "it had, but none of their requests that work leads to it",
    "read_surely": "one does, but the assistant is sure of what it heard",
    "not_proposed": "none of those that do is among the candidates",
    "not_chosen": "one is, and nothing was chosen",
    "another": "one is, and another was chosen",
    "refused": "what was chosen was refused by the guard or the preflight",
    "asked": "the person is asked about what is right",
    "done": "what is right is done, or left alone",
}
"""Stage in which a failure that is left by everybody's layer ends with the person's own past, and its meaning."""

_MOST = 500  # failures


def lost(world: Path, turns: Sequence[Turn], *, seed: int, start: date) -> dict[str, Any]:
    """Count the stages in which failures end, as shares of the sample, and the bound of an own layer.

    Args:
        world: The state directory of the world of everybody's layer.
        turns: All of its turns.
        seed: Of its town.
        start: Its first day.
    """
    served = Served(world, tuple(nights(world)))
    first = min(one.day for one in nights(world)) + 1
    failed = [turn for turn in turns if turn.truth and turn.truth.defect and day_of(turn, start) >= first]
    drawn = np.sort(np.random.default_rng([seed, 10]).permutation(len(failed))[:_MOST]).tolist()
    worked: dict[tuple[str, str], int] = {}
    for turn in turns:
        if turn.truth and turn.truth.interpretation and not turn.truth.defect:
            wish, day = (turn.user_id, turn.truth.interpretation.key), day_of(turn, start)
            worked[wish] = min(worked.get(wish, day), day)
    stages, within = Counter[str](), 0
    for turn in (failed[at] for at in drawn):
        scene, day = scene_of(turn, seed), day_of(turn, start)
        if scene is None or scene.meant is None:
            stages["no_request"] += 1
            continue
        here = served.on(day)
        right = {one.text for one in here.index.own(turn.user_id).working() if scene.is_right(one.text)}
        within += bool(right)
        before = worked.get((turn.user_id, scene.meant.key), day) < day
        stages[_stage(turn, scene, here, right, before=before)] += 1
    count = max(len(drawn), 1)
    found: dict[str, Any] = {f"layers.own_{name}": round(stages[name] / count, 4) for name in STAGES}
    return {"layers.own_sample": len(drawn), "layers.own_bound_reduction": round(within / count, 4), **found}


def _stage(turn: Turn, scene: Scene, served: ServedDay, right: set[str], *, before: bool) -> str:
    """Return the stage in which a failure ends."""
    if turn.acted_on is None and scene.is_right(turn.request):
        return "device"
    request, situation = scene.asked(turn, turn.user_id)
    outcome = served.pipeline().decide(request, situation, DryHome(scene.stand, scene.origin, turn.request))
    if scene.is_right(turn.request, outcome.decision):
        return "asked" if outcome.decision is not None and outcome.decision.must_confirm else "done"
    if not right:
        return "not_kept" if before else "never"
    proposed = {one.text for one in candidates((served.retrieval, *PROPOSE), request, situation)}
    return _passed_by(request, outcome, is_proposed=bool(right & proposed))


def _passed_by(request: Request, outcome: Outcome, *, is_proposed: bool) -> str:
    """Return why a request of one's own that is right was not acted on."""
    if (request.confidence or 0.0) >= TRUSTED:
        return "read_surely"
    if not is_proposed:
        return "not_proposed"
    if any(one.step in ("guard", "preflight") and one.verdict == "refused" for one in outcome.trace):
        return "refused"
    return "not_chosen" if outcome.decision is None else "another"
