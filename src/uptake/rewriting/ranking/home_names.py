"""Words that sound like something this home or person has: "turn on the hole light" where there is a hall light.

Names of things in the home, and what filled the slots of the person's own requests, make a closed and small set. A
stretch of the request that sounds like one of them, and is none of them itself, is proposed as that one. In an open
vocabulary this loses more than it wins; here whoever speaks mostly means something they have.

Source: matching by sound against a person's own entities as in Raghuvanshi et al., "Entity resolution for noisy ASR
transcripts" (EMNLP 2019, demo). Differs: stretches of the text itself, so that no tagger needs to find them first.
A word that says what is done is no part of a name that was misheard: "turn it off then" is about no oven.
Limit: English sounds only (`uptake.text.phonetic`); a name of one short word is too little to go by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from uptake.rewriting.known_names import names_of
from uptake.rewriting.proposal import Candidate
from uptake.text.deeds import tells_deed
from uptake.text.lexicon import content_words, numbers, opposites
from uptake.text.normalize import MAX_CHARS, normalize
from uptake.text.phonetic import sound_key
from uptake.types import Request, Situation

__all__ = ["Names"]

_MOST_WORDS = 30
_LEAST_SOUND = 3  # letters of a sound key


@dataclass(frozen=True, slots=True)
class Names:
    """Proposes the request with a stretch of it replaced by a name that sounds like it.

    >>> situation = Situation(states=(("Hall light", "off"),))
    >>> [one.text for one in Names()(Request(text="turn on the hole light", user_id="ann"), situation, 3)]
    ['turn on the hall light']

    Args:
        known: Further names that hold for everybody in the home, for example contacts and lists.
        least: Least likeness of sounds, in [0, 1].
    """

    known: tuple[str, ...] = ()
    least: float = 0.7

    name: ClassVar[str] = "names"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """Return at most `limit` candidates, the likest first."""
        words = normalize(request.text).split() if len(request.text) <= MAX_CHARS else []
        names = names_of(situation, self.known)
        if not words or len(words) > _MOST_WORDS or not names or limit < 1:
            return ()
        best: dict[str, tuple[float, int, str]] = {}
        text, have = " ".join(words), set(names)
        for likeness, start, end, name in self._alike(words, names):
            stretch = " ".join(words[start:end])
            written = " ".join([*words[:start], name, *words[end:]])
            if stretch in have or f" {name} " in f" {text} " or not content_words(stretch):
                continue
            if numbers(stretch) != numbers(name) or opposites(stretch, name) or tells_deed(stretch, beside=name):
                continue
            if (likeness, start - end) > best.get(name, (0.0, 0, ""))[:2]:  # the likest, then the shortest
                best[name] = (likeness, start - end, written)
        found = sorted(best.values(), key=lambda one: (-one[0], one[2]))[:limit]
        return tuple(
            Candidate(text=written, layer="home", origins=((self.name, likeness),)) for likeness, _, written in found
        )

    def _alike(self, words: Sequence[str], names: Sequence[str]) -> list[tuple[float, int, int, str]]:
        """Return (likeness, first word, after the last, name) of all stretches that sound enough like a name."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        longest = max(name.count(" ") for name in names) + 2
        spans = [
            (start, end)
            for start in range(len(words))
            for end in range(start + 1, min(start + longest, len(words)) + 1)
        ]
        here = [sound_key(" ".join(words[start:end])) for start, end in spans]
        keys = [sound_key(name) for name in names]
        likeness = process.cdist(
            here, keys, scorer=Levenshtein.normalized_similarity, score_cutoff=self.least, dtype=np.float32
        )
        found = []
        for at, which in zip(*np.nonzero(likeness >= self.least), strict=True):
            if min(len(here[at]), len(keys[which])) >= _LEAST_SOUND:
                found.append((float(likeness[at, which]), *spans[at], names[which]))
        return found
