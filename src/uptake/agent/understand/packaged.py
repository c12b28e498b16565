"""The statistical reader's model that comes with the package, opened at first use. `shipped` builds it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.agent.understand.calibration import Calibration
from uptake.agent.understand.frames import Frames

if TYPE_CHECKING:
    from uptake.artifacts.intents import IntentModel

__all__ = ["HERE", "WORDS", "common_words", "packaged"]

HERE = Path(__file__).with_name("model")
"""Where the model lies."""
WORDS = "words.txt"
"""Frequent English words, one a line."""


@cache
def packaged() -> tuple[IntentModel, Frames, Calibration] | None:
    """Model, frames and calibration; None where they were not built."""
    from uptake.artifacts.intents import IntentModel

    if not (HERE / "provenance.json").is_file():
        return None
    return IntentModel.load(HERE), Frames.load(HERE), Calibration.load(HERE)


@cache
def common_words() -> frozenset[str]:
    """Frequent English words; none where they were not built."""
    path = HERE / WORDS
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()
