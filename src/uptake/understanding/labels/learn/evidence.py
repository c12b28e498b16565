"""Turn the evidence for a label into features, and weigh them.

A logistic model turns the evidence of a label into a probability. Its weights ship with the package; its scale and
shift are fitted to the turns whose users answered "did I get that right?". An answer "no" means that something was
wrong, not what: it leaves open whether the intent was right, unless a later rephrase was answered "yes".

Limit: the shipped weights were fitted to simulated reactions to real recordings (`uptake.lab.evaluate.dialogues`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uptake.ml.learn.logit import Choice, fit_choices
from uptake.ml.linear import sigmoid
from uptake.text.normalize import normalize
from uptake.types import Turn
from uptake.understanding.labels.artifact import Origin
from uptake.understanding.labels.learn.projection import Slots

__all__ = ["EVIDENCE", "Candidate", "chances", "evidence", "log_odds", "support"]

EVIDENCE = (
    "own",
    "again",
    "neighbour",
    "fine",
    "sure",
    "source_fine",
    "source_sure",
    "said_again",
    "likeness",
    "attempts",
    "supporters",
    "share",
    "near",
)
"""Names of the evidence, in the order of the weights.

own, again, neighbour: 1 by where the reading is from: the turn itself, a turn that says it again, another user's
request that is much alike · fine, sure: log-odds that the turn did not fail and that its reading is right as its model
thinks, for its own reading; 0 for others · source_fine, source_sure: the same of the turn it was taken from ·
said_again: log-odds that the source says the turn again · likeness: of the wordings · attempts: share of the other
attempts at the same thing that were read so, 0.5 taken off · supporters: ln(1 + other users whose same request was read
so and seems fine) · share: of the users who agree on the request, 0.5 taken off · near: the same for requests that are
much alike.
"""

SHIPPED = (-1.2, -1.0, -1.6, 0.45, 0.5, 0.3, 0.4, 0.0, 0.3, 0.2, 0.0, 4.0, 1.7)
"""Weights that are believed before any answer."""
_FIRM = 4.0  # how much scale 1 and shift 0 are believed before any answer
_BLAMED = 0.25  # chance that a right intent is refused for its values, before any answer
_ROUNDS = 6
_FAR = 5.0  # log-odds are cut here
ANSWERED = 0.97
"""Probability given to a label that the user confirmed."""

Floats = NDArray[np.float64]
Support = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Candidate label."""

    turn: Turn
    """The turn that is labelled."""
    source: Turn
    """The turn whose reading it is."""
    origin: Origin
    """Evidence that it rests on."""
    intent: str
    """Intent of the turn."""
    slots: Slots = ()
    """Spans of its slots in the turn's request."""
    likeness: float = 1.0
    """Of the two requests, in [0, 1]."""
    p_defect: float
    """P(the turn failed its user)."""
    p_source: float
    """P(the source failed its user)."""
    said_again: float = 1.0
    """P(the source says the turn again)."""
    attempts: tuple[str, ...] = ()
    """Intents read from the other attempts at the same thing."""
    near: tuple[tuple[str, float], ...] = ()
    """(intent, likeness) of other users' requests that are much alike and seem fine."""


def evidence(candidates: Sequence[Candidate]) -> Floats:
    """Return (n, len(EVIDENCE)) float64."""
    users = support(candidates)
    everybody: dict[str, int] = defaultdict(int)
    for (text, _), agreed in users.items():
        everybody[text] += len(agreed)
    rows = np.zeros((len(candidates), len(EVIDENCE)))
    for row, one in enumerate(candidates):
        text, own = normalize(one.turn.request), one.origin == "accepted"
        agreed = users.get((text, one.intent), frozenset())
        others = len(agreed - {one.turn.user_id})
        same = sum(intent == one.intent for intent in one.attempts)
        near = sum(worth for intent, worth in one.near if intent == one.intent)
        rows[row] = (
            own,
            one.origin == "rephrase",
            not own and one.origin != "rephrase",
            -log_odds(one.p_defect) if own else 0.0,
            log_odds(_sure(one.turn)) if own else 0.0,
            0.0 if own else -log_odds(one.p_source),
            0.0 if own else log_odds(_sure(one.source)),
            log_odds(one.said_again) if one.origin == "rephrase" else 0.0,
            0.0 if own else one.likeness,
            (same + 0.5) / (len(one.attempts) + 1.0) - 0.5,
            math.log1p(others),
            (len(agreed) + 1.0) / (everybody[text] + 2.0) - 0.5,
            (near + 0.25) / (sum(worth for _, worth in one.near) + 0.5) - 0.5,
        )
    return rows


def support(candidates: Iterable[Candidate]) -> Support:
    """Return (request, intent) -> users of whom a turn that seems fine supports it."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in candidates:
        if one.p_source < 0.5 and one.origin in ("accepted", "rephrase"):
            found[normalize(one.turn.request), one.intent].add(one.turn.user_id)
    return {key: frozenset(users) for key, users in found.items()}


def chances(candidates: Sequence[Candidate], rows: Floats) -> tuple[Floats, int]:
    """Return (n,) probability of each candidate, and how many answered turns calibrate it.

    The shipped weights order the candidates; scale and shift are fitted to the answers. What a user answered says more
    than any evidence.
    """
    meant = _meant(candidates)
    scores = rows @ np.array(SHIPPED)
    scale, shift = _calibrated(candidates, scores, meant)
    found = sigmoid(scale * scores + shift)
    for at, one in enumerate(candidates):
        known = meant.get(one.turn.turn_id)
        if known is not None:
            found[at] = max(found[at], ANSWERED) if one.intent == known else min(found[at], 1.0 - ANSWERED)
    return np.asarray(found), len({one.turn.turn_id for one in candidates if one.turn.answer is not None})


def _calibrated(candidates: Sequence[Candidate], scores: Floats, meant: Mapping[str, str]) -> Floats:
    """Return (2,) scale and shift of the scores.

    A "no" is right about the intent with the probability that follows from the score and from how often a right intent
    is refused for its values; both are found in turn (expectation maximisation).
    """
    own = [at for at, one in enumerate(candidates) if one.origin == "accepted"]
    told = [at for at in own if candidates[at].turn.turn_id in meant]
    refused = [at for at in own if candidates[at].turn.answer is False and candidates[at].turn.turn_id not in meant]
    prior, found, blamed = np.array([1.0, 0.0]), np.array([1.0, 0.0]), _BLAMED
    rights = [candidates[at].intent == meant[candidates[at].turn.turn_id] for at in told]
    for _ in range(_ROUNDS if told or refused else 0):
        chance = sigmoid(found[0] * scores[refused] + found[1])
        innocent = blamed * chance / (blamed * chance + 1.0 - chance)
        choices = [_choice(scores[at], right=right) for at, right in zip(told, rights, strict=True)]
        for at, share in zip(refused, innocent.tolist(), strict=True):
            choices += [
                _choice(scores[at], right=True, weight=share),
                _choice(scores[at], right=False, weight=1 - share),
            ]
        found = fit_choices(choices, prior, precision=_FIRM)
        blamed = float((innocent.sum() + 1.0) / (innocent.sum() + sum(rights) + 4.0))
    return found


def _choice(score: float, *, right: bool, weight: float = 1.0) -> Choice:
    return Choice(features=np.array([[score, 1.0], [0.0, 0.0]]), right=0 if right else 1, weight=max(weight, 1e-6))


def log_odds(chance: float) -> float:
    """Return ln(p / (1 - p)), cut where it says too much."""
    least = 1.0 / (1.0 + math.exp(_FAR))
    kept = min(max(float(chance), least), 1.0 - least)
    return math.log(kept / (1.0 - kept))


def _meant(candidates: Iterable[Candidate]) -> dict[str, str]:
    """Turn -> the intent its user meant, where an answer tells."""
    found: dict[str, str] = {}
    for one in candidates:
        own = one.origin == "accepted"
        if one.source.answer and (own or (one.origin == "rephrase" and one.said_again >= 0.5)):
            known = found.get(one.turn.turn_id)
            found[one.turn.turn_id] = one.intent if own or known is None else known
    return found


def _sure(turn: Turn) -> float:
    """Return the confidence of a turn's reading; one half where it is unknown."""
    confidence = turn.interpretation.confidence if turn.interpretation else None
    return 0.5 if confidence is None else confidence
