"""Label the goals of a log: where each begins, and how probably it was reached.

train              from targets: people's, a simulator's, or the log's own hints
label              the goals of sessions, by a model
label_log          the goals of a log, with no corpus and no annotator
"""

from uptake.learn.goal_labels.hints import from_signals, from_truth, label_log, train_from_signals
from uptake.learn.goal_labels.labelling import Goal, begins, label, rated, reached
from uptake.learn.goal_labels.material import Material
from uptake.learn.goal_labels.training import Lessons, Trained, lessons, train
from uptake.learn.goal_labels.units import Unit

__all__ = [
    "Goal",
    "Lessons",
    "Material",
    "Trained",
    "Unit",
    "begins",
    "from_signals",
    "from_truth",
    "label",
    "label_log",
    "lessons",
    "rated",
    "reached",
    "train",
    "train_from_signals",
]
