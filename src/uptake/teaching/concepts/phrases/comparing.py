"""Parse definitions that compare with a known concept: "same as study mode but a bit dimmer".

Limit: English; without an amount, a step is 20 percent or 2 degrees, and half of it for "a bit": the person is asked to
confirm the result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["compared"]

_UP = "brighter|louder|warmer|hotter|faster|higher|stronger|more"
_DOWN = "dimmer|darker|quieter|cooler|colder|slower|lower|softer|gentler|fainter|less"
_HOW = regex(
    r"(?:\b(?:but|only|except|just|even)(?: (?:make it|it's|with it|is))? |(?=[a-z0-9. %]+ than\b)|(?=\d|just a|a "
    r"(?:bit|lit|tad|tou|sha|not|smi|lot)|sli|som|much|way|far))(?:(?P<some>(?:just )?(?:a (?:little )?(?:bit|tad|"
    r"touch|shade|notch|smidge|little)|slightly|somewhat))|(?P<much>much|a lot|way|far)|(?P<n>\d+(?:\.\d+)?) "
    rf"?(?:percent|%|degrees?|points?)?)? ?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b"
)
_TIMES = regex(
    r"\b(?:(?P<twice>twice|double)|(?P<half>half)) (?:as|the) (?:bright|loud|fast|high|dim|brightness|volume|speed)\b"
)
_STEPS = {
    "brightness": (20.0, 1.0, 100.0), "volume_level": (20.0, 1.0, 100.0), "percentage": (20.0, 1.0, 100.0),
    "position": (20.0, 0.0, 100.0), "temperature": (2.0, 5.0, 35.0), "humidity": (10.0, 20.0, 90.0),
}  # fmt: skip
"""Slot -> (step, least, most)."""


def compared(text: str, deeds: Sequence[Interpretation]) -> tuple[Interpretation, ...]:
    """Return actions as a definition compares them; as they are where it compares nothing.

    >>> lamp = Interpretation(intent="HassLightSet", slots=(("name", "Lamp"), ("brightness", "40")))
    >>> compared("same as study mode but a bit dimmer", [lamp])[0].slots
    (('name', 'Lamp'), ('brightness', '30'))

    Args:
        text: The normalised definition.
        deeds: What the concept does that it is compared with.
    """
    how, times = _HOW.search(text), _TIMES.search(text)
    if how is None and times is None:
        return tuple(deeds)
    return tuple(
        replace(deed, slots=tuple(_moved(slot, value, deed, how, times) for slot, value in deed.slots))
        for deed in deeds
    )


def _moved(
    slot: str, value: str, deed: Interpretation, how: re.Match[str] | None, times: re.Match[str] | None
) -> tuple[str, str]:
    if slot not in _STEPS or (slot == "temperature" and deed.intent == "HassLightSet"):
        return slot, value
    step, least, most = _STEPS[slot]
    amount = float(value)
    if times is not None:
        amount *= 2 if times["twice"] else 0.5
    elif how is not None:
        by = float(how["n"]) if how["n"] else step * (0.5 if how["some"] else 1.5 if how["much"] else 1.0)
        amount += by if how["up"] else -by
    return slot, f"{min(most, max(least, amount)):g}"
