"""Respell a request: words typed wrong, run together, torn apart or abbreviated, and words heard for others.

A word that no request and no name of the home has is replaced by the nearest one that they have: two words run together
("garagedoor"), a number and its unit ("50sec"), a slip of the keys ("oragne"), texting ("any1"). Two words are
joined that make one ("bed room", "per scent"). A word that exists, and that no request has, may have been heard for one
that sounds alike ("the lights blew"); such a reading is only asked about. So is one where the word with the opposite
meaning, or another number, is nearly as near.

Method: candidates by edit distance with transpositions (Damerau 1964) and by sound, as in the noisy channel of
Kernighan, Church and Gale (1990), with the readers in the place of the language model.
Limit: English; one correction of each word, and few alternatives of what was heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Self

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.readers.bundled import common_words
from uptake.assistant.readers.cleaning.spelling import SOUNDS_LIKE
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.text.lexicon import STOP_WORDS, numbers, opposites
from uptake.text.phonetic import heard_similarity, sound_key
from uptake.text.tokens import words

__all__ = ["Respeller", "Respelt", "is_word"]

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019.,:/][^\W_]+)*|[%°]")
_UNIT = re.compile(r"(\d+(?:[.,]\d+)?)(secs?|s|mins?|m|hrs?|hours?|h|pct|pc|percent|deg|degrees?|am|pm)", re.IGNORECASE)
_TEXTED: Mapping[str, str] = {
    short: long
    for long, line in {
        "please": "pls plz plse pleas",
        "you": "u yu",
        "your": "ur",
        "are": "r",
        "anyone": "any1 ny1",
        "someone": "some1 sum1",
        "everyone": "every1 evry1",
        "nobody": "no1",
        "tonight": "2nite tonite 2night",
        "tomorrow": "2moro tmrw tomo tmr 2morrow tmw",
        "before": "b4",
        "thanks": "thx thnx tnx",
        "what": "wat wut wot",
        "what's": "whats wats wots",
        "with": "w",
        "percent": "pct pc",
        "degrees": "deg degs",
        "lights": "lites lyts lghts",
        "light": "lite lyt",
        "night": "nite",
        "temperature": "temp tmp",
        "volume": "vol",
        "don't": "dont",
        "can't": "cant",
        "isn't": "isnt",
        "i'm": "im",
        "who's": "whos",
        "how's": "hows",
        "where's": "wheres",
        "going to": "gonna",
        "want to": "wanna",
        "because": "cuz coz bc",
        "give me": "gimme",
        "let me": "lemme",
    }.items()
    for short in line.split()
}
_VOCABULARY = Path(__file__).parents[3] / "ml" / "encoder" / "wordpiece.txt"
_UNITS: Mapping[str, str] = {
    short: long
    for long, line in {"seconds": "s sec secs", "minutes": "m min mins", "hours": "h hr hrs"}.items()
    for short in line.split()
}
_SAID_ANYWHERE = frozenset({"percent", "degrees"})
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "'s")
_LEAST, _FEW = 3, 5  # letters
_LIKE, _LIKE_NAMED, _LIKE_JOINED, _ALIKE, _SAME_SOUND = 0.75, 0.66, 0.65, 0.55, 0.8
_HEARD = 10
_KEPT = 256  # words and pairs: the texts of a recogniser's list share nearly all
_SLIP, _MISHEARD = 0.97, 0.6
"""How much of a reading's confidence is left after a slip of the keys, and after a word that was heard for another."""
_RISKY = 0.45
"""Most confidence where another word of another meaning is nearly as near: the person is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Respelt:
    """Request as it may have been meant."""

    text: str
    """The words."""
    worth: float
    """Factor, in (0, 1], of the confidence of what is read in it."""
    most: float
    """Most confidence, in (0, 1], of what is read in it."""
    changed: Mapping[str, str]
    """New word -> what was said: free words are given back as they were said."""

    @property
    def is_slip(self) -> bool:
        """Whether nothing but slips of the keys is put right."""
        return self.worth == _SLIP


class Respeller:
    """Respeller for a home.

    Args:
        asked: Words of requests, of names of the home among them.
        named: Words of names of the home.
    """

    def __init__(self, asked: Set[str], named: Set[str]) -> None:
        self._said, self._named = frozenset(asked), frozenset(named)
        self._slip_of = lru_cache(maxsize=_KEPT)(self._slip)
        self._one_of = lru_cache(maxsize=_KEPT)(self._sounding)

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The words of requests and names; looked through when the first request is not clear."""
        said = self._said | self._named | _SAID_ANYWHERE
        return frozenset(word for word in said if word.isalpha() and not _is_number(word))

    @classmethod
    def for_home(cls, asked: Set[str], vocabulary: Vocabulary) -> Self:
        """Build the respeller of a home.

        Args:
            asked: Words of requests.
            vocabulary: Names of the home.
        """
        return cls(asked, {word.text for name in vocabulary.names for word in words(name.said)})

    def warm(self) -> None:
        """Sort the words now: worth it where the assistant stays."""
        self._nearest("")
        self._sounding("")

    def respelt(self, text: str, *, misheard: bool = True) -> tuple[Respelt, ...]:
        """Return the request respelt, and then with words taken for others that sound alike; none where nothing helps.

        Args:
            text: The request.
            misheard: Whether words are taken for others that sound alike, too.

        >>> Respeller({"turn", "off", "all", "the", "lights"}, set()).respelt("turnoff allthe lihgts")[0].text
        'turn off all the lights'
        """
        said = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
        plain = [word.casefold() for word, _, _ in said]
        joined = self._joined(plain)
        slips, heard, risky = {}, {}, False
        for at, word in enumerate(plain):
            if at in joined or at - 1 in joined:
                continue
            is_title = at > 0 and said[at][0][0].isupper()
            new, doubt = self._slip_of(word)
            if new is not None and not (is_title and word not in _TEXTED):
                slips[at], risky = new, risky or doubt
            elif misheard and not is_title and (alike := self._heard(word, plain, at)) is not None:
                heard[at] = alike
        torn = {at: one for at, (one, sounds) in joined.items() if not sounds}
        sounded = {at: one for at, (one, sounds) in joined.items() if sounds}
        found = []
        for singles, pairs, worth in ((slips, torn, _SLIP), (slips | heard, torn | sounded, _MISHEARD)):
            if (singles or pairs) and (misheard or worth == _SLIP):
                found.append(_replaced(text, said, singles, pairs, worth, _RISKY if risky else 1.0))
        return tuple(one for at, one in enumerate(found) if one.text not in {other.text for other in found[:at]})

    def _slip(self, word: str) -> tuple[str | None, bool]:
        """Return (what was meant, whether that is in doubt) of a word that is none; (None, False) without."""
        if word in _TEXTED and word not in self._named:
            return _TEXTED[word], False
        unit = _UNIT.fullmatch(word)
        if unit is not None:
            return f"{unit[1]} {_UNITS.get(unit[2]) or _TEXTED.get(unit[2], unit[2])}", False
        if word in self._asked or is_word(word) or not word.isalpha() or len(word) < _LEAST:
            return None, False
        parts = self._parts(word)
        near = self._nearest(word)
        if near and (parts is None or near[0][0] < 2):
            distance, meant = near[0]
            rivals = [other for far, other in near[1:] if far <= distance + 1]
            doubt = any(opposites(meant, other) or (_is_number(meant) and _is_number(other)) for other in rivals)
            return meant, doubt
        return parts, False

    def _parts(self, word: str) -> str | None:
        """Return the two words that were run together; None where it is not two."""
        cuts = [
            (min(at, len(word) - at), f"{word[:at]} {word[at:]}")
            for at in range(1, len(word))
            if self._is_part(word[:at]) and self._is_part(word[at:])
        ]
        return max(cuts)[1] if cuts else None

    def _is_part(self, piece: str) -> bool:
        return piece in ("a", "i") or (len(piece) > 1 and piece in self._asked)

    def _nearest(self, word: str) -> list[tuple[int, str]]:
        """Return (edits, word) of the words that a slip of the keys may have been, the nearest first."""
        most = 1 if len(word) <= _FEW else 2
        found = []
        for other in self._by_size.get(len(word), ()):
            if other in (f"un{word}", word.removeprefix("un")):
                continue  # the opposite is no slip
            if (other[0] not in word[:2] and word[0] != other[1]) or (
                len(other) < _LEAST and word[: len(other)] != other
            ):
                continue
            distance = OSA.distance(word, other, score_cutoff=most + 1)
            if distance <= most + 1:
                found.append((_weight(word, other, distance), distance, other))
        found.sort()
        return [(distance, other) for _, distance, other in found] if found and found[0][1] <= most else []

    @cached_property
    def _by_size(self) -> dict[int, tuple[str, ...]]:
        """Collect the words that a word of a length may have been meant to be."""
        sizes: dict[int, list[str]] = {}
        for word in sorted(self._asked):
            if len(word) > 1 and word.isalpha():
                for size in range(max(1, len(word) - 2), len(word) + 3):
                    sizes.setdefault(size, []).append(word)
        return {size: tuple(found) for size, found in sizes.items()}

    def _joined(self, plain: Sequence[str]) -> dict[int, tuple[str, bool]]:
        """Return place -> (word, whether it only sounds so) of two words that make one: "bed room", "per scent"."""
        found: dict[int, tuple[str, bool]] = {}
        for at, (one, other) in enumerate(pairwise(plain)):
            both = one + other
            if at - 1 in found or not both.isalpha() or (one in STOP_WORDS and other in STOP_WORDS):
                continue
            if both in self._asked and len(both) > _FEW and not (one in self._named and other in self._named):
                found[at] = (both, False)
            elif not (one in self._asked and other in self._asked):
                alike = self._one_of(f"{one} {other}")
                if alike is not None:
                    found[at] = (alike, True)
        return found

    def _sounding(self, both: str) -> str | None:
        """Return the word that two words sound like together."""
        keys, asked = self._sounds
        near = extract(sound_key(both), keys, scorer=OSA.normalized_similarity, score_cutoff=_SAME_SOUND, limit=_HEARD)
        scored = [(heard_similarity(both, asked[at]), asked[at]) for _, _, at in near if len(asked[at]) >= _FEW]
        best = max(scored, default=(0.0, ""))
        return best[1] if best[0] >= _LIKE_JOINED else None

    def _heard(self, word: str, plain: Sequence[str], at: int) -> str | None:
        """Return the word of requests or names that an ordinary word may have been heard for."""
        if word in self._asked or not word.isalpha() or len(word) < _LEAST or _is_number(word):
            return None
        listed = SOUNDS_LIKE.get(word)
        if listed is not None and listed in self._asked:
            return listed
        before = plain[at - 1] if at else ""
        steers = at == 0 or before in ("the", "to", "in", "my") or at == len(plain) - 1
        if not is_word(word) or not steers or len(word) < _FEW - 1:
            return None
        keys, asked = self._sounds
        near = extract(sound_key(word), keys, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=_HEARD)
        scored = [
            (heard_similarity(word, other), other)
            for other in (asked[place] for _, _, place in near)
            if not (opposites(word, other) or word.startswith(other) or other.startswith(word))
        ]
        likely = [hit for hit in scored if hit[0] >= (_LIKE_NAMED if hit[1] in self._named else _LIKE)]
        return max(likely)[1] if likely else None

    @cached_property
    def _sounds(self) -> tuple[list[str], list[str]]:
        asked = sorted(word for word in self._asked if word.isalpha() and len(word) >= _LEAST)
        return [sound_key(word) for word in asked], asked


@lru_cache(maxsize=4_096)
def _is_number(word: str) -> bool:
    return bool(numbers(word)) or in_digits(word) != word


@lru_cache(maxsize=4_096)
def is_word(word: str) -> bool:
    """Tell whether a word is one, as it is or with an ending: it was not typed wrong, though maybe misheard."""
    if word in _dictionary() or word in SOUNDS_LIKE or _is_number(word):
        return True
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            stem = word.removesuffix(ending)
            if not {stem, f"{stem}e", stem[:-1] if stem[-1] == stem[-2] else stem}.isdisjoint(_dictionary()):
                return True
    return False


@cache
def _dictionary() -> frozenset[str]:
    """Load the whole words of the vocabulary that ships: the frequent ones, and rarer ones that nobody mistyped."""
    rare = (line.strip() for line in _VOCABULARY.read_text(encoding="utf-8").splitlines())
    return common_words() | {word for word in rare if len(word) > _LEAST and word.isascii() and word.isalpha()}


def _weight(said: str, meant: str, distance: int) -> tuple[int, int, str]:
    """Rank slips of one distance: the same letters in another order, then the same first letter and sound."""
    same = sorted(set(said)) == sorted(set(meant))
    return distance, -2 * same - (said[0] == meant[0]) - (said[-1] == meant[-1]), meant


def _replaced(
    text: str,
    said: Sequence[tuple[str, int, int]],
    singles: Mapping[int, str],
    pairs: Mapping[int, str],
    worth: float,
    most: float,
) -> Respelt:
    """Return the text with words at some places replaced, and pairs of words by one."""
    changed: dict[str, str] = {}
    pieces, last = [], 0
    for at, new, end in _places(said, singles, pairs):
        start = said[at][1]
        pieces += [text[last:start], new]
        changed[new] = text[start:end]
        last = end
    return Respelt(text="".join([*pieces, text[last:]]), worth=worth, most=most, changed=changed)


def _places(
    said: Sequence[tuple[str, int, int]], singles: Mapping[int, str], pairs: Mapping[int, str]
) -> Iterator[tuple[int, str, int]]:
    for at, (_, _, end) in enumerate(said):
        if at in pairs:
            yield at, pairs[at], said[at + 1][2]
        elif at in singles:
            yield at, singles[at], end
