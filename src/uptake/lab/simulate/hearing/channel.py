"""The recogniser of a book of hearings: what was said is what a real recogniser made of it, list and scores.

People ask for what the book has wordings of (`repertoire`). What they say besides, as "yes", "stop" or a room they
are asked for, is heard by the fitted channel.

A person has a favourite order of the book's voices. Half of what they say (assumed) is heard as their own voice at that
distance was; the rest as any voice was, which stands for what differs from one time to the next.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import xxhash

from uptake.lab.simulate.channel import Channel, Voice
from uptake.lab.simulate.hearing.book import Book, Hearing
from uptake.lab.simulate.households import LAYOUTS
from uptake.lab.simulate.people import Phrase, Repertoire, choices
from uptake.types import Transcript

__all__ = ["BookChannel", "repertoire"]

_OWN = 0.5  # share heard as the person's own voice was; assumed
_FREE = frozenset({"by", "amount", "from", "to"})  # values that need nothing in the home
_NOTHING = (Transcript(text="", score=-1.0),)


class BookChannel:
    """Hears what people say, by a book.

    Args:
        book: The book.
        part: Whose voices: "fit" or "judge".
        other: Hears what is not in the book.
    """

    def __init__(self, book: Book, part: str, other: Channel) -> None:
        self._other = other
        takes: dict[tuple[str, bool], list[Hearing]] = defaultdict(list)
        for one in book.hearings:
            if one.part == part:
                takes[one.said, one.far].append(one)
        self._takes = dict(takes)

    def hear(self, said: str, voice: Voice, rng: np.random.Generator, *, care: float = 0.0) -> tuple[Transcript, ...]:
        """Return the recogniser's list for one utterance, best first.

        Args:
            said: What was said, as written by `text.normalize`.
            voice: Who said it.
            rng: Chance of this one utterance.
            care: How much more clearly than usual it was said; above 0 as from nearby, below 0 the noisiest take.
        """
        takes = self._takes.get((said, voice.far and care <= 0.0))
        if takes is None:
            return self._other.hear(said, voice, rng, care=care)
        draw, which = rng.random(2)
        if care < 0.0:
            taken = min(takes, key=lambda one: one.snr_db)
        elif draw < _OWN:
            taken = min(takes, key=lambda one: xxhash.xxh64_intdigest(f"{voice.speaker}/{one.voice}".encode()))
        else:
            taken = takes[int(which * len(takes))]
        return taken.heard or _NOTHING


def repertoire(book: Book, part: str) -> Repertoire:
    """Return what can be asked for in homes of each layout, where all wordings were heard from voices of a part."""
    heard = {one.said for one in book.hearings if one.part == part}
    found: dict[str, dict[str, list[Phrase]]] = {layout: defaultdict(list) for layout in LAYOUTS}
    for phrase in book.phrases:
        if heard.issuperset(phrase.texts):
            for layout in LAYOUTS:
                if all(name in _FREE or value in choices(layout, name) for name, value in phrase.official):
                    found[layout][phrase.wish].append(phrase)
    return {layout: {wish: tuple(ways) for wish, ways in wishes.items()} for layout, wishes in found.items()}
