"""Made-up conversations of several goals each: what a turn says alone does not tell where a goal begins."""

from __future__ import annotations

import numpy as np

from tests.builders import START
from uptake.insight.dialogues.learn import Targets
from uptake.types import Session, Turn

TOPICS = {
    "taxi": "taxi driver pickup airport luggage".split(),
    "table": "table dinner window seats menu".split(),
    "film": "film cinema actor ticket screen".split(),
}


def toy(count: int = 90, *, seed: int = 0) -> tuple[list[Session], list[Targets]]:
    """Sessions of one to three goals. A goal fails where its last answer repeats the one before."""
    generator = np.random.default_rng(seed)
    made = [_session(f"toy-{at}", f"user-{at % 15}", generator) for at in range(count)]
    return [session for session, _ in made], [targets for _, targets in made]


def _session(name: str, user: str, generator: np.random.Generator) -> tuple[Session, Targets]:
    turns: list[Turn] = []
    begun: list[bool] = []
    success: list[bool] = []
    for topic in generator.permutation(list(TOPICS))[: generator.integers(1, 4)].tolist():
        size, good = int(generator.integers(2, 5)), bool(generator.random() < 0.6)
        answers = [" ".join(generator.choice(TOPICS[topic], 2, replace=False)) for _ in range(size)]
        if not good:
            answers[-1] = answers[-2]
        for at in range(size):
            turns.append(
                Turn(
                    turn_id=f"{name}/{len(turns)}",
                    user_id=user,
                    session_id=name,
                    said_at=START.replace(minute=len(turns)),
                    request=f"now the {generator.choice(TOPICS[topic])}",
                    response=answers[at],
                )
            )
            begun.append(at == 0)
            success.append(good)
    return Session(session_id=name, turns=tuple(turns)), Targets(boundary=tuple(begun), success=tuple(success))
