"""Fold the statements of preference in a log into the current preferences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from uptake.errors import NotReady
from uptake.protocols import Material
from uptake.teaching.preferences.artifact import Preferences
from uptake.teaching.preferences.events import fold

__all__ = ["PreferenceLearner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceLearner:
    """Learner of preferences, from the events in the log."""

    name: ClassVar[str] = "preferences"

    def learn(self, material: Material) -> Preferences:
        """Fold the log.

        Raises:
            NotReady: Nobody stated a preference.
        """
        held = fold(material.log.read())
        if not len(held):
            raise NotReady('nobody has stated a preference yet: say one, for example "use celsius", in `uptake chat`')
        return held
