"""Statistical model of requests: classifiers for the intent, taggers for the slots.

The light model sums weights of hashed word and letter n-grams (`uptake.ml.linear`) and tags words with a linear chain
that is given the intent (`uptake.understanding.intents.tagger`). With an encoder, a second classifier uses its sentence
vector as well. The strong model blends the light one with a fine-tuned network
(`uptake.understanding.intents.network`): letters are robust to recogniser errors, and the network knows word meanings.
Probabilities are calibrated on held-out sentences. Serving needs numpy (and ONNX Runtime for encoder or network).
Nothing is pickled: arrays are `.npy`, the tagger is a file of CRFsuite, the network is ONNX, names are JSON.

Source: as said in those files. Limit: the model knows only the intents in its training set; requests out of scope need
an intent there (`OutOfScope`). Slots do not overlap.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt

from uptake.errors import ArtifactRefused
from uptake.ml.arrays import Arrays, arrays_of, open_record, same_arrays, save_arrays
from uptake.ml.linear import Head, Vocabulary
from uptake.text.tokens import Word, words
from uptake.types import Interpretation
from uptake.understanding.intents.features import decode, spans
from uptake.understanding.intents.network import Network
from uptake.understanding.intents.tagger import Tagger

__all__ = ["IntentModel", "SentenceEncoder", "blend"]

_LEAST = 0.001
"""Readings less probable than this are not worth a look."""
_LINEAR_SHARE = 1.0
"""Weight of the linear classifier's log-probabilities beside the network's (chosen by cross-validation)."""
_CHAIN_SHARE = 0.25
"""Share of the chain's probabilities of tags beside the network's (chosen by cross-validation)."""

_TRACE = 5e-4
"""Least share of an intent."""

Floats = npt.NDArray[np.float32]


class SentenceEncoder(Protocol):
    """Encoder of texts as vectors of unit length."""

    name: str
    """Names the weights: vectors of another encoder mean something else."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Encode texts, shape (n, dim) float32."""
        ...


def blend(network: Floats, linear: Floats) -> Floats:
    """Blend the network's log-probabilities with the calibrated scores of a linear classifier."""
    peak = linear.max(axis=-1, keepdims=True)
    total = peak + np.log(np.exp(linear - peak).sum(axis=-1, keepdims=True))
    return np.asarray(network + np.float32(_LINEAR_SHARE) * (linear - total), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class IntentModel:
    """Model that reads intent and slots from a request. Made by `uptake.understanding.intents.learn.train.train`."""

    kind: ClassVar[str] = "intents"
    schema_version: ClassVar[int] = 1

    labels: tuple[str, ...]
    """The intents it knows, in the order of the weights."""
    shares: tuple[float, ...]
    """Share of each intent among the examples."""
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
    fillers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Slots that each phrase has filled in the examples; empty where the tagger does not look."""
    taught: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words of the requests that labels taught later, by label; empty for a model that was never taught."""
    network: Network | None = None
    """The fine-tuned network, blended with the light model and the tagger."""
    temperature: float = 1.0
    """Divides the blended scores, so that probabilities are calibrated."""
    encoder: SentenceEncoder | None = None
    """The encoder in use. Not saved: attach it with `with_encoder`."""
    shift: Floats | None = None
    """(labels,) what `expecting` adds to the scores. Not saved."""
    _open: dict[str, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, IntentModel)
            and self._files() == other._files()
            and same_arrays(self._arrays(), other._arrays())
        )

    __hash__ = None  # type: ignore[assignment]

    def with_encoder(self, encoder: SentenceEncoder | None) -> IntentModel:
        """Return the same model with an encoder (or without any).

        Raises:
            ArtifactRefused: It was trained with another encoder.
        """
        if encoder is not None and self.full is not None and encoder.name != self.encoder_name:
            raise ArtifactRefused(
                f"the intent model was trained with encoder {self.encoder_name}, not {encoder.name}; "
                "give that one, or train the model again"
            )
        return self._but(encoder=encoder)

    def expecting(self, shares: Mapping[str, float]) -> IntentModel:
        """Return the same model for other shares of intents than the examples have.

        Probabilities are weighted by expected over trained share (Saerens, Latinne and Decaestecker, 2002). Shares
        are scaled to sum to 1; an intent that is not named keeps a trace, so that it can still be read.
        """
        expected = np.array([max(shares.get(label, 0.0), 0.0) for label in self.labels], dtype=np.float64)
        if not expected.sum() > 0.0:
            return self._but(shift=None)
        trained = np.maximum(np.array(self.shares), _TRACE)
        shift = np.log(np.maximum(expected / expected.sum(), _TRACE)) - np.log(trained)
        return self._but(shift=shift.astype(np.float32))

    def _but(self, **changed: Any) -> IntentModel:
        return IntentModel(**{**{one.name: getattr(self, one.name) for one in fields(self)}, **changed})

    def probabilities(self, text: str) -> Floats:
        """Return (labels,) calibrated probability of each intent."""
        return self._look(text, words(text))[0]

    def read(
        self, text: str, *, top: int = 5, fills: Callable[[str], bool] | None = None
    ) -> tuple[Interpretation, ...]:
        """Return the likeliest readings, best first; `confidence` is the calibrated probability of the intent.

        Slots are (name, text as it was said), tagged anew for each intent. Never raises for anything a user says;
        a text without a word has no reading.

        Args:
            text: The request.
            top: Most readings.
            fills: Intents whose slots are wanted, as a saving of time: the others have none [default: all].
        """
        found = words(text)
        if not found:
            return ()
        chances, slot_scores = self._look(text, found)
        worth = (chances >= _LEAST).nonzero()[0].tolist() or [int(chances.argmax())]
        worth = sorted(worth, key=lambda at: -chances[at])[:top]
        filled = [self.labels[at] for at in worth if fills is None or fills(self.labels[at])]
        slots = dict(zip(filled, self._tags(found, filled, slot_scores), strict=True))
        return tuple(
            Interpretation(
                intent=self.labels[at],
                slots=tuple((name, text[start:end]) for name, start, end in slots.get(self.labels[at], ())),
                confidence=float(chances[at]),
            )
            for at in worth
        )

    def tag(self, text: str) -> tuple[tuple[str, int, int], ...]:
        """Return (slot, start, end) of a text, for its likeliest intent."""
        found = words(text)
        if not found:
            return ()
        chances, slot_scores = self._look(text, found)
        return self._tags(found, [self.labels[int(np.argmax(chances))]], slot_scores)[0]

    def _look(self, text: str, found: Sequence[Word]) -> tuple[Floats, Floats | None]:
        """Return (labels,) probabilities, and (words, tags) log-probabilities of the network where there is one."""
        plain = [word.text for word in found]
        rows, values = self.vocabulary.features(plain)
        slot_scores = None
        if self.full is not None and self.encoder is not None:
            scores = self.full.scores(rows, values, self.encoder.encode([text])[0])
        else:
            scores = self.light.scores(rows, values)
        if self.network is not None and plain:
            intents, slot_scores = self.network.read(plain)
            scores = blend(intents, scores) / np.float32(self.temperature)
        if self.shift is not None:
            scores = scores + self.shift
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32), slot_scores

    def _tags(
        self, found: Sequence[Word], intents: Sequence[str], scores: Floats | None
    ) -> list[tuple[tuple[str, int, int], ...]]:
        """Return (slot, start, end) of the words for each intent."""
        if not (self.tagger and intents):
            return [() for _ in intents]
        tagger, plain = self._tagger(), [word.text for word in found]
        if self.network is None or scores is None:
            sequences = tagger.tags(plain, intents)
        else:
            mixed = [_mixed(scores, one, self.network.tags) for one in tagger.marginals(plain, intents)]
            sequences = [decode(one, self.network.tags) for one in mixed]
        return [
            tuple((name, found[first].start, found[last - 1].end) for name, first, last in spans(tags))
            for tags in sequences
        ]

    def _tagger(self) -> Tagger:
        """Open the tagger, at first use only."""
        if "tagger" not in self._open:
            self._open["tagger"] = Tagger(self.tagger, self.fillers)
        tagger: Tagger = self._open["tagger"]
        return tagger

    def _heads(self) -> dict[str, Head]:
        return {"light": self.light, **({"full": self.full} if self.full is not None else {})}

    def _arrays(self) -> Arrays:
        found = arrays_of(self.vocabulary)
        for name, head in self._heads().items():
            found |= arrays_of(head, f"{name}_")
        return found | (arrays_of(self.network, "network_") if self.network is not None else {})

    def _files(self) -> dict[str, bytes]:
        """Return everything that is saved beside the arrays."""
        meta: dict[str, Any] = {
            "labels": list(self.labels),
            "shares": list(self.shares),
            "encoder": self.encoder_name,
            "temperatures": {name: head.temperature for name, head in self._heads().items()},
            "temperature": self.temperature,
        }
        found = {"slots.crfsuite": self.tagger}
        if self.network is not None:
            meta["tags"] = list(self.network.tags)
            found["network.onnx"] = self.network.model
        if self.taught:
            found["taught.json"] = _json({label: list(said) for label, said in self.taught.items()})
        if self.fillers:
            found["fillers.json"] = _json({phrase: list(known) for phrase, known in self.fillers.items()})
        return {**found, "model.json": _json(meta)}

    def without(self, user_id: str) -> None:
        """Tell nothing: the weights cannot tell whose labels they saw, so the shipped model reads again."""

    def save(self, directory: Path) -> None:
        """Write arrays as `.npy`, the tagger as `slots.crfsuite`, the network as `network.onnx`, names as `.json`."""
        save_arrays(directory, self._arrays())
        for name, content in self._files().items():
            (directory / name).write_bytes(content)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote; arrays are mapped."""
        meta = json.loads((directory / "model.json").read_text(encoding="utf-8"))
        heads = {
            head: open_record(Head, directory, f"{head}_", temperature=float(temperature))
            for head, temperature in meta["temperatures"].items()
        }
        fillers, network = directory / "fillers.json", directory / "network.onnx"
        known = json.loads(fillers.read_text(encoding="utf-8")) if fillers.exists() else {}
        later = directory / "taught.json"
        return cls(
            labels=tuple(meta["labels"]),
            shares=tuple(meta.get("shares") or [1.0 / len(meta["labels"])] * len(meta["labels"])),
            vocabulary=open_record(Vocabulary, directory),
            light=heads["light"],
            full=heads.get("full"),
            encoder_name=meta["encoder"],
            tagger=(directory / "slots.crfsuite").read_bytes(),
            fillers={phrase: tuple(what) for phrase, what in known.items()},
            taught={label: tuple(found) for label, found in json.loads(later.read_text(encoding="utf-8")).items()}
            if later.exists()
            else {},
            network=open_record(Network, directory, "network_", model=network.read_bytes(), tags=tuple(meta["tags"]))
            if network.exists()
            else None,
            temperature=float(meta.get("temperature", 1.0)),
        )


def _mixed(network: Floats, chain: Mapping[str, npt.NDArray[np.float64]], tags: Sequence[str]) -> Floats:
    """Mix the network's log-probabilities of tags, (words, tags), with the chain's probabilities by tag."""
    nothing = np.zeros(len(network))
    marginals: npt.NDArray[np.float64] = np.stack([chain.get(tag, nothing) for tag in tags], axis=1)
    mixed = (1.0 - _CHAIN_SHARE) * np.exp(network) + _CHAIN_SHARE * marginals
    return np.asarray(np.log(mixed + 1e-9), dtype=np.float32)


def _json(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
