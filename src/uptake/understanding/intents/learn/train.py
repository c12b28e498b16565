"""Train the intent model from examples: sentences with an intent and slots.

A classifier over n-grams (and a sentence vector, with an encoder) predicts the intent; a tagger predicts the slots. The
intents given to the tagger, and the temperature that calibrates the probabilities, come from out-of-fold classifiers (3
folds, equal texts in one fold).

Source: as `uptake.understanding.intents.artifact`. Limit: an example's weight affects the linear classifiers only, not
the tagger and not the network.
"""

from __future__ import annotations

import ctypes
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadRecord, MissingExtra, NotReady
from uptake.ml.learn.calibration import temperature
from uptake.ml.learn.linear import Fitted, fit, predict
from uptake.ml.linear import Head, Rows, Vocabulary
from uptake.text.ngrams import letter_grams, word_grams
from uptake.text.tokens import words
from uptake.understanding.intents.artifact import IntentModel, SentenceEncoder
from uptake.understanding.intents.features import bio, sequence_features, spans, strength, with_intent
from uptake.understanding.intents.learn.joint import Sample, Strong, fine_tuned

__all__ = ["Example", "train"]

_FOLDS = 3
_LEAST_SENTENCES = 2  # an n-gram of one sentence alone is not kept
_MANY = 500  # fewer sentences than this keep every n-gram
_TAGGER_PASSES = 12

Floats = NDArray[np.float32]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Example:
    """Sentence with known meaning."""

    text: str
    """As it would be said or typed."""
    intent: str
    """Intent of the sentence."""
    slots: tuple[tuple[str, int, int], ...] = ()
    """(name, start, end) in the text."""
    weight: float = 1.0
    """Weight of the example for the intent, in the linear classifiers."""

    def __post_init__(self) -> None:
        if not self.weight > 0.0:
            raise BadRecord("must be above 0", field="weight")
        for _, start, end in self.slots:
            if not 0 <= start < end <= len(self.text):
                raise BadRecord("a slot must lie in the text", field="slots")


def train(
    examples: Sequence[Example],
    *,
    seed: int = 0,
    encoder: SentenceEncoder | None = None,
    strong: Strong | None = None,
    fillers: bool = False,
    progress: Progress | None = None,
) -> IntentModel:
    """Make the model that the examples support. Equal examples in equal order and equal seeds give equal models.

    Args:
        examples: Sentences; those without a word are passed over.
        seed: Of the order in which they are learnt from.
        encoder: Adds a second classifier that reads sentence vectors as well; the first one stays beside it.
        strong: Adds a fine-tuned network.
        fillers: Lets the tagger look up what phrases have filled in other examples: good for what people wrote,
            misleading for sentences sampled from a grammar, whose few values all recur.
        progress: Is told what is being done.

    Raises:
        NotReady: Fewer than two intents, or no sentence.
        MissingExtra: A library that was asked for is not installed.
    """
    tell = progress or (lambda _: None)
    kept = [one for one in examples if words(one.text)]
    labels = tuple(sorted({one.intent for one in kept}))
    if len(labels) < 2:
        raise NotReady("an intent model needs examples of at least two intents")
    tell(f"reading {len(kept)} sentences")
    data = _Data.of(kept, labels, encoder)
    tell("learning intents")
    light, light_scores = _head(data.without_vectors(), seed=seed)
    full, scores = _head(data, seed=seed) if encoder is not None else (None, light_scores)
    tell("learning slots")
    guessed = [labels[at] for at in scores.argmax(axis=1)]
    known = _Fillers(kept) if fillers else None
    tagger = _tagger(kept, guessed, known, seed=seed)
    network, divisor = None, 1.0
    if strong is not None:
        lessons = [
            Sample(tuple(word.text for word in words(one.text)), tuple(_tags(one)), int(label))
            for one, label in zip(kept, data.labels, strict=True)
        ]
        network, divisor = fine_tuned(lessons, scores, strong, seed=seed, progress=tell)
    return IntentModel(
        labels=labels,
        shares=tuple(round(float(one), 6) for one in data.shares()),
        vocabulary=data.vocabulary,
        light=light,
        full=full,
        encoder_name=encoder.name if encoder is not None else None,
        tagger=tagger,
        fillers=known.known() if known is not None else {},
        network=network,
        temperature=divisor,
        encoder=encoder,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Data:
    """Sentences as feature arrays."""

    vocabulary: Vocabulary
    rows: Rows
    labels: NDArray[np.int64]
    weights: Floats
    classes: int
    folds: NDArray[np.int64]

    @classmethod
    def of(cls, examples: Sequence[Example], labels: Sequence[str], encoder: SentenceEncoder | None) -> _Data:
        plain = [[word.text for word in words(one.text)] for one in examples]
        vocabulary = _vocabulary(plain)
        number = {label: at for at, label in enumerate(labels)}
        same: dict[str, int] = {}
        texts = [one.text for one in examples]
        vectors = encoder.encode(texts) if encoder is not None else np.zeros((len(texts), 0), dtype=np.float32)
        return cls(
            vocabulary=vocabulary,
            rows=_rows(vocabulary, plain, vectors),
            labels=np.array([number[one.intent] for one in examples], dtype=np.int64),
            weights=np.array([one.weight for one in examples], dtype=np.float32),
            classes=len(labels),
            folds=np.array([same.setdefault(" ".join(one), len(same)) % _FOLDS for one in plain], dtype=np.int64),
        )

    def shares(self) -> NDArray[np.float64]:
        """Return (classes,) share of each intent."""
        counts = np.bincount(self.labels, weights=self.weights, minlength=self.classes)
        return np.asarray(counts / counts.sum())

    def without_vectors(self) -> _Data:
        bare = Rows(
            indptr=self.rows.indptr,
            indices=self.rows.indices,
            values=self.rows.values,
            dense=np.zeros((len(self.rows), 0), dtype=np.float32),
            width=self.rows.width,
        )
        return _Data(
            vocabulary=self.vocabulary,
            rows=bare,
            labels=self.labels,
            weights=self.weights,
            classes=self.classes,
            folds=self.folds,
        )


def _vocabulary(plain: Sequence[Sequence[str]]) -> Vocabulary:
    """Return the n-grams of enough sentences, with smooth inverse document frequency."""
    seen: Counter[int] = Counter()
    for one in plain:
        seen.update({*word_grams(one), *letter_grams(one)})
    least = _LEAST_SENTENCES if len(plain) >= _MANY else 1
    hashes = np.array(sorted(gram for gram, count in seen.items() if count >= least), dtype=np.uint32)
    counts = np.array([seen[gram] for gram in hashes.tolist()], dtype=np.float64)
    return Vocabulary(hashes, (np.log((1.0 + len(plain)) / (1.0 + counts)) + 1.0).astype(np.float32))


def _rows(vocabulary: Vocabulary, plain: Sequence[Sequence[str]], vectors: Floats) -> Rows:
    found = [vocabulary.features(one) for one in plain]
    return Rows(
        indptr=np.cumsum([0, *(len(rows) for rows, _ in found)]).astype(np.int64),
        indices=np.concatenate([rows for rows, _ in found]).astype(np.int64),
        values=np.concatenate([values for _, values in found]),
        dense=np.ascontiguousarray(vectors, dtype=np.float32),
        width=len(vocabulary),
    )


def _part(rows: Rows, chosen: NDArray[np.int64]) -> Rows:
    sizes = np.diff(rows.indptr)[chosen]
    at = np.concatenate([np.arange(rows.indptr[one], rows.indptr[one + 1]) for one in chosen])
    return Rows(
        indptr=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        indices=rows.indices[at],
        values=rows.values[at],
        dense=rows.dense[chosen],
        width=rows.width,
    )


def _head(data: _Data, *, seed: int) -> tuple[Head, Floats]:
    """Return a calibrated classifier, and (n, labels) scores of each example by one that never saw it."""
    logits = np.zeros((len(data.rows), data.classes), dtype=np.float32)
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(data.folds != fold), np.flatnonzero(data.folds == fold)
        if len(inside) and len(outside):
            logits[outside] = predict(_fit(data, inside, seed=seed), _part(data.rows, outside))
    fitted = _fit(data, np.arange(len(data.rows)), seed=seed)
    divisor = temperature(logits, data.labels, data.weights)
    return Head.pack(fitted.weights, fitted.bias, fitted.dense, temperature=divisor), logits / np.float32(divisor)


def _fit(data: _Data, chosen: NDArray[np.int64], *, seed: int) -> Fitted:
    rows = data.rows if len(chosen) == len(data.rows) else _part(data.rows, chosen)
    return fit(rows, data.labels[chosen], classes=data.classes, weights=data.weights[chosen], seed=seed)


def _tagger(examples: Sequence[Example], guessed: Sequence[str], fillers: _Fillers | None, *, seed: int) -> bytes:
    """Fit the slot tagger, told the intents that were guessed."""
    if not any(one.slots for one in examples):
        return b""
    try:
        import pycrfsuite
    except ImportError as error:
        raise MissingExtra("slots need python-crfsuite; pip install 'uptake[agent]'") from error
    trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
    trainer.set_params({"max_iterations": _TAGGER_PASSES})
    for one, intent in zip(examples, guessed, strict=True):
        plain = [word.text for word in words(one.text)]
        lookup = fillers.without(one) if fillers is not None else None
        trainer.append(with_intent(sequence_features(plain, lookup), plain, intent), _tags(one))
    ctypes.CDLL(None).srand(seed + 1)  # CRFsuite shuffles with the C library's generator, wherever that stands
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slots.crfsuite"
        trainer.train(str(path))
        return path.read_bytes()


def _tags(example: Example) -> list[str]:
    return bio([(word.start, word.end) for word in words(example.text)], example.slots)


class _Fillers:
    """Counts of the slots that phrases have filled, over all examples."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._counts: dict[str, Counter[str]] = {}
        for one in examples:
            for phrase, slot in _filled(one):
                self._counts.setdefault(phrase, Counter())[slot] += 1

    def without(self, example: Example) -> Callable[[str], list[str]]:
        """Return a lookup of the slots that the other examples give a phrase."""
        own = Counter(_filled(example))

        def lookup(phrase: str) -> list[str]:
            counts = self._counts.get(phrase, Counter())
            left = {slot: count - own[phrase, slot] for slot, count in counts.items()}
            return [strength(slot, count) for slot, count in left.items() if count > 0]

        return lookup

    def known(self) -> dict[str, tuple[str, ...]]:
        """Return the slots of each phrase."""
        return {
            phrase: tuple(strength(slot, count) for slot, count in sorted(counts.items()))
            for phrase, counts in self._counts.items()
        }


def _filled(example: Example) -> list[tuple[str, str]]:
    plain = [word.text for word in words(example.text)]
    return [(" ".join(plain[first:last]), slot) for slot, first, last in spans(_tags(example))]
