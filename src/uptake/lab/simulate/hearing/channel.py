"""Simulated recogniser that replays a book of hearings: n-best lists and scores of a real recogniser.

People ask only for goals with wordings in the book (`repertoire`). Other sentences, such as "yes", "stop" or a room
they are asked for, go through the fitted channel.

Each person has an order of preference of the book's voices. Half of their sentences (assumed) use their own voice at
that distance; the rest use any voice, which stands for variation between occasions.
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
    """Simulated recogniser with the hearings of a book.

    Args:
        book: The book.
        part: Part of the voices: "fit" or "judge".
        other: Recogniser for sentences that are not in the book.
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
