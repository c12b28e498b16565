"""Whatever version of an artifact is served at the moment, opened again when another is published.

Every request looks at the stamp of the pointer. When it moved, the new version is opened and used from this request on.
A large one is opened beside, while the one before goes on serving, so that no request waits for its digests. When the
new version is refused, the one before goes on serving, and `note` says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from uptake.errors import UptakeError
from uptake.protocols import Preflight, Step
from uptake.store.store import ArtifactStore
from uptake.types import Decision, Request, Situation

__all__ = ["NOTHING_YET", "Served", "ServedStep"]

T = TypeVar("T")

_AT_ONCE_BYTES = 8 << 20  # opened in about a millisecond

NOTHING_YET = "nothing was learned yet: run `uptake learn`"


class Served(Generic[T]):
    """Something made from the artifact that is served. Safe to use from many threads.

    >>> from pathlib import Path
    >>> store = ArtifactStore(Path("nowhere"))
    >>> served = Served(store, "rewrites", lambda store, version: "a table", missing="no table")
    >>> served.current(), served.version, served.note
    ('no table', None, 'nothing was learned yet: run `uptake learn`')

    Args:
        store: Where the artifact is published.
        kind: Kind of artifact.
        opener: Makes it from the store and the name of a version.
        missing: What to use where nothing was published.
    """

    def __init__(
        self, store: ArtifactStore, kind: str, opener: Callable[[ArtifactStore, str], T], *, missing: T
    ) -> None:
        self._store, self._kind, self._open, self._missing = store, kind, opener, missing
        self._stamps, self._pointer, self._generation = store.stamps, str(store.pointer(kind)), object()
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._stamp: Any = ()  # equal to no stamp, so that the first call looks
        self._made = missing
        self.version: str | None = None
        """The version that serves; None for what is used where nothing was published."""
        self.note = ""
        """Warning about what is served; "" where all is well."""
        self.broken = False
        """Whether the version that should be served was refused."""

    def current(self) -> T:
        """Return what is served now."""
        generation = self._stamps.generation
        if generation is not self._generation:
            if self._stamps.of(self._pointer) != self._stamp:
                self._reload()
            self._generation = generation
        return self._made

    def settle(self) -> None:
        """Wait until what was published last serves, where it is still being opened."""
        self.current()
        if (opening := self._opening) is not None:
            opening.join()

    def _reload(self) -> None:
        with self._lock:
            stamp = self._stamps.of(self._pointer)
            if stamp == self._stamp:
                return
            if self.version is None or self._store.size(self._kind) <= _AT_ONCE_BYTES:
                self._use(*self._fetched())
                self._stamp = stamp
                return
            self._stamp = stamp
            self._opening = threading.Thread(target=self._open_beside, args=(stamp,), daemon=True)
            self._opening.start()

    def _open_beside(self, stamp: Any) -> None:
        """Open the version that is served now, and use it unless the pointer has moved on meanwhile."""
        opened = self._fetched()
        with self._lock:
            if stamp == self._stamp:
                self._use(*opened)

    def _fetched(self) -> tuple[str | None, T, UptakeError | None]:
        """Return the version that is served, what was made of it, and why it was refused."""
        try:
            version = self._store.current_version(self._kind)
            self.note = NOTHING_YET if version is None else ""  # an opener may say more
            return version, self._missing if version is None else self._open(self._store, version), None
        except UptakeError as error:
            return None, self._missing, error

    def _use(self, version: str | None, made: T, refused: UptakeError | None) -> None:
        if refused is None:
            self._made, self.version, self.broken = made, version, False
        else:
            kept = f"version {self.version} goes on serving" if self.version else "nothing is served"
            self.note, self.broken = f"{kept}; the new one was refused: {refused}", True


class ServedStep(Served[Step | None]):
    """A step over the artifact that is served; abstains where there is none.

    Args:
        store: Where the artifact is published.
        kind: Kind of artifact.
        name: Name of the step.
        opener: Makes the step from the store and the name of a version.
    """

    def __init__(
        self, store: ArtifactStore, *, kind: str, name: str, opener: Callable[[ArtifactStore, str], Step]
    ) -> None:
        super().__init__(store, kind, opener, missing=None)
        self.name = name

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Ask the step over the served version; abstain where there is none."""
        step = self.current()
        return step(request, situation, preflight) if step is not None else None

    @property
    def idle(self) -> bool:
        """Tell whether there is nothing to ask, and nothing to tell of that: no version, or one without this part."""
        step = self.current()
        return not self.broken and (step is None or bool(getattr(step, "idle", False)))

    @property
    def rests_on(self) -> object | None:
        """Return what answers by the text and the person of a request alone; None where more is looked at."""
        step = self.current()
        if self.broken:
            return None
        return NOTHING_YET if step is None else getattr(step, "rests_on", None)
