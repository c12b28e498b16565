"""Find the nearest requests, by letters and by sound, that other people make without complaint.

A rare text close to a common one was probably misheard; a text close to nothing that works probably meant something
else.

Limit: only the commonest texts are compared, so that the cost per turn does not grow with the log.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.usual_meaning import People, intent_of, part_of
from uptake.insight.dialogues.views import TurnInSession
from uptake.text.distance import edit_similarities
from uptake.text.phonetic import sound_key

__all__ = ["near_rows"]

_MOST = 3_000
_BLOCK = 512

Floats = NDArray[np.float32]


def near_rows(seen: Sequence[TurnInSession], failed: NDArray[np.bool_], people: People) -> list[Row]:
    """Compute one row of features a turn."""
    readings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for view, bad in zip(seen, failed.tolist(), strict=True):
        if not bad:
            readings[view.top][_key(view)] += 1
    rows: list[Row] = [{} for _ in seen]
    of_part: defaultdict[int, list[int]] = defaultdict(list)
    for at, view in enumerate(seen):
        of_part[part_of(view.turn.user_id)].append(at)
    for part, places in of_part.items():
        counts = {text: found.total() for text, found in people.parts[part].meanings.items() if text}
        known = sorted(counts, key=lambda text: (-counts[text], text))[:_MOST]
        if not known:
            continue
        texts = sorted({seen[at].top for at in places})
        near = dict(zip(texts, _nearest(texts, known), strict=True))
        for at in places:
            rows[at] = _row(seen[at], near[seen[at].top], counts, readings, people)
    return rows


def _nearest(texts: Sequence[str], known: Sequence[str]) -> list[tuple[float, str, float, str]]:
    """Return (similarity, text, similarity by sound, text) of the nearest other text by letters and by sound."""
    keys = [sound_key(text) for text in known]
    where = {text: at for at, text in enumerate(known)}
    found = []
    for start in range(0, len(texts), _BLOCK):
        some = texts[start : start + _BLOCK]
        letters = edit_similarities(some, known)
        sounds = edit_similarities([sound_key(text) for text in some], keys)
        for row, text in enumerate(some):
            if text in where:
                letters[row, where[text]] = sounds[row, where[text]] = -1.0
            best, heard = int(letters[row].argmax()), int(sounds[row].argmax())
            found.append((float(letters[row, best]), known[best], float(sounds[row, heard]), known[heard]))
    return found


def _row(
    view: TurnInSession,
    near: tuple[float, str, float, str],
    counts: Mapping[str, int],
    readings: Mapping[str, Counter[str]],
    people: People,
) -> Row:
    like, text, sound, heard = near
    others = people.without(view.turn.user_id)
    intent, usual = intent_of(view.turn), others.usual(text)
    by_sound = others.usual(heard)
    said = set(view.top.split())
    return {
        "near:letters": like,
        "near:sound": sound,
        "near:turns": math.log1p(counts.get(text, 0)),
        "near:own_turns": math.log1p(counts.get(view.top, 0)),
        "near:intent": np.nan if usual is None else float(usual[0] == intent),
        "near:sound_intent": np.nan if by_sound is None else float(by_sound[0] == intent),
        "near:reading": float(_key(view) in readings.get(text, {})),
        "near:sound_reading": float(_key(view) in readings.get(heard, {})),
        "near:missing": float(len(set(text.split()) - said)),
        "near:added": float(len(said - set(text.split()))),
        "near:same": float(text == heard),
        "near:on_list": sum(mass for other, mass in view.heard if other == text),
    }


def _key(view: TurnInSession) -> str:
    reading = view.turn.interpretation
    return (
        "" if reading is None else "|".join([reading.intent, *sorted(f"{name}={value}" for name, value in view.values)])
    )
