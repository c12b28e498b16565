"""One turn with its neighbours, from which the features are computed.

Everything is taken from the log (n-best list, interpretations, times, responses and actions), nothing from
`Turn.truth`.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np

from uptake.text.lexicon import FILLERS, content_words
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Session, Transcript, Turn

__all__ = ["Item", "TurnInSession", "action_tokens", "entropy", "heard_again", "items", "views"]

Item = tuple[str, str]
"""A piece of meaning: (slot, value), or (intent, "") for each part of an intent."""

_PARTS = re.compile(r"[;+]")


@lru_cache(maxsize=65_536)
def _spoken(text: str) -> str:
    """Return the normalised text without hesitation sounds."""
    return " ".join(word for word in normalize(text).split() if word not in FILLERS)


def items(reading: Interpretation | None) -> frozenset[Item]:
    """Return the pieces of meaning of a reading: its slots and the parts of its intent; none for None."""
    if reading is None or not reading.intent:
        return frozenset()
    return frozenset(reading.slots) | {(part, "") for part in reading.intent.split("+")}


@lru_cache(maxsize=16_384)
def action_tokens(action: str | None) -> frozenset[str]:
    """Split an action into acts and slots: "offer(name=x)" gives offer, offer.name."""
    found: set[str] = set()
    for one in _PARTS.split(action or ""):
        name, _, rest = one.partition("(")
        slot, _, value = rest.removesuffix(")").partition("=")
        if name:
            found.add(name)
        if slot:
            found.add(f"{name}.{value if slot == 'slot' else slot}")
    return frozenset(found)


def entropy(masses: Iterable[float]) -> float:
    """Return the entropy in nats of non-negative masses; they need not sum to 1."""
    return -sum(mass * math.log(mass) for mass in masses if mass > 0.0) + 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class TurnInSession:
    """Turn with what came before it in its session."""

    turn: Turn
    index: int
    """Position in the session, from 0."""
    before: TurnInSession | None
    """The turn before, None for the first."""
    heard: tuple[tuple[str, float], ...]
    """(text, posterior) of the recogniser's list, best first; posteriors sum to 1."""
    words: Mapping[str, float]
    """Posterior mass of each content word over the recogniser's list."""
    meant: frozenset[Item]
    """Pieces of the reading that was acted on."""
    masses: Mapping[Item, float]
    """Probability of each piece over all readings."""
    nothing: float
    """Probability, in [0, 1], that no reading fits."""
    later: list[TurnInSession] = field(default_factory=list)
    """The turns that follow in the session; only offline features look here."""

    @cached_property
    def top(self) -> str:
        """Text that was acted on, without hesitation sounds."""
        return self.heard[0][0]

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Content words of `top`."""
        return content_words(self.top)

    @cached_property
    def values(self) -> frozenset[Item]:
        """Slots of the interpretation that was acted on."""
        return frozenset(item for item in self.meant if item[1])

    @property
    def confidence(self) -> float:
        """Confidence of the interpretation that was acted on; 0 without an interpretation, NaN if not recorded."""
        if self.turn.interpretation is None:
            return 0.0 if self.turn.runners_up else np.nan
        known = self.turn.interpretation.confidence
        return np.nan if known is None else known

    @property
    def prompt(self) -> Turn | None:
        """Turn whose response the user answers here."""
        return self.before.turn if self.before else None

    @cached_property
    def prompt_tokens(self) -> frozenset[str]:
        """Names in what the assistant did just before; "start" before the first turn."""
        return action_tokens(self.before.turn.action) if self.before else frozenset({"start"})

    @cached_property
    def asked(self) -> frozenset[str]:
        """Slots that the assistant spoke of just before."""
        return frozenset(token.rpartition(".")[2] for token in self.prompt_tokens if "." in token)

    @cached_property
    def belief(self) -> Mapping[str, str]:
        """Latest value of each slot, from the turns before this one."""
        found: dict[str, str] = {}
        earlier = self.before
        while earlier is not None:
            for name, value in sorted(earlier.values):
                found.setdefault(name, value)
            earlier = earlier.before
        return found

    @cached_property
    def prompt_text(self) -> str:
        """Prompt of the assistant just before, normalised."""
        return normalize((self.before.turn.response if self.before else None) or "")

    @property
    def seconds(self) -> float:
        """Length of the utterance; NaN where unknown."""
        return np.nan if self.turn.spoken_ms is None else self.turn.spoken_ms / 1000.0

    @property
    def next(self) -> TurnInSession | None:
        """Next turn; offline only."""
        return self.later[0] if self.later else None


def views(sessions: Iterable[Session], *, start: int = 0) -> Iterator[TurnInSession]:
    """Yield the views of all turns, in the order of the sessions; `start` is the position of their first turns."""
    for session in sessions:
        found: list[TurnInSession] = []
        for index, turn in enumerate(session.turns, start):
            found.append(_view(turn, index, found[-1] if found else None))
        for index, view in enumerate(found):
            view.later.extend(found[index + 1 :])
        yield from found


def heard_again(sessions: Iterable[Session], hearing: Mapping[str, Sequence[Transcript]]) -> list[TurnInSession]:
    """Return the views of all turns with the list of another recogniser; a turn it did not hear keeps its own.

    Args:
        sessions: Whole sessions.
        hearing: turn_id -> its list, best first.
    """
    again = (
        replace(session, turns=tuple(_as_heard(turn, hearing.get(turn.turn_id)) for turn in session.turns))
        for session in sessions
    )
    return list(views(again))


def _as_heard(turn: Turn, heard: Sequence[Transcript] | None) -> Turn:
    return replace(turn, alternatives=tuple(heard), request=heard[0].text) if heard else turn


def _view(turn: Turn, index: int, before: TurnInSession | None) -> TurnInSession:
    texts = [_spoken(other.text) for other in turn.alternatives] or [_spoken(turn.request)]
    posteriors = _posteriors([0.0 if other.score is None else other.score for other in turn.alternatives] or [0.0])
    words: defaultdict[str, float] = defaultdict(float)
    for text, mass in zip(texts, posteriors, strict=True):
        for word in dict.fromkeys(content_words(text)):
            words[word] += mass
    masses: defaultdict[Item, float] = defaultdict(float)
    understood = 0.0
    for reading in (turn.interpretation, *turn.runners_up):
        mass = 0.0 if reading is None or reading.confidence is None else reading.confidence
        for item in sorted(items(reading)):
            masses[item] += mass
        understood += mass if items(reading) else 0.0
    return TurnInSession(
        turn=turn,
        index=index,
        before=before,
        heard=tuple(zip(texts, posteriors, strict=True)),
        words=dict(words),
        meant=items(turn.interpretation),
        masses=dict(masses),
        nothing=max(0.0, 1.0 - understood) if masses or turn.runners_up else np.nan,
    )


def _posteriors(scores: Sequence[float]) -> list[float]:
    """Return log-likelihoods as probabilities that sum to 1; plain floats, as lists are too short for numpy to pay."""
    best = max(scores)
    masses = [math.exp(score - best) for score in scores]
    total = sum(masses)
    return [mass / total for mass in masses]
