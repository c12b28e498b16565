"""Second interpretation, learned from the log: what a text usually means here, and how its words are used.

Counts come from turns without any sign of failure, and never from the person who is scored, because a person's own
habits would confirm their own failures. Names of a home's things are those that its own turns were resolved to.

Limit: if nobody else ever said anything similar, there is no second interpretation, and the features are unknown.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TypeVar

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.views import TurnInSession
from uptake.text.normalize import normalize
from uptake.types import Turn

__all__ = ["Counted", "Homes", "People", "intent_of", "part_of"]

_FOLDS = 8
_LONGEST = 24
_NAMED = "name"
_START, _END = "<", ">"
T = TypeVar("T")


def intent_of(turn: Turn) -> str:
    """Return the intent that was acted on; "" for none."""
    return turn.interpretation.intent if turn.interpretation is not None else ""


@dataclass(kw_only=True)
class Counted:
    """Counts of texts and their interpretations, for a set of people."""

    texts: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    meanings: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    shape_meanings: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    intent_counts: Counter[str] = field(default_factory=Counter)
    intent_failed: Counter[str] = field(default_factory=Counter)
    failed_texts: Counter[str] = field(default_factory=Counter)
    failed_shapes: Counter[str] = field(default_factory=Counter)
    word_intents: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    intent_things: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    """Shapes that worked, with one word left out or left open."""
    names: frozenset[str] = frozenset()
    """Words of the names that slots were filled with."""
    _known: dict[str, Mapping[str, float]] = field(default_factory=dict)

    def add(self, view: TurnInSession, *, failed: bool) -> None:
        """Count one turn."""
        text, intent = view.top, intent_of(view.turn)
        shape, words = self.shape(text), text.split()
        self.texts[text] += 1
        self.shapes[shape] += 1
        self.words.update(set(words))
        self.pairs.update(zip([_START, *words], [*words, _END], strict=True))
        self.words.update((_START,))
        self.intent_counts[intent] += 1
        if failed:
            self.intent_failed[intent] += 1
            self.failed_texts[text] += 1
            self.failed_shapes[shape] += 1
            return
        self.intent_things[intent] += bool(view.turn.entities)
        self.meanings[text][intent] += 1
        self.shape_meanings[shape][intent] += 1
        for _, *variants in _variants(shape):
            self.variants.update(variants)
        for word in {*words, *map(" ".join, pairwise(words))}:
            self.word_intents[word][intent] += 1

    def less(self, other: Counted) -> Counted:
        """Return the counts without those of some of the same turns; what is equal is shared, so add no more turns."""
        left = Counted(names=self.names)
        for each in fields(self):
            whole, part = getattr(self, each.name), getattr(other, each.name)
            if isinstance(whole, Counter):
                setattr(left, each.name, _less(whole, part))
            elif isinstance(whole, defaultdict):
                by_key = whole.copy()
                for key, counts in part.items():
                    if rest := _less(whole[key], counts):
                        by_key[key] = rest
                    else:
                        del by_key[key]
                setattr(left, each.name, by_key)
        return left

    def shape(self, text: str) -> str:
        """Return the text without numbers and names: "turn on the _" for "turn on the hall light"."""
        found: list[str] = []
        for word in text.split():
            mark = "#" if word[0].isdigit() else "_" if word in self.names else word
            if not found or mark != "_" or found[-1] != "_":
                found.append(mark)
        return " ".join(found)

    def fluency(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return the log-probability of each word after the one before, and of the end, shape (n + 1,)."""
        size = len(self.words) + 1
        found = []
        total = self._total
        for one, other in zip([_START, *words], [*words, _END], strict=True):
            single = (self.words.get(other, 0) + 0.2) / (total + 0.2 * size)
            found.append(math.log((self.pairs.get((one, other), 0) + 2.0 * single) / (self.words.get(one, 0) + 2.0)))
        return np.array(found, dtype=np.float64)

    @cached_property
    def _total(self) -> int:
        """Words of all turns, once they are counted."""
        return max(self.words.total(), 1)

    def one_word_off(self, text: str) -> Row:
        """Compute how often others say, and are understood, a text that differs by one word."""
        shape = self.shape(text)
        own = self.shape_meanings[shape].total() if shape in self.shape_meanings else 0
        less = other = 0
        for short, opened in ((left, open_) for _, left, open_ in _variants(shape)):
            less = max(less, self.shape_meanings[short].total() if short in self.shape_meanings else 0)
            other = max(other, self.variants.get(opened, 0) - own)
        return {
            "words:one_too_many": math.log1p(less),
            "words:one_other": math.log1p(other),
            "words:one_too_few": math.log1p(self.variants.get(shape, 0)),
            "words:shape_worked": math.log1p(own),
            "words:doubled": float(any(one == two for one, two in pairwise(text.split()))),
        }

    def usual(self, text: str) -> tuple[str, float, int] | None:
        """Return (intent, its share, turns) of a text that others said without complaint; None where nobody did."""
        return _usual(self.meanings.get(text))

    def usual_of_shape(self, text: str) -> tuple[str, float, int] | None:
        """Return (intent, its share, turns) of a text's shape, used without complaint; None where nobody did."""
        return _usual(self.shape_meanings.get(self.shape(text)))

    def failure_rate(self, intent: str) -> float:
        """Return the share of an intent's turns that something spoke against, drawn to the share of all."""
        turns, bad = sum(self.intent_counts.values()), sum(self.intent_failed.values())
        return (self.intent_failed[intent] + 5 * bad / max(turns, 1)) / (self.intent_counts[intent] + 5)

    def text_failed(self, text: str) -> float:
        """Return the share of others' turns with this text that something spoke against; NaN where nobody said it."""
        return self.failed_texts[text] / self.texts[text] if self.texts[text] else np.nan

    def shape_failed(self, text: str) -> float:
        """Return the share of others' turns of this shape that something spoke against; NaN where there are none."""
        shape = self.shape(text)
        return self.failed_shapes[shape] / self.shapes[shape] if self.shapes[shape] else np.nan

    def intents(self, text: str) -> Mapping[str, float]:
        """Return the naive Bayes posterior of each intent over words and pairs; empty where all are new."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) > 100_000:
                self._known.clear()
            found = self._known[text] = self._intents(text)
        return found

    def about_things(self, text: str) -> float:
        """Return chance, by the words alone, that a text is about a thing of the home; NaN where all words are new."""
        found = self.intents(text)
        if not found:
            return np.nan
        good = {name: self.intent_counts[name] - self.intent_failed[name] for name in found}
        return sum(chance * self.intent_things[name] / max(good[name], 1) for name, chance in found.items())

    def _intents(self, text: str) -> Mapping[str, float]:
        words = text.split()
        marks = {*words, *map(" ".join, pairwise(words))} & self.word_intents.keys()
        options = {intent for mark in marks for intent in self.word_intents[mark]}
        if not options:
            return {}
        good = {name: self.intent_counts[name] - self.intent_failed[name] for name in sorted(options)}
        total = sum(good.values()) + len(good)
        uses = [self.word_intents[mark] for mark in sorted(marks)]
        priors = [(used.total() + 0.5) / (total + 1) for used in uses]
        evidence = [(used.get, 2 * prior, prior) for used, prior in zip(uses, priors, strict=True)]
        scores, log, root = [], math.log, max(math.sqrt(len(marks)), 1.0)
        for name, count in good.items():
            score = log((count + 1) / total)
            for seen, twice, prior in evidence:
                score += log((seen(name, 0) + twice) / (count + 2) / prior)
            scores.append(score / root)
        raised = np.exp(np.array(scores) - max(scores))
        return dict(zip(good, (raised / raised.sum()).tolist(), strict=True))


def _less(whole: Counter[T], part: Counter[T]) -> Counter[T]:
    """Return counts without those of a part; what is left of none is no key."""
    left = whole.copy()
    for key, count in part.items():
        if left[key] == count:
            del left[key]
        else:
            left[key] -= count
    return left


def _variants(shape: str) -> Iterator[tuple[int, str, str]]:
    """Yield (place, the shape without the word there, the shape with the word there left open)."""
    words = shape.split()[:_LONGEST]
    for at in range(len(words)):
        yield at, " ".join(words[:at] + words[at + 1 :]), " ".join([*words[:at], "*", *words[at + 1 :]])


def _usual(seen: Counter[str] | None) -> tuple[str, float, int] | None:
    if not seen:
        return None
    intent, count = max(seen.items(), key=lambda one: (one[1], one[0]))
    return intent, count / seen.total(), seen.total()


@dataclass(frozen=True, kw_only=True)
class People:
    """Counts of a log, with each eighth of its people left out in turn."""

    parts: tuple[Counted, ...]
    own_words: Counter[tuple[str, str]]
    """(person, word) -> turns: what somebody keeps saying is hardly misheard each time."""
    own_texts: Counter[tuple[str, str]]

    @classmethod
    def of(cls, seen: Sequence[TurnInSession], failed: NDArray[np.bool_]) -> People:
        """Count turns; `failed` says of each whether anything spoke against it."""
        names = frozenset(
            word for view in seen for name, value in view.values if _NAMED in name for word in normalize(value).split()
        )
        whole, eighths = Counted(names=names), tuple(Counted(names=names) for _ in range(_FOLDS))
        for view, bad in zip(seen, failed.tolist(), strict=True):
            whole.add(view, failed=bad)
            eighths[part_of(view.turn.user_id)].add(view, failed=bad)
        parts = tuple(whole.less(eighth) for eighth in eighths)
        own_words = Counter((view.turn.user_id, word) for view in seen for word in set(view.top.split()))
        own_texts = Counter((view.turn.user_id, view.top) for view in seen)
        return cls(parts=parts, own_words=own_words, own_texts=own_texts)

    def own(self, view: TurnInSession) -> Row:
        """Compute how much of a turn its own person says elsewhere, rare words above all."""
        user, others = view.turn.user_id, self.without(view.turn.user_id)
        counts = {word: self.own_words[user, word] - 1 for word in set(view.top.split())}
        rare = sorted(counts, key=lambda word: (others.words.get(word, 0), word))[:1]
        return {
            "words:own_text": float(self.own_texts[user, view.top] - 1),
            "words:own_rarest": float(min((counts[word] for word in rare), default=0)),
            "words:own_least": float(min(counts.values(), default=0)),
        }

    def without(self, user_id: str) -> Counted:
        """Return the counts without one person's turns (and those of who shares their part)."""
        return self.parts[part_of(user_id)]


@lru_cache(maxsize=65_536)
def part_of(user_id: str) -> int:
    """Return which eighth of the people a user belongs to."""
    return xxhash.xxh64_intdigest(user_id.encode()) % _FOLDS


@dataclass(frozen=True, kw_only=True)
class Homes:
    """Names of each home's things, from its own log."""

    names: Mapping[str, Mapping[str, int]]
    """Home -> name -> turns."""

    @classmethod
    def of(cls, seen: Sequence[TurnInSession]) -> Homes:
        """Collect what slots and resolutions name."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for view in seen:
            found[_home(view)].update(_things(view))
        return cls(names=found)

    def row(self, view: TurnInSession) -> Row:
        """Compute how well the chosen entity fits the words, beside the other entities of the home."""
        turn = view.turn
        said = set(view.top.split())
        known = self.names.get(_home(view), {})
        taken = _things(view)
        match = {name: _match(name, said) for name in known}
        best = max((score for name, score in match.items() if name not in taken), default=0.0)
        own = max((match.get(name, 0.0) for name in taken), default=np.nan)
        scores = [one.score for one in turn.entities if one.score is not None]
        second = [one.candidates[1][1] for one in turn.entities if len(one.candidates) > 1]
        return {
            "home:entities": float(len(turn.entities)),
            "home:score": min(scores, default=np.nan),
            "home:candidates": max((len(one.candidates) for one in turn.entities), default=np.nan),
            "home:rival": max(second, default=np.nan),
            "home:own": own,
            "home:best_other": best,
            "home:margin": own - best,
            "home:known": float(max((known.get(name, 0) for name in taken), default=0)),
            "home:named_unresolved": best if not taken else 0.0,
        }


def _home(view: TurnInSession) -> str:
    return view.turn.home_id or view.turn.user_id


def _things(view: TurnInSession) -> set[str]:
    values = {value for name, value in view.values if _NAMED in name or name == "area"}
    values |= {entity.value.rpartition(".")[2].replace("_", " ") for entity in view.turn.entities}
    return {normalize(value) for value in values} - {""}


def _match(name: str, said: set[str]) -> float:
    words = _forms(name)
    return sum([not word.isdisjoint(said) for word in words]) / len(words)


@lru_cache(maxsize=16_384)
def _forms(name: str) -> tuple[frozenset[str], ...]:
    """Return each word of a name, in the singular and the plural."""
    return tuple(frozenset({word, f"{word}s", word.removesuffix("s")}) for word in name.split())
