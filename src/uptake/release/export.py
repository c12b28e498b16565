"""Anonymise turns for export: pseudonyms for people, homes and devices, texts without names, times by the hour.

The export keeps what a learner needs: who said what next, and how it ended. Interpretations keep their intent. Slots,
entities, actions, context and truth are left out.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from uptake.assistant.knowledge.places import places
from uptake.assistant.readers.learn.paraphrases import families_of
from uptake.errors import BadConfig, StorageFailed
from uptake.ml.encoder.encoders import encoder_called
from uptake.privacy.anonymise import Anonymiser, pseudonym
from uptake.privacy.words import RandomWords, WordNoise
from uptake.text.lexicon import STOP_WORDS
from uptake.types import Context, Turn

__all__ = ["NEAR", "known_places", "private_turns", "public_words", "read_key", "under_pseudonyms", "word_noise"]

NEAR: Mapping[str, str | None] = {"spelling": "hashed", "meaning": "minilm", "any": None}
"""What makes words near -> the encoder that says so; None where all are equally near."""
_DIMS = 16
_ALSO_NAMES = frozenset(
    "amber art bill chase cliff daisy dale dawn dean drew faith frank gene grace grant guy harmony hazel heather herb "
    "holly hope ivy jack jean josh joy lily mark max melody miles nick olive pat pearl penny pierce ray rob robin rose "
    "ruby sandy sue violet".split()
)
"""Given names that are common words: they leave under a tag."""


def private_turns(
    turns: Iterable[Turn], *, key: bytes, names: Iterable[str] = (), noise: Callable[[str], str] | None = None
) -> Iterator[Turn]:
    """Yield anonymised turns, in the order of the log.

    Args:
        turns: The log, ordered by time.
        key: Secret for pseudonyms and tags; kept apart from both logs.
        names: Names in the home, such as its people, rooms and devices.
        noise: Function applied to each text last; None for no noise.
    """
    clean = Anonymiser(key, vocabulary=public_words(), names=[*names, *known_places()])
    started: dict[str, datetime] = {}

    def leaves(text: str | None) -> str | None:
        if text is None:
            return None
        cleaned = clean(text)
        return noise(cleaned) if noise is not None else cleaned

    for turn in turns:
        session = f"{turn.user_id}\x00{turn.session_id or turn.turn_id}"
        began = started.setdefault(session, turn.said_at)
        hour = began.replace(minute=0, second=0, microsecond=0)
        yield replace(
            under_pseudonyms(turn, key),
            turn_id=pseudonym(key, "turn", turn.turn_id),
            session_id=pseudonym(key, "session", session),
            said_at=hour + timedelta(seconds=round((turn.said_at - began).total_seconds())),
            request=leaves(turn.request) or turn.request,
            acted_on=leaves(turn.acted_on),
            response=leaves(turn.response),
            alternatives=(),
            interpretation=None if turn.interpretation is None else replace(turn.interpretation, slots=()),
            runners_up=(),
            entities=(),
            action=None,
            context=Context(),
            truth=None,
            rewrite_id=None if turn.rewrite_id is None else pseudonym(key, "rewrite", turn.rewrite_id),
        )


def under_pseudonyms(turn: Turn, key: bytes) -> Turn:
    """Return a turn with pseudonyms for user, home and device, as `private_turns` makes with the same key."""

    def named(kind: str, value: str | None) -> str | None:
        return None if value is None else pseudonym(key, kind, value)

    return replace(
        turn,
        user_id=pseudonym(key, "user", turn.user_id),
        home_id=named("home", turn.home_id),
        device_id=named("device", turn.device_id),
    )


@cache
def known_places() -> frozenset[str]:
    """Return the names of towns, countries and regions, which are replaced even if their words are public."""
    return frozenset(name for place in places() for name in (place.name, *place.aliases))


@cache
def public_words() -> frozenset[str]:
    """Return the words that identify nobody: those of the package's templates, and the commonest of the language."""
    written = re.sub(r"\{[^}]*\}", " ", "\n".join(line for _, line in families_of("one")))
    found = frozenset(re.findall(r"[a-z][a-z']*", written))
    towns = {word.casefold() for name in known_places() for word in name.split()}
    return (found - towns - _ALSO_NAMES) | STOP_WORDS


def word_noise(
    epsilon: float, *, near: str = "spelling", mix: float = 0.2, rng: np.random.Generator | None = None
) -> WordNoise | RandomWords:
    """Return a function that replaces words by others, close in spelling or in meaning, or any of the vocabulary.

    Args:
        epsilon: Differential privacy bound per word, above 0. For "any", it holds for any two words. Otherwise it holds
            for two words at the median distance of a word to its nearest neighbour.
        near: A key of `NEAR`.
        mix: Share of the covariance in the Mahalanobis metric, in [0, 1].
        rng: Source of randomness; None: the system's entropy.
    """
    encoder = NEAR[near]
    if encoder is None:
        return RandomWords(sorted(public_words()), epsilon=epsilon, rng=rng)
    return WordNoise(sorted(public_words()), _vectors(encoder), epsilon=epsilon, mix=mix, rng=rng)


@lru_cache(maxsize=2)
def _vectors(encoder: str) -> NDArray[np.float64]:
    """Return vectors of the public words, in their order, reduced to the directions of largest variance."""
    vectors = np.asarray(encoder_called(encoder).encode(sorted(public_words())), dtype=np.float64)
    _, _, axes = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    found: NDArray[np.float64] = vectors @ axes[:_DIMS].T
    return found


def read_key(path: Path | None, *, beside: Path) -> bytes:
    """Read the secret of pseudonyms; None makes a random one that is not kept, so that two exports cannot be linked.

    Args:
        path: File with at least 16 bytes.
        beside: The state directory. The key must not lie in it.

    Raises:
        BadConfig: It lies in the state directory, or is too short.
        StorageFailed: It cannot be read.
    """
    if path is None:
        return secrets.token_bytes(32)
    if path.resolve().is_relative_to(beside.resolve()):
        raise BadConfig(f"{path}: the key must not lie in the state directory; keep it elsewhere")
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise StorageFailed(f"{path}: {error.strerror}; name a file with at least 16 secret bytes") from error
    pseudonym(key, "", "")
    return key
