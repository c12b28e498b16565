"""Small talks, and a carrier that learnt from them."""

from __future__ import annotations

from functools import cache

import numpy as np

from uptake.artifacts.carriers import RANKED, TRUSTED, Carrier
from uptake.artifacts.carry_edits import Label
from uptake.artifacts.carry_features import CLASSES, SPAN_FEATURES, TABLE
from uptake.artifacts.linear import Head
from uptake.artifacts.passages import Said
from uptake.learn.carry import train
from uptake.learn.carry_lessons import Lesson

PLACES = ("golden wok", "river bar", "old mill", "blue lagoon", "royal spice", "pizza hut", "yu garden", "dojo")
"""Names of places that lessons speak of."""
CITIES = ("berlin", "oslo", "paris", "rome", "lisbon", "vienna", "madrid", "dublin")
"""Names of cities."""


def told(place: str) -> tuple[Said, ...]:
    """A talk about a place."""
    return (Said("user", "find me a restaurant"), Said("assistant", f"The {place} is in the north of town."))


def lessons() -> list[Lesson]:
    """Requests that need their talk, and some that do not."""
    found = []
    for at, place in enumerate(PLACES):
        found += [
            Lesson(request=request, past=told(place), rewrites=(whole,), group=str(at))
            for request, whole in (
                ("what is their address", f"what is the {place} 's address"),
                ("what is the phone number", f"what is the phone number of the {place}"),
                ("thank you very much", "thank you very much"),
                (f"take me to the {PLACES[at - 1]}", f"take me to the {PLACES[at - 1]}"),
            )
        ]
    for at, city in enumerate(CITIES):
        past = (
            Said("user", f"what is the weather today in {city}", (("day", "today"), ("city", city))),
            Said("assistant", f"It is sunny in {city} today."),
        )
        found += [
            Lesson(request=request, past=past, rewrites=(whole,), group=f"w{at}")
            for request, whole in (
                ("what about tomorrow", f"what is the weather tomorrow in {city}"),
                ("and on sunday", f"what is the weather on sunday in {city}"),
                ("thank you very much", "thank you very much"),
                (f"take me to the {PLACES[at]}", f"take me to the {PLACES[at]}"),
            )
        ]
    return found


def blank_carrier() -> Carrier:
    """A carrier that learnt nothing."""
    return Carrier(
        labels=(Label("", False), Label("<before>", False), Label("of é", True)),
        replaced=("it", "their"),
        hashes=np.array([3, 9], dtype=np.uint32),
        head=Head.pack(np.ones((2, 3), np.float32), np.zeros(3, np.float32), np.zeros((0, 3), np.float32)),
        firsts=np.zeros(TABLE, dtype=np.float32),
        lasts=np.zeros(TABLE, dtype=np.float32),
        spans=np.zeros((1 + len(CLASSES), SPAN_FEATURES), dtype=np.float32),
        ranks=np.zeros(RANKED),
        trust=np.zeros(TRUSTED),
        about="nothing",
    )


@cache
def small_carrier() -> Carrier:
    """A carrier that learnt from `lessons`."""
    return train(lessons(), about="small talks")
