"""Ranking at request time: a dozen candidates of the person, some of everybody, some of another hearing. No encoder.

Every request is new text, so that no cache of texts helps; what candidates are read as is known to the index. Trees
are as many and as deep as those that are learned.

    rank.p50_ms, rank.p99_ms         wall time of one Rank call: features, trees, decision
    rank.cpu_p50_ms, rank.cpu_p99_ms thread CPU time of the same calls
    rank.features_p50_ms             features alone
    rank.bytes                       size of the ranker's trees
"""

from __future__ import annotations

import gc
import time

import numpy as np

from uptake.ml.forest import Forest
from uptake.rewriting.proposal import Candidate
from uptake.rewriting.ranking.artifact import Head, Ranker
from uptake.rewriting.ranking.features import FEATURES
from uptake.rewriting.ranking.fluency import Fluency
from uptake.rewriting.ranking.nbest import Hearing
from uptake.rewriting.ranking.nbest_features import VOTE_FEATURES
from uptake.rewriting.ranking.scorer import Rank
from uptake.types import Interpretation, Request, Situation

_VERBS = "play start find open show stop read queue shuffle dim brighten tell send add remove set".split()
_SYLLABLES = "ba ri ton el mo ka shi ren dal vor pim su lo ga thes an quo ber ni za".split()
_LEADS = 18


def run(*, count: int = 1_000, personal: int = 8, shared: int = 8) -> dict[str, float]:
    """Measure `count` new requests."""
    random = np.random.default_rng(0)
    known = [_text(random) for _ in range(10_000)]
    heads = {
        "personal": _head(random, FEATURES, 140, 60),
        "global": _head(random, FEATURES, 140, 60),
        "hearing": _head(random, VOTE_FEATURES, 140, 60),
    }
    rank = Rank(Ranker(heads=heads, fluency=Fluency.of(known)), lambda text: (_reading(text),))
    wall, cpu, features = [], [], []
    for at in range(count + 50):  # the first fifty warm up
        request, candidates = _asked(random, known, personal, shared)
        gc.disable()
        began, spent = time.perf_counter_ns(), time.thread_time_ns()
        rank(request, candidates)
        ended, used = time.perf_counter_ns(), time.thread_time_ns()
        gc.enable()
        again, candidates = _asked(random, known, personal, shared)
        start = time.perf_counter_ns()
        rank.weigh(again, candidates)
        stop = time.perf_counter_ns()
        if at >= 50:
            wall.append((ended - began) / 1e6)
            cpu.append((used - spent) / 1e6)
            features.append((stop - start) / 1e6)
    trees = [getattr(head, name) for head in heads.values() for name in ("right", "said", "win", "loss")]
    return {
        "rank.candidates": float(personal + shared),
        "rank.p50_ms": float(np.median(wall)),
        "rank.p99_ms": float(np.quantile(wall, 0.99)),
        "rank.cpu_p50_ms": float(np.median(cpu)),
        "rank.cpu_p99_ms": float(np.quantile(cpu, 0.99)),
        "rank.features_p50_ms": float(np.median(features)),
        "rank.bytes": float(sum(getattr(tree, name).nbytes for tree in trees for name in Forest.__slots__)),
    }


def _asked(
    random: np.random.Generator, known: list[str], personal: int, shared: int
) -> tuple[Request, list[Candidate]]:
    heard = _text(random)
    texts = [known[at] for at in random.integers(0, len(known), personal + shared).tolist()]
    found = [
        Candidate(
            text=text,
            layer="personal" if at < personal else "global",
            origins=(("letters", 0.7),),
            interpretation=_reading(text),
            wins=3.0,
        )
        for at, text in enumerate(texts)
    ]
    request = Request(text=heard, user_id="ann")
    voices = {"second_recogniser": lambda _: _reading(texts[0]), "second_parser": lambda _: _reading(heard + " now")}
    return request, [*found, *Hearing(lambda text: (_reading(text),), voices)(request, Situation(), 12)]


def _head(random: np.random.Generator, features: tuple[str, ...], trees: int, outcomes: int) -> Head:
    right, said = (_forest(random, len(features), trees, depth=4) for _ in range(2))
    win, loss = (_forest(random, _LEADS, outcomes, depth=3) for _ in range(2))
    return Head(features=features, right=right, said=said, win=win, loss=loss, threshold=0.0, target=8.5)


def _forest(random: np.random.Generator, columns: int, trees: int, *, depth: int) -> Forest:
    inner, ends = 2**depth - 1, 2**depth
    left, right = np.empty((trees, inner), dtype=np.int32), np.empty((trees, inner), dtype=np.int32)
    for tree in range(trees):
        for node in range(inner):
            for child, where in ((2 * node + 1, left), (2 * node + 2, right)):
                is_leaf = child >= inner
                where[tree, node] = -1 - (tree * ends + child - inner) if is_leaf else tree * inner + child
    return Forest(
        roots=np.arange(trees, dtype=np.int32) * inner,
        column=random.integers(0, columns, trees * inner).astype(np.int32),
        threshold=random.random(trees * inner),
        left=left.ravel(),
        right=right.ravel(),
        leaves=random.normal(0.0, 0.05, trees * ends),
    )


def _reading(text: str) -> Interpretation:
    words = text.split()
    return Interpretation(intent=words[0], slots=(("what", " ".join(words[1:])),), confidence=0.6)


def _text(random: np.random.Generator) -> str:
    words = [
        "".join(random.choice(_SYLLABLES, int(size))) for size in random.integers(1, 4, int(random.integers(2, 6)))
    ]
    return f"{random.choice(_VERBS)} {' '.join(words)}"
