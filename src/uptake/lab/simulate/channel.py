"""Simulated recogniser, with realistic errors: misheard words, their replacements, scores and n-best lists.

A word is misheard if a normal variable falls below the threshold of its class. The variable is a sum of shared parts:
by the word, by the sentence and the word's place in it, by the utterance, by the speaker, and by the speaker's (half of
it: the accent's) way with the word; some places of sentences are hard for everybody. So the same request is often
misheard in the same way, by one person and by many. The replacement of a misheard word is drawn by sound, frequency,
task and neighbouring words. The rest of the list is drawn from the recognised text
(`uptake.lab.simulate.misheard.lists`). All parameters are fitted: see `uptake.lab.train.simulator`.

Limit: a word becomes one word or none: words are not split or joined; only direct neighbours matter.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.errors import BadConfig
from uptake.lab.simulate.fitted_tables import FITTED, load_table, quantile
from uptake.lab.simulate.misheard.confusions import Choice, bigrams
from uptake.lab.simulate.misheard.lists import Lists
from uptake.lab.simulate.vocabulary import word_class
from uptake.text.normalize import normalize
from uptake.types import Transcript

__all__ = ["SHIPPED", "Channel", "Voice", "load"]

SHIPPED = FITTED / "channel.json"
"""The table that ships, with its provenance."""

_CANDIDATES = 40
_LEAST = 0.005
_KEPT = 30_000  # forms of words in their places
_DRAWN = 300_000  # normal variables
_STEPS = 1 << 16
_CLASSES = ("common", "function", "number", "rare")


@cache
def _normal() -> NDArray[np.float64]:
    """Return quantiles of the normal distribution, to turn 16 random bits into a normal variable."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((at + 0.5) / _STEPS) for at in range(_STEPS)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Speaker of an utterance, and the device that hears it."""

    speaker: str
    """The person."""
    accent: str
    """People of one accent share part of their errors."""
    far: bool
    """Whether the microphone is far away."""


def load(path: Path | None = None) -> Mapping[str, Any]:
    """Load the fitted table.

    Raises:
        BadRecord: The file is not such a table.
    """
    return load_table(path or SHIPPED, _PARTS)


_PARTS = ("costs", "rates", "inserted", "choice", "hard", "correlation", "form", "lists")


class Channel:
    """Simulated recogniser.

    >>> channel = Channel(["turn on the hall light", "play some jazz"], seed=1)
    >>> voice = Voice(speaker="ann", accent="a", far=True)
    >>> rng = np.random.default_rng(0)
    >>> len(channel.hear("turn on the hall light", voice, rng)) <= 5
    True

    Args:
        task: Sentences that people say to the assistant: the recogniser prefers these words, in this order.
        seed: Seed of the places that are hard to recognise.
        table: Fitted table; None for the shipped one.
        harder: Added to every error threshold, in standard deviations: above 0 the recogniser errs more often.

    Raises:
        BadConfig: The table is impossible.
    """

    def __init__(
        self, task: Iterable[str], *, seed: int = 0, table: Mapping[str, Any] | None = None, harder: float = 0.0
    ) -> None:
        self._table = load() if table is None else table
        self._seed = seed
        texts = list(task)
        words = {word for text in texts for word in text.split()}
        self._choice = Choice(words, bigrams(texts), np.array(self._table["costs"]))
        self._hard = {name: NormalDist().inv_cdf(self._hard_share(name)) for name in _CLASSES}
        self._cut = {far: self._thresholds(far, harder) for far in (False, True)}
        self._parts = {name: float(np.sqrt(value)) for name, value in self._table["correlation"].items()}
        spent = sum(self._table["correlation"].values())
        if spent >= 1.0:
            raise BadConfig("the correlations of the fitted channel add up to 1 or more")
        self._own = float(np.sqrt(1.0 - spent))
        inserted = self._table["inserted"]
        self._added = [word for word, _ in inserted]
        self._added_share = np.cumsum([share for _, share in inserted])
        self._lists = Lists(
            self._choice,
            self._table["choice"],
            (self._added, self._added_share.tolist()),
            self._table["lists"]["costs"],
        )
        self._forms = lru_cache(maxsize=_KEPT)(self._likeliest)
        self._drawn: dict[str, float] = {}

    def hear(self, said: str, voice: Voice, rng: np.random.Generator, *, care: float = 0.0) -> tuple[Transcript, ...]:
        """Return the recogniser's list for one utterance, best first.

        Args:
            said: What was said, as written by `text.normalize`.
            voice: Who said it.
            rng: Chance of this one utterance.
            care: How much more clearly than usual it was said, in standard deviations.
        """
        words = said.split()
        wrong = self._wrong(words, said, voice, rng, care)
        heard = [self._form(words, at, said, voice, rng) if bad else words[at] for at, bad in enumerate(wrong)]
        top = self._written(self._with_added(heard, voice, rng))
        return self._list(top, said, rng)

    def _thresholds(self, far: bool, harder: float) -> dict[str, float]:
        """Compute the value below which a word is misheard, by its class, and "hard" at places that are hard."""
        rates, hard = self._table["rates"]["far" if far else "near"]["wrong"], self._table["hard"]["wrong"]
        found = {"hard": NormalDist().inv_cdf(hard) + harder}
        for name in _CLASSES:
            share = self._hard_share(name)
            left = max((rates[name] - share * hard) / (1.0 - share), _LEAST)
            found[name] = NormalDist().inv_cdf(left) + harder
        return found

    def _hard_share(self, name: str) -> float:
        """Return the share of hard places of a class of words, in proportion to its error rate."""
        hard, rates = self._table["hard"], self._table["rates"]
        rate = (rates["near"]["wrong"][name] + rates["far"]["wrong"][name]) / 2
        return float(hard["share"] * rate / hard["rate"])

    def _is_hard(self, word: str, said: str, at: int) -> bool:
        """Tell whether nearly everybody is misheard at a place of a sentence; some sentences have more such places."""
        together = self._table["hard"]["together"]
        value = together**0.5 * self._shared("ht", said) + (1.0 - together) ** 0.5 * self._shared("hp", f"{said}/{at}")
        return bool(value < self._hard[word_class(word)])

    def _wrong(
        self, words: Sequence[str], said: str, voice: Voice, rng: np.random.Generator, care: float
    ) -> list[bool]:
        """Draw the words that are misheard."""
        parts, cut = self._parts, self._cut[voice.far]
        common = (
            parts["utterance"] * rng.standard_normal()
            + parts["sentence"] * self._shared("t", said)
            + parts["speaker"] * self._shared("s", voice.speaker)
            + care
        )
        own = self._own * rng.standard_normal(len(words))
        half = parts["speaker_word"] * 0.5**0.5
        found = []
        for at, word in enumerate(words):
            value = (
                common
                + own[at]
                + parts["word"] * self._shared("w", word)
                + parts["place"] * self._shared("p", f"{said}/{at}")
                + half * (self._shared("a", f"{voice.accent}/{word}") + self._shared("q", f"{voice.speaker}/{word}"))
            )
            kind = "hard" if self._is_hard(word, said, at) else word_class(word)
            found.append(value < cut[kind])
        return found

    def _shared(self, kind: str, key: str) -> float:
        """Draw a normal variable that is always the same for one key."""
        name = f"{self._seed}{kind}{key}"
        value = self._drawn.get(name)
        if value is None:
            if len(self._drawn) >= _DRAWN:
                self._drawn.clear()  # each is found again from its key
            value = self._drawn[name] = float(_normal()[xxhash.xxh64_intdigest(name.encode()) & (_STEPS - 1)])
        return value

    def _form(self, words: Sequence[str], at: int, said: str, voice: Voice, rng: np.random.Generator) -> str:
        """Draw the form of a misheard word: its usual form, that of its place, that of the speaker, or any."""
        shares, word, item = self._table["form"], words[at], f"{said}/{at}"
        if self._is_hard(word, said, at) and rng.random() < shares["hard"]:
            return self._take(words, at, voice.far, _unit(f"{self._seed}f{item}"))
        draw = rng.random() * max(1.0, sum(shares[name] for name in ("word", "place", "speaker_word")))
        for name, key in (("word", word), ("place", item), ("speaker_word", f"{voice.speaker}/{word}")):
            if draw < shares[name]:
                return self._take(words, at, voice.far, _unit(f"{self._seed}f{key}"))
            draw -= shares[name]
        return self._take(words, at, voice.far, rng.random())

    def _take(self, words: Sequence[str], at: int, far: bool, draw: float) -> str:
        """Return the form at a place, in [0, 1), of the distribution of forms; "" where the word is lost."""
        word = words[at]
        lost = self._table["rates"]["far" if far else "near"]["lost"][word_class(word)]
        if draw < lost:
            return ""
        beside = word, words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        forms, shares = self._forms(*beside)
        return forms[min(bisect_left(shares, (draw - lost) / (1.0 - lost)), len(forms) - 1)]

    def _likeliest(self, word: str, before: str, after: str) -> tuple[tuple[str, ...], array[float]]:
        words, shares = self._choice.likeliest(word, before, after, self._table["choice"], most=_CANDIDATES)
        return tuple(words), array("d", shares)

    def _with_added(self, heard: list[str], voice: Voice, rng: np.random.Generator) -> list[str]:
        rate = self._table["rates"]["far" if voice.far else "near"]["added"]
        found: list[str] = []
        for word, draw in zip(heard, rng.random(len(heard)), strict=True):
            if draw < rate and self._added:
                found.append(
                    self._added[min(int(np.searchsorted(self._added_share, rng.random())), len(self._added) - 1)]
                )
            found.append(word)
        return found

    def _list(self, top: str, said: str, rng: np.random.Generator) -> tuple[Transcript, ...]:
        """Draw the list below its top, and the scores."""
        lists = self._table["lists"]
        name = "right" if top == said else "wrong"
        score = quantile(lists["top_score"][name], rng.random())
        found = [Transcript(text=top, score=round(score, 4))]
        for at, text in enumerate(self._lists.below(top, said, rng)):
            score -= quantile(lists["gap"][name][at], rng.random())
            found.append(Transcript(text=text, score=round(score, 4)))
        return tuple(found)

    def _written(self, words: Iterable[str]) -> str:
        return normalize(" ".join(word for word in words if word))


def _unit(key: str) -> float:
    """Return a number in [0, 1) that is always the same for one key."""
    return (xxhash.xxh64_intdigest(key.encode()) & (_STEPS - 1)) / _STEPS
