"""Learn to tell remarks from requests and their pieces.

Remarks were written by several authors. Requests are drawn from the families of wordings and from the sentence
templates, with common names in place of the placeholders; pieces of requests ("the other one", "at half past six") were
written by hand. The least probability from which a remark is left out is chosen on authors who were not learned from:
the lowest at which hardly any of their requests is taken for a remark.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers.augment import FILLERS, other_topics
from uptake.assistant.readers.learn.paraphrases import AUTHORS, drawn, families_of
from uptake.assistant.readers.learn.training_set import draw_training_set
from uptake.assistant.readers.sampling import Sample
from uptake.assistant.remarks.step import REMARK
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from uptake.understanding.intents.artifact import IntentModel

__all__ = ["make", "remarks_of"]

_HERE = Path(__file__).parent
_REQUEST, _PIECE, _OUTSIDE = "request", "piece", "outside"
_EACH, _TEMPLATES, _TOPICS = 3, 6_000, 800
_MOST_WRONG = 0.003
"""Most requests of authors who were not learned from, as a share, that may be taken for a remark."""
_MOST_UNHEARD = 0.0005
"""The same, where a remark is all that was said, and the request would not be heard at all."""
_LEAST = 0.2
"""Least threshold, in [0, 1]: below it what is asked of others is taken for a remark too often."""
_NAMES = {
    "someroom": "kitchen|living room|bedroom|bathroom|hall|study|kids room|garage|garden|landing|lounge|attic",
    "somefloor": "upstairs|downstairs|ground floor|first floor",
    "devicelight": "lamp|hall light|kitchen light|desk lamp|spots|bedside lamp|big light",
    "devicecover": "blinds|curtains|garage door|shutters|bedroom curtains",
    "devicelock": "front door|back door",
    "devicefan": "fan|ceiling fan|bathroom fan",
    "deviceclimate": "heating|thermostat|radiator|air con",
    "devicemediaplayer": "tv|telly|radio|speaker|kitchen speaker",
    "devicevacuum": "hoover|robot|vacuum",
    "deviceswitch": "kettle|coffee maker|heater|printer",
}
_MASK = re.compile(r"\b(?:device|some)[a-z]+\b")


def remarks_of(author: str) -> tuple[str, ...]:
    """Return the remarks of one author; none of one who wrote none."""
    found, by = [], ""
    for line in (_HERE / "remarks.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            by = line.removeprefix("## ")
        elif by == author and not line.startswith("#"):
            found.append(line)
    return tuple(found)


def make(out: Path, *, seed: int = 0) -> None:
    """Train the model, choose its threshold, and write both.

    Args:
        out: Folder to write.
        seed: Of everything that draws.
    """
    figures = _threshold(seed)
    model = _trained(tuple(AUTHORS), seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    model.save(out)
    (out / "threshold.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _threshold(seed: int) -> dict[str, Any]:
    """Return the least probabilities of a remark, and what they did to authors who were not learned from."""
    of_remarks, of_requests = list[float](), list[float]()
    for author in AUTHORS:
        if not (said := remarks_of(author)):
            continue
        model = _trained(tuple(one for one in AUTHORS if one != author), seed=seed)
        of_remarks += [_chance(model, text) for text in said]
        of_requests += [_chance(model, text) for text in _requests(author, random.Random(seed))]  # noqa: S311
    wrong = np.sort(np.array(of_requests))[::-1]
    least, alone = (
        max(round(float(wrong[int(most * len(wrong))]) + 1e-3, 3), _LEAST) for most in (_MOST_WRONG, _MOST_UNHEARD)
    )
    told = np.array(of_remarks)
    return {
        "least": least,
        "alone": alone,
        "remarks": len(of_remarks),
        "found": round(float(np.mean(told >= least)), 4),
        "found_alone": round(float(np.mean(told >= alone)), 4),
        "requests": len(of_requests),
        "taken_for_remarks": round(float(np.mean(wrong >= least)), 4),
        "taken_for_remarks_alone": round(float(np.mean(wrong >= alone)), 4),
    }


def _chance(model: IntentModel, text: str) -> float:
    return float(model.probabilities(normalize(text))[model.labels.index(REMARK)])


def _trained(authors: Sequence[str], *, seed: int) -> IntentModel:
    from uptake.assistant.skills import Skills
    from uptake.understanding.intents.learn.train import Example, train

    draw = random.Random(seed)  # noqa: S311 - training, no secret
    found = [(text, REMARK) for author in authors for text in remarks_of(author)]
    found += [(_unmarked(text), label) for text, label in found]
    found += [(text, _REQUEST) for author in authors for text in _requests(author, draw)]
    found += [(text, _OUTSIDE) for author in authors for text in _outside(author, draw)]
    samples = [one for one in draw_training_set(Skills(), seed=seed).train if one.label != OUT_OF_SCOPE]
    found += [(_named(one, draw), _REQUEST) for one in draw.sample(samples, min(_TEMPLATES, len(samples)))]
    found += [(text, _OUTSIDE) for text in other_topics(_TOPICS, draw)]
    pieces = [one for one in (_HERE / "pieces.txt").read_text(encoding="utf-8").splitlines() if one[:1] != "#"]
    pieces += [item for items in FILLERS.values() for item in items]
    found += 4 * [(text, _PIECE) for text in pieces]
    return train([Example(normalize(text), label, ()) for text, label in found if text.strip()], seed=seed)


def _requests(author: str, draw: random.Random) -> Iterator[str]:
    """Return sentences of an author's families, each once."""
    for label, line in families_of(author):
        if label != OUT_OF_SCOPE:
            yield from dict.fromkeys(_named(drawn(line, label, draw), draw) for _ in range(_EACH))


def _outside(author: str, draw: random.Random) -> Iterator[str]:
    for label, line in families_of(author):
        if label == OUT_OF_SCOPE:
            yield from dict.fromkeys(_named(drawn(line, label, draw), draw) for _ in range(_EACH))


def _named(sample: Sample, draw: random.Random) -> str:
    """Return a sentence with common names in place of its placeholders."""
    return _MASK.sub(lambda mask: draw.choice(_NAMES.get(mask[0], "lamp|tv|fan").split("|")), sample.text)


def _unmarked(text: str) -> str:
    """Return a text as it is typed in a hurry."""
    return text.replace("'", "").replace(",", "")
