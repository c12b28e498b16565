"""Align reference and recognised words by sound, with costs of sound units.

`costs` has one row per reference unit and one column per recognised unit, the last of both for "nothing"; an entry is
the negative logarithm of a probability. The same costs align, count confusions, and propose replacements of a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.lab.simulate.misheard.sounds import UNITS, sounds

__all__ = ["NOTHING", "Costs", "Pair", "align_units", "align_words", "distances", "pack", "plain_costs", "unlike"]

NOTHING = len(UNITS)
"""Row and column of "nothing": a sound that was added or lost."""

Costs = NDArray[np.float64]
_LONGEST = 12
_ADD = 0.75  # words added or lost, against 1 for words that share no sound
_VOWELS = frozenset("aAeEiIoOuU")


class Pair(NamedTuple):
    """Reference word with its recognised word."""

    said: str
    """ "" where a word was added."""
    heard: str
    """ "" where the word was lost."""
    at: int
    """Position of the word in what was said."""


def plain_costs() -> Costs:
    """Return costs to begin with: vowels are confused among themselves, consonants less readily."""
    table = np.full((NOTHING + 1, NOTHING + 1), 4.0)
    for at, unit in enumerate(UNITS):
        for other_at, other in enumerate(UNITS):
            if (unit in _VOWELS) == (other in _VOWELS):
                table[at, other_at] = 2.0 if unit in _VOWELS else 3.0
        table[at, at] = 0.2
        table[at, NOTHING] = table[NOTHING, at] = 2.5
    table[NOTHING, NOTHING] = 0.0
    return table


def align_units(said: Sequence[int], heard: Sequence[int], costs: Costs) -> tuple[float, list[tuple[int, int]]]:
    """Return least cost of hearing one row of units for another, and which unit became which (`NOTHING` for none)."""
    rows, columns = len(said) + 1, len(heard) + 1
    best = np.zeros((rows, columns))
    best[1:, 0] = np.cumsum([costs[unit, NOTHING] for unit in said])
    best[0, 1:] = np.cumsum([costs[NOTHING, unit] for unit in heard])
    for row in range(1, rows):
        for column in range(1, columns):
            unit, other = said[row - 1], heard[column - 1]
            best[row, column] = min(
                best[row - 1, column - 1] + costs[unit, other],
                best[row - 1, column] + costs[unit, NOTHING],
                best[row, column - 1] + costs[NOTHING, other],
            )
    pairs, row, column = [], rows - 1, columns - 1
    while row or column:
        if (
            row
            and column
            and np.isclose(best[row, column], best[row - 1, column - 1] + costs[said[row - 1], heard[column - 1]])
        ):
            row, column = row - 1, column - 1
            pairs.append((said[row], heard[column]))
        elif row and np.isclose(best[row, column], best[row - 1, column] + costs[said[row - 1], NOTHING]):
            row -= 1
            pairs.append((said[row], NOTHING))
        else:
            column -= 1
            pairs.append((NOTHING, heard[column]))
    return float(best[-1, -1]), pairs[::-1]


def align_words(said: Sequence[str], heard: Sequence[str], costs: Costs) -> list[Pair]:
    """Align words said with words heard; substitutions cost by sound, so that words that sound alike are paired."""
    rows, columns = len(said) + 1, len(heard) + 1
    best = np.zeros((rows, columns))
    best[:, 0], best[0, :] = _ADD * np.arange(rows), _ADD * np.arange(columns)
    swap = np.array([[unlike(one, other, costs) for other in heard] for one in said]).reshape(rows - 1, columns - 1)
    for row in range(1, rows):
        for column in range(1, columns):
            best[row, column] = min(
                best[row - 1, column - 1] + swap[row - 1, column - 1],
                best[row - 1, column] + _ADD,
                best[row, column - 1] + _ADD,
            )
    pairs, row, column = [], rows - 1, columns - 1
    while row or column:
        if row and column and np.isclose(best[row, column], best[row - 1, column - 1] + swap[row - 1, column - 1]):
            row, column = row - 1, column - 1
            pairs.append(Pair(said[row], heard[column], row))
        elif row and np.isclose(best[row, column], best[row - 1, column] + _ADD):
            row -= 1
            pairs.append(Pair(said[row], "", row))
        else:
            column -= 1
            pairs.append(Pair("", heard[column], row))
    return pairs[::-1]


def unlike(said: str, heard: str, costs: Costs) -> float:
    """Return the distance in sound of two words, in [0, 1.2]."""
    if said == heard:
        return 0.0
    here, there = sounds(said), sounds(heard)
    cost, _ = align_units(here, there, costs)
    most = sum(costs[unit, NOTHING] for unit in here) + sum(costs[NOTHING, unit] for unit in there)
    return 0.1 + 1.1 * min(1.0, cost / most if most else 1.0)


def pack(words: Sequence[str]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return the units of many words as a table (n_words, 12) padded with `NOTHING`, and their lengths (n_words,)."""
    table = np.full((len(words), _LONGEST), NOTHING, dtype=np.int16)
    lengths = np.zeros(len(words), dtype=np.int16)
    for at, word in enumerate(words):
        units = sounds(word)[:_LONGEST]
        table[at, : len(units)] = units
        lengths[at] = len(units)
    return table, lengths


def distances(
    said: Sequence[int], table: NDArray[np.int16], lengths: NDArray[np.int16], costs: Costs
) -> NDArray[np.float64]:
    """Return the cost of hearing each of many packed words for one row of units, shape (n_words,)."""
    units = list(said)[:_LONGEST]
    heard = np.ascontiguousarray(table.T, dtype=np.intp)  # a row a place: what is added up lies side by side
    added = costs[NOTHING].take(heard)
    before = np.zeros((_LONGEST + 1, len(table)))
    before[1:] = np.cumsum(added, axis=0)
    for unit in units:
        now = np.empty_like(before)
        now[0] = before[0] + costs[unit, NOTHING]
        either = np.minimum(before[:-1] + costs[unit].take(heard), before[1:] + costs[unit, NOTHING])
        for place in range(_LONGEST):
            np.minimum(either[place], now[place] + added[place], out=now[place + 1])
        before = now
    return np.asarray(before[lengths.astype(np.int64), np.arange(len(table))], dtype=np.float64)
