"""Assemble sessions from SLURP's recordings, to replay the loop on real recogniser errors.

Many people read the same sentence and a real recogniser gave different texts. The recordings of one half (by a hash of
the file name) become sessions: a misinterpreted recording, then a right one of the same sentence, as if one person had
said it twice. The errors are real; the order is assembled.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from uptake.text.distance import edit_similarities
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Turn

__all__ = ["assembled", "frame", "near_sentences", "read_rightly", "sentence", "split", "utterance"]

NEAR = 0.75
"""Edit similarity from which two sentences are nearly the same."""
GAP_S = 6.0
"""Seconds between the two attempts of an assembled session."""
GIVES_UP = "never mind"
"""Request after a misread recording that no rightly read one can follow."""


def frame(reading: Interpretation | None) -> tuple[object, ...] | None:
    """Return the intent and the multiset of slots with normalised values, to compare meanings by."""
    if reading is None:
        return None
    slots = sorted((name, normalize(value)) for name, value in reading.slots)
    return (reading.domain, reading.intent, *slots)


def read_rightly(turn: Turn) -> bool:
    """Tell whether a recording's reading has the intent and exactly the slots of its annotation."""
    return turn.truth is not None and frame(turn.interpretation) == frame(turn.truth.interpretation)


def utterance(file_name: str) -> str:
    """Name of the utterance behind a recording: two microphones may have recorded it."""
    return file_name.replace("-headset", "")


def sentence(turn: Turn) -> str:
    """Normalised sentence that was read aloud."""
    return normalize((turn.truth.request if turn.truth else None) or "")


def near_sentences(turns: Iterable[Turn]) -> dict[str, str]:
    """Map each sentence to the first one of its group of near-duplicates.

    Two are near-duplicates from an edit similarity of `NEAR`, or if they have the same words in another order; groups
    are the connected components.
    """
    texts = sorted({sentence(turn) for turn in turns})
    bags: dict[tuple[str, ...], int] = {}
    pairs = [(int(one), int(two)) for one, two in np.argwhere(edit_similarities(texts, texts) >= NEAR)]
    pairs += [(at, bags.setdefault(tuple(sorted(text.split())), at)) for at, text in enumerate(texts)]
    links = csr_array((np.ones(len(pairs)), tuple(zip(*pairs, strict=True))), shape=(len(texts), len(texts)))
    labels = connected_components(links, directed=False)[1].tolist()
    return {text: texts[labels.index(label)] for text, label in zip(texts, labels, strict=True)}


def split(turns: Iterable[Turn], *, by: Callable[[Turn], str]) -> tuple[list[Turn], list[Turn]]:
    """Halve recordings by a hash.

    Args:
        turns: Recordings as turns; `turn_id` is the file name.
        by: What to hash: recordings that agree in it stay together.
    """
    halves: tuple[list[Turn], list[Turn]] = ([], [])
    for turn in turns:
        halves[hashlib.sha256(by(turn).encode()).digest()[0] % 2].append(turn)
    return halves


def assembled(recordings: Iterable[Turn]) -> Iterator[list[Turn]]:
    """Assemble sessions of one or two turns, without truth: what a log would hold.

    Every misread recording is followed by each rightly read one of its sentence, or by giving up where there is
    none; every rightly read one also stands alone. The reader of the first recording is the user.
    """
    sentences: dict[str, list[Turn]] = defaultdict(list)
    for turn in recordings:
        if sentence(turn) and turn.request:
            sentences[sentence(turn)].append(turn)
    for same in sentences.values():
        right = [turn for turn in same if read_rightly(turn)]
        for turn in same:
            if read_rightly(turn):
                yield _session([turn])
                continue
            for other in right:
                yield _session([turn, other])
            if not right:
                yield _session([turn, replace(turn, request=GIVES_UP, interpretation=None)])


def _session(turns: list[Turn]) -> list[Turn]:
    name = "+".join(dict.fromkeys(turn.turn_id for turn in turns))
    first = turns[0]
    return [
        replace(
            turn,
            turn_id=f"{name}#{at}",
            user_id=first.user_id,
            session_id=name,
            said_at=first.said_at + timedelta(seconds=at * GAP_S),
            truth=None,
        )
        for at, turn in enumerate(turns)
    ]
