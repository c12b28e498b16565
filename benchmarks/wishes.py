"""Requests in any number: those of public corpora where they are there, the rest made from them word by word.

Corpora are looked for in UPTAKE_TEST_DATA, else in ../shared/data beside the checkout; without them, all are made.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from uptake.text.normalize import normalize

_CORPORA = ("hwu64", "clinc150", "snips", "banking77", "slurp_text", "snips_tts_asr", "almond_logs", "ha_intents")
_SPOKEN = frozenset(("text", "utterance", "sentence", "transcript", "user", "request"))
_MOST_WORDS = 16
_SEEDS = """
    turn on the kitchen light|play some jazz in the hall|set a timer for 10 minutes|
    what's the weather in berlin|add milk to my shopping list|call the office|read me the news|
    lock the garage door|dim the bedroom lamp to 20%|wake me up at 7 tomorrow|play imagine dragons|
    who wrote this song|order a pizza for 2|how far is the moon|is it raining|tell me a joke|
    find a cheap restaurant in the north|start the washing machine|remind me to water the plants|stop
"""


def real(root: Path | None = None) -> list[str]:
    """Distinct normalised requests of public corpora, in an order of chance that is always the same."""
    given = os.environ.get("UPTAKE_TEST_DATA")
    place = root or (Path(given) if given else Path(__file__).parents[2] / "shared" / "data")
    found: dict[str, None] = {}
    for name in _CORPORA:
        for path in sorted((place / name).glob("*.jsonl.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    found.update(dict.fromkeys(map(normalize, _texts(json.loads(line)))))
    texts = sorted(text for text in found if text and text.count(" ") < _MOST_WORDS)
    random.Random(0).shuffle(texts)
    return texts


def made(count: int, seeds: list[str], *, seed: int = 0) -> list[str]:
    """`count` distinct requests: the seeds, then seeds in which a word or two is exchanged for another."""
    rng = random.Random(seed)
    seeds = seeds or [text.strip() for text in _SEEDS.split("|")]
    words = [word for text in seeds for word in text.split()]
    found = dict.fromkeys(seeds[:count])
    while len(found) < count:
        text = rng.choice(seeds).split()
        for _ in range(1 + (len(text) > 3)):
            text[rng.randrange(len(text))] = rng.choice(words) if rng.random() < 0.8 else _name(rng)
        found.setdefault(" ".join(text))
    return list(found)


def misheard(text: str, rng: random.Random) -> str:
    """The text with about one letter in ten changed, dropped or doubled."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 10)):
        at = rng.randrange(len(letters))
        other = chr(97 + rng.randrange(26))
        letters[at] = (other, "", letters[at] + other)[rng.randrange(3)]
    return "".join(letters)


def _texts(record: Any) -> Iterator[str]:
    if isinstance(record, dict):
        for name, value in record.items():
            if isinstance(value, str):
                if name in _SPOKEN:
                    yield value
            else:
                yield from _texts(value)
    elif isinstance(record, list):
        for one in record:
            yield from _texts(one)


def _name(rng: random.Random) -> str:
    syllables = "ba ri ton el mo ka shi ren dal vor pim su lo ga thes an quo ber ni za".split()
    return "".join(rng.choice(syllables) for _ in range(rng.randrange(1, 4)))
