"""Lists of recognisers, simulated beside real: what stands below the top, and what scores say.

Real figures are of DSTC2's callers that nothing was fitted on, for its two recognisers, and of DSTC10's spoken
dialogues, where nobody wrote down what was said. *Replayed*: the same tops with simulated entries below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from uptake.lab.simulate.channel import load
from uptake.lab.simulate.list_figures import Listed, figures, intervals
from uptake.lab.train.simulator_lists import apart, choice_of, lists_of, live_lists, replay, second_lists, spoken_lists
from uptake.text.normalize import normalize
from uptake.types import Transcript, Turn

__all__ = ["ListRow", "list_rows", "listed"]

_DRAWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One figure of lists."""

    name: str
    """Name of the figure."""
    live: float | None
    """DSTC2's live recogniser, callers kept apart."""
    low: float | None
    """Lower end of its 95 % interval over callers."""
    high: float | None
    """Upper end."""
    second: float | None
    """DSTC2's other recogniser, the same callers."""
    spoken: float | None
    """DSTC10's recogniser."""
    replayed: float | None
    """Simulated lists below the live recogniser's tops."""
    simulated: float | None
    """The simulated homes."""


def list_rows(root: Path, lived: Iterable[Turn], *, seed: int = 0) -> list[ListRow]:
    """Return the figures of lists, real and simulated.

    Args:
        root: Folder with `dstc2`, and `dstc10_spoken` where it is there.
        lived: Simulated turns, with truth.
        seed: Of the simulated lists.

    Raises:
        NotReady: DSTC2 is missing.
    """
    fitted, check = apart(live_lists(root))
    table = dict(load())
    drawn = lists_of(choice_of([*fitted, *check], np.array(table["costs"])), table, table["lists"]["costs"])
    real, between = figures(check), intervals(check, draws=_DRAWS, seed=seed)
    second, spoken = figures(apart(second_lists(root))[1]), figures(spoken_lists(root))
    again, homes = figures(replay(check, drawn, seed=seed)), figures(listed(lived))
    return [
        ListRow(
            name=name,
            live=value,
            low=between.get(name, (None, None))[0],
            high=between.get(name, (None, None))[1],
            second=second.get(name),
            spoken=spoken.get(name),
            replayed=again.get(name),
            simulated=homes.get(name),
        )
        for name, value in real.items()
    ]


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
