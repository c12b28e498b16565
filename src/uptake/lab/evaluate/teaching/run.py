"""Evaluate teaching: every dialogue is played against the real assistant in its own home, beside a regex baseline.

`teach.gap_f1` compares the span that the assistant asks about with the true gap; an offer in a turn without a gap
counts against it. `teach.definition_accuracy` compares the whole meaning, `teach.recall` the actions, device by device;
if a critical action is asked about first, the question counts as done. `teach.stored_wrong` counts turns from which
nothing may be stored or run, and something was. `teach.next_request_slower_ms` is CPU time of this process. If the root
has `almond_logs`, `teach.trigger_definition_accuracy` is the share of definitions understood in the trigger-action
commands of real users that concern a home.

Limit: dialogues are written, not sampled; a dialogue continues as written, whatever the assistant answered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from uptake.lab.evaluate.teaching.baseline import Baseline, baseline_preferences
from uptake.lab.evaluate.teaching.latency import next_request
from uptake.lab.evaluate.teaching.play import Player, Real
from uptake.lab.evaluate.teaching.preferring import prefer
from uptake.lab.evaluate.teaching.rows import Dialogue, dialogues, preferences
from uptake.lab.evaluate.teaching.score import Tally, figures
from uptake.lab.evaluate.teaching.trigger_actions import trigger_actions

__all__ = ["played", "teach"]


def teach(data: Path, *, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Compute the figures of a root that has `teach`.

    Args:
        data: Root to judge on.
        seed: Passed over: nothing draws.
        tell: Is told how far it is, and which dialogues went wrong, by their identifiers.

    Raises:
        NotReady: The root does not hold the dialogues.
        BadRecord: A row is damaged.
    """
    del seed
    rows, stated = list(dialogues(data)), list(preferences(data))
    found: dict[str, Any] = {}
    for player, prefix in ((Real(), "teach."), (Baseline(), "teach.baseline_")):
        if tell is not None:
            tell(f"{len(rows)} dialogues with {type(player).__name__.lower()}")
        tally, replayed = played(rows, player)
        found |= figures(tally, prefix)
        if isinstance(player, Real):
            found["teach.replayed"] = replayed
            for fault in tally.wrong:
                if tell is not None:
                    tell(fault)
    found["teach.dialogues"] = len(rows)
    found |= prefer(stated, tell=tell) | baseline_preferences(stated)
    return found | next_request() | trigger_actions(data)


def played(rows: Iterable[Dialogue], player: Player) -> tuple[Tally, float | None]:
    """Play dialogues.

    Returns:
        The tally, and the share of dialogues whose log folds into the memory they left (None for a baseline).
    """
    tally, replayed, count = Tally(), 0, 0
    for dialogue in rows:
        with tempfile.TemporaryDirectory() as directory:
            player.start(dialogue, Path(directory))
            asked = False
            for turn in dialogue.turns:
                if turn["kind"] == "confirm" and not asked:
                    continue
                noted = player.say(turn)
                tally.judge(dialogue.key, turn, noted)
                asked = noted.asked
            if isinstance(player, Real):
                replayed, count = replayed + player.replays(), count + 1
    return tally, replayed / count if count else None
