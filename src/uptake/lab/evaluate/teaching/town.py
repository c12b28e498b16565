"""Compare simulated homes that teach with the same homes that do not: defects in the following week.

People of the town have names of their own for some things ("the big light"). In one arm they teach the assistant these
names on the day before, by talking to it; in the other they teach nothing. Then both live through the same week: the
same goals at the same times, in the same words. A request is a defect if what was done, or what was asked about, is not
what was meant.

Limit: simulated. Texts and personal names are made up; requests are recognised without errors; each starts from the
usual state of the home, and a defect has no consequence for the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.simulate.answered import Utterance, same
from uptake.lab.simulate.cached_assistant import CachedAssistant
from uptake.lab.simulate.households import Household, Listener, Person, household
from uptake.lab.simulate.people import Goal, goals_of_day, say
from uptake.text.normalize import normalize

__all__ = ["simulated"]

_HOMES = 40
_DAYS = 7
_BEGINS = datetime.combine(datetime(2026, 1, 5).date(), time())
_WORDINGS = (
    "the {own} is the {name}",
    "we call the {name} the {own}",
    "when I say {own} I mean the {name}",
    "{own} means the {name}",
    "by {own} I mean the {name}",
)


@dataclass(frozen=True, slots=True)
class _Week:
    """Results of a week of one home."""

    requests: int = 0
    own: int = 0
    untaught: int = 0
    taught: int = 0
    told: int = 0
    broken: int = 0
    """Requests that went right untaught, and wrong taught."""


def simulated(*, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Compute the defects of a week in homes that teach and in the same homes that do not.

    Args:
        seed: Of the homes.
        tell: Is told how far it is.
    """
    stands: dict[str, CachedAssistant] = {}
    weeks: list[_Week] = []
    for number in range(_HOMES):
        home = household(seed, number)
        if home.layout not in stands:
            stands[home.layout] = CachedAssistant(home.layout).after()
        weeks.append(_week(home, stands[home.layout], seed, number))
        if tell is not None and number % 10 == 9:
            tell(f"{number + 1} of {_HOMES} homes")
    names = [str(number) for number in range(_HOMES)]
    without, with_teaching = _rates(weeks, "untaught"), _rates(weeks, "taught")
    found: dict[str, Any] = {
        "teach.town_homes": _HOMES,
        "teach.town_requests": sum(one.requests for one in weeks),
        "teach.town_requests_with_own_names": sum(one.own for one in weeks),
        "teach.town_names_told": sum(one.told for one in weeks),
        "teach.town_broken": sum(one.broken for one in weeks),
    }
    found |= bounded("teach.town_defects_untaught", mean(without), names, seed=seed)
    found |= bounded("teach.town_defects_taught", mean(with_teaching), names, seed=seed)
    return found | bounded("teach.town_fewer_defects", mean(without - with_teaching), names, seed=seed)


def _rates(weeks: Sequence[_Week], arm: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the share of defects in the requests of each home."""
    return np.array([getattr(one, arm) / max(one.requests, 1) for one in weeks])


def _week(home: Household, stand: CachedAssistant, seed: int, number: int) -> _Week:
    counts = dict.fromkeys(_Week.__dataclass_fields__, 0)
    for member, person in enumerate(home.members):
        rng = np.random.default_rng([seed, 21, number, member])
        told = {name: str(rng.choice(_WORDINGS)).format(own=own, name=name) for name, own in person.own_names.items()}
        taught = stand.after(*(line for text in told.values() for line in (text, "yes"))) if told else stand
        counts["told"] += len(told)
        for day in range(_DAYS):
            for moment in goals_of_day(home, person, _BEGINS + timedelta(days=day), rng):
                text = say(moment.goal, person, rng)
                before = _is_right(stand, moment.listener, moment.goal, text)
                own = _says_own(moment.goal, person, text)
                after = _is_right(taught, moment.listener, moment.goal, text) if told else before
                counts["requests"] += 1
                counts["own"] += own
                counts["untaught"] += not before
                counts["taught"] += not after
                counts["broken"] += before and not after
    return _Week(**counts)


def _says_own(goal: Goal, person: Person, text: str) -> bool:
    return goal.values != goal.official and any(normalize(own) in text for own in person.own_names.values())


def _is_right(stand: CachedAssistant, listener: Listener, goal: Goal, text: str) -> bool:
    """Tell whether a text leads to what is meant, or to a question about it."""
    answer, wanted = stand.hear(listener.origin, Utterance(text)), stand.do(listener.origin, goal.truth)
    if answer.question is not None and answer.asked_about is not None:
        if answer.question == "confirm":
            return same(stand.do(listener.origin, answer.asked_about), wanted)
        return answer.asked_about.intent == goal.truth.intent
    return same(answer.result, wanted)
