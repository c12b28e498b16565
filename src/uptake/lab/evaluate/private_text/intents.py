"""Learn intents from anonymised texts, and test them on the original texts.

The texts of a crowd are split at random in three: public ones, to train an autoencoder; anonymised ones, to train the
intents; test texts. Anonymised texts pass the same steps as in `uptake log export --private --epsilon`. Every mechanism
replaces words of the same public vocabulary.

    elliptical   what is exported: noise in the regularised Mahalanobis metric
    isotropic    the same with the same noise in all directions (Feyisetan et al., WSDM 2020)
    random       as many words kept as by elliptical noise, the others replaced by any word
    rewritten    the autoencoder's, with noise on the latent; its epsilon is of the whole text, not of a word
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import MissingExtra, NotReady
from uptake.lab.corpora import crowd
from uptake.lab.evaluate.harness import bounded, mean
from uptake.ml.encoder.minilm import MiniLM
from uptake.privacy.anonymise import Anonymiser
from uptake.privacy.words import RandomWords
from uptake.release.export import public_words, word_noise

__all__ = ["EPSILONS", "TEXT_EPSILONS", "intents", "words_kept"]

EPSILONS = (5.0, 10.0, 20.0)
"""Bounds of a word, for two words as far apart as the median word and its nearest."""
TEXT_EPSILONS = (10.0, 40.0, 160.0)
"""Bounds of a whole text that the autoencoder rewrites."""
_KEY = b"evaluation, no secret"
_PUBLIC, _LEAVING, _JUDGED = 3_000, 3_000, 1_500
_ELLIPTICAL = 0.2
_ANY_WORD = r"\S+"

Flags = NDArray[np.bool_]
Tell = Callable[[str], None]


def intents(*, data: Path, corpus: str, seed: int = 0, tell: Tell | None = None) -> dict[str, Any]:
    """Measure the accuracy of intents learned from texts that may leave, by mechanism and epsilon.

    Args:
        data: Root that holds the folder of the corpus.
        corpus: hwu64, clinc150 or snips.
        seed: Of what is drawn.
        tell: Is told what is being done.

    Returns:
        `accuracy_plain`, `accuracy_anonymised`; `NEAR.eps_E.MECHANISM` with its interval, `.kept` (share of public
        words that stay as they are) and `.random_epsilon` (what any two words are told apart by at most where words
        are kept or drawn at random); `rewritten.eps_E`.
    """
    say, rng = tell or (lambda _: None), np.random.default_rng(seed)
    public, leaving, judged = _parts(data, corpus, rng)
    judge = _Judge(judged, seed)
    clean = Anonymiser(_KEY, vocabulary=public_words())
    labels, texts = [intent for _, intent in leaving], [clean(text) for text, _ in leaving]
    figures: dict[str, Any] = {"texts": len(texts), "judged": len(judged), "intents": len(set(labels))}
    figures |= judge.measured("accuracy_plain", [text.casefold() for text, _ in leaving], labels)
    figures |= judge.measured("accuracy_anonymised", texts, labels)
    figures["words_public"] = words_kept([text for text, _ in leaving], texts)
    for near in ("spelling", *(("meaning",) if MiniLM.available() else ())):
        for epsilon in EPSILONS:
            say(f"{corpus}: words by {near}, epsilon {epsilon:g}")
            name = f"{near}.eps_{epsilon:g}"
            noisy = word_noise(epsilon, near=near, mix=_ELLIPTICAL, rng=rng).all(texts)
            kept = words_kept(texts, noisy)
            figures |= judge.measured(f"{name}.elliptical", noisy, labels) | {f"{name}.kept": kept}
            noisy = word_noise(epsilon, near=near, mix=0.0, rng=rng).all(texts)
            figures |= judge.measured(f"{name}.isotropic", noisy, labels)
            figures[f"{name}.isotropic_kept"] = words_kept(texts, noisy)
            bound = _bound_of(kept)
            noisy = RandomWords(sorted(public_words()), epsilon=bound, rng=rng).all(texts)
            figures |= judge.measured(f"{name}.random", noisy, labels) | {f"{name}.random_epsilon": bound}
    return figures | _rewritten(public, leaving, judge, seed=seed, tell=say)


def _rewritten(
    public: Sequence[tuple[str, str]], leaving: Sequence[tuple[str, str]], judge: _Judge, *, seed: int, tell: Tell
) -> dict[str, Any]:
    """Accuracy with texts that an autoencoder rewrote, with noise and without; nothing where torch is missing."""
    if any(importlib.util.find_spec(name) is None for name in ("torch", "opendp")):
        tell("rewriting is not measured: it needs torch and opendp")
        return {}
    from uptake.lab.evaluate.private_text.rewriting import train

    labels = [intent for _, intent in leaving]
    model = train([text.casefold() for text, _ in public], seed=seed, tell=tell)
    latent = model.encode([text.casefold() for text, _ in leaving])
    figures = judge.measured("rewritten.eps_inf", model.decode(latent), labels)
    for epsilon in TEXT_EPSILONS:
        figures |= judge.measured(f"rewritten.eps_{epsilon:g}", model.decode(model.noised(latent, epsilon)), labels)
    return figures


def _bound_of(kept: float) -> float:
    """Return the epsilon with which randomised response keeps a given share of words."""
    return float(np.log(kept * (len(public_words()) - 1) / max(1.0 - kept, 1e-9)))


def words_kept(texts: Sequence[str], changed: Sequence[str]) -> float:
    """Share of public words that stand in the same place afterwards."""
    known = public_words()
    same: Counter[bool] = Counter()
    for text, other in zip(texts, changed, strict=True):
        pairs = zip(text.casefold().split(), other.split(), strict=False)
        same.update(one == two for one, two in pairs if one in known)
    return same[True] / max(same.total(), 1)


class _Judge:
    """Evaluation of models trained on anonymised texts, on original ones."""

    def __init__(self, judged: Sequence[tuple[str, str]], seed: int) -> None:
        self._texts = [text.casefold() for text, _ in judged]
        self._labels = np.array([intent for _, intent in judged])
        self._seed = seed

    def measured(self, name: str, texts: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
        """Accuracy of what these texts teach, under a name, with its interval over judged texts."""
        right = self._right(texts, labels)
        return bounded(name, mean(right), self._texts, seed=self._seed)

    def _right(self, texts: Sequence[str], labels: Sequence[str]) -> Flags:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer
            from sklearn.svm import LinearSVC
        except ImportError as error:
            raise MissingExtra("learning intents needs scikit-learn: pip install 'uptake[train]'") from error
        words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=_ANY_WORD, sublinear_tf=True)
        rows = words.fit_transform(texts)
        model = LinearSVC(tol=1e-2, random_state=self._seed).fit(rows, labels)
        found: Flags = model.predict(words.transform(self._texts)) == self._labels
        return found


def _parts(data: Path, corpus: str, rng: np.random.Generator) -> list[list[tuple[str, str]]]:
    """Cut the texts of a corpus, each once, into public ones, those that leave and those that are judged."""
    folder = data / corpus if (data / corpus).is_dir() else data
    known = {text.casefold(): (text, intent) for text, intent in crowd.sentences(corpus, folder)}
    rows = [row for _, row in sorted(known.items()) if row[1] != "oos"]
    if len({intent for _, intent in rows}) < 2:
        raise NotReady(f"{folder}: holds no texts of {corpus} with two intents")
    rows = [rows[at] for at in rng.permutation(len(rows))]
    whole = _PUBLIC + _LEAVING + _JUDGED
    cuts = [min(size, len(rows) * size // whole) for size in (_PUBLIC, _LEAVING, _JUDGED)]
    ends = np.cumsum(cuts).tolist()
    return [rows[end - size : end] for end, size in zip(ends, cuts, strict=True)]
