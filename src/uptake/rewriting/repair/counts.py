"""Counts from a training log: gists by text and by prompt, and the names to look for.

Counts and gist scores from one source of labels make a `GistModel`; a repair may use several (the log's own
interpretations, human labels).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import xxhash

from uptake.rewriting.repair.act_scores import ActScores
from uptake.rewriting.repair.turn import Meaning, TurnView
from uptake.rewriting.repair.values import Values, gist
from uptake.text.lexicon import content_words

__all__ = ["GistModel", "Names", "Ties", "prompt_key"]

_LEAN = 3.0  # turns that the level above is worth
_LEAST = 2  # turns from which a text or a prompt is kept


def prompt_key(heard: TurnView) -> str:
    """Return the kinds of the prompt's acts and the slots it asked about, without values."""
    kinds = sorted({act for act, _, _ in heard.prompt}) if heard.before else ["start"]
    return "+".join([*kinds, *(f"?{slot}" for slot in heard.asked)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ties:
    """Co-occurrence counts of gists with texts and prompts."""

    turns: int
    gists: Mapping[str, int]
    keys: Mapping[str, int]
    """Digest of a text, of a prompt or of a content word -> turns; nobody's words are kept."""
    together: Mapping[tuple[str, str], int]
    """(key, gist) -> turns."""

    @classmethod
    def of(cls, turns: Sequence[TurnView], meant: Sequence[Meaning], values: Values) -> Ties:
        """Count turns whose meaning is known or believed."""
        gists: Counter[str] = Counter()
        keys: Counter[str] = Counter()
        together: Counter[tuple[str, str]] = Counter()
        for turn, meaning in zip(turns, meant, strict=True):
            found = {gist(act, turn.asked) for act in meaning} or {""}
            gists.update(found)
            for key in _keys(turn, values):
                keys[key] += 1
                together.update((key, name) for name in found)
            keys.update(_digest(f"w {word}") for word in set(content_words(turn.top)))
        known = {key: count for key, count in keys.items() if count >= _LEAST}
        return cls(
            turns=len(turns),
            gists=dict(gists),
            keys=known,
            together={pair: count for pair, count in together.items() if pair[0] in known},
        )

    def chance(self, name: str) -> float:
        """Return P(gist); "" is the chance that nothing was meant."""
        return (self.gists.get(name, 0) + 0.5) / (self.turns + 10.0)

    def given(self, key: str, name: str) -> float:
        """Return P(gist | key), smoothed by P(gist)."""
        return (self.together.get((key, name), 0) + _LEAN * self.chance(name)) / (self.keys.get(key, 0) + _LEAN)

    def rarity(self, word: str) -> float:
        """Return ln(turns / turns with a content word): large for words that the log hardly knows."""
        return math.log((self.turns + 1) / (self.keys.get(_digest(f"w {word}"), 0) + 1))


def _keys(turn: TurnView, values: Values) -> tuple[str, str]:
    return _digest("=" + values.find(turn.top)[1]), _digest("?" + prompt_key(turn))


@lru_cache(maxsize=4_096)
def _digest(key: str) -> str:
    return xxhash.xxh64_hexdigest(key.encode())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GistModel:
    """Gist scores and counts from one source of labels."""

    name: str
    """Short name, first part of its features."""
    gists: ActScores
    ties: Ties

    def keys(self, turn: TurnView, values: Values) -> tuple[str, str]:
        """Return the keys of a turn: its best text, and what the assistant had just done."""
        return _keys(turn, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Commonest names in a log, each of which becomes a feature."""

    acts: tuple[str, ...]
    slots: tuple[str, ...]
    prompts: tuple[str, ...]

    @classmethod
    def of(cls, turns: Sequence[TurnView], *, acts: int = 8, slots: int = 8, prompts: int = 14) -> Names:
        """Count a log."""
        served = [act for turn in turns for act in turn.served]
        return cls(
            acts=_commonest([act for act, _, _ in served], acts),
            slots=_commonest([slot for _, slot, _ in served if slot], slots),
            prompts=_commonest([act for turn in turns for act in {act for act, _, _ in turn.prompt}], prompts),
        )


def _commonest(names: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple(name for name, _ in sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))[:count])
