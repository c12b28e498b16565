"""Names as people mistype them: how fast they are found, how often the right one, and what a score is worth.

Names are the shipped catalogue's (each once); noise changes, drops or adds a letter in eight. Three names in ten are
taken out before they are asked for, so that nothing found for them is right.

    names.p50_ms, names.p99_ms             CPU time of one look-up among `small` names of a catalogue
    names.large_p50_ms, names.large_p99_ms the same among 2,000 made-up titles
    names.found                            share of names present that are found first, at a score that is acted on
    names.mistaken                         share of names absent for which another is acted on
    names.right_at_65 … right_at_85        share of matches with a score in [0.65, 0.70) … [0.85, 0.90) that are right
    resolve.p50_ms, resolve.p99_ms         the same: a reading tied to the devices of the shipped home
"""

from __future__ import annotations

import time

import numpy as np

from uptake.assistant.entities import Catalogue, Resolver
from uptake.assistant.entities.matching import ACCEPT, Names, core
from uptake.assistant.home import VirtualHome
from uptake.assistant.skills import Skills
from uptake.types import Context, Interpretation, Situation

_SYLLABLES = "ba ri ton el mo ka shi ren dal vor pim su lo ga thes an quo ber ni za".split()
_BINS = (0.65, 0.70, 0.75, 0.80, 0.85)


def run(*, small: int = 300, large: int = 2_000, count: int = 3_000) -> dict[str, float]:
    """Ask for `count` names."""
    random = np.random.default_rng(0)
    titles = list({core(item.name): item.name for item in Catalogue.shipped().items}.values())
    few = [titles[at] for at in random.permutation(len(titles))[:small]]
    many = list(dict.fromkeys(_title(random) for _ in range(large)))
    p50, p99 = _times(few, random, count // 3)
    large_p50, large_p99 = _times(many, random, count // 3)
    resolve_p50, resolve_p99 = _resolving(random, count // 3)
    return {
        "names.p50_ms": p50,
        "names.p99_ms": p99,
        "names.large_p50_ms": large_p50,
        "names.large_p99_ms": large_p99,
        **_shares(titles, random, count),
        "resolve.p50_ms": resolve_p50,
        "resolve.p99_ms": resolve_p99,
    }


def _times(titles: list[str], random: np.random.Generator, count: int) -> tuple[float, float]:
    names = Names((title, (title,)) for title in titles)
    return _percentiles([lambda said=said: names.match(said) for said in _asked(titles, random, count)])


def _resolving(random: np.random.Generator, count: int) -> tuple[float, float]:
    home = VirtualHome.load()
    resolver, names = Resolver(home, Skills()), [device.name for device in home.devices]
    situation = Situation(context=Context(room="Kitchen"))
    readings = [Interpretation(intent="HassTurnOn", slots=(("name", said),)) for said in _asked(names, random, count)]
    return _percentiles([lambda reading=reading: resolver.resolve(reading, situation) for reading in readings])


def _shares(titles: list[str], random: np.random.Generator, count: int) -> dict[str, float]:
    names = Names((title, (title,)) for title in titles)
    present: list[bool] = []
    absent: list[bool] = []
    scored: list[tuple[float, bool]] = []
    for _ in range(count):
        title = titles[random.integers(len(titles))]
        is_there = random.random() < 0.7
        found = names.match(_noisy(title, random), among=None if is_there else lambda key, gone=title: key != gone)
        is_right = bool(found) and found[0].key == title
        is_taken = bool(found) and found[0].score >= ACCEPT
        (present if is_there else absent).append(is_right and is_taken if is_there else is_taken)
        if found:
            scored.append((found[0].score, is_right))
    shares = {"names.found": float(np.mean(present)), "names.mistaken": float(np.mean(absent))}
    for least in _BINS:
        right = [is_right for score, is_right in scored if least <= score < least + 0.05]
        shares[f"names.right_at_{round(100 * least)}"] = float(np.mean(right)) if right else float("nan")
    return shares


def _asked(titles: list[str], random: np.random.Generator, count: int) -> list[str]:
    return [_noisy(titles[random.integers(len(titles))], random) for _ in range(count)]


def _noisy(title: str, random: np.random.Generator) -> str:
    letters = list(title.lower())
    for _ in range(max(1, len(letters) // 8)):
        at = int(random.integers(len(letters)))
        other = chr(97 + int(random.integers(26)))
        letters[at] = (other, "", letters[at] + other)[int(random.integers(3))]
    return "".join(letters)


def _title(random: np.random.Generator) -> str:
    words = ("".join(random.choice(_SYLLABLES, random.integers(1, 4))) for _ in range(random.integers(1, 5)))
    return " ".join(words)


def _percentiles(calls: list) -> tuple[float, float]:
    times = np.empty(len(calls))
    for at, call in enumerate(calls):
        start = time.thread_time_ns()
        call()
        times[at] = time.thread_time_ns() - start
    p50, p99 = np.percentile(times, [50, 99]) / 1e6
    return float(p50), float(p99)
