"""Turns that may leave: pseudonyms for people, homes and devices, texts without names, times by the hour.

What is kept is what learning from another's log needs: who said what next and how it ended. Readings keep their intent;
slots, entities, actions, context and truth stay at home.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from uptake.assistant.knowledge.places import places
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
    """Write turns so that they may leave, in their order.

    Args:
        turns: The log, ordered by time.
        key: What pseudonyms and tags are made with; kept apart from both logs.
        names: Names of the home, such as its people, rooms and devices.
        noise: What is done to each text last; None for nothing.
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
    """Return a turn with pseudonyms for user, home and device, the same that `private_turns` makes with this key."""

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
    """Names of towns, countries and regions, which are replaced although their words may be public."""
    return frozenset(name for place in places() for name in (place.name, *place.aliases))


@cache
def public_words() -> frozenset[str]:
    """Words that tell of nobody: those that this package writes requests with, and the commonest of the language."""
    text = (files("uptake") / "assistant/readers/learn/paraphrases.txt").read_text("utf-8")
    written = re.sub(r"\{[^}]*\}", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    found = frozenset(re.findall(r"[a-z][a-z']*", written))
    towns = {word.casefold() for name in known_places() for word in name.split()}
    return (found - towns - _ALSO_NAMES) | STOP_WORDS


def word_noise(
    epsilon: float, *, near: str = "spelling", mix: float = 0.2, rng: np.random.Generator | None = None
) -> WordNoise | RandomWords:
    """Noise over the public words: by how they are spelled, by what they mean, or any word in the place of any other.

    Args:
        epsilon: Bound per word, above 0: of words that are near, for two as far apart as the median word and its
            nearest; else for any two words.
        near: A key of `NEAR`.
        mix: Share of the covariance in the metric, in [0, 1].
        rng: Draws; None: from the system's entropy.
    """
    encoder = NEAR[near]
    if encoder is None:
        return RandomWords(sorted(public_words()), epsilon=epsilon, rng=rng)
    return WordNoise(sorted(public_words()), _vectors(encoder), epsilon=epsilon, mix=mix, rng=rng)


@lru_cache(maxsize=2)
def _vectors(encoder: str) -> NDArray[np.float64]:
    """Vectors of the public words, in their order: the directions that vary most."""
    vectors = np.asarray(encoder_called(encoder).encode(sorted(public_words())), dtype=np.float64)
    _, _, axes = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    found: NDArray[np.float64] = vectors @ axes[:_DIMS].T
    return found


def read_key(path: Path | None, *, beside: Path) -> bytes:
    """Read the key of pseudonyms; None makes one that is thrown away, so that two exports cannot be linked.

    Args:
        path: File with at least 16 bytes.
        beside: The state directory, in which the key must not lie.

    Raises:
        BadConfig: It lies in the state directory, or is too short.
        StorageFailed: It cannot be read.
    """
    if path is None:
        return secrets.token_bytes(32)
    if path.resolve().is_relative_to(beside.resolve()):
        raise BadConfig(f"{path}: the key must not lie with the log; keep it elsewhere")
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise StorageFailed(f"{path}: {error.strerror}; name a file with at least 16 secret bytes") from error
    pseudonym(key, "", "")
    return key
