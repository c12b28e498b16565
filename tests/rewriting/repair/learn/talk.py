"""Made-up calls in which a recogniser's list knows more than the reading that was acted on."""

from __future__ import annotations

import numpy as np

from tests.builders import turn
from uptake.types import Interpretation, Session, Transcript

FOODS = ("thai", "italian", "indian", "french", "turkish")


def inform(food: str, confidence: float = 0.9) -> Interpretation:
    """A reading with one food."""
    return Interpretation(intent="inform", slots=(("inform.food", food),), confidence=confidence)


def calls(callers: range, *, each: int = 8, seed: int = 0) -> tuple[list[Session], dict[str, Interpretation]]:
    """Sessions, and what was meant by `turn_id`.

    One request in three is not understood although the words are there; one in five of the others is noise that
    sounds like a word. The second recogniser hears requests, and nothing of the noise.
    """
    generator = np.random.default_rng(seed)
    sessions, meant = [], {}
    for caller in callers:
        for number in range(each):
            name = f"{caller}-{number}"
            food = str(generator.choice(FOODS))
            noise, lost = generator.random() < 0.15, generator.random() < 0.35
            text = food if noise else f"{food} food please"
            said = turn(
                text,
                user=f"caller{caller}",
                turn_id=f"{name}/0",
                alternatives=(Transcript(text=text, score=-0.2), Transcript(text=f"the {text}", score=-1.5)),
                interpretation=None if noise or lost else inform(food),
                runners_up=(inform(food, 0.1),) if noise or lost else (),
                spoken_ms=200.0 if noise else 1500.0,
                action="request(slot=area)",
            )
            meant[said.turn_id] = Interpretation(intent="") if noise else inform(food)
            goodbye = Interpretation(intent="bye", confidence=0.9)
            after = turn(
                "bye", user=f"caller{caller}", turn_id=f"{name}/1", at_s=9.0, spoken_ms=900.0, interpretation=goodbye
            )
            meant[after.turn_id] = goodbye
            sessions.append(Session(session_id=name, turns=(said, after)))
    return sessions, meant


def second(sessions: list[Session]) -> dict[str, tuple[Transcript, ...]]:
    """What another recogniser made of it."""
    return {
        one.turn_id: (Transcript(text="" if one.spoken_ms == 200.0 else one.request, score=-0.1),)
        for some in sessions
        for one in some.turns
    }
