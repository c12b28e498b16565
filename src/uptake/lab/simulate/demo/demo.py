"""Run the demo: a town uses an assistant that learns, in an experiment, and the effect is measured.

For the first half of the days nothing is learned. From the following night on, the loop learns every night
(`uptake.lab.simulate.nights`), and people are in arms. In the control and the permanent holdout a rewrite that would
fire is only logged; in the treatment it is acted on. Everything is the real product (log, signals, learning, gates,
withdrawal, deciding, the assistant); the people, their homes and their recogniser are simulated.

A state directory holds the town's log, the artifacts and the progress: called again with the same plan, an interrupted
demo continues after the last whole day.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from uptake.errors import BadConfig, BadRecord
from uptake.experiments.assignment import Experiment
from uptake.experiments.registry import Registry, StopRules
from uptake.lab.simulate.demo.harmful_rewrites import KINDS, HarmKind, held_back, plant_rewrites, planted
from uptake.lab.simulate.demo.replay import Replay, Replayed
from uptake.lab.simulate.demo.true_effects import Findings, find
from uptake.lab.simulate.history import Progress, days_done, write_days
from uptake.lab.simulate.households import ZONE
from uptake.lab.simulate.nights import Night, nights, pass_nights
from uptake.lab.simulate.reactions import Habits
from uptake.lab.simulate.run import CHANNELS, Assistant, Town, serving
from uptake.log.store import TurnLog
from uptake.store.durable import replace_text
from uptake.store.store import ArtifactStore

__all__ = ["EXPERIMENT", "Demo", "Plan", "Stage", "demo", "report"]

EXPERIMENT = Experiment(name="demo")
"""Half of the people act on what is learned, half do not; two in a hundred never do."""

_FILE = "demo.json"
_DAYS = range(2, 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Settings of a demo.

    Raises:
        BadConfig: A value is out of range.
    """

    homes: int = 100
    """Number of homes."""
    days: int = 6
    """Number of days; in the first half nothing is learned."""
    seed: int = 0
    """Of everything that is random."""
    harm: int = 0
    """Harmful rewrites to plant in the first release, to see whether they are found out."""
    harm_kind: HarmKind = "past"
    """Of what sort of request: with a past, without one, or without one and read unsurely."""
    channel: str = "book"
    """The recogniser: one of `uptake.lab.simulate.run.CHANNELS`."""
    listed: int = 5
    """Entries of its list that the assistant is given."""
    habits: tuple[str, ...] = ()
    """What is assumed otherwise of people, as `Habits.parse` reads it."""

    def __post_init__(self) -> None:
        if self.days not in _DAYS:
            raise BadConfig(f"days must be in [{_DAYS.start}, {_DAYS.stop - 1}], got {self.days}")
        if not 0 <= self.harm <= 100:
            raise BadConfig(f"harm must be in [0, 100], got {self.harm}")
        if self.harm_kind not in KINDS:
            raise BadConfig(f"harm_kind must be one of {', '.join(KINDS)}")
        if self.seed < 0:
            raise BadConfig(f"seed must be 0 or more, got {self.seed}")
        if self.homes < 4:
            raise BadConfig(f"homes must be 4 or more, so that there is somebody in each arm; got {self.homes}")
        if self.channel not in CHANNELS:
            raise BadConfig(f"channel must be one of {', '.join(CHANNELS)}, got {self.channel}")

    @property
    def before(self) -> int:
        """Days before anything is learned."""
        return max(self.days // 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Progress of a demo."""

    text: str
    """Description of the present stage."""
    share: float
    """Share, in [0, 1], of all days that are lived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Result of a demo."""

    plan: Plan
    people: int
    """Number of people in the town."""
    turns: int
    """Turns in the log."""
    turns_per_s: float | None
    """Turns lived and written in a second; None where all days were there already."""
    nights: tuple[Night, ...]
    """Reports of the nights."""
    found: Findings
    """Effects of the rewrites."""
    replayed: Replayed
    """Where failures were lost, and what simpler rules would have done, on a sample of the treatment's turns."""
    wall_s: float
    """Duration of this call, in seconds; of a demo that was interrupted, of the last part."""

    @property
    def evidence_to_live_s(self) -> float:
        """Seconds from the evidence in the log to what was learned from it in service, in the slowest night."""
        return max(night.live_s for night in self.nights)


def demo(directory: Path, plan: Plan, *, workers: int = 2, progress: Callable[[Stage], None] | None = None) -> Demo:
    """Simulate the days that are left, learn at night, and measure.

    Args:
        directory: The state directory: a new one, or one of the same plan.
        plan: What is to be lived.
        workers: Processes; what comes out is the same for any number.
        progress: Told what is being done.

    Raises:
        BadConfig: The plan is impossible, or the directory holds something else.
        StorageFailed: The disk refused.
    """
    tell = progress or _silent
    started = time.perf_counter()
    with _town(plan, workers) as town:
        _begin(directory, plan)
        plant_rewrites(town, directory=directory, count=plan.harm, seed=plan.seed, kind=plan.harm_kind)
        _start(directory, plan, town)
        lived, seconds = _live(directory, plan, town, tell)
        _stop(directory, plan, town)
        spent = tuple(nights(directory))
        tell(Stage(text="measuring", share=1.0))
        with _uncollected():
            replaying = Replay(town, directory, spent)  # in the processes, meanwhile
            with TurnLog(directory / "log") as log:
                found = find(log, directory, Registry(directory / "experiments").get(), start=town.start)
                turns = log.stats().turns
            tell(Stage(text="replaying turns of the treatment", share=1.0))
            replayed = replaying.result()
        people = town.people
    return Demo(
        plan=plan,
        people=people,
        turns=turns,
        turns_per_s=lived / seconds if lived else None,
        nights=spent,
        found=found,
        replayed=replayed,
        wall_s=time.perf_counter() - started,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: turns that are read leave none, and looking costs nearly as much as reading."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _town(plan: Plan, workers: int) -> Town:
    habits = Habits.parse(plan.habits)
    return Town(
        homes=plan.homes, seed=plan.seed, channel=plan.channel, listed=plan.listed, habits=habits, workers=workers
    )


def report(directory: Path, target: Path) -> None:
    """Write the report page of a demo."""
    from uptake.report.overview import overview
    from uptake.report.page import page

    with TurnLog(directory / "log") as log:
        figures = overview(log, ArtifactStore(directory / "artifacts"), directory, defect="truth")
    replace_text(target, page(figures, title="Simulated people, a real assistant: what it learned, and what that did"))


def _begin(directory: Path, plan: Plan) -> None:
    """Note the plan, or check that the directory is of this plan."""
    path = directory / _FILE
    wanted = asdict(plan) | {"habits": list(plan.habits)}
    if path.exists():
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            differ = sorted(name for name in wanted if known.get(name) != wanted[name])
        except (OSError, ValueError, AttributeError) as error:
            raise BadRecord("is not the plan of a demo; name another directory", file=str(path)) from error
        if differ:
            raise BadConfig(
                f"{directory} holds a demo with other {', '.join(differ)}; name a new directory, or give the same "
                "options to go on with it"
            )
    elif directory.exists() and any(directory.iterdir()):
        raise BadConfig(f"{directory} is not empty and holds no demo; name a new directory")
    directory.mkdir(parents=True, exist_ok=True)
    replace_text(path, json.dumps(wanted) + "\n")


def _start(directory: Path, plan: Plan, town: Town) -> None:
    """Start the experiment at the first moment of the day on which people live in arms."""
    registry = Registry(directory / "experiments")
    if not registry.all():
        registry.start(EXPERIMENT, at=_midnight(town, plan.before), rules=StopRules(max_days=None))


def _stop(directory: Path, plan: Plan, town: Town) -> None:
    """Stop it when all days are lived: whoever talks to the assistant afterwards gets what was learned."""
    registry = Registry(directory / "experiments")
    if registry.running() is not None:
        registry.stop(at=_midnight(town, plan.days), reason="the days of the demo are over")


def _midnight(town: Town, day: int) -> datetime:
    return datetime.combine(town.start + timedelta(days=day), clock(), tzinfo=ZoneInfo(ZONE))


def _live(directory: Path, plan: Plan, town: Town, tell: Callable[[Stage], None]) -> tuple[int, float]:
    """Simulate the remaining days; return (turns, seconds)."""
    plant = partial(planted, directory=directory, count=plan.harm, seed=plan.seed) if plan.harm else None
    naive = Assistant(unsaid=held_back(directory, plan.harm_kind))
    assistant = Assistant(pipeline=partial(serving, directory))
    turns, seconds = 0, 0.0
    done = {night.day for night in nights(directory)}
    for day in range(plan.days):
        learns = day >= plan.before
        if days_done(directory, town) <= day:
            began = time.perf_counter()
            turns += write_days(
                directory,
                town,
                day + 1,
                assistant=assistant if learns else naive,
                experiment=EXPERIMENT if learns else None,
                progress=partial(_told, tell, plan, "control and treatment" if learns else "nothing learned yet"),
            ).turns
            seconds += time.perf_counter() - began
        if day >= plan.before - 1 and day not in done:
            tell(Stage(text=f"night {day + 1}: learning", share=(day + 1) / plan.days))
            pass_nights(directory, day, plant=plant)
    return turns, seconds


def _told(tell: Callable[[Stage], None], plan: Plan, what: str, at: Progress) -> None:
    tell(Stage(text=f"day {at.day + 1} of {plan.days}: {what}", share=(at.day + at.share) / plan.days))


def _silent(stage: Stage) -> None:
    """Tell nobody."""
