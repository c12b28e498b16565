"""Represent a turn for repairs: all hypotheses, all interpretations, and the dialogue before it.

Meanings are sets of acts (act, slot, value). What counts as a meaning differs between assistants, so the few
conventions are data: which acts are mere courtesy, which slot name stands for "the one you asked about", and which acts
of the assistant ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self
from urllib.parse import unquote

import numpy as np

from uptake.text.lexicon import FILLERS, content_words
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Transcript, Turn

__all__ = ["Act", "Conventions", "Meaning", "TurnView", "acts_done", "hear", "meaning_of", "spoken", "written"]

Act = tuple[str, str, str]
"""(act, slot, value); slot and value are "" for an act without slots."""
Meaning = frozenset[Act]
"""Everything that one turn asks for; empty: nothing."""

_MAX_TEXTS = 10
_MAX_READINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """Conventions of an assistant for meanings."""

    courtesy: tuple[str, ...] = ()
    """Acts that name no wish and are left out of every meaning."""
    placeholder: str = ""
    """Slot that stands for the one the assistant asked about; "" where there is none."""
    asking: tuple[str, ...] = ()
    """Acts of the assistant that ask about a slot; "request" names it in its value."""

    def resolved(self, meaning: Iterable[Act], asked: Sequence[str]) -> Meaning:
        """Return a meaning without courtesy, its placeholder replaced by the slot that was asked about."""
        first = asked[0] if asked else self.placeholder
        return frozenset(
            (act, first if self.placeholder and slot == self.placeholder else slot, value)
            for act, slot, value in meaning
            if act not in self.courtesy
        )

    def asked(self, done: Iterable[Act]) -> tuple[str, ...]:
        """Return the slots that the assistant's acts ask about, in order."""
        return tuple(
            value if slot == "slot" else slot for act, slot, value in done if act in self.asking and (slot or value)
        )

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"courtesy": list(self.courtesy), "placeholder": self.placeholder, "asking": list(self.asking)}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(courtesy=tuple(body["courtesy"]), placeholder=str(body["placeholder"]), asking=tuple(body["asking"]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnView:
    """Turn with what came before it; nothing of what came after."""

    texts: tuple[tuple[str, float], ...]
    """(text, mass) of the recogniser's list, best first; masses sum to 1."""
    score: float
    """The recogniser's score of its best text; NaN where unknown."""
    readings: tuple[tuple[Meaning, float], ...]
    """(meaning, probability) of the understanding, best first; the first is what would be acted on."""
    courteous: bool = False
    """Whether what would be acted on is courtesy alone: empty, but not for want of understanding."""
    asked: tuple[str, ...] = ()
    """Slots that the assistant had just asked about."""
    prompt: tuple[Act, ...] = ()
    """Acts of the assistant just before."""
    prompt_words: frozenset[str] = frozenset()
    """Words of what it had just said."""
    prompt_s: float = np.nan
    """Length of what it had just said, in seconds; NaN where unknown."""
    cut_in: float = np.nan
    """Whether the user cut in, 0 or 1; NaN where unknown."""
    seconds: float = np.nan
    """Length of the utterance; NaN where unknown."""
    before: TurnView | None = None
    """The turn before."""
    index: int = 0
    """Turns before this one."""
    words: Mapping[str, float] = field(init=False)
    """Mass of each content word over the recogniser's list."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", _words(self.texts))

    @property
    def top(self) -> str:
        """Text that would be acted on."""
        return self.texts[0][0]

    @property
    def served(self) -> Meaning:
        """Meaning that would be acted on."""
        return self.readings[0][0] if self.readings else frozenset()

    @property
    def doubt(self) -> float:
        """1 minus the probability of `served`."""
        return 1.0 - (self.readings[0][1] if self.readings else 0.0)


def hear(turns: Sequence[Turn], conventions: Conventions) -> list[TurnView]:
    """Return the turns of one session, in order, as they were heard."""
    found: list[TurnView] = []
    for turn in turns:
        found.append(_heard(turn, turns[len(found) - 1] if found else None, found[-1] if found else None, conventions))
    return found


def _heard(turn: Turn, prompt: Turn | None, before: TurnView | None, conventions: Conventions) -> TurnView:
    done = acts_done(prompt.action if prompt else None)
    asked = conventions.asked(done)
    texts = spoken(turn.alternatives or (Transcript(text=turn.request),))
    return TurnView(
        texts=texts,
        score=_score(turn.alternatives),
        readings=_readings(turn, asked, conventions),
        courteous=turn.interpretation is not None and not conventions.resolved(meaning_of(turn.interpretation), asked),
        asked=asked,
        prompt=done,
        prompt_words=frozenset(normalize((prompt.response if prompt else None) or "").split()),
        prompt_s=np.nan if prompt is None or prompt.response_ms is None else prompt.response_ms / 1000.0,
        cut_in=np.nan if prompt is None else float(prompt.barge_in_ms is not None),
        seconds=np.nan if turn.spoken_ms is None else turn.spoken_ms / 1000.0,
        before=before,
        index=before.index + 1 if before else 0,
    )


def _readings(turn: Turn, asked: Sequence[str], conventions: Conventions) -> tuple[tuple[Meaning, float], ...]:
    """Join readings that mean the same; the one acted on stays first."""
    masses: dict[Meaning, float] = {}
    for reading in (turn.interpretation, *turn.runners_up)[: _MAX_READINGS + 1]:
        if reading is None and turn.runners_up:
            masses[frozenset()] = 0.0  # nothing was acted on; its probability is what the others leave
            continue
        meaning = conventions.resolved(meaning_of(reading), asked)
        masses[meaning] = masses.get(meaning, 0.0) + ((reading.confidence or 0.0) if reading else 0.0)
    first = next(iter(masses))
    if turn.interpretation is None:
        masses[first] += max(0.0, 1.0 - sum(masses.values()))
    return tuple(masses.items())


def _score(alternatives: Sequence[Transcript]) -> float:
    score = alternatives[0].score if alternatives else None
    return np.nan if score is None else score


def spoken(alternatives: Sequence[Transcript]) -> tuple[tuple[str, float], ...]:
    """Return (text, mass) of a recogniser's list: equal texts are one, masses are the softmax of the scores."""
    kept = alternatives[:_MAX_TEXTS]
    scores = np.array([0.0 if other.score is None else other.score for other in kept])
    scores = np.clip(np.nan_to_num(scores, nan=0.0, posinf=0.0, neginf=-1e6), -1e6, 1e6)  # a broken score says nothing
    masses = np.exp(scores - scores.max())
    found: dict[str, float] = {}
    for other, mass in zip(kept, (masses / masses.sum()).tolist(), strict=True):
        text = _plain(other.text)
        found[text] = found.get(text, 0.0) + mass
    return tuple(found.items())


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    return " ".join(word.replace("'", "") for word in normalize(text).split() if word not in FILLERS)


def _words(texts: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for text, mass in texts:
        for word in dict.fromkeys(content_words(text)):
            found[word] = found.get(word, 0.0) + mass
    return found


@lru_cache(maxsize=4_096)
def acts_done(action: str | None) -> tuple[Act, ...]:
    """Return the assistant's acts behind a written action such as "offer(name=x);request(slot=area)"."""
    found: list[Act] = []
    for one in (action or "").split(";"):
        act, opened, rest = one.partition("(")
        slot, _, value = rest.removesuffix(")").partition("=")
        if opened:
            found.append((unquote(act), unquote(slot), unquote(value)))
    return tuple(found)


@lru_cache(maxsize=4_096)
def meaning_of(reading: Interpretation | None) -> Meaning:
    """Return the acts of a reading: parts of the intent are joined by "+", slots named "act.slot"; none for None.

    >>> sorted(meaning_of(Interpretation(intent="affirm+inform", slots=(("inform.food", "thai"),))))
    [('affirm', '', ''), ('inform', 'food', 'thai')]
    """
    if reading is None or not reading.intent:
        return frozenset()
    found = set()
    for name, value in reading.slots:
        act, _, slot = name.rpartition(".")
        found.add((act, slot, value))
    bare = set(reading.intent.split("+")) - {act for act, _, _ in found}
    return frozenset(found | {(act, "", "") for act in bare})


def written(meaning: Iterable[Act], *, confidence: float | None = None) -> Interpretation:
    """Return a meaning as one interpretation; `meaning_of` reads it back."""
    acts = sorted(meaning)
    names = sorted({act for act, _, _ in acts if act})
    slots = tuple((f"{act}.{slot}" if act else slot, value) for act, slot, value in acts if slot)
    return Interpretation(intent="+".join(names), slots=slots, confidence=confidence)
