"""Simulate people: their goals, and how they express them.

A wish is a goal (an `Interpretation` in the assistant's terms: the truth) with the wordings that express it. People
have habits: a favourite wording of each wish, their own names for things, a few values they ask for again and again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from uptake.assistant.home import Device
from uptake.config import nearest
from uptake.errors import BadConfig
from uptake.lab.simulate.households import Household, Listener, Person, areas_of, devices_of, maker_of, speech, titles
from uptake.text.normalize import normalize
from uptake.types import Interpretation

__all__ = [
    "WISHES",
    "Goal",
    "Moment",
    "Phrase",
    "Repertoire",
    "can_have",
    "choices",
    "goal",
    "goals_of_day",
    "say",
    "task_texts",
    "thing_slot",
    "wordings",
]

_HABIT = 0.75  # share of requests said in the person's favourite way; assumed
_ZIPF = 1.0  # how fast ways to say a thing get rarer; assumed
_FAVOURITES = 3  # values of a kind that a person keeps asking for; assumed
_DAYS = (1.0, 1.0, 1.0, 1.0, 1.05, 1.3, 1.25)  # Monday to Sunday; assumed
_LIKES = 0.7  # spread of the logarithm of how much people like each wish; assumed
_TOGETHER = frozenset({"by", "amount", "from", "to"})
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Goal of a person."""

    wish: str
    """Name of the wish."""
    truth: Interpretation
    """Reading that is meant, in the assistant's words."""
    said: Interpretation
    """The same with the person's own names, as a perfect reader that does not know them would write it."""
    values: Mapping[str, str]
    """Values of the wordings, things by the person's own names."""
    official: Mapping[str, str]
    """The same by the names that the home has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Wish at a time of the day."""

    at: datetime
    """Time on the clock of the home."""
    goal: Goal
    """Goal of the moment."""
    listener: Listener
    """The device that is talked to."""


@dataclass(frozen=True, slots=True, order=True)
class Phrase:
    """Wish with its values and wordings."""

    wish: str
    """Name of the wish."""
    official: tuple[tuple[str, str], ...]
    """Values by the names that the home has."""
    spoken: tuple[tuple[str, str], ...]
    """The same as said: some things by the person's own names."""
    texts: tuple[str, ...]
    """The wordings, the textbook one first."""


Repertoire = Mapping[str, Mapping[str, tuple[Phrase, ...]]]
"""Layout -> wish -> what can be asked for, where not everything can."""


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    intent: str
    slots: tuple[tuple[str, str], ...]
    wordings: tuple[str, ...]
    hours: tuple[float, ...]
    weight: float

    @property
    def needs(self) -> frozenset[str]:
        """Names of what its wordings and slots are filled with."""
        return frozenset(_SLOT.findall(" ".join([*self.wordings, *(value for _, value in self.slots)])))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Slots whose values are drawn one by one."""
        return tuple(sorted(self.needs - _TOGETHER))


def _wishes() -> tuple[_Wish, ...]:
    hours = speech()["hours"]
    return tuple(
        _Wish(
            wish["name"],
            wish["intent"],
            tuple(wish["slots"].items()),
            tuple(wish["wordings"]),
            tuple(hours[wish["hours"]]),
            wish["weight"],
        )
        for wish in speech()["wish"]
    )


WISHES: tuple[_Wish, ...] = _wishes()
"""Every wish that people may have."""

_BY_NAME = {wish.name: wish for wish in WISHES}

_THINGS: Mapping[str, tuple[str, str | None, str | None]] = {
    "light": ("light", None, None),
    "dimmable": ("light", None, "brightness"),
    "coloured": ("light", None, "color"),
    "cover": ("cover", None, "position"),
    "thermostat": ("climate", None, "heat"),
    "lock": ("lock", None, None),
    "scene": ("scene", None, None),
    "fan": ("fan", None, None),
    "maker": ("switch", "coffee_maker", None),
    "appliance": ("switch", None, None),
    "tv": ("media_player", "tv", None),
    "vacuum": ("vacuum", None, None),
}
"""(domain, device class, feature) of the things that wordings name."""


@cache
def thing_slot(wish: str) -> tuple[str, str] | None:
    """Return (slot, kind of thing) of a wish about one thing of the home; None for other wishes."""
    for slot, template in _BY_NAME[wish].slots:
        kind = template.strip("{}")
        if slot == "name" and kind in _THINGS:
            return slot, kind
    return None


@cache
def choices(layout: str, name: str) -> tuple[str, ...]:
    """List the values for a slot of a wording in a home of a layout: names of its things, or values."""
    if name in _THINGS:
        return tuple(device.name for device in devices_of(layout) if _fits(device, *_THINGS[name]))
    if name in ("room", "heated_room"):
        domain = "light" if name == "room" else "climate"
        lit = {device.area_id for device in devices_of(layout) if device.domain == domain}
        return tuple(area.name for area in areas_of(layout) if area.area_id in lit)
    if name in titles():
        return titles()[name]
    return tuple(speech()["values"].get("conversion" if name in ("amount", "from", "to") else name, ()))


def _fits(device: Device, domain: str, device_class: str | None, feature: str | None) -> bool:
    return (
        device.domain == domain
        and device_class in (None, device.device_class)
        and (feature is None or feature in device.features)
    )


@cache
def _possible(layout: str) -> tuple[_Wish, ...]:
    return tuple(wish for wish in WISHES if all(choices(layout, name) or name == "by" for name in wish.needs))


def can_have(wish: str, layout: str) -> bool:
    """Return whether a home of a layout has all that a wish needs."""
    return _BY_NAME[wish] in _possible(layout)


def goals_of_day(
    home: Household,
    person: Person,
    midnight: datetime,
    rng: np.random.Generator,
    *,
    repertoire: Repertoire | None = None,
) -> list[Moment]:
    """Draw a person's goals of one day, in time order.

    Args:
        home: Where they live.
        person: Who they are.
        midnight: Beginning of the day, on the clock of the home.
        rng: Chance of this day.
        repertoire: What can be asked for; None for everything.
    """
    can = None if repertoire is None else repertoire[home.layout]
    wishes, by_hour, shares = _rhythm(home.layout, person, None if can is None else frozenset(can))
    count = int(rng.poisson(person.wishes_a_day * _DAYS[midnight.weekday()]))
    found = []
    for draw in rng.random((count, 4)):
        hour = int(np.searchsorted(by_hour, draw[0]))
        wish = wishes[int(np.searchsorted(shares[:, hour], draw[1]))]
        seconds = (hour + person.shift_h + draw[2]) * 3600.0
        at = midnight + timedelta(seconds=float(np.clip(seconds, 0.0, 86_000.0)))
        listener = home.listeners[int(draw[3] * len(home.listeners))]
        drawn = _goal(wish, home.layout, person, rng) if can is None else _goal_of(wish, can[wish.name], person, rng)
        found.append(Moment(at=at, goal=drawn, listener=listener))
    return sorted(found, key=lambda moment: moment.at)


@lru_cache(maxsize=200_000)
def _rhythm(
    layout: str, person: Person, can: frozenset[str] | None
) -> tuple[tuple[_Wish, ...], NDArray[np.float64], NDArray[np.float64]]:
    """Return (wishes; share of the hours added up; by hour, share of the wishes added up) of one person."""
    wishes = tuple(wish for wish in _possible(layout) if can is None or wish.name in can)
    likes = np.exp(_LIKES * np.random.default_rng([*person.number, 3]).standard_normal(len(wishes)))
    table = np.array([wish.hours for wish in wishes]) * (likes * [wish.weight for wish in wishes])[:, None]
    by_hour = table.sum(axis=0)
    return wishes, np.cumsum(by_hour / by_hour.sum()), np.cumsum(table / by_hour, axis=0)


def goal(wish: str, layout: str, person: Person, rng: np.random.Generator) -> Goal:
    """Draw a wish with the values that a person asks for.

    Raises:
        BadConfig: There is no such wish.
    """
    if wish not in _BY_NAME:
        raise BadConfig(f"there is no wish {wish}{nearest(wish, list(_BY_NAME))}")
    return _goal(_BY_NAME[wish], layout, person, rng)


def _goal(one: _Wish, layout: str, person: Person, rng: np.random.Generator) -> Goal:
    values = {name: _value(one.name, name, layout, person, rng) for name in one.chosen}
    if "song" in values:
        values["by"] = maker_of(values["song"])
    if "amount" in one.needs:
        said = _value(one.name, "amount", layout, person, rng).split("|")
        values |= zip(("amount", "from", "to"), said, strict=True)
    spoken = {name: person.own_names.get(value, value) for name, value in values.items()}
    return Goal(wish=one.name, truth=_frame(one, values), said=_frame(one, spoken), values=spoken, official=values)


def _goal_of(one: _Wish, phrases: Sequence[Phrase], person: Person, rng: np.random.Generator) -> Goal:
    """Draw one of the few things that a person keeps asking for, of those that can be asked for.

    They use their own name for a thing where that can be said.
    """
    by_values: dict[tuple[tuple[str, str], ...], Phrase] = {}
    for phrase in phrases:
        own = tuple((name, person.own_names.get(value, value)) for name, value in phrase.official)
        if phrase.spoken == own or (phrase.spoken == phrase.official and phrase.official not in by_values):
            by_values[phrase.official] = phrase
    options = list(by_values.values()) or list(phrases)
    options.sort(key=lambda phrase: person.chance(f"{one.name}/{phrase.official}"))
    drawn = options[_zipf(min(len(options), _FAVOURITES), rng.random())]
    spoken, official = dict(drawn.spoken), dict(drawn.official)
    return Goal(wish=one.name, truth=_frame(one, official), said=_frame(one, spoken), values=spoken, official=official)


def _frame(wish: _Wish, values: Mapping[str, str]) -> Interpretation:
    return Interpretation(intent=wish.intent, slots=tuple((name, _fill(value, values)) for name, value in wish.slots))


def _value(wish: str, name: str, layout: str, person: Person, rng: np.random.Generator) -> str:
    """Draw one of the few values that a person keeps asking for."""
    liked = _liked(wish, name, layout, person)
    return liked[_zipf(len(liked), rng.random())]


@lru_cache(maxsize=500_000)
def _liked(wish: str, name: str, layout: str, person: Person) -> tuple[str, ...]:
    if name in person.taste:
        return person.taste[name]
    return tuple(sorted(choices(layout, name), key=lambda one: person.chance(f"{wish}/{name}/{one}"))[:_FAVOURITES])


def _zipf(count: int, draw: float) -> int:
    """Draw a place of `count`, the first ones likelier, from a number in [0, 1)."""
    return int(np.searchsorted(_zipf_shares(count), draw))


@cache
def _zipf_shares(count: int) -> NDArray[np.float64]:
    shares = 1.0 / (np.arange(count) + 1.0) ** _ZIPF
    return np.cumsum(shares / shares.sum())


def _fill(template: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: values[match[1]], template)


def say(
    goal: Goal,
    person: Person,
    rng: np.random.Generator,
    *,
    tried: Sequence[str] = (),
    plainly: float = 0.0,
    official: bool = False,
) -> str:
    """Choose a wording of a wish: the person's favourite mostly, another where it was tried already.

    Args:
        goal: What is wanted.
        person: Who says it.
        rng: Chance of this one utterance.
        tried: What was said for it before.
        plainly: Share, in [0, 1], of people who turn to the textbook way when they say it otherwise.
        official: Whether to use the home's names and not the person's own.
    """
    texts = _texts(goal.wish, tuple((goal.official if official else goal.values).items()))
    if not tried:
        if rng.random() < _HABIT:
            return texts[_zipf(len(texts), person.chance(f"favourite/{goal.wish}"))]
    elif texts[0] not in tried and rng.random() < plainly:
        return texts[0]
    left = [text for text in texts if text not in tried] or list(texts)
    return left[_zipf(len(left), rng.random())]


def wordings(wish: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """List the ways to say a wish with its values, the textbook one first."""
    return _texts(wish, tuple(values.items()))


@lru_cache(maxsize=100_000)
def _texts(wish: str, values: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(normalize(_fill(wording, dict(values))) for wording in _BY_NAME[wish].wordings)


@cache
def task_texts() -> tuple[str, ...]:
    """List the texts that people may say: the vocabulary of a recogniser made for this task."""
    own: Mapping[str, Sequence[str]] = speech()["own_names"]
    found: set[str] = set()
    for wish in WISHES:
        options = {name: _said(name, own) for name in wish.needs}
        usual = {name: values[0] for name, values in options.items()}
        for wording in wish.wordings:
            for name in _SLOT.findall(wording) or [""]:
                for value in options.get(name, ("",)):
                    found.add(normalize(_fill(wording, {**usual, name: value})))
    return tuple(sorted(found))


def _said(name: str, own: Mapping[str, Sequence[str]]) -> list[str]:
    """List what may be said in a slot, people's own names with the rest."""
    if name == "by":
        return sorted({maker_of(song) for song in titles()["song"]})
    values = choices("house", name)
    if name in _TOGETHER:
        return [value.split("|")[("amount", "from", "to").index(name)] for value in values]
    return [said for value in values for said in (value, *own.get(value, ()))]
