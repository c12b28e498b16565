"""Simulate a town in which some goals lead to others, and people forget half of them.

Every person has tastes and hours; the next goal in a session is drawn from these, except for planted pairs: a person
with the first goal often has the second. Some remember and ask for it at once, some later, some never. A request is
sometimes misheard and said again. The truth of every need is stored beside the log, and no learner sees it. Some people
also have a routine: three actions one after the other, on most days; once it has a name they mostly say the name.

Limit: needs are drawn independently each time; people judge an offer by their need alone, in any wording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from uptake.proactive.offers.events import event
from uptake.types import Context, Interpretation, Offered, Turn

__all__ = [
    "BEGIN",
    "CURIOUS",
    "LATE",
    "MISHEARD",
    "WELCOME",
    "Deal",
    "FollowUpTown",
    "Need",
    "Person",
    "Planted",
    "goal",
]

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
"""First day of the town."""

_KINDS: tuple[tuple[str, str, float], ...] = (
    ("lights|HassTurnOn|name=Kitchen Light", "turn on the kitchen light", 7.0),
    ("lights|HassTurnOff|name=Hall Light", "turn off the hall light", 22.0),
    ("lights|HassLightSet|area=Bedroom|brightness=20", "dim the bedroom to 20 percent", 21.0),
    ("covers|HassSetPosition|name=Blinds|position=0", "close the blinds", 20.0),
    ("covers|HassOpenCover|name=Awning", "open the awning", 14.0),
    ("climate|HassClimateSetTemperature|temperature=21", "set the heating to 21 degrees", 6.0),
    ("climate|GetHumidity", "how humid is it inside", 12.0),
    ("weather|HassGetWeather", "what is the weather like", 7.5),
    ("weather|GetPollen", "how much pollen is there today", 8.0),
    ("clock|HassGetCurrentTime", "what time is it", 13.0),
    ("alarms|SetAlarm|at=07:00", "wake me at 7", 22.0),
    ("alarms|GetAlarms", "which alarms are set", 22.5),
    ("timers|HassStartTimer|minutes=5", "set a timer for 5 minutes", 17.0),
    ("timers|HassTimerStatus", "how long is left on the timer", 18.0),
    ("lists|HassListAddItem|item=milk", "put milk on the list", 17.5),
    ("lists|GetList", "what is on the list", 18.0),
    ("music|HassMediaSearchAndPlay|search_query=jazz", "play some jazz", 19.0),
    ("music|GetArtist", "who sings this", 19.5),
    ("news|PlayNews", "play the news", 7.2),
    ("sports|GetScore", "how did the team play", 21.0),
    ("recipes|FindRecipe|dish=pancakes|minutes=20", "how do i make pancakes", 17.0),
    ("drinks|AskTea|kind=green|minutes=3", "how long does green tea take", 16.0),
    ("travel|AskTraffic", "how is the traffic to work", 7.8),
    ("travel|AskBus", "when does the bus leave", 8.2),
    ("calls|CallContact|person=grandma", "call grandma", 15.0),
    ("vacuum|HassVacuumStart|name=Robot", "start the robot", 10.0),
    ("locks|LockDoor|name=Back Door", "lock the back door", 22.0),
    ("calendar|GetEvents", "what is planned today", 7.6),
    ("calendar|AddEvent|title=dentist", "put the dentist in the calendar", 11.0),
    ("plants|AskWatering", "when did i water the plants", 9.0),
)
"""(key of the reading, words, hour of the day around which it is asked for)."""
_ACTIONS: tuple[tuple[str, str], ...] = (
    ("covers|HassTurnOn|name=Bedroom Curtains", "open the bedroom curtains"),
    ("switches|HassTurnOn|name=Coffee Maker", "turn on the coffee maker"),
    ("lights|HassTurnOn|name=Bathroom Light", "turn on the bathroom light"),
    ("climate|HassClimateSetTemperature|name=Radiator|temperature=21", "set the radiator to 21 degrees"),
    ("lights|HassTurnOff|name=Desk Lamp", "turn off the desk lamp"),
    ("vacuum|HassVacuumStart|name=Rover", "start rover"),
)
"""What routines are made of."""
_ROUTINE = ("teaching|TeachUse|concept=my routine", "my routine")
_LENGTH, _DONE, _BY_NAME = 3, 0.85, 0.8  # actions; share of days; share of them on which a kept one is run by its name
_WHOLE = 2 / 3  # share of a routine that an offer to keep it must hold
_HEARD_WRONG = ("murmur", "something with a door", "play a word", "uh what was it")
CURIOUS = 0.15
"""P(a person with no need of it welcomes an offer)."""
WELCOME = 0.93
"""P(a person who needs it welcomes an offer)."""
LATE = 0.5
"""P(a need that was forgotten is thought of later)."""
MISHEARD = 0.15
"""P(a request is misheard)."""


def goal(key: str) -> Interpretation:
    """Return the reading of a key of the town."""
    domain, intent, *slots = key.split("|")
    pairs = tuple((name, value) for name, _, value in (one.partition("=") for one in slots))
    return Interpretation(domain=domain, intent=intent, slots=pairs, confidence=0.9)


@dataclass(frozen=True, slots=True)
class Planted:
    """Goal that leads to another."""

    source: int
    """Place of the first goal in the town's list."""
    target: int
    """Place of the second."""


@dataclass(frozen=True, slots=True)
class Need:
    """Truth of one moment at which something could be offered."""

    turn_id: str
    """The turn of the first goal."""
    at: datetime
    """When."""
    person: str
    """Who."""
    home: str
    """Where."""
    target: str
    """"domain|intent" that was needed; "" where nothing was."""
    remembered: bool
    """Whether the person would ask for it at once, unoffered."""
    offered: str
    """Offer that was said; "" where none was."""
    accepted: bool
    """Whether it was accepted."""


@dataclass(frozen=True, slots=True)
class Deal:
    """Offer that the assistant makes in the town, or withholds."""

    offered: Offered
    """What goes on record."""
    target: str
    """"domain|intent" of what is offered; "" where a routine is offered to be kept."""
    keeps: frozenset[str] = frozenset()
    """Keys, without their domains, of the actions of a routine that is offered to be kept."""


@dataclass(slots=True)
class Person:
    """Person of the town."""

    user_id: str
    home_id: str
    taste: np.ndarray
    needs: dict[int, float]
    """First goal -> P(the second is needed)."""
    remembers: dict[int, float]
    """First goal -> P(they ask for the second at once)."""
    routine: tuple[int, ...] = ()
    """Places of the actions of their routine; empty where they have none."""
    hour: float = 0.0
    """When they do it."""
    kept: bool = False
    """Whether they kept it under a name."""


Offers = Callable[[Person, Interpretation, tuple[Interpretation, ...], datetime, str], Deal | None]
"""Asks the assistant what it offers: (person, goal that was reached, goals before it, when, turn)."""
Answers = Callable[[Person, str], None]
"""Tells the assistant how its offer was answered: "yes", "no" or ""."""


class FollowUpTown:
    """Town of homes, people and planted pairs.

    Args:
        homes: Number of homes.
        pairs: Number of planted pairs of goals; 0 for none.
        routines: Share of people who have a routine.
        seed: Random seed.
    """

    def __init__(self, homes: int = 100, pairs: int = 8, *, routines: float = 0.0, seed: int = 0) -> None:
        self._rng = rng = np.random.default_rng(seed)
        self.planted = self._plant(pairs)
        self.people = [
            self._person(f"home{home}", f"user{home}-{at}")
            for home in range(homes)
            for at in range(1 + int(rng.random() < 0.5))
        ]
        self.needs: list[Need] = []
        """What was true, in the order of the log."""
        self.reached: dict[str, int] = {}
        """Turn -> goals that people had and that it reached."""
        self._turns = 0
        own = np.random.default_rng([seed, 1])
        for person in self.people:
            if own.random() < routines:
                person.routine = tuple(own.choice(len(_ACTIONS), _LENGTH, replace=False).tolist())
                person.hour = float(own.choice([7.0, 18.0, 21.0]) + own.normal(0.0, 0.6))

    def _plant(self, pairs: int) -> tuple[Planted, ...]:
        order = self._rng.permutation(len(_KINDS))
        halves = zip(order[:pairs], order[len(order) - pairs :], strict=True)
        return tuple(Planted(int(one), int(other)) for one, other in halves)

    def _person(self, home_id: str, user_id: str) -> Person:
        rng = self._rng
        taste = rng.gamma(0.8, size=len(_KINDS)) + 0.02
        lives = [one for one in self.planted if rng.random() < 0.7]
        for one in lives:
            taste[one.source] = max(taste[one.source], float(rng.uniform(0.8, 2.5)))
        return Person(
            user_id=user_id,
            home_id=home_id,
            taste=taste,
            needs={one.source: float(rng.beta(8.0, 2.0)) for one in lives},
            remembers={
                one.source: float(rng.beta(9.0, 1.0) if rng.random() < 0.3 else rng.beta(2.0, 6.0)) for one in lives
            },
        )

    def pairs_planted(self) -> set[tuple[str, str]]:
        """Return the planted pairs, as ("domain|intent", "domain|intent")."""
        return {(_general(one.source), _general(one.target)) for one in self.planted}

    def days(
        self, first: int, count: int, *, offers: Offers | None = None, answers: Answers | None = None
    ) -> Iterator[Turn]:
        """Let the town live for some days.

        Args:
            first: The first day, from 0.
            count: How many.
            offers: What the assistant offers; None for nothing.
            answers: Is told how offers were answered.
        """
        for day in range(first, first + count):
            for person in self.people:
                if person.routine and self._rng.random() < _DONE:
                    yield from self._together(person, BEGIN + timedelta(days=day), offers, answers)
                for _ in range(int(self._rng.poisson(3.5))):
                    yield from self._session(person, BEGIN + timedelta(days=day), offers, answers)

    def _session(self, person: Person, day: datetime, offers: Offers | None, answers: Answers | None) -> Iterator[Turn]:
        rng = self._rng
        hour = float(rng.choice([7.3, 8.5, 12.5, 16.5, 18.5, 20.5, 22.0]) + rng.normal(0.0, 0.8)) % 24.0
        said_at = day + timedelta(hours=hour)
        session = f"{person.user_id}/{said_at.timestamp():.3f}"
        wanted = [self._drawn(person, hour)]
        late: list[int] = []
        history: tuple[Interpretation, ...] = ()
        while wanted:
            at = wanted.pop(0)
            for turn in self._asked(person, _KINDS[at], said_at, session):
                said_at = turn.said_at + timedelta(seconds=8)
                if turn.status != "ok":
                    yield turn
                    continue
                reading = goal(_KINDS[at][0])
                deal = offers(person, reading, history, turn.said_at, turn.turn_id) if offers is not None else None
                history = (*history, reading)
                need = self._need(person, at)
                target = _general(need[0]) if need is not None else ""
                remembered = need is not None and need[1]
                yield turn if deal is None else _with_offer(turn, deal.offered)
                accepted = False
                if deal is not None and deal.offered.said:
                    answer = self._answer(deal.target == target)
                    accepted = answer == "yes"
                    if answers is not None:
                        answers(person, answer)
                    if answer:
                        goals = int(accepted and deal.target == target)
                        yield self._replied(person, answer, deal, said_at, session, goals=goals)
                        said_at += timedelta(seconds=6)
                made = deal.offered.offer_id if deal is not None and deal.offered.said else ""
                self.needs.append(
                    Need(turn.turn_id, turn.said_at, person.user_id, person.home_id, target, remembered, made, accepted)
                )
                if need is not None and not (accepted and deal is not None and deal.target == target):
                    (wanted if remembered else late).append(need[0])
            if not wanted and rng.random() < 0.35:
                wanted.append(self._drawn(person, hour))
        for at in late:
            if rng.random() < LATE:
                yield from self._asked(person, _KINDS[at], said_at + timedelta(minutes=20), f"{session}/later")

    def _together(
        self, person: Person, day: datetime, offers: Offers | None, answers: Answers | None
    ) -> Iterator[Turn]:
        """Yield the turns of a person's routine: by its name, or action by action."""
        said_at = day + timedelta(hours=person.hour + float(self._rng.normal(0.0, 0.3)))
        session = f"{person.user_id}/routine/{said_at.timestamp():.3f}"
        if person.kept and self._rng.random() < _BY_NAME:
            yield from self._asked(person, _ROUTINE, said_at, session, goals=len(person.routine))
            return
        left = list(person.routine)
        while left:
            action = _ACTIONS[left.pop(0)]
            for turn in self._asked(person, action, said_at, session):
                said_at = turn.said_at + timedelta(seconds=10)
                asked = offers is not None and turn.status == "ok"
                deal = offers(person, goal(action[0]), (), turn.said_at, turn.turn_id) if asked and offers else None
                yield turn if deal is None else _with_offer(turn, deal.offered)
                if deal is None or not deal.offered.said:
                    continue
                ahead = bool(left) and deal.target == "|".join(_ACTIONS[left[0]][0].split("|")[:2])
                answer = self._answer(ahead or self._is_own(person, deal))
                if answers is not None:
                    answers(person, answer)
                if answer:
                    yield self._replied(person, answer, deal, said_at, session, goals=int(ahead and answer == "yes"))
                if answer == "yes":
                    person.kept |= self._is_own(person, deal)
                    left = left[1:] if ahead else left
            said_at += timedelta(seconds=20 + float(self._rng.exponential(40.0)))

    @staticmethod
    def _is_own(person: Person, deal: Deal) -> bool:
        """Tell whether what is offered to be kept is a person's routine, or most of it."""
        own = {_ACTIONS[at][0].partition("|")[2] for at in person.routine}
        found = {key.removeprefix("|") for key in deal.keeps}
        return bool(found) and found <= own and len(found) >= _WHOLE * len(own)

    def _drawn(self, person: Person, hour: float) -> int:
        """Draw a goal by taste and hour."""
        hours = np.array([peak for _, _, peak in _KINDS])
        apart = np.abs((hours - hour + 12.0) % 24.0 - 12.0)
        weights = person.taste * (0.25 + np.exp(-((apart / 3.0) ** 2)))
        return int(self._rng.choice(len(_KINDS), p=weights / weights.sum()))

    def _need(self, person: Person, at: int) -> tuple[int, bool] | None:
        """Return (goal that is needed next, whether they remember it); None where nothing is."""
        chance = person.needs.get(at)
        if chance is None or self._rng.random() >= chance:
            return None
        target = next(one.target for one in self.planted if one.source == at)
        return target, bool(self._rng.random() < person.remembers[at])

    def _answer(self, is_needed: bool) -> str:
        """Return the answer to an offer; "" where it is passed over."""
        rng = self._rng
        if rng.random() < (WELCOME if is_needed else CURIOUS):
            return "yes"
        return "no" if rng.random() < 0.5 else ""

    def _asked(
        self, person: Person, wish: Sequence[Any], said_at: datetime, session: str, *, goals: int = 1
    ) -> Iterator[Turn]:
        """Yield the turns of one request: misheard and said again, then understood."""
        key, words = wish[:2]
        while self._rng.random() < MISHEARD:
            heard = f"{words} {self._rng.choice(_HEARD_WRONG)}"
            yield self._turn(person, heard, said_at, session, status="failed")
            said_at += timedelta(seconds=7)
        yield self._turn(person, words, said_at, session, interpretation=goal(key), response="Done.", goals=goals)

    def _replied(self, person: Person, answer: str, deal: Deal, said_at: datetime, session: str, *, goals: int) -> Turn:
        reading = event("yes" if answer == "yes" else "no", deal.offered.offer_id)
        return self._turn(person, answer, said_at, session, interpretation=reading, response="All right.", goals=goals)

    def _turn(
        self, person: Person, words: str, said_at: datetime, session: str, *, goals: int = 0, **known: object
    ) -> Turn:
        self._turns += 1
        if goals:
            self.reached[f"t{self._turns:08d}"] = goals
        return Turn(
            **{
                "turn_id": f"t{self._turns:08d}",
                "user_id": person.user_id,
                "home_id": person.home_id,
                "session_id": session,
                "said_at": said_at,
                "request": words,
                "status": "ok",
                "context": Context(local_time=f"{said_at:%H:%M}", device_type="speaker"),
                **known,  # type: ignore[arg-type]
            }
        )


def _general(at: int) -> str:
    return "|".join(_KINDS[at][0].split("|")[:2])


def _with_offer(turn: Turn, offered: Offered) -> Turn:
    response = f"{turn.response} Shall I do the next thing, too?" if offered.said else turn.response
    return replace(turn, offer=offered, response=response)
