"""Find what devices do when everybody leaves, and when another device changes.

An occasion counts where the device was in another state shortly before. It must then come to the usual state nearly
always, and far oftener than at any moment of the same length: a device that changes every quarter of an hour follows
nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from scipy import special

from uptake.proactive.hunches.artifact import EVERYBODY_LEFT, Expectation
from uptake.proactive.hunches.features import AT_REST, WATCHED
from uptake.proactive.hunches.learn.series import Rules, Series

__all__ = ["by_occasion"]

_BEFORE_MIN = 15
"""What was done so many minutes before everybody left belongs to it: the lights go off before the door shuts. After
another device, only what comes after it."""
_CHANCE = 0.02
"""Chance, over all that is asked of a home, with which devices without a habit may seem to have one."""
_MOST_A_DAY = 12
"""What happens oftener is no occasion: a device that flaps."""
_AWAY = "not_home"


def by_occasion(series: Mapping[str, Series], rules: Rules) -> list[Expectation]:
    """Return what is usual after an occasion; of several occasions of one device and state, the surest."""
    tested = [
        (one, chance)
        for name, times in _occasions(series, rules).items()
        for entity, device in series.items()
        if entity.partition(".")[0] in WATCHED and entity != name.partition("=")[0]
        for state in sorted(device.kinds() & AT_REST)
        if (found := _after(name, times, entity, device, state, rules)) is not None
        for one, chance in (found,)
    ]
    asked: Counter[bool] = Counter(one.after == EVERYBODY_LEFT for one, _ in tested)
    best: dict[tuple[str, str], Expectation] = {}
    for one, chance in sorted(tested, key=lambda pair: (pair[0].share, pair[0].after or "")):
        if one.share >= rules.min_share and chance * asked[one.after == EVERYBODY_LEFT] <= _CHANCE:
            best[one.entity_id, one.state] = one
    return list(best.values())


def _occasions(series: Mapping[str, Series], rules: Rules) -> dict[str, list[int]]:
    """Return the moments of everything that may be an occasion."""
    found: dict[str, list[int]] = {}
    people = [one for entity, one in series.items() if entity.startswith("person.")]
    if people:
        left = sorted(at for one in people for at, state in zip(one.at, one.states, strict=True) if state == _AWAY)
        found[EVERYBODY_LEFT] = [at for at in left if all(one.state(at) in (_AWAY, None) for one in people)]
    for entity, one in series.items():
        if entity.partition(".")[0] in WATCHED:
            for state in one.kinds():
                found[f"{entity}={state}"] = [at for at, what in zip(one.at, one.states, strict=True) if what == state]
    return {
        name: times
        for name, times in found.items()
        if rules.min_days <= len(times) <= _MOST_A_DAY * max(1, (times[-1] - times[0]) // 1440 + 1)
    }


def _after(
    name: str, times: Sequence[int], entity: str, one: Series, state: str, rules: Rules
) -> tuple[Expectation, float] | None:
    """Return what a device does after an occasion, and the chance that it does so at any moment; None for too few."""
    before = _BEFORE_MIN if name == EVERYBODY_LEFT else 1
    trials = [at for at in times if at + rules.within_min <= one.until and one.state(at - before) not in (state, None)]
    if len(trials) < rules.min_days:
        return None
    wins = sum(one.state(at + rules.within_min) == state for at in trials)
    elsewhere, into = _elsewhere(one, state)
    chance = -math.expm1(-into / max(1, elsewhere) * (before + rules.within_min))
    usual = Expectation(
        home_id=rules.home_id,
        entity_id=entity,
        state=state,
        days=wins,
        of_days=len(trials),
        share=rules.share(wins, len(trials)),
        after=name,
        within_min=rules.within_min,
    )
    return usual, float(special.bdtrc(wins - 1, len(trials), chance)) if wins else 1.0


def _elsewhere(one: Series, state: str) -> tuple[int, int]:
    """Return the minutes that a device was in other states, and how often it left them for this one."""
    ends = [*one.at[1:], one.until]
    minutes = sum(end - at for at, end, what in zip(one.at, ends, one.states, strict=True) if what != state)
    return minutes, sum(what == state for what in one.states[1:])
