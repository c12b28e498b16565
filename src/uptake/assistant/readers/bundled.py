"""The statistical reader's model that comes with the package, opened at first use. `shipped` builds it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.assistant.readers.calibration import Calibration
from uptake.assistant.readers.frames import Frames

if TYPE_CHECKING:
    from uptake.understanding.intents.artifact import IntentModel

__all__ = ["HERE", "WORDS", "bundled_model", "bundled_parts", "common_words"]

HERE = Path(__file__).parents[2] / "understanding" / "intents" / "model"
"""Folder of the model."""
WORDS = "words.txt"
"""Frequent English words, one a line."""


@cache
def bundled_parts() -> tuple[IntentModel, Frames, Calibration] | None:
    """Load model, frames and calibration; None where they were not built."""
    from uptake.understanding.intents.artifact import IntentModel

    if not (HERE / "provenance.json").is_file():
        return None
    return IntentModel.load(HERE), Frames.load(HERE), Calibration.load(HERE)


def bundled_model() -> IntentModel | None:
    """Load the model alone; None where it was not built."""
    bundle = bundled_parts()
    return bundle[0] if bundle is not None else None


@cache
def common_words() -> frozenset[str]:
    """Load frequent English words; none where they were not built."""
    path = HERE / WORDS
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()
