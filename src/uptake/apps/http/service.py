"""Service behind the routes: served artifacts, access, storage of turns, and the worker that learns.

Handlers are plain functions that run in threads. Only the route `rewrite` runs on the event loop, since a decision
takes less time than changing threads.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from uptake import config as configuration
from uptake.apps.http.access import Access, TokenFile
from uptake.apps.http.decide import Decider
from uptake.apps.http.incoming.intake import Intake
from uptake.apps.http.incoming.learner import Learner
from uptake.apps.http.incoming.residents import Residents
from uptake.apps.http.limits import RateLimit
from uptake.apps.http.logs import log_event
from uptake.apps.http.metrics import Metrics
from uptake.apps.http.options import Options
from uptake.apps.staying import keep_too
from uptake.catalogue import kinds, open_pipeline
from uptake.errors import ArtifactRefused, UptakeError
from uptake.experiments.registry import Registry, Serving
from uptake.release.state import State
from uptake.rewriting.guard import Guard
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.store.served import Served
from uptake.store.stamps import Stamps, WatchedStamps

if TYPE_CHECKING:
    from uptake.assistant.loop import Agent

__all__ = ["Service", "Standing"]

_LOOK_S = 0.5
_PATIENCE_S = 20.0
_SELDOM = 20  # looks between two rounds of upkeep


@dataclass
class Standing:
    """Last report of the worker that learns."""

    released_at: datetime | None = None
    """End of the last release."""
    published: dict[str, str] = field(default_factory=dict)
    """Kind -> version of what it published last."""
    failed: str | None = None
    """Code of the error that the last release ended in; None where it went well."""


class Service:
    """State and functions that all routes use.

    Args:
        state: The state directory.
        options: Options of serving; None for those of the configuration.

    Raises:
        BadConfig: The configuration is wrong, or there is no token at an address that other machines can reach.
        BadRecord: The file of tokens is damaged.
    """

    def __init__(self, state: State, options: Options | None = None) -> None:
        self.state = state
        self.options = options or configuration.build(Options, "serve", state.config)
        self.stamps = WatchedStamps()
        self.access = Access(TokenFile(state.directory / "tokens.json", self.stamps), is_open=self.options.is_loopback)
        self.limit = RateLimit(per_s=self.options.rate_per_s, burst=self.options.burst)
        self.metrics, self.standing = Metrics(), Standing()
        self.opinions = Opinions.beside(state.learning)
        experiments = Registry(state.directory / "experiments", self.stamps)
        self.decide = Decider(self._pipeline(self.stamps), Serving(experiments))
        self.explaining = self._pipeline(Stamps())
        self.intake = Intake(state.log, opinions=self.opinions, shelves=FreshHistory.beside(state.learning))
        self.residents = Residents(state.log)
        self.learner = Learner(state.directory, tell=self._heard)
        self.started_at = datetime.now(UTC)
        self.opening: list[Callable[[], Awaitable[None]]] = []
        self.closing: list[Callable[[], Awaitable[None]]] = []
        self._stop = threading.Event()
        self._looks = threading.Thread(target=self._look, name="reload", daemon=True)
        self._agent_lock = threading.Lock()
        self._cold: list[Agent] = []

    def start(self) -> None:
        """Start the worker, and the look-out for what is published."""
        self.state.directory.mkdir(parents=True, exist_ok=True)
        if self.options.learn:
            self.learner.start()
        self._looks.start()

    def close(self) -> None:
        """Store what waits, and end."""
        self._stop.set()
        self.intake.close()
        if self.options.learn:
            self.learner.close()
        if self._looks.is_alive():
            self._looks.join(_PATIENCE_S)
        if self._looks.is_alive():  # it still compacts: what it holds is let go of with the process
            return
        self.state.log.close()
        self.stamps.close()

    @cached_property
    def _agent(self) -> Agent:
        opened = self.state.assistant(logged=True)
        keep_too()
        self._cold.append(opened)
        return opened

    def agent(self) -> Agent:
        """The assistant; built on first use.

        Raises:
            MissingExtra: Its libraries are not installed.
        """
        with self._agent_lock:
            return self._agent

    def versions(self) -> dict[str, str]:
        """Kind -> version of what is served."""
        found = {}
        for kind in kinds():
            try:
                version = self.state.artifacts.current_version(kind)
            except ArtifactRefused:
                continue
            if version is not None:
                found[kind] = version
        return found

    def _pipeline(self, stamps: Stamps) -> Pipeline:
        guard = configuration.build(Guard, "guard", self.state.config)
        state = self.state
        store = replace(state.artifacts, stamps=stamps)
        return open_pipeline(store, overrides=state.overrides.path, learning=state.learning, guard=guard)

    def _look(self) -> None:
        """Load what was published before a request has to wait for it, and see who lives where."""
        looks = 0
        while not self._stop.wait(_LOOK_S):
            looks += 1
            self._warm()
            self.stamps.refresh()
            for step in self.decide.pipeline.steps:
                if isinstance(step, Served):
                    step.current()
            if looks % _SELDOM:
                continue
            try:
                self.residents.keep_up()
                if not self.options.learn:  # else the worker does
                    self.state.log.compact_if_due()
            except UptakeError as error:
                log_event("upkeep", level="error", code=error.code)

    def _warm(self) -> None:
        """Compile and load what the first requests to the assistant would wait for, once it was opened."""
        while self._cold:
            self._cold.pop().components.understanding.warm()
            keep_too()

    def _heard(self, said: Mapping[str, Any]) -> None:
        """Take note of what the worker says."""
        log_event("worker", **{("said" if name == "event" else name): value for name, value in said.items()})
        if said["event"] == "started":
            self.metrics.worker_starts.inc()
        elif said["event"] in ("release", "failed"):
            self.metrics.releases.labels(said["event"]).inc()
            self.standing.failed = said.get("code")
            if said["event"] == "release":
                self.standing.released_at = datetime.now(UTC)
                self.standing.published = said["published"] or self.standing.published
                self.metrics.release_at.set_to_current_time()
