"""Interpret another number for what was just set: "ten would be better" after the lamp was set to 30 percent.

The last turn says what a number is of; the request says no more than the number and that it is preferred.

Limit: English. The last turn must have set a number, and been understood.
"""

from __future__ import annotations

from collections.abc import Iterator

from uptake.assistant.context.deixis import set_to
from uptake.types import Interpretation, Situation

__all__ = ["read_amount"]

_PREFERRED = frozenset(
    "best better enough fine good ideal instead let's like make maybe nicer ok okay perfect perhaps prefer rather say "
    "think try".split()
)
"""Words that say that a number is wanted; one of them must be there: "it's ten now" asks for nothing."""
_BESIDE = frozenset("a about actually at be but for go i i'd is it or sounds still that that'd then to would".split())
"""Words that may stand beside them."""
_UNITS = {"percent": "percent", "%": "percent", "degrees": "degrees", "degree": "degrees", "°": "degrees"}


def read_amount(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Propose what was set last, set to the number of a request that says nothing else.

    Args:
        words: The request, normalised (numbers in digits).
        situation: What was said before.
    """
    last = situation.recent[-1].interpretation if situation.recent else None
    said = words.split()
    numbers = [word for word in said if word.isdecimal()]
    others = [word for word in said if not word.isdecimal()]
    if last is None or len(numbers) != 1 or not others:  # a number alone may answer anything
        return
    prefers = not _PREFERRED.isdisjoint(others)
    if prefers and all(word in _PREFERRED or word in _BESIDE or word in _UNITS for word in others):
        unit = next((_UNITS[word] for word in others if word in _UNITS), None)
        found = set_to(last, numbers[0], unit)
        if found is not None:
            yield found
