"""Match words with names: exact, by alias, by words, by letters, by sound.

All matches have one score in [0, 1]. It is no probability, but it rises with the share of right matches (`uptake bench
names` prints how). Everything possible is computed once, when the names are known; a look-up takes well under a
millisecond for a home.

Limit: sound and plural rules are English; names in other scripts match by their letters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key

__all__ = ["ACCEPT", "MARGIN", "Match", "Names", "bag", "core", "is_clear", "singular"]

ACCEPT = 0.72
"""Least score of a match that is acted on."""
MARGIN = 0.07
"""Two candidates closer than this are not told apart."""

_LONGEST = 120  # characters of a name; what is longer is cut
_POOL = 12  # forms of each channel that are compared closely
_MOST_ASKED = 256  # texts whose neighbours are kept
_LEADING = frozenset("the a an my our your his her their some any this that these those all every each of".split())
_POSSESSIVE = re.compile(r"'s?$")


@lru_cache(maxsize=4_096)
def core(text: str) -> str:
    """Normalise a name for comparison: without an article or "my" in front and "please" behind.

    >>> core("The Desk-Lamp, please"), core("The The")
    ('desk lamp', 'the')
    """
    words = normalize(text[:_LONGEST]).split()
    while len(words) > 1 and words[-1] == "please":
        words.pop()
    while len(words) > 1 and words[0] in _LEADING:
        words.pop(0)
    return " ".join(words)


@lru_cache(maxsize=4_096)
def singular(word: str) -> str:
    """Remove a plural or possessive ending: "lights" and "light's" become "light".

    >>> singular("switches"), singular("glass"), singular("ann's"), singular("batteries")
    ('switch', 'glass', 'ann', 'battery')
    """
    word = _POSSESSIVE.sub("", word) or word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=4_096)
def bag(text: str) -> str:
    """Return the words of a `core`, singular and sorted: equal for equal names in any order."""
    return " ".join(sorted(singular(word) for word in text.split() if word not in ("the", "of", "in", "and")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Name that may be meant."""

    key: str
    """Identifier of what is called so."""
    score: float
    """Score, in [0, 1]."""
    how: Literal["exact", "alias", "words", "fuzzy"]
    """By which road it was found."""


def is_clear(matches: Sequence[Match], *, accept: float = ACCEPT, margin: float = MARGIN) -> bool:
    """Tell whether the first match is good enough and far enough ahead of the second."""
    if not matches or matches[0].score < accept:
        return False
    return len(matches) == 1 or matches[0].score - matches[1].score >= margin


class Names:
    """Index of names.

    >>> names = Names([("l1", ("Desk Lamp",)), ("l2", ("Ceiling Light", "big light"))])
    >>> [(match.key, match.how) for match in names.match("the big lights")]
    [('l2', 'words')]
    >>> names.match("desc lamb")[0].key
    'l1'

    Args:
        entries: (key, its forms); the first form is the name, the others are aliases. Keys may recur.
    """

    def __init__(self, entries: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._asked: dict[str, tuple[Match, ...]] = {}
        self._keys: list[str] = []
        self._cores: list[str] = []
        self._exact: dict[str, dict[str, float]] = defaultdict(dict)
        self._bags: dict[str, dict[str, None]] = defaultdict(dict)
        for key, forms in entries:
            for position, form in enumerate(forms):
                self._add(key, core(form), is_name=position == 0)
        self._by_bag = [bag(text) for text in self._cores]
        self._sounds = [sound_key(text) for text in self._cores]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for at, words in enumerate(self._by_bag):
            for word in set(words.split()):
                self._holders[word].append(at)

    def _add(self, key: str, form: str, *, is_name: bool) -> None:
        if not form:
            return
        self._keys.append(key)
        self._cores.append(form)
        self._exact[form][key] = max(self._exact[form].get(key, 0.0), 1.0 if is_name else 0.99)
        self._bags[bag(form)][key] = None

    def match(
        self, said: str, *, limit: int = 6, among: Callable[[str], bool] | None = None, exact_only: bool = False
    ) -> tuple[Match, ...]:
        """Match names, best first, then in the order given; one match a key.

        Where a name fits exactly, nothing else is offered.

        Args:
            said: The name as it was said.
            limit: Most matches.
            among: Says which keys count; None for all.
            exact_only: Leave out what is only similar.
        """
        text = core(said)
        if not text:
            return ()
        allowed = among or (lambda _key: True)
        exact = {key: score for key, score in self._exact.get(text, {}).items() if allowed(key)}
        if exact:
            best = sorted(exact.items(), key=lambda pair: -pair[1])
            return tuple(Match(key=key, score=score, how="exact" if score == 1.0 else "alias") for key, score in best)[
                :limit
            ]
        same_words = [key for key in self._bags.get(bag(text), {}) if allowed(key)]
        if same_words:
            return tuple(Match(key=key, score=0.96, how="words") for key in same_words)[:limit]
        return () if exact_only else self._similar(text, allowed, limit)

    def _similar(self, text: str, allowed: Callable[[str], bool], limit: int) -> tuple[Match, ...]:
        best: dict[str, Match] = {}
        for one in self._nearby(text):
            if one.score > (best[one.key].score if one.key in best else 0.0) and allowed(one.key):
                best[one.key] = one
        return tuple(sorted(best.values(), key=lambda match: -match.score)[:limit])

    def _nearby(self, text: str) -> tuple[Match, ...]:
        """Return the forms that a text may stand for, in the order given; each reading of a request asks anew."""
        known = self._asked.get(text)
        if known is not None:
            return known
        words, sound = bag(text), sound_key(text)
        nearby = set(self._near(words, self._by_bag)) | set(self._near(sound, self._sounds)) | self._sharing(words)
        found = []
        for at in sorted(nearby):
            alike, covered = self._alike(at, text, words, sound), self._covered(at, words)
            score = round(min(0.95, max(alike, covered)), 4)
            found.append(Match(key=self._keys[at], score=score, how="fuzzy" if alike >= covered else "words"))
        if len(self._asked) >= _MOST_ASKED:
            self._asked.clear()
        known = self._asked[text] = tuple(found)
        return known

    @staticmethod
    def _near(text: str, forms: Sequence[str]) -> list[int]:
        if not text:
            return []
        near = process.extract(text, forms, scorer=fuzz.ratio, processor=None, limit=_POOL, score_cutoff=50)
        return [at for _, _, at in near]

    def _sharing(self, words: str) -> set[int]:
        """Return the forms that hold the rarest of the words."""
        holders = sorted((self._holders[word] for word in set(words.split()) if word in self._holders), key=len)
        return {at for forms in holders[:2] for at in forms[: 2 * _POOL]}

    def _alike(self, at: int, text: str, words: str, sound: str) -> float:
        """Compare letters and sound together: names that merely look alike or merely sound alike count for less."""
        spelled = max(
            Levenshtein.normalized_similarity(text, self._cores[at]),
            Levenshtein.normalized_similarity(words, self._by_bag[at]),
            Levenshtein.normalized_similarity(text.replace(" ", ""), self._cores[at].replace(" ", "")),
        )
        heard = Levenshtein.normalized_similarity(sound, self._sounds[at]) if sound else 0.0
        return float(0.6 * max(spelled, heard) + 0.4 * min(spelled, heard))

    def _covered(self, at: int, words: str) -> float:
        """Return the share of the informative words that both sides have: "desk" for "desk lamp"."""
        said, there = set(words.split()), set(self._by_bag[at].split())
        shared = sum(self._weight(word) for word in said & there)
        if not shared:
            return 0.0
        of_said = shared / sum(self._weight(word) for word in said)
        of_name = shared / sum(self._weight(word) for word in there)
        return 0.92 * of_said * (0.6 + 0.4 * of_name)

    def _weight(self, word: str) -> float:
        """Return the weight of a word: the fewer names hold it, the more."""
        return 1.0 + log((1 + len(self._cores)) / (1 + len(self._holders.get(word, ()))))
