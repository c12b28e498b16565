"""Learn the goals of a log.

train              from targets: of people, of a simulator, or weak labels from the log label_log          the goals of
a log, with no corpus and no annotator
"""

from uptake.insight.goals.learn.train import Trained, TrainingSet, train, training_set
from uptake.insight.goals.learn.weak_labels import from_signals, label_log, train_from_signals

__all__ = [
    "Trained",
    "TrainingSet",
    "from_signals",
    "label_log",
    "train",
    "train_from_signals",
    "training_set",
]
