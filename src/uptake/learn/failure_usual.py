"""How usual a turn of a call is, by the log alone: its length for its words, its reading after that prompt, its list.

Noise that was heard as words is seldom as long as the words are, seldom answers what was asked, and is often followed
by somebody who speaks at once. Counts of readings after prompts are never those of the person who is judged.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from uptake.learn.failure_words import Heard
from uptake.signals.tables import Row
from uptake.signals.views import View
from uptake.text.normalize import normalize
from uptake.types import Transcript

__all__ = ["usual_rows"]

_LONGEST = 60
_ENOUGH = 20
_FIRM = 5.0


def usual_rows(seen: Sequence[View], counted: Sequence[View], second: Heard | None = None) -> list[Row]:
    """One row a turn.

    Args:
        seen: The turns.
        counted: The turns that are counted; those of a turn's own person are left out for it.
        second: What another recogniser heard.
    """
    paces, everybody = _Paces.of(counted), _Answers()
    people: defaultdict[str, _Answers] = defaultdict(_Answers)
    for view in counted:
        everybody.add(view)
        people[view.turn.user_id].add(view)
    nobody = _Answers()
    return [
        {
            "usual:length": paces.stands_out(view),
            **everybody.usual(view, people.get(view.turn.user_id, nobody)),
            **_list(view),
            **_later(view),
            **_lists(view, (second or {}).get(view.turn.turn_id, ())),
        }
        for view in seen
    ]


@dataclass(frozen=True)
class _Paces:
    """Letters of a text -> median of ln(seconds), and its median deviation."""

    middle: tuple[float, ...]
    spread: tuple[float, ...]

    @classmethod
    def of(cls, seen: Sequence[View]) -> _Paces:
        known = [(_letters(view), math.log(view.seconds)) for view in seen if view.seconds > 0.0]
        letters, seconds = np.array([at for at, _ in known]), np.array([length for _, length in known])
        middle, spread = [], []
        for size in range(_LONGEST + 1):
            near = seconds[np.abs(letters - size) <= 1] if known else seconds
            enough = len(near) >= _ENOUGH
            middle.append(float(np.median(near)) if enough else math.nan)
            spread.append(float(np.median(np.abs(near - middle[-1]))) + 0.05 if enough else math.nan)
        return cls(tuple(middle), tuple(spread))

    def stands_out(self, view: View) -> float:
        """How many deviations longer than usual for so many letters; NaN where unknown."""
        if not view.seconds > 0.0:
            return math.nan
        size = _letters(view)
        return (math.log(view.seconds) - self.middle[size]) / self.spread[size]


def _letters(view: View) -> int:
    return min(sum(letter.isalpha() for letter in view.top), _LONGEST)


@dataclass
class _Answers:
    """How often each part of a reading follows each kind of prompt."""

    turns: int = 0
    prompts: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    both: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, view: View) -> None:
        prompt = _kind(view)
        self.turns += 1
        self.prompts[prompt] += 1
        for part in _parts(view):
            self.parts[part] += 1
            self.both[prompt, part] += 1

    def usual(self, view: View, own: _Answers) -> Row:
        """How probable the reading's least probable part is after that prompt, in ln, and beside all other prompts."""
        prompt, turns = _kind(view), self.turns - own.turns
        prompts = self.prompts[prompt] - own.prompts[prompt]
        found = []
        for part in _parts(view):
            chance = (self.parts[part] - own.parts[part] + 0.5) / (turns + 10.0)
            both = self.both[prompt, part] - own.both[prompt, part]
            after = (both + _FIRM * chance) / (prompts + _FIRM)
            found.append((math.log(after), math.log(after / chance)))
        return {"usual:answer": min(one for one, _ in found), "usual:after_prompt": min(one for _, one in found)}


def _kind(view: View) -> str:
    return "+".join(sorted(token for token in view.prompt_tokens if "." not in token))


def _parts(view: View) -> list[str]:
    return sorted({name for name, _ in view.meant}) or ["nothing"]


def _list(view: View) -> Row:
    sizes = [len(text.split()) for text, _ in view.heard]
    return {
        "usual:list_empty": float(sum(not size for size in sizes)),
        "usual:list_shortest": float(min(sizes)),
        "usual:list_longest": float(max(sizes)),
    }


def _later(view: View) -> Row:
    """How soon the next turn began after this one ended, and whether its values were ever read again."""
    row: Row = {}
    if view.next is not None and not math.isnan(view.seconds):
        row["usual:next_after"] = (view.next.turn.said_at - view.turn.said_at).total_seconds() - view.seconds
    if view.values:
        row["usual:never_again"] = float(not any(view.values & later.values for later in view.later))
    return row


def _lists(view: View, heard: Sequence[Transcript]) -> Row:
    """How the two recognisers' lists overlap."""
    if not heard:
        return {}
    mine = [text for text, _ in view.heard]
    theirs = [normalize(one.text) for one in heard]
    return {
        "other:rank": float(theirs.index(view.top) if view.top in theirs else len(theirs)),
        "other:rank_here": float(mine.index(theirs[0]) if theirs[0] in mine else len(mine)),
        "other:shared": float(len(set(mine) & set(theirs))),
        "other:contained": float(set(view.content) <= set(theirs[0].split())),
        "other:lengths": float(np.std([len(text) for text in theirs])),
    }
