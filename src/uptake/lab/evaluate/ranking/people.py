"""Turn recordings of SLURP into requests of people with a past, with generators over this past.

The recogniser's text is used as written ("what 's"), so that its spelling counts: a difference on which a reader may
fail. The truth is the annotation of the sentence that was read out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from uptake.errors import NotReady
from uptake.lab.corpora.commands import Command, commands, plain
from uptake.lab.corpora.releases import sources
from uptake.rewriting.proposal import Candidate
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key
from uptake.types import Interpretation, Request, Situation

__all__ = ["Recording", "Texts", "as_heard", "history", "load", "said"]

VOICES: Mapping[str, str] = {
    "nlu_on_asr_slurp": "second_parser",
    "nlu_on_asr_multi": "second_recogniser",
    "nlu_on_asr_google": "third_recogniser",
}
"""Field of a recording -> whose reading it holds: another parser's of the same text, and of two other recognisers'."""
_NOTHING = "um"
_OTHER = re.compile(r"[^a-z0-9' ]")
_CLITIC = re.compile(r"(?<=\w) (n't|'(?:s|m|d|ll|re|ve))\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Recordings of one sentence with the same output of recognisers and parsers."""

    sentence: str
    """Sentence that was read out."""
    meant: str
    """Key of the reading that was meant."""
    heard: str
    """The recogniser's text."""
    voices: tuple[tuple[str, Interpretation], ...]
    """Readings of the other recognisers' results."""
    times: int
    """Number of recordings."""


def as_heard(text: str) -> str:
    """Return the recogniser's text in lower case without punctuation; its spaces and apostrophes stay.

    >>> as_heard("What 's the time?")
    "what 's the time"
    """
    return " ".join(_OTHER.sub(" ", text.lower()).split()) or _NOTHING


def said(command: Command) -> str:
    """Return the key of the reading that a command means."""
    return Interpretation(intent=command.intent, slots=tuple(sorted(command.values))).key


def load(root: Path) -> list[Recording]:
    """Return the recordings below a root, equal ones once.

    Raises:
        NotReady: The root holds none.
    """
    found: Counter[tuple[str, str, str, tuple[tuple[str, Interpretation], ...]]] = Counter()
    if (root / "slurp_asr").is_dir():
        written = commands(root, folders=("slurp_asr",))
        records = (place.record for source in sources("slurp_asr", root / "slurp_asr") for place in source.read(None))
        for command, record in zip(written, records, strict=True):
            for one in record["recordings"]:
                if isinstance(one.get("asr_text"), str):
                    found[command.sentence, said(command), as_heard(one["asr_text"]), _voices(one)] += 1
    if not found:
        raise NotReady("rewriting of heard requests needs recordings in slurp_asr below both roots")
    return [
        Recording(sentence=sentence, meant=meant, heard=heard, voices=voices, times=times)
        for (sentence, meant, heard, voices), times in found.items()
    ]


def _voices(recording: Mapping[str, Any]) -> tuple[tuple[str, Interpretation], ...]:
    found = []
    for field, name in VOICES.items():
        parsed = recording.get(field)
        if not parsed:
            continue
        slots = {
            (str(one["type"]), _CLITIC.sub(r"\1", plain(str(one["filler"]))))
            for one in parsed["entities"]
            if one["filler"]
        }
        intent = f"{parsed['scenario']}_{parsed['action']}"
        found.append((name, Interpretation(intent=intent, slots=tuple(sorted(slots)))))
    return tuple(found)


def history(sentence: str, pool: Sequence[str], *, size: int, seed: int) -> list[str]:
    """Draw what a person said before: requests of the pool other than this one, by seed and sentence."""
    from hashlib import sha256

    digest = sha256(f"{seed} {sentence}".encode()).digest()
    generator = np.random.default_rng(int.from_bytes(digest[:8]))
    drawn = generator.permutation(len(pool))[: size + 1]
    return [pool[at] for at in drawn.tolist() if pool[at] != sentence][:size]


class Texts:
    """Generator over texts in memory: the nearest by letters, by sound, and by words in any order.

    Args:
        texts: Requests that work.
        layer: "personal" or "global".
        readings: Text -> its interpretation, if known.
    """

    name: ClassVar[str] = "texts"

    def __init__(
        self, texts: Iterable[str], *, layer: Any, readings: Mapping[str, Interpretation] | None = None
    ) -> None:
        self.texts = list(dict.fromkeys(texts))
        self._layer, self._readings = layer, readings or {}
        self._letters = [normalize(text) for text in self.texts]
        self._sounds = [sound_key(text) for text in self._letters]

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, best first."""
        from rapidfuzz import fuzz, process

        heard = normalize(request.text)
        if not self.texts or not heard:
            return ()
        found = (
            process.cdist([heard], self._letters, scorer=fuzz.ratio, dtype=np.float32)[0],
            process.cdist([sound_key(heard)], self._sounds, scorer=fuzz.ratio, dtype=np.float32)[0],
        )
        score = (found[0] + found[1]) / 200.0
        best = np.argsort(-score, kind="stable")[:limit]
        return tuple(
            Candidate(
                text=self.texts[at],
                layer=self._layer,
                origins=((self.name, float(score[at])),),
                interpretation=self._readings.get(self.texts[at]),
            )
            for at in best.tolist()
        )
