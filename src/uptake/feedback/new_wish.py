"""Requests that undo or vary what the one before did: use of a device, not a repair of what was said.

"Turn on the bathroom light", and a minute later "turn it off": the two are as near as a request and its rephrase, to
every measure of likeness. Where the first one worked, its opposite, another deed on the very same thing, or a thing
whose name sounds nothing like the first one's ("turn on the kettle", "turn on the desk lamp") is a new wish. Where it
failed, was complained about, undone or cut short, the second may still be the repair of it.

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
    """Return which later rows ask for something new although they sound like an earlier row, shape (p,) bool.

    Args:
        frame: The turns.
        left: (p,) int64, rows that seem to be said again.
        right: (p,) int64, the rows that seem to say them again.
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
    """Tell whether rows did what they were asked to, and nobody objected."""
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
    """Answer a question about pairs of codes, once a distinct pair."""
    width = int(right.max(initial=0)) + 1
    pairs, place = np.unique(left * width + right, return_inverse=True)
    answers = [ask(*divmod(pair, width)) for pair in pairs.tolist()]
    return np.array(answers, dtype=bool)[place]


def _deed(reading: str) -> tuple[str, set[str]]:
    """Return what a reading does, and to which things."""
    _, intent, *slots = reading.split("|")
    return intent, {slot for slot in slots if slot.startswith(_THINGS)}


def _is_new(left: tuple[str, set[str]], right: tuple[str, set[str]]) -> bool:
    """Tell whether two readings ask for different deeds on the same things, or name things that sound unlike."""
    if not left[1] or not right[1]:
        return False
    if left[1] == right[1]:
        return left[0] != right[0]
    if not all(slot.startswith("name=") for slot in left[1] | right[1]):
        return False  # "turn on the light" that lit another room may be repaired by naming the light
    return all(edit_similarity(one.casefold(), other.casefold()) < _UNLIKE for one, other in product(left[1], right[1]))
