"""Sessions put together from SLURP's recordings, for replaying the loop on real recogniser errors.

Many people read the same sentence and a real recogniser heard different things. The recordings of one
half (by a hash of the file name) become sessions: a recording that was misread, then one of the same
sentence that was read rightly, as if one person had said it twice. The errors are real; the order is assembled.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from uptake.text.normalize import normalize
from uptake.types import Interpretation, Turn

__all__ = ["assembled", "frame", "read_rightly", "split", "utterance"]

GAP_S = 6.0
"""Seconds between the two attempts of an assembled session."""
GIVES_UP = "never mind"
"""What follows a misread recording that no rightly read one can follow."""


def frame(reading: Interpretation | None) -> tuple[object, ...] | None:
    """Intent and multiset of slots with normalised values, for comparing what was understood with what was meant."""
    if reading is None:
        return None
    slots = sorted((name, normalize(value)) for name, value in reading.slots)
    return (reading.domain, reading.intent, *slots)


def read_rightly(turn: Turn) -> bool:
    """Whether a recording's reading has the intent and exactly the slots of its annotation."""
    return turn.truth is not None and frame(turn.interpretation) == frame(turn.truth.interpretation)


def utterance(file_name: str) -> str:
    """Name of the utterance behind a recording: two microphones may have recorded it."""
    return file_name.replace("-headset", "")


def split(turns: Iterable[Turn], *, by: Callable[[str], str] = str) -> tuple[list[Turn], list[Turn]]:
    """Halve recordings by a hash of their file name: (to learn from, to be judged on).

    Args:
        turns: Recordings as turns; `turn_id` is the file name.
        by: What to hash; `utterance` keeps the recordings of one utterance together.
    """
    halves: tuple[list[Turn], list[Turn]] = ([], [])
    for turn in turns:
        halves[hashlib.sha256(by(turn.turn_id).encode()).digest()[0] % 2].append(turn)
    return halves


def assembled(recordings: Iterable[Turn]) -> Iterator[list[Turn]]:
    """Sessions of one or two turns, without truth: what a log would hold.

    Every misread recording is followed by each rightly read one of its sentence, or by giving up where there is
    none; every rightly read one also stands alone. The reader of the first recording is the user.
    """
    sentences: dict[str, list[Turn]] = defaultdict(list)
    for turn in recordings:
        if turn.truth is not None and turn.truth.request is not None and turn.request:
            sentences[normalize(turn.truth.request)].append(turn)
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
