"""Fold the teaching events of a log into concepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from uptake.errors import NotReady
from uptake.protocols import Material
from uptake.teaching.concepts.artifact import Concepts
from uptake.teaching.concepts.events import fold

__all__ = ["ConceptLearner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptLearner:
    """Learner of concepts, from the teaching events in the log."""

    name: ClassVar[str] = "concepts"

    def learn(self, material: Material) -> Concepts:
        """Fold the log.

        Raises:
            NotReady: Nobody taught anything.
        """
        concepts = fold(material.log.read())
        if not len(concepts):
            raise NotReady("nobody has taught a concept yet: say what a word means, for example in `uptake chat`")
        return concepts
