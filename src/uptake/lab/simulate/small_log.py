"""Make a small synthetic log, for the demo and for tests.

Sixty simulated people use a voice assistant for two weeks. Some of their requests are misheard in the same way for many
of them; they rephrase, interrupt or give up. One of them has a name of their own for something. All texts, times and
outcomes are drawn by the code below, with rates chosen for illustration, so figures computed on it say nothing about
real use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from uptake.types import Context, Interpretation, Status, Turn

__all__ = ["CRITICAL", "PERSONAL", "REPAIRS", "small_log"]

Outcome = Literal["ok", "wrong", "unheard"]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Goal of the people: its interpretation, its wordings, and how they are misheard."""

    meaning: str
    """Key of the interpretation, as `uptake.types.Interpretation.key` writes it."""
    said: str
    misheard: tuple[str, ...] = ()
    rate: float = 0.0
    """Probability that it is misheard the first time."""

    @property
    def interpretation(self) -> Interpretation:
        """Right interpretation."""
        domain, intent, *slots = self.meaning.split("|")
        pairs = tuple((name, value) for name, _, value in (slot.partition("=") for slot in slots))
        return Interpretation(domain=domain, intent=intent, slots=pairs, confidence=0.9)


_WISHES = (
    _Wish("media|play|artist=imagine dragons", "play imagine dragons", ("play maj and dragons",), 0.5),
    _Wish("media|play|title=harry potter", "play harry potter audiobook", ("play harry porter audiobook",), 0.4),
    _Wish(
        "home|turn_on|name=hall light",
        "turn on the hall light",
        ("turn on the whole light", "turn on the haul light"),
        0.35,
    ),
    _Wish(
        "home|scene|area=study|scene=reading", "set the study to reading mode", ("set the steady to reading mode",), 0.4
    ),
    _Wish("lists|add|item=milk", "add milk to the shopping list", ("add silk to the shopping list",), 0.3),
    _Wish("home|unlock|name=front door", "unlock the front door", ("a lock the front door",), 0.5),
    _Wish("weather|forecast|day=tomorrow", "what's the weather tomorrow"),
    _Wish("clock|timer|minutes=10", "set a timer for 10 minutes"),
    _Wish("media|play|genre=jazz", "play some jazz"),
    _Wish("home|turn_off|name=kitchen light", "turn off the kitchen light"),
)
_GIVES_UP = _Wish("control|cancel", "never mind")
_OWN_NAME = _Wish("media|play|title=rain sounds", "play rain sounds for sleeping")

REPAIRS = {heard: wish.said for wish in _WISHES for heard in wish.misheard if "unlock" not in wish.meaning}
"""Misheard texts of this log with what was meant: the rewrites a learner should find."""
CRITICAL = ("a lock the front door", "unlock the front door")
"""A repair into a critical action: it may be learned, and must never be done without asking."""
PERSONAL = ("user-07", "play my sleep mix", _OWN_NAME.said)
"""(user, own name, what works): one person's habit, which must stay that person's."""

_START = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)


def small_log(*, users: int = 60, days: int = 14, seed: int = 0) -> Iterator[Turn]:
    """Yield the turns of the synthetic log, in no particular order of time.

    Args:
        users: How many people talk.
        days: For how many days, from 5 January 2026.
        seed: Equal seeds give equal logs.
    """
    rng = np.random.default_rng(seed)
    for number in range(users):
        talker = _Talker(user=f"user-{number:02d}", rng=rng)
        for day in range(days):
            for hour in np.sort(rng.choice(np.arange(0, 15), size=rng.poisson(2), replace=False)):
                minutes = int(rng.integers(0, 50))
                yield from talker.session(_START + timedelta(days=day, hours=int(hour), minutes=minutes))


@dataclass(slots=True)
class _Talker:
    """Simulated person."""

    user: str
    rng: np.random.Generator
    said: int = 0

    def session(self, start: datetime) -> list[Turn]:
        """Simulate a session: one or two wishes, each said until it works or the person gives up."""
        turns: list[Turn] = []
        at = start
        if self.user == PERSONAL[0] and start.hour > 18:
            turns.append(self._turn(at, PERSONAL[1], "unheard"))
            at += timedelta(seconds=9)
            return [*turns, self._turn(at, _OWN_NAME.said, "ok", wish=_OWN_NAME)]
        for _ in range(1 + int(self.rng.random() < 0.3)):
            wish = _WISHES[int(self.rng.integers(len(_WISHES)))]
            turns += self._wish(at, wish)
            at = turns[-1].said_at + timedelta(seconds=float(self.rng.uniform(14, 30)))
        return turns

    def _wish(self, at: datetime, wish: _Wish) -> list[Turn]:
        if self.rng.random() >= wish.rate:
            return [self._turn(at, wish.said, "ok", wish=wish)]
        heard = wish.misheard[int(self.rng.integers(len(wish.misheard)))]
        wrong = self.rng.random() < 0.5
        first = self._turn(at, heard, "wrong" if wrong else "unheard", wish=wish)
        at += timedelta(seconds=float(self.rng.uniform(5, 11)))
        if self.rng.random() < 0.15:
            return [first, self._turn(at, _GIVES_UP.said, "ok", wish=_GIVES_UP)]
        return [first, self._turn(at, wish.said, "ok", wish=wish)]

    def _turn(self, at: datetime, heard: str, outcome: Outcome, *, wish: _Wish | None = None) -> Turn:
        self.said += 1
        reading: Interpretation | None = None
        status: Status = "ok"
        if outcome == "unheard" or wish is None:
            status = "failed"
        elif outcome == "wrong":  # taken literally: understood as something that is not what was meant
            reading = Interpretation(domain="media", intent="search", slots=(("query", heard),), confidence=0.55)
        else:
            reading = wish.interpretation
        return Turn(
            turn_id=f"synthetic-{self.user}-{self.said:04d}",
            user_id=self.user,
            home_id=f"home-{self.user[-2:]}",
            device_id=f"speaker-{self.user[-2:]}",
            said_at=at,
            request=heard,
            language="en",
            interpretation=reading,
            status=status,
            response={"ok": "okay", "wrong": "here is what I found", "unheard": "sorry, I did not get that"}[outcome],
            context=Context(device_type="speaker", local_time=f"{at:%H:%M}"),
            barge_in_ms=float(self.rng.integers(300, 1500)) if outcome == "wrong" and self.rng.random() < 0.5 else None,
        )
