"""Compare simulated n-best lists with real ones: hypotheses below the top, and scores."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from uptake.lab.simulate.channel import load
from uptake.lab.simulate.misheard.list_figures import Listed, figures
from uptake.lab.train.simulator_lists import check_lists
from uptake.text.normalize import normalize
from uptake.types import Transcript, Turn

__all__ = ["list_rows", "listed"]


def list_rows(root: Path, lived: Iterable[Turn], *, seed: int = 0) -> dict[str, dict[str, float | None]]:
    """Return the figures of `check_lists`, and beside them "simulated": those of the simulated homes.

    Args:
        root: Folder with `dstc2`, and `dstc10_spoken` where it is there.
        lived: Simulated turns, with truth.
        seed: Of the simulated lists.

    Raises:
        NotReady: DSTC2 is missing.
    """
    homes = figures(listed(lived))
    return {name: {**row, "simulated": homes.get(name)} for name, row in check_lists(root, load(), seed=seed).items()}


def listed(turns: Iterable[Turn]) -> list[Listed]:
    """Return the lists of simulated turns that somebody said."""
    return [
        Listed(
            normalize(turn.truth.request),
            tuple(Transcript(text=one.text, score=one.score) for one in turn.alternatives),
            turn.user_id,
        )
        for turn in turns
        if turn.truth and turn.truth.request and turn.alternatives
    ]
