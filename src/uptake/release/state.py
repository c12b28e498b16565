"""Open one state directory: the log, what was learned, what people decided, and the configuration beside them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from uptake import config as configuration
from uptake.errors import ArtifactRefused, NotReady
from uptake.protocols import Artifact, Engine, Statistics
from uptake.store.durable import locked
from uptake.types import Interpretation, Request, Session, Turn

if TYPE_CHECKING:
    from uptake.assistant.home import VirtualHome
    from uptake.assistant.loop import Agent
    from uptake.experiments.incidents import IncidentFile
    from uptake.experiments.registry import Registry
    from uptake.log.store import TurnLog
    from uptake.log.timeline import Timeline
    from uptake.release.private import Private
    from uptake.rewriting.canaries import CanaryFile
    from uptake.rewriting.overrides import OverridesFile
    from uptake.rewriting.pipeline import Pipeline
    from uptake.store.store import ArtifactStore

__all__ = ["State", "StateMaterial"]

A = TypeVar("A", bound=Artifact)


@dataclass(frozen=True)
class State:
    """One state directory. Its parts are opened when they are asked for.

    Args:
        directory: Where everything lives.
        engine_options: Options of the engine that win over the table [engine].
        log_options: Options of the log that win over the table [log].
    """

    directory: Path
    engine_options: Mapping[str, Any] = field(default_factory=dict, compare=False)
    log_options: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def config(self) -> Mapping[str, dict[str, Any]]:
        """Read `uptake.toml` in the state directory.

        Raises:
            BadConfig: It cannot be read, or has a table that nobody takes.
        """
        from uptake.release.options import read

        return read(self.directory)

    @cached_property
    def log(self) -> TurnLog:
        """The interaction log."""
        from uptake.log.store import TurnLog

        return configuration.build(TurnLog, "log", self.config, self.directory / "log", **self.log_options)

    @cached_property
    def timeline(self) -> Timeline:
        """The changes of the home's devices."""
        from uptake.log.timeline import Timeline

        return Timeline(self.directory / "timeline.sqlite")

    @cached_property
    def engine(self) -> Engine:
        """The relational engine."""
        from uptake.engine.choice import open_engine

        return configuration.build(open_engine, "engine", self.config, self.directory, **self.engine_options)

    @cached_property
    def artifacts(self) -> ArtifactStore:
        """Open the store of artifacts."""
        from uptake.store.store import ArtifactStore

        return ArtifactStore(self.directory / "artifacts")

    def private(self, *, spends: bool = True) -> Private:
        """Return others' counts as learners see them: these counts, or a differentially private release of them.

        Args:
            spends: Whether a release that is due may be made now.
        """
        from uptake.release.private import Private

        return Private(self.directory, self.config, self.engine, spends=spends)

    @property
    def learning(self) -> Path:
        """Return the directory of statistics and solutions."""
        return self.directory / "learning"

    @property
    def overrides(self) -> OverridesFile:
        """Blocks and pins."""
        from uptake.rewriting.overrides import OverridesFile

        return OverridesFile(self.directory / "overrides.json")

    @property
    def canaries(self) -> CanaryFile:
        """Open the list of what is asked about before it is acted on, or paused."""
        from uptake.rewriting.canaries import CanaryFile

        return CanaryFile(self.directory / "canaries.json")

    @property
    def incidents(self) -> IncidentFile:
        """Open the file of known incidents."""
        from uptake.experiments.incidents import IncidentFile

        return IncidentFile(self.directory / "incidents.json")

    @property
    def experiments(self) -> Registry:
        """The experiments that were started here."""
        from uptake.experiments.registry import Registry

        return Registry(self.directory / "experiments")

    @property
    def withdrawn(self) -> Path:
        """File of what was withdrawn."""
        return self.directory / "withdrawn.json"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to change what was learned: one release or one forgetting at a time, over all processes."""
        with locked(self.directory / ".learning.lock"):
            yield

    def assistant(self, *, logged: bool = False) -> Agent:
        """The assistant of this directory: it acts by the experiment there, and writes the log only where told to.

        Raises:
            MissingExtra: The libraries of the assistant are not installed.
            BadConfig: The configuration or an experiment's file is damaged.
        """
        from uptake.assistant.build import open_agent
        from uptake.experiments.registry import Serving

        log, serving = self.log if logged else None, Serving(self.experiments)
        return open_agent(self.directory, self.config, log=log, store=self.artifacts, experiment=serving)

    def pipeline(self) -> Pipeline:
        """Open the pipeline that decides on the wording to act on; it follows what is published next.

        Raises:
            BadConfig: The configuration is damaged.
        """
        from uptake.catalogue import open_pipeline
        from uptake.rewriting.guard import Guard

        guard = configuration.build(Guard, "guard", self.config)
        return open_pipeline(self.artifacts, overrides=self.overrides.path, learning=self.learning, guard=guard)

    @property
    def knows_a_home(self) -> bool:
        """Tell whether somebody lives with the assistant here, or a home is configured: texts can be tried on it."""
        return "home" in self.config or (self.directory / "memory.sqlite").exists()

    @property
    def home_id(self) -> str | None:
        """Pseudonym of the home that the assistant here serves; None where its libraries are missing."""
        try:
            return StateMaterial(self).home.home_id
        except ModuleNotFoundError:
            return None

    def device_names(self) -> list[str]:
        """Names of the devices of the home, in order; none where no home is known, or its libraries are missing."""
        if not self.knows_a_home:
            return []
        try:
            return sorted(device.name for device in StateMaterial(self).home.devices)
        except ModuleNotFoundError:
            return []


@dataclass(frozen=True)
class StateMaterial:
    """`uptake.protocols.Material` of a state directory.

    Args:
        state: The directory.
        tell: Is told what is being done; None for a terminal's stderr.
        figures: What learners report of what they made.
    """

    state: State
    tell: Callable[[str], None] | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def log(self) -> TurnLog:
        """The interaction log."""
        return self.state.log

    @cached_property
    def home(self) -> VirtualHome:
        """The home whose things people name."""
        from uptake.assistant.build import home_of

        return configuration.build(home_of, "home", self.state.config, self.state.directory)

    def count(self, sql: str) -> Statistics:
        """Run a query over the changes of the home's devices."""
        from uptake.engine.local import EngineStatistics

        engine = self.state.engine
        return EngineStatistics(engine, [engine.table(sql, timeline=self.state.timeline.table())])

    def sessions(self, most: int) -> Sequence[Session]:
        """The sessions of the log's latest turns."""
        from uptake.log.recent import last_sessions

        return last_sessions(self.state.log, most)

    def served(self, cls: type[A]) -> A | None:
        """The artifact that is served now; None where there is none, or it is refused."""
        try:
            return self.state.artifacts.load(cls)
        except (NotReady, ArtifactRefused):
            return None

    def hear(self, turn: Turn, text: str) -> Sequence[Interpretation]:
        """Read a text in the place of a turn's request, as the assistant would."""
        from uptake.assistant.context.situation import Origin

        origin = Origin(device_id=turn.device_id, device_type=turn.context.device_type, room=turn.context.room)
        return self._assistant.read(Request(text=text, user_id=turn.user_id), origin)

    def version(self, kind: str) -> str | None:
        """Version of a kind of artifact that is served now."""
        return self.state.artifacts.current_version(kind)

    def report(self, **figures: Any) -> None:
        """Keep figures with the artifact."""
        self.figures.update(figures)

    def note(self, text: str) -> None:
        """Tell a person what is being done."""
        if self.tell is not None:
            self.tell(text)
        elif sys.stderr.isatty():
            sys.stderr.write(f"{text}\n")

    @cached_property
    def _assistant(self) -> Agent:
        return self.state.assistant()
