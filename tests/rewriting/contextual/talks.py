"""Small talks, and a rewriter that learnt from them."""

from __future__ import annotations

from functools import cache

import numpy as np

from uptake.ml.linear import Head
from uptake.rewriting.contextual.artifact import RANKED, TRUSTED, ContextualRewriter
from uptake.rewriting.contextual.edits import Label
from uptake.rewriting.contextual.features import CLASSES, SPAN_FEATURES, TABLE
from uptake.rewriting.contextual.learn.examples import TrainingExample
from uptake.rewriting.contextual.learn.model import train
from uptake.rewriting.contextual.spans import Message

PLACES = ("golden wok", "river bar", "old mill", "blue lagoon", "royal spice", "pizza hut", "yu garden", "dojo")
"""Names of places that examples speak of."""
CITIES = ("berlin", "oslo", "paris", "rome", "lisbon", "vienna", "madrid", "dublin")
"""Names of cities."""


def told(place: str) -> tuple[Message, ...]:
    """A talk about a place."""
    return (Message("user", "find me a restaurant"), Message("assistant", f"The {place} is in the north of town."))


def lessons() -> list[TrainingExample]:
    """Requests that need their talk, and some that do not."""
    found = []
    for at, place in enumerate(PLACES):
        found += [
            TrainingExample(request=request, past=told(place), rewrites=(whole,), group=str(at))
            for request, whole in (
                ("what is their address", f"what is the {place} 's address"),
                ("what is the phone number", f"what is the phone number of the {place}"),
                ("thank you very much", "thank you very much"),
                (f"take me to the {PLACES[at - 1]}", f"take me to the {PLACES[at - 1]}"),
            )
        ]
    for at, city in enumerate(CITIES):
        past = (
            Message("user", f"what is the weather today in {city}", (("day", "today"), ("city", city))),
            Message("assistant", f"It is sunny in {city} today."),
        )
        found += [
            TrainingExample(request=request, past=past, rewrites=(whole,), group=f"w{at}")
            for request, whole in (
                ("what about tomorrow", f"what is the weather tomorrow in {city}"),
                ("and on sunday", f"what is the weather on sunday in {city}"),
                ("thank you very much", "thank you very much"),
                (f"take me to the {PLACES[at]}", f"take me to the {PLACES[at]}"),
            )
        ]
    return found


def blank_carrier() -> ContextualRewriter:
    """A rewriter that learnt nothing."""
    return ContextualRewriter(
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
def small_rewriter() -> ContextualRewriter:
    """A rewriter that learnt from `examples`."""
    return train(lessons(), about="small talks")
