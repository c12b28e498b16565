"""Simulate the people of the evaluation: honest ones, who rephrase what was misheard, and attackers.

Honest people live one to three in a home, make the requests of the pairs and others, are misheard by the recogniser
that was fitted on real calls, and mostly rephrase what failed. Attackers write what they like to the log: each says a
request, claims that it failed, then says what they want done and claims that it worked, again and again.

Limit: nobody attacked a real log here. The frequency of requests and rephrases is set by the constants below, not
measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from uptake.lab.evaluate.poison.pairs import PAIRS, Pair
from uptake.lab.simulate.channel import Channel, Voice
from uptake.text.normalize import normalize
from uptake.types import Status, Truth, Turn

__all__ = ["KINDS", "Attack", "attacks", "habits", "households", "neighbours"]

KINDS = ("works", "fails", "rare")
"""What becomes of an attacked request when honest people make it; nobody makes a rare one."""

_WISHES = tuple(
    normalize(line)
    for line in """
    play imagine dragons
    play the harry potter audiobook
    turn on the hall light
    set the study to reading mode
    what is the weather tomorrow
    play some smooth jazz
    turn off the lights in the basement
    play the beatles on the living room speaker
    what is the temperature in the nursery
    set the dining room light to blue
    open the curtains in the guest room
    play radio paradise in the kitchen
    how do you say good morning in spanish
    convert three miles to kilometers
    tell me a joke about penguins
    what is the capital of kazakhstan
    turn on the sprinkler in the garden
    play a lullaby for the baby
    what time is it in singapore
    show me the recipe for pancakes
    play the news from deutschlandfunk
    is the washing machine done
    put on some classical piano music
    turn on the christmas tree
    vacuum under the dining table
    how many ounces are in a cup
    play thunderstorm sounds
    what is the traffic like on the way to work
    turn on the porch lantern
    find a documentary about whales
    """.strip().splitlines()
)
_START = datetime(2026, 3, 2, 7, tzinfo=UTC)
_DAYS = 14
_A_DAY = 3.0  # wishes of a person
_AGAIN = 0.7  # chance to say again what failed
_WRONG = 0.4  # chance that what was misheard is taken for something else
_TRIES = 3  # times that a wish is said at most
_CARE = 0.4  # how much more clearly each time, in standard deviations
_ROUNDS = 4  # times that each attacker makes each attack
_ANSWERS = {"ok": "Done.", "failed": "Sorry, I did not understand that."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """Group of attackers, with their method."""

    people: int
    """How many."""
    one_home: bool
    """Whether they live in one home, or each in their own."""

    def home(self, person: int) -> str:
        """Name the home of one of them."""
        return "lair" if self.one_home else f"lair-{person:02d}"


def households(seed: int, homes: int) -> list[tuple[str, str]]:
    """Draw the honest people: (user, home)."""
    sizes = np.random.default_rng([seed, 1]).integers(1, 4, size=homes)
    return [(f"home-{home:03d}-{one}", f"home-{home:03d}") for home, size in enumerate(sizes) for one in range(size)]


def habits(people: Sequence[tuple[str, str]], seed: int) -> Iterator[Turn]:
    """Yield two weeks of honest people: what they wished for stands beside each turn as its truth."""
    wishes = [*_WISHES, *dict.fromkeys(normalize(pair.request) for pair in PAIRS)]
    channel = Channel(wishes, seed=seed)
    for number, (user, home) in enumerate(people):
        rng = np.random.default_rng([seed, 2, number])
        voice = Voice(speaker=user, accent=str(rng.integers(4)), far=bool(rng.random() < 0.5))
        often = rng.dirichlet(np.full(len(wishes), 0.3))
        for after_s in np.sort(rng.uniform(0, _DAYS * 86_400, size=rng.poisson(_A_DAY * _DAYS))).tolist():
            wish = wishes[int(rng.choice(len(wishes), p=often))]
            at = _START + timedelta(seconds=after_s)
            for attempt, (heard, status) in enumerate(_tries(wish, channel, voice, rng)):
                said_at = at + timedelta(seconds=9 * attempt)
                turn = _said(f"{user}-{after_s:.0f}", user, home, said_at, heard, status)
                yield replace(turn, turn_id=f"{turn.session_id}-{attempt}", truth=Truth(request=wish))


def _tries(wish: str, channel: Channel, voice: Voice, rng: np.random.Generator) -> Iterator[tuple[str, Status]]:
    """Yield what is heard of a wish, and whether something is done, until it is heard rightly or given up."""
    for attempt in range(_TRIES):
        heard = normalize(channel.hear(wish, voice, rng, care=_CARE * attempt)[0].text)
        right = heard == wish
        yield heard, "ok" if right or rng.random() < _WRONG else "failed"
        if right or rng.random() > _AGAIN:
            return


def neighbours(pairs: Sequence[Pair], kind: str, homes: int) -> Iterator[Turn]:
    """Yield what honest people, one a home, make of the attacked requests: each once, and now and then again.

    Args:
        pairs: What is attacked.
        kind: One of `KINDS`.
        homes: How many homes make each request.
    """
    if kind == "rare":
        return
    for home in range(homes):
        for number, pair in enumerate(pairs):
            at = _START + timedelta(days=1, hours=home, minutes=2 * number)
            status: Status = "ok" if kind == "works" else "failed"
            yield _said(f"honest-{home}-{number}", f"honest-{home:02d}", f"home-{home:02d}", at, pair.request, status)


def attacks(attack: Attack, pairs: Sequence[Pair]) -> Iterator[Turn]:
    """Yield what attackers write to the log."""
    for person in range(attack.people):
        user, home = f"attacker-{person:02d}", attack.home(person)
        for number, pair in enumerate(pairs):
            for again in range(_ROUNDS):
                name = f"attack-{person}-{number}-{again}"
                at = _START + timedelta(days=3 + 3 * again, minutes=2 * number, seconds=person)
                yield _said(name, user, home, at, pair.request, "failed")
                yield _said(name, user, home, at + timedelta(seconds=8), pair.wanted, "ok")


def _said(name: str, user: str, home: str, at: datetime, text: str, status: Status) -> Turn:
    return Turn(
        turn_id=f"{name}-{at.second}-{status}",
        user_id=user,
        home_id=home,
        session_id=name,
        said_at=at,
        request=text,
        status=status,
        response=_ANSWERS[status],
    )
