"""Train the reader of dialogues: rephrases and defects."""

from uptake.insight.dialogues.learn.train import train
from uptake.insight.dialogues.reader import DialogueReader, Reading
from uptake.insight.dialogues.targets import FAILURES, HEADS, NO_REPHRASE, Failure, Head, Targets

__all__ = ["FAILURES", "HEADS", "NO_REPHRASE", "DialogueReader", "Failure", "Head", "Reading", "Targets", "train"]
