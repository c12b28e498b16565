"""Mask names of the home in a request with placeholders.

A name is found as it is written; or misspelt, by letters, with a margin over the next name, where some of its words
are no ordinary words; or misheard, by sounds, where ordinary words stand in its place ("bedroom lamb"). A word that
means the
opposite, and a number, are never taken for another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from rapidfuzz.distance import OSA, Levenshtein
from rapidfuzz.process import extract

from uptake.assistant.readers.bundled import common_words
from uptake.assistant.readers.courtesy import VERBS
from uptake.assistant.readers.sampling import FLOOR, ROOM, device_mask
from uptake.assistant.readers.vocabulary import KINDS, Name, Vocabulary
from uptake.text.lexicon import STOP_WORDS, numbers, opposites
from uptake.text.phonetic import heard_similarity, sound_key
from uptake.text.tokens import reaches, words

__all__ = ["Masked", "Mention", "mask", "named_at"]

_LEAST = 0.75
_MARGIN = 0.1
_SHORTEST = 5  # letters; a shorter name is found only as it is written
_LIKE, _LIKE_SHARED, _LIKE_LAST, _LIKE_SOUND = 0.62, 0.55, 0.5, 0.5
_NEAR = 6
_HEARD_WORTH = 0.75
"""Certainty of a name that sounds exactly like what was said."""
_PLACING = frozenset("in on of at for".split())
_MOST_HEARD = 3  # words
_NEVER_HEARD = (
    STOP_WORDS | VERBS | KINDS | frozenset("off up down percent degrees minutes timer song music list all 's".split())
)
"""Words that no misheard name begins or ends with."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Name in a request."""

    name: Name
    """The thing that is named."""
    placeholder: str
    """The word that stands for it."""
    said: str
    """Words that were said."""
    score: float
    """1 where it was said as the home has it; less where it was misspelt."""


@dataclass(frozen=True, slots=True)
class Masked:
    """Request with placeholders."""

    text: str
    """The request, with a placeholder for each name."""
    mentions: tuple[Mention, ...]
    """The names, in order."""

    @property
    def score(self) -> float:
        """Certainty of the names, in [0, 1]: the least of them."""
        return min((mention.score for mention in self.mentions), default=1.0)


def mask(text: str, vocabulary: Vocabulary, familiar: Set[str] = frozenset()) -> Masked:
    """Put placeholders where things of the home are named, the longest names first.

    Args:
        text: The request.
        vocabulary: Names of the home.
        familiar: Words that requests have: one of them alone is never a misheard name.
    """
    tokens, longest, familiar = words(text), _longest(vocabulary), frozenset(familiar)
    plain = tuple([word.text for word in tokens])
    pieces, mentions, at, last = [], [], 0, 0
    while at < len(tokens):
        placed = at > 1 and plain[at - 1] == "the" and plain[at - 2] in _PLACING
        hit = _mention(plain[at : at + longest + 1], placed, vocabulary, familiar)
        if hit is None:
            at += 1
            continue
        size, name, score = hit
        start, end = tokens[at].start, tokens[at + size - 1].end
        placeholder = {"area": ROOM, "floor": FLOOR}.get(name.kind) or device_mask(name.domain)
        mentions.append(Mention(name, placeholder, text[start:end], score))
        pieces += [text[last:start], placeholder]
        at, last = at + size, end
    return Masked("".join([*pieces, text[last:]]), tuple(mentions))


def named_at(plain: Sequence[str], at: int, vocabulary: Vocabulary) -> tuple[int, Name | None]:
    """Return (words, name) of the longest name that begins at a word, as it is written; (0, None) without one."""
    by_words = _by_words(vocabulary)
    reach = _reaches(vocabulary).get(plain[at], 0) if at < len(plain) else 0
    for size in range(min(reach, len(plain) - at), 0, -1):
        name = by_words.get(tuple(plain[at : at + size]))
        if name is not None and not (size == 1 and plain[at] in KINDS):
            return size, name
    return 0, None


@lru_cache(maxsize=64)
def _by_words(vocabulary: Vocabulary) -> dict[tuple[str, ...], Name]:
    by_words: dict[tuple[str, ...], Name] = {}
    for name in vocabulary.names:
        said = tuple(word.text for word in words(name.said))
        if said:
            by_words.setdefault(said, name)
    return by_words


@lru_cache(maxsize=64)
def _reaches(vocabulary: Vocabulary) -> Mapping[str, int]:
    return reaches(_by_words(vocabulary))


@lru_cache(maxsize=64)
def _longest(vocabulary: Vocabulary) -> int:
    """Return the number of words of the longest name."""
    return max(map(len, _by_words(vocabulary)), default=0)


@lru_cache(maxsize=64)
def _by_letter(vocabulary: Vocabulary) -> dict[tuple[str, int], list[tuple[str, Name]]]:
    """Group names by first letter and size -> (name as it is written, name), to compare misspelt names with.

    The size is the number of words that are compared: the name has as many, one more or one less.
    """
    by_letter: dict[tuple[str, int], list[tuple[str, Name]]] = {}
    for said, name in _by_words(vocabulary).items():
        written = " ".join(said)
        if len(written) >= _SHORTEST:
            for size in range(len(said) - 1, len(said) + 2):
                by_letter.setdefault((written[0], size), []).append((written, name))
    return by_letter


@lru_cache(maxsize=8_192)
def _mention(
    plain: tuple[str, ...], placed: bool, vocabulary: Vocabulary, familiar: frozenset[str]
) -> tuple[int, Name, float] | None:
    """Find the longest name that some words begin with: (words, name, score).

    Args:
        plain: The words, one more than the longest name has.
        placed: Whether they follow "in the" or the like.
        vocabulary: Names of the home.
        familiar: Words that requests have.
    """
    known, alike, longest = _by_words(vocabulary), _by_letter(vocabulary), _longest(vocabulary)
    for size in range(min(_reaches(vocabulary).get(plain[0], 0), len(plain)), 0, -1):
        name = known.get(plain[:size])
        if name is not None and not (size == 1 and plain[0] in KINDS):
            longer = _longer(plain, size, known) if familiar.isdisjoint(plain[size : size + 1]) else None
            return longer or (size, name, 1.0)
    best: tuple[float, int, Name] | None = None
    second, ordinary = 0.0, common_words()
    for size in range(min(longest, len(plain)), _usual(plain, ordinary), -1):
        near = alike.get((plain[0][:1], size))
        said = " ".join(plain[:size]) if near is not None else ""
        if near is None or len(said) < _SHORTEST:
            continue
        most = len(said) // 3 + 1  # letters more or less that a likeness of three quarters leaves
        for written, name in near:
            score = _alike(said, written) if abs(len(written) - len(said)) <= most else 0.0
            if not score:
                continue
            if best is not None and name.meant == best[2].meant:
                best = max(best, (score, size, name), key=lambda hit: (hit[0], hit[1]))
            elif best is None or score > best[0]:
                second, best = best[0] if best else 0.0, (score, size, name)
            else:
                second = max(second, score)
    if best is None or best[0] < _LEAST or best[0] - second < _MARGIN:
        if plain[0] in _NEVER_HEARD:
            return None
        hit = _heard(plain, vocabulary, longest)
        alone = hit is not None and hit[0] == 1
        if hit is None or (alone and plain[0] in familiar) or (alone and plain[0] in ordinary and not placed):
            return None
        return hit if not placed or not alone or hit[1].kind != "name" else None
    return best[1], best[2], sqrt(best[0])


def _usual(plain: Sequence[str], ordinary: Set[str]) -> int:
    """Count the words at the beginning that are ordinary ones, or say a kind of thing: they are no misspelt name."""
    size = 0
    while size < len(plain) and (plain[size] in ordinary or plain[size] in KINDS):
        size += 1
    return size


def _longer(plain: Sequence[str], size: int, known: dict[tuple[str, ...], Name]) -> tuple[int, Name, float] | None:
    """Find a name of which the first words were heard rightly and the last one not: "bedroom lamb"."""
    if len(plain) <= size or plain[size] in _NEVER_HEARD or plain[size] in KINDS:
        return None
    near = [
        (heard_similarity(plain[size], said[size]), name)
        for said, name in known.items()
        if len(said) == size + 1 and said[:size] == tuple(plain[:size])
    ]
    score, name = max(near, key=lambda hit: hit[0], default=(0.0, None))
    return (size + 1, name, _HEARD_WORTH * score) if name is not None and score >= _LIKE_LAST else None


def _heard(plain: Sequence[str], vocabulary: Vocabulary, longest: int) -> tuple[int, Name, float] | None:
    """Find the name that some words sound most like, where no other comes near."""
    hits: list[tuple[float, int, Name]] = []
    for size in range(min(longest, len(plain), _MOST_HEARD), 0, -1):
        said = " ".join(plain[:size])
        kind = plain[size - 1] if plain[size - 1] in KINDS else None  # "sealing fan" for "ceiling fan"
        if len(said) < _SHORTEST - 1 or (kind is None and plain[size - 1] in _NEVER_HEARD) or kind == said:
            continue
        for words_, name in _sounding_like(said, vocabulary):
            if kind not in (None, words_[-1]):
                continue
            score = heard_similarity(said, " ".join(words_)) if abs(len(words_) - size) <= 1 else 0.0
            shared = len(words_) == size and any(one == other for one, other in zip(words_, plain, strict=False))
            if shared and min(map(heard_similarity, words_, plain)) < _LIKE_LAST:
                continue  # "front desk" is no "front door"
            if score >= (_LIKE_SHARED if shared else _LIKE) and not opposites(said, " ".join(words_)):
                hits.append((score, size, name))
    if not hits:
        return None
    best = max(hits, key=lambda hit: (hit[0], hit[1]))
    second = max((score for score, _, name in hits if name.meant != best[2].meant), default=0.0)
    return None if best[0] - second < _MARGIN else (best[1], best[2], _HEARD_WORTH * best[0])


@lru_cache(maxsize=4_096)
def _sounding_like(said: str, vocabulary: Vocabulary) -> list[tuple[tuple[str, ...], Name]]:
    """Return (words, name) of the few names that sound most like some words."""
    keys, named = _by_sound(vocabulary)
    near = extract(sound_key(said), keys, scorer=OSA.normalized_similarity, score_cutoff=_LIKE_SOUND, limit=_NEAR)
    return [named[at] for _, _, at in near]


@lru_cache(maxsize=64)
def _by_sound(vocabulary: Vocabulary) -> tuple[list[str], list[tuple[tuple[str, ...], Name]]]:
    """Return the sounds of the names, and (words, name) of each; words for kinds of things are none."""
    named = [(said, name) for said, name in _by_words(vocabulary).items() if not (len(said) == 1 and said[0] in KINDS)]
    return [sound_key(" ".join(said)) for said, _ in named], named


@lru_cache(maxsize=8_192)
def _alike(said: str, written: str) -> float:
    score = Levenshtein.normalized_similarity(said, written, score_cutoff=_LEAST)
    if score and (opposites(said, written) or numbers(said) != numbers(written)):
        return 0.0
    return float(score)
