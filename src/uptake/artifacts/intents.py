"""What a request means, read statistically: the intent by a linear classifier, the slots by a tagger.

The classifier adds up weights of hashed word and letter n-grams (`uptake.text.ngram`) and, where an encoder is at
hand, of a sentence vector. Its probabilities are calibrated out of fold when it is trained. The tagger is a linear
chain over the words, told the intent. Serving needs numpy and python-crfsuite; no pickle: arrays are `.npy` (weights
in int8 with one scale a feature), the tagger is a file of CRFsuite, names are JSON.

Source: hashing and n-grams as in Joulin et al. (arXiv:1607.01759); tagger: Okazaki, CRFsuite, 2007; calibration:
Guo et al. (arXiv:1706.04599).
Limit: the model knows the intents it was trained on and no others; what is none of them must be among them
(`OutOfScope`). Slots do not overlap.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt

from uptake.artifacts.slot_features import sequence_features, spans, with_intent
from uptake.errors import ArtifactRefused, MissingExtra
from uptake.text.ngram import letter_grams, word_grams
from uptake.text.words import Word, words
from uptake.types import Interpretation

__all__ = ["Head", "IntentModel", "SentenceEncoder", "Vocabulary"]

_ARRAYS = ("hashes", "idf")
_HEAD_ARRAYS = ("weights", "scales", "bias", "dense")
_LEAST = 0.001
"""Readings less probable than this are not worth a look."""

Floats = npt.NDArray[np.float32]


class SentenceEncoder(Protocol):
    """Turns texts into vectors of unit length."""

    name: str
    """Names the weights: vectors of another encoder mean something else."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, dim) float32."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The n-grams a classifier knows, and how rare each is."""

    hashes: npt.NDArray[np.uint32]
    """(f,) hashes, ascending."""
    idf: Floats
    """(f,) weight by rarity."""

    def __len__(self) -> int:
        return len(self.hashes)

    def features(self, plain: Sequence[str]) -> tuple[npt.NDArray[np.int64], Floats]:
        """Rows and values of the n-grams of some words; each channel has unit length."""
        rows, values = [], []
        for grams in (word_grams(plain), letter_grams(plain)):
            found, counts = np.unique(np.array(grams, dtype=np.uint32), return_counts=True)
            at = np.searchsorted(self.hashes, found)
            known = (at < len(self.hashes)) & (self.hashes[np.minimum(at, len(self.hashes) - 1)] == found)
            at, counts = at[known], counts[known]
            weight = (1.0 + np.log(counts)) * self.idf[at]
            rows.append(at)
            values.append(weight / max(float(np.sqrt(weight @ weight)), 1e-9))
        return np.concatenate(rows), np.concatenate(values).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Weights of one linear classifier over the n-grams and, if it was trained with one, a sentence vector."""

    weights: npt.NDArray[np.int8]
    """(f, labels)."""
    scales: Floats
    """(f,) what one step of the weights of a feature is worth."""
    bias: Floats
    """(labels,)."""
    dense: Floats
    """(dim, labels); dim is 0 without an encoder."""
    temperature: float = 1.0
    """Divides the scores, so that probabilities are calibrated."""

    @classmethod
    def pack(cls, weights: Floats, bias: Floats, dense: Floats, *, temperature: float = 1.0) -> Head:
        """Round (f, labels) float32 weights to int8, one scale a feature."""
        scales = np.maximum(np.abs(weights).max(axis=1, initial=0.0), 1e-9).astype(np.float32) / np.float32(127.0)
        packed = np.rint(weights / scales[:, None]).astype(np.int8)
        return cls(packed, scales, bias.astype(np.float32), dense.astype(np.float32), float(temperature))

    def scores(self, rows: npt.NDArray[np.int64], values: Floats, vector: Floats | None = None) -> Floats:
        """(labels,) logits."""
        total = (values * self.scales[rows]) @ self.weights[rows].astype(np.float32) + self.bias
        if vector is not None and len(self.dense):
            total = total + vector @ self.dense
        return total / np.float32(self.temperature)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class IntentModel:
    """Reads intent and slots out of a request. Made by `uptake.learn.intent.train`."""

    kind: ClassVar[str] = "intents"
    schema_version: ClassVar[int] = 1

    labels: tuple[str, ...]
    """The intents it knows, in the order of the weights."""
    vocabulary: Vocabulary
    """N-grams it knows."""
    light: Head
    """Weights for reading without an encoder."""
    full: Head | None = None
    """Weights for reading with the encoder it was trained with."""
    encoder_name: str | None = None
    """The encoder that `full` was trained with."""
    tagger: bytes = b""
    """The slot tagger, a CRFsuite model; empty where no example had a slot."""
    encoder: SentenceEncoder | None = None
    """The encoder in use. Not saved: attach it with `with_encoder`."""
    _open: dict[str, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IntentModel) and self._parts() == other._parts()

    __hash__ = None  # type: ignore[assignment]

    def with_encoder(self, encoder: SentenceEncoder | None) -> IntentModel:
        """The same model, reading with an encoder (or without any).

        Raises:
            ArtifactRefused: It was trained with another encoder.
        """
        if encoder is not None and self.full is not None and encoder.name != self.encoder_name:
            raise ArtifactRefused(
                f"the intent model was trained with encoder {self.encoder_name}, not {encoder.name}; "
                "give that one, or train the model again"
            )
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        return IntentModel(**{**kept, "encoder": encoder})

    def probabilities(self, text: str) -> Floats:
        """(labels,) calibrated probability of each intent."""
        return self._probabilities(text, [word.text for word in words(text)])

    def read(self, text: str, *, top: int = 5) -> tuple[Interpretation, ...]:
        """The likeliest readings, best first; `confidence` is the calibrated probability of the intent.

        Slots are (name, text as it was said), tagged anew for each intent. Never raises for anything a user says;
        a text without a word has no reading.
        """
        found = words(text)
        if not found:
            return ()
        plain = [word.text for word in found]
        chances = self._probabilities(text, plain)
        best = np.argsort(-chances, kind="stable")[:top]
        features = sequence_features(plain)
        return tuple(
            Interpretation(
                intent=self.labels[at],
                slots=tuple(
                    (name, text[start:end]) for name, start, end in self._tag(found, features, self.labels[at])
                ),
                confidence=float(chances[at]),
            )
            for rank, at in enumerate(best)
            if rank == 0 or chances[at] >= _LEAST
        )

    def tag(self, text: str, *, intent: str | None = None) -> tuple[tuple[str, int, int], ...]:
        """(slot, start, end) of a text, for an intent [default: the likeliest]."""
        found = words(text)
        if not found:
            return ()
        plain = [word.text for word in found]
        if intent is None:
            intent = self.labels[int(np.argmax(self._probabilities(text, plain)))]
        return self._tag(found, sequence_features(plain), intent)

    def _probabilities(self, text: str, plain: Sequence[str]) -> Floats:
        rows, values = self.vocabulary.features(plain)
        if self.full is not None and self.encoder is not None:
            scores = self.full.scores(rows, values, self.encoder.encode([text])[0])
        else:
            scores = self.light.scores(rows, values)
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)

    def _tag(self, found: Sequence[Word], features: list[list[str]], intent: str) -> tuple[tuple[str, int, int], ...]:
        if not self.tagger:
            return ()
        plain = [word.text for word in found]
        tags = self._crf().tag(with_intent(features, plain, intent))
        return tuple((name, found[first].start, found[last - 1].end) for name, first, last in spans(tags))

    def _crf(self) -> Any:
        """The tagger, opened at first use."""
        if "crf" not in self._open:
            try:
                import pycrfsuite
            except ImportError as error:
                raise MissingExtra("slots need python-crfsuite; pip install 'uptake[agent]'") from error
            tagger = pycrfsuite.Tagger()
            tagger.open_inmemory(self.tagger)
            self._open["crf"] = tagger
        return self._open["crf"]

    def _parts(self) -> dict[str, Any]:
        """Everything that is saved, in a form that compares."""
        heads = {"light": self.light, **({"full": self.full} if self.full is not None else {})}
        arrays = {name: getattr(self.vocabulary, name) for name in _ARRAYS} | {
            f"{head}_{name}": getattr(weights, name) for head, weights in heads.items() for name in _HEAD_ARRAYS
        }
        meta = {
            "labels": list(self.labels),
            "encoder": self.encoder_name,
            "temperatures": {head: weights.temperature for head, weights in heads.items()},
        }
        packed: dict[str, Any] = {
            name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()
        }
        return {**packed, "model.json": json.dumps(meta, sort_keys=True), "slots.crfsuite": self.tagger}

    def save(self, directory: Path) -> None:
        """Write arrays as `.npy`, the tagger as `slots.crfsuite`, names as `model.json`."""
        for name, part in self._parts().items():
            if isinstance(part, str):
                (directory / name).write_text(part, encoding="utf-8")
            elif isinstance(part, bytes):
                (directory / name).write_bytes(part)
            else:
                dtype, shape, raw = part
                np.save(directory / f"{name}.npy", np.frombuffer(raw, dtype).reshape(shape), allow_pickle=False)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote; arrays are mapped."""
        meta = json.loads((directory / "model.json").read_text(encoding="utf-8"))

        def array(name: str) -> Any:
            return np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)

        heads = {
            head: Head(**{name: array(f"{head}_{name}") for name in _HEAD_ARRAYS}, temperature=float(temperature))
            for head, temperature in meta["temperatures"].items()
        }
        return cls(
            labels=tuple(meta["labels"]),
            vocabulary=Vocabulary(*(array(name) for name in _ARRAYS)),
            light=heads["light"],
            full=heads.get("full"),
            encoder_name=meta["encoder"],
            tagger=(directory / "slots.crfsuite").read_bytes(),
        )
