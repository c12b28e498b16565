"""Hot reload: keep the served version of an artifact open, and open the new one when another is published.

Every request checks the stamp of the pointer. If it moved, the new version is opened and used from this request on. A
large version is opened in the background while the old one is still served, so that no request waits for its digests.
If the new version is refused, the old one is still served, and `note` says so.
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
    """Object made from the served artifact, replaced on publication. Safe to use from many threads.

    >>> from pathlib import Path
    >>> store = ArtifactStore(Path("nowhere"))
    >>> served = Served(store, "rewrites", lambda store, version: "a table", missing="no table")
    >>> served.current(), served.version, served.note
    ('no table', None, 'nothing was learned yet: run `uptake learn`')

    Args:
        store: Where the artifact is published.
        kind: Kind of artifact.
        opener: Makes the object from the store and the name of a version.
        missing: Object to use if nothing was published.
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
        """Return the current object."""
        generation = self._stamps.generation
        if generation is not self._generation:
            if self._stamps.of(self._pointer) != self._stamp:
                self._reload()
            self._generation = generation
        return self._made

    def settle(self) -> None:
        """Wait until the last published version is served, if it is still being opened."""
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
        """Open the served version in the background, and use it unless the pointer has moved since."""
        opened = self._fetched()
        with self._lock:
            if stamp == self._stamp:
                self._use(*opened)

    def _fetched(self) -> tuple[str | None, T, UptakeError | None]:
        """Return the served version, the object made from it, and the reason if it was refused."""
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
    """Step over the served artifact; it abstains if there is none.

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
        """Run the step over the served version; abstain if there is none."""
        step = self.current()
        return step(request, situation, preflight) if step is not None else None

    @property
    def idle(self) -> bool:
        """Tell whether the step can do nothing and need not be traced: no version, or one without this part."""
        step = self.current()
        return not self.broken and (step is None or bool(getattr(step, "idle", False)))

    @property
    def rests_on(self) -> object | None:
        """Return the step if its result depends on text and user only, so that it can be cached; else None."""
        step = self.current()
        if self.broken:
            return None
        return NOTHING_YET if step is None else getattr(step, "rests_on", None)
