"""Read whole dialogues: what was said again, what failed, where a goal begins, and whether it was reached."""

from uptake.learn.reader.targets import FAILURES, HEADS, NO_REPHRASE, Failure, Head, Targets
from uptake.learn.reader.training import train
from uptake.signals.reading import DialogueReader, Reading

__all__ = ["FAILURES", "HEADS", "NO_REPHRASE", "DialogueReader", "Failure", "Head", "Reading", "Targets", "train"]
