"""Simulate days of households that use the assistant: turns with their truth, day by day.

A day is a function of the seed, the day's number and the current assistant; nothing else is carried over. So days can
alternate with learning, an interrupted day is run again with the same turns, and the log is the same for any number of
processes. Homes are grouped in blocks of one layout. Every block begins its day with a new pipeline, so that the
guard's budget does not depend on the order of processes.

    town = Town(homes=100, seed=1)
    for turn in town.live(0, Assistant(pipeline=partial(serving, state))): ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TypeVar

import numpy as np

from uptake.assistant.components import Assigns
from uptake.catalogue import open_pipeline
from uptake.errors import BadConfig
from uptake.lab.simulate.cached_assistant import CachedAssistant
from uptake.lab.simulate.channel import Channel
from uptake.lab.simulate.conversation import Talk
from uptake.lab.simulate.faults import Faults
from uptake.lab.simulate.habits.pairs import follow_ups
from uptake.lab.simulate.habits.routines import moments_of_day
from uptake.lab.simulate.hearing.book import load as load_book
from uptake.lab.simulate.hearing.channel import BookChannel, repertoire
from uptake.lab.simulate.households import LAYOUTS, household
from uptake.lab.simulate.people import Repertoire, goals_of_day, task_texts
from uptake.lab.simulate.processes import bound, cleanly, dealt, result_of
from uptake.lab.simulate.reactions import Habits, Reactions
from uptake.lab.simulate.world import World
from uptake.rewriting.pipeline import Pipeline
from uptake.store.store import ArtifactStore
from uptake.types import Turn

__all__ = ["CHANNELS", "Assistant", "Block", "Town", "serving", "stand_of"]

CHANNELS = ("book", "fitted")
"""Recognisers: a real one's hearings of synthetic voices, or rates fitted on real ones."""

T = TypeVar("T")
R = TypeVar("R")
_BLOCK = 25  # homes
_LISTED = 5
_MONDAY = date(2026, 1, 5)
_MOST_HOMES = 100_000
_BADLY = -2.0


def serving(state: Path) -> Pipeline:
    """Open the pipeline over a state directory; wrap it in `functools.partial` for `Assistant`."""
    return open_pipeline(ArtifactStore(state / "artifacts"), overrides=state / "overrides.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """Settings of the assistant: its learned artifacts, and how often it asks."""

    pipeline: Callable[[], Pipeline] | None = None
    """Makes the decision pipeline, once a block of homes a day; None where nothing was learned. With several processes
    it must be something that pickle can send."""
    asks: float = 0.02
    """Share of answers after which it asks "did I get that right?"."""
    strangers: frozenset[str] = frozenset()
    """Arms of an experiment in which nobody's own past is used: what serves everybody serves alone."""
    unsaid: frozenset[str] = frozenset()
    """Wordings that nobody uses yet: what is new to the town later."""

    def __post_init__(self) -> None:
        if not 0.0 <= self.asks <= 1.0:
            raise BadConfig("asks must be in [0, 1]")


_NAIVE = Assistant()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """Settings that a block of homes needs; sent to the processes."""

    seed: int
    start: date
    faults: Faults
    habits: Habits
    harder: float
    channel: str
    part: str
    listed: int
    routines: float
    pairs: float


class Block(NamedTuple):
    """One day of some homes."""

    turns: list[Turn]
    """Their turns."""
    share: float
    """Share, in (0, 1], of the town's day that is done with them."""


@dataclass(kw_only=True)
class Town:
    """Homes that use the assistant.

    Args:
        homes: Number of homes.
        seed: Random seed.
        start: The first day.
        faults: Injected faults.
        habits: Assumptions about people.
        harder: Increase of the recogniser's errors over the fitted ones, in standard deviations of its thresholds.
        channel: The recogniser, one of `CHANNELS`.
        part: With "book": voices of the people, "judge" for evaluation or "fit" for learning.
        listed: Length of the n-best list that the assistant is given; 1 for the top only.
        routines: Share of homes, in [0, 1], with planted routines.
        pairs: Share of people, in [0, 1], with each planted latent goal; 0 for a town without any.
        workers: Number of processes; 1 for none beside this one.

    Raises:
        BadConfig: The configuration is impossible.
    """

    homes: int
    seed: int = 0
    start: date = _MONDAY
    faults: Faults = field(default_factory=Faults)
    habits: Habits = field(default_factory=Habits)
    harder: float = 0.0
    channel: str = "fitted"
    part: str = "judge"
    listed: int = 5
    routines: float = 0.0
    pairs: float = 0.0
    workers: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.homes <= _MOST_HOMES:
            raise BadConfig(f"homes must be in [1, {_MOST_HOMES:,}], got {self.homes}")
        if self.seed < 0:
            raise BadConfig(f"seed must be 0 or more, got {self.seed}")
        if self.workers < 1:
            raise BadConfig(f"workers must be 1 or more, got {self.workers}")
        if not -3.0 <= self.harder <= 3.0:
            raise BadConfig(f"harder must be in [-3, 3], got {self.harder}")
        if self.channel not in CHANNELS:
            raise BadConfig(f"channel must be one of {', '.join(CHANNELS)}, got {self.channel}")
        if not 1 <= self.listed <= _LISTED:
            raise BadConfig(f"listed must be in [1, {_LISTED}], got {self.listed}")
        if self.part not in ("fit", "judge"):
            raise BadConfig(f"part must be fit or judge, got {self.part}")
        for name in ("routines", "pairs"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadConfig(f"{name} must be in [0, 1], got {getattr(self, name)}")
        if self.channel == "book" and self.harder:
            raise BadConfig("harder needs channel=fitted: what a book holds was heard as it was")
        self._processes: list[ProcessPoolExecutor] = []
        self._others: list[BaseProcess] = []  # children that are not the town's

    def __enter__(self) -> Town:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:  # Ctrl-C, or an error: nobody waits for what is still being lived
            for child in set(active_children()) - set(self._others):
                child.kill()
        self.close()

    @property
    def people(self) -> int:
        """Number of people who live in it."""
        return sum(len(household(self.seed, number).members) for number in range(self.homes))

    def is_far(self, turn: Turn) -> bool:
        """Tell whether the device that heard a turn of this town stands across the room."""
        if turn.device_id is None:
            return False
        _, number, at = turn.device_id.split("-")
        return household(self.seed, int(number)).listeners[int(at)].far

    def live(self, day: int, assistant: Assistant = _NAIVE, experiment: Assigns | None = None) -> Iterator[Turn]:
        """Simulate one day of every home. The same turns in the same order, whatever the number of processes.

        Args:
            day: Number of the day, from 0.
            assistant: The assistant as it is on that day.
            experiment: Who gets rewrites; None where everybody does.
        """
        if day < 0:
            raise BadConfig(f"day must be 0 or more, got {day}")
        for block in self.blocks(day, assistant, experiment):
            yield from block.turns

    def blocks(self, day: int, assistant: Assistant = _NAIVE, experiment: Assigns | None = None) -> Iterator[Block]:
        """Simulate one day, some homes at a time.

        Raises:
            NotReady: A process ended early.
        """
        blocks = _blocks(self.seed, self.homes)
        setting = _Setting(
            seed=self.seed,
            start=self.start,
            faults=self.faults,
            habits=self.habits,
            harder=self.harder,
            channel=self.channel,
            part=self.part,
            listed=self.listed,
            routines=self.routines,
            pairs=self.pairs,
        )
        if self.workers == 1:
            for at, block in enumerate(blocks, start=1):
                yield Block(_live(setting, block, day, assistant, experiment), at / len(blocks))
            return
        self.open()

        def begin(process: int, block: Sequence[int]) -> Future[list[Turn]]:
            return self._processes[process].submit(_live_apart, setting, block, day, assistant, experiment)

        for at, turns in enumerate(dealt(begin, blocks, self.workers), start=1):
            yield Block(turns, at / len(blocks))

    def apart(self, work: Callable[[T], R], jobs: Sequence[T]) -> Iterator[R]:
        """Begin jobs in the processes, shared out evenly (done here where there are none); yields results in order.

        Args:
            work: What does one job; pickle can send it.
            jobs: The jobs.

        Raises:
            NotReady: A process ended early.
        """
        if self.workers == 1:
            return map(work, jobs)
        self.open()
        begun = [self._processes[at % self.workers].submit(cleanly, work, job) for at, job in enumerate(jobs)]
        return (result_of(each) for each in begun)

    def open(self) -> None:
        """Make the processes, where they are not there yet."""
        if not self._processes:
            self._others = active_children()
            alone = partial(ProcessPoolExecutor, 1, mp_context=get_context("spawn"), initializer=bound)
            self._processes = [alone() for _ in range(self.workers)]

    def close(self) -> None:
        """Let go of the processes, at the end of what they do."""
        for process in self._processes:
            process.shutdown(cancel_futures=True)
        self._processes = []


@cache
def _blocks(seed: int, homes: int) -> tuple[tuple[int, ...], ...]:
    """Group homes by layout; the commonest and the rarest layout first, so that halves are about equal."""
    order = sorted(LAYOUTS, key=lambda name: list(LAYOUTS).index(name) in (1, 2))
    by_layout: dict[str, list[int]] = {name: [] for name in order}
    for number in range(homes):
        by_layout[household(seed, number).layout].append(number)
    return tuple(
        tuple(numbers[at : at + _BLOCK]) for numbers in by_layout.values() for at in range(0, len(numbers), _BLOCK)
    )


@cache
def stand_of(layout: str) -> CachedAssistant:
    """Return the assistant in the homes of a layout; one for all of them."""
    return CachedAssistant(layout)


@cache
def _channel(seed: int, harder: float) -> Channel:
    return Channel(task_texts(), seed=seed, harder=harder)


@cache
def _by_book(seed: int, part: str) -> tuple[BookChannel, Repertoire]:
    book = load_book()
    return BookChannel(book, part, _channel(seed, 0.0)), repertoire(book, part)


def _live(
    setting: _Setting, block: Sequence[int], day: int, assistant: Assistant, experiment: Assigns | None
) -> list[Turn]:
    """Simulate one day of some homes."""
    can: Repertoire | None = None
    channel: Channel | BookChannel = _channel(setting.seed, setting.harder)
    if setting.channel == "book":
        channel, can = _by_book(setting.seed, setting.part)
    world = World(
        seed=setting.seed,
        channel=channel,
        repertoire=can,
        listed=setting.listed,
        reactions=Reactions(habits=setting.habits),
        faults=setting.faults,
        stand=stand_of,
        pipeline=assistant.pipeline() if assistant.pipeline else None,
        experiment=experiment,
        asks=assistant.asks,
        strangers=assistant.strangers,
        unsaid=assistant.unsaid,
        badly=_BADLY + min(setting.harder, 0.0),  # as bad as with the fitted recogniser, however good this one is
    )
    midnight = datetime.combine(setting.start + timedelta(days=day), time())
    turns: list[Turn] = []
    for number in block:
        turns += _live_home(world, setting, number, day, midnight)
    return turns


def _live_apart(
    setting: _Setting, block: Sequence[int], day: int, assistant: Assistant, experiment: Assigns | None
) -> list[Turn]:
    """Simulate in a process of its own: its caches live as long as it does, the block's pipeline does not."""
    return cleanly(partial(_live, setting, block, day, assistant), experiment)


def _live_home(world: World, setting: _Setting, number: int, day: int, midnight: datetime) -> list[Turn]:
    home = household(world.seed, number)
    found: list[Turn] = []
    for member, person in enumerate(home.members):
        rng = np.random.default_rng([world.seed, 4, number, member, day])
        talk = Talk(
            world=world,
            home=home,
            person=person,
            rng=rng,
            prefix=f"simulated-{world.seed}-{number:05d}-{member}-{day:03d}",
        )
        goals = goals_of_day(home, person, midnight, rng, repertoire=world.repertoire)
        goals += moments_of_day(home, number, member, midnight, share=setting.routines)
        goals += follow_ups(goals, home, number, member, share=setting.pairs)
        moments = [(moment.at, moment) for moment in goals]
        for _ in range(int(rng.poisson(world.faults.false_wake))):
            moments.append((midnight + timedelta(hours=float(rng.uniform(7, 23))), None))  # type: ignore[arg-type]
        for at, moment in sorted(moments, key=lambda pair: pair[0]):
            if moment is None:
                talk.overhear(at, home.listeners[int(rng.integers(len(home.listeners)))])
            else:
                talk.live(moment)
        found += talk.turns
    return found
