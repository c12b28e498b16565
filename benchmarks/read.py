"""Reading dialogues: training, all heads in bulk, one defect score online. Calls are made up, seeded, partly misheard.

read.train_light_s, read.train_neural_s   CPU seconds to train all five heads on `train` dialogues, with figures out of
                                          fold; the second has both members
read.train_s_per_10k_turns                the same with both members, a head, scaled to 10,000 turns
read.turns_per_s                          turns read a CPU second, all heads, both members
read.light_turns_per_s                    the same by the light member alone
read.online_p50_ms, read.online_p99_ms    CPU time of one online defect score (`DialogueReader.doubt`)
read.int8_gap                             most that int8 weights change an answer
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from uptake.learn.reader import NO_REPHRASE, Targets
from uptake.learn.reader.network import available
from uptake.learn.reader.training import Teacher
from uptake.signals.reading import DialogueReader
from uptake.types import Interpretation, Session, Transcript, Turn

_START = datetime(2026, 1, 1, tzinfo=UTC)
_VERBS = "play start find open show dim brighten call".split()
_SYLLABLES = "ba ri ton el mo ka shi ren dal vor pim su lo ga thes an quo ber ni za".split()


def run(*, train: int = 400, judged: int = 400, online: int = 200) -> dict[str, float]:
    """Train on `train` dialogues, read `judged` others, score the last turn of `online`."""
    random = np.random.default_rng(0)
    names = ["".join(random.choice(_SYLLABLES, 3)) for _ in range(60)]
    lessons = [_dialogue(random, names, at) for at in range(train)]
    others = [_dialogue(random, names, train + at)[0] for at in range(judged)]
    sessions, targets = [one for one, _ in lessons], [one for _, one in lessons]
    turns = sum(len(one.turns) for one in sessions)
    began = time.process_time()
    light = Teacher(neural=False, tell=lambda _: None).fit(sessions, targets).reader
    figures = {"read.train_light_s": time.process_time() - began}
    both = light
    if available():
        began = time.process_time()
        both = Teacher(neural=True, tell=lambda _: None).fit(sessions, targets).reader
        spent = time.process_time() - began
        both = replace(both, shares={head: {"light": 0.5, "neural": 0.5} for head in both.shares})
        figures |= {"read.train_neural_s": spent, "read.int8_gap": float(both.figures["neural.int8_gap"])}
        figures["read.train_s_per_10k_turns"] = spent / len(light.heads) * 10_000 / turns
    figures["read.turns_per_s"] = _speed(both, others)
    figures["read.light_turns_per_s"] = _speed(light, others)
    return figures | _online(light, others[:online])


def _speed(reader: DialogueReader, sessions: list[Session]) -> float:
    reader.read(sessions[:2])
    began = time.process_time()
    reader.read(sessions)
    return sum(len(one.turns) for one in sessions) / (time.process_time() - began)


def _online(reader: DialogueReader, sessions: list[Session]) -> dict[str, float]:
    spent = []
    for one in sessions:
        began = time.thread_time()
        reader.doubt(one)
        spent.append((time.thread_time() - began) * 1e3)
    p50, p99 = np.percentile(spent[10:], [50, 99])
    return {"read.online_p50_ms": float(p50), "read.online_p99_ms": float(p99)}


def _dialogue(random: np.random.Generator, names: list[str], at: int) -> tuple[Session, Targets]:
    turns: list[Turn] = []
    again: list[int] = []
    wrong: list[bool] = []
    while len(turns) < 5:
        verb, name, other = random.choice(_VERBS), random.choice(names), random.choice(names)
        missed = bool(random.random() < 0.3)
        for tried in range(2 if missed and len(turns) < 4 else 1):
            bad = missed and tried == 0
            heard = other if bad else name
            turns.append(_turn(random, at, len(turns), f"{verb} {heard}", heard, name if bad else other))
            wrong.append(bad)
            again.append(len(turns) if bad and len(turns) < 5 else NO_REPHRASE)
    session = Session(session_id=f"s{at}", turns=tuple(turns))
    return session, Targets(
        rephrase=tuple(again),
        defect=tuple(wrong),
        failure=tuple("asr" if bad else "correct" for bad in wrong),
        boundary=tuple(number == 0 or not wrong[number - 1] for number in range(len(turns))),
        success=tuple(not bad for bad in wrong),
    )


def _turn(random: np.random.Generator, at: int, number: int, text: str, heard: str, other: str) -> Turn:
    scores = np.sort(-random.gamma(2.0, 2.0, 5))[::-1]
    swapped = [text, *(f"{text.split(maxsplit=1)[0]} {other}{end}" for end in ("", "s", " please", " now"))]
    return Turn(
        turn_id=f"t{at}/{number}",
        user_id=f"u{at % 40}",
        session_id=f"s{at}",
        said_at=_START + timedelta(hours=at, seconds=8 * number),
        request=text,
        alternatives=tuple(
            Transcript(text=one, score=float(score)) for one, score in zip(swapped, scores, strict=True)
        ),
        interpretation=Interpretation(
            intent=text.split(maxsplit=1)[0], slots=(("name", heard),), confidence=random.uniform(0.3, 1)
        ),
        action=f"{text.split(maxsplit=1)[0]}(name={heard})",
        response=f"here is {heard}",
        status="ok",
    )
