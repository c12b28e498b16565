"""Read whole dialogues: what was said again, what failed, where a goal begins, and whether it was reached."""

from uptake.learn.reader.targets import FAILURES, HEADS, NO_REPHRASE, Failure, Head, Targets

__all__ = ["FAILURES", "HEADS", "NO_REPHRASE", "Failure", "Head", "Targets"]
