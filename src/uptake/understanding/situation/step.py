"""Rank the readings of a request by its situation: P(reading | request, context) over some candidates.

The score of a reading is a weighted sum of what `uptake.understanding.situation.features` says of it and of what the
artifact
`contexts` has counted; the chances are the softmax of the scores (a conditional logit). `context.toml` holds the
weights with their provenance: `uptake train context` fits them again.

Limit: it chooses among readings that somebody proposed; it cannot know that the right one is missing.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from uptake.errors import BadConfig
from uptake.store.served import Served
from uptake.types import Interpretation, Situation
from uptake.understanding.situation.counts import COUNTED, counted
from uptake.understanding.situation.features import FEATURES, evidence, thing_of
from uptake.understanding.situation.reading_view import view
from uptake.understanding.situation.scene import Scene, scene

if TYPE_CHECKING:
    from uptake.store.store import ArtifactStore
    from uptake.understanding.situation.artifact import ContextCounts

__all__ = ["NAMES", "SCHEMA_VERSION", "ContextRanker", "Scored", "features", "shipped_weights"]

SCHEMA_VERSION = 1
NAMES = (*FEATURES, *COUNTED)
"""Every feature, in the order of its columns."""

_REASONS = {
    "named_by_user": "it was just spoken of",
    "named_by_agent": "the assistant just spoke of it",
    "named_before": "it was spoken of before",
    "named_last": "it was mentioned last",
    "points_named": "it was just spoken of",
    "kind_by_user": "this is what the last request was about",
    "kind_by_agent": "this is what the last answer was about",
    "points_kind": "this is what the last turn was about",
    "act_by_user": "the last request asked for something like it",
    "offered": "the assistant just asked about it",
    "fits": "{thing} is {state}",
    "lively": "{thing} is {state}",
    "listed": "{thing} is here",
    "calls": "{thing} is {state}",
    "kind_of_lively": "something of this kind is going on",
    "value_in_states": "a state speaks of it",
    "this_room": "it is in this room",
    "kind_of_room": "people ask for it in such a room",
    "seen": "there is a screen",
    "heard": "there is no screen",
    "kind_of_device": "people ask for it on such a device",
    "kind_of_place": "people ask for it at such a place",
    "kind_of_hour": "people ask for it at this hour",
    "usual_words": "usual for this person at this hour",
    "usual_kind": "usual for this person at this hour",
    "usual_ever": "usual for this person",
    "usual_next": "usual for this person after what was just said",
    "counted": "this is often meant",
    "counted_request": "this request often means it",
    "counted_after": "it often comes next",
    "counted_room": "often meant in this room",
    "counted_hour": "often meant at this hour",
    "counted_device": "often meant on such a device",
    "counted_state": "often meant while the device does this",
    "counted_place": "often meant there",
    "counted_activity": "often meant meanwhile",
}
_SHOWN = 0.02  # a reading of less chance is given no reasons
_TELLING = 0.25  # least lead in score, over the other readings, that is given as a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A reading and what the situation makes of it."""

    interpretation: Interpretation
    """The reading, as it was given."""
    probability: float
    """Chance, in [0, 1], that it is meant, if one of the candidates is."""
    score: float
    """Sum of weights and features; only differences between candidates mean something."""
    reasons: tuple[str, ...]
    """Reasons for it rather than the others, strongest first; nobody's words."""


@dataclass(frozen=True, slots=True)
class ContextRanker:
    """Ranks readings by the situation.

    >>> from uptake.types import Context, Interpretation, Situation
    >>> names = ("Hall Light", "Kitchen Light")
    >>> light = [Interpretation(intent="HassTurnOn", slots=(("name", name),)) for name in names]
    >>> here = Situation(context=Context(room="Kitchen"))
    >>> best = ContextRanker().rank("turn on the light", light, here)[0]
    >>> best.interpretation.slots[0][1], best.reasons
    ('Kitchen Light', ('it is in this room',))

    Args:
        contexts: What was counted in the log; None where nothing was.
        weights: Weight of each feature; None for those that come with the package.
        served: Counts that are opened again when others are published, in the place of `contexts`.
    """

    contexts: ContextCounts | None = None
    weights: Mapping[str, float] | None = None
    served: Served[ContextCounts | None] | None = None

    @classmethod
    def serving(cls, store: ArtifactStore) -> Self:
        """Return a ranker with whatever counts are served at the moment; it works without any."""
        return cls(served=Served(store, "contexts", _counts, missing=None))

    def rank(self, text: str, candidates: Sequence[Interpretation], situation: Situation) -> tuple[Scored, ...]:
        """Rank candidates, likeliest first; equally likely ones keep their order."""
        if not candidates:
            return ()
        weights = shipped_weights() if self.weights is None else self.weights
        around = scene(text, situation)
        contexts = self.contexts if self.served is None else self.served.current()
        rows = features(text, candidates, situation, around, contexts)
        parts = [{name: weights.get(name, 0.0) * value for name, value in row.items()} for row in rows]
        scores = [sum(part.values()) for part in parts]
        top = max(scores)
        grown = [math.exp(score - top) for score in scores]
        whole = sum(grown)
        found = [
            Scored(
                interpretation=candidate,
                probability=chance / whole,
                score=score,
                reasons=_reasons(parts, at, candidate, around) if chance >= _SHOWN * whole else (),
            )
            for at, (candidate, chance, score) in enumerate(zip(candidates, grown, scores, strict=True))
        ]
        return tuple(sorted(found, key=lambda one: -one.probability))


def _counts(store: ArtifactStore, version: str) -> ContextCounts:
    from uptake.understanding.situation.artifact import ContextCounts

    return store.load(ContextCounts, version)


def features(
    text: str,
    candidates: Sequence[Interpretation],
    situation: Situation,
    around: Scene | None = None,
    contexts: ContextCounts | None = None,
) -> list[dict[str, float]]:
    """Return features of each candidate, those that are 0 left out."""
    around = around or scene(text, situation)
    rows = [evidence(view(candidate), around) for candidate in candidates]
    if contexts is not None and len(contexts):
        for row, more in zip(rows, counted(text, candidates, situation, contexts), strict=True):
            row.update(more)
    return rows


@lru_cache(maxsize=1)
def shipped_weights() -> Mapping[str, float]:
    """Return the weights that come with the package.

    Raises:
        BadConfig: The file is of another schema version, or its features are not these.
    """
    content = tomllib.loads(
        resources.files("uptake.understanding.situation").joinpath("weights.toml").read_text(encoding="utf-8")
    )
    if content.get("schema_version") != SCHEMA_VERSION:
        raise BadConfig(f"context.toml has schema version {content.get('schema_version')}, expected {SCHEMA_VERSION}")
    if set(content["weights"]) != set(NAMES):
        raise BadConfig("context.toml has weights of other features; fit them again")
    return MappingProxyType({name: float(weight) for name, weight in content["weights"].items()})


def _reasons(
    parts: Sequence[Mapping[str, float]], at: int, candidate: Interpretation, around: Scene
) -> tuple[str, ...]:
    """List what lifts one candidate above the best of the others, feature by feature."""
    others = [part for place, part in enumerate(parts) if place != at]
    lead = {
        name: value - max((other.get(name, 0.0) for other in others), default=0.0)
        for name, value in parts[at].items()
        if name in _REASONS
    }
    telling = sorted((name for name, value in lead.items() if value >= _TELLING), key=lambda name: -lead[name])
    if not telling:
        return ()
    thing = thing_of(view(candidate), around)[0]
    said = (_REASONS[name].format(thing=thing.label, state=thing.state) for name in telling)
    return tuple(dict.fromkeys(said))[:3]
