"""Reading dialogues: training, both heads in bulk, one defect score online. Calls are made up, seeded, partly misheard.

read.train_s                              CPU seconds to train both heads on `train` dialogues, with figures out of fold
read.train_s_per_10k_turns                the same, a head, scaled to 10,000 turns
read.turns_per_s                          turns read a CPU second, both heads
read.online_p50_ms, read.online_p99_ms    CPU time of one online defect score (`DialogueReader.doubt`)
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import numpy as np

from uptake.insight.dialogues.learn import NO_REPHRASE, Targets
from uptake.insight.dialogues.learn.train import Teacher
from uptake.insight.dialogues.reader import DialogueReader
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
    reader = Teacher(tell=lambda _: None).fit(sessions, targets).reader
    spent = time.process_time() - began
    figures = {
        "read.train_s": spent,
        "read.train_s_per_10k_turns": spent / len(reader.heads) * 10_000 / turns,
        "read.turns_per_s": _speed(reader, others),
    }
    return figures | _online(reader, others[:online])


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
    return Session(session_id=f"s{at}", turns=tuple(turns)), Targets(rephrase=tuple(again), defect=tuple(wrong))


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
