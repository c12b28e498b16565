"""The statistical reader over whatever model is served at the moment: the published one, else the one that ships.

Every request looks at the pointer. When it moved, the new model is opened and reads from this request on; a model that
is refused, or that knows other labels than the shipped one, is passed over and the one before goes on.
"""

from __future__ import annotations

import threading
from typing import Any, ClassVar

from uptake.agent.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.agent.understand.statistical import StatisticalReader
from uptake.artifacts.intents import IntentModel
from uptake.artifacts.store import ArtifactStore
from uptake.errors import UptakeError
from uptake.types import Situation

__all__ = ["ServedReader"]


class ServedReader:
    """A reader that opens itself again when another model is published.

    Args:
        shipped: The reader with the shipped model.
        store: Where models are published.
    """

    name: ClassVar[str] = "statistical"

    def __init__(self, shipped: StatisticalReader, store: ArtifactStore) -> None:
        self._shipped, self._store, self._reader = shipped, store, shipped
        self._lock = threading.Lock()
        self._stamp: Any = ()  # equal to no stamp, so that the first request looks
        self.version: str | None = None
        self.note = ""
        """Why a published model is not read with; "" where all is well."""

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Readings, best first."""
        if self._store.pointer_stamp(IntentModel.kind) != self._stamp:
            self._reload()
        return self._reader.read(text, situation)

    def _reload(self) -> None:
        with self._lock:
            stamp = self._store.pointer_stamp(IntentModel.kind)
            if stamp == self._stamp:
                return
            try:
                version = self._store.current_version(IntentModel.kind)
                self._reader = self._shipped if version is None else self._opened(version)
                self.version, self.note = (version, "") if self._reader is not self._shipped else (None, self.note)
            except UptakeError as error:
                self.note = f"the model before goes on reading: {error}"
            self._stamp = stamp

    def _opened(self, version: str) -> StatisticalReader:
        model = self._store.load(IntentModel, version)
        shipped = self._shipped
        if not {*model.labels} <= {*shipped.frames.labels, OUT_OF_SCOPE}:
            self.note = f"model {version} knows labels that the assistant does not; the shipped one reads"
            return shipped
        frames = shipped.frames.taught(model.taught)
        return StatisticalReader(model, frames, shipped.vocabulary, calibration=shipped.calibration)
