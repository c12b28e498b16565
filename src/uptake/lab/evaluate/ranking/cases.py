"""Make training and test cases: the candidates for a recording, and the outcome of each.

The serving code is used throughout: generators, `fuse`, `Rank.weigh`. Candidates are interpreted by the same reader as
the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from uptake.lab.corpora.commands import Command
from uptake.lab.evaluate.ranking.people import Recording, Texts, history
from uptake.rewriting.guard import Guard
from uptake.rewriting.proposal import Candidate, Generator, fuse
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.ranking.fluency import Fluency
from uptake.rewriting.ranking.learn.ranker import Case
from uptake.rewriting.ranking.nbest import Hearing, Voice
from uptake.rewriting.ranking.scorer import Rank
from uptake.rewriting.ranking.spelling import Spelling
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation, Request, Situation
from uptake.understanding.intents.artifact import IntentModel

__all__ = ["LAYERS", "Sample", "Verdict", "World", "samples", "verdict"]

LAYERS = ("present", "absent", "global", "spelling", "hearing")
"""Personal history with the request in it and without it; what works for all; what others heard."""
HISTORY = 50
_PERSONAL = 8
_GLOBAL = 6
_HEARING = 24
_NOBODY = Situation()
_GUARD = Guard(budget_share=1.0)

Verdict = Literal["unasked", "asked", "refused"]
"""Whether the guard would let something be acted on, ask about it first, or refuse it."""


class Sample(NamedTuple):
    """Candidates of one layer for recordings of one kind."""

    case: Case
    place: tuple[str, str]
    """Sentence and text as heard."""
    similar: tuple[float, int]
    """Likeness of letters of the nearest candidate, and which one it is (-1: none): the plain fuzzy baseline."""
    candidates: tuple[Candidate, ...] = ()
    """The request as heard, then what was weighed, in the order of the case's rows."""


@dataclass(eq=False, kw_only=True)
class World:
    """Knowledge of an assistant before the test recordings."""

    model: IntentModel
    lessons: Sequence[Command]

    def __post_init__(self) -> None:
        self._read: dict[str, tuple[Interpretation, ...]] = {}
        self._near: dict[str, Sequence[Candidate]] = {}

    def read(self, text: str) -> tuple[Interpretation, ...]:
        """Return the assistant's own understanding, best first; each text is read once."""
        if text not in self._read:
            self._read[text] = self.model.read(text, top=5)
        return self._read[text]

    def near(self, text: str) -> Sequence[Candidate]:
        """Return the nearest requests that work for many; each text is looked up once."""
        if text not in self._near:
            self._near[text] = self.index(_request(text), _NOBODY, _GLOBAL)
        return self._near[text]

    @cached_property
    def works(self) -> list[str]:
        """Requests that work for many."""
        return sorted({one.marked for one in self.lessons})

    @cached_property
    def spelling(self) -> Spelling:
        """Spelling of its requests."""
        return Spelling.of(self.works)

    @cached_property
    def index(self) -> Texts:
        """Return the nearest of them."""
        return Texts(self.works, layer="global")

    @cached_property
    def rank(self) -> Rank:
        """Weighs candidates; has no heads yet."""
        meant = (Interpretation(intent=one.intent, slots=one.values) for one in self.lessons)
        fluency = Fluency.of((normalize(text) for text in self.works), meant)
        return Rank(Ranker(heads={}, fluency=fluency), self.read)


def samples(
    world: World,
    recordings: Sequence[Recording],
    *,
    layers: Sequence[str] = LAYERS,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> dict[str, list[Sample]]:
    """Return samples of each layer; those of texts count equal (sentence, text) pairs once, by weight.

    Args:
        world: What is known; nothing of the recordings' sentences may be in it.
        recordings: To be judged; personal histories are drawn from their sentences.
        layers: Which of `LAYERS`.
        seed: Of the histories.
        progress: Is told what is being done.
    """
    tell = progress or (lambda _: None)
    pool = sorted({one.sentence for one in recordings})
    pairs = Counter[tuple[str, str, str]]()
    for one in recordings:
        pairs[one.sentence, one.meant, one.heard] += one.times
    alike = [
        Recording(sentence=sentence, meant=meant, heard=heard, voices=(), times=times)
        for (sentence, meant, heard), times in pairs.items()
    ]
    several = {one.heard: world.near(one.heard) for one in alike}
    tell(f"looked up {len(several)} texts among {len(world.works)}")
    found: dict[str, list[Sample]] = {}
    for layer in layers:
        if layer == "hearing":
            found[layer] = [_heard(world, one) for one in recordings]
        elif layer == "spelling":
            found[layer] = [_sample(world, one, _spelled(world, one), layer) for one in alike]
        elif layer == "global":
            found[layer] = [_sample(world, one, several[one.heard], layer) for one in alike]
        else:
            found[layer] = [
                _sample(world, one, fuse([*_own(one, pool, layer, seed), *several[one.heard]]), "personal")
                for one in alike
            ]
        tell(f"weighed {len(found[layer])} requests: {layer}")
    return found


def verdict(heard: str, candidate: Candidate) -> Verdict:
    """Return what the guard makes of a candidate, nobody having said yes to it before, by its words and its reading.

    Args:
        heard: The recogniser's text.
        candidate: What would be acted on in its place.
    """
    own = candidate.layer == "personal"
    proposal = Decision(
        step="rank",
        acted_on=normalize(candidate.text),
        rewrite_id="",
        artifact_version=None,
        layer="personal" if own else "global",
        reason="",
        occasions=0 if own else None,
    )
    text = normalize(heard)
    judged = _GUARD.check(text, proposal)
    if judged.decision is None:
        return "refused"
    asks = judged.decision.must_confirm or _GUARD.is_coincidence(text, proposal, candidate.interpretation)
    return "asked" if asks else "unasked"


def _request(text: str) -> Request:
    return Request(text=text, user_id="reader")


def _spelled(world: World, one: Recording) -> Sequence[Candidate]:
    return world.spelling(_request(one.heard), _NOBODY, 1)


def _own(one: Recording, pool: Sequence[str], layer: str, seed: int) -> Sequence[Candidate]:
    before = history(one.sentence, pool, size=HISTORY, seed=seed)
    if layer == "present":
        before = [*before, one.sentence]
    return Texts(sorted(before), layer="personal")(_request(one.heard), _NOBODY, _PERSONAL)


def _heard(world: World, one: Recording) -> Sample:
    generator: Generator = Hearing(world.read, {name: _says(vote) for name, vote in one.voices}, world.spelling.respell)
    return _sample(world, one, generator(_request(one.heard), _NOBODY, _HEARING), "hearing")


def _says(vote: Interpretation) -> Voice:
    return lambda _: vote


def _sample(world: World, one: Recording, candidates: Sequence[Candidate], head: str) -> Sample:
    request, readings = _request(one.heard), world.read(one.heard)
    right = bool(readings) and _key(readings[0]) == one.meant
    weighed = [w for w in world.rank.weigh(request, candidates, readings=readings) if w.head == head]
    if not weighed:
        nothing = np.zeros(0, dtype=bool)
        case = Case(
            group=one.sentence,
            rows=np.zeros((0, 1)),
            right=nothing,
            changes=nothing,
            heard_right=right,
            weight=one.times,
        )
        return Sample(case, (one.sentence, one.heard), (0.0, -1))
    (mine,) = weighed
    case = Case(
        group=one.sentence,
        rows=mine.rows,
        right=np.array([c.interpretation is not None and _key(c.interpretation) == one.meant for c in mine.candidates]),
        changes=mine.changes,
        said=np.array([c.text == one.sentence for c in mine.candidates]) if head != "hearing" else None,
        heard_right=right,
        weight=float(one.times),
    )
    return Sample(case, (one.sentence, one.heard), _nearest(one.heard, mine.candidates, head), mine.candidates)


def _nearest(heard: str, candidates: Sequence[Candidate], layer: str) -> tuple[float, int]:
    """Return (likeness, place) of the nearest candidate; of a person's own past where that is the layer."""
    from rapidfuzz import fuzz

    own = [layer != "personal" or one.layer == "personal" for one in candidates[1:]]
    if not any(own):
        return 0.0, -1
    likeness = [
        float(fuzz.ratio(heard, one.text)) / 100.0 if mine else -1.0
        for one, mine in zip(candidates[1:], own, strict=True)
    ]
    best = int(np.argmax(likeness))
    return likeness[best], best + 1


def _key(reading: Interpretation) -> str:
    return Interpretation(intent=reading.intent, slots=tuple(sorted(reading.slots))).key
