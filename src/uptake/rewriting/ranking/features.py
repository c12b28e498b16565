"""Features of a candidate: one row of numbers, NaN where something is unknown.

Likeness is measured here and not taken from the generators, so that a ranker learned with one index serves another.
Everything about a candidate is also told relative to the best of its rivals: what matters is which one it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from uptake.rewriting.proposal import Candidate
from uptake.rewriting.ranking.fluency import Fluency, signature
from uptake.rewriting.retrieval.history import Own
from uptake.same import Same
from uptake.text.diff import changed_similarity
from uptake.text.distance import edit_similarity, word_similarity
from uptake.text.lexicon import critical_words, negations, numbers, opposites
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key, sound_similarity
from uptake.types import Interpretation, Situation

__all__ = ["FEATURES", "RankingRequest", "rows", "same_reading"]

Floats = NDArray[np.float64]
_PAIRS = 256  # of texts whose comparison is kept: a decision weighs the same ones for a person and for a stranger
_SHARP = 10.0  # how fast belief falls with unlikeness

_HEARD = (
    "confidence", "lead", "doubt", "slots", "words", "letters",
    "surprise", "worst_surprise", "unknown_words", "rarest", "nearest_worked", "habit", "said_before",
)  # fmt: skip
_LIKENESS = ("edit", "sound", "trigrams", "in_words", "changed", "partial", "telling")
_PAIR = (
    "rank", "rivals", "personal", "global", "origins", "best_origin", "listed",
    "words_lost", "words_gained", "unknown_lost", "unknown_gained", "rarest_lost", "rarest_gained",
    "exchanged_sound", "exchanged_letters", "longer", "same_squeezed", "less_surprise", "less_worst_surprise",
    "numbers_change", "negation_changes", "opposites", "becomes_critical",
)  # fmt: skip
_READING = (
    "its_confidence", "its_chance_as_heard", "same_intent", "slots_lost", "slots_gained", "slots_shared",
    "kinds_differ", "same_reading", "its_slots", "just_rejected",
    "signature", "signature_as_heard",
)  # fmt: skip
_COUNTS = ("users", "wins", "losses", "success", "days_ago")
_SUPPORT = ("same_as_others", "listed_for_it", "mass", "mass_lead", "counted_mass", "counted_mass_lead")
_OWN = ("own_reading", "own_intent", "own_requests", "own_reading_lead")
_GAP = tuple(f"{name}_gap" for name in _LIKENESS)

FEATURES = (*_HEARD, *_LIKENESS, *_GAP, *_PAIR, *_READING, *_COUNTS, *_SUPPORT, *_OWN)
"""Names of the columns of `rows`, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRequest:
    """A request as it is weighed against its candidates."""

    text: str
    """Normalised text."""
    readings: tuple[Interpretation, ...] = ()
    """Readings of the request by the assistant, best first, with confidences; empty where it was not asked."""
    alternatives: tuple[str, ...] = ()
    """Other hypotheses of the recogniser's n-best list, normalised."""
    habit: float | None = None
    """Chance, in [0, 1], that this person says what they said before; None where unknown."""
    said_before: bool | None = None
    """Whether the request as heard is itself among the requests that work; None where unknown."""
    nearest_worked: float | None = None
    """Edit similarity, in [0, 1], of the nearest request that works for many; None where unknown."""
    own: Own | None = None
    """Readings that worked for this person before; None where the person is unknown."""


def same_reading(left: Interpretation | None, right: Interpretation | None) -> bool:
    """Tell whether two readings mean the same: intent and slots, whatever their order."""
    return left is not None and right is not None and left.key == right.key


def rows(
    heard: RankingRequest,
    candidates: Sequence[Candidate],
    fluency: Fluency,
    *,
    situation: Situation | None = None,
    now: datetime | None = None,
) -> Floats:
    """Return (candidates, features) float64.

    Args:
        heard: The request.
        candidates: What may have been meant, best first.
        fluency: What usual requests look like.
        situation: Tells what was just said and rejected; None where unknown.
        now: Moment of the request, aware, to tell how long ago a candidate worked; None where unknown.
    """
    if not candidates:
        return np.zeros((0, len(FEATURES)))
    texts, same = [normalize(one.text) for one in candidates], Same(fluency)
    compared = [_of_texts(heard.text, text, same) for text in texts]
    likeness = np.array([one.likeness for one in compared])
    told = np.array(_of_heard(heard, fluency))
    before = _just_read(heard, situation)
    pairs = [
        [*_of_pair(heard, one, text, rank=rank, rivals=len(candidates)), *both.differs]
        for rank, (one, text, both) in enumerate(zip(candidates, texts, compared, strict=True))
    ]
    readings = [_of_reading(heard, one.interpretation, before, fluency) for one in candidates]
    counts = [_of_counts(one, now) for one in candidates]
    return np.hstack(
        [
            np.tile(told, (len(candidates), 1)),
            likeness,
            likeness - _rival(likeness),
            np.array(pairs, dtype=np.float64),
            np.array(readings, dtype=np.float64),
            np.array(counts, dtype=np.float64),
            _support(candidates, likeness),
            _of_own(candidates, heard.own),
        ]
    )


def _support(candidates: Sequence[Candidate], likeness: Floats) -> Floats:
    """Compute the support for each candidate's reading, whatever its wording, shape (n, 6)."""
    keys = [one.text if one.interpretation is None else one.interpretation.key for one in candidates]
    numbered: dict[str, int] = {}
    meant = np.array([numbered.setdefault(key, len(numbered)) for key in keys])
    same = meant[:, None] == meant
    listed = np.array([next((score for name, score in one.origins if name == "listed"), 0.0) for one in candidates])
    listed[0] = 1.0  # the request as heard heads the list
    alike = likeness[:, :2].mean(axis=1)
    near = np.exp(_SHARP * (alike - alike[1:].max(initial=0.0)))
    counted = near * np.sqrt([1.0 + (one.wins or 0.0) for one in candidates])
    near[0] = counted[0] = 0.0  # it is like itself, which says nothing
    found = [same.sum(axis=1) - 1.0, same @ listed / listed.sum()]
    for mass in (near, counted):
        share = same @ mass / max(mass.sum(), 1e-12)
        found += [share, share - np.where(same, 0.0, share).max(axis=1)]
    return np.column_stack(found)


def _of_own(candidates: Sequence[Candidate], own: Own | None) -> Floats:
    """Count how often each candidate's meaning worked for this person in any words, shape (n, 4); NaN for strangers."""
    if own is None:
        return np.full((len(candidates), len(_OWN)), np.nan)
    readings = [one.interpretation for one in candidates]
    times = np.log1p([0.0 if one is None else own.readings.get(one.key, 0.0) for one in readings])
    kinds = np.log1p([0.0 if one is None else own.intents.get(one.intent, 0.0) for one in readings])
    every = np.full(len(candidates), math.log1p(sum(own.readings.values())))
    found = np.column_stack([times, kinds, every, times - times[1:].max(initial=0.0)])
    found[[one is None for one in readings]] = np.nan
    return found


def _rival(likeness: Floats) -> Floats:
    """Return (n, m) the best likeness that another candidate has; 0 where there is none."""
    if len(likeness) == 1:
        return np.zeros_like(likeness)
    order = np.sort(likeness, axis=0)
    return np.asarray(np.where(likeness == order[-1], order[-2], order[-1]), dtype=np.float64)


def _of_heard(heard: RankingRequest, fluency: Fluency) -> list[float]:
    chances = [one.confidence for one in heard.readings if one.confidence is not None]
    usual = fluency.usual(heard.text)
    rest = max(1.0 - sum(chances), 0.0)
    doubt = -sum(chance * math.log(max(chance, 1e-9)) for chance in chances) + rest
    return [
        chances[0] if chances else math.nan,
        chances[0] - (chances[1] if len(chances) > 1 else 0.0) if chances else math.nan,
        doubt if chances else math.nan,
        float(len(heard.readings[0].slots)) if heard.readings else math.nan,
        float(len(heard.text.split())),
        float(len(heard.text)),
        usual.mean,
        usual.worst,
        float(usual.unknown),
        usual.rarest,
        math.nan if heard.nearest_worked is None else heard.nearest_worked,
        math.nan if heard.habit is None else heard.habit,
        math.nan if heard.said_before is None else float(heard.said_before),
    ]


@lru_cache(maxsize=512)
def _trigrams(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


class _Compared(NamedTuple):
    likeness: tuple[float, ...]
    differs: tuple[float, ...]
    """The columns of `_PAIR` that depend on the two texts alone."""


@lru_cache(maxsize=_PAIRS)
def _of_texts(heard: str, text: str, same: Same[Fluency]) -> _Compared:
    """Compare two texts, whatever the candidate."""
    fluency = same.it
    telling = _telling(set(heard.split()), set(text.split()), fluency)
    return _Compared((*_alike(heard, text), telling), _differences(heard, text, fluency))


def _alike(heard: str, text: str) -> tuple[float, ...]:
    ours, theirs = _trigrams(heard), _trigrams(text)
    return (
        edit_similarity(heard, text),
        sound_similarity(heard, text),
        (both := len(ours & theirs)) / (len(ours) + len(theirs) - both),
        word_similarity(heard, text),
        changed_similarity(heard, text),
        fuzz.partial_ratio(heard, text) / 100.0 if heard and text else 0.0,
    )


def _telling(ours: set[str], theirs: set[str], fluency: Fluency) -> float:
    """Return the share of the words of both that they have in common, weighted by rarity."""
    every = sorted(ours | theirs)
    most = math.log(len(fluency) + 2.0)
    weights = [most - math.log(count + 1.0) for count in fluency.counted(every)]
    total = sum(weights)
    shared = sum(weight for word, weight in zip(every, weights, strict=True) if word in ours and word in theirs)
    return shared / total if total > 0.0 else 0.0


class _Exchange(NamedTuple):
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    likeness: tuple[float, ...]
    """How alike they are, how much longer the text is, and whether both have the same letters."""
    telling: tuple[float, ...]
    """Whether they differ in what changes the meaning."""


def _exchanged(heard: str, text: str) -> _Exchange:
    ours, theirs = heard.split(), text.split()
    lost: list[str] = []
    gained: list[str] = []
    for change in Levenshtein.opcodes(ours, theirs):
        if change.tag != "equal":
            lost += ours[change.src_start : change.src_end]
            gained += theirs[change.dest_start : change.dest_end]
    squeezed = heard.replace(" ", "").replace("'", "") == text.replace(" ", "").replace("'", "")
    likeness = (
        _sounds_alike(lost, gained),
        Levenshtein.normalized_similarity("".join(lost), "".join(gained)) if lost or gained else 1.0,
        float(len(theirs) - len(ours)),
        float(squeezed),
    )
    telling = (
        float(numbers(heard) != numbers(text)),
        float(negations(heard) != negations(text)),
        float(len(opposites(heard, text))),
        float(bool(critical_words(text)) and critical_words(text) != critical_words(heard)),
    )
    return _Exchange(tuple(lost), tuple(gained), likeness, telling)


def _of_pair(heard: RankingRequest, one: Candidate, text: str, *, rank: int, rivals: int) -> list[float]:
    return [
        float(rank),
        float(rivals),
        float(one.layer == "personal"),
        float(one.layer == "global"),
        float(len(one.origins)),
        one.score,
        float(text in heard.alternatives) if heard.alternatives else math.nan,
    ]


def _differences(heard: str, text: str, fluency: Fluency) -> tuple[float, ...]:
    lost, gained, likeness, telling = _exchanged(heard, text)
    counted_lost, counted_gained = fluency.counted(lost), fluency.counted(gained)
    usual, before = fluency.usual(text), fluency.usual(heard)
    return (
        float(len(lost)),
        float(len(gained)),
        float(counted_lost.count(0)),
        float(counted_gained.count(0)),
        math.log1p(min(counted_lost)) if lost else math.nan,
        math.log1p(min(counted_gained)) if gained else math.nan,
        *likeness,
        before.mean - usual.mean,
        before.worst - usual.worst,
        *telling,
    )


def _sounds_alike(lost: Sequence[str], gained: Sequence[str]) -> float:
    if not lost and not gained:
        return 1.0
    return float(Levenshtein.normalized_similarity(sound_key(" ".join(lost)), sound_key(" ".join(gained))))


def _of_reading(
    heard: RankingRequest, reading: Interpretation | None, before: str | None, fluency: Fluency
) -> list[float]:
    if reading is None or not heard.readings:
        return [math.nan] * len(_READING)
    first = heard.readings[0]
    ours, theirs = set(first.slots), set(reading.slots)
    kinds = {name for name, _ in ours} ^ {name for name, _ in theirs}
    chance = next((one.confidence for one in heard.readings if one.intent == reading.intent), 0.0)
    return [
        math.nan if reading.confidence is None else reading.confidence,
        math.nan if chance is None else chance,
        float(reading.intent == first.intent),
        float(len(ours - theirs)),
        float(len(theirs - ours)),
        float(len(ours & theirs)),
        float(len(kinds)),
        float(reading.key == first.key),
        float(len(theirs)),
        math.nan if before is None else float(reading.key == before),
        *map(math.log1p, fluency.counted([signature(reading), signature(first)])),
    ]


def _of_counts(one: Candidate, now: datetime | None) -> list[float]:
    wins, losses = one.wins, one.losses
    tried = (wins or 0.0) + (losses or 0.0)
    return [
        math.nan if one.users is None else math.log1p(one.users),
        math.nan if wins is None else math.log1p(wins),
        math.nan if losses is None else math.log1p(losses),
        ((wins or 0.0) + 1.0) / (tried + 2.0) if tried else math.nan,
        math.nan if one.last_at is None or now is None else math.log1p(max((now - one.last_at).days, 0)),
    ]


def _just_read(heard: RankingRequest, situation: Situation | None) -> str | None:
    """Return the reading of the turn before where the person says it again, for it was just rejected."""
    if situation is None or not situation.recent:
        return None
    last = situation.recent[-1]
    again = edit_similarity(heard.text, normalize(last.request)) >= 0.6
    return last.interpretation.key if again and last.interpretation is not None else ""
