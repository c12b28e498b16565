"""Detect requests that undo or vary the request before them: normal use of a device, not a repair.

"Turn on the bathroom light", and a minute later "turn it off": by every similarity measure, the two are as close as a
request and its rephrase. If the first one worked, the second is a new request in three cases: it is the opposite; it is
another action on the very same thing; or it names a thing that sounds unlike the first one ("turn on the kettle", "turn
on the desk lamp"). If the first one failed, was complained about, undone or interrupted, the second may be its repair.

Limit: a turn of unknown status may have failed, so it is left to the scorer; the opposites are English.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product

import numpy as np

from uptake.feedback.columns import STATUS_CODES, Bools, Ints, TurnFrame
from uptake.text.distance import edit_similarity
from uptake.text.lexicon import opposites

__all__ = ["new_wishes", "worked"]

_THINGS = ("name=", "area=", "floor=")
_UNLIKE = 0.6  # edit similarity of two slots with names below which neither was misheard for the other


def new_wishes(frame: TurnFrame, left: Ints, right: Ints) -> Bools:
    """Return (p,) bool: whether the later row asks for something new although it is similar to the earlier row.

    Args:
        frame: The turns.
        left: (p,) int64, earlier rows, which seem to be said again.
        right: (p,) int64, later rows, which seem to say them again.
    """
    found = np.zeros(len(left), dtype=bool)
    fine = np.flatnonzero(worked(frame, left))
    if not len(fine):
        return found
    polar, words = frame.texts.polar, frame.texts.polarities
    here, there = polar[frame.text[left[fine]]], polar[frame.text[right[fine]]]
    found[fine] = _each(here, there, lambda one, other: bool(opposites(words[one], words[other])))
    if frame.meaning is not None and frame.readings:
        keys, here, there = frame.readings, frame.meaning[left], frame.meaning[right]
        known = fine[(here[fine] >= 0) & (there[fine] >= 0) & (here[fine] != there[fine])]
        deeds = cache(lambda code: _deed(keys[code]))
        found[known] |= _each(here[known], there[known], lambda one, other: _is_new(deeds(one), deeds(other)))
    return found


def worked(frame: TurnFrame, rows: Ints) -> Bools:
    """Tell whether rows were carried out, and nobody objected."""
    if frame.status is None:
        return np.zeros(len(rows), dtype=bool)
    fine = frame.status[rows] == STATUS_CODES["ok"]
    if frame.answer is not None:
        fine &= frame.answer[rows] != 0
    for objected in (frame.undone, frame.barged_in):
        if objected is not None:
            fine &= ~objected[rows]
    return np.asarray(fine, dtype=bool)


def _each(left: Ints, right: Ints, ask: Callable[[int, int], bool]) -> Bools:
    """Compute a function of pairs of codes, once per distinct pair."""
    width = int(right.max(initial=0)) + 1
    pairs, place = np.unique(left * width + right, return_inverse=True)
    answers = [ask(*divmod(pair, width)) for pair in pairs.tolist()]
    return np.array(answers, dtype=bool)[place]


def _deed(reading: str) -> tuple[str, set[str]]:
    """Return the action of an interpretation, and the things it acts on."""
    _, intent, *slots = reading.split("|")
    return intent, {slot for slot in slots if slot.startswith(_THINGS)}


def _is_new(left: tuple[str, set[str]], right: tuple[str, set[str]]) -> bool:
    """Tell whether interpretations ask for different actions on the same things, or for things that sound unlike."""
    if not left[1] or not right[1]:
        return False
    if left[1] == right[1]:
        return left[0] != right[0]
    if not all(slot.startswith("name=") for slot in left[1] | right[1]):
        return False  # "turn on the light" that lit another room may be repaired by naming the light
    return all(edit_similarity(one.casefold(), other.casefold()) < _UNLIKE for one, other in product(left[1], right[1]))
