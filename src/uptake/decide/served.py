"""A step over whatever version of an artifact is served at the moment.

Every request looks at the pointer (about 2 µs). When it moved, the new version is opened and used from this
request on; when the new version is refused, the old one goes on serving and the trace says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from uptake.artifacts.store import ArtifactStore
from uptake.errors import UptakeError
from uptake.protocols import Preflight, Step
from uptake.types import Decision, Request, Situation

__all__ = ["Served"]


class Served:
    """A step that opens itself again when another version is published.

    Args:
        store: Where the artifact is published.
        kind: Kind of artifact.
        name: Name of the step.
        opener: Makes the step from the store and the name of a version.
    """

    def __init__(
        self, store: ArtifactStore, *, kind: str, name: str, opener: Callable[[ArtifactStore, str], Step]
    ) -> None:
        self.name, self._store, self._kind, self._open = name, store, kind, opener
        self._lock = threading.Lock()
        self._stamp: Any = ()  # equal to no stamp, so that the first call looks
        self._step: Step | None = None
        self._note = ""
        self.version: str | None = None
        self.broken = False
        """Whether the version that should be served was refused."""

    @property
    def note(self) -> str:
        """What a person should know about the version that is served; "" where all is well."""
        return self._note

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Ask the step over the served version; abstain where there is none."""
        step = self._current()
        return step(request, situation, preflight) if step is not None else None

    @property
    def idle(self) -> bool:
        """Whether there is nothing to ask, and nothing to tell of that: no version, or one without this part."""
        step = self._current()
        return not self.broken and (step is None or bool(getattr(step, "idle", False)))

    def _current(self) -> Step | None:
        if self._store.pointer_stamp(self._kind) != self._stamp:
            self._reload()
        return self._step

    def _reload(self) -> None:
        with self._lock:
            stamp = self._store.pointer_stamp(self._kind)
            if stamp == self._stamp:
                return
            try:
                version = self._store.current_version(self._kind)
                self._step = None if version is None else self._open(self._store, version)
                self._note = "nothing was learned yet: run `uptake learn`" if version is None else ""
                self.version, self.broken = version, False
            except UptakeError as error:
                kept = f"version {self.version} goes on serving" if self._step else "nothing is served"
                self._note = f"{kept}; the new one was refused: {error}"
                self.broken = True
            self._stamp = stamp
