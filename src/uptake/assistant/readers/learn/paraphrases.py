"""Paraphrases of requests to a home, as families of wordings: what people say that no sentence template has.

A line of `paraphrases*.txt` is a family: `(a|b|)` is a choice, `{slot}` a value that is marked, `{name:light}` the
placeholder of a device of a domain. The header above it is the label (see `sampling.label_of`); under `OutOfScope`
stand sentences with the same words in which nobody asks the assistant for anything. Families, not sentences, are left
out where confidence is learnt.

Limit: English; ten authors' idea of how people speak.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers.augment import FILLERS
from uptake.assistant.readers.sampling import FLOOR, ROOM, Sample, device_mask

__all__ = ["AUTHORS", "authors_of_families", "drawn", "families", "families_of", "paraphrases"]

AUTHORS: Mapping[str, str] = {
    "one": "paraphrases.txt",
    "two": "paraphrases_two.txt",
    "three": "paraphrases_three.txt",
    "four": "paraphrases_four.txt",
    "five": "paraphrases_five.txt",
    "six": "paraphrases_six.txt",
    "seven": "paraphrases_seven.txt",
    "eight": "paraphrases_eight.txt",
    "nine": "paraphrases_nine.txt",
    "ten": "paraphrases_ten.txt",
}
"""Author -> file. All but the first wrote without knowledge of the code, the first's families and each other's."""
_PIECE = re.compile(r"\{([a-z_]+)(?::([a-z_/]+))?\}")
_CHOICE = re.compile(r"\(([^()]*)\)")
_COLOURS = "red blue green yellow purple orange pink white turquoise".split()
_TITLES = tuple(
    "what i am by edie brown|a record from 1950|some eighties music|the top twenty|sad songs|my workout playlist"
    "|the new one by adele"
    "|something from the seventies|the latest album of the roots|take five|don't stop me now|the white stripes"
    "|songs about rain"
    "|music for cooking|a symphony by mozart|the sound of silence|what a wonderful world|the best of abba|all my "
    "loving|slow songs"
    "|an audiobook|a podcast about history|the radio|country music|that song by prince|rap|a good movie soundtrack"
    "|my morning mix"
    "|light my fire|open your heart|turn the page|close to you|lights|the hall of fame|window pane blues|stop in "
    "the name of love"
    "|a lullaby for the baby|hits of 1999|the second track|bob dylan's greatest hits|happy birthday|the national "
    "anthem".split("|")
)
_SAID = {
    "fan_mode": ("auto", "automatic", "low", "high"),
    "color": _COLOURS,
    "at": ("7 am", "6:30", "half past 6", "8 o'clock", "7 tomorrow morning", "noon", "10 pm", "5 in the morning", "9"),
    "date": tuple(
        "tomorrow|today|on friday|this weekend|tonight|next week|this summer|on the 7th|next tuesday|in two weeks"
        "|this afternoon"
        "|on monday morning|next month|for the next ten days|in december|this evening|later|right now|on sunday|at "
        "noon".split("|")
    ),
    "text": ("call mum", "take out the trash", "pay the rent", "water the plants", "feed the cat", "buy stamps"),
    "place": tuple(
        "london|paris|new york|berlin|chicago|rome|costa rica|cape town|northern idaho|santa fe|kyoto|the alps|san "
        "jose|dublin"
        "|little rock|lake placid|deer park|austria|mexico city|my home town|our area|the city|the south|nairobi".split(
            "|"
        )
    ),
    "timer": FILLERS["timer_name"],
    "item": FILLERS["shopping_list_item"],
    "search_query": (*FILLERS["search_query"], *_TITLES),
    "message": FILLERS["message"],
    "media_class": ("song", "album", "playlist", "track", "podcast"),
    "device_class": ("window", "windows", "curtains", "blinds", "shades", "garage door", "gate", "shutters"),
}
_NUMBERS = {
    "brightness": range(5, 101, 5),
    "position": range(10, 91, 10),
    "percentage": range(10, 101, 10),
    "volume_level": range(5, 101, 5),
    "volume_step": range(5, 31, 5),
    "temperature": range(16, 27),
    "minutes": (1, 2, 3, 5, 7, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50),
    "hours": range(1, 6),
    "seconds": (10, 20, 30, 45, 90),
    "start_minutes": (5, 10, 15, 20, 30),
}


@cache
def families() -> tuple[tuple[str, str], ...]:
    """Return (label, line) of every family, in order."""
    return tuple(chain.from_iterable(map(families_of, AUTHORS)))


@cache
def authors_of_families() -> tuple[str, ...]:
    """Return the author of every family, in the order of `families`."""
    return tuple(author for author in AUTHORS for _ in families_of(author))


@lru_cache(maxsize=8)
def families_of(author: str) -> tuple[tuple[str, str], ...]:
    """Return (label, line) of every family of one author, in order; `author` is one of `AUTHORS`."""
    found, label = [], ""
    for line in (Path(__file__).parent / AUTHORS[author]).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            label = line.removeprefix("# ")
        elif line.strip():
            found.append((label, line.strip()))
    return tuple(found)


def paraphrases(each: int, draw: random.Random, *, only: frozenset[int] | None = None) -> Iterator[Sample]:
    """Return sentences of every family, at most `each` of one (half of it out of scope), without repetition.

    Args:
        each: Most sentences of a family.
        draw: Draws them.
        only: Positions of the families to draw from [default: all].
    """
    for at, (label, line) in enumerate(families()):
        if only is not None and at not in only:
            continue
        seen: set[str] = set()
        most = each if label != OUT_OF_SCOPE else (each + 1) // 2
        for _ in range(2 * each):
            sample = drawn(line, label, draw)
            if sample.text not in seen and len(seen) < most:
                seen.add(sample.text)
                yield sample


def drawn(line: str, label: str, draw: random.Random) -> Sample:
    """Return a sentence of a family.

    Args:
        line: The family.
        label: What it means.
        draw: Draws choices and values.
    """
    while (choice := _CHOICE.search(line)) is not None:
        line = line[: choice.start()] + draw.choice(choice[1].split("|")) + line[choice.end() :]
    text, slots, at = "", [], 0
    line = " ".join(line.split())
    for piece in _PIECE.finditer(line):
        text += line[at : piece.start()]
        slot, value = piece[1], _value(piece[1], piece[2], draw)
        if label != OUT_OF_SCOPE:
            slots.append(("name" if slot == "timer" else slot, len(text), len(text) + len(value)))
        text, at = text + value, piece.end()
    return Sample(text + line[at:], label, tuple(slots))


def _value(slot: str, kinds: str | None, draw: random.Random) -> str:
    if slot == "name":
        return device_mask(draw.choice((kinds or "light").split("/")))
    if slot in ("area", "floor"):
        return ROOM if slot == "area" else FLOOR
    if slot in _NUMBERS:
        return str(draw.choice(list(_NUMBERS[slot])))
    said: Mapping[str, Sequence[str]] = _SAID
    return draw.choice(list(said[slot]))
