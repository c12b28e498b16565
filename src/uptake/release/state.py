"""Open a state directory: the log, the artifacts, people's decisions, and the configuration."""

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
    """State directory. Each part is opened on first use.

    Args:
        directory: Path of the directory.
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
            BadConfig: It cannot be read, or has an unknown table.
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
        """The state changes of the home's devices."""
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
        """Return the source of other users' counts: these counts, or a differentially private release of them.

        Args:
            spends: Whether a release that is due may be made now.
        """
        from uptake.release.private import Private

        return Private(self.directory, self.config, self.engine, spends=spends)

    @property
    def learning(self) -> Path:
        """Return the directory of kept statistics and solutions."""
        return self.directory / "learning"

    @property
    def overrides(self) -> OverridesFile:
        """Blocks and pins."""
        from uptake.rewriting.overrides import OverridesFile

        return OverridesFile(self.directory / "overrides.json")

    @property
    def canaries(self) -> CanaryFile:
        """Open the list of rewrites that are paused, or asked about before they are acted on."""
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
        """Open the file of withdrawn rewrites."""
        return self.directory / "withdrawn.json"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock for learning: one release or one forgetting at a time, over all processes."""
        with locked(self.directory / ".learning.lock"):
            yield

    def assistant(self, *, logged: bool = False) -> Agent:
        """Open the assistant of this directory. It follows the running experiment, and writes the log if `logged`.

        Raises:
            MissingExtra: The libraries of the assistant are not installed.
            BadConfig: The configuration or an experiment's file is damaged.
        """
        from uptake.assistant.build import open_agent
        from uptake.experiments.registry import Serving

        log, serving = self.log if logged else None, Serving(self.experiments)
        return open_agent(self.directory, self.config, log=log, store=self.artifacts, experiment=serving)

    def pipeline(self) -> Pipeline:
        """Open the pipeline that decides on rewrites; it follows later publications.

        Raises:
            BadConfig: The configuration is damaged.
        """
        from uptake.catalogue import open_pipeline
        from uptake.rewriting.guard import Guard

        guard = configuration.build(Guard, "guard", self.config)
        return open_pipeline(self.artifacts, overrides=self.overrides.path, learning=self.learning, guard=guard)

    @property
    def knows_a_home(self) -> bool:
        """Tell whether an assistant was used here or a home is configured, so that texts can be tried on it."""
        return "home" in self.config or (self.directory / "memory.sqlite").exists()

    @property
    def home_id(self) -> str | None:
        """Pseudonym of the home that the assistant here serves; None if the assistant's libraries are missing."""
        try:
            return StateMaterial(self).home.home_id
        except ModuleNotFoundError:
            return None

    def device_names(self) -> list[str]:
        """Names of the home's devices, in order; empty if no home is known or the assistant's libraries are missing."""
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
        tell: Called with the current stage; None: print to stderr if it is a terminal.
        figures: Dictionary that receives the figures that learners report.
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
        """The home with its devices."""
        from uptake.assistant.build import home_of

        return configuration.build(home_of, "home", self.state.config, self.state.directory)

    def count(self, sql: str) -> Statistics:
        """Run a query over the state changes of the home's devices."""
        from uptake.engine.local import EngineStatistics

        engine = self.state.engine
        return EngineStatistics(engine, [engine.table(sql, timeline=self.state.timeline.table())])

    def sessions(self, most: int) -> Sequence[Session]:
        """The sessions of the log's latest turns."""
        from uptake.log.recent import last_sessions

        return last_sessions(self.state.log, most)

    def served(self, cls: type[A]) -> A | None:
        """Return the served artifact; None if there is none, or it is refused."""
        try:
            return self.state.artifacts.load(cls)
        except (NotReady, ArtifactRefused):
            return None

    def hear(self, turn: Turn, text: str) -> Sequence[Interpretation]:
        """Interpret a text in place of a turn's request, as the assistant would."""
        from uptake.assistant.context.situation import Origin

        origin = Origin(device_id=turn.device_id, device_type=turn.context.device_type, room=turn.context.room)
        return self._assistant.read(Request(text=text, user_id=turn.user_id), origin)

    def version(self, kind: str) -> str | None:
        """Return the served version of a kind of artifact."""
        return self.state.artifacts.current_version(kind)

    def report(self, **figures: Any) -> None:
        """Record figures to be stored with the artifact."""
        self.figures.update(figures)

    def note(self, text: str) -> None:
        """Report the current stage."""
        if self.tell is not None:
            self.tell(text)
        elif sys.stderr.isatty():
            sys.stderr.write(f"{text}\n")

    @cached_property
    def _assistant(self) -> Agent:
        return self.state.assistant()
